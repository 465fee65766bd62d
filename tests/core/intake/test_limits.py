"""Every limit, with a file that goes past it (and the largest that does not, where it is cheap).

None of these tests looks at a clock: what is guarded against here would not end while anybody waits
(minutes to hours for the quadratic ones), so ending is the test.
"""

from __future__ import annotations

import zipfile
from base64 import encodebytes

import pytest

from habeas.intake import limits
from habeas.kernel.errors import BadInput
from tests.core.intake.samples import HEAD, PDF, archive, codes, form, letter, read, refusal

MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"


def pdf_mail(size: int) -> bytes:
    head = HEAD + b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + encodebytes(b"%PDF-1.4\n" + b"\0" * (size - 9))


def nested(levels: int) -> bytes:
    opened = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(levels))
    return HEAD + b"".join(opened) + b"\r\nhello"


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    assert refusal(b"x" * (limits.LIMIT_BYTES + 1)).code == "intake.file.too_large"


def test_the_largest_paper_that_fits_is_read_and_one_byte_more_is_refused() -> None:
    fits = pdf_mail(limits.LIMIT_DECODED)
    assert len(fits) < limits.LIMIT_BYTES
    assert len(read(fits).papers[0].data) == limits.LIMIT_DECODED
    found = refusal(pdf_mail(limits.LIMIT_DECODED + 1))
    assert (found.code, found.detail) == ("intake.paper.total_too_large", (("limit", "35"),))


def test_papers_are_counted_together() -> None:
    part = (
        b"--b\r\nContent-Type: application/pdf\r\n\r\n" + b"%PDF-" + b"\0" * (12 * limits.MEGABYTE) + b"\r\n"
    )
    assert len(read(MIXED + part * 2).papers) == 2
    assert refusal(MIXED + part * 3).code == "intake.paper.total_too_large"


def test_nesting_as_deep_as_allowed_is_read_and_one_deeper_is_refused() -> None:
    assert read(nested(limits.LIMIT_DEPTH - 1)).message == "hello"
    assert refusal(nested(limits.LIMIT_DEPTH)).code == "intake.mail.too_deep"


def test_nesting_deeper_than_the_interpreters_stack_is_refused_like_any_other() -> None:
    assert refusal(nested(5000)).code == "intake.mail.too_deep"
    messages = (HEAD + b"Content-Type: message/rfc822\r\n\r\n") * 5000
    assert refusal(messages).code == "intake.mail.too_deep"


def test_parts_up_to_the_limit_are_read_and_one_more_is_refused() -> None:
    part = b"--b\r\n\r\nx\r\n"
    assert read(MIXED + part * (limits.LIMIT_PARTS - 1)).message
    assert refusal(MIXED + part * limits.LIMIT_PARTS).code == "intake.mail.too_many_parts"
    assert refusal(MIXED + part * 100_000).code == "intake.mail.too_many_parts"


def test_parts_of_attached_messages_count_with_the_others() -> None:
    inner = b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + HEAD
    inner += b"Content-Type: multipart/mixed; boundary=c\r\n\r\n" + b"--c\r\n\r\nx\r\n" * 60
    assert refusal(MIXED + inner * 4).code == "intake.mail.too_many_parts"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (b"X-Y: z\r\n" * limits.LIMIT_HEADERS, "intake.mail.too_many_headers"),
        (b"X-Y: " + b"z" * limits.LIMIT_HEADER_BYTES + b"z\r\n", "intake.mail.header_too_long"),
        (b"X-Y:" + b"\r\n z" * limits.LIMIT_HEADER_BYTES + b"\r\n", "intake.mail.headers_too_long"),
        ((b"X-Y: " + b"z" * 60_000 + b"\r\n") * 5, "intake.mail.headers_too_long"),
    ],
)
def test_header_fields_over_the_limit_are_refused(headers: bytes, code: str) -> None:
    assert refusal(HEAD + headers + b"\r\nhello").code == code


def test_grammar_fields_are_counted_over_all_parts() -> None:
    slow = b"--b\r\nContent-Type: " + b"(a)@" * 450 + b"\r\n\r\nx\r\n"
    assert refusal(MIXED + slow * 150).code == "intake.mail.headers_too_long"


@pytest.mark.parametrize(
    "value", [b'"\\' * 30_000, b"a@" * 30_000, b"(" * 60_000, b"<" * 60_000, b"a" * 60_000]
)
def test_address_fields_that_are_slow_to_parse_are_noted_not_parsed(value: bytes) -> None:
    parsed = read(
        b"MIME-Version: 1.0\r\nFrom: " + value + b"\r\nTo: " + value + b"\r\nCc: " + value + b"\r\n\r\nx"
    )
    assert "intake.mail.unreadable_header" in codes(parsed)


