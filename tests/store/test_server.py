"""PostgreSQL: a server that is away, slow, in the way or full of others; nothing is lost or half-written."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, LiteralString

import attrs
import pytest

from habeas.config.postgres import Login
from habeas.config.start import start
from habeas.domain.vocabulary import EventKind as E
from habeas.kernel.errors import BadInput
from tests.databases import cluster, prepare, server_of
from tests.store.histories import REFUSED, event
from tests.store.installation import Installation, environment, make_tables, open_home

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.postgres

REF = "0000000001"


def code(error: pytest.ExceptionInfo[BadInput]) -> str:
    return error.value.problems[0].code


@pytest.fixture
def case_id(installation: Installation) -> str:
    made = installation.ids.new_id()
    installation.store.keys.create(made)
    installation.store.cases.append(made, 0, [event(REFUSED[0], REF)])
    return made


def hold(installation: Installation, case_id: str, version: int) -> None:
    installation.store.cases.append(case_id, version, [event(E.HOLD_PLACED, REF)])


def in_thread(work: Callable[[], None]) -> Callable[[], str]:
    """Work for a thread, with connections of its own; it gives the code of what was refused, or ""."""

    def run() -> str:
        from django.db import connections

        try:
            work()
        except BadInput as error:
            return error.problems[0].code
        finally:
            connections.close_all()
        return ""

    return run


def test_of_many_who_append_to_the_same_version_one_is_taken(
    installation: Installation, case_id: str
) -> None:
    writers = 6
    ready = threading.Barrier(writers)

    def write() -> None:
        ready.wait(20)
        hold(installation, case_id, 1)

    with ThreadPoolExecutor(writers) as pool:
        said = sorted(f.result() for f in [pool.submit(in_thread(write)) for _ in range(writers)])
    assert said == ["", *["case.version.conflict"] * (writers - 1)]
    assert len(installation.store.cases.history(case_id)) == 2


def test_who_folds_while_another_writes_is_overtaken_and_nothing_breaks(
    installation: Installation, case_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's event is committed between the question for the version and that for the history."""
    from habeas.store import event_rows

    late = open_home(installation.home)
    real = event_rows.of_case

    def of_case(wanted: str) -> tuple[event_rows.Stored, ...]:
        monkeypatch.setattr(event_rows, "of_case", real)
        with ThreadPoolExecutor(1) as pool:
            other = open_other(installation)
            assert pool.submit(in_thread(lambda: hold(other, case_id, 1))).result() == ""
        return real(wanted)

    monkeypatch.setattr(event_rows, "of_case", of_case)
    with pytest.raises(BadInput) as error:
        hold(late, case_id, 1)
    assert code(error) == "case.version.conflict"
    assert len(late.store.cases.history(case_id)) == 2


def open_other(installation: Installation) -> Installation:
    """The same home as another process sees it: with nothing remembered."""
    from habeas.store.opening import open_store

    keys = installation.store.keys
    made = open_store(master_key=keys.master, tokens=keys.tokens, cipher=keys.cipher, ids=installation.ids)
    return attrs.evolve(installation, store=made)


def test_transactions_that_look_and_then_write_take_turns(installation: Installation, case_id: str) -> None:
    store, inside, go = installation.store, threading.Event(), threading.Event()

    def first() -> None:
        with store.atomic():
            assert store.arrivals.case_of_fingerprint("f0" * 32) is None
            inside.set()
            assert go.wait(20)
            store.arrivals.keep_fingerprint("f0" * 32, "first")

    def second() -> None:
        with store.atomic():
            assert store.arrivals.case_of_fingerprint("f0" * 32) == "first"

    with ThreadPoolExecutor(3) as pool:
        one = pool.submit(in_thread(first))
        assert inside.wait(20)
        two, three = (
            pool.submit(in_thread(second)),
            pool.submit(in_thread(lambda: hold(installation, case_id, 1))),
        )
        waiting(installation.home, 2)
        go.set()
        assert [one.result(), two.result(), three.result()] == ["", "", ""]


def waiting(home: Path, count: int) -> None:
    """Return when so many sessions of the home's database wait for a lock."""
    statement = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
    pause = threading.Event()
    for _ in range(400):
        if cluster().admin.execute(statement, [server_of(home).name]).fetchone() == (count,):
            return
        pause.wait(0.05)
    raise AssertionError("nobody waits")


