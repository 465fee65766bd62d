"""What stands on a paper besides its verdict: numbers, names, dates, statutes, items, each with its place.

Dates are given as `YYYY-MM-DD`; a date that no calendar has is left out. Nothing is inferred: a field
that is not printed is absent.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from habeas.domain.facts import Place
from habeas.domain.instrument import Field, FieldName
from habeas.intake.reading import marks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.intake.reading.pages import Cell, Page

F = FieldName

_MONTHS: Final = (
    (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ),
    (
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
)
_MONTH: Final = "|".join(m for row in _MONTHS for m in row) + "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
DATE: Final = re.compile(
    rf"\b(?P<m1>\d{{1,2}})/(?P<d1>\d{{1,2}})/(?P<y1>\d{{4}}|\d{{2}})\b"
    rf"|\b(?P<y2>\d{{4}})-(?P<m2>\d{{2}})-(?P<d2>\d{{2}})\b"
    rf"|\b(?P<m3>{_MONTH})\.? (?P<d3>\d{{1,2}}),? (?P<y3>\d{{4}})\b"
    rf"|\b(?P<d4>\d{{1,2}})(?: de|st|nd|rd|th)? (?:day of )?(?P<m4>{_MONTH})\.?(?: de|,)? (?P<y4>\d{{4}})\b",
    re.IGNORECASE,
)

STATUTE: Final = re.compile(
    r"\b\d{1,2} ?U\.? ?S\.? ?C\.?(?: Sections?| Secs?\.?| §§?)? ?§? ?\d+[a-z]?(?:\([a-zA-Z0-9]+\))*|"
    r"\b\d{1,2} ?C\.? ?F\.? ?R\.?(?: Part| §§?| Sections?)? ?\d+(?:\.\d+)?(?:\([a-zA-Z0-9]+\))*|"
    r"\bC\.?R\.?S\.? ?(?:§ ?)?\d+-[\d.]+-[\d.]+|\bINA (?:§ ?|section )\d+(?:\([a-zA-Z0-9]+\))*",
    re.IGNORECASE,
)

_CASE_NUMBER: Final = re.compile(
    r"(?:CASE|CIVIL ACTION|CRIMINAL ACTION|DOCKET|FILE|ADVERSARY PROCEEDING|MISC(?:ELLANEOUS)?|CAUSE|ACTION)\.? ?"
    r"(?:NO\.?|NUMBER|#|NUM\.?)? ?[:.]? ?(?P<n>[A-Z]{0,4}[\dA-Z]*\d[\w:.-]*(?:-[\w]+)*(?: \d{3} \d{3})?)",
    re.IGNORECASE,
)
_FORM: Final = re.compile(
    r"\b(?:AO|DHS FORM|ICE FORM|FORM|CBP FORM|DEA-?|B) ?[-A-Z]*\d[\w-]*(?: ?\((?:REV\. ?)?[\d/]+\))?",
    re.IGNORECASE,
)
_UNTIL: Final = re.compile(r"ON OR BEFORE|NOT LATER THAN|EXECUTE (THIS|IT|THE) .*BEFORE|ANTES DEL")
_RETURN: Final = re.compile(
    r"RETURN (DATE|ON|BY)|DATE AND TIME|APPEAR ON|PRODUCE .* ON|DUE (DATE|BY)|RESPOND BY|COMPL(Y|IANCE) (BY|DATE)|NO LATER THAN|BY THE DATE|\(B\) DATE"
)
_ISSUED: Final = re.compile(
    r"DATE(D| ISSUED| AND TIME ISSUED)?:|^DATED?\b|ISSUED (THIS|ON)|DONE (THIS|AND)|ENTERED|SIGNED (THIS|ON)|\(DATE\)|GIVEN UNDER"
)
_BLANK: Final = re.compile(r"^[\s_.:()$/-]*$")
_PERSON_BORN: Final = re.compile(
    r"(?P<n>[A-ZÁÉÍÓÚÑ][\w.'’áéíóúñ-]+(?: [A-ZÁÉÍÓÚÑ][\w.'’áéíóúñ-]*){1,4}),?;? ?\(?(?:DOB|D\.O\.B\.|date of birth|born(?: on)?|fecha de nacimiento|F\.?N\.?)[:,]? ?(?P<d>[\w/ ,.-]{6,20}\d{4})",
)
_OFFENSE: Final = re.compile(
    r"(?:OFFENSES?(?: ?\(IF CRIMINAL\))?(?: CHARGED| UNDER INVESTIGATION)?|VIOLATIONS? OF|IN VIOLATION OF|INVESTIGATION (?:INTO|OF)|CRIMES? OF|EVIDENCE OF)[:\s]+(?P<o>[^.;]{4,140})",
    re.IGNORECASE,
)


def parse_date(match: re.Match[str]) -> date | None:
    """The date of a `DATE` match, or None where no calendar has it."""
    g = match.groupdict()
    for n in "1234":
        if g[f"y{n}"] is None:
            continue
        year, month, day = int(g[f"y{n}"]), _month(g[f"m{n}"]), int(g[f"d{n}"])
        try:
            return date(year + 2000 if year < 100 else year, month, day)
        except ValueError:
            return None
    return None


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    low = text.lower()[:3]
    for row in _MONTHS:
        for number, name in enumerate(row, 1):
            if name.startswith(low):
                return number
    return 0


def read_fields(pages: tuple[Page, ...], blob: str) -> Iterator[Field]:
    """Every field that stands on a paper's pages."""
    seen: set[tuple[str, str]] = set()
    for field in _all(pages, blob):
        key = (field.name, marks.folded(field.value))
        if key not in seen and not _BLANK.match(field.value):
            seen.add(key)
            yield field


