"""New homes, homes of an older and of a newer Habeas."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, LiteralString

import pytest

from habeas.config.environment import Environment
from habeas.config.start import start
from habeas.kernel.errors import BadInput
from tests.databases import ON_SERVER, close_home, prepare, query, tamper
from tests.store.histories import REFUSED, event
from tests.store.installation import Installation, environment, make_home, make_tables, open_home

if TYPE_CHECKING:
    from pathlib import Path


TABLES: LiteralString = (
    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema"
    if ON_SERVER
    else "SELECT name FROM sqlite_master WHERE type = 'table'"
)


def pragma(alias: str, name: str) -> object:
    from django.db import connections

    with connections[alias].cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]


@pytest.mark.sqlite
def test_a_new_home_gets_its_tables_and_private_files(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    start(Environment(home))
    from habeas.store.upgrade import require_current, upgrade

    with pytest.raises(BadInput, match=r"store\.home\.not_ready"):
        require_current()
    assert not list(home.iterdir())
    assert upgrade() == ("0001_initial", "0002_insert_only", "0003_desk")
    require_current()
    assert upgrade() == ()
    assert {stat.S_IMODE(p.stat().st_mode) for p in home.iterdir()} == {0o600}
    assert {p.name for p in home.glob("*.sqlite3")} == {"habeas.sqlite3", "ledger.sqlite3", "keys.sqlite3"}


def test_each_table_lies_in_its_own_database(home: Path) -> None:
    found = {}
    for part, name in (("default", "habeas"), ("ledger", "ledger"), ("keys", "keys")):
        names = query(home, part, TABLES)
        found[name] = {n for (n,) in names if not n.startswith(("sqlite_", "django_"))}
    assert found["keys"] == {"case_key"}
    assert found["ledger"] == {"log_entry", "log_tile", "log_checkpoint"}
    assert found["habeas"] >= {"case_row", "item_row", "event", "vault", "outbox", "arrival", "fingerprint"}
    assert not found["habeas"] & (found["keys"] | found["ledger"])


@pytest.mark.sqlite
def test_a_commit_that_returned_is_on_the_disk(installation: Installation) -> None:
    del installation
    for alias in ("default", "ledger", "keys"):
        assert pragma(alias, "journal_mode") == "wal"
        assert pragma(alias, "synchronous") == 2, "FULL"
        assert pragma(alias, "foreign_keys") == 1
    assert pragma("keys", "secure_delete") == 1


def test_a_home_of_a_newer_habeas_is_left_alone(installation: Installation) -> None:
    from habeas.store.upgrade import require_current, upgrade

    tamper(
        installation.home,
        "ledger",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_later', '2030-01-01')",
    )
    for work in (require_current, upgrade):
        with pytest.raises(BadInput, match=r"store\.home\.newer"):
            work()


def test_an_event_that_no_upcaster_reads_is_named(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from habeas.domain.events import VERSIONS
    from habeas.store.upgrade import unreadable_events

    case_id = installation.ids.new_id()
    installation.store.keys.create(case_id)
    installation.store.cases.append(case_id, 0, [event(REFUSED[0], "0000000001")])
    assert list(unreadable_events()) == []
    monkeypatch.setitem(VERSIONS, REFUSED[0], 3)
    with pytest.raises(BadInput, match=r"events\.version\.unreadable"):
        make_tables(installation.home)


def test_a_process_can_go_from_one_home_to_another(home: Path, tmp_path: Path) -> None:
    first = open_home(home)
    case_id = first.ids.new_id()
    first.store.keys.create(case_id)
    make_home(tmp_path / "other")
    with pytest.raises(BadInput, match=r"keys\.case\.missing"):
        open_home(tmp_path / "other").store.keys.get(case_id)
    assert len(open_home(home).store.keys.get(case_id).data) == 32
    close_home(tmp_path / "other")


def test_models_and_migrations_agree(installation: Installation) -> None:
    from django.core.management import call_command

    del installation
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_a_home_without_tables_says_so(tmp_path: Path, home: Path) -> None:
    made = open_home(home)
    (tmp_path / "empty").mkdir()
    prepare(tmp_path / "empty")
    start(environment(tmp_path / "empty"))
    with pytest.raises(BadInput, match=r"store\.home\.not_ready"):
        made.store.cases.by_ref("0000000001")
    close_home(tmp_path / "empty")
