"""What a PDF would unfold to, measured before the library draws a line of it.

A file of a few kilobytes can unfold to gigabytes: a compressed page, or forms that draw forms that draw
forms. The library has no limit of time or memory, so `weigh` refuses such a file first. It reads a *plain
copy*: the file as the library itself writes it again, without encryption and object streams, one form of
every object; so what is measured is what the library will see, however the file was disguised.

Promises one `BadInput` within the limits below, and no memory beyond them.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections import Counter
from typing import Final

import attrs

from habeas.kernel.errors import bad

MAX_STREAM: Final = 32 * 1024 * 1024
"""Bytes that any one stream (a font, a table) may unfold to; pictures are not unfolded by the reader."""

MAX_ALL: Final = 96 * 1024 * 1024
"""Bytes that all of them together may unfold to."""

MAX_PAGE: Final = 2 * 1024 * 1024
"""Bytes of drawing instructions on one page, forms counted each time they are drawn.

A page of law has some ten thousand; two million took the library up to 4 seconds and 700 MB.
"""

MAX_PAGES_TOGETHER: Final = 16 * 1024 * 1024
"""The same over all pages."""

_DEEPEST: Final = 40
"""Forms within forms that the library follows."""

_HARMLESS: Final = frozenset({b"/Image", b"/EmbeddedFile", b"/Metadata", b"/XML"})
"""Kinds of streams that the reader never unfolds."""

_UNFOLDS: Final = frozenset(
    {b"/FlateDecode", b"/Fl", b"/ASCII85Decode", b"/A85", b"/ASCIIHexDecode", b"/AHx"}
)
_AS_IT_IS: Final = frozenset({b"/DCTDecode", b"/JPXDecode", b"/CCITTFaxDecode", b"/JBIG2Decode", b"/Crypt"})

_TOKEN: Final = re.compile(
    rb"<<|>>|[\[\]]|/[^\s<>\[\]()/]*|\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f]*>|(\d+) \d+ R\b|[^\s<>\[\]()/]+",
    re.DOTALL,
)
_END_OF_HEAD: Final = re.compile(rb">>stream\r\n|\r\nendobj\r\n")
_DO: Final = re.compile(rb"(/[^\s<>\[\]()/%]+)\s+Do(?![^\s<>\[\]()/%])")
_ANY_DO: Final = re.compile(rb"(?<![^\s<>\[\]()/%])Do(?![^\s<>\[\]()/%])")


@attrs.frozen
class _Ref:
    """A reference to an object by number."""

    number: int


@attrs.frozen
class _Object:
    """One object: its value, and its stream's bytes as packed, if it has a stream."""

    value: object
    packed: bytes | None = None


def weigh(plain: bytes, place: str) -> None:
    """Refuse a plain copy that unfolds to too much (`reading.pdf.too_heavy`, `reading.pdf.packing`)."""
    objects = _objects(plain)
    contents: dict[int, bytes] = {}
    left = MAX_ALL
    for number, found in objects.items():
        if found.packed is None or _harmless(found.value):
            continue
        unfolded = _unfold(found, place, objects)
        left -= len(unfolded)
        if left < 0:
            raise bad("reading.pdf.too_heavy", place)
        contents[number] = unfolded
    _weigh_pages(objects, contents, place)


# ------------------------------------------------------------------------------------------ objects


def _objects(plain: bytes) -> dict[int, _Object]:
    """Every object of a plain copy, found by its table of offsets."""
    table = plain[_table_at(plain) :].split(b"\r\n")
    offsets = [line.split() for line in table if line.endswith(b" n")]
    found: dict[int, _Object] = {}
    for offset, _, _ in offsets:
        at = int(offset)
        number = int(plain[at : plain.index(b" ", at)])
        head = plain.index(b"obj", at) + len(b"obj")
        end = _END_OF_HEAD.search(plain, head)
        if end is None:
            continue
        streamed = end[0].startswith(b">>")
        value = _parse(plain[head : end.start() + (len(b">>") if streamed else 0)])
        packed = None
        if streamed and isinstance(value, dict):
            length = int(_bytes(value.get(b"/Length")) or b"0")
            packed = plain[end.end() : end.end() + length]
        found[number] = _Object(value, packed)
    return found


