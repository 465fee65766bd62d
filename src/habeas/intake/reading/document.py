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
from habeas.intake.reading import marks
from habeas.intake.reading.claims import Claims, read_claims
from habeas.intake.reading.classify import classify
from habeas.intake.reading.pages import Cell, Page, read_pages
from habeas.kernel.errors import BadInput, bad

if TYPE_CHECKING:
    from collections.abc import Iterator

PDF: Final = b"%PDF-"
_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8", b"BM")


@attrs.frozen
class Reading:
    """What was read of one file: its instruments in order, each one's own claims, and its pages."""

    instruments: tuple[Instrument, ...]
    claims: tuple[Claims, ...] = ()
    pages: int = 0
    text_layer: bool = False


def read_document(data: bytes, *, blob: str, agency_names: tuple[str, ...] = ()) -> Reading:
    """The instruments of a file. What the file was called is not asked: names lie."""
    if not data:
        raise bad("reading.file.empty", "file")
    if data.lstrip()[:5] == PDF or PDF in data[:1024]:
        return _read_pdf(data, blob, agency_names)
    if data.startswith(_PICTURES):
        return Reading((unreadable(),), pages=1)
    text = _plain_text(data)
    if text is None:
        raise bad("reading.file.unknown", "file")
    return _read_text(text, blob, agency_names)


def _read_pdf(data: bytes, blob: str, names: tuple[str, ...]) -> Reading:
    pages = read_pages(data, "file")
    instruments: list[Instrument] = []
    claims: list[Claims] = []
    for part in split(pages):
        readable = [p for p in part if p.has_text]
        if not part[0].has_text:
            instruments.append(unreadable(part[0].number, part[-1].number))
            continue
        instruments.append(classify(part, blob, names))
        claims.append(_claims(instruments[-1], readable, blob, names))
    return Reading(tuple(instruments), tuple(claims), len(pages), any(p.has_text for p in pages))


def _claims(paper: Instrument, pages: list[Page], blob: str, names: tuple[str, ...]) -> Claims:
    """What a paper claims on its face; a form demands what its own list names, a letter what it says."""
    text = "\n".join(p.text for p in pages)
    listed = [f.value for f in paper.all(FieldName.ITEM)]
    free = paper.authority in (Authority.NONE, Authority.UNREADABLE)
    demands = None if free and not listed else "\n".join(listed) or _ordered(text)
    found = read_claims(text, blob=blob, page=pages[0].number, own_names=names, demands=demands)
    return found if free else attrs.evolve(found, facts=_printed(found.facts, paper))


_PRODUCE: Final = re.compile(
    r"\b(produce|provide|furnish|disclose|turn over|produced|provided)\b", re.IGNORECASE
)


def _ordered(text: str) -> str:
    """What a paper in running text orders produced: its words from there on, up to 600 characters."""
    found = _PRODUCE.search(text)
    return text[found.start() : found.start() + 600] if found else ""


def _printed(facts: FactSet, paper: Instrument) -> FactSet:
    """A form's printed words say that immigration is a purpose; that it is the only one, only a civil form's.

    An I-138 serves "criminal or civil investigations" (8 CFR 287.4(a)(1)).
    """
    purpose = facts["immigration_purpose"]
    if purpose.value != ImmigrationPurpose.SOLE or paper.nature is Nature.CIVIL:
        return facts
    return facts.merged(
        FactSet({"immigration_purpose": attrs.evolve(purpose, value=str(ImmigrationPurpose.PART))})
    )


def _plain_text(data: bytes) -> str | None:
    try:
        text = data[:1_000_000].decode("utf-8")
    except UnicodeDecodeError:
        return None
    printable = sum(c.isprintable() or c in "\n\r\t" for c in text)
    return text if text and printable > 0.95 * len(text) else None


def _read_text(text: str, blob: str, names: tuple[str, ...]) -> Reading:
    """A plain text: a page of cells. No text is signed, and none is a court's paper by its words."""
    lines = text.splitlines()[:2000]
    cells = tuple(
        Cell(line.strip(), (0, 12 * i, 6 * len(line), 12 * i + 10))
        for i, line in enumerate(lines)
        if line.strip()
    )
    found = classify((Page(1, 612, max(792, 12 * len(lines)), cells),), blob, names)
    if found.authority not in (Authority.NONE, Authority.UNREADABLE):
        found = unreadable()  # the words of a paper without the paper: a person must see the paper
    elif found.kind in (InstrumentKind.LETTER, InstrumentKind.OTHER):
        found = attrs.evolve(found, signed=YesNo.NO, signer_class=SignerClass.NONE)
    return Reading((found,), (read_claims(text, blob=blob, own_names=names),), 1, text_layer=True)


def split(pages: tuple[Page, ...]) -> Iterator[tuple[Page, ...]]:
    """Pages cut where another paper begins: a form's own heading or a court's caption on a later page."""
    start = 0
    for i in range(1, len(pages)):
        if _begins(pages[i], pages[start]):
            yield pages[start:i]
            start = i
    yield pages[start:]


_CONTINUES: Final = re.compile(
    r"\(?PAGE \d+\)?|PROOF OF SERVICE|^RETURN$|CERTIFICATION$|ATTACHMENT [A-Z]\b|FEDERAL RULE OF|^RULE \d+|CERTIFICATE OF SERVICE|WARNING OF DEPART"
)


def _begins(page: Page, before: Page) -> bool:
    head = [marks.folded(c.text) for c in page.cells[:14]]
    if not head or any(_CONTINUES.search(h) for h in head):
        return False
    own, former = _form_of(page), _form_of(before)
    return own is not None and own != former


def _form_of(page: Page) -> str | None:
    """The form whose number or full title stands on a page, or an order's heading under a caption."""
    for form in marks.FORMS:
        titles = [re.compile(t) for t in form.titles]
        for cell in page.cells[:30]:
            folded = marks.folded(cell.text).strip(" .:*")
            if any(t.fullmatch(folded) for t in titles) and len(folded) > 8:
                return str(form.kind)
    return None


def describe(data: bytes, filename: str, agency: tuple[str, ...] = ()) -> dict[str, Any]:
    """The document of `habeas read` for one file (contracts.md, Command line). Total."""
    problems: list[dict[str, str]] = []
    try:
        reading = read_document(data, blob="", agency_names=agency)
        instruments = reading.instruments
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
        "evidence": [_evidence(e.claim, e.value, e.place) for e in top.evidence],
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
        "fields": [_evidence(str(f.name), f.value, f.place) for f in i.fields],
    }


def _evidence(claim: str, value: str, place: Any) -> dict[str, Any]:  # noqa: ANN401 - a Place
    return {
        "claim": claim,
        "value": value,
        "page": place.page,
        "box": list(place.box) if place.box else None,
        "text": place.text,
    }
