"""Sight: own agency and units, further agencies, seals; and what came in for nobody."""

from __future__ import annotations

import attrs
import pytest

from habeas.domain.request import Person
from habeas.domain.vocabulary import Role
from habeas.usecases.sight import EVERYTHING, sees, sees_arrival, sight_of


@attrs.frozen
class Somewhere:
    """A request as far as seeing goes."""

    custodian: str
    unit: str
    seal: tuple[str, ...] | None = None


ALICE = Person("alice", "A", (Role.REVIEWER,), "labor", ("fraud",))
BOB = Person("bob", "B", (Role.CLERK,), "labor")
CHARLIE = Person("charlie", "C", (Role.COUNSEL,), "revenue")
AUDITOR = Person("dora", "D", (Role.AUDITOR,), "audit", (), ("labor", "revenue"))
UNIT_AUDITOR = Person("erin", "E", (Role.AUDITOR,), "labor", ("fraud",), ("revenue",))


@pytest.mark.parametrize(
    ("person", "where", "seen"),
    [
        (ALICE, Somewhere("labor", "fraud"), True),
        (ALICE, Somewhere("labor", "tax"), False),
        (BOB, Somewhere("labor", "tax"), True),
        (CHARLIE, Somewhere("labor", "fraud"), False),
        (AUDITOR, Somewhere("labor", "tax"), True),
        (AUDITOR, Somewhere("revenue", "any"), True),
        (AUDITOR, Somewhere("health", "any"), False),
        (UNIT_AUDITOR, Somewhere("labor", "tax"), False),
        (UNIT_AUDITOR, Somewhere("revenue", "tax"), True),
        (ALICE, Somewhere("labor", "fraud", ("bob",)), False),
        (BOB, Somewhere("labor", "fraud", ("bob",)), True),
        (ALICE, Somewhere("labor", "tax", ("alice",)), False),
        (AUDITOR, Somewhere("labor", "fraud", ("dora",)), True),
        (CHARLIE, Somewhere("labor", "fraud", ("charlie",)), False),
        (BOB, Somewhere("labor", "fraud", ()), False),
    ],
)
def test_who_sees_what(person: Person, where: Somewhere, *, seen: bool) -> None:
    assert sees(sight_of(person), where) is seen
    assert sees(EVERYTHING, where)


def test_no_role_sees_more() -> None:
    for role in Role:
        person = attrs.evolve(CHARLIE, roles=(role,))
        assert not sees(sight_of(person), Somewhere("labor", "fraud"))
        assert not sees(sight_of(attrs.evolve(BOB, roles=(role,))), Somewhere("labor", "x", ("alice",)))


def test_what_came_for_nobody_waits_for_an_administrator() -> None:
    administrator = attrs.evolve(BOB, roles=(Role.ADMINISTRATOR,))
    assert sees_arrival(sight_of(administrator), "", "")
    assert not sees_arrival(sight_of(BOB), "", "")
    assert not sees_arrival(sight_of(administrator), "revenue", "")
    assert sees_arrival(sight_of(ALICE), "labor", "")
    assert not sees_arrival(sight_of(ALICE), "labor", "tax")
    assert not sees_arrival(sight_of(CHARLIE), "labor", "")
