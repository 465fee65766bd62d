"""What lies on the disk: nothing personal in clear, everything annotated, and what is erased is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest

from habeas.kernel.errors import BadInput, BrokenInvariant
from habeas.store.holdings import Category, Holding, Retention
from habeas.usecases.ports import Arrival
from tests.databases import tamper
from tests.store.histories import REFUSED, event
from tests.store.installation import AT, Installation

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("José Ejemplo", "Ejemplo", "Morgan Example", "morgan@hsi.example", "303-555-0142", "wage history",
         "r.doe", "1980-02-03", "DN-2020-0001", "subpoena.pdf")  # fmt: skip
"""Words of the example that name or describe a person."""


def on_disk(home: Path) -> dict[str, bytes]:
    """Every file of a home but its keys, write-ahead logs too."""
    found = [p for p in home.rglob("*") if p.is_file() and p.parent.name != "keys"]
    return {p.relative_to(home).as_posix(): p.read_bytes() for p in found}


def a_case(installation: Installation) -> str:
    case_id = installation.ids.new_id()
    store = installation.store
    store.keys.create(case_id)
    blob = installation.blobs.put("%PDF José Ejemplo".encode(), case_id)
    arrival = Arrival(installation.ids.new_id(), case_id, blob, "subpoena.pdf", AT)
    store.arrivals.log(arrival)
    for at, kind in enumerate(REFUSED):
        store.cases.append(case_id, at, [event(kind, "0000000001")])
    return case_id


@pytest.fixture
def case_id(installation: Installation) -> str:
    return a_case(installation)


@pytest.mark.sqlite
def test_no_name_and_no_free_text_lies_on_the_disk_in_clear(installation: Installation, case_id: str) -> None:
    files = on_disk(installation.home)
    assert "habeas.sqlite3-wal" in files
    assert len([f for f in files if f.startswith("blobs/")]) == 1
    for name, data in files.items():
        for word in NAMES:
            for encoding in ("utf-8", "utf-16-le", "unicode-escape"):
                assert word.encode(encoding) not in data, (name, word)
    assert any(case_id.encode() in data for data in files.values())


def test_the_case_rows_can_be_dumped_without_the_vault(installation: Installation, case_id: str) -> None:
    tamper(installation.home, "default", "DROP TABLE vault")
    assert installation.store.cases.by_ref("0000000001") == case_id
    assert len(list(installation.store.outbox.entries_with_rows())) == len(REFUSED)
    with pytest.raises((BadInput, BrokenInvariant)):
        installation.store.cases.load(case_id)


def test_every_stored_field_says_what_it_holds(installation: Installation) -> None:
    from habeas.store.holdings import inventory

    del installation
    found = list(inventory())
    assert {model for model, _, _ in found} >= {"CaseRow", "EventRow", "VaultRow", "KeyRow", "LogEntry"}
    assert [f"{model}.{field}" for model, field, holding in found if holding is None] == []


def test_what_is_sealed_or_secret_ends_with_the_case(installation: Installation) -> None:
    from habeas.store.holdings import inventory

    del installation
    for model, field, holding in inventory():
        assert holding is not None
        if holding.category in (Category.SEALED, Category.SECRET):
            assert holding.retention is Retention.UNTIL_EXPUNGED, (model, field)
        assert holding.purpose


def test_a_field_without_an_annotation_is_noticed(installation: Installation) -> None:
    from habeas.store import holdings
    from habeas.store.models import CaseRow

    del installation
    field = CaseRow._meta.get_field("state")
    kept = getattr(field, holdings._MARK)
    delattr(field, holdings._MARK)
    try:
        assert ("CaseRow", "state", None) in list(holdings.inventory())
    finally:
        setattr(field, holdings._MARK, kept)
    assert isinstance(kept, Holding)


@pytest.mark.sqlite
def test_a_destroyed_key_is_gone_from_the_file_and_its_log(installation: Installation, case_id: str) -> None:
    from habeas.store.models import KeyRow

    wrapped = bytes(KeyRow.objects.get(case_id=case_id).wrapped)
    other = installation.ids.new_id()
    installation.store.keys.create(other)
    assert any(wrapped in data for data in on_disk(installation.home).values())
    installation.store.keys.destroy(case_id)
    assert not any(wrapped in data for data in on_disk(installation.home).values())
    assert len(installation.store.keys.get(other).data) == 32


def test_without_its_key_an_arrival_has_no_filename(installation: Installation, case_id: str) -> None:
    (row,) = installation.store.arrivals.in_state(Arrival("", "", "", "", AT).state)
    assert row.filename == "subpoena.pdf"
    installation.store.keys.destroy(case_id)
    (row,) = installation.store.arrivals.in_state(row.state)
    assert row.filename == ""


def test_another_master_key_opens_nothing(installation: Installation, case_id: str) -> None:
    keys = attrs.evolve(installation.store.keys, master=bytes(32))
    with pytest.raises(BrokenInvariant, match=r"store\.sealed\.altered"):
        keys.get(case_id)


def test_no_secret_is_in_a_representation(installation: Installation) -> None:
    assert repr(installation.files.master()) not in repr(installation.store)
    assert repr(installation.files.instance().secret) not in repr(installation.store)


def test_an_event_moved_to_another_case_does_not_open(installation: Installation, case_id: str) -> None:
    tamper(
        installation.home,
        "default",
        "UPDATE vault SET sealed ="
        " (SELECT v.sealed FROM vault v JOIN event e USING (entry_id) WHERE e.seq = 1)"
        " WHERE entry_id = (SELECT entry_id FROM event WHERE seq = 2)",
    )
    with pytest.raises(BrokenInvariant, match=r"store\.sealed\.altered"):
        installation.store.cases.history(case_id)


def test_an_event_without_its_private_part_is_a_broken_promise(
    installation: Installation, case_id: str
) -> None:
    third = "DELETE FROM vault WHERE entry_id = (SELECT entry_id FROM event WHERE seq = 3)"
    tamper(installation.home, "default", third)
    with pytest.raises(BrokenInvariant, match=r"store\.vault\.missing"):
        installation.store.cases.history(case_id)
