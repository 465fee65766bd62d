"""The door as a whole: total over any bytes, blind to extensions, quiet about content."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from habeas.domain.request import Request
from habeas.domain.vocabulary import Channel
from habeas.intake.parse import Parsed, opaque, parse
from habeas.kernel.canonical import normalize
from habeas.kernel.errors import BadInput
from tests.core.intake.samples import HEAD, NOW, PDF, codes, form, letter, read, refusal

VECTORS = Path(__file__).resolve().parents[3] / "vectors" / "intake"
SEEDS = sorted(f for f in VECTORS.iterdir() if f.suffix not in {".py", ""} and f.name != "index.json")
FRAGMENTS = (
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b'Content-Type: multipart/alternative; boundary="b"\r\n',
    b"Content-Type: message/rfc822\r\n",
    b"Content-Type: text/html; charset=utf-16\r\n",
    b"--b\r\n",
    b"--b--\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"\r\n",
    b"\n",
    b"Content-Disposition: attachment; filename*=utf-8''%00%ff\r\n",
    b"Subject: =?utf-8?b?//8=?=\r\n",
    b"=?",
    b"?=",
    b'From: "a" <b@c.example>\r\n',
    b"Date: Mon, 99 Foo 1 1:1:1 +9999\r\n",
    b"Message-ID: <\r\n",
    b"\x00",
    b"\xff",
    b"<p hidden>",
    b"<!--",
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"%PDF-1.4",
    b"To: a@b.example, ;:<>()\r\n",
    b"QUJD",
    b"=41=",
    b'"',
    b"\\",
    b"(",
    b"@",
    b" ",
    b"\t",
    b"\r",
    b";",
    b"*0*=",
    b"\xe2\x80\xae",
    b"{",
    b"}",
    b"[",
)
MEMBERS = (
    "schema",
    "channel",
    "items",
    "subjects",
    "claims",
    "requester",
    "officer",
    "consent",
    "received_at",
    "x",
)
WORDS = ("yes", "portal", "unknown")


def check_total(data: bytes, filename: str = "a.eml") -> None:
    """Any bytes give a value that can be stored, or the one documented error."""
    try:
        parsed = parse(data, filename, NOW)
    except BadInput as error:
        lines = [found.line() for found in error.problems]
    else:
        lines = [found.line() for found in parsed.notes]
        check_cleaned(parsed)
    assert all(line and "\n" not in line for line in lines)


def check_cleaned(parsed: Parsed) -> None:
    """What came through the door is fit to be stored."""
    for text in (
        parsed.message,
        parsed.subject_line,
        parsed.message_id,
        parsed.sender.name,
        *parsed.recipients,
    ):
        assert normalize(text) == text
    assert "\n" not in parsed.subject_line + parsed.sender.name + parsed.sender.address + parsed.message_id
    for paper in parsed.papers:
        assert paper.data
        assert 0 < len(paper.filename) <= 120
        assert not set(paper.filename) & set('/\\:\0\n"')
        assert not paper.filename.startswith(".")


@given(st.binary(max_size=2000), st.text(max_size=200))
@example(b"\xef\xbb\xbf", "")
@example(b"\xff\xfe\x00\xd8", "\ud800/..")
def test_any_bytes_are_read_or_refused(data: bytes, filename: str) -> None:
    check_total(data, filename)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40))
def test_any_mixture_of_mail_fragments_is_read_or_refused(pieces: list[bytes]) -> None:
    check_total(HEAD + b"".join(pieces))


@settings(max_examples=300)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(WORDS),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused(value: object) -> None:
    check_total(json.dumps(value).encode(), "a.json")
    if isinstance(value, dict):
        check_total(
            json.dumps({"schema": "habeas.intake.v1", "channel": "portal"} | value).encode(), "a.json"
        )


@pytest.mark.parametrize("seed", SEEDS, ids=lambda file: file.name)
def test_a_mutated_file_is_read_or_refused(seed: Path) -> None:
    chance = random.Random(seed.name)  # noqa: S311 - mutations that are the same in every run
    original = seed.read_bytes()[:8000]
    for _ in range(25):
        data = bytearray(original)
        for _ in range(chance.randint(1, 8)):
            mutate(data, chance)
        check_total(bytes(data), seed.name)


def mutate(data: bytearray, chance: random.Random) -> None:
    """Flip, cut, double or insert something somewhere."""
    at = chance.randint(0, len(data))
    end = min(len(data), at + chance.choice((1, 2, 20, 300)))
    match chance.randint(0, 4):
        case 0:
            data[at:end] = b""
        case 1:
            data[at:at] = data[at:end] * 2
        case 2:
            data[at:at] = chance.choice(FRAGMENTS)
        case 3:
            data[at:end] = chance.randbytes(end - at)
        case _ if at < len(data):
            data[at] ^= 1 << chance.randint(0, 7)


@pytest.mark.parametrize("name", ["letter.pdf", "letter.txt", "letter", "", "letter.eml"])
def test_content_decides_what_a_file_is(name: str) -> None:
    assert read(letter(), name).channel is Channel.EMAIL
    assert [p.media_type for p in read(PDF, name).papers] == ["application/pdf"]
    assert read(form(), name).channel is Channel.PORTAL


def test_a_true_extension_is_not_noted_and_a_false_one_is() -> None:
    assert read(PDF, "a.pdf").notes == ()
    assert codes(read(PDF, "a.docx")) == {"intake.paper.wrong_label"}


def test_what_was_refused_can_be_taken_as_one_paper_for_a_person() -> None:
    data = b"\xd0\xcf\x11\xe0 unreadable"
    parsed = opaque(data, "../letter.doc", NOW)
    assert [(p.filename, p.media_type, p.data) for p in parsed.papers] == [
        ("letter.doc", "application/octet-stream", data)
    ]
    assert "intake.paper.unknown_kind" in codes(parsed)


def test_a_parsed_arrival_carries_every_member_of_a_request() -> None:
    carried = {field.name for field in attrs.fields(Parsed)}
    assert {field.name for field in attrs.fields(Request)} - carried == {"attachments"}


def test_the_parsed_value_does_not_show_papers_when_printed() -> None:
    assert "body" not in repr(read(letter(papers=[("a.pdf", PDF)])))


def test_only_a_form_loads_pydantic() -> None:
    code = (
        "import sys, datetime\n"
        "from habeas.intake.parse import parse\n"
        "now = datetime.datetime(2020, 8, 3, tzinfo=datetime.UTC)\n"
        "parse(b'%PDF-1.4', 'a.pdf', now)\n"
        "assert 'pydantic' not in sys.modules\n"
        'parse(b\'{"schema":"habeas.intake.v1","channel":"phone"}\', \'a.json\', now)\n'
        "assert 'pydantic' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_two_forms_of_binary_are_refused_by_name() -> None:
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1", "a.msg").code == "intake.file.unknown_kind"
    assert refusal(b"\x00" * 50, "a.pdf").code == "intake.file.unknown_kind"
