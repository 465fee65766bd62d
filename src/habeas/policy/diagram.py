"""Decision diagrams over the facts: every completion of what is unknown at once, exactly.

Hides how "whatever the unknown facts turn out to be" is answered without trying every combination.
A fact is one variable whose points are its (value, source) pairs; a node sends *classes* of points that
the rules cannot tell apart to the same child, so 78 ways to say who asks are one or two branches. Nodes
are shared and ordered (a reduced ordered multi-valued decision diagram), so that

* a diagram that is one leaf holds in every completion;
* the facts that occur in a reduced diagram are exactly those whose value can still change it.

Bounded: a space that would grow past its limit raises `TooWide`, and the caller answers
`undetermined` with an incident, never a guess.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.facts import FACTS
from habeas.policy.schema import SOURCE_SUFFIX, Aspect, Attribute
from habeas.policy.tree import Always, Both, Either, IfElse, Negation, OneOf, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from habeas.domain.facts import FactSet, FactSpec
    from habeas.policy.schema import Point

LIMIT: Final = 40_000
"""Nodes that one space may hold."""


class TooWide(Exception):
    """The space of completions is larger than the bound: nobody may guess."""


@attrs.frozen
class Variable:
    """One fact as a variable: its points, and masks (bit *i* = point *i*) by value and by source."""

    name: str
    points: tuple[tuple[str, str], ...]
    by_value: dict[str, int]
    by_source: dict[str, int]

    @property
    def full(self) -> int:
        """The mask of every point."""
        return (1 << len(self.points)) - 1

    def mask(self, attribute: Attribute, words: Iterable[str]) -> int:
        """The points at which an attribute is one of the words."""
        table = self.by_source if attribute.aspect is Aspect.SOURCE else self.by_value
        found = 0
        for word in words:
            found |= table.get(word, 0)
        return found


def _variable(spec: FactSpec) -> Variable:
    sources = sorted(spec.suppliers, key=lambda s: s.strength)
    points = tuple((value, str(source)) for source in sources for value in spec.domain)

    def masks(part: int) -> dict[str, int]:
        found: dict[str, int] = {}
        for i, point in enumerate(points):
            found[point[part]] = found.get(point[part], 0) | 1 << i
        return found

    return Variable(spec.name, points, masks(0), masks(1))


VARIABLES: Final = tuple(_variable(spec) for spec in FACTS)
INDEX: Final = {variable.name: i for i, variable in enumerate(VARIABLES)}

Masks = tuple[int, ...]
"""Per variable (in the order of the table), the points that are still possible."""

EVERYTHING: Final[Masks] = tuple(variable.full for variable in VARIABLES)


@cache
def _possible(index: int, value: str, source: str) -> int:
    variable = VARIABLES[index]
    if value == v.UNKNOWN:
        return variable.full
    floor = v.Source(source).strength
    at_least = [s for s in variable.by_source if v.Source(s).strength >= floor]
    return variable.by_value[value] & sum(variable.by_source[s] for s in at_least)


def possible(facts: FactSet) -> Masks:
    """What the facts may still turn out to be (contracts.md, *Facts*): an unknown any value at any source
    of its suppliers; a known value itself, at its source or a stronger one.
    """
    return tuple(
        _possible(i, fact.value, str(fact.source))
        for i, fact in enumerate(facts[variable.name] for variable in VARIABLES)
    )


# ------------------------------------------------------------------------------------- diagrams


class Node:
    """A test on one variable; equal nodes of a space are the same object."""

    __slots__ = ("branches", "index")

    def __init__(self, index: int, branches: tuple[tuple[int, Diagram], ...]) -> None:
        self.index = index
        self.branches = branches


Leaf = Any
"""What a diagram may end in: truth values, or answers (hashable, compared by value)."""

Diagram = Any
"""`Node` or `Leaf`."""


class Space:
    """Where diagrams live: shared nodes, remembered results, and the bound."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._nodes: dict[tuple[int, tuple[tuple[int, Diagram], ...]], Node] = {}
        self._memo: dict[tuple[Any, ...], Diagram] = {}

    def __len__(self) -> int:
        return len(self._nodes)

    def node(self, index: int, pieces: Iterable[tuple[int, Diagram]]) -> Diagram:
        """The diagram that tests a variable; pieces with one child are merged, one child alone is it."""
        merged: dict[Diagram, int] = {}
        for mask, child in pieces:
            merged[child] = merged.get(child, 0) | mask
        if len(merged) == 1:
            return next(iter(merged))
        branches = tuple(sorted(((mask, child) for child, mask in merged.items()), key=_by_mask))
        key = (index, branches)
        found = self._nodes.get(key)
        if found is None:
            if len(self._nodes) >= self._limit:
                raise TooWide
            found = self._nodes[key] = Node(index, branches)
        return found

    def both(self, f: Diagram, g: Diagram) -> Diagram:
        """And."""
        if f is False or g is False:
            return False
        if f is True or f is g:
            return g
        if g is True:
            return f
        return self._apply("and", self.both, f, g)

    def either(self, f: Diagram, g: Diagram) -> Diagram:
        """Or."""
        if f is True or g is True:
            return True
        if f is False or f is g:
            return g
        if g is False:
            return f
        return self._apply("or", self.either, f, g)

    def negation(self, f: Diagram) -> Diagram:
        """Not."""
        return self.map("not", lambda leaf: not leaf, f)

    def pair(self, f: Diagram, g: Diagram) -> Diagram:
        """The diagram of both answers, leaf by leaf, as a tuple."""
        if not isinstance(f, Node) and not isinstance(g, Node):
            return (f, g)
        return self._apply("pair", self.pair, f, g)

    def map(self, name: str, change: Callable[[Leaf], Leaf], f: Diagram) -> Diagram:
        """The diagram with every leaf changed; `name` remembers the change."""
        if not isinstance(f, Node):
            return change(f)
        key = (name, f)
        found = self._memo.get(key)
        if found is None:
            pieces = [(mask, self.map(name, change, child)) for mask, child in f.branches]
            found = self._memo[key] = self.node(f.index, pieces)
        return found

    def _apply(
        self, name: str, step: Callable[[Diagram, Diagram], Diagram], f: Diagram, g: Diagram
    ) -> Diagram:
        key = (name, f, g)
        found = self._memo.get(key)
        if found is not None:
            return found
        first = min(d.index for d in (f, g) if isinstance(d, Node))
        pieces: list[tuple[int, Diagram]] = []
        for mask_f, child_f in _branches(f, first):
            for mask_g, child_g in _branches(g, first):
                mask = mask_f & mask_g
                if mask:
                    pieces.append((mask, step(child_f, child_g)))
        found = self._memo[key] = self.node(first, pieces)
        return found

    def of_tree(self, tree: Tree) -> Diagram:
        """The diagram of a condition over every completion there is."""
        match tree:
            case Always(value):
                return value
            case OneOf(attribute, words):
                return self._atom(attribute, words)
            case Negation(arg):
                return self.negation(self.of_tree(arg))
            case Both(left, right):
                return self.both(self.of_tree(left), self.of_tree(right))
            case Either(left, right):
                return self.either(self.of_tree(left), self.of_tree(right))
            case IfElse(test, yes, no):
                when = self.of_tree(test)
                one = self.both(when, self.of_tree(yes))
                return self.either(one, self.both(self.negation(when), self.of_tree(no)))

    def _atom(self, attribute: Attribute, words: Sequence[str]) -> Diagram:
        index = INDEX[attribute.fact]
        variable = VARIABLES[index]
        inside = variable.mask(attribute, words)
        outside = variable.full & ~inside
        return self.node(index, [(m, truth) for m, truth in ((inside, True), (outside, False)) if m])

    def restrict(self, f: Diagram, masks: Masks, memo: dict[Node, Diagram]) -> Diagram:
        """The diagram over the possible points only. `f` may live in another space; `memo` belongs to
        these masks and is shared between calls.
        """
        if not isinstance(f, Node):
            return f
        found = memo.get(f)
        if found is None:
            allowed = masks[f.index]
            pieces = [
                (mask & allowed, self.restrict(child, masks, memo))
                for mask, child in f.branches
                if mask & allowed
            ]
            found = memo[f] = self.node(f.index, pieces)
        return found


