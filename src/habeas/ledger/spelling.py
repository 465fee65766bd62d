"""The one spelling of numbers, bytes and texts in the C2SP formats.

Hides base64 and decimals. Promises that a value has one spelling only: stray bits in base64, leading
zeros, digits of other scripts and lone surrogates are refused, so no flipped bit is without effect.
"""

from __future__ import annotations

import binascii
import re
from typing import Final

from habeas.ledger.merkle import HASH_SIZE, MAX_SIZE

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_LINE: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_NO_NOTE: Final = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")


def write_base64(data: bytes) -> str:
    """Bytes → standard base64 (RFC 4648 § 4)."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def read_base64(text: str) -> bytes | None:
    """Standard base64 in its one canonical spelling → bytes, else None."""
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return None
    return data if write_base64(data) == text else None


def read_hash(text: str) -> bytes | None:
    """The base64 of 32 bytes → those bytes, else None."""
    data = read_base64(text)
    return data if data is not None and len(data) == HASH_SIZE else None


def read_decimal(text: str) -> int | None:
    """ASCII digits without leading zeros, at most `MAX_SIZE` → int, else None."""
    value = int(text) if _DECIMAL.fullmatch(text) else MAX_SIZE + 1
    return value if value <= MAX_SIZE else None


def is_line(text: str) -> bool:
    """Whether this is one line of text: not empty, no control character, no lone surrogate."""
    return _LINE.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether a key may have this name: a line without spaces of any kind and without `+`."""
    return _NAME.fullmatch(text) is not None


def is_note_text(text: str) -> bool:
    """Whether a note may hold this text: lines that all end in LF, no other ASCII control character."""
    return text.endswith("\n") and _NO_NOTE.search(text) is None
