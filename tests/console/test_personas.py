"""A day of each person at the desk, in both languages and at both sizes: what they do and must not see.

Every page a person comes past is checked as it stands then (`Visitor.check`). What each page refuses is
proved beside it, in its own tests; here somebody walks from one to the next by what the pages offer, and the
case shows afterwards that it happened.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from habeas.domain.vocabulary import CaseState, Channel, Outcome
from habeas.ledger.trust import Trust
from habeas.usecases.ports import ArrivalState, Hints
from habeas.verifier.receipt import check_receipt
from tests.console import acts
from tests.console.acts import APPROVER, AUDITOR, CLERK, COUNSEL, REVIEWER, TEAM, case_of
from tests.console.browser import in_each_look
from tests.console.office import NOW, delivery

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.console.browser import Visitor
    from tests.console.conftest import Visit
    from tests.console.office import Office

ADMINISTRATOR: Final = "i.sorensen"
LABOR: Final = ("i138", "i205", "ao93", "grand_jury", "subpoena", "mail", "two_items")
REVENUE: Final = ("photo", "fax")

SAID: Final = {
    "en": {
        "stop": "Hand nothing over. Take the paper. Call (303) 555-0149.",
        "i205": "This is an immigration removal warrant (I-205).",
        "no_second": "No release waits for a second yes.",
        "missing": "There is nothing here",
        "forbidden": "This is not for your role",
        "nobodys": "Sent to no agency that we know",
        "out": "It is out. The agency has it now.",
    },
    "es": {
        "stop": "No entregue nada. Reciba el documento. Llame al (303) 555-0149.",
        "i205": "Esta es una orden migratoria de expulsión (I-205).",
        "no_second": "Ninguna entrega espera un segundo sí.",
        "missing": "Aquí no hay nada",
        "forbidden": "Esto no corresponde a su función",
        "nobodys": "Enviado a ninguna agencia que conozcamos",
        "out": "Ya salió. Ahora lo tiene la agencia.",
    },
}
"""What pages say, in the words of each language: a page that keeps the other one's is found out."""

pytestmark = in_each_look


def says(visitor: Visitor, where: str, key: str) -> None:
    """The page says this, in this person's language, where it can be seen."""
    visitor.page.locator(where, has_text=SAID[visitor.language][key]).first.wait_for()


def absent(page: Page, *selectors: str) -> None:
    """None of these is on the page."""
    assert [s for s in selectors if page.locator(s).count()] == []


def refused(visitor: Visitor, path: str, status: int) -> None:
    """The page is not given to this person, and the one that says so is as well made as any other."""
    answer = visitor.page.goto(visitor.address + path)
    assert answer is not None
    assert answer.status == status
    says(visitor, "main", {403: "forbidden", 404: "missing"}[status])
    visitor.said.clear()  # the browser notes every answer above 399
    visitor.check()


def statuses(visitor: Visitor, *paths: str) -> set[int]:
    """What this person's browser is answered at these addresses, without a look at the pages."""
    return {visitor.context.request.get(visitor.address + path).status for path in paths}


def places(page: Page) -> list[str]:
    """Where the navigation leads."""
    links = page.locator(".h-nav a").all()
    return [link.get_attribute("href") or "" for link in links]


def listed(page: Page) -> set[str]:
    """The references a list shows."""
    return set(page.locator("#list .i-ref").all_inner_texts())


def refs(office: Office, *names: str) -> set[str]:
    return {office.ref(name) for name in names}


def case_path(office: Office, name: str) -> str:
    return f"/cases/{office.ref(name)}/"


def removal_warrant(folder: Path) -> Path:
    """The paper of a removal warrant that no office has yet, as a file."""
    from habeas.intake.parse import parse

    papers = parse(delivery(12, "10-14 16:00").data, "a.eml", NOW).papers
    file = folder / "warrant.pdf"
    file.write_bytes(next(p.data for p in papers if p.media_type == "application/pdf"))
    return file


def decided(visitor: Visitor, outcome: str, reason: str) -> None:
    """Decide the first part of the case on screen, looking at what it leads to before it is recorded."""
    page = visitor.page
    page.locator(f"label[for=pick-1-{outcome}]").click()
    page.locator("#reason-1").fill(reason)
    page.locator("button[value=review]").click()
    page.locator("button[value=record]").wait_for()
    assert reason in page.locator("main").inner_text()
    visitor.check()
    page.locator("button[value=record]").click()


