"""The demonstration's console: open work of the last weeks, sample logins, the processes that serve it.

Promises that sample logins, whose password everybody knows, are made in a home marked as the
demonstration's and in no other, and that what was decided, and who signed in how, outlives a restart.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from habeas.cli.serve import LOCK
from habeas.domain.vocabulary import Role
from habeas.kernel.errors import BadInput, bad

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from habeas.domain.request import Person
    from habeas.kernel.clock import SetClock
    from habeas.wiring import Desk

__all__ = ["HOST", "LOCK", "MARK", "become", "open_console"]

HOST: Final = "127.0.0.1"
"""The demonstration is this machine's alone: everybody knows its password."""

LOGINS: Final = ("w.tanaka", "m.reyes", "t.abara", "e.thornton", "v.osei", "s.okafor", "i.sorensen")
"""Clerk, reviewer, second approver, counsel, auditor of two agencies, another agency's reviewer,
administrator."""

MARK: Final = "DEMONSTRATION"
"""The file that says a home holds invented data; only such a home is ever reset or given sample logins."""

OPEN_WORK: Final = "OPEN-WORK"
"""The file that says the home has its open requests: they are sent once, however often it is served."""

_LOG: Final = "console.log"

_TRY: Final = (
    'as m.reyes: "My unit", then a request that says "Check the reading"; log one of your own: "New request"',
    'as t.abara: "Wait for a second yes", see why it is to be released, approve it or stop it',
    "as s.okafor, of another agency: search for a number that m.reyes sees; there is nothing",
)


def become(home: Path) -> None:
    """Make this process one of the console on the demonstration's home; before Django is set up."""
    from habeas.console.server import SETTINGS

    for name in [name for name in os.environ if name.startswith("HABEAS_")]:
        del os.environ[name]
    os.environ |= {"HABEAS_HOME": str(home), "DJANGO_SETTINGS_MODULE": SETTINGS}


def open_console(desk: Desk, clock: SetClock, port: int, line: Callable[[str], None]) -> int:
    """Send the open requests, make the sample logins, say where to go, serve until Ctrl-C; the exit code."""
    from habeas.cli.serve import keep

    home = desk.environment.home
    if not (home / MARK).exists():
        raise bad("demo.home.not_demonstration", home.name)
    _send_open_work(desk, clock, line)
    people = _sample_logins(desk)
    for text in _welcome(desk, people, port):
        line(text)
    with _log_to(home / _LOG):
        code = keep(desk.environment, (HOST, port))
    if code:
        line(f"the console did not start; {home / _LOG} says why")
    return code


def _send_open_work(desk: Desk, clock: SetClock, line: Callable[[str], None]) -> None:
    from habeas.adapters.clock import SystemClock
    from habeas.demo import fresh

    mark = desk.environment.home / OPEN_WORK
    if mark.exists():
        return
    line("\nopen requests of the last weeks come in, for the console")
    with desk.store.at_once():
        fresh.play(desk.ports, clock, SystemClock().now())
    desk.sequence()
    mark.write_text("The open requests of the demonstration were sent.\n", encoding="utf-8")


def _sample_logins(desk: Desk) -> list[Person]:
    """Whoever can sign in here; the logins are made where there are none yet."""
    from habeas.console import accounts, office
    from habeas.console.signing_in import FACTOR_ROLES

    office.use(desk)
    if not accounts.samples():
        for person in _listed(desk):
            secret = _secret() if FACTOR_ROLES & set(person.roles) else None
            accounts.make_account(person.person_id, accounts.DEMO_PASSWORD, secret)
    return accounts.samples()


def _listed(desk: Desk) -> Iterator[Person]:
    """The sample people that the home's directory has: somebody may have changed it since it was made."""
    for person_id in LOGINS:
        try:
            yield desk.ports.directory.person(person_id)
        except BadInput:
            continue


def _secret() -> str:
    """A new authenticator's secret."""
    import base64
    import secrets

    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def _welcome(desk: Desk, people: list[Person], port: int) -> Iterator[str]:
    from habeas.console.accounts import DEMO_PASSWORD

    yield f"\nThe console: http://{HOST}:{port}   (Ctrl-C ends it; its log: {desk.environment.home / _LOG})"
    yield f"Sign in as one of these. Password: {DEMO_PASSWORD}"
    for person in people:
        yield f"    {person.person_id:<12}{_told(desk, person)}"
    yield "Where a code is asked for, the page shows it: this is the demonstration."
    yield "Try first:"
    yield from (f"    {number}. {text}" for number, text in enumerate(_TRY, 1))


def _told(desk: Desk, person: Person) -> str:
    """Role and place of a person."""
    agencies = [desk.ports.directory.custodian(one) for one in (person.custodian, *person.also)]
    names = [one.name.removeprefix("Colorado ") for one in agencies]
    role = "second approver" if Role.APPROVER in person.roles else ", ".join(person.roles)
    return f"{role}: {' and '.join(names)}"


@contextmanager
def _log_to(path: Path) -> Iterator[None]:
    """Standard error goes into a file meanwhile, here and in the children: the terminal stays readable."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with path.open("ab") as log:
            os.dup2(log.fileno(), 2)
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)
