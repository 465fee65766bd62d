"""Sealing: who alone may see a request, and opening it to its agency again.

Promises that only people who could see the request anyway are offered as names, that whoever seals it is
among them, and that a request sealed away is gone for everybody else from the next page on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

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
from habeas.console.lines import name_of
from habeas.console.office import desk
from habeas.console.permissions import Permission, permissions_of
from habeas.console.terms import term
from habeas.console.words import say
from habeas.usecases.ports import Viewed
from habeas.usecases.seal import seal, unseal
from habeas.usecases.sight import reaches, sight_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest, HttpResponse

    from habeas.console.access import Opened, Request
    from habeas.domain.case import Case
    from habeas.domain.request import Person
    from habeas.kernel.errors import Problem


@attrs.frozen
class Name:
    """Somebody who may be named: `own` is the person at the screen, who is named always."""

    person_id: str
    name: str
    roles: str
    checked: bool
    own: bool


@attrs.frozen
class Panel:
    """The seal as it stands for one person who may set or lift it."""

    ref: str
    version: int
    sealed: bool
    names: tuple[str, ...]
    by: str
    reason: str
    choices: tuple[Name, ...]
    may_seal: bool
    may_unseal: bool
    typed: str = ""
    refusal: Refusal | None = None

    @property
    def names_troubles(self) -> tuple[str, ...]:
        """What to say at the names."""
        return self.refusal.at("names") if self.refusal else ()

    @property
    def reason_troubles(self) -> tuple[str, ...]:
        """What to say at the reason of a seal."""
        return self.refusal.at("seal-reason") if self.refusal else ()

    @property
    def unseal_troubles(self) -> tuple[str, ...]:
        """What to say at the reason of lifting it."""
        return self.refusal.at("unseal-reason") if self.refusal else ()


def context(request: Request, opened: Opened) -> dict[str, Any]:
    """`seal` for `_seal.html`: None for whoever may not seal this request."""
    return {"seal": panel(request, opened.case)}


def panel(
    request: Request, case: Case, refusal: Refusal | None = None, chosen: Sequence[str] | None = None
) -> Panel | None:
    """The seal as it stands for this person."""
    may_seal = may(request.person, case, Permission.CASE_SEAL)
    may_unseal = may(request.person, case, Permission.CASE_UNSEAL) and case.sealed is not None
    if not may_seal:
        return None
    sealed = case.sealed
    named = chosen if chosen is not None else sealed.names if sealed else ()
    return Panel(
        ref=case.request_ref,
        version=case.version,
        sealed=sealed is not None,
        names=tuple(name_of(one) for one in sealed.names) if sealed else (),
        by=name_of(sealed.person) if sealed else "",
        reason=sealed.reason if sealed else "",
        choices=tuple(_name(p, request.person, named) for p in _nameable(case)),
        may_seal=may_seal,
        may_unseal=may_unseal,
        typed=typed(request, "reason"),
        refusal=refusal,
    )


def _nameable(case: Case) -> tuple[Person, ...]:
    """Everybody of the agency who could see the request without a seal."""
    staff = (p for p in desk().ports.directory.people_of(case.custodian) if _reads(p))
    return tuple(p for p in staff if reaches(sight_of(p), case.custodian, case.unit))


def _reads(person: Person) -> bool:
    return Permission.CASE_READ in permissions_of(person)


def _name(person: Person, own: Person, named: Sequence[str]) -> Name:
    is_own = person.person_id == own.person_id
    roles = ", ".join(term("role", role) for role in person.roles)
    return Name(person.person_id, person.name, roles, is_own or person.person_id in named, is_own)


# ---------------------------------------------------------------------------------------- the pages


@require_http_methods(["GET", "POST"])
@needs(Permission.CASE_SEAL, personal=True)
def page(request: Request, ref: str) -> HttpResponse:
    """The names to choose; sent, the request is sealed to them."""
    case = open_case(request, ref, Viewed.CASE).case
    if not may(request.person, case, Permission.CASE_SEAL):
        return forbidden(request)
    if request.method == "GET":
        return _page(request, case, None)
    names = tuple(dict.fromkeys((*_posted(request), request.person.person_id)))
    reason, seen = typed(request, "reason"), version_seen(request)

    def act() -> None:
        seal(desk().ports, case.case_id, request.person, names, reason, expected_version=seen)

    return _after(request, case, attempt(act, _at("seal-reason")), "seal.done_sealed", names)


@require_POST
@needs(Permission.CASE_UNSEAL, personal=True)
def lift(request: Request, ref: str) -> HttpResponse:
    """Open the request to its agency again."""
    case = open_case(request, ref, Viewed.CASE).case
    if not may(request.person, case, Permission.CASE_UNSEAL):
        return forbidden(request)
    reason, seen = typed(request, "reason"), version_seen(request)

    def act() -> None:
        unseal(desk().ports, case.case_id, request.person, reason, expected_version=seen)

    return _after(request, case, attempt(act, _at("unseal-reason")), "seal.done_lifted")


def _posted(request: HttpRequest) -> list[str]:
    return request.POST.getlist("names")


def _at(reason: str) -> Callable[[Problem], str]:
    return lambda problem: {"reason": reason, "names": "names", "person": "names"}.get(problem.place, "")


def _after(
    request: Request, case: Case, refusal: Refusal | None, done: str, names: Sequence[str] | None = None
) -> HttpResponse:
    if refusal is not None:
        now = desk().ports.cases.load(case.case_id) if refusal.status == CONFLICT else case
        return _page(request, now, refusal, names)
    messages.success(request, say(done))
    return redirect_after(reverse("case", kwargs={"ref": case.request_ref}))


def _page(
    request: Request, case: Case, refusal: Refusal | None, names: Sequence[str] | None = None
) -> HttpResponse:
    return render(
        request,
        "console/seal.html",
        {
            "seal": panel(request, case, refusal, names),
            "ref": case.request_ref,
            "title": page_title(say("seal.title"), refusal),
        },
        status=refusal.status if refusal else 200,
    )
