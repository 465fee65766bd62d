"""From the e-mail that arrives to the answer that was sent, as a person does it: bench/results/clerk.md.

Everything is real: Debian's Chromium, `habeas serve` with its worker and sequencer on SQLite, a new home for
each run with the demonstration's agencies, sign-in through the forms. Every act of a person is a step: a page
opened, a click, a field typed, a choice. The seconds of a step run from the act until the page it leads to
can be worked with. They are the machine's; how long a person reads or types is not guessed.
"""

from __future__ import annotations

import base64
import contextlib
import os
import platform
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "bench" / "results"
RUNS: Final = 3
REVIEWER, APPROVER = "m.reyes", "t.abara"
WAIT_SECONDS: Final = 60

sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "habeas.config.web"

from playwright.sync_api import sync_playwright  # noqa: E402 - `tests` is found by then

from habeas.config.environment import read_environment  # noqa: E402 - as above
from habeas.demo.fresh import LABOR  # noqa: E402 - as above
from tests.console.browser import SIZES, launch  # noqa: E402 - as above
from tests.console.signing import PASSWORD, SECRET, account, code  # noqa: E402 - as above

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from playwright.sync_api import Browser, Locator, Page

    from habeas.demo.state import Delivery

    Parts = dict[str, list["Step"]]  # the steps of each part of the work

FIRST: Final = 700
"""Where the invented persons of these e-mails begin: far from those of the demonstration."""

REFUSED, RELEASED = 1, 5
"""Their places in the demonstration's open work: an immigration subpoena that no judge signed, a warrant."""

CASES: Final = ("a refusal", "a release")
NAMES: Final = {
    "signing in": "Signing in, once a day",
    "a refusal": "A refusal",
    "a release": "A release, with the second person's signing in",
}
FIELDS: Final = "quarter\nemployer\nwages"
_TAKEN_IN: Final = "The e-mail is taken in and checked"
_LOGGED: Final = "Log it and read it"
_CONFIRM: Final = "#facts button[name=do][value=all]"

_DROP: Final = """([input, text, name]) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, {type: "message/rfc822"}));
  input.closest("[data-drop]").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true}));
}"""


@attrs.frozen
class Step:
    """One act of a person: in plain words, of which kind, the characters typed, the machine's seconds."""

    words: str
    kind: str
    seconds: float
    typed: int = 0


@attrs.define
class Person:
    """Somebody at a browser who counts what they do."""

    page: Page
    address: str
    steps: list[Step] = attrs.field(factory=list)

    def _do(self, words: str, kind: str, act: Callable[[], object], then: Locator, typed: int = 0) -> None:
        began = time.perf_counter()
        act()
        then.first.wait_for(state="attached")
        self.page.wait_for_load_state("load")
        self.steps.append(Step(words, kind, time.perf_counter() - began, typed))

    def open(self, path: str, then: str) -> None:
        """Open an address."""
        act = lambda: self.page.goto(self.address + path)  # noqa: E731 - said once, used once
        self._do("Open the console", "page", act, self.page.locator(then))

    def click(self, what: str, then: str, before: str = "") -> None:
        """Click what is named by its own words, and wait for what comes of it."""
        where = self.page.locator(what).first
        words = " ".join(where.inner_text().split()).rstrip("0123456789 ")
        self._do(f"{before}Click “{words}”", "click", where.click, self.page.locator(then))

    def open_request(self, ref: str, then: str) -> None:
        """Click a request in the inbox."""
        where = self.page.locator(f"a.i-ref:text-is('{ref}')")
        self._do("Click the request's number", "click", where.click, self.page.locator(then))

    def type(self, words: str, field: str, text: str) -> None:
        """Type into a field."""
        where = self.page.locator(field)
        self._do(f"Type {words}", "field", lambda: where.fill(text), where, len(text))

    def pick(self, option: str) -> None:
        """Choose one of several by its label: the button itself lies hidden behind USWDS's own."""
        label = self.page.locator(f"label[for={option}]")
        words = label.inner_text().splitlines()[0].strip()
        self._do(f"Choose “{words}”", "choice", label.click, self.page.locator(f"#{option}:checked"))

    def choose(self, words: str, select: str, value: str) -> None:
        """Choose from a list."""
        where = self.page.locator(select)
        self._do(f"Choose {words}", "choice", lambda: where.select_option(value), where)

    def drop(self, sent: Delivery) -> None:
        """Drop an e-mail on the page."""
        given = [
            self.page.locator("#f-files").element_handle(),
            base64.b64encode(sent.data).decode("ascii"),
            sent.filename,
        ]
        listed = self.page.locator("[data-list] li")
        act = lambda: self.page.evaluate(_DROP, given)  # noqa: E731 - as above
        self._do("Drop the e-mail on the page", "file", act, listed)

    def give(self, words: str, field: str, file: Path, then: str) -> None:
        """Choose a file."""
        where = self.page.locator(field)
        self._do(f"Choose {words}", "file", lambda: where.set_input_files(file), self.page.locator(then))

    def part(self) -> list[Step]:
        """The steps since the last part."""
        done, self.steps = self.steps, []
        return done


