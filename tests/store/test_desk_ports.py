"""What a desk keeps beside the histories: one suite over the fakes and over the databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs
import pytest
from django.db import DatabaseError

from habeas.usecases import fakes
from habeas.usecases.ports import JobKind, View, Viewed
from tests.store.installation import AT, Installation, open_home

if TYPE_CHECKING:
    from habeas.usecases.ports import Assignments, Atomic, Jobs, SavedViews, Views

SOON, LATER = AT + timedelta(minutes=1), AT + timedelta(minutes=10)


@attrs.frozen
class Kept:
    """The ports of either kind."""

    assignments: Assignments
    views: Views
    saved_views: SavedViews
    jobs: Jobs
    atomic: Atomic


@pytest.fixture(params=["memory", pytest.param("stored", marks=pytest.mark.stored)])
def ports(request: pytest.FixtureRequest) -> Kept:
    if request.param == "memory":
        world = fakes.World()
        return Kept(
            fakes.MemoryAssignments(world),
            fakes.MemoryViews(world),
            fakes.MemorySavedViews(world),
            fakes.MemoryJobs(world),
            fakes.MemoryAtomic(world),
        )
    store = open_home(request.getfixturevalue("home")).store
    return Kept(store.assignments, store.views, store.saved_views, store.jobs, store.atomic)


class TestAssignments:
    """Who works on what."""

    def test_a_case_has_one_person_or_none(self, ports: Kept) -> None:
        assert ports.assignments.of("one") == ""
        ports.assignments.assign("one", "r.doe", by="k.roe", at=AT)
        ports.assignments.assign("other", "k.roe", by="k.roe", at=AT)
        ports.assignments.assign("one", "l.poe", by="r.doe", at=SOON)
        assert (ports.assignments.of("one"), ports.assignments.of("other")) == ("l.poe", "k.roe")
        ports.assignments.clear("one")
        ports.assignments.clear("one")
        assert (ports.assignments.of("one"), ports.assignments.of("other")) == ("", "k.roe")


class TestViews:
    """Who saw whose data."""

    def test_each_look_is_kept_in_order(self, ports: Kept) -> None:
        ports.views.note(case_id="one", person="r.doe", what=Viewed.CASE, at=SOON)
        ports.views.note(case_id="other", person="r.doe", what=Viewed.PAPER, at=SOON)
        ports.views.note(case_id="one", person="k.roe", what=Viewed.LETTER, at=AT)
        ports.views.note(case_id="one", person="k.roe", what=Viewed.LETTER, at=AT)
        letter = View("one", "k.roe", Viewed.LETTER, AT)
        assert list(ports.views.of_case("one")) == [View("one", "r.doe", Viewed.CASE, SOON), letter, letter]
        assert list(ports.views.of_case("none")) == []


class TestSavedViews:
    """Each person's own."""

    def test_a_view_is_kept_by_name_and_by_person(self, ports: Kept) -> None:
        ports.saved_views.keep("r.doe", "warrants", {"box": "all"})
        ports.saved_views.keep("r.doe", "late", {"box": "late"})
        ports.saved_views.keep("k.roe", "late", {"box": "due"})
        ports.saved_views.keep("r.doe", "warrants", {"box": "due", "descending": True})
        mine = [("late", {"box": "late"}), ("warrants", {"box": "due", "descending": True})]
        assert list(ports.saved_views.of("r.doe")) == mine
        ports.saved_views.remove("r.doe", "late")
        ports.saved_views.remove("r.doe", "nothing")
        assert list(ports.saved_views.of("r.doe")) == mine[1:]
        assert list(ports.saved_views.of("k.roe")) == [("late", {"box": "due"})]


