"""Sealing on the page: who is offered as a name, who may seal and lift, and that the rest is told nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from habeas.domain.vocabulary import EventKind
from tests.console import acts
from tests.console.acts import (
    APPROVER,
    AUDITOR,
    CLERK,
    COUNSEL,
    ELSEWHERE,
    REVIEWER,
    TEAM,
    case_of,
    html,
    text,
)
from tests.console.browser import in_each_look

if TYPE_CHECKING:
    from tests.console.conftest import Visit
    from tests.console.office import Office


def sealed(office: Office, person: str = COUNSEL) -> None:
    answer = acts.post(office, person, "i138", "seal/", names=[REVIEWER], reason="grand jury secrecy")
    assert answer.status_code == 303


def test_the_people_offered_are_those_who_see_the_request_without_a_seal(office: Office) -> None:
    body = html(acts.get(office, APPROVER, "i138", "seal/"))
    offered = set(re.findall(r'name="names" value="([^"]+)"', body))
    assert {REVIEWER, TEAM, CLERK, APPROVER, COUNSEL} <= offered
    assert offered.isdisjoint({ELSEWHERE, "d.hsu", "p.whitfield"})
    assert re.search(rf'value="{APPROVER}" checked disabled', body)


def test_a_sealed_request_is_there_for_the_named_and_the_sealer_only(office: Office) -> None:
    sealed(office, APPROVER)
    assert case_of(office, "i138").seal == tuple(sorted((REVIEWER, APPROVER)))
    for person, status in ((REVIEWER, 200), (APPROVER, 200), (TEAM, 404), (CLERK, 404), (COUNSEL, 404)):
        assert acts.get(office, person, "i138", "").status_code == status
    shown = text(acts.get(office, APPROVER, "i138", ""))
    assert "Sealed: only these people see it: M. Reyes, T. Abara." in shown
    assert "grand jury secrecy" in shown


def test_names_may_be_changed_and_counsel_lifts_the_seal(office: Office) -> None:
    sealed(office)
    acts.post(office, COUNSEL, "i138", "seal/", names=[TEAM], reason="another desk")
    assert case_of(office, "i138").seal == tuple(sorted((TEAM, COUNSEL)))
    empty = acts.post(office, COUNSEL, "i138", "seal/lift/", reason="")
    assert empty.status_code == 422
    assert 'id="unseal-reason-trouble"' in html(empty)
    lifted = acts.post(office, COUNSEL, "i138", "seal/lift/", reason="the case is public")
    assert lifted.status_code == 303
    assert case_of(office, "i138").seal is None
    assert acts.get(office, CLERK, "i138", "").status_code == 200


@pytest.mark.parametrize("person", [REVIEWER, CLERK, AUDITOR])
def test_other_roles_neither_seal_nor_lift(office: Office, person: str) -> None:
    for path in ("seal/", "seal/lift/"):
        assert acts.post(office, person, "i138", path, names=[person], reason="x").status_code == 403
    assert acts.get(office, person, "i138", "seal/").status_code == 403
    assert "/seal/" not in html(acts.get(office, person, "i138", ""))
    assert case_of(office, "i138").seal is None


def test_an_approver_seals_and_does_not_lift(office: Office) -> None:
    acts.post(office, APPROVER, "i138", "seal/", names=[COUNSEL], reason="secrecy")
    assert "/seal/lift/" not in html(acts.get(office, APPROVER, "i138", "seal/"))
    assert acts.post(office, APPROVER, "i138", "seal/lift/", reason="x").status_code == 403
    assert case_of(office, "i138").seal is not None


@pytest.mark.parametrize("names", [[ELSEWHERE], ["nobody.known"]])
def test_a_name_from_elsewhere_is_refused_and_the_choice_is_kept(office: Office, names: list[str]) -> None:
    answer = acts.post(office, COUNSEL, "i138", "seal/", names=[REVIEWER, *names], reason="kept words")
    assert answer.status_code == 422
    assert "kept words" in html(answer)
    assert re.search(rf'value="{REVIEWER}" checked', html(answer))
    assert case_of(office, "i138").seal is None


def test_a_reason_is_asked_for_at_its_field(office: Office) -> None:
    answer = acts.post(office, COUNSEL, "i138", "seal/", names=[REVIEWER], reason=" ")
    assert answer.status_code == 422
    assert 'href="#seal-reason"' in html(answer)
    assert 'id="seal-reason-trouble"' in html(answer)


def test_a_form_sent_twice_seals_once(office: Office) -> None:
    version = case_of(office, "i138").version
    said = {"names": [REVIEWER], "reason": "secrecy", "expected_version": version}
    assert acts.post(office, COUNSEL, "i138", "seal/", **said).status_code == 303
    assert acts.post(office, COUNSEL, "i138", "seal/", **said).status_code == 409
    assert acts.kinds(office, "i138").count(EventKind.CASE_SEALED) == 1


def test_whoever_is_sealed_out_while_a_form_is_open_finds_nothing(office: Office) -> None:
    acts.check_facts(office, "i138")
    version = case_of(office, "i138").version
    acts.post(office, COUNSEL, "i138", "seal/", names=[REVIEWER], reason="secrecy")
    said = {"outcome-1": "refuse", "step": "record", "expected_version": version}
    assert acts.post(office, TEAM, "i138", "decide/", **said).status_code == 404
    assert case_of(office, "i138").decided == ()


@in_each_look
def test_the_seal_holds_at_every_size_in_both_languages(
    office: Office, visit: Visit, size: str, language: str
) -> None:
    where = f"/cases/{office.ref('i138')}/seal/"
    with visit(COUNSEL, size=size, language=language) as visitor:
        page = visitor.go(where)
        visitor.check()
        page.locator("form[action$='/seal/'] button").click()
        page.locator("[role=alert]:focus").wait_for()
        visitor.said.clear()  # the browser reports every 422 as a line of its console
        visitor.check()
        page.locator("#seal-reason").fill("secrecy")
        page.locator("form[action$='/seal/'] button").click()
        page.wait_for_url(f"**/cases/{office.ref('i138')}/")
        visitor.check()
        visitor.go(where)
        visitor.check()
