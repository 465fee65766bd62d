"""`habeas worker`: what was taken in is read, and a second look finds nothing left to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from habeas.adapters.beats import Beat, Beats
from habeas.domain.vocabulary import CaseState
from tests.flows.office import AT, a_mail

if TYPE_CHECKING:
    from tests.flows.office import Office


def test_a_request_that_was_only_taken_in_is_read_once(office: Office) -> None:
    from habeas.usecases.receive import receive

    ports = office.desk().ports
    taken = receive(ports, a_mail(), "request.eml", actor="mailbox", received_at=AT)
    assert ports.cases.load(taken.case_id).state is CaseState.RECEIVED
    assert office.ok("worker", "--once", "--json").json == {"jobs": 1}
    case = office.desk().ports.cases.load(taken.case_id)
    assert case.state is CaseState.READ
    assert case.read is not None
    assert case.read.papers
    assert office.ok("worker", "--once").out == "0 jobs done\n"


def test_a_worker_leaves_a_sign_of_life(office: Office) -> None:
    office.ok("worker", "--once")
    last = Beats(office.home, "worker").last()
    assert last is not None
    assert last[0] is Beat.WAITING


def test_a_sequencer_leaves_a_sign_of_life(office: Office) -> None:
    office.ok("sequencer", "--once")
    last = Beats(office.home, "sequencer").last()
    assert last is not None
    assert last[0] is Beat.WAITING
