"""Bytes of a PDF → pages: words and cells with their boxes, strokes of ink, rules, images.

Hides the PDF library. Promises that any bytes give pages or the documented `BadInput`, within explicit
limits, and that boxes are whole points from the page's top left corner.

A *cell* is a run of words on one line without a wide gap: in a form, one blank or one label. Other
sources of pages (a scan read by OCR) give the same `Page`.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Final

import attrs

from habeas.kernel.errors import bad

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pypdfium2 as pdfium

Box = tuple[int, int, int, int]
"""(left, top, right, bottom) in whole points from the page's top left corner."""

MAX_PAGES: Final = 200
"""Pages read of one file; a longer one is refused, for a person to split."""

MAX_CHARS: Final = 60_000
"""Characters read of one page."""

MAX_OBJECTS: Final = 20_000
"""Drawn objects looked at on one page."""

_TALL: Final = 40.0
"""Letters taller than this (points) are a watermark: kept out of the lines they lie across."""


@attrs.frozen
class Word:
    """A word and where it stands."""

    text: str
    box: Box


@attrs.frozen
class Cell:
    """A run of words on one line without a wide gap."""

    text: str
    box: Box
    words: tuple[Word, ...] = ()


@attrs.frozen
class Page:
    """One page: its size in points, its cells in reading order, and what is drawn on it.

    `ink` are curved strokes (a pen signature drawn as paths, and seals), `images` the
    boxes of pictures, `rules` thin horizontal lines, `crosses` small diagonal strokes (ticked boxes).
    """

    number: int
    width: int
    height: int
    cells: tuple[Cell, ...]
    ink: tuple[Box, ...] = ()
    images: tuple[Box, ...] = ()
    rules: tuple[Box, ...] = ()
    crosses: tuple[Box, ...] = ()

    @property
    def text(self) -> str:
        """The cells, one a line."""
        return "\n".join(c.text for c in self.cells)

    @property
    def has_text(self) -> bool:
        """Whether there is a text layer worth reading (a court's filing header alone is not)."""
        return sum(len(c.text) for c in self.cells) >= _ENOUGH


_ENOUGH: Final = 60


def read_pages(data: bytes, place: str) -> tuple[Page, ...]:
    """Every page of a PDF, or `BadInput` (`reading.pdf.…`)."""
    import pypdfium2 as pdfium  # noqa: PLC0415 - only papers need it
    from pypdfium2 import raw  # noqa: PLC0415 - as above

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        locked = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD
        raise bad("reading.pdf.encrypted" if locked else "reading.pdf.damaged", place) from None
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise bad("reading.pdf.too_many_pages", place, limit=MAX_PAGES, pages=count)
        if count == 0:
            raise bad("reading.pdf.damaged", place)
        if document.get_formtype() > 0:
            document.init_forms()
        return tuple(_page(document, i) for i in range(count))
    except pdfium.PdfiumError:
        raise bad("reading.pdf.damaged", place) from None
    finally:
        document.close()


def _page(document: pdfium.PdfDocument, index: int) -> Page:
    page = document[index]
    try:
        width, height = page.get_size()
        words = [*_words(page, height), *_form_words(page, height)]
        drawn = _drawn(page, height)
        return Page(index + 1, round(width), round(height), tuple(cells_of(words)), *drawn)
    finally:
        page.close()


def _words(page: pdfium.PdfPage, height: float) -> Iterator[Word]:
    """The words of the text layer, each with the union of its letters' boxes."""
    from pypdfium2 import raw  # noqa: PLC0415 - loaded already

    text = page.get_textpage()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    letters: list[str] = []
    box = [0.0, 0.0, 0.0, 0.0]
    try:
        for i in range(min(text.count_chars(), MAX_CHARS)):
            code = raw.FPDFText_GetUnicode(text.raw, i)
            char = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
            raw.FPDFText_GetCharBox(text.raw, i, left, right, bottom, top)
            here = (left.value, height - top.value, right.value, height - bottom.value)
            if char.isspace() or not char.isprintable() or (letters and _apart(box, here)):
                if letters:
                    yield Word("".join(letters), _whole(box))
                letters = []
            if char.isspace() or not char.isprintable():
                continue
            box = [*here] if not letters else _union(box, here)
            letters.append(char)
        if letters:
            yield Word("".join(letters), _whole(box))
    finally:
        text.close()


def _apart(box: list[float], here: tuple[float, float, float, float]) -> bool:
    """Whether a letter cannot belong to the word so far: another line, a jump, another size."""
    tall = max(box[3] - box[1], 1.0)
    jump = here[0] - box[2] > 1.2 * tall or here[0] < box[0] - tall
    line = here[1] > box[3] + tall or here[3] < box[1] - tall
    return jump or line


def _union(box: list[float], here: tuple[float, float, float, float]) -> list[float]:
    return [min(box[0], here[0]), min(box[1], here[1]), max(box[2], here[2]), max(box[3], here[3])]


def _whole(box: Iterable[float]) -> Box:
    a, b, c, d = (round(x) for x in box)
    return a, b, c, d


