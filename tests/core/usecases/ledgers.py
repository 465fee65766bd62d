"""A ledger in memory with witnesses and a mirror, to be driven, backed up, restored and broken."""

from __future__ import annotations

import copy

import attrs

from habeas.kernel.clock import SetClock
from habeas.ledger.keys import parse_vkey
from habeas.ledger.note import Checkpoint
from habeas.ledger.trust import Trust
from habeas.usecases.advance import Advanced, Ledger, advance
from habeas.usecases.export_log import head_of
from habeas.usecases.fake_witnesses import AT, MemoryHalt, MemoryShelf, NearCosigners, fake_witness
from habeas.usecases.fakes import FakeSigner, MemoryLog, MemoryOutbox, World, _Kept
from habeas.usecases.submit import Circle
from habeas.usecases.witness import Witness

SIGNER = FakeSigner()
LOG_KEY = parse_vkey(SIGNER.vkey)


def witnesses(count: int = 3) -> tuple[Witness, ...]:
    return tuple(fake_witness(f"witness{n}.example", LOG_KEY) for n in range(1, count + 1))


@attrs.define
class Court:
    """A home (`world`, `log`), and what is outside it: witnesses and mirror."""

    cosigners: NearCosigners = attrs.field(factory=lambda: NearCosigners(witnesses()))
    quorum: int = 2
    world: World = attrs.field(factory=World)
    log: MemoryLog = attrs.field(factory=MemoryLog)
    halt: MemoryHalt = attrs.field(factory=MemoryHalt)
    mirror: MemoryShelf = attrs.field(factory=MemoryShelf)
    exports: bool = True
    queued: int = 0
    ledger: Ledger = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.start()

    @property
    def trust(self) -> Trust:
        keys = tuple(w.key.verifier for w in self.cosigners.witnesses)
        return Trust((LOG_KEY,), keys, self.quorum)

    def start(self) -> None:
        """A new process over the same home."""
        self.ledger = Ledger(
            outbox=MemoryOutbox(self.world),
            log=self.log,
            signer=SIGNER,
            halt=self.halt,
            clock=SetClock(AT),
            trust=self.trust,
            circle=Circle(self.trust, self.cosigners) if self.cosigners.witnesses else None,
            shelf=self.mirror if self.exports else None,
        )

    def queue(self, count: int) -> None:
        for _ in range(count):
            self.queued += 1
            n = len(self.world.events)
            text = f"entry {self.queued}"
            self.world.events.append(_Kept("case", n, text, {}, b"", text.encode()))

    def run(self, count: int = 0) -> Advanced:
        self.queue(count)
        return advance(self.ledger)

    def backup(self) -> tuple[World, MemoryLog]:
        return copy.deepcopy(self.world), copy.deepcopy(self.log)

    def restore(self, saved: tuple[World, MemoryLog]) -> None:
        """The home as it was; the mark of a halted log is in no backup."""
        self.world, self.log = copy.deepcopy(saved)
        self.halt = MemoryHalt()
        self.start()

    @property
    def head(self) -> Checkpoint:
        return head_of(self.log.checkpoint() or "")

    def sizes(self) -> list[int]:
        """What each witness has on record."""
        found = [w.register.latest(SIGNER.origin) for w in self.cosigners.witnesses]
        return [0 if note is None else head_of(note).size for note in found]
