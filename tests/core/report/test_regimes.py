"""Regimes: which days a report may begin and end on, and which segments a receipt counts into."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.errors import BadInput
from habeas.report.regimes import regime, regimes, segments_between, segments_of


def test_the_2020_window_falls_into_its_half_months_and_months() -> None:
    assert [s.id for s in regime("us-co-2020").segments()] == [
        "us-co-2020:2020-06-20..2020-06-30",
        "us-co-2020:2020-07-01..2020-07-31",
        "us-co-2020:2020-08-01..2020-08-31",
        "us-co-2020:2020-09-01..2020-09-30",
        "us-co-2020:2020-10-01..2020-10-15",
    ]


@pytest.mark.parametrize(
    ("on", "segments"),
    [
        (date(2020, 6, 19), ()),
        (date(2020, 6, 20), ("us-co-2020:2020-06-20..2020-06-30",)),
        (date(2020, 6, 30), ("us-co-2020:2020-06-20..2020-06-30",)),
        (date(2020, 10, 15), ("us-co-2020:2020-10-01..2020-10-15",)),
        (date(2020, 10, 16), ()),
        (date(2024, 2, 29), ("us-co-24-74:2024-02-01..2024-02-29",)),
    ],
)
def test_a_receipt_counts_into_the_segment_of_its_day(on: date, segments: tuple[str, ...]) -> None:
    assert segments_of(on) == segments
    assert segments_of(on, "us-co") == segments
    assert segments_of(on, "us-ny") == ()


@given(st.dates(date(2019, 1, 1), date(2040, 12, 31)))
def test_a_day_lies_in_the_one_segment_that_holds_it(on: date) -> None:
    for law in regimes():
        holding = [s.id for s in law.segments() if s.begins_on <= on <= s.ends_on]
        found = law.segment_of(on)
        assert holding == ([found.id] if found else [])


def test_segments_lie_end_to_end_inside_months() -> None:
    for law in regimes():
        row = list(law.segments())
        assert row[0].begins_on == law.begins_on
        for one, following in pairwise(row):
            assert following.begins_on == one.ends_on + timedelta(days=1)
        assert all(s.begins_on.month == s.ends_on.month for s in row)


def test_a_period_on_segment_borders_is_taken_and_any_other_is_refused_by_naming_them() -> None:
    assert len(segments_between("us-co-2020", date(2020, 6, 20), date(2020, 10, 15))) == 5
    assert [s.month for s in segments_between("us-co-2020", date(2020, 7, 1), date(2020, 8, 31))] == [
        "2020-07",
        "2020-08",
    ]
    for begins, ends in [
        (date(2020, 6, 21), date(2020, 10, 15)),
        (date(2020, 6, 20), date(2020, 10, 14)),
        (date(2020, 8, 1), date(2020, 7, 31)),
        (date(2019, 1, 1), date(2019, 1, 31)),
    ]:
        with pytest.raises(BadInput) as caught:
            segments_between("us-co-2020", begins, ends)
        line = str(caught.value)
        assert "2020-06-20, 2020-07-01" in line
        assert "2020-09-30, 2020-10-15" in line


def test_a_regime_without_an_end_takes_any_quarter() -> None:
    assert len(segments_between("us-co-24-74", date(2026, 1, 1), date(2026, 3, 31))) == 3
    with pytest.raises(BadInput, match="first day of a month since 2022-01"):
        segments_between("us-co-24-74", date(2026, 1, 2), date(2026, 3, 31))


def test_an_unknown_regime_is_refused_by_naming_the_known_ones() -> None:
    with pytest.raises(BadInput, match="us-co-2020, us-co-24-74"):
        regime("us-xx")


def test_every_regime_speaks_both_languages() -> None:
    for law in regimes():
        for text in (law.title, law.requesters, law.law, law.demonstration, *law.footnotes):
            assert text.en
            assert text.es
            assert text.en != text.es


def test_the_demonstration_label_of_2020_says_what_is_real() -> None:
    said = regime("us-co-2020").demonstration.en
    assert (
        "Only the published totals, 66 requests and 33 granted, are real; everything else is invented" in said
    )
