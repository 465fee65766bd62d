"""Clocks of duties: when they start, how long they run, and what has no date yet."""

from __future__ import annotations

from datetime import date

import pytest

from habeas.domain.determination import Duty, RuleHit
from habeas.domain.due import due_on
from habeas.domain.vocabulary import DutyKind, PackStatus, Rank
from habeas.usecases.deadlines import _quarter_end

RULE = RuleHit("r", "us/p", "cite", Rank.FEDERAL_STATUTE, PackStatus.IN_FORCE, verified=True)
STARTED = {"receipt": date(2020, 10, 14), "service": date(2020, 10, 16)}


def duty(days: int | None, starts: str, day_kind: str = "calendar") -> Duty:
    return Duty(DutyKind.OBJECT, RULE, starts, days, day_kind)


def test_calendar_days_count_from_the_day_after_the_start() -> None:
    assert due_on(duty(14, "service"), STARTED) == date(2020, 10, 30)


def test_business_days_pass_over_weekends_and_the_holidays_given() -> None:
    assert due_on(duty(3, "service", "business"), STARTED) == date(2020, 10, 21)
    assert due_on(duty(3, "service", "business"), STARTED, [date(2020, 10, 19)]) == date(2020, 10, 22)


def test_a_clock_that_has_not_started_has_no_date() -> None:
    assert due_on(duty(14, "refusal"), STARTED) is None


def test_a_duty_without_a_stated_length_is_due_at_once() -> None:
    assert due_on(duty(None, "receipt"), STARTED) == date(2020, 10, 14)


@pytest.mark.parametrize(
    ("on", "end"),
    [
        (date(2020, 1, 1), date(2020, 3, 31)),
        (date(2020, 6, 30), date(2020, 6, 30)),
        (date(2024, 2, 29), date(2024, 3, 31)),
        (date(2020, 8, 5), date(2020, 9, 30)),
        (date(2020, 12, 31), date(2020, 12, 31)),
    ],
)
def test_the_end_of_a_quarter(on: date, end: date) -> None:
    assert _quarter_end(on) == end
