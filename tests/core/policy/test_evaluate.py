"""What the evaluation promises: exact under ignorance, monotone, and read alike by three readers."""

from __future__ import annotations

from hashlib import sha256
from itertools import combinations, product
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.domain import vocabulary as v
from habeas.domain.facts import FACTS, SPEC, Fact, FactSet, Scope
from habeas.policy import prepared as making_ready
from habeas.policy.diagram import VARIABLES, Space
from habeas.policy.effect import EFFECTS, OPEN
from habeas.policy.evaluate import DISAGREEMENT, NO_LAW, TOO_WIDE, _by_closures, depends_on, evaluate
from habeas.policy.pack import PolicyVersion
from habeas.policy.prepared import prepare
from habeas.policy.schema import QUESTIONS, SOURCE_SUFFIX, context_json
from tests.core.policy.making import (
    ACT,
    BILL,
    COURT,
    GRAND_JURY,
    GUIDANCE,
    I138,
    NO_PAPER,
    ON,
    SMALL,
    UI,
    alone,
    completions,
    facts,
    points,
    rule_sets,
    rule_text,
    some_facts,
    turns_out,
    version,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from habeas.domain.determination import ItemEvaluation
    from habeas.policy.schema import Point

VERSIONS = (
    version(GUIDANCE),
    version(BILL),
    version(ACT),
    version(GUIDANCE, UI),
    version(ACT, UI),
    version(GUIDANCE, BILL, ACT, UI),
)
E = v.Effect


def decide(known: FactSet, policy: PolicyVersion) -> ItemEvaluation:
    """One item, its facts given with the request's."""
    return evaluate(known, (("1", FactSet({})),), policy, ON).items[0]


def effect_at(policy: PolicyVersion, point: Point) -> v.Effect:
    """The effect at one completion, by the closures alone."""
    ready = prepare(policy, ON)
    contest, compel, disclose = (_by_closures(ready, q, point)[0] for q in QUESTIONS)
    return EFFECTS[contest, compel, disclose]


# ---------------------------------------------------------------------- against every completion, one by one


@given(rule_sets(), some_facts())
@settings(max_examples=60)
def test_an_effect_is_given_exactly_if_every_completion_gives_it(
    policy: PolicyVersion, known: FactSet
) -> None:
    effects = {effect_at(policy, point) for point in completions(known)}
    item = decide(known, policy)
    assert item.incidents == ()
    assert item.effect is (effects.pop() if len(effects) == 1 else E.UNDETERMINED)


@given(rule_sets(), some_facts())
@settings(max_examples=40)
def test_what_is_missing_is_the_smallest_set_that_settles_the_item(
    policy: PolicyVersion, known: FactSet
) -> None:
    missing = {m.fact for m in decide(known, policy).missing}
    smallest = next(
        set(chosen)
        for size in range(len(SMALL) + 1)
        for chosen in combinations(SMALL, size)
        if _settles(policy, known, chosen)
    )
    assert missing == smallest
    others = [c for c in combinations(SMALL, len(smallest)) if set(c) != smallest]
    assert not any(_settles(policy, known, c) for c in others)


def _settles(policy: PolicyVersion, known: FactSet, chosen: tuple[str, ...]) -> bool:
    """Whether, whatever the chosen facts turn out to be, all completions of the rest agree."""
    seen: dict[tuple[str, ...], v.Effect] = {}
    for point in completions(known):
        answers = tuple(point[n] + point[n + SOURCE_SUFFIX] for n in chosen)
        effect = effect_at(policy, point)
        if seen.setdefault(answers, effect) is not effect:
            return False
    return True


@given(rule_sets(), some_facts())
@settings(max_examples=40)
def test_the_facts_used_give_the_effect_by_themselves_and_none_can_be_left_out(
    policy: PolicyVersion, known: FactSet
) -> None:
    item = decide(known, policy)
    if item.effect is E.UNDETERMINED:
        assert item.used == ()
        return
    only = FactSet({n: known.facts[n] for n in item.used})
    assert decide(only, policy).effect is item.effect
    for name in item.used:
        fewer = FactSet({n: f for n, f in only.facts.items() if n != name})
        assert decide(fewer, policy).effect is E.UNDETERMINED


@given(rule_sets(), some_facts())
@settings(max_examples=40)
def test_a_duty_is_owed_exactly_if_every_completion_owes_it(policy: PolicyVersion, known: FactSet) -> None:
    ready = prepare(policy, ON)
    owed = all(_by_closures(ready, "report", point)[0] for point in completions(known))
    assert [str(d.kind) for d in decide(known, policy).duties][:1] == (["report"] if owed else [])


@given(rule_sets(), some_facts())
@settings(max_examples=40)
def test_a_stronger_voucher_is_asked_for_where_the_value_is_known(
    policy: PolicyVersion, known: FactSet
) -> None:
    for m in decide(known, policy).missing:
        fact = known[m.fact]
        assert (m.source is not None) == fact.known
        if m.source:
            assert m.source.strength > fact.source.strength
            assert m.source in SPEC[m.fact].suppliers


# ---------------------------------------------------------------------- three readers


@given(points(), st.sampled_from(VERSIONS))
@settings(max_examples=60)
def test_cedar_and_the_closures_agree_at_any_point_on_every_rule(point: Point, policy: PolicyVersion) -> None:
    ready = prepare(policy, ON)
    actions = (*ready.actions, *ready.duties)
    for action, answer in zip(actions, ready.engine.ask(context_json(point), actions), strict=True):
        assert answer.incidents == ()
        assert (answer.allowed, answer.rules) == _by_closures(ready, action, point)


@given(points(), st.sampled_from(VERSIONS))
@settings(max_examples=60)
def test_the_diagram_agrees_with_the_closures_at_any_point(point: Point, policy: PolicyVersion) -> None:
    masks = tuple(
        1 << variable.points.index((point[variable.name], point[variable.name + SOURCE_SUFFIX]))
        for variable in VARIABLES
    )
    found = Space().restrict(prepare(policy, ON).effect, masks, {})
    assert found is effect_at(policy, point)


# ---------------------------------------------------------------------- monotone under ignorance


def known_facts() -> st.SearchStrategy[FactSet]:
    """Most facts known, at any source."""
    return some_facts(tuple(spec.name for spec in FACTS))


@given(known_facts(), st.data(), st.sampled_from(VERSIONS))
@settings(max_examples=60)
def test_taking_facts_away_never_moves_an_item_toward_release(
    known: FactSet, data: st.DataObject, policy: PolicyVersion
) -> None:
    lost = data.draw(st.sets(st.sampled_from(sorted(known.facts) or ["consent"])))
    less = FactSet({n: f for n, f in known.facts.items() if n not in lost})
    assert decide(less, policy).effect in (decide(known, policy).effect, E.UNDETERMINED)


@given(known_facts(), st.data(), st.sampled_from(VERSIONS))
@settings(max_examples=40)
def test_a_weaker_voucher_never_moves_an_item_toward_release(
    known: FactSet, data: st.DataObject, policy: PolicyVersion
) -> None:
    weaker = {
        n: attrs.evolve(f, source=data.draw(st.sampled_from(_up_to(n, f)))) for n, f in known.facts.items()
    }
    assert decide(FactSet(weaker), policy).effect in (decide(known, policy).effect, E.UNDETERMINED)


def _up_to(name: str, fact: Fact) -> list[v.Source]:
    return [s for s in SPEC[name].suppliers if s.strength <= fact.source.strength]


ERR = """
@id("broken") forbid (principal, action == Action::"disclose", resource)
when { 9223372036854775807 + 1 == 0 };
"""


@given(known_facts(), st.sampled_from(VERSIONS), st.data())
@settings(max_examples=30)
def test_breaking_a_rule_never_moves_an_item_toward_release(
    known: FactSet, policy: PolicyVersion, data: st.DataObject
) -> None:
    broken = _with_text(policy, data.draw(st.integers(0, len(policy.packs) - 1)), lambda text: text + ERR)
    item = decide(known, broken)
    assert item.effect is E.UNDETERMINED
    assert item.incidents == ("policy.engine.rule_error",)
    assert (item.rules, item.missing, item.duties) == ((), (), ())


def _with_text(policy: PolicyVersion, index: int, change: Callable[[str], str]) -> PolicyVersion:
    """A version whose Cedar text and tree no longer say the same: past the door, on purpose."""
    pack = policy.packs[index]
    rules = (attrs.evolve(pack.rules[0], text=change(pack.rules[0].text)), *pack.rules[1:])
    tampered = attrs.evolve(pack, rules=rules, digest=sha256(rules[0].text.encode()).hexdigest())
    return PolicyVersion((*policy.packs[:index], tampered, *policy.packs[index + 1 :]))


def test_two_readings_that_differ_are_an_incident_not_an_answer() -> None:
    policy = alone(rule_text("a", 'context.consent == YesNo::"yes"'))
    assert decide(facts(consent="no"), policy).effect is E.FORBIDDEN
    loosened = _with_text(policy, 0, lambda text: text.replace('"yes"', '"no"'))
    item = decide(facts(consent="no"), loosened)
    assert (item.effect, item.incidents) == (E.UNDETERMINED, (DISAGREEMENT,))
    renamed = _with_text(policy, 0, lambda text: text.replace('@id("a")', '@id("b")'))
    assert decide(facts(consent="yes"), renamed).incidents == (DISAGREEMENT,)


def test_rules_too_wide_to_search_are_an_incident_not_a_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = alone(rule_text("wide", 'context.consent == YesNo::"yes" && context.agreement == YesNo::"yes"'))
    monkeypatch.setattr(making_ready, "Space", lambda: Space(1))
    item = decide(facts(consent="no"), policy)
    assert (item.effect, item.incidents) == (E.UNDETERMINED, (TOO_WIDE,))


def test_no_law_is_an_incident_not_a_refusal() -> None:
    item = decide(facts(consent="yes"), PolicyVersion(()))
    assert (item.effect, item.incidents) == (E.UNDETERMINED, (NO_LAW,))


@given(known_facts(), st.sampled_from(VERSIONS))
@settings(max_examples=30)
def test_evaluating_is_deterministic_and_total(known: FactSet, policy: PolicyVersion) -> None:
    own = known.of_scope(Scope.ITEM)
    once, again = (evaluate(known, (("a", own), ("b", FactSet({}))), policy, ON) for _ in range(2))
    assert once == again
    assert [i.item_id for i in once.items] == ["a", "b"]
    assert all(i.effect in E and i.incidents == () for i in once.items)
    assert (once.policy, once.packs, once.on) == (policy.digest, policy.ids, "2025-04-24")
    assert once.item_facts == (("a", own), ("b", FactSet({})))


def test_twenty_unknown_facts_are_searched_exactly() -> None:
    policy = version(ACT, UI)
    assert len(depends_on(policy, ON)) == 20
    item = decide(FactSet({}), policy)
    assert [m.fact for m in item.missing] == list(depends_on(policy, ON))
    assert item.incidents == ()


# ---------------------------------------------------------------------- adding the federal floor


LITIGANT = {"for_litigant": "no"}


@given(known_facts(), st.sampled_from((GUIDANCE, ACT, BILL)))
@settings(max_examples=60)
def test_the_unemployment_floor_opens_nothing(known: FactSet, pack_id: str) -> None:
    before, after = decide(known, version(pack_id)).effect, decide(known, version(pack_id, UI)).effect
    assert after not in OPEN or after is before


@given(known_facts(), st.sampled_from((GUIDANCE, ACT, BILL)))
@settings(max_examples=60)
def test_the_unemployment_floor_leaves_officials_to_the_state(known: FactSet, pack_id: str) -> None:
    official = known.merged(facts(requester_federal="yes@requester", for_litigant="no@requester"))
    assert decide(official, version(pack_id, UI)).effect is decide(official, version(pack_id)).effect


# ---------------------------------------------------------------------- what was asked for by name


def test_the_same_request_under_three_laws() -> None:
    asserted = NO_PAPER.merged(
        facts(criminal_investigation="yes@requester", system_excluded="no", program_duty="no")
    )
    assert decide(asserted, version(GUIDANCE)).effect is E.PERMITTED
    assert decide(asserted, version(GUIDANCE)).ground == "g-i"
    assert decide(asserted, version(BILL)).effect is E.FORBIDDEN
    assert decide(asserted, version(ACT)).effect is E.UNDETERMINED


def test_an_agency_subpoena_compels_nothing_under_any_of_them() -> None:
    known = I138.merged(facts(immigration_purpose="sole@requester", criminal_investigation="no",
                              crime_in_progress="no", system_excluded="no", program_duty="no"))  # fmt: skip
    for pack_id in (GUIDANCE, BILL, ACT):
        item = decide(known, version(pack_id))
        assert item.effect is E.FORBIDDEN
        assert "litigation_hold" in {str(d.kind) for d in item.duties}


def test_a_grand_jury_clerk_is_enough_for_the_act_and_a_conflict_for_the_bill() -> None:
    known = GRAND_JURY.merged(facts(immigration_purpose="sole@requester"))
    assert decide(known, version(ACT)).effect is E.REQUIRED
    assert decide(known, version(BILL)).effect is E.CONFLICT


def test_a_litigants_subpoena_for_wages_is_contested_under_any_of_them() -> None:
    known = GRAND_JURY.merged(
        facts(paper_form="court_subpoena@court", paper_nature="civil@court", for_litigant="yes@court",
              custodian_kind="unemployment_agency", data_category="ui_wage")
    )  # fmt: skip
    for pack_id in (GUIDANCE, BILL, ACT):
        item = decide(known, version(pack_id, UI))
        assert item.effect is E.CONTEST_FIRST
        assert {"object", "move_to_quash"} <= {str(d.kind) for d in item.duties}


def test_what_a_court_compels_is_never_refused() -> None:
    for pack_id, purpose in product((GUIDANCE, BILL, ACT), ("sole", "part", "none")):
        known = GRAND_JURY.merged(facts(immigration_purpose=f"{purpose}@requester", program_duty="no"))
        assert decide(known, version(pack_id)).effect in (E.REQUIRED, E.CONFLICT)


def test_a_rule_that_no_completion_reaches_determines_nothing() -> None:
    policy = alone(
        rule_text("one", 'context.consent == YesNo::"yes"'),
        rule_text("other", 'context.consent == YesNo::"no"'),
        rule_text("never", 'context.paper_nature == Nature::"civil"'),
    )
    item = decide(facts(paper_nature="criminal@court"), policy)
    assert (item.effect, [r.id for r in item.rules]) == (E.PERMITTED, ["one", "other"])


def test_the_turns_of_a_fact_are_those_of_its_suppliers() -> None:
    assert ("yes", "requester") not in turns_out(FactSet({}), "certification")
    assert decide(FactSet({}), version(COURT)).effect is E.UNDETERMINED
