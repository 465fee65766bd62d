"""The ledger's tables and the events can only be added to, in order: tried with plain SQL.

PostgreSQL's rights and triggers are tried in `test_rights.py`.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from habeas.domain.vocabulary import EventKind as E
from tests.store.histories import REFUSED, event

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.store.installation import Installation

    Sql = Callable[[str], None]

pytestmark = pytest.mark.sqlite

NEW_EVENT = """INSERT INTO event
    SELECT NULL, case_id, 6, 'x', kind, version, at, row, stat_salt FROM event WHERE seq = 5"""
"""The next event of the case; each refused statement changes one thing in it."""


def run(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


def rows(path: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608 - our own names


@pytest.fixture
def filled(installation: Installation) -> Installation:
    """A home with one case, 257 log entries and a checkpoint."""
    store, ids = installation.store, installation.ids
    case_id = ids.new_id()
    store.keys.create(case_id)
    for at, kind in enumerate(REFUSED):
        store.cases.append(case_id, at, [event(kind, "0000000001")])
    store.log.append([(n, b"entry %d" % n) for n in range(1, 258)])
    store.log.add_checkpoint(257, "note")
    store.outbox.sequenced([(1, 0)])
    return installation


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("log_entry", "UPDATE log_entry SET data = x'00' WHERE idx = 1"),
        ("log_entry", "DELETE FROM log_entry WHERE idx = 256"),
        ("log_entry", "INSERT INTO log_entry VALUES (258, x'00', x'00', 300)"),
        ("log_entry", "INSERT INTO log_entry VALUES (NULL, x'00', x'00', 300)"),
        ("log_entry", "INSERT OR REPLACE INTO log_entry VALUES (3, x'00', x'00', 300)"),
        ("log_entry", "INSERT OR REPLACE INTO log_entry VALUES (257, x'00', x'00', 4)"),
        ("log_entry", "REPLACE INTO log_entry VALUES (256, x'00', x'00', 257)"),
        ("log_entry", "INSERT INTO log_entry VALUES (9, x'', x'', 10) ON CONFLICT DO UPDATE SET data = x''"),
        ("log_tile", "UPDATE log_tile SET data = x'00'"),
        ("log_tile", "DELETE FROM log_tile"),
        ("log_tile", "INSERT OR REPLACE INTO log_tile VALUES (NULL, 0, 0, x'00', x'00')"),
        ("log_tile", "INSERT OR REPLACE INTO log_tile VALUES (1, 0, 1, x'00', x'00')"),
        ("log_tile", "INSERT INTO log_tile VALUES (NULL, 0, 2, x'00', x'00')"),
        ("log_checkpoint", "UPDATE log_checkpoint SET note = 'x'"),
        ("log_checkpoint", "DELETE FROM log_checkpoint"),
        ("log_checkpoint", "INSERT OR REPLACE INTO log_checkpoint VALUES (0, 257, 'x')"),
        ("log_checkpoint", "INSERT INTO log_checkpoint VALUES (1, 256, 'x')"),
    ],
)  # fmt: skip
def test_the_ledger_refuses(filled: Installation, table: str, statement: str) -> None:
    path = filled.home / "ledger.sqlite3"
    before = rows(path, table)
    with pytest.raises(sqlite3.IntegrityError, match=table):
        run(path, statement)
    assert rows(path, table) == before


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("event", "UPDATE event SET row = '{}'"),
        ("event", "DELETE FROM event WHERE seq = 5"),
        ("event", NEW_EVENT.replace("6", "7")),
        ("event", NEW_EVENT.replace("INSERT", "INSERT OR REPLACE").replace("NULL", "id")),
        ("event", NEW_EVENT.replace("INSERT", "INSERT OR REPLACE").replace("'x'", "entry_id")),
        ("outbox", "DELETE FROM outbox"),
        ("outbox", "UPDATE outbox SET data = x'00'"),
        ("outbox", "UPDATE outbox SET idx = NULL WHERE id = 1"),
        ("outbox", "UPDATE outbox SET idx = 9 WHERE id = 1"),
        ("outbox", "UPDATE outbox SET id = 99 WHERE id = 2"),
    ],
)  # fmt: skip
def test_the_history_refuses(filled: Installation, table: str, statement: str) -> None:
    path = filled.home / "habeas.sqlite3"
    before = rows(path, table)
    with pytest.raises(sqlite3.IntegrityError, match=table):
        run(path, statement)
    assert rows(path, table) == before


def test_a_kind_that_nobody_knows_is_refused(filled: Installation) -> None:
    statement = NEW_EVENT.replace("kind", "'request.invented'")
    with pytest.raises(sqlite3.IntegrityError, match="event_kind_known"):
        run(filled.home / "habeas.sqlite3", statement)


def test_the_statement_that_is_changed_above_is_taken_as_it_stands(filled: Installation) -> None:
    run(filled.home / "habeas.sqlite3", NEW_EVENT)
    assert len(rows(filled.home / "habeas.sqlite3", "event")) == 6


def test_what_goes_in_order_is_taken(filled: Installation) -> None:
    store = filled.store
    assert store.log.append([(258, b"entry 258")]) == [(258, 257)]
    store.log.add_checkpoint(258, "note")
    case_id = store.cases.by_ref("0000000001")
    assert store.cases.append(case_id, 5, [event(E.HOLD_PLACED, "0000000001")])[0].seq == 6
