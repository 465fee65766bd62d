"""Piles of combining marks: found and thinned in linear time, other text untouched."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.marks import piled, thinned

MARKS = "\u0301\u0316\u0f73\u0344\u05bc"
TEXTS = st.text(st.sampled_from("ab é\u1faf" + MARKS), max_size=40)


@given(TEXTS, st.integers(0, 6))
def test_a_thinned_text_is_not_piled_and_a_text_that_is_not_piled_stays(text: str, limit: int) -> None:
    thin = thinned(text, limit)
    assert not piled(thin, limit)
    assert (thin == text) is not piled(text, limit)
    assert [c for c in thin if c not in MARKS] == [c for c in text if c not in MARKS]


@given(TEXTS)
def test_what_normalizing_makes_of_a_thin_text_stays_bounded(text: str) -> None:
    """What `canonical.MAX_MARKS` relies on: three more for a letter that comes apart, two for each mark."""
    assert not piled(unicodedata.normalize("NFC", thinned(text, 10)), 2 * 10 + 3)


def test_every_character_that_is_sorted_as_marks_counts_as_one() -> None:
    alone = (chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000)
    sorted_as_marks = [c for c in alone if unicodedata.combining(unicodedata.normalize("NFD", c)[0])]
    assert [c for c in sorted_as_marks if not piled("a" + c, 0)] == []


@pytest.mark.parametrize("mark", ["\u0316\u0301", "\u0f73"])
def test_a_large_pile_ends(mark: str) -> None:
    assert thinned("a" + mark * 500_000 + "b", 30) == "a" + (mark * 30)[:30] + "b"
