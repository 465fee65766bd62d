"""Conditions as formulas: every request at once, by an SMT solver that knows nothing of our diagrams.

Hides z3, and that facts become enumeration sorts of a context of its own: z3's default context is shared by
the whole process and must not be used from two threads, so each job makes a `World`. Promises that a
question is answered for every value of every fact at every source that may supply it (`domain.facts`), or
`Undecided` is raised; that a request it finds is one of those nearest to a plain one; and that which one it
finds does not depend on the version of the solver.

`unknown` is no value here, as in every other reading: what holds for every complete request holds for every
completion of an incomplete one, so no effect that a decision gives can break it.

z3's own optimiser is not used: it has more than once given models that break what was asserted (seen while
this was written, with a solver made for finite domains). A plain solver and a bound on the cost are enough.
"""

from __future__ import annotations

from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

from habeas.domain.facts import FACTS
from habeas.kernel.errors import bad
from habeas.policy.effect import EFFECTS
from habeas.policy.schema import ATTRIBUTES, QUESTIONS, SOURCE_SUFFIX, SOURCE_TYPE
from habeas.policy.tree import Always, Both, Either, IfElse, Negation, OneOf, RuleEffect, Tree, atoms

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from types import ModuleType

    from habeas.domain.facts import FactSpec
    from habeas.domain.vocabulary import Effect, Rank
    from habeas.policy.schema import Point
    from habeas.policy.tree import Rule

TIMEOUT_MS: Final = 10_000
"""Milliseconds that one question may take; past them nobody guesses."""

Formula = Any
"""A Boolean term of one world."""

Place = tuple[str, str]
"""What a fact may be: (value, source)."""


class Undecided(Exception):
    """The solver gave up or ran out of time. Neither proved nor refuted."""


def _z3() -> ModuleType:
    try:
        import z3  # type: ignore[import-untyped]  # noqa: PLC0415 - 57 MB that few commands need
    except ImportError:
        raise bad("policy.solver.missing", "policy") from None
    found: ModuleType = z3
    return found


def solver_name() -> str:
    """Which solver proves, for the record: name and version."""
    _z3()
    return f"z3 {metadata.version('z3-solver')}"


# ------------------------------------------------------------------------------------- a plain request

_QUIET: Final = ("no", "none", "absent", "not_filed")
_PLAIN: Final = {"requester_component": "other_federal", "requester_federal": "yes", "written": "yes"}


def usual(spec: FactSpec) -> str:
    """A fact's value in a plain request: a federal letter with nothing behind it.

    Not a default of any decision: only what a counterexample is told apart from.
    """
    wanted = (_PLAIN.get(spec.name), *_QUIET)
    return next((word for word in wanted if word in spec.domain), spec.domain[0])


@cache
def places(spec: FactSpec) -> tuple[Place, ...]:
    """What a fact may be, the plainest first: the usual value, then the weakest source, then the table."""
    sources = sorted(spec.suppliers, key=lambda s: s.strength)
    plain = usual(spec)
    values = sorted(spec.domain, key=lambda value: value != plain)
    return tuple((value, str(source)) for source in sources for value in values)


def place_of(point: Point, spec: FactSpec) -> Place:
    """A fact's value and source at a point."""
    return point[spec.name], point[spec.name + SOURCE_SUFFIX]


_VALUE: Final = 2
_SOURCE: Final = 1
"""What a value, and what a source, that is not plain adds to how far a request is from a plain one."""


def _cost(point: Point) -> int:
    """How far a point is from a plain request."""
    found = 0
    for spec in FACTS:
        (value, source), (plain_value, plain_source) = place_of(point, spec), places(spec)[0]
        found += _VALUE * (value != plain_value) + _SOURCE * (source != plain_source)
    return found


# ------------------------------------------------------------------------------------- a world


