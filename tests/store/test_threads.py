"""One store, several threads: readers and writers at once see whole cases, and jobs are done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from habeas.domain.case import Case
from habeas.domain.vocabulary import EventKind as E
from habeas.kernel.errors import BadInput
from habeas.usecases.ports import CaseKey, JobKind
from tests.store.histories import event
from tests.store.installation import AT, Installation

if TYPE_CHECKING:
    from collections.abc import Callable

    from habeas.store.cases import Seen

THREADS = 4


def together(work: Callable[[int], object]) -> list[object]:
    """Run the work in several threads that begin at the same instant."""
    gate = Barrier(THREADS, timeout=60)

    def run(number: int) -> object:
        from django.db import connections

        gate.wait()
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_remembered_cases_are_kept_and_taken_by_many_at_once(installation: Installation) -> None:
    from habeas.store.cases import Folds, Seen
    from habeas.store.event_rows import Stored

    del installation
    folds, key = Folds(), CaseKey(b"", b"")
    case: Case = Case.__new__(Case)

    def seen(name: str) -> Seen:
        return Seen((Stored(1, name, "", 1, AT, {}, b"", None),), key, case)

    def work(number: int) -> int:
        taken = 0
        for n in range(3000):
            folds.keep(seen(f"{n % 50}"))
            folds.ending_with(f"{(n + number) % 50}")
            taken += folds.take(f"{n % 50}") is not None
        return taken

    assert all(isinstance(taken, int) and taken > 0 for taken in together(work))


def test_readers_see_whole_cases_while_others_write(installation: Installation) -> None:
    store, refs = installation.store, [f"{n:010}" for n in range(1, 4)]
    ids = []
    for ref in refs:
        case_id = installation.ids.new_id()
        store.keys.create(case_id)
        store.cases.append(case_id, 0, [event(E.REQUEST_RECEIVED, ref)])
        ids.append(case_id)

    def work(number: int) -> int:
        written = 0
        for n in range(12):
            ref, case_id = refs[n % 3], ids[n % 3]
            before = store.cases.load(case_id)
            assert before == Case.of(store.cases.history(case_id)[: before.version])
            if number % 2:
                continue
            try:
                store.cases.append(case_id, before.version, [event(E.HOLD_PLACED, ref)])
            except BadInput as error:
                assert [p.code for p in error.problems] == ["case.version.conflict"]  # noqa: PT017 - overtaken
            else:
                written += 1
        return written

    written = together(work)
    for case_id in ids:
        assert store.cases.load(case_id) == Case.of(store.cases.history(case_id))
    assert sum(n for n in written if isinstance(n, int)) == sum(
        store.cases.load(case_id).version - 1 for case_id in ids
    )


def test_each_job_is_claimed_by_one_worker(installation: Installation) -> None:
    jobs, wanted = installation.store.jobs, {f"case-{n}" for n in range(20)}
    for case_id in wanted:
        jobs.add(JobKind.READ, case_id, AT)

    def work(number: int) -> list[str]:
        mine, none = list[str](), 0
        while none < 3:
            job = jobs.claim(f"worker-{number}", AT, AT + timedelta(minutes=1))
            if job is None:
                none += 1
                continue
            mine.append(job.case_id)
            assert jobs.finish(job, AT)
        return mine

    done = [case_id for mine in together(work) for case_id in mine]  # type: ignore[attr-defined] # lists
    assert sorted(done) == sorted(wanted)
    assert jobs.waiting() == 0


@pytest.mark.parametrize("kind", list(JobKind))
def test_the_same_job_added_by_many_waits_once(installation: Installation, kind: JobKind) -> None:
    jobs = installation.store.jobs
    together(lambda _: jobs.add(kind, "one", AT))
    assert jobs.waiting() == 1


def test_two_people_who_assign_at_once_leave_one_person(installation: Installation) -> None:
    assignments = installation.store.assignments
    together(lambda number: assignments.assign("one", f"p{number}", by="k.roe", at=AT))
    assert assignments.of("one") in {f"p{n}" for n in range(THREADS)}
