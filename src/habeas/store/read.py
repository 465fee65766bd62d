"""What one person sees, read from the projection: frozen values of closed words, never a model, never a name.

Every question takes a `Sight` and answers as if nothing beyond it existed; `within` is `usecases.sight` as
the database understands it, and a test holds the two together. Nothing here decrypts: a page that shows a
case loads it (`Cases.load`) under its own permission.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

import attrs
from django.db.models import Count, Exists, Min, OuterRef, Q

from habeas.domain.reporting_row import NONE
from habeas.domain.search_words import asked_keys
from habeas.domain.vocabulary import Role
from habeas.kernel.errors import bad
from habeas.kernel.ids import CROCKFORD
from habeas.store.asking import sought
from habeas.store.cases import search_purpose
from habeas.store.faults import told
from habeas.store.models import ArrivalRow, CaseRow, EventRow, OutboxRow, SealName, SearchToken
from habeas.store.projection import BESIDE, CaseLine, ItemLine
from habeas.usecases.ports import ArrivalState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from habeas.domain.vocabulary import CaseState
    from habeas.usecases.sight import Sight

PAGE: Final = 100
"""Lines a list gives unless told otherwise."""

REFERENCE: Final = re.compile(f"[{CROCKFORD}]{{10}}")
"""The form of a public reference."""

_ITEM_NAMES: Final = tuple(field.name for field in attrs.fields(ItemLine))
_CASE_NAMES: Final = tuple(field.name for field in attrs.fields(CaseLine) if field.name not in BESIDE)


class Tokens(Protocol):
    """Makes the keyed digests that a search compares (`usecases.ports.Keys`)."""

    def token(self, purpose: str, data: bytes) -> str:
        """HMAC-SHA256 under a key for the purpose, hexadecimal."""
        ...


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
    """What waits, in numbers. `oldest_waiting_at` is the receipt of the oldest case not closed.

    `unsequenced` counts entries of the whole ledger: they say nothing about any case.
    """

    by_state: tuple[tuple[str, int], ...]
    quarantined: int
    pending: int
    unsequenced: int
    oldest_waiting_at: datetime | None


# ------------------------------------------------------------------------------------------- sight


def within(sight: Sight) -> Q:
    """`usecases.sight.sees` as a condition on `CaseRow`."""
    if sight.everything:
        return Q()
    named = SealName.objects.filter(case_id=OuterRef("pk"), person_id=sight.person_id)
    return _reached(sight, Q(unit__in=sight.units)) & (Q(sealed=False) | Q(Exists(named)))


def came_within(sight: Sight) -> Q:
    """`usecases.sight.sees_arrival` as a condition on `ArrivalRow`."""
    if sight.everything:
        return Q()
    seen = _reached(sight, Q(unit__in=(*sight.units, ""))) & ~Q(custodian="")
    return seen | Q(custodian="") if Role.ADMINISTRATOR in sight.roles else seen


def _reached(sight: Sight, in_units: Q) -> Q:
    own = Q(custodian=sight.custodian)
    others = [c for c in sight.custodians if c != sight.custodian]
    if sight.units:
        own &= in_units
    return own | Q(custodian__in=others) if others else own


# ------------------------------------------------------------------------------------------- cases


def cases(
    sight: Sight,
    *,
    state: CaseState | None = None,
    custodian: str = "",
    unit: str = "",
    limit: int = PAGE,
    after: str = "",
) -> tuple[CaseLine, ...]:
    """Cases, oldest first, filtered by what is given; `after` is the last reference of the page before."""
    wanted = CaseRow.objects.filter(within(sight)).order_by("received_at", "case_id")
    given = {"state": str(state) if state else "", "custodian": custodian, "unit": unit}
    wanted = wanted.filter(**{name: value for name, value in given.items() if value})
    with told():
        if after:
            wanted = wanted.filter(_later_than(sight, after))
        return tuple(lines_of(wanted[:limit]))


def _later_than(sight: Sight, request_ref: str) -> Q:
    last = CaseRow.objects.filter(within(sight), request_ref=sought(request_ref)).first()
    if last is None:
        raise bad("case.ref.unknown", "after")
    same = Q(received_at=last.received_at, case_id__gt=last.case_id)
    return Q(received_at__gt=last.received_at) | same


def case_of(sight: Sight, request_ref: str) -> CaseLine:
    """One case's line; `case.ref.unknown` alike where there is none and where this sight does not reach."""
    with told():
        rows: Any = ()
        if REFERENCE.fullmatch(request_ref):
            rows = CaseRow.objects.filter(within(sight), request_ref=request_ref)
        found = next(iter(lines_of(rows)), None)
    if found is None:
        raise bad("case.ref.unknown", "case")
    return found


