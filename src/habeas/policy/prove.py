"""What a rule pack guarantees for every request there is: proved, or refuted by a request that shows it.

Hides how the questions are put to the solver. Promises that a proof covers every value of every fact at
every source that may supply it, on every date from the pack's first day; that an assumption no request
fits is `vacuous` and one the solver cannot settle `unknown`, neither of which counts as proved; that the
decision diagrams, which share nothing with the solver, give the same verdict on every claim; and that a
counterexample was confirmed by Cedar and by the closures (`example.py`).

*Binding* invariants hold for every pack, or it must not be used. They follow from how rules are combined,
except where a lower rule takes back what a higher one asks (a `forbid` on `compel` or `contest`), which only
a proof finds. *Claims* are what a pack is said to do (`invariants.toml`): shown either way, never blocking.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.text import Text
from habeas.policy.catalogue import with_required
from habeas.policy.diagram import EVERYTHING, Space, TooWide
from habeas.policy.effect import OPEN
from habeas.policy.engine import engine_name
from habeas.policy.example import (
    ABOUT,
    CONFIRMED,
    Example,
    Side,
    confirm,
    confirm_assumed,
    days,
    disagreement,
    example,
    period,
)
from habeas.policy.pack import freeze
from habeas.policy.schema import COMPEL, CONTEST, DISCLOSE
from habeas.policy.solver import Undecided, World, solver_name
from habeas.policy.tree import RuleEffect, asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from habeas.policy.example import Period
    from habeas.policy.pack import Claim, Pack, PolicyVersion
    from habeas.policy.prepared import Prepared
    from habeas.policy.solver import Encoding, Formula
    from habeas.policy.tree import Rule

    Stopwatch = Callable[[], float]
    """Seconds from some beginning: `time.perf_counter`, where somebody wants to know how long it took."""

SCHEMA: Final = "habeas.proof.v1"


class Kind(StrEnum):
    """Whether an invariant must hold, or is only said to."""

    BINDING = "binding"
    CLAIM = "claim"


class Verdict(StrEnum):
    """How an invariant stands. Only `proved` is good."""

    PROVED = "proved"
    REFUTED = "refuted"
    VACUOUS = "vacuous"
    UNKNOWN = "unknown"


@attrs.frozen
class Proof:
    """One invariant and how it stands. `rules` are those at fault where no request can show it; `remark` is
    what a reader could take the proof for and must not; `milliseconds` is None where nobody measured.
    """

    id: str
    kind: Kind
    say: Text
    verdict: Verdict
    rules: tuple[str, ...] = ()
    counterexample: Example | None = None
    side: Side | None = None
    remark: Text | None = None
    milliseconds: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The invariant object of `habeas.proof.v1`."""
        timed = {} if self.milliseconds is None else {"milliseconds": self.milliseconds}
        return {
            "id": self.id,
            "kind": str(self.kind),
            "say": self.say.as_json(),
            "verdict": str(self.verdict),
            "rules": list(self.rules),
            "remark": self.remark.as_json() if self.remark else None,
            "counterexample": self._counterexample(),
            **timed,
        }

    def _counterexample(self) -> dict[str, Any] | None:
        if self.counterexample is None or self.side is None:
            return None
        answer = {"effect": str(self.side.effect), "rules": [hit.as_json() for hit in self.side.rules]}
        return {"request": self.counterexample.as_json(), **answer}


@attrs.frozen
class PackProof:
    """A pack with what it requires, and every invariant of it."""

    pack: Pack
    version: PolicyVersion
    proofs: tuple[Proof, ...]

    @property
    def proved(self) -> bool:
        """Whether everything is proved, claims too."""
        return all(proof.verdict is Verdict.PROVED for proof in self.proofs)

    @property
    def binding_proved(self) -> bool:
        """Whether the pack may be used at all."""
        return all(p.verdict is Verdict.PROVED for p in self.proofs if p.kind is Kind.BINDING)

    def as_json(self) -> dict[str, Any]:
        """The pack object of `habeas.proof.v1`."""
        return {
            "pack": self.pack.id,
            "digest": self.pack.digest,
            "policy": self.version.digest,
            "with": [{"pack": p.id, "digest": p.digest} for p in self.version.packs if p.id != self.pack.id],
            "proved": self.proved,
            "invariants": [proof.as_json() for proof in self.proofs],
        }


