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
from habeas.intake.reading.proof import (
    BLANKS,
    drawn_proof,
    find_proof,
    is_typed,
    looks_like_name,
    signed_name,
)

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
        proof = find_proof(page, cell, above=_ABOVE_LABEL, judge=name if role is Role.JUDGE else None)
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
        return Block(role, YesNo.YES, page.number, name, name.text, name.box, signed_name(name.text))
    proof = drawn_proof(page, zone)
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
        proof = find_proof(page, cell, above=_ABOVE_TITLE, judge=name if role is Role.JUDGE else None)
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
    return any(not is_typed(c) and marks.BESIDE_A_JUDGE.search(marks.folded(c.text)) for c in above)


_RIGHT_ABOVE: Final = 26
_LINE_ABOVE: Final = 45


def _ends_block(page: Page, cell: Cell) -> bool:
    """Whether the title stands under a name or a line, as in a block, and not within running text."""
    above = [
        c for c in page.cells if 0 < cell.box[1] - c.box[3] < _RIGHT_ABOVE and _in_column(c.box, cell.box)
    ]
    ruled = any(0 <= cell.box[1] - r[3] < _LINE_ABOVE and _in_column(r, cell.box) for r in page.rules)
    named = any(
        looks_like_name(c.text) or BLANKS.match(c.text) or marks.TYPED.search(marks.folded(c.text))
        for c in above
    )
    return ruled or named or bool(_own_name(cell.text)) or bool(marks.TYPED.search(marks.folded(cell.text)))


def _own_name(text: str) -> str:
    """The name before a title in one cell: `Jane Roe, United States District Judge`."""
    found = re.match(r"^(?P<n>[A-Z][\w.'-]+( [A-Z][\w.'-]*){1,4}),", text)
    return found["n"] if found else ""


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
    return len(text) < _PRINTED_LENGTH and not odd and not BLANKS.match(text)


def _name_over(page: Page, cell: Cell) -> str:
    """The printed name right above a title; what a typed signature says is not printed."""
    above = sorted(
        (c for c in page.cells if 0 < cell.box[1] - c.box[1] < _NAME_ABOVE and _in_column(c.box, cell.box)),
        key=lambda c: -c.box[1],
    )
    return next((c.text for c in above if looks_like_name(c.text) and not is_typed(c)), "")


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
