"""The second yes on the page, the no, and the account of what left: two people, one time, no record here."""

from __future__ import annotations

import hashlib
import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest

from habeas.domain.vocabulary import CaseState, EventKind, Outcome
from tests.console import acts
from tests.console.acts import (
    APPROVER,
    AUDITOR,
    CLERK,
    COUNSEL,
    DIGEST,
    ELSEWHERE,
    REVIEWER,
    TEAM,
    case_of,
    html,
    text,
)
from tests.console.browser import in_each_look
from tests.console.office import at_once

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpResponse

    from tests.console.conftest import Visit
    from tests.console.office import Office

APPROVE: Final = "/release/approve/"


def may_approve(answer: HttpResponse) -> bool:
    """Whether the page has the button."""
    return answer.status_code == 200 and APPROVE in html(answer)


# ------------------------------------------------------------------------------------ the second yes


def test_the_second_person_sees_what_leaves_why_and_by_whom_then_approves(office: Office) -> None:
    acts.released(office)
    shown = acts.get(office, APPROVER, "i138", "release/")
    said = text(shown)
    assert may_approve(shown)
    for part in ("Immigration enforcement subpoena (I-138)", "The agency itself, no judge", "M. Reyes",
                 "an offense is named", "Wage records"):  # fmt: skip
        assert part in said
    sent = acts.post(office, APPROVER, "i138", "release/approve/")
    assert (sent.status_code, sent["Location"]) == (303, f"/cases/{office.ref('i138')}/")
    assert case_of(office, "i138").state is CaseState.AUTHORIZED


def test_whoever_decided_is_told_that_somebody_else_must(office: Office) -> None:
    acts.check_facts(office, "i138")
    acts.decide(office, "i138", Outcome.RELEASE, APPROVER)
    shown = acts.get(office, APPROVER, "i138", "release/")
    assert not may_approve(shown)
    assert "You decided this. Somebody else must approve it. These people may: E. Thornton." in text(shown)
    sent = acts.post(office, APPROVER, "i138", "release/approve/")
    assert sent.status_code == 422
    assert "Somebody else must approve it" in text(sent)
    assert case_of(office, "i138").authorized is None


@pytest.mark.parametrize("person", [REVIEWER, TEAM, CLERK])
def test_whoever_may_not_approve_sees_who_may(office: Office, person: str) -> None:
    acts.released(office)
    shown = acts.get(office, person, "i138", "release/")
    assert not may_approve(shown)
    assert "E. Thornton, T. Abara" in text(shown)
    for path in ("release/approve/", "release/stop/"):
        assert acts.post(office, person, "i138", path, reason="x").status_code == 403
    assert case_of(office, "i138").authorized is None


@pytest.mark.parametrize(("person", "status"), [(AUDITOR, 403), (ELSEWHERE, 404), ("d.hsu", 404)])
def test_whoever_has_no_part_in_it_sees_and_does_nothing(office: Office, person: str, status: int) -> None:
    acts.released(office)
    before = case_of(office, "i138")
    assert acts.get(office, person, "i138", "release/").status_code == status
    for path in ("approve", "stop", "handed-over"):
        sent = acts.post(office, person, "i138", f"release/{path}/", reason="x")
        assert sent.status_code in (status, 403)
    assert case_of(office, "i138") == before


def test_a_yes_asks_for_a_sign_in_of_the_last_minutes(office: Office) -> None:
    acts.released(office)
    client = office.client()
    client.cookies["habeas_session"] = office.session(APPROVER, ago=6 * 60)
    ref = office.ref("i138")
    shown = client.get(f"/cases/{ref}/release/")
    assert "You will be asked to sign in again first." in text(shown)  # type: ignore[arg-type] # the client's own subclass
    sent = client.post(
        f"/cases/{ref}/release/approve/", {"expected_version": case_of(office, "i138").version}
    )
    assert sent.status_code == 302
    assert "/reauthenticate/" in sent["Location"]
    assert sent["Location"].endswith(f"next=%2Fcases%2F{ref}%2Frelease%2F")
    assert case_of(office, "i138").authorized is None


def test_what_the_law_no_longer_carries_is_shown_and_can_only_be_stopped(office: Office) -> None:
    """A statute begins between the two people: SB 21-131 binds what the guidance of 2020 left open."""
    acts.released(office)
    version = case_of(office, "i138").version
    office.clock.set(datetime(2021, 9, 1, 19, 0, tzinfo=UTC))
    shown = acts.get(office, APPROVER, "i138", "release/")
    assert not may_approve(shown)
    assert "The law or the paper changed since this was decided." in text(shown)
    assert '<details class="d-stop" open>' in html(shown)
    sent = acts.post(office, APPROVER, "i138", "release/approve/", expected_version=version)
    assert sent.status_code == 422
    assert "changed since this was decided" in text(sent)
    assert case_of(office, "i138").authorized is None


# ------------------------------------------------------------------------------------------ at once


