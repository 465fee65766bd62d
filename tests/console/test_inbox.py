"""The inbox: who sees which request in which box, in which order, and what can be done with it there."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from habeas.domain.determination import ItemDetermination
from habeas.domain.vocabulary import Outcome
from tests.console.browser import in_each_look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.console.browser import Visitor
    from tests.console.conftest import Visit
    from tests.console.office import Office

ALICE, BOB, CHARLIE = "m.reyes", "k.lindqvist", "s.okafor"
APPROVER, COUNSEL, AUDITOR = "t.abara", "e.thornton", "v.osei"
LABOR = ("i138", "i205", "ao93", "grand_jury", "subpoena", "mail", "two_items")
REVENUE = ("photo", "fax")
BOXES = ("mine", "unit", "unassigned", "second", "due", "late", "all")


@pytest.fixture(autouse=True)
def _told_contexts(office: Office) -> Iterator[None]:
    """Let the client tell what a page was drawn from, not only its text."""
    from django.test.utils import setup_test_environment, teardown_test_environment

    del office  # Django is set up now
    setup_test_environment()
    yield
    teardown_test_environment()


def listed(office: Office, person: str, query: str = "") -> list[str]:
    """The references a person's list has, in order."""
    answer = office.client(person).get(f"/inbox/?{query}")
    assert answer.status_code == 200, answer.content.decode()
    return [str(row.line.request_ref) for row in answer.context["rows"]]


def counted(office: Office, person: str) -> dict[str, int]:
    """The number each box shows."""
    answer = office.client(person).get("/inbox/?box=all")
    return dict(zip(BOXES, (tab.count for tab in answer.context["boxes"]), strict=True))


def refs(office: Office, *names: str) -> set[str]:
    return {office.ref(name) for name in names}


def assign(office: Office, name: str, to: str, *, was: str = "", by: str = ALICE) -> Any:
    path = f"/cases/{office.ref(name)}/assign/"
    return office.client(by).post(path, {"to": to, "was": was, "back": "box=unit"})


def release(office: Office, name: str, by: str = ALICE) -> None:
    """Decide to hand everything over, so that a second person is waited for."""
    from habeas.usecases.confirm import confirm
    from habeas.usecases.determine import determine

    ports, case_id = office.desk.ports, office.case_id(name)
    confirm(ports, case_id, office.person(by))
    items = ports.cases.load(case_id).items
    decided = tuple(ItemDetermination(i.item_id, Outcome.RELEASE, "a judge signed it") for i in items)
    determine(ports, case_id, office.person(by), decided)


@pytest.mark.parametrize("box", ["unit", "unassigned", "all"])
def test_the_team_sees_its_requests_and_another_agency_only_its_own(office: Office, box: str) -> None:
    for person in (ALICE, BOB, APPROVER, COUNSEL, "w.tanaka"):
        assert set(listed(office, person, f"box={box}")) == refs(office, *LABOR), person
    assert set(listed(office, CHARLIE, f"box={box}")) == refs(office, *REVENUE)


def test_the_counts_are_those_of_the_lists_for_everybody(office: Office) -> None:
    assign(office, "i138", BOB)
    release(office, "grand_jury")
    for person in (ALICE, BOB, APPROVER, COUNSEL, CHARLIE, AUDITOR):
        numbers = counted(office, person)
        for box in BOXES:
            assert len(listed(office, person, f"box={box}")) == numbers[box], (person, box)


def test_what_somebody_took_is_theirs_and_nobody_elses(office: Office) -> None:
    answer = assign(office, "i138", ALICE)
    assert answer.status_code == 303
    assert answer["Location"] == "/inbox/?box=unit"
    assert listed(office, ALICE, "box=mine") == [office.ref("i138")]
    assert listed(office, BOB, "box=mine") == []
    assert office.ref("i138") not in listed(office, BOB, "box=unassigned")
    assert office.ref("i138") in listed(office, BOB, "box=unit")


