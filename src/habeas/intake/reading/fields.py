"""What stands on a paper besides its verdict: numbers, names, dates, statutes, items, each with its place.

Dates are given as `YYYY-MM-DD`; a date that no calendar has is left out. Nothing is inferred: a field
that is not printed is absent, and what a form prints itself (labels, notes, blanks) is no field.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain.facts import Place
from habeas.domain.instrument import Field, FieldName
from habeas.intake.reading import marks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.intake.reading.pages import Box, Cell, Page

F = FieldName

# -------------------------------------------------------------------------------------------- dates

_MONTHS: Final = (
    ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
     "november", "december"),
    ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
     "noviembre", "diciembre"),
)  # fmt: skip
_MONTH: Final = "|".join(m for row in _MONTHS for m in row) + "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
_SHORT_MONTH: Final = 3

DATE: Final = re.compile(
    rf"\b(?P<m1>\d{{1,2}})/(?P<d1>\d{{1,2}})/(?P<y1>\d{{4}}|\d{{2}})\b"
    rf"|\b(?P<y2>\d{{4}})-(?P<m2>\d{{2}})-(?P<d2>\d{{2}})\b"
    rf"|\b(?P<m3>{_MONTH})\.? (?P<d3>\d{{1,2}}),? (?P<y3>\d{{4}})\b"
    rf"|\b(?P<d4>\d{{1,2}})(?: de|st|nd|rd|th)? (?:day of )?(?P<m4>{_MONTH})\.?(?: de|,)? (?P<y4>\d{{4}})\b",
    re.IGNORECASE,
)
_CENTURY: Final = 100
_THIS_CENTURY: Final = 2000


def parse_date(match: re.Match[str]) -> date | None:
    """The date of a `DATE` match, or None where no calendar has it."""
    g = match.groupdict()
    form = next(n for n in "1234" if g[f"y{n}"] is not None)
    year = int(g[f"y{form}"])
    try:
        full = year + _THIS_CENTURY if year < _CENTURY else year
        return date(full, _month(g[f"m{form}"]), int(g[f"d{form}"]))
    except ValueError:
        return None


def _month(text: str) -> int:
    """1 … 12, or 0 for a number or word that is no month."""
    if text.isdigit():
        return int(text)
    low = text.lower()[:_SHORT_MONTH]
    return next((n for row in _MONTHS for n, name in enumerate(row, 1) if name.startswith(low)), 0)


# ----------------------------------------------------------------------------------------- patterns

STATUTE: Final = re.compile(
    r"\b\d{1,2} ?U\.? ?S\.? ?C\.?(?: Sections?| Secs?\.?| §§?)? ?§? ?\d+[a-z]?(?:\([a-zA-Z0-9]+\))*|"
    r"\b\d{1,2} ?C\.? ?F\.? ?R\.?(?: Part| §§?| Sections?)? ?\d+(?:\.\d+)?(?:\([a-zA-Z0-9]+\))*|"
    r"\bC\.?R\.?S\.? ?(?:§ ?)?\d+-[\d.]+-[\d.]+|\bINA (?:§ ?|section )\d+(?:\([a-zA-Z0-9]+\))*",
    re.IGNORECASE,
)
PERSON_BORN: Final = re.compile(
    r"(?P<n>[A-ZÁÉÍÓÚÑ][\w.'\u2019áéíóúñ-]+(?: [A-ZÁÉÍÓÚÑ][\w.'\u2019áéíóúñ-]*){1,4}),?;? ?\(?"
    r"(?:DOB|D\.O\.B\.|date of birth|born(?: on)?|fecha de nacimiento|nacimiento|nacid[oa](?: el)?|F\.?N\.?)"
    r"[:,]? ?(?P<d>\d{4}-\d{2}-\d{2}|[\w/ ,.-]{6,20}\d{4})",
)
"""A name with a date of birth behind it."""

_CASE_NUMBER: Final = re.compile(
    r"(?:CASE|CIVIL ACTION|CRIMINAL ACTION|DOCKET|FILE|ADVERSARY PROCEEDING|MISC(?:ELLANEOUS)?|CAUSE|ACTION)"
    r"\.? ?"
    r"(?:NO\.?|NUMBER|#|NUM\.?)? ?[:.]? ?(?P<n>[A-Z]{0,4}[\dA-Z]*\d[\w:.-]*(?:-[\w]+)*(?: \d{3} \d{3})?)",
    re.IGNORECASE,
)
_FORM: Final = re.compile(
    r"\b(?:AO|DHS FORM|ICE FORM|FORM|CBP FORM|DEA-?|B) ?[-A-Z]*\d[\w-]*(?: ?\((?:REV\. ?)?[\d/]+\))?",
    re.IGNORECASE,
)
_OFFENSE: Final = re.compile(
    r"(?:OFFENSES?(?: ?\(IF CRIMINAL\))?(?: CHARGED| UNDER INVESTIGATION)?|VIOLATIONS? OF|IN VIOLATION OF|"
    r"INVESTIGATION (?:INTO|OF)|CRIMES? OF|EVIDENCE OF)[:\s]+(?P<o>[^.;]{4,140})",
    re.IGNORECASE,
)
_OFFENSE_LABEL: Final = re.compile(r"OFFENSES?( ?\(IF CRIMINAL\))?( CHARGED)?:?")
_NO_OFFENSE: Final = re.compile(
    r"immigration (laws|and nationality)|this (summons|subpoena)|removal|^the (matter|records)", re.IGNORECASE
)
_NAMES_OFFENSE: Final = re.compile(r"[A-Za-z]{4,}|U\.?S\.?C")
_BLANK: Final = re.compile(r"^[\s_.:()$/-]*$")
_DISTRICT: Final = re.compile(
    r"\b((NORTHERN|SOUTHERN|EASTERN|WESTERN|MIDDLE|CENTRAL) )?DISTRICT OF [A-Z][A-Z ]{3,24}$"
)
_COURT: Final = re.compile(r"UNITED STATES.*COURT|COURT.*UNITED STATES")
_AGENCY: Final = re.compile(
    r"DEPARTMENT OF HOMELAND SECURITY|INTERNAL REVENUE SERVICE|DRUG ENFORCEMENT ADMINISTRATION|"
    r"FEDERAL BUREAU|INSPECTOR GENERAL"
)
_SILENCE: Final = re.compile(
    r"(REQUESTED|ORDERED|DIRECTED|COMMANDED) NOT TO DISCLOSE|DO NOT DISCLOSE|SHALL NOT DISCLOSE"
)
_BEFORE_NAME: Final = re.compile(r"^(Subject|Name|Re|To|For|Regarding):? ")

_CAPTION_LENGTH: Final = 70
_DISTRICT_LENGTH: Final = 80
_LETTERHEAD_LENGTH: Final = 90
_FOOTER_LENGTH: Final = 110

# ------------------------------------------------------------------------------------------- reading


@attrs.frozen
class _Spot:
    """A cell being read: its neighbours, its folded text, its page and file."""

    cells: tuple[Cell, ...]
    cell: Cell
    text: str
    page: int
    blob: str

    def field(self, name: FieldName, value: str, cell: Cell | None = None) -> Field:
        """A field found here, or in another cell of the page."""
        where = cell or self.cell
        return Field(name, value.strip(" .,;:"), Place(self.blob, self.page, where.box, where.text))


def read_fields(pages: tuple[Page, ...], blob: str) -> Iterator[Field]:
    """Every field that stands on a paper's pages, each value once."""
    seen: set[tuple[str, str]] = set()
    for field in _all(pages, blob):
        key = (field.name, marks.folded(field.value))
        if key not in seen and not _BLANK.match(field.value):
            seen.add(key)
            yield field


