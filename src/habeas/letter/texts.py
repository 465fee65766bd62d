"""The letters' texts in each language, from `texts.*.toml`: data, so that a lawyer can change a sentence.

Promises that a key that is missing is an error here, never an empty line in a letter.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import attrs

from habeas.domain.vocabulary import Language

if TYPE_CHECKING:
    from datetime import date


@attrs.frozen
class Texts:
    """One language's texts, by section and key."""

    language: Language
    sections: dict[str, Any] = attrs.field(repr=False)

    def of(self, section: str, key: str, **slots: object) -> str:
        """A text with its slots filled; `KeyError` where there is none."""
        return str(self.sections[section][key]).format(**slots)

    def keys(self, section: str) -> tuple[str, ...]:
        """The keys of a section, in the order they stand."""
        return tuple(self.sections[section])

    def day(self, on: date) -> str:
        """`October 15, 2020`, `15 de octubre de 2020`."""
        dates = self.sections["date"]
        return str(dates["day"]).format(day=on.day, month=dates["months"][on.month - 1], year=on.year)


@cache
def texts(language: Language) -> Texts:
    """The texts of one language."""
    found = (files("habeas.letter") / f"texts.{language}.toml").read_text("utf-8")
    return Texts(language, tomllib.loads(found))
