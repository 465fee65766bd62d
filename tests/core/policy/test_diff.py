"""Two packs are compared over every request, and whatever differs comes with a request that shows it."""

from __future__ import annotations

import json
from datetime import date
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from habeas.cli.main import run
from habeas.domain import vocabulary as v
from habeas.domain.facts import FactSet
from habeas.kernel.canonical import digest, encode
from habeas.kernel.errors import BadInput, BrokenInvariant
from habeas.policy import diff as room
from habeas.policy.catalogue import find, load, pack_ids, with_required
from habeas.policy.diff import Relation, compare, document, lines
from habeas.policy.effect import OPEN
from habeas.policy.pack import PolicyVersion, freeze
from habeas.policy.solver import Undecided, World
from tests.core.policy.making import (
    BILL,
    COURT,
    GUIDANCE,
    alone,
    completions,
    rule_sets,
    rule_text,
    version,
)
from tests.core.policy.test_prove import effect_at

if TYPE_CHECKING:
    from habeas.policy.diff import Difference

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas" / "habeas.diff.v1.json").read_text("utf-8")))
AGREED = 'context.consent == YesNo::"yes"'
PUBLIC = 'context.item_public == YesNo::"yes"'
OPENS = rule_text("opens", AGREED)


def effects(found: Difference | None) -> tuple[v.Effect, v.Effect] | None:
    return (found.a.effect, found.b.effect) if found else None


# ------------------------------------------------------------------------------------- how they stand


@pytest.mark.parametrize("pack_id", pack_ids())
def test_a_pack_is_equivalent_to_itself(pack_id: str) -> None:
    found = compare(version(pack_id), version(pack_id))
    assert found.relation is Relation.EQUIVALENT
    assert found.same


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ((OPENS,), (rule_text("again", f"!(!({AGREED}))"),), Relation.EQUIVALENT),
        ((OPENS,), (OPENS, rule_text("more", PUBLIC)), Relation.LOOSER),
        ((OPENS,), (OPENS, rule_text("closes", PUBLIC, effect="forbid")), Relation.TIGHTER),
        ((OPENS,), (rule_text("other", PUBLIC),), Relation.INCOMPARABLE),
        ((OPENS,), (rule_text("narrow", f"{AGREED} && {PUBLIC}"),), Relation.TIGHTER),
    ],
)
def test_a_policy_stands_to_another_as_what_it_opens(
    a: tuple[str, ...], b: tuple[str, ...], relation: Relation
) -> None:
    found = compare(alone(*a), alone(*b))
    mirrored = {Relation.TIGHTER: Relation.LOOSER, Relation.LOOSER: Relation.TIGHTER}
    assert found.relation is relation
    assert found.same == (relation is Relation.EQUIVALENT)
    assert compare(alone(*b), alone(*a)).relation is mirrored.get(relation, relation)


def test_the_guidance_and_the_bill_each_open_what_the_other_does_not() -> None:
    found = compare(version(GUIDANCE), version(BILL))
    assert found.relation is Relation.INCOMPARABLE
    assert found.only_a_opens is not None
    assert found.only_b_opens is not None
    word = found.only_a_opens
    assert "criminal_investigation" in word.request.because
    assert word.request.point["criminal_investigation_source"] == "requester"
    assert [hit.id for hit in word.a.rules] == ["g-i"]
    own = found.only_b_opens
    assert (own.request.point["program_duty"], own.request.point["system_excluded"]) == ("yes", "yes")
    assert [hit.id for hit in own.b.rules] == ["own-finding"]


def test_the_guidance_opens_more_than_court_process_alone() -> None:
    assert compare(version(COURT), version(GUIDANCE)).relation is Relation.LOOSER


def test_a_difference_that_opens_nothing_is_still_told() -> None:
    compels = rule_text("compels", AGREED, action="compel")
    found = compare(alone(rule_text("dead", f"{AGREED} && !({AGREED})")), alone(compels))
    assert found.relation is Relation.EQUIVALENT
    assert not found.same
    assert [effects(d) for d in found.effects] == [(v.Effect.FORBIDDEN, v.Effect.CONFLICT)]


@pytest.mark.parametrize("pack_id", pack_ids())
def test_every_rule_of_every_shipped_pack_makes_a_difference(pack_id: str) -> None:
    # A dropped rule is the plainest fault: none may go unnoticed.
    pack = load(pack_id)
    for rule in pack.rules:
        rest = tuple(r for r in pack.rules if r is not rule)
        less = attrs.evolve(pack, rules=rest, digest=digest(pack.id + rule.id))
        found = compare(freeze(with_required((pack,))), freeze(with_required((less,))))
        assert not found.same, rule.id


# ------------------------------------------------------------------------------------- random packs


@given(rule_sets(), rule_sets())
@settings(max_examples=8, deadline=None)
def test_what_differs_is_what_trying_every_request_finds(a: PolicyVersion, b: PolicyVersion) -> None:
    found = compare(a, b)
    pairs = {(effect_at(a, point), effect_at(b, point)) for point in completions(FactSet({}))}
    assert {effects(d) for d in found.effects} == {(one, other) for one, other in pairs if one is not other}
    assert (found.only_a_opens is not None) == any(one in OPEN and other not in OPEN for one, other in pairs)
    assert (found.only_b_opens is not None) == any(one not in OPEN and other in OPEN for one, other in pairs)
    for difference in found.effects:
        point = difference.request.point
        assert effects(difference) == (effect_at(a, point), effect_at(b, point))