def _all(pages: tuple[Page, ...], blob: str) -> Iterator[Field]:
    for page in pages:
        spots = [_Spot(page.cells, c, marks.folded(c.text), page.number, blob) for c in page.cells]
        for spot in spots:
            yield from _heads(spot)
            yield from _numbers(spot)
            yield from _matters(spot)
            yield from _dates(spot)
        yield from _sections(spots)


def _heads(spot: _Spot) -> Iterator[Field]:
    """Court, district and agency, as captions and letterheads have them."""
    if spot.page == 1 and len(spot.text) < _CAPTION_LENGTH and _COURT.search(spot.text):
        yield spot.field(F.COURT, spot.cell.text)
    district = _DISTRICT.search(spot.text)
    if district and len(spot.text) < _DISTRICT_LENGTH:
        yield spot.field(F.DISTRICT, district[0].title())
    if spot.page == 1 and len(spot.text) < _LETTERHEAD_LENGTH and _AGENCY.search(spot.text):
        yield spot.field(F.AGENCY, spot.cell.text)


def _numbers(spot: _Spot) -> Iterator[Field]:
    """Case number, statutes, form number."""
    number = _CASE_NUMBER.search(spot.cell.text)
    if number:
        yield spot.field(F.CASE_NUMBER, number["n"])
    for statute in STATUTE.finditer(spot.cell.text):
        yield spot.field(F.STATUTE, statute[0])
    form = _FORM.search(spot.cell.text)
    if form and len(spot.cell.text) < _FOOTER_LENGTH:
        yield spot.field(F.FORM_NUMBER, form[0])


