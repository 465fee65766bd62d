"""The one byte form of a value: RFC 8785 JSON, NFC strings, no floats, no control characters.

Hides how bytes are made and read. Promises that equal values give equal bytes, that
`decode(encode(x)) == x`, and that `decode` is total: any bytes give a value or a `BadInput`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import unicodedata
from typing import Any, Final, NoReturn

import rfc8785

from habeas.kernel.errors import bad
from habeas.kernel.marks import piled

MAX_DEPTH: Final = 64
"""Nesting levels of lists and objects accepted by `decode` and `encode`."""

MAX_INT: Final = 2**53 - 1
"""Largest magnitude of a whole number (RFC 8785 § 3.2.2.3)."""

MAX_MARKS: Final = 64
"""Combining marks accepted on one letter: more than twice what texts have (`kernel.marks`), so that a text
which intake has thinned is always accepted, also where normalizing splits a letter into more of them."""

Json = Any
"""A JSON value without floats: None, bool, int, str, list, dict with text keys."""


_REFUSED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but newline and tab, and halves of surrogate pairs."""

_SCHEMA_WORD: Final = re.compile(r"[a-z0-9_]{1,40}")

_BEYOND_16_BITS: Final = re.compile("[\U00010000-\U0010ffff]")
_STRUCTURE: Final = re.compile(r"[^\[\]{}]+")
_TEXT: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
"""A text of a JSON document with its quotation marks; the last one may be missing."""

_SORTED: Final = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)


class _Refused(Exception):
    """A value without a canonical form: the code, and where it stands below the value given."""

    def __init__(self, code: str, **slots: int) -> None:
        super().__init__(code)
        self.code, self.slots, self.below = code, slots, ""


def normalize(value: Json, place: str = "document") -> Json:
    """The value with NFC texts, checked: no floats, bounded ints, no control characters, depth ≤ 64."""
    try:
        return _normal(value, 0)
    except _Refused as refused:
        raise bad(refused.code, place + refused.below, **refused.slots) from None


def _normal(value: Json, depth: int) -> Json:
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, dict):
        return _object(value, depth + 1)
    if isinstance(value, list | tuple):
        return _array(value, depth + 1)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > MAX_INT:
            raise _Refused("json.number.too_large")
        return int(value)
    raise _Refused("json.number.float" if isinstance(value, float) else "json.value.unsupported")


def _text(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    found = _REFUSED.search(text)
    if found is not None:
        half = "\ud800" <= found[0] <= "\udfff"
        raise _Refused("json.text.not_utf8" if half else "json.text.control_character")
    _check_marks(text)
    text = unicodedata.normalize("NFC", text)
    _check_marks(text)
    return text


def _check_marks(text: str) -> None:
    if piled(text, MAX_MARKS):
        raise _Refused("json.text.piled_marks", limit=MAX_MARKS)


# In the two loops below, printable ASCII texts (most members of most documents) are not worth a call.


def _object(value: dict[Any, Any], depth: int) -> dict[str, Json]:
    names = [k if type(k) is str and k.isascii() and k.isprintable() else _name(k) for k in value]
    if len(set(names)) < len(names):
        raise _Refused("json.key.duplicate")
    _check_room(depth)
    made: dict[str, Json] = {}
    name = ""
    try:
        for name, v in zip(names, value.values(), strict=True):
            plain = type(v) is str and v.isascii() and v.isprintable()
            made[name] = v if plain else _normal(v, depth)
    except _Refused as refused:
        refused.below = f".{_shown(name, len(made) + 1)}{refused.below}"
        raise
    return made


def _shown(key: str, number: int) -> str:
    """A key as a place may name it: a word of a schema is shown, anything else may be content."""
    return key if _SCHEMA_WORD.fullmatch(key) else f"member {number}"


def _name(key: object) -> str:
    if not isinstance(key, str):
        raise _Refused("json.value.unsupported")
    return _text(str(key))


def _array(value: list[Any] | tuple[Any, ...], depth: int) -> list[Json]:
    _check_room(depth)
    made: list[Json] = []
    try:
        for v in value:
            plain = type(v) is str and v.isascii() and v.isprintable()
            made.append(v if plain else _normal(v, depth))
    except _Refused as refused:
        refused.below = f"[{len(made)}]{refused.below}"
        raise
    return made


def _check_room(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _Refused("json.document.too_deep", limit=MAX_DEPTH)


def encode(value: Json) -> bytes:
    """The canonical bytes of a value (RFC 8785)."""
    return encode_normal(normalize(value))


def encode_normal(normal: Json) -> bytes:
    """The canonical bytes of what `normalize` or `decode` gave; nothing is checked again."""
    text = _SORTED.encode(normal)
    if text.isascii() or not _BEYOND_16_BITS.search(text):
        return text.encode("utf-8")
    # RFC 8785 § 3.2.3 sorts members by UTF-16 units, which is another order only beyond 16 bits
    return rfc8785.dumps(normal)


def digest(value: Json) -> str:
    """SHA-256 over the canonical bytes, in lower-case hexadecimal."""
    return hashlib.sha256(encode(value)).hexdigest()


def commit(salt: bytes, value: Json) -> str:
    """HMAC-SHA256 of the canonical bytes under a salt, hexadecimal: a commitment that hides the value."""
    return hmac.new(salt, encode(value), hashlib.sha256).hexdigest()


def decode(data: bytes, place: str = "document") -> Json:
    """Untrusted bytes → JSON value, refusing duplicate keys, floats, deep nesting and control characters."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise bad("json.text.not_utf8", place) from None
    _check_depth(text, place)

    def no_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        made = dict(pairs)
        if len(made) != len(pairs):
            raise bad("json.key.duplicate", place)
        return made

    def no_float(_: str) -> NoReturn:
        raise bad("json.number.float", place)

    def bounded_int(digits: str) -> int:
        if len(digits) > 17:  # noqa: PLR2004 - one digit and a sign more than 2^53 has
            raise bad("json.number.too_large", place)
        return int(digits)

    try:
        value = json.loads(
            text,
            object_pairs_hook=no_duplicates,
            parse_float=no_float,
            parse_int=bounded_int,
            parse_constant=no_float,
        )
    except json.JSONDecodeError as error:
        raise bad("json.syntax.invalid", place, line=error.lineno, column=error.colno) from None
    return normalize(value, place)


def _check_depth(text: str, place: str) -> None:
    """Refuse deep nesting before the parser recurses; brackets inside texts are passed over."""
    depth = 0
    for bracket in _STRUCTURE.sub("", _TEXT.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            raise bad("json.document.too_deep", place, limit=MAX_DEPTH)