def _table_at(plain: bytes) -> int:
    tail = plain[plain.rindex(b"startxref") :].split()
    return int(tail[1])


def _parse(text: bytes) -> object:
    """The value that an object's text says: dict, list, `_Ref`, or the bytes of a token."""
    stack: list[list[object]] = [[]]
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word in (b"<<", b"["):
            stack.append([])
        elif word == b">>" and len(stack) > 1:
            done = stack.pop()
            stack[-1].append(dict(zip(map(_bytes, done[::2]), done[1::2], strict=False)))
        elif word == b"]" and len(stack) > 1:
            stack[-2].append(stack.pop())
        else:
            stack[-1].append(_Ref(int(token[1])) if token[1] else word)
    return stack[0][0] if stack[0] else b""


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def _resolved(value: object, objects: dict[int, _Object]) -> object:
    """The value behind a reference."""
    for _ in range(_DEEPEST):
        if not isinstance(value, _Ref):
            return value
        value = objects[value.number].value if value.number in objects else b""
    return b""


def _entry(value: object, key: bytes, objects: dict[int, _Object]) -> object:
    """An entry of a dictionary, reference followed; `b""` where there is none."""
    found = _resolved(value, objects)
    return _resolved(found.get(key, b""), objects) if isinstance(found, dict) else b""


def _harmless(value: object) -> bool:
    return isinstance(value, dict) and bool(
        {_bytes(value.get(b"/Subtype")), _bytes(value.get(b"/Type"))} & _HARMLESS
    )


# ---------------------------------------------------------------------------------------- unfolding


def _unfold(found: _Object, place: str, objects: dict[int, _Object]) -> bytes:
    """A stream's bytes unpacked, or a refusal where they are too many or packed in a way not measured."""
    packed = found.packed or b""
    named = _entry(found.value, b"/Filter", objects)
    filters = [_bytes(_resolved(f, objects)) for f in named] if isinstance(named, list) else [_bytes(named)]
    filters = [f for f in filters if f]
    if sum(f in (b"/FlateDecode", b"/Fl") for f in filters) > 1 or set(filters) - _UNFOLDS - _AS_IT_IS:
        raise bad("reading.pdf.packing", place)
    for name in filters:
        if name in (b"/FlateDecode", b"/Fl"):
            packed = _inflate(packed)
        elif name in _UNFOLDS:
            packed = _from_ascii(packed, name)
        if len(packed) > MAX_STREAM:
            raise bad("reading.pdf.too_heavy", place)
    return packed


def _inflate(packed: bytes) -> bytes:
    """What can be inflated (a damaged stream ends early), at most one byte more than `MAX_STREAM`."""
    machine = zlib.decompressobj()
    try:
        return machine.decompress(packed, MAX_STREAM + 1)
    except zlib.error:
        return _inflate_by_steps(packed)


def _inflate_by_steps(packed: bytes) -> bytes:
    machine = zlib.decompressobj()
    made = bytearray()
    try:
        for at in range(0, len(packed), 64):
            made += machine.decompress(packed[at : at + 64], MAX_STREAM + 1 - len(made))
            if len(made) > MAX_STREAM:
                break
    except zlib.error:
        pass  # the rest is damaged: the library stops here too
    return bytes(made)


def _from_ascii(packed: bytes, name: bytes) -> bytes:
    """ASCII85 or hexadecimal to bytes; what does not decode counts as it stands (both only shrink)."""
    try:
        if name in (b"/ASCIIHexDecode", b"/AHx"):
            digits = re.sub(rb"\s", b"", packed).split(b">")[0]
            return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
        return base64.a85decode(packed.strip().removeprefix(b"<~").split(b"~")[0])
    except ValueError:
        return packed


# -------------------------------------------------------------------------------------------- pages


@attrs.frozen
class _Drawing:
    """One page or form: the bytes of its own instructions, and which forms it draws how often."""

    size: int
    draws: Counter[int]


