"""Jobs: done once, done again where a worker died, given up some day; nothing is lost with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest

from habeas.domain.vocabulary import CaseState
from habeas.kernel.errors import bad
from habeas.usecases import work
from habeas.usecases.ports import ArrivalState, JobKind
from habeas.usecases.read import read
from habeas.usecases.receive import receive
from habeas.usecases.work import LEASE, MOST, PAUSE, sweep, work_once
from tests.core.usecases.desks import clock_of, form, new_ports, world_of

if TYPE_CHECKING:
    from habeas.usecases.ports import Ports


@pytest.fixture
def ports() -> Ports:
    return new_ports()


def received(ports: Ports) -> str:
    return receive(
        ports, form(message=f"Please. {len(world_of(ports).events)}"), "r.json", actor="desk"
    ).case_id


def state(ports: Ports, case_id: str) -> CaseState:
    return ports.cases.load(case_id).state


def later(ports: Ports, by: object) -> None:
    clock_of(ports).set(ports.clock.now() + by)  # type: ignore[operator] # a timedelta


def test_a_waiting_case_is_read_once(ports: Ports) -> None:
    case_id = received(ports)
    ports.jobs.add(JobKind.READ, case_id, ports.clock.now())
    assert work_once(ports, ports.jobs)
    assert not work_once(ports, ports.jobs)
    assert state(ports, case_id) is CaseState.READ
    assert ports.jobs.waiting() == 0


def test_nothing_to_do_is_said(ports: Ports) -> None:
    assert not work_once(ports, ports.jobs)


def test_a_case_that_somebody_read_meanwhile_is_not_read_again(ports: Ports) -> None:
    case_id = received(ports)
    ports.jobs.add(JobKind.READ, case_id, ports.clock.now())
    read(ports, case_id, actor="desk")
    before = ports.cases.history(case_id)
    assert work_once(ports, ports.jobs)
    assert ports.cases.history(case_id) == before


def test_the_start_of_a_worker_finds_what_is_unsettled_and_unread(ports: Ports) -> None:
    unread, done = received(ports), received(ports)
    read(ports, done, actor="machine")
    arrival = next(a for a in world_of(ports).arrivals.values() if a.case_id == unread)
    pending = attrs.evolve(
        arrival, arrival_id="left", case_id=ports.ids.new_id(), state=ArrivalState.PENDING, linked_to=""
    )
    ports.keys.create(pending.case_id)
    data = form(message="Another one, left pending by a crash.")
    pending = attrs.evolve(pending, blob=ports.blobs.put(data, pending.case_id))
    ports.arrivals.log(pending)
    for _ in range(2):
        sweep(ports, ports.jobs)
    assert ports.jobs.waiting() == 2
    while work_once(ports, ports.jobs):
        pass
    assert ports.arrivals.get("left").state is ArrivalState.CASE
    assert state(ports, pending.case_id) is CaseState.READ
    assert state(ports, unread) is CaseState.READ
    assert ports.jobs.waiting() == 0


def test_what_a_dead_worker_held_is_taken_up_when_its_time_has_run_out(ports: Ports) -> None:
    case_id = received(ports)
    now = ports.clock.now()
    ports.jobs.add(JobKind.READ, case_id, now)
    dead = ports.jobs.claim("dead", now, now + LEASE)
    assert dead is not None
    assert not work_once(ports, ports.jobs)
    later(ports, LEASE)
    assert work_once(ports, ports.jobs)
    assert state(ports, case_id) is CaseState.READ
    assert not ports.jobs.finish(dead, ports.clock.now())


class Breaking:
    """A reading that fails some times and then works."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)

    def __call__(self, ports: Ports, case_id: str, *, actor: str) -> object:
        if self.errors:
            raise self.errors.pop(0)
        return read(ports, case_id, actor=actor)


def test_a_job_that_fails_waits_longer_each_time_and_goes_on(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        work, "read", Breaking(bad("store.database.busy", "database"), ValueError("José Ejemplo"))
    )
    case_id = received(ports)
    ports.jobs.add(JobKind.READ, case_id, ports.clock.now())
    for attempt, problem in ((1, "store.database.busy"), (2, "uncaught.ValueError")):
        assert work_once(ports, ports.jobs)
        assert not work_once(ports, ports.jobs)
        assert [w.problem for w in world_of(ports).jobs] == [problem]
        later(ports, PAUSE * attempt)
    assert work_once(ports, ports.jobs)
    assert state(ports, case_id) is CaseState.READ


def test_a_job_that_always_fails_is_given_up_and_stops_nobody(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "read", Breaking(*(bad("store.disk.full", "disk") for _ in range(MOST))))
    first = received(ports)
    ports.jobs.add(JobKind.READ, first, ports.clock.now())
    for _ in range(MOST):
        assert work_once(ports, ports.jobs)
        later(ports, PAUSE * MOST)
    assert not work_once(ports, ports.jobs)
    assert state(ports, first) is CaseState.RECEIVED
    assert [(w.done, w.problem) for w in world_of(ports).jobs] == [(True, "store.disk.full")]
    second = received(ports)
    ports.jobs.add(JobKind.READ, second, ports.clock.now())
    assert work_once(ports, ports.jobs)
    assert state(ports, second) is CaseState.READ
    sweep(ports, ports.jobs)
    assert ports.jobs.waiting() == 1, "the next start tries again"