def test_more_recipients_than_kept_are_cut_with_a_note() -> None:
    many = b", ".join(b"a%d@b.example" % n for n in range(limits.LIMIT_RECIPIENTS + 5))
    parsed = read(HEAD + b"Cc: " + many + b"\r\n\r\nx")
    assert len(parsed.recipients) == limits.LIMIT_RECIPIENTS
    assert "intake.mail.many_recipients" in codes(parsed)


def test_a_long_subject_is_cut_with_a_note() -> None:
    parsed = read(HEAD + b"Subject: " + b"word " * 5000 + b"\r\n\r\nx")
    assert len(parsed.subject_line) == limits.LIMIT_LINE_CHARS
    assert "intake.mail.header_cut" in codes(parsed)


@pytest.mark.parametrize("data", [HEAD + b"\r\n", b"Dear agency, "])
def test_a_text_over_the_limit_is_refused(data: bytes) -> None:
    assert refusal(data + b"words " * 180_000).code == "intake.text.too_long"
    assert refusal(data + b"words " * 400_000).code == "intake.text.too_long"


@pytest.mark.parametrize("unit", ["<a ", "<!--", "<a b='", "<a/", "<", "</", "<p hidden>", "&#1", "<b> </b>"])
def test_hostile_html_takes_linear_time(unit: str) -> None:
    data = HTML + unit.encode() * (900_000 // len(unit))
    assert "intake.mail.html_only" in codes(read(data))


def test_an_endless_character_reference_is_no_number() -> None:
    assert read(HTML + b"<p>a&#" + b"9" * 1_000_000 + b";b").message == "a\ufffdb"


def test_piled_up_marks_are_thinned_before_anything_normalizes_them() -> None:
    piled = ("a" + "\u0316\u0301" * 300_000).encode()
    assert len(read(HEAD + b"\r\n" + piled).message) <= 1 + limits.LIMIT_MARKS
    assert read(piled, "a.txt").message == read(HEAD + b"\r\n" + piled).message


@pytest.mark.parametrize("escaped", [False, True])
def test_piled_up_marks_in_a_form_are_refused(*, escaped: bool) -> None:
    marks = "\\u0316\\u0301" * 60_000 if escaped else "\u0316\u0301" * 200_000
    data = '{"schema":"habeas.intake.v1","channel":"portal","message":"a' + marks + '"}'
    assert refusal(data.encode(), "a.json").code == "intake.text.piled_marks"


def test_a_form_over_the_limit_is_refused() -> None:
    assert refusal(form(message="a" * limits.LIMIT_FORM_BYTES), "a.json").code == "intake.form.too_large"


def test_a_form_with_thousands_of_problems_names_the_first_fifty() -> None:
    with pytest.raises(BadInput) as refused:
        read(form(subjects=[{"x": 1}] * 5000), "a.json")
    assert len(refused.value.problems) == 50


def test_a_bomb_is_refused_by_its_ratio_and_by_its_size() -> None:
    assert refusal(archive([("a.pdf", b"\0" * 5_000_000)]), "a.zip").code == "intake.zip.bomb"
    slow = archive([(f"{n}.pdf", b"%PDF-" + b"\0" * 1_000_000) for n in range(60)])
    assert refusal(slow, "a.zip").code == "intake.paper.total_too_large"


def test_a_declared_size_is_not_believed() -> None:
    honest = archive([("a.pdf", b"\0" * 5_000_000)])
    size = (5_000_000).to_bytes(4, "little")
    liar = honest.replace(size, (10).to_bytes(4, "little"))
    assert refusal(liar, "a.zip").code == "intake.zip.damaged"


def test_an_archive_of_thousands_of_entries_is_refused_unread() -> None:
    assert (
        refusal(archive([(str(n), b"") for n in range(5000)]), "a.zip").code == "intake.zip.too_many_entries"
    )


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_bounds_are_refused(method: int) -> None:
    assert refusal(archive([("a.pdf", PDF)], method), "a.zip").code == "intake.zip.method"


def test_an_archive_in_mail_counts_with_the_mails_papers() -> None:
    bulk = b"%PDF-" + bytes(range(256)) * 4 * 1024 * 20
    data = letter(papers=[("a.pdf", bulk), ("b.zip", archive([("c.pdf", bulk)]))])
    assert refusal(data).code == "intake.paper.total_too_large"


def test_delimiter_look_alikes_by_the_million_are_passed_over() -> None:
    part = b"--b\r\nContent-Type: application/pdf\r\n\r\n%PDF-"
    parsed = read(MIXED + part + b"\n--bx" * 5_000_000)
    assert len(parsed.papers) == 1
