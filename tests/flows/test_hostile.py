"""Hostile, damaged and odd files at the door: one clear line each, nothing lost, nothing repeated.

What is guarded against here would not end while anybody waits, so ending is part of the test.
"""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from habeas.demo.papers.mail import Attachment, Mailbox, MailDetails, email
from habeas.intake.limits import LIMIT_BYTES
from tests.core.usecases.papers import SENT_AT, drawn
from tests.flows.office import ROOT, a_mail
from vectors.intake.make import CANARY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.flows.office import Office

VECTORS = sorted(
    p
    for p in (ROOT / "vectors" / "intake").iterdir()
    if p.suffix != ".py" and p.name != "index.json" and p.is_file()
)
SECRET = CANARY.encode()
HERE = ("--custodian", "labor")


def letter(*papers: tuple[str, bytes], text: str = f"Please send the records of {CANARY}.") -> bytes:
    """An e-mail to the desk with papers under these names."""
    details = MailDetails(
        sender=Mailbox("rowan@agency.example", "Rowan Example"),
        to=(Mailbox("records@labor.example"),),
        subject=f"Records of {CANARY}",
        sent_at=SENT_AT,
        text=text,
        attachments=tuple(Attachment(name, data) for name, data in papers),
    )
    return email(details)


def pdf_of_pages(count: int) -> bytes:
    """A PDF of so many empty pages."""
    kids = b" ".join(b"%d 0 R" % (n + 3) for n in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
    ]
    objects += [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>"] * count
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def encrypted_pdf() -> bytes:
    """A PDF that asks for a password nobody has."""
    plain = pdf_of_pages(1)
    keys = b"/O <%s> /U <%s>" % (b"ab" * 32, b"cd" * 32)
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 %s >> /ID [<00> <00>]" % keys
    return plain.replace(b"/Root 1 0 R", b"/Root 1 0 R " + lock)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.pdf", b"\0" * 30_000_000)
    return out.getvalue()


def nested(levels: int) -> bytes:
    head = b"From: rowan@agency.example\r\nTo: records@labor.example\r\nMIME-Version: 1.0\r\n"
    parts = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(levels))
    return head + b"".join(parts) + b"\r\n" + SECRET


FORM = b'{"schema":"habeas.intake.v1","channel":'
PILE = ("a" + "\u0f73" * 300_000).encode()
"""Marks that count as none and are sorted as two: normalizing them takes minutes."""

QUARANTINED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty.eml": (lambda: b"", "intake.file.empty"),
    "blank.pdf": (lambda: b" \n\t", "intake.file.empty"),
    "no-kind.pdf": (lambda: SECRET + bytes(range(256)) * 4, "intake.file.unknown_kind"),
    "nul.txt": (lambda: SECRET + b"\x00" * 100, "intake.file.unknown_kind"),
    "nested.eml": (lambda: nested(400), "intake.mail.too_deep"),
    "bomb.zip": (bomb, "intake.zip.bomb"),
    "bomb.eml": (lambda: letter(("papers.zip", bomb())), "intake.zip.bomb"),
    "large.eml": (lambda: a_mail() + b"x" * LIMIT_BYTES, "intake.file.too_large"),
    "cut.zip": (lambda: bomb()[:-30], "intake.zip.damaged"),
    "word.json": (lambda: FORM + b'"' + SECRET + b'"}', "intake.form.unknown_word"),
    "member.json": (
        lambda: FORM + b'"portal","' + SECRET + b'":1}',
        "intake.form.unknown_member",
    ),
    "twice.json": (lambda: FORM + b'"portal","channel":"mail"}', "json.key.duplicate"),
    "deep.json": (lambda: b'{"a":' * 500, "json.document.too_deep"),
    "float.json": (lambda: b'{"' + SECRET + b'": 1.5}', "json.number.float"),
    "schema.json": (lambda: b'{"schema":"' + SECRET + b'","channel":"portal"}', "intake.form.schema_unknown"),
}  # fmt: skip


@pytest.mark.parametrize("name", QUARANTINED)
def test_what_cannot_be_taken_in_waits_with_one_clear_line(office: Office, name: str) -> None:
    make, code = QUARANTINED[name]
    data = make()
    said = office.run("intake", office.file(name, data), *HERE)
    assert said.code == 2
    first, second = said.out.splitlines()
    assert first.startswith(f"{name}: in quarantine: ")
    assert first.endswith(f"[{code}]")
    assert "habeas admin quarantine" in second
    listed = office.ok("admin", "quarantine")
    assert f"[{code}]" in listed.out
    assert office.kept() == [data]
    assert CANARY not in said.out + said.err + listed.out
    assert office.ok("case", "list", "--json").json == []


PAPERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "truncated.pdf": (lambda: drawn("ao93")[:4000], "reading.pdf.damaged"),
    "encrypted.pdf": (encrypted_pdf, "reading.pdf.encrypted"),
    "pages.pdf": (lambda: pdf_of_pages(10_000), "reading.pdf.too_many_pages"),
    "not-a.pdf": (lambda: b"%PDF-1.7\n" + SECRET + b"\xff" * 500, "reading.pdf.damaged"),
    "no-kind.bin": (lambda: SECRET + bytes(range(256)) * 4, "reading.file.unknown"),
}


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_that_cannot_be_read_opens_a_request_that_a_person_must_look_at(
    office: Office, name: str
) -> None:
    make, code = PAPERS[name]
    data = letter((name, make()), ("good.pdf", drawn("ao93")))
    taken = office.take("request.eml", data)
    assert (taken["state"], taken["problem"]) == ("case", None)
    shown = office.ok("case", "show", taken["request"])
    assert shown.out.startswith("Hand nothing over.")
    assert f"[{code}]" in shown.out
    assert "search and seizure warrant" in shown.out
    document = office.ok("case", "show", taken["request"], "--json").json
    assert "paper_authority" not in document["facts"]
    assert office.kept() == [data]
    assert CANARY not in str(taken)


