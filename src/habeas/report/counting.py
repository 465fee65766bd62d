"""Reporting rows → counted requests: what the rows of one request come to, before anything is counted.

Promises that every request with a row is counted exactly once, that its items are counted as they were
last decided, and that re-sent messages and departures from the rules are kept apart from both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.determination import fold
from habeas.domain.reporting_row import NONE, days_band

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from habeas.domain.reporting_row import ReportingRow

UNDECIDED: Final = "undecided"
"""The outcome of an item that nobody has decided yet."""

_DECISIONS: Final = frozenset({v.EventKind.DETERMINATION_MADE, v.EventKind.ITEM_OVERRIDDEN})


@attrs.frozen
class CountedItem:
    """One requested item as it was last decided; `outcome` is an `Outcome` or `undecided`."""

    item: str
    category: v.DataCategory
    effect: str
    outcome: str
    ground: str


@attrs.frozen
class CountedRequest:
    """One request as it stands.

    `overrides` holds the direction of every decision that departed from the rules, also of one that was
    replaced later; `days` are whole days from receipt to the last answer, None before there is one;
    `repeats` are re-sent messages, which open no request of their own.
    """

    request_ref: str
    month: str
    periods: tuple[str, ...]
    custodian: str
    unit: str
    component: v.Component
    channel: v.Channel
    paper_authority: v.Authority
    paper_kind: v.InstrumentKind
    purpose: v.PurposeClass
    subjects: v.SubjectsBand
    outcome: v.RequestOutcome
    items: tuple[CountedItem, ...] = ()
    overrides: tuple[str, ...] = ()
    days: int | None = None
    repeats: int = 0

    @property
    def organisation(self) -> v.Organisation:
        """The organisation of the component that asks."""
        return self.component.organisation

    @property
    def answered(self) -> bool:
        """Whether the request has come to an end."""
        return self.outcome is not v.RequestOutcome.PENDING

    @property
    def answer_band(self) -> str:
        """Days to the answer as a band: `pending` before an answer, `unknown` where the row holds none."""
        if not self.answered:
            return v.DaysBand.PENDING
        return v.UNKNOWN if self.days is None else days_band(self.days)


def fold_rows(rows: Iterable[ReportingRow]) -> tuple[CountedRequest, ...]:
    """Rows in the order of the ledger → requests in the order of their first row.

    Rows without a `request_ref` (a report, a key) are about no request and are passed over.
    """
    of_request: dict[str, list[ReportingRow]] = {}
    for row in rows:
        if row.request_ref:
            of_request.setdefault(row.request_ref, []).append(row)
    return tuple(_request(found) for found in of_request.values())


def _request(rows: Sequence[ReportingRow]) -> CountedRequest:
    """The request that these rows, at least one, are about: the last row speaks for its attributes."""
    own = [row for row in rows if not row.repeat]
    first, last = rows[0], (own or rows)[-1]
    items = _items(own)
    return CountedRequest(
        request_ref=first.request_ref,
        month=first.month,
        periods=first.periods,
        custodian=last.custodian,
        unit=last.unit,
        component=last.component,
        channel=last.channel,
        paper_authority=last.paper_authority,
        paper_kind=last.paper_kind,
        purpose=last.purpose,
        subjects=last.subjects,
        outcome=fold(tuple(None if i.outcome == UNDECIDED else v.Outcome(i.outcome) for i in items)),
        items=items,
        overrides=tuple(r.override for r in own if r.kind in _DECISIONS and r.override != NONE),
        days=next((r.days for r in reversed(own) if r.days is not None), None),
        repeats=len(rows) - len(own),
    )


def _items(rows: Sequence[ReportingRow]) -> tuple[CountedItem, ...]:
    """The items in the order they first appear, each as its last decision left it."""
    last: dict[str, ReportingRow] = {}
    for row in rows:
        if row.item and (row.kind in _DECISIONS or row.item not in last):
            last[row.item] = row
    return tuple(_item(row) for row in last.values())


def _item(row: ReportingRow) -> CountedItem:
    decided = row.kind in _DECISIONS and row.outcome != NONE
    outcome = row.outcome if decided else UNDECIDED
    return CountedItem(row.item, row.category, row.effect, outcome, row.ground)
