"""The table of transitions: total, and what is not in it is not allowed."""

from __future__ import annotations

import pytest

from habeas.domain import workflow
from habeas.domain.vocabulary import CaseState as S
from habeas.domain.vocabulary import EventKind as E
from habeas.kernel.errors import BadInput

BESIDE = (
    E.REQUEST_RECEIVED, E.OBJECTION_RECORDED, E.NOTICE_DELAYED, E.FINDING_OPENED, E.FINDING_CLOSED,
    E.HOLD_PLACED, E.HOLD_LIFTED, E.CASE_SEALED, E.CASE_UNSEALED,
)  # fmt: skip
"""What may happen beside the way, in any state, and moves nothing."""


def after(state: S, event: E) -> S | str:
    """The state after an event, or the code of the refusal."""
    try:
        return workflow.advance(state, event)
    except BadInput as error:
        return error.problems[0].code


def reached(state: S) -> set[S]:
    return {x for event in E if isinstance(x := after(state, event), S)}


@pytest.mark.parametrize("state", S)
def test_every_event_in_every_state_moves_on_or_is_refused_by_name(state: S) -> None:
    for event in E:
        assert isinstance(after(state, event), S) or after(state, event) == "workflow.event.not_allowed"


@pytest.mark.parametrize("event", E)
def test_only_a_receipt_opens_a_case(event: E) -> None:
    if event is E.REQUEST_RECEIVED:
        assert workflow.start(event) is S.RECEIVED
    else:
        with pytest.raises(BadInput, match=r"workflow\.event\.not_allowed"):
            workflow.start(event)


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("event", BESIDE)
def test_what_happens_beside_the_way_moves_nothing(state: S, event: E) -> None:
    assert after(state, event) is state


def test_every_state_is_reached_and_none_is_a_trap() -> None:
    seen, ahead = set(), {S.RECEIVED}
    while ahead:
        seen |= ahead
        ahead = {x for state in ahead for x in reached(state)} - seen
    assert seen == set(S)
    for state in S:
        assert reached(state) - {state}, state


def test_nothing_is_decided_before_a_person_confirmed_the_facts() -> None:
    decisions = (E.DETERMINATION_MADE, E.ITEM_OVERRIDDEN)
    allowed = {(s, e) for s in S for e in decisions if isinstance(after(s, e), S)}
    assert {s for s, _ in allowed} == {S.CONFIRMED, S.DECIDED, S.AUTHORIZED}
    assert (S.AUTHORIZED, E.ITEM_OVERRIDDEN) not in allowed
    assert {s for s in S if isinstance(after(s, E.FACTS_CONFIRMED), S)} == set(S) - {S.RECEIVED, S.AUTHORIZED}


def test_intent_precedes_act() -> None:
    assert {s for s in S if isinstance(after(s, E.DISCLOSURE_MADE), S)} == {S.AUTHORIZED}
    assert {s for s in S if isinstance(after(s, E.DISCLOSURE_AUTHORIZED), S)} == {S.DECIDED}
    assert [(s, e) for s in S for e in E if s is not S.AUTHORIZED and after(s, e) is S.AUTHORIZED] == [
        (S.DECIDED, E.DISCLOSURE_AUTHORIZED)
    ]


def test_only_a_letter_closes_a_case_and_only_a_decided_one() -> None:
    closing = {(s, e) for s in S for e in E if s is not S.CLOSED and after(s, e) is S.CLOSED}
    assert closing == {(S.DECIDED, E.NOTICE_SENT), (S.AUTHORIZED, E.NOTICE_SENT)}


def test_new_facts_send_a_decided_case_back() -> None:
    for state in (S.DECIDED, S.CLOSED):
        assert after(state, E.FACTS_CONFIRMED) is S.CONFIRMED
        assert after(state, E.INSTRUMENT_READ) is S.READ


def test_events_about_no_case_are_refused_in_every_state() -> None:
    for event in (E.REPORT_PUBLISHED, E.PERIOD_ATTESTED, E.POLICY_ACTIVATED, E.KEY_ROTATED, E.CASE_EXPUNGED):
        assert not any(isinstance(after(state, event), S) for state in S)
