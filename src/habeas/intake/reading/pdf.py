"""Bytes of a PDF → pages, through pdfium.

Hides the library. Promises that any bytes give pages or the documented `BadInput`, within limits of size,
of what the file unfolds to (`weight`), of pages, and of letters and drawn objects on a page; that nothing
is written to the terminal; and that no script of the file runs.

Words that nobody sees on the paper are left out: drawn invisibly, in white, too small to read, or outside
the page. Only where a picture covers the page they stay, as the layer that a scanner's software laid
under it; such a page is marked `pictured`.
"""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator
from typing import Any, Final

import attrs
import pypdfium2 as pdfium
from pypdfium2 import raw

from habeas.intake.reading.drawn import Place, drawing_of, is_covered, notes_of, whole
from habeas.intake.reading.pages import Box, Page, Word, cells_of
from habeas.intake.reading.weight import weigh
from habeas.kernel.errors import bad

MAX_BYTES: Final = 50 * 1024 * 1024
"""Bytes of one file; the doors let no larger one in."""

MAX_PAGES: Final = 200
"""Pages of one file; a longer one is refused, for a person to split."""

MAX_LETTERS: Final = 40_000
"""Letters on one page (a dense page of law has 6,000): more is no page that anybody reads."""


def read_pages(data: bytes, place: str) -> tuple[Page, ...]:
    """Every page of a PDF, or `BadInput` (`reading.pdf.…`)."""
    if len(data) > MAX_BYTES:
        raise bad("reading.pdf.too_heavy", place)
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        locked = raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise bad("reading.pdf.encrypted" if locked else "reading.pdf.damaged", place) from None
    try:
        return _checked(document, place)
    except (pdfium.PdfiumError, ValueError, IndexError):
        raise bad("reading.pdf.damaged", place) from None
    finally:
        document.close()


def _checked(document: Any, place: str) -> tuple[Page, ...]:  # noqa: ANN401 - the library has no types
    count = len(document)
    if count > MAX_PAGES:
        raise bad("reading.pdf.too_many_pages", place, limit=MAX_PAGES, pages=count)
    if count == 0:
        raise bad("reading.pdf.damaged", place)
    weigh(_plain_copy(document), place)
    fields = _form(document)
    try:
        return tuple(_page(document, fields, i, place) for i in range(count))
    finally:
        if fields is not None:
            raw.FPDFDOC_ExitFormFillEnvironment(fields)


def _plain_copy(document: Any) -> bytes:  # noqa: ANN401 - the library has no types
    copy = io.BytesIO()
    document.save(copy, flags=raw.FPDF_REMOVE_SECURITY)
    return copy.getvalue()


def _form(document: Any) -> Any:  # noqa: ANN401 - the library has no types
    """What reads the fields of an interactive form, or None.

    Made here and not by `init_forms`, which would print a warning for every XFA form. Without a platform
    for JavaScript, no script of the file can run.
    """
    if document.get_formtype() == raw.FORMTYPE_NONE:
        return None
    document.reading_form = raw.FPDF_FORMFILLINFO(version=2)  # kept as long as the document
    return raw.FPDFDOC_InitFormFillEnvironment(document.raw, document.reading_form)


def _page(document: Any, fields: Any, index: int, place: str) -> Page:  # noqa: ANN401 - the library has no types
    page = document[index]
    try:
        width, height = page.get_size()
        put = _placing(page, width, height)
        drawn = drawing_of(page, put, place)
        pictured = is_covered(drawn, width, height)
        laid = [w for w in _words(page, put, place) if _on(w.word.box, width, height)]
        words = [w.word for w in laid if pictured or w.shown]
        noted = notes_of(page, fields, put)
        return Page(
            number=index + 1,
            width=round(width),
            height=round(height),
            cells=tuple(cells_of([*words, *noted.words])),
            ink=(*drawn.ink, *noted.ink),
            images=(*drawn.images, *noted.images),
            pens=tuple(drawn.pens),
            rules=tuple(drawn.rules),
            sealed=tuple(noted.sealed),
            pictured=pictured,
        )
    finally:
        page.close()


# ------------------------------------------------------------------------------------------- places


def _on(box: Box, width: float, height: float) -> bool:
    """Whether a box lies on the page at least in part."""
    return box[2] >= 0 and box[0] <= width and box[3] >= 0 and box[1] <= height


