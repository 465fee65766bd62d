"""The canonical form is made by the standard library's encoder: here the reference package judges it."""

from __future__ import annotations

from typing import Any

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel import canonical
from habeas.kernel.errors import BadInput

EDGES = '"\\/\n\tàé\u0301\u2028\ud7ff\ue000\uffff\U00010000\U0010ffff{}[]:,u'
"""Characters that are escaped, combined, or sorted differently by UTF-16 units and by code points."""

TEXTS = st.text(st.one_of(st.sampled_from(EDGES), st.characters(exclude_categories=("Cs", "Cc"))), max_size=5)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-canonical.MAX_INT, canonical.MAX_INT), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=25,
)


def normal(value: Any) -> Any:
    """The normalized value, or None where it has no canonical form (two keys that NFC makes one)."""
    try:
        return canonical.normalize(value)
    except BadInput:
        return None


@given(VALUES)
def test_the_bytes_are_those_of_the_reference_package(value: Any) -> None:
    shaped = normal(value)
    assert canonical.encode_normal(shaped) == rfc8785.dumps(shaped)


@given(VALUES)
def test_what_is_normal_is_written_alike_with_and_without_checking(value: Any) -> None:
    shaped = normal(value)
    assert canonical.encode_normal(shaped) == canonical.encode(shaped)
    assert canonical.normalize(shaped) == shaped


@given(st.integers(60, 66), st.text('[]{}"\\a\n', max_size=40))
def test_nesting_is_counted_outside_of_texts_only(already: int, rest: str) -> None:
    """Against a reading of one character after the other."""
    text = "[" * already + rest
    depth = deepest = 0
    inside = escaped = False
    for char in text:
        if inside:
            inside, escaped = (char != '"' or escaped), (char == "\\" and not escaped)
        elif char == '"':
            inside = True
        elif char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    codes = set()
    try:
        canonical.decode(text.encode())
    except BadInput as error:
        codes = {problem.code for problem in error.problems}
    assert ("json.document.too_deep" in codes) == (deepest > canonical.MAX_DEPTH)
