"""The tables of accounts, sessions, second factors and rate limits: Django's and allauth's, not ours.

They lie in the cases database. A process that was started without them (`config.settings`) neither makes
nor asks for them: only the console and `habeas admin` know accounts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from habeas.kernel.errors import bad
from habeas.store.faults import told
from habeas.store.places import CASES, DATABASES

_OURS: Final = "store"


def are_known() -> bool:
    """Whether this process knows accounts at all."""
    return apps.is_installed("django.contrib.auth")


def make_counters() -> None:
    """The table of what rate limits count (the cache's, which has no migrations), where there is none yet."""
    with told():
        call_command("createcachetable", database=CASES, verbosity=0)


def make_ready() -> None:
    """Make the tables in a home that a command without accounts has made; forget the sessions that are over.

    `store.home.not_ready` where they are there and older than this code, or where this process may make
    none: on PostgreSQL that is the owner's work, `habeas admin upgrade`.
    """
    with told():
        applied = set(MigrationRecorder(connections[CASES]).applied_migrations())
    shipped = _shipped()
    if shipped <= applied:
        with told():
            call_command("clearsessions", verbosity=0)
        return
    if shipped & applied or connections[CASES].vendor != "sqlite":
        raise bad("store.home.not_ready", "home")
    with told():
        for alias in DATABASES:
            call_command("migrate", database=alias, verbosity=0, interactive=False)
    make_counters()


def _shipped() -> set[tuple[str, str]]:
    return {
        (app.label, file.stem)
        for app in apps.get_app_configs()
        if app.label != _OURS
        for file in Path(app.path, "migrations").glob("[0-9]*.py")
    }
