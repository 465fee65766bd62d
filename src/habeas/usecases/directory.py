"""Agencies, their staff and the courts they call, held in memory: what a configuration is read into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from habeas.kernel.errors import bad

if TYPE_CHECKING:
    from collections.abc import Sequence

    from habeas.domain.request import Court, Custodian, Person


@attrs.frozen
class ListedDirectory:
    """`Directory` over what is given; mailboxes are compared without regard to case."""

    custodians: tuple[Custodian, ...]
    persons: tuple[Person, ...] = ()
    listed_courts: tuple[Court, ...] = ()

    def custodian(self, custodian_id: str) -> Custodian:
        """One agency, or `BadInput` `directory.custodian.unknown` naming the known ones."""
        found = next((c for c in self.custodians if c.custodian_id == custodian_id), None)
        if found is None:
            known = ", ".join(c.custodian_id for c in self.custodians)
            raise bad("directory.custodian.unknown", "custodian", known=known or "none")
        return found

    def by_mailbox(self, addresses: Sequence[str]) -> tuple[str, str] | None:
        """(custodian id, unit id) of the first address that a unit receives mail at, or None."""
        boxes = {
            mailbox.casefold(): (custodian.custodian_id, unit.unit_id)
            for custodian in self.custodians
            for unit in custodian.units
            for mailbox in unit.mailboxes
        }
        return next((boxes[a.casefold()] for a in addresses if a.casefold() in boxes), None)

    def all(self) -> Sequence[Custodian]:
        """Every agency."""
        return self.custodians

    def person(self, person_id: str) -> Person:
        """One member of staff, or `BadInput` `directory.person.unknown`."""
        found = next((p for p in self.persons if p.person_id == person_id), None)
        if found is None:
            raise bad("directory.person.unknown", "person")
        return found

    def people_of(self, custodian_id: str) -> Sequence[Person]:
        """The staff of an agency, by name; those who only look there are not among them."""
        return sorted((p for p in self.persons if p.custodian == custodian_id), key=lambda p: p.name)

    def courts(self, custodian_id: str) -> Sequence[Court]:
        """The courts whose clerks an agency can call, by name."""
        offered = (c for c in self.listed_courts if c.offered_to(custodian_id))
        return sorted(offered, key=lambda c: c.name)
