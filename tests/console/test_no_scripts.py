"""Without scripts, forms are sent and links are followed: a refusal and a release go their whole way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from habeas.domain.vocabulary import CaseState
from habeas.usecases.work import work_once
from tests.console.acts import APPROVER, CLERK, DIGEST, REVIEWER
from tests.console.office import delivery

if TYPE_CHECKING:
    from pathlib import Path

    from tests.console.browser import Visitor
    from tests.console.conftest import Visit
    from tests.console.office import Office


def bring_in(office: Office, visitor: Visitor, folder: Path, number: int) -> str:
    """Log an e-mail, let the worker read it, say that it was read well; the path of its case."""
    file = folder / "request.eml"
    file.write_bytes(delivery(number, "10-14 17:00").data)
    page = visitor.go("/new/")
    page.set_input_files("#f-files", file)
    page.locator("label[for=unit-ui-fraud]").click()
    page.locator("form[enctype='multipart/form-data'] button").last.click()
    while work_once(office.desk.ports, office.desk.store.jobs):
        pass
    page.locator("a[href^='/cases/']").first.click()
    path = page.url.removeprefix(visitor.address)
    page.locator("button[name=do][value=all]").click()
    assert page.url.endswith(path)
    return path


def decide(visitor: Visitor, path: str, outcome: str) -> None:
    page = visitor.go(f"{path}decide/")
    page.locator(f"label[for=pick-1-{outcome}]").click()
    page.locator("#reason-1").fill("as the papers show")
    page.locator("button[value=review]").click()
    page.locator("button[value=record]").click()


def answer(visitor: Visitor, path: str) -> None:
    page = visitor.go(f"{path}letters/new/")
    page.locator("#means").select_option("mail")
    page.locator("form#send button").click()
    assert page.url.endswith(path)


def state_of(office: Office, path: str) -> CaseState:
    ref = path.rstrip("/").rpartition("/")[2]
    return office.desk.ports.cases.load(office.desk.ports.cases.by_ref(ref)).state


def test_a_refusal_needs_no_scripts(office: Office, visit: Visit, tmp_path: Path) -> None:
    with visit(REVIEWER, scripts=False) as visitor:
        path = bring_in(office, visitor, tmp_path, 12)
        decide(visitor, path, "refuse")
        answer(visitor, path)
    assert state_of(office, path) is CaseState.CLOSED


def test_a_release_needs_no_scripts(office: Office, visit: Visit, tmp_path: Path) -> None:
    with visit(REVIEWER, scripts=False) as visitor:
        path = bring_in(office, visitor, tmp_path, 26)
        decide(visitor, path, "release")
    with visit(APPROVER, scripts=False) as visitor:
        visitor.go(f"{path}release/").locator("form[action$='approve/'] button").click()
    with visit(CLERK, scripts=False) as visitor:
        page = visitor.go(f"{path}release/")
        page.locator("#fields-1").fill("employer")
        page.locator("#sha256").fill(DIGEST)
        page.locator("form[action$='handed-over/'] select").select_option("portal")
        page.locator("form[action$='handed-over/'] button").click()
        answer(visitor, path)
    assert state_of(office, path) is CaseState.CLOSED


def test_the_inbox_and_its_search_need_no_scripts(office: Office, visit: Visit) -> None:
    with visit(REVIEWER, scripts=False) as visitor:
        page = visitor.go("/inbox/?box=unit")
        page.locator("header input[type=search], header input[name=q]").first.fill(office.ref("i138"))
        page.locator("header form[action='/search/'] button").click()
        page.locator(f"a[href='/cases/{office.ref('i138')}/']").first.click()
        assert office.ref("i138") in page.locator("h1").inner_text()
