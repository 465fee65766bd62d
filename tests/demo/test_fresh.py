"""The open work of the served demonstration: every stage, whenever it is played, and 2020 stays as it was."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest

from habeas.adapters.directory_toml import read_directory
from habeas.adapters.shipped_packs import ShippedPacks
from habeas.demo import fresh, stage
from habeas.demo.scan import scan
from habeas.domain.due import answer_by
from habeas.domain.vocabulary import Authority, CaseState, Channel, EventKind, InstrumentKind, Outcome
from habeas.kernel.clock import SetClock
from habeas.policy.catalogue import load, with_required
from habeas.policy.pack import freeze
from habeas.usecases.fakes import memory_ports
from habeas.usecases.ports import ArrivalState
from habeas.usecases.sight import sees, sight_of
from tests.core.usecases.papers import drawn

if TYPE_CHECKING:
    from habeas.domain.case import Case
    from habeas.usecases.ports import Ports

TODAY = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
LATER = datetime(2027, 7, 1, 9, 30, tzinfo=UTC)


@attrs.frozen
class Played:
    """What was played by an instant: the ports and their cases, in the order in which they came."""

    ports: Ports
    cases: tuple[Case, ...]

    def one(self, kind: InstrumentKind, state: CaseState) -> Case:
        """The only case with this paper at this stage."""
        (found,) = (c for c in self.cases if c.row.paper_kind is kind and c.state is state)
        return found


@cache
def played(now: datetime) -> Played:
    tables = tomllib.loads(Path(stage.__file__).with_name("agencies.toml").read_text("utf-8"))
    directory = read_directory(tables["custodian"], tables["person"])
    clock = SetClock(now)
    law = freeze(with_required([load("us-co/2020-guidance")]))
    ports = attrs.evolve(
        memory_ports(now, directory.custodians, law), directory=directory, clock=clock, packs=ShippedPacks()
    )
    assert fresh.play(ports, clock, now) == len(fresh.SCRIPT)
    assert clock.now() == now
    ids = [arrival.case_id for arrival in ports.arrivals.in_state(ArrivalState.CASE)]
    return Played(ports, tuple(ports.cases.load(case_id) for case_id in ids))


@pytest.mark.parametrize("now", [TODAY, LATER])
def test_every_stage_is_there_at_three_agencies(now: datetime) -> None:
    found = played(now).cases
    assert len(found) == len(fresh.SCRIPT) >= 12
    states = Counter(c.state for c in found)
    assert states[CaseState.RECEIVED] == 1
    assert {CaseState.READ, CaseState.CONFIRMED, CaseState.DECIDED} <= set(states)
    assert CaseState.CLOSED not in states
    assert {c.custodian for c in found} == {"labor", "revenue", "health"}
    channels = {c.request.channel for c in found}
    assert {Channel.EMAIL, Channel.PHONE, Channel.FAX} <= channels


@pytest.mark.parametrize("now", [TODAY, LATER])
def test_one_release_waits_one_matter_is_counsels_one_is_sealed_one_is_late(now: datetime) -> None:
    found = played(now)
    waiting = [c for c in found.cases if Outcome.RELEASE in {c.outcome(i.item_id) for i in c.items}]
    assert [(c.custodian, c.authorized) for c in waiting] == [("labor", None)]
    assert any(c.outcome(i.item_id) is Outcome.COUNSEL for c in found.cases for i in c.items)
    assert any(c.outcome(i.item_id) is Outcome.CONTEST for c in found.cases for i in c.items)
    (sealed,) = (c for c in found.cases if c.seal is not None)
    assert sealed.row.paper_kind is InstrumentKind.AO110
    people = found.ports.directory
    assert sees(sight_of(people.person("m.reyes")), sealed)
    assert not sees(sight_of(people.person("k.lindqvist")), sealed)
    late = [c for c in found.cases if (day := answer_by(c)) is not None and day < now.date()]
    assert [c.row.paper_kind for c in late] == [InstrumentKind.I138]
    assert found.ports.assignments.of(late[0].case_id) == "k.lindqvist"


def test_the_two_items_of_one_request_are_not_answered_alike() -> None:
    from habeas.usecases.determine import evaluate

    found = played(TODAY)
    case = found.one(InstrumentKind.AO88B, CaseState.CONFIRMED)
    effects = {item.effect for item in evaluate(found.ports, case).items}
    assert len(effects) == len(case.items) == 2


def test_the_poor_fax_needs_a_person() -> None:
    (fax,) = (c for c in played(TODAY).cases if c.request.channel is Channel.FAX)
    assert fax.row.paper_authority is Authority.UNREADABLE
    (paper,) = fax.request.attachments
    assert paper.media_type == "image/png"


def test_a_scan_is_the_same_picture_each_time() -> None:
    data = drawn("i205")
    assert scan(data) == scan(data)
    assert scan(data) != scan(drawn("i200"))


def test_everything_happened_in_its_time_and_nothing_in_the_future() -> None:
    found = played(TODAY)
    for case in found.cases:
        times = [r.event.at for r in found.ports.cases.history(case.case_id)]
        assert times == sorted(times)
        assert case.request.received_at <= times[-1] <= TODAY
        assert TODAY - times[0] < timedelta(days=40)


@pytest.mark.parametrize("now", [TODAY, LATER])
def test_no_row_of_it_is_counted_in_the_published_period(now: datetime) -> None:
    rows = [row for _, row, _ in played(now).ports.outbox.entries_with_rows()]
    assert rows
    assert all(row.demo for row in rows)
    assert not any(row.month.startswith("2020") for row in rows)
    assert {r.kind for r in rows} >= {EventKind.REQUEST_RECEIVED, EventKind.CASE_SEALED}
