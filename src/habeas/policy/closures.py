"""A condition as a Python function: the second engine, run beside Cedar on every decision.

Hides nothing but speed. Promises to read the tree as Cedar reads the text; where the two differ, the
item is `undetermined` and an incident is written (`evaluate.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from habeas.policy.tree import Always, Both, Either, IfElse, Negation, OneOf, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Predicate = Callable[[Mapping[str, str]], bool]


def predicate(tree: Tree) -> Predicate:
    """A condition → a function from a complete point to whether the condition holds there."""
    match tree:
        case Always(value):
            return lambda _: value
        case OneOf(attribute, words):
            name, wanted = attribute.name, frozenset(words)
            return lambda point: point[name] in wanted
        case Negation(arg):
            inner = predicate(arg)
            return lambda point: not inner(point)
        case Both(left, right):
            one, other = predicate(left), predicate(right)
            return lambda point: one(point) and other(point)
        case Either(left, right):
            one, other = predicate(left), predicate(right)
            return lambda point: one(point) or other(point)
        case IfElse(test, yes, no):
            when, then, otherwise = predicate(test), predicate(yes), predicate(no)
            return lambda point: then(point) if when(point) else otherwise(point)
