"""Reporting regimes: which law wants counts, of whose requests, over which days.

Hides how a regime is written down (`law/*.toml`, one file a regime). Promises that the segments of a
regime lie end to end, each inside one calendar month, so that a reporting row, which holds a month and
its segments but no day, can be counted into any period that begins and ends on a segment's border.

A segment's id says what it is: `us-co-2020:2020-06-20..2020-06-30`, both days inclusive legal dates in
the regime's zone.
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.text import Text
from habeas.kernel.errors import bad
from habeas.kernel.shape import from_json

if TYPE_CHECKING:
    from collections.abc import Iterator

_HORIZON: Final = 100
"""Years after which a regime without an end is taken to end."""


@attrs.frozen
class Segment:
    """A run of days inside one calendar month, `begins_on` to `ends_on`, both counted."""

    regime: str
    begins_on: date
    ends_on: date

    @property
    def id(self) -> str:
        """The id that reporting rows carry in `periods`."""
        return f"{self.regime}:{self.begins_on}..{self.ends_on}"

    @property
    def month(self) -> str:
        """The calendar month it lies in, `YYYY-MM`."""
        return f"{self.begins_on:%Y-%m}"


@attrs.frozen
class Regime:
    """One reporting duty.

    `measured` are the organisations whose requests the headline counts; empty means every requester.
    `law` says under which text the report is made, `footnotes` what of it is not verified.
    """

    id: str
    jurisdiction: str
    zone: str
    begins_on: date
    ends_on: date | None
    measured: tuple[v.Organisation, ...]
    title: Text
    requesters: Text
    law: Text
    demonstration: Text
    footnotes: tuple[Text, ...]

    def segments(self) -> Iterator[Segment]:
        """Every segment in order: the calendar months, clipped to the regime's window."""
        first = self.begins_on
        last = self.ends_on or date(first.year + _HORIZON, 12, 31)
        while first <= last:
            end = min(last, first.replace(day=monthrange(first.year, first.month)[1]))
            yield Segment(self.id, first, end)
            first = end + timedelta(days=1)

    def segment_of(self, on: date) -> Segment | None:
        """The segment that a legal date falls into, or None outside the window."""
        if on < self.begins_on or (self.ends_on is not None and on > self.ends_on):
            return None
        begins = max(self.begins_on, on.replace(day=1))
        month_end = on.replace(day=monthrange(on.year, on.month)[1])
        return Segment(self.id, begins, min(month_end, self.ends_on or month_end))


@cache
def regimes() -> tuple[Regime, ...]:
    """Every regime known here, by id."""
    folder = files("habeas.report") / "law"
    found = [f for f in folder.iterdir() if f.name.endswith(".toml")]
    return tuple(sorted((_read(f.read_text("utf-8"), f.name) for f in found), key=lambda r: r.id))


def _read(text: str, place: str) -> Regime:
    data = tomllib.loads(text)
    plain = {key: value for key, value in data.items() if key not in ("from", "to")}
    ends = data.get("to")
    plain["begins_on"] = data["from"].isoformat()
    plain["ends_on"] = ends.isoformat() if ends else None
    return from_json(Regime, plain, place)


def regime(regime_id: str) -> Regime:
    """The regime of an id, or `BadInput` naming the known ones."""
    found = next((r for r in regimes() if r.id == regime_id), None)
    if found is None:
        raise bad("report.regime.unknown", "regime", known=", ".join(r.id for r in regimes()))
    return found


def segments_of(on: date, jurisdiction: str | None = None) -> tuple[str, ...]:
    """The segment ids that a request received on this legal date counts into, written at receipt.

    With a `jurisdiction` (`us-co`), only its regimes; the date is legal in the custodian's zone.
    """
    wanted = [r for r in regimes() if jurisdiction is None or r.jurisdiction == jurisdiction]
    return tuple(s.id for r in wanted if (s := r.segment_of(on)) is not None)


def segments_between(which: str | Regime, begins_on: date, ends_on: date) -> tuple[Segment, ...]:
    """The segments of a period, or `BadInput` naming the days it may begin and end on."""
    law = which if isinstance(which, Regime) else regime(which)
    chosen = tuple(s for s in law.segments() if begins_on <= s.begins_on and s.ends_on <= ends_on)
    if not chosen or (chosen[0].begins_on, chosen[-1].ends_on) != (begins_on, ends_on):
        raise bad(
            "report.period.boundary", "period", begin=_borders(law, "begins"), end=_borders(law, "ends")
        )
    return chosen


def _borders(law: Regime, side: str) -> str:
    """The allowed days of one side, in words short enough for a line."""
    if law.ends_on is None:
        return f"the {'first' if side == 'begins' else 'last'} day of a month since {law.begins_on:%Y-%m}"
    return ", ".join(f"{s.begins_on if side == 'begins' else s.ends_on}" for s in law.segments())
