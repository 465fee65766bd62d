"""What stands on a signature's line, and whose it is: typed, drawn, pictured or digital, or nothing.

Hides where a signature may lie. Promises that nothing signs a block which stands on the line, or above the
label, of another, or names somebody else; and that on a page covered by a picture nobody ever knows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain.vocabulary import YesNo
from habeas.intake.reading import marks
from habeas.intake.reading.pages import around

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.intake.reading.pages import Box, Cell, Page

BLANKS: Final = re.compile(r"^[_\s.]{4,}$")
"""A blank to be written on."""

_PARTICLES: Final = frozenset({"de", "la", "del", "van", "von", "y"})
_NAME_WORDS: Final = range(2, 7)


def looks_like_name(text: str) -> bool:
    """Whether a text is written as a name: two to six words, each capitalized, none a number."""
    words = text.replace(",", " ").split()
    capital = all(w[0].isupper() or w.lower() in _PARTICLES for w in words)
    return len(words) in _NAME_WORDS and capital and not any(w.isdigit() for w in words)


def is_typed(cell: Cell) -> bool:
    """Whether a cell holds a typed signature (`/s/ Jane Roe`)."""
    return bool(marks.TYPED.search(marks.folded(cell.text)))


def signed_name(text: str) -> str:
    """The name in a typed signature."""
    return marks.TYPED_SIGN.sub("", text).strip(" ,.")


@attrs.frozen
class Proof:
    """Whether a block is signed, by what, and where."""

    signed: YesNo
    text: str = ""
    box: Box | None = None


_STROKES: Final = 3
"""So many short strokes are a pen's; fewer may be a flourish of the form."""

_WIDE: Final = 18
"""One stroke so wide (points) is a pen's."""

_BESIDE: Final = 8
_BESIDE_LABEL: Final = 50
_UNDER_LINE: Final = 7
"""Points beside and under a line, and beside a label that has none, which still belong to it."""


def find_proof(page: Page, label: Cell, *, above: int, judge: str | None = None) -> Proof:
    """What stands on the line of a label, no more than `above` points over it.

    `judge` is the judge's printed name where the block is a judge's: a signature in another name is not.
    """
    if page.pictured:
        return Proof(YesNo.UNKNOWN)
    line = _line(page, label, above)
    zone = _zone(page, label, line, above)
    if any(_center_in(b, zone) for b in page.sealed):
        box = next(b for b in page.sealed if _center_in(b, zone))
        return Proof(YesNo.YES, "a digital signature (not verified)", box)
    for cell in page.cells:
        if is_typed(cell) and (cell is label or _starts_in(cell.box, zone)):
            foreign = judge is not None and _is_foreign(cell.text, judge)
            return Proof(YesNo.UNKNOWN if foreign else YesNo.YES, cell.text, cell.box)
    drawn = drawn_proof(page, zone, line)
    if drawn is not None:
        return drawn
    return Proof(YesNo.UNKNOWN if line is None else YesNo.NO, "", line)


_OVER_LINE: Final = 20
_FLAT: Final = 6
"""A signature ends at most so far over its line, and is higher than a flourish (points)."""


def drawn_proof(page: Page, zone: Box, line: Box | None = None) -> Proof | None:
    """Pen strokes or a picture in a zone; what is drawn there and may be something else leaves it unknown."""
    strokes = [b for b in page.ink if _center_in(b, zone) and not _is_ring(b, page)]
    picture = next((b for b in page.images if _center_in(b, zone)), None)
    if len(strokes) >= _STROKES or any(b[2] - b[0] >= _WIDE for b in strokes):
        box = around(strokes)
        sure = box[3] - box[1] >= _FLAT and _touches(box, line)
        return Proof(YesNo.YES if sure else YesNo.UNKNOWN, "pen strokes", box)
    if picture is None:
        return None
    sure = picture in page.pens and _touches(picture, line)
    return Proof(YesNo.YES if sure else YesNo.UNKNOWN, "a picture on the signature line", picture)


def _touches(box: Box, line: Box | None) -> bool:
    return line is None or box[3] >= line[1] - _OVER_LINE


def _zone(page: Page, label: Cell, line: Box | None, above: int) -> Box:
    """Where a signature lies: over the line, and under whatever belongs to somebody else's block."""
    left, top, right, bottom = label.box
    if line is None:
        reach = (left - _BESIDE_LABEL, top - above, right + _BESIDE_LABEL, bottom + 4)
    else:
        reach = (line[0] - _BESIDE, line[1] - above, line[2] + _BESIDE, max(line[3] + _UNDER_LINE, top))
    floor = line[1] if line is not None else top
    others = [c.box for c in page.cells if line is None and c is not label and not _is_of_block(c)]
    barriers = [
        b for b in (*_barriers(page, label, line), *others)
        if b[3] <= floor + 2 and b[0] < reach[2] and reach[0] < b[2]
    ]  # fmt: skip
    return (reach[0], max([reach[1], *(b[3] for b in barriers)]), reach[2], reach[3])


