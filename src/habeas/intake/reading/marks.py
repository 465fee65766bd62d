"""The marks by which papers are known: titles, form numbers, captions, signature labels, as tables.

A mark is a pattern over text whose letters are folded: upper case, accents dropped, runs of spaces one
space. Captions are also matched with every space dropped, because small capitals are often torn apart
by text extraction (`U S D C NITED TATES ISTRICT OURT`).

A title counts only where it stands as a heading: a cell of its own, not a phrase within a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import attrs

from habeas.domain import vocabulary as v

K, A, N = v.InstrumentKind, v.Authority, v.Nature


_SPACED: Final = re.compile(r"\b(?:[A-Z] ){3,}[A-Z]\b")
"""Letter-spaced words: `O R D E R`."""


def folded(text: str) -> str:
    """Upper case, no accents, plain quotes and dashes, single spaces."""
    plain = unicodedata.normalize("NFKD", text)
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    for odd, simple in (
        ("’", "'"),
        ("‘", "'"),
        ("“", '"'),
        ("”", '"'),
        ("–", "-"),
        ("—", "-"),
        ("\u00ad", ""),
    ):
        kept = kept.replace(odd, simple)
    single = " ".join(kept.upper().split())
    return _SPACED.sub(lambda m: m[0].replace(" ", ""), single)


def squeezed(text: str) -> str:
    """Only the letters and digits of the folded text."""
    return re.sub(r"[^A-Z0-9]", "", folded(text))


@attrs.frozen
class FormMark:
    """One kind of paper: heading patterns, form numbers, phrases on its face, and what its form says."""

    kind: v.InstrumentKind
    authority: v.Authority
    titles: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    nature: v.Nature = v.Nature.UNKNOWN
    reaches: v.Reaches | None = None


_SUBPOENA: Final = r"SUBPOENA"

FORMS: Final[tuple[FormMark, ...]] = (
    FormMark(K.AO93C, A.JUDICIAL, (r"WARRANT BY TELEPHONE OR OTHER RELIABLE ELECTRONIC MEANS",), (r"AO ?93C",),
             (r"AFFIDAVIT\(S\)", r"YOU ARE COMMANDED TO EXECUTE", r"SEARCH OF"), N.CRIMINAL),
    FormMark(K.AO93, A.JUDICIAL, (r"SEARCH AND SEIZURE WARRANT", r"SEARCH WARRANT"), (r"AO ?93\b",),
             (r"IN THE MATTER OF THE SEARCH OF", r"YOU ARE (THEREFORE |HEREBY )?COMMANDED",
              r"TO ANY AUTHORIZED LAW ENFORCEMENT OFFICER", r"ESTABLISH PROBABLE CAUSE"), N.CRIMINAL),
    FormMark(K.AO442, A.JUDICIAL, (r"ARREST WARRANT", r"WARRANT FOR ARREST"), (r"AO ?442",),
             (r"ARREST AND BRING BEFORE A UNITED STATES MAGISTRATE JUDGE", r"INDICTMENT", r"COMPLAINT"), N.CRIMINAL),
    FormMark(K.AO88B, A.COURT_CLERK_OR_ATTORNEY,
             (r"SUBPOENA TO PRODUCE DOCUMENTS,? INFORMATION,? OR OBJECTS( OR TO PERMIT INSPECTION.*)?( IN A CIVIL ACTION)?",),
             (r"AO ?88B",), (r"IN A CIVIL ACTION", r"CIVIL ACTION NO", r"PERMIT INSPECTION OF PREMISES"), N.CIVIL),
    FormMark(K.AO89B, A.COURT_CLERK_OR_ATTORNEY,
             (r"SUBPOENA TO PRODUCE DOCUMENTS,? INFORMATION,? OR OBJECTS IN A CRIMINAL CASE",), (r"AO ?89B",),
             (r"IN A CRIMINAL CASE", r"UNITED STATES OF AMERICA"), N.CRIMINAL),
    FormMark(K.AO89, A.COURT_CLERK_OR_ATTORNEY, (r"SUBPOENA TO TESTIFY AT A HEARING OR TRIAL IN A CRIMINAL CASE",),
             (r"AO ?89\b",), (r"TESTIFY IN THIS CRIMINAL CASE", r"CLERK OF COURT"), N.CRIMINAL),
    FormMark(K.AO110, A.COURT_CLERK_OR_ATTORNEY, (r"(GRAND JURY SUBPOENA|SUBPOENA TO TESTIFY BEFORE (A|THE) (FEDERAL )?GRAND JURY)",),
             (r"AO ?110",), (r"BEFORE THE COURT'?S GRAND JURY", r"GRAND JURY", r"CLERK OF COURT"), N.CRIMINAL),
    FormMark(K.AO88A, A.COURT_CLERK_OR_ATTORNEY, (r"SUBPOENA TO TESTIFY AT A DEPOSITION IN A CIVIL ACTION",),
             (r"AO ?88A",), (r"DEPOSITION", r"CIVIL ACTION NO"), N.CIVIL),
    FormMark(K.AO88, A.COURT_CLERK_OR_ATTORNEY,
             (r"SUBPOENA TO APPEAR AND TESTIFY( AT A HEARING OR TRIAL IN A CIVIL ACTION)?",), (r"AO ?88\b",),
             (r"CIVIL ACTION NO", r"TESTIFY AT A HEARING OR TRIAL"), N.CIVIL),
    FormMark(K.OTHER_COURT_SUBPOENA, A.COURT_CLERK_OR_ATTORNEY,
             (r"SUBPOENA FOR RULE 2004 EXAMINATION", r"SUBPOENA TO (APPEAR|TESTIFY|PRODUCE).*(BANKRUPTCY CASE|ADVERSARY PROCEEDING).*"),
             (r"B ?25[4-7]0",), (r"BANKRUPTCY COURT", r"RULE 2004"), N.CIVIL),
    FormMark(K.I138, A.ADMINISTRATIVE, (r"IMMIGRATION ENFORCEMENT SUBPOENA",), (r"FORM I-?138",),
             (r"8 U\.?S\.?C\.? (SEC(TION)?\.? |§ ?)?1225\(D\)", r"8 C\.?F\.?R\.? (SEC(TION)?\.? |§ ?)?287\.4",
              r"CBP, ICE,? OR USCIS OFFICIAL", r"AUTHORIZED OFFICIAL"), N.UNKNOWN),
    FormMark(K.I200, A.ADMINISTRATIVE, (r"WARRANT FOR ARREST OF ALIEN",), (r"FORM I-?200\b",),
             (r"AUTHORIZED IMMIGRATION OFFICER", r"REMOVABLE FROM THE UNITED STATES", r"SECTIONS 236 AND 287"), N.CIVIL),
    FormMark(K.I203, A.ADMINISTRATIVE, (r"ORDER TO DETAIN( OR|/) ?RELEASE ALIENS?",), (r"FORM I-?203",),
             (r"DETAIN", r"DEPARTMENT OF HOMELAND SECURITY"), N.CIVIL),
    FormMark(K.I205, A.ADMINISTRATIVE, (r"WARRANT OF (REMOVAL|DEPORTATION)( ?/ ?DEPORTATION)?",), (r"FORM I-?205",),
             (r"IMMIGRATION OFFICER", r"BASED UPON A FINAL ORDER", r"SUBJECT TO REMOVAL"), N.CIVIL),
    FormMark(K.I247, A.ADMINISTRATIVE,
             (r"IMMIGRATION DETAINER.*", r"REQUEST FOR (VOLUNTARY (NOTIFICATION|TRANSFER)|ADVANCE NOTIFICATION).*"),
             (r"FORM I-?247",), (r"REMOVABLE ALIEN", r"IT IS (THEREFORE )?REQUESTED THAT YOU", r"DHS HAS DETERMINED"), N.CIVIL),
    FormMark(K.I286, A.ADMINISTRATIVE, (r"NOTICE OF CUSTODY DETERMINATION",), (r"FORM I-?286",),
             (r"DEPARTMENT OF HOMELAND SECURITY", r"PENDING A FINAL"), N.CIVIL),
    FormMark(K.CUSTOMS_SUMMONS, A.ADMINISTRATIVE,
             (r"SUMMONS( TO APPEAR AND ?/? ?OR PRODUCE RECORDS)?", r"CUSTOMS SUMMONS"), (r"(FORM|CBP|DHS) ?(FORM )?3115",),
             (r"19 U\.?S\.?C\.? (SEC(TION)?\.? |§ ?)?1509", r"CORRECTNESS OF ENTRIES", r"CUSTOMS"), N.UNKNOWN),
    FormMark(K.IRS_SUMMONS, A.ADMINISTRATIVE, (r"SUMMONS",), (r"FORM 2039",),
             (r"INTERNAL REVENUE", r"26 U\.?S\.?C", r"COMMISSIONER OF INTERNAL REVENUE"), N.UNKNOWN),
    FormMark(K.I9_NOTICE, A.ADMINISTRATIVE, (r"NOTICE OF INSPECTION",), (),
             (r"FORMS? I-?9", r"274A", r"THREE BUSINESS DAYS|3 BUSINESS DAYS"), N.CIVIL),
    FormMark(K.DEA_SUBPOENA, A.ADMINISTRATIVE, (r"(ADMINISTRATIVE )?SUBPOENA",), (r"DEA(-| )?(FORM )?-?79",),
             (r"DRUG ENFORCEMENT ADMINISTRATION", r"21 U\.?S\.?C\.? (SEC(TION)?\.? |§ ?)?876"), N.UNKNOWN),
    FormMark(K.FBI_SUBPOENA, A.ADMINISTRATIVE, (r"(ADMINISTRATIVE )?SUBPOENA.*",), (),
             (r"18 U\.?S\.?C\.? (SEC(TION)?\.? |§ ?)?3486", r"FEDERAL BUREAU OF INVESTIGATION|DEPARTMENT OF JUSTICE"), N.CRIMINAL),
    FormMark(K.HHS_SUBPOENA, A.ADMINISTRATIVE, (r"(ADMINISTRATIVE )?SUBPOENA.*",), (),
             (r"DEPARTMENT OF HEALTH AND HUMAN SERVICES", r"3486|INSPECTOR GENERAL"), N.UNKNOWN),
    FormMark(K.IG_SUBPOENA, A.ADMINISTRATIVE, (r"(INSPECTOR GENERAL )?SUBPOENA.*",), (),
             (r"INSPECTOR GENERAL", r"INSPECTOR GENERAL ACT|5 U\.?S\.?C\.? (APP|(SEC(TION)?\.? |§ ?)?406)"), N.UNKNOWN),
    FormMark(K.OTHER_ADMIN_SUBPOENA, A.ADMINISTRATIVE, (r"ADMINISTRATIVE (SUBPOENA|SUMMONS|DEMAND)", r"CIVIL INVESTIGATIVE DEMAND"), (),
             (r"PURSUANT TO|AUTHORITY", r"DEPARTMENT OF|AGENCY|BUREAU|COMMISSION"), N.UNKNOWN),
    FormMark(K.CIVIL_INSPECTION_WARRANT, A.JUDICIAL,
             (r"((CIVIL|ADMINISTRATIVE) )*(INSPECTION|ENTRY) WARRANT", r"WARRANT (FOR|OF) (INSPECTION|ENTRY).*", r"ORDER AND (INSPECTION )?WARRANT.*"),
             (), (r"INSPECT", r"PREMISES|PLACE OF BUSINESS"), N.CIVIL, v.Reaches.PREMISES),
    FormMark(K.PRESERVATION_LETTER, A.NONE, (r"(REQUEST FOR )?PRESERVATION( OF RECORDS| LETTER| REQUEST)?.*", r"RE:? .*PRESERV.*"), (),
             (r"2703\(F\)", r"PRESERVE"), N.UNKNOWN),
    FormMark(K.EMERGENCY_REQUEST, A.NONE, (r"(URGENT ?[-:] ?)?EMERGENCY DISCLOSURE REQUEST.*", r"(URGENT ?[-:] ?)?EMERGENCY (RECORDS )?REQUEST.*"), (),
             (r"IMMINENT|IMMEDIATE DANGER", r"DEATH OR SERIOUS (PHYSICAL |BODILY )?INJURY"), N.UNKNOWN),
)  # fmt: skip

FEDERAL_COURT: Final = ("UNITEDSTATESDISTRICTCOURT", "UNITEDSTATESBANKRUPTCYCOURT", "UNITEDSTATESCOURTOFAPPEALS",
                        "USDCNITEDTATESISTRICTOURT", "INTHEUNITEDSTATESDISTRICTCOURT", "USDISTRICTCOURT")  # fmt: skip
"""Captions of federal courts, squeezed."""

STATE_COURT: Final = re.compile(
    r"^((IN THE )?(DISTRICT|COUNTY|SUPERIOR|CIRCUIT|SUPREME|MUNICIPAL|PROBATE|JUSTICE|CITY) COURT\b.*|"
    r"(IN THE )?(SUPERIOR|CIRCUIT|DISTRICT|COUNTY|SUPREME|MUNICIPAL) COURT (OF|FOR|IN AND FOR) .*|"
    r"COURT OF (COMMON PLEAS|APPEALS).*|(IN THE )?[A-Z]+ (COURT OF APPEALS|SUPREME COURT|SUPERIOR COURT).*)$"
)
"""Captions of state courts, folded, as a cell of their own."""

JUDGE_LABEL: Final = re.compile(
    r"^\(?(JUDGE'?S? SIGNATURE|SIGNATURE OF (THE )?(JUDGE|MAGISTRATE JUDGE|MAGISTRATE)|JUDICIAL OFFICER'?S? SIGNATURE|"
    r"JUDGE,? JUSTICE OF THE PEACE,? OR MAGISTRATE|(DISTRICT COURT |COUNTY COURT |SUPERIOR COURT |CIRCUIT |PRESIDING |MAGISTRATE )?(JUDGE|MAGISTRATE)( SIGNATURE)?)\)?$"
)
ISSUER_LABEL: Final = re.compile(r"^\(?ISSUING OFFICER'?S SIGNATURE\)?$")
CLERK_LABEL: Final = re.compile(
    r"^\(?SIGNATURE OF (THE )?CLERK( OF COURT)?( OR DEPUTY CLERK)?\)?$|^\(?(DEPUTY )?CLERK'?S SIGNATURE\)?$"
)
ATTORNEY_LABEL: Final = re.compile(r"^\(?(ATTORNEY'?S SIGNATURE|SIGNATURE OF (THE |AN )?ATTORNEY.*)\)?$")
OFFICER_LABEL: Final = re.compile(
    r"^\(?(NAME AND |PRINTED NAME AND )?SIGNATURE( OF (?!.*\b(ALIEN|SERV|JUDGE|CLERK|ATTORNEY|INTERPRETER|WITNESS|SUBJECT|"
    r"RECIPIENT|PERSON|OWNER|APPLICANT|CLIENT|EMPLOYER|PARTY|NOTARY)).*)?\)?$"
)
"""The label of whoever is no court: an officer, a commissioner's delegate. Servers and the alien sign elsewhere."""

