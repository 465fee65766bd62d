"""(facts, policy version, legal date) → what the rules say about each item.

Hides how an answer over unknown facts is found. Promises to be deterministic and total, and *monotone
under ignorance*: an effect is given only if every completion of what is not known gives it, so taking a
fact away, or breaking a rule, never moves an item toward release. Otherwise the item is `undetermined` and
`missing` names the facts that matter:

    the smallest set of facts that are unknown, or vouched for too weakly, such that whatever they turn out
    to be, the item is settled. It is exactly the set of facts whose answer alone can still change the
    effect under some completion of the others, so there is only one.

Every answer is read three times: by diagram over all completions, and, at a completion as close to the
facts as they stand as possible (undetermined: at the two that differ most), by Cedar and by the closures.
A rule that errs, no decision, or two readings that differ make the item `undetermined` with an incident.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from habeas.domain import vocabulary as v
from habeas.domain.determination import Duty, Evaluation, ItemEvaluation, Missing, RuleHit
from habeas.policy.diagram import (
    VARIABLES,
    Node,
    Space,
    choose,
    distance,
    leaves,
    nodes,
    only_leaf,
    path_to,
    possible,
    support,
)
from habeas.policy.effect import EFFECTS, TOWARD_RELEASE
from habeas.policy.engine import engine_name
from habeas.policy.prepared import Prepared, Ready, prepare
from habeas.policy.schema import COMPEL, CONTEST, DISCLOSE, QUESTIONS, context_json
from habeas.policy.tree import RuleEffect, asked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from habeas.domain.facts import Fact, FactSet
    from habeas.policy.diagram import Diagram
    from habeas.policy.pack import PolicyVersion
    from habeas.policy.schema import Point

DISAGREEMENT: Final = "policy.engine.disagreement"
TOO_WIDE: Final = "policy.completion.too_wide"
NO_LAW: Final = "policy.law.none_applies"

NEAREST: Final = 3
"""At most so many permits are named as having come nearest."""


def evaluate(
    request_facts: FactSet,
    items: tuple[tuple[str, FactSet], ...],
    version: PolicyVersion,
    on: date,
) -> Evaluation:
    """The rules' answer to every item of a request, under one version on one legal date.

    An item's own facts are laid over the request's. A version without packs decides nothing: each item is
    `undetermined` with the incident `policy.law.none_applies`.
    """
    ready = prepare(version, on) if version.packs else None
    return Evaluation(
        on=on.isoformat(),
        policy=version.digest,
        packs=version.ids,
        engine=engine_name(),
        facts=request_facts,
        items=tuple(_item(ready, item_id, request_facts.merged(own)) for item_id, own in items),
        item_facts=items,
    )


def _item(ready: Prepared | None, item_id: str, facts: FactSet) -> ItemEvaluation:
    category = v.DataCategory(facts.value("data_category"))
    if ready is None:
        return _undetermined(item_id, category, NO_LAW)
    if ready.effect is None:
        return _undetermined(item_id, category, TOO_WIDE)
    outlook = Outlook(ready, facts)
    incidents = outlook.confirm()
    if incidents:
        return _undetermined(item_id, category, *incidents)
    return ItemEvaluation(
        item_id=item_id,
        category=category,
        effect=outlook.effect,
        rules=outlook.rules(),
        missing=outlook.missing(),
        duties=outlook.duties(),
        nearest=outlook.nearest(),
        used=outlook.used(),
    )


def _undetermined(item_id: str, category: v.DataCategory, *incidents: str) -> ItemEvaluation:
    return ItemEvaluation(item_id, category, v.Effect.UNDETERMINED, incidents=incidents)


class Outlook:
    """What the rules say over every completion of one item's facts."""

    def __init__(self, ready: Prepared, facts: FactSet) -> None:
        self._ready = ready
        self._facts = facts
        self._masks = possible(facts)
        self._space = Space()
        self._memo: dict[Node, Diagram] = {}
        self._effects = self._within(ready.effect)
        self.effect = v.Effect.UNDETERMINED if isinstance(self._effects, Node) else self._effects

    def _within(self, diagram: Diagram) -> Diagram:
        return self._space.restrict(diagram, self._masks, self._memo)

    # ------------------------------------------------------------------ confirmation by two other readings

    def confirm(self) -> tuple[str, ...]:
        """The incidents found when Cedar and the closures read the same completions; none is agreement."""
        found: dict[str, None] = {}
        for i, (effect, point) in enumerate(self._witnesses()):
            duties = self._certain_duties() if i == 0 else ()
            for incident in _incidents(self._ready, point, effect, duties):
                found[incident] = None
        return tuple(found)

    def _witnesses(self) -> tuple[tuple[v.Effect, Point], ...]:
        """One completion of each of the two effects that differ most (one where there is only one)."""
        reached = sorted(leaves(self._effects), key=TOWARD_RELEASE.index)
        ends = reached if len(reached) == 1 else (reached[0], reached[-1])
        return tuple((e, choose(self._masks, path_to(self._effects, e), self._facts)) for e in ends)

    def _certain_duties(self) -> tuple[str, ...]:
        return tuple(d for d, diagram in self._ready.duties.items() if self._within(diagram) is True)

    # ------------------------------------------------------------------ what determined the effect

    def rules(self) -> tuple[RuleHit, ...]:
        """The rules that determined the effect; the first one is the ground.

        Of each part of the answer: the rules that match in every completion; where none does (either of
        two must match), those that match in some.
        """
        listed: dict[str, RuleHit] = {}
        for action, effect in _DETERMINING[self.effect]:
            for ready in self._matching(self._ready.of(action, effect)):
                listed.setdefault(ready.rule.id, ready.pack.hit(ready.rule))
        return tuple(listed.values())

    def _matching(self, rules: tuple[Ready, ...]) -> tuple[Ready, ...]:
        certain = tuple(r for r in rules if self._within(r.diagram) is True)
        return certain or tuple(r for r in rules if self._within(r.diagram) is not False)

    def nearest(self) -> tuple[RuleHit, ...]:
        """Where no rule refused, or nothing is settled: the permits that came nearest, those with the
        fewest facts to be established or, which counts double, to be otherwise.
        """
        refused = self._matching(self._ready.of(DISCLOSE, RuleEffect.FORBID))
        if self.effect not in _BY_DEFAULT or (refused and self.effect is not v.Effect.UNDETERMINED):
            return ()
        far = [
            (steps, ready)
            for ready in self._ready.of(DISCLOSE, RuleEffect.PERMIT)
            if (steps := distance(ready.diagram, self._masks)) is not None
        ]
        least = min((steps for steps, _ in far), default=0)
        return tuple(r.pack.hit(r.rule) for steps, r in far if steps == least)[:NEAREST]

    def duties(self) -> tuple[Duty, ...]:
        """The duties that hold in every completion, with the rules that say so."""
        return tuple(
            Duty(
                kind=v.DutyKind(duty),
                rule=ready.pack.hit(ready.rule),
                starts=str(ready.rule.starts),
                days=ready.rule.days,
                day_kind=ready.rule.day_kind,
            )
            for duty in self._certain_duties()
            for ready in self._matching(self._ready.of(duty, RuleEffect.PERMIT))
        )

    # ------------------------------------------------------------------ what is missing, what was used

    def missing(self) -> tuple[Missing, ...]:
        """The facts that can still change the effect (module docstring), in the order of the table."""
        return tuple(self._missing(index) for index in support(self._effects))

    def _missing(self, index: int) -> Missing:
        name = VARIABLES[index].name
        fact = self._facts[name]
        return Missing(name, self._stronger(index, fact) if fact.known else None)

    def _stronger(self, index: int, fact: Fact) -> v.Source:
        """The weakest source at which a known value would make a difference."""
        variable = VARIABLES[index]
        standing = 1 << variable.points.index((fact.value, str(fact.source)))
        here = [n for n in nodes(self._effects) if n.index == index]
        for source in sorted(variable.by_source, key=lambda s: v.Source(s).strength):
            at = variable.by_value[fact.value] & variable.by_source[source] & self._masks[index]
            if at and any(not mask & at for n in here for mask, _ in n.branches if mask & standing):
                return v.Source(source)
        return max(v.Source, key=lambda s: s.strength)

    def used(self) -> tuple[str, ...]:
        """Known facts that by themselves give the effect, whatever every other fact turns out to be.

        No fact of the list can be left out. Facts that no determining rule asks about are left out first.
        """
        if self.effect is v.Effect.UNDETERMINED:
            return ()
        masks = list(self._masks)
        asked_first = self._asked_by_determining()
        known = [i for i in self._ready.support if self._facts[VARIABLES[i].name].known]
        for i in sorted(known, key=lambda i: (VARIABLES[i].name in asked_first, -i)):
            kept, masks[i] = masks[i], VARIABLES[i].full
            if only_leaf(self._ready.effect, tuple(masks)) is None:
                masks[i] = kept
        return tuple(VARIABLES[i].name for i in sorted(known) if masks[i] != VARIABLES[i].full)

    def _asked_by_determining(self) -> frozenset[str]:
        ids = {hit.id for hit in (*self.rules(), *self.nearest())}
        return frozenset().union(*(asked(r.rule.condition) for r in self._ready.rules if r.rule.id in ids))


