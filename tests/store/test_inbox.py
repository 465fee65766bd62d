"""The inbox: what stands in which box, filters, order, and pages that join without gap or repetition."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.domain.case import Case, Decided
from habeas.domain.request import Person
from habeas.domain.vocabulary import Authority, CaseState, Component, Effect, Outcome, RequestOutcome, Role
from habeas.domain.vocabulary import EventKind as E
from habeas.kernel.errors import BadInput
from habeas.kernel.shape import to_json
from habeas.usecases.sight import EVERYTHING, Sight, sight_of
from tests.store.histories import REFUSED, event
from tests.store.installation import AT, Installation
from vectors.events.make import decided

if TYPE_CHECKING:
    from collections.abc import Callable

    from habeas.store.inbox import Query

ON = date(2020, 9, 20)
REVIEWER = Person("r.doe", "R", (Role.REVIEWER,), "labor")
APPROVER = Person("k.roe", "K", (Role.APPROVER,), "labor")
CLERK = Person("c.clerk", "C", (Role.CLERK,), "labor", ("ui-fraud",))
AUDITOR = Person("a.coe", "A", (Role.AUDITOR, Role.COUNSEL), "audit", (), ("labor",))


def row(number: int, **columns: Any) -> str:
    """A line of the projection, with these columns; its reference."""
    from habeas.store.models import CaseRow

    plain: dict[str, Any] = {
        "case_id": f"case-{number}", "request_ref": f"{number:010}", "version": 1, "state": "read",
        "custodian": "labor", "unit": "ui-fraud", "component": "ice_hsi", "channel": "email",
        "received_at": AT + timedelta(hours=number), "updated_at": AT + timedelta(hours=number),
        "due_on": None, "month": "2020-09", "paper_authority": "administrative", "paper_kind": "i138",
        "purpose": "unknown", "subjects": "1", "days": None, "days_band": "pending",
        "request_outcome": "pending", "repeats": 0, "demo": False, "sealed": False, "waits_second": False,
    }  # fmt: skip
    CaseRow(**plain | columns).save(force_insert=True)
    return str(plain["request_ref"])


def numbers(sight: Sight, query: Query, **more: Any) -> list[int]:
    from habeas.store.inbox import inbox

    return [int(listed.line.request_ref) for listed in inbox(sight, query, ON, **more).lines]


@pytest.fixture
def boxes(installation: Installation) -> Installation:
    row(1)
    row(2, due_on=ON)
    row(3, due_on=ON + timedelta(days=7))
    row(4, due_on=ON + timedelta(days=8))
    row(5, due_on=ON - timedelta(days=1))
    row(6, due_on=ON - timedelta(days=1), state="closed")
    row(7, state="decided", waits_second=True)
    row(8, unit="tax", waits_second=True)
    row(9, custodian="revenue", unit="desk", waits_second=True)
    installation.store.assignments.assign("case-1", "r.doe", by="k.roe", at=AT)
    installation.store.assignments.assign("case-8", "r.doe", by="k.roe", at=AT)
    installation.store.assignments.assign("case-6", "r.doe", by="k.roe", at=AT)
    installation.store.assignments.assign("case-2", "c.clerk", by="k.roe", at=AT)
    return installation


BOXES: dict[str, tuple[Person, dict[str, list[int]]]] = {
    "reviewer": (REVIEWER, {
        "mine": [1, 8], "unit": [1, 2, 3, 4, 5, 7, 8], "unassigned": [3, 4, 5, 7], "second": [],
        "due": [2, 3], "late": [5], "all": [1, 2, 3, 4, 5, 6, 7, 8],
    }),
    "approver": (APPROVER, {"mine": [], "second": [7, 8], "all": [1, 2, 3, 4, 5, 6, 7, 8]}),
    "clerk of one unit": (CLERK, {
        "mine": [2], "unit": [1, 2, 3, 4, 5, 7], "unassigned": [3, 4, 5, 7], "second": [],
        "late": [5], "all": [1, 2, 3, 4, 5, 6, 7],
    }),
    "counsel who looks at another agency": (AUDITOR, {
        "mine": [], "unit": [], "unassigned": [3, 4, 5, 7], "second": [], "due": [2, 3],
        "all": [1, 2, 3, 4, 5, 6, 7, 8],
    }),
}  # fmt: skip


@pytest.mark.parametrize(("person", "expected"), BOXES.values(), ids=BOXES)
def test_each_box_holds_what_it_says(
    boxes: Installation, person: Person, expected: dict[str, list[int]]
) -> None:
    from habeas.store.inbox import Box, Query, counts

    del boxes
    sight = sight_of(person)
    counted = counts(sight, ON)
    for box in Box:
        found = numbers(sight, Query(box=box))
        assert counted[box] == len(found), box
        if str(box) in expected:
            assert found == expected[str(box)], box


def test_who_works_on_a_case_stands_beside_it(boxes: Installation) -> None:
    from habeas.store.inbox import Query, inbox

    del boxes
    page = inbox(sight_of(CLERK), Query(), ON)
    assert [listed.assigned_to for listed in page.lines][:3] == ["r.doe", "c.clerk", ""]


FILTERS: dict[str, tuple[dict[str, Any], list[int]]] = {
    "state": ({"state": CaseState.CLOSED}, [6]),
    "unit": ({"unit": "tax"}, [8]),
    "component": ({"component": Component.FBI}, [4]),
    "paper": ({"paper_authority": Authority.JUDICIAL}, [3]),
    "outcome": ({"outcome": RequestOutcome.REFUSED}, [6]),
    "from": ({"received_from": date(2020, 9, 15)}, [5, 6, 7, 8]),
    "to": ({"received_to": date(2020, 9, 14)}, [1, 2, 3, 4]),
    "one day": ({"received_from": date(2020, 9, 15), "received_to": date(2020, 9, 15)}, [5, 6, 7, 8]),
    "the last day there is": ({"received_to": date.max}, [1, 2, 3, 4, 5, 6, 7, 8]),
    "two at once": ({"unit": "ui-fraud", "state": CaseState.CLOSED}, [6]),
    "nothing": ({"unit": "nowhere"}, []),
}


@pytest.mark.parametrize(("filters", "expected"), FILTERS.values(), ids=FILTERS)
def test_a_filter_leaves_out_what_it_says(
    installation: Installation, filters: dict[str, Any], expected: list[int]
) -> None:
    from habeas.store.inbox import Query

    del installation
    # midnight in Denver is six o'clock in Greenwich: the fifth is received on the next legal date
    night = datetime.fromisoformat("2020-09-15T05:55:00+00:00")
    for number in range(1, 9):
        more: dict[str, Any] = {
            3: {"paper_authority": "judicial"},
            4: {"component": "fbi"},
            6: {"state": "closed", "request_outcome": "refused"},
            8: {"unit": "tax"},
        }.get(number, {})
        row(number, received_at=night + timedelta(minutes=number), **more)
    assert numbers(sight_of(REVIEWER), Query(**filters), zone="America/Denver") == expected


def test_a_unit_that_is_none_is_refused(installation: Installation) -> None:
    from habeas.store.inbox import Query

    del installation
    for unit in ("\0", "A B", "x" * 65):
        with pytest.raises(BadInput, match=r"inbox\.unit\.malformed"):
            numbers(EVERYTHING, Query(unit=unit))


dates = st.none() | st.dates(ON - timedelta(days=3), ON + timedelta(days=3))


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", ["received", "due", "updated"])
def test_pages_join_without_gap_or_repetition_both_ways(
    installation: Installation, sort: str, *, descending: bool
) -> None:
    from habeas.store.inbox import Query, Sort, inbox
    from habeas.store.models import CaseRow

    del installation
    query, sight = Query(sort=Sort(sort), descending=descending), sight_of(REVIEWER)

    @given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), dates), max_size=12), st.integers(1, 5))
    @settings(max_examples=12)
    def check(made: list[tuple[int, int, date | None]], limit: int) -> None:
        CaseRow.objects.all().delete()
        for number, (received, updated, due) in enumerate(made, 1):
            at, then = AT + timedelta(hours=received), AT + timedelta(hours=updated)
            row(number, received_at=at, updated_at=then, due_on=due)
        wanted = [number for number, _ in sorted(enumerate(made, 1), key=order(sort, descending=descending))]
        page = inbox(sight, query, ON, limit=limit)
        assert page.before == ""
        forward = [numbers_of(page)]
        while page.after:
            page = inbox(sight, query, ON, limit=limit, after=page.after)
            forward.append(numbers_of(page))
        assert list(chain.from_iterable(forward)) == wanted
        backward = [numbers_of(page)]
        while page.before:
            page = inbox(sight, query, ON, limit=limit, before=page.before)
            backward.insert(0, numbers_of(page))
        assert list(chain.from_iterable(backward)) == wanted

    check()


def numbers_of(page: Any) -> list[int]:
    return [int(listed.line.request_ref) for listed in page.lines]


def order(sort: str, *, descending: bool) -> Callable[[tuple[int, tuple[int, int, date | None]]], Any]:
    """Where a case of the test above belongs; numbers count as references do."""
    turn = -1 if descending else 1

    def key(one: tuple[int, tuple[int, int, date | None]]) -> Any:
        number, (received, updated, due) = one
        if sort == "due":
            return (due is None, turn * due.toordinal() if due else 0, turn * number)
        return (turn * (received if sort == "received" else updated), turn * number)

    return key


@pytest.mark.parametrize(
    "position",
    ["x", "~", "2020-09-14T15:30:00+00:00", "yesterday~0000000001", "-~0000000001", "2020-09-14~ZZ", "\0~\0",
     "9999-12-31T23:59:59-23:00~0000000001"],
)  # fmt: skip
def test_what_is_no_position_is_refused(installation: Installation, position: str) -> None:
    from habeas.store.inbox import Query

    del installation
    for way in ("after", "before"):
        with pytest.raises(BadInput, match=r"inbox\.position\.malformed"):
            numbers(EVERYTHING, Query(), **{way: position})


def test_a_saved_way_of_looking_comes_back(installation: Installation) -> None:
    from habeas.store.inbox import Box, Query, Sort

    del installation
    query = Query(
        Box.DUE, CaseState.READ, "ui-fraud", Component.FBI, Authority.JUDICIAL, RequestOutcome.PENDING,
        date(2020, 9, 1), date(2020, 9, 30), Sort.UPDATED, descending=True,
    )  # fmt: skip
    assert Query.of(query.as_json()) == query
    assert Query.of({}) == Query()
    for strange in ({"box": "yours"}, {"name": "José"}, {"descending": 1}, {"unit": "A B"}):
        with pytest.raises(BadInput):
            Query.of(strange)


def test_the_boxes_follow_a_case(installation: Installation) -> None:
    """Decided to be released, it waits for a second person; then no more."""
    from habeas.store.inbox import Box, counts

    case_id = installation.ids.new_id()
    installation.store.keys.create(case_id)
    sight = sight_of(APPROVER)
    release: Decided = decided(Effect.PERMITTED, Outcome.RELEASE)
    deciding = attrs.evolve(event(E.DETERMINATION_MADE, "0000000001"), private=to_json(release))
    history = [*(event(kind, "0000000001") for kind in REFUSED[:3]), deciding]
    history.append(event(E.DISCLOSURE_AUTHORIZED, "0000000001"))
    waits = []
    for version, made in enumerate(history):
        installation.store.cases.append(case_id, version, [made])
        waits.append(counts(sight, ON)[Box.SECOND])
    assert waits == [0, 0, 0, 1, 0]
    case: Case = installation.store.cases.load(case_id)
    assert case.updated_at == AT
    assert _stored(case_id).updated_at == AT


def _stored(case_id: str) -> Any:
    from habeas.store.read import lines

    return lines(EVERYTHING, [case_id])[case_id]


def test_alike_cases_share_agency_paper_and_data_and_are_decided(installation: Installation) -> None:
    from habeas.store import read
    from habeas.store.models import ItemRow

    del installation
    places = {
        1: {}, 2: {}, 3: {"paper_kind": "i205"}, 4: {"custodian": "revenue"}, 5: {}, 6: {}, 7: {},
    }  # fmt: skip
    for number, columns in places.items():
        row(number, **columns)
        category, outcome = {5: ("tax", "refuse"), 6: ("ui_wage", "none")}.get(number, ("ui_wage", "refuse"))
        ItemRow(
            case_id=f"case-{number}", place=0, item_id="1", category=category, effect="none",
            outcome=outcome, override="none",
        ).save()  # fmt: skip
    line = read.case_of(EVERYTHING, "0000000001")
    assert [int(one.request_ref) for one in read.alike(EVERYTHING, line)] == [7, 2]
    assert [int(one.request_ref) for one in read.alike(EVERYTHING, line, limit=1)] == [7]
