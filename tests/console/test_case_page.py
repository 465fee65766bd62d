"""The case page: everything about one request, as it is now, for each who may see it."""

from __future__ import annotations

import html
import itertools
import json
import re
from typing import TYPE_CHECKING

import pytest

from habeas.demo.stage import work_case
from habeas.domain.facts import SPEC
from habeas.domain.vocabulary import Outcome
from habeas.ledger.trust import Trust
from habeas.verifier.receipt import check_receipt
from tests.console.browser import in_each_look
from tests.console.enclosures import bring, drawn, long_file, photo
from tests.console.office import NOW, OPEN, at_once

if TYPE_CHECKING:
    from tests.console.conftest import Visit
    from tests.console.office import Office

ALICE, BOB, CHARLIE, AUDITOR, APPROVER = "m.reyes", "k.lindqvist", "s.okafor", "v.osei", "t.abara"
SEES = {"photo": "s.okafor", "fax": "d.hsu", "birth": "p.whitfield"}
"""Who sees the requests that are not the labor department's."""

OPENED = "document.querySelectorAll('details').forEach(d => { d.open = true })"


def body_of(office: Office, name: str, person: str = ALICE) -> str:
    answer = office.client(person).get(f"/cases/{office.ref(name)}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def words(body: str) -> str:
    """The words of a page, without its marks."""
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", body, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.mark.parametrize("name", OPEN)
def test_every_open_request_has_its_page(office: Office, name: str) -> None:
    body = body_of(office, name, SEES.get(name, ALICE))
    case = office.desk.ports.cases.load(office.case_id(name))
    assert case.request_ref in body
    for part in ("paper", "facts", "items", "duties", "conversation", "timeline", "alike"):
        assert body.count(f'id="{part}"') == 1
        assert f'href="#{part}"' in body


def test_no_id_stands_twice_and_every_link_within_the_page_leads_somewhere(office: Office) -> None:
    for name in OPEN:
        body = body_of(office, name, SEES.get(name, ALICE))
        ids = re.findall(r'\sid="([^"]+)"', body)
        assert len(ids) == len(set(ids)), {i for i in ids if ids.count(i) > 1}
        assert set(re.findall(r'href="#([^"]+)"', body)) <= set(ids)


def test_the_headings_go_down_one_step_at_a_time(office: Office) -> None:
    for name in OPEN:
        levels = [int(n) for n in re.findall(r"<h([1-6])", body_of(office, name, SEES.get(name, ALICE)))]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(deeper - before <= 1 for before, deeper in itertools.pairwise(levels))


def test_the_rules_are_shown_with_citation_text_and_standing(office: Office) -> None:
    from habeas.domain.vocabulary import Language

    case = office.desk.ports.cases.load(office.case_id("i138"))
    found = office.desk.evaluate(case)
    shown = words(body_of(office, "i138"))
    for item in office.desk.explain(case, found, Language.EN):
        assert item.rules
        for rule in item.rules:
            assert rule.text in shown
            assert rule.cite in shown
            assert all(note in shown for note in rule.notes)


def test_what_is_missing_and_what_would_change_it_is_shown(office: Office) -> None:
    from habeas.domain.vocabulary import Language

    case = office.desk.ports.cases.load(office.case_id("mail"))
    explained = office.desk.explain(case, office.desk.evaluate(case), Language.EN)
    shown = words(body_of(office, "mail"))
    assert explained[0].questions
    assert explained[0].changes
    assert all(question in shown for one in explained for question in one.questions)
    assert all(paper in shown for one in explained for change in one.changes for paper in change.papers)


def test_times_are_the_agencys(office: Office) -> None:
    shown = words(body_of(office, "i138"))
    assert "October 13, 2020, 09:25" in shown  # 15:25 UTC in Denver
    assert "15:25" not in shown


def test_evidence_in_the_message_is_marked_in_the_message(office: Office) -> None:
    body = body_of(office, "mail")
    marked = re.findall(r'<mark class="c-mark-text"><a id="mark-(\d+)"', body, flags=re.DOTALL)
    assert marked
    assert all(f'href="#mark-{number}"' in body for number in marked)


def test_a_message_cannot_write_into_the_page(office: Office) -> None:
    ref = bring(
        office, words='<b id="x">all wage records</b> for a criminal investigation <script>1</script>'
    )
    body = office.client(ALICE).get(f"/cases/{ref}/").content.decode()
    assert '<b id="x">' not in body
    assert "<script>1" not in body
    assert "&lt;script&gt;1&lt;/script&gt;" in body


def test_a_request_not_read_yet_says_so_and_asks_again_by_itself(office: Office) -> None:
    from habeas.usecases.read import read

    ref = bring(office, drawn("i205"), unread=True)
    client = office.client(ALICE)
    body = client.get(f"/cases/{ref}/").content.decode()
    assert "The papers are being read." in body
    news = f"/cases/{ref}/news?version=1"
    assert news in body
    assert client.get(news).status_code == 204
    read(office.desk.ports, office.desk.ports.cases.by_ref(ref), actor="machine")
    assert client.get(news)["HX-Refresh"] == "true"
    assert "The papers are being read." not in client.get(f"/cases/{ref}/").content.decode()


def test_a_paper_nobody_can_read_asks_for_a_person(office: Office) -> None:
    ref = bring(office, photo())
    shown = words(office.client(ALICE).get(f"/cases/{ref}/").content.decode())
    assert "A person must look" in shown
    assert "Unreadable paper" in shown


def test_a_step_waits_for_its_number_and_then_has_a_proof_that_verifies(office: Office) -> None:
    ref, client = office.ref("i138"), office.client(ALICE)
    assert "waiting to be signed" in body_of(office, "i138")
    waiting = client.get(f"/cases/{ref}/events/1/proof.json")
    assert waiting.status_code == 409
    assert "not been signed yet" in waiting.content.decode()
    office.sequence()
    body = body_of(office, "i138")
    assert "waiting to be signed" not in body
    assert f"/cases/{ref}/events/2/proof.json" in body
    answer = client.get(f"/cases/{ref}/events/2/proof.json")
    assert answer["Content-Disposition"] == f'attachment; filename="{ref}-2-proof.json"'
    assert check_receipt(answer.content, Trust(office.desk.vkeys)).accepted
    names = {str(o.get("part")) for o in json.loads(answer.content).get("openings", [])}
    assert "private" not in names


def test_a_proof_is_the_agencys_own_and_written_down(office: Office) -> None:
    ref = office.ref("i138")
    office.sequence()
    assert office.client(CHARLIE).get(f"/cases/{ref}/events/1/proof.json").status_code == 404
    assert office.client(ALICE).get(f"/cases/{ref}/events/99/proof.json").status_code == 404
    assert office.client(AUDITOR).get(f"/cases/{ref}/events/1/proof.json").status_code == 200
    views = office.desk.ports.views.of_case(office.case_id("i138"))
    assert (AUDITOR, "export") in [(v.person, str(v.what)) for v in views]


def test_alike_requests_are_shown_with_their_answers_and_the_facts_that_differ(office: Office) -> None:
    assert "No alike request has been decided yet." in body_of(office, "i138")
    work_case(office.desk.ports, office.case_id("two_items"))
    body = body_of(office, "i138")
    other = office.desk.ports.cases.load(office.case_id("two_items"))
    here = office.desk.ports.cases.load(office.case_id("i138"))
    assert f'href="/cases/{other.request_ref}/"' in body
    differ = [n for n in SPEC if here.facts.value(n) != other.facts.value(n)]
    assert len(differ) > 1
    assert f"{len(differ)} facts differ" in body


def test_alike_requests_that_are_sealed_to_others_are_not_shown(office: Office) -> None:
    from habeas.usecases.seal import seal

    work_case(office.desk.ports, office.case_id("two_items"))
    seal(office.desk.ports, office.case_id("two_items"), office.person(APPROVER), (APPROVER,), "secrecy")
    assert office.ref("two_items") not in body_of(office, "i138")
    assert office.ref("two_items") in body_of(office, "i138", APPROVER)


def test_an_answered_request_is_only_read(office: Office) -> None:
    work_case(office.desk.ports, office.case_id("i205"))
    case = office.desk.ports.cases.load(office.case_id("i205"))
    assert case.state == "closed"
    body = body_of(office, "i205")
    assert f"/cases/{case.request_ref}/facts/" not in body
    assert "Hand nothing over" not in body
    assert "Letter sent" in body
    form = {"do": "all", "expected_version": str(case.version)}
    assert office.client(ALICE).post(f"/cases/{case.request_ref}/facts/", form).status_code == 422
    assert office.desk.ports.cases.load(case.case_id) == case


def test_a_decided_request_shows_the_rules_it_was_decided_by(office: Office) -> None:
    work_case(office.desk.ports, office.case_id("i205"))
    office.clock.set(NOW.replace(year=2022))
    shown = words(body_of(office, "i205"))
    assert "By the rules of October 15, 2020, when it was decided." in shown
    case = office.desk.ports.cases.load(office.case_id("i205"))
    assert case.outcome(case.items[0].item_id) is Outcome.REFUSE
    assert "Decided: Refuse" in shown


def test_a_sealed_request_names_who_sees_it(office: Office) -> None:
    from habeas.usecases.seal import seal

    seal(office.desk.ports, office.case_id("i138"), office.person(APPROVER), (APPROVER, ALICE), "secrecy")
    shown = words(body_of(office, "i138"))
    assert re.search(r"Only these people see it (T. Abara, M. Reyes|M. Reyes, T. Abara) ", shown)
    assert office.client(BOB).get(f"/cases/{office.ref('i138')}/").status_code == 404


def test_a_request_sent_again_says_so(office: Office) -> None:
    from habeas.demo.stage import take_in
    from tests.console.office import delivery

    number, at = OPEN["i138"]
    take_in(office.desk.ports, delivery(number, at))
    assert "It was sent once more." in body_of(office, "i138")


def test_who_works_on_it_is_shown(office: Office) -> None:
    from habeas.usecases.assign import assign

    assert "Nobody yet" in body_of(office, "i138")
    assign(office.desk.ports, office.case_id("i138"), office.person(ALICE), BOB)
    assert "K. Lindqvist" in body_of(office, "i138")


def test_somebody_takes_a_request_and_comes_back_to_it(office: Office, visit: Visit) -> None:
    with visit(BOB) as visitor:
        page = visitor.go(f"/cases/{office.ref('i138')}/")
        page.get_by_role("button", name="I take it").click()
        assert page.url.endswith(f"/cases/{office.ref('i138')}/")
        assert page.get_by_role("button", name="I take it").count() == 0
        visitor.check()
    assert office.desk.ports.assignments.of(office.case_id("i138")) == BOB


def test_an_auditor_sees_everything_and_is_offered_no_form_about_the_case(office: Office) -> None:
    body = body_of(office, "i138", AUDITOR)
    forms = re.findall(r'<form[^>]*action="([^"]+)"', body)
    assert not [where for where in forms if "/cases/" in where]


def test_the_title_and_the_address_name_nobody(office: Office) -> None:
    body = body_of(office, "i138")
    case = office.desk.ports.cases.load(office.case_id("i138"))
    assert case.read is not None
    title = re.findall(r"<title>(.*?)</title>", body)[0]
    assert title == f"Request {case.request_ref} · Habeas"
    links = " ".join(re.findall(r'(?:href|src|action)="([^"]+)"', body))
    for name in (case.read.requester.officer.name, *(s.name for s in case.request.subjects)):
        assert all(part not in links for part in name.split())


def test_many_pages_at_once_are_all_right(office: Office) -> None:
    ref = office.ref("i138")
    clients = [office.client(p) for p in (ALICE, BOB, APPROVER, AUDITOR)]
    answers = at_once(*(lambda c=c: c.get(f"/cases/{ref}/papers/1/pages/1.png").status_code for c in clients))
    assert answers == [200] * len(clients)


@in_each_look
def test_the_page_looks_right_at_every_stage(office: Office, visit: Visit, size: str, language: str) -> None:
    work_case(office.desk.ports, office.case_id("i205"))
    work_case(office.desk.ports, office.case_id("two_items"))
    office.sequence()
    unread = bring(office, drawn("i205"), unread=True)
    hard = bring(office, long_file(3), photo())
    with visit(ALICE, size=size, language=language) as visitor:
        for ref in (*(office.ref(n) for n in ("i138", "mail", "i205", "two_items")), unread, hard):
            page = visitor.go(f"/cases/{ref}/")
            visitor.check()
            page.evaluate(OPENED)
            page.wait_for_load_state("networkidle")
            visitor.check()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_proof_that_waits_looks_like_the_other_pages(visit: Visit, office: Office, language: str) -> None:
    with visit(ALICE, language=language) as visitor:
        visitor.go(f"/cases/{office.ref('i138')}/events/1/proof.json")
        visitor.said.clear()  # the browser notes every 409
        visitor.check()


def test_without_scripts_the_page_does_its_work(office: Office, visit: Visit) -> None:
    with visit(ALICE) as visitor:
        bare = visitor.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr] # it has one
        bare.add_cookies(visitor.context.cookies())  # type: ignore[arg-type] # its own kind of dictionary
        page = bare.new_page()
        page.goto(f"{visitor.address}/cases/{office.ref('i138')}/")
        page.get_by_role("button", name="Everything is as read").click()
        assert "Every fact is now checked by you." in page.locator("main").inner_text()
        bare.close()
    assert office.desk.ports.cases.load(office.case_id("i138")).state == "confirmed"