class TestJobs:
    """Leases."""

    def test_the_same_job_waits_once(self, ports: Kept) -> None:
        for _ in range(2):
            ports.jobs.add(JobKind.READ, "one", AT)
        ports.jobs.add(JobKind.SETTLE, "one", AT)
        ports.jobs.add(JobKind.READ, "other", AT)
        assert ports.jobs.waiting() == 3

    def test_a_job_that_ended_can_wait_again(self, ports: Kept) -> None:
        ports.jobs.add(JobKind.READ, "one", AT)
        job = ports.jobs.claim("a", AT, LATER)
        assert job is not None
        ports.jobs.add(JobKind.READ, "one", AT)
        assert ports.jobs.waiting() == 1, "it is being done"
        assert ports.jobs.finish(job, SOON)
        assert ports.jobs.waiting() == 0
        ports.jobs.add(JobKind.READ, "one", SOON)
        assert ports.jobs.waiting() == 1

    def test_the_oldest_is_claimed_first_and_by_one_only(self, ports: Kept) -> None:
        ports.jobs.add(JobKind.READ, "late", SOON)
        ports.jobs.add(JobKind.READ, "early", AT)
        ports.jobs.add(JobKind.READ, "early too", AT)
        claimed = [ports.jobs.claim(token, SOON, LATER) for token in "abcd"]
        assert [j.case_id if j else None for j in claimed] == ["early", "early too", "late", None]
        assert [(j.token, j.attempts, j.kind) for j in claimed if j] == [
            (token, 1, JobKind.READ) for token in "abc"
        ]

    def test_what_waits_for_a_later_instant_is_not_claimed(self, ports: Kept) -> None:
        ports.jobs.add(JobKind.READ, "one", SOON)
        assert ports.jobs.claim("a", AT, LATER) is None
        assert ports.jobs.claim("a", SOON, LATER) is not None

    def test_a_lost_lease_changes_nothing(self, ports: Kept) -> None:
        ports.jobs.add(JobKind.READ, "one", AT)
        dead = ports.jobs.claim("dead", AT, SOON)
        assert dead is not None
        again = ports.jobs.claim("alive", SOON, LATER)
        assert again is not None
        assert (again.job_id, again.attempts) == (dead.job_id, 2)
        assert not ports.jobs.hold(dead, LATER)
        assert not ports.jobs.put_back(dead, AT, "store.disk.full")
        assert not ports.jobs.finish(dead, LATER)
        assert ports.jobs.claim("third", SOON, LATER) is None
        assert ports.jobs.finish(again, LATER)
        assert not ports.jobs.finish(again, LATER)

    def test_a_held_job_is_nobody_elses(self, ports: Kept) -> None:
        ports.jobs.add(JobKind.READ, "one", AT)
        job = ports.jobs.claim("a", AT, SOON)
        assert job is not None
        assert ports.jobs.hold(job, LATER)
        assert ports.jobs.claim("b", SOON, LATER) is None

    def test_a_job_put_back_waits_until_its_instant(self, ports: Kept) -> None:
        ports.jobs.add(JobKind.READ, "one", AT)
        job = ports.jobs.claim("a", AT, LATER)
        assert job is not None
        assert ports.jobs.put_back(job, SOON, "store.database.busy")
        assert not ports.jobs.hold(job, LATER)
        assert ports.jobs.claim("b", AT, LATER) is None
        again = ports.jobs.claim("b", SOON, LATER)
        assert again is not None
        assert again.attempts == 2

    def test_a_job_added_in_a_transaction_that_failed_does_not_wait(self, ports: Kept) -> None:
        def failing() -> None:
            with ports.atomic():
                ports.jobs.add(JobKind.READ, "one", AT)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            failing()
        assert ports.jobs.waiting() == 0


@pytest.mark.parametrize("how", ["update", "delete"])
def test_the_account_of_views_is_only_added_to(installation: Installation, how: str) -> None:
    from habeas.store.models import ViewRow

    views = installation.store.views
    views.note(case_id="one", person="r.doe", what=Viewed.CASE, at=AT)
    rows = ViewRow.objects.filter(case_id="one")
    with pytest.raises(DatabaseError):
        rows.update(person_id="k.roe") if how == "update" else rows.delete()
    assert list(views.of_case("one")) == [View("one", "r.doe", Viewed.CASE, AT)]
