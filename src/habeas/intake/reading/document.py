"""A file → its instruments: `read_document`, and `describe` for the command line.

Promises that any bytes give a `Reading` or the documented `BadInput`, that a file's name decides
nothing, and that what cannot be read is `unreadable`, never guessed. A page without a text layer is for
OCR, which is not here yet: it makes the paper unreadable.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain.facts import FactSet
from habeas.domain.instrument import FieldName, Instrument, most_cautious, unreadable
from habeas.domain.vocabulary import Authority, ImmigrationPurpose, InstrumentKind, Nature, SignerClass, YesNo
from habeas.intake.reading.claims import Claims, read_claims
from habeas.intake.reading.classify import classify
from habeas.intake.reading.pages import Cell, Page
from habeas.intake.reading.parts import split
from habeas.kernel.errors import BadInput, bad

if TYPE_CHECKING:
    from habeas.domain.facts import Place

PDF: Final = b"%PDF-"
_PDF_WITHIN: Final = 1024
"""A PDF's first line may stand so many bytes into the file."""

_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8", b"BM")

_TEXT_BYTES: Final = 1_000_000
_TEXT_LINES: Final = 2_000
_LINE_LETTERS: Final = 2_000
"""What is read of a plain text."""

_MOSTLY: Final = 0.95
"""So much of a text must be printable."""


@attrs.frozen
class Reading:
    """What was read of one file: its instruments in order, each one's own claims, and its pages."""

    instruments: tuple[Instrument, ...]
    claims: tuple[Claims, ...] = ()
    pages: int = 0
    text_layer: bool = False


def read_document(data: bytes, *, blob: str, agency_names: tuple[str, ...] = ()) -> Reading:
    """The instruments of a file, or `BadInput` (`reading.…`).

    `blob` is the file's address, for the places. What the file was called is not asked: names lie.
    """
    if not data:
        raise bad("reading.file.empty", "file")
    if PDF in data[:_PDF_WITHIN]:
        return _read_pdf(data, blob, agency_names)
    if data.startswith(_PICTURES):
        return Reading((unreadable(),), pages=1)
    text = _plain_text(data)
    if text is None:
        raise bad("reading.file.unknown", "file")
    return _read_text(text, blob, agency_names)


def _read_pdf(data: bytes, blob: str, names: tuple[str, ...]) -> Reading:
    from habeas.intake.reading.pdf import read_pages  # noqa: PLC0415 - only papers need the library

    pages = read_pages(data, "file")
    instruments: list[Instrument] = []
    claims: list[Claims] = []
    for part in split(pages):
        if not part[0].has_text:
            instruments.append(unreadable(part[0].number, part[-1].number))
            continue
        instruments.append(classify(part, blob, names))
        claims.append(_claims(instruments[-1], part, blob, names))
    return Reading(_together(instruments), tuple(claims), len(pages), any(p.has_text for p in pages))


def _together(found: list[Instrument]) -> tuple[Instrument, ...]:
    """The papers of one file: where they differ and one is a court's, a person must say which one asks.

    A letter or message over a paper only brings it.
    """
    brought = [i for i in found if i.kind not in (InstrumentKind.LETTER, InstrumentKind.EMAIL)]
    said = {(i.authority, i.signed, i.proposed) for i in brought}
    if len(said) > 1 and any(i.authority is Authority.JUDICIAL for i in brought):
        return tuple(attrs.evolve(i, needs_person=True) for i in found)
    return tuple(found)


def _claims(paper: Instrument, pages: tuple[Page, ...], blob: str, names: tuple[str, ...]) -> Claims:
    """What a paper claims on its face; a form demands what its own list names, a letter what it says."""
    text = "\n".join(p.text for p in pages if p.has_text)
    listed = "\n".join(f.value for f in paper.all(FieldName.ITEM))
    free = paper.authority in (Authority.NONE, Authority.UNREADABLE)
    demands = None if free and not listed else listed or _ordered(text)
    found = read_claims(text, blob=blob, page=pages[0].number, own_names=names, demands=demands)
    return found if free else attrs.evolve(found, facts=_printed(found.facts, paper))


_PRODUCE: Final = re.compile(
    r"\b(produce|provide|furnish|disclose|turn over|produced|provided)\b", re.IGNORECASE
)
_ORDERED_LETTERS: Final = 600


def _ordered(text: str) -> str:
    """What a paper in running text orders produced: its words from there on, up to a limit."""
    found = _PRODUCE.search(text)
    return text[found.start() : found.start() + _ORDERED_LETTERS] if found else ""