_DETERMINING: Final[dict[v.Effect, tuple[tuple[str, RuleEffect], ...]]] = {
    v.Effect.FORBIDDEN: ((DISCLOSE, RuleEffect.FORBID),),
    v.Effect.PERMITTED: ((DISCLOSE, RuleEffect.PERMIT),),
    v.Effect.REQUIRED: ((COMPEL, RuleEffect.PERMIT), (DISCLOSE, RuleEffect.PERMIT)),
    v.Effect.CONTEST_FIRST: ((CONTEST, RuleEffect.PERMIT),),
    v.Effect.CONFLICT: ((COMPEL, RuleEffect.PERMIT), (DISCLOSE, RuleEffect.FORBID)),
    v.Effect.UNDETERMINED: (),
}
"""Which rules speak for each effect, the first ones first."""

_BY_DEFAULT: Final = frozenset({v.Effect.FORBIDDEN, v.Effect.CONFLICT, v.Effect.UNDETERMINED})


def _incidents(ready: Prepared, point: Point, expected: v.Effect, duties: Iterable[str]) -> tuple[str, ...]:
    """Ask Cedar at a complete point and compare with the closures, rule by rule, and with the diagram."""
    actions = (*ready.actions, *duties)
    answers = dict(zip(actions, ready.engine.ask(context_json(point), actions), strict=True))
    found = [code for a in answers.values() for code in a.incidents]
    if found:
        return tuple(dict.fromkeys(found))
    for action, given in answers.items():
        if (given.allowed, given.rules) != _by_closures(ready, action, point):
            return (DISAGREEMENT,)
    contest, compel, disclose = (q in answers and answers[q].allowed for q in QUESTIONS)
    return () if EFFECTS[contest, compel, disclose] is expected else (DISAGREEMENT,)


def _by_closures(ready: Prepared, action: str, point: Point) -> tuple[bool, frozenset[str]]:
    """(allowed, the rules that determined it) as the closures read the rules: forbids win."""
    forbids = frozenset(r.rule.id for r in ready.of(action, RuleEffect.FORBID) if r.holds(point))
    if forbids:
        return False, forbids
    permits = frozenset(r.rule.id for r in ready.of(action, RuleEffect.PERMIT) if r.holds(point))
    return bool(permits), permits


def depends_on(version: PolicyVersion, on: date) -> tuple[str, ...]:
    """Every fact that can change an effect under a version on a date, in the order of the table: what a
    custodian has to be able to answer.
    """
    return tuple(VARIABLES[i].name for i in prepare(version, on).support)
