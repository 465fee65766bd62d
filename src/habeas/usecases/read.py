"""Read: a case's papers and message → instruments, facts, items. The machine's reading, nothing decided.

Statements meet cautiously (`FactSet.strictest`): what the message claims, what the form said, and what
the papers show. What two of them contradict becomes unknown. A paper that cannot be read is an
`unreadable` instrument with the reason; it never stops the reading of the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.case import PaperReading, Read
from habeas.domain.events import Event
from habeas.domain.facts import Fact, FactSet, Motion, Subjects
from habeas.domain.instrument import (
    FieldName,
    Instrument,
    most_cautious,
    no_paper_facts,
    paper_facts,
    unreadable,
)
from habeas.domain.request import RequestedItem, Requester
from habeas.intake.reading.claims import Claims, read_claims
from habeas.intake.reading.document import read_document
from habeas.kernel.clock import legal_date
from habeas.kernel.errors import BadInput
from habeas.kernel.shape import to_json
from habeas.usecases.tally import row_of

if TYPE_CHECKING:
    from datetime import date

    from habeas.domain.case import Case
    from habeas.domain.events import Recorded
    from habeas.domain.request import Attachment, Custodian
    from habeas.usecases.ports import Ports

MESSAGE = "message"
"""The address of the message itself in places: it has no pages."""


def read(ports: Ports, case_id: str, *, actor: str) -> tuple[Recorded, ...]:
    """Read every paper of a case and its message; appends one `instrument.read`."""
    case = ports.cases.load(case_id)
    custodian = ports.directory.custodian(case.request.holder.custodian)
    result = read_case(ports, case, custodian)
    after = attrs.evolve(case, read=result, facts=result.facts, items=result.items)
    kind = v.EventKind.INSTRUMENT_READ
    event = Event(
        kind, ports.clock.now(), actor, row_of(after, kind), result.facts.as_json(), to_json(result)
    )
    return ports.cases.append(case_id, case.version, [event])


@attrs.frozen
class _Voice:
    """Something that speaks in a case: the message, or one paper with its own claims."""

    claims: Claims
    paper: PaperReading | None = None


def read_case(ports: Ports, case: Case, custodian: Custodian) -> Read:
    """The reading of a case, without writing it."""
    names = (custodian.name, *custodian.names, *(u.name for u in custodian.units))
    papers = [_read_paper(ports, case, a, names) for a in case.request.attachments]
    voices = [_message(case, names), *(x for found in papers for x in found)]
    readings = tuple(x.paper for found in papers for x in found[:1] if x.paper is not None)
    speaking = most_cautious(tuple(i for r in readings for i in r.instruments))
    requester = _requester(case, voices)
    items = _items(case, voices, custodian)
    shown = _paper(speaking, legal_date(case.request.received_at, custodian.zone))
    facts = shown.strictest(*(x.claims.facts for x in voices), case.request.claims)
    facts = facts.merged(_own_facts(custodian, requester, case))
    band, subjects = _subjects(case, voices)
    return Read(
        papers=readings,
        facts=facts.merged(subjects),
        items=items,
        item_facts=tuple((i.item_id, _item_facts(i, custodian, speaking, voices)) for i in items),
        requester=requester,
        subjects_band=band,
    )


def _message(case: Case, names: tuple[str, ...]) -> _Voice:
    request = case.request
    text = f"{request.subject_line}\n{request.message}"
    return _Voice(read_claims(text, blob=MESSAGE, sender=_sender(request.requester), own_names=names))


def _sender(requester: Requester) -> str:
    officer = requester.officer
    return f"{officer.name} <{officer.email}>" if officer.email else ""


def _read_paper(ports: Ports, case: Case, paper: Attachment, names: tuple[str, ...]) -> list[_Voice]:
    """A paper's reading and the claims of each instrument in it; the first voice carries the reading."""
    data = ports.blobs.get(paper.blob, case.case_id)
    try:
        found = read_document(data, blob=paper.blob, agency_names=names)
        to_json(found)  # a text that cannot be kept makes its own paper unreadable, and no other
    except BadInput as error:
        return [_Voice(Claims(), PaperReading(paper.blob, (unreadable(),), error.problems[0].line()))]
    reading = PaperReading(paper.blob, found.instruments or (unreadable(),))
    claims = found.claims or (Claims(),)
    return [_Voice(claims[0], reading), *(_Voice(c) for c in claims[1:])]


def _paper(speaking: Instrument | None, on: date) -> FactSet:
    return no_paper_facts() if speaking is None else paper_facts(speaking, on)