def _printed(facts: FactSet, paper: Instrument) -> FactSet:
    """A form's printed words say that immigration is a purpose; that it is the only one, only a civil form's.

    An I-138 serves "criminal or civil investigations" (8 CFR 287.4(a)(1)).
    """
    purpose = facts["immigration_purpose"]
    if purpose.value != ImmigrationPurpose.SOLE or paper.nature is Nature.CIVIL:
        return facts
    part = attrs.evolve(purpose, value=str(ImmigrationPurpose.PART))
    return facts.merged(FactSet({"immigration_purpose": part}))


# ------------------------------------------------------------------------------------- plain texts


def _plain_text(data: bytes) -> str | None:
    """A text in UTF-8 (cut at a limit), or None where the bytes are no words."""
    text = data[:_TEXT_BYTES].decode("utf-8", "ignore" if len(data) > _TEXT_BYTES else "replace")
    printable = sum(c.isprintable() or c in "\n\r\t" for c in text) - text.count("\N{REPLACEMENT CHARACTER}")
    return text if text.strip() and printable > _MOSTLY * len(text) else None


_LETTER_WIDTH: Final = 6
_LINE_HEIGHT: Final = 12
_LETTER_HEIGHT: Final = 10
_PAPER: Final = (612, 792)


def _read_text(text: str, blob: str, names: tuple[str, ...]) -> Reading:
    """A plain text: a page of cells. No text is signed, and none is a court's or an agency's by its words."""
    lines = [line.strip()[:_LINE_LETTERS] for line in text.splitlines()[:_TEXT_LINES]]
    cells = tuple(
        Cell(line, (0, _LINE_HEIGHT * i, _LETTER_WIDTH * len(line), _LINE_HEIGHT * i + _LETTER_HEIGHT))
        for i, line in enumerate(lines)
        if line
    )
    page = Page(1, _PAPER[0], max(_PAPER[1], _LINE_HEIGHT * len(lines)), cells)
    found = classify((page,), blob, names)
    if found.authority not in (Authority.NONE, Authority.UNREADABLE):
        found = unreadable()  # the words of a paper without the paper: a person must see the paper
    elif found.authority is Authority.NONE:
        found = attrs.evolve(found, signed=YesNo.NO, signer_class=SignerClass.NONE)
    return Reading((found,), (read_claims(text, blob=blob, own_names=names),), 1, text_layer=True)


# -------------------------------------------------------------------------------------- description


def describe(data: bytes, filename: str, agency: tuple[str, ...] = ()) -> dict[str, Any]:
    """The document of `habeas read` for one file (contracts.md; `habeas.reading.v1`). Total.

    The top level is the most cautious instrument; a file that cannot be read is `unreadable`, and
    `problems` says why.
    """
    problems: list[dict[str, str]] = []
    try:
        instruments = read_document(data, blob="", agency_names=agency).instruments
    except BadInput as error:
        problems = [p.as_json() for p in error.problems]
        instruments = (unreadable(),)
    top = most_cautious(instruments) or unreadable()
    return {
        "file": filename,
        "authority": str(top.authority),
        "kind": str(top.kind),
        "signed": str(top.signed),
        "signer_class": str(top.signer_class),
        "needs_person": any(i.needs_person for i in instruments),
        "instruments": [_instrument(i) for i in instruments],
        "evidence": [_told(e.claim, e.value, e.place) for e in top.evidence],
        "problems": problems,
    }


def _instrument(i: Instrument) -> dict[str, Any]:
    return {
        "kind": str(i.kind),
        "authority": str(i.authority),
        "signer_class": str(i.signer_class),
        "signed": str(i.signed),
        "filled": str(i.filled),
        "compulsion": str(i.compulsion),
        "civil_or_criminal": str(i.nature),
        "reaches_records": {"records": "yes", "unknown": "unknown"}.get(str(i.reaches), "no"),
        "addressed_to_us": str(i.addressed_to_us),
        "proposed": str(i.proposed),
        "pages": [i.first_page, i.last_page],
        "confidence": i.confidence,
        "needs_person": i.needs_person,
        "fields": [_told(str(f.name), f.value, f.place) for f in i.fields],
    }


def _told(claim: str, value: str, place: Place) -> dict[str, Any]:
    return {
        "claim": claim,
        "value": value,
        "page": place.page,
        "box": list(place.box) if place.box else None,
        "text": place.text,
    }
