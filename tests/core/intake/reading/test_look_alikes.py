"""No paper that no judge signed reads as signed by one; what is real is read for what it is."""

from __future__ import annotations

import math
from typing import Final

import pytest

from habeas.intake.reading.document import describe
from tests.core.intake.reading.look_alikes import Paper, pdf, picture, together

JUDGES: Final = {"article_iii_judge", "magistrate_judge", "state_judge"}
JUDICIAL, CLERK, AGENCY, NOBODY = "judicial", "court_clerk_or_attorney", "administrative", "none"
ASK: Final = "unreadable"
YES, NO, OPEN = ("yes",), ("no",), ("no", "unknown")
MAGISTRATE, DISTRICT, STATE = ("magistrate_judge",), ("article_iii_judge",), ("state_judge",)

REAL: Final = (
    Paper("pen", "#warrant(over: pen)", (JUDICIAL,), YES, MAGISTRATE, ("ao93",)),
    Paper("typed", "#warrant(over: [/s/ Paula Redfern])", (JUDICIAL,), YES, MAGISTRATE, ("ao93",)),
    Paper("unnumbered", "#warrant(over: pen, number: [])", (JUDICIAL,), YES, MAGISTRATE, ("ao93",)),
    Paper("unsigned", "#warrant()", (JUDICIAL,), NO, ("none",), ("ao93",)),
    Paper("blank", "#warrant(filled: false)", (JUDICIAL,), NO, ("none",), ("ao93",)),
    Paper("by telephone", "#warrant(over: [/s/ Paula Redfern], number: [AO 93C (08/18) Warrant by Telephone or Other "
          "Reliable Electronic Means], title: [WARRANT BY TELEPHONE OR OTHER RELIABLE ELECTRONIC MEANS])",
          (JUDICIAL,), YES, MAGISTRATE, ("ao93c",)),
    Paper("arrest by judge", "#arrest(over: pen, printed: [Paula Redfern, United States Magistrate Judge])",
          (JUDICIAL,), YES, MAGISTRATE, ("ao442",)),
    Paper("arrest by clerk", "#arrest(over: pen, printed: [Marguerite Pell, Deputy Clerk])",
          (CLERK,), YES, ("clerk",), ("ao442",)),
    Paper("lawyer's subpoena", "#subpoena(attorney: pen)", (CLERK,), YES, ("attorney",), ("ao88b",)),
    Paper("clerk's subpoena", "#subpoena(clerk: [/s/ Marguerite Pell])", (CLERK,), YES, ("clerk",), ("ao88b",)),
    Paper("unsigned subpoena", "#subpoena()", (CLERK,), NO, ("none",), ("ao88b",)),
    Paper("criminal subpoena", "#subpoena(clerk: pen, criminal: true, number: [AO 89B (07/16) Subpoena to Produce "
          "Documents, Information, or Objects in a Criminal Case], title: [SUBPOENA TO PRODUCE DOCUMENTS, INFORMATION, "
          "OR OBJECTS \\ IN A CRIMINAL CASE], case-number: [Case No. 26-cr-00077])",
          (CLERK,), YES, ("clerk",), ("ao89b",)),
    Paper("grand jury", "#subpoena(clerk: pen, criminal: true, number: [AO 110 (Rev. 06/09) Subpoena to Testify "
          "Before a Grand Jury], title: [SUBPOENA TO TESTIFY BEFORE A GRAND JURY], case-number: [], demand: [YOU ARE "
          "COMMANDED to appear to testify before the court's grand jury and to bring the licence file of Lazlo Finch.])",
          (CLERK,), YES, ("grand_jury_clerk",), ("ao110",)),
    Paper("order", "#order(over: pen)", (JUDICIAL,), YES, DISTRICT, ("court_order",)),
    Paper("order s/", "#order(over: [s/ Ambrose T. Quillfeather])", (JUDICIAL,), YES, DISTRICT, ("court_order",)),
    Paper("stipulated order", "#order(over: pen, title: [STIPULATION AND ORDER], before: [/s/ Dunstan Roe, Attorney for "
          "Plaintiff \\ PURSUANT TO STIPULATION, IT IS SO ORDERED.])", (JUDICIAL,), YES, DISTRICT, ("court_order",)),
    Paper("clerk's order", "#order(over: pen, judge: [Marguerite Pell \\ Clerk of Court], before: [FOR THE COURT:])",
          (CLERK,), YES, ("clerk",), ("court_order",)),
    Paper("deputy's order", "#order(over: pen, judge: [By: Marguerite Pell, Deputy Clerk], before: [BY THE COURT])",
          (CLERK,), YES, ("clerk",), ("court_order",)),
    Paper("state order", "#order(over: pen, head: [DISTRICT COURT, CITY AND COUNTY OF DENVER, STATE OF COLORADO], "
          "case-number: [Case Number: 2026CV030555], judge: [Perpetua Lund \\ District Court Judge])",
          (JUDICIAL,), YES, STATE, ("state_court_order",)),
    Paper("state subpoena", "#order(over: pen, head: [DISTRICT COURT, JEFFERSON COUNTY, COLORADO], case-number: [Case "
          "Number: 2026CV030556], title: [SUBPOENA DUCES TECUM], body: [YOU ARE ORDERED to produce wage records.], "
          "before: [], judge: [Dunstan Roe, Attorney for Plaintiff])", (CLERK,), YES, ("attorney",), ("state_subpoena",)),
    Paper("inspection", "#order(over: pen, title: [ADMINISTRATIVE INSPECTION WARRANT], case-number: [Case No. 26-mj-500], "
          "between: [IN THE MATTER OF THE INSPECTION OF Brax Pharmacy], body: [Upon application under 21 U.S.C. § 880 "
          "you are authorized to inspect the premises.], judge: [Paula Redfern \\ United States Magistrate Judge])",
          (JUDICIAL,), YES, MAGISTRATE, ("civil_inspection_warrant",)),
    Paper("I-200", "#dhs([Warrant for Arrest of Alien], arrest-of-alien, number: [Form I-200 (Rev. 09/16)])",
          (AGENCY,), YES, ("agency_officer",), ("i200",)),
    Paper("I-205", "#dhs([Warrant of Removal/Deportation], removal, number: [ICE Form I-205 (8/07)], label: [Signature of "
          "immigration officer])", (AGENCY,), YES, ("agency_officer",), ("i205",)),
    Paper("I-138", "#dhs([IMMIGRATION ENFORCEMENT SUBPOENA \\ to Appear and/or Produce Records], immigration-subpoena, "
          "label: [Signature of Authorized Official])", (AGENCY,), YES, ("agency_officer",), ("i138",)),
    Paper("I-138 unsigned", "#dhs([IMMIGRATION ENFORCEMENT SUBPOENA], immigration-subpoena, number: [DHS Form I-138], "
          "label: [Signature of Authorized Official], over: none)", (AGENCY,), NO, ("none",), ("i138",)),
    Paper("customs", "#agency([DEPARTMENT OF HOMELAND SECURITY \\ U.S. Customs and Border Protection], [SUMMONS TO APPEAR "
          "AND/OR PRODUCE RECORDS \\ 19 U.S.C. § 1509], [YOU ARE HEREBY SUMMONED to produce the indicated records to "
          "ascertain the correctness of entries. Failure renders you liable to proceedings in a U.S. District Court.])",
          (AGENCY,), YES, ("agency_officer",), ("customs_summons",)),
    Paper("inspector general", "#agency([U.S. DEPARTMENT OF LABOR \\ OFFICE OF INSPECTOR GENERAL], [SUBPOENA DUCES TECUM], "
          "[YOU ARE HEREBY COMMANDED, under the Inspector General Act of 1978, 5 U.S.C. § 406(a)(4), to produce a file.])",
          (AGENCY,), YES, ("agency_officer",), ("ig_subpoena",)),
    Paper("immigration judge", "#order(over: pen, head: [EXECUTIVE OFFICE FOR IMMIGRATION REVIEW \\ UNITED STATES "
          "IMMIGRATION COURT], title: [ORDER OF THE IMMIGRATION JUDGE], judge: [Otto Vance \\ Immigration Judge])",
          (AGENCY,), YES, ("immigration_judge",)),
    Paper("administrative law judge", "#order(over: pen, head: [UNITED STATES DEPARTMENT OF LABOR \\ OFFICE OF "
          "ADMINISTRATIVE LAW JUDGES], title: [ORDER], judge: [Otto Vance \\ Administrative Law Judge])",
          (AGENCY,), YES, ("agency_officer",)),
    Paper("preservation", "#letter([U.S. Department of Justice], [Under 18 U.S.C. § 2703(f) I request the preservation of "
          "all records of one account for 90 days. A warrant signed by a judge will follow.], [Corwin Hale])",
          (NOBODY,), YES, (), ("preservation_letter",)),
    Paper("emergency", "#letter([Homeland Security Investigations], [I ask you to disclose an address because of an "
          "emergency involving imminent danger of death or serious physical injury.], [Corwin Hale])",
          (NOBODY,), YES, (), ("emergency_request",)),
)  # fmt: skip


