"""Sequencing over SQLite: crashes at each step, two sequencers, many entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

import pytest

from habeas.kernel.errors import BrokenInvariant
from habeas.ledger.trust import read_trust
from habeas.ledger.verify import verify_log
from habeas.usecases.sequence import Sequenced, sequence
from tests.databases import tamper
from tests.store.histories import REFUSED, event
from tests.store.installation import Installation, open_home

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def case(made: Installation, ref: str = "0000000001") -> None:
    case_id = made.ids.new_id()
    made.store.keys.create(case_id)
    for at, kind in enumerate(REFUSED):
        made.store.cases.append(case_id, at, [event(kind, ref)])


def complete(made: Installation) -> bool:
    """Whether every entry is in the log at the place noted, and all of it is signed."""
    places = [made.store.outbox.index_of(e) for e, _, _ in made.store.outbox.entries_with_rows()]
    verdict = verify_log(made.store.log, read_trust([made.signer.vkey]))
    return (
        places == list(range(made.store.log.size()))
        and verdict.sound
        and verdict.checkpoint is not None
        and verdict.checkpoint.size == len(places)
    )


@pytest.mark.parametrize(
    ("port", "method"),
    [("log", "append"), ("outbox", "sequenced"), ("log", "add_checkpoint")],
)
@pytest.mark.parametrize("after", [False, True])
def test_a_crash_at_any_step_is_made_good(
    home: Path, monkeypatch: pytest.MonkeyPatch, port: str, method: str, *, after: bool
) -> None:
    made = open_home(home)
    case(made)
    adapter = type(getattr(made.store, port))
    real: Callable[..., object] = getattr(adapter, method)

    def dying(*arguments: object) -> None:
        if after:
            real(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(adapter, method, dying)
        with pytest.raises(KeyboardInterrupt):
            sequence(made.store.outbox, made.store.log, made.signer, 2)
    again = open_home(home)
    sequence(again.store.outbox, again.store.log, again.signer, 2)
    assert complete(again)


def test_a_second_run_has_nothing_to_do(installation: Installation) -> None:
    case(installation)
    store = installation.store
    assert sequence(store.outbox, store.log, installation.signer) == Sequenced(5, 5)
    assert sequence(store.outbox, store.log, installation.signer) == Sequenced(5, 0)
    assert complete(installation)


def test_cases_older_than_the_ledger_stop_the_sequencer(installation: Installation) -> None:
    case(installation)
    store = installation.store
    store.log.append([(1, b"an entry that these cases never queued")])
    with pytest.raises(BrokenInvariant, match=r"ledger\.outbox\.reused"):
        sequence(store.outbox, store.log, installation.signer)
    assert store.log.size() == 1
    assert store.log.checkpoint() is None


@pytest.mark.parametrize(
    "change",
    ["UPDATE log_tile SET root = %s", "UPDATE log_entry SET leaf = %s WHERE idx = 298"],
)
def test_a_tree_that_was_altered_is_not_signed_over(
    installation: Installation, change: LiteralString
) -> None:
    store = installation.store
    store.log.append([(n, b"entry %d" % n) for n in range(1, 300)])
    sequence(store.outbox, store.log, installation.signer)
    tamper(installation.home, "ledger", change, bytes(32))
    store.log.append([(300, b"one more")])
    signed = store.log.checkpoint()
    with pytest.raises(BrokenInvariant, match=r"ledger\.checkpoint\.contradicted"):
        sequence(store.outbox, store.log, installation.signer)
    assert store.log.checkpoint() == signed
