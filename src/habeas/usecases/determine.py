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
from habeas.domain.determination import ItemDetermination, departure
from habeas.domain.events import Event
from habeas.domain.facts import FactSet
from habeas.domain.instrument import lapsed
from habeas.domain.vocabulary import CaseState, EventKind, Outcome, Rank, Role
from habeas.kernel.clock import legal_date
from habeas.kernel.errors import BadInput, bad, problem
from habeas.kernel.shape import to_json
from habeas.policy.evaluate import evaluate as apply_rules
from habeas.usecases.standing import case_for
from habeas.usecases.tally import item_row, row_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from habeas.domain.case import Case
    from habeas.domain.determination import Evaluation, ItemEvaluation
    from habeas.domain.events import Recorded
    from habeas.domain.request import Person
    from habeas.kernel.errors import Problem
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
    Everything that is in the way is told at once, item by item.
    """
    case = case_for(ports, case_id, person, expected_version)
    role, evaluation = check_decisions(ports, case, person, decisions)
    events: list[Event] = []
    for decision in decisions:
        override = departure(evaluation.item(decision.item_id).effect, decision.outcome)
        kind = EventKind.DETERMINATION_MADE if override == "none" else EventKind.ITEM_OVERRIDDEN
        decided = Decided(person.person_id, str(role), decision, evaluation)
        row = item_row(case, kind, decided, override)
        facts = evaluation.facts.as_json() | case.facts_of(decision.item_id).as_json()
        events.append(Event(kind, ports.clock.now(), person.person_id, row, facts, to_json(decided)))
        if decision.objection:
            events.append(_objection(ports, case, person, decision))
    return ports.cases.append(case_id, case.version, events)


def check_decisions(
    ports: Ports, case: Case, person: Person, decisions: tuple[ItemDetermination, ...]
) -> tuple[Role, Evaluation]:
    """The role in which, and the law under which, a person may decide so; or `BadInput` with every reason
    why not. Writes nothing.
    """
    if not decisions:
        raise bad("determination.items.none", "case")
    role = _deciding_role(person)
    evaluation = evaluate(ports, case)
    problems = [
        found for d in decisions for found in _problems(ports, case, evaluation.item(d.item_id), d, role)
    ]
    if problems:
        raise BadInput(problems)
    return role, evaluation


@attrs.frozen
class Choice:
    """An outcome as a person may pick it for an item: how it departs from the rules (`departure`), and what
    stands in its way even with a reason given.
    """

    outcome: Outcome
    departs: str
    problems: tuple[Problem, ...] = ()


def choices(ports: Ports, case: Case, item: ItemEvaluation, person: Person) -> tuple[Choice, ...]:
    """Every outcome for one item, judged as `determine` will judge it: a form offers nothing else."""
    role = _deciding_role(person)
    found = []
    for outcome in Outcome:
        tried = ItemDetermination(item.item_id, outcome, reason="given", override_reason="given")
        problems = tuple(_problems(ports, case, item, tried, role))
        found.append(Choice(outcome, departure(item.effect, outcome), problems))
    return tuple(found)


def _deciding_role(person: Person) -> Role:
    roles = [r for r in person.roles if r in DECIDERS]
    if not roles:
        raise bad("determination.person.may_not_decide", "person")
    return Role.COUNSEL if Role.COUNSEL in roles else roles[0]


def _problems(
    ports: Ports, case: Case, item: ItemEvaluation, decision: ItemDetermination, role: Role
) -> Iterator[Problem]:
    """Everything that is in the way of a decision."""
    place = f"item {item.item_id}"
    if case.state is CaseState.AUTHORIZED and (decision.outcome is not Outcome.COUNSEL or case.left):
        yield problem("determination.release.under_way", place)
    yield from _departing(item, decision, role)
    if decision.instructed_by and not decision.reason.strip():
        yield problem("determination.instruction.no_basis", place)
    if decision.outcome is Outcome.RELEASE:
        yield from _releasing(ports, case, item)


def _departing(item: ItemEvaluation, decision: ItemDetermination, role: Role) -> Iterator[Problem]:
    """A departure has a reason; toward release it is counsel's alone, and never against law."""
    place = f"item {item.item_id}"
    override = departure(item.effect, decision.outcome)
    if override != "none" and not decision.override_reason.strip():
        slots = {"effect": item.effect, "outcome": decision.outcome}
        yield problem("determination.override.no_reason", place, **slots)
    if override == "toward_release":
        if any(r.rank in _LAW for r in item.rules) or item.effect is v.Effect.UNDETERMINED:
            yield problem("determination.override.against_law", place)
        elif role is not Role.COUNSEL:
            yield problem("determination.override.counsel_only", place)


def _releasing(ports: Ports, case: Case, item: ItemEvaluation) -> Iterator[Problem]:
    """A release rests on facts that a person has read, and never comes from a vendor."""
    place = f"item {item.item_id}"
    kinds = (
        ports.directory.custodian(case.request.holder.custodian).kind,
        case.facts.value("custodian_kind"),
    )
    if case.request.holder.processor or v.CustodianKind.VENDOR in kinds:
        yield problem("determination.vendor.cannot_answer", place)
    facts = case.facts.merged(case.facts_of(item.item_id))
    for name in item.used:
        if facts[name].known and facts[name].reading is v.Reading.MACHINE:
            yield problem("determination.facts.unconfirmed", f"{place}.{name}")


def check_still(ports: Ports, case: Case, decided: tuple[Decided, ...]) -> None:
    """Refuse a second yes to a release which the law of today would not let its first person decide."""
    evaluation = evaluate(ports, case)
    for one in decided:
        decision = one.determination
        item = evaluation.item(decision.item_id)
        if any((*_departing(item, decision, Role(one.role)), *_releasing(ports, case, item))):
            raise bad("disclosure.law.changed", f"item {item.item_id}", effect=item.effect)


def _objection(ports: Ports, case: Case, person: Person, decision: ItemDetermination) -> Event:
    row = attrs.evolve(row_of(case, EventKind.OBJECTION_RECORDED), item=decision.item_id)
    private = {
        "person": person.person_id,
        "objection": decision.objection,
        "instructed_by": decision.instructed_by,
    }
    return Event(EventKind.OBJECTION_RECORDED, ports.clock.now(), person.person_id, row, {}, private)