def _all(pages: tuple[Page, ...], blob: str) -> Iterator[Field]:
    for page in pages:
        cells = page.cells
        for at, cell in enumerate(cells):
            text = marks.folded(cell.text)
            yield from _in_cell(cells, cell, text, page.number, blob)
            yield from _dates(cells, at, text, page.number, blob)
        yield from _sections(page, blob)


def _field(name: FieldName, value: str, page: int, cell: Cell, blob: str) -> Field:
    return Field(name, value.strip(" .,;:"), Place(blob, page, cell.box, cell.text))


def _in_cell(cells: tuple[Cell, ...], cell: Cell, text: str, page: int, blob: str) -> Iterator[Field]:
    if page == 1 and "UNITED STATES" in text and "COURT" in text and len(text) < 70:
        yield _field(F.COURT, cell.text, page, cell, blob)
    district = re.search(
        r"\b((NORTHERN|SOUTHERN|EASTERN|WESTERN|MIDDLE|CENTRAL) )?DISTRICT OF [A-Z][A-Z ]{3,24}$", text
    )
    if district and len(text) < 80:
        yield _field(F.DISTRICT, district[0].title(), page, cell, blob)
    number = _CASE_NUMBER.search(cell.text)
    if number and re.search(r"\d", number["n"]):
        yield _field(F.CASE_NUMBER, number["n"], page, cell, blob)
    for statute in STATUTE.finditer(cell.text):
        yield _field(F.STATUTE, statute[0], page, cell, blob)
    form = _FORM.search(cell.text)
    if form and cell.box[1] > 0 and len(cell.text) < 110:
        yield _field(F.FORM_NUMBER, form[0], page, cell, blob)
    for person in _PERSON_BORN.finditer(cell.text):
        yield _field(
            F.PERSON, re.sub(r"^(Subject|Name|Re|To|For|Regarding):? ", "", person["n"]), page, cell, blob
        )
    if re.search(
        r"(REQUESTED|ORDERED|DIRECTED|COMMANDED) NOT TO DISCLOSE|DO NOT DISCLOSE|SHALL NOT DISCLOSE", text
    ):
        yield _field(F.NONDISCLOSURE, cell.text, page, cell, blob)
    yield from _issuer(cell, text, page, blob)
    yield from _offenses(cells, cell, text, page, blob)


def _issuer(cell: Cell, text: str, page: int, blob: str) -> Iterator[Field]:
    """The agency in a letterhead."""
    if (
        page == 1
        and re.search(
            r"DEPARTMENT OF HOMELAND SECURITY|INTERNAL REVENUE SERVICE|DRUG ENFORCEMENT ADMINISTRATION|FEDERAL BUREAU|INSPECTOR GENERAL",
            text,
        )
        and len(text) < 90
    ):
        yield _field(F.AGENCY, cell.text, page, cell, blob)


def _offenses(cells: tuple[Cell, ...], cell: Cell, text: str, page: int, blob: str) -> Iterator[Field]:
    """An offense beside its label, or within a sentence that names it."""
    if re.fullmatch(r"OFFENSES?( ?\(IF CRIMINAL\))?( CHARGED)?:?", text):
        beside = _right_of(cells, cell)
        if beside is not None and _is_offense(beside.text):
            yield _field(F.OFFENSE, beside.text, page, beside, blob)
    offense = _OFFENSE.search(cell.text)
    if offense and _is_offense(offense["o"]):
        yield _field(F.OFFENSE, offense["o"], page, cell, blob)


