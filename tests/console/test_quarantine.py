"""Quarantine on screen: who sees it, why it waits, how it is let out, and that its bytes are never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from habeas.domain.vocabulary import CaseState, Channel
from habeas.kernel.error_registry import REGISTRY
from habeas.usecases.ports import ArrivalState, Hints
from habeas.usecases.receive import receive
from tests.console.browser import in_each_look
from tests.console.office import at_once

if TYPE_CHECKING:
    from tests.console.conftest import Visit
    from tests.console.office import Office

CLERK, STRANGER, AUDITOR, ADMINISTRATOR = "w.tanaka", "s.okafor", "v.osei", "i.sorensen"
TOOL = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00"
FORM = b'{"schema": "habeas.intake.v1", "channel": "pigeon"}'
MAIL = (
    b"From: rowan@agency.example\r\nTo: nobody@nowhere.example\r\nMIME-Version: 1.0\r\n\r\nSend the file.\r\n"
)


def wait(
    office: Office,
    data: bytes = TOOL,
    *,
    custodian: str = "labor",
    unit: str = "ui-fraud",
    name: str = "a.exe",
) -> str:
    """Something that could not be taken in; its arrival's id."""
    hints = Hints(custodian, unit, "mail" if custodian else "")
    receipt = receive(office.desk.ports, data, name, hints=hints, actor="mailbox")
    assert receipt.state is ArrivalState.QUARANTINED
    return receipt.arrival_id


def let_out(office: Office, person: str, arrival: str, how: str, place: str = "labor/ui-fraud") -> Any:
    return office.client(person).post(f"/quarantine/{arrival}/out/", {"how": how, "place": place})


def test_nothing_waits(office: Office) -> None:
    assert "Nothing waits here" in office.client(CLERK).get("/quarantine/").content.decode()


def test_it_is_listed_for_its_agency_alone_and_its_name_is_not(office: Office) -> None:
    arrival = wait(office, name="kim example.exe")
    page = office.client(CLERK).get("/quarantine/").content.decode()
    assert f"/quarantine/{arrival}/" in page
    assert "We do not know this kind of file." in page
    assert "kim example" not in page
    assert arrival not in office.client(STRANGER).get("/quarantine/").content.decode()
    assert office.client(AUDITOR).get("/quarantine/").status_code == 403


@pytest.mark.parametrize("path", ["", "bytes", "out/"])
def test_another_agency_finds_nothing(office: Office, path: str) -> None:
    address = f"/quarantine/{wait(office)}/{path}"
    unknown = f"/quarantine/{'0' * 8}/{path}"
    client = office.client(STRANGER)
    assert client.get(address).status_code == client.get(unknown).status_code == 404
    assert client.post(address).status_code == client.post(unknown).status_code


def test_another_unit_finds_nothing(office: Office) -> None:
    arrival = wait(office, unit="labor-standards")
    assert office.client(CLERK).get(f"/quarantine/{arrival}/").status_code == 404
    assert office.client("m.reyes").get(f"/quarantine/{arrival}/").status_code == 200


def test_one_who_looks_at_it_is_noted(office: Office) -> None:
    arrival = wait(office, name="kim example.exe")
    page = office.client(CLERK).get(f"/quarantine/{arrival}/").content.decode()
    assert "kim example.exe" in page
    case_id = office.desk.ports.arrivals.get(arrival).case_id
    assert [(x.person, x.what) for x in office.desk.ports.views.of_case(case_id)] == [(CLERK, "case")]


def test_its_bytes_are_a_download_that_no_browser_opens(office: Office) -> None:
    arrival = wait(office, b"\x00\x01<script>alert(1)</script>\x02\x03", name='"; filename=evil.html')
    answer = office.client(CLERK).get(f"/quarantine/{arrival}/bytes")
    assert answer.content == b"\x00\x01<script>alert(1)</script>\x02\x03"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == f'attachment; filename="{arrival}.bin"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    case_id = office.desk.ports.arrivals.get(arrival).case_id
    assert [x.what for x in office.desk.ports.views.of_case(case_id)] == ["original"]


def test_personal_data_asks_for_a_recent_sign_in(office: Office) -> None:
    from django.test import Client

    arrival = wait(office)
    client = Client(SERVER_NAME="localhost")
    client.cookies["habeas_session"] = office.session(CLERK, ago=3 * 60 * 60)
    for path in ("", "bytes", "out/"):
        assert "reauthenticate" in client.get(f"/quarantine/{arrival}/{path}")["Location"]


