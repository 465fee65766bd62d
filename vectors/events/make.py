# ruff: noqa: INP001 - a script beside the files it makes, not a package of the product
"""Stored examples of every event version: `python vectors/events/make.py` writes those not yet there.

An example once committed is never written again: it stands for what lies in somebody's database. When a
kind's payload changes, raise its version in `domain.events.VERSIONS`, add an upcaster, and run this.
Everybody in here is invented.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.case import (
    Authorized,
    Confirmed,
    Decided,
    PaperReading,
    Read,
    Received,
    Sealed,
    Unsealed,
)
from habeas.domain.determination import Evaluation, ItemDetermination, ItemEvaluation, Missing, RuleHit
from habeas.domain.disclosure import Approval, Disclosure, Notice
from habeas.domain.events import VERSIONS, Event, payload
from habeas.domain.facts import Fact, FactSet, PaperForm, Place
from habeas.domain.instrument import Evidence, Field, FieldName, Instrument
from habeas.domain.reporting_row import ReportingRow, days_band
from habeas.domain.request import (
    Attachment,
    Holder,
    Officer,
    Request,
    RequestedItem,
    Requester,
    Service,
    Subject,
)
from habeas.domain.vocabulary import EventKind
from habeas.kernel import canonical
from habeas.kernel.shape import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).parent
BLOB: Final = "5b" * 32
REF: Final = "3K7X9QW2ME"
AT: Final = datetime(2020, 9, 14, 15, 30, tzinfo=UTC)
ITEM: Final = "wages"
OFFICER: Final = Officer(
    name="Morgan Example", title="Special Agent", phone="303-555-0142", email="morgan@hsi.example"
)
REQUESTER: Final = Requester(v.Component.ICE_HSI, "Homeland Security Investigations", OFFICER)
APPROVALS: Final = (
    Approval("r.doe", "reviewer", AT),
    Approval("k.roe", "approver", AT),
)


def row(kind: EventKind, **columns: Any) -> ReportingRow:  # noqa: ANN401 - columns of several kinds
    """The example's reporting row, with some columns set."""
    plain = ReportingRow(
        kind=kind,
        request_ref=REF,
        month="2020-09",
        custodian="labor",
        unit="ui-fraud",
        periods=("us-co/eo-d-2020:2020-q3",),
        component=v.Component.ICE_HSI,
        channel=v.Channel.EMAIL,
    )
    return attrs.evolve(plain, **columns)


def place(text: str) -> Place:
    """Somewhere on the example's paper."""
    return Place(BLOB, 1, (72, 96, 540, 120), text)


def facts() -> FactSet:
    """What was read of the example."""
    return FactSet(
        {
            "paper_authority": Fact(
                str(v.Authority.ADMINISTRATIVE), v.Source.REQUESTER, v.Reading.MACHINE, (place("I-138"),)
            ),
            "paper_form": Fact(str(PaperForm.ADMINISTRATIVE_SUBPOENA), v.Source.REQUESTER, v.Reading.MACHINE),
            "immigration_purpose": Fact(
                str(v.ImmigrationPurpose.UNKNOWN), v.Source.REQUESTER, v.Reading.MACHINE
            ),
        }
    )


def request() -> Request:
    """The example's request."""
    return Request(
        received_at=AT,
        channel=v.Channel.EMAIL,
        holder=Holder("labor", "ui-fraud"),
        requester=REQUESTER,
        items=(RequestedItem(ITEM, v.DataCategory.UI_WAGE, "wage history 2018-2020", "wages"),),
        subjects=(Subject("José Ejemplo", "1980-02-03"),),
        subjects_band=v.SubjectsBand.ONE,
        case_number="DN-2020-0001",
        message="Please send the wage history of the person named.",
        subject_line="Request for records",
        message_id="<1@hsi.example>",
        service=Service(date(2020, 9, 14), v.ServiceManner.EMAIL),
        attachments=(Attachment(BLOB, "application/pdf", "subpoena.pdf", 20480),),
    )


def instrument() -> Instrument:
    """The example's paper as read."""
    return Instrument(
        kind=v.InstrumentKind.I138,
        authority=v.Authority.ADMINISTRATIVE,
        signer_class=v.SignerClass.AGENCY_OFFICER,
        signed=v.YesNo.YES,
        filled=v.YesNo.YES,
        compulsion=v.Compulsion.COURT_ENFORCEABLE,
        nature=v.Nature.UNKNOWN,
        reaches=v.Reaches.RECORDS,
        confidence=960,
        needs_person=False,
        fields=(Field(FieldName.PERSON, "José Ejemplo", place("José Ejemplo")),),
        evidence=(Evidence("authority", "administrative", place("I-138")),),
    )


