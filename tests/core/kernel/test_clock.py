"""Instants, legal dates and business days: one way of writing, total reading, no clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.clock import (
    SetClock,
    add_business_days,
    legal_date,
    read_date,
    read_instant,
    write_instant,
)
from habeas.kernel.errors import BadInput

FRIDAY = date(2020, 10, 16)
INSTANTS = st.datetimes(timezones=st.timezones(), allow_imaginary=False)
DAYS = st.dates(date(1990, 1, 1), date(2040, 1, 1))


def code_of(text: str) -> str:
    with pytest.raises(BadInput) as refused:
        read_instant(text, "form.received_at")
    assert refused.value.problems[0].place == "form.received_at"
    return refused.value.problems[0].code


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_written_is_read_back_to_the_second(at: datetime) -> None:
    assert read_instant(write_instant(at), "at") == at.replace(microsecond=0)


@given(INSTANTS)
def test_one_instant_is_written_one_way_whatever_its_zone(at: datetime) -> None:
    try:
        same = at.astimezone(UTC)
    except OverflowError:
        return
    assert write_instant(at) == write_instant(same)


@given(st.text(max_size=30) | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(Z|[+-][0-9]{2}:[0-9]{2})"))
def test_any_text_gives_an_instant_or_bad_input(text: str) -> None:
    codes = []
    try:
        assert read_instant(text, "at").utcoffset() == timedelta(0)
    except BadInput as error:
        codes = [p.code for p in error.problems]
    assert all(code.startswith("time.instant.") for code in codes)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00"])
def test_an_instant_outside_the_years_of_the_calendar_is_bad_input(text: str) -> None:
    assert code_of(text) == "time.instant.invalid"


@pytest.mark.parametrize(
    "text",
    [
        "", "2020-10-15", "20201015T160300Z", "2020-10-15 16:03:00Z", "2020-W42-4T16:03:00Z",
        "2020-10-15T16:03Z", "2020-02-30T00:00:00Z", "2020-10-15T24:00:01Z", "2020-10-15T16:03:00+25:00",
        "2020-10-15T16:03:00Z\n", " 2020-10-15T16:03:00Z", "\uff12020-10-15T16:03:00Z",
        "2020-10-15T16:03:60Z",
    ],
)  # fmt: skip
def test_no_other_way_of_writing_an_instant_is_read(text: str) -> None:
    assert code_of(text) == "time.instant.invalid"


def test_an_instant_without_a_zone_is_refused_as_such() -> None:
    assert code_of("2020-10-15T16:03:00") == "time.instant.no_zone"


def test_an_offset_is_counted_in() -> None:
    assert read_instant("2020-10-15T16:03:00-06:00", "at") == datetime(2020, 10, 15, 22, 3, tzinfo=UTC)
    assert write_instant(datetime(999, 1, 2, tzinfo=timezone(timedelta(hours=1)))) == "0999-01-01T23:00:00Z"


@given(st.dates())
def test_a_date_written_is_read_back(day: date) -> None:
    assert read_date(day.isoformat(), "on") == day


@pytest.mark.parametrize(
    "text", ["", "20201015", "2020-W42-4", "2020-2-3", "2020-02-30", "2020-10-15\n", "0000-01-01"]
)
def test_no_other_way_of_writing_a_date_is_read(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_date(text, "on")
    assert refused.value.problems[0].code == "time.date.invalid"


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2020-06-20T05:59:59Z", date(2020, 6, 19)),  # a minute before midnight in Denver, in summer
        ("2020-06-20T06:00:00Z", date(2020, 6, 20)),
        ("2020-12-20T06:59:59Z", date(2020, 12, 19)),
        ("2020-11-01T07:30:00Z", date(2020, 11, 1)),
    ],
)
def test_a_legal_date_is_the_one_on_the_custodians_wall(at: str, day: date) -> None:
    assert legal_date(read_instant(at, "at"), "America/Denver") == day


def test_a_legal_date_outside_the_calendar_is_bad_input() -> None:
    with pytest.raises(BadInput, match=r"time\.instant\.invalid"):
        legal_date(datetime(1, 1, 1, tzinfo=UTC), "America/Denver")
    with pytest.raises(BadInput, match=r"time\.instant\.invalid"):
        legal_date(datetime(9999, 12, 31, 23, tzinfo=UTC), "Pacific/Kiritimati")


@given(INSTANTS, st.sampled_from(["America/Denver", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC"]))
def test_a_legal_date_is_within_a_day_of_the_universal_one(at: datetime, zone: str) -> None:
    try:
        day = legal_date(at, zone)
    except BadInput:
        return
    assert abs((day - at.astimezone(UTC).date()).days) <= 1


@pytest.mark.parametrize(
    ("days", "holidays", "due"),
    [
        (0, (), FRIDAY), (1, (), date(2020, 10, 19)), (5, (), date(2020, 10, 23)),
        (6, (), date(2020, 10, 26)),
        (1, (date(2020, 10, 19),), date(2020, 10, 20)), (1, (date(2020, 10, 17),), date(2020, 10, 19)),
        (1, (FRIDAY,), date(2020, 10, 19)),
    ],
)  # fmt: skip
def test_weekends_and_holidays_are_not_counted(days: int, holidays: tuple[date, ...], due: date) -> None:
    assert add_business_days(FRIDAY, days, holidays) == due


@given(DAYS, st.integers(1, 40), st.sets(DAYS, max_size=3))
def test_a_deadline_is_a_business_day_with_just_so_many_up_to_it(
    start: date, days: int, holidays: set[date]
) -> None:
    due = add_business_days(start, days, holidays)
    every = (start + timedelta(days=n) for n in range(1, (due - start).days + 1))
    working = [day for day in every if day.weekday() < 5 and day not in holidays]
    assert len(working) == days
    assert working[-1] == due


@given(DAYS, st.integers(0, 20), st.integers(0, 20))
def test_deadlines_add_up(start: date, one: int, two: int) -> None:
    assert add_business_days(add_business_days(start, one, ()), two, ()) == add_business_days(
        start, one + two, ()
    )


def test_a_set_clock_stands_still() -> None:
    clock = SetClock(datetime(2020, 10, 15, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.set(datetime(2021, 1, 1, tzinfo=UTC))
    assert clock.now().year == 2021