def prove(pack: Pack, watch: Stopwatch | None = None) -> PackProof:
    """An admitted pack → the binding invariants and its claims, with the packs it requires.

    `BadInput` `policy.solver.missing` where z3 is not installed; `BrokenInvariant`
    `policy.solver.disagreement` where two readings of the rules differ.
    """
    version = freeze(with_required((pack,)))
    job = _Job(version, pack.id, pack.effective_from, watch)
    proofs = (*job.binding((pack,)), *(job.claim(pack, claim) for claim in pack.claims))
    return PackProof(pack, version, proofs)


def prove_version(version: PolicyVersion, watch: Stopwatch | None = None) -> tuple[Proof, ...]:
    """The binding invariants of packs that decide together, each rule with what its own pack requires.

    Claims are not asked: a pack's claims speak of that pack.
    """
    begin = min((p.effective_from for p in version.packs if p.effective_from), default=None)
    return _Job(version, "policy", begin, watch).binding(version.packs)


# ------------------------------------------------------------------------------------- what is asked

_BINDING: Final = {
    "no_rule_errs": Text("No rule can fail while it is read.", "Ninguna regla puede fallar al leerse."),
    "every_rule_can_match": Text(
        "Every rule can decide something.", "Toda regla puede decidir algo."
    ),
    "higher_rank_prevails": Text(
        "What a higher law closes or has contested, no lower rule opens.",
        "Lo que una ley superior cierra o manda impugnar, ninguna regla inferior lo abre.",
    ),
    "process_is_never_refused": Text(
        "What a court's paper compels is never simply refused.",
        "Lo que exige el documento de un tribunal nunca se rechaza sin más.",
    ),
}  # fmt: skip

JUDGE_IS_NOT_CRIME: Final = Text(
    "Closed to papers without a judge, not to immigration use: judges have signed papers for civil "
    "immigration enforcement (Blackie's House of Beef, D.C. Cir. 1981).",
    "Cerrado a documentos sin juez, no al uso migratorio: hay jueces que firmaron documentos para aplicar "
    "la ley civil de inmigración (Blackie's House of Beef, D.C. Cir. 1981).",
)
"""What a proof that turns on who signed could be taken for."""

_EVERY: Final = frozenset(v.Effect)
_NOT_REFUSED: Final = frozenset({v.Effect.REQUIRED, v.Effect.CONFLICT, v.Effect.CONTEST_FIRST})


def _taken_back(law: Encoding, action: str, kept: frozenset[v.Effect]) -> Formula:
    """Where what some permit of an action asks is lost, although nothing of its rank or higher forbids it."""
    world = law.world
    return world.any_of(
        world.all_of(
            law.holds(rule),
            world.negation(law.some(action, RuleEffect.FORBID, rule.rank)),
            law.effect(_EVERY - kept),
        )
        for rule in law.rules
        if action in rule.actions and rule.effect is RuleEffect.PERMIT
    )


def _lower_opens(law: Encoding) -> Formula:
    """Where something that a rule of any rank closes is open, or a lower rule undoes a duty to contest."""
    opened = law.world.all_of(law.some(DISCLOSE, RuleEffect.FORBID), law.effect(OPEN))
    return law.world.any_of((opened, _taken_back(law, CONTEST, frozenset({v.Effect.CONTEST_FIRST}))))


def _process_refused(law: Encoding) -> Formula:
    """Where process that compels comes out neither required nor contested nor before counsel."""
    return _taken_back(law, COMPEL, _NOT_REFUSED)


_BREACHES: Final = {"higher_rank_prevails": _lower_opens, "process_is_never_refused": _process_refused}
"""Per binding invariant that a request can break: where it is broken."""


