"""Lists, read from the projection: frozen values of closed words, never a model, never a name.

Nothing here decrypts. A page that shows a case loads it (`Cases.load`) under its own permission.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import attrs
from django.db.models import Count, Min, Q

from habeas.kernel.errors import bad
from habeas.store.faults import told
from habeas.store.models import ArrivalRow, CaseRow, EventRow, OutboxRow
from habeas.store.projection import CaseLine, ItemLine
from habeas.usecases.ports import ArrivalState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from habeas.domain.vocabulary import CaseState

PAGE: Final = 100
"""Lines a list gives unless told otherwise."""

_ITEM_NAMES: Final = tuple(field.name for field in attrs.fields(ItemLine))
_CASE_NAMES: Final = tuple(field.name for field in attrs.fields(CaseLine) if field.name != "items")


@attrs.frozen
class ArrivalLine:
    """An arrival as the quarantine lists it: what is wrong, where it belongs; not what came."""

    arrival_id: str
    received_at: datetime
    state: str
    problem: str
    custodian: str
    unit: str
    channel: str
    linked_to: str


@attrs.frozen
class HappenedLine:
    """One step of a case's history, without what was said in it."""

    seq: int
    kind: str
    at: datetime
    entry_id: str
    index: int | None


@attrs.frozen
class Overview:
    """What waits, in numbers. `oldest_waiting_at` is the receipt of the oldest case not closed."""

    by_state: tuple[tuple[str, int], ...]
    quarantined: int
    pending: int
    unsequenced: int
    oldest_waiting_at: datetime | None


def cases(
    *,
    state: CaseState | None = None,
    custodian: str = "",
    unit: str = "",
    limit: int = PAGE,
    after: str = "",
) -> tuple[CaseLine, ...]:
    """Cases, oldest first, filtered by what is given; `after` is the last reference of the page before."""
    wanted = CaseRow.objects.order_by("received_at", "case_id").prefetch_related("items")
    given = {"state": str(state) if state else "", "custodian": custodian, "unit": unit}
    wanted = wanted.filter(**{name: value for name, value in given.items() if value})
    with told():
        if after:
            wanted = wanted.filter(_later_than(after))
        return tuple(_line(row) for row in wanted[:limit])


def _later_than(request_ref: str) -> Q:
    last = CaseRow.objects.filter(request_ref=request_ref).first()
    if last is None:
        raise bad("case.ref.unknown", "after")
    same = Q(received_at=last.received_at, case_id__gt=last.case_id)
    return Q(received_at__gt=last.received_at) | same


def case(request_ref: str) -> CaseLine:
    """One case's line, or `BadInput` `case.ref.unknown`."""
    with told():
        row = CaseRow.objects.filter(request_ref=request_ref).prefetch_related("items").first()
        if row is None:
            raise bad("case.ref.unknown", "case")
        return _line(row)


def lines(case_ids: Iterable[str]) -> dict[str, CaseLine]:
    """The stored lines of cases, by case id."""
    with told():
        rows = CaseRow.objects.filter(case_id__in=list(case_ids)).prefetch_related("items")
        return {row.case_id: _line(row) for row in rows}


def _line(row: CaseRow) -> CaseLine:
    columns = {name: getattr(row, name) for name in _CASE_NAMES}
    found = sorted(row.items.all(), key=lambda item: item.place)
    items = tuple(ItemLine(**{name: getattr(item, name) for name in _ITEM_NAMES}) for item in found)
    return CaseLine(**columns, items=items)


def quarantine(*, limit: int = PAGE) -> tuple[ArrivalLine, ...]:
    """What could not be taken in, oldest first."""
    return arrivals(ArrivalState.QUARANTINED, limit=limit)


def arrivals(state: ArrivalState, *, limit: int = PAGE) -> tuple[ArrivalLine, ...]:
    """Arrivals in a state, oldest first."""
    names = [field.name for field in attrs.fields(ArrivalLine)]
    with told():
        rows = ArrivalRow.objects.filter(state=str(state)).order_by("received_at", "id").values(*names)
        return tuple(ArrivalLine(**row) for row in rows[:limit])


def steps(case_id: str) -> tuple[HappenedLine, ...]:
    """A case's history in outline, in order, with each entry's place in the ledger."""
    names = ("seq", "kind", "at", "entry_id", "outboxrow__idx")
    with told():
        rows = EventRow.objects.filter(case_id=case_id).order_by("seq").values_list(*names)
        return tuple(HappenedLine(*row) for row in rows)


def overview() -> Overview:
    """What waits."""
    with told():
        states = CaseRow.objects.values_list("state").annotate(n=Count("case_id")).order_by("state")
        waiting = CaseRow.objects.exclude(state="closed").aggregate(first=Min("received_at"))
        return Overview(
            by_state=tuple(states),
            quarantined=_count(ArrivalState.QUARANTINED),
            pending=_count(ArrivalState.PENDING),
            unsequenced=OutboxRow.objects.filter(idx__isnull=True).count(),
            oldest_waiting_at=waiting["first"],
        )


def _count(state: ArrivalState) -> int:
    return ArrivalRow.objects.filter(state=str(state)).count()
