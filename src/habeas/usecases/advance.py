"""Advance: one round of the sequencer, from what waits to a checkpoint that others vouch for.

The order is the point. 1. A halted log stays halted. 2. The first round of a process compares the log
with its witnesses and its mirror. 3. Entries are appended and the size reached is signed. 4. The mirror
gets the entries, so that whatever a witness has seen can be replayed from there. 5. The witnesses get
the checkpoint; with enough cosignatures it is kept again, and shown on the mirror.

Where a witness or the mirror has more than we have signed, or something else, the log is *halted*: a
mark that outlives the process, and that only `usecases.resume` lifts. It is never "caught up" silently.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

import attrs

from habeas.kernel.clock import write_instant
from habeas.kernel.errors import BrokenInvariant, broken
from habeas.ledger.trust import Trust
from habeas.usecases.export_log import Exported, check_shelf, export_log
from habeas.usecases.sequence import BATCH, sequence
from habeas.usecases.submit import Circle, Witnessed, compare, submit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.kernel.clock import Clock
    from habeas.kernel.errors import Problem
    from habeas.usecases.export_log import Shelf
    from habeas.usecases.ports import Log, Outbox
    from habeas.usecases.sequence import NoteSigner

HALTING: Final = frozenset(
    {
        "ledger.witness.ahead",
        "ledger.witness.forked",
        "ledger.mirror.ahead",
        "ledger.mirror.forked",
    }
)
"""The codes that halt a log: each means that it is not the log it was."""


@attrs.frozen
class Halted:
    """Why a log was halted, and when (RFC 3339)."""

    code: str
    line: str
    at: str


class Halt(Protocol):
    """The mark on a halted log; durable, and no part of any backup."""

    def reason(self) -> Halted | None:
        """Why the log is halted; None where it is not."""
        ...

    def set(self, halted: Halted) -> None:
        """Halt; the first reason stays."""
        ...

    def lift(self) -> None:
        """Go on."""
        ...


@attrs.frozen
class Advanced:
    """What a round left: entries in the log, how many are new, who vouches, what the mirror has."""

    size: int
    appended: int
    witnessed: Witnessed | None = None
    exported: Exported | None = None


@attrs.frozen
class Ledger:
    """A log with everything its sequencer needs; `circle` and `shelf` are None where there are none."""

    outbox: Outbox
    log: Log
    signer: NoteSigner
    halt: Halt
    clock: Clock
    trust: Trust
    circle: Circle | None = None
    shelf: Shelf | None = None


def advance(ledger: Ledger, limit: int = BATCH) -> Advanced:
    """One round. `BrokenInvariant` `ledger.sequencer.halted` on a halted log, and where this round halts it.

    `BadInput` `ledger.witness.unheard` where too few witnesses answer the first round's comparison:
    entries then go on waiting in the outbox, and nothing is lost.
    """
    require_running(ledger.halt)
    with halting(ledger.halt, ledger.clock):
        start(ledger)
        done = sequence(ledger.outbox, ledger.log, ledger.signer, limit)
        exported = _export(ledger)
        if ledger.circle is None:
            return Advanced(done.size, done.appended, None, exported)
        witnessed = submit(ledger.circle, ledger.log)
        return Advanced(done.size, done.appended, witnessed, _export(ledger))


def start(ledger: Ledger) -> None:
    """Compare the log with its mirror and, once a process, with its witnesses."""
    if ledger.shelf is not None:
        check_shelf(ledger.log, ledger.shelf, Trust(ledger.trust.logs))
    if ledger.circle is not None and not ledger.circle.compared:
        compare(ledger.circle, ledger.log, ledger.signer)


def _export(ledger: Ledger) -> Exported | None:
    if ledger.shelf is None or ledger.log.checkpoint() is None:
        return None
    return export_log(ledger.log, ledger.shelf, ledger.trust)


def require_running(halt: Halt) -> None:
    """`ledger.sequencer.halted` on a halted log."""
    halted = halt.reason()
    if halted is not None:
        raise broken("ledger.sequencer.halted", "ledger", reason=halted.code, at=halted.at)


@contextmanager
def halting(halt: Halt, clock: Clock) -> Iterator[None]:
    """Halt the log where what happens inside shows that it is not the log it was."""
    try:
        yield
    except BrokenInvariant as error:
        if error.problem.code in HALTING:
            mark(halt, clock, error.problem)
        raise


def mark(halt: Halt, clock: Clock, why: Problem) -> None:
    """Put the mark on the log."""
    halt.set(Halted(why.code, why.line(), write_instant(clock.now())))
