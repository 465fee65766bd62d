"""A paper as people see it: each page as a picture, its size, and its words.

Hides the two libraries that draw. Promises that any bytes give a `Drawn` or the documented `BadInput`
within the limits below and those of `pdf` (size, what it unfolds to, pages); that a picture is always a
PNG made here, never a stranger's bytes; and that a page's size is in the same points as the boxes of
`Place`. A picture file has no points: its pixels stand for them.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import attrs
import pypdfium2 as pdfium
from PIL import Image, ImageSequence, UnidentifiedImageError

from habeas.intake.reading.pdf import MAX_BYTES, MAX_PAGES, read_pages
from habeas.intake.reading.weight import weigh
from habeas.kernel.errors import BadInput, bad

MAX_PIXELS: Final = 50_000_000
"""Pixels of one picture file's page; a fax page in fine resolution has 4 million."""

MAX_WIDTH: Final = 1_700
"""Pixels across of the largest picture made: a letter page at 200 dots an inch."""

MAX_HEIGHT: Final = 6_000
"""Pixels down; a strip longer than this is drawn smaller."""

_FORMATS: Final = ("PNG", "JPEG", "TIFF", "GIF", "BMP")
_MARKS: Final = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8", b"BM")
_PDF_WITHIN: Final = 1024


@attrs.frozen
class Drawn:
    """An open paper. `sizes` are its pages' (width, height); pages count from 1 in `picture` and `text`."""

    sizes: tuple[tuple[int, int], ...]
    _draw: Callable[[int, int], bytes]
    _read: Callable[[int], str]

    def picture(self, page: int, width: int) -> bytes:
        """The page as a PNG, `width` pixels across (less where a limit says so)."""
        wide, tall = self._size(page)
        most = min(width, MAX_WIDTH, MAX_HEIGHT * wide // max(tall, 1))
        return self._draw(page, max(most, 1))

    def text(self, page: int) -> str:
        """The words seen on the page, as the machine reads them, a cell a line; "" of a picture."""
        self._size(page)
        return self._read(page)

    def _size(self, page: int) -> tuple[int, int]:
        if not 1 <= page <= len(self.sizes):
            raise bad("reading.page.none", "page", pages=len(self.sizes))
        return self.sizes[page - 1]


def open_paper(data: bytes) -> Drawn:
    """A PDF or a picture file, opened for drawing; anything else is `reading.picture.none`."""
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return _pdf(data)
    if data.startswith(_MARKS):
        return _image(data)
    raise bad("reading.picture.none", "file")


def _pdf(data: bytes) -> Drawn:
    if len(data) > MAX_BYTES:
        raise bad("reading.pdf.too_heavy", "file")
    try:
        document = pdfium.PdfDocument(data)
        count = len(document)
        plain = io.BytesIO()
        document.save(plain)
        sizes = tuple(_points(document, i) for i in range(min(count, MAX_PAGES)))
    except (pdfium.PdfiumError, ValueError, IndexError):
        raise bad("reading.pdf.damaged", "file") from None
    if count > MAX_PAGES:
        raise bad("reading.pdf.too_many_pages", "file", limit=MAX_PAGES, pages=count)
    weigh(plain.getvalue(), "file")
    return Drawn(sizes, lambda page, width: _draw_page(document, page, width), _reader(data))


def _points(document: Any, index: int) -> tuple[int, int]:  # noqa: ANN401 - the library has no types
    width, height = document.get_page_size(index)
    return max(round(width), 1), max(round(height), 1)


def _draw_page(document: Any, page: int, width: int) -> bytes:  # noqa: ANN401 - the library has no types
    try:
        opened = document[page - 1]
        try:
            drawn = opened.render(scale=width / opened.get_width(), may_draw_forms=True)
        finally:
            opened.close()
        return _png(drawn.to_pil())
    except (pdfium.PdfiumError, ValueError, IndexError):
        raise bad("reading.pdf.damaged", "file") from None


def _reader(data: bytes) -> Callable[[int], str]:
    """Reads all pages at the first question and keeps them: the same words that the machine read."""
    kept: list[tuple[str, ...]] = []

    def read(page: int) -> str:
        if not kept:
            kept.append(tuple(p.text for p in read_pages(data, "file")))
        return kept[0][page - 1]

    return read


def _image(data: bytes) -> Drawn:
    try:
        with _quiet(), _opened(data) as image:
            sizes = tuple(_sheets(image))
    except _UNREADABLE:
        raise bad("reading.picture.damaged", "file") from None
    return Drawn(sizes, lambda page, width: _draw_image(data, page, width), lambda _: "")


@contextmanager
def _quiet() -> Iterator[None]:
    """What the library warns of in a damaged file is either drawn anyway or refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=_FORMATS)


def _sheets(image: Image.Image) -> Iterator[tuple[int, int]]:
    """The size of every sheet of a picture file; a fax has several."""
    for number, sheet in enumerate(ImageSequence.Iterator(image), 1):
        if number > MAX_PAGES:
            raise bad("reading.pdf.too_many_pages", "file", limit=MAX_PAGES, pages=number)
        yield _checked(sheet.size)


def _checked(size: tuple[int, int]) -> tuple[int, int]:
    if size[0] * size[1] > MAX_PIXELS:
        raise bad("reading.picture.too_large", "file", limit=MAX_PIXELS // 1_000_000)
    return size


def _draw_image(data: bytes, page: int, width: int) -> bytes:
    try:
        with _quiet(), _opened(data) as image:
            image.seek(page - 1)
            _checked(image.size)
            drawn = image.convert("RGB")
            height = max(round(drawn.height * width / drawn.width), 1)
            return _png(drawn.resize((width, height)) if width < drawn.width else drawn)
    except _UNREADABLE:
        raise bad("reading.picture.damaged", "file") from None


_UNREADABLE: Final = (
    OSError,
    EOFError,
    ValueError,
    SyntaxError,  # what the library raises for a broken PNG
    UnidentifiedImageError,
    Image.DecompressionBombError,
)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def problem_of(error: BadInput) -> tuple[str, dict[str, str]]:
    """A refusal as plain values, to be carried between processes: its code and its slots."""
    first = error.problems[0]
    return first.code, dict(first.detail)
