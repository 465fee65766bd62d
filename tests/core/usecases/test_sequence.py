"""Sequencing: each queued entry gets into the log once, in order, whatever fails on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.errors import BrokenInvariant
from habeas.ledger.note import parse_checkpoint, split_note
from habeas.ledger.trust import read_trust
from habeas.ledger.verify import verify_log
from habeas.usecases.fakes import FakeSigner, MemoryLog, MemoryOutbox, World, _Kept
from habeas.usecases.sequence import Sequenced, sequence

if TYPE_CHECKING:
    from collections.abc import Callable


class StopError(Exception):
    """The process died here."""


@attrs.define
class Dying:
    """Passes every call on; dies before (`2n`) or after (`2n + 1`) the nth call that changes something."""

    inner: Any
    dies_at: list[int]

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        return self._guarded(found) if name in {"append", "sequenced", "sign", "add_checkpoint"} else found

    def _guarded(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            self._step()
            result = call(*arguments)
            self._step()
            return result

        return run

    def _step(self) -> None:
        self.dies_at[0] -= 1
        if self.dies_at[0] < 0:
            raise StopError


@attrs.define
class Desk:
    """A world with queued entries, a log and a signer."""

    world: World = attrs.field(factory=World)
    log: MemoryLog = attrs.field(factory=MemoryLog)
    signer: FakeSigner = attrs.field(factory=FakeSigner)

    def queue(self, count: int) -> None:
        for _ in range(count):
            n = len(self.world.events)
            self.world.events.append(_Kept("case", n, f"entry-{n}", {}, b"", f"entry {n}".encode()))

    def run(self, limit: int = 1000, dies_at: int | None = None) -> Sequenced:
        left = [10**9 if dies_at is None else dies_at]
        outbox, log, signer = (
            Dying(port, left) for port in (MemoryOutbox(self.world), self.log, self.signer)
        )
        return sequence(outbox, log, signer, limit)

    def check(self) -> None:
        """Every entry once, in order, its index noted, and all of it signed."""
        entries = [kept.data for kept in self.world.events]
        assert list(self.log.entries(0, self.log.size())) == entries
        assert [self.world.index[k.entry_id] for k in self.world.events] == list(range(len(entries)))
        if entries:
            verdict = verify_log(self.log, read_trust([self.signer.vkey]))
            assert verdict.sound
            assert verdict.checkpoint is not None
            assert verdict.checkpoint.size == len(entries)


def test_entries_are_sequenced_in_outbox_order_and_signed() -> None:
    desk = Desk()
    desk.queue(5)
    assert desk.run(limit=2) == Sequenced(size=5, appended=5)
    desk.check()


def test_an_empty_log_is_not_signed() -> None:
    desk = Desk()
    assert desk.run() == Sequenced(size=0, appended=0)
    assert desk.log.checkpoint() is None


def test_a_size_is_signed_once() -> None:
    desk = Desk()
    desk.queue(3)
    desk.run()
    assert desk.run() == Sequenced(size=3, appended=0)
    assert len(desk.log.notes) == 1
    desk.queue(1)
    assert desk.run() == Sequenced(size=4, appended=1)
    assert [size for size, _ in desk.log.notes] == [3, 4]


STEPS = 3 * 2 * 2 + 2 * 2  # three batches of append and sequenced, then sign and add_checkpoint


@pytest.mark.parametrize("dies_at", range(STEPS))
def test_after_a_crash_at_any_step_the_next_run_completes_exactly_once(dies_at: int) -> None:
    desk = Desk()
    desk.queue(5)
    with pytest.raises(StopError):
        desk.run(limit=2, dies_at=dies_at)
    desk.run(limit=2)
    desk.check()


def test_the_steps_counted_above_are_all_there_are() -> None:
    desk = Desk()
    desk.queue(5)
    desk.run(limit=2, dies_at=STEPS)
    desk.check()


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 3), st.none() | st.integers(0, 12)), max_size=8))
def test_any_sequence_of_arrivals_and_crashes_ends_complete(runs: list[tuple[int, int, int | None]]) -> None:
    desk = Desk()
    for count, limit, dies_at in runs:
        desk.queue(count)
        try:
            desk.run(limit, dies_at)
        except StopError:
            continue
    desk.run()
    desk.check()


def test_every_checkpoint_extends_the_one_before() -> None:
    desk = Desk()
    for count in (1, 255, 1, 300):
        desk.queue(count)
        desk.run()
        desk.check()
    assert [size for size, _ in desk.log.notes] == [1, 256, 257, 557]


def test_a_log_that_lost_what_was_signed_is_not_signed_again() -> None:
    desk = Desk()
    desk.queue(5)
    desk.run()
    del desk.log.rows[3:]
    with pytest.raises(BrokenInvariant) as error:
        desk.run()
    assert error.value.problem.code == "ledger.checkpoint.contradicted"
    assert len(desk.log.notes) == 1


def test_a_log_that_changed_what_was_signed_is_not_signed_again() -> None:
    desk = Desk()
    desk.queue(5)
    desk.run()
    desk.log.rows[2] = (3, b"another entry")
    desk.queue(1)
    with pytest.raises(BrokenInvariant) as error:
        desk.run()
    assert error.value.problem.code == "ledger.checkpoint.contradicted"
    assert len(desk.log.notes) == 1


def test_an_entry_that_was_queued_out_of_order_is_not_lost() -> None:
    desk = Desk()
    desk.queue(3)
    outbox = MemoryOutbox(desk.world)
    late = desk.world.events[1].entry_id
    desk.log.append([(1, b"entry 0"), (3, b"entry 2")])
    outbox.sequenced([(1, 0), (3, 1)])
    desk.run()
    assert desk.world.index[late] == 2


def test_the_signed_text_names_origin_size_and_root() -> None:
    desk = Desk()
    desk.queue(2)
    desk.run()
    head = parse_checkpoint(split_note(desk.log.checkpoint() or "")[0])
    assert (head.origin, head.size) == (desk.signer.origin, 2)
