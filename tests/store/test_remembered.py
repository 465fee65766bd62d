"""A case that was seen before is given again only where everything it rests on is still the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from habeas.domain.case import Case
from habeas.domain.vocabulary import EventKind
from habeas.kernel.errors import BadInput, BrokenInvariant
from tests.databases import query, tamper
from tests.store.histories import REFUSED, event
from tests.store.installation import Installation, open_home

if TYPE_CHECKING:
    from collections.abc import Callable

ALTERED: dict[str, Callable[[bytes, bytes], bytes]] = {
    "its sealed part": lambda _mine, _other: bytes(99),
    "one bit of its sealed part": lambda mine, _: mine[:40] + bytes([mine[40] ^ 1]) + mine[41:],
    "the order of two sealed parts": lambda _, other: other,
}
"""What is put in place of the second event's sealed part: made of it and of the first's."""

SEALED = "SELECT sealed FROM vault JOIN event USING (entry_id) ORDER BY seq"
ALTER = "UPDATE vault SET sealed = %s WHERE entry_id = (SELECT entry_id FROM event WHERE seq = 2)"


@pytest.fixture
def case_id(installation: Installation) -> str:
    made = installation.ids.new_id()
    installation.store.keys.create(made)
    for at, kind in enumerate(REFUSED):
        installation.store.cases.append(made, at, [event(kind, "0000000001")])
    return made


def test_a_case_just_written_is_what_another_process_reads(installation: Installation, case_id: str) -> None:
    written = installation.store.cases.load(case_id)
    afresh = open_home(installation.home).store.cases
    assert written == afresh.load(case_id) == Case.of(afresh.history(case_id))


def test_a_case_read_twice_is_folded_once(installation: Installation, case_id: str) -> None:
    cases = open_home(installation.home).store.cases
    assert cases.load(case_id) is cases.load(case_id)


@pytest.mark.parametrize("what", ALTERED)
def test_what_was_altered_is_found_though_the_case_is_remembered(
    what: str, installation: Installation, case_id: str
) -> None:
    installation.store.cases.load(case_id)
    other, mine, *_ = (bytes(sealed) for (sealed,) in query(installation.home, "default", SEALED))
    tamper(installation.home, "default", ALTER, ALTERED[what](mine, other))
    with pytest.raises(BrokenInvariant, match=r"store\.sealed\.altered"):
        installation.store.cases.load(case_id)


def test_a_sealed_part_that_is_gone_is_missed_though_the_case_is_remembered(
    installation: Installation, case_id: str
) -> None:
    installation.store.cases.load(case_id)
    tamper(
        installation.home,
        "default",
        "DELETE FROM vault WHERE entry_id = (SELECT entry_id FROM event WHERE seq = 3)",
    )
    with pytest.raises(BrokenInvariant, match=r"store\.vault\.missing"):
        installation.store.cases.load(case_id)


def test_a_case_whose_key_is_destroyed_is_not_remembered(installation: Installation, case_id: str) -> None:
    installation.store.cases.load(case_id)
    open_home(installation.home).store.keys.destroy(case_id)
    with pytest.raises(BadInput, match=r"keys\.case\.missing"):
        installation.store.cases.load(case_id)


def test_what_another_process_appended_is_seen(installation: Installation, case_id: str) -> None:
    before = installation.store.cases.load(case_id)
    other = open_home(installation.home).store.cases
    other.append(case_id, before.version, [event(EventKind.REQUEST_RECEIVED, "0000000001", repeat=True)])
    assert installation.store.cases.load(case_id).version == before.version + 1


def test_a_transaction_rolled_back_leaves_nothing_remembered(
    installation: Installation, case_id: str
) -> None:
    before = installation.store.cases.load(case_id)

    def interrupted() -> None:
        more = event(EventKind.REQUEST_RECEIVED, "0000000001", repeat=True)
        with installation.store.atomic():
            installation.store.cases.append(case_id, before.version, [more])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert installation.store.cases.load(case_id) == before


def test_asking_by_statement_gives_what_the_models_give(case_id: str) -> None:
    from habeas.store import event_rows
    from habeas.store.models import EventRow, VaultRow

    vault = {row.entry_id: bytes(row.sealed) for row in VaultRow.objects.all()}
    rows = list(EventRow.objects.filter(case_id=case_id).order_by("seq"))
    found = event_rows.of_case(case_id)
    assert [one.seq for one in found] == [1, 2, 3, 4, 5]
    for one, row in zip(found, rows, strict=True):
        plain = (row.seq, row.entry_id, row.kind, row.version, row.at, row.row, bytes(row.stat_salt))
        assert one == event_rows.Stored(*plain, vault[row.entry_id])
        assert event_rows.of_entry(row.entry_id) == (case_id, one)
    assert event_rows.last_of(case_id) == (5, rows[-1].entry_id)
    assert event_rows.last_of("nobody") == (0, "")
    assert event_rows.of_entry("nobody") is None
    assert event_rows.of_case("nobody") == ()