def lines(sight: Sight, case_ids: Iterable[str]) -> dict[str, CaseLine]:
    """The stored lines of cases, by case id; those beyond the sight are left out."""
    with told():
        rows = CaseRow.objects.filter(within(sight), case_id__in=list(case_ids))
        return {line.case_id: line for line in lines_of(rows)}


def find(sight: Sight, keys: Tokens, text: str, *, limit: int = PAGE) -> tuple[CaseLine, ...]:
    """Cases with this reference, person named, officer or case number, the newest first.

    Each agency within the sight is asked under its own tokens. The operator's sight (`EVERYTHING`) has no
    agency, so it finds by reference only: a search by name across agencies cannot be put.
    """
    words = [word.encode() for word in asked_keys(text)]
    purposes = [search_purpose(custodian) for custodian in sight.custodians]
    tokens = [keys.token(purpose, word) for purpose in purposes for word in words]
    wanted = Q(case_id__in=SearchToken.objects.filter(token__in=tokens).values("case_id")) if tokens else Q()
    reference = text.strip().upper()
    if REFERENCE.fullmatch(reference):
        wanted |= Q(request_ref=reference)
    if not wanted:
        return ()
    with told():
        rows = CaseRow.objects.filter(within(sight) & wanted).order_by("-received_at", "request_ref")
        return tuple(lines_of(rows[:limit]))


def alike(sight: Sight, line: CaseLine, *, limit: int = 5) -> tuple[CaseLine, ...]:
    """Decided cases of the same agency, paper and at least one kind of data, last worked on first."""
    categories = {item.category for item in line.items}
    with told():
        decided = CaseRow.objects.filter(items__category__in=categories).exclude(items__outcome=NONE)
        rows = (
            CaseRow.objects.filter(
                within(sight),
                custodian=line.custodian,
                paper_kind=line.paper_kind,
                paper_authority=line.paper_authority,
                case_id__in=decided.values("case_id"),
            )
            .exclude(case_id=line.case_id)
            .order_by("-updated_at", "request_ref")
        )
        return tuple(lines_of(rows[:limit]))


def lines_of(rows: Any) -> Iterable[CaseLine]:  # noqa: ANN401 - a query set, or nothing
    """The lines of rows, in their order, with items and seal names fetched at once."""
    fetched = rows.prefetch_related("items", "seal_names") if rows != () else ()
    return [_line(row) for row in fetched]


def _line(row: CaseRow) -> CaseLine:
    columns = {name: getattr(row, name) for name in _CASE_NAMES}
    found = sorted(row.items.all(), key=lambda item: item.place)
    items = tuple(ItemLine(**{name: getattr(item, name) for name in _ITEM_NAMES}) for item in found)
    seal = tuple(sorted(name.person_id for name in row.seal_names.all())) if row.sealed else None
    return CaseLine(**columns, items=items, seal=seal)


def steps(case_id: str) -> tuple[HappenedLine, ...]:
    """A case's history in outline, in order, with each entry's place in the ledger.

    Takes a case id, which only who has seen the case holds.
    """
    names = ("seq", "kind", "at", "entry_id", "outboxrow__idx")
    with told():
        rows = EventRow.objects.filter(case_id=case_id).order_by("seq").values_list(*names)
        return tuple(HappenedLine(*row) for row in rows)


# ------------------------------------------------------------------------------------------- arrivals


def quarantine(sight: Sight, *, limit: int = PAGE) -> tuple[ArrivalLine, ...]:
    """What could not be taken in, oldest first."""
    return arrivals(sight, ArrivalState.QUARANTINED, limit=limit)


def arrivals(sight: Sight, state: ArrivalState, *, limit: int = PAGE) -> tuple[ArrivalLine, ...]:
    """Arrivals in a state, oldest first."""
    names = [field.name for field in attrs.fields(ArrivalLine)]
    with told():
        rows = ArrivalRow.objects.filter(came_within(sight), state=str(state)).order_by("received_at", "id")
        return tuple(ArrivalLine(**row) for row in rows.values(*names)[:limit])


def overview(sight: Sight) -> Overview:
    """What waits."""
    with told():
        seen = CaseRow.objects.filter(within(sight))
        states = seen.values_list("state").annotate(n=Count("case_id")).order_by("state")
        waiting = seen.exclude(state="closed").aggregate(first=Min("received_at"))
        return Overview(
            by_state=tuple(states),
            quarantined=_count(sight, ArrivalState.QUARANTINED),
            pending=_count(sight, ArrivalState.PENDING),
            unsequenced=OutboxRow.objects.filter(idx__isnull=True).count(),
            oldest_waiting_at=waiting["first"],
        )


def _count(sight: Sight, state: ArrivalState) -> int:
    return ArrivalRow.objects.filter(came_within(sight), state=str(state)).count()
