"""Confirm: a person looks at what the machine read, and says so, corrects it, or has it checked.

Confirming changes the reading, never the source: a person who confirms that ICE ticked "criminal" has
read the box well, and the claim stays the requester's. Only a check made elsewhere (court clerk called
at a directory number, docket looked up) may raise a source to `independent`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from habeas.domain.case import Confirmed
from habeas.domain.events import Event
from habeas.domain.facts import SPEC, Fact, FactSet, Scope
from habeas.domain.vocabulary import EventKind, Reading, Source
from habeas.kernel.errors import bad
from habeas.kernel.shape import to_json
from habeas.usecases.standing import check_standing
from habeas.usecases.tally import row_of

if TYPE_CHECKING:
    from habeas.domain.case import Case
    from habeas.domain.events import Recorded
    from habeas.domain.request import Person
    from habeas.usecases.ports import Ports


@attrs.frozen
class Correction:
    """A person's own statement of a fact. `item_id` is "" for facts of the request; `source` is who
    vouches for it; `how` says how it was found out (`clerk called, number from the directory`).
    """

    name: str
    value: str
    source: Source
    item_id: str = ""
    how: str = ""


def confirm(
    ports: Ports,
    case_id: str,
    person: Person,
    corrections: tuple[Correction, ...] = (),
    *,
    expected_version: int | None = None,
) -> tuple[Recorded, ...]:
    """Every machine reading becomes this person's, with corrections laid over; one `facts.confirmed`."""
    case = ports.cases.load(case_id)
    check_standing(case, person)
    confirmed = confirmation(case, person, corrections)
    facts = case.facts.merged(confirmed.facts)
    event = Event(
        EventKind.FACTS_CONFIRMED,
        ports.clock.now(),
        person.person_id,
        row_of(attrs.evolve(case, facts=facts), EventKind.FACTS_CONFIRMED),
        facts.as_json(),
        to_json(confirmed),
    )
    return ports.cases.append(
        case_id, case.version if expected_version is None else expected_version, [event]
    )


def confirmation(case: Case, person: Person, corrections: tuple[Correction, ...]) -> Confirmed:
    """What a person's confirmation says, without writing it."""
    for c in corrections:
        if c.source is Source.INDEPENDENT and not c.how:
            raise bad("facts.check.not_described", f"facts.{_shown(c)}")
        if c.item_id and c.item_id not in {i.item_id for i in case.items}:
            raise bad("determination.item.unknown", f"facts.{_shown(c)}")
        if c.name in SPEC and (SPEC[c.name].scope is Scope.ITEM) is not bool(c.item_id):
            raise bad("facts.scope.other", f"facts.{c.name}", scope=SPEC[c.name].scope)
    item_facts = {i.item_id: _read_by_person(case.facts_of(i.item_id)) for i in case.items}
    for c in corrections:
        if c.item_id:
            item_facts[c.item_id] = item_facts[c.item_id].merged(_own(c))
    request_facts = _read_by_person(case.facts)
    for c in corrections:
        if not c.item_id:
            request_facts = request_facts.merged(_own(c))
    return Confirmed(
        person=person.person_id,
        facts=request_facts,
        item_facts=tuple(item_facts.items()),
        corrected=tuple(f"{c.item_id}:{c.name}" if c.item_id else c.name for c in corrections),
        note="; ".join(c.how for c in corrections if c.how),
    )


def _shown(c: Correction) -> str:
    return c.name if c.name in SPEC else "name"


def _read_by_person(facts: FactSet) -> FactSet:
    return FactSet({n: attrs.evolve(f, reading=Reading.PERSON) for n, f in facts.facts.items()})


def _own(c: Correction) -> FactSet:
    return FactSet({c.name: Fact(c.value, c.source, Reading.PERSON)})
