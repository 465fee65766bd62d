"""Entries written with the business rows, waiting for their index; and the openings that reports need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
from django.db import transaction

from habeas.domain.events import read_row
from habeas.kernel.errors import bad, broken
from habeas.store.faults import told
from habeas.store.models import EventRow, OutboxRow
from habeas.store.places import CASES
from habeas.usecases.ports import Queued

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from habeas.domain.reporting_row import ReportingRow

_CHUNK: Final = 1000


@attrs.frozen
class SqlOutbox:
    """`Outbox` in the case database."""

    def waiting(self, limit: int) -> Sequence[Queued]:
        """Rows that have no index yet, oldest first: by the missing index, never by a watermark."""
        with told():
            rows = list(OutboxRow.objects.filter(idx__isnull=True).order_by("id")[:limit])
        return [Queued(row.pk, row.event_id, bytes(row.data)) for row in rows]

    def sequenced(self, places: Iterable[tuple[int, int]]) -> None:
        """Note (outbox id, index). An index once noted never changes (`ledger.outbox.moved`)."""
        with told(), transaction.atomic(using=CASES):
            wanted = dict(places)
            noted = OutboxRow.objects.in_bulk(list(wanted))
            new = []
            for outbox_id, index in wanted.items():
                row = noted.get(outbox_id)
                if row is None or row.idx not in (None, index):
                    raise broken("ledger.outbox.moved", "outbox")
                if row.idx is None:
                    row.idx = index
                    new.append(row)
            OutboxRow.objects.bulk_update(new, ["idx"], batch_size=_CHUNK)

    def index_of(self, entry_id: str) -> int | None:
        """The index of an entry, or None while it waits."""
        with told():
            return OutboxRow.objects.filter(event__entry_id=entry_id).values_list("idx", flat=True).first()

    def row_opening(self, entry_id: str) -> tuple[ReportingRow, bytes]:
        """An entry's reporting row and its `stat` salt; kept also when the case is expunged."""
        with told():
            row = EventRow.objects.filter(entry_id=entry_id).only("row", "stat_salt").first()
        if row is None:
            raise bad("ledger.entry.unknown", "entry")
        return read_row(row.row), bytes(row.stat_salt)

    def entries_with_rows(self) -> Iterator[tuple[str, ReportingRow, bytes]]:
        """(entry id, row, stat salt) of every entry, in outbox order."""
        with told():
            names = ("event__entry_id", "event__row", "event__stat_salt")
            rows = OutboxRow.objects.order_by("id").values_list(*names)
            for entry_id, row, salt in rows.iterator(_CHUNK):
                yield entry_id, read_row(row), bytes(salt)
