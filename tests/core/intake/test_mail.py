"""Messages: what becomes text, what becomes a paper, who sent it, and what is noted."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from tests.core.intake.samples import HEAD, NOW, PDF, PNG, codes, letter, read

ALWAYS = {"intake.mail.unauthenticated"}


def test_an_ordinary_message_is_read_whole() -> None:
    parsed = read(letter("Please send.\n\nRowan", subject="Wage records: año"))
    assert parsed.message == "Please send.\n\nRowan"
    assert parsed.subject_line == "Wage records: año"
    assert (parsed.sender.name, parsed.sender.address) == ("Rowan Example", "rowan@agency.example")
    assert parsed.recipients == ("fraud@labor.example",)
    assert parsed.message_id == "<1@agency.example>"
    assert parsed.sent_at == datetime(2020, 8, 3, 15, 12, tzinfo=UTC)
    assert parsed.received_at == NOW
    assert [(p.filename, p.media_type, p.data, p.place) for p in parsed.papers] == [
        ("a.pdf", "application/pdf", PDF, "message/part 2")
    ]
    assert codes(parsed) == ALWAYS


@pytest.mark.parametrize("sender", ["a@ice.dhs.example", "chief@police.example.gov"])
def test_no_sender_and_no_header_makes_a_message_authenticated(sender: str) -> None:
    claims = b"Authentication-Results: mx.example; dkim=pass; spf=pass\r\nDKIM-Signature: v=1; l=5\r\n"
    assert codes(read(claims + letter(sender=sender, papers=()))) == ALWAYS


@pytest.mark.parametrize("encoding", ["7bit", "quoted-printable", "base64"])
def test_every_transfer_encoding_gives_the_same_text(encoding: str) -> None:
    assert read(letter("Please send it.", encoding=encoding)).message == "Please send it."


@pytest.mark.parametrize("newline", [b"\n", b"\r"])
def test_every_newline_gives_the_same_message(newline: bytes) -> None:
    expected = read(letter().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    found = read(letter().replace(b"\n", newline))
    assert (found.message, found.papers[0].filename) == (expected.message, expected.papers[0].filename)
    assert found.subject_line == expected.subject_line


def test_a_mailbox_line_and_a_byte_order_mark_are_passed_over() -> None:
    assert read(b"\xef\xbb\xbfFrom rowan Mon Aug  3\n" + letter()).sender.address == "rowan@agency.example"


def test_a_folded_subject_is_one_line() -> None:
    assert (
        read(HEAD + b"Subject: wage\r\n records\r\n\tof 2019\r\n\r\nx").subject_line == "wage records of 2019"
    )


def test_texts_between_papers_are_kept_in_their_order() -> None:
    data = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    data += (
        b"--b\r\n\r\nfirst\r\n--b\r\nContent-Type: application/pdf\r\n\r\n"
        + PDF
        + b"--b\r\n\r\nsecond\r\n--b--\r\n"
    )
    parsed = read(data)
    assert parsed.message == "first\n\nsecond"
    assert len(parsed.papers) == 1


def test_the_plain_version_is_read_where_it_says_as_much() -> None:
    made = EmailMessage()
    made["From"], made["Date"] = "a@b.example", "Mon, 03 Aug 2020 09:12:00 -0600"
    made.set_content("Please send the records.")
    made.add_alternative("<p>Please send the <b>records</b>.</p>", subtype="html")
    parsed = read(made.as_bytes())
    assert parsed.message == "Please send the records."
    assert codes(parsed) == ALWAYS


def test_a_pdf_under_the_label_of_a_text_is_a_paper() -> None:
    parsed = read(HEAD + b"Content-Type: text/plain\r\n\r\n" + PDF)
    assert (parsed.message, [p.media_type for p in parsed.papers]) == ("", ["application/pdf"])
    assert "intake.paper.wrong_label" in codes(parsed)


def test_a_pasted_picture_is_a_paper() -> None:
    data = HEAD + b"Content-Type: image/png\r\nContent-Disposition: inline\r\n\r\n" + PNG
    assert [p.data for p in read(data).papers] == [PNG]


def test_a_text_file_that_is_attached_is_no_part_of_the_message() -> None:
    made = EmailMessage()
    made["From"], made["Date"] = "a@b.example", "Mon, 03 Aug 2020 09:12:00 -0600"
    made.set_content("See the list.")
    made.add_attachment("names", filename="list.txt")
    parsed = read(made.as_bytes())
    assert parsed.message == "See the list."
    assert [(p.filename, p.data) for p in parsed.papers] == [("list.txt", b"names\n")]


def test_an_attached_message_comes_apart_into_its_text_and_its_papers() -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner["From"], inner["Subject"] = "Rowan <rowan@agency.example>", "the request"
    inner.set_content("Please send the records.")
    inner.add_attachment(PNG, maintype="image", subtype="png", filename="scan.png")
    outer["From"], outer["Date"] = "clerk@labor.example", "Mon, 03 Aug 2020 09:12:00 -0600"
    outer.set_content("Forwarded.")
    outer.add_attachment(inner)
    parsed = read(outer.as_bytes())
    assert parsed.message == "Forwarded."
    assert parsed.sender.address == "clerk@labor.example"
    assert [p.filename for p in parsed.papers] == ["message.txt", "scan.png"]
    assert parsed.papers[0].data.decode() == (
        "From: Rowan <rowan@agency.example>\nSubject: the request\n\nPlease send the records."
    )


def test_where_a_message_was_delivered_comes_first_among_its_recipients() -> None:
    routed = b"Delivered-To: Fraud@Labor.example\r\n" + HEAD.replace(
        b"fraud@labor.example", b'"x@y.example" <z@y.example>'
    )
    assert read(routed + b"\r\nhi").recipients == ("fraud@labor.example", "z@y.example")


def test_a_sender_without_a_grammatical_address_is_still_found() -> None:
    parsed = read(HEAD.replace(b"From: ", b"From: \xff(((") + b"\r\nhi")
    assert parsed.sender.address == "rowan@agency.example"


def test_a_sender_without_any_address_keeps_the_name() -> None:
    parsed = read(
        HEAD.replace(b"rowan@agency.example", b"Rowan, Special Agent") + b"Message-ID: <1>\r\n\r\nhi"
    )
    assert (parsed.sender.name, parsed.sender.address) == ("Rowan, Special Agent", "")
    assert "intake.mail.no_sender" in codes(parsed)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 03 Aug 2020 09:12:00 -0000", datetime(2020, 8, 3, 9, 12, tzinfo=UTC)),
        ("Fri, 31 Dec 9999 23:59:59 -1400", None),
        ("yesterday", None),
    ],
)
def test_a_date_is_an_instant_or_nothing(date: str, expected: datetime | None) -> None:
    parsed = read(HEAD + f"Date: {date}\r\n\r\nhi".encode())
    assert parsed.sent_at == expected
    assert ("intake.mail.no_date" in codes(parsed)) is (expected is None)


@pytest.mark.parametrize(
    ("charset", "text", "raw"),
    [
        ("iso-8859-1", "señor “quoted”", "señor “quoted”".encode("cp1252")),
        ("ISO_8859-15", "señor €", "señor €".encode("iso-8859-15")),
        ("koi8-r", "Привет", "Привет".encode("koi8-r")),
        ("utf-8", "señor", "señor".encode()),
    ],
)
def test_a_declared_character_set_is_used(charset: str, text: str, raw: bytes) -> None:
    data = HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + raw
    parsed = read(data)
    assert parsed.message == text
    assert "intake.text.charset_guessed" not in codes(parsed)


@pytest.mark.parametrize("charset", ["unicode_escape", "idna", "zlib", "utf-7", "undefined", "\0", "no-such"])
def test_a_codec_that_is_no_character_set_is_not_used(charset: str) -> None:
    data = (
        HEAD
        + f'Content-Type: text/plain; charset="{charset}"\r\n\r\n'.encode()
        + "+AGE- \\x41 señor".encode()
    )
    assert read(data).message == "+AGE- \\x41 señor"
