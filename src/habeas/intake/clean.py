"""Untrusted text → text that is safe to store, show and commit to; untrusted names → file names.

Hides which characters are taken out and why. Promises NFC, no control characters but newline and tab,
no surrogates, no characters that turn reading direction or are invisible: what is stored is what is
seen. The joiners U+200C and U+200D stay, because scripts and emoji need them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from habeas.intake.limits import LIMIT_FILENAME_CHARS, LIMIT_MARKS
from habeas.kernel.marks import piled, thinned

_NEWLINE: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_HARMFUL: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0001\U000e0020-\U000e007f]"
)
_INVISIBLE: Final = re.compile(
    "[\xad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb]"
)
_NOT_IN_NAMES: Final = re.compile(r'[<>:"|?*]')
_LONGEST_EXTENSION: Final = 10


def misleads(text: str) -> bool:
    """Whether cleaning will take out something that misleads or breaks a reader."""
    return _HARMFUL.search(_NEWLINE.sub("\n", text)) is not None or piles_marks(text)


def piles_marks(text: str) -> bool:
    """Whether more than `LIMIT_MARKS` combining marks follow one letter."""
    return piled(text, LIMIT_MARKS)


def clean_text(text: str) -> str:
    """Any text → NFC text whose only control characters are newline and tab."""
    text = _NEWLINE.sub("\n", text)
    text = _SURROGATE.sub("\ufffd", text)
    text = _INVISIBLE.sub("", _HARMFUL.sub("", text))
    return unicodedata.normalize("NFC", thinned(text, LIMIT_MARKS))


def one_line(text: str) -> str:
    """Any text → one line, runs of white space as one space."""
    return " ".join(clean_text(text).split())


def file_name(raw: str, extension: str) -> tuple[str, bool]:
    """A name from outside → (basename of ≤ 120 characters that no path can be made of, whether it changed).

    `extension` (such as `.pdf`) completes the stand-in `paper` where no name is left.
    """
    name = re.split(r"[/\\]", one_line(raw))[-1]
    name = _NOT_IN_NAMES.sub("_", name).strip(" .")
    name = _shortened(name) or f"paper{extension}"
    return name, bool(raw) and name != unicodedata.normalize("NFC", thinned(raw, LIMIT_MARKS))


def _shortened(name: str) -> str:
    if len(name) <= LIMIT_FILENAME_CHARS:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > _LONGEST_EXTENSION:
        return name[:LIMIT_FILENAME_CHARS].rstrip(" .")
    return stem[: LIMIT_FILENAME_CHARS - len(extension) - 1] + dot + extension
