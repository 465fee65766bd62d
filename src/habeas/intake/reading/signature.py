"""Who signed, by the signature block: the label, the line, and what stands on it.

A printed name is not a signature. Signed means: `/s/ Name`, pen strokes or a picture on the signature's
line. Not signed means: the line was found and is empty. Otherwise nobody knows (`unknown`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain.vocabulary import SignerClass, YesNo
from habeas.intake.reading import marks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.intake.reading.pages import Box, Cell, Page

TYPED: Final = re.compile(
    r"(^|\s|\()/?S/ ?[A-Z]|^S/ |\bELECTRONICALLY SIGNED( BY)?\b|\bDIGITALLY SIGNED BY\b"
)
"""A typed signature, folded: `/s/ Jane Doe`, `s/ Jane Doe`."""

_ABOVE: Final = 62
"""Points above a label in which its line and signature lie."""

_BLANKS: Final = re.compile(r"^[_\s.]{4,}$")


@attrs.frozen
class Block:
    """A signature block: whose it is, whether it is signed, and where."""

    role: str
    signed: YesNo
    page: int
    label: Cell
    proof: str = ""
    proof_box: Box | None = None
    name: str = ""
    title: str = ""


_LABELS: Final = (
    ("judge", marks.JUDGE_LABEL),
    ("issuer", marks.ISSUER_LABEL),
    ("clerk", marks.CLERK_LABEL),
    ("attorney", marks.ATTORNEY_LABEL),
    ("officer", marks.OFFICER_LABEL),
)


def blocks(pages: tuple[Page, ...]) -> tuple[Block, ...]:
    """Every signature block of the pages, labelled ones first."""
    labelled = tuple(b for page in pages for b in (*_labelled(page), *_closed(page)))
    return labelled + tuple(b for page in pages for b in _titled(page, labelled))


def _labelled(page: Page) -> Iterator[Block]:
    for cell in page.cells:
        text = marks.folded(cell.text).strip(" :.")
        role = next((r for r, pattern in _LABELS if pattern.fullmatch(text)), None)
        if role is None or (role == "judge" and marks.IMMIGRATION_JUDGE.search(text)):
            continue
        signed, proof, box = _on_line(page, cell)
        name, title = _printed(page, cell)
        yield Block(role, signed, page.number, cell, proof, box, name, title)


def _closed(page: Page) -> Iterator[Block]:
    """A letter's signature: between its closing and the name printed below."""
    for cell in page.cells:
        if not marks.CLOSING.match(marks.folded(cell.text).strip(".")):
            continue
        below = [
            c for c in page.cells if 0 < c.box[1] - cell.box[3] < _LETTER and abs(c.box[0] - cell.box[0]) < 60
        ]
        name = min(below, key=lambda c: c.box[1], default=None)
        if name is None:
            continue
        zone = (cell.box[0] - 20, cell.box[1], cell.box[0] + 260, name.box[3] + 4)
        strokes = [b for b in page.ink if _center_in(b, zone) and not _is_ring(b, page)]
        pictures = [b for b in page.images if _center_in(b, zone)]
        if TYPED.search(marks.folded(name.text)):
            yield Block("officer", YesNo.YES, page.number, name, name.text, name.box, name.text)
        elif len(strokes) >= _STROKES or pictures:
            box = _around(strokes or pictures)
            yield Block("officer", YesNo.YES, page.number, name, "pen strokes", box, name.text)
        else:
            yield Block("officer", YesNo.NO, page.number, name, "", None, name.text)


_LETTER: Final = 110
"""Points between a letter's closing and the name below it."""


def _titled(page: Page, known: tuple[Block, ...]) -> Iterator[Block]:
    """Blocks without a label: a name over a title (`UNITED STATES DISTRICT JUDGE`), as orders end."""
    for cell in page.cells:
        text = marks.folded(cell.text).strip(" ,.()")
        if len(text) > 90 or marks.IMMIGRATION_JUDGE.search(text):
            continue
        role = _role_of_title(text)
        if role is None or any(b.page == page.number and _near(b.label.box, cell.box, 70) for b in known):
            continue
        if not _ends_block(page, cell):
            continue
        signed, proof, box = _on_line(page, cell, above=110, titled=True)
        yield Block(f"{role}_title", signed, page.number, cell, proof, box, _name_over(page, cell), cell.text)


