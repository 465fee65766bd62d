"""Jobs by lease: one worker at a time, and what a dead one held is taken up when its time has run out.

A claim is one transaction (SQLite takes the write lock at its start; PostgreSQL skips rows that another
claim has locked). Everything after it changes a row only where the token is still the claimer's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
from django.db import transaction
from django.db.models import Q

from habeas.store.faults import told
from habeas.store.models import JobRow
from habeas.store.places import CASES
from habeas.usecases.ports import Job, JobKind

if TYPE_CHECKING:
    from datetime import datetime

_OPEN = Q(done_at__isnull=True)


@attrs.frozen
class SqlJobs:
    """`Jobs` in the case database."""

    def add(self, kind: JobKind, case_id: str, at: datetime) -> None:
        """Let work wait for a case, once: nothing is added while the same waits or is being done."""
        row = JobRow(kind=str(kind), case_id=case_id, token="", leased_until=at, attempts=0)
        with told():
            JobRow.objects.bulk_create([row], ignore_conflicts=True)

    def claim(self, token: str, now: datetime, until: datetime) -> Job | None:
        """The job that waits longest, held under `token` until an instant; None where none waits."""
        with told(), transaction.atomic(using=CASES):
            free = JobRow.objects.select_for_update(skip_locked=True).filter(_OPEN, leased_until__lte=now)
            row = free.order_by("leased_until", "id").first()
            if row is None:
                return None
            row.token, row.leased_until, row.attempts = token, until, row.attempts + 1
            row.save(update_fields=["token", "leased_until", "attempts"])
        return Job(row.id, JobKind(row.kind), row.case_id, token, row.attempts)

    def hold(self, job: Job, until: datetime) -> bool:
        """Hold it longer; whether it was still held."""
        return _change(job, leased_until=until)

    def finish(self, job: Job, at: datetime, problem: str = "") -> bool:
        """Say that it ended, with the code of what went wrong; whether it was still held."""
        return _change(job, done_at=at, problem=problem)

    def put_back(self, job: Job, until: datetime, problem: str) -> bool:
        """Let it wait for another attempt after an instant; whether it was still held."""
        return _change(job, token="", leased_until=until, problem=problem)

    def waiting(self) -> int:
        """How many have not ended."""
        with told():
            return JobRow.objects.filter(_OPEN).count()


def _change(job: Job, **columns: Any) -> bool:  # noqa: ANN401 - columns of several kinds
    with told():
        return JobRow.objects.filter(_OPEN, pk=job.job_id, token=job.token).update(**columns) == 1
