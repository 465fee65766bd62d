"""What lies on a PDF's page besides its words: pen strokes, pictures, rules, filled areas, and notes.

Hides the library's drawn objects and annotations. A note is what was laid over a page afterwards: a filled
field, a typed remark, a pen's strokes, a stamp, a digital signature; one that is hidden is not there.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable
from typing import Any, Final

import attrs
import pypdfium2 as pdfium
from pypdfium2 import raw

from habeas.intake.reading.pages import Box, Word
from habeas.kernel.errors import bad

Place = Callable[[float, float, float, float], tuple[float, float, float, float]]
"""(left, bottom, right, top) on the library's page → (left, top, right, bottom) on ours."""


def whole(box: Iterable[float]) -> Box:
    """A box in whole points."""
    a, b, c, d = (round(x) for x in box)
    return a, b, c, d


MAX_OBJECTS: Final = 20_000
"""Drawn objects on one page."""

_MAX_NOTES: Final = 2_000
"""Annotations and form fields on one page."""

_FORM_DEPTH: Final = 15
"""Forms within forms that are looked into."""

_MAX_SEGMENTS: Final = 400
"""So many segments of a path are looked at for curves."""

_FIELD_BYTES: Final = 8_000
"""A form field's text, in UTF-16, is no longer."""

_EMPTY_FIELD: Final = 2
"""A field's text, in UTF-16 with its end, that says nothing."""


# -------------------------------------------------------------------------------------------- notes


@attrs.frozen
class Notes:
    """What lies on a page as annotations: filled fields, typed notes, pen strokes, stamps, signatures."""

    words: list[Word] = attrs.field(factory=list)
    ink: list[Box] = attrs.field(factory=list)
    images: list[Box] = attrs.field(factory=list)
    sealed: list[Box] = attrs.field(factory=list)


_UNSEEN: Final = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW | raw.FPDF_ANNOT_FLAG_INVISIBLE


def notes_of(page: Any, fields: Any, put: Place) -> Notes:  # noqa: ANN401 - the library has no types
    """What lies over a page and is not hidden; `fields` reads the document's form, if it has one."""
    found = Notes()
    for i in range(min(raw.FPDFPage_GetAnnotCount(page.raw), _MAX_NOTES)):
        note = raw.FPDFPage_GetAnnot(page.raw, i)
        try:
            rect = raw.FS_RECTF()
            seen = not raw.FPDFAnnot_GetFlags(note) & _UNSEEN
            if seen and raw.FPDFAnnot_GetRect(note, rect):
                box = whole(put(rect.left, rect.bottom, rect.right, rect.top))
                _note(note, fields, box, found)
        finally:
            raw.FPDFPage_CloseAnnot(note)
    return found


def _note(note: Any, fields: Any, box: Box, found: Notes) -> None:  # noqa: ANN401 - the library has no types
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
class Drawn:
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


def drawing_of(page: Any, put: Place, place: str) -> Drawn:  # noqa: ANN401 - the library has no types
    """What a page draws itself, or `BadInput` (`reading.pdf.page_too_full`)."""
    found = Drawn()
    worded = False
    for number, each in enumerate(page.get_objects(max_depth=_FORM_DEPTH)):
        if number >= MAX_OBJECTS:
            raise bad("reading.pdf.page_too_full", place)
        if each.type == raw.FPDF_PAGEOBJ_TEXT:
            worded = True
        elif each.type in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
            _sort(each, put(*each.get_bounds()), found, worded=worded)
    return found


def _sort(each: Any, box: tuple[float, float, float, float], found: Drawn, *, worded: bool) -> None:  # noqa: ANN401 - the library has no types
    wide, tall = box[2] - box[0], box[3] - box[1]
    if each.type == raw.FPDF_PAGEOBJ_IMAGE:
        found.images.append(whole(box))
        if len(found.pens) < _MAX_PENS and _has_pen_shape(wide, tall) and _shows_strokes(each):
            found.pens.append(whole(box))
    elif each.type == raw.FPDF_PAGEOBJ_SHADING:
        found.areas.append(whole(box))
    elif tall <= _THIN and wide > _RULE:
        found.rules.append(whole(box))
    elif _STROKE_LEAST[0] <= wide <= _STROKE_MOST[0] and _STROKE_LEAST[1] <= tall <= _STROKE_MOST[1]:
        if _has_curves(each):
            found.ink.append(whole(box))
    elif worded and _filled(each):
        found.areas.append(whole(box))


_MAX_PENS: Final = 12
"""So many small pictures of a page are looked into."""

_PEN_LEAST: Final = (20.0, 6.0)
_PEN_MOST: Final = (330.0, 120.0)
_PEN_WIDER: Final = 1.25
"""A picture of a signature is at least and at most so wide and high (points), and so much wider than high."""

_MAX_DOTS: Final = 2_500_000
"""Dots of a picture that is looked into; a signature scanned at 600 to the inch has 1.5 million."""

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
        wide, tall = each.get_px_size()
        if wide * tall > _MAX_DOTS:
            return False
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


def is_covered(drawn: Drawn, width: float, height: float) -> bool:
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
