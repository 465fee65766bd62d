"""Standing: nobody acts on another agency's or unit's request, and a second yes is said under today's law."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs
import pytest

from habeas.domain.vocabulary import CaseState, Language, Outcome
from habeas.usecases.answer import send
from habeas.usecases.confirm import confirm
from habeas.usecases.disclose import authorize, record_disclosure, stop
from tests.core.usecases.desks import (
    APPROVER,
    AT,
    AUDITOR,
    COUNSEL,
    REVIEWER,
    clock_of,
    confirmed,
    decide,
    new_ports,
    refused,
)
from tests.core.usecases.papers import warrant_mail
from tests.core.usecases.test_determine import WARRANT

if TYPE_CHECKING:
    from habeas.domain.request import Person
    from habeas.usecases.ports import Ports

EVERYTHING = attrs.evolve(REVIEWER, person_id="x.any", roles=(*REVIEWER.roles, *APPROVER.roles))
STRANGERS = {
    "person.agency.other": attrs.evolve(EVERYTHING, custodian="vendor"),
    "person.unit.other": attrs.evolve(EVERYTHING, units=("another",)),
    "person.role.looks_only": AUDITOR,
}


@pytest.mark.parametrize(("code", "person"), STRANGERS.items(), ids=STRANGERS)
def test_whoever_does_not_work_here_does_nothing(code: str, person: Person) -> None:
    ports = new_ports()
    case_id = confirmed(ports)
    decide(ports, case_id, Outcome.RELEASE)
    before = ports.cases.history(case_id)
    assert refused(lambda: confirm(ports, case_id, person)) == code
    assert refused(lambda: decide(ports, case_id, Outcome.REFUSE, person)) == code
    assert refused(lambda: authorize(ports, case_id, person)) == code
    assert refused(lambda: stop(ports, case_id, person, "no")) in (code, "disclosure.person.may_not_approve")
    assert refused(lambda: send(ports, case_id, person, Language.EN, means="e-mail")) == code
    leave = {"fields": ("a",), "sha256": "ab" * 32, "means": "portal"}
    assert refused(lambda: record_disclosure(ports, case_id, person, **leave)) == code  # type: ignore[arg-type] # the three named above
    assert ports.cases.history(case_id) == before


def test_a_person_of_the_unit_that_was_asked_works() -> None:
    ports = new_ports()
    case_id = confirmed(ports)
    decide(ports, case_id, Outcome.RELEASE, attrs.evolve(EVERYTHING, units=("other", "desk")))
    authorize(ports, case_id, attrs.evolve(APPROVER, units=("desk",)))


def released_on_a_warrant() -> tuple[Ports, str]:
    ports = new_ports()
    case_id = confirmed(ports, WARRANT[-1:], warrant_mail())
    decide(ports, case_id, Outcome.RELEASE)
    return ports, case_id


@pytest.mark.parametrize("approver", [APPROVER, COUNSEL], ids=lambda p: p.person_id)
def test_no_second_yes_once_the_paper_has_run_out(approver: Person) -> None:
    ports, case_id = released_on_a_warrant()
    clock_of(ports).set(AT + timedelta(days=60))
    assert refused(lambda: authorize(ports, case_id, approver)) == "disclosure.law.changed"
    assert ports.cases.load(case_id).state is CaseState.DECIDED
    stop(ports, case_id, approver, "the warrant has run out")
    assert ports.cases.load(case_id).outcome("1") is Outcome.COUNSEL


def test_a_second_yes_on_the_same_law_and_paper() -> None:
    ports, case_id = released_on_a_warrant()
    authorize(ports, case_id, APPROVER)
    assert ports.cases.load(case_id).state is CaseState.AUTHORIZED
