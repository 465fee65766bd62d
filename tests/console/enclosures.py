"""Requests with papers of every kind, brought to an office by e-mail."""

from __future__ import annotations

import io
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
from PIL import Image

from habeas.demo.papers.details import PaperKind
from habeas.demo.papers.draw import paper
from habeas.demo.papers.samples import sample
from habeas.usecases.ports import Hints
from habeas.usecases.read import read
from habeas.usecases.receive import receive

if TYPE_CHECKING:
    from tests.console.office import Office

WORDS = "Please send the wage records of Marisol Invented Vega for a criminal investigation."

File = tuple[str, bytes, str]
"""Name, content, media type."""


def bring(office: Office, *files: File, words: str = WORDS, unread: bool = False) -> str:
    """The reference of a new request to the labor department's fraud unit, read unless told otherwise."""
    message = EmailMessage()
    message["From"] = "Agent Invented <agent@ice.dhs.example>"
    message["To"] = "ui-fraud@labor.state.example"
    message["Subject"] = "Records"
    message["Message-ID"] = f"<{len(files)}-{abs(hash((words, *files)))}@ice.dhs.example>"
    message.set_content(words)
    for name, data, media_type in files:
        kind, _, sub = media_type.partition("/")
        message.add_attachment(data, maintype=kind, subtype=sub, filename=name)
    ports = office.desk.ports
    taken = receive(
        ports, message.as_bytes(), "mail.eml", hints=Hints("labor", "ui-fraud", "email"), actor="mailbox"
    )
    if not unread:
        read(ports, taken.case_id, actor="machine")
    return ports.cases.load(taken.case_id).request_ref


def drawn(kind: str) -> File:
    """An invented legal paper."""
    return (f"{kind}.pdf", paper(kind, sample(PaperKind(kind))), "application/pdf")


def together(*kinds: str) -> File:
    """Several papers in one file."""
    out = pdfium.PdfDocument.new()
    for kind in kinds:
        out.import_pages(pdfium.PdfDocument(paper(kind, sample(PaperKind(kind)))))
    return ("bundle.pdf", _bytes(out), "application/pdf")


def long_file(pages: int) -> File:
    """A file of empty pages: no text, so a person must look."""
    out = pdfium.PdfDocument.new()
    for _ in range(pages):
        out.new_page(612, 792)
    return ("exhibits.pdf", _bytes(out), "application/pdf")


def fax(sheets: int) -> File:
    """A fax as a picture file."""
    first, *rest = (Image.new("1", (850, 1100), i % 2) for i in range(sheets))
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=rest)
    return ("fax.tif", out.getvalue(), "image/tiff")


def photo() -> File:
    """A photographed page."""
    out = io.BytesIO()
    Image.new("RGB", (600, 800), "ivory").save(out, "JPEG")
    return ("photo.jpg", out.getvalue(), "image/jpeg")


def _bytes(document: pdfium.PdfDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
