"""Deciding: each part of a request, within what the rules say or differently with a reason.

Promises that the form offers what `usecases.determine.choices` allows this person and nothing else, says
why the rest is not offered, shows what each choice leads to before anything is written, and loses nothing
that was typed. `context` gives the case page the same form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from habeas.console.access import needs, open_case
from habeas.console.acting import (
    CONFLICT,
    Refusal,
    attempt,
    may,
    page_title,
    redirect_after,
    typed,
    version_seen,
)
from habeas.console.faults import forbidden
from habeas.console.lines import name_of, workers
from habeas.console.office import desk
from habeas.console.permissions import Permission
from habeas.console.terms import term
from habeas.console.words import language, say
from habeas.domain.determination import ItemDetermination, departure
from habeas.domain.vocabulary import CaseState, Outcome, Role
from habeas.kernel.clock import read_date
from habeas.kernel.errors import BadInput
from habeas.policy.explain import Audience, explain
from habeas.usecases.assign import assign
from habeas.usecases.determine import check_decisions, choices, determine, evaluate
from habeas.usecases.disclose import APPROVERS, released
from habeas.usecases.ports import Viewed
from habeas.usecases.standing import case_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from habeas.console.access import Opened, Request
    from habeas.domain.case import Case, Decided
    from habeas.domain.determination import Evaluation
    from habeas.domain.request import Person, RequestedItem
    from habeas.kernel.errors import Problem
    from habeas.usecases.determine import Choice

ORDER: Final = (
    Outcome.RELEASE, Outcome.REFUSE, Outcome.CONTEST, Outcome.COUNSEL, Outcome.NO_RECORDS,
    Outcome.NOT_CUSTODIAN, Outcome.WITHDRAWN,
)  # fmt: skip
"""The outcomes in the order a form lists them."""

_STAGES: Final = {
    CaseState.RECEIVED: "read_first",
    CaseState.READ: "check_first",
    CaseState.CONFIRMED: "open",
    CaseState.DECIDED: "open",
    CaseState.AUTHORIZED: "approved",
    CaseState.CLOSED: "answered",
}

_STILL_OPEN: Final = frozenset({None, Outcome.COUNSEL, Outcome.CONTEST})


@attrs.frozen
class Said:
    """What a person typed into the form: by item the outcome and the reasons, and once for all of it who
    told them to decide so, and what they object.
    """

    outcomes: dict[str, str] = attrs.field(factory=dict)
    reasons: dict[str, str] = attrs.field(factory=dict)
    override_reasons: dict[str, str] = attrs.field(factory=dict)
    instructed_by: str = ""
    objection: str = ""


@attrs.frozen
class Option:
    """One outcome to choose: how it is said, and what it leads to."""

    value: str
    label: str
    hint: str
    checked: bool


@attrs.frozen
class Standing:
    """The decision that stands about an item."""

    outcome: str
    by: str
    role: str
    reason: str
    override_reason: str
    instructed_by: str
    objection: str


@attrs.frozen
class Part:
    """One item of the form: what is asked, what the rules say, what may be chosen, what was typed."""

    number: int
    item_id: str
    label: str
    asked: str
    says: str
    cites: tuple[str, ...]
    standing: Standing | None
    within: tuple[Option, ...]
    beyond: tuple[Option, ...]
    closed: tuple[str, ...]
    reason: str
    override_reason: str
    outcome_troubles: tuple[str, ...] = ()
    reason_troubles: tuple[str, ...] = ()
    override_troubles: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether what was chosen or refused concerns the part that departs from the rules."""
        return bool(self.override_troubles or self.override_reason or any(o.checked for o in self.beyond))


@attrs.frozen
class Panel:
    """The form, and where the case stands: `stage` says whether anything can be decided now."""

    ref: str
    version: int
    stage: str
    parts: tuple[Part, ...]
    instructed_by: str
    objection: str
    refusal: Refusal | None = None


@attrs.frozen
class Consequence:
    """What recording one decision leads to."""

    part: Part
    outcome: str
    reason: str
    leads_to: tuple[str, ...]


def context(request: Request, opened: Opened, found: Evaluation | None = None) -> dict[str, Any]:
    """`decide` for `_decide.html`: None for whoever may not decide this request."""
    return {"decide": panel(request, opened.case, found=found)}


def panel(
    request: Request,
    case: Case,
    said: Said | None = None,
    refused: Refusal | None = None,
    *,
    found: Evaluation | None = None,
) -> Panel | None:
    """The form as it stands for this person; None where deciding this request is not theirs."""
    if not may(request.person, case, Permission.ITEM_DECIDE):
        return None
    typed_so, stage = said or Said(), _STAGES[case.state]
    parts: tuple[Part, ...] = ()
    if stage == "open" and case.items:
        law = found or evaluate(desk().ports, case)
        parts = tuple(_Form(request.person, case, law, typed_so, refused).parts())
    return Panel(
        ref=case.request_ref,
        version=case.version,
        stage=stage if parts or stage != "open" else "no_items",
        parts=parts,
        instructed_by=typed_so.instructed_by,
        objection=typed_so.objection,
        refusal=refused,
    )


