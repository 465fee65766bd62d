"""The demonstration state: who wrote to whom, when, saying what, enclosing which paper.

Everything here is what a sender does. What a paper is, what the rules say, what came of it and how many
there are is not here: the bytes made from these lines go through intake, reading, rules and the
personas' habits like any other. The proportions are invented; only the totals that come out for DHS and
ICE, 66 requests and 33 granted, are published figures (docs/decisions/0009).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

import attrs

from habeas.demo.papers.bodies import Ask, Style, html, subject, text
from habeas.demo.papers.details import Person
from habeas.demo.papers.draw import paper
from habeas.demo.papers.mail import Attachment, Mailbox, MailDetails, email
from habeas.demo.papers.phrases import Claim as C  # noqa: N817 - a script of a hundred lines reads better
from habeas.demo.papers.phrases import Wanted as W  # noqa: N817 - as above
from habeas.demo.papers.phrases import wanted
from habeas.demo.papers.samples import sample
from habeas.demo.senders import SENDERS, UNITS, person

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OFFENSES: Final[dict[str, tuple[str, str]]] = {
    "": ("", ""),
    "id": ("identity document fraud", "18 U.S.C. § 1028"),
    "wire": ("wire fraud", "18 U.S.C. § 1343"),
    "money": ("money laundering", "18 U.S.C. § 1956"),
    "drugs": ("distribution of controlled substances", "21 U.S.C. § 841"),
    "bank": ("bank fraud", "18 U.S.C. § 1344"),
    "forced": ("forced labor", "18 U.S.C. § 1589"),
    "theft": ("theft of public money", "18 U.S.C. § 641"),
    "health": ("health care fraud", "18 U.S.C. § 1347"),
    "weapons": ("unlawful possession of a firearm", "18 U.S.C. § 922"),
    "reentry": ("reentry after removal", "8 U.S.C. § 1326"),
}

PROGRAMS: Final = {
    "save": "verification of benefit eligibility under 42 U.S.C. 1320b-7",
    "match": "the wage match required by 42 U.S.C. 1320b-7",
}


@attrs.frozen
class Scripted:
    """One request as its sender makes it.

    `at` is `MM-DD hh:mm` of 2020 in UTC; `unit` a key of `UNITS`, `sender` of `SENDERS`; `paper` the kind
    drawn and enclosed ("" for none); `fax` sends the paper alone, without a message. `issued` counts days
    from the paper's date to the sending, `runs` the days it then stays open (negative: it has run out).
    """

    at: str
    unit: str
    sender: str
    claims: tuple[C, ...]
    wants: tuple[W, ...]
    paper: str = ""
    offense: str = ""
    program: str = ""
    style: Style = Style.FORMAL
    fax: bool = False
    issued: int = 3
    runs: int = 14
    other_holder: str = ""
    persons: int = 1
    signature: Literal["ink", "s", "none"] = "ink"


_CRIME: Final = (C.CRIMINAL,)
_IMM: Final = (C.IMMIGRATION,)
_VAGUE: Final = (C.VAGUE,)
_PROGRAM: Final = (C.PROGRAM,)
_WAGES: Final = (W.WAGE_HISTORY,)
_WAGES_EMPLOYER: Final = (W.WAGE_HISTORY, W.EMPLOYER)
_CLAIM: Final = (W.UNEMPLOYMENT_CLAIM,)
_LICENSE: Final = (W.LICENSE_RECORD,)
_LICENSE_PHOTO: Final = (W.LICENSE_RECORD, W.PHOTOGRAPH)
_HOME: Final = (W.HOME_ADDRESS,)
_CAR: Final = (W.VEHICLE_REGISTRATION,)


def _s(
    at: str, unit: str, sender: str, claims: tuple[C, ...], wants: tuple[W, ...], **rest: object
) -> Scripted:
    return Scripted(at, unit, sender, claims, wants, **rest)  # type: ignore[arg-type] # checked by attrs' names


HOMELAND: Final[tuple[Scripted, ...]] = (
    # Unemployment Insurance Fraud Unit: wage histories for Homeland Security Investigations
    _s("06-22 15:10", "ui-fraud", "hsi", _CRIME, _WAGES, paper="i138", offense="wire"),
    _s("06-25 17:40", "ui-fraud", "hsi-2", _CRIME, _WAGES, paper="i138"),
    _s("06-29 20:05", "ui-fraud", "ero", _IMM, _WAGES_EMPLOYER, paper="i200"),
    _s("07-01 16:20", "ui-fraud", "hsi", _CRIME, _WAGES_EMPLOYER, paper="i138", offense="money"),
    _s("07-06 18:45", "ui-fraud", "hsi-2", _CRIME, _WAGES, offense="forced", style=Style.TERSE),
    _s("07-09 15:30", "ui-fraud", "hsi", _CRIME, _WAGES, paper="customs_summons", offense="money"),
    _s("07-13 21:15", "ui-fraud", "ero", _IMM, (W.EMPLOYER, W.HOME_ADDRESS), style=Style.TERSE),
    _s("07-15 16:00", "ui-fraud", "hsi", _CRIME, _WAGES, paper="i138", offense="id"),
    _s("07-20 19:25", "ui-fraud", "hsi-2", _CRIME, _WAGES_EMPLOYER, paper="i138", offense="wire"),
    _s("07-24 14:50", "ui-fraud", "hsi", _CRIME, _CLAIM, paper="ao110", offense="wire"),
    _s("07-28 17:05", "ui-fraud", "hsi-2", _CRIME, _WAGES, paper="i138", style=Style.RAMBLING),
    _s("08-03 15:55", "ui-fraud", "hsi", _CRIME, _WAGES, paper="i138", offense="bank"),
    _s("08-05 22:10", "ui-fraud", "ero", _IMM, _WAGES, paper="i205"),
    _s("08-10 16:35", "ui-fraud", "hsi-2", _CRIME, _WAGES_EMPLOYER, paper="i138", offense="drugs"),
    _s("08-12 18:00", "ui-fraud", "hsi", _CRIME, _CLAIM, paper="ao93", offense="theft",
       other_holder="Denver Department of Human Services"),
    _s("08-17 15:20", "ui-fraud", "hsi-2", _CRIME, _WAGES, offense="id", style=Style.FORWARDED),
    _s("08-20 19:45", "ui-fraud", "hsi", _CRIME, _WAGES, paper="i138", offense="wire"),
    _s("08-24 17:30", "ui-fraud", "hsi-2", _CRIME, _WAGES, paper="i138"),
    _s("08-31 20:40", "ui-fraud", "ero", _VAGUE, _WAGES_EMPLOYER, style=Style.TERSE),
    _s("09-02 16:15", "ui-fraud", "hsi", _CRIME, _WAGES, paper="i9_notice"),
    _s("09-08 15:05", "ui-fraud", "hsi-2", _CRIME, _WAGES, paper="i138", offense="money"),
    _s("09-10 18:20", "ui-fraud", "hsi", _CRIME, _WAGES_EMPLOYER, paper="i138"),
    _s("09-16 17:50", "ui-fraud", "hsi-2", _CRIME, _WAGES, paper="i138", offense="reentry"),
    _s("09-21 14:30", "ui-fraud", "ero", _IMM, _WAGES, paper="i138"),
    _s("09-24 21:00", "ui-fraud", "hsi", _CRIME, _WAGES, paper="i138", offense="bank"),
    _s("09-30 16:45", "ui-fraud", "hsi-2", _CRIME, _CLAIM, paper="proposed_order", offense="wire"),
    _s("10-06 15:25", "ui-fraud", "hsi", _CRIME, _WAGES, paper="i138", offense="wire"),
    _s("10-08 19:10", "ui-fraud", "hsi-2", _CRIME, _WAGES, paper="i138", offense="wire"),
    # Motor Vehicle Investigation Unit
    _s("06-23 16:30", "mv-investigations", "hsi", _CRIME, _LICENSE_PHOTO, offense="id"),
    _s("06-30 18:15", "mv-investigations", "ero", _IMM, _HOME, paper="i200"),
    _s("07-02 20:20", "mv-investigations", "hsi-2", _CRIME, _LICENSE, offense="drugs"),
    _s("07-08 15:45", "mv-investigations", "cbp", _CRIME, _CAR, offense="drugs"),
    _s("07-10 17:10", "mv-investigations", "ero", _IMM, _LICENSE_PHOTO, style=Style.TERSE),
    _s("07-16 19:00", "mv-investigations", "hsi", _CRIME, (W.LICENSE_RECORD,
       W.VEHICLE_REGISTRATION), offense="money"),
    _s("07-22 16:55", "mv-investigations", "hsi-2", _CRIME, _LICENSE_PHOTO, paper="i138", offense="id"),
    _s("07-27 14:40", "mv-investigations", "cbp", (C.IN_PROGRESS,), _CAR, style=Style.TERSE),
    _s("07-30 21:30", "mv-investigations", "ero", _IMM, _HOME, paper="i247a"),
    _s("08-04 18:50", "mv-investigations", "hsi", _CRIME, _LICENSE, paper="ao93", offense="weapons"),
    _s("08-06 15:15", "mv-investigations", "hsi-2", _CRIME, _LICENSE_PHOTO, style=Style.RAMBLING),
    _s("08-11 17:25", "mv-investigations", "ero", _IMM, _LICENSE, paper="i205"),
    _s("08-14 20:00", "mv-investigations", "hsi", (), _LICENSE_PHOTO, paper="ao93", offense="id",
       runs=-2, issued=15),
    _s("08-19 16:05", "mv-investigations", "hsi-2", _CRIME, _CAR, offense="bank"),
    _s("08-25 19:35", "mv-investigations", "ero", _VAGUE, _HOME, style=Style.TERSE),
    _s("08-28 15:50", "mv-investigations", "hsi", _CRIME, _LICENSE_PHOTO, offense="forced"),
    _s("09-03 18:30", "mv-investigations", "cbp", (C.EMERGENCY,), _HOME, paper="emergency_request"),
    _s("09-09 16:40", "mv-investigations", "hsi-2", _CRIME, _LICENSE, paper="preservation_letter",
       offense="wire"),
    _s("09-14 14:25", "mv-investigations", "ero", _IMM, _LICENSE, paper="i203"),
    _s("09-17 20:55", "mv-investigations", "hsi", _CRIME, _LICENSE_PHOTO, paper="i138", offense="drugs"),
    _s("09-23 17:00", "mv-investigations", "hsi-2", _CRIME, _LICENSE_PHOTO, offense="drugs"),
    _s("09-28 15:35", "mv-investigations", "ero", _IMM, _LICENSE_PHOTO, paper="civil_inspection_warrant"),
    _s("10-01 19:20", "mv-investigations", "hsi", _CRIME, _LICENSE, paper="ao93", offense="wire",
       other_holder="Jefferson County Clerk and Recorder"),
    _s("10-07 16:10", "mv-investigations", "hsi-2", _CRIME, (W.LICENSE_RECORD, W.TITLE_HISTORY),
       offense="money"),
    # a handful of other agencies
    _s("07-07 17:55", "vital-records", "ero", (C.BULK, C.IMMIGRATION), (W.BIRTH_RECORD,)),
    _s("08-13 16:25", "vital-records", "hsi", _CRIME, (W.BIRTH_RECORD,), offense="id"),
    _s("09-15 18:05", "vital-records", "uscis", _PROGRAM, (W.BIRTH_RECORD,), program="save"),
    _s("07-14 15:00", "professions", "hsi-2", _CRIME, (W.PROFESSIONAL_LICENSE,), offense="health"),
    _s("08-18 20:30", "professions", "ero", _IMM, (W.PROFESSIONAL_LICENSE, W.HOME_ADDRESS), paper="i286"),
    _s("07-21 16:50", "benefits", "ero", _IMM, (W.BENEFITS_FILE, W.HOME_ADDRESS)),
    _s("08-26 17:15", "benefits", "uscis", _PROGRAM, (W.BENEFITS_FILE,), program="save"),
    _s("09-22 19:50", "benefits", "uscis", _PROGRAM, (W.BENEFITS_FILE,), program="save"),
    _s("07-23 18:35", "labor-standards", "uscis", _PROGRAM, _WAGES, program="save"),
    _s("09-11 15:40", "labor-standards", "uscis", _PROGRAM, _WAGES, program="save"),
    _s("08-21 16:00", "enforcement", "hsi", _CRIME, (W.PROFESSIONAL_LICENSE,), offense="money", paper="i138"),
    _s("10-05 17:45", "enforcement", "hsi-2", _CRIME, (W.PROFESSIONAL_LICENSE,), offense="drugs"),
    _s("10-13 20:15", "professions", "hsi", _CRIME, (W.PROFESSIONAL_LICENSE,), paper="i138",
       offense="health"),
)  # fmt: skip

OTHERS: Final[tuple[Scripted, ...]] = (
    _s("06-24 16:00", "ui-fraud", "dol-oig", _CRIME, _CLAIM, paper="ig_subpoena", offense="theft"),
    _s("06-26 18:40", "mv-investigations", "fbi", _CRIME, _LICENSE_PHOTO, offense="wire"),
    _s("07-03 15:20", "ui-fraud", "ssa", _PROGRAM, _WAGES, program="match"),
    _s("07-07 20:45", "ui-fraud", "law-firm", (C.THIRD_PARTY,), _WAGES, paper="ao88b"),
    _s(
        "07-09 17:35",
        "mv-investigations",
        "police",
        _CRIME,
        _LICENSE_PHOTO,
        paper="state_search_warrant",
        offense="id",
    ),
    _s("07-14 19:05", "ui-fraud", "fbi", _CRIME, _WAGES_EMPLOYER, paper="fbi_subpoena", offense="wire"),
    _s(
        "07-17 16:15",
        "mv-investigations",
        "usms",
        (C.IN_PROGRESS,),
        (W.HOME_ADDRESS, W.PHOTOGRAPH),
        paper="ao442",
    ),
    _s("07-21 15:10", "ui-fraud", "usao", _CRIME, _WAGES, paper="ao89b", offense="wire"),
    _s("07-24 18:25", "ui-fraud", "lender", (C.THIRD_PARTY,), (W.EMPLOYER,), style=Style.TERSE),
    _s(
        "07-29 20:50",
        "professions",
        "dea",
        _CRIME,
        (W.PROFESSIONAL_LICENSE,),
        paper="dea_subpoena",
        offense="drugs",
    ),
    _s("07-31 17:00", "ui-fraud", "dol-oig", _CRIME, _CLAIM, offense="theft"),
    _s("08-05 16:45", "ui-fraud", "irs", _VAGUE, _WAGES, paper="irs_summons"),
    _s("08-07 19:30", "mv-investigations", "fbi", _CRIME, _CAR, offense="bank"),
    _s("08-11 15:00", "ui-fraud", "ssa", _PROGRAM, _WAGES, program="match"),
    _s("08-13 20:35", "ui-fraud", "law-firm", (C.THIRD_PARTY,), _WAGES, paper="b2540"),
    _s("08-18 18:10", "mv-investigations", "police", _CRIME, _LICENSE, paper="state_subpoena", offense="id"),
    _s("08-20 16:20", "ui-fraud", "usao", _CRIME, _CLAIM, paper="ao110", offense="theft"),
    _s(
        "08-24 15:40",
        "benefits",
        "hhs-oig",
        _CRIME,
        (W.BENEFITS_FILE,),
        paper="hhs_subpoena",
        offense="health",
    ),
    _s("08-27 17:20", "ui-fraud", "ssa-oig", _CRIME, _WAGES, paper="ig_subpoena", offense="theft"),
    _s("09-01 19:15", "mv-investigations", "usms", _CRIME, _HOME, offense="weapons"),
    _s("09-03 16:55", "ui-fraud", "law-firm", (C.THIRD_PARTY,), _WAGES, paper="ao88"),
    _s(
        "09-04 20:10",
        "mv-investigations",
        "police",
        _CRIME,
        _LICENSE_PHOTO,
        paper="state_court_order",
        offense="id",
    ),
    _s(
        "09-09 15:55",
        "professions",
        "dea",
        _CRIME,
        (W.PROFESSIONAL_LICENSE,),
        paper="dea_subpoena",
        offense="drugs",
    ),
    _s("09-10 18:00", "ui-fraud", "fbi", _CRIME, _WAGES, paper="ao93c", offense="wire"),
    _s("09-15 16:35", "ui-fraud", "law-firm", (C.THIRD_PARTY,), _WAGES, paper="ao88a"),
    _s("09-17 19:40", "mv-investigations", "lender", (C.THIRD_PARTY,), (W.TITLE_HISTORY,)),
    _s("09-22 17:10", "ui-fraud", "dol-oig", _CRIME, _CLAIM, paper="ig_subpoena", offense="theft"),
    _s(
        "09-24 15:30",
        "mv-investigations",
        "fbi",
        _CRIME,
        _LICENSE_PHOTO,
        paper="ao93",
        offense="weapons",
        fax=True,
    ),
    _s("09-29 18:50", "ui-fraud", "usao", _CRIME, _WAGES, paper="court_order"),
    _s("09-30 20:25", "ui-fraud", "law-firm", (C.THIRD_PARTY,), _WAGES, paper="minute_order"),
    _s("10-02 16:05", "mv-investigations", "usao", _CRIME, _LICENSE, paper="ao89", offense="drugs"),
    _s("10-06 19:00", "ui-fraud", "ssa-oig", _CRIME, _WAGES, offense="theft", style=Style.TERSE),
    _s("10-08 17:30", "ui-fraud", "ssa", _PROGRAM, _WAGES, program="match"),
    _s("10-09 15:15", "benefits", "ssa-oig", _VAGUE, (W.BENEFITS_FILE,), style=Style.TERSE),
    _s("10-12 18:20", "professions", "lender", (), (W.PROFESSIONAL_LICENSE,), style=Style.TERSE),
    _s("10-14 16:30", "mv-investigations", "police", _CRIME, _LICENSE, paper="letter", offense="id"),
)


@attrs.frozen
class Delivery:
    """Bytes as they reach a desk: when, what, under which name, and for a fax whose desk it is."""

    at: datetime
    data: bytes
    filename: str
    custodian: str = ""
    unit: str = ""
    channel: str = ""


SCRIPT: Final = (*HOMELAND, *OTHERS)
"""Everything that is sent but the bundled request, which the walk receives."""


def deliveries(script: Sequence[Scripted] = SCRIPT) -> Iterator[Delivery]:
    """Every scripted request as bytes, in the order of the script."""
    for number, scripted in enumerate(script):
        yield deliver(scripted, number)


def deliver(scripted: Scripted, number: int) -> Delivery:
    """One scripted request of 2020 as bytes; `number` picks its invented persons and wordings."""
    at = datetime.strptime(f"2020-{scripted.at}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    return deliver_at(scripted, number, at)


def deliver_at(scripted: Scripted, number: int, at: datetime) -> Delivery:
    """The same at another instant than the script's: the papers are dated by it."""
    custodian = UNITS[scripted.unit][0]
    if scripted.fax:
        name = f"fax-{number:03}.pdf"
        return Delivery(at, _paper(scripted, number, at), name, custodian, scripted.unit, "fax")
    return Delivery(at, _mail(scripted, number, at), f"message-{number:03}.eml")