def test_the_first_box_is_ones_own_where_there_is_work_in_it(office: Office) -> None:
    assert office.client(ALICE).get("/inbox/").context["query"].box == "unit"
    assign(office, "i138", ALICE)
    assert office.client(ALICE).get("/inbox/").context["query"].box == "mine"


def test_a_request_is_given_to_a_colleague_and_put_down(office: Office) -> None:
    work, case_id = office.desk.ports.assignments, office.case_id("i138")
    assign(office, "i138", BOB)
    assert work.of(case_id) == BOB
    assign(office, "i138", "", was=BOB)
    assert work.of(case_id) == ""


def test_whoever_was_overtaken_changes_nothing_and_is_told(office: Office) -> None:
    assign(office, "i138", BOB)
    client = office.client(APPROVER)
    path = f"/cases/{office.ref('i138')}/assign/"
    answer = client.post(path, {"to": APPROVER, "was": "", "back": "box=unit"}, follow=True)
    assert "Somebody else changed who works on request" in answer.content.decode()
    assert office.desk.ports.assignments.of(office.case_id("i138")) == BOB


@pytest.mark.parametrize("to", [CHARLIE, AUDITOR, "nobody.known"])
def test_work_is_given_to_nobody_who_cannot_do_it(office: Office, to: str) -> None:
    assign(office, "i138", to)
    assert office.desk.ports.assignments.of(office.case_id("i138")) == ""


def test_the_auditor_sees_both_agencies_and_can_give_nothing_away(office: Office) -> None:
    assert set(listed(office, AUDITOR, "box=all")) == refs(office, *LABOR, *REVENUE)
    assert set(listed(office, AUDITOR, "box=unit")) == refs(office, *LABOR)
    body = office.client(AUDITOR).get("/inbox/?box=all").content.decode()
    assert "/assign/" not in body
    assert "Colorado Department of Revenue" in body
    assert assign(office, "i138", AUDITOR, by=AUDITOR).status_code == 403


def test_a_release_waits_with_those_who_may_give_the_second_yes(office: Office) -> None:
    release(office, "grand_jury")
    for person in (APPROVER, COUNSEL):
        assert listed(office, person, "box=second") == [office.ref("grand_jury")]
    for person in (ALICE, BOB, CHARLIE, AUDITOR):
        assert listed(office, person, "box=second") == []


def test_a_sealed_request_is_listed_for_the_named_and_marked_in_words(office: Office) -> None:
    from habeas.usecases.seal import seal

    ref = office.ref("grand_jury")
    before = counted(office, BOB)["all"]
    names = (COUNSEL, ALICE)
    seal(office.desk.ports, office.case_id("grand_jury"), office.person(COUNSEL), names, "a grand jury asks")
    row = next(
        r for r in office.client(ALICE).get("/inbox/?box=all").context["rows"] if r.line.request_ref == ref
    )
    assert "Sealed" in office.client(ALICE).get("/inbox/?box=all").content.decode()
    assert [p.person_id for p in row.colleagues] == [COUNSEL]  # nobody is offered who may not see it
    assert ref not in listed(office, BOB, "box=all")
    assert counted(office, BOB)["all"] == before - 1


def test_clocks_say_in_words_how_near_a_day_is(office: Office) -> None:
    rows = {
        r.line.request_ref: r for r in office.client(ALICE).get("/inbox/?box=all&sort=due").context["rows"]
    }
    dated = {ref: row for ref, row in rows.items() if row.line.due_on}
    assert dated
    for row in dated.values():
        left = (row.line.due_on - date(2020, 10, 15)).days
        assert row.late == (left < 0)
        assert row.clock == {0: "today", 1: "tomorrow", -1: "1 day late"}.get(
            left, f"in {left} days" if left > 0 else f"{-left} days late"
        )