def test_a_clerk_logs_a_call_and_a_visit_checks_what_was_read_and_takes_the_case(
    office: Office, visit: Visit, tmp_path: Path, size: str, language: str
) -> None:
    from habeas.usecases.work import work_once

    with visit(CLERK, size=size, language=language) as visitor:
        page = visitor.go("/new/phone/")
        says(visitor, ".h-stop", "stop")
        assert page.locator(".n-mailbox").all_inner_texts() == ["ui-fraud@labor.state.example"]
        absent(page, "#f-papers")
        visitor.check()
        page.locator("#f-component").select_option("ice_ero")
        page.locator("#f-words_1").fill("the last known address of a claimant")
        page.locator(".n-fields .n-send button").click()
        page.wait_for_url("**/cases/*/")
        says(visitor, ".h-stop", "stop")
        assert page.locator("#verdict-sentence").inner_text().strip()
        visitor.check()
        called = page.url.rstrip("/").rsplit("/", 1)[1]

        page = visitor.go("/new/walk-in/")
        visitor.check()
        page.locator("#f-organisation").fill("a field office")
        page.locator("#f-words_1").fill("the file of the person named on the paper")
        page.locator("#f-papers").set_input_files(removal_warrant(tmp_path))
        page.locator(".n-fields .n-send button").click()
        page.locator(".n-status--reading").wait_for()
        visitor.check()
        while work_once(office.desk.ports, office.desk.store.jobs):
            pass
        page.wait_for_url("**/cases/*/")
        says(visitor, "#verdict-sentence", "i205")
        says(visitor, ".h-stop", "stop")
        absent(page, "#decide", "#release", "#seal")
        visitor.check()
        came = page.url.rstrip("/").rsplit("/", 1)[1]

        page.locator("button[name=do][value=all]").click()
        page.locator("button[name=do][value=all]").wait_for(state="detached")
        visitor.check()
        page.locator(".c-take button").click()
        page.locator(".c-take").wait_for(state="detached")
        visitor.check()

        page = visitor.go("/")
        assert listed(page) == {came}
        visitor.check()
        assert statuses(visitor, f"/cases/{came}/decide/", f"/cases/{came}/seal/") == {403}
        assert statuses(visitor, case_path(office, "photo"), case_path(office, "birth")) == {404}
    cases = [office.desk.ports.cases.load(office.desk.ports.cases.by_ref(ref)) for ref in (called, came)]
    assert [case.request.channel for case in cases] == [Channel.PHONE, Channel.IN_PERSON]
    assert cases[1].state is CaseState.CONFIRMED
    assert office.desk.ports.assignments.of(cases[1].case_id) == CLERK


def test_a_reviewer_finds_decides_and_reads_the_letter_in_the_other_language(
    office: Office, visit: Visit, size: str, language: str
) -> None:
    acts.check_facts(office, "i205")
    acts.released(office, "i138")
    other = {"en": "es", "es": "en"}[language]
    with visit(REVIEWER, size=size, language=language) as visitor:
        page = visitor.go("/inbox/?box=all")
        assert listed(page) == refs(office, *LABOR)
        visitor.check()
        page.locator(".i-filter summary").click()
        page.locator("#f-paper").select_option("administrative")
        page.locator(".i-filter form[method=get] button").click()
        page.locator(".i-filter[open] .usa-button--outline").first.wait_for()
        found = listed(page)
        assert office.ref("i205") in found
        assert office.ref("ao93") not in found
        page.locator("#save-name").fill("no judge")
        page.locator(".i-save button").click()
        page.locator(".i-saved a").wait_for()
        visitor.check()
        page = visitor.go("/inbox/?box=second")
        assert listed(page) == set()  # a second yes is not a reviewer's
        says(visitor, "main", "no_second")
        page.locator(".i-filter summary").click()
        visitor.check()
        page.locator(".i-saved a", has_text="no judge").click()
        page.locator("#list").wait_for()
        assert listed(page) == found

        page.locator(".i-ref", has_text=office.ref("i205")).click()
        page.wait_for_url(f"**{case_path(office, 'i205')}")
        absent(page, "#pick-1-release", "#release", "a[href$='/seal/']")
        visitor.check()
        decided(visitor, "refuse", "no judge signed it")
        page.wait_for_url("**/letters/new/**")
        assert page.locator(f"article[lang={language}]").count() == 1
        visitor.check()
        page.locator(f".d-langs a[href*='language={other}']").click()
        page.locator(f"article[lang={other}]").wait_for()
        visitor.check()  # the letter speaks the other language, the page around it does not
        preview = page.locator("a[href*='preview.pdf']").get_attribute("href") or ""
        assert visitor.context.request.get(visitor.address + preview).body().startswith(b"%PDF-")

        refused(visitor, case_path(office, "photo"), 404)
        release = visitor.context.request.get(f"{visitor.address}{case_path(office, 'i138')}release/")
        assert release.ok
        assert "T. Abara" in release.text()  # who may approve it; this person may not
        assert "/release/approve/" not in release.text()
        assert "/release/stop/" not in release.text()
    assert case_of(office, "i205").outcome("1") is Outcome.REFUSE
    assert case_of(office, "i138").authorized is None


