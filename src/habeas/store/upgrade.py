"""Bringing a home's tables up to date, and refusing to work on one that is not.

`upgrade` is also what makes a new home's tables. `require_current` is the cheap question at every start.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.core.management import call_command
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from habeas.domain.events import UPCASTERS, VERSIONS
from habeas.domain.vocabulary import EventKind
from habeas.kernel.errors import BadInput, bad, problem
from habeas.store import account_tables, migrations
from habeas.store.faults import told
from habeas.store.models import EventRow
from habeas.store.places import CASES, DATABASES
from habeas.store.rights import grant, make_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.kernel.errors import Problem
    from habeas.store.rights import Roles

OLDEST: Final = 15
"""The oldest PostgreSQL that is worked on."""

_APP: Final = "store"
_FILE_MODE: Final = 0o600
_ENCODING: Final = "SHOW server_encoding"


def upgrade(roles: Roles | None = None) -> tuple[str, ...]:
    """Make or migrate the tables of all three databases; the names of the migrations that were new.

    On PostgreSQL this is the owner's work; `roles` then get their rights anew. Refuses, before anything is
    touched, a home that a newer Habeas has written (`store.home.newer`), and afterwards events that no
    upcaster reads (`events.version.unreadable`).
    """
    before = {alias: _applied(alias) for alias in DATABASES}
    _refuse_newer(before)
    if on_server():
        _refuse_unfit()
    for alias in DATABASES:
        with told():
            _make_private(alias)
            call_command("migrate", database=alias, verbosity=0, interactive=False)
    if account_tables.are_known():
        account_tables.make_counters()
    if roles is not None and on_server():
        with told():
            grant(roles)
    found = list(unreadable_events())
    if found:
        raise BadInput(found)
    return tuple(sorted(_shipped() - before[CASES]))


def on_server() -> bool:
    """Whether the three parts are schemas on PostgreSQL, not files of the home."""
    return connections[CASES].vendor == "postgresql"


def require_empty() -> None:
    """`store.database.taken` where the tables are there already: a new home's keys would open nothing."""
    if any(_applied(alias) for alias in DATABASES):
        raise bad("store.database.taken", "database")


def require_current() -> None:
    """`store.home.not_ready` or `store.home.newer` unless the tables are those of this code."""
    applied = {alias: _applied(alias) for alias in DATABASES}
    _refuse_newer(applied)
    if any(_shipped() - names for names in applied.values()):
        raise bad("store.home.not_ready", "home")


def unreadable_events() -> Iterator[Problem]:
    """Stored event versions that today's code cannot carry to the present one."""
    with told():
        stored = list(EventRow.objects.values_list("kind", "version").distinct().order_by("kind", "version"))
    for word, version in stored:
        kind = EventKind(word)
        steps = range(version, VERSIONS[kind])
        if version > VERSIONS[kind] or any((kind, step) not in UPCASTERS for step in steps):
            yield problem("events.version.unreadable", "events", kind=kind, version=version)


def _refuse_newer(applied: dict[str, set[str]]) -> None:
    if any(names - _shipped() for names in applied.values()):
        raise bad("store.home.newer", "home")


def _refuse_unfit() -> None:
    with told(), connections[CASES].cursor() as cursor:
        cursor.execute(_ENCODING)
        encoding = cursor.fetchone()
        version = cursor.connection.info.server_version // 10_000
    if encoding != ("UTF8",) or version < OLDEST:
        raise bad("store.database.unfit", "database", version=OLDEST)


def _shipped() -> set[str]:
    folder = Path(next(iter(migrations.__path__)))
    return {file.stem for file in folder.glob("[0-9]*.py")}


def _applied(alias: str) -> set[str]:
    """Names of the migrations applied to a database; none where there is no file, which is not made."""
    if not on_server() and not Path(connections[alias].settings_dict["NAME"]).exists():
        return set()
    with told():
        done = MigrationRecorder(connections[alias]).applied_migrations()
    return {name for app, name in done if app == _APP}


def _make_private(alias: str) -> None:
    """The part's file or schema, its owner's only: SQLite gives a file's companions the same rights."""
    if on_server():
        make_schema(alias)
    else:
        Path(connections[alias].settings_dict["NAME"]).touch(mode=_FILE_MODE)