def test_late_and_due_part_at_today(office: Office) -> None:
    from datetime import timedelta

    due = {r: d for r, d in _dues(office).items() if d}
    first = min(due.values())
    office.clock.set(office.clock.now() + (first - date(2020, 10, 15)) + timedelta())
    assert {r for r, d in due.items() if d == first} <= set(listed(office, ALICE, "box=due"))
    assert listed(office, ALICE, "box=late") == []
    office.clock.set(office.clock.now() + timedelta(days=1))
    assert set(listed(office, ALICE, "box=late")) == {r for r, d in due.items() if d == first}


def _dues(office: Office) -> dict[str, date | None]:
    rows = office.client(ALICE).get("/inbox/?box=all").context["rows"]
    return {r.line.request_ref: r.line.due_on for r in rows}


def test_lists_are_filtered_by_closed_words_and_dates(office: Office) -> None:
    assert set(listed(office, ALICE, "box=all&paper=judicial")) == refs(office, "ao93")
    assert office.ref("mail") in listed(office, ALICE, "box=all&component=ice_ero")
    assert listed(office, ALICE, "box=all&from=2020-10-14") == [office.ref("mail")]
    assert office.ref("mail") not in listed(office, ALICE, "box=all&to=2020-10-13")
    assert listed(office, ALICE, "box=all&state=closed") == []


