"""The bytes of an Internet message → header fields and leaf parts (RFC 5322, 2045, 2046, 2231).

Hides the splitting. Promises linear time, no recursion, and the limits on depth, parts and headers.

Header *values* go through the standard library's typed headers (`email.headerregistry`). The splitting
is done here because the library's feed parser calls itself for every nesting level, keeps each part as
text, and raises from inside (a `Content-Type` of open brackets is a `RecursionError`).
"""

from __future__ import annotations

import binascii
import re
from email.headerregistry import HeaderRegistry
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.intake import limits
from habeas.intake.clean import one_line
from habeas.intake.sniff import mail_start
from habeas.kernel.errors import bad, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.intake.tray import Incoming, Tray

_FIELD: Final = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*([^\r\n]*)")
_LINE: Final = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_NEWLINE_BEFORE: Final = re.compile(rb"\r\n\Z|[\r\n]\Z")
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]")
_LONGEST_BOUNDARY: Final = 200
_PLAIN: Final = "text/plain"
_MESSAGES: Final = frozenset({"message/rfc822", "message/global"})
_REGISTRY: Final = HeaderRegistry()


@attrs.frozen
class Headers:
    """Header fields in order: lower-case name, unfolded value as text. `place` is their part's."""

    fields: tuple[tuple[str, str], ...]
    place: str

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a name."""
        return tuple(value for field, value in self.fields if field == name)

    def first(self, name: str) -> str:
        """The first value of a name, "" where there is none."""
        return next((value for field, value in self.fields if field == name), "")


@attrs.frozen
class Leaf:
    """A part that holds content. `alternative` names the multipart/alternative it is one version in."""

    place: str
    media_type: str
    charset: str
    filename: str
    attached: bool
    alternative: str
    depth: int
    body: bytes = attrs.field(repr=False)


@attrs.frozen
class Message:
    """One message: its header fields and its leaves in order."""

    headers: Headers
    leaves: tuple[Leaf, ...]


@attrs.frozen
class _Span:
    place: str
    start: int
    end: int
    depth: int
    alternative: str = ""
    standing_type: str = _PLAIN


@attrs.frozen
class _Content:
    """What a part's Content-… fields say."""

    media_type: str
    boundary: str
    charset: str
    filename: str
    attached: bool
    encoding: str


def split(file: Incoming, tray: Tray) -> Message:
    """Split a message into leaves; messages attached to it are queued in `tray.letters`.

    `BadInput` `intake.mail.too_deep`, `.too_many_parts`, `.too_many_headers`, `.header_too_long`,
    `.headers_too_long`.
    """
    splitter = _Splitter(file, tray)
    waiting = [_Span(file.place, mail_start(file.data), len(file.data), file.depth)]
    top, inner = splitter.open(waiting.pop())
    waiting.extend(reversed(inner))
    while waiting:
        _, inner = splitter.open(waiting.pop())
        waiting.extend(reversed(inner))
    return Message(top, tuple(splitter.leaves))


@attrs.define
class _Splitter:
    """Opens one part after the other, in the order of the message."""

    file: Incoming
    tray: Tray
    leaves: list[Leaf] = attrs.field(factory=list)

    def open(self, span: _Span) -> tuple[Headers, list[_Span]]:
        """Read a part's header fields; the parts inside it, or none once its content is kept."""
        limits.check_depth(span.depth, span.place)
        self.tray.purse.pay_part(span.place)
        headers, body = _headers(self.file.data, span, self.tray)
        content = _content(headers, span.standing_type, self.tray)
        inner = _inner(self.file.data, span, body, content, self.tray)
        if not inner:
            self._keep(span, self.file.data[body : span.end], content)
        return headers, inner

    def _keep(self, span: _Span, body: bytes, content: _Content) -> None:
        decoded = _decoded(body, content.encoding, span.place, self.tray)
        if content.media_type in _MESSAGES:
            outermost = span.place == self.file.place
            self.tray.letters.append(
                attrs.evolve(
                    self.file,
                    place=f"{span.place}/message" if outermost else span.place,
                    filename=content.filename,
                    data=decoded,
                    label=content.media_type,
                    depth=span.depth + 1,
                )
            )
            return
        # a multipart without parts is a text that says it has some
        media_type = _PLAIN if content.media_type.startswith("multipart/") else content.media_type
        self.leaves.append(
            Leaf(
                place=span.place,
                media_type=media_type,
                charset=content.charset,
                filename=content.filename,
                attached=content.attached,
                alternative=span.alternative,
                depth=span.depth,
                body=decoded,
            )
        )


