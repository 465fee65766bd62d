"""Standing: whether a person may act on a case at all, before it is asked what they may do.

Staff act on the requests of their own agency, and of their own units where units are named. A role that
only looks (auditor, administrator) changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from habeas.domain.vocabulary import Role
from habeas.kernel.errors import bad

if TYPE_CHECKING:
    from habeas.domain.case import Case
    from habeas.domain.request import Person

WORKING: Final = frozenset({Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.COUNSEL})
"""The roles that work on requests."""


def check_standing(case: Case, person: Person) -> None:
    """Refuse whoever does not work on this case's requests: another agency's, another unit's, or none's."""
    holder = case.request.holder
    if not WORKING & set(person.roles):
        raise bad("person.role.looks_only", "person")
    if person.custodian != holder.custodian:
        raise bad("person.agency.other", "person")
    if person.units and holder.unit not in person.units:
        raise bad("person.unit.other", "person")
