"""Who signed, by the signature block: the label, the line, and what stands on it.

A printed name is not a signature. Signed means: `/s/ Name`, pen strokes, a picture or a filled digital
signature on the signature's line, none of which belongs to somebody else. Not signed means: the line was
found and is empty. Otherwise nobody knows (`unknown`); on a page covered by a picture nobody ever does.
"""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain.vocabulary import SignerClass, YesNo
from habeas.intake.reading import marks
from habeas.intake.reading.pages import around

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from habeas.intake.reading.pages import Box, Cell, Page


class Role(StrEnum):
    """Whose signature a block is for."""

    JUDGE = "judge"
    ISSUER = "issuer"
    CLERK = "clerk"
    ATTORNEY = "attorney"
    OFFICER = "officer"


COURT_ROLES: Final = frozenset({Role.JUDGE, Role.ISSUER, Role.CLERK})
"""Blocks that only a court's paper has."""


@attrs.frozen
class Block:
    """A signature block: whose it is, whether it is signed, and where.

    `name` and `title` are what is printed there; `label` is the cell by which the block was known, a label
    under the line or, where `titled`, the signer's own title.
    """

    role: Role
    signed: YesNo
    page: int
    label: Cell
    proof: str = ""
    proof_box: Box | None = None
    name: str = ""
    title: str = ""
    titled: bool = False

    @property
    def is_signed(self) -> bool:
        """Whether something that signs was found."""
        return self.signed is YesNo.YES


_LABELS: Final = (
    (Role.JUDGE, marks.JUDGE_LABEL),
    (Role.ISSUER, marks.ISSUER_LABEL),
    (Role.CLERK, marks.CLERK_LABEL),
    (Role.ATTORNEY, marks.ATTORNEY_LABEL),
    (Role.OFFICER, marks.OFFICER_LABEL),
)

_ABOVE_LABEL: Final = 62
_ABOVE_TITLE: Final = 110
"""Points above a label, or above a title, in which its line and signature lie."""

_BLANKS: Final = re.compile(r"^[_\s.]{4,}$")
_SAME_BLOCK: Final = 70
_LETTER: Final = 110
"""Points between a letter's closing and the name below it."""

_COLUMN: Final = 40
"""Boxes whose sides are no further apart (points) stand in one column."""


def blocks(pages: tuple[Page, ...]) -> tuple[Block, ...]:
    """Every signature block of the pages, labelled ones first."""
    labelled = tuple(b for page in pages for b in (*_labelled(page), *_closed(page)))
    return labelled + tuple(b for page in pages for b in _titled(page, labelled))


# ----------------------------------------------------------------------------------- finding blocks


def _labelled(page: Page) -> Iterator[Block]:
    for cell in page.cells:
        text = marks.folded(cell.text).strip(" :.")
        role = next((r for r, pattern in _LABELS if pattern.fullmatch(text)), None)
        if role is None or (role is Role.JUDGE and marks.AGENCY_JUDGE.search(text)):
            continue
        name, title = _printed(page, cell)
        proof = _proof(page, cell, _line(page, cell, _ABOVE_LABEL), role, name)
        yield Block(role, proof.signed, page.number, cell, proof.text, proof.box, name, title)


def _closed(page: Page) -> Iterator[Block]:
    """A letter's signature: between its closing and the name printed below."""
    for cell in page.cells:
        if not marks.CLOSING.match(marks.folded(cell.text).strip(".")):
            continue
        below = [
            c for c in page.cells
            if 0 < c.box[1] - cell.box[3] < _LETTER and abs(c.box[0] - cell.box[0]) < _COLUMN
        ]  # fmt: skip
        name = min(below, key=lambda c: c.box[1], default=None)
        if name is not None:
            yield _letter_block(page, cell, name)


_LETTER_WIDTH: Final = 260
_MARGIN: Final = 20


def _letter_block(page: Page, closing: Cell, name: Cell) -> Block:
    left, top, _, _ = closing.box
    zone = (left - _MARGIN, top, left + _LETTER_WIDTH, name.box[3] + 4)
    role = Role.OFFICER
    if page.pictured:
        return Block(role, YesNo.UNKNOWN, page.number, name, name=name.text)
    if marks.TYPED.search(marks.folded(name.text)):
        return Block(role, YesNo.YES, page.number, name, name.text, name.box, _signed_name(name.text))
    proof = _drawn_proof(page, zone)
    if proof is None:
        return Block(role, YesNo.NO, page.number, name, name=name.text)
    return Block(role, proof.signed, page.number, name, proof.text, proof.box, name.text)


