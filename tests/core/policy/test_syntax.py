"""Cedar text → rules: what the subset accepts, and how the rest is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.domain import vocabulary as v
from habeas.policy.syntax import MAX_DEPTH, read_condition, read_rules, split
from habeas.policy.tree import (
    Always,
    Both,
    DutyStart,
    Either,
    IfElse,
    Negation,
    OneOf,
    RuleEffect,
    asked,
    atoms,
)
from tests.core.policy.making import conditions, rule_text

VECTORS = Path(__file__).resolve().parents[3] / "vectors" / "policy"
REFUSED: list[dict[str, Any]] = json.loads((VECTORS / "refused.json").read_text(encoding="utf-8"))
CONSENT = 'context.consent == YesNo::"yes"'
AGREED = 'context.agreement == YesNo::"yes"'


def test_rules_end_at_semicolons_outside_texts_and_comments() -> None:
    text = '// a; b\n@id("x;y") permit (principal, action, resource); // c;\n\n\nforbid (a, b, c)\n;\n// end;'
    chunks = split(text)
    assert [(c.line, c.text[:6]) for c in chunks] == [(2, '@id("x'), (5, "forbid")]
    assert split("// nothing;\n") == ()


@given(st.text(alphabet='ab"\\;/\n ', max_size=40))
def test_splitting_loses_nothing_but_comments_and_blanks(text: str) -> None:
    assert [c.text for c in split(text)] == [c.text for c in split("\n".join(c.text for c in split(text)))]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["name"])
def test_a_bad_rule_is_refused_with_its_line(case: dict[str, Any]) -> None:
    rules, problems = read_rules("disclose.cedar", case["cedar"])
    assert rules == ()
    assert [(p.code, p.place) for p in problems] == [(case["code"], f"disclose.cedar: line {case['line']}")]


def test_a_refusal_names_rule_and_operator_and_the_good_rules_are_read() -> None:
    text = rule_text("good", CONSENT) + rule_text("bad", f"{CONSENT} && context has consent")
    rules, problems = read_rules("x.cedar", text)
    assert [r.id for r in rules] == ["good"]
    assert dict(problems[0].detail) == {"rule": "bad", "operator": "has"}


def test_every_node_of_the_subset_is_read() -> None:
    tree = read_condition("x", f"if !({CONSENT}) then {AGREED} || true else {CONSENT} && {AGREED}")
    assert isinstance(tree, IfElse)
    assert isinstance(tree.test, Negation)
    assert isinstance(tree.yes, Either)
    assert tree.yes.right == Always(value=True)
    assert isinstance(tree.no, Both)
    assert asked(tree) == {"consent", "agreement"}


@pytest.mark.parametrize(
    "text",
    [
        'context.motion_to_quash in [Motion::"denied", Motion::"granted"]',
        '[Motion::"denied", Motion::"granted"].contains(context.motion_to_quash)',
    ],
)
def test_a_list_of_words_is_one_atom(text: str) -> None:
    (atom,) = atoms(read_condition("x", text))
    assert (atom.attribute.name, atom.words) == ("motion_to_quash", ("denied", "granted"))


def test_a_word_may_stand_on_either_side_and_be_denied() -> None:
    assert read_condition("x", 'YesNo::"yes" == context.consent') == read_condition("x", CONSENT)
    assert read_condition("x", 'context.consent != YesNo::"yes"') == Negation(read_condition("x", CONSENT))
    (atom,) = atoms(read_condition("x", 'context.consent in YesNo::"yes"'))
    assert isinstance(atom, OneOf)


def test_conditions_are_joined_and_unless_is_not() -> None:
    text = rule_text("a", CONSENT).replace("};", f"}} unless {{ {AGREED} }};")
    (rule,), _ = read_rules("x", text)
    assert rule.condition == Both(read_condition("x", CONSENT), Negation(read_condition("x", AGREED)))
    (bare,), _ = read_rules("x", text.split("when")[0] + ";")
    assert bare.condition == Always(value=True)


def test_a_rule_carries_what_it_was_annotated_with() -> None:
    notes = '@starts("service") @days("14") @day_kind("business") @order("2") @since("2022-01-01")'
    (rule,), _ = read_rules("duties.cedar", "\n" + rule_text("a-1", CONSENT, action="object", notes=notes))
    assert (rule.id, rule.line, rule.file, rule.effect) == ("a-1", 2, "duties.cedar", RuleEffect.PERMIT)
    assert (rule.rank, rule.verified, rule.order) == (v.Rank.GUIDANCE, False, 2)
    assert (rule.starts, rule.days, rule.day_kind) == (DutyStart.SERVICE, 14, "business")
    assert rule.since == date(2022, 1, 1)


@pytest.mark.parametrize(
    "condition",
    [
        "(" * 50_000 + "true" + ")" * 50_000,
        "!(" * (MAX_DEPTH + 2) + CONSENT + ")" * (MAX_DEPTH + 2),
        " && ".join(["true"] * 50_000),
        " && ".join([CONSENT] * (MAX_DEPTH + 2)),
        "if true then " * 50_000 + "true" + " else true" * 50_000,
        "// \r" + "(" * 50_000 + "true" + ")" * 50_000,
        "context" + ".a" * 50_000,
        "1" + " + 1" * 50_000 + " == 1",
        "A::" * 50_000 + '"a" == 1',
    ],
    ids=["brackets", "not", "a long chain", "a chain", "if", "behind a comment", "dots", "sums", "names"],
)
def test_deep_nesting_is_refused_before_the_parser_recurses_into_it(condition: str) -> None:
    # Cedar's parser would end the process.
    rules, problems = read_rules("x", rule_text("a", condition))
    assert rules == ()
    assert problems[0].code == "pack.rule.too_deep"


def test_a_text_just_within_the_bounds_is_parsed() -> None:
    for condition in ("A::" * 6_000 + '"a" == 1', "(" * 98 + CONSENT + ")" * 98, " && ".join([CONSENT] * 90)):
        _, problems = read_rules("x", rule_text("a", condition))
        assert "pack.rule.too_deep" not in {p.code for p in problems}


def test_no_rule_hides_behind_a_carriage_return_in_a_comment() -> None:
    hidden = rule_text("a", CONSENT) + "// nothing here\r" + rule_text("b", "true")
    assert [r.id for r in read_rules("x", hidden)[0]] == ["a", "b"]


@given(conditions())
def test_reading_is_total_on_the_subset(text: str) -> None:
    read_condition("x", text)


@given(st.text(max_size=60))
def test_any_text_gives_rules_or_documented_problems(text: str) -> None:
    rules, problems = read_rules("x.cedar", text)
    assert all(p.code.startswith("pack.rule.") for p in problems)
    assert rules == () or all(r.id for r in rules)
