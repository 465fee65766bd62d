"""An office for each test, and a browser for those that look."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

import pytest

# Before anything sets Django up: these tests need accounts and pages. Playwright's own event loop makes
# Django think that its callers are asynchronous; they are not.
os.environ["DJANGO_SETTINGS_MODULE"] = "habeas.config.web"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from tests import databases
from tests.console.browser import Visitor, launch, served, visit
from tests.console.office import Office, close, make_model, open_office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def model_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with open requests, never used itself."""
    home = tmp_path_factory.mktemp("office") / "home"
    make_model(home)
    from habeas.console.static_files import gather

    gather()
    return home


@pytest.fixture
def office(model_office: Path, tmp_path: Path) -> Iterator[Office]:
    """The test's own copy of it, opened and put behind the pages."""
    databases.copy_home(model_office, tmp_path / "home")
    yield open_office(tmp_path / "home")
    close()
    databases.close_home(tmp_path / "home")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    """The office, served on this machine."""
    del office  # it is behind the pages
    with served() as address:
        yield address


class Visit(Protocol):
    """Opens a window: `with visit("m.reyes", size="narrow", language="es") as visitor: …`."""

    def __call__(
        self, person: str = "", *, size: str = "wide", language: str = "en", scripts: bool = True
    ) -> AbstractContextManager[Visitor]: ...


@pytest.fixture(name="visit")
def visit_fixture(browser: Browser, address: str, office: Office) -> Visit:
    """A window for a person on the served office."""

    def opened(
        person: str = "", *, size: str = "wide", language: str = "en", scripts: bool = True
    ) -> AbstractContextManager[Visitor]:
        return visit(browser, address, office, person, size=size, language=language, scripts=scripts)

    return opened
