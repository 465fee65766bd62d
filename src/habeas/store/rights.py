"""What each role may do on PostgreSQL: the one table of rights, given by `upgrade` and checked by the doctor.

Promises that whoever takes over the web process can read and add, as it must, but cannot change or remove
what happened, and cannot write the ledger; that the sequencer reads no case, no vault and no key; and that
nobody else may look. Triggers (migration 0002) refuse the same to the owner, who alone could switch them
off. On SQLite there are no roles: one system user owns the files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
from django.db import connections, transaction

from habeas.store.places import CASES, KEYS, LEDGER, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOOK: Final = "SELECT"
_ADD: Final = "SELECT, INSERT"
_WORK: Final = "SELECT, INSERT, UPDATE, DELETE"
_MIGRATIONS: Final = "django_migrations"

_APP: Final = {
    CASES: {
        "arrival": "SELECT, INSERT, UPDATE",
        "event": _ADD,
        "fingerprint": _ADD,
        "outbox": _ADD,
        "vault": _ADD,
        "viewing": _ADD,
        _MIGRATIONS: _LOOK,
    },
    LEDGER: {},
    KEYS: {"case_key": "SELECT, INSERT, DELETE", _MIGRATIONS: _LOOK},
}
_APP_ELSE: Final = {CASES: _WORK, LEDGER: _LOOK, KEYS: ""}
"""Tables that are not named: projections, accounts and sessions are worked with."""

_SEQUENCER: Final = {
    CASES: {"outbox": "SELECT, UPDATE (idx)", _MIGRATIONS: _LOOK},
    LEDGER: {"log_entry": _ADD, "log_tile": _ADD, "log_checkpoint": _ADD, _MIGRATIONS: _LOOK},
    KEYS: {_MIGRATIONS: _LOOK},
}

INSERT_ONLY: Final = {
    CASES: ("event", "outbox", "vault", "viewing"),
    LEDGER: ("log_checkpoint", "log_entry", "log_tile"),
}
"""Tables whose rows are never changed or removed, by anybody (the outbox's `idx` is noted once)."""

_MIGHT: Final = """
SELECT has_table_privilege(c.oid, 'DELETE, TRUNCATE')
    OR bool_or(a.attname <> 'idx' AND has_column_privilege(c.oid, a.attnum, 'UPDATE'))
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = %s AND c.relname = %s
GROUP BY c.oid
"""
_GUARDS: Final = """
SELECT t.tgname
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND t.tgenabled = 'A'
"""
_GUARDED: Final = {
    CASES: {
        "event_in_order", "event_no_change", "outbox_no_change", "outbox_only_index", "vault_no_change",
        "viewing_no_change",
    },
    LEDGER: {
        "log_checkpoint_in_order", "log_checkpoint_no_change", "log_entry_in_order", "log_entry_no_change",
        "log_tile_in_order", "log_tile_no_change",
    },
}  # fmt: skip
"""The triggers that the migrations make there."""


@attrs.frozen
class Roles:
    """The names of the two roles that work in the tables; the third owns them."""

    app: str
    sequencer: str


def make_schema(alias: str) -> None:
    """A part's schema, owned by whoever asks, closed to all others."""
    schema = SCHEMAS[alias]
    with connections[alias].cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        cursor.execute(f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC")


def grant(roles: Roles) -> None:
    """Give both roles their rights in all three parts, and take every other right away."""
    for alias, schema in SCHEMAS.items():
        connection = connections[alias]
        who = ", ".join(map(connection.ops.quote_name, (roles.app, roles.sequencer)))
        with transaction.atomic(using=alias), connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {who}")
            cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {who}")
            for table in tables:
                for role, may in _rights(roles, alias, table):
                    to = f"{schema}.{connection.ops.quote_name(table)} TO {connection.ops.quote_name(role)}"
                    cursor.execute(f"GRANT {may} ON {to}")


def _rights(roles: Roles, alias: str, table: str) -> Iterator[tuple[str, str]]:
    for role, may in (
        (roles.app, _APP[alias].get(table, _APP_ELSE[alias])),
        (roles.sequencer, _SEQUENCER[alias].get(table, "")),
    ):
        if may:
            yield role, may


def too_wide() -> Iterator[str]:
    """The insert-only tables in which this process's role may change or remove rows all the same."""
    for alias, tables in INSERT_ONLY.items():
        with connections[alias].cursor() as cursor:
            for table in tables:
                cursor.execute(_MIGHT, [SCHEMAS[alias], table])
                if cursor.fetchone() == (True,):
                    yield table


def unguarded() -> int:
    """How many of the triggers on the insert-only tables are missing or switched off."""
    missing = 0
    for alias, expected in _GUARDED.items():
        with connections[alias].cursor() as cursor:
            cursor.execute(_GUARDS, [SCHEMAS[alias]])
            missing += len(expected - {name for (name,) in cursor.fetchall()})
    return missing
