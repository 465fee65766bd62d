"""PostgreSQL: what each role may do, and what nobody may; tried with plain SQL as that role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, LiteralString

import psycopg
import pytest

from habeas.config.postgres import DatabaseRole
from habeas.kernel.errors import BadInput
from tests.databases import BOTH, close_home, cluster, copy_home, dump, prepare, server_of
from tests.store.histories import REFUSED, event
from tests.store.installation import Installation, environment, make_tables, open_home

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psycopg import Connection

pytestmark = pytest.mark.postgres

APP, SEQUENCER, OWNER = DatabaseRole

NEW_EVENT: LiteralString = """
    INSERT INTO habeas.event (case_id, seq, entry_id, kind, version, at, row, stat_salt)
    SELECT case_id, 6, 'x', kind, version, at, row, stat_salt FROM habeas.event WHERE seq = 5"""
"""The next event of the case, as the app may write it."""

NEW_ENTRY: LiteralString = "INSERT INTO habeas_ledger.log_entry VALUES (257, '\\x00', '\\x00', 300)"
"""The next entry of the log, as the sequencer may write it."""

AGAIN: LiteralString = " ON CONFLICT DO NOTHING"


def fill(made: Installation) -> Installation:
    """A case, 257 log entries and a checkpoint."""
    store, ids = made.store, made.ids
    case_id = ids.new_id()
    store.keys.create(case_id)
    for at, kind in enumerate(REFUSED):
        store.cases.append(case_id, at, [event(kind, "0000000001")])
    store.log.append([(n, b"entry %d" % n) for n in range(1, 258)])
    store.log.add_checkpoint(257, "note")
    store.outbox.sequenced([(1, 0)])
    return made


@pytest.fixture
def filled(installation: Installation) -> Installation:
    """A home with a case and a ledger, of the test's own."""
    return fill(installation)


