"""A request found by the solver, confirmed before anybody sees it, and told as people read it.

Hides how a found request is asked again. Promises that an `Example` is one that Cedar's own engine and our
closures read exactly as the solver did; where they do not, `policy.solver.disagreement` is raised and
nothing is shown.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.determination import RuleHit
from habeas.domain.facts import SPEC
from habeas.domain.text import Text
from habeas.kernel.errors import broken
from habeas.policy import words
from habeas.policy.closures import predicate
from habeas.policy.effect import EFFECTS
from habeas.policy.engine import Engine
from habeas.policy.prepared import Prepared, prepare
from habeas.policy.schema import COMPEL, CONTEST, DISCLOSE, QUESTIONS, SOURCE_SUFFIX, context_json
from habeas.policy.solver import Encoding, World
from habeas.policy.tree import Rule, RuleEffect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from habeas.policy.engine import Answer
    from habeas.policy.pack import Claim, Pack, PolicyVersion
    from habeas.policy.schema import Point
    from habeas.policy.solver import Formula

NOTHING_ELSE: Final = Text("Nothing else about the request matters.", "Nada más de la solicitud importa.")
EVERY_REQUEST: Final = Text("Every request shows it.", "Toda solicitud lo muestra.")
CONFIRMED: Final = Text(
    "Cedar and our own reading of the rules agree.", "Cedar y nuestra propia lectura de las reglas coinciden."
)
ON_DAY: Final = Text("On {day}.", "El {day}.")

ABOUT: Final = Text(
    "Proved for every request, as its facts are stated. "
    "Whether somebody told the truth is outside any proof.",
    "Demostrado para toda solicitud, según los datos que se declaran. "
    "Si alguien dijo la verdad queda fuera de toda prueba.",
)
"""What every proof and every comparison has to say about itself."""


@attrs.frozen
class Side:
    """How one policy version answers a request: the effect, and the rules that determined it."""

    effect: v.Effect
    rules: tuple[RuleHit, ...]

    def say(self, language: v.Language) -> str:
        """The effect's sentence with the rules' names."""
        by_default = self.effect is v.Effect.FORBIDDEN and not self.rules
        sentence = (words.NOTHING_OPENS if by_default else words.EFFECTS[self.effect]).of(language)
        named = "; ".join(f"{hit.id}: {hit.cite}" for hit in self.rules)
        return f"{sentence} [{named}]" if named else sentence


@attrs.frozen
class Example:
    """A request that shows something. `because` are the facts that suffice; `on` is a legal date on which it
    does, None where the rules are the same on every date.
    """

    point: Point
    because: tuple[str, ...]
    on: date | None

    def as_json(self) -> dict[str, Any]:
        """All facts as `habeas.decide.v1` has them, those that matter, and the sentences."""
        return {
            "on": self.on.isoformat() if self.on else None,
            "facts": {name: self._fact(name) for name in SPEC},
            "because": list(self.because),
            "say": {str(language): list(self.say(language)) for language in v.Language},
        }

    def _fact(self, name: str) -> dict[str, str]:
        source = self.point[name + SOURCE_SUFFIX]
        return {"value": self.point[name], "source": source, "reading": str(v.Reading.PERSON)}

    def say(self, language: v.Language) -> tuple[str, ...]:
        """The request in plain words: the date, where there are several, and the facts that matter."""
        head = (ON_DAY.of(language).format(day=self.on.isoformat()),) if self.on else ()
        tail = NOTHING_ELSE if self.because else EVERY_REQUEST
        return (*head, *(self._line(name, language) for name in self.because), tail.of(language))

    def _line(self, name: str, language: v.Language) -> str:
        spec = SPEC[name]
        meaning = spec.es if language is v.Language.ES else spec.en
        value = words.value_word(name, self.point[name]).of(language)
        source = words.SOURCES[v.Source(self.point[name + SOURCE_SUFFIX])].of(language)
        return f"{meaning}: {value} ({source})"


# ------------------------------------------------------------------------------------- periods


@attrs.frozen(eq=False)
class Period:
    """The rules of a version between two changes, ready for every reading. `on` is a date between them."""

    on: date
    ready: Prepared
    law: Encoding


def days(versions: Iterable[PolicyVersion], begin: Iterable[date | None]) -> tuple[date, ...]:
    """One legal date in each period between two changes of some versions' rules, the earliest beginning's
    first. Where nothing says when they begin, it is the day before the first change.
    """
    start = min(day or date.min for day in begin)
    younger = sorted({r.since for version in versions for _, r in version.all_rules() if r.since})
    later = [day for day in younger if day > start]
    if later and start == date.min:
        start = later[0] - timedelta(days=1)
    return (start, *later)


def period(world: World, version: PolicyVersion, on: date) -> Period:
    """A version on a date, in a world."""
    return Period(on, prepare(version, on), Encoding(world, (rule for _, rule in version.rules(on))))


def example(world: World, formula: Formula, on: date | None) -> Example | None:
    """The shortest request where a formula holds, not confirmed yet."""
    point = world.shortest(formula)
    return None if point is None else Example(point, world.because(formula, point), on)


# ------------------------------------------------------------------------------------- confirmation


def disagreement(place: str) -> Exception:
    """What is raised where two readings differ: a proof that cannot be trusted is not shown."""
    return broken("policy.solver.disagreement", place)


def confirm(p: Period, point: Point, place: str) -> Side:
    """The effect at a point and its rules, as Cedar, the closures and the solver agree."""
    ready = p.ready
    answers = {question: _agreed(ready, point, question, place) for question in QUESTIONS}
    effect = EFFECTS[answers[CONTEST].allowed, answers[COMPEL].allowed, answers[DISCLOSE].allowed]
    if effect is not p.law.effect_at(point):
        raise disagreement(place)
    ids = {rule_id for question in _SPEAK[effect] for rule_id in answers[question].rules}
    return Side(effect, tuple(r.pack.hit(r.rule) for r in ready.rules if r.rule.id in ids))


_SPEAK: Final[dict[v.Effect, tuple[str, ...]]] = {
    v.Effect.FORBIDDEN: (DISCLOSE,),
    v.Effect.PERMITTED: (DISCLOSE,),
    v.Effect.REQUIRED: (COMPEL, DISCLOSE),
    v.Effect.CONFLICT: (COMPEL, DISCLOSE),
    v.Effect.CONTEST_FIRST: (CONTEST,),
    v.Effect.UNDETERMINED: (),
}
"""The questions whose rules determined an effect."""


def permits(p: Period, point: Point, action: str, place: str) -> tuple[Rule, ...]:
    """The rules that allow an action at a point, as Cedar and the closures agree; none where it is not."""
    answer = _agreed(p.ready, point, action, place)
    return tuple(r.rule for r in p.ready.rules if answer.allowed and r.rule.id in answer.rules)


def _agreed(ready: Prepared, point: Point, action: str, place: str) -> Answer:
    (answer,) = ready.engine.ask(context_json(point), (action,))
    closed, opened = (
        frozenset(r.rule.id for r in ready.of(action, effect) if r.holds(point))
        for effect in (RuleEffect.FORBID, RuleEffect.PERMIT)
    )
    ours = (bool(opened and not closed), closed or opened)
    if answer.incidents or (answer.allowed, answer.rules) != ours:
        raise disagreement(place)
    return answer


def confirm_assumed(pack: Pack, claim: Claim, point: Point) -> None:
    """That what a claim assumes holds at a point, as Cedar and the closures read it."""
    probe = f'@id("assumed") permit (principal, action == Action::"{DISCLOSE}", resource)'
    (answer,) = Engine(f"{probe} when {{ {claim.assume} }};").ask(context_json(point), (DISCLOSE,))
    if answer.incidents or not (answer.allowed and predicate(claim.condition)(point)):
        raise disagreement(pack.id)
