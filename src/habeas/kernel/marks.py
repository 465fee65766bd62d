"""Combining marks piled on one letter: how many follow each other, before anything normalizes a text.

Hides which characters count. Promises linear time. Sorting marks (which every normalization form does)
takes time that grows with the square of their number: 40,000 take over a second, 400,000 minutes. So
nothing untrusted is normalized before it was looked at here. Unicode allows this: no text of any script
has more than 30 in a row (UAX 15 § 13, stream-safe text).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_FALL_APART: Final = "\u0f73\u0f75\u0f81"
"""Tibetan vowel signs of class 0 that decompose into nothing but marks, and are sorted as these are."""


def piled(text: str, limit: int) -> bool:
    """Whether more than `limit` marks follow each other somewhere."""
    return _perhaps(text, limit) and max(_runs(text), default=0) > limit


def thinned(text: str, limit: int) -> str:
    """The text without the marks beyond the first `limit` of each run."""
    if not _perhaps(text, limit):
        return text
    return "".join(char for char, run in zip(text, _runs(text), strict=True) if run <= limit)


def _perhaps(text: str, limit: int) -> bool:
    """Cheap: no mark lies below U+0300, so a text without a long run above it has no pile."""
    return re.search(f"[\u0300-\U0010ffff]{{{limit + 1}}}", text) is not None


def _runs(text: str) -> Iterator[int]:
    """For each character, how many marks in a row end with it (0: it is none)."""
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) or char in _FALL_APART else 0
        yield run
