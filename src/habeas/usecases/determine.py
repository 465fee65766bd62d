"""Determine: the rules say an effect, a person says an outcome, item by item.

Within the effect a person is free (`domain.determination.WITHIN`). Departing is an override: named,
reasoned, an event kind of its own. Toward release it is never possible against a statute or regulation
(counsel takes the case elsewhere: a court, an amended request), and otherwise only counsel may, with a
second person like every release. What the machine alone has read releases nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.case import Decided
from habeas.domain.determination import departure
from habeas.domain.events import Event
from habeas.domain.facts import FactSet
from habeas.domain.instrument import lapsed
from habeas.domain.vocabulary import CaseState, EventKind, Outcome, Rank, Role
from habeas.kernel.clock import legal_date
from habeas.kernel.errors import BadInput, bad
from habeas.kernel.shape import to_json
from habeas.policy.evaluate import evaluate as apply_rules
from habeas.usecases.standing import check_standing
from habeas.usecases.tally import item_row, row_of

if TYPE_CHECKING:
    from datetime import date

    from habeas.domain.case import Case
    from habeas.domain.determination import Evaluation, ItemDetermination, ItemEvaluation
    from habeas.domain.events import Recorded
    from habeas.domain.request import Person
    from habeas.usecases.ports import Ports

DECIDERS = frozenset({Role.REVIEWER, Role.APPROVER, Role.COUNSEL})
"""Who may decide an item; a clerk logs and confirms."""

_LAW = frozenset({Rank.FEDERAL_STATUTE, Rank.FEDERAL_REGULATION, Rank.STATE_STATUTE, Rank.STATE_REGULATION})


def evaluate(ports: Ports, case: Case) -> Evaluation:
    """What the law of today's legal date says about each item of a case. Writes nothing."""
    custodian = ports.directory.custodian(case.request.holder.custodian)
    on = legal_date(ports.clock.now(), custodian.zone)
    version = ports.packs.resolve(custodian, tuple(str(i.category) for i in case.items), on)
    facts = _with_todays_dates(case, on)
    items = tuple((i.item_id, case.facts_of(i.item_id)) for i in case.items)
    return apply_rules(facts, items, version, on)


def _with_todays_dates(case: Case, on: date) -> FactSet:
    """The facts with `paper_lapsed` as of `on`: a paper valid on receipt may have run out since."""
    paper = case.instrument
    known = case.facts["paper_lapsed"]
    if paper is None or not known.known:
        return case.facts
    value, _ = lapsed(paper, on)
    if value is not v.YesNo.YES:
        return case.facts
    return case.facts.merged(FactSet({"paper_lapsed": attrs.evolve(known, value=str(value))}))


def determine(
    ports: Ports,
    case_id: str,
    person: Person,
    decisions: tuple[ItemDetermination, ...],
    *,
    expected_version: int | None = None,
) -> tuple[Recorded, ...]:
    """Write a person's decisions about some or all items; one event each, all or none.

    A release that two persons said yes to can only be stopped: its items go to counsel, and nothing else.
    """
    if not decisions:
        raise bad("determination.items.none", "case")
    case = ports.cases.load(case_id)
    check_standing(case, person)
    role = _deciding_role(person)
    evaluation = evaluate(ports, case)
    events: list[Event] = []
    for decision in decisions:
        item = evaluation.item(decision.item_id)
        override = departure(item.effect, decision.outcome)
        _check(case, item, decision, override, role)
        if decision.outcome is Outcome.RELEASE:
            _check_release(ports, case, item)
        kind = EventKind.DETERMINATION_MADE if override == "none" else EventKind.ITEM_OVERRIDDEN
        decided = Decided(person.person_id, str(role), decision, evaluation)
        row = item_row(case, kind, decided, override)
        facts = evaluation.facts.as_json() | case.facts_of(decision.item_id).as_json()
        events.append(Event(kind, ports.clock.now(), person.person_id, row, facts, to_json(decided)))
        if decision.objection:
            events.append(_objection(ports, case, person, decision))
    return ports.cases.append(case_id, case.version if expected_version is None else expected_version, events)


def _deciding_role(person: Person) -> Role:
    roles = [r for r in person.roles if r in DECIDERS]
    if not roles:
        raise bad("determination.person.may_not_decide", "person")
    return Role.COUNSEL if Role.COUNSEL in roles else roles[0]


def _check(case: Case, item: ItemEvaluation, decision: ItemDetermination, override: str, role: Role) -> None:
    place = f"item {item.item_id}"
    if case.state is CaseState.AUTHORIZED and (decision.outcome is not Outcome.COUNSEL or case.left):
        raise bad("determination.release.under_way", place)
    _check_departure(item, decision, override, role)
    if decision.instructed_by and not decision.reason.strip():
        raise bad("determination.instruction.no_basis", place)


def _check_departure(item: ItemEvaluation, decision: ItemDetermination, override: str, role: Role) -> None:
    """A departure has a reason; toward release it is counsel's alone, and never against law."""
    place = f"item {item.item_id}"
    if override != "none" and not decision.override_reason.strip():
        raise bad("determination.override.no_reason", place, effect=item.effect, outcome=decision.outcome)
    if override == "toward_release":
        if any(r.rank in _LAW for r in item.rules) or item.effect is v.Effect.UNDETERMINED:
            raise bad("determination.override.against_law", place)
        if role is not Role.COUNSEL:
            raise bad("determination.override.counsel_only", place)


def check_still(ports: Ports, case: Case, decided: tuple[Decided, ...]) -> None:
    """Refuse a second yes to a release which the law of today would not let its first person decide."""
    evaluation = evaluate(ports, case)
    for one in decided:
        decision = one.determination
        item = evaluation.item(decision.item_id)
        try:
            _check_departure(item, decision, departure(item.effect, decision.outcome), Role(one.role))
            _check_release(ports, case, item)
        except BadInput as error:
            place = f"item {item.item_id}"
            raise bad("disclosure.law.changed", place, effect=item.effect) from error


def _check_release(ports: Ports, case: Case, item: ItemEvaluation) -> None:
    """A release rests on facts that a person has read, and never comes from a vendor."""
    place = f"item {item.item_id}"
    kinds = (
        ports.directory.custodian(case.request.holder.custodian).kind,
        case.facts.value("custodian_kind"),
    )
    if case.request.holder.processor or v.CustodianKind.VENDOR in kinds:
        raise bad("determination.vendor.cannot_answer", place)
    facts = case.facts.merged(case.facts_of(item.item_id))
    for name in item.used:
        if facts[name].known and facts[name].reading is v.Reading.MACHINE:
            raise bad("determination.facts.unconfirmed", f"{place}.{name}")


def _objection(ports: Ports, case: Case, person: Person, decision: ItemDetermination) -> Event:
    row = attrs.evolve(row_of(case, EventKind.OBJECTION_RECORDED), item=decision.item_id)
    private = {
        "person": person.person_id,
        "objection": decision.objection,
        "instructed_by": decision.instructed_by,
    }
    return Event(EventKind.OBJECTION_RECORDED, ports.clock.now(), person.person_id, row, {}, private)
