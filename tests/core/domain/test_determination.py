"""What a person may decide within an effect, what an override is, and how items fold into a request."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.domain.determination import (
    WITHIN,
    Evaluation,
    ItemEvaluation,
    Missing,
    departure,
    fold,
)
from habeas.domain.facts import FactSet
from habeas.domain.vocabulary import DataCategory, Effect, Outcome, RequestOutcome, Source
from habeas.kernel.errors import BadInput
from habeas.policy.effect import OPEN

NEUTRAL = {Outcome.NO_RECORDS, Outcome.NOT_CUSTODIAN, Outcome.WITHDRAWN, Outcome.COUNSEL}
DECIDED = st.lists(st.none() | st.sampled_from(Outcome), max_size=5).map(tuple)
OPEN_ENDED = (None, Outcome.COUNSEL, Outcome.CONTEST)


@pytest.mark.parametrize("effect", Effect)
@pytest.mark.parametrize("outcome", Outcome)
def test_every_pair_is_within_or_departs_in_one_direction(effect: Effect, outcome: Outcome) -> None:
    found = departure(effect, outcome)
    assert (found == "none") is (outcome in WITHIN[effect])
    if outcome is Outcome.RELEASE:
        assert found == ("none" if effect in OPEN else "toward_release")
    else:
        assert found != "toward_release"
    if outcome in NEUTRAL:
        assert found == "none"


def test_no_effect_but_permitted_and_required_lets_anybody_release() -> None:
    assert {e for e in Effect if Outcome.RELEASE in WITHIN[e]} == set(OPEN)


def test_what_is_required_cannot_be_refused_and_what_is_forbidden_or_unknown_can() -> None:
    assert {e for e in Effect if Outcome.REFUSE in WITHIN[e]} == {
        Effect.FORBIDDEN, Effect.PERMITTED, Effect.UNDETERMINED,
    }  # fmt: skip
    assert departure(Effect.REQUIRED, Outcome.REFUSE) == "toward_refusal"


@given(DECIDED)
def test_a_request_is_granted_when_something_is_released_and_only_then(
    outcomes: tuple[Outcome | None, ...],
) -> None:
    granted = fold(outcomes) in (RequestOutcome.GRANTED, RequestOutcome.GRANTED_IN_PART)
    assert granted is (Outcome.RELEASE in outcomes)
    assert (fold(outcomes) is RequestOutcome.GRANTED) is (
        bool(outcomes) and set(outcomes) == {Outcome.RELEASE}
    )


@given(DECIDED)
def test_unknown_is_never_a_counted_refusal(outcomes: tuple[Outcome | None, ...]) -> None:
    if fold(outcomes) in (RequestOutcome.REFUSED, RequestOutcome.OTHER_ENDING):
        assert outcomes
        assert not any(o in OPEN_ENDED for o in outcomes)
    if fold(outcomes) is RequestOutcome.REFUSED:
        assert Outcome.REFUSE in outcomes
    if fold(outcomes) is RequestOutcome.PENDING:
        assert not outcomes or any(o in OPEN_ENDED for o in outcomes)


@given(DECIDED, st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter(outcomes: tuple[Outcome | None, ...], random: object) -> None:
    shuffled = list(outcomes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis gives a random.Random
    assert fold(tuple(shuffled)) is fold(outcomes)


@given(DECIDED)
def test_every_combination_has_exactly_one_request_outcome(outcomes: tuple[Outcome | None, ...]) -> None:
    assert fold(outcomes) in set(RequestOutcome)


def test_a_request_without_items_is_pending() -> None:
    assert fold(()) is RequestOutcome.PENDING


def test_an_unknown_item_is_bad_input_and_its_ground_is_none_without_rules() -> None:
    item = ItemEvaluation("1", DataCategory.TAX, Effect.UNDETERMINED)
    evaluation = Evaluation("2020-09-15", "ab" * 32, (), "engine", FactSet(), (item,))
    assert evaluation.item("1").ground == "none"
    with pytest.raises(BadInput, match=r"determination\.item\.unknown"):
        evaluation.item("2")


def test_a_missing_fact_says_whose_word_is_wanted_or_nobodys() -> None:
    assert Missing("consent").as_json() == {"fact": "consent", "source": None}
    assert Missing("paper_signed", Source.COURT).as_json() == {"fact": "paper_signed", "source": "court"}