CLOSING: Final = re.compile(
    r"^(SINCERELY|RESPECTFULLY|VERY TRULY YOURS|REGARDS|CORDIALLY|ATENTAMENTE)( YOURS| SUBMITTED)?,?$"
)
"""The closing of a letter, over its signature."""

JUDGE_TITLE: Final = re.compile(
    r"\b(UNITED STATES|U\.?S\.?|CHIEF|SENIOR) (UNITED STATES )?(DISTRICT|CIRCUIT|MAGISTRATE|BANKRUPTCY) (COURT )?JUDGE\b|"
    r"\b(DISTRICT COURT|COUNTY COURT|SUPERIOR COURT|CIRCUIT COURT|CIRCUIT|PRESIDING|SUPREME COURT|DISTRICT|COUNTY|MUNICIPAL COURT) JUDGE\b|"
    r"\bMAGISTRATE JUDGE\b|\bJUDGE OF THE (SUPERIOR|DISTRICT|CIRCUIT|COUNTY) COURT\b|^JUDGE$|, JUDGE$|\bHONORABLE\b.*\bJUDGE\b"
)
IMMIGRATION_JUDGE: Final = re.compile(r"\bIMMIGRATION JUDGE\b")
MAGISTRATE: Final = re.compile(r"\bMAGISTRATE\b")
FEDERAL_JUDGE: Final = re.compile(
    r"\b(UNITED STATES|U\.?S\.?) (DISTRICT|CIRCUIT|BANKRUPTCY)( COURT)? JUDGE\b|\bCHIEF (UNITED STATES )?DISTRICT JUDGE\b"
)
CLERK_TITLE: Final = re.compile(r"\b(DEPUTY )?CLERK( OF (THE )?COURT)?\b|\bACTING CLERK\b")

FILING_HEADER: Final = re.compile(
    r"\bCASE:? ?\d+:\d\d-[A-Z]{2}-\d+|\bDOCUMENT \d+(-\d+)? +FILED\b|\bAPPELLATE CASE:|\bFILED:? ?\d\d/\d\d/\d{2,4}\b.*\bPAGE\b|"
    r"\bPAGEID\b|\bECF NO\.? \d+"
)
"""A court's filing system prints this over anything that is filed: it makes nothing a court's paper."""
