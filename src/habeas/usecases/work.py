"""Work: what pages leave behind, done by a worker one job at a time, and done again where a worker died.

A job is a name for work that can be repeated: settling an arrival, reading a case. What it wrote before it
was killed is in the history, and a second attempt finds it done. Nothing is lost with a job either: `sweep`
makes the jobs again from what is unsettled and unread.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from habeas.domain.vocabulary import CaseState
from habeas.kernel.errors import HabeasError
from habeas.usecases.ports import ArrivalState, JobKind
from habeas.usecases.read import read
from habeas.usecases.receive import settle

if TYPE_CHECKING:
    from habeas.usecases.ports import Job, Jobs, Ports

ACTOR: Final = "machine"
"""Who reads, in the history."""

LEASE: Final = timedelta(minutes=5)
"""For how long a job is held. One that takes longer may be begun again by another worker: whoever is second
to write is refused as overtaken, so that the history has it once."""

PAUSE: Final = timedelta(seconds=30)
"""How long a failed job waits for its next attempt; each time as long again."""

MOST: Final = 5
"""Attempts after which a job ends unfinished: a person finds the case unread, with the problem's code."""


def sweep(ports: Ports, jobs: Jobs) -> None:
    """Let every pending arrival and unread case wait as a job: for the start of a worker."""
    now = ports.clock.now()
    for arrival in ports.arrivals.in_state(ArrivalState.PENDING):
        jobs.add(JobKind.SETTLE, arrival.case_id, now)
    for case_id in ports.cases.unread():
        jobs.add(JobKind.READ, case_id, now)


def work_once(ports: Ports, jobs: Jobs) -> bool:
    """Do the job that waits longest; whether there was one. What goes wrong with it is noted, not raised."""
    now = ports.clock.now()
    job = jobs.claim(ports.ids.new_id(), now, now + LEASE)
    if job is None:
        return False
    try:
        _do(ports, jobs, job)
    except HabeasError as error:
        _failed(ports, jobs, job, error.code)
    except Exception as error:  # noqa: BLE001 - noted below
        # a paper that breaks a library must not stop the papers behind it; the class is all that may be told
        _failed(ports, jobs, job, f"uncaught.{type(error).__name__}")
    else:
        jobs.finish(job, ports.clock.now())
    return True


def _do(ports: Ports, jobs: Jobs, job: Job) -> None:
    match job.kind:
        case JobKind.SETTLE:
            for arrival in ports.arrivals.in_state(ArrivalState.PENDING):
                if arrival.case_id == job.case_id:
                    settle(ports, arrival, actor=ACTOR)
            if job.case_id in ports.cases.unread():
                jobs.add(JobKind.READ, job.case_id, ports.clock.now())
        case JobKind.READ:
            if ports.cases.load(job.case_id).state is CaseState.RECEIVED:
                read(ports, job.case_id, actor=ACTOR)


def _failed(ports: Ports, jobs: Jobs, job: Job, code: str) -> None:
    now = ports.clock.now()
    if job.attempts >= MOST:
        jobs.finish(job, now, code)
    else:
        jobs.put_back(job, now + PAUSE * job.attempts, code)
