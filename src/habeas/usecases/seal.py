"""Seal: a request that only the people named may see, and opening it to its agency again.

For what a court or counsel keeps close (a grand jury, an order not to disclose). Whoever is not named is
told what they would be told of a request that does not exist. A seal changes nothing about the request
itself: it is counted like its neighbours, its clocks run, two people still release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from habeas.domain.case import Sealed, Unsealed
from habeas.domain.events import Event
from habeas.domain.vocabulary import EventKind, Role
from habeas.kernel.errors import bad
from habeas.kernel.shape import to_json
from habeas.usecases.sight import reaches, sight_of
from habeas.usecases.standing import check_standing
from habeas.usecases.tally import beside_row

if TYPE_CHECKING:
    from habeas.domain.case import Case
    from habeas.domain.events import Recorded
    from habeas.domain.request import Person
    from habeas.usecases.ports import Ports

SEALERS: Final = frozenset({Role.APPROVER, Role.COUNSEL})
"""Who may seal a request."""

UNSEALERS: Final = frozenset({Role.COUNSEL})
"""Who may open it to its agency again."""


def seal(
    ports: Ports,
    case_id: str,
    person: Person,
    names: tuple[str, ...],
    reason: str,
    *,
    expected_version: int | None = None,
) -> tuple[Recorded, ...]:
    """Let only the people named see the request, from now on; names given again replace the former ones.

    Whoever seals is among the names: nobody shuts a door that no one then answers for.
    """
    case = ports.cases.load(case_id)
    check_standing(case, person)
    if not set(person.roles) & SEALERS:
        raise bad("seal.person.may_not", "person")
    _check_reason(reason)
    named = tuple(sorted(set(names)))
    if person.person_id not in named:
        raise bad("seal.names.without_sealer", "names")
    for one in named:
        _check_name(ports, case, one)
    sealed = Sealed(person.person_id, named, reason)
    with ports.atomic():
        if ports.assignments.of(case_id) not in named:  # who no longer sees it does not have it either
            ports.assignments.clear(case_id)
        return _append(ports, case, person, EventKind.CASE_SEALED, sealed, expected_version)


def unseal(
    ports: Ports, case_id: str, person: Person, reason: str, *, expected_version: int | None = None
) -> tuple[Recorded, ...]:
    """Open a sealed request to its agency again."""
    case = ports.cases.load(case_id)
    check_standing(case, person)
    if not set(person.roles) & UNSEALERS:
        raise bad("seal.person.may_not", "person")
    _check_reason(reason)
    if case.sealed is None:
        raise bad("seal.case.not_sealed", "case")
    opened = Unsealed(person.person_id, reason)
    return _append(ports, case, person, EventKind.CASE_UNSEALED, opened, expected_version)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise bad("seal.reason.missing", "reason")


def _check_name(ports: Ports, case: Case, person_id: str) -> None:
    """A seal names only people who could see the request without it: it takes sight away, never gives it."""
    found = ports.directory.person(person_id)
    if not reaches(sight_of(found), case.custodian, case.unit):
        raise bad("seal.names.elsewhere", "names")


def _append(
    ports: Ports,
    case: Case,
    person: Person,
    kind: EventKind,
    private: Sealed | Unsealed,
    expected_version: int | None,
) -> tuple[Recorded, ...]:
    event = Event(kind, ports.clock.now(), person.person_id, beside_row(case, kind), {}, to_json(private))
    return ports.cases.append(
        case.case_id, case.version if expected_version is None else expected_version, [event]
    )
