"""The ledger's tables and the events can only be added to, in order.

Triggers stop accidents, not the owner of file or tables. On SQLite an `INSERT OR REPLACE` deletes the row
it replaces without asking the delete trigger, so every unique column is guarded on insert too. On
PostgreSQL the roles have no right to change these tables anyway (`store.rights`); the triggers say so to
the owner too. Events first, vault with them: erasing destroys a key, never a row.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LEDGER = "ledger"
CASES = "default"


def _never(table: str) -> list[str]:
    """No row is changed or deleted."""
    return [
        f"""CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}
            BEGIN SELECT RAISE(ABORT, '{table}: rows are never changed'); END"""
        for verb in ("update", "delete")
    ]


def _refuse(table: str, name: str, when: str) -> str:
    """An insert is refused under a condition."""
    return f"""CREATE TRIGGER {table}_{name} BEFORE INSERT ON {table} WHEN {when}
               BEGIN SELECT RAISE(ABORT, '{table}: {name}'); END"""


SQLITE = {
    LEDGER: [
        *_never("log_entry"),
        _refuse("log_entry", "in_order", "NEW.idx IS NOT (SELECT COALESCE(MAX(idx) + 1, 0) FROM log_entry)"),
        _refuse("log_entry", "once", "EXISTS (SELECT 1 FROM log_entry WHERE outbox_id = NEW.outbox_id)"),
        *_never("log_tile"),
        _refuse("log_tile", "in_order",
                "NEW.n IS NOT (SELECT COALESCE(MAX(n) + 1, 0) FROM log_tile WHERE level = NEW.level)"),
        _refuse("log_tile", "once", "EXISTS (SELECT 1 FROM log_tile WHERE id = NEW.id)"),
        *_never("log_checkpoint"),
        _refuse("log_checkpoint", "in_order",
                "NEW.number IS NOT (SELECT COALESCE(MAX(number) + 1, 0) FROM log_checkpoint)"),
        _refuse("log_checkpoint", "growing", "NEW.size < (SELECT COALESCE(MAX(size), 0) FROM log_checkpoint)"),
    ],
    CASES: [
        *_never("event"),
        _refuse("event", "in_order",
                "NEW.seq IS NOT (SELECT COALESCE(MAX(seq) + 1, 1) FROM event WHERE case_id = NEW.case_id)"),
        _refuse("event", "once", "EXISTS (SELECT 1 FROM event WHERE id = NEW.id OR entry_id = NEW.entry_id)"),
        """CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox
           BEGIN SELECT RAISE(ABORT, 'outbox: rows are never changed'); END""",
        """CREATE TRIGGER outbox_only_index BEFORE UPDATE ON outbox
           WHEN NEW.id IS NOT OLD.id OR NEW.entry_id IS NOT OLD.entry_id OR NEW.data IS NOT OLD.data
             OR (OLD.idx IS NOT NULL AND NEW.idx IS NOT OLD.idx)
           BEGIN SELECT RAISE(ABORT, 'outbox: rows are never changed'); END""",
    ],
}  # fmt: skip


def _function(schema: str, name: str, body: str) -> str:
    """A trigger's function; it finds nothing by a path that a session could change."""
    return f"""CREATE FUNCTION {schema}.{name}() RETURNS trigger LANGUAGE plpgsql
               SET search_path = pg_catalog, pg_temp AS $$ BEGIN {body} END $$"""


def _fail(reason: str) -> str:
    """The refusal, as the kind of error that a broken constraint is."""
    return f"""RAISE EXCEPTION '%: {reason}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';"""


def _trigger(schema: str, table: str, name: str, event: str, each: str, function: str) -> list[str]:
    """A trigger that also fires where a session says that it replays another server's rows."""
    return [
        f"""CREATE TRIGGER {table}_{name} BEFORE {event} ON {schema}.{table}
            FOR EACH {each} EXECUTE FUNCTION {schema}.{function}()""",
        f"ALTER TABLE {schema}.{table} ENABLE ALWAYS TRIGGER {table}_{name}",
    ]


def _kept(schema: str, table: str, event: str = "UPDATE OR DELETE OR TRUNCATE") -> list[str]:
    """No row is changed or removed. `ON CONFLICT DO UPDATE` is an update, even of no row."""
    return _trigger(schema, table, "no_change", event, "STATEMENT", "no_change")


def _in_order(schema: str, table: str, when: str) -> list[str]:
    """An insert is refused under a condition."""
    body = f"IF {when} THEN {_fail('in_order')} END IF; RETURN NEW;"
    return [
        _function(schema, f"{table}_in_order", body),
        *_trigger(schema, table, "in_order", "INSERT", "ROW", f"{table}_in_order"),
    ]


_NEVER = _fail("rows are never changed")

POSTGRESQL = {
    LEDGER: [
        _function("habeas_ledger", "no_change", _NEVER),
        *_kept("habeas_ledger", "log_entry"),
        *_in_order("habeas_ledger", "log_entry",
                   "NEW.idx IS DISTINCT FROM (SELECT COALESCE(MAX(idx) + 1, 0) FROM habeas_ledger.log_entry)"),
        *_kept("habeas_ledger", "log_tile"),
        *_in_order("habeas_ledger", "log_tile",
                   """NEW.n IS DISTINCT FROM
                      (SELECT COALESCE(MAX(n) + 1, 0) FROM habeas_ledger.log_tile WHERE level = NEW.level)"""),
        *_kept("habeas_ledger", "log_checkpoint"),
        *_in_order("habeas_ledger", "log_checkpoint",
                   """NEW.number IS DISTINCT FROM
                      (SELECT COALESCE(MAX(number) + 1, 0) FROM habeas_ledger.log_checkpoint)
                      OR NEW.size < (SELECT COALESCE(MAX(size), 0) FROM habeas_ledger.log_checkpoint)"""),
    ],
    CASES: [
        _function("habeas", "no_change", _NEVER),
        *_kept("habeas", "event"),
        *_in_order("habeas", "event",
                   """NEW.seq IS DISTINCT FROM
                      (SELECT COALESCE(MAX(seq) + 1, 1) FROM habeas.event WHERE case_id = NEW.case_id)"""),
        *_kept("habeas", "vault"),
        *_kept("habeas", "outbox", "DELETE OR TRUNCATE"),
        _function("habeas", "outbox_only_index",
                  f"""IF NEW.id IS DISTINCT FROM OLD.id OR NEW.entry_id IS DISTINCT FROM OLD.entry_id
                         OR NEW.data IS DISTINCT FROM OLD.data
                         OR (OLD.idx IS NOT NULL AND NEW.idx IS DISTINCT FROM OLD.idx)
                      THEN {_NEVER} END IF; RETURN NEW;"""),
        *_trigger("habeas", "outbox", "only_index", "UPDATE", "ROW", "outbox_only_index"),
    ],
}  # fmt: skip
"""Constraints already refuse a second row of the same key; nothing replaces a row there without an update."""

BY_VENDOR = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def _guard(database: str) -> migrations.RunPython:
    def run(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        connection = schema_editor.connection
        for statement in BY_VENDOR[connection.vendor][database]:
            schema_editor.execute(statement, params=None)

    return migrations.RunPython(run, migrations.RunPython.noop, hints={"database": database})


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [_guard(CASES), _guard(LEDGER)]
