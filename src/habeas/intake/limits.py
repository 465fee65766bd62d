"""How much an arrival may hold before intake refuses it, and the purse that counts it.

Hides the bookkeeping. Promises that one `Purse` goes through the reading of one arrival, so that parts,
papers and header text are counted together however they are nested (mail in mail, mail in zip).
"""

from __future__ import annotations

from typing import Final

import attrs

from habeas.kernel.errors import bad

MEGABYTE: Final = 1024 * 1024

LIMIT_BYTES: Final = 50 * MEGABYTE
"""Size of an arrival as it came, in bytes. A larger one is refused before anything looks inside."""

LIMIT_DECODED: Final = 35 * MEGABYTE
"""Total size of all papers and texts in an arrival, decoded and unpacked, in bytes (a full 50 MB of
base64 decodes to a little more, so the largest e-mails are refused here, clearly)."""

LIMIT_FORM_BYTES: Final = MEGABYTE
"""Size of a JSON form, in bytes."""

LIMIT_TEXT_BYTES: Final = 2 * MEGABYTE
"""Total size of the bodies of an arrival's messages before they are read as text, in bytes."""

LIMIT_TEXT_CHARS: Final = 1_000_000
"""Length of a message's text, in characters."""

LIMIT_MARKS: Final = 30
"""How many combining marks may follow one letter (Unicode UAX 15 § 13, stream-safe text): sorting them
takes time that grows with the square of their number (40,000 marks: over a second)."""

LIMIT_DEPTH: Final = 30
"""How deep parts may be nested: multiparts, attached messages and archives count alike."""

LIMIT_PARTS: Final = 200
"""How many MIME parts an arrival may hold, containers included."""

LIMIT_HEADERS: Final = 500
"""How many header fields one message or part may have."""

LIMIT_HEADER_BYTES: Final = 64 * 1024
"""Length of one header field, folded lines together, in bytes."""

LIMIT_HEADER_BLOCK: Final = 256 * 1024
"""Length of all header fields of one message or part, in bytes."""

LIMIT_STRUCTURED_CHARS: Final = 2_000
"""Length of a header field that is parsed by grammar (From, Content-…). The library's parser takes time
that grows with the square of the length (2,000 characters: up to 50 ms; 16,000: over 2 s), so a longer
one is not parsed but noted."""

LIMIT_STRUCTURED_TOTAL: Final = 60_000
"""Length of all header fields parsed by grammar in one arrival, in characters (worst case 1.5 s)."""

LIMIT_UNSTRUCTURED_CHARS: Final = 16_000
"""Length of a header field read as free text (Subject); the rest is cut off and noted."""

LIMIT_LINE_CHARS: Final = 1_000
"""Length of a one-line text kept from a header, in characters."""

LIMIT_FILENAME_CHARS: Final = 120
"""Length of a paper's file name, in characters."""

LIMIT_RECIPIENTS: Final = 200
"""How many recipients are kept."""

LIMIT_ZIP_ENTRIES: Final = 100
"""How many files a zip archive may hold."""

LIMIT_ZIP_RATIO: Final = 200
"""How many times larger than its packed form a file in an archive may be, once above `ZIP_RATIO_FROM`."""

ZIP_RATIO_FROM: Final = MEGABYTE
"""Size from which the packing ratio is looked at, in bytes: short texts pack well and harm nobody."""


@attrs.define
class Purse:
    """What is left of the limits while one arrival is read."""

    parts: int = LIMIT_PARTS
    decoded: int = LIMIT_DECODED
    text: int = LIMIT_TEXT_BYTES
    structured: int = LIMIT_STRUCTURED_TOTAL

    def pay_part(self, place: str) -> None:
        """Count one MIME part, or refuse."""
        self.parts -= 1
        if self.parts < 0:
            raise bad("intake.mail.too_many_parts", place, limit=LIMIT_PARTS)

    def pay_bytes(self, size: int, place: str) -> None:
        """Count the bytes of one decoded paper or text, or refuse."""
        self.decoded -= size
        if self.decoded < 0:
            raise bad("intake.paper.total_too_large", place, limit=LIMIT_DECODED // MEGABYTE)

    def pay_text(self, size: int, place: str) -> None:
        """Count the bytes of one body or text file, or refuse."""
        self.pay_bytes(size, place)
        self.text -= size
        if self.text < 0:
            raise bad("intake.text.too_long", place, limit=f"{LIMIT_TEXT_BYTES:,} bytes")

    def pay_header(self, length: int, place: str) -> None:
        """Count the characters of a header field that is parsed by grammar, or refuse."""
        self.structured -= length
        if self.structured < 0:
            raise bad("intake.mail.headers_too_long", place, limit=f"{LIMIT_STRUCTURED_TOTAL:,}")


def check_text(text: str, place: str) -> None:
    """Refuse a text longer than `LIMIT_TEXT_CHARS`."""
    if len(text) > LIMIT_TEXT_CHARS:
        raise bad("intake.text.too_long", place, limit=f"{LIMIT_TEXT_CHARS:,} characters")


def check_depth(depth: int, place: str) -> None:
    """Refuse a part nested deeper than `LIMIT_DEPTH` (the outermost part is at depth 1)."""
    if depth > LIMIT_DEPTH:
        raise bad("intake.mail.too_deep", place, limit=LIMIT_DEPTH)
