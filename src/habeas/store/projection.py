"""A case as lists show it, computed from the case and nothing else.

`project` is the whole definition of `CaseRow` and `ItemRow`: what lies in the tables equals it after
every append, and `rebuild` makes it again from the events. No name and no free text gets in.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain.determination import departure
from habeas.domain.due import answer_by
from habeas.domain.reporting_row import NONE
from habeas.domain.vocabulary import Outcome

if TYPE_CHECKING:
    from habeas.domain.case import Case
    from habeas.domain.request import RequestedItem


@attrs.frozen
class ItemLine:
    """One item: what is asked for, what the rules say, what a person decided, and any departure."""

    item_id: str
    category: str
    effect: str = NONE
    outcome: str = NONE
    override: str = NONE


@attrs.frozen
class CaseLine:
    """One case, in words of closed lists, with its items in order. `month` is the month of receipt.

    `due_on` is the day an answer is wanted by, where a paper or a running duty names one. `waits_second`:
    a release is decided and nobody has given the second yes. `seal` holds the ids of the only people who
    may see it, sorted; None where it is not sealed.
    """

    case_id: str
    request_ref: str
    version: int
    state: str
    custodian: str
    unit: str
    component: str
    channel: str
    received_at: datetime
    updated_at: datetime
    due_on: date | None
    month: str
    paper_authority: str
    paper_kind: str
    purpose: str
    subjects: str
    days: int | None
    days_band: str
    request_outcome: str
    repeats: int
    demo: bool
    waits_second: bool
    items: tuple[ItemLine, ...] = ()
    seal: tuple[str, ...] | None = None

    @property
    def sealed(self) -> bool:
        """Whether only the people of `seal` may see it."""
        return self.seal is not None

    def columns(self) -> dict[str, Any]:
        """The columns of `CaseRow`."""
        plain = attrs.asdict(self, filter=lambda field, _: field.name not in BESIDE)
        return plain | {"sealed": self.sealed}


BESIDE: Final = ("items", "seal")
"""The members of a line that lie in tables of their own."""


def project(case: Case) -> CaseLine:
    """The line of a case."""
    return CaseLine(
        case_id=case.case_id,
        request_ref=case.request_ref,
        version=case.version,
        state=str(case.state),
        custodian=case.row.custodian,
        unit=case.row.unit,
        component=str(case.row.component),
        channel=str(case.row.channel),
        received_at=case.request.received_at,
        updated_at=case.updated_at,
        due_on=answer_by(case),
        month=case.row.month,
        paper_authority=str(case.row.paper_authority),
        paper_kind=str(case.row.paper_kind),
        purpose=str(case.row.purpose),
        subjects=str(case.row.subjects),
        days=case.row.days,
        days_band=str(case.row.days_band),
        request_outcome=str(case.request_outcome),
        repeats=case.repeats,
        demo=case.row.demo,
        waits_second=_waits_second(case),
        seal=None if case.seal is None else tuple(sorted(set(case.seal))),
        items=tuple(_item(case, item) for item in case.items),
    )


def _waits_second(case: Case) -> bool:
    decided = (case.outcome(item.item_id) for item in case.items)
    return case.authorized is None and Outcome.RELEASE in decided


def _item(case: Case, item: RequestedItem) -> ItemLine:
    said = {i.item_id: i.effect for i in case.evaluation.items} if case.evaluation else {}
    decided = case.decision(item.item_id)
    if decided is None:
        return ItemLine(item.item_id, str(item.category), str(said.get(item.item_id, NONE)))
    # the departure is from what the rules said when it was decided, which may not be what they say now
    then = {i.item_id: i.effect for i in decided.evaluation.items}
    outcome = decided.determination.outcome
    return ItemLine(
        item_id=item.item_id,
        category=str(item.category),
        effect=str(said.get(item.item_id, then.get(item.item_id, NONE))),
        outcome=str(outcome),
        override=departure(then[item.item_id], outcome) if item.item_id in then else NONE,
    )
