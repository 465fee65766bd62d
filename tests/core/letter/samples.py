"""Invented cases for letters: one request for three kinds of data, decided as a test needs it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from habeas.domain import vocabulary as v
from habeas.domain.case import Case, Decided
from habeas.domain.determination import Evaluation, ItemDetermination, ItemEvaluation, Missing, RuleHit
from habeas.domain.facts import FactSet
from habeas.domain.reporting_row import ReportingRow
from habeas.domain.request import Custodian, Holder, Officer, Request, RequestedItem, Requester, Subject, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

ON: Final = date(2020, 10, 15)
AT: Final = datetime(2020, 10, 15, 18, 0, tzinfo=UTC)
SUBJECT: Final = "Maribel Quintanar-Oyarzún"
BORN: Final = "1987-03-09"
MESSAGE: Final = "We need the wages of Maribel Quintanar-Oyarzún for a criminal case."
REF: Final = "7K3M9QX2TB"

CUSTODIAN: Final = Custodian(
    custodian_id="cdle",
    name="Department of Labor and Employment",
    kind=v.CustodianKind.UNEMPLOYMENT_AGENCY,
    jurisdiction="us-co",
    zone="America/Denver",
    units=(Unit("ui-fraud", "Unemployment Insurance Fraud Unit"),),
    contact="100 Example Street\nDenver, Colorado 80200\nrecords@labor.example\n303-555-0142",
)

ITEMS: Final = (
    RequestedItem("i1", v.DataCategory.UI_WAGE, f"wage history of {SUBJECT}"),
    RequestedItem("i2", v.DataCategory.CONTACT, f"address of {SUBJECT}, born {BORN}"),
    RequestedItem("i3", v.DataCategory.IDENTIFIERS, "social security number"),
)

RULE: Final = RuleHit(
    "guidance-ii", "us-co/2020-guidance", "Guidance of May 20, 2020, ground ii", v.Rank.GUIDANCE,
    v.PackStatus.IN_FORCE, verified=True,
)  # fmt: skip
UNVERIFIED: Final = RuleHit(
    "ui-603-7", "us/ui", "20 CFR 603.7(a)", v.Rank.FEDERAL_REGULATION, v.PackStatus.CHALLENGED, verified=False
)

CITATIONS: Final = {
    "guidance-ii": (
        "Guidance of May 20, 2020, ground ii",
        "the request is responsive to a court-authorized subpoena, warrant, or other valid order",
    ),
    "ui-603-7": ("20 CFR 603.7(a)", "a subpoena for confidential records must be contested first"),
}

REQUEST: Final = Request(
    received_at=datetime(2020, 9, 29, 3, 30, tzinfo=UTC),
    channel=v.Channel.EMAIL,
    holder=Holder("cdle", "ui-fraud"),
    requester=Requester(
        component=v.Component.ICE_HSI,
        organisation_name="Homeland Security Investigations",
        officer=Officer(
            name="Dale Pruett", title="Special Agent", address="200 Example Plaza\nDenver, Colorado 80201"
        ),
    ),
    items=ITEMS,
    subjects=(Subject(SUBJECT, BORN, "000-00-0000"),),
    case_number="DV20-0117",
    message=MESSAGE,
    subject_line=f"Records of {SUBJECT}",
)

ROW: Final = ReportingRow(v.EventKind.REQUEST_RECEIVED, REF, "2020-09", "cdle", "ui-fraud")

Answer = tuple[v.Effect, "v.Outcome | None"]


def evaluated(
    answers: Sequence[Answer], *, rules: bool = True, nearest: bool = True, missing: tuple[str, ...] = ()
) -> Evaluation:
    """The evaluation with one effect for each item."""
    items = tuple(
        ItemEvaluation(
            item.item_id,
            item.category,
            effect,
            rules=(RULE, UNVERIFIED) if rules and effect is not v.Effect.UNDETERMINED else (),
            nearest=(RULE,) if nearest else (),
            missing=tuple(Missing(name) for name in missing),
        )
        for item, (effect, _) in zip(ITEMS, answers, strict=False)
    )
    return Evaluation(ON.isoformat(), "d" * 64, (), "test", FactSet(), items)


def case_of(answers: Sequence[Answer], evaluation: Evaluation, request: Request = REQUEST) -> Case:
    """The case as it stands after these decisions; None is an item nobody decided."""
    decided = tuple(
        Decided("person-1", "reviewer", ItemDetermination(item.item_id, outcome), evaluation)
        for item, (_, outcome) in zip(ITEMS, answers, strict=False)
        if outcome is not None
    )
    return Case(
        case_id="case-1",
        request_ref=REF,
        version=1,
        state=v.CaseState.DECIDED,
        request=request,
        row=ROW,
        updated_at=request.received_at,
        items=ITEMS[: len(answers)],
        evaluation=evaluation,
        decided=decided,
    )


FORBIDDEN: Final[Answer] = (v.Effect.FORBIDDEN, v.Outcome.REFUSE)
RELEASED: Final[Answer] = (v.Effect.PERMITTED, v.Outcome.RELEASE)
REQUIRED: Final[Answer] = (v.Effect.REQUIRED, v.Outcome.RELEASE)
NOT_SHOWN: Final[Answer] = (v.Effect.UNDETERMINED, v.Outcome.REFUSE)
WEIGHED: Final[Answer] = (v.Effect.PERMITTED, v.Outcome.REFUSE)
CONTESTED: Final[Answer] = (v.Effect.CONTEST_FIRST, v.Outcome.CONTEST)
COUNSEL: Final[Answer] = (v.Effect.CONFLICT, v.Outcome.COUNSEL)
OPEN: Final[Answer] = (v.Effect.UNDETERMINED, None)
