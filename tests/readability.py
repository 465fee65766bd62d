"""How hard a text is to read: the measures that rules, explanations and screens are held to."""

from __future__ import annotations

import re
from typing import Final

MAX_GRADE: Final = 8.0
"""Flesch-Kincaid grade of English sentences (school years)."""

MIN_EASE: Final = 60.0
"""Fernández Huerta's reading ease of Spanish sentences: 60 and more is plain (8th grade)."""

LONGEST: Final = 28
"""Words of one sentence in either language."""


def sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.!?])\s+", text) if s]


def word_list(text: str) -> list[str]:
    return re.findall(r"[a-záéíóúüñ']+", text.lower())


def english_syllables(word: str) -> int:
    bare = re.sub(r"(?:[^laeiouy]es|ed|[^laeiouy]e)$", "", word)
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def spanish_syllables(word: str) -> int:
    return max(1, len(re.findall(r"[aeo]?[iuü]?[aáeéoóíú]|[iuü]+|[aáeéíoóuú]", word)))


def grade(texts: list[str]) -> float:
    """Flesch-Kincaid grade level."""
    told = [s for t in texts for s in sentences(t)]
    every = [w for s in told for w in word_list(s)]
    syllables = sum(english_syllables(w) for w in every)
    return 0.39 * len(every) / len(told) + 11.8 * syllables / len(every) - 15.59


def ease(texts: list[str]) -> float:
    """Fernández Huerta's ease: 206.84 - 60 syllables per word - 1.02 words per sentence."""
    told = [s for t in texts for s in sentences(t)]
    every = [w for s in told for w in word_list(s)]
    syllables = sum(spanish_syllables(w) for w in every)
    return 206.84 - 60 * syllables / len(every) - 1.02 * len(every) / len(told)