def read() -> Read:
    """The example's reading."""
    return Read(
        papers=(PaperReading(BLOB, (instrument(),)),),
        facts=facts(),
        items=request().items,
        item_facts=((ITEM, item_facts()),),
        requester=REQUESTER,
        subjects_band=v.SubjectsBand.ONE,
    )


def item_facts() -> FactSet:
    """The example item's own facts."""
    category = Fact(str(v.DataCategory.UI_WAGE), v.Source.CUSTODIAN, v.Reading.PERSON)
    return FactSet({"data_category": category})


def evaluation(effect: v.Effect) -> Evaluation:
    """What the rules say about the example's item."""
    hit = RuleHit(
        "us-co/2020-guidance#court-paper", "us-co/2020-guidance", "Guidance 2020 § 2", v.Rank.GUIDANCE,
        v.PackStatus.IN_FORCE, verified=True,
    )  # fmt: skip
    item = ItemEvaluation(
        ITEM, v.DataCategory.UI_WAGE, effect, (hit,), missing=(Missing("paper_authority", v.Source.COURT),)
    )
    return Evaluation("2020-09-15", "ab" * 32, (hit.pack,), "cedar 4.12", facts(), (item,))


def decided(effect: v.Effect, outcome: v.Outcome) -> Decided:
    """What a person decided about the example's item."""
    reason = "the paper shows no court" if outcome is v.Outcome.REFUSE else ""
    return Decided("r.doe", "reviewer", ItemDetermination(ITEM, outcome, reason=reason), evaluation(effect))


def typed() -> dict[EventKind, Any]:
    """The private part of those kinds that have a class."""
    return {
        EventKind.REQUEST_RECEIVED: Received("0192f000-0000-7000-8000-000000000001", request()),
        EventKind.INSTRUMENT_READ: read(),
        EventKind.FACTS_CONFIRMED: Confirmed("r.doe", facts(), corrected=("paper_form",), note="called"),
        EventKind.DETERMINATION_MADE: decided(v.Effect.FORBIDDEN, v.Outcome.REFUSE),
        EventKind.ITEM_OVERRIDDEN: decided(v.Effect.PERMITTED, v.Outcome.CONTEST),
        EventKind.DISCLOSURE_AUTHORIZED: Authorized((ITEM,), APPROVALS),
        EventKind.DISCLOSURE_MADE: Disclosure(
            (ITEM,), ("quarter", "employer", "wages"), "cd" * 32, OFFICER.email, "portal", APPROVALS
        ),
        EventKind.NOTICE_SENT: Notice("refusal", "en", OFFICER.email, "email", "ef" * 32, AT),
        EventKind.CASE_SEALED: Sealed("k.roe", ("k.roe", "r.doe"), "an order not to disclose"),
        EventKind.CASE_UNSEALED: Unsealed("l.poe", "the order has ended"),
    }


def example(kind: EventKind) -> Event:
    """The example of a kind in its present version."""
    private = typed().get(kind)
    by_kind: dict[EventKind, dict[str, Any]] = {
        EventKind.DETERMINATION_MADE: {"item": ITEM, "effect": "forbidden", "outcome": "refuse"},
        EventKind.ITEM_OVERRIDDEN: {"item": ITEM, "effect": "permitted", "outcome": "contest"},
        EventKind.NOTICE_SENT: {"days": 1, "days_band": days_band(1)},
    }
    return Event(
        kind=kind,
        at=AT,
        actor="r.doe",
        row=row(kind, **by_kind.get(kind, {})),
        facts=facts().as_json() if kind is EventKind.FACTS_CONFIRMED else {},
        private={"person": "r.doe", "note": "an example"} if private is None else to_json(private),
    )


def files() -> Iterator[tuple[Path, bytes]]:
    """The example of every kind in its present version, as it is written."""
    for kind in EventKind:
        path = HERE / f"{kind}.v{VERSIONS[kind]}.json"
        yield path, canonical.encode(payload(example(kind))) + b"\n"


def main() -> None:
    """Write the examples that are not there yet."""
    for path, data in files():
        if not path.exists():
            path.write_bytes(data)
            sys.stdout.write(f"{path.name}\n")


if __name__ == "__main__":
    main()