def test_a_second_person_reads_what_waits_stops_one_release_and_approves_another(
    office: Office, visit: Visit, size: str, language: str
) -> None:
    acts.released(office, "i138")
    acts.released(office, "grand_jury")
    with visit(APPROVER, size=size, language=language) as visitor:
        page = visitor.go("/inbox/?box=second")
        assert listed(page) == refs(office, "i138", "grand_jury")
        visitor.check()
        page.locator(".i-ref", has_text=office.ref("i138")).click()
        page.wait_for_url(f"**{case_path(office, 'i138')}")
        waits = page.locator("#release").inner_text()
        assert "M. Reyes" in waits
        assert "an offense is named" in waits
        absent(page, "form[action$='handed-over/']")  # nothing leaves before the second yes
        page.locator("details.d-stop summary").click()
        page.locator("#stop-reason").fill("counsel should look at this paper")
        visitor.check()
        page.locator("form[action$='/stop/'] button").click()
        page.locator("#release").wait_for(state="detached")
        visitor.check()

        page = visitor.go("/inbox/?box=second")
        assert listed(page) == refs(office, "grand_jury")
        page.locator(".i-ref").click()
        page.locator("form[action$='/approve/'] button").click()
        page.locator("form[action$='handed-over/']").wait_for()
        absent(page, "form[action$='/approve/']")
        visitor.check()

        box = visitor.context.request.get(f"{visitor.address}/inbox/?box=second").text()
        assert SAID[language]["no_second"] in box
        assert statuses(visitor, case_path(office, "photo")) == {404}
    stopped, approved = case_of(office, "i138"), case_of(office, "grand_jury")
    assert stopped.outcome("1") is Outcome.COUNSEL
    assert stopped.authorized is None
    assert approved.state is CaseState.AUTHORIZED


def test_counsel_is_handed_a_case_seals_it_lifts_the_seal_and_decides(
    office: Office, visit: Visit, size: str, language: str
) -> None:
    acts.check_facts(office, "subpoena")
    asked = {"outcome-1": "counsel", "reason-1": "must we move to quash?", "step": "record"}
    assert acts.post(office, REVIEWER, "subpoena", "decide/", **asked).status_code == 303
    where = case_path(office, "subpoena")
    others = (TEAM, CLERK, APPROVER, AUDITOR)

    def found_by_others() -> set[int]:
        return {acts.get(office, person, "subpoena", "").status_code for person in others}

    with visit(COUNSEL, size=size, language=language) as visitor:
        page = visitor.go("/")
        assert listed(page) == refs(office, "subpoena")
        page.locator(".i-ref").click()
        page.wait_for_url(f"**{where}")
        assert "must we move to quash?" in page.locator("#decide").inner_text()
        absent(page, "#pick-1-release")  # a statute stands against it: not even counsel is offered that
        visitor.check()

        page.locator("#seal a[href$='/seal/']").click()
        page.locator(f"input[value='{REVIEWER}'] + label").click()
        page.locator("#seal-reason").fill("a protective order")
        visitor.check()
        page.locator("form[action$='/seal/'] button").click()
        page.wait_for_url(f"**{where}")
        assert "a protective order" in page.locator("#seal").inner_text()
        visitor.check()
        assert found_by_others() == {404}
        assert acts.get(office, REVIEWER, "subpoena", "").status_code == 200

        page.locator("#seal a[href$='/seal/']").click()
        page.locator("#unseal-reason").fill("the order was lifted")
        visitor.check()
        page.locator("form[action$='/lift/'] button").click()
        page.wait_for_url(f"**{where}")
        assert found_by_others() == {200}

        decided(visitor, "contest", "we move to quash")
        page.locator("button[value=record]").wait_for(state="detached")
        visitor.check()
    assert case_of(office, "subpoena").seal is None
    assert case_of(office, "subpoena").outcome("1") is Outcome.CONTEST


