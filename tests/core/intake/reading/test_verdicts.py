"""Verdicts beyond the forms: drafts, filings, quotations, classes of judges, addressees; by block and caption."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from habeas.intake.reading.document import describe
from tests.core.intake.reading.sheets import CIVIL_SUBPOENA, I138, LETTER, ORDER, WARRANT, Sheet, pdf

FEDERAL = ORDER.caption
STATE = "DISTRICT COURT, ALDER COUNTY, COLORADO"
US = "Nowhere Department of Labor"


def read(*sheets: Sheet, agency: tuple[str, ...] = ()) -> dict[str, Any]:
    found = describe(pdf(*sheets), "paper.pdf", agency)
    return {**found["instruments"][0], **found}


def verdict(*sheets: Sheet) -> tuple[str, str, str]:
    found = read(*sheets)
    return found["authority"], found["signed"], found["signer_class"]


def order(**values: Any) -> Sheet:
    return attrs.evolve(ORDER, **values)


# -------------------------------------------------------------------------------------------- drafts

STRUCK = "#strike(offset: -0.3em)[\\[PROPOSED\\]] ORDER TO PRODUCE RECORDS"


def test_a_judge_who_strikes_out_proposed_and_signs_has_made_it_an_order() -> None:
    found = read(order(heading=STRUCK))
    assert (found["authority"], found["signed"], found["proposed"]) == ("judicial", "yes", "no")
    assert not found["needs_person"]


def test_a_draft_that_a_judge_signed_without_striking_goes_to_a_person() -> None:
    found = read(order(heading="[PROPOSED] ORDER TO PRODUCE RECORDS"))
    assert (found["authority"], found["signed"], found["proposed"]) == ("judicial", "yes", "yes")
    assert found["needs_person"]


@pytest.mark.parametrize("heading", [STRUCK, "[PROPOSED] ORDER TO PRODUCE RECORDS", "[Proposed] Order"])
def test_a_draft_that_nobody_signed_has_no_authority(heading: str) -> None:
    assert verdict(order(heading=heading, over="")) == ("none", "no", "none")


def test_a_draft_of_a_warrant_has_no_authority() -> None:
    draft = attrs.evolve(WARRANT, header="[PROPOSED]", over="")
    assert verdict(draft)[0] == "none"


# ------------------------------------------------------------------------- what is filed, and quoted


@pytest.mark.parametrize(
    "heading",
    [
        "MOTION FOR AN ORDER TO SHOW CAUSE",
        "GOVERNMENT'S APPLICATION FOR AN ORDER",
        "AFFIDAVIT IN SUPPORT OF A SEARCH WARRANT",
        "TRANSCRIPT OF PROCEEDINGS",
        "CRIMINAL COMPLAINT",
        "NOTICE OF ENTRY OF ORDER",
        "STIPULATION",
    ],
)
def test_what_is_filed_under_a_courts_caption_is_not_the_courts(heading: str) -> None:
    text = "Before the Honorable Ada Q. Bell, United States District Judge. THE COURT: It is so ordered. " * 3
    filed = order(heading=heading, text=text, label="Lena Fisk", printed="Counsel for Plaintiff")
    assert verdict(filed)[0] == "none"


def test_a_filing_that_a_judge_signed_too_goes_to_a_person() -> None:
    endorsed = order(heading="MOTION TO SEAL", text="The motion is GRANTED. IT IS SO ORDERED.")
    assert verdict(endorsed)[0] == "unreadable"


def test_an_application_for_a_warrant_with_a_judges_jurat_is_no_warrant() -> None:
    application = attrs.evolve(
        WARRANT,
        heading="APPLICATION FOR A\nSEARCH WARRANT",
        text="I, a federal law enforcement officer, request a search warrant and state under penalty of perjury that I "
        "have reason to believe the records named are evidence. Sworn to before me and signed in my presence. "
        "In the Matter of the Search of the records of a state office.",
        footer="AO 106 (Rev. 04/10) Application for a Search Warrant",
    )
    assert verdict(application)[:2] != ("judicial", "yes")


ARTICLE = (
    "The agents came before dawn and left a single sheet on the counter, which the clerk photographed. It was the "
    "third such visit this month, according to people who work in the building and asked not to be named. What the "
    "sheet said, in full, was read to this newspaper by telephone and is set out below in the order in which it stood."
)


@pytest.mark.parametrize("paper", [WARRANT, ORDER, CIVIL_SUBPOENA, I138])
def test_an_article_that_reproduces_a_paper_is_an_article(paper: Sheet) -> None:
    article = attrs.evolve(
        paper,
        caption="",
        heading="A sheet on the counter",
        text=f"{ARTICLE}\n \n{paper.caption}\n{paper.heading}\n{paper.text}\n{paper.footer}",
        footer="",
    )
    authority, signed, _ = verdict(article)
    assert authority in ("none", "unreadable")
    assert (authority, signed) != ("judicial", "yes")


def test_a_printed_message_is_a_message_whatever_it_quotes() -> None:
    head = "From: Pat Marrow\nSent: Monday, August 2, 2021\nTo: Records\nSubject: warrant\n \n"
    message = attrs.evolve(
        WARRANT, caption="", text=f"{head}{WARRANT.caption}\n{WARRANT.heading}\n{WARRANT.text}"
    )
    message = attrs.evolve(message, heading="")
    found = read(message)
    assert (found["authority"], found["kind"]) == ("none", "email")


# -------------------------------------------------------------------------------- who of the judges


@pytest.mark.parametrize(
    ("caption", "title", "signer"),
    [
        (FEDERAL, "United States District Judge", "article_iii_judge"),
        (FEDERAL, "Chief United States District Judge", "article_iii_judge"),
        (FEDERAL, "U.S. Magistrate Judge", "magistrate_judge"),
        (FEDERAL, "United States Magistrate Judge", "magistrate_judge"),
        (STATE, "District Court Judge", "state_judge"),
        (STATE, "Magistrate", "state_judge"),
        ("SUPERIOR COURT OF ALDER COUNTY", "Judge of the Superior Court", "state_judge"),
    ],
)
def test_the_class_of_a_judge_is_read_from_title_and_caption(caption: str, title: str, signer: str) -> None:
    assert verdict(order(caption=caption, printed=title)) == ("judicial", "yes", signer)


@pytest.mark.parametrize(
    ("caption", "title"),
    [
        ("UNITED STATES BANKRUPTCY COURT\nDISTRICT OF NOWHERE", "United States Bankruptcy Judge"),
        (STATE, "United States District Judge"),
    ],
)
def test_a_judge_of_no_class_or_of_another_court_goes_to_a_person(caption: str, title: str) -> None:
    found = read(order(caption=caption, printed=title))
    assert found["signer_class"] == "unknown"
    assert found["signed"] != "yes"
    assert found["needs_person"]


def test_a_mention_of_a_federal_court_makes_no_state_judge_federal() -> None:
    text = f"{ORDER.text} The United States District Court declined to act."
    assert verdict(order(caption=STATE, text=text, printed="District Judge"))[2] == "state_judge"


def test_an_order_by_the_court_without_a_signature_is_judicial_and_unsigned() -> None:
    found = read(order(text=f"BY THE COURT: {ORDER.text}", label="", printed="", over=""))
    assert (found["authority"], found["signed"], found["needs_person"]) == ("judicial", "no", True)


def test_an_appeals_courts_opinion_is_another_judicial_paper() -> None:
    opinion = Sheet(
        caption="IN THE ALDER COURT OF APPEALS",
        text=f"{ARTICLE} {ARTICLE} The judgment is affirmed.",
        label="Ada Q. Bell, Judge",
    )
    found = read(opinion)
    assert (found["authority"], found["kind"], found["reaches_records"]) == ("judicial", "other", "no")


# ----------------------------------------------------------------------------- to whom, and how filled


def addressed(text: str, paper: Sheet = CIVIL_SUBPOENA) -> str:
    return str(read(attrs.evolve(paper, text=f"{text}\n{paper.text}"), agency=(US,))["addressed_to_us"])


def test_a_paper_is_addressed_to_the_agency_whose_name_stands_on_it() -> None:
    assert addressed(f"To: {US}") == "yes"
    assert addressed("To: Alder County Sheriff") == "no"
    assert addressed("To:") == "unknown"


def test_the_agencys_name_as_a_party_is_no_address() -> None:
    assert addressed(f"{US},\nDefendant.") == "unknown"


def test_a_warrant_for_what_another_holds_is_not_for_us() -> None:
    assert addressed("Records held by Alder County Department of Roads", WARRANT) == "no"
    assert addressed(f"Records held by {US}", WARRANT) == "yes"


def test_a_form_is_filled_when_something_was_written_on_it() -> None:
    blank = attrs.evolve(
        CIVIL_SUBPOENA, text="Civil Action No.\nYOU ARE COMMANDED to produce documents.", over=""
    )
    assert read(blank)["filled"] == "no"
    assert read(CIVIL_SUBPOENA)["filled"] == "yes"
    assert read(LETTER)["filled"] == "yes"


@pytest.mark.parametrize(
    ("paper", "nature"), [(WARRANT, "criminal"), (CIVIL_SUBPOENA, "civil"), (I138, "unknown")]
)
def test_the_nature_of_the_matter_is_the_forms(paper: Sheet, nature: str) -> None:
    assert read(paper)["civil_or_criminal"] == nature
