"""Where a damaged log is damaged: from the signed root downwards.

`ledger.rebuild` hashes upwards and compares; where entries and tile were altered together, it sees only
that the tile above disagrees. This walk starts from the other end. A hash is *vouched for* when the root
leads to it: the tiles at the right edge give the root, and a vouched tile names the hash of each tile
below it. The first file that does not have its vouched hash is the damaged one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from habeas.kernel.errors import BadInput, Problem, problem
from habeas.ledger.merkle import EMPTY_ROOT, Frontier, fold, leaf_hashes, subtrees
from habeas.ledger.tiles import ENTRIES, HEIGHT, WIDTH, Reader, Tile, TileHashes, decode_bundle, split_tile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.ledger.note import Checkpoint


def locate(reader: Reader, head: Checkpoint) -> tuple[Problem, ...]:
    """The files that do not have the hash the root gives them, each by path.

    Nothing where the right edge does not give the root: then nothing is vouched for. Files that are
    missing or of the wrong length are left to whoever reads them all.
    """
    search = _Search(reader, head.size)
    return tuple(search.below()) if search.edge_gives(head.root) else ()


@attrs.frozen
class _Search:
    """A walk down the tiles of a tree of `size` leaves."""

    reader: Reader
    size: int

    def edge_gives(self, root: bytes) -> bool:
        """Whether the tiles at the right edge, which nothing but the root vouches for, give it."""
        hashes = TileHashes(self.reader.read, self.size)
        try:
            nodes = tuple(hashes(level, index) for level, index in subtrees(0, self.size))
        except BadInput:
            return False
        return (Frontier(self.size, nodes).root() if nodes else EMPTY_ROOT) == root

    def below(self) -> Iterator[Problem]:
        """Down from every tile at the edge."""
        level = 0
        while self.size >> (HEIGHT * level):
            hashes = self.size >> (HEIGHT * level)
            if hashes % WIDTH:
                yield from self._under(Tile(level, hashes // WIDTH, hashes % WIDTH))
            level += 1

    def _under(self, tile: Tile) -> Iterator[Problem]:
        """Below a tile that is vouched for: the tiles it names, or its entries."""
        told = self._hashes(tile)
        if told is None:
            return
        if tile.level == 0:
            yield from self._entries(tile, told)
            return
        for at, node in enumerate(told):
            child = Tile(tile.level - 1, tile.n * WIDTH + at)
            found = self._hashes(child)
            if found is not None and fold(found) != node:
                yield problem("ledger.tile.differs", child.path)
                if child.level == 0:
                    yield from self._bundle(child, node)
            else:
                yield from self._under(child)

    def _hashes(self, tile: Tile) -> list[bytes] | None:
        data = self.reader.read(tile)
        try:
            return None if data is None else split_tile(data, tile)
        except BadInput:
            return None

    def _leaves(self, tile: Tile) -> list[bytes] | None:
        """The leaf hashes of the bundle beside a tile of level 0."""
        bundle = Tile(ENTRIES, tile.n, tile.width)
        data = self.reader.read(bundle)
        try:
            return None if data is None else leaf_hashes(decode_bundle(data, bundle))
        except BadInput:
            return None

    def _entries(self, tile: Tile, told: list[bytes]) -> Iterator[Problem]:
        """The entries beside a tile that is vouched for."""
        leaves = self._leaves(tile)
        if leaves is not None:
            for at, (leaf, node) in enumerate(zip(leaves, told, strict=True)):
                if leaf != node:
                    yield problem("ledger.entry.differs", f"entry {tile.n * WIDTH + at}")

    def _bundle(self, tile: Tile, node: bytes) -> Iterator[Problem]:
        """The entries beside a damaged tile: their hashes, folded, tell whether they are damaged too."""
        leaves = self._leaves(tile)
        if leaves is not None and fold(leaves) != node:
            yield problem("ledger.bundle.differs", Tile(ENTRIES, tile.n).path)