# ------------------------------------------------------------------------------------- duties


def duty(rule_id: str, condition: str, notes: str) -> str:
    return rule_text(rule_id, condition, action="notify_subject", notes=notes)


@pytest.mark.parametrize(
    ("notes", "owed_by"),
    [
        ('@starts("receipt") @days("5")', ["a", "b"]),
        ('@starts("release") @days("3")', ["a", "b"]),
        ('@starts("receipt") @days("3") @day_kind("business")', ["a", "b"]),
        ('@starts("receipt") @days("3")', []),
    ],
)
def test_a_duty_on_other_terms_is_another_duty(notes: str, owed_by: list[str]) -> None:
    one = alone(OPENS, duty("tell", AGREED, '@starts("receipt") @days("3")'))
    found = compare(one, alone(OPENS, duty("tell", AGREED, notes)))
    assert found.relation is Relation.EQUIVALENT
    assert [d.owed_by for d in found.duties] == owed_by


def test_a_duty_that_is_dropped_or_forbidden_is_told_with_a_request() -> None:
    starts = '@starts("receipt")'
    both = alone(OPENS, duty("tell", AGREED, starts))
    forbidden = rule_text("hush", PUBLIC, effect="forbid", action="notify_subject", notes=starts)
    for other in (alone(OPENS), alone(OPENS, duty("tell", AGREED, starts), forbidden)):
        (difference,) = compare(both, other).duties
        assert difference.owed_by == "a"
        assert difference.terms.kind == "notify_subject"
        assert difference.found.request.point["consent"] == "yes"


def test_a_duty_of_a_day_is_told_with_the_day() -> None:
    found = compare(version("us-co/sb21-131"), version(BILL))
    (report,) = (d for d in found.duties if d.terms.kind == "report")
    assert report.found.request.on == date(2022, 1, 1)


# ------------------------------------------------------------------------------------- no comparison


def test_pairs_that_the_diagrams_see_otherwise_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "effect_pairs", lambda *_: frozenset(product(OPEN, repeat=2)))
    with pytest.raises(BrokenInvariant) as refused:
        compare(alone(OPENS), alone(OPENS))
    assert refused.value.problem.code == "policy.solver.disagreement"


def test_too_wide_for_the_diagrams_is_compared_by_the_solver_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "effect_pairs", lambda *_: None)
    assert compare(alone(OPENS), alone(OPENS)).same


def test_what_the_solver_does_not_settle_is_no_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    def gives_up(*_: object) -> None:
        raise Undecided

    monkeypatch.setattr(World, "shortest", gives_up)
    with pytest.raises(BadInput) as refused:
        compare(alone(OPENS), alone(OPENS))
    assert refused.value.problems[0].code == "policy.solver.undecided"


# ------------------------------------------------------------------------------------- told


def test_the_document_is_what_its_schema_says() -> None:
    found = compare(version(GUIDANCE), version(BILL))
    made = json.loads(encode(document(found)))
    SCHEMA.validate(made)
    assert made["relation"] == "incomparable"
    assert {d["duty"]["kind"] for d in made["duties"]} == {"record", "second_approval"}
    assert [p["pack"] for p in made["b"]["packs"]] == [BILL, COURT]


def test_the_same_packs_give_the_same_document() -> None:
    one, other = alone(OPENS), alone(OPENS, rule_text("more", PUBLIC))
    assert encode(document(compare(one, other))) == encode(document(compare(one, other)))


@pytest.mark.parametrize(("language", "word"), [(v.Language.EN, "looser"), (v.Language.ES, "más amplia")])
def test_a_difference_is_told_with_both_answers(language: v.Language, word: str) -> None:
    told = lines(compare(alone(OPENS), alone(OPENS, rule_text("more", PUBLIC))), language)
    assert told[0].startswith(word)
    assert "more: Test" in " ".join(told)


def test_diff_exits_zero_where_nothing_differs_and_one_otherwise(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, data in find(GUIDANCE).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert run(["policy", "diff", GUIDANCE, str(tmp_path)]) == 0
    rules = tmp_path / "disclose.cedar"
    rules.write_text(
        rules.read_text("utf-8").replace('system_excluded == YesNo::"no" &&', 'written != YesNo::"no" &&')
    )
    assert run(["policy", "diff", GUIDANCE, str(tmp_path)]) == 1
    capsys.readouterr()
    assert run(["policy", "diff", GUIDANCE, BILL, "--json"]) == 1
    made = capsys.readouterr().out
    assert made.count("\n") == 1
    SCHEMA.validate(json.loads(made))


def test_diff_of_an_unknown_pack_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "diff", GUIDANCE, "us-co/none"]) == 2
    assert "policy.pack.unknown" in capsys.readouterr().err
