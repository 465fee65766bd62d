"""The search: what is found by number, name and case number, by whom, and what stays untold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from habeas.usecases.ports import Viewed
from tests.console.browser import in_each_look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.console.conftest import Visit
    from tests.console.office import Office

ALICE, BOB, CHARLIE, AUDITOR = "m.reyes", "k.lindqvist", "s.okafor", "v.osei"


@pytest.fixture(autouse=True)
def _told_contexts(office: Office) -> Iterator[None]:
    """Let the client tell what a page was drawn from, not only its text."""
    from django.test.utils import setup_test_environment, teardown_test_environment

    del office  # Django is set up now
    setup_test_environment()
    yield
    teardown_test_environment()


def officer(office: Office, name: str) -> str:
    """The officer who signed one of the open requests."""
    case = office.desk.ports.cases.load(office.case_id(name))
    assert case.read
    return case.read.requester.officer.name


def ask(office: Office, person: str, text: str, **more: str) -> Any:
    return office.client(person).post("/search/", {"q": text, **more})


def found(office: Office, person: str, text: str, **more: str) -> set[str]:
    answer = ask(office, person, text, **more)
    assert answer.status_code == 200
    return {row.line.request_ref for row in answer.context.get("rows", ())}


def views(office: Office, name: str) -> list[tuple[str, Viewed]]:
    return [(v.person, v.what) for v in office.desk.ports.views.of_case(office.case_id(name))]


def test_a_request_is_found_by_its_number(office: Office) -> None:
    ref = office.ref("i138")
    assert found(office, ALICE, ref.lower()) == {ref}
    assert views(office, "i138") == []  # a number tells nothing of what stands inside


def test_a_request_is_found_by_a_name_in_any_spelling_and_that_is_noted(office: Office) -> None:
    name = officer(office, "mail")
    last = name.split()[-1].upper()
    for text in (name, " ".join(reversed(name.split())), last):
        assert office.ref("mail") in found(office, ALICE, text)
    assert views(office, "mail") == [(ALICE, Viewed.FOUND)] * 3


def test_another_agency_finds_nothing_and_cannot_tell(office: Office) -> None:
    name, ref = officer(office, "grand_jury"), office.ref("grand_jury")
    texts = (name, ref, "Nobody Atall", "0000000000")
    answers = [ask(office, CHARLIE, text).content.decode().replace(text, "ASKED") for text in texts]
    assert len({_plain(body) for body in answers}) == 1
    assert ref not in answers[0]
    assert views(office, "grand_jury") == []


def _plain(body: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", body)


def test_a_sealed_request_is_found_by_the_named_alone(office: Office) -> None:
    from habeas.usecases.seal import seal

    counsel = office.person("e.thornton")
    seal(office.desk.ports, office.case_id("grand_jury"), counsel, ("e.thornton", ALICE), "a grand jury asks")
    name, ref = officer(office, "grand_jury"), office.ref("grand_jury")
    assert ref in found(office, ALICE, name)
    assert ref not in found(office, BOB, name)
    assert found(office, BOB, ref) == set()


def test_an_auditor_of_two_agencies_looks_in_one_at_a_time(office: Office) -> None:
    name, ref = officer(office, "photo"), office.ref("photo")
    assert ref not in found(office, AUDITOR, name)
    assert ref in found(office, AUDITOR, name, agency="revenue")
    assert ref not in found(office, AUDITOR, name, agency="health")  # not theirs: their own is asked


def test_nothing_typed_is_told_at_the_field(office: Office) -> None:
    answer = ask(office, ALICE, "  ")
    assert answer.status_code == 422
    assert "Write what to look for." in answer.content.decode()


def test_a_hostile_text_is_shown_as_text(office: Office) -> None:
    body = ask(office, ALICE, '"><script>x</script>\x00').content.decode()
    assert "<script>x" not in body


def test_what_was_looked_for_stands_in_no_address_and_no_cache(office: Office) -> None:
    answer = ask(office, ALICE, officer(office, "mail"))
    assert answer.status_code == 200  # the form's own answer: no redirect that would carry the name
    assert answer["Cache-Control"] == "no-store, private"


def test_searching_asks_for_a_recent_sign_in(office: Office) -> None:
    client = office.client()
    client.cookies["habeas_session"] = office.session(ALICE, ago=24 * 60 * 60 - 1)
    answer = client.post("/search/", {"q": officer(office, "mail")})
    assert answer.status_code == 302
    assert officer(office, "mail").split()[-1] not in answer["Location"]
    assert views(office, "mail") == []


def test_whoever_sees_no_requests_has_no_search(office: Office) -> None:
    assert office.client("i.sorensen").get("/search/").status_code == 403
    assert 'id="header-search"' not in office.client("i.sorensen").get("/nothing/").content.decode()


@in_each_look
def test_the_search_is_well_made(office: Office, visit: Visit, size: str, language: str) -> None:
    with visit(AUDITOR, size=size, language=language) as visitor:
        page = visitor.go("/inbox/?box=all")
        page.locator("#header-search").fill(officer(office, "mail"))
        page.keyboard.press("Enter")
        page.locator("#found").wait_for()
        assert page.locator(".i-ref").count() >= 1
        assert page.url.endswith("/search/")
        visitor.check()
        page.locator("#q").fill("Nobody Atall")
        page.keyboard.press("Enter")
        page.locator(".i-empty").wait_for()
        visitor.check()
