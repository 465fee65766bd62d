"""Receiving: bytes are kept before anything reads them, and nothing that arrived is lost or opened twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.domain import vocabulary as v
from habeas.kernel.errors import BadInput, bad
from habeas.usecases.ports import ArrivalState, Hints
from habeas.usecases.receive import receive, release, settle, settle_pending
from tests.core.usecases.desks import AT, check_world, form, hints, new_ports, world_of

if TYPE_CHECKING:
    from habeas.usecases.ports import Ports

MAIL = (
    b"From: Rowan Example <rowan@agency.example>\r\nTo: desk@labor.example\r\nSubject: wage records\r\n"
    b"Message-ID: <1@agency.example>\r\nMIME-Version: 1.0\r\n\r\nPlease send the records.\r\n"
)


def take(ports: Ports, data: bytes, **more: Any) -> Any:
    return receive(ports, data, "a.eml", actor="mailbox", **more)


def test_a_message_is_sorted_by_its_mailbox_and_opens_a_case() -> None:
    ports = new_ports()
    taken = take(ports, MAIL)
    case = ports.cases.load(taken.case_id)
    assert (taken.state, taken.request_ref) == (ArrivalState.CASE, case.request_ref)
    assert (case.request.holder.custodian, case.request.holder.unit) == ("labor", "desk")
    assert case.request.requester.officer.email == "rowan@agency.example"
    assert ports.arrivals.get(taken.arrival_id).linked_to == taken.case_id
    check_world(ports)


@given(st.binary(max_size=200) | st.sampled_from([MAIL, form(), b"%PDF-1.4 x", b"PK\x03\x04"]))
def test_whatever_arrives_is_kept_byte_for_byte_and_settled(data: bytes) -> None:
    ports = new_ports()
    taken = receive(ports, data, "x\x00/../\ud800\n.pdf", hints=hints("labor"), actor="mailbox")
    arrival = ports.arrivals.get(taken.arrival_id)
    assert ports.blobs.get(arrival.blob, arrival.case_id) == data
    assert arrival.state in (ArrivalState.CASE, ArrivalState.QUARANTINED)
    assert (arrival.state is ArrivalState.QUARANTINED) is bool(arrival.problem)
    assert arrival.filename.isprintable()
    check_world(ports)


@pytest.mark.parametrize(
    "again",
    [
        MAIL,
        MAIL.replace(b"<1@", b"<2@"),
        MAIL.replace(b"Subject: ", b"Subject: Re: "),
        MAIL.replace(b"MIME", b"Date: Mon, 14 Sep 2020 09:00:00 -0600\r\nMIME"),
    ],
)
def test_a_message_sent_again_is_linked_and_counted_apart(again: bytes) -> None:
    ports = new_ports()
    first, second = take(ports, MAIL), take(ports, again)
    assert (second.state, second.case_id) == (ArrivalState.REPEAT, first.case_id)
    assert second.request_ref == first.request_ref
    case = ports.cases.load(first.case_id)
    assert (case.repeats, case.version) == (1, 2)
    rows = [row for _, row, _ in ports.outbox.entries_with_rows()]
    assert [row.repeat for row in rows] == [False, True]
    assert len({row.request_ref for row in rows}) == 1
    own = ports.arrivals.get(second.arrival_id)
    assert ports.blobs.get(own.blob, own.case_id) == again
    check_world(ports)


@pytest.mark.parametrize(
    "other",
    [
        MAIL.replace(b"the records", b"other records"),
        MAIL.replace(b"rowan@", b"robin@"),
        MAIL.replace(b"wage records", b"tax records"),
    ],
)
def test_another_message_is_another_request(other: bytes) -> None:
    ports = new_ports()
    assert take(ports, MAIL).case_id != take(ports, other).case_id
    assert take(ports, other).state is ArrivalState.REPEAT


def test_the_same_bytes_at_two_agencies_are_two_requests() -> None:
    ports = new_ports()
    states = [
        receive(ports, b"Please send.", "a.txt", hints=hints(c), actor="x").state for c in ("labor", "vendor")
    ]
    assert states == [ArrivalState.CASE, ArrivalState.CASE]


def test_a_repeat_of_a_closed_or_decided_case_is_written_into_its_history() -> None:
    from habeas.domain.vocabulary import CaseState, Outcome
    from tests.core.usecases.desks import confirmed, decide

    ports = new_ports()
    case_id = confirmed(ports)
    decide(ports, case_id, Outcome.REFUSE)
    assert receive(ports, form(), "again.json", actor="desk").state is ArrivalState.REPEAT
    case = ports.cases.load(case_id)
    assert (case.repeats, case.state) == (1, CaseState.DECIDED)
    assert case.outcome("1") is Outcome.REFUSE


@pytest.mark.parametrize(
    ("data", "given", "code"),
    [
        (b"", Hints("labor"), "intake.file.empty"),
        (b"\x00\x01\x02" * 50, Hints("labor"), "intake.file.unknown_kind"),
        (b"Please send.", Hints(), "intake.holder.unknown"),
        (b"Please send.", Hints("nobody"), "directory.custodian.unknown"),
        (b"Please send.", Hints("labor", "cellar"), "intake.unit.unknown"),
        (form("nobody"), Hints(), "directory.custodian.unknown"),
        (b'{"schema":"habeas.intake.v1","channel":"owl"}', Hints("labor"), "intake.form.unknown_word"),
    ],
)
def test_what_cannot_be_taken_in_waits_in_quarantine_with_the_reason(
    data: bytes, given: Hints, code: str
) -> None:
    ports = new_ports()
    taken = receive(ports, data, "a", hints=given, actor="mailbox")
    assert taken.state is ArrivalState.QUARANTINED
    assert taken.problem.endswith(f"[{code}]")
    (waiting,) = ports.arrivals.in_state(ArrivalState.QUARANTINED)
    assert waiting.problem == taken.problem
    assert not world_of(ports).events


def test_a_form_received_in_the_first_year_of_the_calendar_is_quarantined() -> None:
    """Its legal date would lie before year 1."""
    taken = receive(new_ports(), form(received_at="0001-01-01T00:00:00Z"), "a.json", actor="desk")
    assert taken.state is ArrivalState.QUARANTINED
    assert taken.problem.endswith("[time.instant.invalid]")


@pytest.mark.parametrize(
    ("stated", "wanted"), [("2020-08-31T20:00:00Z", "2020-08"), ("2020-09-15T10:00:00Z", "2020-09")]
)
def test_a_request_counts_from_when_it_reached_the_agency_if_the_desk_says_earlier(
    stated: str, wanted: str
) -> None:
    ports = new_ports()
    taken = receive(ports, form(received_at=stated), "a.json", actor="desk")
    case = ports.cases.load(taken.case_id)
    assert case.row.month == wanted
    assert case.request.received_at <= AT


def test_a_quarantined_arrival_is_tried_again_with_what_a_person_knows() -> None:
    ports = new_ports()
    taken = receive(ports, b"Please send.", "a.txt", actor="mailbox")
    assert taken.state is ArrivalState.QUARANTINED
    done = release(ports, taken.arrival_id, hints=hints("labor"), as_paper=False, actor="c.clerk")
    assert done.state is ArrivalState.CASE
    case = ports.cases.load(done.case_id)
    assert case.request.message == "Please send."
    assert case.request.received_at == AT
    assert not ports.arrivals.in_state(ArrivalState.QUARANTINED)


def test_bytes_of_no_kind_are_taken_as_a_paper_when_a_person_says_so() -> None:
    ports, data = new_ports(), b"\x00\x01\x02" * 50
    taken = receive(ports, data, "a.bin", hints=hints("labor"), actor="mailbox")
    again = release(ports, taken.arrival_id, hints=Hints(), as_paper=False, actor="c.clerk")
    assert again.state is ArrivalState.QUARANTINED
    done = release(ports, taken.arrival_id, hints=Hints(channel="fax"), as_paper=True, actor="c.clerk")
    case = ports.cases.load(done.case_id)
    (paper,) = case.request.attachments
    assert ports.blobs.get(paper.blob, done.case_id) == data
    assert case.request.channel is v.Channel.FAX


def test_only_what_is_in_quarantine_is_released() -> None:
    ports = new_ports()
    taken = take(ports, MAIL)
    with pytest.raises(BadInput, match=r"intake\.arrival\.not_quarantined"):
        release(ports, taken.arrival_id, hints=Hints(), as_paper=True, actor="c.clerk")
    with pytest.raises(BadInput, match=r"intake\.arrival\.unknown"):
        release(ports, "nothing", hints=Hints(), as_paper=True, actor="c.clerk")


def test_an_arrival_settled_by_two_at_once_is_no_repeat_of_itself() -> None:
    ports = new_ports()
    taken = receive(ports, b"\x00\x01\x02" * 50, "a.bin", hints=hints("labor"), actor="mailbox")
    waiting = ports.arrivals.get(taken.arrival_id)
    done = release(ports, taken.arrival_id, hints=Hints(), as_paper=True, actor="c.clerk")
    settled = ports.arrivals.get(taken.arrival_id)
    with pytest.raises(BadInput, match=r"case\.version\.conflict"):
        settle(ports, waiting, actor="machine", as_paper=True)
    assert ports.arrivals.get(taken.arrival_id) == settled
    assert ports.cases.load(done.case_id).version == 1
    check_world(ports)


def failing(cases: Any, code: str) -> Any:
    """Cases on a disk that is full, or under another writer's hands."""

    class Failing(type(cases)):  # type: ignore[misc]  # a fake of the fake's own class
        def append(self, *_: object) -> None:
            raise bad(code, "database")

    return Failing(cases.world, cases.keys, cases.ids)


@pytest.mark.parametrize("code", ["store.disk.full", "store.database.busy", "case.version.conflict"])
def test_a_disk_or_another_writer_leaves_an_arrival_pending_never_quarantined(code: str) -> None:
    ports = new_ports()
    with pytest.raises(BadInput, match=code):
        take(attrs.evolve(ports, cases=failing(ports.cases, code)), MAIL)
    (waiting,) = ports.arrivals.in_state(ArrivalState.PENDING)
    assert ports.blobs.get(waiting.blob, waiting.case_id) == MAIL
    assert ports.arrivals.case_of_fingerprint(next(iter(world_of(ports).fingerprints), "")) is None
    (done,) = settle_pending(ports, actor="cli")
    assert (done.state, done.case_id) == (ArrivalState.CASE, waiting.case_id)
    assert take(ports, MAIL).state is ArrivalState.REPEAT


def test_a_row_about_a_request_holds_no_word_of_it() -> None:
    ports = new_ports()
    take(ports, MAIL)
    ((_, row, _),) = ports.outbox.entries_with_rows()
    assert (row.month, row.channel, row.custodian, row.days) == ("2020-09", "email", "labor", None)
    assert "rowan" not in str(row).lower()
    assert "wage" not in str(row)