def _role_of_title(text: str) -> str | None:
    plain = re.sub(r"\b([A-Z]|HON|MR|MS|JR|SR|DR)\. ", "", text)
    if re.search(r"[.;:]\s|\bTHE\b.*\bTHE\b|\bBEFORE\b|\bBY\b .*\bOR\b", plain):
        return None
    words = text.split()
    if marks.JUDGE_TITLE.search(text) and len(words) <= 9:
        return "judge"
    clerk = re.fullmatch(
        r"((MR|MS|MRS)\.? )?[A-Z .,'-]{0,50}\b(DEPUTY |ACTING )?CLERK( OF (THE )?COURT)?", text
    )
    return "clerk" if clerk and len(words) <= 8 else None


def _ends_block(page: Page, cell: Cell) -> bool:
    """Whether the title stands under a name or a line, as in a block, and not within running text."""
    above = [c for c in page.cells if 0 < cell.box[1] - c.box[3] < 26 and _columns_meet(c.box, cell.box)]
    rule = any(0 <= cell.box[1] - r[3] < 45 and _columns_meet(r, cell.box) for r in page.rules)
    named = any(
        _looks_like_name(c.text) or _BLANKS.match(c.text) or TYPED.search(marks.folded(c.text)) for c in above
    )
    own_name = bool(re.match(r"^[A-Z][\w.'-]+( [A-Z][\w.'-]*){1,4},", cell.text))
    return rule or named or own_name


def _looks_like_name(text: str) -> bool:
    words = text.replace(",", " ").split()
    return (
        2 <= len(words) <= 6
        and all(w[0].isupper() or w.lower() in {"de", "la", "van", "von"} for w in words)
        and not any(w.isdigit() for w in words)
    )


def _columns_meet(one: Box, two: Box) -> bool:
    return one[0] <= two[2] + 40 and two[0] <= one[2] + 40


def _near(one: Box, two: Box, points: int) -> bool:
    return abs(one[1] - two[1]) <= points and _columns_meet(one, two)


def _on_line(
    page: Page, label: Cell, *, above: int = _ABOVE, titled: bool = False
) -> tuple[YesNo, str, Box | None]:
    """Whether something that signs stands on the line of a label, what, and where."""
    line = _line(page, label, above)
    left, top, right, bottom = label.box
    if line is not None:
        zone = (line[0] - 8, line[1] - above, line[2] + 8, line[3] + 7)
    else:
        zone = (left - 70, top - above, right + 70, (bottom if titled else top) + 4)
    for cell in page.cells:
        if TYPED.search(marks.folded(cell.text)) and (cell is label or _starts_in(cell.box, zone)):
            return YesNo.YES, cell.text, cell.box
    strokes = [b for b in page.ink if _center_in(b, zone) and not _is_ring(b, page)]
    if len(strokes) >= _STROKES or any(b[2] - b[0] >= _WIDE for b in strokes):
        return YesNo.YES, "pen strokes", _around(strokes)
    for box in page.images:
        small = box[2] - box[0] < 0.7 * page.width and box[3] - box[1] < 0.3 * page.height
        if small and _center_in(box, zone):
            return YesNo.YES, "a picture on the signature line", box
    if any(box[2] - box[0] > 0.7 * page.width and box[3] - box[1] > 0.5 * page.height for box in page.images):
        return YesNo.UNKNOWN, "", None  # the page is a picture: ink on it cannot be seen here
    return (YesNo.NO, "", line) if line is not None else (YesNo.UNKNOWN, "", None)


_STROKES: Final = 3
"""So many short strokes are a pen's; fewer may be a flourish of the form."""

_WIDE: Final = 18
"""One stroke so wide (points) is a pen's."""


def _line(page: Page, label: Cell, above: int) -> Box | None:
    """The signature's line: the nearest rule, or run of underscores, over a label or right under its top."""
    left, top, right, _ = label.box
    blanks = [c.box for c in page.cells if _BLANKS.match(c.text)]
    found = [
        b for b in (*page.rules, *blanks)
        if b[0] <= right + 6 and left - 6 <= b[2] and -above <= b[3] - top <= 6 and b[2] - b[0] < 0.75 * page.width
    ]  # fmt: skip
    return max(found, key=lambda b: b[3], default=None)