@attrs.frozen
class _Form:
    """What every part of the form is drawn from."""

    person: Person
    case: Case
    law: Evaluation
    said: Said
    refused: Refusal | None

    def parts(self) -> Iterator[Part]:
        sentences = rule_sentences(self.case, self.law)
        for number, item in enumerate(self.case.items, start=1):
            yield self._part(number, item, sentences[item.item_id])

    def _part(self, number: int, item: RequestedItem, says: str) -> Part:
        evaluated, item_id = self.law.item(item.item_id), item.item_id
        by_outcome = {c.outcome: c for c in choices(desk().ports, self.case, evaluated, self.person)}
        ordered = [by_outcome[outcome] for outcome in ORDER]
        free = [choice for choice in ordered if not choice.problems]
        chosen = self.said.outcomes.get(item_id, "")
        return Part(
            number=number,
            item_id=item_id,
            label=category(item),
            asked=item.description,
            says=says,
            cites=tuple(rule.cite for rule in evaluated.rules or evaluated.nearest),
            standing=standing(self.case.decision(item_id)),
            within=tuple(_option(c, chosen) for c in free if c.departs == "none"),
            beyond=tuple(_option(c, chosen) for c in free if c.departs != "none"),
            closed=tuple(_closed(ordered)),
            reason=self.said.reasons.get(item_id, ""),
            override_reason=self.said.override_reasons.get(item_id, ""),
            outcome_troubles=self._at(f"outcome-{item_id}"),
            reason_troubles=self._at(f"reason-{item_id}"),
            override_troubles=self._at(f"override-{item_id}"),
        )

    def _at(self, field: str) -> tuple[str, ...]:
        return self.refused.at(field) if self.refused else ()


def _option(choice: Choice, chosen: str) -> Option:
    outcome = choice.outcome
    hint = say(f"decide.leads_to.{outcome}")
    return Option(str(outcome), term("outcome_act", outcome), hint, checked=chosen == outcome)


def _closed(offered: list[Choice]) -> Iterator[str]:
    """Why an outcome is not offered: said once for each reason."""
    seen = set()
    for choice in offered:
        for problem in choice.problems:
            key = problem.code.replace("determination.", "").replace(".", "_")
            if key not in seen:
                seen.add(key)
                yield say(f"decide.closed.{key}")


def category(item: RequestedItem) -> str:
    """What is asked for, as a kind of data: never in the asker's words."""
    word = term("category", item.category)
    return word[:1].upper() + word[1:]


def standing(decided: Decided | None) -> Standing | None:
    """A decision as a page shows it."""
    if decided is None:
        return None
    made = decided.determination
    return Standing(
        outcome=term("outcome_act", made.outcome),
        by=name_of(decided.person),
        role=term("role", decided.role),
        reason=made.reason,
        override_reason=made.override_reason,
        instructed_by=made.instructed_by,
        objection=made.objection,
    )


def rule_sentences(case: Case, found: Evaluation) -> dict[str, str]:
    """What the rules say about each item, in one sentence; without what would change it, which takes long."""
    ports, on = desk().ports, read_date(found.on, "evaluation")
    custodian = ports.directory.custodian(case.custodian)
    version = ports.packs.resolve(custodian, tuple(str(i.category) for i in case.items), on)
    told = explain(found, version, on, language(), Audience.REQUESTER)
    return {one.item_id: one.sentence for one in told}


def second_persons(case: Case) -> tuple[str, ...]:
    """The names of those who may give the second yes: none of them decided any of it."""
    firsts = {d.person for i in released(case) if (d := case.decision(i)) is not None}
    staff = workers(case.custodian, case.unit)
    names = [p for p in staff if APPROVERS & set(p.roles) and p.person_id not in firsts]
    return tuple(p.name for p in names if case.seal is None or p.person_id in case.seal)


# ----------------------------------------------------------------------------------------- the page


@require_http_methods(["GET", "POST"])
@needs(Permission.ITEM_DECIDE, personal=True)
def page(request: Request, ref: str) -> HttpResponse:
    """The form by itself; sent, first what it leads to (`step=review`), then it is written (`record`)."""
    opened = open_case(request, ref, Viewed.CASE)
    case = opened.case
    if not may(request.person, case, Permission.ITEM_DECIDE):
        return forbidden(request)
    if request.method == "GET":
        return _form_page(request, case, Said(), None)
    said, step = _read(request, case), request.POST.get("step", "review")
    if step == "change":
        return _form_page(request, case, said, None)
    decisions, seen = _decisions(case, said), version_seen(request)

    def review() -> None:
        case_for(desk().ports, case.case_id, request.person, seen)
        check_decisions(desk().ports, case, request.person, decisions)

    def record() -> None:
        determine(desk().ports, case.case_id, request.person, decisions, expected_version=seen)

    refused = attempt(record if step == "record" else review, _field)
    if refused is not None:
        now = desk().ports.cases.load(case.case_id) if refused.status == CONFLICT else case
        return _form_page(request, now, said, refused)
    if step == "record":
        return _recorded(request, desk().ports.cases.load(case.case_id))
    return _review(request, case, said, decisions)


