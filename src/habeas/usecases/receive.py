"""Receive: bytes at the door → a case, a link to the case they repeat, or quarantine. Nothing is lost.

The order is the promise. 1. A case key is made and the raw bytes are stored under it. 2. The arrival
is written, `pending`. Only then is anything read: 3. the bytes are parsed, and in one transaction
the case is opened, the fingerprint kept, the arrival settled and the ledger entry queued. A crash
after 2 leaves a pending arrival, which `settle_pending` takes up again; a crash before leaves only an
encrypted orphan that no row names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from habeas.domain.case import Received
from habeas.domain.events import Event
from habeas.domain.request import Attachment, Holder, Request, Requester
from habeas.domain.vocabulary import Channel, EventKind
from habeas.intake.clean import one_line
from habeas.intake.parse import Parsed, opaque, parse
from habeas.kernel.errors import BadInput, bad
from habeas.kernel.shape import to_json
from habeas.usecases.ports import Arrival, ArrivalState, Hints
from habeas.usecases.tally import opening_row

if TYPE_CHECKING:
    from datetime import datetime

    from habeas.usecases.ports import Ports


@attrs.frozen
class Receipt:
    """What became of an arrival: its state, the case it opened or repeats, or why it is quarantined."""

    arrival_id: str
    state: ArrivalState
    case_id: str = ""
    request_ref: str = ""
    problem: str = ""
    notes: tuple[str, ...] = ()


def receive(
    ports: Ports,
    data: bytes,
    filename: str,
    *,
    hints: Hints | None = None,
    actor: str,
    received_at: datetime | None = None,
) -> Receipt:
    """Take bytes in. `received_at` is when they reached the agency (default: now)."""
    case_id = ports.ids.new_id()
    ports.keys.create(case_id)
    arrival = Arrival(
        arrival_id=ports.ids.new_id(),
        case_id=case_id,
        blob=ports.blobs.put(data, case_id),
        filename=one_line(filename),
        received_at=received_at or ports.clock.now(),
        hints=hints or Hints(),
    )
    ports.arrivals.log(arrival)
    return settle(ports, arrival, actor=actor)


def settle_pending(ports: Ports, *, actor: str) -> tuple[Receipt, ...]:
    """Take up every arrival that a crash left pending."""
    return tuple(settle(ports, a, actor=actor) for a in ports.arrivals.in_state(ArrivalState.PENDING))


def release(ports: Ports, arrival_id: str, *, hints: Hints, as_paper: bool, actor: str) -> Receipt:
    """Try a quarantined arrival again, with what a person now knows.

    `as_paper` takes the bytes as one opaque paper that a person must read, whatever they are.
    """
    arrival = ports.arrivals.get(arrival_id)
    if arrival.state is not ArrivalState.QUARANTINED:
        raise bad("intake.arrival.not_quarantined", "arrival", state=arrival.state)
    known = attrs.evolve(
        arrival.hints,
        custodian=hints.custodian or arrival.hints.custodian,
        unit=hints.unit or arrival.hints.unit,
        channel=hints.channel or arrival.hints.channel,
    )
    return settle(ports, attrs.evolve(arrival, hints=known), actor=actor, as_paper=as_paper)


def settle(ports: Ports, arrival: Arrival, *, actor: str, as_paper: bool = False) -> Receipt:
    """Parse a stored arrival and open, link or quarantine it."""
    data = ports.blobs.get(arrival.blob, arrival.case_id)
    try:
        if as_paper:
            parsed = opaque(data, arrival.filename, arrival.received_at)
        else:
            parsed = parse(data, arrival.filename, arrival.received_at)
        return _open_or_link(ports, arrival, parsed, actor)
    except BadInput as error:
        if not _about_the_arrival(error):
            raise  # it stays pending, and is taken up again
        return _quarantine(ports, arrival, error)


def _about_the_arrival(error: BadInput) -> bool:
    """Whether the bytes are at fault; a full disk, a busy database or a faster writer is not their fault."""
    return not any(p.code.startswith(("store.", "case.")) for p in error.problems)


def _quarantine(ports: Ports, arrival: Arrival, error: BadInput) -> Receipt:
    line = error.problems[0].line()
    ports.arrivals.settle(arrival.arrival_id, ArrivalState.QUARANTINED, problem=line)
    return Receipt(arrival.arrival_id, ArrivalState.QUARANTINED, problem=line)


def _open_or_link(ports: Ports, arrival: Arrival, parsed: Parsed, actor: str) -> Receipt:
    holder = _holder(ports, arrival.hints, parsed)
    fingerprint = ports.keys.token(
        "fingerprint", holder.custodian.encode() + b"\0" + parsed.fingerprint_material
    )
    notes = tuple(n.line() for n in parsed.notes)
    seen = ports.arrivals.case_of_fingerprint(fingerprint)
    papers = tuple(
        Attachment(ports.blobs.put(p.data, arrival.case_id), p.media_type, p.filename, len(p.data))
        for p in (parsed.papers if seen is None else ())  # a repeat's papers are those of its case
    )
    with ports.atomic():
        _check_unsettled(ports, arrival)
        known = seen or ports.arrivals.case_of_fingerprint(fingerprint)  # another may have been faster
        if known is not None:
            return _link(ports, arrival, known, actor, notes)
        request = _request(arrival, parsed, holder, papers)
        custodian = ports.directory.custodian(holder.custodian)
        row = opening_row(request, custodian, ports.ids.new_ref(), demo=custodian.demo)
        private = to_json(Received(arrival.arrival_id, request))
        event = Event(EventKind.REQUEST_RECEIVED, ports.clock.now(), actor, row, {}, private)
        ports.cases.append(arrival.case_id, 0, [event])
        ports.arrivals.keep_fingerprint(fingerprint, arrival.case_id)
        ports.arrivals.settle(arrival.arrival_id, ArrivalState.CASE, linked_to=arrival.case_id)
    return Receipt(arrival.arrival_id, ArrivalState.CASE, arrival.case_id, row.request_ref, notes=notes)


def _check_unsettled(ports: Ports, arrival: Arrival) -> None:
    """Refuse an arrival that somebody else settled meanwhile: it would be told as a repeat of itself."""
    if ports.arrivals.get(arrival.arrival_id).state is not arrival.state:
        raise bad("case.version.conflict", "arrival")


def _link(ports: Ports, arrival: Arrival, case_id: str, actor: str, notes: tuple[str, ...]) -> Receipt:
    """A re-sent message: written into the history it repeats, counted apart, opened a second time never."""
    case = ports.cases.load(case_id)
    row = attrs.evolve(case.row, kind=EventKind.REQUEST_RECEIVED, repeat=True, item="")
    private = to_json(Received(arrival.arrival_id))
    event = Event(EventKind.REQUEST_RECEIVED, ports.clock.now(), actor, row, {}, private)
    ports.cases.append(case_id, case.version, [event])
    ports.arrivals.settle(arrival.arrival_id, ArrivalState.REPEAT, linked_to=case_id)
    return Receipt(arrival.arrival_id, ArrivalState.REPEAT, case_id, case.request_ref, notes=notes)


def _holder(ports: Ports, hints: Hints, parsed: Parsed) -> Holder:
    """Whose request this is: what the person at the door said, the form says, or the mailbox shows."""
    if hints.custodian:
        found = (hints.custodian, hints.unit)
    elif parsed.holder is not None and parsed.holder.custodian:
        found = (parsed.holder.custodian, parsed.holder.unit)
    else:
        found = ports.directory.by_mailbox(parsed.recipients) or _only_unit(ports)
    custodian = ports.directory.custodian(found[0])
    unit = found[1] or (custodian.units[0].unit_id if len(custodian.units) == 1 else "")
    if custodian.unit(unit) is None:
        known = ", ".join(u.unit_id for u in custodian.units)
        raise bad("intake.unit.unknown", "unit", known=known)
    base = parsed.holder or Holder("", "")
    return attrs.evolve(base, custodian=custodian.custodian_id, unit=unit)


def _only_unit(ports: Ports) -> tuple[str, str]:
    every = ports.directory.all()
    if len(every) == 1 and len(every[0].units) == 1:
        return every[0].custodian_id, every[0].units[0].unit_id
    raise bad("intake.holder.unknown", "recipients", known=", ".join(c.custodian_id for c in every))


def _with_sender(parsed: Parsed) -> Requester:
    """The form's requester; of a message, whoever its `From` names (which proves nothing)."""
    officer = parsed.requester.officer
    named = attrs.evolve(
        officer, name=officer.name or parsed.sender.name, email=officer.email or parsed.sender.address
    )
    return attrs.evolve(parsed.requester, officer=named)


def _request(arrival: Arrival, parsed: Parsed, holder: Holder, papers: tuple[Attachment, ...]) -> Request:
    return Request(
        received_at=min(arrival.received_at, parsed.received_at),
        channel=Channel(arrival.hints.channel) if arrival.hints.channel else parsed.channel,
        holder=holder,
        requester=_with_sender(parsed),
        items=parsed.items,
        subjects=parsed.subjects,
        subjects_band=parsed.subjects_band,
        claims=parsed.claims,
        offense_statute=parsed.offense_statute,
        case_number=parsed.case_number,
        message=parsed.message,
        subject_line=parsed.subject_line,
        message_id=parsed.message_id,
        service=parsed.service,
        attachments=papers,
        certification=parsed.certification,
        consent=parsed.consent,
        instructed_by=parsed.instructed_by,
    )
