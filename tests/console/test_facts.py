"""A person's word on the facts: as read, corrected, or checked elsewhere; once, and on what they saw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from habeas.domain.vocabulary import EventKind, Reading, Source
from tests import databases
from tests.console.browser import in_each_look
from tests.console.office import at_once, open_office

if TYPE_CHECKING:
    from habeas.domain.case import Case
    from tests.console.conftest import Visit
    from tests.console.office import Office

ALICE, BOB, AUDITOR, COUNSEL = "m.reyes", "k.lindqvist", "v.osei", "e.thornton"
CHECK = {
    "check-how": "court_called",
    "check-whom": "Deputy clerk",
    "check-court": "us-colorado",
}
ANOTHER = CHECK | {
    "check-court": "-",
    "check-number": "(303) 555-0111",
    "check-found": "the court's website",
}
SIGNED = {"value-paper_signed": "yes", "source-paper_signed": "independent"}
LISTED = (
    "court_listed: Deputy clerk; (720) 555-0161; "
    "United States District Court, District of Colorado; the court's own website; 2020-09-01"
)


def case_of(office: Office, name: str = "i138") -> Case:
    return office.desk.ports.cases.load(office.case_id(name))


def say(office: Office, typed: dict[str, str], person: str = ALICE, name: str = "i138") -> Any:
    case = case_of(office, name)
    form = {"expected_version": str(case.version), "do": "changes", **typed}
    return office.client(person).post(f"/cases/{office.ref(name)}/facts/", form)


def as_shown(case: Case) -> dict[str, str]:
    """The form as the page draws it: every list as it stands."""
    from habeas.domain.facts import SPEC, Scope

    typed: dict[str, str] = {}
    for item, facts in (("", case.facts), *((i.item_id, case.facts_of(i.item_id)) for i in case.items)):
        for spec in SPEC.values():
            if (spec.scope is Scope.ITEM) is bool(item) and spec.name != "custodian_kind":
                end = f"{item}.{spec.name}" if item else spec.name
                fact = facts[spec.name]
                typed[f"value-{end}"] = fact.value
                suppliable = fact.known or fact.source in spec.suppliers
                typed[f"source-{end}"] = str(fact.source) if suppliable else ""
    return typed


def test_one_button_makes_everything_read_by_a_person_and_changes_no_value(office: Office) -> None:
    before = case_of(office)
    answer = say(office, {"do": "all"})
    assert answer.status_code == 303
    after = case_of(office)
    assert after.state == "confirmed"
    assert {n: (f.value, f.source) for n, f in after.facts.facts.items()} == {
        n: (f.value, f.source) for n, f in before.facts.facts.items()
    }
    every = [after.facts, *(f for _, f in after.item_facts)]
    assert {f.reading for facts in every for f in facts.facts.values()} == {Reading.PERSON}


def test_the_form_sent_as_it_was_drawn_corrects_nothing(office: Office) -> None:
    assert say(office, as_shown(case_of(office))).status_code == 303
    history = office.desk.ports.cases.history(office.case_id("i138"))
    assert history[-1].event.kind is EventKind.FACTS_CONFIRMED
    assert history[-1].event.private.get("corrected", ()) in ((), [])


def test_a_correction_changes_that_fact_and_no_other(office: Office) -> None:
    before = case_of(office)
    typed = as_shown(before) | {"value-paper_signed": "no"}
    assert say(office, typed).status_code == 303
    after = case_of(office)
    assert after.facts["paper_signed"].value == "no"
    changed = [n for n, f in after.facts.facts.items() if f.value != before.facts[n].value]
    assert changed == ["paper_signed"]


def test_a_correction_of_an_item_is_that_items(office: Office) -> None:
    case = case_of(office, "two_items")
    first, second = (i.item_id for i in case.items)
    typed = as_shown(case) | {f"value-{second}.item_in_scope": "no"}
    assert say(office, typed, name="two_items").status_code == 303
    after = case_of(office, "two_items")
    assert after.facts_of(second)["item_in_scope"].value == "no"
    assert after.facts_of(first)["item_in_scope"].value == case.facts_of(first)["item_in_scope"].value


def test_confirming_never_raises_who_vouches_for_a_fact(office: Office) -> None:
    say(office, {"do": "all"})
    assert case_of(office).facts["criminal_investigation"].source is Source.REQUESTER


def note_of(office: Office, name: str = "i138") -> str:
    return str(office.desk.ports.cases.history(office.case_id(name))[-1].event.private["note"])


def page_of(office: Office, name: str = "i138", person: str = ALICE) -> str:
    return str(office.client(person).get(f"/cases/{office.ref(name)}/").content.decode())


def test_a_call_to_a_court_is_recorded_with_the_number_of_the_directory(office: Office) -> None:
    assert say(office, SIGNED | CHECK).status_code == 303
    assert case_of(office).facts["paper_signed"].source is Source.INDEPENDENT
    assert note_of(office) == LISTED
    body = page_of(office)
    assert "Called the court clerk at the number in the agency&#x27;s list: Deputy clerk; (720)" in body


@pytest.mark.parametrize(
    "sent",
    [
        {"check-court-phone": "(303) 555-0666", "check-phone": "(303) 555-0666"},
        {"check-source": "(303) 555-0666"},
    ],
)
def test_no_number_that_a_browser_sends_stands_for_the_directorys(
    office: Office, sent: dict[str, str]
) -> None:
    assert say(office, SIGNED | CHECK | sent).status_code == 303
    assert note_of(office) == LISTED


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"check-court": ""}, "Choose the court you called"),
        ({"check-court": "sample"}, "Choose the court you called"),
        ({"check-court": "(303) 555-0666"}, "Choose the court you called"),
        ({"check-number": "(303) 555-0666"}, "also wrote another number"),
        ({"check-found": "the paper"}, "also wrote another number"),
        ({"check-how": "court_listed", "check-number": "1", "check-found": "2"}, "Say what you did"),
        ({"check-how": "docket"}, "Say what you did"),
    ],
)
def test_a_call_that_names_no_court_or_two_numbers_is_refused(
    office: Office, typed: dict[str, str], told: str
) -> None:
    before = case_of(office)
    answer = say(office, SIGNED | CHECK | typed)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert told in body
    assert '<a href="#check">' in body
    assert case_of(office) == before


def test_a_court_of_other_agencies_is_neither_offered_nor_taken(office: Office) -> None:
    assert 'value="sample-county"' in page_of(office)
    config = office.home / "config.toml"
    text = config.read_text("utf-8").replace('["labor", "revenue"]', '["revenue"]')
    config.write_text(text, "utf-8")
    again = open_office(office.home)
    assert 'value="sample-county"' not in page_of(again)
    assert say(again, SIGNED | CHECK | {"check-court": "sample-county"}).status_code == 422


def test_without_a_listed_court_a_call_says_where_its_number_was_found(office: Office) -> None:
    text = (office.home / "config.toml").read_text("utf-8")
    databases.configure(office.home, text.split("[[court]]")[0])
    again = open_office(office.home)
    body = page_of(again)
    assert 'id="check-court"' not in body
    assert "no court yet" in body
    assert '<details class="c-more" id="check-another" open>' in body
    assert say(again, SIGNED | CHECK).status_code == 422
    assert say(again, SIGNED | ANOTHER).status_code == 303
    assert note_of(again).startswith("court_called: ")


@pytest.mark.parametrize(
    ("name", "chosen"), [("ao93", "us-colorado"), ("subpoena", "us-colorado"), ("i138", ""), ("i205", "")]
)
def test_the_court_that_the_paper_names_is_chosen_and_no_other(
    office: Office, name: str, chosen: str
) -> None:
    listed = page_of(office, name).partition('id="check-court"')[2].partition("</select>")[0]
    assert re.findall(r'value="([^"]*)" selected', listed) == ([chosen] if chosen else [])
    told = (
        "names the United States District Court, District of Colorado. The number to call is (720) 555-0161"
    )
    assert (told in page_of(office, name)) is bool(chosen)
    assert '<details class="c-check" id="check">' in page_of(office, name)  # chosen, but nothing was said


def test_the_page_says_why_a_number_from_the_paper_proves_nothing(office: Office) -> None:
    body = page_of(office)
    assert "Never use a number or an address that is printed on the paper." in body
    assert "so the call proves nothing" in body
    assert "Found: the court&#x27;s own website. Last checked on September 1, 2020." in body


def test_another_number_says_where_it_was_found(office: Office) -> None:
    typed = {"value-paper_signed": "yes", "source-paper_signed": "independent", **ANOTHER}
    assert say(office, typed).status_code == 303
    case = case_of(office)
    assert case.facts["paper_signed"].source is Source.INDEPENDENT
    private = office.desk.ports.cases.history(case.case_id)[-1].event.private
    assert private["note"] == "court_called: Deputy clerk; (303) 555-0111; the court's website"
    body = office.client(ALICE).get(f"/cases/{office.ref('i138')}/").content.decode()
    assert "Called the court clerk: Deputy clerk; (303) 555-0111" in body


@pytest.mark.parametrize("left_out", sorted(ANOTHER))
def test_a_check_half_described_is_none_and_nothing_typed_is_lost(office: Office, left_out: str) -> None:
    typed = {"value-paper_signed": "no", "source-paper_signed": "independent", **ANOTHER, left_out: ""}
    before = case_of(office)
    answer = say(office, typed)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#check"' in body
    assert case_of(office) == before
    kept = [value for name, value in ANOTHER.items() if name not in (left_out, "check-how", "check-court")]
    assert all(value.replace("'", "&#x27;") in body for value in kept)
    assert '<option value="independent" selected>' in body


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"value-paper_signed": "perhaps", "source-paper_signed": "court"}, "fact-paper_signed"),
        ({"value-emergency": "yes", "source-emergency": ""}, "fact-emergency"),
        (
            {"value-enforcement_order": "yes", "source-enforcement_order": "requester"},
            "fact-enforcement_order",
        ),
        ({"value-1.consent": "yes", "source-1.consent": "nobody"}, "fact-1-consent"),
    ],
)
def test_what_cannot_be_is_refused_at_its_row(office: Office, typed: dict[str, str], field: str) -> None:
    before = case_of(office)
    answer = say(office, typed)
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.content.decode()
    assert case_of(office) == before


def test_what_the_directory_says_is_not_changed_at_a_desk(office: Office) -> None:
    before = case_of(office).facts["custodian_kind"].value
    say(office, {"value-custodian_kind": "school", "source-custodian_kind": "custodian"})
    assert case_of(office).facts["custodian_kind"].value == before


def test_a_form_of_another_version_changes_nothing_and_keeps_what_was_typed(office: Office) -> None:
    old = case_of(office)
    say(office, {"do": "all"}, person=BOB)
    typed = {"expected_version": str(old.version), "value-paper_signed": "no", "source-paper_signed": "court"}
    answer = say(office, typed)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this case" in body
    assert case_of(office).facts["paper_signed"].value == old.facts["paper_signed"].value
    assert f'name="expected_version" value="{case_of(office).version}"' in body
    assert 'id="fact-paper_signed-value"' in body
    assert '<option value="court" selected>' in body


@pytest.mark.parametrize("version", ["", "x", "0", "99999999999999999999"])
def test_a_form_without_a_version_changes_nothing(office: Office, version: str) -> None:
    assert say(office, {"do": "all", "expected_version": version}).status_code == 409
    assert case_of(office).state == "read"


def test_the_same_form_sent_twice_counts_once(office: Office) -> None:
    version = str(case_of(office).version)
    first = say(office, {"do": "all", "expected_version": version})
    second = say(office, {"do": "all", "expected_version": version})
    assert (first.status_code, second.status_code) == (303, 409)
    assert len(office.desk.ports.cases.history(office.case_id("i138"))) == 3


def test_two_people_at_the_same_moment_are_not_both_right(office: Office) -> None:
    version, ref = str(case_of(office).version), office.ref("i138")
    clients = [office.client(ALICE), office.client(BOB)]

    def send(client: Any) -> int:
        form = {"do": "all", "expected_version": version}
        return int(client.post(f"/cases/{ref}/facts/", form).status_code)

    assert sorted(at_once(*(lambda c=c: send(c) for c in clients))) == [303, 409]
    assert len(office.desk.ports.cases.history(office.case_id("i138"))) == 3


def test_an_auditor_reads_the_facts_and_is_offered_nothing(office: Office) -> None:
    body = office.client(AUDITOR).get(f"/cases/{office.ref('i138')}/").content.decode()
    assert "fact-paper_signed" in body
    assert f"/cases/{office.ref('i138')}/facts/" not in body
    assert "<select" not in body
    assert say(office, {"do": "all"}, person=AUDITOR).status_code == 403
    assert case_of(office).state == "read"


def test_what_changed_is_told(office: Office) -> None:
    client, ref = office.client(ALICE), office.ref("mail")
    typed = {"value-criminal_investigation": "no", "source-criminal_investigation": "custodian"}
    typed |= {"value-crime_in_progress": "no", "source-crime_in_progress": "custodian"}
    version = str(case_of(office, "mail").version)
    answer = client.post(f"/cases/{ref}/facts/", {"expected_version": version, **typed})
    body = client.get(answer["Location"]).content.decode()
    assert "You changed 2 facts" in body
    assert "The rules now say of item 1: Forbidden" in body


def test_a_letter_that_ends_texts_is_not_stored(office: Office) -> None:
    typed = {
        "value-paper_signed": "yes",
        "source-paper_signed": "independent",
        **CHECK,
        "check-whom": "a\x00b",
    }
    assert say(office, typed).status_code == 303
    assert "\x00" not in str(office.desk.ports.cases.history(office.case_id("i138"))[-1].event.private)


def test_a_clerk_corrects_a_fact_by_keyboard_and_hears_what_changed(office: Office, visit: Visit) -> None:
    with visit(ALICE) as visitor:
        page = visitor.go(f"/cases/{office.ref('i138')}/")
        summary = page.locator("#fact-paper_signed summary")
        summary.focus()
        page.keyboard.press("Enter")
        page.locator("#fact-paper_signed-source").select_option("independent")
        assert page.locator("#check").get_attribute("open") is not None
        page.get_by_role("button", name="Save my changes").click()
        summary_of_errors = page.locator("#facts-problems")
        assert summary_of_errors.evaluate("e => e === document.activeElement")
        visitor.said.clear()  # the browser notes every 422
        visitor.check()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator("#check > summary").evaluate("e => e === document.activeElement")
        page.locator("#check-how").select_option("court_called")
        page.fill("#check-whom", "Deputy clerk")
        assert not page.locator("#check-number").is_visible()
        page.locator("#check-court").select_option("-")
        assert page.locator("#check-found").is_visible()
        visitor.check()
        page.locator("#check-court").select_option("us-colorado")
        page.get_by_role("button", name="Save my changes").click()
        told = page.locator("#main > .usa-alert").first
        assert "You changed one fact" in told.inner_text()
        assert told.evaluate("e => e === document.activeElement")
        visitor.check()
    assert case_of(office).facts["paper_signed"].source is Source.INDEPENDENT
    assert note_of(office) == LISTED


@in_each_look
def test_a_refused_form_looks_right(office: Office, visit: Visit, size: str, language: str) -> None:
    with visit(ALICE, size=size, language=language) as visitor:
        page = visitor.go(f"/cases/{office.ref('two_items')}/")
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        visitor.check()
        page.locator("#fact-1-consent-value").select_option("yes")
        page.locator("button[name=do][value=changes]").click()
        page.locator("#facts-problems").wait_for()
        visitor.said.clear()  # the browser notes every 422
        visitor.check()


def test_what_was_corrected_is_never_dropped_by_the_button_that_corrects_nothing(office: Office) -> None:
    """Somebody corrects a fact, then presses “everything is as read”: nothing is written, and it is said."""
    case = case_of(office)
    typed = as_shown(case) | {"value-paper_signed": "no", "source-paper_signed": "requester", "do": "all"}
    answer = say(office, typed)
    assert answer.status_code == 422
    assert "You changed facts." in answer.content.decode()
    assert case_of(office).version == case.version
    assert say(office, as_shown(case) | {"do": "all"}).status_code == 303


def test_a_refused_form_shows_the_case_again_and_that_is_written_down(office: Office) -> None:
    case_id = office.case_id("i138")
    assert not list(office.desk.ports.views.of_case(case_id))
    assert say(office, {"do": "all", "expected_version": "99"}).status_code == 409
    assert [v.person for v in office.desk.ports.views.of_case(case_id)] == [ALICE]
