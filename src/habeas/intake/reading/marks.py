"""The marks of courts, agencies and signature blocks, as patterns over folded text.

Folded text has upper case, no accents, plain quotes and dashes, single spaces. Captions are matched with
every space and sign dropped too, because small capitals are often torn apart by text extraction
(`U S D C NITED TATES ISTRICT OURT`). The forms themselves are in `forms`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SPACED: Final = re.compile(r"\b(?:[A-Z] ){3,}[A-Z]\b")
"""Letter-spaced words: `O R D E R`."""

_PLAIN: Final = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u00ad": None}
)


def folded(text: str) -> str:
    """Upper case, no accents, plain quotes and dashes, single spaces."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_PLAIN)
    single = " ".join(text.upper().split())
    return _SPACED.sub(lambda m: m[0].replace(" ", ""), single)


def squeezed(text: str) -> str:
    """Only the letters and digits of folded text."""
    return re.sub(r"[^A-Z0-9]", "", text)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


# ---------------------------------------------------------------------------------------- captions

TORN: Final = "USDCNITEDTATESISTRICTOURT"
"""`UNITED STATES DISTRICT COURT` in small capitals, torn: the capitals first, then the small letters."""

FEDERAL_COURT: Final = (
    "UNITEDSTATESDISTRICTCOURT",
    "UNITEDSTATESBANKRUPTCYCOURT",
    "UNITEDSTATESCOURTOFAPPEALS",
    "INTHEUNITEDSTATESDISTRICTCOURT",
    "INTHEUNITEDSTATESBANKRUPTCYCOURT",
    "SUPREMECOURTOFTHEUNITEDSTATES",
    "USDISTRICTCOURT",
    TORN,
)
"""How captions of federal courts begin, squeezed."""

_STATE_COURTS: Final = (
    r"(DISTRICT|COUNTY|SUPERIOR|CIRCUIT|SUPREME|MUNICIPAL|PROBATE|JUSTICE|CITY|FAMILY|JUVENILE)"
)

STATE_COURT: Final = _any(
    rf"^(IN THE )?{_STATE_COURTS} COURT\b(?! (JUDGE|CLERK|HOUSE|ORDER|RECORD)).*",
    r"^(IN THE )?COURT OF (COMMON PLEAS|APPEALS?|CHANCERY)\b.*",
    r"^(IN THE )?([A-Z]+ ){1,3}(COURT OF APPEALS?|(SUPREME|SUPERIOR|CIRCUIT|DISTRICT) COURT)\b"
    r"(?! (LIAISON|OFFICE|UNIT|TEAM|DIVISION OF ICE|JUDGE|CLERK|RECORD)).*",
)
"""Captions of state courts, folded, as a cell of their own (federal captions are looked for first)."""

VENUE: Final = re.compile(
    r"^(THE )?COUNTY OF [A-Z ]+,? (THE )?STATE OF [A-Z ]+\.?$|^STATE OF [A-Z ]+,? COUNTY OF [A-Z ]+"
)
"""How a state's statutory search warrant begins, which names no court (A.R.S. 13-3915)."""

APPELLATE_COURT: Final = _any(r"COURT OF APPEALS?\b", r"\bSUPREME COURT\b", r"\bAPPELLATE (DIVISION|COURT)\b")

AGENCY_COURT: Final = _any(
    r"\bEXECUTIVE OFFICE FOR IMMIGRATION REVIEW\b",
    r"\bIMMIGRATION COURT\b",
    r"\bBOARD OF IMMIGRATION APPEALS\b",
    r"\b(ORDER|DECISION)S? (OF|BY|AND ORDERS? OF) THE IMMIGRATION JUDGE\b",
    r"\bOFFICE OF ADMINISTRATIVE (LAW JUDGES|HEARINGS|COURTS)\b",
)
"""Courts in name that are part of an agency: an immigration judge is an officer (8 CFR 1003.10)."""

FILING_HEADER: Final = _any(
    r"\bCASE:? ?\d+:\d\d-[A-Z]{2}-\d+",
    r"\bDOCUMENT:? \d+(-\d+)? +(DATE )?FILED\b",
    r"\bAPPELLATE CASE:",
    r"\bCASE:? [\d-]+,? DOCUMENT:? [\d-]+",
    r"\bFILED:? ?\d\d/\d\d/\d{2,4}\b.*\bPAGE\b",
    r"\bPAGE ?ID\b",
    r"\bECF NO\.? \d+",
)
"""A court's filing system prints this over anything that is filed: it makes nothing a court's paper."""

