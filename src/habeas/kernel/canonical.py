"""The one byte form of a value: RFC 8785 JSON, NFC strings, no floats, no control characters.

Hides how bytes are made and read. Promises that equal values give equal bytes, that
`decode(encode(x)) == x`, and that `decode` is total: any bytes give a value or a `BadInput`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from typing import Any, Final, NoReturn

import rfc8785

from habeas.kernel.errors import bad

MAX_DEPTH: Final = 64
"""Nesting levels accepted by `decode` and `encode`."""

MAX_INT: Final = 2**53 - 1
"""Largest magnitude of a whole number (RFC 8785 § 3.2.2.3)."""

Json = Any
"""A JSON value without floats: None, bool, int, str, list, dict with text keys."""


def _checked_text(text: str, place: str) -> str:
    for char in text:
        if (char < " " and char not in "\n\t") or "\x7f" <= char <= "\x9f":
            raise bad("json.text.control_character", place)
        if "\ud800" <= char <= "\udfff":
            raise bad("json.text.not_utf8", place)
    return unicodedata.normalize("NFC", text)


def normalize(value: Json, place: str = "document", depth: int = 0) -> Json:
    """The value with NFC texts, checked: no floats, bounded ints, no control characters, depth ≤ 64."""
    if depth > MAX_DEPTH:
        raise bad("json.document.too_deep", place, limit=MAX_DEPTH)
    match value:
        case None | bool():
            return value
        case int():
            if abs(value) > MAX_INT:
                raise bad("json.number.too_large", place)
            return int(value)
        case str():
            return _checked_text(str(value), place)
        case float():
            raise bad("json.number.float", place)
        case list() | tuple():
            return [normalize(v, f"{place}[{i}]", depth + 1) for i, v in enumerate(value)]
        case dict():
            return _normalize_object(value, place, depth)
        case _:
            raise bad("json.value.unsupported", place)


def _normalize_object(value: dict[Any, Any], place: str, depth: int) -> dict[str, Json]:
    result: dict[str, Json] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise bad("json.value.unsupported", place)
        name = _checked_text(key, place)
        if name in result:
            raise bad("json.key.duplicate", place)
        result[name] = normalize(item, f"{place}.{name}", depth + 1)
    return result


def encode(value: Json) -> bytes:
    """The canonical bytes of a value (RFC 8785)."""
    return rfc8785.dumps(normalize(value))


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
    depth, inside, escaped = 0, False, False
    for char in text:
        if inside:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                inside = False
        elif char == '"':
            inside = True
        elif char in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise bad("json.document.too_deep", place, limit=MAX_DEPTH)
        elif char in "]}":
            depth -= 1