_TITLE_LENGTH: Final = 90
_TITLE_WORDS: Final = 9
_CLERK_WORDS: Final = 8


def _titled(page: Page, known: tuple[Block, ...]) -> Iterator[Block]:
    """Blocks without a label: a name over a title (`UNITED STATES DISTRICT JUDGE`), as orders end."""
    for cell in page.cells:
        text = marks.folded(cell.text).strip(" ,.()")
        role = _role_of_title(text) if len(text) <= _TITLE_LENGTH else None
        if role is None or any(b.page == page.number and _near(b.label.box, cell.box) for b in known):
            continue
        if not _ends_block(page, cell) or (role is Role.JUDGE and _is_of_staff(page, cell)):
            continue
        name = _name_over(page, cell) or _own_name(cell.text)
        line = _line(page, cell, _ABOVE_TITLE)
        proof = _proof(page, cell, line, role, name, above=_ABOVE_TITLE)
        yield Block(
            role, proof.signed, page.number, cell, proof.text, proof.box, name, cell.text, titled=True
        )  # fmt: skip


_BY: Final = re.compile(r"^BY:? ")
_INITIALS: Final = re.compile(r"\b([A-Z]|HON|MR|MS|MRS|JR|SR|DR)\. ")
_RUNNING: Final = re.compile(
    r"[.;:]\s|\bTHE\b.*\bTHE\b|\bBEFORE\b|\bBY\b .*\bOR\b|\bCONCUR|\bASSIGNED\b|\bAND$"
)
_CLERK_BLOCK: Final = re.compile(
    r"((MR|MS|MRS)\.? )?[A-Z .,'-]{0,50}\b(DEPUTY |ACTING )?CLERK( OF (THE )?COURT)?"
)


def _role_of_title(text: str) -> Role | None:
    """Whose title it is: a judge's, a clerk's or a lawyer's, and no running text that mentions one."""
    text = _BY.sub("", text)
    if _RUNNING.search(_INITIALS.sub("", text)):
        return None
    words = len(text.split())
    if marks.AGENCY_JUDGE.search(text):
        return Role.OFFICER if words <= _TITLE_WORDS else None
    if marks.JUDGE_TITLE.search(text) and words <= _TITLE_WORDS:
        return None if marks.BESIDE_A_JUDGE.search(text) else Role.JUDGE
    if marks.ATTORNEY_TITLE.fullmatch(text):
        return Role.ATTORNEY
    return Role.CLERK if words <= _CLERK_WORDS and _CLERK_BLOCK.fullmatch(text) else None


_STAFF_ABOVE: Final = 30


def _is_of_staff(page: Page, cell: Cell) -> bool:
    """Whether the words right above a judge's title make it somebody's who works for the judge."""
    above = (
        c for c in page.cells if 0 < cell.box[1] - c.box[1] < _STAFF_ABOVE and _in_column(c.box, cell.box)
    )
    return any(not _is_typed(c) and marks.BESIDE_A_JUDGE.search(marks.folded(c.text)) for c in above)


_RIGHT_ABOVE: Final = 26
_LINE_ABOVE: Final = 45


def _ends_block(page: Page, cell: Cell) -> bool:
    """Whether the title stands under a name or a line, as in a block, and not within running text."""
    above = [
        c for c in page.cells if 0 < cell.box[1] - c.box[3] < _RIGHT_ABOVE and _in_column(c.box, cell.box)
    ]
    ruled = any(0 <= cell.box[1] - r[3] < _LINE_ABOVE and _in_column(r, cell.box) for r in page.rules)
    named = any(
        _looks_like_name(c.text) or _BLANKS.match(c.text) or marks.TYPED.search(marks.folded(c.text))
        for c in above
    )
    return ruled or named or bool(_own_name(cell.text)) or bool(marks.TYPED.search(marks.folded(cell.text)))


def _own_name(text: str) -> str:
    """The name before a title in one cell: `Jane Roe, United States District Judge`."""
    found = re.match(r"^(?P<n>[A-Z][\w.'-]+( [A-Z][\w.'-]*){1,4}),", text)
    return found["n"] if found else ""


_PARTICLES: Final = frozenset({"de", "la", "del", "van", "von", "y"})
_NAME_WORDS: Final = range(2, 7)


def _looks_like_name(text: str) -> bool:
    words = text.replace(",", " ").split()
    capital = all(w[0].isupper() or w.lower() in _PARTICLES for w in words)
    return len(words) in _NAME_WORDS and capital and not any(w.isdigit() for w in words)


