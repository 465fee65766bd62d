"""Zip archives, opened with care.

Hides the archive library and its many exceptions. Promises that no more is unpacked than the limits
allow, whatever sizes the archive declares, that nothing is written anywhere, and that any bytes give
entries or a `BadInput`. An archive inside an archive, an encrypted one and a bomb are refused by name.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from habeas.intake.limits import LIMIT_ZIP_ENTRIES, LIMIT_ZIP_RATIO, ZIP_RATIO_FROM
from habeas.kernel.errors import BadInput, bad

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.intake.limits import Purse

_DIRECTORY_MARK: Final = b"PK\x01\x02"
_MARKS_AT_MOST: Final = 2_000
_OFFICE: Final = "[Content_Types].xml"
_OPEN_DOCUMENT: Final = "mimetype"
_ENCRYPTED: Final = 0x1
_CHUNK: Final = 64 * 1024
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""The others (bzip2, LZMA) unpack a whole chunk at once, so what they give cannot be bounded."""


def entries(data: bytes, place: str, purse: Purse) -> Iterator[tuple[str, bytes]]:
    """Each file of an archive as (name as written there, content), counted against the purse.

    `BadInput` `intake.zip.damaged`, `.encrypted`, `.method`, `.too_many_entries`, `.bomb`, or
    `intake.paper.total_too_large`.
    """
    archive = _opened(data, place)
    if archive is None:
        raise bad("intake.zip.damaged", place)
    # `info.is_dir()` raises on an empty name
    files = [info for info in archive.infolist() if not info.filename.endswith("/")]
    if len(files) > LIMIT_ZIP_ENTRIES:
        raise bad("intake.zip.too_many_entries", place, limit=LIMIT_ZIP_ENTRIES)
    if any(info.flag_bits & _ENCRYPTED for info in files):
        raise bad("intake.zip.encrypted", place)
    if any(info.compress_type not in _METHODS for info in files):
        raise bad("intake.zip.method", place)
    for number, info in enumerate(files, start=1):
        yield info.filename, _unpacked(archive, info, f"{place}/entry {number}", purse)


def is_document(data: bytes) -> bool:
    """Whether the archive is one office document (OOXML, OpenDocument) and not a bundle of files."""
    return bool({_OFFICE, _OPEN_DOCUMENT} & _names(data))


def is_word_document(data: bytes) -> bool:
    """Whether the archive is a DOCX."""
    return {_OFFICE, "word/document.xml"} <= _names(data)


def _names(data: bytes) -> set[str]:
    try:
        archive = _opened(data, "archive")
    except BadInput:
        return set()
    return set() if archive is None else set(archive.namelist())


def _opened(data: bytes, place: str) -> zipfile.ZipFile | None:
    """The archive, or None where the library cannot read its directory.

    The library reads a whole directory into memory first; every entry of it needs a mark, so counting
    the marks bounds the entries before they are read (packed content holds such a mark by chance only).
    """
    if data.count(_DIRECTORY_MARK) > _MARKS_AT_MOST:
        raise bad("intake.zip.too_many_entries", place, limit=LIMIT_ZIP_ENTRIES)
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except Exception:  # noqa: BLE001 - on damaged archives it raises BadZipFile, ValueError, struct.error, …
        return None


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: str, purse: Purse) -> bytes:
    """The content of one entry, read in pieces: the declared size is not believed."""
    pieces: list[bytes] = []
    size = 0
    for piece in _pieces(archive, info, place):
        size += len(piece)
        if size > max(info.compress_size * LIMIT_ZIP_RATIO, ZIP_RATIO_FROM):
            raise bad("intake.zip.bomb", place, limit=LIMIT_ZIP_RATIO)
        purse.pay_bytes(len(piece), place)
        pieces.append(piece)
    return b"".join(pieces)


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: str) -> Iterator[bytes]:
    try:
        with archive.open(info) as stream:
            while piece := stream.read(_CHUNK):
                yield piece
    except Exception:  # noqa: BLE001 - zlib.error, BadZipFile, EOFError, NotImplementedError, RuntimeError, …
        raise bad("intake.zip.damaged", place) from None
