"""GLOSSARY.md: prose that people write, and word lists that the domain's own enums give.

Hides how the two are told apart: everything above `MARK` is prose, everything below is written here,
except the meaning of each word, which a person writes into the table and which is kept. Promises
that writing again what was just written changes nothing.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

import habeas.domain
from habeas.domain.facts import FACTS
from habeas.domain.vocabulary import UNKNOWN

if TYPE_CHECKING:
    from types import ModuleType

ROOT: Final = Path(__file__).resolve().parent.parent
GLOSSARY: Final = ROOT / "GLOSSARY.md"

MARK: Final = (
    "<!-- Below: written by `python3 dev.py glossary` from src/habeas/domain. "
    "Only the column “meaning” is kept from what people write here. -->"
)
"""The line between prose and word lists."""

FIRST: Final = ("habeas.domain.vocabulary", "habeas.domain.facts")
"""The modules whose lists come first; the others follow by name."""

ROW: Final = re.compile(r"\| `(?P<word>[^`]+)` \| (?P<meaning>.*) \|")
HEADING: Final = re.compile(r"### (?P<name>\w+)")

_UNKNOWN_MEANING: Final = "nobody has established it; never a default, never a release"


def _modules() -> list[ModuleType]:
    names = [module.name for module in pkgutil.iter_modules(habeas.domain.__path__, "habeas.domain.")]
    ordered = [*FIRST, *sorted(set(names) - set(FIRST))]
    return [importlib.import_module(name) for name in ordered]


def word_lists() -> list[type[StrEnum]]:
    """Every closed word list of the domain, in the order of its source."""
    return [
        member
        for module in _modules()
        for member in vars(module).values()
        if inspect.isclass(member) and issubclass(member, StrEnum) and member.__module__ == module.__name__
    ]


def meanings(text: str) -> dict[tuple[str, str], str]:
    """(list, word) → what a person wrote as its meaning, from the glossary's text."""
    found: dict[tuple[str, str], str] = {}
    name = ""
    for line in text.partition(MARK)[2].splitlines():
        if heading := HEADING.fullmatch(line):
            name = heading["name"]
        elif row := ROW.fullmatch(line):
            found[name, row["word"]] = row["meaning"].strip()
    return found


def _section(words: type[StrEnum], kept: dict[tuple[str, str], str]) -> list[str]:
    summary = " ".join((inspect.getdoc(words) or "").split("\n\n")[0].split())
    module = words.__module__.removeprefix("habeas.")
    lines = [f"### {words.__name__}", "", f"{summary} (`{module}`)", "", "| word | meaning |", "|---|---|"]
    for word in words:
        default = _UNKNOWN_MEANING if word.value == UNKNOWN else ""
        lines.append(f"| `{word.value}` | {kept.get((words.__name__, word.value)) or default} |")
    return [*lines, ""]


def _facts() -> list[str]:
    lines = ["## Facts", "", "The typed inputs to policy (`domain.facts`); each may be `unknown`.", ""]
    lines += ["| fact | of the | values | meaning | significado |", "|---|---|---|---|---|"]
    for spec in FACTS:
        row = (f"`{spec.name}`", str(spec.scope), spec.values.__name__, spec.en, spec.es)
        lines.append(f"| {' | '.join(row)} |")
    return [*lines, ""]


def missing(text: str) -> list[str]:
    """The words that nobody has given a meaning yet."""
    written = meanings(text)
    return [
        f"{words.__name__}: `{word.value}`"
        for words in word_lists()
        for word in words
        if not written.get((words.__name__, word.value))
    ]


def render(text: str) -> str:
    """The glossary's text with its word lists as the domain has them now."""
    prose, kept = text.partition(MARK)[0].rstrip(), meanings(text)
    lines = [prose, "", MARK, "", *_facts(), "## Closed word lists", ""]
    for words in word_lists():
        lines += _section(words, kept)
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write the glossary and name the words that still want a meaning."""
    text = GLOSSARY.read_text(encoding="utf-8") if GLOSSARY.exists() else "# Glossary\n"
    text = render(text)
    GLOSSARY.write_text(text, encoding="utf-8")
    wanting = missing(text)
    if wanting:
        print("write the meaning of these words into GLOSSARY.md:\n" + "\n".join(wanting))
    return 1 if wanting else 0


if __name__ == "__main__":
    sys.exit(main())