@pytest.mark.parametrize(
    "query",
    [
        "box=everything",
        "state=open",
        "sort=zzname",
        "from=yesterday",
        "after=zzpage",
        "unit=../x",
        "paper=Ann",
    ],
)
def test_a_word_of_no_list_is_refused_and_not_repeated(office: Office, query: str) -> None:
    answer = office.client(ALICE).get(f"/inbox/?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[2] not in re.sub(r'name="next" value="[^"]*"', "", answer.content.decode())


def test_a_list_turns_round(office: Office) -> None:
    up = listed(office, ALICE, "box=all&sort=received")
    assert listed(office, ALICE, "box=all&sort=received&turn=1") == up[::-1]


def test_pages_join_without_gap_or_repetition_and_lead_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from habeas.store import inbox

    whole = listed(office, ALICE, "box=all&sort=received")
    monkeypatch.setattr(inbox.inbox, "__kwdefaults__", {**(inbox.inbox.__kwdefaults__ or {}), "limit": 3})
    client, address, seen, backs = office.client(ALICE), "/inbox/?box=all&sort=received", [], []
    while address:
        context = client.get(address).context
        seen.append([row.line.request_ref for row in context["rows"]])
        backs.append(context["newer"])
        address = context["older"]
    assert [ref for page in seen for ref in page] == whole
    assert [len(page) for page in seen] == [3, 3, 1]
    back = client.get(backs[-1]).context
    assert [row.line.request_ref for row in back["rows"]] == seen[-2]


def test_a_view_is_saved_found_again_and_deleted_by_its_owner_alone(office: Office) -> None:
    client = office.client(ALICE)
    back = "box=all&paper=judicial&sort=due"
    assert client.post("/inbox/save/", {"name": " Judges  first ", "back": back}).status_code == 303
    (saved,) = client.get("/inbox/").context["saved"]
    assert saved.name == "Judges first"
    assert [r.line.request_ref for r in client.get(saved.address).context["rows"]] == [office.ref("ao93")]
    assert office.client(BOB).get("/inbox/").context["saved"] == []
    office.client(BOB).post("/inbox/forget/", {"name": "Judges first"})
    assert client.get("/inbox/").context["saved"]
    client.post("/inbox/forget/", {"name": "Judges first"})
    assert client.get("/inbox/").context["saved"] == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_view_without_a_proper_name_is_refused_with_the_choice_kept(office: Office, name: str) -> None:
    answer = office.client(ALICE).post("/inbox/save/", {"name": name, "back": "box=all&paper=judicial"})
    assert answer.status_code == 422
    assert answer.context["parameters"]["paper"] == "judicial"
    assert "Give the view a name" in answer.content.decode()


def test_a_name_that_looks_like_markup_stays_a_name(office: Office) -> None:
    client = office.client(ALICE)
    client.post("/inbox/save/", {"name": "<b>x</b>\"'", "back": "box=all"})
    assert "<b>x</b>" not in client.get("/inbox/").content.decode()


def test_no_list_shows_a_person_named(office: Office) -> None:
    body = office.client(ALICE).get("/inbox/?box=all").content.decode()
    for name in LABOR:
        case = office.desk.ports.cases.load(office.case_id(name))
        for word in (case.request.requester.officer.name, *(s.name for s in case.request.subjects)):
            assert not word or word not in body


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_an_empty_box_says_what_to_do(office: Office, box: str, language: str) -> None:
    client = office.client("c.nakai")  # whose agency has no request
    client.cookies["habeas_language"] = language
    answer = client.get(f"/inbox/?box={box}")
    assert answer.context["rows"] == []
    assert answer.context["empty"] in answer.content.decode()


# ------------------------------------------------------------------------------------------ in a browser


@in_each_look
def test_the_inbox_is_well_made(office: Office, visit: Visit, size: str, language: str) -> None:
    assign(office, "i138", ALICE)
    release(office, "grand_jury")
    with visit(ALICE, size=size, language=language) as visitor:
        for where in ("/inbox/?box=all", "/inbox/?box=late", "/inbox/?box=all&paper=judicial"):
            visitor.go(where)
            visitor.check()
        visitor.go("/inbox/?box=all")
        visitor.page.locator(".i-work details summary").first.click()
        visitor.check()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_help_dialog_is_well_made(visit: Visit, language: str) -> None:
    with visit(ALICE, language=language) as visitor:
        page = visitor.go("/inbox/?box=all")
        page.locator("#keys-open").click()
        page.locator("dialog[open]").wait_for()
        visitor.check()


def focused(visitor: Visitor) -> str:
    return str(visitor.page.evaluate("document.activeElement.textContent.trim()"))


def test_keys_go_from_request_to_request_and_open_one(office: Office, visit: Visit) -> None:
    order = listed(office, ALICE, "box=all")
    with visit(ALICE) as visitor:
        page = visitor.go("/inbox/?box=all")
        page.keyboard.press("j")
        assert focused(visitor) == order[0]
        page.keyboard.press("j")
        page.keyboard.press("ArrowDown")
        assert focused(visitor) == order[2]
        page.keyboard.press("k")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("k")  # at the top it stays
        assert focused(visitor) == order[0]
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/cases/{order[0]}/")


def test_slash_goes_to_the_search_and_a_typed_letter_is_a_letter(visit: Visit) -> None:
    with visit(ALICE) as visitor:
        page = visitor.go("/inbox/?box=all")
        page.keyboard.press("/")
        page.keyboard.type("j/k?")
        assert page.locator("#header-search").input_value() == "j/k?"
        assert not page.locator("dialog[open]").count()


def test_keys_are_shown_and_can_be_switched_off(visit: Visit) -> None:
    with visit(ALICE) as visitor:
        page = visitor.go("/inbox/?box=all")
        page.keyboard.press("?")
        page.locator("dialog[open]").wait_for()
        page.locator("label[for=keys-on]").click()
        page.keyboard.press("Escape")
        assert not page.locator("dialog[open]").count()
        visitor.go("/inbox/?box=all")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement === document.body")


def test_a_request_is_taken_by_keyboard_alone(office: Office, visit: Visit) -> None:
    with visit(ALICE) as visitor:
        page = visitor.go("/inbox/?box=unassigned")
        page.keyboard.press("j")
        ref = focused(visitor)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator(".usa-alert").wait_for()
        assert ref in page.locator(".usa-alert").inner_text()
    assert ref in listed(office, ALICE, "box=mine")
