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
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import attrs
import pypdfium2 as pdfium
from pypdfium2 import raw

from habeas.intake.reading.pages import Box, Page, Word, cells_of
from habeas.intake.reading.weight import weigh
from habeas.kernel.errors import bad

MAX_BYTES: Final = 50 * 1024 * 1024
"""Bytes of one file; the doors let no larger one in."""

MAX_PAGES: Final = 200
"""Pages of one file; a longer one is refused, for a person to split."""

MAX_LETTERS: Final = 40_000
"""Letters on one page (a dense page of law has 6,000): more is no page that anybody reads."""

MAX_OBJECTS: Final = 20_000
"""Drawn objects on one page."""

_MAX_NOTES: Final = 2_000
"""Annotations and form fields on one page."""

_FORM_DEPTH: Final = 15
_MAX_SEGMENTS: Final = 400
"""So many segments of a path are looked at for curves."""

_FIELD_BYTES: Final = 8_000
"""A form field's text, in UTF-16, is no longer."""

_EMPTY_FIELD: Final = 2
"""A field's text, in UTF-16 with its end, that says nothing."""

Place = Callable[[float, float, float, float], tuple[float, float, float, float]]
"""(left, bottom, right, top) on the library's page → (left, top, right, bottom) on ours."""


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
        drawn = _drawn(page, put, place)
        pictured = _covered(drawn, width, height)
        laid = [w for w in _words(page, put, place) if _on(w.word.box, width, height)]
        words = [w.word for w in laid if pictured or w.shown]
        noted = _notes(page, fields, put)
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


def _whole(box: Iterable[float]) -> Box:
    a, b, c, d = (round(x) for x in box)
    return a, b, c, d


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
    return _Laid(Word("".join(letters), _whole(box), base), shown)


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


# -------------------------------------------------------------------------------------------- notes


@attrs.frozen
class _Notes:
    """What lies on a page as annotations: filled fields, typed notes, pen strokes, stamps, signatures."""

    words: list[Word] = attrs.field(factory=list)
    ink: list[Box] = attrs.field(factory=list)
    images: list[Box] = attrs.field(factory=list)
    sealed: list[Box] = attrs.field(factory=list)


_UNSEEN: Final = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW | raw.FPDF_ANNOT_FLAG_INVISIBLE


def _notes(page: Any, fields: Any, put: Place) -> _Notes:  # noqa: ANN401 - the library has no types
    found = _Notes()
    for i in range(min(raw.FPDFPage_GetAnnotCount(page.raw), _MAX_NOTES)):
        note = raw.FPDFPage_GetAnnot(page.raw, i)
        try:
            rect = raw.FS_RECTF()
            seen = not raw.FPDFAnnot_GetFlags(note) & _UNSEEN
            if seen and raw.FPDFAnnot_GetRect(note, rect):
                box = _whole(put(rect.left, rect.bottom, rect.right, rect.top))
                _note(note, fields, box, found)
        finally:
            raw.FPDFPage_CloseAnnot(note)
    return found


def _note(note: Any, fields: Any, box: Box, found: _Notes) -> None:  # noqa: ANN401 - the library has no types
    match raw.FPDFAnnot_GetSubtype(note):
        case raw.FPDF_ANNOT_WIDGET if fields:
            kind = raw.FPDFAnnot_GetFormFieldType(fields, note)
            if kind == raw.FPDF_FORMFIELD_SIGNATURE and raw.FPDFAnnot_HasKey(note, b"V"):
                found.sealed.append(box)
            elif kind in _WRITTEN:
                value = _text(lambda b, n: raw.FPDFAnnot_GetFormFieldValue(fields, note, b, n))
                found.words.extend(Word(part, box) for part in value.split())
        case raw.FPDF_ANNOT_FREETEXT:
            value = _text(lambda b, n: raw.FPDFAnnot_GetStringValue(note, b"Contents", b, n))
            found.words.extend(Word(part, box) for part in value.split())
        case raw.FPDF_ANNOT_INK:
            found.ink.append(box)
        case subtype if subtype in _DRAWN_NOTES:
            found.images.append(box)
        case _:
            pass


_DRAWN_NOTES: Final = frozenset(
    {
        raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_LINE, raw.FPDF_ANNOT_SQUARE, raw.FPDF_ANNOT_CIRCLE,
        raw.FPDF_ANNOT_POLYGON, raw.FPDF_ANNOT_POLYLINE,
    }
)  # fmt: skip
"""Annotations that may look like anything, a signature too: on a signature's line nobody knows."""

_WRITTEN: Final = (
    raw.FPDF_FORMFIELD_TEXTFIELD,
    raw.FPDF_FORMFIELD_COMBOBOX,
    raw.FPDF_FORMFIELD_LISTBOX,
)
"""Fields that hold words; what a ticked box holds is no word of the paper."""


def _text(get: Callable[[Any, int], int]) -> str:
    """A text that the library gives as UTF-16, control characters as spaces."""
    size = get(None, 0)
    if not _EMPTY_FIELD < size <= _FIELD_BYTES:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    get(buffer, size)
    text = bytes(buffer).decode("utf-16-le", "replace").split("\0", 1)[0]
    return "".join(c if c.isprintable() else " " for c in text)


# ------------------------------------------------------------------------------------------ drawing