AGENCY_HEAD: Final = _any(
    r"^(UNITED STATES|U\.? ?S\.?)? ?DEPARTMENT OF HOMELAND SECURITY\b",
    r"^(UNITED STATES|U\.? ?S\.?)? ?(IMMIGRATION AND CUSTOMS ENFORCEMENT|CUSTOMS AND BORDER PROTECTION)\b",
    r"^(UNITED STATES|U\.? ?S\.?)? ?CITIZENSHIP AND IMMIGRATION SERVICES\b",
    r"^(HOMELAND SECURITY INVESTIGATIONS|ENFORCEMENT AND REMOVAL OPERATIONS)\b",
)
"""Letterheads under which no court sits; as a party's name they stand below a court's caption."""

LESSON: Final = _any(
    r"\bKNOW YOUR RIGHTS\b",
    r"\bCONOZCA SUS DERECHOS\b",
    r"\bHOW TO (READ|RECOGNI[SZ]E|TELL)\b",
    r"\bTRAINING (HANDOUT|MATERIAL|EXAMPLE)\b",
    r"^(HANDOUT|EXAMPLE|SAMPLE|SPECIMEN|EJEMPLO|MUESTRA)$",
    r"\bFOR TRAINING (PURPOSES|USE)\b",
)
"""A paper that shows or explains papers, or is marked as a specimen: it is none."""

SPECIMEN: Final = re.compile(r"^(SAMPLE|SPECIMEN|EJEMPLO|MUESTRA|EXAMPLE|VOID)$")

ADVICE: Final = _any(
    r"\bDO NOT OPEN THE DOOR\b",
    r"\bNO ABRA LA PUERTA\b",
    r"\b(UNDER|DEBAJO DE) (THE|LA) (DOOR|PUERTA)\b",
    r"\bRIGHT TO REMAIN SILENT\b",
    r"\bDERECHO A (GUARDAR|PERMANECER EN) SILENCIO\b",
    r"\bKNOW YOUR RIGHTS\b",
    r"\bCONOZCA SUS DERECHOS\b",
)
"""What a flyer tells people who may be asked for by an agency."""

SALUTATION: Final = re.compile(r"^(DEAR|ESTIMAD[OA]S?|TO WHOM IT MAY CONCERN|A QUIEN CORRESPONDA)\b")
"""How a letter begins; no process does."""

# ---------------------------------------------------------------------------------------- headings

PROPOSED: Final = _any(
    r"\[ ?PROPOSED ?\]",
    r"\[ ?PROPOSED [A-Z ]{1,20}\]",
    r"^(DRAFT|TENDERED) ([A-Z]+ ){0,3}ORDER\b",
    r"^PROPOSED ",
    r"\(PROPOSED\)",
    r"^\[? ?PROPOSED ?\]?$",
)
"""Somebody's draft of an order."""

_OF_KIND: Final = (
    r"(STIPULATED |AMENDED |INTERIM |PRELIMINARY |TEMPORARY |AGREED |PROTECTIVE |SEALED |FINAL |"
    r"MEMORANDUM (OPINION )?AND |OPINION AND |FINDINGS AND |STIPULATION AND |JUDGMENT AND |DECISION AND )*"
)
ORDER: Final = re.compile(
    rf"^(\[ ?PROPOSED ?\] ?|PROPOSED )?{_OF_KIND}(\[ ?PROPOSED ?\] ?)?"
    r"(ORDER|INJUNCTION|DECREE|RESTRAINING ORDER)\b.*|^([A-Z]+ ){1,3}ORDER$"
)
"""The heading of an order: it names the order first, as `ORDER GRANTING MOTION` does."""

MINUTES: Final = _any(r"^(COURTROOM )?MINUTES?\b.*", r"^.*\bMINUTE ORDER\b.*")

OPINION: Final = re.compile(
    r"^(MEMORANDUM |MAJORITY |PER CURIAM |SLIP )?(OPINION|DISPOSITION|PER CURIAM)\b.*"
)

FILING: Final = re.compile(
    r"^(\w+'S?,? |THE |UNITED STATES' |GOVERNMENT'S |EX PARTE |UNOPPOSED |OPPOSED |JOINT |EMERGENCY |"
    r"AMENDED |FIRST |SECOND |SUPPLEMENTAL |VERIFIED |CRIMINAL |SWORN |ADMINISTRATIVE |SEALED |AGENT'S )*"
    r"(APPLICATION|AFFIDAVIT|DECLARATION|MOTION|PETITION|COMPLAINT|INDICTMENT|INFORMATION|BRIEF|OPPOSITION|"
    r"REPLY|RESPONSE|STIPULATION|ANSWER|TRANSCRIPT|REPORTER'S|EXHIBITS?|PRAECIPE|INVENTORY|WITNESS LIST|"
    r"MEMORANDUM (OF|IN)|NOTICE OF (MOTION|APPEARANCE|ENTRY|FILING|HEARING|APPEAL|DEPOSITION)|"
    r"(CERTIFICATE|PROOF|AFFIDAVIT|RETURN) OF SERVICE)\b.*"
)
"""The heading of a party's, an agent's or a reporter's own paper, filed under a court's caption."""

