"""Sight: whose requests a person may see at all; the one place that says so.

A person sees the requests of their own agency (of their own units, where units are named) and of the
agencies they may also look at; a sealed request only where the seal names them. Everything else does not
exist for them: it is refused with the words for a reference that nobody knows. Lists ask the database the
same question (`store.read.within`), and a test compares the two answers over random people and requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import attrs

from habeas.domain.vocabulary import Role

if TYPE_CHECKING:
    from habeas.domain.request import Person


class Placed(Protocol):
    """A request as far as seeing goes: a `Case`, or a line of a list."""

    @property
    def custodian(self) -> str:
        """The agency that holds the record."""
        ...

    @property
    def unit(self) -> str:
        """The unit that was asked."""
        ...

    @property
    def seal(self) -> tuple[str, ...] | None:
        """The ids of the only people who may see it; None where it is not sealed."""
        ...


@attrs.frozen
class Sight:
    """What one person sees. `custodian` is their own agency, `custodians` every agency they may look at
    (their own among them), `units` those of their own agency they are limited to; none: all of them.

    `roles` matter to the lists that only some have: what waits for a second yes, and what came for nobody.
    `everything` is the operator at the machine, who holds its keys.
    """

    person_id: str
    custodian: str
    custodians: tuple[str, ...]
    units: tuple[str, ...] = ()
    roles: frozenset[Role] = frozenset()
    everything: bool = False


EVERYTHING: Final = Sight("", "", (), everything=True)
"""The sight of whoever works at the machine itself: commands and checks, never a page."""


def sight_of(person: Person) -> Sight:
    """The sight of a member of staff, from the directory and from nothing else."""
    custodians = tuple(dict.fromkeys((person.custodian, *person.also)))
    return Sight(person.person_id, person.custodian, custodians, person.units, frozenset(person.roles))


def reaches(sight: Sight, custodian: str, unit: str) -> bool:
    """Whether an agency's unit lies within a sight, seals apart."""
    if sight.everything:
        return True
    own = custodian == sight.custodian and (not sight.units or unit in sight.units)
    return own or (custodian != sight.custodian and custodian in sight.custodians)


def sees(sight: Sight, placed: Placed) -> bool:
    """Whether a request exists for whoever has this sight."""
    if sight.everything:
        return True
    named = placed.seal is None or sight.person_id in placed.seal
    return named and reaches(sight, placed.custodian, placed.unit)


def sees_arrival(sight: Sight, custodian: str, unit: str) -> bool:
    """Whether something that came in and is no request yet is this person's to see.

    What names no agency waits for an administrator: it may be anybody's, so it is not shown to everybody.
    """
    if sight.everything:
        return True
    if not custodian:
        return Role.ADMINISTRATOR in sight.roles
    return reaches(sight, custodian, unit) or (custodian == sight.custodian and not unit)
