# ruff: noqa: INP001 - a script beside the vectors it writes, no package of the product
"""Writes the intake's own vectors, hostile and odd, beside itself: `python vectors/intake/make.py`.

Each is a small file that the parser must either read, with the notes named here, or refuse, with the
problem named here. `index.json` lists them. Most hold the canary word below where a careless message
would repeat it. The output depends on nothing but this file, and a test compares it with what is
committed. Large files (bombs, 50 MB messages) are made in the tests.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
from base64 import b64encode, encodebytes
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent

CANARY: Final = "Zanzibar-Quill"
"""An invented surname; it must never appear in a problem line."""

SECRET: Final = CANARY.encode()
PDF: Final = b"%PDF-1.4\n" + SECRET + b"\n%%EOF\n"
PNG: Final = b"\x89PNG\r\n\x1a\n" + SECRET
HEAD: Final = (
    b"From: Rowan Example <rowan@agency.example>\r\nTo: fraud@labor.example\r\n"
    b"Subject: wage records of " + SECRET + b"\r\nDate: Mon, 03 Aug 2020 09:12:00 -0600\r\n"
    b"Message-ID: <1@agency.example>\r\nMIME-Version: 1.0\r\n"
)
MIXED: Final = HEAD + b"Content-Type: multipart/mixed; boundary=edge\r\n\r\n"
BODY: Final = b"Please send the records of " + SECRET + b".\r\n"
TEXT: Final = b"--edge\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + BODY
END: Final = b"--edge--\r\n"

Vector = tuple[str, bytes, str, dict[str, Any]]


def part(headers: bytes, body: bytes) -> bytes:
    """A part of a `MIXED` message, its content in base64."""
    return b"--edge\r\n" + headers + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encodebytes(body)


def named(name: bytes, body: bytes, kind: bytes = b"application/pdf") -> bytes:
    """An attached part whose header gives it a name."""
    disposition = b"Content-Disposition: attachment; filename" + name
    return part(b"Content-Type: " + kind + b"\r\n" + disposition, body)


def message(*parts: bytes) -> bytes:
    """A message with a text and these parts."""
    return MIXED + TEXT + b"".join(parts) + END


def archive(files: list[tuple[str, bytes]], *, flags: int = 0, method: int = 0) -> bytes:
    """A zip of stored files; `flags` and `method` are written over what is true."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files:
            made.writestr(zipfile.ZipInfo(name), content)
    data = bytearray(out.getvalue())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            struct.pack_into("<HH", data, at + place, flags, method)
            at = data.find(mark, at + 4)
    return bytes(data)


def refused(code: str, place: str) -> dict[str, Any]:
    """The file is refused with this problem first."""
    return {"refused": [code, place]}


def read(*notes: str, papers: tuple[tuple[str, str], ...] = (), **more: str) -> dict[str, Any]:
    """The file is read, with exactly these notes (`code place`) and papers (name, media type)."""
    return {"notes": sorted(notes), "papers": [list(paper) for paper in papers], **more}


def mail(*notes: str, papers: tuple[tuple[str, str], ...] = (), **more: str) -> dict[str, Any]:
    """A message is read; the note that nothing proves its sender is always there."""
    return read("intake.mail.unauthenticated message", *notes, papers=papers, **more)


def nested(levels: int, content_type: bytes) -> bytes:
    """Multiparts (or attached messages) inside one another."""
    opened = b""
    for level in range(levels):
        opened += b"Content-Type: " + content_type.replace(b"N", b"%d" % level) + b"\r\n\r\n"
        opened += b"--b%d\r\n" % level if b"multipart" in content_type else HEAD
    return HEAD + opened + b"\r\n" + BODY


