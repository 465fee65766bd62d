"""Sequence: queued entries → the log, in order, each exactly once, under a signed checkpoint.

The steps, and what a crash between two of them leaves: 1. entries are appended (the log knows each
outbox id, so appending them again gives the same index); 2. the outbox notes the indexes (what is
not noted is appended again, without effect); 3. a checkpoint is signed for the size reached (what is
not signed is signed by the next run). Before signing, the tree is compared with the last checkpoint: a
log that no longer contains what was signed is not signed again.

One sequencer at a time: the caller holds the lock (`adapters.file_lock`). A log that was restored must
be compared with its witnesses before it is sequenced (docs/design/ledger.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import attrs

from habeas.kernel.errors import broken
from habeas.ledger.merkle import Frontier, subtrees
from habeas.ledger.note import Checkpoint, parse_checkpoint, split_note
from habeas.ledger.tiles import Tile, TileHashes
from habeas.usecases.ports import Log

if TYPE_CHECKING:
    from habeas.usecases.ports import Outbox

BATCH: Final = 1000
"""Entries appended in one transaction, unless told otherwise."""


class TiledLog(Log, Protocol):
    """A log that also gives tiles, so that its root costs O(log n) reads (`ledger.tiles.Reader`)."""

    def read(self, tile: Tile) -> bytes | None:
        """The bytes of a tile or bundle of just this width; None where the log does not reach."""
        ...


class NoteSigner(Protocol):
    """What is asked of a `Signer`: its origin, which never changes, and signatures."""

    @property
    def origin(self) -> str:
        """The log's origin."""
        ...

    def sign(self, text: str) -> str:
        """The signed note of a checkpoint text."""
        ...


@attrs.frozen
class Sequenced:
    """What a run left: entries in the log, and how many of them are new."""

    size: int
    appended: int


def sequence(outbox: Outbox, log: TiledLog, signer: NoteSigner, limit: int = BATCH) -> Sequenced:
    """Drain the outbox in batches of `limit` and sign the size reached.

    `BrokenInvariant` `ledger.checkpoint.contradicted` where the log no longer agrees with what was signed.
    """
    before = log.size()
    while waiting := outbox.waiting(limit):
        places = log.append([(row.outbox_id, row.data) for row in waiting])
        outbox.sequenced(places)
    size = log.size()
    sign_reached(log, signer)
    return Sequenced(size, size - before)


def sign_reached(log: TiledLog, signer: NoteSigner) -> None:
    """Sign the log's present size, unless it is empty or that size is signed already."""
    size, last = log.size(), log.checkpoint()
    if size == 0:
        return
    hashes = TileHashes(log.read, size)
    if last is not None:
        signed = parse_checkpoint(split_note(last)[0])
        if signed.size > size or root_at(hashes, signed.size) != signed.root:
            raise broken("ledger.checkpoint.contradicted", "checkpoint", size=signed.size)
        if signed.size == size:
            return
    text = Checkpoint(signer.origin, size, root_at(hashes, size)).text
    log.add_checkpoint(size, signer.sign(text))


def root_at(hashes: TileHashes, size: int) -> bytes:
    """The root that the tree had at an earlier size."""
    return Frontier(size, tuple(hashes(level, index) for level, index in subtrees(0, size))).root()