def _form_words(page: pdfium.PdfPage, height: float) -> Iterator[Word]:
    """What is filled into the fields of an interactive form."""
    from pypdfium2 import raw  # noqa: PLC0415 - loaded already

    form = page.formenv
    if form is None:
        return
    for i in range(min(raw.FPDFPage_GetAnnotCount(page.raw), 500)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, i)
        try:
            value = _field_value(form.raw, annotation)
            rect = raw.FS_RECTF()
            if value and raw.FPDFAnnot_GetRect(annotation, rect):
                box = _whole((rect.left, height - rect.top, rect.right, height - rect.bottom))
                yield from (Word(part, box) for part in value.split())
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _field_value(form: object, annotation: object) -> str:
    from pypdfium2 import raw  # noqa: PLC0415 - loaded already

    size = raw.FPDFAnnot_GetFormFieldValue(form, annotation, None, 0)
    if not 2 < size < 4000:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size)
    text = bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
    return "" if text in ("Off", "0") else "".join(c if c.isprintable() else " " for c in text)


def cells_of(words: Iterable[Word]) -> Iterator[Cell]:
    """Words grouped into lines by height, and lines cut at wide gaps; top to bottom, left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: ((w.box[1] + w.box[3]) / 2, w.box[0])):
        if word.box[3] - word.box[1] > _TALL:
            lines.append([word])
            continue
        line = next((x for x in reversed(lines[-6:]) if _same_line(x, word)), None)
        if line is None:
            lines.append([word])
        else:
            line.append(word)
    for line in lines:
        yield from _cut(sorted(line, key=lambda w: w.box[0]))


def _same_line(line: list[Word], word: Word) -> bool:
    last = line[0].box
    tall = min(last[3] - last[1], word.box[3] - word.box[1])
    apart = abs((last[1] + last[3]) - (word.box[1] + word.box[3])) / 2
    return last[3] - last[1] <= _TALL and apart <= max(0.45 * tall, 2)


def _cut(line: list[Word]) -> Iterator[Cell]:
    run: list[Word] = []
    for word in line:
        tall = max(word.box[3] - word.box[1], 6)
        if run and word.box[0] - run[-1].box[2] > 2.2 * tall:
            yield _cell(run)
            run = []
        run.append(word)
    if run:
        yield _cell(run)


def _cell(run: list[Word]) -> Cell:
    box = (
        min(w.box[0] for w in run), min(w.box[1] for w in run),
        max(w.box[2] for w in run), max(w.box[3] for w in run),
    )  # fmt: skip
    return Cell(" ".join(w.text for w in run), box, tuple(run))


_THIN: Final = 2.5
_SMALL: Final = 14.0
_PEN: Final = (2.0, 1.0, 330.0, 95.0)
"""A pen stroke is at least so wide and high, and at most so wide and high (points)."""

_RULE: Final = 18.0
"""A rule is at least so long."""


def _drawn(page: pdfium.PdfPage, height: float) -> tuple[tuple[Box, ...], ...]:
    """(ink, images, rules, crosses) of a page."""
    from pypdfium2 import raw  # noqa: PLC0415 - loaded already

    ink: list[Box] = []
    images: list[Box] = []
    rules: list[Box] = []
    crosses: list[Box] = []
    for number, drawn in enumerate(page.get_objects(max_depth=5)):
        if number >= MAX_OBJECTS:
            break
        if drawn.type not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
            continue
        left, bottom, right, top = drawn.get_bounds()
        wide, tall = right - left, top - bottom
        box = _whole((left, height - top, right, height - bottom))
        if drawn.type == raw.FPDF_PAGEOBJ_IMAGE:
            images.append(box)
        elif tall <= _THIN and wide > _RULE:
            rules.append(box)
        elif _has_curves(drawn):
            if _PEN[0] <= wide <= _PEN[2] and _PEN[1] <= tall <= _PEN[3]:
                ink.append(box)
        elif wide <= _SMALL and tall <= _SMALL and _is_cross(drawn):
            crosses.append(box)
    return tuple(ink), tuple(images), tuple(rules), tuple(crosses)


def _segments(drawn: pdfium.PdfObject) -> Iterator[int]:
    from pypdfium2 import raw  # noqa: PLC0415 - loaded already

    for i in range(min(raw.FPDFPath_CountSegments(drawn.raw), 400)):
        yield raw.FPDFPathSegment_GetType(raw.FPDFPath_GetPathSegment(drawn.raw, i))


def _has_curves(drawn: pdfium.PdfObject) -> bool:
    from pypdfium2 import raw  # noqa: PLC0415 - loaded already

    return any(kind == raw.FPDF_SEGMENT_BEZIERTO for kind in _segments(drawn))


def _is_cross(drawn: pdfium.PdfObject) -> bool:
    """A small open stroke or two (a tick), not a closed square."""
    from pypdfium2 import raw  # noqa: PLC0415 - loaded already

    kinds = list(_segments(drawn))
    return 2 <= len(kinds) <= 4 and raw.FPDF_SEGMENT_BEZIERTO not in kinds
