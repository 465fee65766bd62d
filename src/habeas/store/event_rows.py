"""An event as its two tables hold it: the open part in `event`, the sealed part in `vault`.

Hides the tables. Promises that what `insert` was given is what `of_case` reads back, value for value, so
that two readings can be compared without opening anything.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import attrs

from habeas.store.asking import ask
from habeas.store.models import EventRow, VaultRow
from habeas.store.places import CASES

if TYPE_CHECKING:
    from collections.abc import Sequence

_EVENT = """
SELECT event.case_id, event.seq, event.entry_id, event.kind, event.version, event.at, event.row,
       event.stat_salt, vault.sealed
FROM event LEFT JOIN vault ON vault.entry_id = event.entry_id
"""
_OF_CASE = _EVENT + "WHERE event.case_id = %s ORDER BY event.seq"
_OF_ENTRY = _EVENT + "WHERE event.entry_id = %s"
_LAST = "SELECT seq, entry_id FROM event WHERE case_id = %s ORDER BY seq DESC LIMIT 1"


@attrs.frozen
class Stored:
    """One event of a case; `sealed` is None where its private part is gone."""

    seq: int
    entry_id: str
    kind: str
    version: int
    at: datetime
    row: Any
    stat_salt: bytes
    sealed: bytes | None = attrs.field(repr=False)


def of_case(case_id: str) -> tuple[Stored, ...]:
    """Every event of a case in order; none where there is no such case."""
    return tuple(_stored(row) for row in ask(CASES, _OF_CASE, case_id))


def of_entry(entry_id: str) -> tuple[str, Stored] | None:
    """The case id and the event of a ledger entry, or None."""
    found = ask(CASES, _OF_ENTRY, entry_id)
    return (found[0][0], _stored(found[0])) if found else None


def last_of(case_id: str) -> tuple[int, str]:
    """Place and entry id of a case's last event; (0, "") where there is no such case."""
    found = ask(CASES, _LAST, case_id)
    return (found[0][0], found[0][1]) if found else (0, "")


def insert(case_id: str, new: Sequence[Stored]) -> None:
    """Add events to a case. A place that is taken is an `IntegrityError`."""
    EventRow.objects.bulk_create(EventRow(case_id=case_id, **_open_part(one)) for one in new)
    VaultRow.objects.bulk_create(VaultRow(entry_id=one.entry_id, sealed=one.sealed) for one in new)


def _open_part(one: Stored) -> dict[str, Any]:
    return attrs.asdict(one, recurse=False, filter=lambda field, _: field.name != "sealed")


def _stored(row: tuple[Any, ...]) -> Stored:
    """A row of `_EVENT`: SQLite gives instants in UTC without saying so, and JSON as text."""
    _, seq, entry_id, kind, version, at, shown, salt, sealed = row
    return Stored(
        seq=seq,
        entry_id=entry_id,
        kind=kind,
        version=version,
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        row=json.loads(shown),
        stat_salt=bytes(salt),
        sealed=None if sealed is None else bytes(sealed),
    )