def _around(boxes: list[Box]) -> Box:
    return (
        min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
    )  # fmt: skip


def _starts_in(box: Box, zone: Box) -> bool:
    return zone[0] - 4 <= box[0] <= zone[2] and zone[1] - 4 <= box[1] and box[3] <= zone[3] + 4


def _is_ring(box: Box, page: Page) -> bool:
    """A seal: nearly as high as wide, and concentric with another ring."""
    wide, tall = box[2] - box[0], box[3] - box[1]
    if abs(wide - tall) > 3 or wide < 24:
        return False
    middle = ((box[0] + box[2]) // 2, (box[1] + box[3]) // 2)
    others = [b for b in page.ink if b is not box and abs((b[0] + b[2]) // 2 - middle[0]) < 3]
    return any(abs((b[1] + b[3]) // 2 - middle[1]) < 3 for b in others)


def _center_in(box: Box, zone: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return zone[0] <= x <= zone[2] and zone[1] <= y <= zone[3]


def _printed(page: Page, label: Cell) -> tuple[str, str]:
    """The name and title printed below a signature's label (`Printed name and title`)."""
    below = sorted(
        (c for c in page.cells if 0 < c.box[1] - label.box[1] < 75 and _columns_meet(c.box, label.box)),
        key=lambda c: c.box[1],
    )
    texts = [
        c.text
        for c in below
        if not re.match(r"^\(?(printed|title|date|name|signature)", c.text, re.IGNORECASE)
    ]
    over = _name_over(page, label)
    line = next((t for t in texts if not _BLANKS.match(t) and _plausible(t)), "")
    name, _, title = (line or over).partition(",")
    later = [t for t in texts if t != line and _plausible(t)][:2]
    return name.strip(), " ".join([title, *later]).strip()


def _plausible(text: str) -> bool:
    return len(text) < 90 and not re.search(r"\d{3,}|_{3,}|^(city|date)", text, re.IGNORECASE)


def _name_over(page: Page, cell: Cell) -> str:
    """The printed name right above a title."""
    above = sorted(
        (c for c in page.cells if 0 < cell.box[1] - c.box[1] < 40 and _columns_meet(c.box, cell.box)),
        key=lambda c: -c.box[1],
    )
    found = next(
        (c.text for c in above if _looks_like_name(re.sub(r"^/?s/ ?", "", c.text, flags=re.IGNORECASE))), ""
    )
    return re.sub(r"^/?s/ ?", "", found, flags=re.IGNORECASE)


def signer_class(block: Block, *, grand_jury: bool, federal: bool) -> SignerClass:
    """The class of who signs in a block (`none` is decided by the caller from `signed`)."""
    text = marks.folded(f"{block.title} {block.name}")
    text = text if marks.JUDGE_TITLE.search(text) else marks.folded(f"{text} {block.label.text}")
    match block.role.removesuffix("_title"):
        case "judge":
            return _judge_class(text, federal=federal)
        case "issuer":
            return (
                SignerClass.CLERK if marks.CLERK_TITLE.search(text) else _judge_class(text, federal=federal)
            )
        case "clerk":
            return SignerClass.GRAND_JURY_CLERK if grand_jury else SignerClass.CLERK
        case "attorney":
            return SignerClass.ATTORNEY
        case _:
            return SignerClass.AGENCY_OFFICER


def _judge_class(text: str, *, federal: bool) -> SignerClass:
    """Which judge, by the title printed: none is guessed where a federal paper prints no title."""
    if marks.IMMIGRATION_JUDGE.search(text):
        return SignerClass.IMMIGRATION_JUDGE
    if marks.MAGISTRATE.search(text):
        return SignerClass.MAGISTRATE_JUDGE
    if marks.FEDERAL_JUDGE.search(text) or (federal and "DISTRICT JUDGE" in text):
        return SignerClass.ARTICLE_III_JUDGE
    return SignerClass.UNKNOWN if federal else SignerClass.STATE_JUDGE