def _matters(spot: _Spot) -> Iterator[Field]:
    """Persons, the offense, a demand for silence."""
    for person in PERSON_BORN.finditer(spot.cell.text):
        yield spot.field(F.PERSON, _BEFORE_NAME.sub("", person["n"]))
    if _SILENCE.search(spot.text):
        yield spot.field(F.NONDISCLOSURE, spot.cell.text)
    if _OFFENSE_LABEL.fullmatch(spot.text):
        beside = _right_of(spot)
        if beside is not None and _is_offense(beside.text):
            yield spot.field(F.OFFENSE, beside.text, beside)
    offense = _OFFENSE.search(spot.cell.text)
    if offense and _is_offense(offense["o"]):
        yield spot.field(F.OFFENSE, offense["o"])


def _is_offense(text: str) -> bool:
    """Words or a statute that name an offense; a blank, a label or a civil provision names none."""
    return not (_BLANK.match(text) or _NO_OFFENSE.search(text)) and bool(_NAMES_OFFENSE.search(text))


_LINE: Final = 6
_BESIDE: Final = 200


def _right_of(spot: _Spot) -> Cell | None:
    """The cell right of a label on its line."""
    top, right = spot.cell.box[1], spot.cell.box[2]
    beside = [c for c in spot.cells if abs(c.box[1] - top) < _LINE and 0 <= c.box[0] - right < _BESIDE]
    return min(beside, key=lambda c: c.box[0], default=None)


# ------------------------------------------------------------------------------- dates by their label

_UNTIL: Final = re.compile(r"ON OR BEFORE|NOT LATER THAN|EXECUTE (THIS|IT|THE) .*BEFORE|ANTES DEL")
_RETURN: Final = re.compile(
    r"RETURN (DATE|ON|BY)|DATE AND TIME|APPEAR ON|PRODUCE .* ON|DUE (DATE|BY)|RESPOND BY|"
    r"COMPL(Y|IANCE) (BY|DATE)|NO LATER THAN|BY THE DATE|\(B\) DATE"
)
_ISSUED: Final = re.compile(
    r"DATE(D| ISSUED| AND TIME ISSUED)?:|^DATED?\b|ISSUED (THIS|ON)|DONE (THIS|AND)|ENTERED|"
    r"SIGNED (THIS|ON)|\(DATE\)|GIVEN UNDER"
)
_ISSUED_TIME: Final = re.compile(r"DATE AND TIME ISSUED")


def _dates(spot: _Spot) -> Iterator[Field]:
    """A date with a label that tells what it is: in its cell, over, left of or under it."""
    found = DATE.search(spot.cell.text)
    if found is None or "DOB" in spot.text or "BORN" in spot.text or marks.FILING_HEADER.search(spot.text):
        return
    on = parse_date(found)
    name = _date_name(spot) if on is not None else None
    if on is not None and name is not None:
        yield Field(name, on.isoformat(), Place(spot.blob, spot.page, spot.cell.box, spot.cell.text))


def _date_name(spot: _Spot) -> FieldName | None:
    around = f"{_over(spot)} {spot.text}"
    if _UNTIL.search(spot.text):
        return F.EXECUTE_BY_ON
    if _RETURN.search(around) and not _ISSUED_TIME.search(around):
        return F.RETURN_ON
    return F.ISSUED_ON if _ISSUED.search(f"{around} {_under(spot)}") else None


_CLOSE_ABOVE: Final = 16
_CLOSE_LEFT: Final = 140
_CLOSE_UNDER: Final = 14
_ALIGNED: Final = 30


def _over(spot: _Spot) -> str:
    """The label over or left of a cell: what stands close above in the same column, or on its line."""
    box = spot.cell.box
    near = [
        c.text for c in spot.cells if c is not spot.cell and (_is_above(c.box, box) or _is_left(c.box, box))
    ]
    return marks.folded(" ".join(near))


def _is_above(one: Box, box: Box) -> bool:
    return 0 <= box[1] - one[3] < _CLOSE_ABOVE and one[0] - _ALIGNED <= box[0] <= one[2] + _ALIGNED


