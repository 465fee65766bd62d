"""How a report counts: the purpose of a request, the number of persons, the days to the answer."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.domain import vocabulary as v
from habeas.domain.facts import SPEC, Fact, FactSet
from habeas.domain.reporting_row import days_band
from habeas.domain.request import Custodian, Holder, Request, Unit, purpose_class

ASKED = (
    "immigration_purpose", "offense", "criminal_investigation", "crime_in_progress", "program_duty",
    "emergency",
)  # fmt: skip
P = v.PurposeClass


def facts(**values: str) -> FactSet:
    return FactSet({n: Fact(x, v.Source.REQUESTER, v.Reading.MACHINE) for n, x in values.items()})


VALUES = st.fixed_dictionaries({}, optional={n: st.sampled_from((*SPEC[n].domain, v.UNKNOWN)) for n in ASKED})


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({}, P.UNKNOWN),
        ({"immigration_purpose": "none"}, P.UNKNOWN),
        ({"immigration_purpose": "sole", "criminal_investigation": "yes"}, P.CIVIL_IMMIGRATION),
        ({"immigration_purpose": "part", "criminal_investigation": "yes"}, P.MIXED),
        ({"offense": "immigration_status", "criminal_investigation": "yes"}, P.IMMIGRATION_OFFENSE),
        ({"criminal_investigation": "yes"}, P.OTHER_OFFENSE),
        ({"crime_in_progress": "yes"}, P.OTHER_OFFENSE),
        ({"emergency": "yes"}, P.EMERGENCY),
        ({"program_duty": "yes", "emergency": "no"}, P.PROGRAM_DUTY),
        ({"criminal_investigation": "no", "program_duty": "no"}, P.UNKNOWN),
    ],
)
def test_a_purpose_is_counted_in_the_strictest_class_it_shows(values: dict[str, str], wanted: P) -> None:
    assert purpose_class(facts(**values)) is wanted


@given(VALUES)
def test_every_set_of_facts_has_one_class_and_immigration_is_never_hidden_by_another(
    values: dict[str, str],
) -> None:
    found = purpose_class(facts(**values))
    assert (found is P.CIVIL_IMMIGRATION) is (values.get("immigration_purpose") == "sole")
    assert (found is P.MIXED) is (values.get("immigration_purpose") == "part")


@given(VALUES, st.sampled_from(ASKED))
def test_forgetting_a_fact_never_makes_a_purpose_immigration(values: dict[str, str], name: str) -> None:
    immigration = (P.CIVIL_IMMIGRATION, P.MIXED, P.IMMIGRATION_OFFENSE)
    less = purpose_class(facts(**{n: x for n, x in values.items() if n != name}))
    if less in immigration:
        assert purpose_class(facts(**values)) in immigration


@pytest.mark.parametrize(
    ("count", "band"),
    [
        (0, "bulk"), (1, "1"), (2, "2-10"), (10, "2-10"), (11, "11-50"), (50, "11-50"), (51, "51-500"),
        (500, "51-500"), (501, ">500"), (10**9, ">500"),
    ],
)  # fmt: skip
def test_persons_are_counted_in_the_published_bands(count: int, band: str) -> None:
    assert v.SubjectsBand.of(count) == band


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (0, "0"), (1, "1-3"), (3, "1-3"), (4, "4-7"), (7, "4-7"), (8, "8-14"), (14, "8-14"), (15, "15-30"),
        (30, "15-30"), (31, ">30"), (10**6, ">30"),
    ],
)  # fmt: skip
def test_days_are_counted_in_the_bands_of_the_row(days: int, band: str) -> None:
    assert days_band(days) == band


def test_bands_only_ever_rise_and_each_is_used() -> None:
    days = [list(v.DaysBand).index(days_band(n)) for n in range(60)]
    assert all(a <= b for a, b in pairwise(days))
    assert {days_band(n) for n in range(60)} == set(v.DaysBand) - {v.DaysBand.PENDING}
    persons = [v.SubjectsBand.of(n) for n in range(1, 600)]
    order = list(v.SubjectsBand)
    assert all(order.index(a) <= order.index(b) for a, b in pairwise(persons))
    assert set(persons) == set(v.SubjectsBand) - {v.SubjectsBand.BULK, v.SubjectsBand.UNKNOWN}


def test_every_component_has_its_organisation_and_says_whether_it_is_federal() -> None:
    for component in v.Component:
        federal = component.federal
        outside = component.organisation in (v.Organisation.STATE_OR_LOCAL, v.Organisation.THIRD_PARTY)
        assert (federal is v.YesNo.NO) is outside
        assert (federal is v.YesNo.UNKNOWN) is (component is v.Component.UNKNOWN)


def test_ranks_sources_and_authorities_have_an_order_without_ties() -> None:
    assert [r.place for r in v.Rank] == list(range(len(v.Rank)))
    assert [s.strength for s in v.Source] == [0, 1, 2, 3]
    assert sorted(a.caution for a in v.Authority) == list(range(len(v.Authority)))
    assert max(v.Authority, key=lambda a: a.caution) is v.Authority.UNREADABLE


def test_a_unit_is_found_by_its_id_or_not_at_all() -> None:
    unit = Unit("a", "A")
    agency = Custodian("labor", "Labor", v.CustodianKind.STATE_AGENCY, "us-co", "America/Denver", (unit,))
    assert agency.unit("a") is unit
    assert agency.unit("b") is None


def test_two_requests_do_not_share_their_claims() -> None:
    at = datetime(2020, 9, 14, tzinfo=UTC)
    one, two = (Request(at, v.Channel.EMAIL, Holder("labor", "a")) for _ in range(2))
    assert one == two
    assert one.claims is not two.claims
