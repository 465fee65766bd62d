"""The kinds of papers that are known by a form: one row each, read as a table (law.md § 4.2).

A title counts only where it stands as a heading, a cell of its own near the top of the paper; a phrase
anywhere on it. No phrase makes a paper a court's: `judge`, `commanded` and `probable cause` stand on
administrative forms too.
"""

from __future__ import annotations

import re
from typing import Final

import attrs

from habeas.domain import vocabulary as v

K, A, N = v.InstrumentKind, v.Authority, v.Nature


@attrs.frozen
class FormMark:
    """One kind of paper: heading patterns, form numbers, phrases on its face, and what its form says."""

    kind: v.InstrumentKind
    authority: v.Authority
    titles: tuple[re.Pattern[str], ...]
    numbers: tuple[re.Pattern[str], ...] = ()
    phrases: tuple[re.Pattern[str], ...] = ()
    nature: v.Nature = v.Nature.UNKNOWN
    reaches: v.Reaches | None = None


def _form(
    kind: v.InstrumentKind,
    authority: v.Authority,
    titles: tuple[str, ...],
    phrases: tuple[str, ...],
    *,
    numbers: tuple[str, ...] = (),
    nature: v.Nature = N.UNKNOWN,
    reaches: v.Reaches | None = None,
) -> FormMark:
    """A row; a title may have an agency before it and a note in brackets behind it."""
    headings = tuple(re.compile(rf"(DHS |ICE |U\.S\. )?{t}(\s*\(.*\))?") for t in titles)
    return FormMark(
        kind,
        authority,
        headings,
        tuple(map(re.compile, numbers)),
        tuple(map(re.compile, phrases)),
        nature,
        reaches,
    )


def _usc(title: int, section: str) -> str:
    """A pattern of a section of the United States Code as papers print it."""
    return rf"\b{title} U\.? ?S\.? ?C\.? ?(SEC(TION|S)?\.? |§+ ?)?{section}"


_DOCUMENTS: Final = r"SUBPOENA TO PRODUCE DOCUMENTS,? INFORMATION,? OR OBJECTS"
_COMMANDED: Final = r"YOU ARE (THEREFORE |HEREBY )?COMMANDED"
_ADMIN_SUBPOENA: Final = r"(ADMINISTRATIVE )?SUBPOENA.*"

