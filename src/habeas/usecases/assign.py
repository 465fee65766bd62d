"""Assign: who of the desk works on a request. No event: it changes nothing about the request itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from habeas.kernel.errors import BadInput, bad
from habeas.usecases.standing import check_standing

if TYPE_CHECKING:
    from habeas.domain.request import Person
    from habeas.usecases.ports import Ports


def assign(ports: Ports, case_id: str, person: Person, to: str) -> None:
    """Hand a request to a colleague, or to oneself; whoever had it has it no longer.

    Both must be able to work on it. `assign.person.cannot_work` where the colleague cannot: of another
    agency or unit, with a role that only looks, or not named by the seal.
    """
    case = ports.cases.load(case_id)
    check_standing(case, person)
    colleague = ports.directory.person(to)
    try:
        check_standing(case, colleague)
    except BadInput:
        raise bad("assign.person.cannot_work", "person") from None
    ports.assignments.assign(case_id, colleague.person_id, by=person.person_id, at=ports.clock.now())


def put_down(ports: Ports, case_id: str, person: Person) -> None:
    """Let nobody have a request."""
    check_standing(ports.cases.load(case_id), person)
    ports.assignments.clear(case_id)
