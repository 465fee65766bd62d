"""What people do at the pages that decide, release, send and seal; and how to look at what came of it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any, Final

from habeas.domain.determination import ItemDetermination
from habeas.domain.vocabulary import EventKind, Outcome
from tests.console.office import delivery

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpResponse

    from habeas.domain.case import Case
    from tests.console.browser import Visitor
    from tests.console.office import Office

REVIEWER, TEAM, CLERK, APPROVER, COUNSEL = "m.reyes", "k.lindqvist", "w.tanaka", "t.abara", "e.thornton"
AUDITOR, ELSEWHERE = "v.osei", "s.okafor"
DIGEST: Final = "ab" * 32


def case_of(office: Office, name: str) -> Case:
    """A case as it stands."""
    return office.desk.ports.cases.load(office.case_id(name))


def kinds(office: Office, name: str) -> list[EventKind]:
    """What happened to a case, by kind."""
    return [r.event.kind for r in office.desk.ports.cases.history(office.case_id(name))]


def check_facts(office: Office, *names: str) -> None:
    """A reviewer confirms what the machine read, with what the desk finds in the message."""
    from habeas.demo.stage import findings
    from habeas.usecases.confirm import confirm

    for name in names:
        confirm(
            office.desk.ports,
            office.case_id(name),
            office.person(REVIEWER),
            findings(case_of(office, name)),
        )


def decide(office: Office, name: str, outcome: Outcome, person: str = REVIEWER, **words: str) -> None:
    """Decide every item of a case alike, past the pages."""
    from habeas.usecases.determine import determine

    made = tuple(ItemDetermination(i.item_id, outcome, **words) for i in case_of(office, name).items)
    determine(office.desk.ports, office.case_id(name), office.person(person), made)


def released(office: Office, name: str = "i138", *, approved: bool = False) -> None:
    """A case that a reviewer decided to release, and if `approved` a second person too."""
    from habeas.usecases.disclose import authorize

    check_facts(office, name)
    decide(office, name, Outcome.RELEASE, reason="an offense is named")
    if approved:
        authorize(office.desk.ports, office.case_id(name), office.person(APPROVER))


def post(office: Office, person: str, name: str, path: str, **fields: Any) -> HttpResponse:
    """Send a form about a case as it stands (`expected_version` says otherwise)."""
    fields.setdefault("expected_version", case_of(office, name).version)
    return office.client(person).post(f"/cases/{office.ref(name)}/{path}", fields)  # type: ignore[return-value] # the client's own subclass


def get(office: Office, person: str, name: str, path: str, **query: str) -> HttpResponse:
    """Open a page about a case."""
    return office.client(person).get(f"/cases/{office.ref(name)}/{path}", query)  # type: ignore[return-value] # as above


def text(answer: HttpResponse) -> str:
    """What a page says, without its tags."""
    body = re.sub(r"<(script|style|textarea)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def html(answer: HttpResponse) -> str:
    """What a page is made of."""
    return answer.content.decode()


def bring_in(office: Office, visitor: Visitor, folder: Path, number: int) -> str:
    """A message of the demonstration's script comes in by the page for new requests, the worker reads it, and
    the person checks what was read, all in the browser; the reference of its case.
    """
    from habeas.usecases.work import work_once

    file = folder / "request.eml"
    file.write_bytes(delivery(number, "10-14 17:00").data)
    page = visitor.go("/new/")
    page.set_input_files("#f-files", file)
    page.locator("label[for=unit-ui-fraud]").click()
    page.locator("[data-upload] button").click()
    page.locator(".n-status--reading").wait_for()
    while work_once(office.desk.ports, office.desk.store.jobs):
        pass
    page.wait_for_url("**/cases/*/")
    page.locator("button[name=do][value=all]").click()
    page.locator("label[for=pick-1-refuse]").wait_for()
    return page.url.rstrip("/").rsplit("/", 1)[1]
