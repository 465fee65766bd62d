"""Messages, archives and forms that the intake's tests take apart."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any, Final

from habeas.intake.parse import Parsed, parse
from habeas.kernel.errors import BadInput, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

NOW: Final = datetime(2020, 8, 3, 16, tzinfo=UTC)
PDF: Final = b"%PDF-1.4\nbody\n%%EOF\n"
PNG: Final = b"\x89PNG\r\n\x1a\nbody"
HEAD: Final = b"From: rowan@agency.example\r\nTo: fraud@labor.example\r\nMIME-Version: 1.0\r\n"


def read(data: bytes, filename: str = "a.eml") -> Parsed:
    """The bytes as an arrival of `NOW`."""
    return parse(data, filename, NOW)


def refusal(data: bytes, filename: str = "a.eml") -> Problem:
    """The first problem of bytes that are refused; bytes that are read fail the test."""
    try:
        read(data, filename)
    except BadInput as error:
        return error.problems[0]
    raise AssertionError(filename)


def codes(parsed: Parsed) -> set[str]:
    """The codes of the notes."""
    return {note.code for note in parsed.notes}


def letter(
    text: str = "Please send the wage records.",
    *,
    papers: Iterable[tuple[str, bytes]] = (("a.pdf", PDF),),
    subject: str = "Wage records",
    sender: str = "Rowan Example <rowan@agency.example>",
    date: str = "Mon, 03 Aug 2020 09:12:00 -0600",
    message_id: str = "<1@agency.example>",
    encoding: str = "8bit",
) -> bytes:
    """A message as a mail program writes it."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "fraud@labor.example", subject
    made["Date"], made["Message-ID"] = date, message_id
    made.set_content(text, cte=encoding)
    for name, content in papers:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def archive(files: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in files:
            made.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def form(**members: Any) -> bytes:
    """A JSON form with these members besides the two it must have."""
    return json.dumps({"schema": "habeas.intake.v1", "channel": "portal"} | members).encode()