def _by_mask(branch: tuple[int, Diagram]) -> int:
    return branch[0]


def _branches(f: Diagram, index: int) -> tuple[tuple[int, Diagram], ...]:
    if isinstance(f, Node) and f.index == index:
        return f.branches
    return ((-1, f),)


def nodes(f: Diagram) -> tuple[Node, ...]:
    """Every node of a diagram, once."""
    seen: dict[Node, None] = {}
    stack = [f]
    while stack:
        here = stack.pop()
        if isinstance(here, Node) and here not in seen:
            seen[here] = None
            stack += [child for _, child in here.branches]
    return tuple(seen)


def leaves(f: Diagram) -> frozenset[Leaf]:
    """What a diagram may still end in."""
    if not isinstance(f, Node):
        return frozenset({f})
    return frozenset(c for n in nodes(f) for _, c in n.branches if not isinstance(c, Node))


def support(f: Diagram) -> tuple[int, ...]:
    """The variables that a reduced diagram depends on, in the order of the table."""
    return tuple(sorted({n.index for n in nodes(f)}))


def path_to(f: Diagram, leaf: Leaf) -> dict[int, int]:
    """One way to a leaf: per variable met, the mask of points to choose from. The leaf must be there."""
    dead: set[Node] = set()

    def walk(here: Diagram) -> dict[int, int] | None:
        if not isinstance(here, Node):
            return {} if here == leaf else None
        if here in dead:
            return None
        for mask, child in here.branches:
            way = walk(child)
            if way is not None:
                way[here.index] = mask
                return way
        dead.add(here)
        return None

    found = walk(f)
    if found is None:
        raise KeyError(leaf)
    return found