def _requester(case: Case, voices: list[_Voice]) -> Requester:
    """Who asks: what the form said, else the message, else a paper; details filled from what is there."""
    stated = case.request.requester
    if stated.component is not v.Component.UNKNOWN:
        return stated
    found = [x.claims.requester for x in voices]
    known = next((r for r in found if r.component is not v.Component.UNKNOWN), found[0])
    officer = attrs.evolve(
        known.officer,
        name=stated.officer.name or known.officer.name,
        email=stated.officer.email or known.officer.email,
    )
    return attrs.evolve(stated, component=known.component, officer=officer)


def _items(case: Case, voices: list[_Voice], custodian: Custodian) -> tuple[RequestedItem, ...]:
    """What is asked for: the form's items, else each kind of data named by message or papers, once.

    A request that names nothing a machine can sort is one item of unknown category: a person must look.
    """
    if case.request.items:
        return tuple(attrs.evolve(i, system=_system(i.category, custodian)) for i in case.request.items)
    wanted = {w.category: w for voice in reversed(voices) for w in voice.claims.items}
    ordered = [w for voice in voices for w in voice.claims.items if wanted.get(w.category) is w]
    if not ordered:
        return (RequestedItem("1", v.DataCategory.UNKNOWN, case.request.subject_line),)
    return tuple(
        RequestedItem(str(n), w.category, w.text[:500], _system(w.category, custodian), w.place)
        for n, w in enumerate(ordered, 1)
    )


def _system(category: v.DataCategory, custodian: Custodian) -> str:
    return next((s.system_id for s in custodian.systems if s.category is category), "")


def _own_facts(custodian: Custodian, requester: Requester, case: Case) -> FactSet:
    """What the agency knows itself: what it is, who wrote, that no court order or motion is on file yet."""
    values: dict[str, str] = {
        "custodian_kind": custodian.kind,
        "requester_component": requester.component,
        "requester_federal": requester.component.federal,
        "written": v.YesNo.NO
        if case.request.channel in (v.Channel.PHONE, v.Channel.IN_PERSON)
        else v.YesNo.YES,
        "enforcement_order": v.YesNo.NO,
        "motion_to_quash": Motion.NOT_FILED,
    }
    return FactSet({n: _ours(x) for n, x in values.items() if x != v.UNKNOWN})


def _ours(value: str) -> Fact:
    return Fact(str(value), v.Source.CUSTODIAN, v.Reading.MACHINE)


def _item_facts(
    item: RequestedItem, custodian: Custodian, speaking: Instrument | None, voices: list[_Voice]
) -> FactSet:
    """The category, whether the system is barred from immigration use, and whether the paper asks for it."""
    facts = {
        "data_category": attrs.evolve(_ours(item.category), evidence=(item.place,) if item.place else ())
    }
    system = next((s for s in custodian.systems if s.system_id == item.system), None)
    if system is not None:
        facts["system_excluded"] = _ours(v.YesNo.YES if system.excluded else v.YesNo.NO)
        public = v.YesNo.YES if item.category is v.DataCategory.PUBLIC else v.YesNo.NO
        facts["item_public"] = _ours(public)
    scope = _in_scope(item, speaking, voices)
    if scope.known:
        facts["item_in_scope"] = scope
    return FactSet(facts)


def _in_scope(item: RequestedItem, speaking: Instrument | None, voices: list[_Voice]) -> Fact:
    """Whether a paper demands the item: yes where one names this kind of data, no where there is none."""
    if speaking is None:
        return _ours(v.YesNo.NO)
    if speaking.authority is v.Authority.UNREADABLE:
        return Fact(v.UNKNOWN, v.Source.CUSTODIAN, v.Reading.MACHINE)
    named = [w for x in voices[1:] for w in x.claims.items]
    places = tuple(w.place for w in named if w.category is item.category)
    if places:
        return attrs.evolve(_ours(v.YesNo.YES), evidence=places)
    attached = speaking.first(FieldName.ITEM) is None
    return _ours(v.UNKNOWN if attached or not named else v.YesNo.NO)


def _subjects(case: Case, voices: list[_Voice]) -> tuple[v.SubjectsBand, FactSet]:
    """How many persons are named, and the fact for the rules; nobody named and no group is unknown."""
    stated = case.request.subjects
    names = {s.name for s in stated} or {p.name for x in voices for p in x.claims.persons}
    bulk = not names and any(x.claims.bulk for x in voices)
    if not names and not bulk:
        return case.request.subjects_band, FactSet()
    value = Subjects.BULK if bulk else Subjects.ONE if len(names) == 1 else Subjects.SEVERAL
    fact = Fact(str(value), v.Source.REQUESTER, v.Reading.MACHINE)
    return v.SubjectsBand.of(len(names)), FactSet({"subjects": fact})
