"""Several writers at once: each event has one place, and nobody is lost or doubled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from habeas.domain.vocabulary import EventKind as E
from habeas.kernel.errors import BadInput
from habeas.usecases.sequence import sequence
from tests.store.histories import event

if TYPE_CHECKING:
    from tests.store.installation import Installation

WRITERS = 3
EACH = 8


def test_writers_of_one_case_take_turns(installation: Installation) -> None:
    store, case_id = installation.store, installation.ids.new_id()
    store.keys.create(case_id)
    store.cases.append(case_id, 0, [event(E.REQUEST_RECEIVED, "0000000001")])

    def write(writer: int) -> list[tuple[int, str]]:
        from django.db import connections

        done = list[tuple[int, str]]()
        try:
            while len(done) < EACH:
                version = store.cases.load(case_id).version
                hold = event(E.HOLD_PLACED, "0000000001", unit=f"unit-{writer}")
                try:
                    (recorded,) = store.cases.append(case_id, version, [hold])
                except BadInput as error:
                    assert [p.code for p in error.problems] == ["case.version.conflict"]  # noqa: PT017 - goes on
                    continue
                done.append((recorded.seq, recorded.event.row.unit))
        finally:
            connections.close_all()
        return done

    with ThreadPoolExecutor(WRITERS) as pool:
        written = sorted(place for done in pool.map(write, range(WRITERS)) for place in done)
    history = store.cases.history(case_id)[1:]
    assert [(r.seq, r.event.row.unit) for r in history] == written
    assert [seq for seq, _ in written] == list(range(2, WRITERS * EACH + 2))
    assert sequence(store.outbox, store.log, installation.signer).size == WRITERS * EACH + 1
