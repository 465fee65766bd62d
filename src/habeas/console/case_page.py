"""The case page: one request on one screen, from the paper to the proof.

Puts the parts together; each part has its own module, that makes its context, and its own template.
Promises that everything shown is what the case is now (or, once decided, what it was decided under), and
that opening it is written down once.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from habeas.console import decide, facts, letters, papers, release, seal, timeline
from habeas.console.access import line_of, needs, open_case
from habeas.console.acting import may
from habeas.console.office import desk
from habeas.console.permissions import Permission
from habeas.console.release import means_word
from habeas.console.terms import term
from habeas.console.verdict import verdict
from habeas.console.words import language, say
from habeas.domain.facts import SPEC
from habeas.domain.instrument import FieldName
from habeas.domain.vocabulary import CaseState
from habeas.kernel.clock import legal_date
from habeas.kernel.errors import BadInput
from habeas.usecases.deadlines import deadlines
from habeas.usecases.determine import evaluate
from habeas.usecases.ports import Viewed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from habeas.console.access import Opened, Request
    from habeas.domain.case import Case, Decided
    from habeas.domain.determination import Evaluation
    from habeas.domain.request import RequestedItem
    from habeas.policy.explain import ItemExplanation
    from habeas.store.projection import CaseLine

    Part = Callable[[Request, Opened], dict[str, Any]]

PARTS: Final[tuple[Part, ...]] = (decide.context, release.context, letters.context, seal.context)
"""What the acting parts of the page (deciding, approving, letters, seal) put into its context."""

ALIKE: Final = 5
"""Alike cases shown."""


@require_GET
@needs(Permission.CASE_READ, personal=True)
def case(request: Request, ref: str) -> HttpResponse:
    """The page of one case."""
    return show(request, open_case(request, ref, Viewed.CASE))


def show(request: Request, opened: Opened, *, status: int = 200, **said: Any) -> HttpResponse:  # noqa: ANN401 - what a part that was refused wants shown again
    """The page of an opened case. A part that refused something shows the page again with `status` and what
    it has to say: its values overlay the context.
    """
    context = _context(request, opened, said)
    for part in PARTS:
        context |= part(request, opened)
    return render(request, "console/case.html", context | said, status=status)


@require_GET
@needs(Permission.CASE_READ)
def news(request: Request, ref: str) -> HttpResponse:
    """Whether a case is further than the page that asks: nothing new (204), or a word to load it again."""
    line = line_of(request, ref)
    if line.version <= _number(request.GET.get("version", "")):
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Refresh": "true"})


def _number(text: str, default: int = 1) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else default  # noqa: PLR2004 - no page or paper has more digits


# ------------------------------------------------------------------------------------------ context


@attrs.frozen
class ItemShown:
    """One thing asked for: what the rules say and why, and what was decided."""

    item: RequestedItem
    category: str
    effect: str
    explained: ItemExplanation | None
    outcome: str
    reason: str
    decided_by: str


@attrs.frozen
class DutyShown:
    """A duty with its clock: the day, and how far off that is."""

    what: str
    cite: str
    due_on: date | None
    days_left: int | None
    at_once: bool
    verified: bool
    items: tuple[str, ...]

    @property
    def late(self) -> bool:
        """Whether the day has passed."""
        return self.days_left is not None and self.days_left < 0

    @property
    def age(self) -> str:
        """How far off the day is, in words."""
        return "" if self.days_left is None else age(self.days_left)


@attrs.frozen
class AlikeShown:
    """An alike case: how it was answered, and the facts that differ as (fact, there, here)."""

    line: CaseLine
    differs: tuple[tuple[str, str, str], ...]


def _context(request: Request, opened: Opened, said: Mapping[str, Any]) -> dict[str, Any]:
    here, one = desk(), opened.case
    custodian = here.ports.directory.custodian(one.custodian)
    found = _found(one)
    marks = papers.marks_of(one)
    said_in = papers.written(one, marks)
    typed, problems = said.get("typed"), said.get("fact_problems", ())
    shelf = papers.shelf(
        one, marks, _number(request.GET.get("paper", ""), 0), _number(request.GET.get("page", ""))
    )
    unit = custodian.unit(one.unit)
    return {
        "ref": one.request_ref,
        "line": opened.line,
        "case": one,
        "zone": custodian.zone,
        "custodian": custodian,
        "unit": unit.name if unit else one.unit,
        "requester": one.read.requester if one.read else one.request.requester,
        "reading": one.state is CaseState.RECEIVED,
        "verdict": verdict(one, found),
        "found": found,
        "shelf": shelf,
        "written": said_in,
        "facts": facts.facts_part(
            request, opened, facts.Backing(marks, said_in.placed, found), typed, problems
        ),
        "items": _items(one, found),
        "duties": _duties(one, found),
        "steps": timeline.steps(one),
        "alike": _alike(request, opened),
        "sealed_to": [timeline.name_of(p) for p in one.seal or ()],
        "assigned": here.ports.assignments.of(one.case_id),
        "assigned_name": _assigned(one),
        "takes": may(request.person, one, Permission.CASE_ASSIGN) and one.state is not CaseState.CLOSED,
        "law_day": date.fromisoformat(found.on) if found else None,
        "named": _named(one),
        "sent": [(notice, means_word(notice.means)) for notice in one.notices],
    }


def _found(one: Case) -> Evaluation | None:
    """What the rules say: what a decision rested on, else the law of today; nothing before it is read."""
    if one.read is None or not one.items:
        return None
    return one.evaluation or evaluate(desk().ports, one)


def _items(one: Case, found: Evaluation | None) -> tuple[ItemShown, ...]:
    explained = _explained(one, found)
    effects = {i.item_id: i.effect for i in found.items} if found else {}
    made = []
    for item in one.items:
        decided = one.decision(item.item_id)
        made.append(
            ItemShown(
                item=item,
                category=_capital(term("fact:data_category", str(item.category))),
                effect=str(effects.get(item.item_id, "")),
                explained=explained.get(item.item_id),
                outcome=str(decided.determination.outcome) if decided else "",
                reason=_reason(decided) if decided else "",
                decided_by=timeline.name_of(decided.person) if decided else "",
            )
        )
    return tuple(made)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _reason(decided: Decided) -> str:
    one = decided.determination
    return one.override_reason or one.reason


def _explained(one: Case, found: Evaluation | None) -> dict[str, ItemExplanation]:
    """Each item's explanation; nothing where the rule set that decided is no longer here."""
    if found is None:
        return {}
    try:
        return {e.item_id: e for e in desk().explain(one, found, language())}
    except BadInput:
        return {}


