"""Every closed word list of the field. GLOSSARY.md is tested against it.

A value outside these lists never passes a door: it is a problem with a position, or `unknown`.
Adding a member breaks every `match` over the list, on purpose.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

UNKNOWN: Final = "unknown"
"""The explicit value of a fact nobody has established. Never a default, never a release."""


class YesNo(StrEnum):
    """A closed question's answer."""

    YES = "yes"
    NO = "no"
    UNKNOWN = UNKNOWN


class Organisation(StrEnum):
    """The organisation a requester belongs to."""

    DHS = "dhs"
    DOJ = "doj"
    TREASURY = "treasury"
    LABOR = "labor"
    HHS = "hhs"
    SSA = "ssa"
    STATE_DEPARTMENT = "state_department"
    POSTAL = "postal"
    FEDERAL_COURT = "federal_court"
    OTHER_FEDERAL = "other_federal"
    STATE_OR_LOCAL = "state_or_local"
    THIRD_PARTY = "third_party"
    UNKNOWN = UNKNOWN


class Component(StrEnum):
    """The part of an organisation that asks. A component is not a purpose."""

    ICE_ERO = "ice_ero"
    ICE_HSI = "ice_hsi"
    ICE_OTHER = "ice_other"
    CBP = "cbp"
    USCIS = "uscis"
    DHS_OTHER = "dhs_other"
    FBI = "fbi"
    DEA = "dea"
    ATF = "atf"
    USMS = "usms"
    US_ATTORNEY = "us_attorney"
    DOJ_OTHER = "doj_other"
    IRS = "irs"
    TREASURY_OTHER = "treasury_other"
    LABOR_OIG = "labor_oig"
    LABOR_OTHER = "labor_other"
    HHS_OIG = "hhs_oig"
    HHS_OTHER = "hhs_other"
    SSA_OIG = "ssa_oig"
    SSA_OTHER = "ssa_other"
    DIPLOMATIC_SECURITY = "diplomatic_security"
    POSTAL_INSPECTION = "postal_inspection"
    FEDERAL_COURT = "federal_court"
    OTHER_FEDERAL = "other_federal"
    STATE_OR_LOCAL = "state_or_local"
    THIRD_PARTY = "third_party"
    UNKNOWN = UNKNOWN

    @property
    def organisation(self) -> Organisation:
        """The organisation this component belongs to."""
        return _ORGANISATION[self]

    @property
    def federal(self) -> YesNo:
        """Whether the component is part of the federal government."""
        match self.organisation:
            case Organisation.STATE_OR_LOCAL | Organisation.THIRD_PARTY:
                return YesNo.NO
            case Organisation.UNKNOWN:
                return YesNo.UNKNOWN
            case _:
                return YesNo.YES


_ORGANISATION: Final[dict[Component, Organisation]] = {
    Component.ICE_ERO: Organisation.DHS,
    Component.ICE_HSI: Organisation.DHS,
    Component.ICE_OTHER: Organisation.DHS,
    Component.CBP: Organisation.DHS,
    Component.USCIS: Organisation.DHS,
    Component.DHS_OTHER: Organisation.DHS,
    Component.FBI: Organisation.DOJ,
    Component.DEA: Organisation.DOJ,
    Component.ATF: Organisation.DOJ,
    Component.USMS: Organisation.DOJ,
    Component.US_ATTORNEY: Organisation.DOJ,
    Component.DOJ_OTHER: Organisation.DOJ,
    Component.IRS: Organisation.TREASURY,
    Component.TREASURY_OTHER: Organisation.TREASURY,
    Component.LABOR_OIG: Organisation.LABOR,
    Component.LABOR_OTHER: Organisation.LABOR,
    Component.HHS_OIG: Organisation.HHS,
    Component.HHS_OTHER: Organisation.HHS,
    Component.SSA_OIG: Organisation.SSA,
    Component.SSA_OTHER: Organisation.SSA,
    Component.DIPLOMATIC_SECURITY: Organisation.STATE_DEPARTMENT,
    Component.POSTAL_INSPECTION: Organisation.POSTAL,
    Component.FEDERAL_COURT: Organisation.FEDERAL_COURT,
    Component.OTHER_FEDERAL: Organisation.OTHER_FEDERAL,
    Component.STATE_OR_LOCAL: Organisation.STATE_OR_LOCAL,
    Component.THIRD_PARTY: Organisation.THIRD_PARTY,
    Component.UNKNOWN: Organisation.UNKNOWN,
}


