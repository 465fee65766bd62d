"""Plays the demonstration state: every delivery received, read, confirmed, decided, answered, in its time.

The clock is set to each step's instant, so that the law of the day, lapsed papers and days to answer
come out of the same code that a real desk uses. Steps of different requests interleave as they would.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import attrs

from habeas.demo import personas
from habeas.demo.papers.bundle import BUNDLED
from habeas.demo.state import Delivery, deliveries
from habeas.domain.vocabulary import Component, Language, Outcome, Source, YesNo
from habeas.kernel.clock import add_business_days, legal_date
from habeas.usecases.answer import send
from habeas.usecases.confirm import Correction, confirm
from habeas.usecases.determine import determine, evaluate
from habeas.usecases.disclose import authorize, record_disclosure, released
from habeas.usecases.ports import ArrivalState, Hints
from habeas.usecases.read import read
from habeas.usecases.receive import receive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from habeas.domain.case import Case
    from habeas.kernel.clock import SetClock
    from habeas.usecases.ports import Ports

_LAGS: Final = (1, 2, 4, 6, 3, 9, 1, 12, 5, 2, 7, 3)
"""Business days that a desk takes, in turn."""

BUNDLED_AT: Final = datetime.fromisoformat("2020-10-14T18:05:00+00:00")
"""When the bundled request reaches its desk."""

WORKED_AT: Final = datetime.fromisoformat("2020-10-15T19:05:00+00:00")
"""When the desk works the bundled request."""

ENDS_AT: Final = datetime.fromisoformat("2020-10-30T18:00:00+00:00")
"""Where the demonstration's clock stands when everything has been played."""

_PARTNERS: Final = frozenset({Component.USCIS, Component.SSA_OTHER})
"""Whose program requests the invented desks know from agreements."""


@attrs.frozen
class Step:
    """Something to do at an instant."""

    at: datetime
    order: int
    act: Callable[[], None] = attrs.field(eq=False, order=False)


def play(
    ports: Ports, clock: SetClock, told: Callable[[int, int], None], sent: Iterable[Delivery] | None = None
) -> None:
    """Play every delivery (default: the script's) to its end; `told(done, of)` after each step."""
    agenda: list[Step] = []
    for number, delivery in enumerate(sorted(sent or deliveries(), key=lambda d: d.at)):
        agenda += _steps(ports, delivery, number)
    agenda.sort(key=lambda s: (s.at, s.order))
    for done, step in enumerate(agenda, 1):
        clock.set(step.at)
        step.act()
        told(done, len(agenda))
    clock.set(ENDS_AT)


def _steps(ports: Ports, delivery: Delivery, number: int) -> Iterator[Step]:
    opened: list[str] = []
    lag = _LAGS[number % len(_LAGS)]

    def take() -> None:
        opened.append(take_in(ports, delivery))

    def work() -> None:
        if opened[0]:
            work_case(ports, opened[0])

    yield Step(delivery.at, 2 * number, take)
    answered_on = add_business_days(delivery.at.date(), lag, ())
    at = datetime.combine(answered_on, delivery.at.time(), delivery.at.tzinfo) + timedelta(minutes=50)
    yield Step(at, 2 * number + 1, work)


def take_in(ports: Ports, delivery: Delivery) -> str:
    """Receive and read one delivery; the case id ("" if it repeats a request or waits in quarantine)."""
    taken = receive(
        ports,
        delivery.data,
        delivery.filename,
        hints=Hints(delivery.custodian, delivery.unit, delivery.channel),
        actor="mailbox",
        received_at=delivery.at,
    )
    if taken.state is not ArrivalState.CASE:
        return ""
    read(ports, taken.case_id, actor="machine")
    return taken.case_id


def work_case(ports: Ports, case_id: str) -> None:
    """Confirm, decide, authorize, release and answer a case by its desk's personas."""
    confirm_case(ports, case_id)
    decide_case(ports, case_id)


def _duty(ports: Ports, case: Case) -> personas.Desk:
    custodian = ports.directory.custodian(case.request.holder.custodian)
    return personas.desk_of(case, legal_date(ports.clock.now(), custodian.zone))


def confirm_case(ports: Ports, case_id: str) -> None:
    """The persona on duty looks at the papers and confirms what the machine read."""
    case = ports.cases.load(case_id)
    confirm(ports, case_id, ports.directory.person(_duty(ports, case).decider), findings(case))


def decide_case(ports: Ports, case_id: str) -> None:
    """The persona decides; a second one approves a release; the answer goes out unless counsel has it."""
    case = ports.cases.load(case_id)
    if not case.items:
        return
    duty = _duty(ports, case)
    decider = ports.directory.person(duty.decider)
    determine(ports, case_id, decider, personas.decide(duty.decider, case, evaluate(ports, case).items))
    case = ports.cases.load(case_id)
    if released(case):
        authorize(ports, case_id, ports.directory.person(duty.approver))
        fields, digest = package(case)
        record_disclosure(ports, case_id, decider, fields=fields, sha256=digest, means="encrypted e-mail")
    outcomes = {case.outcome(i.item_id) for i in case.items}
    if not outcomes & {Outcome.COUNSEL, Outcome.CONTEST}:
        send(ports, case_id, decider, Language.EN, means="e-mail")


def findings(case: Case) -> tuple[Correction, ...]:
    """What the desk itself finds when it reads the message: what a stated purpose leaves out, it is not for;
    a program request of an agreement partner is the agency's own duty. An unsaid purpose stays unknown.
    """
    component = case.read.requester.component if case.read else Component.UNKNOWN
    found: list[Correction] = []
    if any(case.facts[name].known for name in _STATED):
        found += [Correction(n, "no", Source.CUSTODIAN) for n in _CRIMES if not case.facts[n].known]
    if case.facts.value("program_duty") == YesNo.YES and component in _PARTNERS:
        found.append(Correction("program_duty", "yes", Source.CUSTODIAN))
        found.append(Correction("immigration_purpose", "none", Source.CUSTODIAN))
    elif found and not case.facts["program_duty"].known:
        found.append(Correction("program_duty", "no", Source.CUSTODIAN))
    return tuple(found)


_CRIMES: Final = ("criminal_investigation", "crime_in_progress")
_STATED: Final = (*_CRIMES, "immigration_purpose", "program_duty", "emergency")


def package(case: Case) -> tuple[tuple[str, ...], str]:
    """The fields and digest of the invented package handed over."""
    fields = tuple(str(i.category) for i in case.items if case.outcome(i.item_id) is Outcome.RELEASE)
    invented = f"DEMONSTRATION - no records; request {case.request_ref}; fields {', '.join(fields)}"
    return fields, hashlib.sha256(invented.encode()).hexdigest()


def bundled() -> Delivery:
    """The one request of the tour, as it reaches the Unemployment Insurance Fraud Unit."""
    return Delivery(BUNDLED_AT, BUNDLED.read_bytes(), BUNDLED.name)
