"""A rule as a typed value: its condition as a tree of six kinds of node, and what it was annotated with.

Hides nothing. Promises that a condition is a finite combination of one kind of atom, *this attribute is
one of these words*: nothing in it can err, and every reader (closures, diagrams, later SQL and a prover)
needs six cases.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from habeas.domain import vocabulary as v
from habeas.policy.schema import Attribute

if TYPE_CHECKING:
    from collections.abc import Iterator


@attrs.frozen
class Always:
    """A constant."""

    value: bool


@attrs.frozen
class OneOf:
    """Whether an attribute is one of these words."""

    attribute: Attribute
    words: tuple[str, ...]


@attrs.frozen
class Negation:
    """Not."""

    arg: Tree


@attrs.frozen
class Both:
    """And."""

    left: Tree
    right: Tree


@attrs.frozen
class Either:
    """Or."""

    left: Tree
    right: Tree


@attrs.frozen
class IfElse:
    """`if test then yes else no`."""

    test: Tree
    yes: Tree
    no: Tree


Tree = Always | OneOf | Negation | Both | Either | IfElse
"""A condition."""


class RuleEffect(StrEnum):
    """Cedar's two effects; a forbid that matches wins over every permit."""

    PERMIT = "permit"
    FORBID = "forbid"


class DutyStart(StrEnum):
    """What starts a duty's clock."""

    RECEIPT = "receipt"
    SERVICE = "service"
    DECISION = "decision"
    REFUSAL = "refusal"
    RELEASE = "release"
    QUARTER_END = "quarter_end"


@attrs.frozen
class Rule:
    """One rule with what it was annotated with.

    `actions` are the questions it answers. `file`, `line` and `place` (its position in the pack's files)
    say where it stands; `order` sorts rules of one rank when several match (`ground`). `since` is the
    first legal date of a rule younger than its pack. `starts`, `days`, `day_kind` are a duty's clock.
    """

    id: str
    effect: RuleEffect
    actions: tuple[str, ...]
    condition: Tree
    text: str
    cite: str
    rank: v.Rank
    verified: bool
    file: str
    line: int
    order: int = 0
    since: date | None = None
    starts: DutyStart | None = None
    days: int | None = None
    day_kind: str = "calendar"


def asked(tree: Tree) -> frozenset[str]:
    """The facts that a condition asks about."""
    return frozenset(atom.attribute.fact for atom in atoms(tree))


def atoms(tree: Tree) -> Iterator[OneOf]:
    """Every atom of a condition, left to right."""
    match tree:
        case Always():
            return
        case OneOf():
            yield tree
        case Negation(arg):
            yield from atoms(arg)
        case Both(left, right) | Either(left, right):
            yield from atoms(left)
            yield from atoms(right)
        case IfElse(test, yes, no):
            yield from atoms(test)
            yield from atoms(yes)
            yield from atoms(no)
