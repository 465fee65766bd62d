"""The report's words in each language: labels of values, columns and sentences, from `words.*.toml`.

Promises that a word that is in no list (an agency, a rule) is shown as itself, never dropped.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.instrument import FORMS

if TYPE_CHECKING:
    from habeas.report.regimes import Segment


@attrs.frozen
class Words:
    """One language's words, by section and key."""

    language: v.Language
    sections: dict[str, Any] = attrs.field(repr=False)

    def of(self, section: str, key: str) -> str:
        """The word of a key; a key of an open list is its own word."""
        if section == "paper_kind":
            form = FORMS[v.InstrumentKind(key)]
            return _sentence(form.title_en if self.language is v.Language.EN else form.title_es)
        return str(self.sections.get(section, {}).get(key, key))

    def page(self, key: str, **slots: object) -> str:
        """A sentence of the page with its slots filled."""
        return str(self.sections["page"][key]).format(**slots)

    def day(self, on: date) -> str:
        """`June 20, 2020`, `20 de junio de 2020`."""
        return self._date("day", on, day=on.day)

    def value(self, dimension: str, word: str) -> str:
        """The word of a dimension's value; a month (`2020-07`) is written out."""
        if dimension == "month":
            return _sentence(self._date("month", date.fromisoformat(f"{word}-01")))
        return self.of(dimension, word)

    def segment(self, segment: Segment) -> str:
        """A segment's days: `July 2020` for a whole month, else `June 20 to 30, 2020`."""
        begins, ends = segment.begins_on, segment.ends_on
        whole = begins.day == 1 and (ends.month != _next_day(ends).month)
        if whole:
            return _sentence(self._date("month", begins))
        return self._date("days", begins, first=begins.day, last=ends.day)

    def _date(self, form: str, on: date, **slots: int) -> str:
        dates = self.sections["date"]
        return str(dates[form]).format(month=dates["months"][on.month - 1], year=on.year, **slots)


def _next_day(on: date) -> date:
    return on.fromordinal(on.toordinal() + 1)


def _sentence(text: str) -> str:
    """The text with its first letter capital, the rest as it is."""
    return text[:1].upper() + text[1:]


@cache
def words(language: v.Language) -> Words:
    """The words of one language."""
    text = (files("habeas.report") / f"words.{language}.toml").read_text("utf-8")
    return Words(language, tomllib.loads(text))