class World:
    """Every request there is, in a z3 context of its own. Formulas of two worlds do not mix."""

    def __init__(self, timeout_ms: int = TIMEOUT_MS) -> None:
        self._z3 = _z3()
        self._context = self._z3.Context()
        self._timeout = timeout_ms
        self._words: dict[str, dict[str, Formula]] = {}
        self._pinned: dict[tuple[str, Place], Formula] = {}
        self._facts = {a.name: self._constant(a.name, a.type_name, a.words) for a in ATTRIBUTES.values()}
        self._table = [
            self.any_of(self._is(spec.name + SOURCE_SUFFIX, str(s)) for s in spec.suppliers) for spec in FACTS
        ]
        self._steps = [step for spec in FACTS for step in self._costs(spec)]
        self._near: dict[int, Formula] = {}

    def _constant(self, name: str, type_name: str, words: tuple[str, ...]) -> Formula:
        """A fact's value or source as a constant of its word list's sort."""
        if type_name not in self._words:
            named = [f"{type_name}.{word}" for word in words]
            _, members = self._z3.EnumSort(type_name, named, ctx=self._context)
            self._words[type_name] = dict(zip(words, members, strict=True))
        return self._z3.Const(name, next(iter(self._words[type_name].values())).sort())

    def _is(self, name: str, word: str) -> Formula:
        type_name = SOURCE_TYPE if name.endswith(SOURCE_SUFFIX) else ATTRIBUTES[name].type_name
        return self._facts[name] == self._words[type_name][word]

    # ------------------------------------------------------------------ formulas

    def truth(self, *, value: bool) -> Formula:
        """A constant."""
        return self._z3.BoolVal(value, self._context)

    def any_of(self, formulas: Iterable[Formula]) -> Formula:
        """Or; of nothing: false."""
        return self._z3.Or([*formulas, self.truth(value=False)])

    def all_of(self, *formulas: Formula) -> Formula:
        """And; of nothing: true."""
        return self._z3.And([*formulas, self.truth(value=True)])

    def negation(self, formula: Formula) -> Formula:
        """Not."""
        return self._z3.Not(formula)

    def read(self, tree: Tree) -> Formula:
        """Where a condition holds; a word outside its list, or an attribute that is not there, nowhere."""
        match tree:
            case Always(value):
                return self.truth(value=value)
            case OneOf(attribute, words):
                known = self._words[attribute.type_name] if attribute.name in self._facts else {}
                return self.any_of(self._is(attribute.name, word) for word in words if word in known)
            case Negation(arg):
                return self.negation(self.read(arg))
            case Both(left, right):
                return self.all_of(self.read(left), self.read(right))
            case Either(left, right):
                return self.any_of((self.read(left), self.read(right)))
            case IfElse(test, yes, no):
                return self._z3.If(self.read(test), self.read(yes), self.read(no))

    def errs(self, tree: Tree) -> Formula:
        """Where a condition errs as Cedar reads it: from left to right, and no further than it must.

        Of what a tree can hold, only an attribute that is not there errs; the schema requires every one.
        """
        if all(atom.attribute.name in self._facts for atom in atoms(tree)):
            return self.truth(value=False)
        match tree:
            case Negation(arg):
                return self.errs(arg)
            case Both(left, right):
                return self.any_of((self.errs(left), self.all_of(self.read(left), self.errs(right))))
            case Either(left, right):
                reached = self.all_of(self.negation(self.read(left)), self.errs(right))
                return self.any_of((self.errs(left), reached))
            case IfElse(test, yes, no):
                branch = self._z3.If(self.read(test), self.errs(yes), self.errs(no))
                return self.any_of((self.errs(test), branch))
            case _:
                return self.truth(value=True)

    # ------------------------------------------------------------------ questions

    def find(self, formula: Formula) -> Point | None:
        """Some request where a formula holds, or None: there is none. `Undecided` otherwise."""
        return self._model(self._solver(formula))

    def shortest(self, formula: Formula) -> Point | None:
        """The request nearest to a plain one where a formula holds, or None.

        Of several as near, the one that keeps the facts late in the table plain: always the same one.
        """
        solver = self._solver(formula)
        point = self._model(solver)
        if point is None:
            return None
        least = 0
        while least < (most := _cost(point)):
            middle = (least + most) // 2
            nearer = self._model(solver, self._within(middle))
            least, point = (middle + 1, point) if nearer is None else (least, nearer)
        solver.add(self._within(least))
        return self._settled(solver, point)

    def because(self, formula: Formula, point: Point) -> tuple[str, ...]:
        """Facts of a point that by themselves make a formula hold, whatever the others are; none of them
        can be left out. Plain facts are left out first. In the order of the table.
        """
        solver = self._solver(self.negation(formula))
        pins = {spec.name: self._z3.Bool(f"pin.{spec.name}", self._context) for spec in FACTS}
        for spec in FACTS:
            solver.add(self._z3.Implies(pins[spec.name], self._at(spec, place_of(point, spec))))
        kept = set(pins)
        plain_last = sorted(FACTS, key=lambda spec: place_of(point, spec) == places(spec)[0])
        for spec in reversed(plain_last):
            if not self._satisfiable(solver, *(pins[n] for n in kept - {spec.name})):
                kept.discard(spec.name)
        return tuple(spec.name for spec in FACTS if spec.name in kept)

    def values_at(self, point: Point, formulas: Iterable[Formula]) -> tuple[bool, ...]:
        """Which formulas hold for one request."""
        solver = self._solver(self.all_of(*(self._at(spec, place_of(point, spec)) for spec in FACTS)))
        if not self._satisfiable(solver):
            raise Undecided
        model = solver.model()
        return tuple(bool(self._z3.is_true(model.eval(f, model_completion=True))) for f in formulas)

    def _at(self, spec: FactSpec, place: Place) -> Formula:
        key = (spec.name, place)
        if key not in self._pinned:
            value, source = self._is(spec.name, place[0]), self._is(spec.name + SOURCE_SUFFIX, place[1])
            self._pinned[key] = self.all_of(value, source)
        return self._pinned[key]

    def _solver(self, formula: Formula) -> Any:  # noqa: ANN401 - an object of z3
        solver = self._z3.Solver(ctx=self._context)
        solver.set("timeout", self._timeout)
        solver.add(*self._table, formula)
        return solver

    def _satisfiable(self, solver: Any, *assumed: Formula) -> bool:  # noqa: ANN401 - an object of z3
        answer = solver.check(*assumed)
        if answer == self._z3.unknown:
            raise Undecided
        return bool(answer == self._z3.sat)

    def _model(self, solver: Any, *also: Formula) -> Point | None:  # noqa: ANN401 - an object of z3
        solver.push()
        solver.add(*also)
        try:
            if not self._satisfiable(solver):
                return None
            model = solver.model()
            return {
                name: str(model.eval(fact, model_completion=True).decl().name()).partition(".")[2]
                for name, fact in self._facts.items()
            }
        finally:
            solver.pop()

    def _settled(self, solver: Any, point: Point) -> Point:  # noqa: ANN401 - an object of z3
        """Fact by fact from the end of the table, the plainest place that is still possible."""
        for spec in reversed(FACTS):
            for place in places(spec):
                pin = self._at(spec, place)
                found = point if place == place_of(point, spec) else self._model(solver, pin)
                if found is not None:
                    point = found
                    solver.add(pin)
                    break
        return point

    def _within(self, bound: int) -> Formula:
        """Requests at most so far from a plain one."""
        if bound not in self._near:
            self._near[bound] = self._z3.PbLe(self._steps, bound)
        return self._near[bound]

    def _costs(self, spec: FactSpec) -> tuple[tuple[Formula, int], tuple[Formula, int]]:
        """What it costs that a fact is not plain: its value, and its source."""
        value, source = places(spec)[0]
        other_value = self.negation(self._is(spec.name, value))
        other_source = self.negation(self._is(spec.name + SOURCE_SUFFIX, source))
        return (other_value, _VALUE), (other_source, _SOURCE)


