"""What is taken from a PDF's page: words that can be seen, where they stand, and what lies over them."""

from __future__ import annotations

import contextlib

import pytest

from habeas.intake.reading.document import describe
from habeas.intake.reading.drawn import MAX_OBJECTS
from habeas.intake.reading.pages import Page
from habeas.intake.reading.pdf import MAX_LETTERS, read_pages
from habeas.kernel.errors import BadInput
from tests.core.intake.reading.raw_pdf import (
    FONT,
    SIGNATURE_BOX,
    page,
    pdf,
    rect,
    rule,
    stream,
    warrant,
    with_note,
    words,
)

LINE = (72, 100, "These words can be seen by whoever holds the paper in hand.")
SECRET = (72, 140, "SEARCH AND SEIZURE WARRANT signed by a judge")


def first(data: bytes) -> Page:
    (found,) = read_pages(data, "file")
    return found


def told(data: bytes) -> tuple[str, str, str]:
    found = describe(data, "paper.pdf")
    return found["authority"], found["signed"], found["signer_class"]


def test_words_have_boxes_from_the_top_left_corner() -> None:
    (cell,) = first(page(words(LINE))).cells
    assert cell.text == LINE[2]
    assert abs(cell.box[0] - 72) <= 1
    assert 88 <= cell.box[1] < cell.box[3] <= 104


def test_a_wide_gap_ends_a_cell_and_a_baseline_joins_one() -> None:
    found = first(page(words((72, 100, "Date:"), (110, 100, "today"), (300, 101, "Place:"))))
    assert [c.text for c in found.cells] == ["Date: today", "Place:"]


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_seen(turned: int) -> None:
    matrix = {90: "0 1 -1 0 612 0", 180: "-1 0 0 -1 612 792", 270: "0 -1 1 0 0 792"}[turned]
    content = f"q {matrix} cm BT /F1 11 Tf 1 0 0 1 72 500 Tm (These words are upright to the reader) Tj ET Q"
    found = first(page(content.encode(), entries=b"/Rotate %d" % turned))
    (cell,) = found.cells
    assert cell.text == "These words are upright to the reader"
    assert cell.box[2] - cell.box[0] > 10 * (cell.box[3] - cell.box[1])
    assert abs(cell.box[0] - 72) <= 1


def test_a_cropped_page_counts_from_what_is_seen() -> None:
    found = first(page(words(LINE), entries=b"/CropBox[50 100 612 742]"))
    assert (found.width, found.height) == (562, 642)
    assert abs(found.cells[0].box[0] - 22) <= 1
    assert 38 <= found.cells[0].box[1] < found.cells[0].box[3] <= 54


@pytest.mark.parametrize(
    "hidden",
    [
        words(SECRET, before="3 Tr", after="0 Tr"),
        b"1 1 1 rg\n" + words(SECRET) + b"\n0 0 0 rg\n",
        words(SECRET, size=1),
        words((700, 140, SECRET[2])),
        words((72, 900, SECRET[2])),
    ],
    ids=["invisible", "white", "tiny", "beside the page", "under the page"],
)
def test_words_that_nobody_sees_are_not_read(hidden: bytes) -> None:
    found = first(page(words(LINE) + b"\n" + hidden))
    assert [c.text for c in found.cells] == [LINE[2]]


def test_a_hidden_signature_signs_nothing() -> None:
    hidden = words((300, 394, "/s/ Ada Q. Bell"), before="3 Tr", after="0 Tr")
    assert told(page(warrant() + hidden)) == ("judicial", "no", "none")
    shown = words((300, 394, "/s/ Ada Q. Bell"))
    assert told(page(warrant() + shown)) == ("judicial", "yes", "magistrate_judge")


def test_words_under_a_picture_are_no_words_of_the_paper() -> None:
    picture = stream(
        b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", b"\xff"
    )
    resources = FONT[:-2] + b"/XObject<</I 5 0 R>>>>"
    signed = words((300, 394, "/s/ Ada Q. Bell"))
    over = b"\nq 612 0 0 792 0 0 cm /I Do Q"
    data = page(warrant() + signed + over, resources=resources, more=(picture,))
    assert first(data).pictured
    authority, is_signed, _ = told(data)
    assert is_signed == "unknown"
    assert describe(data, "x")["needs_person"]
    assert authority in ("judicial", "unreadable")


def test_a_filled_area_over_words_covers_them_and_one_under_them_does_not() -> None:
    area = b"\n0.9 g 0 0 612 792 re f 0 g\n"
    assert first(page(words(LINE) + area)).pictured
    assert not first(page(area + words(LINE))).pictured


# ---------------------------------------------------------------------------------------- signatures


def test_pen_strokes_on_the_line_sign_and_a_straight_rule_does_not() -> None:
    ink = b"\n1 w 300 410 m 320 430 340 390 360 412 c 380 430 400 400 420 410 c S\n"
    assert told(page(warrant() + ink)) == ("judicial", "yes", "magistrate_judge")
    assert told(page(warrant() + rule(300, 380, 90)))[1] != "yes"


def test_strokes_elsewhere_on_the_page_sign_nothing() -> None:
    ink = b"\n1 w 60 700 m 80 720 100 690 120 702 c 140 720 160 700 180 710 c S\n"
    assert told(page(warrant() + ink)) == ("judicial", "no", "none")