FORMS: Final[tuple[FormMark, ...]] = (
    # -------------------------------------------------------------- a judge's (federal, or a state's)
    _form(
        K.AO93C, A.JUDICIAL,
        (r"WARRANT BY TELEPHONE OR OTHER RELIABLE ELECTRONIC MEANS",),
        (r"AFFIDAVIT\(S\)", r"YOU ARE COMMANDED TO EXECUTE", r"SEARCH OF"),
        numbers=(r"AO ?93C",), nature=N.CRIMINAL,
    ),
    _form(
        K.AO93, A.JUDICIAL,
        (r"SEARCH AND SEIZURE WARRANT", r"SEARCH WARRANT"),
        (r"IN THE MATTER OF THE SEARCH OF", _COMMANDED, r"TO ANY AUTHORIZED LAW ENFORCEMENT OFFICER",
         r"ESTABLISH PROBABLE CAUSE"),
        numbers=(r"AO ?93\b",), nature=N.CRIMINAL,
    ),
    _form(
        K.AO442, A.JUDICIAL,
        (r"ARREST WARRANT", r"WARRANT FOR ARREST"),
        (r"ARREST AND BRING BEFORE A UNITED STATES MAGISTRATE JUDGE", r"INDICTMENT", r"COMPLAINT"),
        numbers=(r"AO ?442",), nature=N.CRIMINAL,
    ),
    _form(
        K.CIVIL_INSPECTION_WARRANT, A.JUDICIAL,
        (r"((CIVIL|ADMINISTRATIVE) )*(INSPECTION|ENTRY) WARRANT", r"WARRANT (FOR|OF) (INSPECTION|ENTRY).*",
         r"ORDER AND (INSPECTION )?WARRANT.*"),
        (r"INSPECT", r"PREMISES|PLACE OF BUSINESS"),
        nature=N.CIVIL, reaches=v.Reaches.PREMISES,
    ),
    # ----------------------------------------------------------------------- a clerk's or a lawyer's
    _form(
        K.AO88B, A.COURT_CLERK_OR_ATTORNEY,
        (_DOCUMENTS + r"( OR TO PERMIT INSPECTION.*)?( IN A CIVIL ACTION)?",),
        (r"IN A CIVIL ACTION", r"CIVIL ACTION NO", r"PERMIT INSPECTION OF PREMISES"),
        numbers=(r"AO ?88B",), nature=N.CIVIL,
    ),
    _form(
        K.AO89B, A.COURT_CLERK_OR_ATTORNEY,
        (_DOCUMENTS + r" IN A CRIMINAL CASE",),
        (r"IN A CRIMINAL CASE", r"UNITED STATES OF AMERICA"),
        numbers=(r"AO ?89B",), nature=N.CRIMINAL,
    ),
    _form(
        K.AO89, A.COURT_CLERK_OR_ATTORNEY,
        (r"SUBPOENA TO TESTIFY AT A HEARING OR TRIAL IN A CRIMINAL CASE",),
        (r"TESTIFY IN THIS CRIMINAL CASE", r"CLERK OF COURT"),
        numbers=(r"AO ?89\b",), nature=N.CRIMINAL,
    ),
    _form(
        K.AO110, A.COURT_CLERK_OR_ATTORNEY,
        (r"(GRAND JURY SUBPOENA|SUBPOENA TO TESTIFY BEFORE (A|THE) (FEDERAL )?GRAND JURY)",),
        (r"BEFORE THE COURT'?S GRAND JURY", r"GRAND JURY", r"CLERK OF COURT"),
        numbers=(r"AO ?110",), nature=N.CRIMINAL,
    ),
    _form(
        K.AO88A, A.COURT_CLERK_OR_ATTORNEY,
        (r"SUBPOENA TO TESTIFY AT A DEPOSITION IN A CIVIL ACTION",),
        (r"DEPOSITION", r"CIVIL ACTION NO"),
        numbers=(r"AO ?88A",), nature=N.CIVIL,
    ),
    _form(
        K.AO88, A.COURT_CLERK_OR_ATTORNEY,
        (r"SUBPOENA TO APPEAR AND TESTIFY( AT A HEARING OR TRIAL IN A CIVIL ACTION)?",),
        (r"CIVIL ACTION NO", r"TESTIFY AT A HEARING OR TRIAL"),
        numbers=(r"AO ?88\b",), nature=N.CIVIL,
    ),
    _form(
        K.OTHER_COURT_SUBPOENA, A.COURT_CLERK_OR_ATTORNEY,
        (r"SUBPOENA FOR RULE 2004 EXAMINATION",
         r"SUBPOENA TO (APPEAR|TESTIFY|PRODUCE).*(BANKRUPTCY CASE|ADVERSARY PROCEEDING).*"),
        (r"BANKRUPTCY COURT", r"RULE 2004"),
        numbers=(r"B ?25[4-7]0",), nature=N.CIVIL,
    ),
    # --------------------------------------------------------------------- an immigration officer's
    _form(
        K.I138, A.ADMINISTRATIVE,
        (r"IMMIGRATION ENFORCEMENT SUBPOENA",),
        (_usc(8, r"1225\(D\)"), r"8 C\.?F\.?R\.? (SEC(TION)?\.? |§ ?)?287\.4",
         r"CBP, ICE,? OR USCIS OFFICIAL", r"AUTHORIZED OFFICIAL"),
        numbers=(r"FORM I-?138",),
    ),
    _form(
        K.I200, A.ADMINISTRATIVE,
        (r"WARRANT FOR ARREST OF ALIEN",),
        (r"AUTHORIZED IMMIGRATION OFFICER", r"REMOVABLE FROM THE UNITED STATES", r"SECTIONS 236 AND 287"),
        numbers=(r"FORM I-?200\b",), nature=N.CIVIL,
    ),
    _form(
        K.I203, A.ADMINISTRATIVE,
        (r"ORDER TO DETAIN( OR|/) ?RELEASE ALIENS?",),
        (r"DETAIN", r"DEPARTMENT OF HOMELAND SECURITY"),
        numbers=(r"FORM I-?203",), nature=N.CIVIL,
    ),
    _form(
        K.I205, A.ADMINISTRATIVE,
        (r"WARRANT OF (REMOVAL|DEPORTATION)( ?/ ?DEPORTATION)?",),
        (r"IMMIGRATION OFFICER", r"BASED UPON A FINAL ORDER", r"SUBJECT TO REMOVAL"),
        numbers=(r"FORM I-?205",), nature=N.CIVIL,
    ),
    _form(
        K.I247, A.ADMINISTRATIVE,
        (r"IMMIGRATION DETAINER.*", r"REQUEST FOR (VOLUNTARY (NOTIFICATION|TRANSFER)|ADVANCE NOTICE).*",
         r"REQUEST FOR ADVANCE NOTIFICATION.*"),
        (r"REMOVABLE ALIEN", r"IT IS (THEREFORE )?REQUESTED THAT YOU", r"DHS HAS DETERMINED"),
        numbers=(r"FORM I-?247",), nature=N.CIVIL,
    ),
    _form(
        K.I286, A.ADMINISTRATIVE,
        (r"NOTICE OF CUSTODY DETERMINATION",),
        (r"DEPARTMENT OF HOMELAND SECURITY", r"PENDING A FINAL"),
        numbers=(r"FORM I-?286",), nature=N.CIVIL,
    ),
    _form(
        K.I9_NOTICE, A.ADMINISTRATIVE,
        (r"NOTICE OF INSPECTION",),
        (r"FORMS? I-?9", r"274A", r"THREE BUSINESS DAYS|3 BUSINESS DAYS"),
        nature=N.CIVIL,
    ),
    # ------------------------------------------------------------------------------------ other agencies'
    _form(
        K.CUSTOMS_SUMMONS, A.ADMINISTRATIVE,
        (r"SUMMONS( TO APPEAR AND ?/? ?OR PRODUCE RECORDS)?", r"CUSTOMS SUMMONS"),
        (_usc(19, "1509"), r"CORRECTNESS OF ENTRIES", r"CUSTOMS"),
        numbers=(r"(FORM|CBP|DHS) ?(FORM )?3115",),
    ),
    _form(
        K.IRS_SUMMONS, A.ADMINISTRATIVE,
        (r"SUMMONS",),
        (r"INTERNAL REVENUE", _usc(26, r"\d"), r"COMMISSIONER OF INTERNAL REVENUE"),
        numbers=(r"FORM 2039",),
    ),
    _form(
        K.DEA_SUBPOENA, A.ADMINISTRATIVE,
        (r"(ADMINISTRATIVE )?SUBPOENA",),
        (r"DRUG ENFORCEMENT ADMINISTRATION", _usc(21, "876")),
        numbers=(r"DEA(-| )?(FORM )?-?79",),
    ),
    _form(
        K.FBI_SUBPOENA, A.ADMINISTRATIVE,
        (_ADMIN_SUBPOENA,),
        (_usc(18, "3486"), r"FEDERAL BUREAU OF INVESTIGATION|DEPARTMENT OF JUSTICE"),
        nature=N.CRIMINAL,
    ),
    _form(
        K.HHS_SUBPOENA, A.ADMINISTRATIVE,
        (_ADMIN_SUBPOENA,),
        (r"DEPARTMENT OF HEALTH AND HUMAN SERVICES", r"3486|INSPECTOR GENERAL"),
    ),
    _form(
        K.IG_SUBPOENA, A.ADMINISTRATIVE,
        (r"(INSPECTOR GENERAL )?SUBPOENA.*",),
        (r"INSPECTOR GENERAL", r"INSPECTOR GENERAL ACT|5 U\.?S\.?C\.? APP|" + _usc(5, "406")),
    ),
    _form(
        K.OTHER_ADMIN_SUBPOENA, A.ADMINISTRATIVE,
        (r"ADMINISTRATIVE (SUBPOENA|SUMMONS|DEMAND)", r"CIVIL INVESTIGATIVE DEMAND"),
        (r"PURSUANT TO|AUTHORITY", r"DEPARTMENT OF|AGENCY|BUREAU|COMMISSION"),
    ),
    # ---------------------------------------------------------------------------------------- no authority
    _form(
        K.PRESERVATION_LETTER, A.NONE,
        (r"(REQUEST FOR )?PRESERVATION( OF RECORDS| LETTER| REQUEST)?.*", r"RE:? .*PRESERV.*"),
        (r"2703\(F\)", r"PRESERVE"),
    ),
    _form(
        K.EMERGENCY_REQUEST, A.NONE,
        (r"(URGENT ?[-:] ?)?EMERGENCY (DISCLOSURE |RECORDS )?REQUEST.*",),
        (r"IMMINENT|IMMEDIATE DANGER", r"DEATH OR SERIOUS (PHYSICAL |BODILY )?INJURY"),
    ),
)  # fmt: skip
"""Each kind's marks. Order matters only between equal scores."""
