"""The page a person reads: every number on it is a figure of the document."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.domain import vocabulary as v
from habeas.domain.reporting_row import ReportingRow
from habeas.report.page import SUMMARY_ROWS, page, per_cent
from habeas.report.snapshot import sha256_of, to_json
from tests.core.report.samples import logs, received, report_of, small_log

NAMES = {"cdle": "Department of Labor", "cdle/ui-fraud": "Fraud Unit", "co-2020-i": "Guidance, ground i"}


def _page(rows: list[ReportingRow], language: v.Language = v.Language.EN) -> dict[str, Any]:
    return page(report_of(rows), language, NAMES)


def test_the_headline_stands_first_and_is_the_documents() -> None:
    summary = _page(small_log())["summary"]
    assert (summary["requests"], summary["granted"], summary["granted_share"]) == (
        "4",
        "2",
        "50% of the requests",
    )
    assert summary["requests_label"] == "Requests from DHS and ICE"
    assert [e["value"] for e in summary["endings"]] == ["1", "1", "1", "0", "1"]
    assert [e["share"] for e in summary["endings"]] == ["25%", "25%", "25%", "0%", "25%"]
    assert [f["value"] for f in summary["facts"]] == ["3", "1", "2"]
    assert "requests 1, granted 1. Requesters not known: requests 1, granted 0" in summary["others"]


def test_agencies_units_and_rules_are_named_where_a_name_is_known_else_by_their_id() -> None:
    made = _page([*small_log(), received("Z" * 10, custodian="dor", unit="mvi")])
    rows = made["summary"]["places"]["rows"]
    assert [row[:2] for row in rows] == [["Department of Labor", "Fraud Unit"], ["dor", "mvi"]]
    (ground,) = [t for t in made["sections"][0]["tables"] if t["title"] == "Items by rule that determined"]
    assert ground["rows"][0][0] == "Guidance, ground i"


@settings(max_examples=25)
@given(logs(), st.sampled_from(v.Language))
def test_every_table_of_the_page_adds_up(rows: list[ReportingRow], language: v.Language) -> None:
    made = _page(rows, language)
    for table in [made["summary"]["places"], *(t for s in made["sections"] for t in s["tables"])]:
        labels = table["labels"]
        assert len(table["head"]) == len(table["total"])
        for column in range(labels, len(table["head"])):
            assert sum(int(row[column]) for row in table["rows"]) == int(table["total"][column])


def test_many_agencies_stay_on_the_first_page_the_small_ones_together() -> None:
    rows = [received(f"{n:010d}", custodian=f"agency-{n % 12}", unit="u") for n in range(31)]
    made = _page(rows)
    places = made["summary"]["places"]
    assert len(places["rows"]) == SUMMARY_ROWS
    assert places["rows"][-1][:3] == ["All other agencies and units", "", "10"]
    (full,) = [t for t in made["sections"][0]["tables"] if t["title"] == "Requests by agency asked"]
    assert len(full["rows"]) == 12


def test_a_regime_that_measures_everybody_has_no_others() -> None:
    document = report_of([received("A" * 10)])
    document["regime"]["measured"] = []
    assert page(document, v.Language.EN)["summary"]["others"] == ""


def test_other_requesters_have_their_own_tables_only_when_there_are_any() -> None:
    assert len(_page(small_log())["sections"]) == 2
    alone = _page([received("A" * 10)])
    assert len(alone["sections"]) == 1
    assert alone["summary"]["others"] == "No request from other requesters was logged in the period."


def test_an_empty_period_has_no_shares_and_says_so_in_zeros() -> None:
    summary = _page([])["summary"]
    assert (summary["requests"], summary["granted"], summary["granted_share"]) == ("0", "0", "")
    assert {e["share"] for e in summary["endings"]} == {""}


def test_the_proof_names_log_root_digest_command_and_what_stays_shut() -> None:
    document = report_of(small_log(), sealed=[5])
    made = page(document, v.Language.EN)
    proof = " ".join(made["proof"])
    root = re.search(r"root is ([0-9a-f]{64})", proof)
    assert root
    assert sha256_of(to_json(document)) in proof
    assert made["command"] in proof
    assert "1 entries are sealed" in proof
    assert made["proof_short"].startswith(f"Proof: {len(small_log())} entries, root {root[1][:12]}")


def test_the_demonstration_is_labelled_in_the_readers_language() -> None:
    assert _page(small_log(), v.Language.ES)["demonstration"].startswith("Demostración. Solo son reales")


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 0, 0), (1, 3, 33), (2, 3, 67), (1, 8, 13), (33, 66, 50), (66, 66, 100)],
)
def test_a_share_is_rounded_half_up(part: int, whole: int, expected: int) -> None:
    assert per_cent(part, whole) == expected
