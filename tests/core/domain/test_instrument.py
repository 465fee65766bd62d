"""What a paper gives to the rules, and which of several papers speaks: never more than it shows."""

from __future__ import annotations

from datetime import date

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.domain import vocabulary as v
from habeas.domain.facts import FACTS, Place, Scope
from habeas.domain.instrument import (
    FORMS,
    Field,
    FieldName,
    Instrument,
    lapsed,
    most_cautious,
    no_paper_facts,
    paper_facts,
    unreadable,
)

ON = date(2020, 10, 15)
LATE = (FieldName.EXECUTE_BY_ON, "2020-10-01")
HERE = Place("a" * 64, 1, None, "by October 15")
DATES = (FieldName.EXECUTE_BY_ON, FieldName.RETURN_ON)
FIELDS = st.builds(
    Field,
    st.sampled_from((*DATES, FieldName.OFFENSE, FieldName.PERSON)),
    st.sampled_from(("2020-10-01", "2020-10-15", "2020-11-01")),
    st.just(HERE),
)
INSTRUMENTS = st.builds(
    Instrument,
    kind=st.sampled_from(v.InstrumentKind),
    authority=st.sampled_from(v.Authority),
    signer_class=st.sampled_from(v.SignerClass),
    signed=st.sampled_from(v.YesNo),
    filled=st.sampled_from(v.YesNo),
    compulsion=st.sampled_from(v.Compulsion),
    nature=st.sampled_from(v.Nature),
    reaches=st.sampled_from(v.Reaches),
    addressed_to_us=st.sampled_from(v.YesNo),
    confidence=st.integers(0, 1000),
    fields=st.lists(FIELDS, max_size=3).map(tuple),
)


def paper(*fields: tuple[FieldName, str], kind: v.InstrumentKind = v.InstrumentKind.AO93) -> Instrument:
    made = tuple(Field(name, value, HERE) for name, value in fields)
    return attrs.evolve(unreadable(), kind=kind, authority=v.Authority.JUDICIAL, fields=made)


@given(INSTRUMENTS)
def test_any_paper_gives_known_facts_of_the_request_and_nothing_by_a_person(instrument: Instrument) -> None:
    facts = paper_facts(instrument, ON)
    request = {spec.name for spec in FACTS if spec.scope is Scope.REQUEST}
    assert facts.facts.keys() <= request
    court = instrument.authority in (v.Authority.JUDICIAL, v.Authority.COURT_CLERK_OR_ATTORNEY)
    for fact in facts.facts.values():
        assert fact.known
        assert fact.reading is v.Reading.MACHINE
        assert fact.source is (v.Source.COURT if court else v.Source.REQUESTER)


@given(INSTRUMENTS)
def test_an_unreadable_paper_says_nothing(instrument: Instrument) -> None:
    blind = attrs.evolve(instrument, authority=v.Authority.UNREADABLE)
    assert paper_facts(blind, ON).facts == {}


@given(st.lists(INSTRUMENTS, min_size=1, max_size=5))
def test_the_most_cautious_paper_speaks_in_whatever_order_they_lie(papers: list[Instrument]) -> None:
    speaks = most_cautious(tuple(papers))
    assert speaks in papers
    assert speaks is not None
    claims = [p for p in papers if p.authority is not v.Authority.NONE]
    caution = max((p.authority.caution for p in claims), default=v.Authority.NONE.caution)
    assert speaks.authority.caution == caution
    backward = most_cautious(tuple(reversed(papers)))
    assert backward is not None
    assert (backward.authority, backward.confidence) == (speaks.authority, speaks.confidence)


@given(st.lists(INSTRUMENTS, max_size=4))
def test_an_unreadable_paper_always_speaks(papers: list[Instrument]) -> None:
    speaks = most_cautious((*papers, unreadable()))
    assert speaks is not None
    assert speaks.authority is v.Authority.UNREADABLE


def test_no_paper_is_none_and_its_facts_are_the_agencys_own() -> None:
    assert most_cautious(()) is None
    facts = no_paper_facts()
    assert {f.source for f in facts.facts.values()} == {v.Source.CUSTODIAN}
    assert facts.value("paper_authority") == "none"


@pytest.mark.parametrize(
    ("fields", "kind", "wanted"),
    [
        ([(FieldName.EXECUTE_BY_ON, "2020-10-14")], v.InstrumentKind.AO93, "yes"),
        ([(FieldName.EXECUTE_BY_ON, "2020-10-15")], v.InstrumentKind.AO93, "no"),
        ([(FieldName.RETURN_ON, "2020-11-02"), LATE], v.InstrumentKind.AO93, "yes"),
        ([(FieldName.RETURN_ON, "2020-11-02")], v.InstrumentKind.AO88B, "no"),
        ([(FieldName.RETURN_ON, "2020-10-14")], v.InstrumentKind.AO88B, "yes"),
        ([(FieldName.ISSUED_ON, "2019-01-01")], v.InstrumentKind.AO93, "unknown"),
        ([], v.InstrumentKind.COURT_ORDER, "no"),
        ([], v.InstrumentKind.AO88B, "unknown"),
        ([], v.InstrumentKind.LETTER, "no"),
    ],
)  # fmt: skip
def test_a_paper_has_lapsed_when_its_own_last_day_is_over(
    fields: list[tuple[FieldName, str]], kind: v.InstrumentKind, wanted: str
) -> None:
    assert lapsed(paper(*fields, kind=kind), ON)[0] == wanted


@given(INSTRUMENTS, st.dates(date(2020, 9, 1), date(2020, 12, 1)), st.integers(0, 60))
def test_a_paper_that_has_lapsed_stays_so(instrument: Instrument, on: date, more: int) -> None:
    later = date.fromordinal(on.toordinal() + more)
    if lapsed(instrument, on)[0] is v.YesNo.YES:
        assert lapsed(instrument, later)[0] is v.YesNo.YES
    assert (lapsed(instrument, on)[0] is v.YesNo.UNKNOWN) is (lapsed(instrument, later)[0] is v.YesNo.UNKNOWN)


def test_every_kind_of_paper_is_sorted_and_named_in_both_languages() -> None:
    assert FORMS.keys() == set(v.InstrumentKind)
    for form in FORMS.values():
        assert form.title_en
        assert form.title_es


def test_a_place_and_a_field_are_found_by_name() -> None:
    made = paper((FieldName.PERSON, "José Ejemplo"), (FieldName.PERSON, "Ana Muestra"))
    assert [f.value for f in made.all(FieldName.PERSON)] == ["José Ejemplo", "Ana Muestra"]
    assert made.first(FieldName.OFFENSE) is None
    assert made.places("authority") == ()
