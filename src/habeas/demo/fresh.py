"""The served demonstration's open work: a dozen invented requests of the last weeks, each left at a stage.

Like the script of 2020 it knows only what senders do and how far the desk got; what a paper is and what
the rules say comes out of intake, reading and rules. Every date is relative to the instant it is played
at, so the clocks run whenever somebody looks. The published figures of 2020 count none of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import attrs

from habeas.demo import stage
from habeas.demo.papers.bodies import Style
from habeas.demo.papers.draw import paper
from habeas.demo.papers.phrases import Claim as C  # noqa: N817 - a script reads better, as in state.py
from habeas.demo.papers.phrases import Wanted as W  # noqa: N817 - as above
from habeas.demo.papers.samples import sample
from habeas.demo.scan import scan
from habeas.demo.senders import SENDERS, UNITS, person
from habeas.demo.state import Delivery, Scripted, deliver_at
from habeas.domain.determination import WITHIN, ItemDetermination
from habeas.domain.vocabulary import Effect, Outcome, Source
from habeas.kernel.canonical import encode
from habeas.usecases.assign import assign
from habeas.usecases.confirm import Correction, confirm
from habeas.usecases.determine import determine, evaluate
from habeas.usecases.ports import Hints
from habeas.usecases.read import read
from habeas.usecases.receive import receive
from habeas.usecases.seal import seal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from habeas.kernel.clock import SetClock
    from habeas.usecases.ports import Ports

    Send = Callable[[int, datetime], Delivery]
    Act = Callable[[Ports, str], None]  # what the desk does with the request of an id

FIRST: Final = 500
"""Where the invented persons and wordings of these requests begin: far from those of the script."""


@attrs.frozen
class Fresh:
    """One request: how long ago it was sent, by what, and what the desk has done with it since."""

    ago: timedelta
    send: Send
    acts: tuple[Act, ...] = ()


def _mail(unit: str, sender: str, claims: tuple[C, ...], wants: tuple[W, ...], **rest: object) -> Send:
    scripted = Scripted("", unit, sender, claims, wants, **rest)  # type: ignore[arg-type] # checked by attrs' names
    return lambda number, at: deliver_at(scripted, number, at)


def _phone_call(unit: str) -> Send:
    """A call that a clerk wrote down."""

    def send(number: int, at: datetime) -> Delivery:
        caller, custodian = SENDERS["ero"], UNITS[unit][0]
        form = {
            "schema": "habeas.intake.v1",
            "channel": "phone",
            "holder": {"custodian": custodian, "unit": unit},
            "requester": {
                "component": "ice_ero",
                "officer": {"name": caller.name, "title": caller.title, "phone": caller.phone},
            },
            "items": [{"category": "vital", "description": "a birth record, read out over the telephone"}],
            "subjects": [{"name": person(number * 3).name}],
            "message": "The caller wanted the record read out at once. He was told to write to our mailbox.",
        }
        return Delivery(at, encode(form), "phone-call.json", custodian, unit, "phone")

    return send


def _poor_fax(unit: str) -> Send:
    """A paper by fax, too coarse for a machine."""

    def send(number: int, at: datetime) -> Delivery:
        _, name, _, agency, _ = UNITS[unit]
        drawn = attrs.evolve(
            sample("i205"),  # type: ignore[arg-type] # a PaperKind's value
            holder=agency,
            holder_unit=name,
            persons=(person(number * 3),),
            issued_on=(at - timedelta(days=4)).date(),
        )
        return Delivery(at, scan(paper("i205", drawn)), "fax.png", UNITS[unit][0], unit, "fax")

    return send


def _read(ports: Ports, case_id: str) -> None:
    """The machine reads the papers, as the worker does within seconds."""
    read(ports, case_id, actor="machine")


def _check(person_id: str, *corrections: Correction) -> Act:
    """Somebody looks at the papers and confirms what the machine read, with what the desk itself knows."""

    def act(ports: Ports, case_id: str) -> None:
        found = (*stage.findings(ports.cases.load(case_id)), *corrections)
        confirm(ports, case_id, ports.directory.person(person_id), found)

    return act


def _decide(person_id: str, reason: str, *wished: Outcome) -> Act:
    """Somebody decides every item: the first of the wishes that stays within what the rules say."""

    def act(ports: Ports, case_id: str) -> None:
        items = evaluate(ports, ports.cases.load(case_id)).items
        decisions = tuple(ItemDetermination(i.item_id, _within(i.effect, wished), reason) for i in items)
        determine(ports, case_id, ports.directory.person(person_id), decisions)

    return act


def _within(effect: Effect, wished: tuple[Outcome, ...]) -> Outcome:
    return next((outcome for outcome in wished if outcome in WITHIN[effect]), Outcome.COUNSEL)


def _assign(person_id: str, to: str) -> Act:
    def act(ports: Ports, case_id: str) -> None:
        assign(ports, case_id, ports.directory.person(person_id), to)

    return act


def _seal(person_id: str, reason: str, *names: str) -> Act:
    def act(ports: Ports, case_id: str) -> None:
        seal(ports, case_id, ports.directory.person(person_id), (person_id, *names), reason)

    return act


_NO_LAW: Final = Correction("required_by_law", "no", Source.CUSTODIAN, how="no law of ours asks for it")
_CRIME: Final = (C.CRIMINAL,)
_IMMIGRATION: Final = (C.IMMIGRATION,)
_CLIENT: Final = (C.THIRD_PARTY,)
_WAGES: Final = (W.WAGE_HISTORY,)
_WAGES_EMPLOYER: Final = (W.WAGE_HISTORY, W.EMPLOYER)
_LICENSE: Final = (W.LICENSE_RECORD,)
_UI, _MV, _VITAL = "ui-fraud", "mv-investigations", "vital-records"
_HOUR: Final = timedelta(hours=1)


def _days(number: int) -> timedelta:
    return timedelta(days=number)


LABOR: Final[tuple[Fresh, ...]] = (
    Fresh(
        timedelta(minutes=25),
        _mail(_UI, "hsi", _CRIME, _WAGES_EMPLOYER, paper="i138", offense="wire", issued=1),
    ),
    Fresh(_days(1), _mail(_UI, "ero", _IMMIGRATION, _WAGES, paper="i205"), (_read,)),
    Fresh(
        _days(4),
        _mail(_UI, "ero", _IMMIGRATION, (W.EMPLOYER, W.HOME_ADDRESS), paper="i200"),
        (_read, _assign("t.abara", "m.reyes"), _check("m.reyes", _NO_LAW)),
    ),
    Fresh(
        _days(6),
        _mail(_UI, "law-firm", _CLIENT, _WAGES_EMPLOYER, paper="ao88b", runs=7),
        (_read, _assign("m.reyes", "m.reyes"), _check("m.reyes")),
    ),
    Fresh(
        _days(5),
        _mail(_UI, "usao", _CRIME, (W.UNEMPLOYMENT_CLAIM,), paper="ao110", offense="theft", runs=6),
        (_read, _seal("e.thornton", "a grand jury asks: that it asks is secret", "m.reyes", "t.abara")),
    ),
    Fresh(
        _days(9),
        _mail(_UI, "fbi", _CRIME, _WAGES, paper="ao93c", offense="bank", runs=12),
        (_read, _check("k.lindqvist"), _decide("k.lindqvist", "a judge signed the warrant", Outcome.RELEASE)),
    ),
    Fresh(
        _days(12),
        _mail(_UI, "law-firm", _CLIENT, _WAGES, paper="ao88", runs=15),
        (_read, _check("m.reyes"), _decide("m.reyes", "counsel asks the court first", Outcome.CONTEST)),
    ),
    Fresh(
        _days(24),
        _mail(_UI, "hsi-2", _CRIME, _WAGES, paper="i138", runs=16),
        (_read, _assign("t.abara", "k.lindqvist")),
    ),
)
"""At the Department of Labor and Employment: new, to check, to decide, sealed, with counsel, late."""

ELSEWHERE: Final[tuple[Fresh, ...]] = (
    Fresh(
        2 * _HOUR,
        _mail(_MV, "ero", (C.VAGUE,), (W.HOME_ADDRESS,), style=Style.TERSE),
        (_read,),
    ),
    Fresh(_days(1), _poor_fax(_MV), (_read,)),
    Fresh(
        _days(3),
        _mail(_MV, "hsi", _CRIME, (W.LICENSE_RECORD, W.PHOTOGRAPH), paper="ao93", offense="id"),
        (_read, _assign("d.hsu", "s.okafor"), _check("s.okafor")),
    ),
    Fresh(
        _days(8),
        _mail(_MV, "police", _CRIME, _LICENSE, paper="state_subpoena", offense="id"),
        (_read, _check("s.okafor"), _decide("s.okafor", "counsel looks at it first", Outcome.COUNSEL)),
    ),
    Fresh(3 * _HOUR, _phone_call(_VITAL), (_read,)),
    Fresh(_days(2), _mail(_VITAL, "uscis", (C.PROGRAM,), (W.BIRTH_RECORD,), program="save"), (_read,)),
)
"""At the departments of revenue and of health."""

SCRIPT: Final = (*LABOR, *ELSEWHERE)


def play(ports: Ports, clock: SetClock, now: datetime) -> int:
    """Send every request and do what the desk did with it, each in its time before `now`; how many."""
    told = sorted(enumerate(SCRIPT, FIRST), key=lambda one: one[1].ago, reverse=True)
    for number, fresh in told:
        at = now - fresh.ago
        clock.set(at)
        case_id = _receive(ports, fresh.send(number, at))
        for later, act in enumerate(fresh.acts, 1):
            clock.set(at + later * fresh.ago / (len(fresh.acts) + 1))
            act(ports, case_id)
    clock.set(now)
    return len(told)


def _receive(ports: Ports, sent: Delivery) -> str:
    hints = Hints(sent.custodian, sent.unit, sent.channel)
    return receive(ports, sent.data, sent.filename, hints=hints, actor="mailbox", received_at=sent.at).case_id