ESTABLISHED, OTHERWISE = 1, 2
"""What a fact costs that has yet to be established, and one that would have to be otherwise."""


def distance(f: Diagram, masks: Masks) -> int | None:
    """How far the facts are from making a diagram of truth values hold, or None where nothing could."""
    memo: dict[Node, int | None] = {}

    def step(possible_points: int, mask: int) -> int:
        if not possible_points & mask:
            return OTHERWISE
        return ESTABLISHED if possible_points & ~mask else 0

    def walk(here: Diagram) -> int | None:
        if not isinstance(here, Node):
            return 0 if here else None
        if here not in memo:
            ways = [
                deeper + step(masks[here.index], mask)
                for mask, child in here.branches
                if (deeper := walk(child)) is not None
            ]
            memo[here] = min(ways, default=None)
        return memo[here]

    return walk(f)


def choose(masks: Masks, way: dict[int, int], facts: FactSet) -> Point:
    """A complete point within the masks and along a way, as close to the facts as they stand as it can."""
    point: Point = {}
    for i, variable in enumerate(VARIABLES):
        allowed = masks[i] & way.get(i, -1)
        value, source = variable.points[_pick(variable, allowed, facts)]
        point[variable.name] = value
        point[variable.name + SOURCE_SUFFIX] = source
    return point


def _pick(variable: Variable, allowed: int, facts: FactSet) -> int:
    """The point as it stands where that is allowed, else the weakest one."""
    fact = facts[variable.name]
    if fact.known:
        standing = (fact.value, str(fact.source))
        at = variable.points.index(standing)
        if allowed >> at & 1:
            return at
    return (allowed & -allowed).bit_length() - 1


def only_leaf(f: Diagram, masks: Masks) -> Leaf | None:
    """The one leaf that can still be reached within the masks, or None where there are several."""
    found: set[Leaf] = set()
    seen: set[Node] = set()
    stack = [f]
    while stack:
        here = stack.pop()
        if not isinstance(here, Node):
            found.add(here)
            if len(found) > 1:
                return None
        elif here not in seen:
            seen.add(here)
            stack += [child for mask, child in here.branches if mask & masks[here.index]]
    return next(iter(found))
