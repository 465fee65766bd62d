"""One paper's pages, folded once, and the questions asked of them: headings, head and body, captions.

Promises that a heading is found only where headings stand: a cell of its own, written as one, on the first
page, above the running text. What an article, an e-mail or an exhibit quotes lies below that and is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs

from habeas.intake.reading import marks
from habeas.intake.reading.pages import Cell, Page, around

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from habeas.intake.reading.forms import FormMark

HEADING: Final = 450
NUMBER: Final = 300
PHRASE: Final = 130
CAPTION: Final = 300
"""What a mark is worth: a form needs a heading, or its number, and something more (`ENOUGH`)."""

ENOUGH: Final = 500
_PHRASES: Final = 3
"""At most so many phrases count."""

_HEAD_LINES: Final = 60
_CAPTION_LINES: Final = 40
_CAPTION_LENGTH: Final = 90
_HEADING_LENGTH: Final = 150
_TORN_PIECES: Final = 12
_TORN_PIECE: Final = 8
"""A torn caption's pieces, and how long each is at most."""

_PROSE_LENGTH: Final = 50
_PROSE_SMALL: Final = 0.6
"""A line of running text is so long and has so great a part of small letters."""

_PROSE_APART: Final = 40
_PROSE_BETWEEN: Final = 3
"""Two such lines so close (points; other cells between) begin the body."""


@attrs.frozen
class Line:
    """A cell of the paper with its page and its folded text."""

    page: int
    cell: Cell
    folded: str


@attrs.frozen
class Seen:
    """A mark that was found: what it is worth and where it stands."""

    worth: int
    page: int
    cell: Cell


@attrs.frozen
class Sheet:
    """The pages of one paper with their lines, filing headers left out.

    `head` are the first page's lines above its running text.
    """

    pages: tuple[Page, ...]
    lines: tuple[Line, ...]
    head: tuple[Line, ...]
    text: str

    @property
    def pictured(self) -> bool:
        """Whether the first page is covered by a picture."""
        return self.pages[0].pictured

    def find(self, pattern: re.Pattern[str], worth: int = CAPTION) -> Seen | None:
        """The first line that holds a pattern."""
        return next((Seen(worth, x.page, x.cell) for x in self.lines if pattern.search(x.folded)), None)

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether a pattern stands anywhere, over the ends of lines too."""
        return pattern.search(self.text) is not None

    def headings(self) -> Iterator[Line]:
        """The head's lines that are written as headings, in reading order."""
        return (x for x in self.head if len(x.folded) <= _HEADING_LENGTH and is_heading(x.cell))

    def heading(self, pattern: re.Pattern[str]) -> Line | None:
        """The first heading that matches a pattern from its first letter on."""
        return next((x for x in self.headings() if pattern.match(x.folded.strip(" .:*"))), None)


def sheet(pages: tuple[Page, ...]) -> Sheet:
    """Fold the text of some pages."""
    lines = tuple(
        Line(p.number, c, f)
        for p in pages
        for c in p.cells
        if not marks.FILING_HEADER.search(f := marks.folded(c.text))
    )
    first = [x for x in lines if x.page == pages[0].number]
    head = tuple(first[: _body_at(first)][:_HEAD_LINES])
    return Sheet(pages, lines, head, " ".join(x.folded for x in lines))


def _body_at(lines: list[Line]) -> int:
    """The index of the first of two lines of running text that stand close together."""
    last = -1
    for at, line in enumerate(lines):
        if not _is_prose(line.cell):
            continue
        if last >= 0 and at - last <= _PROSE_BETWEEN:
            apart = line.cell.box[1] - lines[last].cell.box[1]
            if 0 < apart <= _PROSE_APART:
                return last
        last = at
    return len(lines)


def _is_prose(cell: Cell) -> bool:
    text = cell.text
    small = sum(c.islower() for c in text)
    return len(text) >= _PROSE_LENGTH and small >= _PROSE_SMALL * len(text) and not text.startswith("(")


_WEIGHTY: Final = 4
_MOSTLY: Final = 0.7


def is_heading(cell: Cell) -> bool:
    """Whether a cell is written as a heading: capitals, or every word of weight capitalized."""
    letters = [c for c in cell.text if c.isalpha()]
    if not letters:
        return False
    words = [w for w in re.findall(r"[^\W\d_][\w'-]*", cell.text) if len(w) >= _WEIGHTY]
    titled = bool(words) and all(w[0].isupper() for w in words)
    return titled or sum(c.isupper() for c in letters) > _MOSTLY * len(letters)


# ------------------------------------------------------------------------------------------- forms


@attrs.frozen
class Match:
    """How well a paper fits a form, 0…1000 and more; `title` is its heading, `seen` all that was found."""

    form: FormMark
    score: int
    title: Line | None
    seen: tuple[Seen, ...]