# ------------------------------------------------------------------------------------------- the work


def _sign_in(person: Person, name: str) -> None:
    person.open("/", "#id_login")
    person.type("the sign-in name", "#id_login", name)
    person.type("the password", "#id_password", PASSWORD)
    person.click("main form.usa-form button", "#id_code" if name == APPROVER else ".i-boxes")
    if name == APPROVER:
        person.type("the code that the app shows", "#id_code", code())
        person.click("main form.usa-form button", ".i-boxes")


def _take_in(person: Person, sent: Delivery) -> str:
    """The e-mail dropped, read and checked; the request's reference."""
    person.click(".i-head a.usa-button", "#f-files")
    person.drop(sent)
    person.pick("unit-ui-fraud")
    person.click("[data-upload] button", _CONFIRM)
    person.click(_CONFIRM, "[name=outcome-1]", "Read the verdict and the paper. ")
    return person.page.url.partition("#")[0].rstrip("/").rsplit("/", 1)[1]


def _decide(person: Person, outcome: str, then: str) -> None:
    person.pick(f"pick-1-{outcome}")
    person.click("button[name=step][value=review]", "button[name=step][value=record]")
    person.click("button[name=step][value=record]", then, "Read what it leads to. ")


def _send_letter(person: Person) -> None:
    person.choose("how the letter goes out", "#send #means", "e-mail")
    person.click("#send button", ".d-sent", "Read the letter and send it. ")


def _refuse(reviewer: Person, sent: Delivery) -> Parts:
    _take_in(reviewer, sent)
    parts = {_TAKEN_IN: reviewer.part()}
    _decide(reviewer, "refuse", "#send")
    _send_letter(reviewer)
    return parts | {"The reviewer decides, and sends the letter": reviewer.part()}


def _release(reviewer: Person, approver: Person, sent: Delivery, package: Path) -> Parts:
    ref = _take_in(reviewer, sent)
    parts = {_TAKEN_IN: reviewer.part()}
    _decide(reviewer, "release", ".d-release")
    parts["The reviewer decides"] = reviewer.part()
    _sign_in(approver, APPROVER)
    approver.click(".i-boxes a[href*='box=second']", f"a.i-ref:text-is('{ref}')")
    approver.open_request(ref, ".d-release form.d-act")
    approver.click(".d-release form.d-act button", ".d-release .h-tag--go", "Read what is to leave and why. ")
    parts["The second person signs in and approves"] = approver.part()
    reviewer.click(".h-nav a[href^='/inbox/']", f"a.i-ref:text-is('{ref}')")
    reviewer.open_request(ref, "#fields-1")
    reviewer.type("which fields left", "#fields-1", FIELDS)
    reviewer.give(
        "the file that left (it stays on this machine)", "#package", package, "#package-state:has-text('.')"
    )
    reviewer.choose("how it was handed over", ".d-hand #means", "encrypted e-mail")
    reviewer.click(".d-hand form button", "#send")
    _send_letter(reviewer)
    return parts | {"The reviewer hands over, writes that down, and sends the letter": reviewer.part()}


def run(folder: Path, number: int) -> tuple[dict[str, Parts], str]:
    """One new home, server and browser: the parts of each case, and the browser's version."""
    now = _prepare(folder / "home")
    package = folder / "package.csv"
    package.write_bytes(b"quarter,employer,wages\n")
    refused, released = (
        LABOR[at].send(FIRST + 10 * number + at, now - timedelta(hours=2)) for at in (REFUSED, RELEASED)
    )
    with _served(folder) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            reviewer = _at(browser, address)
            _sign_in(reviewer, REVIEWER)
            found = {"signing in": {"The reviewer signs in": reviewer.part()}}
            found["a refusal"] = _refuse(reviewer, refused)
            reviewer.click(".h-nav a[href^='/inbox/']", ".i-boxes")
            reviewer.part()  # between two requests: no part of either
            found["a release"] = _release(reviewer, _at(browser, address), released, package)
            return found, str(browser.version)
        finally:
            browser.close()


def _at(browser: Browser, address: str) -> Person:
    """Somebody at a computer of their own."""
    width, height = SIZES["wide"]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en-US")
    context.set_default_timeout(1000 * WAIT_SECONDS)
    return Person(context.new_page(), address)


# ----------------------------------------------------------------------------------------- the server


