"""The letters' texts: both languages whole, every key used, and the house rules of their wording."""

from __future__ import annotations

import re
import string
from datetime import date
from typing import Any

import pytest

from habeas.domain import vocabulary as v
from habeas.domain.facts import FACTS
from habeas.letter.compose import PAPERS, compose, kind_of
from habeas.letter.texts import texts
from habeas.report.words import words
from tests.core.letter.samples import (
    CITATIONS,
    CONTESTED,
    COUNSEL,
    CUSTODIAN,
    FORBIDDEN,
    NOT_SHOWN,
    OPEN,
    RELEASED,
    REQUIRED,
    WEIGHED,
    case_of,
    evaluated,
)


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_in_the_same_order_and_the_same_slots() -> None:
    en, es = (texts(language).sections for language in v.Language)
    assert [(s, list(found)) for s, found in en.items()] == [(s, list(found)) for s, found in es.items()]
    for section, found in en.items():
        for key, text in found.items():
            if isinstance(text, str):
                assert text.strip()
                assert es[section][key].strip()
                assert _slots(text) == _slots(es[section][key]), (section, key)
                assert text != es[section][key], (section, key)


@pytest.mark.parametrize("language", v.Language)
def test_every_list_is_whole(language: v.Language) -> None:
    found = texts(language).sections
    assert set(found["title"]) == {str(k) for k in v.LetterKind}
    assert set(found["category"]) == {str(c) for c in v.DataCategory}
    assert set(found["status"]) == {str(s) for s in v.PackStatus} - {"in_force"}
    assert {str(o) for o in v.Outcome} <= set(found["heading"])
    assert set(found["papers"]) == {key for key in PAPERS.values() if key}


@pytest.mark.parametrize("language", v.Language)
def test_letter_and_report_name_each_kind_of_data_alike(language: v.Language) -> None:
    for key, text in texts(language).sections["category"].items():
        assert words(language).of("category", key).lower() == text.lower()


def test_every_fact_is_either_shown_by_a_paper_or_found_out_by_the_agency() -> None:
    assert set(PAPERS) == {spec.name for spec in FACTS}


def _every_letter(language: v.Language) -> str:
    found: list[str] = []
    for answers in (
        [FORBIDDEN, NOT_SHOWN, WEIGHED], [RELEASED, REQUIRED], [CONTESTED, COUNSEL, RELEASED],
        [(v.Effect.FORBIDDEN, v.Outcome(o)) for o in ("no_records", "not_custodian", "withdrawn")],
        [(v.Effect.REQUIRED, v.Outcome.REFUSE)],
    ):  # fmt: skip
        for nearest in (True, False):
            e = evaluated(answers, nearest=nearest)
            case = case_of(answers, e)
            found.append(str(_letter(case, e, language, kind_of(case))))
    for fact in (f for f, paper in PAPERS.items() if paper):
        e = evaluated([OPEN], missing=(fact,))
        found.append(str(_letter(case_of([OPEN], e), e, language, v.LetterKind.MISSING)))
    e = evaluated([OPEN])
    found.append(str(_letter(case_of([OPEN], e), e, language, v.LetterKind.HOLDING)))
    return "\n".join(found)


def _letter(case: Any, evaluation: Any, language: v.Language, kind: v.LetterKind) -> dict[str, Any]:
    return compose(case, CUSTODIAN, evaluation, language, kind, citations=CITATIONS, demo=True).as_json()


@pytest.mark.parametrize("language", v.Language)
def test_every_text_is_used_by_some_letter(language: v.Language) -> None:
    shown = _every_letter(language)
    sections = texts(language).sections
    elsewhere = {("label", "recipient")}
    for section, found in sections.items():
        for key, text in found.items():
            if section in ("date", "category", "status") or (section, key) in elsewhere:
                continue
            pattern = re.sub(r"\\\{.*?\\\}", ".*", re.escape(text))
            assert re.search(pattern, shown), (section, key)


@pytest.mark.parametrize("language", v.Language)
def test_no_text_asks_for_an_assertion_or_promises_an_outcome(language: v.Language) -> None:
    sections = texts(language).sections
    asked = " ".join([*sections["papers"].values(), *sections["papers_note"].values()]).lower()
    assertions = (
        "criminal",
        "penal",
        "emergenc",
        "state that",
        "say that",
        "confirm",
        "declare",
        "certify that",
    )
    for word in (*assertions, "inmigra", "immigra"):
        assert word not in asked


def test_dates_are_written_as_the_language_writes_them() -> None:
    assert texts(v.Language.EN).day(date(2020, 10, 5)) == "October 5, 2020"
    assert texts(v.Language.ES).day(date(2020, 10, 5)) == "5 de octubre de 2020"
