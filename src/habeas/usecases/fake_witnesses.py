"""Witnesses, mirrors and the halting mark in memory: same promises, no network and no disk.

The witnesses are real (`usecases.witness`); only the way to them is short. Nothing here is secret.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import attrs

from habeas.kernel.clock import SetClock
from habeas.ledger.keys import SignatureType, SignerKey
from habeas.ledger.tiles import StaticLog
from habeas.usecases.export_log import CHECKPOINT, WAITING
from habeas.usecases.submit import Reply
from habeas.usecases.witness import Evidence, Witness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from habeas.ledger.keys import VerifierKey
    from habeas.ledger.submission import Submission
    from habeas.ledger.tiles import Tile
    from habeas.usecases.advance import Halted

AT: Final = datetime(2020, 10, 15, 16, 3, tzinfo=UTC)
"""When the fakes are used."""


@attrs.define
class MemoryRegister:
    """`Register` in memory."""

    notes: dict[str, str] = attrs.field(factory=dict)
    evidence: list[Evidence] = attrs.field(factory=list)

    def latest(self, origin: str) -> str | None:
        """A log's newest checkpoint."""
        return self.notes.get(origin)

    def keep(self, origin: str, note: str) -> None:
        """Replace it."""
        self.notes[origin] = note

    def keep_evidence(self, evidence: Evidence) -> None:
        """Keep a pair once."""
        if evidence not in self.evidence:
            self.evidence.append(evidence)


def fake_witness(name: str, *logs: VerifierKey) -> Witness:
    """A witness with a key that everybody knows."""
    key = SignerKey(name, SignatureType.COSIGNATURE, hashlib.sha256(name.encode()).digest())
    return Witness(key, logs, MemoryRegister(), SetClock(AT))


@attrs.define
class NearCosigners:
    """`Cosigners` that call witnesses directly; those named in `down` do not answer."""

    witnesses: tuple[Witness, ...]
    down: set[str] = attrs.field(factory=set)
    asked: int = 0

    def submit(self, wanted: Mapping[VerifierKey, Submission]) -> Mapping[VerifierKey, Reply]:
        """The reply of each witness asked."""
        self.asked += len(wanted)
        by_key = {w.key.verifier: w for w in self.witnesses if w.key.name not in self.down}
        return {key: self._ask(by_key[key], s) for key, s in wanted.items() if key in by_key}

    def _ask(self, witness: Witness, submission: Submission) -> Reply:
        judged = witness.consider(submission.text.encode())
        return Reply(judged.ruling, judged.size, judged.lines)


@attrs.define
class MemoryHalt:
    """`Halt` in memory."""

    halted: Halted | None = None

    def reason(self) -> Halted | None:
        """Why the log is halted."""
        return self.halted

    def set(self, halted: Halted) -> None:
        """Halt; the first reason stays."""
        self.halted = self.halted or halted

    def lift(self) -> None:
        """Go on."""
        self.halted = None


@attrs.define
class MemoryShelf:
    """`Shelf` and mirror in memory. `durable` is what a power failure leaves."""

    files: dict[str, bytes] = attrs.field(factory=dict)
    durable: dict[str, bytes] = attrs.field(factory=dict)

    def checkpoint(self) -> bytes | None:
        """The checkpoint shown."""
        return self.files.get(CHECKPOINT)

    def waiting(self) -> bytes | None:
        """The checkpoint that waits."""
        return self.files.get(WAITING)

    def read(self, tile: Tile) -> bytes | None:
        """A tile or bundle."""
        return StaticLog(self.files).read(tile)

    def put(self, path: str, data: bytes) -> bool:
        """Write a file."""
        new = self.files.get(path) != data
        self.files[path] = data
        return new

    def flush(self) -> None:
        """Make all of it durable."""
        self.durable = dict(self.files)

    def drop_partials(self, tile: Tile) -> None:
        """Remove the partial tiles of a full one."""
        for path in [p for p in self.files if p.startswith(f"{tile.path}.p/")]:
            del self.files[path]

    def drop_waiting(self) -> None:
        """Remove the checkpoint that waited."""
        self.files.pop(WAITING, None)

    def drop_unfinished(self) -> None:
        """Nothing is ever unfinished here."""
