"""The inbox: boxes, filters, sorting and pages over the cases a person sees.

Hides the queries. Promises that a page joins the next without gap or repetition while nothing changes,
that a page costs the same at the end of the list as at its start, and that a position in the list holds
only what the list shows.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import attrs
from django.db.models import Count, Exists, F, OuterRef, Q

from habeas.domain.vocabulary import Authority, CaseState, Component, RequestOutcome, Role
from habeas.kernel.errors import bad
from habeas.kernel.shape import from_json, to_json
from habeas.store.faults import told
from habeas.store.models import AssignmentRow, CaseRow
from habeas.store.projection import CaseLine
from habeas.store.read import REFERENCE, lines_of, within

if TYPE_CHECKING:
    from collections.abc import Mapping

    from habeas.usecases.sight import Sight

LINES: Final = 50
"""Lines a page has."""

SOON: Final = timedelta(days=7)
"""How far ahead `Box.DUE` looks."""

_APPROVING: Final = frozenset({Role.APPROVER, Role.COUNSEL})
_UNIT: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class Box(StrEnum):
    """What the inbox shows. Every box but `ALL` leaves closed cases out."""

    MINE = "mine"
    UNIT = "unit"
    UNASSIGNED = "unassigned"
    SECOND = "second"
    DUE = "due"
    LATE = "late"
    ALL = "all"


class Sort(StrEnum):
    """What a list goes by. Cases without a due date come last, whichever way it goes."""

    RECEIVED = "received"
    DUE = "due"
    UPDATED = "updated"


_COLUMN: Final = {Sort.RECEIVED: "received_at", Sort.DUE: "due_on", Sort.UPDATED: "updated_at"}


@attrs.frozen
class Query:
    """One way of looking at the inbox: closed words and dates only. None and "" filter nothing.

    `received_from` and `received_to` are legal dates, both counted.
    """

    box: Box = Box.ALL
    state: CaseState | None = None
    unit: str = ""
    component: Component | None = None
    paper_authority: Authority | None = None
    outcome: RequestOutcome | None = None
    received_from: date | None = None
    received_to: date | None = None
    sort: Sort = Sort.RECEIVED
    descending: bool = False

    def as_json(self) -> dict[str, Any]:
        """What a saved view keeps."""
        plain: dict[str, Any] = to_json(self)
        return plain

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> Query:
        """The query of what `as_json` gave, or `BadInput` `json.shape.mismatch`."""
        return from_json(cls, dict(words), "view").checked()

    def checked(self) -> Query:
        """The query, if its unit has the form of one."""
        if self.unit and not _UNIT.fullmatch(self.unit):
            raise bad("inbox.unit.malformed", "unit")
        return self


@attrs.frozen
class Listed:
    """A case in the inbox, and the id of who works on it ("" where nobody does)."""

    line: CaseLine
    assigned_to: str = ""


@attrs.frozen
class Page:
    """Some lines; `before` and `after` are the positions of the pages next to it, "" where there is none."""

    lines: tuple[Listed, ...]
    before: str = ""
    after: str = ""


@attrs.frozen
class _Position:
    """Just beside a line: its value in the sorted column, and its reference."""

    value: Any
    request_ref: str

    @classmethod
    def of(cls, line: CaseLine, sort: Sort) -> _Position:
        return cls(getattr(line, _COLUMN[sort]), line.request_ref)

    def text(self) -> str:
        return f"{self.value.isoformat() if self.value else '-'}~{self.request_ref}"


def inbox(
    sight: Sight,
    query: Query,
    on: date,
    *,
    zone: str = "UTC",
    after: str = "",
    before: str = "",
    limit: int = LINES,
) -> Page:
    """A page of a box. `on` is today's legal date and `zone` the zone of all legal dates; `after` and
    `before` are positions that a page named; `inbox.position.malformed` for anything else.
    """
    backward = bool(before)
    rows = CaseRow.objects.filter(within(sight) & _in_box(sight, query.box, on) & _filtered(query, zone))
    if after or before:
        rows = rows.filter(_beyond(query, _position(before or after, query.sort), backward=backward))
    with told():
        found = list(lines_of(rows.order_by(*_order(query, backward=backward))[: limit + 1]))
        more, found = len(found) > limit, found[:limit]
        if backward:
            found.reverse()
        mine = {a.case_id: a.person_id for a in _assignments(found)}
    ends = [_Position.of(line, query.sort).text() for line in (found[:1] + found[-1:])]
    return Page(
        lines=tuple(Listed(line, mine.get(line.case_id, "")) for line in found),
        before=ends[0] if ends and (more if backward else bool(after)) else "",
        after=ends[-1] if ends and (more or backward) else "",
    )


def counts(sight: Sight, on: date) -> dict[Box, int]:
    """How many cases each box has, asked at once."""
    wanted: dict[str, Any] = {  # not the boxes' own names: a column is called `unit` too
        f"in_{box}": Count("case_id", filter=_in_box(sight, box, on)) for box in Box if box is not Box.ALL
    }
    with told():
        found = CaseRow.objects.filter(within(sight)).aggregate(in_all=Count("case_id"), **wanted)
    return {box: found[f"in_{box}"] for box in Box}


def _assignments(found: list[CaseLine]) -> list[AssignmentRow]:
    return list(AssignmentRow.objects.filter(case_id__in=[line.case_id for line in found]))


def _in_box(sight: Sight, box: Box, on: date) -> Q:
    still = ~Q(state=str(CaseState.CLOSED))
    match box:
        case Box.MINE:
            own = AssignmentRow.objects.filter(case_id=OuterRef("pk"), person_id=sight.person_id)
            return still & Q(Exists(own))
        case Box.UNIT:
            return still & _own(sight)
        case Box.UNASSIGNED:
            return still & ~Q(Exists(AssignmentRow.objects.filter(case_id=OuterRef("pk"))))
        case Box.SECOND:
            return still & _own(sight) & Q(waits_second=True) & _if(may=bool(sight.roles & _APPROVING))
        case Box.DUE:
            return still & Q(due_on__gte=on, due_on__lte=on + SOON)
        case Box.LATE:
            return still & Q(due_on__lt=on)
        case Box.ALL:
            return Q()


def _own(sight: Sight) -> Q:
    """Cases where this person works, not only looks."""
    if sight.everything:
        return Q()
    units = Q(unit__in=sight.units) if sight.units else Q()
    return Q(custodian=sight.custodian) & units


def _if(*, may: bool) -> Q:
    return Q() if may else Q(pk__in=[])


def _filtered(query: Query, zone: str) -> Q:
    words = {
        "state": query.state,
        "unit": query.checked().unit,
        "component": query.component,
        "paper_authority": query.paper_authority,
        "request_outcome": query.outcome,
    }
    wanted = Q(**{name: str(word) for name, word in words.items() if word})
    if query.received_from is not None:
        wanted &= Q(received_at__gte=_midnight(query.received_from, zone))
    if query.received_to is not None and query.received_to < date.max:
        wanted &= Q(received_at__lt=_midnight(query.received_to + timedelta(days=1), zone))
    return wanted


def _midnight(on: date, zone: str) -> datetime:
    """The instant a legal date begins."""
    return datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC)


def _order(query: Query, *, backward: bool) -> list[Any]:
    """The list's order, or its reverse; dates that are missing come last, and so first in the reverse."""
    column, downward = F(_COLUMN[query.sort]), query.descending is not backward
    ref = F("request_ref").desc() if downward else F("request_ref").asc()
    if query.sort is not Sort.DUE:
        return [column.desc() if downward else column.asc(), ref]
    nulls: dict[str, Any] = {"nulls_first": True} if backward else {"nulls_last": True}
    return [column.desc(**nulls) if downward else column.asc(**nulls), ref]


def _beyond(query: Query, position: _Position, *, backward: bool) -> Q:
    """The rows past a position in the direction of reading."""
    column, downward = _COLUMN[query.sort], query.descending is not backward
    past = "lt" if downward else "gt"
    none, value = Q(**{f"{column}__isnull": True}), position.value
    tied = Q(**{f"request_ref__{past}": position.request_ref})
    if value is None:
        return (none & tied) | ~none if backward else none & tied
    at_least = Q(**{f"{column}__{past}e": value})
    dated = at_least & (Q(**{f"{column}__{past}": value}) | tied)
    return dated if backward or query.sort is not Sort.DUE else dated | none


def _position(text: str, sort: Sort) -> _Position:
    value, _, request_ref = text.partition("~")
    if not REFERENCE.fullmatch(request_ref):
        raise bad("inbox.position.malformed", "page")
    try:
        if sort is Sort.DUE:
            return _Position(None if value == "-" else date.fromisoformat(value), request_ref)
        at = datetime.fromisoformat(value)
        return _Position(at.astimezone(UTC), request_ref)
    except (ValueError, OverflowError):
        raise bad("inbox.position.malformed", "page") from None
