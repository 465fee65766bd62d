"""Two policies compared over every request: which is tighter, and a request that shows it.

Hides how they are compared. Promises that `equivalent` covers every value of every fact at every source that
may supply it, on every date from the earlier beginning on; that each difference comes with a request which
Cedar and the closures read as the solver did, under both policies; that the decision diagrams, which share
nothing with the solver, find the same pairs of effects; and that a difference in effects or in duties that
changes nothing about what may be handed over is told too.

What is compared first is whether an item may be handed over: the effect is `permitted` or `required`, or it
is not. The second policy is `tighter` where it opens less, `looser` where it opens more, `incomparable`
where it does both.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.text import Text
from habeas.kernel.errors import bad
from habeas.policy.diagram import EVERYTHING, Space, TooWide, leaves
from habeas.policy.effect import EFFECTS, OPEN, TOWARD_RELEASE
from habeas.policy.engine import engine_name
from habeas.policy.example import (
    ABOUT,
    CONFIRMED,
    Example,
    Side,
    confirm,
    days,
    disagreement,
    example,
    period,
    permits,
)
from habeas.policy.schema import DUTIES
from habeas.policy.solver import TIMEOUT_MS, Undecided, World, solver_name
from habeas.policy.tree import RuleEffect

if TYPE_CHECKING:
    from datetime import date

    from habeas.policy.diagram import Diagram
    from habeas.policy.example import Period
    from habeas.policy.pack import PolicyVersion
    from habeas.policy.solver import Formula
    from habeas.policy.tree import Rule

SCHEMA: Final = "habeas.diff.v1"


class Relation(StrEnum):
    """How the second policy stands to the first, in what may be handed over."""

    EQUIVALENT = "equivalent"
    TIGHTER = "tighter"
    LOOSER = "looser"
    INCOMPARABLE = "incomparable"


@attrs.frozen
class Difference:
    """A request that the two policies answer differently, and both answers."""

    request: Example
    a: Side
    b: Side

    def as_json(self) -> dict[str, Any]:
        """The request, and each policy's effect and rules."""
        return {"request": self.request.as_json(), "a": _side(self.a), "b": _side(self.b)}


def _side(side: Side) -> dict[str, Any]:
    return {"effect": str(side.effect), "rules": [hit.as_json() for hit in side.rules]}


@attrs.frozen
class Terms:
    """A duty with its clock, as rules impose it."""

    kind: str
    starts: str
    days: int | None
    day_kind: str

    def as_json(self) -> dict[str, Any]:
        """The duty object of `habeas.diff.v1`."""
        return attrs.asdict(self)


@attrs.frozen
class DutyDifference:
    """A request by which only one of the two policies (`owed_by`: `a` or `b`) imposes a duty."""

    terms: Terms
    owed_by: str
    found: Difference


@attrs.frozen
class Comparison:
    """Two policies compared. `effects` holds one difference for each pair of effects that occurs."""

    a: PolicyVersion
    b: PolicyVersion
    only_a_opens: Difference | None
    only_b_opens: Difference | None
    effects: tuple[Difference, ...]
    duties: tuple[DutyDifference, ...]

    @property
    def relation(self) -> Relation:
        """How `b` stands to `a`."""
        return _RELATIONS[self.only_a_opens is not None, self.only_b_opens is not None]

    @property
    def same(self) -> bool:
        """Whether no effect and no duty differs anywhere."""
        return not self.effects and not self.duties


_RELATIONS: Final = {
    (False, False): Relation.EQUIVALENT,
    (True, False): Relation.TIGHTER,
    (False, True): Relation.LOOSER,
    (True, True): Relation.INCOMPARABLE,
}
"""(something opens only under the first, something opens only under the second) → relation."""


