"""Footnotes: a rule that nobody verified is named wherever it determined anything."""

from __future__ import annotations

from habeas.domain.determination import RuleHit
from habeas.domain.vocabulary import PackStatus, Rank
from habeas.report.footnotes import law_footnotes


def rule(cite: str, *, verified: bool, status: PackStatus = PackStatus.IN_FORCE) -> RuleHit:
    return RuleHit(cite.lower(), "us/p", cite, Rank.STATE_STATUTE, status, verified)


def test_unverified_and_challenged_rules_are_named_in_both_languages_once() -> None:
    rules = [rule("A", verified=False), rule("B", verified=True, status=PackStatus.CHALLENGED)]
    notes = law_footnotes([*rules, *rules], packs_verified=True)
    assert len(notes) == 2
    assert [n.en[:2] for n in notes] == ["A:", "B:"] == [n.es[:2] for n in notes]
    assert all(n.en != n.es for n in notes)


def test_a_verified_rule_in_force_needs_no_note() -> None:
    assert law_footnotes([rule("A", verified=True)], packs_verified=True) == ()


def test_packs_that_nobody_compared_are_said_so() -> None:
    (note,) = law_footnotes([rule("A", verified=True)], packs_verified=False)
    assert "official text" in note.en
    assert "texto oficial" in note.es
