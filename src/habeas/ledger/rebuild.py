"""Rebuilding a log's tree from its entries, comparing every stored file, and saying which one is wrong.

Hides the walk over bundles and tiles. Promises to read each file once, in order, to keep one hash for
256 entries, to go on past damage where anything can still be learnt, and to blame an entry only where
the tiles, and not the entries, lead to the signed root.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from habeas.kernel.errors import BadInput, Problem, bad, problem
from habeas.ledger.merkle import HASH_SIZE, Frontier, fold, leaf_hashes
from habeas.ledger.tiles import ENTRIES, HEIGHT, WIDTH, Reader, Tile, decode_bundle, split_tile, tile_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from habeas.ledger.note import Checkpoint


def rebuild(reader: Reader, head: Checkpoint) -> tuple[Problem, ...]:
    """Everything in a log that does not agree with its checkpoint; nothing where the log is sound.

    A bundle that cannot be read is a finding; its tile's hashes then stand in for its entries, and the
    other way round. Where both are missing the walk ends: the root cannot be rebuilt.
    """
    walk = _Walk(reader)
    try:
        walk.leaves(head.size)
    except BadInput:  # both files are findings already
        return (*walk.findings, problem("ledger.root.differs", "checkpoint"))
    return (*walk.findings, *walk.compare(head.root))


@attrs.define
class _Tree:
    """A tree as the roots of its full tiles of level 0 and the leaf hashes after them."""

    row: list[bytes] = attrs.field(factory=list)
    rest: Sequence[bytes] = ()

    def add(self, leaves: Sequence[bytes]) -> None:
        if len(leaves) == WIDTH:
            self.row.append(fold(leaves))
        else:
            self.rest = leaves

    def root(self) -> bytes:
        tree = Frontier()
        for node in self.row:
            tree = tree.push(HEIGHT, node)
        return tree.extend(self.rest).root()


@attrs.define
class _Walk:
    """One pass over a log: the tree its entries give, the tree its tiles give, and where they differ."""

    reader: Reader
    findings: list[Problem] = attrs.field(factory=list)
    by_entries: _Tree = attrs.field(factory=_Tree)
    by_tiles: _Tree = attrs.field(factory=_Tree)
    differing: list[tuple[Tile, list[bytes], list[bytes]]] = attrs.field(factory=list)

    def leaves(self, size: int) -> None:
        """Level 0: every bundle beside its tile."""
        for n in range(-(-size // WIDTH)):
            tile = tile_at(0, n, size)
            entries, told = self._entries(tile), self._told(tile)
            if entries is not None and (told is None or b"".join(entries) == told):
                self._same(entries)
            elif told is not None:
                self._differ(tile, entries, split_tile(told, tile))
            else:
                raise bad("ledger.bundle.missing", tile.path)

    def _same(self, leaves: Sequence[bytes]) -> None:
        self.by_entries.add(leaves)
        if len(leaves) == WIDTH:
            self.by_tiles.row.append(self.by_entries.row[-1])
        else:
            self.by_tiles.rest = leaves

    def _differ(self, tile: Tile, entries: list[bytes] | None, told: list[bytes]) -> None:
        self.by_tiles.add(told)
        self.by_entries.add(told if entries is None else entries)
        if entries is not None:
            self.differing.append((tile, entries, told))

    def _entries(self, tile: Tile) -> list[bytes] | None:
        """The leaf hashes of a bundle, or None with a finding."""
        bundle = Tile(ENTRIES, tile.n, tile.width)
        data = self.reader.read(bundle)
        try:
            if data is None:
                raise bad("ledger.bundle.missing", bundle.path)
            return leaf_hashes(decode_bundle(data, bundle))
        except BadInput as error:
            self.findings += error.problems
            return None

    def _told(self, tile: Tile) -> bytes | None:
        """The bytes of a tile, or None with a finding."""
        data = self.reader.read(tile)
        if data is None:
            self.findings.append(problem("ledger.tile.missing", tile.path))
            return None
        if len(data) != tile.width * HASH_SIZE:
            self.findings.append(problem("ledger.tile.wrong_size", tile.path))
            return None
        return data

    def compare(self, root: bytes) -> Iterator[Problem]:
        """Which side leads to the signed root, what differs from it, and the tiles above level 0."""
        sound = self.by_entries
        if self.by_entries.root() == root or self.by_tiles.root() != root:
            yield from (problem("ledger.tile.differs", tile.path) for tile, _, _ in self.differing)
        else:
            sound = self.by_tiles
            for tile, entries, told in self.differing:
                yield from _changed(tile, entries, told)
        yield from self._above(sound.row)
        if sound.root() != root:
            yield problem("ledger.root.differs", "checkpoint")

    def _above(self, row: Sequence[bytes]) -> Iterator[Problem]:
        """The tiles above level 0, from the roots of the full tiles of level 0."""
        level = 1
        while row:
            for at in range(0, len(row), WIDTH):
                part = row[at : at + WIDTH]
                tile = Tile(level, at // WIDTH, len(part))
                data = self.reader.read(tile)
                if data is None:
                    yield problem("ledger.tile.missing", tile.path)
                elif data != b"".join(part):
                    yield problem("ledger.tile.differs", tile.path)
            row = [fold(row[at : at + WIDTH]) for at in range(0, len(row) - WIDTH + 1, WIDTH)]
            level += 1


def _changed(tile: Tile, entries: Sequence[bytes], told: Sequence[bytes]) -> Iterator[Problem]:
    """The entries whose hash is not the one that was signed."""
    for at, (entry, leaf) in enumerate(zip(entries, told, strict=True)):
        if entry != leaf:
            yield problem("ledger.entry.differs", f"entry {tile.n * WIDTH + at}")