# ------------------------------------------------------------------------------------- rules in a world


class Encoding:
    """Rules that decide together, in a world: Cedar's combination and the table of effects as formulas."""

    def __init__(self, world: World, rules: Iterable[Rule]) -> None:
        self.world = world
        self.rules = tuple(rules)
        self._holds = {rule.id: world.read(rule.condition) for rule in self.rules}
        self._answers = {question: self.answer(question) for question in QUESTIONS}

    def holds(self, rule: Rule) -> Formula:
        """Where a rule matches."""
        return self._holds[rule.id]

    def some(self, action: str, effect: RuleEffect, at_least: Rank | None = None) -> Formula:
        """Where some permit or forbid of an action matches; with `at_least`, one of that rank or higher."""
        return self.world.any_of(
            self.holds(rule)
            for rule in self.rules
            if action in rule.actions
            and rule.effect is effect
            and (at_least is None or rule.rank.place <= at_least.place)
        )

    def answer(self, action: str) -> Formula:
        """Where Cedar allows an action: some permit matches and no forbid does."""
        forbidden = self.world.negation(self.some(action, RuleEffect.FORBID))
        return self.world.all_of(self.some(action, RuleEffect.PERMIT), forbidden)

    def effect(self, effects: Container[Effect]) -> Formula:
        """Where the effect is one of some."""
        answers = tuple(self._answers.values())
        rows = [row for row, effect in EFFECTS.items() if effect in effects]
        return self.world.any_of(
            self.world.all_of(
                *(a if wanted else self.world.negation(a) for a, wanted in zip(answers, row, strict=True))
            )
            for row in rows
        )

    def effect_at(self, point: Point) -> Effect:
        """The effect of one request, as the solver has it."""
        contest, compel, disclose = self.world.values_at(point, self._answers.values())
        return EFFECTS[contest, compel, disclose]