@pytest.fixture(scope="module")
def apart(model_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Such a home whose roles are apart as users have them. Every test leaves it as it was."""
    home = tmp_path_factory.mktemp("apart") / "home"
    copy_home(model_home, home)
    fill(open_home(home))
    file = home / "config.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(BOTH.app.user, "habeas_app"), encoding="utf-8")
    make_tables(home)
    yield home
    close_home(home)


def enter(home: Path, role: DatabaseRole) -> Connection[Any]:
    """A connection as this role."""
    server = server_of(home)
    return cluster().enter(server.name, server.login(role).user)


@pytest.fixture(scope="module")
def before(apart: Path) -> list[str]:
    """Everything that lies in that home."""
    return dump(apart)


def refused(home: Path, role: DatabaseRole, statement: LiteralString, kind: type[psycopg.Error]) -> None:
    """The statement fails so."""
    with enter(home, role) as connection, pytest.raises(kind):
        connection.execute(statement)


FORBIDDEN: dict[LiteralString, tuple[LiteralString, ...]] = {
    "app": (
        "UPDATE habeas.event SET kind = kind",
        "DELETE FROM habeas.event",
        "TRUNCATE habeas.event CASCADE",
        NEW_EVENT + " ON CONFLICT (entry_id) DO UPDATE SET kind = excluded.kind",
        "UPDATE habeas.vault SET sealed = sealed",
        "DELETE FROM habeas.vault",
        "TRUNCATE habeas.vault",
        "UPDATE habeas.viewing SET what = what",
        "DELETE FROM habeas.viewing",
        "UPDATE habeas.outbox SET idx = 9 WHERE id = 2",
        "DELETE FROM habeas.outbox",
        "UPDATE habeas_keys.case_key SET wrapped = wrapped",
        "UPDATE habeas.django_migrations SET name = name",
        NEW_ENTRY,
        "UPDATE habeas_ledger.log_entry SET leaf = leaf",
        "DELETE FROM habeas_ledger.log_checkpoint",
        "ALTER TABLE habeas.event DISABLE TRIGGER event_no_change",
        "ALTER TABLE habeas.event DISABLE TRIGGER ALL",
        "DROP TRIGGER event_no_change ON habeas.event",
        "CREATE OR REPLACE FUNCTION habeas.no_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "SET session_replication_role = replica",
        "CREATE TABLE habeas.other ()",
        "CREATE TABLE public.other ()",
        "CREATE TEMPORARY TABLE event ()",
        "CREATE SCHEMA other",
        "SET ROLE habeas_owner",
        "SET ROLE habeas_sequencer",
        "COPY habeas.event TO PROGRAM 'true'",
    ),
    "sequencer": (
        "SELECT * FROM habeas.vault",
        "SELECT * FROM habeas.event",
        "SELECT * FROM habeas.case_row",
        "SELECT * FROM habeas.arrival",
        "SELECT * FROM habeas_keys.case_key",
        "DELETE FROM habeas_keys.case_key",
        "INSERT INTO habeas.outbox (data, entry_id) VALUES ('', 'x')",
        "UPDATE habeas.outbox SET data = data",
        "DELETE FROM habeas.outbox",
        "UPDATE habeas_ledger.log_entry SET leaf = leaf",
        "DELETE FROM habeas_ledger.log_entry",
        "TRUNCATE habeas_ledger.log_tile",
        NEW_ENTRY + " ON CONFLICT (idx) DO UPDATE SET leaf = excluded.leaf",
        "ALTER TABLE habeas_ledger.log_entry DISABLE TRIGGER log_entry_no_change",
        "SET ROLE habeas_app",
    ),
}  # fmt: skip


@pytest.mark.parametrize("statement", FORBIDDEN["app"])
def test_the_app_may_not(apart: Path, before: list[str], statement: LiteralString) -> None:
    refused(apart, APP, statement, psycopg.errors.InsufficientPrivilege)
    assert dump(apart) == before


@pytest.mark.parametrize("statement", FORBIDDEN["sequencer"])
def test_the_sequencer_may_not(apart: Path, before: list[str], statement: LiteralString) -> None:
    refused(apart, SEQUENCER, statement, psycopg.errors.InsufficientPrivilege)
    assert dump(apart) == before


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (APP, NEW_EVENT),
        (APP, "SELECT count(*) FROM habeas_ledger.log_entry"),
        (APP, "DELETE FROM habeas_keys.case_key"),
        (APP, "UPDATE habeas.case_row SET unit = 'other'"),
        (SEQUENCER, NEW_ENTRY),
        (SEQUENCER, "UPDATE habeas.outbox SET idx = 1 WHERE id = 2"),
    ],
)
def test_what_the_statements_above_change_is_allowed_as_it_stands(
    apart: Path, role: DatabaseRole, statement: LiteralString
) -> None:
    with enter(apart, role) as connection, connection.transaction(force_rollback=True):
        assert connection.execute(statement).rowcount > 0


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (APP, NEW_EVENT.replace("6", "7")),
        (APP, NEW_EVENT.replace("6", "5")),
        (APP, NEW_EVENT.replace("6", "7") + AGAIN),
        (APP, NEW_EVENT.replace("kind,", "'request.invented',", 2).replace("'request.invented'", "kind", 1)),
        (APP, NEW_EVENT.replace("'x'", "entry_id")),
        (SEQUENCER, NEW_ENTRY.replace("257", "258")),
        (SEQUENCER, NEW_ENTRY.replace("257", "3")),
        (SEQUENCER, NEW_ENTRY.replace("257", "3") + AGAIN),
        (SEQUENCER, NEW_ENTRY.replace("300", "4")),
        (SEQUENCER, "INSERT INTO habeas_ledger.log_tile (level, n, data, root) VALUES (0, 2, '', '')"),
        (SEQUENCER, "INSERT INTO habeas_ledger.log_tile (level, n, data, root) VALUES (0, 0, '', '')"),
        (SEQUENCER, "INSERT INTO habeas_ledger.log_checkpoint VALUES (1, 256, 'x')"),
        (SEQUENCER, "INSERT INTO habeas_ledger.log_checkpoint VALUES (0, 257, 'x')"),
        (SEQUENCER, "UPDATE habeas.outbox SET idx = NULL WHERE id = 1"),
        (SEQUENCER, "UPDATE habeas.outbox SET idx = 9 WHERE id = 1"),
        (OWNER, "UPDATE habeas.event SET kind = kind WHERE false"),
        (OWNER, "DELETE FROM habeas.event"),
        (OWNER, "TRUNCATE habeas.event CASCADE"),
        (OWNER, NEW_EVENT + " ON CONFLICT (entry_id) DO UPDATE SET kind = excluded.kind"),
        (OWNER, "UPDATE habeas.vault SET sealed = ''"),
        (OWNER, "DELETE FROM habeas.vault"),
        (OWNER, "TRUNCATE habeas.vault"),
        (OWNER, "DELETE FROM habeas.viewing"),
        (OWNER, "UPDATE habeas.outbox SET data = ''"),
        (OWNER, "UPDATE habeas.outbox SET id = 99 WHERE id = 2"),
        (OWNER, "DELETE FROM habeas.outbox"),
        (OWNER, "TRUNCATE habeas.outbox"),
        (OWNER, "UPDATE habeas_ledger.log_entry SET leaf = leaf"),
        (OWNER, "DELETE FROM habeas_ledger.log_tile"),
        (OWNER, "TRUNCATE habeas_ledger.log_checkpoint"),
    ],
)
def test_nobody_adds_out_of_order_or_changes_what_is_there(
    apart: Path, before: list[str], role: DatabaseRole, statement: LiteralString
) -> None:
    refused(apart, role, statement, psycopg.errors.IntegrityError)
    assert dump(apart) == before


def test_a_session_that_replays_another_servers_rows_is_refused_too(apart: Path) -> None:
    before = dump(apart)
    with cluster().enter(server_of(apart).name) as superuser:
        superuser.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.IntegrityError):
            superuser.execute("UPDATE habeas_ledger.log_entry SET leaf = leaf")
    assert dump(apart) == before


def test_others_on_the_server_see_nothing(apart: Path) -> None:
    cluster().admin.execute("DROP ROLE IF EXISTS stranger")
    cluster().admin.execute("CREATE ROLE stranger LOGIN")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        cluster().enter(server_of(apart).name, "stranger")


def test_the_ledger_is_not_written_by_the_process_that_works_cases(apart: Path) -> None:
    made = open_home(apart)
    for work in (
        lambda: made.store.log.append([(900, b"an entry")]),
        lambda: made.store.log.add_checkpoint(257, "another note"),
        lambda: made.store.outbox.sequenced([(2, 1)]),
    ):
        with pytest.raises(BadInput, match=r"store\.database\.forbidden"):
            work()
    as_sequencer = open_home(apart, SEQUENCER)
    for look in (as_sequencer.store.cases.by_ref, as_sequencer.store.keys.get):
        with pytest.raises(BadInput, match=r"store\.database\.forbidden"):
            look("0000000001")


def test_upgrading_gives_the_rights_anew_and_takes_others_away(filled: Installation) -> None:
    with enter(filled.home, OWNER) as owner:
        owner.execute("GRANT ALL ON habeas.event, habeas_ledger.log_checkpoint TO habeas_tests, PUBLIC")
        owner.execute("REVOKE INSERT ON habeas.event FROM habeas_tests")
    assert make_tables(filled.home) == ()
    with enter(filled.home, APP) as app:
        app.execute(NEW_EVENT)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM habeas_ledger.log_checkpoint")


def test_every_table_that_is_guarded_is_in_the_table_of_rights(apart: Path) -> None:
    from habeas.store.rights import INSERT_ONLY

    with enter(apart, OWNER) as connection:
        found = connection.execute(
            "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
            " WHERE tgname LIKE '%no_change'"
        ).fetchall()
    assert {name for (name,) in found} == {name for names in INSERT_ONLY.values() for name in names}


def test_a_missing_role_and_a_missing_schema_are_told(tmp_path: Path) -> None:
    from habeas.config.start import start
    from habeas.store.rights import Roles
    from habeas.store.upgrade import require_current, upgrade

    home = tmp_path / "home"
    home.mkdir()
    prepare(home)
    start(environment(home), OWNER)
    with pytest.raises(BadInput, match=r"store\.home\.not_ready"):
        require_current()
    with pytest.raises(BadInput, match=r"store\.database\.no_role"):
        upgrade(Roles("nobody_made_this", "habeas_sequencer"))
    start(environment(home), APP)
    with pytest.raises(BadInput, match=r"store\.home\.not_ready"):
        require_current()


def test_a_new_home_takes_no_database_that_has_tables(home: Path) -> None:
    from habeas.config.start import start
    from habeas.store.upgrade import require_empty

    start(environment(home), OWNER)
    with pytest.raises(BadInput, match=r"store\.database\.taken"):
        require_empty()


class TestDoctor:
    """What the doctor says about rights and guards."""

    def codes(self, made: Installation) -> list[tuple[str, str]]:
        from habeas.store.doctor import Patient, doctor

        patient = Patient(made.home, made.store, made.blobs, (made.signer.vkey,), lambda _: 2**40)
        told = ("doctor.rights.too_wide", "doctor.guard.missing")
        found = [s.problem for s in doctor(patient).symptoms]
        return [(p.code, p.place) for p in found if p.code in told]

    def test_a_home_as_it_was_made_has_neither_symptom(self, filled: Installation) -> None:
        assert self.codes(filled) == []

    def test_a_role_that_may_too_much_is_named_with_its_table(self, filled: Installation) -> None:
        with enter(filled.home, OWNER) as owner:
            owner.execute("GRANT UPDATE (kind) ON habeas.event TO habeas_tests")
            owner.execute("GRANT TRUNCATE ON habeas_ledger.log_tile TO habeas_tests")
        assert self.codes(filled) == [
            ("doctor.rights.too_wide", "event"),
            ("doctor.rights.too_wide", "log_tile"),
        ]

    @pytest.mark.parametrize(
        "statement",
        [
            "ALTER TABLE habeas.event DISABLE TRIGGER event_no_change",
            "ALTER TABLE habeas.event ENABLE TRIGGER event_no_change",
            "DROP TRIGGER log_entry_in_order ON habeas_ledger.log_entry",
        ],
    )
    def test_a_guard_that_is_off_is_grave(self, filled: Installation, statement: LiteralString) -> None:
        with enter(filled.home, OWNER) as owner:
            owner.execute(statement)
        assert self.codes(filled) == [("doctor.guard.missing", "database")]