def _weigh_pages(objects: dict[int, _Object], contents: dict[int, bytes], place: str) -> None:
    forms = {n for n in contents if _entry(objects[n].value, b"/Subtype", objects) == b"/Form"}
    names = _names(objects, forms)
    drawings = {n: _drawing(contents[n], _own(objects[n].value, objects, forms), names) for n in forms}
    pages = [_page(o.value, objects, contents, forms, names) for o in objects.values() if _is_page(o)]
    weights = {n: d.size for n, d in drawings.items()}
    for _ in range(_DEEPEST):
        after = {n: _heavy(d, weights) for n, d in drawings.items()}
        if after == weights:
            break
        weights = after
    heavy = [_heavy(p, weights) for p in pages]
    if max(heavy, default=0) > MAX_PAGE or sum(heavy) > MAX_PAGES_TOGETHER:
        raise bad("reading.pdf.too_heavy", place)


def _heavy(drawing: _Drawing, weights: dict[int, int]) -> int:
    """A drawing's weight with what it draws, counted no further than is too much anyway."""
    whole = drawing.size + sum(times * weights[form] for form, times in drawing.draws.items())
    return min(whole, MAX_PAGES_TOGETHER + 1)


def _is_page(found: _Object) -> bool:
    return isinstance(found.value, dict) and found.value.get(b"/Type") == b"/Page"


def _page(
    page: object,
    objects: dict[int, _Object],
    contents: dict[int, bytes],
    forms: set[int],
    names: dict[bytes, set[int]],
) -> _Drawing:
    found = page.get(b"/Contents", b"") if isinstance(page, dict) else b""
    listed = _resolved(found, objects)
    parts = listed if isinstance(listed, list) else [found]
    text = b"\n".join(contents.get(p.number, b"") for p in parts if isinstance(p, _Ref))
    return _drawing(text, _inherited(page, objects, forms), names)


def _inherited(page: object, objects: dict[int, _Object], forms: set[int]) -> dict[bytes, int] | None:
    """The forms that a page may draw by name; a page's resources may stand on a page group over it."""
    for _ in range(_DEEPEST):
        own = _own(page, objects, forms)
        if own is not None:
            return own
        page = _entry(page, b"/Parent", objects)
    return None


def _own(value: object, objects: dict[int, _Object], forms: set[int]) -> dict[bytes, int] | None:
    """Name → form in a page's or form's own resources; None where it has none of its own."""
    resources = _entry(value, b"/Resources", objects)
    if not isinstance(resources, dict):
        return None
    drawn = _entry(resources, b"/XObject", objects)
    listed = drawn.items() if isinstance(drawn, dict) else ()
    return {name: ref.number for name, ref in listed if isinstance(ref, _Ref) and ref.number in forms}


def _names(objects: dict[int, _Object], forms: set[int]) -> dict[bytes, set[int]]:
    """Every form that goes by a name anywhere in the file: for forms without resources of their own."""
    found: dict[bytes, set[int]] = {}
    for each in objects.values():
        for name, form in (_own(each.value, objects, forms) or {}).items():
            found.setdefault(name, set()).add(form)
    return found


def _drawing(text: bytes, own: dict[bytes, int] | None, names: dict[bytes, set[int]]) -> _Drawing:
    """What instructions draw. A drawing whose name cannot be told counts for every form it could be."""
    draws: Counter[int] = Counter()
    said = Counter(_DO.findall(text))
    for name, times in said.items():
        plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), name)
        for form in _meant(plain, own, names):
            draws[form] += times
    disguised = len(_ANY_DO.findall(text)) - said.total()
    for form in (
        (set(own.values()) if own is not None else set().union(*names.values())) if disguised > 0 else ()
    ):
        draws[form] += disguised
    return _Drawing(len(text), draws)


def _meant(name: bytes, own: dict[bytes, int] | None, names: dict[bytes, set[int]]) -> set[int]:
    if own is None:
        return names.get(name, set())
    return {own[name]} if name in own else set()
