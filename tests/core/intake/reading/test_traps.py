"""The one unforgivable error, and the traps of law.md § 4.3: words alone never make a paper a judge's."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.intake.reading.document import describe
from tests.core.intake.reading.sheets import (
    CIVIL_SUBPOENA,
    CUSTOMS,
    I138,
    I200,
    I205,
    INK,
    LETTER,
    ORDER,
    PICTURE,
    WARRANT,
    Sheet,
    pdf,
)


def verdict(*sheets: Sheet) -> tuple[str, str, str]:
    """(authority, signed, signer class) of a file with these pages."""
    found = describe(pdf(*sheets), "paper.pdf")
    return found["authority"], found["signed"], found["signer_class"]


def judge_signed(*sheets: Sheet) -> bool:
    """What must never be said of a paper that no judge signed."""
    authority, signed, _ = verdict(*sheets)
    return (authority, signed) == ("judicial", "yes")


@pytest.mark.parametrize("over", [INK, PICTURE, "/s/ Ada Q. Bell"])
def test_a_warrant_is_judge_signed_by_pen_picture_or_typed_signature(over: str) -> None:
    assert verdict(attrs.evolve(WARRANT, over=over)) == ("judicial", "yes", "magistrate_judge")


@pytest.mark.parametrize("over", ["", "Ada Q. Bell"])
def test_an_empty_line_and_a_printed_name_are_no_signature(over: str) -> None:
    authority, signed, signer = verdict(attrs.evolve(WARRANT, over=over))
    assert (authority, signed, signer) == ("judicial", "no", "none")


@pytest.mark.parametrize("paper", [I200, I205, I138, CUSTOMS])
def test_agency_papers_that_speak_of_judges_courts_commands_and_probable_cause(paper: Sheet) -> None:
    assert verdict(paper) == ("administrative", "yes", "agency_officer")


def test_a_civil_subpoena_is_a_court_paper_without_a_judge() -> None:
    assert verdict(CIVIL_SUBPOENA) == ("court_clerk_or_attorney", "yes", "attorney")


def test_an_order_is_a_judges_by_its_block() -> None:
    assert verdict(ORDER) == ("judicial", "yes", "article_iii_judge")
    assert verdict(attrs.evolve(ORDER, over=""))[:2] == ("judicial", "no")


def test_a_proposed_order_with_a_printed_judges_name_has_no_authority() -> None:
    proposed = attrs.evolve(ORDER, heading="[PROPOSED] ORDER TO PRODUCE RECORDS", over="")
    assert verdict(proposed) == ("none", "no", "none")
    assert describe(pdf(proposed), "x")["instruments"][0]["proposed"] == "yes"


def test_an_order_signed_by_the_clerk_is_no_judges() -> None:
    clerks = attrs.evolve(ORDER, label="Tom R. Yates", printed="Clerk of Court")
    assert verdict(clerks)[0] == "court_clerk_or_attorney"
    assert not judge_signed(clerks)


def test_an_immigration_judges_paper_is_not_judicial() -> None:
    immigration = attrs.evolve(
        ORDER, caption="UNITED STATES DEPARTMENT OF JUSTICE\nIMMIGRATION COURT", printed="Immigration Judge"
    )
    assert not judge_signed(immigration)


def test_a_filing_header_makes_a_letter_nothing_but_a_letter() -> None:
    filed = attrs.evolve(LETTER, header="Case 1:21-cv-00044-ABC Document 12 Filed 08/03/21 Page 1 of 1")
    assert verdict(filed)[0] == "none"


def test_a_letter_that_speaks_of_warrants_and_judges_has_no_authority() -> None:
    assert verdict(LETTER)[0] == "none"


def test_a_caption_torn_apart_by_small_capitals_is_still_read() -> None:
    torn = attrs.evolve(WARRANT, caption="U S D C NITED TATES ISTRICT OURT")
    assert verdict(torn) == ("judicial", "yes", "magistrate_judge")


@pytest.mark.parametrize(
    "text",
    [
        "Know your rights: a real warrant is signed by a United States District Judge or a magistrate judge. An ICE warrant (Form I-200) is signed by an officer. You do not have to open the door.",
        "Conozca sus derechos: una orden judicial lleva la firma de un juez. Una orden de ICE no la firma un juez.",
        "THE WITNESS: And then the subpoena came. THE COURT: Which subpoena? THE WITNESS: The one that said YOU ARE COMMANDED to produce documents, from the United States District Court.",
    ],
)
def test_flyers_and_transcripts_have_no_authority(text: str) -> None:
    authority, signed, _ = verdict(Sheet(heading="Warrants 101", text=text * 3))
    assert authority in ("none", "unreadable")
    assert signed != "yes"


def test_the_words_of_a_warrant_as_plain_text_are_never_a_courts_paper() -> None:
    text = "UNITED STATES DISTRICT COURT\nSEARCH AND SEIZURE WARRANT\nAO 93\nIn the Matter of the Search of\nYOU ARE COMMANDED\n/s/ Ada Q. Bell\nUnited States Magistrate Judge\n"
    found = describe((text * 3).encode(), "warrant.txt")
    assert found["authority"] in ("none", "unreadable")
    assert found["needs_person"]


def test_a_name_that_lies_is_not_believed() -> None:
    assert describe(pdf(I200), "judge-signed-federal-search-warrant.pdf")["authority"] == "administrative"
    assert describe(pdf(WARRANT), "letter.txt")["authority"] == "judicial"


def test_of_two_papers_in_one_file_the_more_cautious_speaks() -> None:
    found = describe(pdf(WARRANT, I138), "both.pdf")
    assert [i["authority"] for i in found["instruments"]] == ["judicial", "administrative"]
    assert found["authority"] == "administrative"


def test_an_arrest_warrant_signed_by_a_clerk_is_not_judge_signed() -> None:
    arrest = attrs.evolve(
        WARRANT,
        heading="ARREST WARRANT",
        text="YOU ARE COMMANDED to arrest and bring before a United States magistrate judge the person named. Complaint. Case No. 1:21-cr-00044.",
        label="Issuing officer's signature",
        printed="Tom R. Yates, Deputy Clerk",
        footer="AO 442 (Rev. 11/11)",
    )
    assert verdict(arrest) == ("court_clerk_or_attorney", "yes", "clerk")


def test_a_state_courts_judge_is_a_state_judge() -> None:
    state = attrs.evolve(
        WARRANT,
        caption="DISTRICT COURT, ALDER COUNTY, COLORADO",
        heading="SEARCH WARRANT",
        text="The People of the State of Colorado to any peace officer: you are therefore commanded to search the records of the office named. County of Alder.",
        printed="Ada Q. Bell, District Court Judge",
        footer="",
    )
    assert verdict(state) == ("judicial", "yes", "state_judge")


def test_every_statement_has_a_place_on_the_page() -> None:
    found = describe(pdf(WARRANT), "x")
    claims = {e["claim"] for e in found["evidence"]}
    assert {"authority", "kind", "signed", "signer_class"} <= claims
    for e in found["evidence"]:
        assert e["page"] == 1
        left, top, right, bottom = e["box"]
        assert 0 <= left < right <= 612
        assert 0 <= top < bottom <= 792


UNSIGNED = st.sampled_from(["", "Ada Q. Bell", "JUDGE", "(seal)"])
NO_JUDGE = st.sampled_from(
    [
        ("(Signature of Authorized Immigration Officer)", "Deportation Officer"),
        ("(Signature)", "Special Agent in Charge"),
        ("Signature of Clerk or Deputy Clerk", "Tom R. Yates"),
        ("Attorney's signature", "Lena Fisk"),
        ("Pat Marrow", "Supervisory Detention and Deportation Officer"),
        ("Pat Marrow", "Immigration Judge"),
    ]
)
WORDS = st.sampled_from([WARRANT.text, I205.text, I200.text, ORDER.text, CIVIL_SUBPOENA.text, LETTER.text])


@settings(max_examples=60, deadline=None)
@given(
    paper=st.sampled_from([WARRANT, ORDER, CIVIL_SUBPOENA, I200, I205, I138, CUSTOMS]),
    words=WORDS,
    block=NO_JUDGE,
    over=st.sampled_from([INK, PICTURE, "/s/ Pat Marrow", ""]),
)
def test_whatever_the_words_a_paper_signed_by_no_judge_is_never_judge_signed(
    paper: Sheet, words: str, block: tuple[str, str], over: str
) -> None:
    label, printed = block
    mixed = attrs.evolve(paper, text=f"{words} {paper.text}", label=label, printed=printed, over=over)
    assert not judge_signed(mixed)


@settings(max_examples=40, deadline=None)
@given(paper=st.sampled_from([WARRANT, ORDER]), words=WORDS, over=UNSIGNED)
def test_whatever_the_words_a_judges_empty_line_is_never_judge_signed(
    paper: Sheet, words: str, over: str
) -> None:
    assert not judge_signed(attrs.evolve(paper, text=f"{paper.text} {words}", over=over))
