"""The one unforgivable error, hunted: no mixture of captions, headings, words and blocks makes a judge sign.

The blocks (`blocks.py`) hold a judge's empty line, or somebody else's signature, in any order and any number;
a page with both has both. Whatever else the reader says of such a page, it never says that a judge signed it.
"""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from habeas.intake.reading.document import describe
from tests.core.intake.reading.blocks import CAPTIONS, UNSIGNED, Mixture, Signature, drawn, mixtures
from tests.core.intake.reading.sheets import INK

FEDERAL = CAPTIONS[1]
ORDERED = "IT IS ORDERED that the agency shall produce the wage records of one person. IT IS SO ORDERED."


def said(*pages: Mixture) -> list[dict[str, Any]]:
    """The file's verdict and each instrument's."""
    found = describe(drawn(*pages), "paper.pdf")
    return [found, *found["instruments"]]


def order(*rows: tuple[Signature, ...], gap: int = 0, heading: str = "ORDER TO PRODUCE RECORDS") -> Mixture:
    """An order with signature blocks close together."""
    return Mixture(FEDERAL, (heading,), (ORDERED,), rows, gap)


CLERK_OVER_JUDGE = order(
    (Signature(INK, "Signature of Clerk or Deputy Clerk", "Tom R. Yates"),), (UNSIGNED[4],)
)
AGENT_OVER_JUDGE = order((Signature(INK, "Judge's signature", "Pat Marrow, Special Agent"),), (UNSIGNED[0],))
SERVER_OVER_JUDGE = order((Signature(INK, "Server's signature", "Printed name and title"),), (UNSIGNED[4],))
COUNSEL_BESIDE_JUDGE = order((Signature("/s/ Lena Fisk", "Lena Fisk", "Counsel for Plaintiff"), UNSIGNED[1]))
COUNSEL_FOR_JUDGE = order((Signature("/s/ Lena Fisk", "Ada Q. Bell", "United States District Judge"),))


@settings(max_examples=200)
@given(mixtures())
@example(CLERK_OVER_JUDGE)
@example(AGENT_OVER_JUDGE)
@example(SERVER_OVER_JUDGE)
@example(COUNSEL_BESIDE_JUDGE)
@example(COUNSEL_FOR_JUDGE)
def test_no_mixture_without_a_judges_signature_is_judge_signed(page: Mixture) -> None:
    assert not [x for x in said(page) if (x["authority"], x["signed"]) == ("judicial", "yes")]


@settings(max_examples=40)
@given(st.lists(mixtures(), min_size=2, max_size=3))
def test_no_page_lends_another_a_judges_signature(pages: list[Mixture]) -> None:
    assert not [x for x in said(*pages) if (x["authority"], x["signed"]) == ("judicial", "yes")]


@settings(max_examples=60)
@given(mixtures())
def test_what_is_not_answered_is_left_to_a_person(page: Mixture) -> None:
    for found in said(page)[1:]:
        process = found["authority"] in ("judicial", "court_clerk_or_attorney")
        if found["authority"] == "unreadable" or (process and found["signed"] != "yes"):
            assert found["needs_person"]


def test_the_same_blocks_with_a_judges_own_signature_are_judge_signed() -> None:
    signed = Signature(INK, "Ada Q. Bell", "United States District Judge")
    clerk = Signature(INK, "Tom R. Yates", "Deputy Clerk", before="Attest: a true copy")
    found = said(order((signed,), (clerk,), gap=12))[0]
    assert (found["authority"], found["signed"], found["signer_class"]) == (
        "judicial",
        "yes",
        "article_iii_judge",
    )