def _in_column(one: Box, two: Box) -> bool:
    return one[0] <= two[2] + _COLUMN and two[0] <= one[2] + _COLUMN


def _near(one: Box, two: Box) -> bool:
    return abs(one[1] - two[1]) <= _SAME_BLOCK and _in_column(one, two)


# --------------------------------------------------------------------------------- names and titles

_BELOW: Final = 75
_NAME_ABOVE: Final = 40
_PRINTED_LENGTH: Final = 90
_PRINTED_LABEL: Final = re.compile(r"^\(?(printed|title|date|name|signature)", re.IGNORECASE)


def _printed(page: Page, label: Cell) -> tuple[str, str]:
    """The name and title printed below a signature's label (`Printed name and title`)."""
    below = sorted(
        (c for c in page.cells if 0 < c.box[1] - label.box[1] < _BELOW and _in_column(c.box, label.box)),
        key=lambda c: c.box[1],
    )
    own = takewhile(lambda c: not _ends_printed(c), below)
    lines = [c for c in own if not _PRINTED_LABEL.match(c.text) and _plausible(c.text)]
    if not lines:
        return _name_over(page, label), ""
    name, _, title = lines[0].text.partition(",")
    for last, line in pairwise(lines):
        if _tells(title) or line.box[1] - last.box[3] > _NEXT_LINE:
            break
        title = f"{title} {line.text}"
    return name.strip(), title.strip()


_NEXT_LINE: Final = 14


def _tells(title: str) -> bool:
    """Whether a title says already whether its bearer is a judge."""
    text = marks.folded(title)
    return bool(
        marks.JUDGE_TITLE.search(text) or marks.NO_JUDGE.search(text) or marks.AGENCY_JUDGE.search(text)
    )


def _ends_printed(cell: Cell) -> bool:
    """Whether a cell ends what is printed under a signature: its own label, or the next block's."""
    text = marks.folded(cell.text).strip(" :.")
    return text.lstrip("(").startswith("PRINTED NAME") or any(p.fullmatch(text) for _, p in _LABELS)


def _plausible(text: str) -> bool:
    odd = re.search(r"\d{3,}|_{3,}|^(city|date)", text, re.IGNORECASE)
    return len(text) < _PRINTED_LENGTH and not odd and not _BLANKS.match(text)


def _name_over(page: Page, cell: Cell) -> str:
    """The printed name right above a title; what a typed signature says is not printed."""
    above = sorted(
        (c for c in page.cells if 0 < cell.box[1] - c.box[1] < _NAME_ABOVE and _in_column(c.box, cell.box)),
        key=lambda c: -c.box[1],
    )
    return next((c.text for c in above if _looks_like_name(c.text) and not _is_typed(c)), "")


def _is_typed(cell: Cell) -> bool:
    return bool(marks.TYPED.search(marks.folded(cell.text)))


def _signed_name(text: str) -> str:
    """The name in a typed signature."""
    return marks.TYPED_SIGN.sub("", text).strip(" ,.")


# ------------------------------------------------------------------------------------------ proofs


@attrs.frozen
class _Proof:
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


def _proof(
    page: Page, label: Cell, line: Box | None, role: Role, name: str, *, above: int = _ABOVE_LABEL
) -> _Proof:
    """What stands on the line of a label, between it and whatever is printed above."""
    if page.pictured:
        return _Proof(YesNo.UNKNOWN)
    zone = _zone(page, label, line, above)
    if any(_center_in(b, zone) for b in page.sealed):
        box = next(b for b in page.sealed if _center_in(b, zone))
        return _Proof(YesNo.YES, "a digital signature (not verified)", box)
    for cell in page.cells:
        if _is_typed(cell) and (cell is label or _starts_in(cell.box, zone)):
            foreign = role is Role.JUDGE and _is_foreign(cell.text, name)
            return _Proof(YesNo.UNKNOWN if foreign else YesNo.YES, cell.text, cell.box)
    drawn = _drawn_proof(page, zone, line)
    if drawn is not None:
        return drawn
    return _Proof(YesNo.UNKNOWN if line is None else YesNo.NO, "", line)


_OVER_LINE: Final = 20
_FLAT: Final = 6
"""A signature ends at most so far over its line, and is higher than a flourish (points)."""


