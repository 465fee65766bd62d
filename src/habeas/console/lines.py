"""How a case is said in a list: agency and unit by name, days counted in the agency's zone, its worker.

Promises that a line shows closed words, dates, references and names of staff: nothing of a person named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from habeas.console.office import desk
from habeas.console.permissions import Permission, permissions_of
from habeas.console.templatetags.words import day
from habeas.console.terms import term
from habeas.console.words import say
from habeas.domain.vocabulary import CaseState
from habeas.kernel.clock import legal_date
from habeas.kernel.errors import BadInput
from habeas.usecases.standing import WORKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from habeas.domain.request import Custodian, Person
    from habeas.store.inbox import Listed
    from habeas.store.projection import CaseLine

_YEAR: Final = 365
_TWO_YEARS: Final = 2 * _YEAR
"""From when on days are no measure any more."""

SOON_DAYS: Final = 7
"""From how many days before it a day is marked as near: what the box “due” shows (`store.inbox.SOON`)."""


@attrs.frozen
class Row:
    """One line of a list as it is said.

    `clock` says how far away the day is on which an answer is wanted, "" where no clock runs; `late` that
    it is over, `soon` that it is near. `colleagues` are those whom this person may give the case to.
    """

    line: CaseLine
    assigned_to: str
    agency: str
    unit: str
    day: str
    age: str
    asks: str
    paper: str
    issuer: str
    stands: str
    due_day: str
    clock: str
    late: bool
    soon: bool
    worker: str
    mine: bool
    open: bool
    may_take: bool
    colleagues: tuple[Person, ...]


def rows_of(person: Person, listed: Iterable[Listed]) -> list[Row]:
    """Lines as shown to a person, with whom to give the work to where this person does not only look."""
    ports = desk().ports
    now, agencies = ports.clock.now(), {c.custodian_id: c for c in ports.directory.all()}
    may = Permission.CASE_ASSIGN in permissions_of(person)
    staff: dict[tuple[str, str], tuple[Person, ...]] = {}
    found = []
    for one in listed:
        place = (one.line.custodian, one.line.unit)
        if place not in staff:
            staff[place] = workers(*place) if may and person.custodian == one.line.custodian else ()
        agency = agencies[one.line.custodian]
        found.append(_row(person, one, agency, legal_date(now, agency.zone), staff[place]))
    return found


def _row(person: Person, listed: Listed, agency: Custodian, on: date, staff: tuple[Person, ...]) -> Row:
    line, who = listed.line, listed.assigned_to
    unit, received_on = agency.unit(line.unit), legal_date(line.received_at, agency.zone)
    still = line.state != CaseState.CLOSED
    left = (line.due_on - on).days if still and line.due_on is not None else None
    able = tuple(p for p in staff if still and (line.seal is None or p.person_id in line.seal))
    return Row(
        line=line,
        assigned_to=who,
        agency=agency.name,
        unit=unit.name if unit else line.unit,
        day=day(received_on),
        age=_age((on - received_on).days),
        asks=term("component", line.component),
        paper=term("paper", line.paper_kind),
        issuer=term("authority", line.paper_authority),
        stands=term("state", line.state),
        due_day=day(line.due_on),
        clock="" if left is None else _clock(left),
        late=left is not None and left < 0,
        soon=left is not None and 0 <= left <= SOON_DAYS,
        worker=name_of(who),
        mine=who == person.person_id,
        open=still,
        may_take=person in able and who != person.person_id,
        colleagues=tuple(p for p in able if p.person_id not in (who, person.person_id)),
    )


def _age(days: int) -> str:
    if days >= _TWO_YEARS:
        return say("inbox.age.years", n=days // _YEAR)
    return say("inbox.age.today") if days <= 0 else say("inbox.age.days", n=days)


def _clock(days: int) -> str:
    if days <= -_TWO_YEARS:
        return say("inbox.clock.years_late", n=-days // _YEAR)
    if days < 0:
        return say("inbox.clock.late", n=-days)
    return say("inbox.clock.today") if days == 0 else say("inbox.clock.in", n=days)


def name_of(person_id: str) -> str:
    """The name of a member of staff; of one who left the directory, the id."""
    if not person_id:
        return ""
    try:
        return desk().ports.directory.person(person_id).name
    except BadInput:
        return person_id


def workers(custodian: str, unit: str) -> tuple[Person, ...]:
    """Everybody who works on a unit's requests, by name."""
    staff = desk().ports.directory.people_of(custodian)
    return tuple(p for p in staff if (not p.units or unit in p.units) and WORKING & set(p.roles))