class CustodianKind(StrEnum):
    """What kind of body holds the record; laws bind some kinds and not others."""

    STATE_AGENCY = "state_agency"
    MOTOR_VEHICLE_AGENCY = "motor_vehicle_agency"
    UNEMPLOYMENT_AGENCY = "unemployment_agency"
    LAW_ENFORCEMENT = "law_enforcement"
    POLITICAL_SUBDIVISION = "political_subdivision"
    SCHOOL = "school"
    HEALTH_PROVIDER = "health_provider"
    VENDOR = "vendor"
    UNKNOWN = UNKNOWN


class Channel(StrEnum):
    """How a request came in."""

    EMAIL = "email"
    PORTAL = "portal"
    API = "api"
    FILE = "file"
    FAX = "fax"
    MAIL = "mail"
    IN_PERSON = "in_person"
    PHONE = "phone"
    UNKNOWN = UNKNOWN


class ServiceManner(StrEnum):
    """How a paper was served on the custodian."""

    EMAIL = "email"
    PERSONAL = "personal"
    MAIL = "mail"
    FAX = "fax"
    PORTAL = "portal"
    NOT_SERVED = "not_served"
    UNKNOWN = UNKNOWN


class DataCategory(StrEnum):
    """What kind of data an item asks for, as coarse as the laws need it."""

    CONTACT = "contact"
    IDENTIFIERS = "identifiers"
    EMPLOYMENT = "employment"
    UI_WAGE = "ui_wage"
    UI_CLAIM = "ui_claim"
    DRIVER_PERSONAL = "driver_personal"
    DRIVER_RESTRICTED = "driver_restricted"
    VEHICLE_REGISTRATION = "vehicle_registration"
    FACE_SEARCH = "face_search"
    IMMIGRATION_STATUS = "immigration_status"
    TAX = "tax"
    HEALTH = "health"
    SUBSTANCE_USE = "substance_use"
    EDUCATION = "education"
    SNAP = "snap"
    MEDICAID = "medicaid"
    CHILD_SUPPORT = "child_support"
    VITAL = "vital"
    LICENSE = "license"
    OTHER_PERSONAL = "other_personal"
    PUBLIC = "public"
    UNKNOWN = UNKNOWN


class InstrumentKind(StrEnum):
    """What a paper is, by its form (law.md § 4)."""

    AO93 = "ao93"
    AO93C = "ao93c"
    AO442 = "ao442"
    AO88 = "ao88"
    AO88A = "ao88a"
    AO88B = "ao88b"
    AO89 = "ao89"
    AO89B = "ao89b"
    AO110 = "ao110"
    OTHER_COURT_SUBPOENA = "other_court_subpoena"
    COURT_ORDER = "court_order"
    MINUTE_ORDER = "minute_order"
    STATE_SEARCH_WARRANT = "state_search_warrant"
    STATE_SUBPOENA = "state_subpoena"
    STATE_COURT_ORDER = "state_court_order"
    CIVIL_INSPECTION_WARRANT = "civil_inspection_warrant"
    I138 = "i138"
    I200 = "i200"
    I203 = "i203"
    I205 = "i205"
    I247 = "i247"
    I286 = "i286"
    CUSTOMS_SUMMONS = "customs_summons"
    I9_NOTICE = "i9_notice"
    DEA_SUBPOENA = "dea_subpoena"
    HHS_SUBPOENA = "hhs_subpoena"
    FBI_SUBPOENA = "fbi_subpoena"
    IRS_SUMMONS = "irs_summons"
    IG_SUBPOENA = "ig_subpoena"
    OTHER_ADMIN_SUBPOENA = "other_admin_subpoena"
    PRESERVATION_LETTER = "preservation_letter"
    EMERGENCY_REQUEST = "emergency_request"
    LETTER = "letter"
    EMAIL = "email"
    OTHER = "other"
    UNKNOWN = UNKNOWN


class Authority(StrEnum):
    """A paper's verdict: who issued it."""

    JUDICIAL = "judicial"
    COURT_CLERK_OR_ATTORNEY = "court_clerk_or_attorney"
    ADMINISTRATIVE = "administrative"
    NONE = "none"
    UNREADABLE = "unreadable"

    @property
    def caution(self) -> int:
        """Rank of caution: of several instruments in one file, the highest speaks for the file."""
        return _CAUTION[self]


