"""The ledger's tables and the events can only be added to, in order.

Triggers stop accidents, not the file's owner. An `INSERT OR REPLACE` deletes the row it replaces without
asking the delete trigger, so every unique column is guarded on insert too.
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

BY_VENDOR = {"sqlite": SQLITE}
"""PostgreSQL's come with its settings; until then a migration there stops here, by KeyError."""


def _guard(database: str) -> migrations.RunPython:
    def run(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        connection = schema_editor.connection
        for statement in BY_VENDOR[connection.vendor][database]:
            schema_editor.execute(statement)

    return migrations.RunPython(run, migrations.RunPython.noop, hints={"database": database})


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [_guard(CASES), _guard(LEDGER)]
