"""The solver finds what trying every request finds, the same request every time, and says when it cannot."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest
from hypothesis import given, settings

from habeas.domain.facts import FACTS, SPEC, FactSet
from habeas.kernel.errors import BadInput
from habeas.policy.closures import predicate
from habeas.policy.schema import ATTRIBUTES, SOURCE_SUFFIX, Aspect, Attribute
from habeas.policy.solver import _PLAIN, Undecided, World, _cost, place_of, places, solver_name, usual
from habeas.policy.syntax import read_condition
from habeas.policy.tree import Always, Both, Either, IfElse, Negation, OneOf, Tree
from tests.core.policy.making import SMALL, completions, conditions

EVERY = tuple(completions(FactSet({})))
"""Every way the small facts can be."""


def tree(text: str) -> Tree:
    return read_condition("x", text)


# ------------------------------------------------------------------------------------- finding


@given(conditions())
@settings(max_examples=40)
def test_a_request_is_found_exactly_where_there_is_one(text: str) -> None:
    condition, world = tree(text), World()
    holds = predicate(condition)
    found = world.find(world.read(condition))
    assert (found is not None) == any(holds(point) for point in EVERY)
    assert found is None or holds(found)
    against = world.find(world.negation(world.read(condition)))
    assert (against is not None) == any(not holds(point) for point in EVERY)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ('context.consent_source == Source::"custodian"', True),
        ('context.consent_source == Source::"requester"', False),
        ('context.consent_source in [Source::"requester", Source::"court"]', False),
        ('context.consent == YesNo::"yes" && context.consent == YesNo::"no"', False),
        ('context.consent != YesNo::"yes" && context.consent != YesNo::"no"', False),
        ('if context.consent == YesNo::"yes" then false else context.consent == YesNo::"yes"', False),
    ],
)
def test_nothing_outside_the_table_of_facts_is_found(text: str, *, there: bool) -> None:
    world = World()
    assert (world.find(world.read(tree(text))) is not None) == there


def test_a_request_says_every_fact_at_a_source_that_may_supply_it_and_never_unknown() -> None:
    world = World()
    found = world.find(world.truth(value=True))
    assert found is not None
    assert found.keys() == ATTRIBUTES.keys()
    assert all(place_of(found, spec) in places(spec) for spec in FACTS)


def test_places_are_every_value_at_every_source_that_may_supply_it() -> None:
    for spec in FACTS:
        listed = {(value, str(source)) for value in spec.domain for source in spec.suppliers}
        assert set(places(spec)) == listed
        assert len(places(spec)) == len(listed)


def test_word_lists_have_two_words_or_more() -> None:
    # z3's enumeration sorts of one element have been faulty.
    assert all(len(attribute.words) > 1 for attribute in ATTRIBUTES.values())


def test_worlds_in_two_threads_do_not_disturb_each_other() -> None:
    texts = [f'context.motion_to_quash == Motion::"{word}"' for word in SPEC["motion_to_quash"].domain] * 3

    def work(text: str) -> str:
        world = World()
        found = world.shortest(world.read(tree(text)))
        assert found is not None
        return found["motion_to_quash"]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, texts)) == list(SPEC["motion_to_quash"].domain) * 3


# ------------------------------------------------------------------------------------- short requests


@given(conditions())
@settings(max_examples=25)
def test_the_shortest_request_is_as_near_to_a_plain_one_as_any(text: str) -> None:
    condition, world = tree(text), World()
    holds = predicate(condition)
    found = world.shortest(world.read(condition))
    near = [_small_cost(point) for point in EVERY if holds(point)]
    assert (found is None) == (not near)
    if found is not None:
        assert holds(found)
        assert _cost(found) == min(near)
        again = World()
        assert again.shortest(again.read(condition)) == found


def _small_cost(point: dict[str, str]) -> int:
    """The cost of the small facts; all others stand plain in a shortest request."""
    plain = {spec.name: places(spec)[0] for spec in FACTS if spec.name in SMALL}
    return sum(
        2 * (point[name] != value) + (point[name + SOURCE_SUFFIX] != source)
        for name, (value, source) in plain.items()
    )


def test_of_two_requests_as_near_it_is_the_one_that_speaks_early_in_the_table() -> None:
    world = World()
    either = 'context.agreement == YesNo::"yes" || context.crime_in_progress == YesNo::"yes"'
    found = world.shortest(world.read(tree(either)))
    assert found is not None
    assert (found["crime_in_progress"], found["agreement"]) == ("yes", "no")


@given(conditions())
@settings(max_examples=25)
def test_the_facts_told_suffice_and_none_can_be_left_out(text: str) -> None:
    condition, world = tree(text), World()
    holds = predicate(condition)
    point = world.shortest(world.read(condition))
    if point is None:
        return
    told = world.because(world.read(condition), point)

    def suffices(names: tuple[str, ...]) -> bool:
        return all(
            holds(other)
            for other in EVERY
            if all(place_of(other, SPEC[n]) == place_of(point, SPEC[n]) for n in names)
        )

    assert set(told) <= set(SMALL)
    assert suffices(told)
    assert not any(suffices(tuple(n for n in told if n != name)) for name in told)


def test_a_plain_request_is_a_value_of_every_fact() -> None:
    assert all(usual(spec) in spec.domain for spec in FACTS)
    assert _PLAIN.items() <= {(spec.name, usual(spec)) for spec in FACTS}
    assert usual(SPEC["paper_form"]) == "none"
    assert usual(SPEC["criminal_investigation"]) == "no"


def test_a_plain_request_takes_the_requesters_word_where_that_counts() -> None:
    assert places(SPEC["criminal_investigation"])[0] == ("no", "requester")
    assert places(SPEC["consent"])[0] == ("no", "custodian")


# ------------------------------------------------------------------------------------- errors of rules


def test_a_condition_over_the_table_cannot_err() -> None:
    world = World()
    assert all(
        world.find(world.errs(OneOf(attribute, attribute.words[:1]))) is None
        for attribute in ATTRIBUTES.values()
    )


_GONE = OneOf(Attribute("no_such_fact", Aspect.VALUE), ("yes",))
_AGREED = OneOf(ATTRIBUTES["consent"], ("yes",))


@pytest.mark.parametrize(
    ("condition", "errs"),
    [
        (_GONE, True),
        (Negation(_GONE), True),
        (Both(_AGREED, _GONE), True),
        (Both(Always(value=False), _GONE), False),
        (Both(_GONE, Always(value=False)), True),
        (Either(Always(value=True), _GONE), False),
        (Either(Always(value=False), _GONE), True),
        (IfElse(Always(value=True), _AGREED, _GONE), False),
        (IfElse(Always(value=False), _AGREED, _GONE), True),
        (IfElse(_GONE, _AGREED, _AGREED), True),
        (Both(Both(_AGREED, Negation(_AGREED)), _GONE), False),
    ],
)
def test_an_attribute_that_is_not_there_errs_where_cedar_comes_to_it(condition: Tree, *, errs: bool) -> None:
    world = World()
    assert (world.find(world.errs(condition)) is not None) == errs


def test_a_word_of_no_list_holds_nowhere() -> None:
    world = World()
    assert world.find(world.read(attrs.evolve(_AGREED, words=("perhaps",)))) is None


# ------------------------------------------------------------------------------------- no answer, no solver


def test_what_the_solver_cannot_settle_in_time_is_no_answer() -> None:
    # Twelve pigeons in eleven holes: easy to say, and past any solver that only searches.
    world = World(timeout_ms=1)
    z3, context = world._z3, world._context
    sits = [[z3.Bool(f"{pigeon} {hole}", context) for hole in range(11)] for pigeon in range(12)]
    one_each = [
        z3.Or(z3.Not(sits[a][hole]), z3.Not(sits[b][hole]))
        for hole in range(11)
        for a in range(12)
        for b in range(a)
    ]
    with pytest.raises(Undecided):
        world.find(world.all_of(*(z3.Or(holes) for holes in sits), *one_each))


def test_without_the_solver_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    for use in (World, solver_name):
        with pytest.raises(BadInput) as refused:
            use()
        (problem,) = refused.value.problems
        assert problem.code == "policy.solver.missing"
        assert "prove" in problem.remedy


def test_the_solver_is_loaded_only_when_something_is_proved() -> None:
    program = (
        "import sys, habeas.policy.prove, habeas.policy.diff, habeas.cli.policy; print('z3' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "False"
