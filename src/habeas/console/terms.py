"""How the words of closed lists are said on screens, in both languages.

Where the reports or the rules already have a word, that one is used: one word per idea, everywhere.
What only screens show is in `words/terms.*.toml`, by list.
"""

from __future__ import annotations

from habeas.console.words import language, words
from habeas.domain.facts import SPEC
from habeas.domain.instrument import FORMS
from habeas.domain.vocabulary import InstrumentKind, Language
from habeas.policy.words import EFFECTS, SOURCES, value_word
from habeas.report.words import words as report_words


def term(kind: str, value: str) -> str:
    """The word for a value of a list; `fact:<name>` is the list of a fact's values.

    A list nobody named is a `KeyError`; so is a value it lacks.
    """
    spoken = language()
    own = words("terms", spoken)
    if kind in own:
        return str(own[kind][value])
    if kind == "paper":
        form = FORMS[InstrumentKind(value)]
        return _sentence(form.title_es if spoken is Language.ES else form.title_en)
    if kind == "fact":
        spec = SPEC[value]
        return _sentence(spec.es if spoken is Language.ES else spec.en)
    if kind.startswith("fact:"):
        return value_word(kind.removeprefix("fact:"), value).of(spoken)
    if kind == "source":
        return next(text.of(spoken) for source, text in SOURCES.items() if source == value)
    if kind == "effect_sentence":
        return next(text.of(spoken) for effect, text in EFFECTS.items() if effect == value)
    return str(report_words(spoken).sections[kind][value])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
