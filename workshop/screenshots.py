"""Pictures of the console for docs/screenshots: `python3 dev.py screenshots`.

Every picture is a real page in Debian's Chromium, of an office with invented requests whose clock stands
still, so that two runs differ only where the pages do. What is to be seen is in `SHOTS`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.console.office import Office

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "screenshots"

ALICE, APPROVER, COUNSEL = "m.reyes", "t.abara", "e.thornton"


@attrs.frozen
class Shot:
    """One picture: its file's name, who looks, where, in which language and window, the whole page or not."""

    name: str
    person: str
    path: Callable[[Office], str]
    language: str = "en"
    size: str = "wide"
    whole: bool = True


def _at(path: str) -> Callable[[Office], str]:
    return lambda _: path


def _case(name: str, rest: str = "") -> Callable[[Office], str]:
    return lambda office: f"/cases/{office.ref(name)}/{rest}"


SHOTS: Final = (
    Shot("sign-in", "", _at("/account/login/")),
    Shot("inbox", ALICE, _at("/inbox/?box=unit")),
    Shot("inbox-es-narrow", ALICE, _at("/inbox/?box=unit"), "es", "narrow"),
    Shot("new-request", ALICE, _at("/new/")),
    Shot("new-request-es-narrow", ALICE, _at("/new/"), "es", "narrow"),
    Shot("new-phone-call", ALICE, _at("/new/phone/")),
    Shot("case", ALICE, _case("i205")),
    Shot("case-es", ALICE, _case("i138"), "es"),
    Shot("case-narrow", ALICE, _case("ao93"), "en", "narrow", whole=False),
    Shot("decide", ALICE, _case("decided", "decide/")),
    Shot("second-approval", APPROVER, _case("waiting", "release/")),
    Shot("letter", ALICE, _case("refused", "letters/new/")),
    Shot("letter-es", ALICE, _case("refused", "letters/new/?language=es"), "es"),
    Shot("not-there-es", ALICE, _at("/cases/0000000000/"), "es"),
)


def main() -> None:
    """Take every picture."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "habeas.config.web"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HABEAS_HOME"] = folder
        _take(Path(folder) / "office")


def _take(home: Path) -> None:
    from playwright.sync_api import sync_playwright

    from tests.console.browser import launch, served, visit
    from tests.console.office import close, make_model, open_office

    make_model(home)
    office = open_office(home)
    from habeas.console.static_files import gather

    gather()
    _work(office)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with sync_playwright() as playwright, served() as address:
        browser = launch(playwright)
        for shot in SHOTS:
            size, language = shot.size, shot.language
            with visit(browser, address, office, shot.person, size=size, language=language) as visitor:
                page = visitor.go(shot.path(office))
                page.wait_for_load_state("networkidle")
                page.screenshot(path=FOLDER / f"{shot.name}.png", full_page=shot.whole)
                print(f"docs/screenshots/{shot.name}.png")
        browser.close()
    close()


def _work(office: Office) -> None:
    """Bring three requests to the stages that pictures show."""
    from habeas.demo.stage import findings
    from habeas.domain.determination import ItemDetermination
    from habeas.domain.vocabulary import Outcome
    from habeas.usecases.confirm import confirm
    from habeas.usecases.determine import determine

    ports, alice = office.desk.ports, office.person(ALICE)
    for stage, name, outcome in (
        ("decided", "two_items", None),
        ("waiting", "grand_jury", Outcome.RELEASE),
        ("refused", "mail", Outcome.REFUSE),
    ):
        case_id = office.case_id(name)
        (office.home / "refs" / stage).write_text(office.ref(name))
        confirm(ports, case_id, alice, findings(ports.cases.load(case_id)))
        if outcome is not None:
            items = ports.cases.load(case_id).items
            decisions = tuple(ItemDetermination(i.item_id, outcome, "the papers show it") for i in items)
            determine(ports, case_id, alice, decisions)


if __name__ == "__main__":
    main()
