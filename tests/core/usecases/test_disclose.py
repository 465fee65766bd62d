"""Disclosing: two persons, in order, and nothing kept of what left but digest and field names."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from habeas.domain.determination import ItemDetermination
from habeas.domain.vocabulary import CaseState, Language, LetterKind, Outcome, RequestOutcome
from habeas.kernel.errors import BadInput
from habeas.usecases.answer import draft, send
from habeas.usecases.confirm import confirm
from habeas.usecases.determine import determine
from habeas.usecases.disclose import APPROVERS, authorize, record_disclosure, released, stop
from habeas.usecases.standing import WORKING
from tests.core.usecases.desks import (
    APPROVER,
    AT,
    CLERK,
    COUNSEL,
    CRIMINAL,
    NOTHING,
    REVIEWER,
    STAFF,
    check_world,
    clock_of,
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
    send(ports, case_id, CLERK, Language.EN, means="e-mail", kind=LetterKind.MISSING)
    assert ports.cases.load(case_id).state is CaseState.CONFIRMED
    decide(ports, case_id, Outcome.COUNSEL)
    assert refused(partial(letter, ports, case_id)) == "answer.items.with_counsel"
    ask = partial(send, ports, case_id, CLERK, Language.EN, means="e-mail", kind=LetterKind.MISSING)
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


# ------------------------------------------------------------------------- what a person looked at


def _changed_meanwhile(ports: Ports, case_id: str) -> int:
    """The version that a person looked at, just before a colleague changed the case."""
    seen = ports.cases.load(case_id).version
    decide(ports, case_id, Outcome.COUNSEL)
    return seen


def test_an_act_on_a_case_that_moved_on_says_so_whatever_else_is_wrong() -> None:
    """The second of two must learn that somebody was faster, not that there is nothing left to do."""
    ports = new_ports()
    case_id = released_case(ports)
    seen = _changed_meanwhile(ports, case_id)
    leaving = partial(record_disclosure, fields=("employer",), sha256=DIGEST, means="portal")
    before = ports.cases.history(case_id)
    for act in (
        lambda: authorize(ports, case_id, APPROVER, expected_version=seen),
        lambda: stop(ports, case_id, APPROVER, "no", expected_version=seen),
        lambda: leaving(ports, case_id, CLERK, expected_version=seen),
        lambda: send(ports, case_id, CLERK, Language.EN, means="e-mail", expected_version=seen),
        lambda: determine(
            ports, case_id, REVIEWER, (ItemDetermination("1", Outcome.REFUSE),), expected_version=seen
        ),
    ):
        assert refused(act) == "case.version.conflict"
    assert ports.cases.history(case_id) == before


def test_an_act_on_the_version_looked_at_is_done() -> None:
    ports = new_ports()
    case_id = released_case(ports)
    authorize(ports, case_id, APPROVER, expected_version=ports.cases.load(case_id).version)
    seen = ports.cases.load(case_id).version
    record_disclosure(
        ports, case_id, CLERK, fields=("employer",), sha256=DIGEST, means="portal", expected_version=seen
    )
    seen = ports.cases.load(case_id).version
    send(ports, case_id, CLERK, Language.EN, means="e-mail", expected_version=seen)
    assert ports.cases.load(case_id).state is CaseState.CLOSED


def test_a_release_is_stopped_with_a_reason_on_the_version_looked_at() -> None:
    ports = new_ports()
    case_id = released_case(ports)
    assert refused(lambda: stop(ports, case_id, COUNSEL, " ")) == "disclosure.stop.no_reason"
    stop(ports, case_id, COUNSEL, "no", expected_version=ports.cases.load(case_id).version)
    assert ports.cases.load(case_id).outcome("1") is Outcome.COUNSEL


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"fields": ()}, {"disclosure.fields.none"}),
        ({"fields": ("employer", " ")}, {"disclosure.fields.none"}),
        ({"fields": ("employer 123-45-6789",)}, {"disclosure.fields.not_names"}),
        ({"fields": ("x" * 81,)}, {"disclosure.fields.not_names"}),
        ({"fields": ("someone@example.org",)}, {"disclosure.fields.not_names"}),
        ({"sha256": "AB" * 32}, {"disclosure.digest.malformed"}),
        ({"sha256": "ab" * 31, "means": ""}, {"disclosure.digest.malformed", "disclosure.means.missing"}),
    ],
)
def test_an_account_of_what_left_is_whole_and_holds_no_values(said: dict[str, Any], codes: set[str]) -> None:
    ports = new_ports()
    case_id = released_case(ports)
    authorize(ports, case_id, APPROVER)
    account = {"fields": ("Form 1099, 2019",), "sha256": DIGEST, "means": "portal"} | said
    with pytest.raises(BadInput) as error:
        record_disclosure(ports, case_id, CLERK, **account)
    assert {p.code for p in error.value.problems} == codes
    assert ports.cases.load(case_id).disclosures == ()


# ------------------------------------------------------------------------------------------ letters


def refused_case(ports: Ports) -> str:
    """A case that was refused and waits for its letter."""
    case_id = confirmed(ports)
    decide(ports, case_id, Outcome.REFUSE)
    return case_id


def test_the_letter_sent_is_the_letter_looked_at_byte_for_byte() -> None:
    ports = new_ports()
    case_id = refused_case(ports)
    seen = draft(ports, case_id, Language.ES)
    clock_of(ports).set(AT + timedelta(hours=3))
    send(ports, case_id, CLERK, Language.ES, means="fax", looked_at=seen.sha256)
    (sent,) = ports.cases.load(case_id).notices
    assert sent.sha256 == seen.sha256
    assert ports.blobs.get(sent.blob, case_id) == seen.pdf


def test_a_letter_that_would_be_another_by_now_is_not_sent() -> None:
    ports = new_ports()
    case_id = refused_case(ports)
    seen = draft(ports, case_id, Language.EN).sha256
    other_language = partial(send, ports, case_id, CLERK, Language.ES, means="fax", looked_at=seen)
    assert refused(other_language) == "answer.letter.changed"
    clock_of(ports).set(AT + timedelta(days=1))
    next_day = partial(send, ports, case_id, CLERK, Language.EN, means="fax", looked_at=seen)
    assert refused(next_day) == "answer.letter.changed"
    decide(ports, case_id, Outcome.NO_RECORDS)
    assert refused(next_day) == "answer.letter.changed"
    assert ports.cases.load(case_id).notices == ()


def test_a_letter_sent_earlier_bears_that_day_and_counts_to_that_day() -> None:
    ports = new_ports()
    case_id = refused_case(ports)
    clock_of(ports).set(AT + timedelta(days=5))
    went = AT + timedelta(days=2)
    seen = draft(ports, case_id, Language.EN, at=went)
    assert seen.letter.dated_on == went.date()
    send(ports, case_id, CLERK, Language.EN, means="mail", sent_at=went, looked_at=seen.sha256)
    (sent,) = ports.cases.load(case_id).notices
    last = ports.cases.history(case_id)[-1].event
    assert (sent.sent_at, last.at, last.row.days) == (went, AT + timedelta(days=5), 2)


@pytest.mark.parametrize(
    ("off", "code"),
    [
        (timedelta(minutes=1), "answer.sent.in_future"),
        (timedelta(0), ""),
        (-timedelta(seconds=30), ""),
        (-timedelta(minutes=1), "answer.sent.too_early"),
    ],
)
def test_a_letter_goes_out_neither_before_the_decision_nor_tomorrow(off: timedelta, code: str) -> None:
    """A minute is as exact as people are: the minute of the decision counts as after it."""
    ports = new_ports()
    case_id = confirmed(ports)
    clock_of(ports).set(AT + timedelta(days=1, seconds=40))
    decide(ports, case_id, Outcome.REFUSE)
    at = clock_of(ports).now() + off
    assert refused(lambda: send(ports, case_id, CLERK, Language.EN, means="mail", sent_at=at)) == code


def test_a_releases_letter_goes_out_after_the_second_yes() -> None:
    ports = new_ports()
    case_id = released_case(ports)
    clock_of(ports).set(AT + timedelta(days=2))
    authorize(ports, case_id, APPROVER)
    act = partial(send, ports, case_id, CLERK, Language.EN, means="mail")
    assert refused(lambda: act(sent_at=AT + timedelta(days=1))) == "answer.sent.too_early"
    assert refused(lambda: act(means=" ")) == "answer.means.missing"
    assert refused(act) == ""


def test_a_holding_letter_decides_nothing() -> None:
    ports = new_ports()
    case_id = confirmed(ports)
    send(ports, case_id, CLERK, Language.EN, means="mail", kind=LetterKind.HOLDING)
    case = ports.cases.load(case_id)
    assert (case.state, [n.kind for n in case.notices]) == (CaseState.CONFIRMED, ["holding"])
    check_world(ports)