def _right_of(cells: tuple[Cell, ...], label: Cell) -> Cell | None:
    """The cell right of a label on its line."""
    beside = [c for c in cells if abs(c.box[1] - label.box[1]) < 6 and 0 <= c.box[0] - label.box[2] < 200]
    return min(beside, key=lambda c: c.box[0], default=None)


def _is_offense(text: str) -> bool:
    """Words or a statute that name an offense; a blank, a label or a civil provision names none."""
    if _BLANK.match(text) or re.search(
        r"immigration (laws|and nationality)|this (summons|subpoena)|removal|^the (matter|records)",
        text,
        re.IGNORECASE,
    ):
        return False
    return bool(re.search(r"[A-Za-z]{4,}|U\.?S\.?C", text))


def _dates(cells: tuple[Cell, ...], at: int, text: str, page: int, blob: str) -> Iterator[Field]:
    found = DATE.search(cells[at].text)
    if found is None or "DOB" in text or "BORN" in text or marks.FILING_HEADER.search(text):
        return
    on = parse_date(found)
    if on is None:
        return
    around = f"{_over(cells, at)} {text}"
    below = _under(cells, at)
    name = F.ISSUED_ON if _ISSUED.search(f"{around} {below}") else None
    if _UNTIL.search(text):
        name = F.EXECUTE_BY_ON
    elif _RETURN.search(around) and not re.search(r"DATE AND TIME ISSUED", around):
        name = F.RETURN_ON
    if name is not None:
        yield Field(name, on.isoformat(), Place(blob, page, cells[at].box, cells[at].text))


def _over(cells: tuple[Cell, ...], at: int) -> str:
    """The label over or left of a cell: what stands close above in the same column, or on its line."""
    box = cells[at].box
    near = [
        c.text
        for i, c in enumerate(cells)
        if i != at
        and (
            (0 <= box[1] - c.box[3] < 16 and c.box[0] - 30 <= box[0] <= c.box[2] + 30)
            or (abs(c.box[1] - box[1]) < 5 and 0 <= box[0] - c.box[2] < 140)
        )
    ]
    return marks.folded(" ".join(near))


def _under(cells: tuple[Cell, ...], at: int) -> str:
    box = cells[at].box
    near = [c.text for c in cells if 0 <= c.box[1] - box[3] < 14 and c.box[0] - 30 <= box[0] <= c.box[2] + 60]
    return marks.folded(" ".join(near))


_ITEMS_HEAD: Final = re.compile(
    r"RECORDS REQUIRED TO BE PRODUCED|FOLLOWING (DOCUMENTS|RECORDS|BOOKS)|ITEMS TO BE SEIZED|ATTACHMENT B|PRODUCE THE FOLLOWING|RECORDS? (REQUESTED|TO BE PRODUCED)|"
    r"PARTICULAR THINGS TO BE SEIZED|FOLLOWING (PROPERTY|INFORMATION)|BRING WITH YOU|ELECTRONICALLY STORED INFORMATION,? OR OBJECTS"
)
_TO: Final = re.compile(r"^(\d\. )?TO\b:?(?P<rest>.*)$")


def _sections(page: Page, blob: str) -> Iterator[Field]:
    """Items below their heading, and the addressee beside or below `To:`."""
    taking = 0
    for at, cell in enumerate(page.cells):
        text = marks.folded(cell.text)
        to = _TO.match(text)
        if to and len(text) < 120:
            rest = re.sub(r"^(\d\. )?To:? ?(\(.*?\))?", "", cell.text, flags=re.IGNORECASE).strip()
            after = page.cells[at + 1] if at + 1 < len(page.cells) else cell
            value, where = (rest, cell) if len(rest) > 3 else (after.text, after)
            if not value.startswith("("):
                yield _field(F.ADDRESSEE, value, page.number, where, blob)
        if _ITEMS_HEAD.search(text):
            taking = 8
            continue
        if taking and text and not _BLANK.match(cell.text):
            taking -= 1
            if re.match(
                r"^(DATE|PLACE|THE FOLLOWING PROVISIONS|\d\. AUTHORIZED|IF YOU HAVE|YOU ARE|INSPECTION|CLERK OF COURT|SUBJECT:)",
                text,
            ):
                taking = 0
            elif len(text) > 8:
                yield _field(F.ITEM, cell.text, page.number, cell, blob)
