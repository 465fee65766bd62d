"""Papers on screen: pictures, marks that lie on the words, texts, the original, and who may have them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
import pytest
from PIL import Image

from habeas.usecases.ports import Viewed
from tests.console.browser import in_each_look
from tests.console.enclosures import bring, drawn, fax, long_file, photo, together

if TYPE_CHECKING:
    from tests.console.conftest import Visit
    from tests.console.office import Office

ALICE, CHARLIE, AUDITOR = "m.reyes", "s.okafor", "v.osei"


def page(ref: str, n: int = 1, p: int = 1, what: str = ".png") -> str:
    return f"/cases/{ref}/papers/{n}/pages/{p}{what}"


def picture(answer: Any) -> Image.Image:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    return Image.open(io.BytesIO(answer.content))


def views(office: Office, ref: str) -> list[tuple[str, str]]:
    case_id = office.desk.ports.cases.by_ref(ref)
    return [(v.person, str(v.what)) for v in office.desk.ports.views.of_case(case_id)]


def test_a_page_is_a_picture_that_no_cache_keeps(office: Office) -> None:
    answer = office.client(ALICE).get(page(office.ref("i138")))
    assert picture(answer).width == 1200
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_small_picture_is_small(office: Office) -> None:
    assert picture(office.client(ALICE).get(page(office.ref("i138"), what="/thumb.png"))).width == 160


def test_a_paper_or_page_that_is_not_there_is_missing(office: Office) -> None:
    client, ref = office.client(ALICE), office.ref("i138")
    for n, p in ((2, 1), (0, 1), (1, 99), (1, 0)):
        for what in (".png", "/thumb.png", "/text"):
            assert client.get(page(ref, n, p, what)).status_code == 404
    assert client.get(f"/cases/{ref}/papers/2/original").status_code == 404


def test_the_original_is_a_file_and_never_shown(office: Office) -> None:
    ref = office.ref("i138")
    answer = office.client(ALICE).get(f"/cases/{ref}/papers/1/original")
    case = office.desk.ports.cases.load(office.case_id("i138"))
    assert answer.content == office.desk.ports.blobs.get(case.request.attachments[0].blob, case.case_id)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == f'attachment; filename="{ref}-1.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert views(office, ref) == [(ALICE, "original")]


def test_pictures_of_an_opened_case_are_one_opening(office: Office) -> None:
    client, ref = office.client(ALICE), office.ref("i138")
    client.get(f"/cases/{ref}/")
    client.get(page(ref))
    client.get(page(ref, what="/thumb.png"))
    client.get(page(ref, what="/text"))
    assert views(office, ref) == [(ALICE, "case")]


def test_a_picture_asked_for_alone_is_written_down_once(office: Office) -> None:
    ref = office.ref("i138")
    office.client("k.lindqvist").get(f"/cases/{ref}/")
    office.client(ALICE).get(page(ref))
    office.client(ALICE).get(page(ref))
    assert views(office, ref) == [("k.lindqvist", "case"), (ALICE, str(Viewed.PAPER))]


def test_an_opening_of_yesterday_does_not_cover_a_picture_of_today(office: Office) -> None:
    from datetime import timedelta

    ref = office.ref("i138")
    office.client(ALICE).get(f"/cases/{ref}/")
    office.clock.set(office.clock.now() + timedelta(days=1))
    office.client(ALICE).get(page(ref))
    assert views(office, ref) == [(ALICE, "case"), (ALICE, "paper")]


def test_a_stranger_gets_nothing_and_leaves_no_line(office: Office) -> None:
    ref = office.ref("i138")
    for path in (page(ref), page(ref, what="/thumb.png"), page(ref, what="/text")):
        assert office.client(CHARLIE).get(path).status_code == 404
    assert office.client(CHARLIE).get(f"/cases/{ref}/papers/1/original").status_code == 404
    assert views(office, ref) == []


def test_an_auditor_sees_the_paper(office: Office) -> None:
    assert picture(office.client(AUDITOR).get(page(office.ref("i138")))).width == 1200


def test_the_text_of_a_page_is_there_for_who_cannot_see_the_picture(office: Office) -> None:
    answer = office.client(ALICE).get(page(office.ref("i138"), what="/text"))
    assert "IMMIGRATION ENFORCEMENT SUBPOENA" in answer.content.decode()
    assert "<html" in answer.content.decode()
    part = office.client(ALICE).get(page(office.ref("i138"), what="/text"), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()


def test_a_page_without_words_says_so(office: Office) -> None:
    ref = bring(office, photo())
    assert "only a picture" in office.client(ALICE).get(page(ref, what="/text")).content.decode()


def test_every_sheet_of_a_fax_is_shown(office: Office) -> None:
    ref = bring(office, fax(3))
    body = office.client(ALICE).get(f"/cases/{ref}/").content.decode()
    assert "Page 3 of 3" in body
    assert picture(office.client(ALICE).get(page(ref, p=2))).getpixel((5, 5)) == (255, 255, 255)


def test_a_damaged_paper_is_said_to_be_damaged_and_can_be_downloaded(office: Office) -> None:
    ref = bring(office, ("warrant.pdf", b"%PDF-1.7\nnothing more", "application/pdf"))
    body = office.client(ALICE).get(f"/cases/{ref}/").content.decode()
    assert "cannot be shown here" in body
    assert f"/cases/{ref}/papers/1/original" in body
    assert office.client(ALICE).get(page(ref)).status_code == 404


def test_a_document_that_is_no_picture_is_opened_by_hand(office: Office) -> None:
    ref = bring(office, ("list.csv.gz", b"\x1f\x8b\x08\x00rest", "application/gzip"))
    body = office.client(ALICE).get(f"/cases/{ref}/").content.decode()
    assert "open it by hand" in body
    assert office.client(ALICE).get(page(ref)).status_code == 404


def test_a_plain_text_is_shown_as_text_and_never_as_a_page_of_its_own(office: Office) -> None:
    ref = bring(office, ("note.txt", b"<script>alert(1)</script> send the wage records", "text/plain"))
    body = office.client(ALICE).get(f"/cases/{ref}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "<script>alert(1)" not in body


def test_a_strangers_file_name_is_escaped_and_names_no_download(office: Office) -> None:
    name, data, kind = drawn("i205")
    del name
    ref = bring(office, ('"><img src=x>.pdf', data, kind))
    assert "<img src=x>" not in office.client(ALICE).get(f"/cases/{ref}/").content.decode()
    answer = office.client(ALICE).get(f"/cases/{ref}/papers/1/original")
    assert answer["Content-Disposition"] == f'attachment; filename="{ref}-1.pdf"'


def test_a_long_paper_is_shown_in_parts(office: Office) -> None:
    ref = bring(office, long_file(200))
    client = office.client(ALICE)
    body = client.get(f"/cases/{ref}/").content.decode()
    assert body.count("<figure") == 8
    assert body.count("thumb.png") == 24
    later = client.get(f"/cases/{ref}/?paper=1&page=131").content.decode()
    assert 'id="page-131"' in later
    assert 'id="page-1"' not in later
    assert picture(client.get(page(ref, p=200))).width == 1200


@pytest.mark.parametrize("asked", ["0", "-1", "999", "x", "9999999", "\uff11", "1;drop"])
def test_a_page_number_that_is_none_shows_a_page_that_is(office: Office, asked: str) -> None:
    ref = bring(office, long_file(20))
    answer = office.client(ALICE).get(f"/cases/{ref}/", {"paper": asked, "page": asked})
    assert answer.status_code == 200
    assert b"<figure" in answer.content


def test_each_paper_of_a_bundle_is_named(office: Office) -> None:
    ref = bring(office, together("i205", "ao93"))
    body = office.client(ALICE).get(f"/cases/{ref}/").content.decode()
    assert "Immigration removal warrant (I-205)" in body
    assert "Search and seizure warrant (AO 93)" in body


def test_of_several_files_the_chosen_one_is_shown(office: Office) -> None:
    ref = bring(office, drawn("i205"), drawn("ao93"))
    client = office.client(ALICE)
    assert page(ref, 1) in client.get(f"/cases/{ref}/").content.decode()
    second = client.get(f"/cases/{ref}/?paper=2").content.decode()
    assert page(ref, 2) in second
    assert page(ref, 1) not in second


def words_under(data: bytes, number: int, box: tuple[float, float, float, float]) -> str:
    """What a PDF prints within a box (points from the top left), by the library alone."""
    sheet = pdfium.PdfDocument(data)[number - 1]
    height = sheet.get_height()
    left, top, right, bottom = box
    text = sheet.get_textpage().get_text_bounded(left - 2, height - bottom - 2, right + 2, height - top + 2)
    return "".join(text.split())


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_every_mark_lies_on_the_words_it_names(office: Office, visit: Visit, size: str) -> None:
    ref = office.ref("i138")
    case = office.desk.ports.cases.load(office.case_id("i138"))
    data = office.desk.ports.blobs.get(case.request.attachments[0].blob, case.case_id)
    said = {
        place.text
        for fact in case.facts.facts.values()
        for place in fact.evidence
        if place.box and place.page == 1 and place.blob == case.request.attachments[0].blob
    } - {"pen strokes"}
    assert len(said) > 3
    with visit(ALICE, size=size) as visitor:
        shown = visitor.go(f"/cases/{ref}/")
        sheet = shown.locator("#page-1 img").bounding_box()
        marks = [m.bounding_box() for m in shown.locator("#page-1 .c-mark > rect").all()]
    assert sheet is not None
    inked = picture(office.client(ALICE).get(page(ref))).convert("L")
    found = []
    for mark in marks:
        assert mark is not None
        scale = 612 / sheet["width"]
        left, top = (mark["x"] - sheet["x"]) * scale, (mark["y"] - sheet["y"]) * scale
        box = (left, top, left + mark["width"] * scale, top + mark["height"] * scale)
        found.append(words_under(data, 1, box))
        seen = inked.crop(tuple(round(x * inked.width / 612) for x in box))  # type: ignore[arg-type] # four of them
        assert min(seen.tobytes()) < 128, box  # something dark
    for text in said:
        wanted = "".join(text.split())
        assert any(wanted[:12] in words for words in found), (text, found)


def test_from_a_fact_to_its_place_and_back(office: Office, visit: Visit) -> None:
    with visit(ALICE) as visitor:
        shown = visitor.go(f"/cases/{office.ref('i138')}/")
        chip = shown.locator("#fact-paper_signed a.c-chip").first
        number = chip.inner_text().split()[-1]
        chip.focus()
        shown.keyboard.press("Enter")
        mark = shown.locator(f"#mark-{number}")
        assert mark.evaluate("m => m === document.activeElement")
        assert mark.evaluate("m => m.matches(':target')")
        assert mark.is_visible()
        shown.keyboard.press("Enter")
        row = shown.locator("tr:target")
        assert row.count() == 1
        assert row.evaluate(
            "r => { const b = r.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight }"
        )


def test_the_text_of_a_page_opens_in_place(office: Office, visit: Visit) -> None:
    with visit(ALICE) as visitor:
        shown = visitor.go(f"/cases/{office.ref('i138')}/")
        shown.get_by_text("Text of page 1", exact=True).click()
        shown.locator(".c-text pre").wait_for()
        assert "SUBPOENA" in shown.locator(".c-text pre").inner_text()
        visitor.check()


@in_each_look
def test_papers_of_every_kind_look_right(office: Office, visit: Visit, size: str, language: str) -> None:
    files = (long_file(30), drawn("i205"), fax(2), ("note.txt", b"wage records", "text/plain"))
    ref = bring(office, *files)
    with visit(ALICE, size=size, language=language) as visitor:
        for n in range(1, len(files) + 1):
            visitor.go(f"/cases/{ref}/?paper={n}")
            visitor.check()