def _persons(scripted: Scripted, number: int) -> tuple[Person, ...]:
    if C.BULK in scripted.claims:
        return ()
    return tuple(person(number * 3 + i) for i in range(scripted.persons))


def _case_number(scripted: Scripted, number: int) -> str:
    return f"DV13PR20DV{number:04}" if scripted.sender.startswith("hsi") else f"20-{number:05}"


def _wants(scripted: Scripted, number: int) -> tuple[str, ...]:
    return tuple(wanted(w, turn=number) for w in scripted.wants)


def _mail(scripted: Scripted, number: int, at: datetime) -> bytes:
    sender = SENDERS[scripted.sender]
    _, unit, mailbox, _, _ = UNITS[scripted.unit]
    offense, statute = OFFENSES[scripted.offense]
    criminal = C.CRIMINAL in scripted.claims or C.IN_PROGRESS in scripted.claims
    ask = Ask(
        sender=sender,
        recipient=unit,
        claims=scripted.claims,
        items=_wants(scripted, number),
        persons=_persons(scripted, number),
        style=scripted.style,
        turn=number,
        offense=offense,
        statute=statute,
        case_number=_case_number(scripted, number) if criminal else "",
        born_on=date(2005, 2, 14) if C.BULK in scripted.claims else None,
        program=PROGRAMS.get(scripted.program, ""),
        client="Summit Ridge Lending Company" if C.THIRD_PARTY in scripted.claims else "",
        enclosed="the enclosed paper" if scripted.paper else "",
        forwarded_from=SENDERS["hsi-2"] if scripted.style is Style.FORWARDED else type(sender)(),
        forwarded_on=(at - timedelta(days=2)).date() if scripted.style is Style.FORWARDED else None,
    )
    enclosed = (Attachment("enclosure.pdf", _paper(scripted, number, at)),) if scripted.paper else ()
    return email(
        MailDetails(
            sender=Mailbox(sender.email, sender.name),
            to=(Mailbox(mailbox, unit),),
            subject=subject(ask),
            sent_at=at,
            text=text(ask),
            html=html(ask) if number % 2 else "",
            attachments=enclosed,
        )
    )


