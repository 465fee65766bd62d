"""The doctor finds each kind of damage, says which is grave, and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

import pytest

from habeas.domain.vocabulary import EventKind as E
from habeas.usecases.ports import Arrival, ArrivalState
from habeas.usecases.sequence import sequence
from tests.databases import ON_SERVER, dump, tamper
from tests.store.histories import REFUSED, event, on_paper
from tests.store.installation import AT, Installation, open_home

if TYPE_CHECKING:
    from habeas.store.doctor import Diagnosis

REFS = ("0000000001", "0000000002", "0000000003")


def take_in(made: Installation, ref: str) -> str:
    """A case that came with a paper, and went all the way."""
    case_id = made.ids.new_id()
    made.store.keys.create(case_id)
    blob = made.blobs.put(f"paper {ref}".encode(), case_id)
    arrival = Arrival(made.ids.new_id(), case_id, blob, "a.pdf", AT, state=ArrivalState.CASE)
    made.store.arrivals.log(arrival)
    for at, kind in enumerate(REFUSED):
        made.store.cases.append(case_id, at, [on_paper(event(kind, ref), blob)])
    return case_id


@pytest.fixture
def well(installation: Installation) -> Installation:
    """A home in good health."""
    for ref in REFS:
        take_in(installation, ref)
    sequence(installation.store.outbox, installation.store.log, installation.signer)
    return installation


def examine(made: Installation, cases: int | None = None, free: int = 2**40) -> Diagnosis:
    from habeas.store.doctor import Patient, doctor

    patient = Patient(made.home, made.store, made.blobs, (made.signer.vkey,), lambda _: free)
    return doctor(patient, cases=cases)


def codes(diagnosis: Diagnosis) -> list[str]:
    return [symptom.problem.code for symptom in diagnosis.symptoms]


def test_a_home_in_good_health_has_no_symptom(well: Installation) -> None:
    found = examine(well)
    assert codes(found) == []
    assert (found.exit_code, found.cases, found.entries) == (0, 3, 15)


def test_a_sample_looks_at_some(well: Installation) -> None:
    assert examine(well, cases=1).cases == 1
    assert examine(well, cases=100).cases == 3


def test_what_a_crash_leaves_wants_attention_and_is_not_grave(well: Installation) -> None:
    case_id = well.ids.new_id()
    well.store.keys.create(case_id)  # then it stopped
    assert codes(found := examine(well)) == ["doctor.keys.orphaned"]
    blob = well.blobs.put(b"paper", case_id)  # then it stopped
    assert codes(examine(well)) == ["doctor.keys.orphaned", "doctor.papers.orphaned"]
    well.store.arrivals.log(Arrival(well.ids.new_id(), case_id, blob, "a.pdf", AT))  # then it stopped
    assert codes(examine(well)) == ["doctor.arrivals.pending"]
    (well.blobs.folder / blob[:2] / ".partial-00").touch()
    assert codes(examine(well)) == ["doctor.arrivals.pending", "doctor.papers.unfinished"]
    assert found.exit_code == 1


def test_what_is_not_sequenced_or_signed_wants_attention(well: Installation) -> None:
    case_id = well.store.cases.by_ref(REFS[0])
    well.store.cases.append(case_id, 5, [event(E.HOLD_PLACED, REFS[0])])
    assert codes(examine(well)) == ["doctor.outbox.waiting"]
    (waiting,) = well.store.outbox.waiting(10)
    places = well.store.log.append([(waiting.outbox_id, waiting.data)])
    assert codes(examine(well)) == ["doctor.outbox.waiting", "doctor.ledger.unsigned"]
    well.store.outbox.sequenced(places)
    found = examine(well)
    assert codes(found) == ["doctor.ledger.unsigned"]
    assert found.exit_code == 1


def test_little_space_and_open_doors_want_attention(well: Installation) -> None:
    (well.home / "keys" / "master.key").chmod(0o644)
    found = examine(well, free=10 * 2**20)
    assert codes(found) == ["doctor.permissions.too_open", "doctor.disk.low"]
    assert found.symptoms[0].problem.place == "master.key"
    assert "10 MB" in found.symptoms[1].problem.message
    assert found.exit_code == 1


ANOTHER_COMPONENT: LiteralString = (
    "UPDATE event SET row = jsonb_set(row, '{component}', '\"fbi\"') WHERE id = 1"
    if ON_SERVER
    else "UPDATE event SET row = json_set(row, '$.component', 'fbi') WHERE id = 1"
)

GRAVE: dict[str, tuple[str, list[tuple[LiteralString, *tuple[object, ...]]], set[str]]] = {
    "a line that is not the fold": (
        "default", [("UPDATE case_row SET state = 'read' WHERE request_ref = '0000000001'",)],
        {"doctor.projection.differs"},
    ),
    "an item that is missing": (
        "default", [("DELETE FROM item_row",)], {"doctor.projection.differs"},
    ),
    "an event whose row was altered": (
        "default",
        [(ANOTHER_COMPONENT,)],
        {"doctor.entry.differs"},
    ),
    "an event whose private part is gone": (
        "default", [("DELETE FROM vault WHERE entry_id = (SELECT entry_id FROM event WHERE id = 2)",)],
        {"store.vault.missing"},
    ),
    "an event whose private part was altered": (
        "default", [("UPDATE vault SET sealed = %s", bytes(99))], {"store.sealed.altered"},
    ),
    "a history with a gap": (
        "default", [("DELETE FROM event WHERE id = 3",)], {"case.history.gap"},
    ),
    "a queued entry that is gone": (
        "default", [("DELETE FROM outbox WHERE id = 15",)], {"doctor.entry.differs", "doctor.ledger.apart"},
    ),
    "a key that is gone": (
        "keys", [("DELETE FROM case_key WHERE case_id = (SELECT MIN(case_id) FROM case_key)",)],
        {"doctor.keys.missing"},
    ),
    "entries cut off the ledger": (
        "ledger", [("DELETE FROM log_entry WHERE idx >= 12",)],
        {"doctor.ledger.apart", "ledger.bundle.missing"},
    ),
    "an entry altered in the ledger": (
        "ledger", [("UPDATE log_entry SET data = %s WHERE idx = 3", bytes(277))], {"doctor.ledger.apart"},
    ),
    "a leaf altered in the ledger": (
        "ledger", [("UPDATE log_entry SET leaf = %s WHERE idx = 3", bytes(32))], {"ledger.tile.differs"},
    ),
    "two entries that changed places": (
        "ledger",
        [("UPDATE log_entry SET outbox_id = 99 WHERE idx = 3",),
         ("UPDATE log_entry SET outbox_id = 4 WHERE idx = 4",),
         ("UPDATE log_entry SET outbox_id = 5 WHERE idx = 3",)],
        {"doctor.ledger.apart"},
    ),
    "a checkpoint altered": (
        "ledger", [("UPDATE log_checkpoint SET note = replace(note, '15', '14')",)],
        {"ledger.signature.invalid"},
    ),
}  # fmt: skip
"""Name → part of the home, statements with their values, and what the doctor says."""


@pytest.mark.parametrize("damage", GRAVE)
def test_damage_is_found_and_grave(well: Installation, damage: str) -> None:
    part, statements, expected = GRAVE[damage]
    for statement, *values in statements:
        tamper(well.home, part, statement, *values)
    found = examine(open_home(well.home))
    assert expected <= {symptom.problem.code for symptom in found.symptoms if symptom.grave}
    assert found.symptoms[0].grave
    assert found.exit_code == 3
    assert all(symptom.problem.line() for symptom in found.symptoms)


def test_an_altered_tile_is_found(installation: Installation) -> None:
    store = installation.store
    for number in range(26):
        case_id = installation.ids.new_id()
        store.keys.create(case_id)
        store.cases.append(case_id, 0, [event(REFUSED[0], f"{number:010d}")])
        store.cases.append(case_id, 1, [event(E.HOLD_PLACED, f"{number:010d}") for _ in range(9)])
    sequence(store.outbox, store.log, installation.signer)
    tamper(installation.home, "ledger", "UPDATE log_tile SET data = %s", bytes(8192))
    assert "ledger.tile.differs" in codes(examine(open_home(installation.home)))


def test_a_paper_that_is_gone_is_grave(well: Installation) -> None:
    case_id = well.store.cases.by_ref(REFS[1])
    assert well.blobs.forget(case_id) == 1
    found = examine(well)
    assert codes(found) == ["doctor.papers.missing"]
    assert found.exit_code == 3


def test_an_expunged_case_is_no_symptom(well: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    from habeas.domain import workflow
    from habeas.domain.vocabulary import CaseState

    monkeypatch.setitem(workflow._TABLE, (CaseState.CLOSED, E.CASE_EXPUNGED), CaseState.CLOSED)
    case_id = well.store.cases.by_ref(REFS[1])
    well.store.cases.append(case_id, 5, [event(E.CASE_EXPUNGED, REFS[1])])
    sequence(well.store.outbox, well.store.log, well.signer)
    well.store.keys.destroy(case_id)
    well.blobs.forget(case_id)
    assert codes(examine(well)) == []


def test_a_home_without_tables_is_told_so_and_nothing_more(well: Installation) -> None:
    tamper(well.home, "ledger", "DELETE FROM django_migrations")
    found = examine(open_home(well.home))
    assert codes(found) == ["store.home.not_ready"]
    assert found.exit_code == 3


def test_the_doctor_changes_nothing(well: Installation) -> None:
    before = dump(well.home)
    well.store.keys.create(well.ids.new_id())
    changed = dump(well.home)
    assert changed != before
    examine(well)
    assert dump(well.home) == changed


def test_no_symptom_names_a_person(well: Installation) -> None:
    tamper(well.home, "default", "UPDATE vault SET sealed = %s", bytes(99))
    for symptom in examine(open_home(well.home)).symptoms:
        assert "Ejemplo" not in symptom.problem.line()
