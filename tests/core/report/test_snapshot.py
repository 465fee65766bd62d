"""The published report: bound to its checkpoint, opened as far as it counts, shut otherwise."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from habeas.domain.events import row_json
from habeas.domain.text import Text
from habeas.kernel.canonical import decode, encode
from habeas.kernel.errors import BadInput, BrokenInvariant
from habeas.ledger.entry import Opening, Part, check_opening, read_entry
from habeas.report.snapshot import COLUMNS, make_report, row_as_json, sha256_of, to_csv, to_json
from tests.core.report.samples import (
    AFTER,
    FIRST,
    LAST,
    REGIME,
    SIGNER,
    answered,
    decided,
    entries_of,
    logs,
    note_of,
    received,
    report_of,
    small_log,
)

if TYPE_CHECKING:
    from habeas.domain.reporting_row import ReportingRow


def test_every_row_of_every_request_of_the_period_is_opened_and_no_other() -> None:
    rows = small_log()
    report = report_of(rows)
    inside = [i for i, r in enumerate(rows) if r.request_ref and r.periods]
    assert [o["index"] for o in report["openings"]] == inside
    assert [o["row"] for o in report["openings"]] == [row_json(rows[i]) for i in inside]
    assert report["unopened"]["total"] == len(rows) - len(inside) == 2


def test_an_opening_opens_its_entry() -> None:
    for o in report_of(small_log())["openings"]:
        assert check_opening(read_entry(o["entry"]), Opening(Part.STAT, bytes.fromhex(o["salt"]), o["row"]))


def test_a_sealed_case_is_counted_as_sealed_and_nothing_of_it_is_shown() -> None:
    rows = small_log()
    sealed = [i for i, r in enumerate(rows) if r.request_ref == "A" * 10]
    report = report_of(rows, sealed=sealed)
    assert report["unopened"]["sealed"] == len(sealed)
    assert "A" * 10 not in to_json(report).decode()


def test_a_shorter_period_counts_only_what_was_received_in_it() -> None:
    report = report_of(small_log(), date(2020, 10, 1), LAST)
    assert {o["row"]["request_ref"] for o in report["openings"]} == {"E" * 10}
    assert report["period"]["segments"] == ["us-co-2020:2020-10-01..2020-10-15"]


def test_nothing_is_opened_before_the_period_is_over_in_the_regimes_zone() -> None:
    entries = entries_of(small_log())
    still_the_15th = datetime(2020, 10, 16, 5, 0, tzinfo=UTC)
    with pytest.raises(BadInput, match=r"report\.period\.open"):
        make_report(REGIME, FIRST, LAST, entries, note_of(entries), still_the_15th, demo=True)


def test_entries_the_checkpoint_does_not_cover_are_left_out() -> None:
    rows = small_log()
    report = report_of(rows, note=note_of(entries_of(rows[:2])))
    assert report["entry_range"] == {"first": 0, "end": 2}
    assert len(report["openings"]) == 2


def test_entries_missing_or_out_of_order_publish_nothing() -> None:
    entries = entries_of(small_log())
    for broken_log in (entries[:-1], entries[1:], [*entries[:3], *entries[4:]], [entries[1], entries[0]]):
        with pytest.raises(BrokenInvariant, match=r"report\.entries\.gap"):
            make_report(REGIME, FIRST, LAST, broken_log, note_of(entries), AFTER, demo=True)


def test_a_checkpoint_over_other_entries_publishes_nothing() -> None:
    entries = entries_of(small_log())
    other = note_of(list(reversed(entries)))
    with pytest.raises(BrokenInvariant, match=r"report\.root\.mismatch"):
        make_report(REGIME, FIRST, LAST, entries, other, AFTER, demo=True)


def test_a_row_that_the_ledger_did_not_commit_to_publishes_nothing() -> None:
    rows = small_log()
    entries = entries_of(rows)
    index, data, salt, row = entries[0]
    assert row is not None
    entries[0] = (index, data, salt, attrs.evolve(row, unit="elsewhere"))
    with pytest.raises(BrokenInvariant, match=r"report\.opening\.mismatch"):
        make_report(REGIME, FIRST, LAST, entries, note_of(entries), AFTER, demo=True)


@pytest.mark.parametrize("column", [{"periods": ()}, {"month": "2020-08"}])
def test_a_row_cannot_hide_from_its_request_by_naming_another_time(column: dict[str, Any]) -> None:
    row = received("A" * 10)
    with pytest.raises(BrokenInvariant, match=r"report\.rows\.disagree"):
        report_of([row, attrs.evolve(row, **column)])


def test_rows_of_a_demonstration_are_labelled_whatever_the_caller_says() -> None:
    plain = [attrs.evolve(r, demo=False) for r in small_log()]
    assert report_of(plain)["demonstration"] is None
    assert report_of(plain, demo=True)["demonstration"] == REGIME.demonstration.as_json()
    assert report_of(small_log(), demo=False)["demonstration"] == REGIME.demonstration.as_json()


def test_the_caller_adds_footnotes_and_takes_none_away() -> None:
    more = Text("The rule x is not verified.", "La regla x no está verificada.")
    notes = report_of(small_log(), footnotes=[more])["footnotes"]
    assert notes == [*(t.as_json() for t in REGIME.footnotes), more.as_json()]


def test_an_empty_ledger_gives_a_report_of_zeros() -> None:
    report = report_of([])
    assert report["entry_range"] == {"first": 0, "end": 0}
    assert all(f["value"] in (0, None) for f in report["figures"])


def test_the_same_log_gives_the_same_bytes() -> None:
    assert to_json(report_of(small_log())) == to_json(report_of(small_log()))
    assert decode(to_json(report_of(small_log()))) == report_of(small_log())


@settings(max_examples=30)
@given(logs())
def test_no_row_outside_the_period_is_in_a_report(rows: list[ReportingRow]) -> None:
    report = report_of(rows)
    opened = {o["index"] for o in report["openings"]}
    assert opened == {i for i, r in enumerate(rows) if r.periods}
    covered = {
        i for n in report["unopened"]["nodes"] for i in range(n["first"], n["first"] + 2 ** n["level"])
    }
    assert covered == set(range(len(rows))) - opened


@settings(max_examples=30)
@given(logs())
def test_the_fast_bytes_are_the_canonical_bytes(rows: list[ReportingRow]) -> None:
    report = report_of(rows)
    assert to_json(report) == encode(report)
    assert [row_as_json(r) for r in rows] == [row_json(r) for r in rows]


def test_a_text_that_looks_like_the_openings_stays_a_text() -> None:
    report = {**report_of(small_log()), "footnotes": [{"en": '","openings":[],"', "es": '"openings":[]'}]}
    assert to_json(report) == encode(report)


SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "habeas.report.v1.json").read_text("utf-8"))


@settings(max_examples=10)
@given(logs())
def test_every_report_fits_its_schema(rows: list[ReportingRow]) -> None:
    Draft202012Validator(SCHEMA).validate(report_of(rows))
    Draft202012Validator(SCHEMA).validate(report_of([attrs.evolve(r, demo=False) for r in rows]))


def test_the_schema_names_every_column_of_a_row_and_every_member_of_a_report() -> None:
    assert set(SCHEMA["$defs"]["row"]["properties"]) == set(row_json(received("A" * 10)))
    assert set(SCHEMA["properties"]) == set(report_of([]))


def _records(document: Any) -> list[dict[str, str]]:
    text = to_csv(document).decode("utf-8")
    assert text.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_table_file_holds_every_figure_once_and_says_in_each_record_what_it_is_from() -> None:
    report = report_of(small_log())
    records = _records(report)
    assert len(records) == len(report["figures"])
    for record, figure in zip(records, report["figures"], strict=True):
        assert set(record) == set(COLUMNS)
        assert record["figure"] == ("" if figure["value"] is None else str(figure["value"]))
        assert record["measure"] == figure["measure"]
        assert {record["value_1"], record["value_2"], record["requesters"]} - {""} == set(
            figure["by"].values()
        )
    assert {r["report_sha256"] for r in records} == {sha256_of(to_json(report))}
    assert {r["demonstration"] for r in records} == {"yes"}
    (headline,) = [
        r
        for r in records
        if (r["table"], r["measure"], r["requesters"]) == ("headline", "granted", "measured")
    ]
    assert headline["figure"] == "2"


def test_a_band_that_a_spreadsheet_would_take_for_a_day_is_also_said_in_words() -> None:
    labels = {(r["dimension_1"], r["value_1"]): r["label_en"] for r in _records(report_of(small_log()))}
    assert labels["subjects", "2-10"] == "2 to 10"
    assert labels["days", "1-3"] == "1 to 3"
    assert labels["month", "2020-07"] == "July 2020"
    spanish = {
        r["value_2"]: r["label_es"] for r in _records(report_of(small_log())) if r["table"] == "requester"
    }
    assert spanish["fbi"] == "Justicia · FBI"


def test_no_cell_of_the_table_file_begins_like_a_formula() -> None:
    for record in _records(report_of(small_log())):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in record.values())


def test_days_and_decisions_of_one_request_end_up_in_one_line_of_each_table() -> None:
    row = received("A" * 10)
    # what a person saw: one request, one item released, answered after nine days
    report = report_of([row, decided(row, "1", *_released()), answered(row, 9)])
    (days,) = [
        f for f in report["figures"] if f["table"] == "days" and f["measure"] == "granted" and f["value"]
    ]
    assert days["by"] == {"requesters": "measured", "days": "8-14"}


def _released() -> tuple[Any, Any]:
    from habeas.domain.vocabulary import Effect, Outcome

    return Effect.PERMITTED, Outcome.RELEASE


def test_the_signer_of_the_note_is_not_needed_to_make_a_report() -> None:
    assert SIGNER.verifier.vkey not in to_json(report_of(small_log())).decode()
