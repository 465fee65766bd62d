"""What a file is, by its content: never by its extension, never by a label.

Hides the marks of each format. Promises an answer for any bytes, in time linear in their number.
Words only match where a format begins, so a letter that talks about PDF files stays a letter.
"""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import islice
from typing import Final

from habeas.intake.archive import is_document, is_word_document

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Kind(StrEnum):
    """The kinds of content intake tells apart; the value is the media type."""

    MAIL = "message/rfc822"
    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"
    DOCX = DOCX
    ZIP = "application/zip"
    FORM = "application/json"
    HTML = "text/html"
    TEXT = "text/plain"
    OTHER = "application/octet-stream"


EXTENSIONS: Final[dict[str, Kind]] = {
    ".eml": Kind.MAIL,
    ".pdf": Kind.PDF,
    ".png": Kind.PNG,
    ".jpg": Kind.JPEG,
    ".jpeg": Kind.JPEG,
    ".tif": Kind.TIFF,
    ".tiff": Kind.TIFF,
    ".docx": Kind.DOCX,
    ".zip": Kind.ZIP,
    ".json": Kind.FORM,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".txt": Kind.TEXT,
}
"""What an extension claims; an extension that is not here claims nothing."""

_LABELS: Final = {str(kind): kind for kind in Kind if kind is not Kind.OTHER}
_WRITTEN: Final = frozenset({Kind.TEXT, Kind.HTML, Kind.FORM})

_MAGIC: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"%PDF-", Kind.PDF),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"{\\rtf", Kind.OTHER),
)
_LATE_PDF: Final = re.compile(rb"(?:\A|[\r\n])%PDF-\d")
_LATE_PDF_WITHIN: Final = 1024
_HTML: Final = re.compile(rb"\s*(?:<\?xml[^<>]{0,200}>\s*)?(?:<!doctype\s+html|<html)[\s>]", re.IGNORECASE)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_HIGH_BYTES_OF: Final = 3
_CONTROLS_OF: Final = 100

_HEADER: Final = re.compile(rb"([!-9;-~]{1,100}):([^\r\n]*)")
_LINE: Final = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_MAIL_WITHIN: Final = 64 * 1024
_STRONG: Final = frozenset(
    b"received message-id mime-version return-path delivered-to x-original-to dkim-signature".split()
)
_KNOWN: Final = _STRONG | frozenset(b"from to cc subject date reply-to sender content-type".split())


def sniff(data: bytes) -> Kind:
    """The kind of a file's content; `OTHER` where it is none that intake knows."""
    for mark, kind in _MAGIC:
        if data.startswith(mark):
            return _packed(data) if kind is Kind.ZIP else kind
    if looks_like_mail(data):
        return Kind.MAIL
    if _LATE_PDF.search(data, 0, _LATE_PDF_WITHIN) and b"%%EOF" in data[-_LATE_PDF_WITHIN:]:
        return Kind.PDF
    return _written(data)


def agrees(kind: Kind, filename: str, label: str = "") -> bool:
    """Whether extension and declared media type are true of the content, as far as they claim anything."""
    dot = filename.rfind(".")
    claimed = (EXTENSIONS.get(filename[dot:].lower()) if dot >= 0 else None, _LABELS.get(label))
    return all(c is None or c is kind or {c, kind} <= _WRITTEN for c in claimed)


def extension(kind: Kind) -> str:
    """The usual extension of a kind, `.bin` where there is none."""
    return next((ext for ext, claimed in EXTENSIONS.items() if claimed is kind), ".bin")


def looks_like_mail(data: bytes) -> bool:
    """Whether the bytes begin with the header fields of an Internet message (RFC 5322 § 2.2).

    Two known fields are asked for, one of them written by mail systems only or a `From` with an address:
    a memorandum that begins with `To:` and `From:` lines is a text.
    """
    names: set[bytes] = set()
    strong = False
    for name, value in _leading_fields(data[:_MAIL_WITHIN]):
        names.add(name)
        strong = strong or name in _STRONG or (name == b"from" and b"@" in value)
    return strong and len(names & _KNOWN) > 1


def _leading_fields(data: bytes) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    at = mail_start(data)
    while at < len(data):
        line = _LINE.match(data, at)
        if line is None or not line[1]:
            break
        at = line.end()
        if line[1][:1] in b" \t":
            continue
        field = _HEADER.match(line[1])
        if field is None:
            break
        found.append((field[1].lower(), field[2]))
    return found


def mail_start(data: bytes) -> int:
    """Where a message's first field begins: past a byte order mark, empty lines, a mailbox's `From ` line."""
    at = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    while data[at : at + 1] in (b"\r", b"\n"):
        at += 1
    if data.startswith((b"From ", b">From "), at):
        line = _LINE.match(data, at)
        return line.end() if line else at
    return at


def _packed(data: bytes) -> Kind:
    if is_word_document(data):
        return Kind.DOCX
    return Kind.OTHER if is_document(data) else Kind.ZIP


def _written(data: bytes) -> Kind:
    if not _is_text(data):
        return Kind.OTHER
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return Kind.FORM
    return Kind.HTML if _HTML.match(start) else Kind.TEXT


def _is_text(data: bytes) -> bool:
    """UTF-8 or UTF-16 with next to no control characters, or an eight-bit text of mostly plain letters."""
    if data.startswith(_UTF16):
        return _decodes(data, "utf-16") and "\x00" not in data.decode("utf-16")
    allowed = len(data) // _CONTROLS_OF
    controls = sum(1 for _ in islice(_CONTROL.finditer(data), allowed + 1))
    if controls > allowed:
        return False
    if not _decodes(data, "utf-8"):
        high = len(data) - len(data.translate(None, bytes(range(0x80, 0x100))))
        return controls == 0 and high * _HIGH_BYTES_OF < len(data)
    return True


def _decodes(data: bytes, charset: str) -> bool:
    try:
        data.decode(charset)
    except UnicodeDecodeError:
        return False
    return True