@attrs.frozen
class _Drawn:
    """What a page's own drawing shows besides words; `areas` are the large filled areas over words."""

    ink: list[Box] = attrs.field(factory=list)
    images: list[Box] = attrs.field(factory=list)
    pens: list[Box] = attrs.field(factory=list)
    rules: list[Box] = attrs.field(factory=list)
    areas: list[Box] = attrs.field(factory=list)


_THIN: Final = 2.5
_RULE: Final = 18.0
"""A rule is at most so high and at least so long (points)."""

_STROKE_LEAST: Final = (2.0, 1.0)
_STROKE_MOST: Final = (330.0, 95.0)
"""A pen stroke is at least and at most so wide and high (points)."""

_LARGE: Final = 0.4
"""A part of the page from which on a picture or area covers it."""


def _drawn(page: Any, put: Place, place: str) -> _Drawn:  # noqa: ANN401 - the library has no types
    found = _Drawn()
    worded = False
    for number, each in enumerate(page.get_objects(max_depth=_FORM_DEPTH)):
        if number >= MAX_OBJECTS:
            raise bad("reading.pdf.page_too_full", place)
        if each.type == raw.FPDF_PAGEOBJ_TEXT:
            worded = True
        elif each.type in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
            _sort(each, put(*each.get_bounds()), found, worded=worded)
    return found


def _sort(each: Any, box: tuple[float, float, float, float], found: _Drawn, *, worded: bool) -> None:  # noqa: ANN401 - the library has no types
    wide, tall = box[2] - box[0], box[3] - box[1]
    if each.type == raw.FPDF_PAGEOBJ_IMAGE:
        found.images.append(_whole(box))
        if len(found.pens) < _MAX_PENS and _has_pen_shape(wide, tall) and _shows_strokes(each):
            found.pens.append(_whole(box))
    elif each.type == raw.FPDF_PAGEOBJ_SHADING:
        found.areas.append(_whole(box))
    elif tall <= _THIN and wide > _RULE:
        found.rules.append(_whole(box))
    elif _STROKE_LEAST[0] <= wide <= _STROKE_MOST[0] and _STROKE_LEAST[1] <= tall <= _STROKE_MOST[1]:
        if _has_curves(each):
            found.ink.append(_whole(box))
    elif worded and _filled(each):
        found.areas.append(_whole(box))


_MAX_PENS: Final = 12
"""So many small pictures of a page are looked into."""

_PEN_LEAST: Final = (20.0, 6.0)
_PEN_MOST: Final = (330.0, 120.0)
_PEN_WIDER: Final = 1.25
"""A picture of a signature is at least and at most so wide and high (points), and so much wider than high."""

_INKED: Final = (0.004, 0.45)
"""The part of such a picture that is dark: an empty one, a black bar and a photograph are no signature."""

_DARK: Final = 150
_DARK_BYTE: Final = bytes(255 if value < _DARK else 0 for value in range(256))
_OPAQUE_BYTE: Final = bytes(255 if value > _DARK else 0 for value in range(256))


def _has_pen_shape(wide: float, tall: float) -> bool:
    """Whether a picture has the shape of a signature; a seal is as high as wide."""
    large = _PEN_LEAST[0] <= wide <= _PEN_MOST[0] and _PEN_LEAST[1] <= tall <= _PEN_MOST[1]
    return large and wide >= _PEN_WIDER * tall


def _shows_strokes(each: Any) -> bool:  # noqa: ANN401 - the library has no types
    """Whether a picture, as it is seen, has some dark strokes on a light or clear ground."""
    try:
        bitmap = each.get_bitmap(render=True, scale_to_original=False)
    except (pdfium.PdfiumError, ValueError, MemoryError):
        return False
    data, parts, wide = bytes(bitmap.buffer), bitmap.n_channels, bitmap.width * bitmap.n_channels
    if bitmap.stride != wide:
        data = b"".join(data[at : at + wide] for at in range(0, len(data), bitmap.stride))
    dark = int.from_bytes(data[min(1, parts - 1) :: parts].translate(_DARK_BYTE))
    if parts == _WITH_OPACITY and bitmap.mode.endswith("A"):
        dark &= int.from_bytes(data[3::parts].translate(_OPAQUE_BYTE))
    share = dark.bit_count() / 8 / max(bitmap.width * bitmap.height, 1)
    return bool(_INKED[0] <= share <= _INKED[1])


_WITH_OPACITY: Final = 4


def _covered(drawn: _Drawn, width: float, height: float) -> bool:
    """Whether pictures, or areas drawn over words, cover most of a page."""
    pictures = sum(_part(b, width, height) for b in drawn.images)
    return pictures >= _LARGE or any(_part(b, width, height) >= _LARGE for b in drawn.areas)


def _part(box: Box, width: float, height: float) -> float:
    wide = min(box[2], width) - max(box[0], 0)
    tall = min(box[3], height) - max(box[1], 0)
    return max(wide, 0) * max(tall, 0) / max(width * height, 1)


def _filled(each: Any) -> bool:  # noqa: ANN401 - the library has no types
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(each.raw, mode, stroked):
        return False
    return bool(mode.value != raw.FPDF_FILLMODE_NONE)


def _has_curves(each: Any) -> bool:  # noqa: ANN401 - the library has no types
    return any(
        raw.FPDFPathSegment_GetType(raw.FPDFPath_GetPathSegment(each.raw, i)) == raw.FPDF_SEGMENT_BEZIERTO
        for i in range(min(raw.FPDFPath_CountSegments(each.raw), _MAX_SEGMENTS))
    )
