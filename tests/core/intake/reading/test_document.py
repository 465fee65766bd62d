"""Any bytes give a reading or the documented error; limits are kept; nothing of a file leaks into an error."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from habeas.demo.papers.details import PaperKind
from habeas.demo.papers.draw import paper
from habeas.demo.papers.samples import sample
from habeas.intake.reading.document import Reading, describe, read_document
from habeas.intake.reading.pdf import MAX_PAGES
from habeas.kernel.errors import BadInput
from tests.core.intake.reading.sheets import I138, LETTER, WARRANT, pdf

CANARY = "CANARYSECRET"
SCHEMA = json.loads((Path(__file__).parents[4] / "schemas" / "habeas.reading.v1.json").read_text("utf-8"))

JUDICIAL = {
    "ao93", "ao93c", "ao442", "state_search_warrant", "state_court_order", "court_order",
    "civil_inspection_warrant", "minute_order",
}  # fmt: skip
COURT = {"ao88", "ao88a", "ao88b", "ao89", "ao89b", "ao110", "b2540", "state_subpoena"}
NONE = {"proposed_order", "preservation_letter", "emergency_request", "letter"}
NAMES = {"b2540": "other_court_subpoena", "i247a": "i247", "proposed_order": "court_order"}


def truth(kind: str) -> str:
    if kind in JUDICIAL:
        return "judicial"
    if kind in COURT:
        return "court_clerk_or_attorney"
    return "none" if kind in NONE else "administrative"


@pytest.mark.parametrize("variant", [0, 1])
@pytest.mark.parametrize("kind", list(PaperKind))
def test_every_demonstration_paper_is_read_for_what_it_is(kind: PaperKind, variant: int) -> None:
    found = describe(paper(kind, sample(kind, variant)), "paper.pdf")
    assert found["authority"] == truth(kind)
    assert found["kind"] == NAMES.get(kind, kind)
    signed = "no" if kind in ("proposed_order", "minute_order") else "yes"
    assert found["signed"] in (signed, "unknown")
    assert not (found["authority"] == "judicial" and found["signed"] == "yes" and truth(kind) != "judicial")


def _error(data: bytes) -> str:
    with pytest.raises(BadInput) as caught:
        read_document(data, blob="b")
    (problem,) = caught.value.problems
    assert CANARY not in problem.line()
    return problem.code


def test_an_empty_file_says_so() -> None:
    assert _error(b"") == "reading.file.empty"


def test_a_truncated_pdf_says_so() -> None:
    assert _error(b"%PDF-1.7\n" + CANARY.encode()) == "reading.pdf.damaged"


def test_bytes_that_are_nothing_say_so() -> None:
    assert _error(b"\x00\x01\xff" * 40 + CANARY.encode()) == "reading.file.unknown"


def test_a_pdf_of_ten_thousand_pages_is_refused_with_its_count() -> None:
    document = pypdfium2.PdfDocument.new()
    for _ in range(MAX_PAGES + 1):
        document.new_page(200, 200)
    out = io.BytesIO()
    document.save(out)
    assert _error(out.getvalue()) == "reading.pdf.too_many_pages"


@pytest.mark.parametrize("start", [b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"II*\x00"])
def test_a_picture_is_unreadable_for_a_person(start: bytes) -> None:
    found = describe(start + b"0" * 200, "scan")
    assert (found["authority"], found["needs_person"]) == ("unreadable", True)


def test_a_page_without_text_is_unreadable_even_under_a_filing_header() -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(612, 792)
    out = io.BytesIO()
    document.save(out)
    assert describe(out.getvalue(), "x.pdf")["authority"] == "unreadable"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_give_a_reading_or_the_documented_error(data: bytes, as_pdf: bool) -> None:  # noqa: FBT001 - drawn
    found: Reading | None = None
    with contextlib.suppress(BadInput):  # the one documented error
        found = read_document((b"%PDF-1.4\n" if as_pdf else b"") + data, blob="b")
    assert found is None or found.instruments


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_warrant_is_read_or_refused_and_never_crashes(data: st.DataObject) -> None:
    whole = bytearray(_WARRANT)
    for _ in range(data.draw(st.integers(1, 30))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    found = describe(bytes(whole[: data.draw(st.integers(1, len(whole)))]), "x.pdf")
    assert found["authority"] in (
        "judicial",
        "unreadable",
        "none",
        "court_clerk_or_attorney",
        "administrative",
    )


_WARRANT = pdf(WARRANT)


def test_the_answer_fits_its_schema() -> None:
    answers = [describe(pdf(*sheets), "a.pdf") for sheets in ((WARRANT,), (I138, LETTER))]
    answers.append(describe(b"", "empty"))
    Draft202012Validator(SCHEMA).validate(answers)
