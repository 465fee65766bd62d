"""Resume: a log that lost its end gets it back from a mirror, to the signed root, and may go on.

For a log restored from a backup older than what witnesses have seen. Nothing is trusted but the log's
own signature: the mirror's newest checkpoint must bear it, and our entries followed by the mirror's
must give its root *before* one of them is written. A crash in between leaves a shorter log, still
halted, that resumes from where it is.

An entry whose outbox row survived (it waits again, a backup sees to that) is matched to it by its bytes.
The others are appended under negative outbox numbers, which no case will ever have: their case rows are
lost with the backup's age, and only their commitments remain. Where the roots differ, this log and the
mirror have parted, and the way left is a new origin (docs/runbooks/ledger.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import attrs

from habeas.kernel.errors import BadInput, bad, broken, problem
from habeas.ledger.merkle import EMPTY_ROOT, Frontier, leaf_hashes, subtrees
from habeas.ledger.tiles import ENTRIES, WIDTH, Reader, Tile, TileHashes, decode_bundle
from habeas.ledger.trust import Trust
from habeas.ledger.verify import open_checkpoint
from habeas.usecases.advance import halting, mark, start
from habeas.usecases.export_log import head_of
from habeas.usecases.sequence import root_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from habeas.ledger.note import Checkpoint
    from habeas.usecases.advance import Ledger
    from habeas.usecases.ports import Log, Outbox

EVERY: Final = 2**31
"""More rows than wait in any outbox."""


class MirrorReader(Reader, Protocol):
    """A mirror (`adapters.mirror`)."""

    def waiting(self) -> str | bytes | None:
        """A checkpoint newer than the one shown to strangers, if there is one."""
        ...


@attrs.frozen
class Resumed:
    """What was done: the size signed now, entries replayed, and how many of those have no case row."""

    size: int
    replayed: int
    without_case: int


def resume(ledger: Ledger, mirror: MirrorReader) -> Resumed:
    """Replay what the mirror has and we lack, compare with the witnesses, lift the mark.

    `BadInput`: the mirror has no checkpoint of ours, is behind us, or is damaged; then nothing changed.
    `BrokenInvariant` `ledger.resume.diverged`: this log holds what was never signed. A witness that is
    still ahead halts again.
    """
    note, head = _newest(mirror, Trust(ledger.trust.logs))
    log = ledger.log
    before, signed = log.size(), log.checkpoint()
    last = 0 if signed is None else head_of(signed).size
    _require_own(log, head, before, last)
    if ledger.halt.reason() is None:
        mark(ledger.halt, ledger.clock, problem("ledger.resume.unfinished", "ledger"))
    without = _replay(ledger.outbox, log, mirror, head) if head.size > before else 0
    if head.size > last:
        log.add_checkpoint(head.size, note)
    if ledger.circle is not None:
        ledger.circle.compared = False
    with halting(ledger.halt, ledger.clock):
        start(ledger)
    ledger.halt.lift()
    return Resumed(max(head.size, last), max(0, head.size - before), without)


def _newest(mirror: MirrorReader, trust: Trust) -> tuple[str, Checkpoint]:
    """The longest tree on the mirror that this log signed; what another key signed is passed over."""
    found = []
    for note in (mirror.checkpoint(), mirror.waiting()):
        try:
            if note is not None:
                text = note.decode() if isinstance(note, bytes) else note
                found.append((text, open_checkpoint(note, trust)))
        except (BadInput, UnicodeDecodeError):
            continue
    if not found:
        raise bad("ledger.mirror.other_log", "mirror")
    return max(found, key=lambda one: one[1].size)


def _require_own(log: Log, head: Checkpoint, size: int, signed: int) -> None:
    """The mirror's tree does not end before what we signed, and agrees with what we have of it."""
    if head.size < signed:
        raise bad("ledger.mirror.behind", "mirror", size=head.size, signed=signed)
    if head.size <= size:
        root = root_at(TileHashes(log.read, size), head.size) if head.size else EMPTY_ROOT
        if root != head.root:
            raise broken("ledger.resume.diverged", "ledger", size=head.size)


def _replay(outbox: Outbox, log: Log, mirror: MirrorReader, head: Checkpoint) -> int:
    """Append the mirror's entries from our size on; how many of them have no outbox row."""
    start_at = log.size()
    leaves = _require_root(log, mirror, start_at, head)
    rows = {row.data: row.outbox_id for row in outbox.waiting(EVERY)}
    at, without = start_at, 0
    for entries in _entries(mirror, start_at, head.size):
        if leaf_hashes(entries) != leaves[at - start_at : at - start_at + len(entries)]:
            raise bad("ledger.mirror.changed", "mirror")
        numbered = [(rows.get(data, -(at + i) - 1), data) for i, data in enumerate(entries)]
        places = log.append(numbered)
        if [index for _, index in places] != list(range(at, at + len(entries))):
            raise broken("ledger.resume.diverged", "ledger", size=at)
        outbox.sequenced([place for place in places if place[0] > 0])
        without += sum(number < 0 for number, _ in numbered)
        at += len(entries)
    return without


def _require_root(log: Log, mirror: MirrorReader, size: int, head: Checkpoint) -> list[bytes]:
    """The leaf hashes of the mirror's entries, after which our tree has the signed root.

    Where it has not: entries that agree with the mirror's own tiles say that we are the ones who differ.
    """
    hashes = TileHashes(log.read, size)
    tree = Frontier(size, tuple(hashes(level, index) for level, index in subtrees(0, size)))
    leaves: list[bytes] = []
    for entries in _entries(mirror, size, head.size):
        leaves += leaf_hashes(entries)
    if tree.extend(leaves).root() == head.root:
        return leaves
    if _is_whole(mirror, size, leaves, head):
        raise broken("ledger.resume.diverged", "ledger", size=size)
    raise bad("ledger.mirror.damaged", "mirror")


def _is_whole(mirror: MirrorReader, size: int, leaves: Sequence[bytes], head: Checkpoint) -> bool:
    """Whether the mirror's tree, its first leaves by its tiles, gives the signed root with these leaves."""
    hashes = TileHashes(mirror.read, head.size)
    try:
        first = tuple(hashes(level, index) for level, index in subtrees(0, size))
    except BadInput:
        return False
    return Frontier(size, first).extend(leaves).root() == head.root


def _entries(mirror: MirrorReader, start_at: int, end: int) -> Iterator[list[bytes]]:
    """The mirror's entries `[start_at, end)`, bundle by bundle."""
    for n in range(start_at // WIDTH, -(-end // WIDTH)):
        first = n * WIDTH
        bundle = Tile(ENTRIES, n, min(WIDTH, end - first))
        data = mirror.read(bundle)
        if data is None:
            raise bad("ledger.bundle.missing", bundle.path)
        yield decode_bundle(data, bundle)[max(0, start_at - first) :]
