"""A real browser on a real server: Debian's Chromium, axe, and the checks that axe does not make."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import SHUT_RDWR, socket
from typing import TYPE_CHECKING, Any, Final

import attrs
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

    from tests.console.office import Office

ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES: Final = {"wide": (1280, 900), "narrow": (390, 844)}
_LOOKS: Final = [("wide", "en"), ("narrow", "es")]
_OTHERS: Final = [("narrow", "en"), ("wide", "es")]

in_each_look = pytest.mark.parametrize(
    ("size", "language"), [*_LOOKS, *(_OTHERS if os.environ.get("HABEAS_EVERY_LOOK") else [])]
)
"""Each size and each language once: Spanish words are the longer ones, so they meet the narrow window. The
other two pairs found nothing of their own so far; HABEAS_EVERY_LOOK=1 looks at them too."""
_OVERFLOW: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
    return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))


@contextmanager
def served(port: int = 0) -> Iterator[str]:
    """The console on a free port of this machine, in threads of this process; its address."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    lines: list[socket] = []

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Nothing: addresses hold references."""

    class Server(ThreadedWSGIServer):
        block_on_close = True

        def process_request(self, request: Any, client_address: Any) -> None:
            lines.append(request)
            super().process_request(request, client_address)

    server = Server(("127.0.0.1", port), Quiet, allow_reuse_address=True)
    server.daemon_threads = False
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        for line in lines:  # a browser keeps lines open for later
            with suppress(OSError):
                line.shutdown(SHUT_RDWR)
        server.server_close()
        thread.join(10)


@attrs.define
class Visitor:
    """Somebody at a browser: one window of one size in one language."""

    context: BrowserContext
    page: Page
    address: str
    language: str = "en"
    said: list[str] = attrs.field(factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the console."""
        self.page.goto(self.address + path)
        return self.page

    def check(self) -> None:
        """Axe finds nothing, nothing sticks out sideways, nothing was refused by the browser, the language
        can be changed, the page says in which language it is, and no key stands where words should.
        """
        from axe_playwright_python.sync_playwright import Axe

        contrast = {"color-contrast": {"enabled": self.language == "en"}}  # slow, and no matter of language
        found = Axe().run(self.page, options={"rules": contrast})
        assert found.violations_count == 0, found.generate_report()
        assert self.page.evaluate(_OVERFLOW) <= 0, f"{self.page.url} is wider than the window"
        assert not self.said, self.said
        assert self.page.locator(".h-language button").is_visible()
        assert self.page.evaluate("document.documentElement.lang") == self.language

    def shot(self, path: Path) -> None:
        """A picture of the whole page."""
        self.page.screenshot(path=path, full_page=True)


@contextmanager
def visit(
    browser: Browser,
    address: str,
    office: Office,
    person: str = "",
    *,
    size: str = "wide",
    language: str = "en",
    scripts: bool = True,
) -> Iterator[Visitor]:
    """A window in which this person has signed in."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale={"en": "en-US", "es": "es-US"}[language],
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(20_000)
    cookies = [{"name": "habeas_language", "value": language, "url": address}]
    if person:
        cookies.append({"name": "habeas_session", "value": office.session(person), "url": address})
    context.add_cookies(cookies)  # type: ignore[arg-type] # Playwright's own kind of dictionary
    page = context.new_page()
    visitor = Visitor(context, page, address, language)
    page.on("console", lambda m: visitor.said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: visitor.said.append(str(error)))
    try:
        yield visitor
    finally:
        context.close()