def messages() -> list[Vector]:
    """Internet messages whose structure is odd or hostile."""
    pdf = ("paper.pdf", "application/pdf")
    inner = HEAD + b"Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n\r\n" + BODY
    inner += b"--in\r\nContent-Type: image/png\r\n\r\n" + PNG + b"\r\n--in--\r\n"
    deep = "message" + "/part 1" * 30
    return [
        ("plain.eml", HEAD + b"\r\n" + BODY, "m.eml", mail(message=BODY.decode().strip())),
        (
            "nested-400.eml",
            nested(400, b"multipart/mixed; boundary=bN"),
            "m.eml",
            refused("intake.mail.too_deep", deep),
        ),
        (
            "messages-400.eml",
            nested(400, b"message/rfc822"),
            "m.eml",
            refused("intake.mail.too_deep", "message" + "/message" * 30),
        ),
        (
            "parts-201.eml",
            MIXED + b"--edge\r\n\r\nx\r\n" * 201,
            "m.eml",
            refused("intake.mail.too_many_parts", "message"),
        ),
        (
            "headers-501.eml",
            HEAD + b"X-Y: z\r\n" * 501 + b"\r\n" + BODY,
            "m.eml",
            refused("intake.mail.too_many_headers", "message"),
        ),
        (
            "no-boundary.eml",
            HEAD + b"Content-Type: multipart/mixed\r\n\r\n" + BODY,
            "m.eml",
            mail("intake.part.no_boundary message", message=BODY.decode().strip()),
        ),
        (
            "broken-headers.eml",
            HEAD + BODY + b"\r\nmore\r\n",
            "m.eml",
            mail("intake.mail.broken_headers message"),
        ),
        (
            "damaged-base64.eml",
            message(named(b"=a.pdf", PDF)).replace(b"JVBERi0x", b"JVBERi0x*A"),
            "m.eml",
            mail("intake.part.damaged message/part 2", papers=(("a.pdf", "application/pdf"),)),
        ),
        (
            "unknown-encoding.eml",
            MIXED
            + b"--edge\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: x-uue\r\n\r\n"
            + PDF
            + END,
            "m.eml",
            mail("intake.part.unknown_encoding message/part 1", papers=(pdf,)),
        ),
        (
            "attached-message.eml",
            message(part(b"Content-Type: message/rfc822", inner)),
            "m.eml",
            mail(papers=(("message.txt", "text/plain"), ("paper.png", "image/png"))),
        ),
        (
            "sealed.eml",
            message(part(b"Content-Type: application/pkcs7-mime", b"\x30\x82\x00\x01")),
            "m.eml",
            mail(
                "intake.mail.sealed message/part 2",
                "intake.paper.unknown_kind message/part 2",
                papers=(("paper.bin", "application/octet-stream"),),
            ),
        ),
        (
            "elsewhere.eml",
            message(
                b"--edge\r\nContent-Type: message/external-body; access-type=URL\r\n\r\nContent-ID: 1\r\n\r\n"
            ),
            "m.eml",
            mail("intake.mail.content_elsewhere message/part 2", papers=(("paper.txt", "text/plain"),)),
        ),
        (
            "winmail.eml",
            message(named(b"=winmail.dat", b"\x78\x9f\x3e\x22\x00", b"application/ms-tnef")),
            "m.eml",
            mail(
                "intake.paper.unknown_kind message/part 2",
                papers=(("winmail.dat", "application/octet-stream"),),
            ),
        ),
        (
            "empty-attachment.eml",
            message(named(b"=a.pdf", b"")),
            "m.eml",
            mail("intake.paper.empty message/part 2"),
        ),
        ("nothing.eml", HEAD + b"\r\n \r\n", "m.eml", mail("intake.mail.nothing_inside message", message="")),
    ]


