"""What else lies in a mirror's folder: files that checking the newest checkpoint never reads.

Hides nothing. Promises that every file is accounted for: it belongs to the log and is what the log's
entries give, or it is named. A partial file of an earlier size must be the front of what stands there
now: whoever kept that earlier checkpoint would be shown it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

import attrs

from habeas.kernel.errors import BadInput, Problem, problem
from habeas.ledger.merkle import HASH_SIZE
from habeas.ledger.tiles import (
    ENTRIES,
    HEIGHT,
    WIDTH,
    Tile,
    decode_bundle,
    encode_bundle,
    parse_path,
    tile_at,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

KNOWN: Final = frozenset({"checkpoint", "checkpoint.waiting", ".lock"})
"""Files of the log's own that are no tiles."""

UNFINISHED: Final = ".partial-"
"""How a file begins that an export did not finish."""

_LONGEST: Final = 20_000_000


class Folder(Protocol):
    """A mirror that can be listed (`adapters.log_files.LogFolder`)."""

    def paths(self) -> Iterable[str]:
        """Every file, as a path below the folder."""
        ...

    def stored(self, path: str, limit: int) -> bytes | None:
        """The bytes of a file just as it stands there."""
        ...

    def read(self, tile: Tile) -> bytes | None:
        """The bytes of a tile or bundle."""
        ...


class Remark(StrEnum):
    """What is no damage, and worth knowing."""

    AHEAD = "ahead"
    """Files beyond the newest checkpoint: an export was interrupted, or is at work."""

    UNFINISHED = "unfinished"
    """Files that an export was writing when it was killed; it writes them anew."""

    STRAY = "stray"
    """Files that are no part of a log."""


@attrs.frozen
class Leftovers:
    """Findings, and how many files each remark is about."""

    findings: tuple[Problem, ...]
    remarks: dict[Remark, int]


def look_around(folder: Folder, size: int) -> Leftovers:
    """Every file of a folder whose log has `size` entries, beyond those that checking it reads."""
    findings: list[Problem] = []
    remarks: dict[Remark, int] = {}
    for path in folder.paths():
        if path in KNOWN:
            continue
        seen = _look(folder, path, size)
        if isinstance(seen, Remark):
            remarks[seen] = remarks.get(seen, 0) + 1
        elif seen is not None:
            findings.append(seen)
    return Leftovers(tuple(findings), remarks)


def _look(folder: Folder, path: str, size: int) -> Remark | Problem | None:
    try:
        tile = parse_path(path)
    except BadInput:
        return Remark.UNFINISHED if path.rpartition("/")[2].startswith(UNFINISHED) else Remark.STRAY
    hashes = size >> (HEIGHT * max(tile.level, 0))
    if tile.n * WIDTH + tile.width > hashes:
        return Remark.AHEAD
    now = tile_at(tile.level, tile.n, size)
    if now == tile:
        return None
    whole = folder.read(now)
    front = None if whole is None else _front(whole, now, tile)
    if front is None or folder.stored(path, _LONGEST) == front:
        return None  # where the whole is missing or damaged, that is a finding already
    return problem("ledger.bundle.differs" if tile.level == ENTRIES else "ledger.tile.differs", path)


def _front(whole: bytes, now: Tile, tile: Tile) -> bytes | None:
    """What the narrower file must be."""
    if tile.level != ENTRIES:
        return whole[: tile.width * HASH_SIZE]
    try:
        return encode_bundle(decode_bundle(whole, now)[: tile.width])
    except BadInput:
        return None