def test_of_two_approvers_at_the_same_moment_one_is_told_that_the_other_was_faster(office: Office) -> None:
    acts.released(office)
    clients = [office.client(p) for p in (APPROVER, COUNSEL)]
    path = f"/cases/{office.ref('i138')}/release/approve/"
    form = {"expected_version": case_of(office, "i138").version}
    answers = at_once(*[lambda c=c: c.post(path, form) for c in clients])
    assert sorted(a.status_code for a in answers) == [303, 409]
    late = next(a for a in answers if a.status_code == 409)
    assert "Somebody else changed this case while you had it open." in text(late)
    assert acts.kinds(office, "i138").count(EventKind.DISCLOSURE_AUTHORIZED) == 1


def test_a_yes_and_a_no_at_the_same_moment_do_not_both_count(office: Office) -> None:
    acts.released(office)
    yes, no = office.client(APPROVER), office.client(COUNSEL)
    path = f"/cases/{office.ref('i138')}/release"
    form = {"expected_version": case_of(office, "i138").version, "reason": "not this paper"}
    answers = at_once(
        lambda: yes.post(f"{path}/approve/", form),
        lambda: no.post(f"{path}/stop/", form),
    )
    assert sorted(a.status_code for a in answers) == [303, 409]
    case = case_of(office, "i138")
    stopped = case.outcome("1") is Outcome.COUNSEL
    assert stopped is (case.authorized is None)


def test_a_button_pressed_twice_and_a_second_tab_approve_once(office: Office) -> None:
    acts.released(office)
    version = case_of(office, "i138").version
    first = acts.post(office, APPROVER, "i138", "release/approve/", expected_version=version)
    again = acts.post(office, APPROVER, "i138", "release/approve/", expected_version=version)
    assert (first.status_code, again.status_code) == (303, 409)
    assert acts.kinds(office, "i138").count(EventKind.DISCLOSURE_AUTHORIZED) == 1


# ------------------------------------------------------------------------------------------- the no


@pytest.mark.parametrize("approved", [False, True])
def test_a_release_is_stopped_with_a_reason_before_anything_left(office: Office, *, approved: bool) -> None:
    acts.released(office, approved=approved)
    empty = acts.post(office, COUNSEL, "i138", "release/stop/", reason=" ")
    assert empty.status_code == 422
    assert 'href="#stop-reason"' in html(empty)
    assert 'id="stop-reason-trouble">Write down why you stop it.' in html(empty)
    sent = acts.post(office, COUNSEL, "i138", "release/stop/", reason="the statute changed")
    assert sent.status_code == 303
    case = case_of(office, "i138")
    assert (case.outcome("1"), case.authorized) == (Outcome.COUNSEL, None)
    assert case.decided[-1].determination.reason == "the statute changed"
    assert office.desk.ports.assignments.of(case.case_id) == COUNSEL
    assert acts.post(office, APPROVER, "i138", "release/approve/").status_code == 422


# ------------------------------------------------------------------------------------- what was left


def test_what_left_is_written_down_as_names_and_a_digest(office: Office) -> None:
    acts.released(office, approved=True)
    version = case_of(office, "i138").version
    account = {"fields-1": "employer\nquarter\n", "sha256": DIGEST.upper(), "means": "by hand"}
    sent = acts.post(office, CLERK, "i138", "release/handed-over/", expected_version=version, **account)
    assert sent.status_code == 303
    assert sent["Location"].startswith(f"/cases/{office.ref('i138')}/letters/new/")
    (left,) = case_of(office, "i138").disclosures
    assert (left.fields, left.sha256, left.means) == (("employer", "quarter"), DIGEST, "by hand")
    again = acts.post(office, CLERK, "i138", "release/handed-over/", expected_version=version, **account)
    assert again.status_code == 409
    assert len(case_of(office, "i138").disclosures) == 1
    shown = text(acts.get(office, CLERK, "i138", "release/"))
    for part in ("employer, quarter", DIGEST, "By hand"):
        assert part in shown


def test_of_several_parts_each_names_its_fields(office: Office) -> None:
    acts.released(office, "two_items", approved=True)
    account = {"fields-1": "wages", "sha256": DIGEST, "means": "portal"}
    half = acts.post(office, CLERK, "two_items", "release/handed-over/", **account)
    assert half.status_code == 422
    assert 'href="#fields-2"' in html(half)
    account["fields-2"] = "employer"
    assert acts.post(office, CLERK, "two_items", "release/handed-over/", **account).status_code == 303
    assert case_of(office, "two_items").disclosures[0].fields == ("1: wages", "2: employer")


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"fields-1": " \n "}, "fields-1", "Name at least one field"),
        ({"fields-1": "number 123456789"}, "fields-1", "Write names of fields only"),
        ({"sha256": "abc"}, "sha256", "must have 64 letters and digits"),
        ({"means": ""}, "means", "Say how it was handed over."),
        ({"means": "pigeon"}, "means", "Say how it was handed over."),
    ],
)
def test_what_is_wrong_with_the_account_is_said_at_its_field(
    office: Office, said: dict[str, str], field: str, words: str
) -> None:
    acts.released(office, approved=True)
    account = {"fields-1": "employer", "sha256": DIGEST, "means": "portal"} | said
    answer = acts.post(office, CLERK, "i138", "release/handed-over/", **account)
    assert answer.status_code == 422
    assert f'href="#{field}"' in html(answer)
    found = re.search(rf'id="{field}-trouble">([^<]+)<', html(answer))
    assert found
    assert words in found.group(1)
    if field != "sha256":
        assert DIGEST in html(answer)
    assert case_of(office, "i138").disclosures == ()