def _barriers(page: Page, label: Cell, line: Box | None) -> Iterator[Box]:
    """Other blocks' lines, labels and titles: a signature above them is another's."""
    yield from (r for r in page.rules if r != line)
    yield from (c.box for c in page.cells if BLANKS.match(c.text) and c.box != line)
    yield from (c.box for c in _others(page, label))


_SIGNED_HERE: Final = re.compile(r"^.{0,40}\bSIGNATURE\b.{0,60}$|^\(?PRINTED NAME|^\(?NAME AND TITLE")


def _others(page: Page, label: Cell) -> Iterator[Cell]:
    """The labels and titles of other blocks."""
    for cell in page.cells:
        text = marks.folded(cell.text)
        known = marks.NO_JUDGE.search(text) or _SIGNED_HERE.search(text)
        if known and cell is not label and not is_typed(cell):
            yield cell


def _is_foreign(typed: str, printed: str) -> bool:
    """Whether a typed signature is not the judge's: it names another, or another's office."""
    said = marks.folded(signed_name(typed))
    if marks.NO_JUDGE.search(said) or marks.AGENCY_JUDGE.search(said):
        return True
    own, other = _surnames(marks.folded(printed)), _surnames(said)
    return bool(own) and bool(other) and not own & other


_NOT_NAMES: Final = frozenset(
    {
        "HON",
        "HONORABLE",
        "THE",
        "JUDGE",
        "DISTRICT",
        "MAGISTRATE",
        "UNITED",
        "STATES",
        "COURT",
        "CHIEF",
        "SENIOR",
    }
)
_SHORTEST: Final = 3


def _surnames(name: str) -> set[str]:
    words = re.findall(r"[A-Z][A-Z'-]+", name)
    return {w for w in words if len(w) >= _SHORTEST and w not in _NOT_NAMES}


_WIDEST_LINE: Final = 0.75


def _line(page: Page, label: Cell, above: int) -> Box | None:
    """The signature's line: the nearest rule, or run of underscores, over a label or right under its top."""
    left, top, right, _ = label.box
    blanks = [c.box for c in page.cells if BLANKS.match(c.text)]
    found = [
        b for b in (*page.rules, *blanks)
        if b[0] <= right + 6 and left - 6 <= b[2] and -above <= b[3] - top <= _UNDER_LINE
        and b[2] - b[0] < _WIDEST_LINE * page.width
    ]  # fmt: skip
    line = max(found, key=lambda b: b[3], default=None)
    return None if line is None or _is_taken(page, label, line) else line


def _is_taken(page: Page, label: Cell, line: Box) -> bool:
    """Whether other words than a name stand between a line and a label: the line is another block's."""
    between = (
        c for c in page.cells
        if line[3] - _UNDER_LINE <= c.box[1] and c.box[3] <= label.box[1] + 2
        and c.box[0] < line[2] and line[0] < c.box[2] and c is not label
    )  # fmt: skip
    return any(not _is_of_block(c) for c in between)


def _is_of_block(cell: Cell) -> bool:
    """A name, printed or signed, or a blank: what may stand between a signature's line and a title."""
    text = marks.folded(cell.text)
    named = looks_like_name(cell.text) and not marks.NO_JUDGE.search(text) and not marks.ORDERED.search(text)
    return named or is_typed(cell) or bool(BLANKS.match(cell.text)) or len(cell.text) <= _SHORT


_SHORT: Final = 3
"""`By:` and stray signs."""


def _starts_in(box: Box, zone: Box) -> bool:
    return zone[0] - 4 <= box[0] <= zone[2] and zone[1] - 4 <= box[1] and box[3] <= zone[3] + 4


_ROUND: Final = 3
_RING: Final = 24


def _is_ring(box: Box, page: Page) -> bool:
    """A seal: nearly as high as wide, and concentric with another ring."""
    wide, tall = box[2] - box[0], box[3] - box[1]
    if abs(wide - tall) > _ROUND or wide < _RING:
        return False
    x, y = _middle(box)
    return any(
        abs(_middle(b)[0] - x) < _ROUND and abs(_middle(b)[1] - y) < _ROUND for b in page.ink if b is not box
    )


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _center_in(box: Box, zone: Box) -> bool:
    x, y = _middle(box)
    return zone[0] <= x <= zone[2] and zone[1] <= y <= zone[3]