def headers() -> list[Vector]:
    """Internet messages whose header fields are odd or hostile."""
    bare = b"MIME-Version: 1.0\r\nDate: Mon, 03 Aug 2020 09:12:00 -0600\r\n"
    brackets = b"From: " + b"(" * 1900 + b"\r\nContent-Type: " + b"(" * 1900 + b"\r\n" + bare
    return [
        (
            "no-sender.eml",
            bare + b"Subject: x\r\n\r\n" + BODY,
            "m.eml",
            mail("intake.mail.no_sender message"),
        ),
        (
            "two-senders.eml",
            b"From: a@x.example, b@x.example\r\n" + bare + b"\r\n" + BODY,
            "m.eml",
            mail("intake.mail.several_senders message"),
        ),
        (
            "two-froms.eml",
            b"From: a@x.example\r\nFrom: b@x.example\r\n" + bare + b"\r\n" + BODY,
            "m.eml",
            mail("intake.mail.repeated_header message/header from"),
        ),
        (
            "brackets.eml",
            brackets + b"\r\n" + BODY,
            "m.eml",
            mail(
                "intake.mail.no_sender message",
                "intake.mail.unreadable_header message/header from",
                "intake.mail.unreadable_header message/header content-type",
                "intake.mail.header_cut message/header from",
            ),
        ),
        (
            "latin1-subject.eml",
            b"From: a@x.example\r\n" + bare + b"Subject: caf\xe9 " + SECRET + b"\r\n\r\n" + BODY,
            "m.eml",
            mail("intake.mail.header_charset message", subject_line=f"caf\ufffd {CANARY}"),
        ),
        (
            "encoded-subject.eml",
            b"From: =?utf-8?q?Jos=C3=A9?= <a@x.example>\r\n"
            + bare
            + b"Subject: =?iso-8859-1?q?a=F1o?=\r\n\r\n"
            + BODY,
            "m.eml",
            mail(subject_line="año", sender="José"),
        ),
        (
            "odd-charset.eml",
            b"From: a@x.example\r\n" + bare + b"Content-Type: text/plain; charset=punycode\r\n\r\n" + BODY,
            "m.eml",
            mail("intake.text.charset_guessed message"),
        ),
        (
            "date-ahead.eml",
            HEAD.replace(b"2020", b"2031") + b"\r\n" + BODY,
            "m.eml",
            mail("intake.mail.date_ahead message/header date"),
        ),
        (
            "date-nonsense.eml",
            HEAD.replace(b"Mon, 03 Aug 2020", b"99 Foo 99999999999") + b"\r\n" + BODY,
            "m.eml",
            mail("intake.mail.no_date message/header date"),
        ),
    ]


def bodies() -> list[Vector]:
    """Texts that try to be read otherwise than they look."""
    html = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n"
    both = HEAD + b"Content-Type: multipart/alternative; boundary=edge\r\n\r\n--edge\r\n\r\nsee HTML\r\n"
    both += b"--edge\r\nContent-Type: text/html\r\n\r\n<p>a b c d e f g h\r\n" + END
    nul = BODY.replace(b"send", b"s\0e\xe2\x80\xaend")
    only = "intake.mail.html_only message"
    return [
        (
            "html-only.eml",
            html + b"<p>one<br>two &amp; <img src='http://x.example/p.png'>three",
            "m.eml",
            mail(only, message="one\ntwo & three"),
        ),
        (
            "html-hidden.eml",
            html + b"<p>seen<div style='DISPLAY : none'>hid <div>den</div></div><p>end",
            "m.eml",
            mail(only, "intake.text.hidden message", message="seen\n\nend"),
        ),
        (
            "html-swallowed.eml",
            html + b"<p>seen<!-- " + SECRET,
            "m.eml",
            mail(only, "intake.text.broken_html message", message="seen"),
        ),
        (
            "html-script.eml",
            html + b"<title>t</title><script>if (a<b) '</p>'</script><style>p{}</style>x",
            "m.eml",
            mail(only, message="x"),
        ),
        (
            "versions.eml",
            both,
            "m.eml",
            mail("intake.mail.versions_differ message/part 1", message="a b c d e f g h"),
        ),
        (
            "nul-body.eml",
            HEAD + b"\r\n" + nul,
            "m.eml",
            mail("intake.text.control_characters message", message=BODY.decode().strip()),
        ),
        (
            "memo.txt",
            b"To: Labor\nFrom: HSI\nSubject: " + SECRET + b"\n\nPlease send.\n",
            "memo.txt",
            read(message=f"To: Labor\nFrom: HSI\nSubject: {CANARY}\n\nPlease send."),
        ),
        (
            "utf16.txt",
            b"\xff\xfe" + "wage records".encode("utf-16-le"),
            "a.txt",
            read(message="wage records"),
        ),
        (
            "windows.txt",
            b"a\xf1o " + SECRET,
            "a.txt",
            read("intake.text.charset_guessed file", message=f"año {CANARY}"),
        ),
        (
            "piled-marks.txt",
            b"a" + "\u0316\u0301".encode() * 400,
            "a.txt",
            read("intake.text.control_characters file"),
        ),
        ("empty.eml", b"", "m.eml", refused("intake.file.empty", "file")),
        ("blank.txt", b" \r\n\t\r\n", "a.txt", refused("intake.file.empty", "file")),
        (
            "unknown.bin",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + SECRET,
            "letter.doc",
            refused("intake.file.unknown_kind", "file"),
        ),
        ("rich.rtf", b"{\\rtf1 " + SECRET + b"}", "a.rtf", refused("intake.file.unknown_kind", "file")),
    ]


