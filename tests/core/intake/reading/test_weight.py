"""A small file that unfolds to a great deal is refused before the library draws it; ordinary ones are not."""

from __future__ import annotations

import base64
import tracemalloc
import zlib

import pytest

from habeas.demo.papers.details import PaperKind
from habeas.demo.papers.draw import paper
from habeas.demo.papers.samples import sample
from habeas.intake.reading.pdf import read_pages
from habeas.intake.reading.weight import MAX_PAGE, MAX_STREAM
from habeas.kernel.errors import BadInput
from tests.core.intake.reading.raw_pdf import FONT, page, pdf, stream, words

LINE = words((72, 100, "A page of ordinary words, as many as a letter has, and no more than that."))
DRAWING = b"0 0 m 9 9 l S\n"


def code(data: bytes) -> str:
    with pytest.raises(BadInput) as caught:
        read_pages(data, "file")
    return caught.value.problems[0].code


def forms(depth: int, times: int, *, own_names: bool = True) -> bytes:
    """Forms that draw forms: `times` to the power of `depth` drawings in a few hundred bytes."""
    made = []
    for level in range(depth):
        inner = b"/Resources<</XObject<</X %d 0 R>>>>" % (6 + level) if own_names else b""
        drawn = b"/X Do " * times if level < depth - 1 else DRAWING
        made.append(stream(b"/Type/XObject/Subtype/Form/BBox[0 0 600 700]" + inner, drawn))
    return page(LINE + b"\n/X Do", resources=FONT[:-2] + b"/XObject<</X 5 0 R>>>>", more=made)


def test_a_page_that_unfolds_to_millions_of_drawings_is_refused() -> None:
    data = page(DRAWING * (MAX_PAGE // len(DRAWING) + 1))
    assert len(data) < 20_000
    assert code(data) == "reading.pdf.too_heavy"


def test_the_same_page_in_parts_is_refused() -> None:
    part = stream(b"", DRAWING * (MAX_PAGE // len(DRAWING) // 4))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents[%b]>>" % (b"4 0 R " * 5),
        part,
    ]
    assert code(pdf(objects)) == "reading.pdf.too_heavy"


@pytest.mark.parametrize("own_names", [True, False], ids=["own names", "names of the page"])
def test_forms_that_draw_forms_are_counted_each_time(own_names: bool) -> None:  # noqa: FBT001 - a parameter
    assert code(forms(12, 10, own_names=own_names)) == "reading.pdf.too_heavy"


def test_a_disguised_drawing_is_counted() -> None:
    inner = stream(b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]", DRAWING * 1000)
    data = page(
        b"/X#31 Do /X1% a remark\nDo " * 200,
        resources=FONT[:-2] + b"/XObject<</X1 5 0 R>>>>",
        more=(inner,),
    )
    assert code(data) == "reading.pdf.too_heavy"


def test_forms_in_one_another_as_programs_make_them_are_read() -> None:
    (found,) = read_pages(forms(3, 2), "file")
    assert found.has_text


def test_forms_that_draw_themselves_end() -> None:
    own = stream(b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>", b"/X Do")
    data = page(LINE + b" /X Do", resources=FONT[:-2] + b"/XObject<</X 5 0 R>>>>", more=(own,))
    assert read_pages(data, "file")[0].has_text


def test_a_font_that_unfolds_to_gigabytes_is_refused_within_bounded_memory() -> None:
    font = stream(b"/Length1 9", b"\0" * (MAX_STREAM + 2))
    data = page(LINE, catalog=b"/Kept 5 0 R", more=(font,))
    tracemalloc.start()
    assert code(data) == "reading.pdf.too_heavy"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * MAX_STREAM


def test_streams_packed_twice_over_are_refused() -> None:
    twice = zlib.compress(zlib.compress(LINE))
    packed = b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%b\nendstream" % (len(twice), twice)
    assert code(page(LINE, catalog=b"/Kept 5 0 R", more=(packed,))) == "reading.pdf.packing"


@pytest.mark.parametrize(
    ("names", "packed"),
    [
        (b"/ASCII85Decode/FlateDecode", base64.a85encode(zlib.compress(LINE)) + b"~>"),
        (b"/ASCIIHexDecode", LINE.hex().encode() + b">"),
    ],
)
def test_streams_in_letters_are_read(names: bytes, packed: bytes) -> None:
    content = b"<</Filter[%b]/Length %d>>stream\n%b\nendstream" % (names, len(packed), packed)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1/Resources%b>>" % FONT,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>",
        content,
    ]
    assert "ordinary words" in read_pages(pdf(objects), "file")[0].text


def test_a_damaged_stream_is_measured_as_far_as_it_goes() -> None:
    packed = zlib.compress(LINE * 4)[:-9] + b"damaged!!"
    content = b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(packed), packed)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1/Resources%b>>" % FONT,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>",
        content,
    ]
    assert len(read_pages(pdf(objects), "file")) == 1


@pytest.mark.parametrize("kind", [PaperKind.AO93, PaperKind.I247A, PaperKind.B2540, PaperKind.LETTER])
def test_ordinary_papers_are_far_from_the_limits(kind: PaperKind) -> None:
    assert read_pages(paper(kind, sample(kind, 0)), "file")