class _Job:
    """The questions about one version, in one world."""

    def __init__(
        self, version: PolicyVersion, place: str, begin: date | None, watch: Stopwatch | None
    ) -> None:
        self._version = version
        self._place = place
        self._watch = watch
        self._world = World()
        self._periods = tuple(period(self._world, version, on) for on in days((version,), (begin,)))

    # ------------------------------------------------------------------ binding

    def binding(self, packs: Iterable[Pack]) -> tuple[Proof, ...]:
        """The binding invariants; rules that cannot match are looked for in these packs."""
        own = tuple(packs)
        return (
            self._proof("no_rule_errs", self._none_errs),
            self._proof("every_rule_can_match", lambda blank: self._each_decides(blank, own)),
            *(self._proof(name, self._unbroken) for name in _BREACHES),
        )

    def _proof(self, name: str, settle: Callable[[Proof], Proof]) -> Proof:
        return self._settled(Proof(name, Kind.BINDING, _BINDING[name], Verdict.PROVED), settle)

    def _settled(self, blank: Proof, settle: Callable[[Proof], Proof]) -> Proof:
        """A proof, settled and timed; what the solver cannot settle is `unknown`."""
        began = self._watch() if self._watch else 0.0
        try:
            made = settle(blank)
        except Undecided:
            made = attrs.evolve(blank, verdict=Verdict.UNKNOWN)
        if self._watch is None:
            return made
        return attrs.evolve(made, milliseconds=round((self._watch() - began) * 1000))

    def _none_errs(self, blank: Proof) -> Proof:
        rules = [rule for _, rule in self._version.all_rules()]
        return _faulty(blank, [r for r in rules if self._world.find(self._world.errs(r.condition))])

    def _each_decides(self, blank: Proof, packs: tuple[Pack, ...]) -> Proof:
        dead = [rule for pack in packs for rule in pack.rules if not self._decides(pack, rule)]
        return _faulty(blank, dead)

    def _decides(self, pack: Pack, rule: Rule) -> bool:
        """Whether a rule matches somewhere where no forbid of its pack, or of one it requires, beats it."""
        near = _near(self._version, pack)
        return any(
            self._world.find(self._undefeated(p.law, rule, near)) is not None
            for p in self._periods
            if rule in p.law.rules
        )

    def _undefeated(self, law: Encoding, rule: Rule, near: frozenset[str]) -> Formula:
        if rule.effect is RuleEffect.FORBID:
            return law.holds(rule)
        free = [
            self._world.negation(
                self._world.any_of(law.holds(r) for r in law.rules if _beats(r, action, near))
            )
            for action in rule.actions
        ]
        return self._world.all_of(law.holds(rule), self._world.any_of(free))

    def _unbroken(self, blank: Proof) -> Proof:
        for p in self._periods:
            found = example(self._world, _BREACHES[blank.id](p.law), self._day(p))
            if found:
                return _refuted(blank, found, confirm(p, found.point, self._place))
        return blank

    # ------------------------------------------------------------------ claims

    def claim(self, pack: Pack, claim: Claim) -> Proof:
        """How one claim stands."""
        blank = Proof(claim.id, Kind.CLAIM, claim.say, Verdict.PROVED, remark=_remark(claim))
        return self._settled(blank, lambda proof: self._claim(proof, pack, claim))

    def _claim(self, blank: Proof, pack: Pack, claim: Claim) -> Proof:
        assumed = self._world.read(claim.condition)
        if self._world.find(assumed) is None:
            return attrs.evolve(blank, verdict=Verdict.VACUOUS, remark=None)
        for p in self._periods:
            breach = self._world.all_of(assumed, p.law.effect(_EVERY - claim.effects))
            found = example(self._world, breach, self._day(p))
            if broken_by_diagram(p.ready, claim) not in (None, found is not None):
                raise disagreement(self._place)
            if found:
                confirm_assumed(pack, claim, found.point)
                return _refuted(blank, found, confirm(p, found.point, self._place))
        return blank

    def _day(self, p: Period) -> date | None:
        return p.on if len(self._periods) > 1 else None


