"""An office at work: a home with the demonstration's agencies and staff, and requests at every stage.

The clock stands at `NOW`, in the days of the published period, so that the law of the day and the dates on
the papers fit each other. Each test gets a copy of one model home.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.kernel.clock import SetClock
from tests import databases

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from habeas.demo.state import Delivery
    from habeas.wiring import Desk

NOW: Final = datetime(2020, 10, 15, 19, 0, tzinfo=UTC)
AGENCIES: Final = Path(__file__).parents[2] / "src" / "habeas" / "demo" / "agencies.toml"

OPEN: Final = {
    # name: (number in the demonstration's script, "month-day hour:minute" it comes in)
    "i138": (26, "10-13 15:25"),
    "i205": (12, "10-12 22:10"),
    "ao93": (14, "10-13 18:00"),
    "grand_jury": (81, "10-12 16:20"),
    "subpoena": (68, "10-07 20:45"),
    "mail": (6, "10-14 21:15"),
    "two_items": (21, "10-09 18:20"),
    "photo": (47, "10-12 20:55"),
    "fax": (92, "10-13 15:30"),
    "birth": (53, "10-13 16:25"),
}
"""The open requests every office has: read, nothing confirmed. The last three are other agencies'."""


@attrs.define
class Office:
    """An open home and its people."""

    home: Path
    desk: Desk
    clock: SetClock

    def client(self, person: str = "") -> Client:
        """A browser without pictures, signed in as this person, with a second factor just shown."""
        from django.test import Client

        client = Client(SERVER_NAME="localhost")
        if person:
            client.cookies["habeas_session"] = self.session(person)
        return client

    def session(self, person: str, *, ago: float = 0) -> str:
        """The key of a new session of this person, who signed in so many seconds ago."""
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
        from django.contrib.sessions.backends.db import SessionStore

        user, _ = get_user_model().objects.get_or_create(username=person)
        at = time.time() - ago
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session["account_authentication_methods"] = [
            {"method": "password", "at": at},
            {"method": "mfa", "type": "totp", "at": at},
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.create()
        return str(session.session_key)

    def sequence(self) -> None:
        """The sequencer's round, in a process of its own: on PostgreSQL it is another role."""
        command = [sys.executable, "-m", "habeas.cli.main", "sequencer", "--once"]
        home = {"HABEAS_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "habeas.config.settings"}
        subprocess.run(command, env={**os.environ, **home}, check=True, capture_output=True)

    def ref(self, name: str) -> str:
        """The reference of one of the `OPEN` requests."""
        return (self.home / "refs" / name).read_text()

    def case_id(self, name: str) -> str:
        """The case id of one of the `OPEN` requests."""
        return self.desk.ports.cases.by_ref(self.ref(name))

    def person(self, person_id: str) -> Any:
        """Somebody of the directory."""
        return self.desk.ports.directory.person(person_id)


def delivery(number: int, at: str) -> Delivery:
    """One request of the demonstration's script, coming in at another time."""
    from habeas.demo.state import SCRIPT, deliver

    return deliver(attrs.evolve(SCRIPT[number], at=at), number)


def make_model(home: Path) -> None:
    """A home with the `OPEN` requests in it, received and read."""
    from habeas.demo.stage import take_in

    home.mkdir(mode=0o700)
    (home / "refs").mkdir()
    shutil.copyfile(AGENCIES, home / "config.toml")
    databases.prepare(home)
    office = open_office(home)
    for name, (number, at) in OPEN.items():
        sent = delivery(number, at)
        office.clock.set(sent.at)
        case_id = take_in(office.desk.ports, sent)
        (home / "refs" / name).write_text(office.desk.ports.cases.load(case_id).request_ref)
    office.clock.set(NOW)
    close()


def open_office(home: Path) -> Office:
    """Open a home and put it behind the pages."""
    from habeas.config.environment import read_environment
    from habeas.wiring import open_desk

    clock = SetClock(NOW)
    desk = open_desk(clock=clock, environment=read_environment({"HABEAS_HOME": str(home)}))
    from habeas.console import office  # Django is set up now

    office.use(desk)
    return Office(home, desk, clock)


def close() -> None:
    """Let go of the home."""
    from django.db import connections

    from habeas.console import office

    office.use(None)
    connections.close_all()


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """Do several things at the same moment, each in a thread with connections of its own; what each gave."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from django.db import connections

    ready = Barrier(len(work))

    def one(act: Callable[[], Any]) -> Any:
        try:
            ready.wait(timeout=30)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))
