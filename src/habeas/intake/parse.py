"""Untrusted bytes → a typed value, or problems with positions. The only door of intake.

Hides formats. Promises that it is total: any bytes give a `Parsed` or a `BadInput` whose problems name
place and remedy and hold nothing of the content; and that it reads no clock, file or network.

What a file is, its content says (`sniff`). Kinds: Internet message, JSON form `habeas.intake.v1`, plain
text, HTML, PDF, PNG, JPEG, TIFF, DOCX, and zip archives of these. Limits: `limits`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from habeas.domain.vocabulary import Channel
from habeas.intake import limits
from habeas.intake.charset import decode
from habeas.intake.mail import read_letters, read_mail, read_text
from habeas.intake.parsed import Paper, Parsed, Sender
from habeas.intake.sniff import Kind, agrees, sniff
from habeas.intake.tray import Incoming, Tray
from habeas.kernel.errors import bad, problem

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Paper", "Parsed", "Sender", "opaque", "parse"]


def parse(data: bytes, filename: str, received_at: datetime) -> Parsed:
    """Read an arrival. `filename` is only what it came under; `received_at` is an aware instant.

    `BadInput` with codes `intake.<noun>.<problem>` (from a form also `json.…`) for anything that cannot
    be used; the caller keeps the bytes and puts the arrival into quarantine.
    """
    if not data.strip():
        raise bad("intake.file.empty", "file")
    if len(data) > limits.LIMIT_BYTES:
        raise bad("intake.file.too_large", "file", limit=f"{limits.LIMIT_BYTES:,}")
    kind, tray = sniff(data), Tray()
    if kind in (Kind.MAIL, Kind.FORM, Kind.TEXT, Kind.HTML) and not agrees(kind, filename):
        tray.note(problem("intake.paper.wrong_label", "file", found=kind))
    match kind:
        case Kind.MAIL:
            return read_mail(Incoming("message", filename, data), received_at, tray)
        case Kind.FORM:
            return _form(data, received_at, tray)
        case Kind.TEXT | Kind.HTML:
            return _text(data, received_at, tray, html=kind is Kind.HTML)
        case Kind.PDF | Kind.PNG | Kind.JPEG | Kind.TIFF | Kind.DOCX | Kind.ZIP:
            return _papers(Incoming("file", filename, data), received_at, tray)
        case Kind.OTHER:
            raise bad("intake.file.unknown_kind", "file")


def opaque(data: bytes, filename: str, received_at: datetime) -> Parsed:
    """Any bytes as one paper that a person must read: for what `parse` refused and a person released."""
    tray = Tray()
    tray.note(problem("intake.paper.unknown_kind", "file"))
    paper = Paper(tray.name(filename, ".bin", "file"), str(Kind.OTHER), data)
    return Parsed(received_at, Channel.FILE, data, papers=(paper,), notes=tuple(tray.notes))


def _form(data: bytes, received_at: datetime, tray: Tray) -> Parsed:
    from habeas.intake.json_form import read_form  # noqa: PLC0415 - pydantic takes long to load; only forms need it

    return read_form(data, received_at, tray)


def _text(data: bytes, received_at: datetime, tray: Tray, *, html: bool) -> Parsed:
    tray.purse.pay_text(len(data), "file")
    text, guessed = decode(data)
    if guessed:
        tray.note(problem("intake.text.charset_guessed", "file"))
    message = read_text(text, "file", tray, html=html)
    limits.check_text(message, "file")
    return Parsed(received_at, Channel.FILE, data, message=message, notes=tuple(tray.notes))


def _papers(file: Incoming, received_at: datetime, tray: Tray) -> Parsed:
    tray.purse.pay_bytes(len(file.data), file.place)
    tray.take(file)
    read_letters(tray)
    return Parsed(received_at, Channel.FILE, file.data, papers=tuple(tray.papers), notes=tuple(tray.notes))