def names() -> list[Vector]:
    """Papers under names and labels that lie or lead astray."""
    changed, wrong = "intake.filename.changed", "intake.paper.wrong_label"
    place = "message/part 2"

    def case(file: str, raw: bytes, kept: str) -> Vector:
        return (
            file,
            message(named(raw, PDF)),
            "m.eml",
            mail(f"{changed} {place}", papers=((kept, "application/pdf"),)),
        )

    return [
        case("name-dots.eml", b'="../../x.pdf"', "x.pdf"),
        case("name-only-dots.eml", b'="../.."', "paper.pdf"),
        case("name-absolute.eml", b'="/etc/x.pdf"', "x.pdf"),
        case("name-windows.eml", b'="C:\\\\\\\\temp\\\\\\\\con:x.pdf"', "con_x.pdf"),
        case("name-nul.eml", b"*=utf-8''a%00b.pdf", "ab.pdf"),
        case("name-turned.eml", b"*=utf-8''a%E2%80%AEfdp.exe", "afdp.exe"),
        case("name-long.eml", b'="' + b"a" * 700 + b'.pdf"', "a" * 116 + ".pdf"),
        (
            "name-spanish.eml",
            message(named(b"*=utf-8''citaci%C3%B3n.pdf", PDF)),
            "m.eml",
            mail(papers=(("citación.pdf", "application/pdf"),)),
        ),
        (
            "label-wrong.eml",
            message(named(b"=a.png", PDF, b"image/png")),
            "m.eml",
            mail(f"{wrong} {place}", papers=(("a.png", "application/pdf"),)),
        ),
        (
            "png-named-pdf.pdf",
            PNG,
            "subpoena.pdf",
            read(f"{wrong} file", papers=(("subpoena.pdf", "image/png"),)),
        ),
        ("pdf-late.pdf", b"\xff\xfejunk\n" + PDF, "a.pdf", read(papers=(("a.pdf", "application/pdf"),))),
        ("mail-named-pdf.pdf", HEAD + b"\r\n" + BODY, "a.pdf", mail(f"{wrong} file")),
        (
            "path.pdf",
            PDF,
            "../" + CANARY + "/a.pdf",
            read(f"{changed} file", papers=(("a.pdf", "application/pdf"),)),
        ),
    ]


