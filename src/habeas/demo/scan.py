"""A paper as a poor fax leaves it: a picture of its first page, too coarse to be read by a machine.

Hides the picture's format. Promises the same bytes for equal input, and no text in them.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

import pypdfium2

_COARSE: Final = 0.62
"""Dots a point (about 45 dpi): a person makes out what kind of paper it is, and little else."""


def scan(data: bytes) -> bytes:
    """The first page of a PDF as a grey PNG."""
    document = pypdfium2.PdfDocument(data)
    try:
        drawn = document[0].render(scale=_COARSE, grayscale=True)
        rows = [
            bytes(drawn.buffer[at : at + drawn.width])
            for at in range(0, drawn.stride * drawn.height, drawn.stride)
        ]
        return _png(drawn.width, rows)
    finally:
        document.close()


def _png(width: int, rows: list[bytes]) -> bytes:
    """An 8-bit grey image (PNG specification, § 5.3, § 11.2.2), no filter on its rows."""
    head = struct.pack(">IIBBBBB", width, len(rows), 8, 0, 0, 0, 0)
    lines = b"".join(b"\0" + row for row in rows)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(lines, 9)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
