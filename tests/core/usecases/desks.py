"""Invented agencies, staff and deliveries for the use cases, over ports in memory."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from habeas.domain import vocabulary as v
from habeas.domain.case import Case
from habeas.domain.determination import ItemDetermination
from habeas.domain.request import Custodian, Person, RecordSystem, Unit
from habeas.domain.vocabulary import Outcome, Role, Source
from habeas.kernel.canonical import encode
from habeas.kernel.clock import SetClock
from habeas.kernel.errors import BadInput
from habeas.ledger.entry import check_opening, decode_entry
from habeas.usecases.confirm import Correction, confirm
from habeas.usecases.determine import determine
from habeas.usecases.fakes import MemoryCases, memory_ports
from habeas.usecases.ports import Hints
from habeas.usecases.read import read
from habeas.usecases.receive import receive
from tests.core.policy.making import version

if TYPE_CHECKING:
    from collections.abc import Callable

    from habeas.usecases.fakes import World
    from habeas.usecases.ports import Ports

AT: Final = datetime(2020, 9, 14, 15, 30, tzinfo=UTC)


def _agency(custodian_id: str, kind: v.CustodianKind) -> Custodian:
    unit = Unit("desk", "Desk", (f"desk@{custodian_id}.example",))
    systems = tuple(
        RecordSystem(f"{c}-records", "Records", c)
        for c in (v.DataCategory.EMPLOYMENT, v.DataCategory.CONTACT)
    )
    name, zone = custodian_id.title(), "America/Denver"
    return Custodian(custodian_id, name, kind, "us-co", zone, (unit,), systems, counsel="555-0149")


LABOR: Final = _agency("labor", v.CustodianKind.STATE_AGENCY)
VENDOR: Final = _agency("vendor", v.CustodianKind.VENDOR)
AGENCIES: Final = (LABOR, VENDOR)

CLERK: Final = Person("c.clerk", "C", (Role.CLERK,), "labor")
REVIEWER: Final = Person("r.doe", "R", (Role.CLERK, Role.REVIEWER), "labor")
APPROVER: Final = Person("k.roe", "K", (Role.APPROVER,), "labor")
COUNSEL: Final = Person("l.poe", "L", (Role.COUNSEL,), "labor")
AUDITOR: Final = Person("a.coe", "A", (Role.AUDITOR, Role.ADMINISTRATOR), "labor")
STAFF: Final = (CLERK, REVIEWER, APPROVER, COUNSEL, AUDITOR)

GUIDANCE: Final = ("us-co/2020-guidance",)
STATUTE: Final = ("us-co/sb21-131",)

CRIMINAL: Final = (
    Correction("criminal_investigation", "yes", Source.CUSTODIAN),
    Correction("immigration_purpose", "none", Source.CUSTODIAN),
    Correction("motion_to_quash", "not_filed", Source.CUSTODIAN),
)
"""Facts under which the guidance permits (its ground i)."""

NOTHING: Final = (
    Correction("criminal_investigation", "no", Source.CUSTODIAN),
    Correction("crime_in_progress", "no", Source.CUSTODIAN),
    Correction("program_duty", "no", Source.CUSTODIAN),
    Correction("immigration_purpose", "sole", Source.REQUESTER),
)
"""Facts under which nothing of the guidance permits."""

_version = cache(lambda packs: version(*packs))


def new_ports(packs: tuple[str, ...] = GUIDANCE) -> Ports:
    """Ports in memory under some packs."""
    return memory_ports(AT, AGENCIES, _version(packs))


def clock_of(ports: Ports) -> SetClock:
    """The clock, to be set."""
    assert isinstance(ports.clock, SetClock)
    return ports.clock


def world_of(ports: Ports) -> World:
    """What lies behind the ports."""
    assert isinstance(ports.cases, MemoryCases)
    return ports.cases.world


def form(custodian: str = "labor", items: tuple[str, ...] = ("employment",), **members: Any) -> bytes:
    """A JSON form as a desk writes it."""
    document = {
        "schema": "habeas.intake.v1",
        "channel": "portal",
        "holder": {"custodian": custodian, "unit": "desk"},
        "items": [{"category": c} for c in items],
        "message": "Please send the records.",
    }
    return encode(document | members)


def opened(ports: Ports, data: bytes | None = None) -> str:
    """A case that was received and read."""
    taken = receive(ports, data or form(), "request.json", actor="desk")
    assert taken.case_id, taken
    read(ports, taken.case_id, actor="machine")
    return taken.case_id


def confirmed(ports: Ports, corrections: tuple[Correction, ...] = CRIMINAL, data: bytes | None = None) -> str:
    """A case whose facts a person confirmed."""
    case_id = opened(ports, data)
    confirm(ports, case_id, REVIEWER, corrections)
    return case_id


def decide(ports: Ports, case_id: str, outcome: Outcome, person: Person = REVIEWER, **words: str) -> None:
    """Decide every item alike."""
    items = ports.cases.load(case_id).items
    determine(ports, case_id, person, tuple(ItemDetermination(i.item_id, outcome, **words) for i in items))


def refused(work: Callable[[], object]) -> str:
    """The code of the `BadInput` that the work raises, "" if it raises none."""
    try:
        work()
    except BadInput as error:
        return error.problems[0].code
    return ""


def hints(custodian: str) -> Hints:
    """The hint of an agency with one unit."""
    return Hints(custodian)


def check_world(ports: Ports, verified: int = 0) -> int:
    """Every history with events beyond the first `verified` folds, and each of their entries is what the
    event's parts commit to; how many events there are.
    """
    world = world_of(ports)
    for case_id in {kept.case_id for kept in world.events[verified:]}:
        history = ports.cases.history(case_id)
        case = Case.of(history)
        assert case == ports.cases.load(case_id)
        assert case.version == len(history)
        assert len({recorded.event.row.request_ref for recorded in history}) == 1
    for kept in world.events[verified:]:
        entry = decode_entry(kept.data)
        assert entry.id == kept.entry_id
        openings = ports.cases.openings(kept.entry_id)
        assert len(openings) == 3
        assert all(check_opening(entry, opening) for opening in openings)
    return len(world.events)
