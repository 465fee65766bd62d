"""The pages of one file, cut where another paper begins.

A paper that is not cut off lends its judge's signature to the one before it; so a page begins a new paper
as soon as its head shows another beginning: a court's caption, a form's title, a letter, an e-mail. What
says that it continues (`Page 2`, `Return`, `Attachment B`) never does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from habeas.intake.reading import marks
from habeas.intake.reading.forms import FORMS
from habeas.intake.reading.sheet import caption_of, sheet, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.intake.reading.pages import Page
    from habeas.intake.reading.sheet import Sheet

_TOP: Final = 14
_TITLE_LINES: Final = 30
_TITLE_LETTERS: Final = 9
"""`SUMMONS` alone on a later page begins nothing."""

_CONTINUES: Final = re.compile(
    r"\(?PAGE [2-9]\d*\)?|PROOF OF SERVICE|^RETURN$|CERTIFICATION$|ATTACHMENT [A-Z]\b|FEDERAL RULE OF|"
    r"^RULE \d+|CERTIFICATE OF SERVICE|WARNING OF DEPART|^FOR LAW ENFORCEMENT|PERSONAL IDENTIFIERS"
)
_LETTER_TOP: Final = re.compile(r"^(DEAR |TO WHOM IT MAY CONCERN|ESTIMAD[OA]S? )|^(ASUNTO|SUBJECT): \S")
_LETTER_LINES: Final = 25


def split(pages: tuple[Page, ...]) -> Iterator[tuple[Page, ...]]:
    """The papers of a file in order, each at least one page."""
    start = 0
    for i in range(1, len(pages)):
        if _begins(pages[i]):
            yield pages[start:i]
            start = i
    yield pages[start:]


def _begins(page: Page) -> bool:
    paper = sheet((page,))
    if any(_CONTINUES.search(x.folded) for x in paper.lines[:_TOP]):
        return False
    return _has_title(paper) or caption_of(paper) is not None or _is_letter(paper)


def _has_title(paper: Sheet) -> bool:
    """A form's title, or the heading of an agency's court, at the top of a page."""
    top = paper.head[:_TITLE_LINES]
    found = (title_of(form, top) for form in FORMS)
    titled = any(x is not None and len(x.folded) >= _TITLE_LETTERS for x in found)
    return titled or any(marks.AGENCY_COURT.search(x.folded) for x in top)


def _is_letter(paper: Sheet) -> bool:
    return any(_LETTER_TOP.search(x.folded) for x in paper.lines[:_LETTER_LINES])
