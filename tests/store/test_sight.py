"""The database shows just what `usecases.sight` says, whoever asks; a search finds nothing beyond it."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.domain.case import Received, Sealed
from habeas.domain.request import Holder, Person, Subject
from habeas.domain.vocabulary import CaseState, Role
from habeas.domain.vocabulary import EventKind as E
from habeas.kernel.errors import BadInput
from habeas.kernel.shape import to_json
from habeas.usecases.ports import Arrival, ArrivalState, Hints
from habeas.usecases.sight import EVERYTHING, sees, sees_arrival, sight_of
from tests.store.histories import event
from tests.store.installation import AT, Installation
from vectors.events.make import request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.usecases.sight import Sight

AGENCIES = ("labor", "revenue", "health")
UNITS = ("fraud", "tax", "desk")
PEOPLE = ("alice", "bob", "charlie")
ON = (AT + timedelta(days=1)).date()

people = st.builds(
    Person,
    st.sampled_from(PEOPLE),
    st.just("N"),
    st.lists(st.sampled_from(Role), max_size=3, unique=True).map(tuple),
    st.sampled_from(AGENCIES),
    st.lists(st.sampled_from(UNITS), max_size=2, unique=True).map(tuple),
    st.lists(st.sampled_from(AGENCIES), max_size=2, unique=True).map(tuple),
)


@attrs.frozen
class Placing:
    """Makes cases in places."""

    made: Installation
    numbers: Iterator[int] = attrs.field(factory=lambda: count(1))

    def case(
        self, custodian: str, unit: str, seal: tuple[str, ...] | None, name: str = "José Ejemplo"
    ) -> str:
        """A case there, sealed to these people if given; its reference."""
        number = next(self.numbers)
        ref, case_id = f"{number:010}", self.made.ids.new_id()
        self.made.store.keys.create(case_id)
        asked = attrs.evolve(request(), holder=Holder(custodian, unit), subjects=(Subject(name),))
        row = {"custodian": custodian, "unit": unit}
        received = attrs.evolve(event(E.REQUEST_RECEIVED, ref, **row), private=to_json(Received("a", asked)))
        self.made.store.cases.append(case_id, 0, [received])
        if seal is not None:
            self.seal(ref, seal, row)
        return ref

    def seal(self, ref: str, names: tuple[str, ...], row: dict[str, str]) -> None:
        """Seal a case to these people."""
        case_id = self.made.store.cases.by_ref(ref)
        version = self.made.store.cases.load(case_id).version
        sealed = attrs.evolve(
            event(E.CASE_SEALED, ref, **row), private=to_json(Sealed("k.roe", names, "an order"))
        )
        self.made.store.cases.append(case_id, version, [sealed])


@pytest.fixture
def everywhere(installation: Installation) -> Installation:
    """A case in every unit of every agency: open, and sealed to each set of people."""
    placing = Placing(installation)
    seals = (None, (), ("alice",), ("alice", "bob"))
    for agency in AGENCIES:
        for unit in UNITS:
            for seal in seals:
                placing.case(agency, unit, seal)
    return installation


def expected(sight: Sight, made: Installation) -> set[str]:
    """The references that a sight reaches, case by case, from the cases themselves."""
    from habeas.store import read

    cases = [made.store.cases.load(line.case_id) for line in read.cases(EVERYTHING, limit=1000)]
    return {case.request_ref for case in cases if sees(sight, case)}


def test_every_list_shows_what_sight_says(everywhere: Installation) -> None:
    from habeas.store import read
    from habeas.store.inbox import Box, Query, counts, inbox

    keys = everywhere.store.keys
    every = {line.request_ref: line for line in read.cases(EVERYTHING, limit=1000)}
    assert len(every) == 36
    assert {ref for ref, line in every.items() if line.sealed} == {
        ref for ref in every if int(ref) % 4 != 1
    }  # each first of four is open

    @given(people)
    @settings(max_examples=60)
    def check(person: Person) -> None:
        sight = sight_of(person)
        seen = expected(sight, everywhere)
        assert seen == {ref for ref, line in every.items() if sees(sight, line)}
        assert {line.request_ref for line in read.cases(sight, limit=1000)} == seen
        assert {line.request_ref for line in read.find(sight, keys, "ejemplo", limit=1000)} == seen
        page = inbox(sight, Query(), ON, limit=1000)
        assert {listed.line.request_ref for listed in page.lines} == seen
        assert counts(sight, ON)[Box.ALL] == len(seen)
        assert sum(n for _, n in read.overview(sight).by_state) == len(seen)
        ids = [line.case_id for line in every.values()]
        assert {line.request_ref for line in read.lines(sight, ids).values()} == seen
        for ref in list(every)[:: max(1, len(every) // 6)]:
            if ref in seen:
                assert read.case_of(sight, ref) == every[ref]
            else:
                assert told(sight, ref) == told(sight, "ZZZZZZZZZZ")
                assert read.find(sight, keys, ref) == ()
        near = read.alike(sight, attrs.evolve(every["0000000001"], case_id="another"), limit=1000)
        assert {line.request_ref for line in near} <= seen

    check()


def told(sight: Sight, ref: str) -> list[tuple[str, str]]:
    """What is said about a reference that is not shown."""
    from habeas.store import read

    with pytest.raises(BadInput) as error:
        read.case_of(sight, ref)
    return [(p.code, p.place) for p in error.value.problems]


@pytest.mark.parametrize("ref", ["", "x", "0000000001 ", "' OR 1=1", "\0", "é" * 10])
def test_what_is_no_reference_is_unknown(installation: Installation, ref: str) -> None:
    del installation
    assert told(EVERYTHING, ref) == [("case.ref.unknown", "case")]


def test_what_came_in_is_shown_as_sight_says(installation: Installation) -> None:
    from habeas.store import read

    places = [(c, u) for c in ("", *AGENCIES) for u in ("", *UNITS)]
    for number, (custodian, unit) in enumerate(places):
        arrival = Arrival(
            f"a{number}", installation.ids.new_id(), "5b" * 32, "Jose.pdf", AT, Hints(custodian, unit)
        )
        installation.store.keys.create(arrival.case_id)
        installation.store.arrivals.log(arrival)
        installation.store.arrivals.settle(arrival.arrival_id, ArrivalState.QUARANTINED, problem="file: no")

    @given(people)
    @settings(max_examples=60)
    def check(person: Person) -> None:
        sight = sight_of(person)
        seen = {(c, u) for c, u in places if sees_arrival(sight, c, u)}
        assert {(line.custodian, line.unit) for line in read.quarantine(sight)} == seen
        assert read.overview(sight).quarantined == len(seen)

    check()
    assert len(read.quarantine(EVERYTHING)) == len(places)


def test_a_seal_opens_and_shuts_every_list(installation: Installation) -> None:
    from habeas.store import read

    placing = Placing(installation)
    ref, row = placing.case("labor", "fraud", None), {"custodian": "labor", "unit": "fraud"}
    alice, bob = (sight_of(Person(p, "N", (Role.CLERK,), "labor")) for p in ("alice", "bob"))
    assert read.case_of(bob, ref).seal is None
    placing.seal(ref, ("alice",), row)
    assert read.case_of(alice, ref).seal == ("alice",)
    assert told(bob, ref) == [("case.ref.unknown", "case")]
    placing.seal(ref, ("bob",), row)
    assert read.case_of(bob, ref).sealed
    assert told(alice, ref) == [("case.ref.unknown", "case")]
    case_id = installation.store.cases.by_ref(ref)
    installation.store.cases.append(case_id, 3, [event(E.CASE_UNSEALED, ref, **row)])
    for sight in (alice, bob):
        assert read.case_of(sight, ref).state == CaseState.RECEIVED
