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
from habeas.store import migrations
from habeas.store.faults import told
from habeas.store.models import EventRow
from habeas.store.places import CASES, DATABASES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.kernel.errors import Problem

_APP: Final = "store"
_FILE_MODE: Final = 0o600


def upgrade() -> tuple[str, ...]:
    """Make or migrate the tables of all three databases; the names of the migrations that were new.

    Refuses, before anything is touched, a home that a newer Habeas has written (`store.home.newer`), and
    afterwards events that no upcaster reads (`events.version.unreadable`).
    """
    before = {alias: _applied(alias) for alias in DATABASES}
    _refuse_newer(before)
    for alias in DATABASES:
        _make_private(alias)
        with told():
            call_command("migrate", database=alias, verbosity=0, interactive=False)
    found = list(unreadable_events())
    if found:
        raise BadInput(found)
    return tuple(sorted(_shipped() - before[CASES]))


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


def _shipped() -> set[str]:
    folder = Path(next(iter(migrations.__path__)))
    return {file.stem for file in folder.glob("[0-9]*.py")}


def _applied(alias: str) -> set[str]:
    """Names of the migrations applied to a database; none where there is no file, which is not made."""
    if not Path(connections[alias].settings_dict["NAME"]).exists():
        return set()
    with told():
        done = MigrationRecorder(connections[alias]).applied_migrations()
    return {name for app, name in done if app == _APP}


def _make_private(alias: str) -> None:
    """The database's file, readable by its owner only: SQLite gives its companions the same rights."""
    if connections[alias].vendor == "sqlite":
        Path(connections[alias].settings_dict["NAME"]).touch(mode=_FILE_MODE)
