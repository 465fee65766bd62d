"""A log as static files: tiles, entry bundles and their paths (C2SP tlog-tiles).

Hides how a tree is cut into files. Promises that `parse_path(tile.path) == tile`, that only the one
spelling of a path is accepted, that a file of the wrong length is never read as something shorter, and
that any node is found by reading one tile.

A tile holds up to 256 node hashes of one level of tiles (a level of tiles is eight levels of nodes).
An entry bundle holds up to 256 entries, each after its length as a big-endian u16. Full files never
change; partial ones (`.p/<width>`) stand at the right edge of the tree and are derived, not stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Protocol

import attrs

from habeas.kernel.errors import bad
from habeas.ledger.merkle import HASH_SIZE, MAX_SIZE, HashAt, fold, leaf_hashes, row_above

HEIGHT: Final = 8
"""Levels of nodes in a tile."""

WIDTH: Final = 1 << HEIGHT
"""Hashes in a full tile, entries in a full bundle: 256."""

ENTRIES: Final = -1
"""The level of an entry bundle (as in Go's `sumdb/tlog`, whose path says `data`)."""

MAX_LEVEL: Final = 63
"""The highest level of tiles a path can name."""

MAX_ENTRY: Final = 65_535
"""Bytes an entry may have: what its u16 length can say."""

_PATH: Final = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<n>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@attrs.frozen(order=True)
class Tile:
    """Which file of the log: level of tiles (`ENTRIES` for a bundle), index in the level, width 1 to 256."""

    level: int
    n: int
    width: int = WIDTH

    def __attrs_post_init__(self) -> None:
        inside = ENTRIES <= self.level <= MAX_LEVEL and 0 <= self.n <= MAX_SIZE and 1 <= self.width <= WIDTH
        if not inside:
            raise bad("ledger.path.malformed", "tile")

    @property
    def path(self) -> str:
        """`tile/<L>/<N>[.p/<W>]`, with N in groups of three digits: 1234067 is `x001/x234/067`."""
        digits = str(self.n)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        index = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{index}{partial}"


def parse_path(path: str) -> Tile:
    """A path → `Tile`; any other spelling than `Tile.path` gives is `ledger.path.malformed`."""
    found = _PATH.fullmatch(path)
    if found is None or len(path) > 64:  # noqa: PLR2004 - no index up to MAX_SIZE is longer
        raise bad("ledger.path.malformed", "tile")
    level = ENTRIES if found["level"] == "entries" else int(found["level"])
    n = int(found["n"].replace("x", "").replace("/", ""))
    tile = Tile(level, n, int(found["width"] or WIDTH))
    if tile.path != path:
        raise bad("ledger.path.malformed", "tile")
    return tile


def growth(old: int, new: int, height: int = HEIGHT) -> Iterator[tuple[int, int, int]]:
    """`(level, n, width)` of each tile to write when a tree grows from `old` to `new` leaves.

    Level by level, the full ones first; `height` levels of nodes in a tile (8 here; 10 in Go's tests).
    """
    level = 0
    while new >> (height * level):
        before, now = old >> (height * level), new >> (height * level)
        if before != now:
            yield from ((level, n, 1 << height) for n in range(before >> height, now >> height))
            beside = now & ((1 << height) - 1)
            yield from [(level, now >> height, beside)] if beside else []
        level += 1


def new_tiles(old: int, new: int) -> list[Tile]:
    """The tiles to write when a tree grows. Entry bundles have the numbers and widths of level 0."""
    return [Tile(level, n, width) for level, n, width in growth(old, new)]


def tile_at(level: int, n: int, size: int) -> Tile:
    """The tile (or bundle) `n` of a level as a tree of `size` leaves has it: full, or as wide as it goes."""
    hashes = size >> (HEIGHT * max(level, 0))
    return Tile(level, n, min(WIDTH, hashes - n * WIDTH))


def tile_bytes(hash_at: HashAt, tile: Tile) -> bytes:
    """The bytes of a tile, from the nodes it holds."""
    first = tile.n * WIDTH
    return b"".join(hash_at(tile.level * HEIGHT, first + at) for at in range(tile.width))


def split_tile(data: bytes, tile: Tile) -> list[bytes]:
    """The hashes in a tile's bytes; `BadInput` unless there are exactly `tile.width` of them."""
    if len(data) != tile.width * HASH_SIZE:
        raise bad("ledger.tile.wrong_size", tile.path)
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Entries → the bytes of a bundle; `BadInput` unless there are 1 to 256 of at most 65,535 bytes each."""
    if not 1 <= len(entries) <= WIDTH or any(len(entry) > MAX_ENTRY for entry in entries):
        raise bad("ledger.bundle.malformed", "entries")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_bundle(data: bytes, tile: Tile) -> list[bytes]:
    """The entries in a bundle's bytes; `BadInput` unless exactly `tile.width` entries fill them."""
    step, width = 2 + int.from_bytes(data[:2], "big"), tile.width
    if len(data) == step * width and data[::step] + data[1::step] == data[:1] * width + data[1:2] * width:
        return [data[at + 2 : at + step] for at in range(0, len(data), step)]  # all of one size, as ours are
    return _decode_mixed(data, tile)


def _decode_mixed(data: bytes, tile: Tile) -> list[bytes]:
    """The entries of a bundle whose sizes differ."""
    entries: list[bytes] = []
    at, end = 0, len(data)
    while at + 1 < end:
        start = at + 2
        at = start + (data[at] << 8 | data[at + 1])
        entries.append(data[start:at])
    if at != end or len(entries) != tile.width:
        raise bad("ledger.bundle.malformed", tile.path)
    return entries


class Reader(Protocol):
    """A log to read from: a database, a folder, a mirror. Returns what is stored, trusted by nobody."""

    def checkpoint(self) -> str | bytes | None:
        """The newest signed checkpoint, or None where there is none."""
        ...

    def read(self, tile: Tile) -> bytes | None:
        """The bytes of a tile, or of a bundle (level `ENTRIES`), of just this width; None where missing."""
        ...


@attrs.frozen
class StaticLog:
    """A `Reader` over files by path, as a mirror holds them; also the fake that tests use."""

    files: Mapping[str, bytes]

    def checkpoint(self) -> bytes | None:
        """The file `checkpoint`."""
        return self.files.get("checkpoint")

    def read(self, tile: Tile) -> bytes | None:
        """The file at the tile's path; else the front of the full one, which a mirror may hold instead."""
        data = self.files.get(tile.path)
        if data is None and tile.width < WIDTH and tile.level != ENTRIES:
            full = self.files.get(Tile(tile.level, tile.n).path)
            data = None if full is None else full[: tile.width * HASH_SIZE]
        return data


@attrs.define
class TileHashes:
    """A `HashAt` over the tiles of a tree of `size` leaves; each tile is read and hashed once, and kept.

    `read` gives a tile's bytes or None. A missing tile or one of the wrong length is a `BadInput`; a
    tile with wrong hashes is not noticed here: proofs made from it do not verify.
    """

    read: Callable[[Tile], bytes | None]
    size: int
    _kept: dict[Tile, list[list[bytes]]] = attrs.field(factory=dict, init=False, repr=False)

    def __call__(self, level: int, index: int) -> bytes:
        """The hash of a node inside the tree."""
        if (index + 1) << level > self.size:
            raise bad("ledger.tree.outside", "tree")
        tile_level, inside = divmod(level, HEIGHT)
        n, at = divmod(index << inside, WIDTH)
        rows = self._rows(tile_at(tile_level, n, self.size))
        while len(rows) <= inside:
            rows.append(row_above(rows[-1]))
        return rows[inside][at >> inside]

    def _rows(self, tile: Tile) -> list[list[bytes]]:
        """The tile's hashes, and the rows of nodes above them as far as they were asked for."""
        if tile not in self._kept:
            data = self.read(tile)
            if data is None:
                raise bad("ledger.tile.missing", tile.path)
            self._kept[tile] = [split_tile(data, tile)]
        return self._kept[tile]


def log_files(entries: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Every bundle and tile of the log of these entries, as `(path, bytes)`; the checkpoint is apart."""
    for at in range(0, len(entries), WIDTH):
        part = entries[at : at + WIDTH]
        yield Tile(ENTRIES, at // WIDTH, len(part)).path, encode_bundle(part)
    level, row = 0, leaf_hashes(entries)
    while row:
        for at in range(0, len(row), WIDTH):
            part = row[at : at + WIDTH]
            yield Tile(level, at // WIDTH, len(part)).path, b"".join(part)
        row = [fold(row[at : at + WIDTH]) for at in range(0, len(row) - WIDTH + 1, WIDTH)]
        level += 1