def _near(version: PolicyVersion, pack: Pack) -> frozenset[str]:
    """The rules of a pack and of those it requires, and so on, as the version has them."""
    by_id = {p.id: p for p in version.packs}
    found, waiting = {pack.id: pack}, [pack]
    while waiting:
        for needed in waiting.pop().manifest.requires:
            if needed not in found:
                found[needed] = by_id[needed]
                waiting.append(found[needed])
    return frozenset(rule.id for p in found.values() for rule in p.rules)


def _beats(rule: Rule, action: str, near: frozenset[str]) -> bool:
    return rule.effect is RuleEffect.FORBID and action in rule.actions and rule.id in near


def _faulty(blank: Proof, rules: list[Rule]) -> Proof:
    verdict = Verdict.REFUTED if rules else Verdict.PROVED
    return attrs.evolve(blank, verdict=verdict, rules=tuple(rule.id for rule in rules))


def _refuted(blank: Proof, found: Example, side: Side) -> Proof:
    return attrs.evolve(blank, verdict=Verdict.REFUTED, counterexample=found, side=side, remark=None)


def _remark(claim: Claim) -> Text | None:
    """A claim that closes, and that turns on who signed, is easily taken for more than it says."""
    closes = claim.effects.isdisjoint(OPEN) and "paper_signer" in asked(claim.condition)
    return JUDGE_IS_NOT_CRIME if closes else None


def broken_by_diagram(ready: Prepared, claim: Claim) -> bool | None:
    """Whether a claim can be broken, as the decision diagrams have it; None: too wide to say."""
    if ready.effect is None:
        return None
    space = Space()
    try:
        effect = space.restrict(ready.effect, EVERYTHING, {})
        against = space.map("against", lambda e: e not in claim.effects, effect)
        return space.both(space.of_tree(claim.condition), against) is not False
    except TooWide:
        return None


# ------------------------------------------------------------------------------------- told

_VERDICTS: Final = {
    Verdict.PROVED: Text("proved", "demostrado"),
    Verdict.REFUTED: Text("refuted", "refutado"),
    Verdict.VACUOUS: Text("says nothing (no request is like that)", "no dice nada (no hay solicitud así)"),
    Verdict.UNKNOWN: Text("not settled in time", "sin resolver a tiempo"),
}
_SHOWN_BY: Final = Text("A request that shows it:", "Una solicitud que lo muestra:")
_ANSWER: Final = Text("Answer", "Respuesta")
_RULES: Final = Text("Rules at fault", "Reglas con falla")


def document(found: Iterable[PackProof]) -> dict[str, Any]:
    """Some packs' proofs as `habeas.proof.v1`."""
    packs = tuple(found)
    return {
        "schema": SCHEMA,
        "solver": solver_name(),
        "engine": engine_name(),
        "about": ABOUT.as_json(),
        "proved": all(p.proved for p in packs),
        "packs": [p.as_json() for p in packs],
    }


def lines(found: Iterable[PackProof], language: v.Language) -> list[str]:
    """Some packs' proofs as a terminal shows them."""
    told: list[str] = []
    for p in found:
        told.append(f"{p.pack.id} {p.pack.digest[:12]}")
        told += [f"  {line}" for proof in p.proofs for line in _proof_lines(proof, language)]
    return [*told, ABOUT.of(language), f"{solver_name()}, {engine_name()}"]


def _proof_lines(proof: Proof, language: v.Language) -> list[str]:
    told = [f"{_VERDICTS[proof.verdict].of(language)}: {proof.say.of(language)} [{proof.id}]"]
    if proof.remark:
        told.append(f"  {proof.remark.of(language)}")
    if proof.rules:
        told.append(f"  {_RULES.of(language)}: {', '.join(proof.rules)}")
    if proof.counterexample and proof.side:
        told.append(f"  {_SHOWN_BY.of(language)}")
        told += [f"    {line}" for line in proof.counterexample.say(language)]
        told.append(f"  {_ANSWER.of(language)}: {proof.side.say(language)} {CONFIRMED.of(language)}")
    return told
