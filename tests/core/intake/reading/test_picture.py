"""Pages as pictures: any file gives pictures, or one of the documented refusals."""

from __future__ import annotations

import io
import struct
import zlib

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from habeas.demo.papers.details import PaperKind
from habeas.demo.papers.draw import paper
from habeas.demo.papers.samples import sample
from habeas.intake.reading.pdf import MAX_PAGES
from habeas.intake.reading.picture import MAX_HEIGHT, MAX_PIXELS, MAX_WIDTH, open_paper
from habeas.kernel.errors import BadInput

I205 = paper("i205", sample(PaperKind("i205")))


def blank_pdf(*sizes: tuple[int, int]) -> bytes:
    document = pdfium.PdfDocument.new()
    for size in sizes:
        document.new_page(*size)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def picture(form: str, *frames: Image.Image) -> bytes:
    out = io.BytesIO()
    first, *rest = frames
    more = {"save_all": True, "append_images": rest} if rest else {}
    first.save(out, form, **more)
    return out.getvalue()


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png), formats=("PNG",))
    image.load()
    return image


def refusal(data: bytes) -> str:
    with pytest.raises(BadInput) as caught:
        open_paper(data).picture(1, 200)
    return caught.value.problems[0].code


def said(data: bytes) -> str:
    """The first page's picture as letters, or the code of the refusal."""
    try:
        return open_paper(data).picture(1, 50).decode("latin-1")
    except BadInput as error:
        return error.problems[0].code


def test_a_page_is_drawn_as_wide_as_asked_in_the_shape_of_the_paper() -> None:
    drawn = open_paper(I205)
    width, height = drawn.sizes[0]
    image = opened(drawn.picture(1, 600))
    assert image.width == 600
    assert abs(image.height / image.width - height / width) < 0.01
    assert b"\0" in image.convert("L").tobytes()  # something is printed on it


def test_the_text_of_a_page_is_what_the_machine_read() -> None:
    assert "WARRANT OF REMOVAL" in open_paper(I205).text(1).upper()


def test_each_page_has_its_own_size_and_its_own_picture() -> None:
    drawn = open_paper(blank_pdf((612, 792), (792, 612)))
    assert drawn.sizes == ((612, 792), (792, 612))
    assert opened(drawn.picture(2, 400)).height < 400


def test_a_page_that_is_not_there_is_refused() -> None:
    for page in (0, 2, -1):
        with pytest.raises(BadInput) as caught:
            open_paper(blank_pdf((612, 792))).picture(page, 100)
        assert caught.value.problems[0].code == "reading.page.none"


def test_no_picture_is_larger_than_the_limits() -> None:
    assert opened(open_paper(blank_pdf((612, 792))).picture(1, 100_000)).width == MAX_WIDTH
    assert opened(open_paper(blank_pdf((20, 14_000))).picture(1, 100_000)).height <= MAX_HEIGHT + 1


def test_a_paper_of_more_pages_than_anybody_reads_is_refused() -> None:
    assert refusal(blank_pdf(*[(100, 100)] * (MAX_PAGES + 1))) == "reading.pdf.too_many_pages"


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "GIF", "BMP"])
def test_a_picture_file_is_made_anew_as_a_png(form: str) -> None:
    data = picture(form, Image.new("RGB", (300, 400), "navy"))
    drawn = open_paper(data)
    assert drawn.sizes == ((300, 400),)
    assert opened(drawn.picture(1, 150)).size == (150, 200)
    assert drawn.text(1) == ""


def test_every_sheet_of_a_fax_is_a_page() -> None:
    data = picture("TIFF", *(Image.new("1", (200, 100 + i)) for i in range(3)))
    assert open_paper(data).sizes == ((200, 100), (200, 101), (200, 102))
    assert opened(open_paper(data).picture(3, 200)).size == (200, 102)


def test_what_a_picture_carries_besides_its_dots_does_not_come_along() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "where the phone was"
    Image.new("RGB", (50, 50)).save(out, "JPEG", exif=exif)
    assert b"where the phone was" in out.getvalue()
    assert b"where the phone was" not in open_paper(out.getvalue()).picture(1, 50)


def test_a_small_file_that_unfolds_to_a_huge_picture_is_refused_before_it_does() -> None:
    side = 40_000
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(100)))
        + chunk(b"IEND", b"")
    )
    assert side * side > MAX_PIXELS
    assert refusal(bomb) in ("reading.picture.too_large", "reading.picture.damaged")


def test_a_cut_off_picture_is_damaged() -> None:
    assert refusal(picture("PNG", Image.effect_noise((200, 200), 50))[:3000]) == "reading.picture.damaged"


@pytest.mark.parametrize("data", [b"", b"words", b"PK\x03\x04", b"%!PS"])
def test_what_is_no_paper_to_draw_says_so(data: bytes) -> None:
    assert refusal(data) == "reading.picture.none"


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from(
        [b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF89a", b"BM"]
    ),
)
def test_any_bytes_are_drawn_or_refused(rest: bytes, mark: bytes) -> None:
    assert said(mark + rest).startswith(("\x89PNG", "reading."))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(I205) - 1), st.integers(0, 255))
def test_any_byte_changed_in_a_paper_is_drawn_or_refused(at: int, byte: int) -> None:
    data = bytearray(I205)
    data[at] = byte
    assert said(bytes(data)).startswith(("\x89PNG", "reading."))
