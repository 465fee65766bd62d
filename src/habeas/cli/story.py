"""A case told on a terminal: the paper, the facts, the law item by item, what is missing, what is next.

Words are the plain ones of the screens (decision, legal paper, person named); ids stay in `--json`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from habeas.domain import vocabulary as v
from habeas.domain.facts import FACTS, Scope
from habeas.domain.instrument import FORMS
from habeas.usecases.deadlines import deadlines
from habeas.usecases.determine import evaluate
from habeas.usecases.read import MESSAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.domain.case import Case
    from habeas.domain.determination import Evaluation
    from habeas.domain.facts import Fact, FactSet, Place
    from habeas.policy.explain import ItemExplanation, RuleLine
    from habeas.wiring import Desk

FIRST_WORDS = "Hand nothing over. Take the paper. Call {counsel}."
"""The first thing a clerk sees on a new request (mission.md)."""


def case_document(desk: Desk, case: Case) -> dict[str, Any]:
    """The case for programs: closed words and ids, no names, no text of papers."""
    decided = {i.item_id: case.outcome(i.item_id) for i in case.items}
    document: dict[str, Any] = {
        "schema": "habeas.case.v1",
        "request": case.request_ref,
        "state": str(case.state),
        "outcome": str(case.request_outcome),
        "version": case.version,
        "facts": case.facts.as_json(),
        "items": [
            {"id": i.item_id, "category": str(i.category), "outcome": str(decided[i.item_id] or "") or None}
            for i in case.items
        ],
        "evaluation": None,
    }
    if case.items:
        found = case.evaluation or evaluate(desk.ports, case)
        document["evaluation"] = {
            "on": found.on,
            "policy": found.policy,
            "packs": list(found.packs),
            "items": [i.as_json() for i in found.items],
        }
    return document


def case_lines(desk: Desk, case: Case, language: v.Language) -> Iterator[str]:
    """The whole case: under the law of today, or, once decided, under the law it was decided by."""
    custodian = desk.ports.directory.custodian(case.request.holder.custodian)
    if case.state in (v.CaseState.RECEIVED, v.CaseState.READ):
        yield FIRST_WORDS.format(counsel=custodian.counsel or "counsel")
        yield ""
    yield from request_lines(case, custodian.name)
    yield from paper_lines(case)
    yield from fact_lines(case)
    if case.items:
        found = case.evaluation or evaluate(desk.ports, case)
        yield from evaluation_lines(desk, case, found, language)
    yield from decision_lines(case)


def request_lines(case: Case, agency: str) -> Iterator[str]:
    """Who asks whom, how and when."""
    requester = case.read.requester if case.read else case.request.requester
    yield f"request {case.request_ref}: {case.state}, {case.request_outcome} (version {case.version})"
    yield f"  came by {case.request.channel} at {case.request.received_at:%Y-%m-%d %H:%M} UTC to {agency}"
    officer = ", ".join(x for x in (requester.officer.name, requester.officer.title) if x)
    yield f"  asked by {requester.component}" + (f" ({officer})" if officer else "")
    for item in case.items:
        yield f"  item {item.item_id}: {item.category}  “{item.description[:80]}”"
    if case.repeats:
        yield f"  sent again {case.repeats} time(s); linked here"


def paper_lines(case: Case) -> Iterator[str]:
    """What each legal paper is, who issued it, must we answer."""
    if case.read is None:
        return
    if not case.read.papers:
        yield "no legal paper came with it, only a message"
    for paper in case.read.papers:
        for i in paper.instruments:
            yield f"legal paper: {FORMS[i.kind].title_en}"
            yield f"  who issued it    {i.authority}"
            yield f"  signed           {i.signed} ({i.signer_class})"
            yield f"  must we answer?  {i.compulsion}"
            if i.needs_person:
                yield "  a person must look at this paper"
            for claim in ("authority", "signed"):
                yield from (f"  {claim:<16} {_where(p)}" for p in i.places(claim)[:2])
        if paper.problem:
            yield f"  {paper.problem}"


def _where(place: Place) -> str:
    box = f" at {list(place.box)}" if place.box else ""
    spot = MESSAGE if place.blob == MESSAGE else f"page {place.page}"
    return f"{spot}{box}: “{place.text[:80]}”"


def fact_lines(case: Case) -> Iterator[str]:
    """Each known fact with its source, its reading and where it stands."""
    yield "facts"
    yield from (f"  {line}" for line in _facts(case.facts, Scope.REQUEST))
    for item in case.items:
        yield from (
            f"  item {item.item_id}: {line}" for line in _facts(case.facts_of(item.item_id), Scope.ITEM)
        )


def _facts(facts: FactSet, scope: Scope) -> Iterator[str]:
    for spec in FACTS:
        fact = facts[spec.name]
        if spec.scope is scope and fact.known:
            yield f"{spec.name:<24} {fact.value:<24} {_standing(fact)}"


def _standing(fact: Fact) -> str:
    said = f"says {fact.source}, read by {fact.reading}"
    return f"{said}; {_where(fact.evidence[0])}" if fact.evidence else said


def evaluation_lines(desk: Desk, case: Case, found: Evaluation, language: v.Language) -> Iterator[str]:
    """What the law of the day says, item by item, and why."""
    yield f"law of {found.on}: {', '.join(found.packs) or 'none loaded'} (policy {found.policy[:12]})"
    for item in desk.explain(case, found, language):
        yield from explanation_lines(item)
    yield from deadline_lines(desk, case, found)


def deadline_lines(desk: Desk, case: Case, found: Evaluation) -> Iterator[str]:
    """What duties start running, and until when."""
    custodian = desk.ports.directory.custodian(case.request.holder.custodian)
    for deadline in deadlines(case, custodian, found):
        duty = deadline.duty
        if deadline.due_on is None:
            when = f"not running yet (starts with the {duty.starts.replace('_', ' ')})"
        elif duty.days is None:
            when = f"from {deadline.due_on}, no length stated"
        else:
            when = f"by {deadline.due_on} ({duty.days} {duty.day_kind} days from {duty.starts})"
        yield f"  duty {duty.kind}: {when} [{duty.rule.cite}]"


def other_law_lines(found: Evaluation, pack: str) -> Iterator[str]:
    """How the same facts would fare under another rule pack alone: the question a bill drafter asks."""
    from habeas.kernel.clock import read_date
    from habeas.policy.document import policy_version
    from habeas.policy.evaluate import evaluate as apply_rules

    other = apply_rules(
        found.facts, found.item_facts, policy_version(pack), read_date(found.on, "evaluation")
    )
    effects = ", ".join(f"item {i.item_id} {str(i.effect).upper()}" for i in other.items)
    yield f"the same facts under {pack}: {effects}"


def explanation_lines(item: ItemExplanation) -> Iterator[str]:
    """One item, explained."""
    yield f"  item {item.item_id}: {str(item.effect).upper()}. {item.sentence}"
    yield from _rules("because", item.rules)
    yield from _rules("came nearest", item.nearest)
    yield from (f"    still to find out: {q}" for q in item.questions)
    for change in item.changes[:3]:
        yield f"    would change it: {' and '.join(change.papers)} → {change.effect}"


def _rules(word: str, rules: tuple[RuleLine, ...]) -> Iterator[str]:
    for rule in rules:
        notes = f" ({'; '.join(rule.notes)})" if rule.notes else ""
        yield f"    {word}: {rule.text} [{rule.cite}]{notes}"


def decision_lines(case: Case) -> Iterator[str]:
    """What people decided, and what went out."""
    yield from decided_lines(case)
    yield from answer_lines(case)


def decided_lines(case: Case) -> Iterator[str]:
    """Each item's decision and the second yes."""
    for item in case.items:
        decided = case.decision(item.item_id)
        if decided is not None:
            d = decided.determination
            who = f"{decided.person} ({decided.role})"
            yield f"decision on item {item.item_id}: {d.outcome} by {who}: {d.reason}"
            if d.override_reason:
                yield f"  decided differently from the rules: {d.override_reason}"
    if case.authorized is not None:
        yield f"release approved by {' and '.join(a.person for a in case.authorized.approvals)}"


def answer_lines(case: Case) -> Iterator[str]:
    """What was handed over, and which letters went out."""
    for left in case.disclosures:
        yield f"handed over: {', '.join(left.fields)} (digest {left.sha256[:12]}; the records are not kept)"
    for sent in case.notices:
        yield f"letter sent: {sent.kind}, {sent.language}, by {sent.means}"
