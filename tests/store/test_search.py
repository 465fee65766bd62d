"""Search: by name, officer, number and reference; within one's sight; with nothing readable in the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest

from habeas.domain.case import PaperReading
from habeas.domain.instrument import Field, FieldName
from habeas.domain.request import Person
from habeas.domain.vocabulary import EventKind as E
from habeas.domain.vocabulary import Role
from habeas.kernel.shape import to_json
from habeas.usecases.sight import EVERYTHING, sight_of
from tests.store.histories import event
from tests.store.test_sight import Placing
from vectors.events.make import instrument, place, read

if TYPE_CHECKING:
    from tests.store.installation import Installation

LABOR = sight_of(Person("r.doe", "R", (Role.CLERK,), "labor"))
REVENUE = sight_of(Person("c.hoe", "C", (Role.CLERK,), "revenue"))
BOTH = sight_of(Person("a.coe", "A", (Role.AUDITOR,), "audit", (), ("labor", "revenue")))


@pytest.fixture
def two(installation: Installation) -> Installation:
    """One person named in two agencies, and another case beside."""
    placing = Placing(installation)
    placing.case("labor", "fraud", None, "José Ejemplo García")
    placing.case("revenue", "desk", None, "José Ejemplo García")
    placing.case("labor", "fraud", None, "Ana Muestra")
    return installation


def found(made: Installation, text: str, sight: object = LABOR) -> list[str]:
    from habeas.store import read as store

    assert isinstance(sight, type(LABOR))
    return sorted(line.request_ref[-1] for line in store.find(sight, made.store.keys, text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("José Ejemplo García", ["1"]),
        ("GARCIA, jose ejemplo", ["1"]),
        ("garcía", ["1"]),
        ("Ejemplo", ["1"]),
        ("José", []),
        ("Ejempl", []),
        ("muestra", ["3"]),
        ("Morgan Example", ["1", "3"]),
        ("dn 2020 0001", ["1", "3"]),
        (" 0000000003 ", ["3"]),
        ("0000000002", []),
        ("", []),
        ("\0", []),
        ("%", []),
    ],
)
def test_a_case_is_found_by_what_stands_in_it(two: Installation, text: str, expected: list[str]) -> None:
    assert found(two, text) == expected


def test_each_agency_is_searched_apart(two: Installation) -> None:
    assert found(two, "garcía", REVENUE) == ["2"]
    assert found(two, "garcía", BOTH) == ["1", "2"]
    assert found(two, "garcía", EVERYTHING) == [], "no name is searched without an agency"
    assert found(two, "0000000002", EVERYTHING) == ["2"]


def test_one_name_has_another_token_in_another_agency(two: Installation) -> None:
    from habeas.store.models import SearchToken

    del two
    rows = list(SearchToken.objects.values_list("custodian", "token"))
    labor, revenue = ({token for c, token in rows if c == agency} for agency in ("labor", "revenue"))
    assert labor
    assert revenue
    assert not labor & revenue


def test_what_is_no_longer_true_is_no_longer_found(two: Installation) -> None:
    case_id = two.store.cases.by_ref("0000000003")

    def reading(name: str) -> object:
        field = Field(FieldName.PERSON, name, place(name))
        papers = (PaperReading("5b" * 32, (attrs.evolve(instrument(), fields=(field,)),)),)
        return to_json(attrs.evolve(read(), papers=papers))

    for version, name in ((1, "Old Reading"), (2, "New Reading")):
        told = attrs.evolve(event(E.INSTRUMENT_READ, "0000000003", unit="fraud"), private=reading(name))
        two.store.cases.append(case_id, version, [told])
        assert found(two, name) == ["3"]
    assert found(two, "Old Reading") == []
    assert found(two, "Reading") == ["3"]
    assert found(two, "Ana Muestra") == ["3"]


def test_the_tokens_are_made_again_and_go_with_the_key(two: Installation) -> None:
    from habeas.store.models import SearchToken
    from habeas.store.rebuild import rebuild_projection

    before = set(SearchToken.objects.values_list("token", "case_id", "custodian"))
    SearchToken.objects.all().delete()
    assert found(two, "garcía") == []
    rebuild_projection(two.store.cases)
    assert set(SearchToken.objects.values_list("token", "case_id", "custodian")) == before
    case_id = two.store.cases.by_ref("0000000001")
    two.store.keys.destroy(case_id)
    rebuild_projection(two.store.cases)
    assert not SearchToken.objects.filter(case_id=case_id).exists()
    assert found(two, "garcía", BOTH) == ["2"]
