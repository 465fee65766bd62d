"""`kill -9` at any moment: what was said to be written is there, nothing is there by halves."""

from __future__ import annotations

import random
import subprocess
from typing import TYPE_CHECKING

import pytest

from habeas.domain.case import Case
from habeas.ledger.entry import check_opening, decode_entry
from habeas.ledger.trust import read_trust
from habeas.ledger.verify import verify_log
from habeas.usecases.ports import ArrivalState
from habeas.usecases.sequence import sequence
from habeas.usecases.sight import EVERYTHING
from tests.store.installation import Installation, open_home
from tests.store.subprocesses import ROOT, command

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 2


def killed_after(home: Path, lines: int) -> dict[str, int]:
    """Run the worker, kill it after it printed so many lines; reference → steps it said were written."""
    killed = command("tests.store.killed", home)
    with subprocess.Popen(killed, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        said = [worker.stdout.readline() for _ in range(lines + 1)]
        worker.kill()
        said += worker.stdout.readlines()
    whole = [line.split() for line in said if line.endswith("\n")]
    assert whole[0] == ["ready"]
    return {ref: int(steps) for ref, steps in whole[1:]}


@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_lost_or_half_written(home: Path, seed: int) -> None:
    chance, said = random.Random(seed), dict[str, int]()  # noqa: S311 - where to kill, not a secret
    for _ in range(ROUNDS):
        said |= killed_after(home, chance.randint(0, 12))
        made = open_home(home)
        check(made, said)


def check(made: Installation, said: dict[str, int]) -> None:
    store = made.store
    before = store.log.size()
    sequence(store.outbox, store.log, made.signer)
    assert store.log.size() >= before
    assert not store.outbox.waiting(1)
    from habeas.store import read
    from habeas.store.projection import project

    lines = {line.request_ref: line for line in read.cases(EVERYTHING, limit=10_000)}
    assert said.keys() <= lines.keys()
    for ref, line in lines.items():
        history = store.cases.history(line.case_id)
        assert len(history) >= said.get(ref, 1)
        assert project(Case.of(history)) == line
    check_arrivals(made)
    check_ledger(made, sum(line.version for line in lines.values()))


def check_arrivals(made: Installation) -> None:
    """Each arrival has its paper, and is settled with its case or not at all."""
    store = made.store
    for state in (ArrivalState.PENDING, ArrivalState.CASE):
        for arrival in store.arrivals.in_state(state):
            assert made.blobs.get(arrival.blob, arrival.case_id).startswith(b"paper ")
            has_case = bool(store.cases.history(arrival.case_id))
            assert has_case is (state is ArrivalState.CASE)


def check_ledger(made: Installation, events: int) -> None:
    """Every event has its one entry, and the signed tree is over exactly these."""
    store = made.store
    places = []
    for entry_id, _, _ in store.outbox.entries_with_rows():
        index = store.outbox.index_of(entry_id)
        assert index is not None
        entry = decode_entry(store.log.entry(index))
        assert entry.id == entry_id
        assert all(check_opening(entry, o) for o in store.cases.openings(entry_id))
        places.append(index)
    assert sorted(places) == list(range(events))
    assert store.log.size() == events
    verdict = verify_log(store.log, read_trust([made.signer.vkey]))
    assert verdict.sound
    assert verdict.checkpoint is not None
    assert verdict.checkpoint.size == events
