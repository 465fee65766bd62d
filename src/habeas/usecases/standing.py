"""Standing: whether a person may act on a case at all, before it is asked what they may do.

Staff act on the requests of their own agency, and of their own units where units are named. A role that
only looks (auditor, administrator) changes nothing. A sealed request does not exist for whom its seal does
not name: they are refused in the very words for a request that nobody knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from habeas.domain.vocabulary import Role
from habeas.kernel.errors import bad

if TYPE_CHECKING:
    from habeas.domain.case import Case
    from habeas.domain.request import Person
    from habeas.usecases.ports import Ports

WORKING: Final = frozenset({Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.COUNSEL})
"""The roles that work on requests."""


def check_standing(case: Case, person: Person) -> None:
    """Refuse whoever does not work on this case's requests: another agency's, another unit's, or none's.

    The seal comes first: another refusal would already say that there is such a request.
    """
    if case.seal is not None and person.person_id not in case.seal:
        raise bad("case.ref.unknown", "case")
    if not WORKING & set(person.roles):
        raise bad("person.role.looks_only", "person")
    if person.custodian != case.custodian:
        raise bad("person.agency.other", "person")
    if person.units and case.unit not in person.units:
        raise bad("person.unit.other", "person")


def case_for(ports: Ports, case_id: str, person: Person, expected_version: int | None = None) -> Case:
    """The case that a person is about to act on: theirs to work on, and still the version they looked at.

    A case that moved on is refused here, before anything is asked about what the person wants with it:
    otherwise the second of two people would be told that there is nothing to approve, not that somebody
    was faster. Without a version, the case as it stands.
    """
    case = ports.cases.load(case_id)
    check_standing(case, person)
    if expected_version is not None and case.version != expected_version:
        raise bad("case.version.conflict", "case")
    return case