def archives() -> list[Vector]:
    """Zip archives."""
    docx = archive([("[Content_Types].xml", b"<a/>"), ("word/document.xml", SECRET)])
    sheet = archive([("[Content_Types].xml", b"<a/>"), ("xl/workbook.xml", SECRET)])
    good = archive([("../../a.pdf", PDF), ("in/m.eml", HEAD + b"\r\n" + BODY), ("n.docx", docx)])
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    two = archive([("b.pdf", PDF)])
    many = archive([(str(number), b"x") for number in range(101)])
    unpacked = "intake.zip.unpacked file"
    return [
        (
            "papers.zip",
            good,
            "a.zip",
            read(
                unpacked,
                "intake.filename.changed file/entry 1",
                "intake.filename.changed file/entry 2",
                papers=(("a.pdf", "application/pdf"), ("n.docx", word), ("m.txt", "text/plain")),
            ),
        ),
        (
            "in-mail.eml",
            message(named(b"=a.zip", two, b"application/zip")),
            "m.eml",
            mail("intake.zip.unpacked message/part 2", papers=(("b.pdf", "application/pdf"),)),
        ),
        (
            "name-empty.zip",
            archive([("QQQQ", PDF)]).replace(b"QQQQ", b"\0QQQ"),
            "a.zip",
            read(unpacked, papers=(("paper.pdf", "application/pdf"),)),
        ),
        ("letter.docx", docx, "a.docx", read(papers=(("a.docx", word),))),
        ("sheet.xlsx", sheet, "a.xlsx", refused("intake.file.unknown_kind", "file")),
        ("nested.zip", archive([("a.zip", two)]), "a.zip", refused("intake.zip.nested", "file/entry 1")),
        (
            "nested-by-mail.zip",
            archive([("m.eml", message(named(b"=a.zip", two)))]),
            "a.zip",
            refused("intake.zip.nested", "file/entry 1/part 2"),
        ),
        (
            "encrypted.zip",
            archive([(CANARY, PDF)], flags=1),
            "a.zip",
            refused("intake.zip.encrypted", "file"),
        ),
        ("lzma.zip", archive([(CANARY, PDF)], method=14), "a.zip", refused("intake.zip.method", "file")),
        (
            "damaged.zip",
            archive([(CANARY, PDF)]).replace(b"%%EOF", b"%%EOX"),
            "a.zip",
            refused("intake.zip.damaged", "file/entry 1"),
        ),
        ("cut.zip", archive([(CANARY, PDF)])[:-30], "a.zip", refused("intake.zip.damaged", "file")),
        ("entries-101.zip", many, "a.zip", refused("intake.zip.too_many_entries", "file")),
    ]