def test_a_lock_that_another_holds_is_busy_and_nothing_is_written(
    installation: Installation, case_id: str
) -> None:
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute("SET lock_timeout = 50")
    with cluster().enter(server_of(installation.home).name) as other, other.transaction():
        other.execute("LOCK TABLE habeas.event IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(BadInput) as error:
            installation.store.cases.append(case_id, 1, [event(E.HOLD_PLACED, REF)])
        assert code(error) == "store.database.busy"
    hold(installation, case_id, 1)


def test_after_the_server_was_away_the_next_question_is_answered(
    installation: Installation, case_id: str
) -> None:
    name = server_of(installation.home).name
    end: LiteralString = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    for inside in (False, True):
        with pytest.raises(BadInput) as error:
            end_and_ask(installation, case_id, name, end, inside=inside)
        assert code(error) == "store.database.unreachable"
        assert len(installation.store.cases.history(case_id)) == 1
    hold(installation, case_id, 1)


def end_and_ask(made: Installation, case_id: str, name: str, end: LiteralString, *, inside: bool) -> None:
    if not inside:
        cluster().admin.execute(end, [name])
        made.store.cases.history(case_id)
        return
    with made.store.atomic():
        made.store.cases.append(case_id, 1, [event(E.HOLD_PLACED, REF)])
        cluster().admin.execute(end, [name])
        made.store.arrivals.keep_fingerprint("f0" * 32, case_id)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"host": "/nowhere"}, "store.database.unreachable"),
        ({"host": "127.0.0.1", "port": 1}, "store.database.unreachable"),
        ({"name": "no_such_database"}, "store.database.refused"),
        ({"app": Login("no_such_role")}, "store.database.refused"),
    ],
)
def test_a_server_that_is_not_there_or_does_not_let_us_in_is_told(
    installation: Installation, change: dict[str, Any], expected: str
) -> None:
    told = environment(installation.home)
    assert told.database is not None
    start(attrs.evolve(told, database=attrs.evolve(told.database, **change)))
    with pytest.raises(BadInput) as error:
        installation.store.cases.by_ref(REF)
    assert code(error) == expected
    assert "no_such" not in str(error.value)
    open_home(installation.home)


def test_a_database_in_another_encoding_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    prepare(home)
    name, owner = server_of(home).name, server_of(home).owner.user
    cluster().drop(name)
    cluster().admin.execute(
        f"CREATE DATABASE {name} OWNER {owner} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'".encode()
    )
    with pytest.raises(BadInput) as error:
        make_tables(home)
    assert code(error) == "store.database.unfit"
    with cluster().enter(name) as connection:
        schemas = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname LIKE 'habeas%'").fetchall()
    assert schemas == []


def test_a_commit_that_returned_is_on_the_disk_whatever_the_server_says(installation: Installation) -> None:
    from django.db import connections

    name = server_of(installation.home).name
    cluster().admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
    cluster().admin.execute(
        f"ALTER DATABASE {name} SET default_transaction_isolation = serializable".encode()
    )
    open_home(installation.home)
    expected = {
        "synchronous_commit": "on",
        "transaction_isolation": "read committed",
        "lock_timeout": "20s",
        "timezone": "UTC",
    }
    for alias in ("default", "ledger", "keys"):
        with connections[alias].cursor() as cursor:
            for setting, value in expected.items():
                cursor.execute(f"SHOW {setting}")
                assert cursor.fetchone() == (value,), (alias, setting)


def test_two_sequencers_on_two_machines_append_each_entry_once(
    installation: Installation, case_id: str
) -> None:
    store = installation.store
    for version in range(1, 6):
        hold(installation, case_id, version)
    rows = [(row.outbox_id, row.data) for row in store.outbox.waiting(100)]
    ready = threading.Barrier(4)

    def append() -> None:
        ready.wait(20)
        store.outbox.sequenced(store.log.append(rows))

    with ThreadPoolExecutor(4) as pool:
        assert {f.result() for f in [pool.submit(in_thread(append)) for _ in range(4)]} == {""}
    assert store.log.size() == len(rows) == 6
    assert store.outbox.waiting(1) == []
