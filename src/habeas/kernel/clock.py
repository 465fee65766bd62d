"""Time, as a value handed in: the core never asks the machine what time it is.

`…_at` is an instant in UTC, written RFC 3339 with seconds and `Z`. `…_on` is a legal date in the
custodian's zone. A deadline counted in business days skips Saturdays, Sundays and the holidays given.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol
from zoneinfo import ZoneInfo

import attrs

from habeas.kernel.errors import bad

if TYPE_CHECKING:
    from collections.abc import Collection


_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(
    _DATE.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


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
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def read_instant(text: str, place: str) -> datetime:
    """`2020-10-15T16:03:00Z`, or with an offset (RFC 3339) → an aware datetime, else a `BadInput`."""
    if not _INSTANT.fullmatch(text):
        raise bad("time.instant.invalid", place)
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise bad("time.instant.no_zone", place)
        return at.astimezone(UTC)
    except (ValueError, OverflowError):  # no such day, or in no year from 1 to 9999 of UTC
        raise bad("time.instant.invalid", place) from None


def read_date(text: str, place: str) -> date:
    """`2020-10-15` → a date; anything else is a `BadInput`."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise bad("time.date.invalid", place)


def legal_date(at: datetime, zone: str) -> date:
    """The legal date of an instant in a custodian's zone (an IANA name such as `America/Denver`).

    `BadInput` where that day lies before year 1 or after 9999.
    """
    try:
        return at.astimezone(ZoneInfo(zone)).date()
    except OverflowError:
        raise bad("time.instant.invalid", "instant") from None


def add_business_days(start: date, days: int, holidays: Collection[date]) -> date:
    """The date `days` business days after `start`; the day of the event itself is not counted."""
    day, left = start, days
    while left > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:  # noqa: PLR2004 - Monday to Friday
            left -= 1
    return day
