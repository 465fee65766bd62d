"""The report's words: both languages whole, every value of every list named."""

from __future__ import annotations

import re
import string
from datetime import date
from typing import Any, Final

import pytest

from habeas.domain import vocabulary as v
from habeas.report.measures import MEASURES, TABLES
from habeas.report.page import page
from habeas.report.regimes import regime, segments_between
from habeas.report.words import words
from tests.core.report.samples import received, report_of, small_log

LISTS: Final = {
    "organisation": v.Organisation, "component": v.Component, "paper_authority": v.Authority,
    "purpose": v.PurposeClass, "channel": v.Channel, "subjects": v.SubjectsBand, "category": v.DataCategory,
}  # fmt: skip


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _keys(sections: dict[str, Any]) -> set[tuple[str, str]]:
    return {(section, key) for section, found in sections.items() for key in found}


def test_both_languages_have_the_same_keys_and_the_same_slots() -> None:
    en, es = (words(language).sections for language in v.Language)
    assert _keys(en) == _keys(es)
    for section, key in _keys(en):
        if isinstance(en[section][key], str):
            assert en[section][key].strip()
            assert es[section][key].strip()
            assert _slots(en[section][key]) == _slots(es[section][key]), (section, key)


def test_sentences_are_translated() -> None:
    en, es = (words(language).sections for language in v.Language)
    for section in ("page", "limits", "measure", "dimension"):
        same = [key for key in en[section] if en[section][key] == es[section][key]]
        assert set(same) <= {"total", "percent"}


@pytest.mark.parametrize("language", v.Language)
def test_every_value_of_every_list_has_a_word_and_no_other_does(language: v.Language) -> None:
    found = words(language).sections
    for section, values in LISTS.items():
        assert set(found[section]) == {str(x) for x in values}
    assert set(found["days"]) == {*map(str, v.DaysBand), "unknown"}
    assert set(found["effect"]) == {*map(str, v.Effect), "none"}
    assert set(found["outcome"]) == {*map(str, v.Outcome), "undecided"}
    assert set(found["measure"]) == {m.id for m in MEASURES}
    assert set(found["column"]) == {m.id for t in TABLES for m in t.measures}
    assert set(found["dimension"]) == {d for t in TABLES for d in t.dimensions}
    for kind in v.InstrumentKind:
        assert words(language).of("paper_kind", kind)[0].isupper() or kind is v.InstrumentKind.EMAIL


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [t for one in value.values() for t in _texts(one)]
    return [t for one in value for t in _texts(one)] if isinstance(value, list) else []


@pytest.mark.parametrize("language", v.Language)
def test_every_sentence_of_the_page_is_used(language: v.Language) -> None:
    many = [received(f"{n:010d}", unit=f"unit-{n}") for n in range(9)]
    shown = {
        text
        for rows in (small_log(), small_log()[:1], [], many)
        for text in _texts(page(report_of(rows), language))
    }
    found = words(language).sections
    for key, text in [*found["page"].items(), *found["limits"].items()]:
        pattern = re.sub(r"\\\{.*?\\\}", ".*", re.escape(text))
        assert any(re.search(pattern, one, re.DOTALL) for one in shown), key


def test_days_are_written_as_the_language_writes_them() -> None:
    on = date(2020, 6, 20)
    assert words(v.Language.EN).day(on) == "June 20, 2020"
    assert words(v.Language.ES).day(on) == "20 de junio de 2020"
    june, july, *_ = segments_between("us-co-2020", on, date(2020, 10, 15))
    assert words(v.Language.EN).segment(june) == "June 20 to 30, 2020"
    assert words(v.Language.ES).segment(june) == "20 al 30 de junio de 2020"
    assert words(v.Language.EN).segment(july) == "July 2020"
    assert words(v.Language.ES).segment(july) == "Julio de 2020"
    february = next(s for s in regime("us-co-24-74").segments() if s.month == "2024-02")
    assert words(v.Language.EN).segment(february) == "February 2024"
