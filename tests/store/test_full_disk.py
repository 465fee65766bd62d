"""A full disk, a busy database, a damaged file: a clear line, and nothing lost or half-written."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from habeas.kernel.errors import BadInput
from habeas.usecases.sequence import sequence
from habeas.usecases.sight import EVERYTHING
from tests.store.histories import REFUSED, event, opening
from tests.store.installation import Installation, open_home
from tests.store.subprocesses import ROOT, command

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.sqlite


def limit(alias: str, pages: int) -> None:
    """Let a database grow by so many pages at most, as a full disk would."""
    from django.db import connections

    with connections[alias].cursor() as cursor:
        used = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {used + pages}")


def lift(alias: str) -> None:
    from django.db import connections

    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1000000000")


def code(error: pytest.ExceptionInfo[BadInput]) -> str:
    return error.value.problems[0].code


@pytest.mark.parametrize("in_transaction", [False, True])
def test_a_full_disk_takes_all_of_an_append_or_nothing(
    installation: Installation, *, in_transaction: bool
) -> None:
    store, case_id = installation.store, installation.ids.new_id()
    store.keys.create(case_id)
    store.cases.append(case_id, 0, [event(REFUSED[0], "0000000001")])

    def append() -> None:
        if in_transaction:
            with store.atomic():
                store.cases.append(case_id, 1, [event(k, "0000000001") for k in REFUSED[1:]])
        else:
            store.cases.append(case_id, 1, [event(k, "0000000001") for k in REFUSED[1:]])

    from habeas.store import read

    refusals = 0
    for pages in range(50):
        limit("default", pages)
        try:
            append()
            break
        except BadInput as error:
            refusals += 1
            codes = [p.code for p in error.problems]
        assert codes == ["store.disk.full"]
        assert len(store.cases.history(case_id)) == read.case_of(EVERYTHING, "0000000001").version == 1
        assert len(store.outbox.waiting(100)) == 1
    assert refusals
    assert len(store.cases.history(case_id)) == read.case_of(EVERYTHING, "0000000001").version == 5


def test_a_full_disk_under_the_ledger_loses_nothing(installation: Installation) -> None:
    store, case_id = installation.store, installation.ids.new_id()
    store.keys.create(case_id)
    store.cases.append(case_id, 0, [event(REFUSED[0], "0000000001")])
    for at in range(1, 40):
        store.cases.append(case_id, at, [event(REFUSED[1], "0000000001")])
    limit("ledger", 1)
    with pytest.raises(BadInput) as error:
        sequence(store.outbox, store.log, installation.signer)
    assert code(error) == "store.disk.full"
    lift("ledger")
    assert sequence(store.outbox, store.log, installation.signer).size == 40


def test_a_full_disk_under_the_keys_opens_no_case(installation: Installation) -> None:
    limit("keys", 0)
    made = list[str]()

    def fill() -> None:
        for _ in range(100):
            made.append(installation.ids.new_id())
            installation.store.keys.create(made[-1])

    with pytest.raises(BadInput) as error:
        fill()
    assert code(error) == "store.disk.full"
    for case_id in made[:-1]:
        assert len(installation.store.keys.get(case_id).data) == 32
    with pytest.raises(BadInput, match=r"keys\.case\.missing"):
        installation.store.keys.get(made[-1])


def test_what_the_system_refuses_to_write_is_said(home: Path) -> None:
    limited = command("tests.store.limited", home)
    done = subprocess.run(limited, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["store.disk.full", "store.disk.failed", "0", "1"]
    made = open_home(home)
    assert len(made.store.cases.history(made.store.cases.by_ref("0000000002"))) == 1


def test_a_database_held_by_another_is_busy(installation: Installation) -> None:
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(installation.home / "habeas.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BadInput) as error:
            installation.store.arrivals.keep_fingerprint("f0" * 32, "case")
        assert code(error) == "store.database.busy"
        other.execute("ROLLBACK")
    installation.store.arrivals.keep_fingerprint("f0" * 32, "case")


def test_a_damaged_database_is_named_as_such(home: Path) -> None:
    (home / "keys.sqlite3").write_bytes(b"not a database, but long enough to be taken for one" * 100)
    made = open_home(home)
    with pytest.raises(BadInput) as error:
        made.store.keys.create(made.ids.new_id())
    assert code(error) == "store.database.damaged"


def test_no_message_repeats_what_was_to_be_written(installation: Installation) -> None:
    case_id = installation.ids.new_id()
    installation.store.keys.create(case_id)
    limit("default", 0)
    with pytest.raises(BadInput) as error:
        installation.store.cases.append(case_id, 0, [opening("0000000001", "José Ejemplo" * 9000)])
    assert "Ejemplo" not in str(error.value)
    assert error.value.__suppress_context__
