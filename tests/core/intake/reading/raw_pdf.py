"""PDFs written by hand, for what no typesetter makes: hidden words, notes, signature fields, bombs, locks."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FONT: Final = b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"


def pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A file of numbered objects, the first of which is the catalog."""
    out = b"%PDF-1.7\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        len(out),
    )
    return out + head + table + end


def stream(entries: bytes, data: bytes, *, packed: bool = True) -> bytes:
    """A stream object, deflated or as it is."""
    if packed:
        data, entries = zlib.compress(data, 9), entries + b"/Filter/FlateDecode"
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(data), data)


def page(
    content: bytes,
    *,
    resources: bytes = FONT,
    entries: bytes = b"",
    more: Iterable[bytes] = (),
    catalog: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    """A PDF of one letter-size page; further objects are numbered from 5."""
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources%b%b>>"
            % (resources, entries),
            stream(b"", content),
            *more,
        ],
        trailer,
    )


def words(*lines: tuple[int, int, str], size: int = 11, before: str = "", after: str = "") -> bytes:
    """Lines of text, each at (left, top) in points from the page's top left corner."""
    shown = [
        f"BT {before} /F1 {size} Tf 1 0 0 1 {left} {792 - top} Tm ({_escaped(text)}) Tj ET {after}"
        for left, top, text in lines
    ]
    return "\n".join(shown).encode("latin-1")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def rule(left: int, top: int, length: int = 200) -> bytes:
    """A thin horizontal line."""
    return b"\n0.5 w %d %d m %d %d l S\n" % (left, 792 - top, left + length, 792 - top)


def warrant(name: str = "Ada Q. Bell, United States Magistrate Judge") -> bytes:
    """A search warrant's words with an empty line for the judge's signature, as page content."""
    return words(
        (190, 60, "UNITED STATES DISTRICT COURT"),
        (240, 76, "for the District of Nowhere"),
        (54, 110, "In the Matter of the Search of the records of a state office"),
        (330, 130, "Case No. 21-sw-00044-XY"),
        (200, 170, "SEARCH AND SEIZURE WARRANT"),
        (54, 200, "To: Any authorized law enforcement officer"),
        (
            54,
            220,
            "I find that the affidavits establish probable cause to search the records described above.",
        ),
        (54, 236, "YOU ARE COMMANDED to execute this warrant on or before August 14, 2021."),
        (310, 410, "Judge's signature"),
        (300, 436, name),
        (310, 452, "Printed name and title"),
    ) + rule(290, 398)


SIGNATURE_BOX: Final = (296, 370, 480, 396)
"""Where a signature on the warrant's line lies, from the page's top left corner."""


def rect(box: tuple[int, int, int, int]) -> bytes:
    """A box as an annotation's `/Rect`."""
    return b"[%d %d %d %d]" % (box[0], 792 - box[3], box[2], 792 - box[1])


def with_note(content: bytes, note: bytes, *, form: bool = False, more: Iterable[bytes] = ()) -> bytes:
    """A page with one annotation (object 5), perhaps a field of an interactive form."""
    catalog = b"/AcroForm<</Fields[5 0 R]/SigFlags 3>>" if form else b""
    return page(content, entries=b"/Annots[5 0 R]", catalog=catalog, more=(note, *more))