def _drawn_proof(page: Page, zone: Box, line: Box | None = None) -> _Proof | None:
    """Pen strokes or a picture in a zone; what is drawn there and may be something else leaves it unknown."""
    strokes = [b for b in page.ink if _center_in(b, zone) and not _is_ring(b, page)]
    picture = next((b for b in page.images if _center_in(b, zone)), None)
    if len(strokes) >= _STROKES or any(b[2] - b[0] >= _WIDE for b in strokes):
        box = around(strokes)
        sure = box[3] - box[1] >= _FLAT and _touches(box, line)
        return _Proof(YesNo.YES if sure else YesNo.UNKNOWN, "pen strokes", box)
    if picture is None:
        return None
    sure = picture in page.pens and _touches(picture, line)
    return _Proof(YesNo.YES if sure else YesNo.UNKNOWN, "a picture on the signature line", picture)


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
    yield from (c.box for c in page.cells if _BLANKS.match(c.text) and c.box != line)
    yield from (c.box for c in _others(page, label))


_SIGNED_HERE: Final = re.compile(r"^.{0,40}\bSIGNATURE\b.{0,60}$|^\(?PRINTED NAME|^\(?NAME AND TITLE")


def _others(page: Page, label: Cell) -> Iterator[Cell]:
    """The labels and titles of other blocks."""
    for cell in page.cells:
        text = marks.folded(cell.text)
        known = marks.NO_JUDGE.search(text) or _SIGNED_HERE.search(text)
        if known and cell is not label and not _is_typed(cell):
            yield cell


def _is_foreign(typed: str, printed: str) -> bool:
    """Whether a typed signature is not the judge's: it names another, or another's office."""
    said = marks.folded(_signed_name(typed))
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
    blanks = [c.box for c in page.cells if _BLANKS.match(c.text)]
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
    named = _looks_like_name(cell.text) and not marks.NO_JUDGE.search(text) and not marks.ORDERED.search(text)
    return named or _is_typed(cell) or bool(_BLANKS.match(cell.text)) or len(cell.text) <= _SHORT


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


# ------------------------------------------------------------------------------------- who signed


def signer_class(block: Block, *, grand_jury: bool, federal: bool) -> SignerClass:
    """The class of who signs in a block (`none` is for the caller, from `signed`).

    `federal` says that the caption is a federal court's. A judge's title that does not fit the caption, or
    does not tell the class (a bankruptcy judge is neither), is `unknown`; a title that is no judge's on a
    judge's line is what it says.
    """
    match block.role:
        case Role.CLERK:
            return SignerClass.GRAND_JURY_CLERK if grand_jury else SignerClass.CLERK
        case Role.ATTORNEY:
            return SignerClass.ATTORNEY
        case Role.OFFICER:
            title = marks.folded(f"{block.title} {block.label.text}")
            judge = block.titled and marks.IMMIGRATION_JUDGE.search(title)
            return SignerClass.IMMIGRATION_JUDGE if judge else SignerClass.AGENCY_OFFICER
        case _:
            return _judge_class(block, federal=federal)


def _judge_class(block: Block, *, federal: bool) -> SignerClass:
    printed = marks.folded(f"{block.title} {block.name}")
    if marks.IMMIGRATION_JUDGE.search(printed):
        return SignerClass.IMMIGRATION_JUDGE
    if marks.NO_JUDGE.search(printed) and not marks.ANY_JUDGE.search(printed):
        return _other_class(printed)
    text = printed if marks.JUDGE_TITLE.search(printed) else marks.folded(f"{printed} {block.label.text}")
    titled = marks.JUDGE_TITLE.search(text) or marks.MAGISTRATE.search(text)
    if not federal:
        own = block.role is not Role.ISSUER and not marks.FEDERAL_TITLE.search(text)
        return SignerClass.STATE_JUDGE if own else SignerClass.UNKNOWN
    if titled and marks.MAGISTRATE.search(text):
        return SignerClass.MAGISTRATE_JUDGE
    return SignerClass.ARTICLE_III_JUDGE if titled and marks.ARTICLE_III.search(text) else SignerClass.UNKNOWN


def _other_class(printed: str) -> SignerClass:
    if marks.CLERK_TITLE.search(printed):
        return SignerClass.CLERK
    return (
        SignerClass.ATTORNEY if "ATTORNEY" in printed or "COUNSEL" in printed else SignerClass.AGENCY_OFFICER
    )


def speaking(found: Iterable[Block]) -> Block | None:
    """Of some blocks the one that speaks: the last signed, else the last with an empty line, else any."""
    order = (YesNo.UNKNOWN, YesNo.NO, YesNo.YES)
    return max(found, key=lambda b: (order.index(b.signed), b.page, b.label.box[1]), default=None)
