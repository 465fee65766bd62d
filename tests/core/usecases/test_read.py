"""Reading a case: every paper in turn, statements meeting cautiously, nothing decided, nothing skipped."""

from __future__ import annotations

import pytest

from habeas.domain import vocabulary as v
from habeas.domain.vocabulary import CaseState
from habeas.usecases.ports import Hints
from habeas.usecases.read import read
from habeas.usecases.receive import receive, release
from tests.core.usecases.desks import check_world, form, new_ports, opened
from tests.core.usecases.papers import drawn, mail

CRIMINAL = "We request employment records in support of an active criminal investigation."
CIVIL = "This is no criminal matter. We request employment records for civil immigration enforcement."


def test_a_message_without_papers_says_so_and_is_read_by_the_machine() -> None:
    ports = new_ports()
    case = ports.cases.load(opened(ports, mail(CRIMINAL)))
    assert case.state is CaseState.READ
    assert case.facts.value("paper_authority") == "none"
    assert case.instrument is None
    assert case.facts.value("criminal_investigation") == "yes"
    assert {f.reading for f in case.facts.facts.values()} == {v.Reading.MACHINE}
    assert case.facts["criminal_investigation"].source is v.Source.REQUESTER
    check_world(ports)


def test_what_a_desk_knows_itself_is_its_own_word() -> None:
    ports = new_ports()
    case = ports.cases.load(opened(ports))
    assert case.facts["custodian_kind"].source is v.Source.CUSTODIAN
    assert case.facts.value("motion_to_quash") == "not_filed"
    assert case.facts_of("1").value("system_excluded") == "no"


def test_the_most_cautious_paper_speaks_and_each_is_kept() -> None:
    ports = new_ports()
    case = ports.cases.load(opened(ports, mail(CRIMINAL, drawn("ao93"), drawn("i138"))))
    assert case.read is not None
    assert len(case.read.papers) == 2
    assert case.instrument is not None
    assert case.instrument.authority is v.Authority.ADMINISTRATIVE


@pytest.mark.parametrize(
    "damaged",
    [b"%PDF-1.7\n" + b"\xff" * 400, b"%PDF-1.4\nJos\xc3\xa9 Ejemplo\n%%EOF\n"],
)
def test_a_paper_that_cannot_be_read_is_unreadable_and_stops_no_other(damaged: bytes) -> None:
    ports = new_ports()
    case = ports.cases.load(opened(ports, mail(CRIMINAL, damaged, drawn("ao93"))))
    assert case.read is not None
    first, second = case.read.papers
    assert [i.authority for i in first.instruments] == [v.Authority.UNREADABLE]
    assert first.problem
    assert "Ejemplo" not in first.problem
    assert [i.authority for i in second.instruments] == [v.Authority.JUDICIAL]
    assert case.instrument is not None
    assert case.instrument.authority is v.Authority.UNREADABLE
    assert not case.facts["paper_authority"].known


def test_a_paper_whose_text_cannot_be_kept_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text layer may hold what no stored text may: here, marks piled on one letter."""
    from habeas.intake.reading.claims import Claims
    from habeas.intake.reading.document import Reading
    from habeas.usecases import read as module

    piled = Claims(case_number="a" + "\u0316" * 500)
    monkeypatch.setattr(module, "read_document", lambda *_, **__: Reading((), (piled,), 1))
    ports = new_ports()
    case = ports.cases.load(opened(ports, mail(CRIMINAL, drawn("ao93"))))
    assert case.read is not None
    assert case.read.papers[0].problem.endswith("[json.text.piled_marks]")


def test_contradictions_between_three_voices_stay_contradictions(monkeypatch: pytest.MonkeyPatch) -> None:
    from habeas.domain.facts import Fact, FactSet
    from habeas.intake.reading.claims import Claims
    from habeas.intake.reading.document import Reading
    from habeas.usecases import read as module

    said = iter(["no", "yes"])

    def reading(*_: object, **__: object) -> Reading:
        fact = Fact(next(said), v.Source.REQUESTER, v.Reading.MACHINE)
        return Reading((), (Claims(FactSet({"criminal_investigation": fact})),), 1)

    monkeypatch.setattr(module, "read_document", reading)
    ports = new_ports()
    case = ports.cases.load(opened(ports, mail(CRIMINAL, drawn("ao93"), drawn("i138"))))
    assert not case.facts["criminal_investigation"].known


def test_what_a_form_lists_is_asked_for_and_nothing_else() -> None:
    ports = new_ports()
    data = form(items=("contact", "tax"), message="Please send wages, photographs and everything else.")
    case = ports.cases.load(opened(ports, data))
    assert [str(i.category) for i in case.items] == ["contact", "tax"]
    assert [i.system for i in case.items] == ["contact-records", ""]


def test_a_request_that_names_nothing_is_one_item_for_a_person() -> None:
    ports = new_ports()
    case = ports.cases.load(opened(ports, mail("Hello. Please call me back.", subject="A question")))
    assert [(i.item_id, i.category) for i in case.items] == [("1", v.DataCategory.UNKNOWN)]


def test_bytes_taken_as_a_paper_are_unreadable_until_a_person_looks() -> None:
    ports = new_ports()
    taken = receive(ports, b"\x00\x01\x02" * 50, "a.bin", hints=Hints("labor"), actor="x")
    done = release(ports, taken.arrival_id, hints=Hints(), as_paper=True, actor="c.clerk")
    read(ports, done.case_id, actor="machine")
    case = ports.cases.load(done.case_id)
    assert case.instrument is not None
    assert case.instrument.authority is v.Authority.UNREADABLE


def test_reading_again_supersedes_and_loses_nothing() -> None:
    ports = new_ports()
    case_id = opened(ports, mail(CRIMINAL, drawn("i138")))
    before = ports.cases.load(case_id)
    read(ports, case_id, actor="machine")
    after = ports.cases.load(case_id)
    assert (after.version, after.facts, after.read) == (before.version + 1, before.facts, before.read)


def test_the_row_of_a_reading_names_the_paper_and_the_purpose_in_closed_words() -> None:
    ports = new_ports()
    case = ports.cases.load(opened(ports, mail(CIVIL, drawn("i138"))))
    assert (case.row.paper_authority, case.row.paper_kind) == ("administrative", "i138")
    assert case.row.component.organisation is v.Organisation.DHS
    assert case.row.purpose in (v.PurposeClass.CIVIL_IMMIGRATION, v.PurposeClass.MIXED)
    assert case.row.subjects is v.SubjectsBand.ONE
