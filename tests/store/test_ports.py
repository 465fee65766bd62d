"""What every storage adapter promises: one suite over the fakes and over the databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs
import pytest

from habeas.domain.events import row_json
from habeas.domain.vocabulary import CaseState
from habeas.domain.vocabulary import EventKind as E
from habeas.kernel.errors import BadInput, BrokenInvariant
from habeas.ledger.entry import Opening, Part, check_opening, decode_entry
from habeas.ledger.merkle import leaf_hash
from habeas.ledger.tiles import ENTRIES, Tile, log_files, parse_path
from habeas.usecases import fakes
from habeas.usecases.ports import Arrival, ArrivalState, Hints
from tests.store.histories import REFUSED, event, opening, repeat
from tests.store.installation import AT, Installation, open_home

if TYPE_CHECKING:
    from habeas.kernel.ids import IdSource
    from habeas.usecases.ports import Arrivals, Atomic, Blobs, Cases, Keys, Outbox
    from habeas.usecases.sequence import TiledLog


@attrs.frozen
class Opened:
    """The storage ports of either kind; `openings` and `destroy` are what the adapters add to the ports."""

    keys: Keys
    blobs: Blobs
    arrivals: Arrivals
    cases: Cases
    outbox: Outbox
    log: TiledLog
    atomic: Atomic
    ids: IdSource
    whole: fakes.MemoryCases | Installation

    def openings(self, entry_id: str) -> tuple[Opening, ...]:
        cases = self.whole.store.cases if isinstance(self.whole, Installation) else self.whole
        return cases.openings(entry_id)

    def destroy(self, case_id: str) -> None:
        keys = self.whole.store.keys if isinstance(self.whole, Installation) else self.whole.keys
        keys.destroy(case_id)

    def case(self, ref: str = "0000000001", kinds: tuple[E, ...] = REFUSED) -> str:
        """A new case with a history."""
        case_id = self.ids.new_id()
        self.keys.create(case_id)
        for at, kind in enumerate(kinds):
            self.cases.append(case_id, at, [event(kind, ref)])
        return case_id


def _memory() -> Opened:
    world, ids = fakes.World(), fakes.CountingIds()
    keys = fakes.MemoryKeys(world)
    cases = fakes.MemoryCases(world, keys, ids)
    return Opened(
        keys, fakes.MemoryBlobs(world, keys), fakes.MemoryArrivals(world), cases, fakes.MemoryOutbox(world),
        fakes.MemoryLog(), fakes.MemoryAtomic(world), ids, cases,
    )  # fmt: skip


def _stored(request: pytest.FixtureRequest) -> Opened:
    made = open_home(request.getfixturevalue("home"))
    s = made.store
    return Opened(s.keys, made.blobs, s.arrivals, s.cases, s.outbox, s.log, s.atomic, made.ids, made)


@pytest.fixture(params=["memory", pytest.param("stored", marks=pytest.mark.stored)])
def ports(request: pytest.FixtureRequest) -> Opened:
    return _memory() if request.param == "memory" else _stored(request)


def code(error: pytest.ExceptionInfo[BadInput] | pytest.ExceptionInfo[BrokenInvariant]) -> str:
    value = error.value
    return value.problems[0].code if isinstance(value, BadInput) else value.problem.code


class TestKeys:
    """Case keys and tokens."""

    def test_a_key_comes_back_as_it_was_made(self, ports: Opened) -> None:
        ports.keys.create("0192f000-0000-7000-8000-00000000000a")
        first = ports.keys.get("0192f000-0000-7000-8000-00000000000a")
        ports.keys.create("0192f000-0000-7000-8000-00000000000a")
        assert ports.keys.get("0192f000-0000-7000-8000-00000000000a") == first
        assert len(first.data) == len(first.salt) == 32
        assert first.data != first.salt

    def test_two_cases_have_two_keys(self, ports: Opened) -> None:
        one, other = ports.ids.new_id(), ports.ids.new_id()
        ports.keys.create(one)
        ports.keys.create(other)
        assert ports.keys.get(one) != ports.keys.get(other)

    def test_an_unknown_case_has_no_key(self, ports: Opened) -> None:
        with pytest.raises(BadInput) as error:
            ports.keys.get(ports.ids.new_id())
        assert code(error) == "keys.case.missing"

    def test_a_token_depends_on_purpose_and_data(self, ports: Opened) -> None:
        tokens = {ports.keys.token(p, d) for p in ("fingerprint", "other") for d in (b"", b"a")}
        assert len(tokens) == 4
        assert ports.keys.token("fingerprint", b"a") == ports.keys.token("fingerprint", b"a")


class TestBlobs:
    """Papers."""

    def test_bytes_come_back(self, ports: Opened) -> None:
        case_id = ports.case()
        for data in (b"", b"%PDF-1.7", bytes(range(256)) * 100):
            address = ports.blobs.put(data, case_id)
            assert ports.blobs.put(data, case_id) == address
            assert ports.blobs.get(address, case_id) == data

    def test_the_same_paper_in_two_cases_outlives_either(self, ports: Opened) -> None:
        one, other = ports.case("0000000001"), ports.case("0000000002")
        address = ports.blobs.put(b"a paper", one)
        assert ports.blobs.put(b"a paper", other) == address
        ports.destroy(one)
        assert ports.blobs.get(address, other) == b"a paper"

    def test_a_paper_needs_its_case(self, ports: Opened) -> None:
        one, other = ports.case("0000000001"), ports.case("0000000002")
        address = ports.blobs.put(b"a paper", one)
        with pytest.raises(BrokenInvariant) as error:
            ports.blobs.get(address, other)
        assert code(error) == "blobs.file.missing"


def _arrival(ports: Opened, minutes: int = 0) -> Arrival:
    case_id = ports.ids.new_id()
    ports.keys.create(case_id)
    return Arrival(
        arrival_id=ports.ids.new_id(),
        case_id=case_id,
        blob="5b" * 32,
        filename="José Ejemplo.pdf",
        received_at=AT + timedelta(minutes=minutes),
        hints=Hints("labor", "ui-fraud", "email"),
    )


class TestArrivals:
    """The register of what came in."""

    def test_an_arrival_comes_back_as_it_was_logged(self, ports: Opened) -> None:
        arrival = _arrival(ports)
        ports.arrivals.log(arrival)
        assert ports.arrivals.get(arrival.arrival_id) == arrival

    def test_arrivals_are_listed_oldest_first_and_by_state(self, ports: Opened) -> None:
        late, early, settled = _arrival(ports, 2), _arrival(ports, 1), _arrival(ports, 0)
        for arrival in (late, early, settled):
            ports.arrivals.log(arrival)
        line = "message: this is not a message; send it again [intake.message.malformed]"
        ports.arrivals.settle(settled.arrival_id, ArrivalState.QUARANTINED, problem=line)
        assert list(ports.arrivals.in_state(ArrivalState.PENDING)) == [early, late]
        (found,) = ports.arrivals.in_state(ArrivalState.QUARANTINED)
        assert found == attrs.evolve(settled, state=ArrivalState.QUARANTINED, problem=line)

    def test_the_same_arrival_is_not_logged_twice(self, ports: Opened) -> None:
        arrival = _arrival(ports)
        ports.arrivals.log(arrival)
        with pytest.raises(BrokenInvariant) as error:
            ports.arrivals.log(arrival)
        assert code(error) == "intake.arrival.twice"

    def test_an_unknown_arrival_is_named_as_such(self, ports: Opened) -> None:
        for ask in (
            lambda: ports.arrivals.get("none"),
            lambda: ports.arrivals.settle("none", ArrivalState.CASE),
        ):
            with pytest.raises(BadInput) as error:
                ask()
            assert code(error) == "intake.arrival.unknown"

    def test_the_first_case_keeps_a_fingerprint(self, ports: Opened) -> None:
        assert ports.arrivals.case_of_fingerprint("f0" * 32) is None
        ports.arrivals.keep_fingerprint("f0" * 32, "one")
        ports.arrivals.keep_fingerprint("f0" * 32, "other")
        assert ports.arrivals.case_of_fingerprint("f0" * 32) == "one"


class TestCases:
    """Histories."""

    @pytest.mark.parametrize("text", ["", "\0", "a\0b", "\ud800", "x" * 500, "0000000001"])
    def test_what_names_no_row_is_unknown_whatever_it_is(self, ports: Opened, text: str) -> None:
        for ask, expected in (
            (ports.cases.by_ref, "case.ref.unknown"),
            (ports.arrivals.get, "intake.arrival.unknown"),
        ):
            with pytest.raises(BadInput) as error:
                ask(text)
            assert code(error) == expected

    def test_what_was_appended_is_what_is_read(self, ports: Opened) -> None:
        case_id = ports.ids.new_id()
        ports.keys.create(case_id)
        first = ports.cases.append(case_id, 0, [opening("0000000001", "a message with e\u0301")])
        rest = ports.cases.append(case_id, 1, [event(k, "0000000001") for k in REFUSED[1:]])
        assert ports.cases.history(case_id) == (*first, *rest)
        assert [r.seq for r in (*first, *rest)] == [1, 2, 3, 4, 5]
        case = ports.cases.load(case_id)
        assert case.state is CaseState.CLOSED
        assert case.request.message == "a message with é"
        assert ports.cases.by_ref("0000000001") == case_id
        assert ports.cases.entry_ids(case_id) == tuple(r.entry_id for r in (*first, *rest))

    def test_nothing_appended_changes_nothing(self, ports: Opened) -> None:
        case_id = ports.case()
        before = ports.cases.history(case_id)
        assert ports.cases.append(case_id, len(before), []) == ()
        assert ports.cases.history(case_id) == before

    @pytest.mark.parametrize("expected", [0, 1, 3, 4, 6])
    def test_a_writer_who_was_overtaken_is_refused(self, ports: Opened, expected: int) -> None:
        case_id = ports.case()
        before = ports.cases.history(case_id)
        with pytest.raises(BadInput) as error:
            ports.cases.append(case_id, expected, [repeat("0000000001")])
        assert code(error) == "case.version.conflict"
        assert ports.cases.history(case_id) == before

    def test_a_step_that_is_not_allowed_writes_nothing(self, ports: Opened) -> None:
        case_id = ports.case(kinds=REFUSED[:1])
        waiting = list(ports.outbox.waiting(100))
        with pytest.raises(BadInput) as error:
            ports.cases.append(
                case_id, 1, [event(E.INSTRUMENT_READ, "0000000001"), event(E.DISCLOSURE_MADE, "0000000001")]
            )
        assert code(error) == "workflow.event.not_allowed"
        assert len(ports.cases.history(case_id)) == 1
        assert list(ports.outbox.waiting(100)) == waiting

    def test_a_case_without_a_key_is_not_opened(self, ports: Opened) -> None:
        with pytest.raises(BadInput) as error:
            ports.cases.append(ports.ids.new_id(), 0, [event(E.REQUEST_RECEIVED, "0000000001")])
        assert code(error) == "keys.case.missing"

    def test_an_unknown_case_has_no_history(self, ports: Opened) -> None:
        assert ports.cases.history("none") == ()
        assert ports.cases.entry_ids("none") == ()
        for ask in (lambda: ports.cases.load("none"), lambda: ports.cases.by_ref("ZZZZZZZZZZ")):
            with pytest.raises(BadInput) as error:
                ask()
            assert code(error) == "case.ref.unknown"

    def test_a_destroyed_key_shuts_the_case_and_leaves_the_reporting_rows(self, ports: Opened) -> None:
        case_id = ports.case()
        entry_id = ports.cases.entry_ids(case_id)[0]
        entry = decode_entry(ports.outbox.waiting(1)[0].data)
        ports.destroy(case_id)
        for ask in (lambda: ports.cases.history(case_id), lambda: ports.openings(entry_id)):
            with pytest.raises(BadInput) as error:
                ask()
            assert code(error) == "keys.case.missing"
        row, salt = ports.outbox.row_opening(entry_id)
        (opened,) = [o for o in _openings_of_row(row_json(row), salt) if check_opening(entry, o)]
        assert opened.part is Part.STAT


def _openings_of_row(value: object, salt: bytes) -> list[Opening]:
    return [Opening(part, salt, value) for part in Part]


class TestOutbox:
    """Entries that wait."""

    def test_every_event_queues_the_entry_that_commits_to_it(self, ports: Opened) -> None:
        case_id = ports.case()
        history = ports.cases.history(case_id)
        waiting = ports.outbox.waiting(100)
        assert [q.entry_id for q in waiting] == [r.entry_id for r in history]
        for queued, recorded in zip(waiting, history, strict=True):
            entry = decode_entry(queued.data)
            openings = ports.openings(recorded.entry_id)
            assert entry.id == recorded.entry_id
            assert [o.part for o in openings] == list(Part)
            assert all(check_opening(entry, o) for o in openings)
            assert openings[0].value == row_json(recorded.event.row)
            assert openings[1].value == recorded.event.facts
            assert openings[2].value["private"] == recorded.event.private
            assert openings[2].value["actor"] == recorded.event.actor

    def test_the_oldest_wait_first_and_only_as_many_as_asked(self, ports: Opened) -> None:
        ports.case()
        every = ports.outbox.waiting(100)
        assert ports.outbox.waiting(2) == every[:2]
        assert [q.outbox_id for q in every] == sorted(q.outbox_id for q in every)

    def test_a_gap_in_what_was_sequenced_still_waits(self, ports: Opened) -> None:
        ports.case()
        every = ports.outbox.waiting(100)
        ports.outbox.sequenced([(every[0].outbox_id, 0), (every[2].outbox_id, 1)])
        assert list(ports.outbox.waiting(100)) == [every[1], *every[3:]]
        assert ports.outbox.index_of(every[2].entry_id) == 1
        assert ports.outbox.index_of(every[1].entry_id) is None

    def test_an_index_never_changes(self, ports: Opened) -> None:
        ports.case()
        first = ports.outbox.waiting(1)[0]
        ports.outbox.sequenced([(first.outbox_id, 0)])
        ports.outbox.sequenced([(first.outbox_id, 0)])
        with pytest.raises(BrokenInvariant) as error:
            ports.outbox.sequenced([(first.outbox_id, 7)])
        assert code(error) == "ledger.outbox.moved"
        assert ports.outbox.index_of(first.entry_id) == 0

    def test_reports_get_every_row_with_its_salt(self, ports: Opened) -> None:
        one, other = ports.case("0000000001"), ports.case("0000000002", REFUSED[:2])
        found = list(ports.outbox.entries_with_rows())
        assert [e for e, _, _ in found] == [*ports.cases.entry_ids(one), *ports.cases.entry_ids(other)]
        assert [r.kind for _, r, _ in found] == [*REFUSED, *REFUSED[:2]]
        assert {r.request_ref for _, r, _ in found} == {"0000000001", "0000000002"}
        assert len({salt for _, _, salt in found}) == len(found)

    def test_an_unknown_entry_is_named_as_such(self, ports: Opened) -> None:
        assert ports.outbox.index_of("none") is None
        for ask in (lambda: ports.outbox.row_opening("none"), lambda: ports.openings("none")):
            with pytest.raises(BadInput) as error:
                ask()
            assert code(error) == "ledger.entry.unknown"


ENTRIES_MADE = [f"entry {n}".encode() * (n % 5 + 1) for n in range(600)]


class TestLog:
    """The log."""

    def test_entries_get_gapless_indexes_in_the_order_given(self, ports: Opened) -> None:
        assert ports.log.size() == 0
        assert ports.log.append([(5, b"a"), (3, b"b")]) == [(5, 0), (3, 1)]
        assert ports.log.append([(4, b"c")]) == [(4, 2)]
        assert ports.log.size() == 3
        assert list(ports.log.entries(0, 3)) == [b"a", b"b", b"c"]
        assert list(ports.log.entries(1, 2)) == [b"b"]
        assert list(ports.log.leaf_hashes(0, 3)) == [leaf_hash(e) for e in (b"a", b"b", b"c")]
        assert ports.log.entry(1) == b"b"

    def test_appending_again_gives_the_same_index(self, ports: Opened) -> None:
        ports.log.append([(1, b"a"), (2, b"b")])
        assert ports.log.append([(2, b"b"), (3, b"c"), (1, b"a")]) == [(2, 1), (3, 2), (1, 0)]
        assert ports.log.size() == 3

    def test_another_entry_under_the_same_outbox_id_is_refused(self, ports: Opened) -> None:
        ports.log.append([(1, b"a")])
        with pytest.raises(BrokenInvariant) as error:
            ports.log.append([(2, b"b"), (1, b"other")])
        assert code(error) == "ledger.outbox.reused"

    def test_an_index_outside_the_log_is_unknown(self, ports: Opened) -> None:
        ports.log.append([(1, b"a")])
        for index in (-1, 1):
            with pytest.raises(BadInput) as error:
                ports.log.entry(index)
            assert code(error) == "ledger.entry.unknown"

    @pytest.mark.parametrize("batch", [600, 100])
    def test_tiles_and_bundles_are_those_of_the_entries(self, ports: Opened, batch: int) -> None:
        rows = list(enumerate(ENTRIES_MADE, 1))
        for at in range(0, len(rows), batch):
            ports.log.append(rows[at : at + batch])
        for path, data in log_files(ENTRIES_MADE):
            assert ports.log.read(parse_path(path)) == data, path

    def test_a_narrower_tile_is_the_front_of_a_wider_one(self, ports: Opened) -> None:
        ports.log.append(list(enumerate(ENTRIES_MADE[:300], 1)))
        whole = ports.log.read(Tile(0, 0)) or b""
        assert ports.log.read(Tile(0, 0, 10)) == whole[:320]
        assert len(whole) == 256 * 32
        assert ports.log.read(Tile(0, 1, 44)) is not None
        for tile in (Tile(0, 1, 45), Tile(0, 2, 1), Tile(1, 0, 2), Tile(ENTRIES, 1, 45), Tile(2, 0, 1)):
            assert ports.log.read(tile) is None

    def test_the_newest_checkpoint_is_kept(self, ports: Opened) -> None:
        assert ports.log.checkpoint() is None
        ports.log.add_checkpoint(1, "one")
        ports.log.add_checkpoint(3, "three")
        ports.log.add_checkpoint(3, "three again")
        assert ports.log.checkpoint() == "three again"
        with pytest.raises(BrokenInvariant) as error:
            ports.log.add_checkpoint(2, "two")
        assert code(error) == "ledger.checkpoint.contradicted"


class TestAtomic:
    """Transactions."""

    def test_all_of_it_or_nothing(self, ports: Opened) -> None:
        arrival = _arrival(ports)
        ports.arrivals.log(arrival)

        def half_an_intake() -> None:
            with ports.atomic():
                ports.cases.append(arrival.case_id, 0, [event(E.REQUEST_RECEIVED, "0000000001")])
                ports.arrivals.keep_fingerprint("f0" * 32, arrival.case_id)
                ports.arrivals.settle(arrival.arrival_id, ArrivalState.CASE)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            half_an_intake()
        assert ports.arrivals.get(arrival.arrival_id) == arrival
        assert ports.arrivals.case_of_fingerprint("f0" * 32) is None
        assert ports.cases.history(arrival.case_id) == ()
        assert not ports.outbox.waiting(100)

    def test_a_refusal_inside_spoils_only_itself_when_caught(self, ports: Opened) -> None:
        case_id = ports.case(kinds=REFUSED[:1])
        with ports.atomic():
            ports.cases.append(case_id, 1, [event(E.INSTRUMENT_READ, "0000000001")])
            with pytest.raises(BadInput):
                ports.cases.append(case_id, 1, [event(E.INSTRUMENT_READ, "0000000001")])
        assert len(ports.cases.history(case_id)) == 2