def _placing(page: Any, width: float, height: float) -> Place:  # noqa: ANN401 - the library has no types
    """Where the library's coordinates lie on the page as it is seen: cropped, and turned."""
    left, bottom, _, _ = page.get_cropbox()
    match page.get_rotation():
        case 90:
            return lambda a, b, c, d: (b - bottom, a - left, d - bottom, c - left)
        case 180:
            return lambda a, b, c, d: (width - (c - left), b - bottom, width - (a - left), d - bottom)
        case 270:
            return lambda a, b, c, d: (
                width - (d - bottom), height - (c - left), width - (b - bottom), height - (a - left)
            )  # fmt: skip
        case _:
            return lambda a, b, c, d: (a - left, height - (d - bottom), c - left, height - (b - bottom))


# -------------------------------------------------------------------------------------------- words


@attrs.frozen
class _Laid:
    """A word of the text layer, and whether it can be seen on the paper."""

    word: Word
    shown: bool


def _words(page: Any, put: Place, place: str) -> Iterator[_Laid]:  # noqa: ANN401 - the library has no types
    """The words of the text layer, each with the union of its letters' boxes."""
    text = page.get_textpage()
    try:
        count = text.count_chars()
        if count > MAX_LETTERS:
            raise bad("reading.pdf.page_too_full", place)
        yield from _grouped(text.raw, count, put)
    finally:
        text.close()


def _grouped(text: Any, count: int, put: Place) -> Iterator[_Laid]:  # noqa: ANN401 - the library has no types
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    letters: list[str] = []
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    base, shown = 0.0, True
    for i in range(count):
        code = raw.FPDFText_GetUnicode(text, i)
        char = chr(code) if code < _UNICODE_END and not _SURROGATES[0] <= code <= _SURROGATES[1] else " "
        blank = char.isspace() or not char.isprintable()
        raw.FPDFText_GetCharBox(text, i, left, right, bottom, top)
        here = put(left.value, bottom.value, right.value, top.value)
        if letters and (blank or _apart(box, here)):
            yield _laid(letters, box, base, shown=shown)
            letters = []
        if blank:
            continue
        if letters:
            box = (min(box[0], here[0]), min(box[1], here[1]), max(box[2], here[2]), max(box[3], here[3]))
        else:
            raw.FPDFText_GetCharOrigin(text, i, x, y)
            box, base, shown = here, put(x.value, y.value, x.value, y.value)[3], _shown(text, i)
        letters.append(char)
    if letters:
        yield _laid(letters, box, base, shown=shown)


_UNICODE_END: Final = 0x110000
_SURROGATES: Final = (0xD800, 0xDFFF)

_JUMP: Final = 1.2
"""A letter further right than this many heights begins another word."""


def _apart(box: tuple[float, float, float, float], here: tuple[float, float, float, float]) -> bool:
    """Whether a letter cannot belong to the word so far: another line, a jump, another size."""
    tall = max(box[3] - box[1], 1.0)
    jump = here[0] - box[2] > _JUMP * tall or here[0] < box[0] - tall
    return jump or here[1] > box[3] + tall or here[3] < box[1] - tall


_TINY: Final = 3.0
"""A letter whose place is no larger (points, both ways) cannot be read on paper."""

_WHITE: Final = 250
_CLEAR: Final = 16
"""A color whose parts are all above `_WHITE`, or whose opacity is below this, is not seen (of 255)."""


def _laid(letters: list[str], box: tuple[float, float, float, float], base: float, *, shown: bool) -> _Laid:
    return _Laid(Word("".join(letters), whole(box), base), shown)


_UNDRAWN: Final = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)


def _shown(text: Any, index: int) -> bool:  # noqa: ANN401 - the library has no types
    """Whether a letter is drawn so that it can be seen: filled or outlined, not white, clear or tiny."""
    drawn = raw.FPDFText_GetTextObject(text, index)
    if drawn and raw.FPDFTextObj_GetTextRenderMode(drawn) in _UNDRAWN:
        return False
    room = raw.FS_RECTF()
    if raw.FPDFText_GetLooseCharBox(text, index, room) and _is_tiny(room):
        return False
    red, green, blue, opaque = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFText_GetFillColor(text, index, red, green, blue, opaque):
        return True
    white = min(red.value, green.value, blue.value) > _WHITE
    return not white and opaque.value >= _CLEAR


def _is_tiny(room: Any) -> bool:  # noqa: ANN401 - the library has no types
    return bool(max(room.right - room.left, abs(room.top - room.bottom)) < _TINY)