ORDERED: Final = _any(
    r"IT IS (SO |HEREBY |THEREFORE |FURTHER )*ORDERED",
    r"\bSO ORDERED\b",
    r"THE COURT (HEREBY )?ORDERS",
    r"\bORDERS? (AS FOLLOWS|THAT|THE [A-Z]+)\b",
    r"BY THE COURT",
    r"IT IS (HEREBY )?(ADJUDGED|DECREED)",
    r"FOR THE COURT",
    r"\b(IS|ARE) (HEREBY )?(GRANTED|DENIED|DIRECTED)\b",
    r"\bMUST (SHOW CAUSE|FILE)\b",
    r"\bCOURT (HEREBY )?DIRECTS\b",
)
BY_THE_COURT: Final = _any(r"\bBY THE COURT\b", r"\bBEFORE:? .*\bJUDGES?\b")

COMMAND: Final = re.compile(r"YOU ARE (HEREBY |THEREFORE )*(COMMANDED|SUMMONED|ORDERED|DIRECTED|REQUIRED)")

# --------------------------------------------------------------------------------- signature blocks

JUDGE_LABEL: Final = re.compile(
    r"^\(?(JUDGE'?S? SIGNATURE|SIGNATURE OF (THE )?(JUDGE|MAGISTRATE JUDGE|MAGISTRATE)|"
    r"JUDICIAL OFFICER'?S? SIGNATURE|JUDGE,? JUSTICE OF THE PEACE,? OR MAGISTRATE|"
    r"(JUDGE|MAGISTRATE) SIGNATURE)\)?$|^\(((DISTRICT|COUNTY) COURT )?(JUDGE|MAGISTRATE)\)$"
)
ISSUER_LABEL: Final = re.compile(r"^\(?ISSUING OFFICER'?S SIGNATURE\)?$")
"""An arrest warrant's: a judge's or a clerk's (AO 442)."""

CLERK_LABEL: Final = re.compile(
    r"^\(?(SIGNATURE OF (THE )?CLERK( OF (THE )?COURT)?(( OR |/| / )DEPUTY CLERK)?|"
    r"(DEPUTY )?CLERK'?S SIGNATURE)\)?$"
)
ATTORNEY_LABEL: Final = re.compile(r"^\(?(ATTORNEY'?S SIGNATURE|SIGNATURE OF (THE |AN )?ATTORNEY.*)\)?$")
_NOT_OFFICERS: Final = (
    "ALIEN|SERV|JUDGE|CLERK|ATTORNEY|INTERPRETER|WITNESS|SUBJECT|RECIPIENT|PERSON|OWNER|APPLICANT|CLIENT|"
    "EMPLOYER|PARTY|NOTARY"
)
OFFICER_LABEL: Final = re.compile(
    rf"^\(?(NAME AND |PRINTED NAME AND )?SIGNATURE( OF (?!.*\b({_NOT_OFFICERS})).*)?\)?$"
)
"""The label of whoever is no court: an officer, a delegate. Servers and the alien sign elsewhere."""

CLOSING: Final = re.compile(
    r"^(SINCERELY|RESPECTFULLY|VERY TRULY YOURS|REGARDS|BEST REGARDS|CORDIALLY|ATENTAMENTE|RESPETUOSAMENTE)"
    r"( YOURS| SUBMITTED)?,?$"
)
"""The closing of a letter, over its signature."""

JUDGE_TITLE: Final = _any(
    r"\b(UNITED STATES|U\.? ?S\.?|CHIEF|SENIOR) (UNITED STATES )?"
    r"(DISTRICT|CIRCUIT|MAGISTRATE|BANKRUPTCY) (COURT )?JUDGE\b",
    r"\b(DISTRICT|COUNTY|SUPERIOR|CIRCUIT|SUPREME|MUNICIPAL) COURT JUDGE\b",
    r"\b(CIRCUIT|PRESIDING|DISTRICT|COUNTY) JUDGE\b",
    r"\bMAGISTRATE JUDGE\b",
    r"\bJUDGE OF THE (SUPERIOR|DISTRICT|CIRCUIT|COUNTY) COURT\b",
    r"^(JUDGE|MAGISTRATE)$|, JUDGE$|\bP\.J\.|, C?J\.$",
    r"\bHON(ORABLE|\.)? .*\bJUDGE\b",
    r"\bJUSTICE OF THE PEACE\b|^(CHIEF |ASSOCIATE )?JUSTICE$",
)
AGENCY_JUDGE: Final = _any(
    r"\bIMMIGRATION (LAW )?JUDGE\b",
    r"\bJUDGE,? (OF THE )?(UNITED STATES |U\.? ?S\.? )?IMMIGRATION\b",
    r"\bADMINISTRATIVE (LAW )?JUDGE\b",
    r"\b(UNEMPLOYMENT|WORKERS'? COMPENSATION|BENEFITS?|DETENTION|PATENT|HEARINGS?) (LAW )?JUDGE\b",
    r"\bHEARING OFFICER\b",
    r"\bJUDGE ADVOCATE\b",
)
"""Called a judge, and an agency's officer."""