def _form_page(request: Request, case: Case, said: Said, refused: Refusal | None) -> HttpResponse:
    shown = panel(request, case, said, refused)
    title = page_title(say("decide.title"), refused)
    return render(
        request,
        "console/decide.html",
        {"decide": shown, "ref": case.request_ref, "title": title},
        status=refused.status if refused else 200,
    )


def _review(
    request: Request, case: Case, said: Said, decisions: tuple[ItemDetermination, ...]
) -> HttpResponse:
    shown = panel(request, case, said)
    parts = {part.item_id: part for part in shown.parts} if shown else {}
    found = evaluate(desk().ports, case)
    steps = tuple(
        Consequence(
            part=parts[d.item_id],
            outcome=term("outcome_act", d.outcome),
            reason=d.reason,
            leads_to=tuple(_leads_to(d, departure(found.item(d.item_id).effect, d.outcome))),
        )
        for d in decisions
    )
    left = [i for i in case.items if not said.outcomes.get(i.item_id) and case.outcome(i.item_id) is None]
    return render(
        request,
        "console/decide_review.html",
        {"decide": shown, "ref": case.request_ref, "steps": steps, "said": said, "left": len(left)},
    )


def _leads_to(decision: ItemDetermination, departs: str) -> Iterator[str]:
    yield say(f"decide.leads_to.{decision.outcome}")
    if departs != "none":
        yield say("decide.leads_to_differently")
    if decision.instructed_by:
        yield say("decide.leads_to_instruction", by=decision.instructed_by)
    if decision.objection:
        yield say("decide.leads_to_objection", objection=decision.objection)


def hand_to_counsel(person: Person, case: Case) -> str:
    """Put a case that waits for counsel into counsel's inbox; the name. "" where it does not wait for counsel
    alone, or where the agency has several lawyers: which of them is for people to say.
    """
    outcomes = {case.outcome(item.item_id) for item in case.items}
    if Outcome.COUNSEL not in outcomes or outcomes & {None, Outcome.RELEASE}:
        return ""
    lawyers = [p for p in workers(case.custodian, case.unit) if Role.COUNSEL in p.roles]
    if len(lawyers) != 1:
        return ""
    try:
        assign(desk().ports, case.case_id, person, lawyers[0].person_id)
    except BadInput:  # a seal does not name the lawyer: then it stays where it is
        return ""
    return lawyers[0].name


def _recorded(request: Request, case: Case) -> HttpResponse:
    """On to what comes next: the letter where everything is answered, else the case."""
    outcomes = {case.outcome(item.item_id) for item in case.items}
    if Outcome.RELEASE in outcomes:
        names = ", ".join(second_persons(case)) or say("decide.nobody_yet")
        messages.success(request, say("decide.recorded_release", names=names))
    elif (counsel := hand_to_counsel(request.person, case)) != "":
        messages.success(request, say("decide.recorded_counsel", name=counsel))
    elif outcomes & _STILL_OPEN:
        messages.success(request, say("decide.recorded_open"))
    else:
        messages.success(request, say("decide.recorded_final"))
        where = reverse("letter", kwargs={"ref": case.request_ref})
        return redirect_after(f"{where}?{urlencode({'kind': 'answer', 'language': str(language())})}")
    return redirect_after(reverse("case", kwargs={"ref": case.request_ref}))


# --------------------------------------------------------------------------------- reading the form


def _read(request: HttpRequest, case: Case) -> Said:
    ids = [item.item_id for item in case.items]
    known = set(Outcome)
    outcomes = {i: request.POST.get(f"outcome-{i}", "") for i in ids}
    return Said(
        outcomes={i: chosen for i, chosen in outcomes.items() if chosen in known},
        reasons={i: typed(request, f"reason-{i}") for i in ids},
        override_reasons={i: typed(request, f"override-{i}") for i in ids},
        instructed_by=typed(request, "instructed_by", 200),
        objection=typed(request, "objection"),
    )


def _decisions(case: Case, said: Said) -> tuple[ItemDetermination, ...]:
    """What was typed, as decisions: a reason for departing only where the outcome departs."""
    found = evaluate(desk().ports, case) if case.items else None
    made = []
    for item_id, chosen in said.outcomes.items():
        outcome = Outcome(chosen)
        departs = found is not None and departure(found.item(item_id).effect, outcome) != "none"
        made.append(
            ItemDetermination(
                item_id=item_id,
                outcome=outcome,
                reason=said.reasons[item_id],
                override_reason=said.override_reasons[item_id] if departs else "",
                instructed_by=said.instructed_by,
                objection=said.objection,
            )
        )
    return tuple(made)


def _field(problem: Problem) -> str:
    """The field that a problem of `determine` is about."""
    item_id = problem.place.removeprefix("item ").split(".")[0] if problem.place.startswith("item ") else ""
    match problem.code:
        case "determination.override.no_reason":
            return f"override-{item_id}"
        case "determination.instruction.no_basis":
            return f"reason-{item_id}"
        case _:
            return f"outcome-{item_id}" if item_id else "decide"
