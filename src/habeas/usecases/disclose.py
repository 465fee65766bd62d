"""Disclose: two persons authorize, then the package leaves. Intent precedes act.

The one who decided and the one who approves are never the same person. An approver can stop a release;
nobody can order one: `authorize` only ever confirms what somebody else decided. Released records are
not kept: the digest of the package and the list of its fields are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from habeas.domain.case import Authorized
from habeas.domain.determination import ItemDetermination
from habeas.domain.disclosure import Approval, Disclosure
from habeas.domain.events import Event
from habeas.domain.vocabulary import EventKind, Outcome, Role
from habeas.kernel.errors import BadInput, bad, problem
from habeas.kernel.shape import to_json
from habeas.usecases.determine import check_still, determine
from habeas.usecases.standing import case_for
from habeas.usecases.tally import row_of

if TYPE_CHECKING:
    from habeas.domain.case import Case
    from habeas.domain.events import Recorded
    from habeas.domain.request import Person
    from habeas.kernel.errors import Problem
    from habeas.usecases.ports import Ports

APPROVERS = frozenset({Role.APPROVER, Role.COUNSEL})
"""Who may give the second yes."""


def authorize(
    ports: Ports, case_id: str, approver: Person, *, expected_version: int | None = None
) -> tuple[Recorded, ...]:
    """The second person's yes to every item decided `release`; one `disclosure.authorized`.

    The law of today has to permit it too: between two persons a paper may lapse and a law begin.
    """
    case = case_for(ports, case_id, approver, expected_version)
    items = released(case)
    if not items:
        raise bad("disclosure.items.none", "case")
    roles = [r for r in approver.roles if r in APPROVERS]
    if not roles:
        raise bad("disclosure.person.may_not_approve", "person")
    firsts = tuple(d for i in items if (d := case.decision(i)) is not None)
    if any(d.person == approver.person_id for d in firsts):
        raise bad("disclosure.approver.same_person", "person")
    check_still(ports, case, firsts)
    now = ports.clock.now()
    approvals = [Approval(d.person, d.role, now) for d in firsts]
    approvals.append(Approval(approver.person_id, str(roles[0]), now))
    private = Authorized(items, tuple(dict.fromkeys(approvals)))
    row = row_of(case, EventKind.DISCLOSURE_AUTHORIZED)
    event = Event(
        EventKind.DISCLOSURE_AUTHORIZED, now, approver.person_id, row, case.facts.as_json(), to_json(private)
    )
    return ports.cases.append(case_id, case.version, [event])


def stop(
    ports: Ports, case_id: str, approver: Person, reason: str, *, expected_version: int | None = None
) -> tuple[Recorded, ...]:
    """A no, before anything left: every item that was to be released goes to counsel instead."""
    case = case_for(ports, case_id, approver, expected_version)
    if not set(approver.roles) & APPROVERS:
        raise bad("disclosure.person.may_not_approve", "person")
    items = released(case)
    if not items:
        raise bad("disclosure.items.none", "case")
    if not reason.strip():
        raise bad("disclosure.stop.no_reason", "reason")
    decisions = tuple(ItemDetermination(i, Outcome.COUNSEL, reason=reason) for i in items)
    return determine(ports, case_id, approver, decisions, expected_version=case.version)


def record_disclosure(
    ports: Ports,
    case_id: str,
    person: Person,
    *,
    fields: tuple[str, ...],
    sha256: str,
    means: str,
    expected_version: int | None = None,
) -> tuple[Recorded, ...]:
    """Write down what left: field names and the package's digest, never the records."""
    case = case_for(ports, case_id, person, expected_version)
    if case.authorized is None or set(case.authorized.items) != set(released(case)):
        raise bad("disclosure.authorization.missing", "case")
    problems = _amiss(fields, sha256, means)
    if problems:
        raise BadInput(problems)
    recipient = case.read.requester.officer.email if case.read else case.request.requester.officer.email
    left = Disclosure(case.authorized.items, fields, sha256, recipient, means, case.authorized.approvals)
    row = row_of(case, EventKind.DISCLOSURE_MADE)
    event = Event(EventKind.DISCLOSURE_MADE, ports.clock.now(), person.person_id, row, {}, to_json(left))
    return ports.cases.append(case_id, case.version, [event])


_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_VALUE: Final = re.compile(r"\d{5}|\d[\d -]{6,}\d|@")
"""What stands in a record and not in a field's name: long numbers, numbers in groups, an address."""

_LONGEST: Final = 80  # characters of a field's name


def _amiss(fields: tuple[str, ...], sha256: str, means: str) -> list[Problem]:
    """Everything wrong with the account of a package."""
    problems = []
    if not fields or not all(f.strip() for f in fields):
        problems.append(problem("disclosure.fields.none", "fields"))
    if any(len(f) > _LONGEST or _VALUE.search(f) for f in fields):
        problems.append(problem("disclosure.fields.not_names", "fields", limit=_LONGEST))
    if not _SHA256.fullmatch(sha256):
        problems.append(problem("disclosure.digest.malformed", "sha256"))
    if not means.strip():
        problems.append(problem("disclosure.means.missing", "means"))
    return problems


def released(case: Case) -> tuple[str, ...]:
    """The items last decided `release`."""
    return tuple(i.item_id for i in case.items if case.outcome(i.item_id) is Outcome.RELEASE)