def test_taken_as_a_paper_it_is_a_request_that_a_person_must_read(office: Office) -> None:
    from habeas.usecases.work import work_once

    arrival = wait(office)
    answer = let_out(office, CLERK, arrival, "paper")
    assert answer.status_code == 303
    assert answer["Location"] == f"/new/arrived/?a={arrival}"
    assert work_once(office.desk.ports, office.desk.store.jobs)
    case = office.desk.ports.cases.load(office.desk.ports.arrivals.get(arrival).linked_to)
    assert case.state is CaseState.READ
    assert case.request.channel is Channel.MAIL
    assert case.instrument is not None
    assert case.instrument.authority == "unreadable"
    assert office.client(CLERK).get(f"/quarantine/{arrival}/").status_code == 404


def test_tried_again_in_vain_it_stays_and_says_so(office: Office) -> None:
    arrival = wait(office, FORM, name="a.json")
    answer = let_out(office, CLERK, arrival, "again")
    assert answer.status_code == 422
    assert "still cannot be read" in answer.content.decode()
    assert office.desk.ports.arrivals.get(arrival).state is ArrivalState.QUARANTINED


def test_what_names_no_agency_is_an_administrators_to_place(office: Office) -> None:
    arrival = wait(office, MAIL, custodian="", unit="", name="a.eml")
    assert office.client(CLERK).get(f"/quarantine/{arrival}/").status_code == 404
    client = office.client(ADMINISTRATOR)
    assert "Sent to no agency" in client.get("/quarantine/").content.decode()
    assert "revenue/mv-investigations" in client.get(f"/quarantine/{arrival}/").content.decode()
    answer = let_out(office, ADMINISTRATOR, arrival, "again", "revenue/mv-investigations")
    assert answer["Location"] == "/quarantine/?out=1"
    case = office.desk.ports.cases.load(office.desk.ports.arrivals.get(arrival).linked_to)
    assert (case.custodian, case.unit) == ("revenue", "mv-investigations")


@pytest.mark.parametrize("place", ["", "revenue/mv-investigations", "labor/nowhere", "labor", "x/y/z"])
def test_it_goes_nowhere_but_to_its_agency(office: Office, place: str) -> None:
    arrival = wait(office)
    answer = let_out(office, CLERK, arrival, "paper", place)
    assert answer.status_code == 422
    assert 'href="#f-place"' in answer.content.decode()
    assert let_out(office, CLERK, arrival, "burn").status_code == 422
    assert office.desk.ports.arrivals.get(arrival).state is ArrivalState.QUARANTINED


def test_it_may_go_to_another_unit_that_then_has_it(office: Office) -> None:
    arrival = wait(office)
    answer = let_out(office, CLERK, arrival, "paper", "labor/labor-standards")
    page = office.client(CLERK).get(answer["Location"]).content.decode()
    assert "Other people work on it" in page
    assert "/cases/" not in page


def test_two_who_let_it_out_make_one_request(office: Office) -> None:
    arrival = wait(office)
    clients = [office.client(CLERK), office.client("k.lindqvist")]
    form = {"how": "paper", "place": "labor/ui-fraud"}
    answers = at_once(*(lambda c=c: c.post(f"/quarantine/{arrival}/out/", form) for c in clients))
    assert 303 in {a.status_code for a in answers}
    assert {a.status_code for a in answers} <= {303, 409}
    case_id = office.desk.ports.arrivals.get(arrival).linked_to
    assert len(office.desk.ports.cases.history(case_id)) == 1
    late = let_out(office, CLERK, arrival, "paper")
    assert late.status_code == 409
    assert "not here any more" in late.content.decode()


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_reason_is_said_in_plain_words(office: Office, language: str) -> None:
    from django.utils import translation

    from habeas.console.quarantine import why

    del office  # Django is set up
    with translation.override(language):
        other = why("")
        for code in REGISTRY:
            said = why(f"file: something; do something [{code}]")
            assert said
            if code.startswith(("intake.file.", "intake.form.", "intake.mail.", "intake.zip.", "json.")):
                assert said != other, code


@in_each_look
def test_quarantine_on_screen(office: Office, visit: Visit, size: str, language: str) -> None:
    with visit(CLERK, size=size, language=language) as visitor:
        visitor.go("/quarantine/")
        visitor.check()
        wait(office, name="a" * 110 + ".exe")
        page = visitor.go("/quarantine/")
        visitor.check()
        page.locator(".q-list a").click()
        page.locator("details").first.evaluate("one => { one.open = true; }")
        visitor.check()
        page.locator("form[data-upload] button").click()
        page.locator("#problems").wait_for()
        assert page.evaluate("document.activeElement.id") == "problems"
        visitor.said.clear()  # the browser itself notes a 422
        visitor.check()
        page.locator("label[for=how-paper]").click()
        page.locator("form[data-upload] button").click()
        page.locator(".n-status").wait_for()
        visitor.check()
