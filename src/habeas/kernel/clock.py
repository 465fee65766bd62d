"""Time, as a value handed in: the core never asks the machine what time it is.

`…_at` is an instant in UTC, written RFC 3339 with seconds and `Z`. `…_on` is a legal date in the
custodian's zone. A deadline counted in business days skips Saturdays, Sundays and the holidays given.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

import attrs

from habeas.kernel.errors import bad

if TYPE_CHECKING:
    from collections.abc import Collection


class Clock(Protocol):
    """Gives the present instant."""

    def now(self) -> datetime:
        """The present, timezone-aware, in UTC."""
        ...


@attrs.define
class SetClock:
    """A clock that stands where it is put: for demonstrations, replays and tests."""

    at: datetime

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at

    def set(self, at: datetime) -> None:
        """Move the clock to an instant."""
        self.at = at


def write_instant(at: datetime) -> str:
    """An aware datetime → `2020-10-15T16:03:00Z`; fractions of a second are cut."""
    return at.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_instant(text: str, place: str) -> datetime:
    """`2020-10-15T16:03:00Z` → an aware datetime; anything else is a `BadInput`."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise bad("time.instant.invalid", place) from None
    if at.tzinfo is None:
        raise bad("time.instant.no_zone", place)
    return at.astimezone(UTC)


def read_date(text: str, place: str) -> date:
    """`2020-10-15` → a date; anything else is a `BadInput`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise bad("time.date.invalid", place) from None


def legal_date(at: datetime, zone: str) -> date:
    """The legal date of an instant in a custodian's zone (an IANA name such as `America/Denver`)."""
    return at.astimezone(ZoneInfo(zone)).date()


def add_business_days(start: date, days: int, holidays: Collection[date]) -> date:
    """The date `days` business days after `start`; the day of the event itself is not counted."""
    day, left = start, days
    while left > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:  # noqa: PLR2004 - Monday to Friday
            left -= 1
    return day
