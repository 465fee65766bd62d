"""The reporting row of an event: what a case shows to the count, and nothing about a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.reporting_row import NONE, ReportingRow, days_band
from habeas.domain.request import purpose_class
from habeas.kernel.clock import legal_date
from habeas.report.regimes import segments_of

if TYPE_CHECKING:
    from datetime import datetime

    from habeas.domain.case import Case, Decided
    from habeas.domain.request import Custodian, Request


def opening_row(request: Request, custodian: Custodian, request_ref: str, *, demo: bool) -> ReportingRow:
    """The first row of a request: place, month and channel; everything about the paper still unknown."""
    on = legal_date(request.received_at, custodian.zone)
    return ReportingRow(
        kind=v.EventKind.REQUEST_RECEIVED,
        request_ref=request_ref,
        month=f"{on:%Y-%m}",
        custodian=custodian.custodian_id,
        unit=request.holder.unit,
        periods=segments_of(on, custodian.jurisdiction),
        component=request.requester.component,
        channel=request.channel,
        demo=demo,
    )


def row_of(case: Case, kind: v.EventKind) -> ReportingRow:
    """A row about the whole request as the case now stands; item columns empty."""
    paper = case.instrument
    band = case.read.subjects_band if case.read else v.SubjectsBand.UNKNOWN
    component = case.read.requester.component if case.read else case.request.requester.component
    return attrs.evolve(
        beside_row(case, kind),
        component=component,
        paper_authority=paper.authority if paper else v.Authority.NONE,
        paper_kind=paper.kind if paper else v.InstrumentKind.EMAIL,
        purpose=purpose_class(case.facts),
        subjects=band,
    )


def beside_row(case: Case, kind: v.EventKind) -> ReportingRow:
    """The row of something beside the way, which changes nothing that is counted: as the row before it."""
    return attrs.evolve(
        case.row,
        kind=kind,
        item="",
        category=v.DataCategory.UNKNOWN,
        ground=NONE,
        effect=NONE,
        outcome=NONE,
        override=NONE,
        policy=NONE,
        repeat=False,
    )


def item_row(case: Case, kind: v.EventKind, decided: Decided, override: str) -> ReportingRow:
    """A row about one item's decision."""
    evaluated = decided.evaluation.item(decided.determination.item_id)
    return attrs.evolve(
        row_of(case, kind),
        item=evaluated.item_id,
        category=evaluated.category,
        ground=evaluated.ground,
        effect=str(evaluated.effect),
        outcome=str(decided.determination.outcome),
        override=override,
        policy=decided.evaluation.policy,
    )


def answered_row(case: Case, custodian: Custodian, at: datetime) -> ReportingRow:
    """The row of the answer: whole days from receipt, in the custodian's legal dates."""
    days = (legal_date(at, custodian.zone) - legal_date(case.request.received_at, custodian.zone)).days
    return attrs.evolve(row_of(case, v.EventKind.NOTICE_SENT), days=days, days_band=days_band(days))