_CAUTION: Final[dict[Authority, int]] = {
    Authority.JUDICIAL: 0,
    Authority.COURT_CLERK_OR_ATTORNEY: 1,
    Authority.ADMINISTRATIVE: 2,
    Authority.NONE: 3,
    Authority.UNREADABLE: 4,
}


class SignerClass(StrEnum):
    """Who signed, by the signature block; a printed name alone is not a signature."""

    ARTICLE_III_JUDGE = "article_iii_judge"
    MAGISTRATE_JUDGE = "magistrate_judge"
    STATE_JUDGE = "state_judge"
    CLERK = "clerk"
    GRAND_JURY_CLERK = "grand_jury_clerk"
    ATTORNEY = "attorney"
    IMMIGRATION_JUDGE = "immigration_judge"
    AGENCY_OFFICER = "agency_officer"
    NONE = "none"
    UNKNOWN = UNKNOWN


class Compulsion(StrEnum):
    """Must we answer?"""

    SELF_EXECUTING = "self_executing"
    COURT_ENFORCEABLE = "court_enforceable"
    VOLUNTARY = "voluntary"
    UNKNOWN = UNKNOWN


class Reaches(StrEnum):
    """What a paper reaches for."""

    RECORDS = "records"
    PERSON = "person"
    PREMISES = "premises"
    NOTHING = "nothing"
    UNKNOWN = UNKNOWN


class Nature(StrEnum):
    """Whether the matter on the paper's face is civil or criminal."""

    CIVIL = "civil"
    CRIMINAL = "criminal"
    UNKNOWN = UNKNOWN


class ImmigrationPurpose(StrEnum):
    """How far the request serves immigration enforcement ("solely", "a purpose of", not at all)."""

    NONE = "none"
    PART = "part"
    SOLE = "sole"
    UNKNOWN = UNKNOWN


class Offense(StrEnum):
    """The offense that the request names, as the laws sort it."""

    NONE = "none"
    IMMIGRATION_STATUS = "immigration_status"
    IMMIGRATION_OTHER = "immigration_other"
    OTHER = "other"
    UNKNOWN = UNKNOWN


class PurposeClass(StrEnum):
    """The purpose as a report counts it: the strictest class that applies."""

    CIVIL_IMMIGRATION = "civil_immigration"
    IMMIGRATION_OFFENSE = "immigration_offense"
    MIXED = "mixed"
    OTHER_OFFENSE = "other_offense"
    EMERGENCY = "emergency"
    PROGRAM_DUTY = "program_duty"
    UNKNOWN = UNKNOWN


class SubjectsBand(StrEnum):
    """How many persons a request names, in the bands that are published."""

    ONE = "1"
    FEW = "2-10"
    TENS = "11-50"
    HUNDREDS = "51-500"
    MANY = ">500"
    BULK = "bulk"
    UNKNOWN = UNKNOWN

    @classmethod
    def of(cls, count: int) -> SubjectsBand:
        """The band of a count of named persons (count ≥ 1); none named is `BULK`."""
        for limit, band in ((0, cls.BULK), (1, cls.ONE), (10, cls.FEW), (50, cls.TENS), (500, cls.HUNDREDS)):
            if count <= limit:
                return band
        return cls.MANY


class Source(StrEnum):
    """Who vouches for a fact. A requester's own subpoena, boxes and case number are `requester`."""

    REQUESTER = "requester"
    CUSTODIAN = "custodian"
    COURT = "court"
    INDEPENDENT = "independent"

    @property
    def strength(self) -> int:
        """0 (says so) … 3 (checked elsewhere)."""
        return list(Source).index(self)


class Reading(StrEnum):
    """Who read a fact off the paper: confirming the reading leaves the source as it was."""

    MACHINE = "machine"
    PERSON = "person"


class Effect(StrEnum):
    """What the rules say about an item."""

    FORBIDDEN = "forbidden"
    PERMITTED = "permitted"
    REQUIRED = "required"
    CONTEST_FIRST = "contest_first"
    CONFLICT = "conflict"
    UNDETERMINED = "undetermined"


class Outcome(StrEnum):
    """What a person decided about an item."""

    RELEASE = "release"
    REFUSE = "refuse"
    CONTEST = "contest"
    COUNSEL = "counsel"
    NO_RECORDS = "no_records"
    NOT_CUSTODIAN = "not_custodian"
    WITHDRAWN = "withdrawn"


