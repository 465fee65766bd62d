"""Laws of fact sets: how statements meet, what a later one supersedes, and that neither invents knowledge."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.domain import vocabulary as v
from habeas.domain.facts import (
    FACTS,
    SPEC,
    UNKNOWN_FACT,
    Fact,
    FactSet,
    Place,
    Scope,
    read_fact,
    read_facts,
)
from habeas.kernel.errors import BadInput
from habeas.kernel.shape import from_json, to_json

NAMES = ("criminal_investigation", "immigration_purpose", "paper_signed", "offense")
PLACES = st.builds(
    Place,
    blob=st.sampled_from(("a" * 64, "message")),
    page=st.integers(1, 3),
    box=st.none() | st.tuples(*[st.integers(0, 800)] * 4),
    text=st.sampled_from(("criminal", "José Ejemplo")),
)


def facts_of(name: str) -> st.SearchStrategy[Fact]:
    """Any fact of a name, known or explicitly unknown."""
    spec = SPEC[name]
    return st.builds(
        Fact,
        value=st.sampled_from((*spec.domain, v.UNKNOWN)),
        source=st.sampled_from(sorted(spec.suppliers)),
        reading=st.sampled_from(v.Reading),
        evidence=st.lists(PLACES, max_size=2).map(tuple),
    )


def sets(names: tuple[str, ...] = NAMES) -> st.SearchStrategy[FactSet]:
    return st.fixed_dictionaries({}, optional={n: facts_of(n) for n in names}).map(FactSet)


def standing(facts: FactSet) -> dict[str, tuple[str, str, str]]:
    """Every fact without its places."""
    return {n: (facts[n].value, facts[n].source, facts[n].reading) for n in NAMES if facts[n].known}


def fact(value: str, source: v.Source = v.Source.REQUESTER, reading: v.Reading = v.Reading.MACHINE) -> Fact:
    return Fact(value, source, reading)


# ----------------------------------------------------------------------------------- statements that meet


@given(st.lists(sets(), min_size=1, max_size=4))
def test_the_order_of_statements_does_not_matter(said: list[FactSet]) -> None:
    met = [standing(one.strictest(*others)) for one, *others in permutations(said)]
    assert all(one == met[0] for one in met)


@given(st.lists(sets(), min_size=1, max_size=4))
def test_what_is_known_afterwards_somebody_said_and_nobody_contradicted(said: list[FactSet]) -> None:
    one, *others = said
    met = one.strictest(*others)
    for name in NAMES:
        known = {s[name].value for s in said if s[name].known}
        if not met[name].known:
            assert len(known) != 1
        elif name == "immigration_purpose":
            assert met[name].value == max(known, key=("none", "part", "sole").index)
        else:
            assert known == {met[name].value}


@given(st.lists(sets(), min_size=1, max_size=4))
def test_neither_a_source_nor_a_reading_is_better_than_the_best_that_said_so(said: list[FactSet]) -> None:
    one, *others = said
    met = one.strictest(*others)
    for name in NAMES:
        if met[name].known:
            alike = [s[name] for s in said if s[name].value == met[name].value]
            assert met[name].source.strength == max(f.source.strength for f in alike)
            at_best = [f.reading for f in alike if f.source is met[name].source]
            assert met[name].reading is v.Reading.PERSON or v.Reading.MACHINE in at_best
            assert met[name].reading is v.Reading.MACHINE or v.Reading.MACHINE not in at_best


@given(st.lists(sets(), min_size=2, max_size=4))
def test_one_more_voice_never_settles_a_contradiction(said: list[FactSet]) -> None:
    *before, another = said
    first, *others = before
    for name in NAMES:
        if len({s[name].value for s in before if s[name].known}) > 1 and name != "immigration_purpose":
            assert not first.strictest(*others)[name].known
            assert not first.strictest(*others, another)[name].known


@given(sets())
def test_meeting_itself_or_silence_changes_nothing(facts: FactSet) -> None:
    assert facts.strictest() == facts
    assert standing(facts.strictest(facts)) == standing(facts)
    assert standing(facts.strictest(FactSet())) == standing(FactSet().strictest(facts)) == standing(facts)


@given(st.lists(sets(), min_size=1, max_size=3))
def test_every_place_that_the_answer_rests_on_is_kept(said: list[FactSet]) -> None:
    one, *others = said
    met = one.strictest(*others)
    for name in NAMES:
        known = [s[name] for s in said if s[name].known]
        behind = [f for f in known if f.value == met[name].value] if met[name].known else known
        if known:
            assert sorted(map(repr, met[name].evidence)) == sorted(
                repr(p) for f in behind for p in f.evidence
            )


def test_two_words_against_each_other_are_unknown_whoever_says_them() -> None:
    says = FactSet({"paper_signed": fact("yes", v.Source.COURT, v.Reading.PERSON)})
    denies = FactSet({"paper_signed": fact("no")})
    third = FactSet({"paper_signed": fact("yes")})
    met = says.strictest(denies, third)["paper_signed"]
    assert (met.value, met.source, met.reading) == (v.UNKNOWN, UNKNOWN_FACT.source, UNKNOWN_FACT.reading)


# ----------------------------------------------------------------------------------- what supersedes


@given(sets(), sets(), sets())
def test_a_later_statement_supersedes_and_the_rest_stays(one: FactSet, two: FactSet, three: FactSet) -> None:
    merged = one.merged(two)
    for name in NAMES:
        assert merged[name] == (two[name] if name in two.facts else one[name])
    assert one.merged(two).merged(three) == one.merged(two.merged(three))
    assert one.merged(FactSet()) == FactSet().merged(one) == one.merged(one) == one


def test_a_later_unknown_takes_knowledge_away() -> None:
    known = FactSet({"emergency": fact("yes")})
    assert not known.merged(FactSet({"emergency": fact(v.UNKNOWN)}))["emergency"].known


@given(sets(("criminal_investigation", "consent", "item_public")))
def test_scopes_divide_a_set(facts: FactSet) -> None:
    parts = [facts.of_scope(scope) for scope in Scope]
    assert sum(len(p.facts) for p in parts) == len(facts.facts)
    assert parts[0].merged(parts[1]) == facts


# ----------------------------------------------------------------------------------- the table


def test_every_fact_has_unknown_and_at_least_two_other_words() -> None:
    for spec in FACTS:
        assert v.UNKNOWN in set(spec.values)
        assert v.UNKNOWN not in spec.domain
        assert len(spec.domain) >= 2
        assert spec.suppliers
        assert spec.en
        assert spec.es


def test_a_name_stands_once_in_the_table() -> None:
    assert len(SPEC) == len(FACTS)


@pytest.mark.parametrize("spec", FACTS, ids=lambda s: s.name)
def test_a_word_of_another_list_or_a_source_that_may_not_say_so_is_refused(spec: Any) -> None:
    for source in v.Source:
        made = {spec.name: Fact(spec.domain[0], source, v.Reading.PERSON)}
        if source in spec.suppliers:
            assert FactSet(made).value(spec.name) == spec.domain[0]
        else:
            with pytest.raises(BadInput, match=r"facts\.source\.not_allowed"):
                FactSet(made)
    with pytest.raises(BadInput, match=r"facts\.value\.unknown"):
        FactSet({spec.name: Fact("nonsense", min(spec.suppliers), v.Reading.PERSON)})


def test_a_name_outside_the_table_is_refused_and_cannot_be_asked_for() -> None:
    with pytest.raises(BadInput, match=r"facts\.name\.unknown"):
        FactSet({"weather": fact("fair")})
    with pytest.raises(KeyError):
        FactSet()["weather"]
    assert FactSet()["emergency"] == UNKNOWN_FACT


def test_a_problem_with_a_fact_does_not_repeat_its_value() -> None:
    with pytest.raises(BadInput) as refused:
        FactSet({"emergency": fact("José Ejemplo")})
    assert "Ejemplo" not in str(refused.value)


# ----------------------------------------------------------------------------------- written and read


@given(sets())
def test_facts_written_are_read_back(facts: FactSet) -> None:
    assert read_facts(facts.as_json(evidence=True)) == facts
    assert from_json(FactSet, to_json(facts), "facts") == facts
    without = read_facts(facts.as_json())
    assert without == FactSet({n: attrs.evolve(f, evidence=()) for n, f in facts.facts.items()})


GOOD: dict[str, Any] = {"value": "yes", "source": "court", "reading": "person"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, "facts.fact.malformed"), ([], "facts.fact.malformed"), ({}, "facts.fact.malformed"),
        (GOOD | {"extra": 1}, "facts.fact.malformed"), (GOOD | {"value": True}, "facts.fact.malformed"),
        (GOOD | {"source": "hearsay"}, "facts.standing.unknown"),
        (GOOD | {"source": 1}, "facts.standing.unknown"),
        (GOOD | {"reading": "nobody"}, "facts.standing.unknown"),
        (GOOD | {"source": []}, "facts.standing.unknown"),
        (GOOD | {"evidence": [{}]}, "facts.fact.malformed"), (GOOD | {"evidence": 1}, "facts.fact.malformed"),
        (GOOD | {"evidence": None}, "facts.fact.malformed"),
        (GOOD | {"evidence": ""}, "facts.fact.malformed"),
        (GOOD | {"evidence": [{"blob": "b", "page": True, "box": None, "text": ""}]}, "facts.fact.malformed"),
        (GOOD | {"evidence": [{"blob": "b", "page": 1, "box": [1], "text": ""}]}, "facts.fact.malformed"),
    ],
)  # fmt: skip
def test_a_fact_object_of_another_form_is_refused_at_its_place(data: Any, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_fact(data, "facts.emergency")
    assert [(p.code, p.place) for p in refused.value.problems] == [(code, "facts.emergency")]


@pytest.mark.parametrize("data", [None, [], "x", {"emergency": None}, {1: GOOD}, {"José Ejemplo": GOOD}])
def test_facts_of_another_form_are_refused_and_not_repeated(data: Any) -> None:
    with pytest.raises(BadInput, match=r"facts\.") as refused:
        read_facts(data)
    assert "Ejemplo" not in str(refused.value)