def _duties(one: Case, found: Evaluation | None) -> tuple[DutyShown, ...]:
    if found is None:
        return ()
    ports = desk().ports
    custodian = ports.directory.custodian(one.custodian)
    today = legal_date(ports.clock.now(), custodian.zone)
    return tuple(
        DutyShown(
            term("duty", d.duty.kind),
            d.duty.rule.cite,
            d.due_on,
            (d.due_on - today).days if d.due_on else None,
            d.duty.days is None,
            d.duty.rule.verified,
            d.items,
        )
        for d in deadlines(one, custodian, found)
    )


def _assigned(one: Case) -> str:
    person_id = desk().ports.assignments.of(one.case_id)
    return timeline.name_of(person_id) if person_id else ""


def _named(one: Case) -> list[str]:
    """The persons a request names, as the form and the papers name them."""
    papers_ = one.read.papers if one.read else ()
    read = (f.value for p in papers_ for i in p.instruments for f in i.all(FieldName.PERSON))
    return list(dict.fromkeys([*(s.name for s in one.request.subjects), *read]))


def _alike(request: Request, opened: Opened) -> tuple[AlikeShown, ...]:
    """Alike cases that this person may see, each with the facts that differ. Facts are closed words."""
    from habeas.store import read  # noqa: PLC0415 - its models need Django set up

    found = read.alike(request.sight, opened.line, limit=ALIKE)
    load = desk().ports.cases.load
    return tuple(AlikeShown(line, _differs(load(line.case_id), opened.case)) for line in found)


def _differs(there: Case, one: Case) -> tuple[tuple[str, str, str], ...]:
    values = ((name, there.facts.value(name), one.facts.value(name)) for name in SPEC)
    return tuple(
        (term("fact", name), term(f"fact:{name}", x), term(f"fact:{name}", y))
        for name, x, y in values
        if x != y
    )


def age(days: int) -> str:
    """How far off a day is: `in 3 days`, `today`, `2 days late`."""
    if days == 0:
        return say("case.day.today")
    return say("case.day.ahead", n=days) if days > 0 else say("case.day.late", n=-days)