class RequestOutcome(StrEnum):
    """How a whole request stands, folded from its items' outcomes."""

    GRANTED = "granted"
    GRANTED_IN_PART = "granted_in_part"
    REFUSED = "refused"
    OTHER_ENDING = "other_ending"
    PENDING = "pending"


class DutyKind(StrEnum):
    """An obligation with a clock."""

    NOTIFY_SUBJECT = "notify_subject"
    OBJECT = "object"
    MOVE_TO_QUASH = "move_to_quash"
    INFORM_COURT = "inform_court"
    CERTIFY = "certify"
    REPORT = "report"
    PUBLISH_COPY = "publish_copy"
    ACCOUNT = "account"
    AGREEMENT = "agreement"
    SECOND_APPROVAL = "second_approval"
    LITIGATION_HOLD = "litigation_hold"
    CALL_BACK = "call_back"
    RECORD = "record"


class Rank(StrEnum):
    """The place of a rule's source, highest first; a proposal has no force and comes last."""

    FEDERAL_STATUTE = "federal_statute"
    FEDERAL_REGULATION = "federal_regulation"
    STATE_STATUTE = "state_statute"
    STATE_REGULATION = "state_regulation"
    EXECUTIVE_ORDER = "executive_order"
    GUIDANCE = "guidance"
    AGENCY_RULE = "agency_rule"
    PROPOSAL = "proposal"

    @property
    def place(self) -> int:
        """0 for the highest."""
        return list(Rank).index(self)

    @property
    def federal(self) -> bool:
        """Whether the source is federal law."""
        return self in (Rank.FEDERAL_STATUTE, Rank.FEDERAL_REGULATION)


class PackStatus(StrEnum):
    """The standing of a rule pack."""

    IN_FORCE = "in_force"
    PASSED = "passed"
    PROPOSED = "proposed"
    CHALLENGED = "challenged"
    ENJOINED = "enjoined"
    REPEALED = "repealed"


class EventKind(StrEnum):
    """What can happen; each kind is versioned (contracts.md)."""

    REQUEST_RECEIVED = "request.received"
    INSTRUMENT_READ = "instrument.read"
    FACTS_CONFIRMED = "facts.confirmed"
    DETERMINATION_MADE = "determination.made"
    ITEM_OVERRIDDEN = "item.overridden"
    OBJECTION_RECORDED = "objection.recorded"
    DISCLOSURE_AUTHORIZED = "disclosure.authorized"
    DISCLOSURE_MADE = "disclosure.made"
    NOTICE_SENT = "notice.sent"
    NOTICE_DELAYED = "notice.delayed"
    REPORT_PUBLISHED = "report.published"
    PERIOD_ATTESTED = "period.attested"
    FINDING_OPENED = "finding.opened"
    FINDING_CLOSED = "finding.closed"
    CASE_EXPUNGED = "case.expunged"
    CASE_SEALED = "case.sealed"
    CASE_UNSEALED = "case.unsealed"
    HOLD_PLACED = "hold.placed"
    HOLD_LIFTED = "hold.lifted"
    POLICY_ACTIVATED = "policy.activated"
    KEY_ROTATED = "key.rotated"


class Role(StrEnum):
    """What a person may do here."""

    CLERK = "clerk"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    COUNSEL = "counsel"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class CaseState(StrEnum):
    """Where a case stands (the table of transitions is `workflow.py`)."""

    RECEIVED = "received"
    READ = "read"
    CONFIRMED = "confirmed"
    DECIDED = "decided"
    AUTHORIZED = "authorized"
    CLOSED = "closed"


class DaysBand(StrEnum):
    """Days from receipt to answer, in the bands of the reporting row."""

    SAME_DAY = "0"
    ONE_TO_THREE = "1-3"
    FOUR_TO_SEVEN = "4-7"
    TO_FOURTEEN = "8-14"
    TO_THIRTY = "15-30"
    OVER = ">30"
    PENDING = "pending"


class Language(StrEnum):
    """Languages of letters, screens and texts."""

    EN = "en"
    ES = "es"


class LetterKind(StrEnum):
    """Which letter goes out."""

    REFUSAL = "refusal"
    RELEASE = "release"
    MISSING = "missing"
    MIXED = "mixed"
    HOLDING = "holding"