def _prepare(home: Path) -> datetime:
    """A new home with the demonstration's agencies, and accounts for two; what time it is there."""
    from django.db import connections  # noqa: PLC0415 - Django is set up by opening the desk

    from habeas.wiring import open_desk  # noqa: PLC0415 - as above

    home.mkdir(mode=0o700)
    shutil.copyfile(ROOT / "src" / "habeas" / "demo" / "agencies.toml", home / "config.toml")
    desk = open_desk(environment=read_environment({"HABEAS_HOME": str(home)}))
    from habeas.console import office  # noqa: PLC0415 - as above

    office.use(desk)
    account(REVIEWER)
    account(APPROVER, SECRET)
    office.use(None)
    connections.close_all()
    return desk.ports.clock.now()


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[str]:
    """`habeas serve` on the home of this folder, until it is ready; ended with everything it started."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HABEAS_", "DJANGO_"))}
    port = _free_port()
    log = (folder / "serve.log").open("wb")
    served = subprocess.Popen(
        [sys.executable, "-m", "habeas.cli.main", "serve", "--port", str(port)],
        env={**kept, "HABEAS_HOME": str(folder / "home")},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/readyz", served)
        yield address
    finally:
        served.terminate()
        try:
            served.wait(WAIT_SECONDS)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(served.pid, signal.SIGKILL)
            log.close()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(address: str, served: subprocess.Popen[bytes]) -> None:
    """Until the console is ready; a bounded number of askings."""
    for _ in range(WAIT_SECONDS * 4):
        if served.poll() is not None:
            break
        with (
            contextlib.suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(address) as answer,  # noqa: S310 - our own address
        ):
            if b'"ready"' in answer.read():
                return
        time.sleep(0.25)
    raise SystemExit("the console was never ready")


# ----------------------------------------------------------------------------------------- the result


def medians(runs: list[dict[str, Parts]]) -> dict[str, Parts]:
    """Each step with the median of its seconds. A run with other steps than the first is no measurement."""
    first = runs[0]
    for other in runs[1:]:
        if _acts(other) != _acts(first):
            raise SystemExit("the runs did not take the same steps")
    return {
        case: {
            part: [
                attrs.evolve(step, seconds=statistics.median(run[case][part][at].seconds for run in runs))
                for at, step in enumerate(steps)
            ]
            for part, steps in parts.items()
        }
        for case, parts in first.items()
    }


def _acts(run: dict[str, Parts]) -> list[tuple[str, str, int]]:
    return [(s.words, s.kind, s.typed) for parts in run.values() for steps in parts.values() for s in steps]


def _lines(found: dict[str, Parts], browser: str, load: float) -> Iterator[str]:
    yield "# From the e-mail that arrives to the answer that was sent"
    yield ""
    yield (
        f"`python3 dev.py bench clerk`. {platform.machine()}, {os.cpu_count()} cores, "
        f"load {load:.1f} at the start."
    )
    yield (
        f"Python {platform.python_version()}, Django {version('django')}, granian {version('granian')}, "
        f"SQLite {sqlite3.sqlite_version}, Chromium {browser}, Playwright {version('playwright')}."
    )
    yield (
        f"Medians of {RUNS} runs, each with a new home, a new `habeas serve` and a new browser, "
        "all on this machine."
    )
    yield ""
    yield (
        "A step is one act of a person: a page opened, a click, a field typed, a choice, a file. "
        "The seconds are the machine's, from the act until the page it leads to can be worked with. "
        "How long a person reads, scrolls, thinks, types or waits for a colleague is not in them, "
        "and is not guessed."
    )
    yield ""
    verdict = [s.seconds for c in CASES for s in found[c][_TAKEN_IN] if _LOGGED in s.words]
    shown = " and ".join(f"{seconds:.2f}" for seconds in verdict)
    yield f"**From the e-mail sent in to the verdict on the screen: {shown} s** (refusal, release)."
    yield ""
    yield "| | steps | characters typed | seconds of machine time |"
    yield "|---|---:|---:|---:|"
    for case, parts in found.items():
        steps = [s for part in parts.values() for s in part]
        seconds = sum(s.seconds for s in steps)
        yield f"| {NAMES[case]} | {len(steps)} | {sum(s.typed for s in steps)} | {seconds:.1f} |"
    for case, parts in found.items():
        yield from ("", f"## {NAMES[case]}")
        number = 0
        for part, steps in parts.items():
            yield from ("", f"{part}:", "")
            for number, step in enumerate(steps, number + 1):  # noqa: B020 - the count goes on
                typed = f", {step.typed} characters" if step.typed else ""
                yield f"{number}. {step.words}{typed} ({step.seconds:.2f} s)"


def main() -> int:
    """Measure, and write the page."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing started here outlives this
    load = os.getloadavg()[0]
    runs = []
    browser = ""
    for number in range(RUNS):
        with tempfile.TemporaryDirectory(prefix="habeas-bench-") as folder:
            found, browser = run(Path(folder), number)
            runs.append(found)
    text = "\n".join(_lines(medians(runs), browser, load)) + "\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "clerk.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