def best_match(paper: Sheet, forms: Iterable[FormMark]) -> Match | None:
    """The form that a paper fits best, or None where it fits none well enough."""
    found = [m for form in forms if (m := _match(form, paper)) and m.score >= ENOUGH]
    return max(found, key=lambda m: m.score, default=None)


def _match(form: FormMark, paper: Sheet) -> Match | None:
    title = title_of(form, paper.head)
    number = next((s for p in form.numbers if (s := paper.find(p, NUMBER))), None)
    if title is None and (number is None or not _in_margin(number, paper)):
        return None
    phrases = [s for p in form.phrases if (s := _phrase(p, paper))][:_PHRASES]
    if not phrases and (title is None or number is None):
        return None
    heading = None if title is None else Seen(HEADING, title.page, title.cell)
    seen = tuple(s for s in (heading, number, *phrases) if s is not None)
    return Match(form, sum(s.worth for s in seen), title, seen)


_MARGIN: Final = 0.15
"""The part of a page's height, at the top and at the bottom, where a form prints its number."""


def _in_margin(seen: Seen, paper: Sheet) -> bool:
    """Whether a form's number stands where forms print it; within a text it is only mentioned."""
    height = next(p.height for p in paper.pages if p.number == seen.page)
    top = seen.cell.box[1]
    return top < _MARGIN * height or top > (1 - _MARGIN) * height


_BEFORE_TITLE: Final = re.compile(r"^(DHS|ICE|AO|CBP)? ?(FORM )?[A-Z]{1,4}-? ?\d+[A-Z]? (\(.*?\) ?)?")
"""A form's number, printed before its title on the same line."""


def title_of(form: FormMark, lines: tuple[Line, ...]) -> Line | None:
    """A form's title as a heading of its own, in one cell or in two that follow each other."""
    previous: Line | None = None
    for line in lines:
        if len(line.folded) <= _HEADING_LENGTH and is_heading(line.cell):
            plain = line.folded.strip(" .:*[]")
            said = [plain, _BEFORE_TITLE.sub("", plain)]
            if any(t.fullmatch(s) for t in form.titles for s in said):
                return line
            joined = f"{previous.folded} {line.folded}" if previous and previous.page == line.page else ""
            if joined and len(joined) <= _HEADING_LENGTH and any(t.fullmatch(joined) for t in form.titles):
                return previous
        previous = line
    return None


def _phrase(pattern: re.Pattern[str], paper: Sheet) -> Seen | None:
    """Where a phrase stands; one that runs over the end of a line is placed where it begins."""
    found = paper.find(pattern, PHRASE)
    if found is not None:
        return found
    across = pattern.search(paper.text)
    if across is None:
        return None
    at = 0
    for line in paper.lines:
        at += len(line.folded) + 1
        if at > across.start():
            return Seen(PHRASE, line.page, line.cell)
    return None


# ---------------------------------------------------------------------------------------- captions


@attrs.frozen
class Caption:
    """A court's name over a paper."""

    seen: Seen
    federal: bool
    appellate: bool


def caption_of(paper: Sheet) -> Caption | None:
    """The caption of a paper: a court's name as a cell of its own in its head."""
    lines = paper.head[:_CAPTION_LINES]
    for at, line in enumerate(lines):
        if len(line.folded) > _CAPTION_LENGTH or marks.AGENCY_COURT.search(line.folded):
            continue
        after = lines[at + 1].folded if at + 1 < len(lines) else ""
        name = line.folded.lstrip(" []*()-.")
        seen = Seen(CAPTION, line.page, line.cell)
        if _federal(marks.squeezed(name), marks.squeezed(after)):
            return Caption(
                seen, federal=True, appellate=bool(marks.APPELLATE_COURT.search(f"{name} {after}"))
            )
        torn = _torn(lines[at : at + _TORN_PIECES])
        if torn is not None:
            return Caption(torn, federal=True, appellate=False)
        if is_heading(line.cell) and marks.STATE_COURT.match(name):
            return Caption(seen, federal=False, appellate=bool(marks.APPELLATE_COURT.search(name)))
    return None


def _federal(name: str, after: str) -> bool:
    whole = name + after
    return any(
        name.startswith(c) or (whole.startswith(c) and c.startswith(name) and name)
        for c in marks.FEDERAL_COURT
    )


def _torn(lines: tuple[Line, ...]) -> Seen | None:
    """A caption of which every piece is a cell of its own."""
    pieces = [x for x in lines if len(x.folded) <= _TORN_PIECE]
    if len(pieces) < len(lines) and not lines[0].folded.startswith("U"):
        return None
    tight = "".join(marks.squeezed(x.folded) for x in pieces)
    if not tight.startswith(marks.TORN):
        return None
    used = pieces[: len(marks.TORN)]
    words = Cell("UNITED STATES DISTRICT COURT", around(x.cell.box for x in used), ())
    return Seen(CAPTION, used[0].page, words)