@pytest.mark.parametrize("paper", REAL, ids=str)
def test_a_real_paper_is_read_for_what_it_is(paper: Paper) -> None:
    found = describe(pdf(paper.source), "letter.pdf")
    assert found["authority"] in paper.authority
    assert found["signed"] in paper.signed
    assert not paper.signer or found["signer_class"] in paper.signer
    assert not paper.kind or found["kind"] in paper.kind


EMPTY_PICTURE: Final = picture(60, 10, lambda _x, _y: False)
BLACK_BAR: Final = picture(60, 10, lambda _x, _y: True)
SCRIBBLE: Final = picture(60, 12, lambda x, y: abs(y - 6 - 4 * math.sin(x / 4)) < 1.2)
SEAL: Final = picture(24, 24, lambda x, y: 90 < (x - 12) ** 2 + (y - 12) ** 2 < 130, 64)

NO_SIGNATURE: Final = (
    "/s/", "/s/ \\_\\_\\_\\_\\_\\_\\_", "Paula Redfern", "(signature)", "[signature on file]", "unsigned", "NOT SIGNED",
    "[to be signed electronically by the court]", "Digitally signed by: (pending)", "VOID", "RECEIVED",
)  # fmt: skip
NO_JUDGE: Final = (
    "Special Master", "Hearing Officer", "Referee", "Arbitrator (former United States District Judge)",
    "Judge Advocate, U.S. Army", "Chief Immigration Judge", "Judge, Immigration Court", "Administrative Judge, MSPB",
    "Temporary Immigration Judge", "Magistrate Officer, ICE", "Judge of Elections", "Detention Judge, ICE",
    "Law Clerk to United States District Judge Quillfeather", "Judicial Assistant to the United States District Judge",
    "Secretary to Judge Quillfeather", "Courtroom Deputy to the Honorable Quillfeather \\ United States District Judge",
    "Unemployment Law Judge", "Special Agent",
)  # fmt: skip
NO_COURT: Final = (
    "UNITED STATES IMMIGRATION COURT \\ DENVER", "UNITED STATES COURT OF IMMIGRATION \\ DISTRICT OF COLORADO",
    "COMMON LAW COURT OF THE PEOPLE \\ COLORADO", "U.S. DEPARTMENT OF HOMELAND SECURITY \\ DISTRICT OF COLORADO",
    "U.S. IMMIGRATION AND CUSTOMS ENFORCEMENT \\ DENVER DISTRICT COURT LIAISON",
    "UNITED STATES DISTRICT COUNSEL \\ DISTRICT OF COLORADO", "NATIONAL ADMINISTRATIVE COURT",
)  # fmt: skip
DRAFT: Final = (
    "ORDER (PROPOSED)", "(Proposed) ORDER", "[PROPOSED FORM OF] ORDER", "DRAFT ORDER", "[PROPOSED] \\ ORDER GRANTING",
    "\\[ P R O P O S E D \\] O R D E R", "TENDERED ORDER", "ORDER [PROPOSED] GRANTING MOTION",
)  # fmt: skip
_OTHER_SIGNATURE: Final = (
    "/s/ Dunstan Roe \\ Attorney for Plaintiff", "/s/ Dunstan Roe", "#pen \\ Attorney for Plaintiff",
    "#signature([Attorney for Plaintiff], over: pen)",
)  # fmt: skip