def test_nothing_is_written_down_before_two_people_agreed(office: Office) -> None:
    acts.released(office)
    account = {"fields-1": "employer", "sha256": DIGEST, "means": "portal"}
    answer = acts.post(office, CLERK, "i138", "release/handed-over/", **account)
    assert answer.status_code == 422
    assert "A second person must approve this first." in text(answer)


# ------------------------------------------------------------------------------------- in a browser


def test_the_file_handed_over_never_reaches_the_server(office: Office, visit: Visit, tmp_path: Path) -> None:
    acts.released(office, approved=True)
    package = tmp_path / "records.csv"
    package.write_bytes(b"employer,quarter\nMARKED-RECORD,2020Q1\n")
    sent: list[bytes] = []
    with visit(CLERK) as visitor:
        page = visitor.go(f"/cases/{office.ref('i138')}/release/")
        page.on("request", lambda r: sent.append(r.post_data_buffer or b"") if r.method == "POST" else None)
        page.locator("#package").set_input_files(package)
        page.locator("#package-state", has_text="The file was not sent.").wait_for()
        assert page.locator("#sha256").input_value() == hashlib.sha256(package.read_bytes()).hexdigest()
        page.locator("#fields-1").fill("employer\nquarter")
        page.locator("#means").select_option("encrypted e-mail")
        visitor.check()
        page.locator("form[action$='handed-over/'] button").click()
        page.wait_for_url("**/letters/new/**")
    assert sent
    assert not any(b"MARKED-RECORD" in body or b"records.csv" in body for body in sent)
    assert case_of(office, "i138").disclosures[0].sha256 == hashlib.sha256(package.read_bytes()).hexdigest()


@in_each_look
def test_every_state_of_a_release_holds_at_every_size_in_both_languages(
    office: Office, visit: Visit, size: str, language: str
) -> None:
    acts.released(office)
    where = f"/cases/{office.ref('i138')}/release/"
    with visit(REVIEWER, size=size, language=language) as visitor:
        visitor.go(where)
        visitor.check()
    with visit(APPROVER, size=size, language=language) as visitor:
        page = visitor.go(where)
        page.locator("details.d-stop summary").click()
        visitor.check()
        page.locator("form[action$='stop/'] button").click()
        page.locator("[role=alert]:focus").wait_for()
        visitor.said.clear()  # the browser reports every 422 as a line of its console
        visitor.check()
        page.locator("form[action$='approve/'] button").click()
        page.wait_for_url(f"**/cases/{office.ref('i138')}/")
        visitor.go(where)
        visitor.check()


@pytest.mark.stored
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_release_goes_its_whole_way_in_the_browser(
    office: Office, visit: Visit, tmp_path: Path, language: str
) -> None:
    """A subpoena that names its offense: the reviewer logs, checks and decides, the approver approves, the
    clerk hands over and marks the letter sent.
    """
    began = time.perf_counter()
    with visit(REVIEWER, language=language) as visitor:
        ref = acts.bring_in(office, visitor, tmp_path, 26)
        page = visitor.page
        page.locator("label[for=pick-1-release]").click()
        page.locator("#reason-1").fill("an offense is named")
        page.locator("button[value=review]").click()
        page.locator("button[value=record]").click()
        page.locator("[role=status]", has_text="E. Thornton, T. Abara").wait_for()
        visitor.check()
    path = f"/cases/{ref}/"
    with visit(APPROVER, language=language) as visitor:
        page = visitor.go(path)
        page.locator("form[action$='approve/'] button").click()
        page.locator("form[action$='handed-over/']").wait_for()
        visitor.check()
    with visit(CLERK, language=language) as visitor:
        page = visitor.go(path)
        page.locator("#fields-1").fill("employer")
        page.locator("#sha256").fill(DIGEST)
        page.locator("form[action$='handed-over/'] select").select_option("portal")
        page.locator("form[action$='handed-over/'] button").click()
        page.wait_for_url("**/letters/new/**")
        page.locator("#means").select_option("mail")
        page.locator("form#send button").click()
        page.wait_for_url(f"**{path}")
        print(f"release, {language}: {time.perf_counter() - began:.1f} s of machine time")
        visitor.check()
    case = office.desk.ports.cases.load(office.desk.ports.cases.by_ref(ref))
    assert (case.state, len(case.notices), len(case.disclosures)) == (CaseState.CLOSED, 1, 1)
    assert {a.person for a in case.disclosures[0].approvals} == {REVIEWER, APPROVER}
