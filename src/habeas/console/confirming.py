"""A person's word on the facts: as read, corrected, or checked elsewhere.

Promises that a correction is only what a person changed on the page they saw (the case's version goes with
the form), that a check made elsewhere says what, whom, by which number and where that was found, and that
nothing typed is lost when something is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.http import require_POST

from habeas.console.access import line_of, needs, open_case
from habeas.console.acting import (
    CONFLICT,
    REFUSED,
    Refusal,
    attempt,
    may,
    redirect_after,
    typed,
    version_seen,
)
from habeas.console.case_page import show
from habeas.console.facts import (
    OWN,
    WRONG_CHECKS,
    check_of,
    field_name,
    may_confirm,
    row_key,
    source_of,
)
from habeas.console.faults import forbidden
from habeas.console.office import desk
from habeas.console.permissions import Permission
from habeas.console.terms import term
from habeas.console.words import say
from habeas.domain import vocabulary as v
from habeas.domain.facts import SPEC, FactSet, Scope
from habeas.usecases.confirm import Correction, confirm
from habeas.usecases.determine import evaluate
from habeas.usecases.ports import Viewed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpResponse

    from habeas.console.access import Request
    from habeas.domain.case import Case
    from habeas.domain.determination import Evaluation
    from habeas.domain.facts import FactSpec
    from habeas.store.projection import CaseLine

_LONGEST: Final = 200
"""Letters of one field."""


@require_POST
@needs(Permission.FACTS_CONFIRM, personal=True)
def say_facts(request: Request, ref: str) -> HttpResponse:
    """Take a person's word: everything as read, with what they changed and what they had checked."""
    line = line_of(request, ref)
    ports = desk().ports
    case = ports.cases.load(line.case_id)
    if not may(request.person, case, Permission.FACTS_CONFIRM):
        return forbidden(request)
    said = {name: typed(request, name, _LONGEST) for name in request.POST}
    seen = version_seen(request)
    if seen != case.version:
        return _again(request, line, said, CONFLICT, (("facts", say("case.conflict")),))
    if not may_confirm(case, request.person):
        return _again(request, line, said, REFUSED, (("facts", say("case.facts.not_now")),))
    corrections, problems = _read(case, said)
    if problems:
        return _again(request, line, said, REFUSED, problems)
    before = evaluate(ports, case)
    refusal = attempt(
        lambda: confirm(ports, case.case_id, request.person, corrections, expected_version=seen),
        lambda problem: _anchor(problem.place),
    )
    if refusal is not None:
        return _again(request, line, said, refusal.status, _told(refusal))
    _announce(request, case, corrections, before)
    return redirect_after(reverse("case", args=[ref]))


def _told(refusal: Refusal) -> tuple[tuple[str, str], ...]:
    if refusal.is_conflict:
        return (("facts", say("case.conflict")),)
    return tuple((t.field, t.text) for t in refusal.troubles)


def _anchor(place: str) -> str:
    """The row that a use case's place is about: `facts.<name>`."""
    name = place.removeprefix("facts.").split(".", 1)[0]
    return row_key(name) if name in SPEC else "facts"


def _again(
    request: Request, line: CaseLine, said: dict[str, str], status: int, problems: tuple[tuple[str, str], ...]
) -> HttpResponse:
    """The page as it is now, with everything that was typed and what is wrong with it: it is seen again."""
    opened = open_case(request, line.request_ref, Viewed.CASE)
    return show(request, opened, status=status, typed=said, fact_problems=problems)


def _read(case: Case, typed: Mapping[str, str]) -> tuple[tuple[Correction, ...], tuple[tuple[str, str], ...]]:
    """The corrections of a form, and what is wrong with it as (anchor, sentence)."""
    everything = (("", case.facts), *((i.item_id, case.facts_of(i.item_id)) for i in case.items))
    if typed.get("do") == "all":
        changed = any(next(_changed(facts, item, typed), None) for item, facts in everything)
        return (), (("facts", say("case.wrong.changed")),) if changed else ()
    check = check_of(typed)
    courts = desk().ports.directory.courts(case.custodian)
    wrong_check = check.wrong(courts)
    corrections: list[Correction] = []
    problems: list[tuple[str, str]] = []
    for item, facts in everything:
        for spec in _changed(facts, item, typed):
            field = field_name(spec.name, item)
            value = typed.get(f"value-{field}", facts[spec.name].value)
            source = typed.get(f"source-{field}", "")
            problem = _wrong(spec, value, source, wrong_check)
            if problem:
                problems.append(
                    (
                        "check" if problem in WRONG_CHECKS else row_key(spec.name, item),
                        say(f"case.wrong.{problem}"),
                    )
                )
                continue
            how = check.text(courts) if source == v.Source.INDEPENDENT else ""
            voucher = v.Source(source) if source else v.Source.REQUESTER
            corrections.append(Correction(spec.name, value, voucher, item, how))
    return tuple(corrections), tuple(dict.fromkeys(problems))


def _changed(facts: FactSet, item: str, typed: Mapping[str, str]) -> Iterator[FactSpec]:
    """The facts whose value or voucher a form changes."""
    scope = Scope.ITEM if item else Scope.REQUEST
    for spec in SPEC.values():
        field = field_name(spec.name, item)
        if spec.scope is not scope or spec.name in OWN or f"value-{field}" not in typed:
            continue
        now = (facts[spec.name].value, source_of(spec, facts[spec.name]))
        if (typed[f"value-{field}"], typed.get(f"source-{field}", "")) != now:
            yield spec


def _wrong(spec: FactSpec, value: str, source: str, wrong_check: str) -> str:
    """The key of what is wrong with one correction, "" where nothing is."""
    if value != v.UNKNOWN and value not in spec.domain:
        return "value"
    if value == v.UNKNOWN:
        return "" if source in ("", *v.Source) else "source"
    if source not in {str(s) for s in spec.suppliers}:
        return "source"
    return wrong_check if source == v.Source.INDEPENDENT else ""


def _announce(request: Request, before: Case, corrections: tuple[Correction, ...], said: Evaluation) -> None:
    """Say what changed: the facts, and what the rules now say of each item."""
    ports = desk().ports
    messages.success(request, say("case.confirmed.all") if not corrections else _corrected(corrections))
    now = evaluate(ports, ports.cases.load(before.case_id))
    then = {i.item_id: i.effect for i in said.items}
    for item in now.items:
        if then.get(item.item_id) is not item.effect:
            words = {"item": item.item_id, "effect": term("effect", item.effect)}
            messages.warning(request, say("case.confirmed.effect", **words))


def _corrected(corrections: tuple[Correction, ...]) -> str:
    names = "; ".join(dict.fromkeys(term("fact", c.name) for c in corrections))
    return say("case.confirmed.some", n=len(corrections), names=names)
