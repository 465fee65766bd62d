"""The projection equals the fold of the history, whatever is appended."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from habeas.domain.case import Case
from habeas.domain.events import Recorded
from habeas.domain.vocabulary import EventKind as E
from habeas.kernel.errors import BadInput
from habeas.ledger.entry import check_opening, decode_entry
from habeas.usecases.sequence import sequence
from habeas.usecases.sight import EVERYTHING
from tests import databases
from tests.store.histories import REFUSED, event, repeat
from tests.store.installation import Installation, open_home

if TYPE_CHECKING:
    from habeas.domain.events import Event

LATER = [kind for kind in E if kind is not E.REQUEST_RECEIVED]


def placed(case_id: str, version: int, events: list[Event]) -> list[Recorded]:
    """The events where they would stand."""
    return [Recorded(case_id, version + at, "entry", made) for at, made in enumerate(events, 1)]


class Histories(RuleBasedStateMachine):
    """Any events on any cases, now and then a writer who is late, a sequencer, a rebuild."""

    model_home: Path
    refs = Bundle("refs")

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        databases.copy_home(self.model_home, self.folder / "home")
        self.made: Installation = open_home(self.folder / "home")
        self.versions: dict[str, int] = {}

    @rule(target=refs)
    def receive(self) -> str:
        ref, case_id = self.made.ids.new_ref(), self.made.ids.new_id()
        self.made.store.keys.create(case_id)
        self.made.store.cases.append(case_id, 0, [event(E.REQUEST_RECEIVED, ref)])
        self.versions[case_id] = 1
        return ref

    @rule(ref=refs, kinds=st.lists(st.sampled_from(LATER), max_size=3), again=st.booleans())
    def go_on(self, ref: str, kinds: list[E], *, again: bool) -> None:
        case_id = self.made.store.cases.by_ref(ref)
        events = [*([repeat(ref)] if again else []), *(event(kind, ref) for kind in kinds)]
        before = self.versions[case_id]
        try:
            Case.of([*self.made.store.cases.history(case_id), *placed(case_id, before, events)])
        except BadInput:  # the workflow says no: so must the store, and write nothing
            with pytest.raises(BadInput, match=r"workflow\.event\.not_allowed"):
                self.made.store.cases.append(case_id, before, events)
        else:
            self.made.store.cases.append(case_id, before, events)
            self.versions[case_id] += len(events)

    @rule(ref=refs)
    def fail_later(self, ref: str) -> None:
        """An append inside a transaction that something else makes fail."""
        case_id = self.made.store.cases.by_ref(ref)

        def failing() -> None:
            with self.made.store.atomic():
                self.made.store.cases.append(case_id, self.versions[case_id], [repeat(ref)])
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            failing()

    @rule(ref=refs, behind=st.integers(1, 3))
    def come_late(self, ref: str, behind: int) -> None:
        case_id = self.made.store.cases.by_ref(ref)
        with pytest.raises(BadInput, match=r"case\.version\.conflict"):
            self.made.store.cases.append(case_id, self.versions[case_id] - behind, [repeat(ref)])

    @rule(limit=st.integers(1, 5))
    def sequence(self, limit: int) -> None:
        sequence(self.made.store.outbox, self.made.store.log, self.made.signer, limit)

    @rule()
    def rebuild(self) -> None:
        from habeas.store.rebuild import rebuild_projection

        assert rebuild_projection(self.made.store.cases).cases == len(self.versions)

    @invariant()
    def the_projection_is_the_fold(self) -> None:
        if not hasattr(self, "made"):
            return
        from habeas.store import read
        from habeas.store.projection import project

        store = self.made.store
        lines = read.lines(EVERYTHING, self.versions)
        assert lines.keys() == self.versions.keys()
        for case_id, version in self.versions.items():
            history = store.cases.history(case_id)
            assert len(history) == version
            assert lines[case_id] == project(Case.of(history))

    def teardown(self) -> None:
        if not hasattr(self, "made"):
            return
        store = self.made.store
        sequence(store.outbox, store.log, self.made.signer)
        assert store.log.size() == sum(self.versions.values())
        for entry_id, _, _ in store.outbox.entries_with_rows():
            index = store.outbox.index_of(entry_id)
            assert index is not None
            entry = decode_entry(store.log.entry(index))
            assert entry.id == entry_id
            assert all(check_opening(entry, o) for o in store.cases.openings(entry_id))
        databases.close_home(self.folder / "home")
        shutil.rmtree(self.folder)


def test_every_sequence_of_appends_leaves_a_projection_equal_to_the_fold(model_home: Path) -> None:
    Histories.model_home = model_home
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=checks
        ),
    )
    from django.db import connections

    connections.close_all()


@pytest.fixture
def refused(installation: Installation) -> str:
    """A case that was refused and answered."""
    case_id = installation.ids.new_id()
    installation.store.keys.create(case_id)
    for at, kind in enumerate(REFUSED):
        installation.store.cases.append(case_id, at, [event(kind, "0000000001")])
    return case_id


def test_a_line_says_what_the_case_says(refused: str) -> None:
    from habeas.store import read
    from habeas.store.projection import ItemLine

    line = read.case_of(EVERYTHING, "0000000001")
    assert (line.case_id, line.version, line.state, line.request_outcome) == (refused, 5, "closed", "refused")
    assert (line.custodian, line.unit, line.component) == ("labor", "ui-fraud", "ice_hsi")
    assert (line.days, line.days_band, line.month) == (1, "1-3", "2020-09")
    assert line.items == (ItemLine("wages", "ui_wage", "forbidden", "refuse", "none"),)


def test_an_override_shows_in_its_item(installation: Installation) -> None:
    from habeas.store import read

    case_id = installation.ids.new_id()
    installation.store.keys.create(case_id)
    for at, kind in enumerate((*REFUSED[:3], E.ITEM_OVERRIDDEN)):
        installation.store.cases.append(case_id, at, [event(kind, "0000000001")])
    (item,) = read.case_of(EVERYTHING, "0000000001").items
    assert (item.effect, item.outcome, item.override) == ("permitted", "contest", "toward_refusal")


def test_a_damaged_projection_is_made_again(installation: Installation, refused: str) -> None:
    from habeas.store import read
    from habeas.store.models import CaseRow, ItemRow
    from habeas.store.rebuild import Rebuilt, rebuild_projection

    before = read.case_of(EVERYTHING, "0000000001")
    CaseRow.objects.update(state="received", version=1)
    ItemRow.objects.all().delete()
    assert read.lines(EVERYTHING, [refused])[refused] != before
    assert rebuild_projection(installation.store.cases) == Rebuilt(cases=1, shut=0)
    assert read.case_of(EVERYTHING, "0000000001") == before
    CaseRow.objects.all().delete()
    rebuild_projection(installation.store.cases)
    assert read.case_of(EVERYTHING, "0000000001") == before


def test_an_expunged_case_keeps_its_line(installation: Installation, refused: str) -> None:
    from habeas.store import read
    from habeas.store.rebuild import Rebuilt, rebuild_projection

    before = read.case_of(EVERYTHING, "0000000001")
    installation.store.keys.destroy(refused)
    assert rebuild_projection(installation.store.cases) == Rebuilt(cases=0, shut=1)
    assert read.case_of(EVERYTHING, "0000000001") == before
