"""Cleaning, naming, sniffing, HTML and fingerprints, each for itself."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.intake.clean import clean_text, file_name, misleads, one_line
from habeas.intake.fingerprint import bare_subject
from habeas.intake.markup import Seen, visible_text
from habeas.intake.sniff import Kind, sniff
from habeas.kernel.canonical import normalize
from tests.core.intake.samples import HEAD, PDF, PNG, form, letter, read

ANYTHING = st.text(st.characters(exclude_categories=()))


@given(ANYTHING)
def test_clean_text_can_be_committed_to_and_cleaning_twice_changes_nothing(text: str) -> None:
    cleaned = clean_text(text)
    assert normalize(cleaned) == cleaned
    assert clean_text(cleaned) == cleaned
    assert not misleads(cleaned)


@given(st.text(st.characters(categories=("L", "N", "P", "Zs"))))
def test_plain_letters_are_left_alone(text: str) -> None:
    assert clean_text(text) == unicodedata.normalize("NFC", text)


@given(ANYTHING)
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


def test_joiners_that_scripts_need_stay_and_turning_marks_go() -> None:
    assert clean_text("न\u200da\u202eb\u2066c\ufeff") == "न\u200dabc"


@given(ANYTHING)
def test_a_file_name_is_a_basename(raw: str) -> None:
    name, changed = file_name(raw, ".pdf")
    assert 0 < len(name) <= 120
    assert not set(name) & set('/\\:*?"<>|\0')
    assert name.strip(" .") == name
    assert file_name(name, ".pdf") == (name, False)
    assert changed or not raw or name == unicodedata.normalize("NFC", raw)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, Kind.PDF),
        (PNG, Kind.PNG),
        (b"\xff\xd8\xff\xe0JFIF", Kind.JPEG),
        (b"II*\x00\x08", Kind.TIFF),
        (b"MM\x00*\x00", Kind.TIFF),
        (b"Dear agency: a file that begins with %PDF- is a PDF", Kind.TEXT),
        (b"[External] please send", Kind.TEXT),
        (b"To: Labor\nFrom: HSI\n\nhi", Kind.TEXT),
        (b"Note: this is no header\nat all", Kind.TEXT),
        (b"From: a@b.example\nSubject: x\n\nhi", Kind.MAIL),
        (b"Received: by mx\r\n from y\r\nSubject: x\r\n", Kind.MAIL),
        (b' \n{"a": 1}', Kind.FORM),
        (b"<!DOCTYPE html><p>x", Kind.HTML),
        (b"<?xml version='1.0'?>\n<html lang='en'>", Kind.HTML),
        (b"\xfe\xff\x00h\x00i", Kind.TEXT),
        (b"\xff\xfe" + "Ā a".encode("utf-16-le"), Kind.TEXT),
        (b"GIF89a\x00\x01", Kind.OTHER),
        (bytes(range(256)), Kind.OTHER),
    ],
)
def test_content_shows_its_kind(data: bytes, kind: Kind) -> None:
    assert sniff(data) is kind


@pytest.mark.parametrize(
    ("document", "seen"),
    [
        ("a < b &lt; c", Seen("a < b < c")),
        ("<p>one<p>two", Seen("one\ntwo")),
        ("<td>a<td>b<tr>", Seen("a b")),
        ("x<style>p { }</style >y", Seen("xy")),
        ("x<script>'<b>'</script\n>y", Seen("xy")),
        ("<a title='a>b'>x</a>", Seen("x")),
        ("<a b='x", Seen("", broken=True)),
        ("x<!-- y", Seen("x", broken=True)),
        ("x<!-- -- y -->z<!-->w", Seen("xzw")),
        ("<span hidden>no</span>yes", Seen("yes", hidden=True)),
        ("<div style='visibility:hidden'>no<div>no</div>no</div>yes", Seen("yes", hidden=True)),
        ("<i style='opacity: 0'>no</i><i style='opacity:0.5'>yes</i>", Seen("yes", hidden=True)),
        ("<p hidden>no<p>yes", Seen("yes", hidden=True)),
        ("<b hidden> </b>yes", Seen("yes")),
        ("<br hidden>yes", Seen("yes")),
        ("<img src=http://x.example/a.png alt=no>yes", Seen("yes")),
        ("&#x202e;&#0;", Seen("\u202e\ufffd")),
    ],
)
def test_html_gives_the_text_that_is_seen(document: str, seen: Seen) -> None:
    assert visible_text(document) == seen


@given(
    st.lists(
        st.sampled_from(["<", ">", "!--", "-->", "a", "/", "'", '"', "=", " ", "hidden", "script", "&#", "9"])
    )
)
def test_any_html_gives_text(pieces: list[str]) -> None:
    assert isinstance(visible_text("".join(pieces)).text, str)


@pytest.mark.parametrize(
    "again",
    [
        letter(message_id="<2@other.example>", date="Tue, 04 Aug 2020 10:00:00 +0000"),
        letter(subject="Re: FWD:  Wage  records"),
        letter("Please send\n   the wage\trecords."),
        letter(encoding="base64"),
        letter(sender="R. Example <ROWAN@agency.example>"),
        b"Received: by mx.example\r\n" + letter(papers=[("renamed.pdf", PDF)]),
    ],
)
def test_a_message_sent_again_has_the_same_fingerprint(again: bytes) -> None:
    assert read(again).fingerprint_material == read(letter()).fingerprint_material


@pytest.mark.parametrize(
    "other",
    [
        letter("Please send the tax records."),
        letter(subject="Wage records, second request"),
        letter(sender="other@agency.example"),
        letter(papers=[("a.pdf", PDF + b"\n")]),
        letter(papers=[("a.pdf", PDF), ("b.pdf", PDF)]),
        letter(papers=()),
    ],
)
def test_another_message_has_another_fingerprint(other: bytes) -> None:
    assert read(other).fingerprint_material != read(letter()).fingerprint_material


def test_the_order_of_papers_does_not_matter() -> None:
    two = [("a.pdf", PDF), ("b.png", PNG)]
    assert (
        read(letter(papers=two)).fingerprint_material == read(letter(papers=two[::-1])).fingerprint_material
    )


def test_a_form_is_the_same_however_it_is_laid_out() -> None:
    loose = form(case_number="7").replace(b": ", b" :\n ")
    assert (
        read(loose, "a.json").fingerprint_material
        == read(form(case_number="7"), "a.json").fingerprint_material
    )
    assert (
        read(form(), "a.json").fingerprint_material
        != read(form(case_number="7"), "a.json").fingerprint_material
    )


def test_a_bare_file_is_its_own_fingerprint_and_never_that_of_a_message() -> None:
    assert read(PDF, "a.pdf").fingerprint_material == PDF
    assert read(HEAD + b"\r\nhi").fingerprint_material.startswith(b"mail\0")


@pytest.mark.parametrize(
    ("subject", "bare"),
    [("Re: Fwd: RV: x", "x"), ("re[2]: x", "x"), ("Regarding: x", "Regarding: x"), ("Re:", ""), ("", "")],
)
def test_reply_marks_are_no_part_of_a_subject(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare
