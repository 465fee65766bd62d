"""A case: the fold of its events. Use cases decide on it, the store's projection equals it.

`Case.of(history)` is the only way to get one; `after` applies one event. The payload classes are the
private parts of the events, typed: what a stage hands to the next.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain import workflow
from habeas.domain.determination import Evaluation, ItemDetermination, fold
from habeas.domain.disclosure import Approval, Disclosure, Notice
from habeas.domain.events import Recorded
from habeas.domain.facts import FactSet
from habeas.domain.instrument import Instrument, most_cautious, unreadable
from habeas.domain.reporting_row import ReportingRow
from habeas.domain.request import Request, RequestedItem, Requester
from habeas.domain.vocabulary import EventKind
from habeas.kernel.errors import bad, broken
from habeas.kernel.shape import from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@attrs.frozen
class Received:
    """Private part of `request.received`: the request, or for a repeat only the arrival it came in."""

    arrival_id: str
    request: Request | None = None


@attrs.frozen
class PaperReading:
    """What was read of one paper: its address and the instruments found in it."""

    blob: str
    instruments: tuple[Instrument, ...]
    problem: str = ""


@attrs.frozen
class Read:
    """Private part of `instrument.read`: every paper's instruments, and what follows for the request."""

    papers: tuple[PaperReading, ...]
    facts: FactSet
    items: tuple[RequestedItem, ...]
    item_facts: tuple[tuple[str, FactSet], ...]
    requester: Requester
    subjects_band: v.SubjectsBand


@attrs.frozen
class Confirmed:
    """Private part of `facts.confirmed`: the facts as a person left them, superseding the machine's."""

    person: str
    facts: FactSet
    item_facts: tuple[tuple[str, FactSet], ...] = ()
    items: tuple[RequestedItem, ...] = ()
    corrected: tuple[str, ...] = ()
    note: str = ""


@attrs.frozen
class Decided:
    """Private part of `determination.made` and `item.overridden`."""

    person: str
    role: str
    determination: ItemDetermination
    evaluation: Evaluation


@attrs.frozen
class Authorized:
    """Private part of `disclosure.authorized`: which items may leave, and the two persons who said so."""

    items: tuple[str, ...]
    approvals: tuple[Approval, ...]


@attrs.frozen
class Sealed:
    """Private part of `case.sealed`: who sealed it, the ids of those who may see it, and why."""

    person: str
    names: tuple[str, ...]
    reason: str


@attrs.frozen
class Unsealed:
    """Private part of `case.unsealed`: who opened it to its agency again, and why."""

    person: str
    reason: str


@attrs.frozen
class Case:
    """A case as it stands after its last event.

    `decided` holds every decision ever made; those before the last reading or confirmation (the first
    `superseded` ones) no longer stand. `authorized` ends with any of them, and with another decision.
    `sealed` is the seal that stands, if any. `updated_at` is the instant of the last event.
    """

    case_id: str
    request_ref: str
    version: int
    state: v.CaseState
    request: Request
    row: ReportingRow
    updated_at: datetime
    read: Read | None = None
    facts: FactSet = attrs.field(factory=FactSet)
    item_facts: tuple[tuple[str, FactSet], ...] = ()
    items: tuple[RequestedItem, ...] = ()
    evaluation: Evaluation | None = None
    decided: tuple[Decided, ...] = ()
    superseded: int = 0
    authorized: Authorized | None = None
    disclosures: tuple[Disclosure, ...] = ()
    notices: tuple[Notice, ...] = ()
    repeats: int = 0
    sealed: Sealed | None = None

    @classmethod
    def of(cls, history: Iterable[Recorded]) -> Case:
        """The case of a whole history; an empty history is a `BadInput`."""
        case: Case | None = None
        for recorded in history:
            case = begin(recorded) if case is None else case.after(recorded)
        if case is None:
            raise bad("case.ref.unknown", "case")
        return case

    def after(self, recorded: Recorded) -> Case:
        """The case after one more event, in order."""
        if recorded.seq != self.version + 1 or recorded.case_id != self.case_id:
            raise broken("case.history.gap", f"event {recorded.seq}")
        event = recorded.event
        moved = attrs.evolve(
            self,
            version=recorded.seq,
            state=workflow.advance(self.state, event.kind),
            row=self.row if event.row.repeat else event.row,
            updated_at=event.at,
        )
        if event.kind is EventKind.REQUEST_RECEIVED:
            return attrs.evolve(moved, repeats=self.repeats + 1)
        if event.kind not in _STEPS:
            return moved
        form, step = _STEPS[event.kind]
        return step(moved, from_json(form, event.private, str(event.kind)))

    @property
    def custodian(self) -> str:
        """The agency that holds the record."""
        return self.request.holder.custodian

    @property
    def unit(self) -> str:
        """The unit of that agency which was asked."""
        return self.request.holder.unit

    @property
    def seal(self) -> tuple[str, ...] | None:
        """The ids of the only people who may see it; None where it is not sealed."""
        return self.sealed.names if self.sealed else None

    def outcome(self, item_id: str) -> v.Outcome | None:
        """What stands decided about an item, or None."""
        found = self.decision(item_id)
        return found.determination.outcome if found else None

    def decision(self, item_id: str) -> Decided | None:
        """The decision about an item that stands, or None: other facts ask for another decision."""
        standing = self.decided[self.superseded :]
        return next((d for d in reversed(standing) if d.determination.item_id == item_id), None)

    @property
    def left(self) -> bool:
        """Whether anything was handed over under the authorization that stands."""
        given = self.authorized
        return given is not None and any(x.approvals == given.approvals for x in self.disclosures)

    @property
    def request_outcome(self) -> v.RequestOutcome:
        """How the whole request stands."""
        return fold(tuple(self.outcome(i.item_id) for i in self.items))

    @property
    def instrument(self) -> Instrument | None:
        """The instrument that speaks for the request, or None when only a message came."""
        if self.read is None or not self.read.papers:
            return None
        every = tuple(i for p in self.read.papers for i in (p.instruments or (unreadable(),)))
        return most_cautious(every)

    def facts_of(self, item_id: str) -> FactSet:
        """An item's own facts."""
        return dict(self.item_facts).get(item_id, FactSet())


def begin(recorded: Recorded) -> Case:
    """The case that its first event opens."""
    event = recorded.event
    received = from_json(Received, event.private, "request.received")
    if received.request is None or recorded.seq != 1:
        raise broken("case.history.gap", f"event {recorded.seq}")
    return Case(
        case_id=recorded.case_id,
        request_ref=event.row.request_ref,
        version=1,
        state=workflow.start(event.kind),
        request=received.request,
        row=event.row,
        updated_at=event.at,
        facts=received.request.claims,
        items=received.request.items,
    )


def _after_read(case: Case, read: Read) -> Case:
    return attrs.evolve(
        _asked_again(case), read=read, facts=read.facts, items=read.items, item_facts=read.item_facts
    )


def _asked_again(case: Case) -> Case:
    """The case once its facts are others: nothing that was said about the former ones stands."""
    return attrs.evolve(case, evaluation=None, superseded=len(case.decided), authorized=None)


def _after_confirmed(case: Case, confirmed: Confirmed) -> Case:
    merged = dict(case.item_facts)
    for item_id, facts in confirmed.item_facts:
        merged[item_id] = merged.get(item_id, FactSet()).merged(facts)
    return attrs.evolve(
        _asked_again(case),
        facts=case.facts.merged(confirmed.facts),
        item_facts=tuple(merged.items()),
        items=confirmed.items or case.items,
    )


def _after_decided(case: Case, decided: Decided) -> Case:
    return attrs.evolve(
        case, decided=(*case.decided, decided), evaluation=decided.evaluation, authorized=None
    )


_STEPS: Final[dict[EventKind, tuple[type[Any], Callable[[Case, Any], Case]]]] = {
    EventKind.INSTRUMENT_READ: (Read, _after_read),
    EventKind.FACTS_CONFIRMED: (Confirmed, _after_confirmed),
    EventKind.DETERMINATION_MADE: (Decided, _after_decided),
    EventKind.ITEM_OVERRIDDEN: (Decided, _after_decided),
    EventKind.DISCLOSURE_AUTHORIZED: (Authorized, lambda case, given: attrs.evolve(case, authorized=given)),
    EventKind.DISCLOSURE_MADE: (
        Disclosure,
        lambda case, left: attrs.evolve(case, disclosures=(*case.disclosures, left)),
    ),
    EventKind.NOTICE_SENT: (
        Notice,
        lambda case, sent: attrs.evolve(case, notices=(*case.notices, sent)),
    ),
    EventKind.CASE_SEALED: (Sealed, lambda case, sealed: attrs.evolve(case, sealed=sealed)),
    EventKind.CASE_UNSEALED: (Unsealed, lambda case, _: attrs.evolve(case, sealed=None)),
}
"""Kind → the class of its private part, and the case after it. Every other kind changes version and row."""
