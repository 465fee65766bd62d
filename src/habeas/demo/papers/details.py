"""What a drawn paper says: frozen values, and the closed list of papers that can be drawn.

Hides nothing: a `PaperDetails` is only what would be typed, ticked and signed on the paper. It holds
no verdict, fact or effect; what the paper *is* must be read off its bytes like any other.
Every person, number and address handed in must be invented (phones 555-01xx, mail at `.example`).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final, Literal

import attrs

VARIANTS: Final = 2
"""Each kind is drawn in this many layouts: another revision, another order of blocks."""

Signature = Literal["ink", "s", "none"]
"""Pen strokes; a typed `/s/ Name`; an empty line."""


class PaperKind(StrEnum):
    """A paper that can be drawn (law.md § 4.2), by its form number or its usual name."""

    AO93 = "ao93"
    AO93C = "ao93c"
    AO442 = "ao442"
    AO88 = "ao88"
    AO88A = "ao88a"
    AO88B = "ao88b"
    AO89 = "ao89"
    AO89B = "ao89b"
    AO110 = "ao110"
    B2540 = "b2540"
    STATE_SEARCH_WARRANT = "state_search_warrant"
    STATE_SUBPOENA = "state_subpoena"
    STATE_COURT_ORDER = "state_court_order"
    COURT_ORDER = "court_order"
    PROPOSED_ORDER = "proposed_order"
    MINUTE_ORDER = "minute_order"
    CIVIL_INSPECTION_WARRANT = "civil_inspection_warrant"
    I138 = "i138"
    I200 = "i200"
    I203 = "i203"
    I205 = "i205"
    I247A = "i247a"
    I286 = "i286"
    CUSTOMS_SUMMONS = "customs_summons"
    I9_NOTICE = "i9_notice"
    DEA_SUBPOENA = "dea_subpoena"
    HHS_SUBPOENA = "hhs_subpoena"
    FBI_SUBPOENA = "fbi_subpoena"
    IRS_SUMMONS = "irs_summons"
    IG_SUBPOENA = "ig_subpoena"
    PRESERVATION_LETTER = "preservation_letter"
    EMERGENCY_REQUEST = "emergency_request"
    LETTER = "letter"


BOXES: Final[dict[PaperKind, tuple[str, ...]]] = {
    PaperKind.AO93: ("day", "night", "delay", "delay_days", "delay_until"),
    PaperKind.AO93C: ("original", "duplicate", "day", "night", "delay", "delay_days", "delay_until"),
    PaperKind.AO442: (
        "indictment",
        "superseding_indictment",
        "information",
        "superseding_information",
        "complaint",
        "probation",
        "supervised_release",
        "violation_notice",
        "order",
    ),
    PaperKind.AO88A: ("testimony", "production"),
    PaperKind.AO88B: ("production", "inspection"),
    PaperKind.B2540: ("testimony", "production"),
    PaperKind.STATE_SUBPOENA: ("county", "district", "testify", "produce"),
    PaperKind.I138: ("appear", "produce", "civil", "criminal"),
    PaperKind.I200: ("charging", "pending", "admissibility", "biometric", "statements"),
    PaperKind.I203: ("detain", "release"),
    PaperKind.I205: ("immigration_judge", "designated_official", "board", "court_judge"),
    PaperKind.I247A: ("final_order", "pending", "biometric", "statements", "transferred", "ice", "cbp"),
    PaperKind.I286: ("detained", "released", "bond", "recognizance", "conditions", "acknowledge"),
    PaperKind.CUSTOMS_SUMMONS: ("appear", "produce"),
    PaperKind.EMERGENCY_REQUEST: ("death", "injury", "child"),
}
"""The boxes printed on a kind of paper, by the names that `PaperDetails.checked` uses."""

USUAL: Final[dict[PaperKind, tuple[str, ...]]] = {
    PaperKind.AO93: ("day",),
    PaperKind.AO93C: ("original", "day"),
    PaperKind.AO442: ("indictment",),
    PaperKind.AO88A: ("testimony", "production"),
    PaperKind.AO88B: ("production",),
    PaperKind.B2540: ("testimony", "production"),
    PaperKind.STATE_SUBPOENA: ("district", "produce"),
    PaperKind.I138: ("produce",),
    PaperKind.I200: ("pending",),
    PaperKind.I203: ("detain",),
    PaperKind.I205: ("immigration_judge",),
    PaperKind.I247A: ("pending", "ice"),
    PaperKind.I286: ("detained",),
    PaperKind.CUSTOMS_SUMMONS: ("produce",),
    PaperKind.EMERGENCY_REQUEST: ("injury",),
}
"""The boxes ticked where nothing is said; I-138's "civil" and "criminal" then both stay empty."""


WRITTEN: Final = frozenset(
    {
        PaperKind.COURT_ORDER,
        PaperKind.PROPOSED_ORDER,
        PaperKind.MINUTE_ORDER,
        PaperKind.STATE_COURT_ORDER,
        PaperKind.I9_NOTICE,
        PaperKind.PRESERVATION_LETTER,
        PaperKind.LETTER,
    }
)
"""Papers that are written, not filled in: no blank form of them exists."""


@attrs.frozen
class Person:
    """An invented person whom a paper names."""

    name: str
    born_on: date | None = None


@attrs.frozen
class Contact:
    """A person who signs, serves, asks or is to be telephoned, with what is printed beside the name."""

    name: str = ""
    title: str = ""
    agency: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    badge: str = ""


@attrs.frozen
class PaperDetails:
    """What stands on one paper. A field that a kind has no place for is left out; empty stays blank.

    `signer` puts the name to the paper: a judge on an order, a clerk or an attorney (`signer_is`) on a
    court subpoena, the authorized officer on an agency's paper. `officer` is whom the records go to or
    who serves; `attorney.agency` is the party represented. `checked` names ticked boxes
    (`BOXES`), None ticks the `USUAL` ones. `body` replaces the running text of orders and letters, one
    entry a paragraph.
    """

    holder: str = ""
    holder_unit: str = ""
    holder_address: str = ""
    agency: str = ""
    component: str = ""
    court: str = ""
    district: str = ""
    county: str = ""
    state: str = ""
    case_number: str = ""
    reference: str = ""
    """The paper's own number: subpoena number, file number of an immigration form, docket entry."""
    plaintiff: str = ""
    defendant: str = ""
    persons: tuple[Person, ...] = ()
    offense: str = ""
    statute: str = ""
    checked: tuple[str, ...] | None = None
    items: tuple[str, ...] = ()
    issued_on: date | None = None
    execute_by: date | None = None
    return_on: date | None = None
    return_time: str = "10:00 a.m."
    return_place: str = ""
    officer: Contact = Contact()
    signer: Contact = Contact()
    signer_is: Literal["judge", "clerk", "attorney", "officer"] = "officer"
    attorney: Contact = Contact()
    signature: Signature = "ink"
    filled: bool = True
    title: str = ""
    body: tuple[str, ...] = ()
    extra: str = ""
    nondisclosure: str = ""
    proposed: bool = False
    sealed: bool = True
    """Whether the court's or department's seal is on it; Rule 17 asks for one."""
    rule_text: bool = True
    """Whether the text of Rule 45 (or 17) is attached; Rule 45(a)(1)(A)(iv) asks for it."""
    stamp: Literal["filed", "received", "none"] = "none"
    variant: int = 0
