"""Measures: rows folded into requests, and every number counted by its rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.domain import vocabulary as v
from habeas.domain.reporting_row import ReportingRow
from habeas.report.counting import fold_rows
from habeas.report.measures import GROUPS, HEADLINE, MEASURES, TABLES, Part, figures, median
from tests.core.report.samples import REGIME, answered, decided, logs, received, small_log

MONTHS = ("2020-06", "2020-07", "2020-08", "2020-09", "2020-10")
ENDINGS = ("granted_whole", "granted_in_part", "refused", "other_endings", "pending")
ITEM_ENDINGS = (
    "items_released",
    "items_refused",
    "items_contested",
    "items_with_counsel",
    "items_other",
    "items_undecided",
)


def _values(rows: list[ReportingRow]) -> dict[tuple[Any, ...], Any]:
    made = figures(fold_rows(rows), REGIME, MONTHS)
    found = {(f.table, f.measure, *(word for _, word in f.by)): f.value for f in made}
    assert len(found) == len(made)
    return found


def test_the_headline_counts_the_measured_requesters_apart_from_others_and_unknown() -> None:
    found = _values([r for r in small_log() if r.request_ref != "G" * 10])
    headline = {m: found[HEADLINE, m, "measured"] for m in (m.id for m in MEASURES)}
    assert headline == {
        "requests": 4, "granted": 2, "granted_whole": 1, "granted_in_part": 1, "refused": 1,
        "other_endings": 0, "pending": 1, "answered": 3, "timed": 3, "median_days": "3", "repeats": 2,
        "overrides": 1, "overrides_toward_release": 0, "overrides_toward_refusal": 1, "items": 6,
        "items_released": 3, "items_refused": 2, "items_contested": 0, "items_with_counsel": 1,
        "items_other": 0, "items_undecided": 0,
    }  # fmt: skip
    assert found[HEADLINE, "requests", "other"] == 1
    assert found[HEADLINE, "overrides_toward_release", "other"] == 1
    assert found[HEADLINE, "other_endings", "unknown"] == 1
    assert found[HEADLINE, "requests", "all"] == 6


def test_a_later_decision_replaces_an_earlier_one_but_the_override_stays_counted() -> None:
    row = received("A" * 10)
    first = decided(row, "1", v.Effect.FORBIDDEN, v.Outcome.RELEASE)
    second = decided(row, "1", v.Effect.FORBIDDEN, v.Outcome.REFUSE)
    (request,) = fold_rows([row, first, second])
    assert request.outcome is v.RequestOutcome.REFUSED
    assert request.overrides == ("toward_release",)


def test_an_event_after_a_decision_does_not_undo_it() -> None:
    row = received("A" * 10)
    release = decided(row, "1", v.Effect.PERMITTED, v.Outcome.RELEASE)
    objection = attrs.evolve(row, kind=v.EventKind.OBJECTION_RECORDED, item="1")
    (request,) = fold_rows([row, release, objection, answered(row, 4)])
    assert request.outcome is v.RequestOutcome.GRANTED
    assert request.days == 4


def test_a_request_nobody_decided_is_pending_and_its_days_are_not_measured() -> None:
    row = received("A" * 10)
    (request,) = fold_rows([row, answered(row, 4)])
    assert request.outcome is v.RequestOutcome.PENDING
    assert request.answer_band == "pending"


def test_a_row_about_no_request_counts_nothing() -> None:
    assert fold_rows([ReportingRow(v.EventKind.KEY_ROTATED, "", "2020-07", "", "")]) == ()


def test_a_resent_message_neither_opens_a_request_nor_changes_it() -> None:
    row = received("A" * 10)
    again = attrs.evolve(row, repeat=True, channel=v.Channel.FAX, component=v.Component.FBI)
    (request,) = fold_rows([row, again])
    assert (request.repeats, request.channel, request.component) == (1, row.channel, row.component)


@pytest.mark.parametrize(
    ("numbers", "expected"), [([], None), ([5], "5"), ([1, 2], "1.5"), ([1, 3], "2"), ([9, 1, 2], "2")]
)
def test_the_median_is_exact(numbers: list[int], expected: str | None) -> None:
    assert median(numbers) == expected


@given(st.lists(st.integers(0, 10_000), min_size=1))
def test_as_many_days_lie_below_the_median_as_above(numbers: list[int]) -> None:
    middle = float(median(numbers) or 0)
    assert sum(1 for n in numbers if n < middle) <= len(numbers) / 2
    assert sum(1 for n in numbers if n > middle) <= len(numbers) / 2


@given(logs())
def test_every_total_is_the_sum_of_its_parts(rows: list[ReportingRow]) -> None:
    found = _values(rows)
    sums: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for (table, measure, group, *_), value in found.items():
        if table != HEADLINE:
            sums[table, measure, group] += value
    for table in TABLES:
        for measure in table.measures:
            for group in GROUPS:
                assert sums[table.id, measure.id, group] == found[HEADLINE, measure.id, group]
    for name in (*GROUPS, "all"):
        assert sum(found[HEADLINE, m, name] for m in ENDINGS) == found[HEADLINE, "requests", name]
        assert sum(found[HEADLINE, m, name] for m in ITEM_ENDINGS) == found[HEADLINE, "items", name]
    for one in MEASURES:
        if one.id != "median_days":
            assert sum(found[HEADLINE, one.id, g] for g in GROUPS) == found[HEADLINE, one.id, "all"]


@given(logs())
def test_every_request_is_counted_once_however_often_it_is_written(rows: list[ReportingRow]) -> None:
    refs = {r.request_ref for r in rows}
    assert _values(rows)[HEADLINE, "requests", "all"] == len(refs)
    assert Counter(r.request_ref for r in fold_rows(rows)) == Counter(refs)


@given(logs(), st.randoms(use_true_random=False))
def test_how_requests_interleave_in_the_log_changes_no_figure(rows: list[ReportingRow], chance: Any) -> None:
    refs = list(dict.fromkeys(r.request_ref for r in rows))
    chance.shuffle(refs)
    apart = [r for ref in refs for r in rows if r.request_ref == ref]
    assert _values(apart) == _values(rows)


def test_zeros_and_unknowns_are_written_out() -> None:
    found = _values([])
    for group in GROUPS:
        assert found["purpose", "requests", group, "unknown"] == 0
        assert found["month", "requests", group, "2020-09"] == 0
        assert found["days", "requests", group, "pending"] == 0
        assert found["category", "items", group, "unknown"] == 0
        assert found["outcome", "items", group, "contest"] == 0
    assert found[HEADLINE, "median_days", "all"] is None


def test_a_definition_says_everything_in_both_languages_and_names_its_digest() -> None:
    ids = {m.id for m in MEASURES}
    assert len(ids) == len(MEASURES)
    for m in MEASURES:
        published = m.as_json()
        assert published["of"] in ids | {""}
        assert all(published[key] for key in ("id", "unit", "rule", "en", "es", "digest"))
    changed = attrs.evolve(MEASURES[0], rule="something else").as_json()
    assert changed["digest"] != MEASURES[0].as_json()["digest"]


def test_a_share_is_never_more_than_its_whole() -> None:
    part = Part.of(fold_rows(small_log()))
    values = {m.id: m.value(part) for m in MEASURES}
    for m in MEASURES:
        if m.of and m.unit != "day":
            assert 0 <= int(values[m.id] or 0) <= int(values[m.of] or 0)
