"""Disclosing: two persons, in order, and nothing kept of what left but digest and field names."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from habeas.domain.determination import ItemDetermination
from habeas.domain.vocabulary import CaseState, Language, Outcome, RequestOutcome
from habeas.usecases.answer import draft, send
from habeas.usecases.confirm import confirm
from habeas.usecases.determine import determine
from habeas.usecases.disclose import APPROVERS, authorize, record_disclosure, released, stop
from habeas.usecases.standing import WORKING
from tests.core.usecases.desks import (
    APPROVER,
    CLERK,
    COUNSEL,
    CRIMINAL,
    NOTHING,
    REVIEWER,
    STAFF,
    check_world,
    confirmed,
    decide,
    form,
    new_ports,
    refused,
)

if TYPE_CHECKING:
    from habeas.domain.request import Person
    from habeas.usecases.ports import Ports

DIGEST = "ab" * 32


def hand_over(ports: Ports, case_id: str) -> None:
    record_disclosure(ports, case_id, CLERK, fields=("employer",), sha256=DIGEST, means="portal")


def letter(ports: Ports, case_id: str) -> None:
    send(ports, case_id, CLERK, Language.EN, means="e-mail")


def released_case(ports: Ports, *items: str) -> str:
    """A case whose items a reviewer decided to release."""
    case_id = confirmed(ports, data=form(items=items or ("employment",)))
    decide(ports, case_id, Outcome.RELEASE)
    return case_id


def test_the_whole_way_of_a_release() -> None:
    ports = new_ports()
    case_id = released_case(ports)
    assert refused(partial(hand_over, ports, case_id)) == "disclosure.authorization.missing"
    assert refused(partial(letter, ports, case_id)) == "disclosure.authorization.missing"
    authorize(ports, case_id, APPROVER)
    hand_over(ports, case_id)
    letter(ports, case_id)
    case = ports.cases.load(case_id)
    assert (case.state, case.request_outcome) == (CaseState.CLOSED, RequestOutcome.GRANTED)
    (left,) = case.disclosures
    assert (left.fields, left.sha256) == (("employer",), DIGEST)
    assert {a.person for a in left.approvals} == {"r.doe", "k.roe"}
    (sent,) = case.notices
    assert ports.blobs.get(sent.blob, case_id).startswith(b"%PDF")
    row = ports.cases.history(case_id)[-1].event.row
    assert (row.days, row.days_band) == (0, "0")
    check_world(ports)


@pytest.mark.parametrize("person", STAFF, ids=lambda p: p.person_id)
def test_only_an_approver_or_counsel_says_the_second_yes(person: Person) -> None:
    ports = new_ports()
    case_id = released_case(ports)
    code = refused(lambda: authorize(ports, case_id, person))
    works = bool(WORKING & set(person.roles))
    why_not = "disclosure.person.may_not_approve" if works else "person.role.looks_only"
    assert code == ("" if set(person.roles) & APPROVERS else why_not)


@pytest.mark.parametrize("person", [APPROVER, COUNSEL])
def test_whoever_decided_does_not_also_approve(person: Person) -> None:
    ports = new_ports()
    case_id = confirmed(ports, data=form(items=("employment", "contact")))
    determine(ports, case_id, REVIEWER, (ItemDetermination("1", Outcome.RELEASE),))
    confirm(ports, case_id, REVIEWER)
    decide(ports, case_id, Outcome.REFUSE)
    assert refused(lambda: authorize(ports, case_id, person)) == "disclosure.items.none"
    determine(ports, case_id, person, (ItemDetermination("1", Outcome.RELEASE),))
    assert refused(lambda: authorize(ports, case_id, person)) == "disclosure.approver.same_person"


def test_nobody_can_approve_what_nobody_decided() -> None:
    ports = new_ports()
    case_id = confirmed(ports)
    assert refused(lambda: authorize(ports, case_id, APPROVER)) == "disclosure.items.none"
    decide(ports, case_id, Outcome.REFUSE)
    assert refused(lambda: authorize(ports, case_id, APPROVER)) == "disclosure.items.none"


@pytest.mark.parametrize("authorized", [False, True])
def test_a_release_is_stopped_before_anything_left(*, authorized: bool) -> None:
    ports = new_ports()
    case_id = released_case(ports, "employment", "contact")
    if authorized:
        authorize(ports, case_id, APPROVER)
    stop(ports, case_id, COUNSEL, "the statute changed")
    case = ports.cases.load(case_id)
    assert (case.state, case.authorized) == (CaseState.DECIDED, None)
    assert {case.outcome(i.item_id) for i in case.items} == {Outcome.COUNSEL}
    for act in (hand_over, letter):
        assert refused(partial(act, ports, case_id))
    check_world(ports)


def test_what_has_left_cannot_be_stopped_or_decided_otherwise() -> None:
    ports = new_ports()
    case_id = released_case(ports)
    authorize(ports, case_id, APPROVER)
    hand_over(ports, case_id)
    assert refused(lambda: stop(ports, case_id, COUNSEL, "too late")) == "determination.release.under_way"
    assert refused(lambda: decide(ports, case_id, Outcome.REFUSE)) == "determination.release.under_way"
    assert refused(lambda: stop(ports, case_id, CLERK, "no")) == "disclosure.person.may_not_approve"


def test_an_authorized_release_is_only_ever_stopped() -> None:
    ports = new_ports()
    case_id = released_case(ports)
    authorize(ports, case_id, APPROVER)
    for outcome in set(Outcome) - {Outcome.COUNSEL}:
        assert refused(partial(decide, ports, case_id, outcome, override_reason="why")) == (
            "determination.release.under_way"
        )
    assert refused(lambda: authorize(ports, case_id, COUNSEL)) == "workflow.event.not_allowed"


def test_a_reopened_case_needs_both_persons_again() -> None:
    ports = new_ports()
    case_id = released_case(ports)
    authorize(ports, case_id, APPROVER)
    hand_over(ports, case_id)
    letter(ports, case_id)
    confirm(ports, case_id, REVIEWER)
    assert released(ports.cases.load(case_id)) == ()
    decide(ports, case_id, Outcome.RELEASE, APPROVER)
    assert refused(partial(letter, ports, case_id)) == "disclosure.authorization.missing"
    assert refused(lambda: authorize(ports, case_id, APPROVER)) == "disclosure.approver.same_person"
    stop(ports, case_id, COUNSEL, "not again")


def test_a_release_decided_on_facts_that_changed_is_decided_again() -> None:
    """Of two items, the one not decided again must not slip through under its former facts."""
    ports = new_ports()
    case_id = released_case(ports, "employment", "contact")
    confirm(ports, case_id, REVIEWER, NOTHING)
    determine(ports, case_id, REVIEWER, (ItemDetermination("2", Outcome.REFUSE),))
    assert released(ports.cases.load(case_id)) == ()
    assert refused(lambda: authorize(ports, case_id, APPROVER)) == "disclosure.items.none"
    assert refused(partial(letter, ports, case_id)) == "answer.items.undecided"


def test_a_part_may_be_released_and_the_rest_refused() -> None:
    ports = new_ports()
    case_id = confirmed(ports, CRIMINAL, form(items=("employment", "contact")))
    decisions = (ItemDetermination("1", Outcome.RELEASE), ItemDetermination("2", Outcome.REFUSE))
    determine(ports, case_id, REVIEWER, decisions)
    authorize(ports, case_id, APPROVER)
    case = ports.cases.load(case_id)
    assert case.request_outcome is RequestOutcome.GRANTED_IN_PART
    assert case.authorized is not None
    assert case.authorized.items == ("1",)
    assert draft(ports, case_id, Language.ES).kind == "mixed"


def test_a_question_keeps_the_case_open_and_an_answer_waits_for_every_item() -> None:
    ports = new_ports()
    case_id = confirmed(ports, ())
    assert refused(partial(letter, ports, case_id)) == "answer.items.undecided"
    send(ports, case_id, CLERK, Language.EN, means="e-mail", ask_missing=True)
    assert ports.cases.load(case_id).state is CaseState.CONFIRMED
    decide(ports, case_id, Outcome.COUNSEL)
    assert refused(partial(letter, ports, case_id)) == "answer.items.with_counsel"
    ask = partial(send, ports, case_id, CLERK, Language.EN, means="e-mail", ask_missing=True)
    assert refused(ask) == "answer.question.too_late"


@pytest.mark.parametrize("outcome", ["refuse", "no_records", "not_custodian", "withdrawn"])
def test_every_final_outcome_is_answered_and_closes_the_case(outcome: str) -> None:
    ports = new_ports()
    case_id = confirmed(ports)
    decide(ports, case_id, Outcome(outcome))
    letter(ports, case_id)
    assert ports.cases.load(case_id).state is CaseState.CLOSED
    letter(ports, case_id)
    assert len(ports.cases.load(case_id).notices) == 2


def test_a_draft_writes_nothing() -> None:
    ports = new_ports()
    case_id = confirmed(ports)
    decide(ports, case_id, Outcome.REFUSE)
    before = ports.cases.load(case_id)
    assert draft(ports, case_id, Language.EN).kind == "refusal"
    assert ports.cases.load(case_id) == before
