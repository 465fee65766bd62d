"""Export: the log → static tiles, entry bundles and a checkpoint, for anybody to serve and copy.

Files only grow: what an exported checkpoint needs is on the shelf and durable *before* that checkpoint
is, so whatever is killed when, the shelf holds a whole log. Running it again writes what is missing.

The checkpoint shown to strangers is the newest that enough witnesses have cosigned. A newer one that
waits for witnesses lies beside it with its tiles, so that the log can recover from the mirror even
where only one witness has seen it (`usecases.resume`). A shelf that holds another log, another history
or a longer one is left alone: the last two mean that *this* log is not what it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import attrs

from habeas.kernel.errors import BadInput, bad, broken
from habeas.ledger.keys import SignatureType
from habeas.ledger.merkle import EMPTY_ROOT
from habeas.ledger.note import Checkpoint, open_note, parse_checkpoint, split_note
from habeas.ledger.tiles import ENTRIES, WIDTH, Tile, TileHashes, new_tiles
from habeas.ledger.trust import Trust
from habeas.ledger.verify import open_checkpoint
from habeas.usecases.sequence import root_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from habeas.usecases.ports import Log

CHECKPOINT: Final = "checkpoint"
WAITING: Final = "checkpoint.waiting"


class Shelf(Protocol):
    """Where a log's files are put (`adapters.log_files.LogFolder`)."""

    def checkpoint(self) -> str | bytes | None:
        """The checkpoint that is there."""
        ...

    def put(self, path: str, data: bytes) -> bool:
        """Write a file wholly, unless it is there with just these bytes; whether anything was written."""
        ...

    def flush(self) -> None:
        """Make everything put before durable."""
        ...

    def drop_partials(self, tile: Tile) -> None:
        """Remove the partial tiles that a full one replaces."""
        ...

    def drop_waiting(self) -> None:
        """Remove the checkpoint that waited."""
        ...

    def drop_unfinished(self) -> None:
        """Remove what an export left that was killed."""
        ...


@attrs.frozen
class Exported:
    """What an export left: the size shown, the size of a newer checkpoint that waits, files written."""

    size: int
    waiting: int | None
    written: int


def head_of(note: str | bytes) -> Checkpoint:
    """The checkpoint in a note of our own."""
    return parse_checkpoint(split_note(note)[0])


def is_witnessed(note: str, trust: Trust) -> bool:
    """Whether the note carries the quorum of cosignatures; so does every note where none is asked for."""
    if trust.quorum == 0:
        return True
    try:
        opened = open_note(note, trust.keys)
    except BadInput:
        return False
    return len({key.public for key in opened.verified(SignatureType.COSIGNATURE)}) >= trust.quorum


def newest_witnessed(notes: Iterable[str], trust: Trust) -> str | None:
    """The first of the notes that has its quorum; signatures are checked only where there are enough."""
    return next(
        (n for n in notes if len(split_note(n)[1]) > trust.quorum and is_witnessed(n, trust)),
        None,
    )


def export_log(log: Log, shelf: Shelf, trust: Trust, *, everything: bool = False) -> Exported:
    """Bring the shelf up to the newest checkpoint. `everything` compares every file, not the new ones only.

    `BadInput` `ledger.checkpoint.none` where nothing is signed, `ledger.mirror.other_log` where the shelf
    is not ours; `BrokenInvariant` `ledger.mirror.ahead` or `.forked` where it knows more or other than us.
    """
    newest = log.checkpoint()
    if newest is None:
        raise bad("ledger.checkpoint.none", "ledger")
    shown = newest_witnessed(log.checkpoints(), trust) or newest
    old = check_shelf(log, shelf, Trust(trust.logs))
    size, last = head_of(shown).size, head_of(newest).size
    if old > size:  # shown while it waited: the quorum was asked for later
        shown, size = newest, last
    if everything:
        shelf.drop_unfinished()
    start = 0 if everything else old
    written = sum(shelf.put(t.path, _bytes(log, t)) for t in _files(start, {size, last}))
    shelf.flush()
    written += shelf.put(CHECKPOINT, shown.encode())
    if last > size:
        written += shelf.put(WAITING, newest.encode())
    else:
        shelf.drop_waiting()
    shelf.flush()
    for tile in _files(start, {size}):
        if tile.width == WIDTH:
            shelf.drop_partials(tile)
    return Exported(size, last if last > size else None, written)


def check_shelf(log: Log, shelf: Shelf, trust: Trust) -> int:
    """The size of the shelf's checkpoint, which this log contains; 0 where the shelf is empty."""
    there = shelf.checkpoint()
    if there is None:
        return 0
    try:
        head = open_checkpoint(there, trust)
    except BadInput:
        raise bad("ledger.mirror.other_log", CHECKPOINT) from None
    require_contained(log, head)
    return head.size


def require_contained(log: Log, head: Checkpoint) -> None:
    """`ledger.mirror.ahead` or `ledger.mirror.forked` unless this log's signed tree contains that one."""
    own = log.checkpoint()
    signed = 0 if own is None else head_of(own).size
    if head.size > signed:
        raise broken("ledger.mirror.ahead", CHECKPOINT, size=head.size, signed=signed)
    root = root_at(TileHashes(log.read, signed), head.size) if head.size else EMPTY_ROOT
    if root != head.root:
        raise broken("ledger.mirror.forked", CHECKPOINT, size=head.size)


def _files(start: int, sizes: set[int]) -> Iterator[Tile]:
    """The bundles and tiles that trees of these sizes need beyond a tree of `start` leaves."""
    wanted = {tile for size in sizes for tile in new_tiles(start, size)}
    wanted |= {Tile(ENTRIES, tile.n, tile.width) for tile in wanted if tile.level == 0}
    yield from sorted(wanted)


def _bytes(log: Log, tile: Tile) -> bytes:
    data = log.read(tile)
    if data is None:
        raise broken("ledger.log.unreadable", tile.path)
    return data
