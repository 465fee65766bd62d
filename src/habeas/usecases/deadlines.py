"""Deadlines: each duty's clock started from what happened in the case, as a legal date.

A duty whose start has not happened yet has no date; one whose source states no length is due at once and
says so (`days` None). Dates are the custodian's legal dates; the day of the event is not counted.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import attrs

from habeas.domain.due import due_on
from habeas.domain.vocabulary import Outcome
from habeas.kernel.clock import legal_date

if TYPE_CHECKING:
    from collections.abc import Collection

    from habeas.domain.case import Case
    from habeas.domain.determination import Duty, Evaluation
    from habeas.domain.request import Custodian


@attrs.frozen
class Deadline:
    """A duty in this case: when it is due, or None while its clock has not started."""

    duty: Duty
    items: tuple[str, ...]
    due_on: date | None


def deadlines(
    case: Case, custodian: Custodian, found: Evaluation, holidays: Collection[date] = ()
) -> tuple[Deadline, ...]:
    """Every duty of an evaluation once, with the items it concerns, earliest first, undated ones last."""
    started = starts(case, custodian)
    items: dict[Duty, list[str]] = {}
    for item in found.items:
        for duty in item.duties:
            items.setdefault(duty, []).append(item.item_id)
    made = [Deadline(d, tuple(ids), due_on(d, started, holidays)) for d, ids in items.items()]
    return tuple(sorted(made, key=lambda x: (x.due_on is None, x.due_on or date.max, x.duty.rule.id)))


def starts(case: Case, custodian: Custodian) -> dict[str, date]:
    """What has happened so far, by the words that duties start from."""
    received = legal_date(case.request.received_at, custodian.zone)
    found = {
        "receipt": received,
        "service": case.request.service.served_on or received,
        "quarter_end": _quarter_end(received),
    }
    decided = {d.determination.outcome: date.fromisoformat(d.evaluation.on) for d in case.decided}
    if decided:
        found["decision"] = max(decided.values())
    if Outcome.REFUSE in decided:
        found["refusal"] = decided[Outcome.REFUSE]
    released = [a for x in (case.authorized, *case.disclosures) if x is not None for a in x.approvals]
    if released:
        found["release"] = legal_date(max(a.at for a in released), custodian.zone)
    return found


def _quarter_end(on: date) -> date:
    """The last day of the calendar quarter of a date."""
    last_month = (on.month - 1) // 3 * 3 + 3
    next_month = date(on.year, last_month, 28) + timedelta(days=4)
    return next_month.replace(day=1) - timedelta(days=1)