@pytest.mark.parametrize("name", PAPERS)
def test_reading_such_a_paper_at_the_terminal_is_an_answer(office: Office, name: str) -> None:
    make, code = PAPERS[name]
    (found,) = office.ok("read", office.file(name, make()), "--json").json
    assert (found["authority"], found["needs_person"]) == ("unreadable", True)
    assert [p["code"] for p in found["problems"]] == [code]
    assert CANARY not in str(found)


def test_a_wrong_extension_decides_nothing(office: Office) -> None:
    for name, data in (("warrant.eml", drawn("ao93")), ("mail.pdf", a_mail()), ("form.png", b"Please send.")):
        assert office.take(name, data, *HERE)["state"] == "case"
    kinds = {line["component"] for line in office.ok("case", "list", "--json").json}
    assert kinds


@pytest.mark.parametrize(
    "name",
    [
        "../../../../outside.pdf",
        "/outside.pdf",
        "..\\..\\outside.pdf",
        "C:\\outside.pdf",
        "a/../../outside.pdf",
    ],
)
def test_a_name_that_is_a_path_leads_nowhere(office: Office, name: str) -> None:
    before = {p for p in office.home.parent.rglob("*") if office.home not in p.parents}
    plain = letter(("outside.pdf", drawn("ao93")))
    data = plain.replace(b"outside.pdf", name.encode().replace(b"\\", b"\\\\"))
    taken = office.take("request.eml", data)
    assert taken["state"] == "case"
    ports = office.desk().ports
    (paper,) = ports.cases.load(ports.cases.by_ref(taken["request"])).request.attachments
    assert paper.filename == "outside.pdf"
    after = {p for p in office.home.parent.rglob("*") if office.home not in p.parents}
    assert after - before == {office.inbox / "request.eml"}
    assert not [p for p in office.home.rglob("*") if "outside" in p.name]


@pytest.mark.parametrize(
    "name", ["two\nlines.eml", "bell\x07.eml", "esc\x1b[31m.eml", os.fsdecode(b"latin\xe9.eml")]
)
def test_a_file_on_the_disk_may_have_any_name(office: Office, name: str) -> None:
    for words in (("--json",), ()):
        said = office.run("intake", office.file(name, a_mail()), *words)
        assert said.code == 0, said
        assert all(line.isprintable() for line in said.out.splitlines())
    (found,) = office.ok("read", office.file(name, drawn("ao93")), "--json").json
    assert found["authority"] == "judicial"
    assert {a.filename.isprintable() for a in office.arrivals()} == {True}


def test_headers_in_no_character_set_and_piled_marks_are_read_as_far_as_possible(office: Office) -> None:
    latin = a_mail().replace(b"Subject: Request", b"Subject: Petici\xf3n")
    piled = letter(text="x").replace(b"\r\n\r\nx", b"\r\n\r\n" + PILE)
    marks = letter(("note.txt", b"Please send the records. " + PILE))
    for name, data in (("latin.eml", latin), ("piled.eml", piled), ("text.txt", PILE), ("marks.eml", marks)):
        taken = office.take(name, data, *HERE)
        assert taken["state"] == "case", taken


def test_a_form_with_piled_marks_is_refused(office: Office) -> None:
    data = b'{"schema":"habeas.intake.v1","channel":"portal","message":"' + PILE + b'"}'
    taken = office.take("form.json", data, *HERE)
    assert taken["state"] == "quarantined"
    assert "marks]" in taken["problem"]


def test_a_file_larger_than_is_ever_read_is_refused_and_the_others_are_taken(office: Office) -> None:
    huge = office.inbox / "huge.eml"
    with huge.open("wb") as file:
        file.truncate(200_000_000)
    good = office.file("good.eml", a_mail())
    said = office.run("intake", huge, good, "--json")
    assert said.code == 2
    assert [one["state"] for one in said.json] == ["failed", "case"]
    assert said.codes == ["intake.file.too_large"]
    assert office.kept() == [a_mail()]


def test_every_vector_of_intake_at_once_is_told_file_by_file_and_kept(office: Office) -> None:
    said = office.run("intake", *VECTORS, *HERE, "--json")
    assert said.code == 2
    assert [one["file"] for one in said.json] == [p.name for p in VECTORS]
    assert {one["state"] for one in said.json} == {"case", "repeat", "quarantined"}
    assert sorted(office.kept()) == sorted(p.read_bytes() for p in VECTORS)
    for one in said.json:
        assert (one["state"] == "quarantined") is bool(one["problem"])
        assert (one["request"] is None) is (one["state"] == "quarantined")
    listed = office.ok("admin", "quarantine").out
    assert CANARY not in said.out + said.err + listed
    assert len(office.ok("admin", "quarantine", "--json").json) == len(
        [one for one in said.json if one["state"] == "quarantined"]
    )
    office.ok("ledger", "checkpoint")
    assert office.findings() == set()


def test_what_is_no_file_is_a_usage_error(office: Office, tmp_path: Path) -> None:
    for words in (
        ("intake", tmp_path),
        ("intake", tmp_path / "nothing"),
        ("read", tmp_path),
        ("decide", tmp_path),
    ):
        said = office.run(*words, "--json")
        assert (said.code, [p["code"] for p in said.json["problems"]]) == (2, ["cli.usage.invalid"])
