"""Papers that look like another: real ones beside forgeries, specimens, drafts and quotations, all invented.

Each is one call of a function in `look_alikes.typ`. The wording is this file's own: it shares nothing with
the reader's tables nor with the demonstration's papers.
"""

from __future__ import annotations

import struct
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs
import typst

if TYPE_CHECKING:
    from collections.abc import Callable

_PRELUDE: Final = Path(__file__).with_name("look_alikes.typ").read_text("utf-8")


@attrs.frozen
class Paper:
    """One invented paper: a name for the test, its typst source, and what may truthfully be said of it.

    `authority` and `signed` are the permitted answers, the first one the best; `signer` and `kind` too, or
    empty where nothing hangs on them.
    """

    name: str
    source: str
    authority: tuple[str, ...]
    signed: tuple[str, ...] = ()
    signer: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


@cache
def pdf(source: str) -> bytes:
    """The PDF of a source that may use the functions of `look_alikes.typ`."""
    drawn = typst.compile(f"{_PRELUDE}\n{source}".encode(), ignore_system_fonts=True)
    assert isinstance(drawn, bytes)
    return drawn


def picture(wide: int, tall: int, dark: Callable[[int, int], bool], points: int = 120) -> str:
    """A grey picture as typst: `dark(x, y)` says which of its dots are black."""
    rows = b"".join(b"\0" + bytes(0 if dark(x, y) else 255 for x in range(wide)) for y in range(tall))
    header = struct.pack(">IIBBBBB", wide, tall, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    data = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)
    return f"picture(bytes(({','.join(map(str, data))})), width: {points}pt)"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def together(*sources: str) -> str:
    """Several papers in one file."""
    return "\n#pagebreak()\n".join(sources)