def _headers(data: bytes, span: _Span, tray: Tray) -> tuple[Headers, int]:
    """The header fields of a part and where its body begins.

    That is after the empty line, or at the first line that is no field: what stands there is body, and
    never dropped.
    """
    fields: list[list[bytes]] = []
    at = span.start
    while at < span.end:
        line = _LINE.match(data, at, span.end)
        if line is None or not line[1]:
            at = line.end() if line else at
            break
        if line[1][:1] in b" \t" and fields:
            fields[-1].append(line[1])
        elif field := _FIELD.fullmatch(line[1]):
            fields.append([field[1], field[2]])
        else:
            tray.note(problem("intake.mail.broken_headers", span.place))
            break
        at = line.end()
        _check_headers(len(fields), at - span.start, span.place)
    return Headers(tuple(_field(raw, span.place, tray) for raw in fields), span.place), at


def _check_headers(count: int, length: int, place: str) -> None:
    if count > limits.LIMIT_HEADERS:
        raise bad("intake.mail.too_many_headers", place, limit=limits.LIMIT_HEADERS)
    if length > limits.LIMIT_HEADER_BLOCK:
        raise bad("intake.mail.headers_too_long", place, limit=f"{limits.LIMIT_HEADER_BLOCK:,}")


def _field(raw: list[bytes], place: str, tray: Tray) -> tuple[str, str]:
    value = b"".join(raw[1:])
    if len(value) > limits.LIMIT_HEADER_BYTES:
        raise bad("intake.mail.header_too_long", place, limit=f"{limits.LIMIT_HEADER_BYTES:,}")
    text = value.decode("utf-8", "replace")
    if "\ufffd" in text:
        tray.note(problem("intake.mail.header_charset", place))
    return raw[0].decode("ascii").lower(), text


def typed(headers: Headers, name: str, tray: Tray) -> Any | None:  # noqa: ANN401 - the library's classes are made at run time
    """A field parsed by its grammar into one of the library's header classes, or None with a note.

    Whatever attribute is read of it later has been computed here, so it cannot raise there.
    """
    value = headers.first(name)
    if not value.strip():
        return None
    place = f"{headers.place}/header {name}"
    if len(value) > limits.LIMIT_STRUCTURED_CHARS:
        tray.note(problem("intake.mail.unreadable_header", place))
        return None
    tray.purse.pay_header(len(value), place)
    made = _parsed_header(name, value)
    if made is None:
        tray.note(problem("intake.mail.unreadable_header", place))
    return made


def _parsed_header(name: str, value: str) -> Any | None:  # noqa: ANN401 - see `typed`
    try:
        return _REGISTRY(name, value)
    except Exception:  # noqa: BLE001 - IndexError, RecursionError, AttributeError, …: it raises what happens to break
        return None


def free_text(headers: Headers, name: str, tray: Tray) -> str:
    """A field as one line of text: encoded words decoded (RFC 2047), cleaned, ≤ `LIMIT_LINE_CHARS`."""
    value = headers.first(name)
    place = f"{headers.place}/header {name}"
    made = _parsed_header("subject", value[: limits.LIMIT_UNSTRUCTURED_CHARS]) if value else ""
    if made is None:
        tray.note(problem("intake.mail.unreadable_header", place))
        made = value
    text = one_line(str(made))
    if "\ufffd" in text:
        tray.note(problem("intake.mail.header_charset", headers.place))
    if len(text) > limits.LIMIT_LINE_CHARS or len(value) > limits.LIMIT_UNSTRUCTURED_CHARS:
        tray.note(problem("intake.mail.header_cut", place, limit=limits.LIMIT_LINE_CHARS))
    return text[: limits.LIMIT_LINE_CHARS]