BESIDE_A_JUDGE: Final = _any(
    r"\b(FOR|TO) (THE )?(HON(ORABLE|\.)? )?([A-Z.'-]+ ){0,5}(UNITED STATES|U\.? ?S\.?|CHIEF|JUDGE)\b",
    r"\b(FOR|TO) (THE )?(HON(ORABLE|\.)? )?([A-Z.'-]+ ){0,5}(MAGISTRATE|DISTRICT)\b",
    r"\b(FOR|TO) (THE )?(HON(ORABLE|\.)?|JUDGE|COURT)\b",
    r"\b(ASSISTANT|SECRETARY|DEPUTY|CLERK|STAFF|CHAMBERS|REPORTER|LIAISON|COORDINATOR|OFFICER|AGENT)\b",
    r"\b(FORMER|RETIRED|RET\.|ARBITRATOR|MEDIATOR|REFEREE|SPECIAL MASTER|EXAMINER|ADVOCATE)\b",
    r"\bELECTIONS?\b",
)
"""Words that make a judge's title somebody else's: staff, a deputy who signs for another, a judge no more."""

ATTORNEY_TITLE: Final = re.compile(
    r"([A-Z][A-Z.' -]{2,40}, )?"
    r"((ASSISTANT )?(UNITED STATES|U\.? ?S\.?|DISTRICT|COUNTY|CITY|STATE'S) ATTORNEY|"
    r"(ASSISTANT )?ATTORNEY GENERAL|(ATTORNEYS?|COUNSEL)( AT LAW)?( FOR [A-Z0-9 .,&'-]{2,40})?)"
)
"""A lawyer's title, with the name before it or over it."""

IMMIGRATION_JUDGE: Final = re.compile(r"\bIMMIGRATION JUDGE\b")
MAGISTRATE: Final = re.compile(r"\bMAGISTRATE\b")
ARTICLE_III: Final = _any(
    r"\b(UNITED STATES|U\.? ?S\.?) (SENIOR )?(DISTRICT|CIRCUIT)( COURT)? JUDGE\b",
    r"\b(CHIEF|SENIOR) (UNITED STATES |U\.? ?S\.? )?(DISTRICT|CIRCUIT) JUDGE\b",
    r"\b(DISTRICT|CIRCUIT) JUDGE\b",
)
"""Of a federal court; a bankruptcy judge is none (28 U.S.C. 152), nor a magistrate judge."""

FEDERAL_TITLE: Final = re.compile(r"\b(UNITED STATES|U\.? ?S\.?) .*JUDGE\b")
ANY_JUDGE: Final = re.compile(r"\b(JUDGE|JUSTICE|MAGISTRATE|HON\.|HONORABLE)(?!')")
CLERK_TITLE: Final = re.compile(r"\b(DEPUTY |ACTING )?CLERK( OF (THE )?COURT)?\b")
NO_JUDGE: Final = _any(
    r"\b(DEPUTY )?CLERK\b",
    r"\b(ASSISTANT )?(UNITED STATES |U\.? ?S\.? )?ATTORNEY\b",
    r"\bCOUNSEL\b",
    r"\b(SPECIAL )?AGENT\b",
    r"\bOFFICER\b",
    r"\b(FIELD OFFICE|DEPUTY|ASSISTANT) DIRECTOR\b",
    r"\bINVESTIGATOR\b",
    r"\bINSPECTOR\b",
    r"\bDETECTIVE\b",
    r"\bNOTARY\b",
    r"\bPLAINTIFF|\bDEFENDANT|\bPETITIONER|\bRESPONDENT",
    r"\bLL[PC]\b",
)
"""Words that stand with the signature of somebody who is no judge."""

TYPED: Final = re.compile(r"(^|\s|\(|:)/?S/ ?[A-Z]|^S/ |\b(ELECTRONICALLY|DIGITALLY) SIGNED( BY)?:? ?[A-Z]")
"""A typed signature: `/s/ Jane Doe`, `s/ Jane Doe`."""

TYPED_SIGN: Final = re.compile(r"^.*?(/?S/|(ELECTRONICALLY|DIGITALLY) SIGNED( BY)?:?) ?", re.IGNORECASE)
"""What stands before the name in a typed signature."""
