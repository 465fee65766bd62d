"""The last day of a duty, and the day by which a request wants an answer. Pure dates, no clock.

Dates that a paper prints are taken as they stand; whether they bind is the law's business, not this
module's. A list sorts by them, a person decides.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from habeas.domain import vocabulary as v
from habeas.domain.instrument import FieldName
from habeas.kernel.clock import add_business_days

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from habeas.domain.case import Case
    from habeas.domain.determination import Duty

_LAST_DAYS: Final = (FieldName.RETURN_ON, FieldName.EXECUTE_BY_ON)

_BEFORE_ANSWER: Final = frozenset(
    {v.DutyKind.OBJECT, v.DutyKind.MOVE_TO_QUASH, v.DutyKind.INFORM_COURT, v.DutyKind.NOTIFY_SUBJECT}
)
"""Duties that must be done while the request is open; the others follow the answer or have no last day."""


def due_on(duty: Duty, started: Mapping[str, date], holidays: Collection[date] = ()) -> date | None:
    """The last day of a duty: `days` after its start; the start itself where no length is stated.

    None while what starts it has not happened. The day of the event is not counted.
    """
    start = started.get(duty.starts)
    if start is None:
        return None
    if duty.day_kind == "business":
        return add_business_days(start, duty.days or 0, holidays)
    return start + timedelta(days=duty.days or 0)


def answer_by(case: Case) -> date | None:
    """The earliest last day that a paper itself names (return, execution) or that a duty gives which runs
    under the evaluation the case was decided by; None where there is neither.

    Only duties whose start is a stated date are dated here: a receipt's legal date needs the agency's zone,
    which `usecases.deadlines` has. Holidays are not skipped, so a day counted here is never too late.
    """
    return min((*_named(case), *_running(case)), default=None)


def _named(case: Case) -> Iterator[date]:
    papers = case.read.papers if case.read else ()
    for paper in papers:
        for instrument in paper.instruments:
            for field in instrument.fields:
                if field.name in _LAST_DAYS and (day := _day(field.value)) is not None:
                    yield day


def _day(text: str) -> date | None:
    """A field's date; what a reader left in another form names no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _running(case: Case) -> Iterator[date]:
    if case.evaluation is None:
        return
    started = {"decision": date.fromisoformat(case.evaluation.on)}
    if case.request.service.served_on is not None:
        started["service"] = case.request.service.served_on
    for item in case.evaluation.items:
        for duty in item.duties:
            if duty.kind in _BEFORE_ANSWER and duty.days is not None:
                day = due_on(duty, started)
                if day is not None:
                    yield day