def _content(headers: Headers, standing_type: str, tray: Tray) -> _Content:
    kind = typed(headers, "content-type", tray)
    disposition = typed(headers, "content-disposition", tray)
    params = dict(kind.params) if kind is not None else {}
    name = (dict(disposition.params).get("filename") if disposition is not None else "") or params.get("name")
    return _Content(
        media_type=str(kind.content_type).lower() if kind is not None else standing_type,
        boundary=str(params.get("boundary", "")),
        charset=str(params.get("charset", "")),
        filename=str(name or ""),
        attached=disposition is not None and disposition.content_disposition == "attachment",
        encoding=headers.first("content-transfer-encoding").partition(";")[0].strip().lower(),
    )


def _inner(data: bytes, span: _Span, body: int, content: _Content, tray: Tray) -> list[_Span]:
    """The parts inside a multipart, [] for any other part. No more are looked for than may be."""
    if not content.media_type.startswith("multipart/"):
        return []
    alternative = span.place if content.media_type == "multipart/alternative" else span.alternative
    standing = "message/rfc822" if content.media_type == "multipart/digest" else _PLAIN
    inner: list[_Span] = []
    for number, (start, end) in enumerate(_between(data, content.boundary, body, span.end), start=1):
        if number > limits.LIMIT_PARTS:
            raise bad("intake.mail.too_many_parts", span.place, limit=limits.LIMIT_PARTS)
        inner.append(_Span(f"{span.place}/part {number}", start, end, span.depth + 1, alternative, standing))
    if not inner:
        tray.note(problem("intake.part.no_boundary", span.place))
    return inner


def _between(data: bytes, boundary: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """(start, end) of each part between the delimiter lines of a boundary (RFC 2046 § 5.1.1)."""
    open_at: int | None = None
    for line, after, closing in _delimiters(data, boundary, start, end):
        if open_at is not None:
            yield open_at, max(open_at, _without_newline(data, line))
        open_at = None if closing else after
        if closing:
            break
    if open_at is not None:
        yield open_at, end


def _delimiters(data: bytes, boundary: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether it closes) of each delimiter line; a line that goes on otherwise is none.

    Every body begins after a newline, so each delimiter has one before it. The look-behind stands after
    the words, because a pattern that begins with words is searched much faster.
    """
    if not 0 < len(boundary) <= _LONGEST_BOUNDARY:
        return
    words = re.escape(b"--" + boundary.rstrip().encode("utf-8", "replace"))
    delimiter = re.compile(words + rb"(?<=[\r\n]" + words + rb")(--)?[ \t]*(?:\r\n|\r|\n|\Z)")
    for found in delimiter.finditer(data, start, end):
        yield found.start(), found.end(), found[1] is not None


def _without_newline(data: bytes, line: int) -> int:
    """The newline before a delimiter belongs to the delimiter."""
    before = _NEWLINE_BEFORE.search(data, max(0, line - 2), line)
    return before.start() if before else line


def _decoded(body: bytes, encoding: str, place: str, tray: Tray) -> bytes:
    """The content of a part, its transfer encoding undone (RFC 2045 § 6); damage is noted."""
    match encoding:
        case "base64":
            return _base64(body, place, tray)
        case "quoted-printable":
            return binascii.a2b_qp(body)
        case "" | "7bit" | "8bit" | "binary":
            return body
        case _:
            tray.note(problem("intake.part.unknown_encoding", place))
            return body


def _base64(body: bytes, place: str, tray: Tray) -> bytes:
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        tray.note(problem("intake.part.damaged", place))
        letters = _NOT_BASE64.sub(b"", body)
        whole = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
