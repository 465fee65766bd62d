"""Real papers and look-alikes (HABEAS_SHARED): right on who issued them, or unreadable; never worse."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import pytest

from habeas.intake.reading.document import describe

pytestmark = pytest.mark.conformance

SHARED = Path(os.environ.get("HABEAS_SHARED", "../shared"))
CORPUS = SHARED / "corpus"


def rows() -> list[dict[str, str]]:
    with (CORPUS / "index.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("row", rows(), ids=lambda r: r["file"])
def test_who_issued_a_paper_is_right_or_left_to_a_person(row: dict[str, str]) -> None:
    found = describe((CORPUS / row["file"]).read_bytes(), row["file"])
    assert found["authority"] in (row["authority"], "unreadable")
    wanted = "no" if row["signed"] == "no" else "yes"
    assert found["signed"] in (wanted, "unknown")


@pytest.mark.parametrize("row", rows(), ids=lambda r: r["file"])
def test_no_paper_that_no_judge_signed_is_shown_as_judge_signed(row: dict[str, str]) -> None:
    found = describe((CORPUS / row["file"]).read_bytes(), row["file"])
    if row["signed"] != "judge":
        assert (found["authority"], found["signed"]) != ("judicial", "yes")


def test_most_papers_with_a_text_layer_are_answered() -> None:
    texts = [r for r in rows() if r["text_layer"] == "yes"]
    answered = [
        r for r in texts if describe((CORPUS / r["file"]).read_bytes(), "x")["authority"] == r["authority"]
    ]
    assert len(answered) >= 0.8 * len(texts)


def right(row: dict[str, str], found: dict[str, Any]) -> dict[str, bool]:
    """What of a paper's truth the reader tells: kind, and whether it is filled."""
    filled = {i["filled"] for i in found["instruments"]}
    return {
        "kind": found["kind"] == row["kind"],
        "filled": filled == {"yes" if row["filled_or_blank"] == "filled" else "no"},
    }


@pytest.mark.parametrize("row", rows(), ids=lambda r: r["file"])
def test_what_an_answered_paper_is_and_whether_it_is_filled_is_right(row: dict[str, str]) -> None:
    found = describe((CORPUS / row["file"]).read_bytes(), row["file"])
    if found["authority"] != "unreadable":
        told = right(row, found)
        flyer = row["kind"] == "other" and row["authority"] == "none"  # what is written has no blanks
        assert told["kind"]
        assert told["filled"] or flyer or row["file"].startswith("opinion")


@pytest.mark.parametrize("path", sorted((CORPUS / "texts").glob("*.txt")), ids=lambda p: p.name)
def test_the_wording_of_a_form_without_the_form_is_never_a_courts_paper(path: Path) -> None:
    found = describe(path.read_bytes(), path.name)
    assert found["authority"] in ("none", "unreadable")
    assert found["signed"] != "yes"
