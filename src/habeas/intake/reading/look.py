"""One look at a paper: caption, signature blocks, a draft's mark, and what kind of writing it is.

Found once and asked by every step of the verdict (`verdict`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from habeas.intake.reading import marks
from habeas.intake.reading.sheet import Caption, Sheet, caption_of
from habeas.intake.reading.signature import Block, Role, blocks, speaking

if TYPE_CHECKING:
    from habeas.intake.reading.pages import Cell


@attrs.frozen
class Look:
    """What is asked of every paper, found once. `proposed` is a draft's mark that nobody struck out."""

    paper: Sheet
    found: tuple[Block, ...]
    caption: Caption | None
    proposed: bool
    struck: bool

    def of(self, *roles: Role) -> list[Block]:
        """The blocks of some roles, in the order of the pages."""
        return [b for b in self.found if b.role in roles]

    @property
    def judge(self) -> Block | None:
        """The judge's block that speaks: a signed one first."""
        return speaking(self.of(Role.JUDGE))

    @property
    def judge_signed(self) -> bool:
        """Whether a judge's block is signed."""
        return self.judge is not None and self.judge.is_signed

    @property
    def is_letter(self) -> bool:
        """Whether a salutation opens the first page: a court's paper greets nobody."""
        first = self.paper.pages[0].number
        return any(x.page == first and marks.SALUTATION.match(x.folded) for x in self.paper.lines)

    @property
    def under_an_agency(self) -> bool:
        """Whether an agency's letterhead stands over the court's name."""
        if self.caption is None:
            return False
        top = self.caption.seen.cell.box[1]
        return any(x.cell.box[1] <= top and marks.AGENCY_HEAD.search(x.folded) for x in self.paper.head)

    @property
    def is_lesson(self) -> bool:
        """Whether the paper is a specimen or shows one."""
        head = any(marks.LESSON.search(x.folded) for x in self.paper.head)
        return head or any(marks.SPECIMEN.match(x.folded) for x in self.paper.lines)


def look_at(paper: Sheet) -> Look:
    """Look at one paper."""
    drafts = [x for x in paper.lines if marks.PROPOSED.search(x.folded) and _counts(x.page, x.folded, paper)]
    struck = bool(drafts) and all(_struck(x.cell, x.page, paper) for x in drafts)
    proposed = bool(drafts) and not struck
    return Look(paper, blocks(paper.pages), caption_of(paper), proposed=proposed, struck=struck)


def _counts(page: int, text: str, paper: Sheet) -> bool:
    """A draft's mark in brackets counts on every page, the bare word only on the first."""
    return page == paper.pages[0].number or not text.startswith("PROPOSED ")


_OVER: Final = 0.5


def _struck(cell: Cell, number: int, paper: Sheet) -> bool:
    """Whether a line or a pen stroke runs through the mark of a draft."""
    page = next(p for p in paper.pages if p.number == number)
    words = [w for w in cell.words if "PROPOSED" in marks.folded(w.text)]
    box = words[0].box if words else cell.box
    wide, tall = box[2] - box[0], box[3] - box[1]
    for line in (*page.rules, *page.ink):
        middle = (line[1] + line[3]) / 2
        shared = min(line[2], box[2]) - max(line[0], box[0])
        if box[1] + tall * _EDGE <= middle <= box[3] - tall * _EDGE and shared >= _OVER * wide:
            return True
    return False


_EDGE: Final = 0.2
"""An underline lies in the lowest part of its word, a line through it between."""