def _is_left(one: Box, box: Box) -> bool:
    return abs(one[1] - box[1]) < _LINE - 1 and 0 <= box[0] - one[2] < _CLOSE_LEFT


def _under(spot: _Spot) -> str:
    box = spot.cell.box
    near = [
        c.text for c in spot.cells
        if 0 <= c.box[1] - box[3] < _CLOSE_UNDER and c.box[0] - _ALIGNED <= box[0] <= c.box[2] + 2 * _ALIGNED
    ]  # fmt: skip
    return marks.folded(" ".join(near))


# -------------------------------------------------------------------------------- items and addressees

_ITEMS_HEAD: Final = re.compile(
    r"RECORDS REQUIRED TO BE PRODUCED|FOLLOWING (DOCUMENTS|RECORDS|BOOKS)|ITEMS TO BE SEIZED|ATTACHMENT B|"
    r"PRODUCE THE FOLLOWING|RECORDS? (REQUESTED|TO BE PRODUCED)|PARTICULAR THINGS TO BE SEIZED|"
    r"FOLLOWING (PROPERTY|INFORMATION)|BRING WITH YOU|ELECTRONICALLY STORED INFORMATION,? OR OBJECTS"
)
_ITEMS_END: Final = re.compile(
    r"^(DATE|PLACE|THE FOLLOWING PROVISIONS|\d\. AUTHORIZED|IF YOU HAVE|YOU ARE|INSPECTION|CLERK OF COURT|"
    r"SUBJECT:)"
)
_PRINTED_ITEM: Final = re.compile(
    r"^(APPLICABLE\b|NOT APPLICABLE|MATERIAL:?|SAMPLING OF|\(SEAL\)|PERMIT INSPECTION|\(?(LEAVE )?BLANK IF|"
    r"THE FOLLOWING|TESTING|COURTROOM|OF THE MATERIAL)"
)
"""The end of a form's own sentence over the blank."""

_ITEM_CELLS: Final = 8
_ITEM_LENGTH: Final = 8
"""So many cells below their heading are items; an item is longer than this."""

_TO: Final = re.compile(r"^(\d\. )?TO( ?\(.*?\))?:|^(\d\. )?TO$")
_TO_LABEL: Final = re.compile(r"^(\d\. )?To:? ?(\(.*?\))?", re.IGNORECASE)
_TO_LENGTH: Final = 120
_NAME_LENGTH: Final = 3
_TO_BELOW: Final = 40
_NO_ADDRESSEE: Final = re.compile(
    r"^\(|^ANY [A-Z]+ ?[A-Z]* OFFICER|^ANY OFFICER|^YOU ARE\b|^A LAWSUIT\b|"
    r"^GREETINGS?\b|^PURSUANT\b|^PLACE\b|^FROM\b|:$"
)


def _sections(spots: list[_Spot]) -> Iterator[Field]:
    """Items below their heading, and the addressee beside or below `To:`."""
    taking = 0
    for at, spot in enumerate(spots):
        yield from _addressee(spots, at)
        if _ITEMS_HEAD.search(spot.text):
            taking = _ITEM_CELLS
            continue
        if not taking or _BLANK.match(spot.cell.text):
            continue
        taking -= 1
        if _ITEMS_END.match(spot.text):
            taking = 0
        elif len(spot.text) > _ITEM_LENGTH and not _PRINTED_ITEM.match(spot.text):
            yield spot.field(F.ITEM, spot.cell.text)


def _addressee(spots: list[_Spot], at: int) -> Iterator[Field]:
    """The name behind `To:`, right of it, or below it where a note stands beside the label."""
    spot = spots[at]
    if len(spot.text) >= _TO_LENGTH or not _TO.match(spot.text):
        return
    rest = _TO_LABEL.sub("", spot.cell.text).strip()
    where = spot.cell if len(rest) > _NAME_LENGTH else _beside_or_below(spot)
    value = rest if where is spot.cell else where.text if where is not None else ""
    if value[:1].isupper() and not _NO_ADDRESSEE.search(marks.folded(value)):
        yield spot.field(F.ADDRESSEE, value, where)


def _beside_or_below(spot: _Spot) -> Cell | None:
    left, top, _, bottom = spot.cell.box
    below = [
        c for c in spot.cells
        if bottom - 2 <= c.box[1] and c.box[1] - top <= _TO_BELOW and abs(c.box[0] - left) <= _TO_BELOW
    ]  # fmt: skip
    under = min(below, key=lambda c: c.box[1], default=None)
    return under if ")" in spot.text else _right_of(spot) or under