def test_a_digital_signature_field_signs_only_when_it_holds_a_signature() -> None:
    field = b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Judge)/Rect" + rect(SIGNATURE_BOX)
    value = (
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 1 2 3]/Contents<00>>>"
    )
    filled = with_note(warrant(), field + b"/V 6 0 R>>", form=True, more=(value,))
    assert told(with_note(warrant(), field + b">>", form=True)) == ("judicial", "no", "none")
    assert told(filled) == ("judicial", "yes", "magistrate_judge")
    proof = next(e for e in describe(filled, "x")["evidence"] if e["claim"] == "signed")
    assert "not verified" in proof["text"]


def test_an_ink_note_on_the_line_signs_and_a_hidden_one_does_not() -> None:
    note = b"<</Type/Annot/Subtype/Ink/InkList[[300 400 350 420 400 400 450 420]]/Rect" + rect(SIGNATURE_BOX)
    assert told(with_note(warrant(), note + b">>")) == ("judicial", "yes", "magistrate_judge")
    assert told(with_note(warrant(), note + b"/F 2>>")) == ("judicial", "no", "none")


def test_a_note_typed_over_the_page_is_read() -> None:
    note = (
        b"<</Type/Annot/Subtype/FreeText/DA(/F1 11 Tf)/Contents(typed over the page)/Rect[72 600 300 620]>>"
    )
    assert "typed over the page" in first(with_note(words(LINE), note)).text


def test_a_filled_field_is_read_and_an_unticked_box_is_not() -> None:
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(21-sw-00044)/Rect[72 600 300 620]>>"
    assert "21-sw-00044" in first(with_note(words(LINE), field, form=True)).text
    box = b"<</Type/Annot/Subtype/Widget/FT/Btn/T(a)/V/Off/Rect[72 600 90 620]>>"
    assert first(with_note(words(LINE), box, form=True)).text == LINE[2]


def test_a_form_of_another_make_is_read_without_a_word_on_the_terminal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(kept)/Rect[72 600 300 620]>>"
    xfa = stream(b"", b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
    data = page(
        words(LINE),
        entries=b"/Annots[5 0 R]",
        catalog=b"/AcroForm<</Fields[5 0 R]/XFA 6 0 R>>",
        more=(field, xfa),
    )
    assert "kept" in first(data).text
    assert capfd.readouterr() == ("", "")


# -------------------------------------------------------------------------------------------- limits


def code(data: bytes) -> str:
    with pytest.raises(BadInput) as caught:
        read_pages(data, "file")
    (problem,) = caught.value.problems
    assert "\n" not in problem.line()
    return problem.code


def test_a_page_of_more_letters_than_a_page_has_is_refused_and_not_cut() -> None:
    full = [(10, 10 + 700 * n // 460, f"{n:04}" + "a" * 86) for n in range(MAX_LETTERS // 90 + 2)]
    assert code(page(words(*full))) == "reading.pdf.page_too_full"


def test_a_page_of_more_drawings_than_a_page_has_is_refused_and_not_cut() -> None:
    assert code(page(b"0 0 m 9 9 l S\n" * (MAX_OBJECTS + 1))) == "reading.pdf.page_too_full"


def test_a_small_picture_of_billions_of_dots_is_not_looked_into() -> None:
    dots = stream(
        b"/Type/XObject/Subtype/Image/Width 60000/Height 15000/ColorSpace/DeviceGray/BitsPerComponent 1",
        b"\xff" * 1_000_000,
    )
    resources = FONT[:-2] + b"/XObject<</I 5 0 R>>>>"
    data = page(warrant() + b"\nq 120 0 0 30 300 395 cm /I Do Q", resources=resources, more=(dots,))
    found = first(data)
    assert len(found.images) == 1
    assert found.pens == ()
    assert told(data)[1] == "unknown"


def test_ten_thousand_pages_are_refused_with_their_count() -> None:
    leaves = [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>"] * 10_000
    kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(10_000))
    data = pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 10000/Kids[%b]>>" % kids, *leaves])
    with pytest.raises(BadInput, match="10000 pages"):
        read_pages(data, "file")


def outcome(data: bytes) -> int | str:
    """How many pages are read, or the code of the refusal."""
    found: list[Page] = []
    with contextlib.suppress(BadInput):
        found += read_pages(data, "file")
    return len(found) or code(data)


LOCK = b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(%b)/U(%b)>>" % (b"o" * 32, b"u" * 32)


def test_a_locked_file_says_that_it_is_locked() -> None:
    assert code(page(words(LINE), trailer=LOCK)) == "reading.pdf.encrypted"


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.99])
def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes_or_refused(kept: float) -> None:
    data = page(words(LINE))
    assert outcome(data[: int(kept * len(data))]) in (1, "reading.pdf.damaged")


@pytest.mark.parametrize("deep", [b"[" * 200_000, b"q " * 200_000, b"<<" * 50_000])
def test_deep_nesting_in_a_page_ends(deep: bytes) -> None:
    assert len(read_pages(page(deep), "file")) == 1


def test_deep_nesting_in_an_object_ends() -> None:
    deep = b"[" * 5_000 + b"]" * 5_000
    data = page(words(LINE), more=(deep,), catalog=b"/Deep 5 0 R")
    assert outcome(data) in (1, "reading.pdf.damaged")
