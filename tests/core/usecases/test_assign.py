"""Assigning: among people who can work on the request, and only by them; the history stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest

from habeas.usecases.assign import assign, put_down
from habeas.usecases.directory import ListedDirectory
from tests.core.usecases.desks import (
    AGENCIES,
    AUDITOR,
    CLERK,
    REVIEWER,
    STAFF,
    confirmed,
    new_ports,
    refused,
)

if TYPE_CHECKING:
    from habeas.domain.request import Person
    from habeas.usecases.ports import Ports

CHARLIE = attrs.evolve(REVIEWER, person_id="c.harlie", custodian="vendor")
NEXT_DOOR = attrs.evolve(REVIEWER, person_id="n.door", units=("another",))


@pytest.fixture
def ports() -> Ports:
    return attrs.evolve(new_ports(), directory=ListedDirectory(AGENCIES, (*STAFF, CHARLIE, NEXT_DOOR)))


@pytest.fixture
def case_id(ports: Ports) -> str:
    return confirmed(ports)


def test_a_case_is_handed_on_and_put_down_without_an_event(ports: Ports, case_id: str) -> None:
    before = ports.cases.history(case_id)
    assert ports.assignments.of(case_id) == ""
    assign(ports, case_id, CLERK, REVIEWER.person_id)
    assign(ports, case_id, REVIEWER, CLERK.person_id)
    assert ports.assignments.of(case_id) == CLERK.person_id
    put_down(ports, case_id, REVIEWER)
    assert ports.assignments.of(case_id) == ""
    assert ports.cases.history(case_id) == before


@pytest.mark.parametrize("person", [CHARLIE, NEXT_DOOR, AUDITOR], ids=lambda p: p.person_id)
def test_nobody_from_elsewhere_hands_on_or_is_handed_a_case(
    ports: Ports, case_id: str, person: Person
) -> None:
    assign(ports, case_id, CLERK, CLERK.person_id)
    assert refused(lambda: assign(ports, case_id, person, person.person_id)).startswith("person.")
    assert refused(lambda: put_down(ports, case_id, person)).startswith("person.")
    assert refused(lambda: assign(ports, case_id, CLERK, person.person_id)) == "assign.person.cannot_work"
    assert refused(lambda: assign(ports, case_id, CLERK, "nobody")) == "directory.person.unknown"
    assert ports.assignments.of(case_id) == CLERK.person_id
