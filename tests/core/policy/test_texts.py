"""The sentences of the packs, and the words of explanations, can be read by people who are no lawyers."""

from __future__ import annotations

import pytest

from habeas.domain import vocabulary as v
from habeas.domain.facts import FACTS
from habeas.domain.text import Text
from habeas.policy import words
from habeas.policy.catalogue import shipped
from habeas.policy.pack import Pack
from habeas.policy.remedies import MENU
from habeas.policy.words import SOURCES, value_word
from tests.readability import LONGEST, MAX_GRADE, MIN_EASE, ease, grade, sentences, word_list

EFFECT_TEXTS = [*words.EFFECTS.values(), words.NOTHING_OPENS, words.INCIDENT, words.NO_LAW]


def of(pack: Pack, language: v.Language) -> list[str]:
    return list(pack.texts[language].values())


@pytest.mark.parametrize("pack", shipped(), ids=lambda pack: pack.id)
def test_every_rules_english_is_at_most_eighth_grade(pack: Pack) -> None:
    graded = {i: round(grade([text]), 1) for i, text in pack.texts[v.Language.EN].items()}
    assert {i: g for i, g in graded.items() if g > MAX_GRADE} == {}


@pytest.mark.parametrize("pack", shipped(), ids=lambda pack: pack.id)
def test_every_rules_spanish_is_plain(pack: Pack) -> None:
    eased = {i: round(ease([text]), 1) for i, text in pack.texts[v.Language.ES].items()}
    assert {i: e for i, e in eased.items() if e < MIN_EASE} == {}


def test_the_effects_are_said_plainly() -> None:
    assert grade([t.en for t in EFFECT_TEXTS]) <= MAX_GRADE
    assert ease([t.es for t in EFFECT_TEXTS]) >= MIN_EASE


@pytest.mark.parametrize("language", list(v.Language))
def test_no_sentence_is_long(language: v.Language) -> None:
    every = [t for pack in shipped() for t in of(pack, language)] + [t.of(language) for t in EFFECT_TEXTS]
    long = [s for t in every for s in sentences(t) if len(word_list(s)) > LONGEST]
    assert long == []


def test_english_and_spanish_are_two_texts() -> None:
    for pack in shipped():
        en, es = pack.texts[v.Language.EN], pack.texts[v.Language.ES]
        assert en.keys() == es.keys() == {r.id for r in pack.rules}
        assert not [i for i in en if en[i] == es[i]]


def test_every_value_of_every_fact_has_a_word_in_both_languages() -> None:
    for spec in FACTS:
        for value in (*spec.domain, v.UNKNOWN):
            word = value_word(spec.name, value)
            assert word.en.strip()
            assert word.es.strip()


def test_every_source_effect_and_remedy_is_said_in_both_languages() -> None:
    assert SOURCES.keys() == set(v.Source)
    assert words.EFFECTS.keys() == set(v.Effect)
    said: list[Text] = [*SOURCES.values(), *EFFECT_TEXTS, *words.STATUS.values(), *(r.say for r in MENU)]
    assert all(t.en and t.es and t.en != t.es for t in said)
    assert words.STATUS.keys() == set(v.PackStatus) - {v.PackStatus.IN_FORCE}