def test_an_auditor_of_two_agencies_sees_both_takes_a_proof_and_can_change_nothing(
    office: Office, visit: Visit, size: str, language: str
) -> None:
    office.desk.sequence()
    before = case_of(office, "photo")
    with visit(AUDITOR, size=size, language=language) as visitor:
        page = visitor.go("/inbox/?box=all")
        assert listed(page) == refs(office, *LABOR, *REVENUE)
        table = page.locator("#list").inner_text()
        assert "Colorado Department of Labor and Employment" in table
        assert "Colorado Department of Revenue" in table
        assert "EmploymentUnemployment" not in table  # the agency and its unit, run into one word
        assert places(page) == ["/inbox/"]
        absent(page, "#list form", "main a[href^='/new/']")
        visitor.check()
        page.locator(".i-ref", has_text=office.ref("photo")).click()
        page.wait_for_url(f"**{case_path(office, 'photo')}")
        absent(page, "main form", "#decide", "#release", "#seal", ".c-take")
        visitor.check()
        with page.expect_download() as taken:
            page.locator("a[href$='/proof.json']").first.click()
        assert taken.value.suggested_filename == f"{office.ref('photo')}-1-proof.json"
        proof = Path(taken.value.path()).read_bytes()
        assert check_receipt(proof, Trust(office.desk.vkeys)).accepted
        assert "private" not in {str(o.get("part")) for o in json.loads(proof).get("openings", [])}
        refused(visitor, "/new/", 403)
        assert statuses(visitor, case_path(office, "birth")) == {404}
        assert statuses(visitor, "/quarantine/", f"{case_path(office, 'photo')}decide/") == {403}
    assert case_of(office, "photo") == before


def waiting(office: Office, data: bytes, name: str, hints: Hints) -> str:
    """Something that could not be taken in; its arrival's id."""
    from habeas.usecases.receive import receive

    receipt = receive(office.desk.ports, data, name, hints=hints, actor="mailbox")
    assert receipt.state is ArrivalState.QUARANTINED
    return receipt.arrival_id


def test_an_administrator_places_what_names_no_agency_and_sees_no_case(
    office: Office, visit: Visit, size: str, language: str
) -> None:
    mail = (
        b"From: rowan@agency.example\r\nTo: nobody@nowhere.example\r\nMIME-Version: 1.0\r\n\r\nThe file.\r\n"
    )
    nobodys = waiting(office, mail, "a.eml", Hints("", "", ""))
    own = waiting(office, b"MZ\x90\x00\x03\x00\x00\x00", "a.exe", Hints("labor", "ui-fraud", "mail"))
    elsewhere = waiting(office, b"MZ\x90\x00\x04\x00\x00\x00", "b.exe", Hints("revenue", "", "mail"))
    with visit(ADMINISTRATOR, size=size, language=language) as visitor:
        page = visitor.go("/")
        assert page.url.endswith("/quarantine/")
        assert places(page) == ["/quarantine/"]
        absent(page, "#header-search", "main a[href^='/cases/']")
        shown = [link.get_attribute("href") for link in page.locator(".q-list a").all()]
        assert set(shown) == {f"/quarantine/{nobodys}/", f"/quarantine/{own}/"}
        visitor.check()
        page.locator(".q-list li", has_text=SAID[language]["nobodys"]).locator("a").click()
        page.locator("#f-place").select_option("revenue/mv-investigations")
        page.locator("label[for=how-again]").click()
        visitor.check()
        page.locator("form[data-upload] button").click()
        page.wait_for_url("**/quarantine/?out=1")
        says(visitor, "[role=status]", "out")
        assert page.locator(".q-list a").count() == 1
        absent(page, "main a[href^='/cases/']")
        visitor.check()

        case = placed(office, nobodys)
        cases = (f"/cases/{case.request_ref}/", case_path(office, "i138"))
        assert statuses(visitor, "/inbox/", "/new/", "/search/", *cases) == {403}
        assert statuses(visitor, f"/quarantine/{elsewhere}/") == {404}
    assert (case.custodian, case.unit) == ("revenue", "mv-investigations")


def placed(office: Office, arrival_id: str) -> Any:
    """The case that an arrival became."""
    return office.desk.ports.cases.load(office.desk.ports.arrivals.get(arrival_id).linked_to)