def compare(a: PolicyVersion, b: PolicyVersion) -> Comparison:
    """Two policy versions over every request.

    `BadInput` `policy.solver.missing` where z3 is not installed and `policy.solver.undecided` where it gives
    up; `BrokenInvariant` `policy.solver.disagreement` where two readings of the rules differ.
    """
    try:
        return _Job(a, b).compare()
    except Undecided:
        raise bad("policy.solver.undecided", "policy", seconds=TIMEOUT_MS // 1000) from None


# ------------------------------------------------------------------------------------- the questions


class _Job:
    """Both versions in one world, period by period."""

    def __init__(self, a: PolicyVersion, b: PolicyVersion) -> None:
        self._a, self._b = a, b
        self._world = World()
        begin = [pack.effective_from for version in (a, b) for pack in version.packs]
        self._periods = tuple(
            (period(self._world, a, on), period(self._world, b, on)) for on in days((a, b), begin)
        )

    def compare(self) -> Comparison:
        """Every question once."""
        closed = _EFFECTS - OPEN
        pairs = {
            (one, other): self._effects(frozenset({one}), frozenset({other}))
            for one, other in product(_IN_ORDER, repeat=2)
            if one is not other
        }
        if self._by_diagrams() not in (None, {pair for pair, found in pairs.items() if found}):
            raise disagreement("policy")
        return Comparison(
            a=self._a,
            b=self._b,
            only_a_opens=self._effects(OPEN, closed),
            only_b_opens=self._effects(closed, OPEN),
            effects=tuple(found for found in pairs.values() if found),
            duties=tuple(self._duties()),
        )

    def _by_diagrams(self) -> set[tuple[v.Effect, v.Effect]] | None:
        """The pairs of unlike effects that occur, as the decision diagrams have it; None: too wide to say."""
        found: set[tuple[v.Effect, v.Effect]] = set()
        for a, b in self._periods:
            pairs = effect_pairs(a.ready.effect, b.ready.effect)
            if pairs is None:
                return None
            found |= {(one, other) for one, other in pairs if one is not other}
        return found

    def _effects(self, one: frozenset[v.Effect], other: frozenset[v.Effect]) -> Difference | None:
        """A request whose effect is among `one` under the first and among `other` under the second."""
        for a, b in self._periods:
            found = self._difference(a, b, self._world.all_of(a.law.effect(one), b.law.effect(other)))
            if found:
                return found
        return None

    def _difference(self, a: Period, b: Period, formula: Formula) -> Difference | None:
        found = example(self._world, formula, self._day(a.on))
        if found is None:
            return None
        return Difference(found, confirm(a, found.point, "a"), confirm(b, found.point, "b"))

    def _day(self, on: date) -> date | None:
        return on if len(self._periods) > 1 else None

    # ------------------------------------------------------------------ duties

    def _duties(self) -> list[DutyDifference]:
        rules = [rule for version in (self._a, self._b) for _, rule in version.all_rules()]
        every = {
            _terms(rule): None
            for rule in rules
            if rule.actions[0] in DUTIES and rule.effect is RuleEffect.PERMIT
        }
        found = (self._duty(terms, owed_by) for terms in every for owed_by in ("a", "b"))
        return [difference for difference in found if difference]

    def _duty(self, terms: Terms, owed_by: str) -> DutyDifference | None:
        """A request by which one of the policies imposes a duty on these terms and the other does not."""
        for a, b in self._periods:
            one, other = (a, b) if owed_by == "a" else (b, a)
            formula = self._world.all_of(_owed(one, terms), self._world.negation(_owed(other, terms)))
            found = self._difference(a, b, formula)
            if found:
                self._confirm(one, other, terms, found)
                return DutyDifference(terms, owed_by, found)
        return None

    def _confirm(self, one: Period, other: Period, terms: Terms, found: Difference) -> None:
        owed = [
            terms in {_terms(rule) for rule in permits(p, found.request.point, terms.kind, "policy")}
            for p in (one, other)
        ]
        if owed != [True, False]:
            raise disagreement("policy")


def effect_pairs(one: Diagram, other: Diagram) -> frozenset[tuple[v.Effect, v.Effect]] | None:
    """The effects that occur together under two diagrams of effects, or None where they are too wide."""
    if one is None or other is None:
        return None
    space = Space()
    try:
        return leaves(space.pair(*(space.restrict(d, EVERYTHING, {}) for d in (one, other))))
    except TooWide:
        return None


_EFFECTS: Final = frozenset(EFFECTS.values())
_IN_ORDER: Final = tuple(effect for effect in TOWARD_RELEASE if effect in _EFFECTS)


def _terms(rule: Rule) -> Terms:
    return Terms(rule.actions[0], str(rule.starts), rule.days, rule.day_kind)


def _owed(p: Period, terms: Terms) -> Formula:
    """Where a duty is owed on these terms: some rule says so, and none forbids the duty."""
    world = p.law.world
    says = (
        p.law.holds(rule)
        for rule in p.law.rules
        if rule.effect is RuleEffect.PERMIT and _terms(rule) == terms
    )
    forbidden = world.negation(p.law.some(terms.kind, RuleEffect.FORBID))
    return world.all_of(world.any_of(says), forbidden)


# ------------------------------------------------------------------------------------- told

_TOLD: Final = {
    Relation.EQUIVALENT: Text(
        "equivalent: the same may be handed over under both",
        "equivalente: con las dos se puede entregar lo mismo",
    ),
    Relation.TIGHTER: Text(
        "tighter: the second opens less than the first", "más estricta: la segunda abre menos que la primera"
    ),
    Relation.LOOSER: Text(
        "looser: the second opens more than the first", "más amplia: la segunda abre más que la primera"
    ),
    Relation.INCOMPARABLE: Text(
        "incomparable: each opens something that the other does not",
        "no comparables: cada una abre algo que la otra no abre",
    ),
}  # fmt: skip
_ONLY_A: Final = Text("Only the first opens this:", "Solo la primera abre esto:")
_ONLY_B: Final = Text("Only the second opens this:", "Solo la segunda abre esto:")
_FIRST: Final = Text("First", "Primera")
_SECOND: Final = Text("Second", "Segunda")
_EFFECTS_DIFFER: Final = Text("Effects that differ (first, second):", "Efectos distintos (primera, segunda):")
_DUTIES_DIFFER: Final = Text("Duties that only one imposes:", "Deberes que solo una impone:")
_SAME: Final = Text("Nothing differs.", "Nada difiere.")


def document(found: Comparison) -> dict[str, Any]:
    """A comparison as `habeas.diff.v1`."""
    return {
        "schema": SCHEMA,
        "solver": solver_name(),
        "engine": engine_name(),
        "about": ABOUT.as_json(),
        "a": _version(found.a),
        "b": _version(found.b),
        "relation": str(found.relation),
        "same": found.same,
        "only_a_opens": found.only_a_opens.as_json() if found.only_a_opens else None,
        "only_b_opens": found.only_b_opens.as_json() if found.only_b_opens else None,
        "effects": [difference.as_json() for difference in found.effects],
        "duties": [
            {"duty": d.terms.as_json(), "owed_by": d.owed_by, **d.found.as_json()} for d in found.duties
        ],
    }


def _version(version: PolicyVersion) -> dict[str, Any]:
    packs = [{"pack": pack.id, "digest": pack.digest} for pack in version.packs]
    return {"policy": version.digest, "packs": packs}


def lines(found: Comparison, language: v.Language) -> list[str]:
    """A comparison as a terminal shows it."""
    told = [_TOLD[found.relation].of(language)]
    for head, difference in ((_ONLY_A, found.only_a_opens), (_ONLY_B, found.only_b_opens)):
        if difference:
            told += [head.of(language), *_difference_lines(difference, language)]
    if found.effects:
        told.append(_EFFECTS_DIFFER.of(language))
        told += [f"  {d.a.effect}, {d.b.effect}" for d in found.effects]
    if found.duties:
        told.append(_DUTIES_DIFFER.of(language))
        told += [f"  {_duty_line(d, language)}" for d in found.duties]
    if found.same:
        told.append(_SAME.of(language))
    return [*told, ABOUT.of(language), f"{solver_name()}, {engine_name()}"]


def _difference_lines(found: Difference, language: v.Language) -> list[str]:
    return [
        *(f"    {line}" for line in found.request.say(language)),
        f"  {_FIRST.of(language)}: {found.a.say(language)}",
        f"  {_SECOND.of(language)}: {found.b.say(language)}",
        f"  {CONFIRMED.of(language)}",
    ]


def _duty_line(found: DutyDifference, language: v.Language) -> str:
    whose = (_FIRST if found.owed_by == "a" else _SECOND).of(language)
    terms = found.terms
    clock = f"{terms.days} {terms.day_kind}, {terms.starts}" if terms.days is not None else terms.starts
    return f"{whose}: {terms.kind} ({clock})"
