"""What a request can be found by: people and numbers in it, each brought to one spelling.

Hides spelling. Promises that two ways to write one name (order, accents, case, punctuation, comma) come to
the same key, and that what is made here is all that a search ever sees: keys leave this module only to
become keyed digests (contracts.md, *Personal data at rest*). Personal data.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from habeas.domain.instrument import FieldName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.domain.case import Case
    from habeas.domain.request import Requester

_SHORTEST: Final = 2
_TWO_SURNAMES: Final = 3  # words from which on the last but one may be a surname too
_MOST: Final = 400  # characters of a name or number that are looked at


def key(text: str) -> str:
    """One spelling for a name: letters and digits without accents, the words in order of the alphabet."""
    return " ".join(sorted(_words(text)))


def _words(text: str) -> list[str]:
    """Compatibility forms made one, case folded, accents taken off, everything else a gap."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text[:_MOST]).casefold())
    letters = (c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return "".join(letters).split()


def name_keys(name: str) -> frozenset[str]:
    """The keys a person is found by: the whole name, and each surname alone.

    Which word is a surname is not known: what stands before a comma, else the last word, and of three or
    more the one before it too, where Spanish names have the father's.
    """
    first, comma, _ = name.partition(",")
    surnames = _words(first) if comma else []
    if not surnames:
        words = _words(name)
        surnames = words[-2:] if len(words) >= _TWO_SURNAMES else words[-1:]
    return frozenset(k for k in (key(name), *surnames) if len(k) >= _SHORTEST)


def number_keys(number: str) -> frozenset[str]:
    """The key a docket or case number is found by: its letters and digits, with nothing between them."""
    joined = "".join(_words(number))
    return frozenset({f"#{joined}"}) if len(joined) >= _SHORTEST else frozenset()


def asked_keys(text: str) -> frozenset[str]:
    """The keys that a searched text asks for: as a name in any order, and as a number."""
    whole = key(text)
    return (frozenset({whole}) if len(whole) >= _SHORTEST else frozenset()) | number_keys(text)


def case_keys(case: Case) -> frozenset[str]:
    """Everything a case is found by: persons named, who asks, case numbers."""
    found: set[str] = set()
    for name in _names(case):
        found |= name_keys(name)
    for number in _numbers(case):
        found |= number_keys(number)
    return frozenset(found)


def _names(case: Case) -> Iterator[str]:
    yield from (subject.name for subject in case.request.subjects)
    yield from _officers(case.request.requester)
    if case.read:
        yield from _officers(case.read.requester)
    yield from _on_papers(case, FieldName.PERSON)


def _officers(requester: Requester) -> Iterator[str]:
    yield requester.officer.name


def _numbers(case: Case) -> Iterator[str]:
    yield case.request.case_number
    yield from _on_papers(case, FieldName.CASE_NUMBER)


def _on_papers(case: Case, name: FieldName) -> Iterator[str]:
    for paper in case.read.papers if case.read else ():
        for instrument in paper.instruments:
            yield from (field.value for field in instrument.all(name))
