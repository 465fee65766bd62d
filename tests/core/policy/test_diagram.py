"""Decision diagrams say about all completions what trying each of them says."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.domain.facts import FACTS, FactSet
from habeas.policy.closures import predicate
from habeas.policy.diagram import (
    EVERYTHING,
    INDEX,
    VARIABLES,
    Node,
    Space,
    TooWide,
    choose,
    distance,
    leaves,
    nodes,
    only_leaf,
    path_to,
    possible,
    support,
)
from habeas.policy.schema import SOURCE_SUFFIX
from habeas.policy.syntax import read_condition
from tests.core.policy.making import SMALL, completions, conditions, facts, some_facts, turns_out

if TYPE_CHECKING:
    from habeas.policy.closures import Predicate


@given(some_facts())
def test_what_a_fact_may_turn_out_to_be_is_what_the_contract_says(known: FactSet) -> None:
    masks = possible(known)
    for name in SMALL:
        variable = VARIABLES[INDEX[name]]
        allowed = {p for i, p in enumerate(variable.points) if masks[INDEX[name]] >> i & 1}
        assert allowed == set(turns_out(known, name))


def test_a_known_fact_stays_itself_at_its_source_or_a_stronger_one() -> None:
    masks = possible(facts(criminal_investigation="yes@custodian"))
    variable = VARIABLES[INDEX["criminal_investigation"]]
    allowed = {p for i, p in enumerate(variable.points) if masks[INDEX[variable.name]] >> i & 1}
    assert allowed == {("yes", "custodian"), ("yes", "court"), ("yes", "independent")}


def test_points_are_values_at_sources_that_may_supply_them() -> None:
    for spec, variable in zip(FACTS, VARIABLES, strict=True):
        assert len(variable.points) == len(spec.domain) * len(spec.suppliers)
        assert "unknown" not in {value for value, _ in variable.points}


@given(conditions(), some_facts())
@settings(max_examples=60)
def test_a_diagram_ends_where_the_completions_end(text: str, known: FactSet) -> None:
    tree = read_condition("x", text)
    space = Space()
    whole = space.of_tree(tree)
    found = space.restrict(whole, possible(known), {})
    holds = predicate(tree)
    truths = {holds(point) for point in completions(known)}
    assert leaves(found) == truths
    assert (only_leaf(whole, possible(known)) is None) == (len(truths) == 2)
    for truth in truths:
        point = choose(possible(known), path_to(found, truth), known)
        assert holds(point) is truth
        assert all((point[n], point[n + SOURCE_SUFFIX]) in turns_out(known, n) for n in SMALL)


@given(conditions(), some_facts())
@settings(max_examples=40)
def test_the_support_is_the_facts_that_can_still_make_a_difference(text: str, known: FactSet) -> None:
    tree = read_condition("x", text)
    space = Space()
    found = {VARIABLES[i].name for i in support(space.restrict(space.of_tree(tree), possible(known), {}))}
    holds = predicate(tree)
    assert found == {name for name in SMALL if _makes_a_difference(holds, known, name)}


def _makes_a_difference(holds: Predicate, known: FactSet, name: str) -> bool:
    others = [n for n in SMALL if n != name]
    base = next(iter(completions(known)))
    for chosen in product(*(turns_out(known, n) for n in others)):
        point = dict(base)
        for other, (value, source) in zip(others, chosen, strict=True):
            point[other], point[other + SOURCE_SUFFIX] = value, source
        answers = set()
        for value, source in turns_out(known, name):
            point[name], point[name + SOURCE_SUFFIX] = value, source
            answers.add(holds(point))
        if len(answers) > 1:
            return True
    return False


@given(conditions())
def test_equal_conditions_have_the_same_diagram(text: str) -> None:
    space = Space()
    tree = read_condition("x", text)
    twice = read_condition("x", f"!(!({text}))")
    either_way = read_condition("x", f"if {text} then {text} else ({text} && {text})")
    assert space.of_tree(tree) is space.of_tree(twice) is space.of_tree(either_way)


def test_a_diagram_does_not_depend_on_how_many_ways_there_are_to_say_who_asks() -> None:
    space = Space()
    found = space.of_tree(read_condition("x", 'context.requester_component == Component::"fbi"'))
    assert isinstance(found, Node)
    assert len(found.branches) == 2
    assert len(VARIABLES[found.index].points) == 78


def test_a_space_that_would_grow_past_its_bound_says_so() -> None:
    text = " && ".join(f'context.{n} == YesNo::"yes"' for n in ("consent", "agreement", "written"))
    with pytest.raises(TooWide):
        Space(limit=2).of_tree(read_condition("x", text))
    assert len(nodes(Space(limit=20).of_tree(read_condition("x", text)))) == 3


@pytest.mark.parametrize(
    ("known", "far"),
    [
        ({}, 2),
        ({"consent": "yes"}, 1),
        ({"consent": "no"}, 3),
        ({"consent": "no", "agreement": "no"}, 4),
        ({"consent": "yes", "agreement": "yes"}, 0),
    ],
)
def test_distance_counts_what_is_to_be_established_and_doubly_what_would_have_to_be_otherwise(
    known: dict[str, str], far: int
) -> None:
    found = Space().of_tree(
        read_condition("x", 'context.consent == YesNo::"yes" && context.agreement == YesNo::"yes"')
    )
    assert distance(found, possible(facts(**known))) == far
    assert distance(False, EVERYTHING) is None  # noqa: FBT003 - a leaf


@given(st.data())
def test_pairs_carry_both_answers(data: st.DataObject) -> None:
    one, other = (read_condition("x", data.draw(conditions())) for _ in range(2))
    space = Space()
    both = space.pair(space.of_tree(one), space.of_tree(other))
    seen = {(predicate(one)(p), predicate(other)(p)) for p in completions(FactSet({}))}
    assert leaves(both) == seen