def forms() -> list[Vector]:
    """JSON forms."""

    def form(**members: Any) -> bytes:  # noqa: ANN401 - any JSON value, wrong ones above all
        return (
            json.JSONEncoder().encode({"schema": "habeas.intake.v1", "channel": "portal"} | members).encode()
        )

    def bad(name: str, data: bytes, code: str, place: str) -> Vector:
        return f"form-{name}.json", data, "a.json", refused(code, place)

    def paper(data: bytes, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
        return {"data": b64encode(data).decode()} | more

    odd = [paper(PDF, filename="../" + CANARY + ".pdf"), paper(PNG, media_type="application/pdf"), paper(b"")]
    packed = archive([("inner.zip", archive([(CANARY, PDF)]))])
    lines = encodebytes(PDF * 4).decode()
    officer = {"officer": {"name": CANARY, CANARY: 1}}
    deep = b'{"schema":' + b"[" * 100 + b"]" * 100 + b"}"
    turned = '{"schema":"habeas.intake.v1","channel":"portal","' + CANARY + '":{"message":"\\u0007"}}'
    return [
        ("form-least.json", form(), "a.json", read()),
        ("form-bom.json", b"\xef\xbb\xbf" + form(), "a.json", read()),
        ("form-named-eml.json", form(), "a.eml", read("intake.paper.wrong_label file")),
        (
            "form-papers.json",
            form(papers=odd),
            "a.json",
            read(
                "intake.filename.changed form.papers[0]",
                "intake.paper.empty form.papers[2]",
                "intake.paper.wrong_label form.papers[1]",
                papers=((CANARY + ".pdf", "application/pdf"), ("paper.png", "image/png")),
            ),
        ),
        (
            "form-paper-mail.json",
            form(papers=[paper(HEAD + b"\r\n" + BODY, filename="a.eml")]),
            "a.json",
            read(papers=(("a.txt", "text/plain"),)),
        ),
        bad("paper-zip", form(papers=[paper(packed)]), "intake.zip.nested", "form.papers[0]/entry 1"),
        bad("paper-text", form(papers=[{"data": CANARY}]), "intake.form.not_base64", "form.papers[0].data"),
        bad("paper-lines", form(papers=[{"data": lines}]), "intake.form.not_base64", "form.papers[0].data"),
        bad("paper-number", form(papers=[{"data": 7}]), "intake.form.wrong_type", "form.papers[0].data"),
        bad(
            "paper-member",
            form(papers=[paper(PDF, kind=CANARY)]),
            "intake.form.unknown_member",
            "form.papers[0]",
        ),
        bad("papers-101", form(papers=[paper(b"a")] * 101), "intake.form.too_long", "form.papers"),
        bad("unknown-word", form(channel=CANARY), "intake.form.unknown_word", "form.channel"),
        bad(
            "unknown-claim",
            form(claims={"paper_authority": "judicial"}),
            "intake.form.unknown_member",
            "form.claims",
        ),
        bad(
            "unknown-member", form(requester=officer), "intake.form.unknown_member", "form.requester.officer"
        ),
        bad(
            "item-id",
            form(items=[{"id": CANARY, "category": "tax"}]),
            "intake.form.unknown_member",
            "form.items[0]",
        ),
        bad(
            "verified-consent",
            form(consent={"subject": CANARY, "given_on": "2020-01-01", "verified_with_subject_by": CANARY}),
            "intake.form.unknown_member",
            "form.consent",
        ),
        bad(
            "missing", form(items=[{"description": CANARY}]), "intake.form.missing", "form.items[0].category"
        ),
        bad("wrong-type", form(message={"text": CANARY}), "intake.form.wrong_type", "form.message"),
        bad("number-for-text", form(case_number=7), "intake.form.wrong_type", "form.case_number"),
        bad(
            "no-day",
            form(service={"served_on": "2020-02-30"}),
            "intake.form.not_well_formed",
            "form.service.served_on",
        ),
        bad(
            "compact-day",
            form(service={"served_on": "20200228"}),
            "intake.form.not_well_formed",
            "form.service.served_on",
        ),
        bad(
            "no-zone",
            form(received_at="2020-08-03T09:12:00"),
            "intake.form.not_an_instant",
            "form.received_at",
        ),
        bad(
            "first-year",
            form(received_at="0001-01-01T00:00:00+14:00"),
            "intake.form.not_an_instant",
            "form.received_at",
        ),
        bad(
            "ahead",
            form(received_at="2031-08-03T09:12:00Z"),
            "intake.form.received_ahead",
            "form.received_at",
        ),
        bad("too-long", form(case_number=CANARY * 30), "intake.form.too_long", "form.case_number"),
        bad(
            "empty-name",
            form(consent={"subject": "\u200b ", "given_on": "2020-01-01"}),
            "intake.form.empty",
            "form.consent.subject",
        ),
        bad("schema", form(schema="habeas.intake.v2"), "intake.form.schema_unknown", "form.schema"),
        bad(
            "duplicate",
            b'{"schema":"habeas.intake.v1","schema":"' + SECRET + b'"}',
            "json.key.duplicate",
            "form",
        ),
        bad("float", b'{"' + SECRET + b'": 1.5}', "json.number.float", "form"),
        bad("deep", deep, "json.document.too_deep", "form"),
        bad("broken", b'{"' + SECRET + b'": ', "json.syntax.invalid", "form"),
        bad("control", turned.encode(), "json.text.control_character", "form.?.message"),
        bad(
            "surrogate", form(message="x").replace(b'"x"', b'"\\ud800"'), "json.text.not_utf8", "form.message"
        ),
        bad("latin1", b'{"schema": "caf\xe9"}', "json.text.not_utf8", "form"),
        bad("piled-marks", form(message="a" + "\u0316\u0301" * 400), "intake.text.piled_marks", "form"),
    ]


def vectors() -> list[Vector]:
    """Every vector: file name, bytes, the name it came under, and what must become of it."""
    return [*messages(), *headers(), *bodies(), *names(), *archives(), *forms()]


def index() -> str:
    """The text of `index.json`."""
    rows = [{"file": file, "came_as": came_as} | expected for file, _, came_as, expected in vectors()]
    document: dict[str, Any] = {"canary": CANARY, "received_at": "2020-08-03T16:00:00Z", "vectors": rows}
    return json.JSONEncoder(ensure_ascii=False, indent=1).encode(document) + "\n"


if __name__ == "__main__":
    for vector in vectors():
        (HERE / vector[0]).write_bytes(vector[1])
    (HERE / "index.json").write_text(index(), encoding="utf-8")
