"""Publish: a period's report from the reporting rows, bound to the newest checkpoint.

Reads the log and the rows, never a case: nothing here can see personal data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from habeas.domain.vocabulary import EventKind
from habeas.kernel.errors import bad
from habeas.ledger.entry import decode_entry
from habeas.report.regimes import regime
from habeas.report.snapshot import LogEntry, make_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from habeas.domain.text import Text
    from habeas.usecases.ports import Log, Outbox, Ports


def report(
    ports: Ports,
    log: Log,
    regime_id: str,
    begins_on: date,
    ends_on: date,
    *,
    footnotes: tuple[Text, ...] = (),
) -> dict[str, Any]:
    """The document `habeas.report.v1` of a period (inclusive legal dates of the regime's zone)."""
    note = log.checkpoint()
    if note is None:
        raise bad("ledger.checkpoint.none", "ledger")
    entries = opened(log, ports.outbox)
    document: dict[str, Any] = make_report(
        regime(regime_id),
        begins_on,
        ends_on,
        entries,
        note,
        ports.clock.now(),
        demo=ports.demo,
        footnotes=footnotes,
    )
    return document


UNTOLD: Final = frozenset({EventKind.CASE_SEALED, EventKind.CASE_UNSEALED})
"""Kinds of entry that no report and no receipt that leaves opens (decision record 0011)."""


def opened(log: Log, outbox: Outbox) -> Iterator[LogEntry]:
    """Every entry of the log in order, with its reporting row and salt where this agency holds them."""
    rows = {
        entry_id: (salt, row)
        for entry_id, row, salt in outbox.entries_with_rows()
        if row.kind not in UNTOLD  # an opened row would say which request is sealed
    }
    for index, data in enumerate(_all(log)):
        salt, row = rows.get(decode_entry(data).id, (None, None))
        yield index, data, salt, row


def _all(log: Log) -> Iterable[bytes]:
    return log.entries(0, log.size())