def _paper(scripted: Scripted, number: int, at: datetime) -> bytes:
    """The sample paper of its kind, with this request's holder, persons, items and dates on it."""
    base = sample(scripted.paper, number % 2)  # type: ignore[arg-type] # a PaperKind's value
    _, unit, _, agency, address = UNITS[scripted.unit]
    offense, statute = OFFENSES[scripted.offense]
    issued = at.date() - timedelta(days=scripted.issued)
    until = at.date() + timedelta(days=scripted.runs)
    at_us = base.holder.startswith("Colorado Department")
    drawn = attrs.evolve(
        base,
        holder=scripted.other_holder or (agency if at_us else base.holder),
        holder_unit="" if scripted.other_holder else (unit if at_us else base.holder_unit),
        holder_address=address if at_us else base.holder_address,
        case_number=base.case_number[:-3] + f"{number:03}" if base.case_number else "",
        persons=_persons(scripted, number),
        items=_wants(scripted, number) if base.items else (),
        offense=offense or base.offense if scripted.offense else "",
        statute=statute if scripted.offense else "",
        issued_on=issued,
        execute_by=min(until, issued + timedelta(days=14)) if base.execute_by else None,
        return_on=until + timedelta(days=5) if base.return_on else None,
        signature=base.signature if base.signature == "none" else scripted.signature,
    )
    return paper(scripted.paper, drawn)