LOOK_ALIKES: Final = (
    *(Paper(f"on the line: {x}", f"#warrant(over: [{x}])", (JUDICIAL, ASK), OPEN) for x in NO_SIGNATURE),
    *(Paper(f"on an order's line: {x}", f"#order(over: [{x}])", (JUDICIAL, ASK), OPEN) for x in NO_SIGNATURE),
    *(Paper(f"no judge: {x}", f"#order(over: pen, judge: [Otto Vance \\ {x}])", (ASK, AGENCY, NOBODY, CLERK))
      for x in NO_JUDGE),
    *(Paper(f"no judge's warrant: {x}", f"#warrant(over: pen, printed: [Otto Vance, {x.split(' Judge')[0]}])",
            (JUDICIAL, ASK, AGENCY, NOBODY, CLERK)) for x in ("Special Agent", "Field Office Director", "Clerk")),
    *(Paper(f"no court: {x}", f"#order(over: pen, head: [{x}], judge: [Otto Vance \\ Judge])", (ASK, AGENCY, NOBODY))
      for x in NO_COURT),
    *(Paper(f"no court's warrant: {x}", f"#warrant(over: pen, number: [], printed: [Otto Vance, Judge], head: "
            f"align(center)[{x}])", (ASK, AGENCY, NOBODY)) for x in NO_COURT),
    *(Paper(f"draft: {x}", f"#order(title: [{x}], after: [/s/ Dunstan Roe])", (NOBODY, ASK), OPEN) for x in DRAFT),
    *(Paper(f"draft signed by a lawyer: {x}", f"#order(title: [{x}], before: aside[/s/ Dunstan Roe \\ Dunstan Roe \\ "
            "Attorney for Plaintiff])", (NOBODY, ASK), OPEN) for x in DRAFT),
    *(Paper(f"somebody else signed above: {x}", f"#order(before: aside[{x}])", (JUDICIAL, ASK, CLERK), OPEN)
      for x in _OTHER_SIGNATURE),
    *(Paper(f"affiant signed above: {x}", f"#warrant(extra: aside[{x}])", (JUDICIAL, ASK), OPEN)
      for x in ("#signature([Applicant's signature], over: pen)", "/s/ Tobias Wren \\ Applicant's signature")),
    Paper("only the return is signed", "#warrant(returned: pen)", (JUDICIAL,), NO),
    Paper("approved as to form", "#order(after: [APPROVED AS TO FORM: \\ /s/ Dunstan Roe \\ Attorney for Plaintiff])",
          (JUDICIAL, ASK), OPEN),
    Paper("a seal", "#order(after: place(dx: 300pt, dy: -70pt, seal))", (JUDICIAL, ASK), OPEN),
    Paper("a seal on the line", f"#order(over: {SEAL})", (JUDICIAL, ASK), OPEN),
    Paper("a flourish", "#order(before: flourish)", (JUDICIAL, ASK), OPEN),
    Paper("an empty picture", f"#warrant(over: {EMPTY_PICTURE})", (JUDICIAL, ASK), OPEN),
    Paper("a black bar", f"#warrant(over: {BLACK_BAR})", (JUDICIAL, ASK), OPEN),
    Paper("white words", "#warrant(over: text(fill: white)[/s/ Paula Redfern])", (JUDICIAL, ASK), OPEN),
    Paper("words off the page", "#warrant(over: place(dx: -900pt)[/s/ Paula Redfern])", (JUDICIAL, ASK), OPEN),
    Paper("words too small", "#warrant(over: text(size: 0.6pt)[/s/ Paula Redfern])", (JUDICIAL, ASK), OPEN),
    Paper("words over a scan", f"#place(dx: -60pt, dy: -54pt, {picture(61, 79, lambda _x, _y: False, 612)})"
          "#warrant(over: [/s/ Paula Redfern])", (JUDICIAL, ASK), OPEN),
    Paper("clerk for a judge", "#order(over: pen, judge: [Marguerite Pell, Clerk \\ for Ambrose T. Quillfeather, United "
          "States District Judge], before: [FOR THE COURT])", (CLERK, ASK)),
    Paper("agency's form, judge's label", "#dhs([SEARCH AND SEIZURE WARRANT], [I find that the affidavits establish "
          "probable cause. YOU ARE COMMANDED to execute this warrant.], label: [Judge's signature])", (ASK, AGENCY)),
    Paper("I-200, judge's name", "#dhs([Warrant for Arrest of Alien], arrest-of-alien, number: [Form I-200], printed: "
          "[Paula Redfern, United States Magistrate Judge])", (AGENCY, ASK)),
    Paper("I-138 under a court's name", "#order(over: pen, title: [IMMIGRATION ENFORCEMENT SUBPOENA], body: [Pursuant to "
          "8 U.S.C. § 1225(d) YOU ARE COMMANDED to produce records.], judge: [Corwin Hale \\ Special Agent])", (ASK, AGENCY)),
    Paper("affidavit with a jurat", "#order(over: pen, title: [AFFIDAVIT IN SUPPORT OF A SEARCH WARRANT], before: "
          "[Subscribed and sworn to before me.], judge: [Paula Redfern \\ United States Magistrate Judge])", (NOBODY, ASK)),
    Paper("motion", "#order(over: pen, title: [MOTION TO COMPEL], before: [Plaintiff asks the Honorable Ambrose T. "
          "Quillfeather, United States District Judge, to order it.], judge: [Dunstan Roe \\ Attorney for Plaintiff])",
          (NOBODY, ASK)),
    Paper("letter that quotes a warrant", "#letter([Homeland Security Investigations], [The warrant reads: "
          "#align(center)[*UNITED STATES DISTRICT COURT* \\ *SEARCH AND SEIZURE WARRANT*] YOU ARE COMMANDED to execute this "
          "warrant. #aside[/s/ Paula Redfern \\ Paula Redfern \\ United States Magistrate Judge]], [Corwin Hale])",
          (NOBODY, ASK)),
    Paper("letter under a court's name", "#letter([UNITED STATES DISTRICT COURT \\ ORDER], [IT IS SO ORDERED. #aside[/s/ "
          "Paula Redfern \\ Paula Redfern \\ United States Magistrate Judge]], [Corwin Hale \\ Special Agent])",
          (NOBODY, ASK)),
    Paper("filed letter", "#filed[Case 1:26-mj-00417-XYZ Document 9 Filed 03/05/26 Page 1 of 1]#letter([Homeland Security "
          "Investigations], [A United States District Judge signed an ORDER; IT IS SO ORDERED.], [Corwin Hale])",
          (NOBODY, ASK)),
    Paper("flyer", "#align(center, text(24pt)[*KNOW YOUR RIGHTS*]) A real warrant says UNITED STATES DISTRICT COURT. Form "
          "I-200 does not. Do not open the door. You have the right to remain silent. #aside[#signature([U.S. Magistrate "
          "Judge], over: pen)]", (NOBODY, ASK)),
    Paper("volante", "#align(center, text(24pt)[*CONOZCA SUS DERECHOS*]) Una orden la firma un juez. No abra la puerta. "
          "Tiene derecho a guardar silencio. #aside[#signature([Juez Magistrado de los Estados Unidos], over: pen)]",
          (NOBODY, ASK)),
    Paper("training paper", "#align(center)[*TRAINING HANDOUT: HOW TO READ A WARRANT*]#warrant(over: pen)", (ASK, NOBODY)),
    Paper("specimen", "#warrant(over: pen)#place(center + horizon, rotate(-45deg, text(110pt, fill: luma(0, 20%))[SAMPLE]))",
          (JUDICIAL, ASK), ("yes", "unknown")),
    Paper("printed e-mail", "From: Corwin Hale, hale\\@ice.example \\ Sent: March 4, 2026 \\ To: records\\@cdle.example \\ "
          "Subject: warrant \\ #warrant(over: [/s/ Paula Redfern])", (NOBODY, ASK)),
)  # fmt: skip


