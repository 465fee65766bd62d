"""A policy version made ready for a legal date: its rules read by Cedar, by closures and as diagrams.

Hides that three readings exist. Promises that they come from the same rules, those in effect on the date,
and that preparing the same rules twice costs nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import attrs

from habeas.policy.closures import predicate
from habeas.policy.diagram import Space, TooWide, support
from habeas.policy.effect import EFFECTS
from habeas.policy.engine import Engine
from habeas.policy.schema import DUTIES, QUESTIONS
from habeas.policy.tree import RuleEffect

if TYPE_CHECKING:
    from datetime import date

    from habeas.policy.closures import Predicate
    from habeas.policy.diagram import Diagram
    from habeas.policy.pack import Pack, PolicyVersion
    from habeas.policy.tree import Rule

KEPT: Final = 16
"""Prepared versions kept at once."""


@attrs.frozen(eq=False)
class Ready:
    """One rule with its closure and its diagram over every completion."""

    pack: Pack
    rule: Rule
    holds: Predicate
    diagram: Diagram


@attrs.frozen(eq=False)
class Prepared:
    """The rules of a version on a date. `effect` is the diagram of the item's effect over every completion,
    None where it is too wide to search; `support` are the variables it depends on; `duties` holds one
    diagram for each duty any rule speaks of.
    """

    rules: tuple[Ready, ...]
    engine: Engine
    effect: Diagram
    support: tuple[int, ...]
    duties: dict[str, Diagram]

    @property
    def actions(self) -> tuple[str, ...]:
        """The three questions, as far as a rule speaks of them."""
        spoken = {a for r in self.rules for a in r.rule.actions}
        return tuple(q for q in QUESTIONS if q in spoken)

    def of(self, action: str, effect: RuleEffect) -> tuple[Ready, ...]:
        """The permits or forbids of one action, in the order that names the ground."""
        return tuple(r for r in self.rules if action in r.rule.actions and r.rule.effect is effect)


def prepare(version: PolicyVersion, on: date) -> Prepared:
    """The version's rules in effect on a legal date, ready to decide."""
    return _prepared(version, frozenset(rule.id for _, rule in version.rules(on)))


@lru_cache(maxsize=KEPT)
def _prepared(version: PolicyVersion, active: frozenset[str]) -> Prepared:
    listed = tuple(pr for pr in version.all_rules() if pr[1].id in active)
    engine = Engine("\n".join(r.text for _, r in listed))
    try:
        return _searchable(listed, engine)
    except TooWide:
        rules = tuple(Ready(p, r, predicate(r.condition), None) for p, r in listed)
        return Prepared(rules, engine, effect=None, support=(), duties={})


def _searchable(listed: tuple[tuple[Pack, Rule], ...], engine: Engine) -> Prepared:
    """All diagrams in one space: only there are equal ones the same, and `support` exact."""
    space = Space()
    rules = tuple(Ready(p, r, predicate(r.condition), space.of_tree(r.condition)) for p, r in listed)
    contest, compel, disclose = (answer(space, rules, question) for question in QUESTIONS)
    answers = space.pair(space.pair(contest, compel), disclose)
    effect = space.map("effect", lambda leaf: EFFECTS[(*leaf[0], leaf[1])], answers)
    spoken = {a for _, r in listed for a in r.actions}
    return Prepared(
        rules=rules,
        engine=engine,
        effect=effect,
        support=support(effect),
        duties={duty: answer(space, rules, duty) for duty in DUTIES if duty in spoken},
    )


def answer(space: Space, rules: tuple[Ready, ...], action: str) -> Diagram:
    """Cedar's rule of combination: some permit holds and no forbid does."""
    permitted: Diagram = False
    forbidden: Diagram = False
    for ready in rules:
        if action not in ready.rule.actions:
            continue
        if ready.rule.effect is RuleEffect.PERMIT:
            permitted = space.either(permitted, ready.diagram)
        else:
            forbidden = space.either(forbidden, ready.diagram)
    return space.both(permitted, space.negation(forbidden))
