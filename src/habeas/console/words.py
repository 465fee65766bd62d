"""The console's words in each language, from `words/*.toml`: one file a page and language.

`inbox.title` is the key `title` of `words/inbox.en.toml` and `words/inbox.es.toml`; a table in the file
is one more step (`inbox.box.mine`). Promises that a key which does not exist is an error where it is
written (tests walk the templates), never an empty place on the screen.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.translation import get_language

from habeas.domain.vocabulary import Language


def language() -> Language:
    """The language of the page being made."""
    return Language.ES if (get_language() or "").startswith("es") else Language.EN


@cache
def words(page: str, spoken: Language) -> dict[str, Any]:
    """One page's words in one language."""
    text = (files("habeas.console") / "words" / f"{page}.{spoken}.toml").read_text("utf-8")
    return tomllib.loads(text)


def pages() -> list[str]:
    """Every page that has words."""
    names = (entry.name for entry in (files("habeas.console") / "words").iterdir())
    return sorted({name.split(".")[0] for name in names if name.endswith(".toml")})


def say(key: str, **slots: object) -> str:
    """The words of a key in the page's language, its slots filled. An unknown key is a `KeyError`."""
    return say_in(language(), key, **slots)


def say_in(spoken: Language, key: str, **slots: object) -> str:
    """The words of a key in a language. `key.one` stands for `key` where a slot `n` is 1."""
    page, *steps = key.split(".")
    found: Any = words(page, spoken)
    for step in steps:
        found = found[step]
    if isinstance(found, dict):
        found = found["one" if slots.get("n") == 1 else "other"]
    return str(found).format(**slots) if slots else str(found)
