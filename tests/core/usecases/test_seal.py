"""Sealed requests: seen and worked on by the people named, and for everybody else not there at all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import attrs
import pytest

from habeas.domain.determination import ItemDetermination
from habeas.domain.vocabulary import CaseState, EventKind, Language, Outcome, Role
from habeas.kernel.errors import BadInput
from habeas.usecases.answer import send
from habeas.usecases.assign import assign, put_down
from habeas.usecases.confirm import confirm
from habeas.usecases.determine import determine
from habeas.usecases.directory import ListedDirectory
from habeas.usecases.disclose import authorize, record_disclosure, stop
from habeas.usecases.fakes import FakeSigner, MemoryLog
from habeas.usecases.prove import Holder, receipt, shown_to
from habeas.usecases.publish import opened as opened_entries
from habeas.usecases.seal import seal, unseal
from habeas.usecases.sequence import sequence
from habeas.usecases.sight import sees, sight_of
from tests.core.usecases.desks import (
    AGENCIES,
    APPROVER,
    AUDITOR,
    CLERK,
    COUNSEL,
    REVIEWER,
    STAFF,
    check_world,
    confirmed,
    decide,
    new_ports,
    refused,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from habeas.domain.request import Person
    from habeas.usecases.ports import Ports

ELSEWHERE = attrs.evolve(REVIEWER, person_id="v.elsewhere", custodian="vendor")
LOOKING = attrs.evolve(AUDITOR, person_id="a.two", custodian="vendor", also=("labor",))
OTHER_UNIT = attrs.evolve(REVIEWER, person_id="u.other", units=("another",))
EVERYBODY = (*STAFF, ELSEWHERE, LOOKING, OTHER_UNIT)
NAMED = (REVIEWER.person_id, APPROVER.person_id)
WHY = "an order not to disclose"


def ports_with_everybody() -> Ports:
    return attrs.evolve(new_ports(), directory=ListedDirectory(AGENCIES, EVERYBODY))


def sealed(names: tuple[str, ...] = NAMED, by: Person = APPROVER) -> tuple[Ports, str]:
    """A confirmed case that is then sealed."""
    ports = ports_with_everybody()
    case_id = confirmed(ports)
    seal(ports, case_id, by, names, WHY)
    return ports, case_id


def test_a_seal_holds_the_names_and_changes_nothing_else() -> None:
    ports = ports_with_everybody()
    case_id = confirmed(ports)
    before = ports.cases.load(case_id)
    (recorded,) = seal(ports, case_id, APPROVER, (*NAMED, NAMED[0]), WHY)
    after = ports.cases.load(case_id)
    assert after.seal == tuple(sorted(NAMED))
    same = attrs.evolve(
        after, version=before.version, sealed=None, row=before.row, updated_at=before.updated_at
    )
    assert same == before
    assert attrs.evolve(recorded.event.row, kind=before.row.kind) == before.row
    assert recorded.event.facts == {}
    check_world(ports)


@pytest.mark.parametrize(
    "person", [p for p in EVERYBODY if p.person_id not in NAMED], ids=lambda p: p.person_id
)
def test_whoever_is_not_named_is_told_what_is_told_of_no_case(person: Person) -> None:
    ports, case_id = sealed()
    everything = attrs.evolve(person, roles=tuple(Role))
    before = ports.cases.history(case_id)
    leave = {"fields": ("a",), "sha256": "ab" * 32, "means": "portal"}
    acts = (
        lambda one: confirm(ports, one, everything),
        lambda one: decide_one(ports, one, everything),
        lambda one: authorize(ports, one, everything),
        lambda one: stop(ports, one, person, "no"),
        lambda one: send(ports, one, everything, Language.EN, means="e-mail"),
        lambda one: record_disclosure(ports, one, everything, **leave),  # type: ignore[arg-type] # the three named above
        lambda one: seal(ports, one, everything, (person.person_id,), WHY),
        lambda one: unseal(ports, one, everything, WHY),
        lambda one: assign(ports, one, everything, REVIEWER.person_id),
        lambda one: put_down(ports, one, everything),
    )
    for act in acts:
        there = problem_of(partial(act, case_id))
        assert there == problem_of(partial(act, "no such case"))
        assert there[0] == "case.ref.unknown"
    assert ports.cases.history(case_id) == before
    assert not sees(sight_of(person), ports.cases.load(case_id))


def decide_one(ports: Ports, case_id: str, person: Person) -> None:
    determine(ports, case_id, person, (ItemDetermination("1", Outcome.REFUSE),))


def problem_of(work: Callable[[], object]) -> tuple[str, str]:
    """Code and place of the refusal: all that could tell two refusals apart."""
    with pytest.raises(BadInput) as error:
        work()
    (found,) = error.value.problems
    return found.code, found.place


def test_the_people_named_work_on_as_before() -> None:
    ports, case_id = sealed()
    decide(ports, case_id, Outcome.RELEASE, REVIEWER)
    authorize(ports, case_id, APPROVER)
    send(ports, case_id, REVIEWER, Language.EN, means="e-mail")
    assert ports.cases.load(case_id).state is CaseState.CLOSED
    for person in (REVIEWER, APPROVER):
        assert sees(sight_of(person), ports.cases.load(case_id))


def test_only_an_approver_or_counsel_seals_and_only_counsel_unseals() -> None:
    ports = ports_with_everybody()
    case_id = confirmed(ports)
    for person in (CLERK, REVIEWER):
        names = (person.person_id, APPROVER.person_id)
        assert refused(lambda p=person, n=names: seal(ports, case_id, p, n, WHY)) == "seal.person.may_not"  # type: ignore[misc] # bound at once
    assert refused(lambda: unseal(ports, case_id, COUNSEL, WHY)) == "seal.case.not_sealed"
    seal(ports, case_id, COUNSEL, (COUNSEL.person_id, APPROVER.person_id), WHY)
    assert refused(lambda: unseal(ports, case_id, APPROVER, WHY)) == "seal.person.may_not"
    unseal(ports, case_id, COUNSEL, "the order has ended")
    assert ports.cases.load(case_id).seal is None
    confirm(ports, case_id, REVIEWER)


@pytest.mark.parametrize(
    ("names", "reason", "code"),
    [
        (NAMED, " ", "seal.reason.missing"),
        ((REVIEWER.person_id,), WHY, "seal.names.without_sealer"),
        ((), WHY, "seal.names.without_sealer"),
        ((*NAMED, "nobody"), WHY, "directory.person.unknown"),
        ((*NAMED, ELSEWHERE.person_id), WHY, "seal.names.elsewhere"),
        ((*NAMED, OTHER_UNIT.person_id), WHY, "seal.names.elsewhere"),
        ((*NAMED, LOOKING.person_id), WHY, ""),
    ],
)
def test_a_seal_names_its_sealer_and_only_people_who_could_see_the_case(
    names: tuple[str, ...], reason: str, code: str
) -> None:
    ports = ports_with_everybody()
    case_id = confirmed(ports)
    assert refused(lambda: seal(ports, case_id, APPROVER, names, reason)) == code


def test_a_writer_who_was_overtaken_seals_nothing() -> None:
    ports = ports_with_everybody()
    case_id = confirmed(ports)
    at = ports.cases.load(case_id).version - 1
    late = refused(lambda: seal(ports, case_id, APPROVER, NAMED, WHY, expected_version=at))
    assert late == "case.version.conflict"
    assert ports.cases.load(case_id).seal is None


def test_new_names_replace_the_former_ones() -> None:
    ports, case_id = sealed()
    seal(ports, case_id, APPROVER, (APPROVER.person_id, COUNSEL.person_id), WHY)
    assert refused(lambda: confirm(ports, case_id, REVIEWER)) == "case.ref.unknown"
    confirm(ports, case_id, COUNSEL)


def test_whoever_no_longer_sees_a_case_does_not_have_it() -> None:
    ports = ports_with_everybody()
    case_id = confirmed(ports)
    assign(ports, case_id, APPROVER, CLERK.person_id)
    seal(ports, case_id, APPROVER, NAMED, WHY)
    assert ports.assignments.of(case_id) == ""
    assign(ports, case_id, APPROVER, REVIEWER.person_id)
    seal(ports, case_id, APPROVER, NAMED, WHY)
    assert ports.assignments.of(case_id) == REVIEWER.person_id


def test_no_report_and_no_receipt_that_leaves_opens_a_seal() -> None:
    ports, case_id = sealed((APPROVER.person_id, COUNSEL.person_id, REVIEWER.person_id))
    unseal(ports, case_id, COUNSEL, "the order has ended")
    log = MemoryLog()
    sequence(ports.outbox, log, FakeSigner())
    history = ports.cases.history(case_id)
    shut = {r.seq for r in history if r.event.kind in (EventKind.CASE_SEALED, EventKind.CASE_UNSEALED)}
    assert len(shut) == 2
    rows = list(opened_entries(log, ports.outbox))
    assert len(rows) == len(history)
    assert {n for n, (_, _, salt, row) in enumerate(rows, 1) if salt is None and row is None} == shut
    for holder in Holder:
        shown = {r.seq for r in shown_to(history, holder)}
        assert shown == ({r.seq for r in history} - (set() if holder is Holder.CUSTODIAN else shut))
        for seq in shut:
            code = refused(lambda s=seq, h=holder: receipt(ports, log, case_id, s, h))  # type: ignore[misc] # bound at once
            assert code == ("" if holder is Holder.CUSTODIAN else "case.event.unknown")
