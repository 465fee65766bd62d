"""The log's tables: entries, full tiles, checkpoints. Written only by the sequencer, only added to.

Promises gapless indexes, one entry for each outbox id, full tiles as soon as they are full, and
O(log n) reads for any node. A partial tile is made when it is read. `SqlLog` is also a
`ledger.tiles.Reader`, so that `ledger.verify.verify_log` reads the tables as it reads a mirror.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
from django.db import transaction
from django.db.models import Max

from habeas.kernel.errors import bad, broken
from habeas.ledger.merkle import HASH_SIZE, fold, leaf_hash
from habeas.ledger.tiles import ENTRIES, WIDTH, Tile, encode_bundle, new_tiles, split_tile
from habeas.store.asking import take_turn
from habeas.store.faults import told
from habeas.store.models import LogCheckpoint, LogEntry, LogTile
from habeas.store.places import LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import QuerySet

_CHUNK: Final = 500  # outbox ids asked for at once: SQLite bounds a statement's variables


@attrs.frozen
class SqlLog:
    """`Log` in the ledger database."""

    def size(self) -> int:
        """Entries in the log."""
        with told():
            return _size()

    def append(self, rows: Sequence[tuple[int, bytes]]) -> list[tuple[int, int]]:
        """Append (outbox id, entry bytes), idempotent by outbox id; the (outbox id, index) pairs.

        `BrokenInvariant` `ledger.outbox.reused` where an outbox id comes back with other bytes: then the
        case database is older than the log (a restored backup), and nothing is appended.
        """
        with told(), transaction.atomic(using=LEDGER):
            take_turn(LEDGER)
            places = _known(rows)
            start = _size()
            new: list[LogEntry] = []
            for outbox_id, data in rows:
                if outbox_id not in places:
                    places[outbox_id] = start + len(new)
                    new.append(
                        LogEntry(idx=places[outbox_id], leaf=leaf_hash(data), data=data, outbox_id=outbox_id)
                    )
            LogEntry.objects.bulk_create(new, batch_size=_CHUNK)
            _add_tiles(start, start + len(new))
        return [(outbox_id, places[outbox_id]) for outbox_id, _ in rows]

    def entry(self, index: int) -> bytes:
        """The entry at an index, or `BadInput` `ledger.entry.unknown`."""
        with told():
            found = LogEntry.objects.filter(idx=index).values_list("data", flat=True).first()
        if found is None:
            raise bad("ledger.entry.unknown", "entry")
        return bytes(found)

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """The entries of [start, end), in order."""
        with told():
            for data in _range(start, end).values_list("data", flat=True).iterator():
                yield bytes(data)

    def leaf_hashes(self, start: int, end: int) -> Sequence[bytes]:
        """The stored leaf hashes of [start, end)."""
        with told():
            return [bytes(leaf) for leaf in _range(start, end).values_list("leaf", flat=True)]

    def outbox_ids(self, start: int, end: int) -> list[int]:
        """The outbox ids that [start, end) came from."""
        with told():
            return list(_range(start, end).values_list("outbox_id", flat=True))

    def checkpoint(self) -> str | None:
        """The newest signed checkpoint note, or None."""
        with told():
            return LogCheckpoint.objects.order_by("-number").values_list("note", flat=True).first()

    def checkpoints(self) -> Iterator[str]:
        """Every signed checkpoint note, the newest first."""
        with told():
            yield from LogCheckpoint.objects.order_by("-number").values_list("note", flat=True).iterator()

    def add_checkpoint(self, size: int, note: str) -> None:
        """Keep a signed checkpoint; a smaller size than the last is `ledger.checkpoint.contradicted`."""
        with told(), transaction.atomic(using=LEDGER):
            take_turn(LEDGER)
            last = LogCheckpoint.objects.order_by("-number").first()
            if last is not None and size < last.size:
                raise broken("ledger.checkpoint.contradicted", "checkpoint", size=last.size)
            number = 0 if last is None else last.number + 1
            LogCheckpoint(number=number, size=size, note=note).save(force_insert=True)

    def read(self, tile: Tile) -> bytes | None:
        """A tile's or bundle's bytes, as wide as asked; None where the log does not reach that far."""
        with told():
            return _bundle(tile) if tile.level == ENTRIES else _hashes(tile)


def _size() -> int:
    last: int | None = LogEntry.objects.aggregate(last=Max("idx"))["last"]
    return 0 if last is None else last + 1


def _range(start: int, end: int) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(idx__gte=start, idx__lt=end).order_by("idx")


def _known(rows: Sequence[tuple[int, bytes]]) -> dict[int, int]:
    """Outbox id → index of those rows that are in the log already, with the same bytes."""
    wanted, found = dict(rows), dict[int, int]()
    ids = list(wanted)
    if any(wanted[outbox_id] != data for outbox_id, data in rows):
        raise broken("ledger.outbox.reused", "log")
    for at in range(0, len(ids), _CHUNK):
        for entry in LogEntry.objects.filter(outbox_id__in=ids[at : at + _CHUNK]):
            if bytes(entry.data) != wanted[entry.outbox_id]:
                raise broken("ledger.outbox.reused", "log")
            found[entry.outbox_id] = entry.idx
    return found


def _add_tiles(old: int, new: int) -> None:
    """Write the tiles that became full, lower levels first: the higher are made from their roots."""
    for tile in new_tiles(old, new):
        if tile.width == WIDTH:
            data = _hashes(tile) or b""
            LogTile(level=tile.level, n=tile.n, data=data, root=fold(split_tile(data, tile))).save(
                force_insert=True
            )


def _bundle(tile: Tile) -> bytes | None:
    first = tile.n * WIDTH
    data = [bytes(d) for d in _range(first, first + tile.width).values_list("data", flat=True)]
    return encode_bundle(data) if len(data) == tile.width else None


def _hashes(tile: Tile) -> bytes | None:
    """From the full tile where there is one, else from the leaves, else from the roots one level below."""
    stored = LogTile.objects.filter(level=tile.level, n=tile.n).values_list("data", flat=True).first()
    if stored is not None:
        return bytes(stored)[: tile.width * HASH_SIZE]
    first = tile.n * WIDTH
    hashes = _below(tile.level, first, first + tile.width)
    return b"".join(hashes) if len(hashes) == tile.width else None


def _below(level: int, start: int, end: int) -> list[bytes]:
    """The hashes that a tile of this level holds, [start, end) of those the log has."""
    if level == 0:
        return [bytes(leaf) for leaf in _range(start, end).values_list("leaf", flat=True)]
    full = LogTile.objects.filter(level=level - 1, n__gte=start, n__lt=end).order_by("n")
    return [bytes(root) for root in full.values_list("root", flat=True)]
