"""A new request on screen: files and short forms come in by the one door, and are told in a verdict."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from habeas.domain.vocabulary import CaseState, Channel, DataCategory, SubjectsBand
from tests.console.browser import in_each_look
from tests.console.office import NOW, at_once, delivery

if TYPE_CHECKING:
    from django.test import Client

    from habeas.domain.case import Case
    from tests.console.conftest import Visit
    from tests.console.office import Office

CLERK = "w.tanaka"
"""A clerk of one unit."""

REVIEWER = "m.reyes"
"""Somebody of two units, who has to choose one."""

AUDITOR, ADMINISTRATOR, ELSEWHERE = "v.osei", "i.sorensen", "s.okafor"
HOSTILE = "<img src=x onerror=alert(1)>.pdf"


def mail(number: int = 12, at: str = "10-14 16:00") -> bytes:
    """A message of the demonstration that no office has yet."""
    return delivery(number, at).data


def paper(number: int = 12, at: str = "10-14 16:00") -> bytes:
    """The first paper of such a message."""
    from habeas.intake.parse import parse

    return next(
        p.data for p in parse(mail(number, at), "a.eml", NOW).papers if p.media_type == "application/pdf"
    )


def upload(data: bytes, name: str = "request.eml") -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


def put_in(client: Client, *files: io.BytesIO, **fields: str) -> Any:
    return client.post("/new/files/", {"files": list(files), "unit": "ui-fraud", **fields})


def arrivals(answer: Any) -> list[str]:
    """The arrivals that a page was told to wait for."""
    assert answer.status_code == 303, answer.content.decode()
    return parse_qs(urlsplit(answer["Location"]).query)["a"]


def the_case(office: Office, answer: Any) -> Case:
    """The case of the only arrival."""
    ports = office.desk.ports
    (arrival_id,) = arrivals(answer)
    return ports.cases.load(ports.arrivals.get(arrival_id).linked_to)


def work(office: Office) -> int:
    """What the worker would do; how many jobs there were."""
    from habeas.usecases.work import work_once

    done = 0
    while work_once(office.desk.ports, office.desk.store.jobs):
        done += 1
    return done


# ------------------------------------------------------------------------------------- first words


@pytest.mark.parametrize(
    "path", ["/new/", "/new/phone/", "/new/walk-in/", "/new/fax/", "/new/mail/", "/new/portal/"]
)
def test_the_first_words_are_to_hand_nothing_over(office: Office, path: str) -> None:
    page = office.client(CLERK).get(path).content.decode()
    words = "Hand nothing over. Take the paper. Call (303) 555-0149."
    assert words in page
    assert page.index(words) < page.index("<h1")


def test_a_caller_is_told_where_to_write(office: Office) -> None:
    assert "ui-fraud@labor.state.example" in office.client(CLERK).get("/new/phone/").content.decode()


@pytest.mark.parametrize("person", [AUDITOR, ADMINISTRATOR])
def test_who_only_looks_logs_nothing(office: Office, person: str) -> None:
    client = office.client(person)
    assert client.get("/new/").status_code == 403
    assert put_in(client, upload(mail())).status_code == 403
    assert client.post("/new/phone/send/", {"unit": "ui-fraud"}).status_code == 403


def test_a_way_that_is_none_is_not_there(office: Office) -> None:
    assert office.client(CLERK).get("/new/pigeon/").status_code == 404
    assert office.client(CLERK).post("/new/pigeon/send/").status_code == 404


def test_going_back_to_the_answer_of_a_form_leads_to_the_form(office: Office) -> None:
    client = office.client(CLERK)
    assert client.get("/new/files/")["Location"] == "/new/"
    assert client.get("/new/fax/send/")["Location"] == "/new/fax/"


# ------------------------------------------------------------------------------------------- files


def test_an_email_becomes_a_request_that_waits_for_its_reading(office: Office) -> None:
    client = office.client(CLERK)
    answer = put_in(client, upload(mail()))
    case = the_case(office, answer)
    assert (case.custodian, case.unit, case.state) == ("labor", "ui-fraud", CaseState.RECEIVED)
    assert case.request.channel is Channel.EMAIL
    waits = client.get(answer["Location"]).content.decode()
    assert case.request_ref in waits
    assert "are being read" in waits
    assert work(office) == 1
    assert client.get(answer["Location"])["Location"] == f"/cases/{case.request_ref}/"


def test_who_brought_it_in_stands_in_the_history(office: Office) -> None:
    case = the_case(office, put_in(office.client(CLERK), upload(mail())))
    assert office.desk.ports.cases.history(case.case_id)[0].event.actor == CLERK


def test_the_page_that_waits_is_told_only_what_is_new(office: Office) -> None:
    client = office.client(CLERK)
    (arrival,) = arrivals(put_in(client, upload(mail())))
    asked = f"/new/{arrival}/progress/?was=reading&alone=1"
    assert client.get(asked).status_code == 204
    office.clock.set(NOW + timedelta(seconds=7))
    waiting = client.get(asked).content.decode()
    assert "has to wait" in waiting
    assert "/cases/" in waiting
    work(office)
    assert client.get(asked)["HX-Redirect"].startswith("/cases/")
    assert "and read" in client.get(f"/new/{arrival}/progress/?was=reading").content.decode()


def test_several_files_are_one_request_or_one_each(office: Office) -> None:
    client = office.client(CLERK)
    two = (paper(12), paper(26))
    together = put_in(
        client, *(upload(d, f"{n}.pdf") for n, d in enumerate(two)), together="yes", channel="fax"
    )
    case = the_case(office, together)
    assert case.request.channel is Channel.FAX
    assert [a.filename for a in case.request.attachments] == ["0.pdf", "1.pdf"]
    apart = put_in(client, *(upload(d, f"{n}.pdf") for n, d in enumerate(two)), together="no")
    assert len(arrivals(apart)) == 2
    assert work(office) == 3
    page = client.get(apart["Location"])
    assert page.status_code == 200
    assert page.content.decode().count("and read") == 2


def test_what_was_sent_before_is_linked_and_said(office: Office) -> None:
    client = office.client(CLERK)
    first = the_case(office, put_in(client, upload(mail())))
    again = client.get(put_in(client, upload(mail()))["Location"]).content.decode()
    assert "sent before" in again
    assert f"/cases/{first.request_ref}/" in again
    assert office.desk.ports.cases.load(first.case_id).repeats == 1


def test_a_repeat_of_what_one_may_not_see_names_no_request(office: Office) -> None:
    from habeas.usecases.seal import seal

    first = the_case(office, put_in(office.client(CLERK), upload(mail())))
    seal(
        office.desk.ports,
        first.case_id,
        office.person("t.abara"),
        ("t.abara",),
        "a judge asked for it",
        expected_version=first.version,
    )
    again = office.client(CLERK).get(put_in(office.client(CLERK), upload(mail()))["Location"])
    assert first.request_ref not in again.content.decode()
    assert "Other people work on it" in again.content.decode()


def test_nobody_logs_into_another_unit_or_agency(office: Office) -> None:
    client, before = office.client(CLERK), came_in(office)
    for unit in ("labor-standards", "mv-investigations", "", "nowhere"):
        answer = client.post("/new/files/", {"files": [upload(mail())], "unit": unit})
        assert answer.status_code == 422
        assert client.post("/new/phone/send/", {"unit": unit, "when": "2020-10-15T09:00"}).status_code == 422
    assert came_in(office) == before


def came_in(office: Office) -> int:
    """How much has come in so far."""
    from habeas.usecases.ports import ArrivalState

    return sum(len(office.desk.ports.arrivals.in_state(state)) for state in ArrivalState)


def test_somebody_of_two_units_chooses_and_is_remembered(office: Office) -> None:
    client = office.client(REVIEWER)
    assert 'type="radio" name="unit"' in client.get("/new/").content.decode()
    assert client.post("/new/files/", {"files": [upload(mail())]}).status_code == 422
    answer = put_in(client, upload(mail()), unit="labor-standards")
    assert the_case(office, answer).unit == "labor-standards"
    assert 'value="labor-standards" checked' in client.get("/new/").content.decode()


def test_another_agency_cannot_ask_what_arrived(office: Office) -> None:
    (arrival,) = arrivals(put_in(office.client(CLERK), upload(mail())))
    stranger = office.client(ELSEWHERE)
    assert stranger.get(f"/new/arrived/?a={arrival}").status_code == 404
    assert stranger.get(f"/new/{arrival}/progress/").status_code == 404
    assert stranger.get("/new/arrived/?a=nothing").status_code == 404
    assert stranger.get("/new/arrived/").status_code == 404


# ------------------------------------------------------------------------------------------ limits


def test_a_body_above_the_limit_is_refused_unread(office: Office) -> None:
    class Unread(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise AssertionError(f"{size} bytes of it were read")

    client = office.client(CLERK)
    extra: Any = {"CONTENT_LENGTH": str(52 * 1024 * 1024), "wsgi.input": Unread()}
    answer = client.generic(
        "POST",
        "/new/files/",
        b"",
        content_type="multipart/form-data; boundary=b",
        **extra,
    )
    assert answer.status_code == 413
    assert "too large" in answer.content.decode()


def test_a_form_from_elsewhere_is_refused(office: Office) -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    client.cookies["habeas_session"] = office.session(CLERK)
    assert put_in(client, upload(mail())).status_code == 403
    assert client.post("/new/phone/send/", {"unit": "ui-fraud"}).status_code == 403


def test_too_many_files_none_and_empty_ones_are_told(office: Office) -> None:
    client = office.client(CLERK)
    many = put_in(client, *(upload(b"a", f"{n}.txt") for n in range(21)))
    assert "Choose 20 files at most" in many.content.decode()
    assert "Choose at least one file" in client.post("/new/files/", {"unit": "ui-fraud"}).content.decode()
    assert "is empty" in put_in(client, upload(b"")).content.decode()
    assert "from the list" in put_in(client, upload(mail()), channel="pigeon").content.decode()


def test_papers_above_the_limit_of_one_request_are_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("habeas.console.new_request.LIMIT_DECODED", 1_000)
    answer = put_in(
        office.client(CLERK), upload(b"a" * 600, "a.txt"), upload(b"b" * 600, "b.txt"), together="yes"
    )
    assert answer.status_code == 422
    apart = put_in(
        office.client(CLERK), upload(b"a" * 600, "a.txt"), upload(b"b" * 600, "b.txt"), together="no"
    )
    assert apart.status_code == 303


def test_what_is_no_request_is_kept_in_quarantine(office: Office) -> None:
    client = office.client(CLERK)
    answer = put_in(client, upload(b"MZ\x90\x00\x03\x00\x00\x00\x04\x00", "tool.exe"))
    page = client.get(answer["Location"]).content.decode()
    assert "could not be taken in" in page
    assert f"/quarantine/{arrivals(answer)[0]}/" in page


def test_a_hostile_file_name_is_never_markup(office: Office) -> None:
    client = office.client(CLERK)
    answer = put_in(client, upload(b"\x00\x01\x02\x03" * 9, HOSTILE))
    page = client.get(f"/quarantine/{arrivals(answer)[0]}/").content.decode()
    assert "<img src=x" not in page
    case = the_case(office, put_in(client, upload(paper(), HOSTILE)))
    assert "<" not in case.request.attachments[0].filename


def test_the_same_file_from_two_windows_at_once_is_one_request(office: Office) -> None:
    data, clients = mail(), (office.client(CLERK), office.client(CLERK))
    answers = at_once(*(lambda c=c: put_in(c, upload(data)) for c in clients))
    ports = office.desk.ports
    assert {a.status_code for a in answers} <= {303, 503}
    work(office)
    opened = {ports.arrivals.get(i).linked_to for a in answers if a.status_code == 303 for i in arrivals(a)}
    assert len(opened) == 1


# ------------------------------------------------------------------------------------- short forms


def send(client: Client, way: str, **fields: Any) -> Any:
    return client.post(f"/new/{way}/send/", {"unit": "ui-fraud", "when": "2020-10-15T12:30", **fields})


def test_a_call_of_which_nothing_is_known_is_logged_and_read_at_once(office: Office) -> None:
    client = office.client(CLERK)
    answer = send(client, "phone", component="ice_other", message="Somebody from ICE asked about a person.")
    case = the_case(office, answer)
    assert case.state is CaseState.READ
    assert case.request.channel is Channel.PHONE
    assert case.request.received_at.isoformat() == "2020-10-15T18:30:00+00:00"
    assert work(office) == 0
    assert client.get(answer["Location"])["Location"] == f"/cases/{case.request_ref}/"


@pytest.mark.parametrize(
    ("way", "channel"),
    [("phone", "phone"), ("walk-in", "in_person"), ("fax", "fax"), ("mail", "mail"), ("portal", "portal")],
)
def test_every_field_of_every_form_arrives(office: Office, way: str, channel: str) -> None:
    fields: dict[str, Any] = {
        "component": "ice_hsi",
        "organisation": "Denver office",
        "officer": "Rowan Example",
        "title": "Special Agent",
        "badge": "0000",
        "phone": "303-555-0142",
        "email": "rowan@agency.example",
        "address": "1 Example Street",
        "item_2": "ui_wage",
        "words_2": "wages since 2019",
        "words_4": "everything else",
        "whom": "several",
        "names": "Alex Example\r\n\r\n Kim Example \r\n",
        "immigration_purpose": "part",
        "criminal_investigation": "yes",
        "crime_in_progress": "no",
        "offense": "other",
        "program_duty": "no",
        "emergency": "no",
        "statute": "18 U.S.C. 1546",
        "case_number": "EX-1",
        "message": "line one\r\nline two",
        "instructed": "the director",
    }
    if way != "phone":
        fields |= {"served": "the front desk", "papers": upload(paper(), "warrant.pdf")}
    case = the_case(office, send(office.client(CLERK), way, **fields))
    request = case.request
    officer = request.requester.officer
    assert request.channel == channel
    assert (officer.name, officer.badge, officer.phone, officer.address) == (
        "Rowan Example", "0000", "303-555-0142", "1 Example Street",
    )  # fmt: skip
    assert [(i.category, i.description) for i in request.items] == [
        (DataCategory.UI_WAGE, "wages since 2019"),
        (DataCategory.UNKNOWN, "everything else"),
    ]
    assert [s.name for s in request.subjects] == ["Alex Example", "Kim Example"]
    assert {n: f.value for n, f in request.claims.facts.items()} == {
        name: fields[name]
        for name in (
            "immigration_purpose", "criminal_investigation", "crime_in_progress",
            "offense", "program_duty", "emergency",
        )
    }  # fmt: skip
    assert (request.offense_statute, request.case_number, request.instructed_by) == (
        "18 U.S.C. 1546", "EX-1", "the director",
    )  # fmt: skip
    assert request.message == "line one\nline two"
    assert request.holder.served_on == ("" if way == "phone" else "the front desk")
    assert [a.filename for a in request.attachments] == ([] if way == "phone" else ["warrant.pdf"])


@pytest.mark.parametrize(
    ("whom", "names", "band"),
    [
        ("list", "", SubjectsBand.BULK),
        ("list", "Alex Example", SubjectsBand.BULK),
        ("one", "", SubjectsBand.ONE),
        ("not_said", "", SubjectsBand.UNKNOWN),
        ("several", "", SubjectsBand.UNKNOWN),
        ("one", "Alex Example\nKim Example", SubjectsBand.FEW),
    ],
)
def test_a_list_stays_a_list_and_silence_stays_unknown(
    office: Office, whom: str, names: str, band: SubjectsBand
) -> None:
    case = the_case(office, send(office.client(CLERK), "phone", whom=whom, names=names))
    assert case.request.subjects_band is band


def test_a_form_sent_twice_is_one_request_and_two_calls_in_a_minute_are_two(office: Office) -> None:
    client = office.client(CLERK)
    first = the_case(office, send(client, "phone", opened="10"))
    assert the_case(office, send(client, "phone", opened="10")).case_id == first.case_id
    assert the_case(office, send(client, "phone", opened="11")).case_id != first.case_id


def test_what_is_wrong_is_told_at_its_field_and_the_rest_is_kept(office: Office) -> None:
    answer = send(office.client(CLERK), "fax", papers=upload(b"", "a.pdf"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-papers"' in page
    answer = send(
        office.client(CLERK), "fax", officer="Rowan " * 100, words_3="w" * 4_001, component="x", names="Alex"
    )
    page = answer.content.decode()
    for field in ("officer", "words_3", "component"):
        assert f'href="#f-{field}"' in page, field
        assert f'id="e-{field}"' in page
        assert f'aria-describedby="e-{field}"' in page
    assert ">Alex</textarea>" in page
    assert "This is too long: 300 letters at most." in page
    assert (
        page.index('href="#f-component"') < page.index('href="#f-officer"') < page.index('href="#f-words_3"')
    )
    later = send(office.client(CLERK), "fax", when="2020-10-19T09:00").content.decode()
    assert "has not come yet" in later
    assert "Give the day and the time" in send(office.client(CLERK), "fax", when="soon").content.decode()


def test_no_word_a_person_typed_breaks_the_form(office: Office) -> None:
    nasty = "a\x00b\u202ec\x1b[1m" + "e" + "\u0301" * 40 + "\ud83d\ude00</textarea><script>"
    nasty = nasty.encode("utf-8", "replace").decode()
    case = the_case(office, send(office.client(CLERK), "phone", message=nasty, officer=nasty, names=nasty))
    assert "\x00" not in case.request.message
    refused = send(office.client(CLERK), "phone", message=nasty, when="x").content.decode()
    assert "</textarea><script>" not in refused


# ------------------------------------------------------------------------------------------ on screen


@in_each_look
def test_a_paper_dropped_is_read_and_told(
    office: Office, visit: Visit, tmp_path: Path, size: str, language: str
) -> None:
    import threading

    file = tmp_path / "paper.eml"
    file.write_bytes(mail())
    stop = threading.Event()

    def worker() -> None:
        from django.db import connections

        while not stop.is_set():
            work(office)
            stop.wait(0.2)
        connections.close_all()

    thread = threading.Thread(target=worker)
    thread.start()
    try:
        with visit(CLERK, size=size, language=language) as visitor:
            page = visitor.go("/new/")
            visitor.check()
            drop(page, file)
            assert page.locator("[data-list] li").inner_text().startswith("paper.eml")
            assert (
                not page.locator("[data-several], [data-too-large], [data-too-many]")
                .locator("visible=true")
                .count()
            )
            visitor.check()
            page.locator("[data-upload] button").click()
            page.wait_for_url("**/cases/*/")
            said = {
                "en": "immigration removal warrant (I-205)",
                "es": "orden migratoria de expulsión (I-205)",
            }
            page.get_by_text(said[language]).first.wait_for()
    finally:
        stop.set()
        thread.join()


def drop(page: Any, file: Path) -> None:
    """Drop a file onto the zone as a person drags it in."""
    import base64

    data = page.evaluate_handle(
        """([text, name]) => {
            const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
            const moved = new DataTransfer();
            moved.items.add(new File([bytes], name));
            return moved;
        }""",
        [base64.b64encode(file.read_bytes()).decode(), file.name],
    )
    page.dispatch_event("[data-drop]", "dragover", {"dataTransfer": data})
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": data})


@in_each_look
@pytest.mark.parametrize("way", ["phone", "walk-in", "fax", "mail", "portal"])
def test_each_form_on_screen(visit: Visit, way: str, size: str, language: str) -> None:
    with visit(CLERK, size=size, language=language) as visitor:
        page = visitor.go(f"/new/{way}/")
        page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        visitor.check()
        page.fill("#f-when", "2020-10-25T10:00")
        page.locator(".n-fields .n-send button").click()
        page.locator("#problems").wait_for()
        assert page.evaluate("document.activeElement.id") == "problems"
        visitor.said.clear()  # the browser itself notes a 422
        visitor.check()
        page.locator("#problems a").first.click()
        assert page.evaluate("document.activeElement.id") == "f-when"


@in_each_look
def test_the_page_that_waits_and_what_waits_longer(
    office: Office, visit: Visit, tmp_path: Path, size: str, language: str
) -> None:
    file = tmp_path / "paper.eml"
    file.write_bytes(mail())
    other = tmp_path / "tool.exe"
    other.write_bytes(b"MZ\x90\x00\x03\x00\x00\x00\x04\x00")
    with visit(CLERK, size=size, language=language) as visitor:
        page = visitor.go("/new/")
        page.set_input_files("#f-files", [file, other])
        assert page.locator("[data-several]").is_visible()
        page.locator("label[for=together-no]").click()
        page.locator("[data-upload] button").click()
        page.locator(".n-status--reading").wait_for()
        assert page.locator(".n-status--quarantined").is_visible()
        visitor.check()
        office.clock.set(NOW + timedelta(seconds=8))
        page.locator(".n-status--waiting").wait_for()
        visitor.check()


def test_a_browser_says_it_is_too_large_before_sending(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "large.pdf"
    with file.open("wb") as out:
        out.truncate(51 * 1024 * 1024)
    with visit(CLERK) as visitor:
        page = visitor.go("/new/")
        page.set_input_files("#f-files", file)
        page.locator("[data-too-large]").wait_for()
        page.locator("[data-upload] button").click()
        assert page.url.endswith("/new/")
        visitor.check()


def test_without_scripts_it_is_the_same_form(
    browser: Any, address: str, office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "paper.eml"
    file.write_bytes(mail())
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "habeas_session", "value": office.session(CLERK), "url": address}])
    page = context.new_page()
    page.goto(address + "/new/")
    page.set_input_files("#f-files", file)
    page.get_by_role("button", name="Log it and read it").click()
    page.locator(".n-status--reading").wait_for()
    work(office)
    page.get_by_role("link", name="Look again").click()
    assert "/cases/" in page.url
    context.close()
