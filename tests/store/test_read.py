"""Lists: what they show, in which order, and that they page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs
import pytest

from habeas.domain.case import Received
from habeas.domain.vocabulary import CaseState
from habeas.domain.vocabulary import EventKind as E
from habeas.kernel.errors import BadInput
from habeas.kernel.shape import to_json
from habeas.usecases.ports import Arrival, ArrivalState, Hints
from habeas.usecases.sequence import sequence
from habeas.usecases.sight import EVERYTHING
from tests.store.histories import event
from tests.store.installation import AT, Installation
from vectors.events.make import request

if TYPE_CHECKING:
    from collections.abc import Sequence


def case(made: Installation, ref: str, minutes: int, *, unit: str = "ui-fraud", read: bool = False) -> str:
    """A case received some minutes after `AT`."""
    case_id = made.ids.new_id()
    made.store.keys.create(case_id)
    later = attrs.evolve(request(), received_at=AT + timedelta(minutes=minutes))
    received = attrs.evolve(event(E.REQUEST_RECEIVED, ref, unit=unit), private=to_json(Received("a", later)))
    made.store.cases.append(case_id, 0, [received])
    if read:
        made.store.cases.append(case_id, 1, [event(E.INSTRUMENT_READ, ref, unit=unit)])
    return case_id


@pytest.fixture
def four(installation: Installation) -> Installation:
    case(installation, "0000000003", 3)
    case(installation, "0000000001", 1, read=True)
    case(installation, "0000000004", 3, unit="tax")
    case(installation, "0000000002", 2)
    return installation


def refs(lines: Sequence[object]) -> list[str]:
    return [getattr(line, "request_ref", "") for line in lines]


def test_the_oldest_case_comes_first(four: Installation) -> None:
    from habeas.store import read

    del four
    assert refs(read.cases(EVERYTHING))[:2] == ["0000000001", "0000000002"]
    assert len(read.cases(EVERYTHING)) == 4


def test_cases_are_filtered_by_state_custodian_and_unit(four: Installation) -> None:
    from habeas.store import read

    del four
    assert refs(read.cases(EVERYTHING, state=CaseState.READ)) == ["0000000001"]
    assert refs(read.cases(EVERYTHING, unit="tax")) == ["0000000004"]
    assert len(read.cases(EVERYTHING, custodian="labor")) == 4
    assert read.cases(EVERYTHING, custodian="revenue") == ()


def test_pages_join_without_gap_or_repetition(four: Installation) -> None:
    from habeas.store import read

    del four
    whole, pages, after = refs(read.cases(EVERYTHING)), list[str](), ""
    while page := read.cases(EVERYTHING, limit=1, after=after):
        pages += refs(page)
        after = pages[-1]
    assert pages == whole
    with pytest.raises(BadInput, match=r"case\.ref\.unknown"):
        read.cases(EVERYTHING, after="ZZZZZZZZZZ")


def test_a_line_of_an_unknown_reference_is_refused(four: Installation) -> None:
    from habeas.store import read

    del four
    with pytest.raises(BadInput, match=r"case\.ref\.unknown"):
        read.case_of(EVERYTHING, "ZZZZZZZZZZ")


def test_steps_show_kind_and_place_in_the_ledger(four: Installation) -> None:
    from habeas.store import read

    case_id = four.store.cases.by_ref("0000000001")
    assert [(s.seq, s.kind, s.index) for s in read.steps(case_id)] == [
        (1, "request.received", None),
        (2, "instrument.read", None),
    ]
    sequence(four.store.outbox, four.store.log, four.signer)
    assert [s.index for s in read.steps(case_id)] == [
        four.store.outbox.index_of(e) for e in four.store.cases.entry_ids(case_id)
    ]


def test_the_quarantine_names_the_problem_and_not_the_file(installation: Installation) -> None:
    from habeas.store import read

    arrival = Arrival("a1", installation.ids.new_id(), "5b" * 32, "Jose.pdf", AT, Hints("labor"))
    installation.store.keys.create(arrival.case_id)
    installation.store.arrivals.log(arrival)
    installation.store.arrivals.settle("a1", ArrivalState.QUARANTINED, problem="file: not readable")
    (line,) = read.quarantine(EVERYTHING)
    assert (line.arrival_id, line.problem, line.custodian) == ("a1", "file: not readable", "labor")
    assert "Jose" not in repr(line)


def test_the_overview_counts_what_waits(four: Installation) -> None:
    from habeas.store import read

    del four
    now = read.overview(EVERYTHING)
    assert dict(now.by_state) == {"received": 3, "read": 1}
    assert (now.unsequenced, now.quarantined, now.pending) == (5, 0, 0)
    assert now.oldest_waiting_at == AT + timedelta(minutes=1)
