"""Deciding on the page: what is offered, what it leads to, and that nothing is written twice or lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from habeas import usecases
from habeas.console.words import words
from habeas.domain.determination import WITHIN
from habeas.domain.vocabulary import CaseState, Effect, EventKind, Language, Outcome
from habeas.kernel.error_registry import REGISTRY
from tests.console import acts
from tests.console.acts import APPROVER, AUDITOR, CLERK, COUNSEL, ELSEWHERE, REVIEWER, case_of, html, text
from tests.console.browser import in_each_look

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.console.conftest import Visit
    from tests.console.office import Office

OFFERED = re.compile(r'name="outcome-(\d+)" id="[^"]+" value="(\w+)"')


def offered(answer: HttpResponse) -> set[str]:
    return {value for _, value in OFFERED.findall(html(answer))}


# ---------------------------------------------------------------------------------- what is offered


@pytest.mark.parametrize(
    ("name", "effect"),
    [
        ("i138", Effect.PERMITTED),
        ("i205", Effect.FORBIDDEN),
        ("ao93", Effect.REQUIRED),
        ("subpoena", Effect.CONTEST_FIRST),
    ],
)
def test_a_reviewer_is_offered_what_lies_within_the_effect_and_never_a_release_beyond(
    office: Office, name: str, effect: Effect
) -> None:
    acts.check_facts(office, name)
    answer = acts.get(office, REVIEWER, name, "decide/")
    body = html(answer)
    before, _, beyond = body.partition('class="d-beyond"')
    assert {value for _, value in OFFERED.findall(before)} == set(WITHIN[effect])
    assert {value for _, value in OFFERED.findall(beyond)} == set(Outcome) - WITHIN[effect] - {"release"}
    assert ("release" in offered(answer)) == (Outcome.RELEASE in WITHIN[effect])


def test_counsel_alone_may_depart_toward_release_and_nobody_against_a_statute_or_regulation(
    office: Office,
) -> None:
    acts.check_facts(office, "i205", "subpoena")
    assert "release" in offered(acts.get(office, COUNSEL, "i205", "decide/"))
    against = acts.get(office, COUNSEL, "subpoena", "decide/")
    assert "release" not in offered(against)
    assert "a statute or regulation stands against it" in text(against)
    for_reviewer = acts.get(office, REVIEWER, "i205", "decide/")
    assert "only counsel may decide differently" in text(for_reviewer)


def test_before_the_facts_are_checked_the_page_says_so(office: Office) -> None:
    answer = acts.get(office, REVIEWER, "i138", "decide/")
    assert offered(answer) == set()
    assert "Check first what the machine read" in text(answer)


def test_what_a_release_needs_is_said_before_it_is_chosen(office: Office) -> None:
    acts.check_facts(office, "i138")
    assert "A second person must approve it first" in text(acts.get(office, REVIEWER, "i138", "decide/"))


# ------------------------------------------------------------------------------- looking, then writing


def test_looking_at_what_it_leads_to_writes_nothing(office: Office) -> None:
    acts.check_facts(office, "i205")
    before = case_of(office, "i205")
    said = {"outcome-1": "refuse", "reason-1": "no judge signed it", "instructed_by": "the director"}
    answer = acts.post(office, REVIEWER, "i205", "decide/", step="review", objection="not like this", **said)
    assert answer.status_code == 200
    shown = text(answer)
    assert "It does not say whether there is a record" in shown
    assert "who told you so: the director" in shown
    assert "Your objection is put on record: not like this" in shown
    assert case_of(office, "i205") == before


def test_a_refusal_is_recorded_once_and_leads_to_its_letter(office: Office) -> None:
    acts.check_facts(office, "i205")
    said = {"outcome-1": "refuse", "reason-1": "no judge signed it", "step": "record"}
    version = case_of(office, "i205").version
    first = acts.post(office, REVIEWER, "i205", "decide/", expected_version=version, **said)
    assert first.status_code == 303
    assert first["Location"].startswith(f"/cases/{office.ref('i205')}/letters/new/")
    again = acts.post(office, REVIEWER, "i205", "decide/", expected_version=version, **said)
    assert again.status_code == 409
    assert acts.kinds(office, "i205").count(EventKind.DETERMINATION_MADE) == 1
    assert case_of(office, "i205").outcome("1") is Outcome.REFUSE


def test_somebody_faster_is_said_plainly_and_nothing_typed_is_lost(office: Office) -> None:
    acts.check_facts(office, "i205")
    version = case_of(office, "i205").version
    acts.check_facts(office, "i205")
    said = {"outcome-1": "refuse", "reason-1": "words I took time over", "step": "review"}
    answer = acts.post(office, REVIEWER, "i205", "decide/", expected_version=version, **said)
    assert answer.status_code == 409
    assert "Somebody else changed this case while you had it open." in text(answer)
    assert "words I took time over" in html(answer)
    assert 'value="refuse" checked' in html(answer)
    assert f'name="expected_version" value="{version + 1}"' in html(answer)


@pytest.mark.parametrize("version", ["", "x", "999", "-1"])
def test_a_form_without_its_version_changes_nothing(office: Office, version: str) -> None:
    acts.check_facts(office, "i205")
    said = {"outcome-1": "refuse", "step": "record", "expected_version": version}
    assert acts.post(office, REVIEWER, "i205", "decide/", **said).status_code == 409
    assert case_of(office, "i205").decided == ()


def test_a_part_may_be_decided_and_the_rest_left_open(office: Office) -> None:
    acts.check_facts(office, "two_items")
    looked = acts.post(office, REVIEWER, "two_items", "decide/", step="review", **{"outcome-1": "refuse"})
    assert "One part stays open." in text(looked)
    acts.post(office, REVIEWER, "two_items", "decide/", step="record", **{"outcome-1": "refuse"})
    case = case_of(office, "two_items")
    assert (case.outcome("1"), case.outcome("2")) == (Outcome.REFUSE, None)
    assert "Leave it as it was decided" in text(acts.get(office, REVIEWER, "two_items", "decide/"))


def test_a_release_says_who_may_be_the_second_person(office: Office) -> None:
    acts.check_facts(office, "i138")
    said = {"outcome-1": "release", "reason-1": "an offense is named", "step": "record"}
    client = office.client(REVIEWER)
    path = f"/cases/{office.ref('i138')}/"
    sent = client.post(f"{path}decide/", said | {"expected_version": case_of(office, "i138").version})
    assert sent["Location"] == path
    assert "a second person must approve it (E. Thornton, T. Abara)" in text(client.get(path))  # type: ignore[arg-type] # the client's own subclass


def test_what_counsel_is_asked_is_in_counsels_inbox(office: Office) -> None:
    acts.check_facts(office, "subpoena")
    client, path = office.client(REVIEWER), f"/cases/{office.ref('subpoena')}/"
    said = {"outcome-1": "counsel", "reason-1": "must we move to quash?", "step": "record"}
    client.post(f"{path}decide/", said | {"expected_version": case_of(office, "subpoena").version})
    assert "E. Thornton has the case now." in text(client.get(path))  # type: ignore[arg-type] # the client's own subclass
    assert office.desk.ports.assignments.of(office.case_id("subpoena")) == COUNSEL
    shown = text(acts.get(office, COUNSEL, "subpoena", "decide/"))
    assert "must we move to quash?" in shown


def test_a_case_of_which_counsel_has_only_a_part_stays_with_the_desk(office: Office) -> None:
    acts.check_facts(office, "two_items")
    acts.post(office, REVIEWER, "two_items", "decide/", step="record", **{"outcome-1": "counsel"})
    assert office.desk.ports.assignments.of(office.case_id("two_items")) != COUNSEL


def test_going_back_keeps_what_was_typed(office: Office) -> None:
    acts.check_facts(office, "i205")
    said = {"outcome-1": "refuse", "reason-1": 'two\nlines & "quotes"', "step": "change"}
    answer = acts.post(office, REVIEWER, "i205", "decide/", **said)
    assert answer.status_code == 200
    assert "two\nlines &amp; &quot;quotes&quot;</textarea>" in html(answer)
    assert 'value="refuse" checked' in html(answer)


# ------------------------------------------------------------------------------------ what is refused


def refused_at(answer: HttpResponse, field: str) -> str:
    """What stands at a field; the summary above links to it."""
    assert answer.status_code == 422
    assert f'href="#{field}"' in html(answer)
    assert f'id="{field}"' in html(answer)
    found = re.search(rf'id="{field}-trouble">([^<]+)<', html(answer))
    assert found, field
    assert re.search(rf'aria-describedby="[^"]*{field}-trouble"', html(answer))
    return found.group(1)


def test_nothing_chosen_is_said(office: Office) -> None:
    acts.check_facts(office, "i205")
    answer = acts.post(office, REVIEWER, "i205", "decide/", step="review")
    assert answer.status_code == 422
    assert "Decide at least one part." in text(answer)
    assert html(answer).count("<title>Not done: ") == 1


def test_deciding_differently_needs_a_reason_at_its_field(office: Office) -> None:
    acts.check_facts(office, "i138")
    answer = acts.post(office, REVIEWER, "i138", "decide/", step="review", **{"outcome-1": "contest"})
    assert "Write down why" in refused_at(answer, "override-1")
    assert '<details class="d-beyond" open>' in html(answer)
    said = {"outcome-1": "contest", "override-1": "the claim is not believed", "step": "record"}
    assert acts.post(office, REVIEWER, "i138", "decide/", **said).status_code == 303
    assert EventKind.ITEM_OVERRIDDEN in acts.kinds(office, "i138")


def test_a_reason_for_departing_is_kept_only_where_one_departs(office: Office) -> None:
    acts.check_facts(office, "i138")
    said = {"outcome-1": "refuse", "override-1": "left over from before", "step": "record"}
    acts.post(office, REVIEWER, "i138", "decide/", **said)
    assert case_of(office, "i138").decided[-1].determination.override_reason == ""


def test_an_instruction_names_its_law(office: Office) -> None:
    acts.check_facts(office, "i138")
    said = {"outcome-1": "refuse", "instructed_by": "the director", "step": "review"}
    answer = acts.post(office, REVIEWER, "i138", "decide/", **said)
    assert "Write the law they gave you" in refused_at(answer, "reason-1")


def test_a_release_that_was_not_offered_is_refused_when_sent(office: Office) -> None:
    acts.check_facts(office, "i205", "subpoena")
    said = {"outcome-1": "release", "reason-1": "x", "override-1": "x", "step": "record"}
    by_reviewer = acts.post(office, REVIEWER, "i205", "decide/", **said)
    assert "Only counsel may decide this differently" in refused_at(by_reviewer, "outcome-1")
    by_counsel = acts.post(office, COUNSEL, "subpoena", "decide/", **said)
    assert "not possible" in refused_at(by_counsel, "outcome-1")
    assert case_of(office, "i205").decided == case_of(office, "subpoena").decided == ()


def test_an_objection_is_on_record_and_the_second_person_reads_it(office: Office) -> None:
    acts.check_facts(office, "i138")
    said = {"outcome-1": "release", "reason-1": "guidance, ground i", "step": "record"}
    told = {"instructed_by": "the director", "objection": "<b>I do not agree</b>"}
    acts.post(office, REVIEWER, "i138", "decide/", **said, **told)
    assert EventKind.OBJECTION_RECORDED in acts.kinds(office, "i138")
    shown = acts.get(office, APPROVER, "i138", "release/")
    assert "Told to decide so by the director" in text(shown)
    assert "&lt;b&gt;I do not agree&lt;/b&gt;" in html(shown)


@pytest.mark.parametrize(("person", "status"), [(CLERK, 403), (AUDITOR, 403), (ELSEWHERE, 404)])
def test_whoever_does_not_decide_gets_no_form_and_changes_nothing(
    office: Office, person: str, status: int
) -> None:
    acts.check_facts(office, "i138")
    assert acts.get(office, person, "i138", "decide/").status_code == status
    sent = acts.post(office, person, "i138", "decide/", step="record", **{"outcome-1": "refuse"})
    assert sent.status_code == status
    assert case_of(office, "i138").decided == ()
    if status == 403:
        page = acts.get(office, person, "i138", "")
        assert page.status_code == 200
        assert offered(page) == set()


def test_an_approved_release_offers_no_other_decision(office: Office) -> None:
    acts.released(office, approved=True)
    assert offered(acts.get(office, REVIEWER, "i138", "decide/")) == set()
    sent = acts.post(office, REVIEWER, "i138", "decide/", step="record", **{"outcome-1": "refuse"})
    assert sent.status_code == 422
    assert "can only be stopped" in text(sent)
    assert case_of(office, "i138").state is CaseState.AUTHORIZED


# ------------------------------------------------------------------------------------------- words

_CODE = re.compile(r'(?:bad|problem)\(\s*"([a-z_.]+)"')


@pytest.mark.parametrize("spoken", list(Language))
def test_every_refusal_of_these_use_cases_has_plain_words(spoken: Language) -> None:
    folder = Path(next(iter(usecases.__path__)))
    files = [folder / f"{n}.py" for n in ("determine", "disclose", "answer", "seal", "standing")]
    codes = {code for f in files for code in _CODE.findall(f.read_text(encoding="utf-8"))} - {
        "case.ref.unknown"
    }
    said = words("refused", spoken)
    assert codes - set(said) == set()
    assert set(said) <= set(REGISTRY)
    for code in codes:
        if code.startswith("determination.") and code.split(".")[1] in (
            "override",
            "vendor",
            "facts",
            "release",
        ):
            key = code.removeprefix("determination.").replace(".", "_")
            assert key == "override_no_reason" or words("decide", spoken)["closed"][key]


@pytest.mark.parametrize("spoken", list(Language))
def test_every_outcome_says_what_it_leads_to(spoken: Language) -> None:
    assert set(words("decide", spoken)["leads_to"]) == set(Outcome)


# ------------------------------------------------------------------------------------- in a browser


@in_each_look
def test_the_pages_hold_at_every_size_in_both_languages(
    office: Office, visit: Visit, size: str, language: str
) -> None:
    acts.check_facts(office, "two_items", "subpoena")
    with visit(REVIEWER, size=size, language=language) as visitor:
        page = visitor.go(f"/cases/{office.ref('subpoena')}/decide/")
        visitor.check()
        page = visitor.go(f"/cases/{office.ref('two_items')}/decide/")
        page.locator("#outcome-1 summary").click()
        visitor.check()
        page.locator("label[for=pick-1-contest]").click()
        page.locator("button[value=review]").click()
        page.locator("[role=alert]:focus").wait_for()
        visitor.said.clear()  # the browser reports every 422 as a line of its console
        visitor.check()
        page.locator("a[href='#override-1']").click()
        assert page.evaluate("document.activeElement.id") == "override-1"
        page.locator("#override-1").fill("the claim is not believed")
        page.locator("label[for=pick-2-refuse]").click()
        page.locator("button[value=review]").click()
        page.locator("button[value=record]").wait_for()
        visitor.check()


def test_deciding_needs_no_mouse(office: Office, visit: Visit) -> None:
    acts.check_facts(office, "i205")
    with visit(REVIEWER) as visitor:
        page = visitor.go(f"/cases/{office.ref('i205')}/decide/")
        page.locator("#pick-1-refuse").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "reason-1"
        page.keyboard.type("no judge signed it")
        page.locator("button[value=review]").press("Enter")
        page.locator("button[value=record]").press("Enter")
        page.wait_for_url("**/letters/new/**")
    assert case_of(office, "i205").outcome("1") is Outcome.REFUSE
