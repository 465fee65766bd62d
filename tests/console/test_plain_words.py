"""Everybody can read the screens: eighth grade in English, plain in Spanish, and no endless sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from habeas.console.words import pages, words
from habeas.domain.vocabulary import Language
from tests.readability import LONGEST, MAX_GRADE, MIN_EASE, ease, grade, sentences, word_list

if TYPE_CHECKING:
    from collections.abc import Iterator

A_SENTENCE = 5
"""Fewer words than these are a label."""


def told(table: dict[str, Any]) -> Iterator[str]:
    """Every text of a page that is more than a label, with something in its slots."""
    for text in table.values():
        if isinstance(text, dict):
            yield from told(text)
        elif len(word_list(filled := re.sub(r"\{[^}]*\}", "it", text))) >= A_SENTENCE:
            yield filled


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("page", [page for page in pages() if list(told(words(page, Language.EN)))])
def test_a_pages_words_are_plain(page: str, language: Language) -> None:
    texts = list(told(words(page, language)))
    if language is Language.EN:
        assert grade(texts) <= MAX_GRADE
    else:
        assert ease(texts) >= MIN_EASE
    assert max(len(word_list(sentence)) for text in texts for sentence in sentences(text)) <= LONGEST