@pytest.mark.parametrize("paper", LOOK_ALIKES, ids=str)
def test_a_look_alike_is_never_taken_for_a_paper_that_a_judge_signed(paper: Paper) -> None:
    found = describe(pdf(paper.source), "warrant signed by judge.pdf")
    judged = found["signer_class"] in JUDGES or (found["authority"], found["signed"]) == (JUDICIAL, "yes")
    assert not judged or paper.name == "specimen"
    assert found["authority"] in paper.authority
    assert not paper.signed or found["signed"] in paper.signed


def test_a_picture_of_a_signature_signs() -> None:
    found = describe(pdf(f"#warrant(over: {SCRIBBLE})"), "x")
    assert (found["authority"], found["signed"], found["signer_class"]) == (
        JUDICIAL,
        "yes",
        "magistrate_judge",
    )


SIGNED, UNSIGNED = "#warrant(over: pen)", "#warrant(case-number: [26-mj-00999])"


@pytest.mark.parametrize("papers", [(SIGNED, UNSIGNED), (UNSIGNED, SIGNED)], ids=["first", "last"])
def test_a_signed_warrant_lends_its_signature_to_no_other_in_the_file(papers: tuple[str, str]) -> None:
    found = describe(pdf(together(*papers)), "x")
    assert {i["signed"] for i in found["instruments"]} == {"yes", "no"}
    assert found["needs_person"]


@pytest.mark.parametrize(
    "other",
    [
        "#order(title: [[PROPOSED] ORDER])",
        "#order(over: pen, title: [MOTION TO COMPEL], judge: [Dunstan Roe \\ Attorney])",
    ],
    ids=["draft", "motion"],
)
def test_a_signed_order_beside_a_filing_needs_a_person(other: str) -> None:
    assert describe(pdf(together("#order(over: pen)", other)), "x")["needs_person"]


def test_the_most_cautious_paper_speaks_for_a_file() -> None:
    i200 = "#dhs([Warrant for Arrest of Alien], arrest-of-alien, number: [Form I-200])"
    found = describe(pdf(together("#warrant(over: pen)", i200)), "x")
    assert (found["authority"], found["kind"]) == (AGENCY, "i200")


def test_a_cover_letter_does_not_speak_for_the_warrant_behind_it() -> None:
    cover = "#letter([Homeland Security Investigations], [Enclosed is a warrant.], [Corwin Hale])"
    found = describe(pdf(together(cover, "#warrant(over: pen)")), "x")
    assert (found["authority"], found["signed"], found["needs_person"]) == (JUDICIAL, "yes", False)
