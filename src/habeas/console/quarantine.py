"""Quarantine: what came in and could not be taken in, why, and what a person does about it.

Promises that it is shown to those of the agency it was sent to (to administrators, where it names none);
that nothing of it is opened here, and its bytes leave only as a download that no browser displays, to
whoever may let it out, with a line in the log of views; and that two people who let the same thing out
make one request.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from habeas.console.access import needs
from habeas.console.acting import CONFLICT, REFUSED, Trouble, redirect_after
from habeas.console.new_request import arrived_at, set_going
from habeas.console.office import desk
from habeas.console.permissions import Permission, permissions_of
from habeas.console.words import language, say, words
from habeas.domain.vocabulary import Role
from habeas.kernel.errors import BadInput
from habeas.usecases.ports import ArrivalState, Hints, Viewed
from habeas.usecases.receive import release
from habeas.usecases.sight import sees_arrival

if TYPE_CHECKING:
    from collections.abc import Sequence

    from habeas.console.access import Request
    from habeas.domain.request import Custodian
    from habeas.usecases.ports import Arrival

LINES: Final = 200
"""How many are listed; the oldest first, so that none waits unseen behind them."""

_CODE: Final = re.compile(r"\[([a-z0-9_]+(?:\.[a-z0-9_]+)+)\]$")
_HOW: Final = ("again", "paper")


@require_GET
@needs(Permission.QUARANTINE_READ)
def quarantine(request: Request) -> HttpResponse:
    """Everything that waits, without what came."""
    from habeas.store import read  # noqa: PLC0415 - its models need Django set up

    agencies = {c.custodian_id: c for c in desk().ports.directory.all()}
    waiting = [
        {
            "line": line,
            "why": why(line.problem),
            "agency": agencies[line.custodian].name if line.custodian in agencies else "",
            "unit": _unit_name(agencies.get(line.custodian), line.unit),
        }
        for line in read.quarantine(request.sight, limit=LINES)
    ]
    zone = agencies[request.person.custodian].zone
    return render(request, "console/quarantine.html", {"waiting": waiting, "zone": zone})


@require_GET
@needs(Permission.QUARANTINE_READ, personal=True)
def item(request: Request, arrival: str) -> HttpResponse:
    """One arrival: the name it came under, why it waits, and what can be done."""
    found = _arrival(request, arrival)
    _note(request, found, Viewed.CASE)
    return _item(request, found)


@require_GET
@needs(Permission.QUARANTINE_RELEASE, personal=True)
def download(request: Request, arrival: str) -> HttpResponse:
    """The bytes as they came, as a file that no browser opens. Its name is ours: theirs may mislead."""
    found = _arrival(request, arrival)
    if not _theirs(request, found):
        raise Http404
    data = desk().ports.blobs.get(found.blob, found.case_id)
    _note(request, found, Viewed.ORIGINAL)
    named = f'attachment; filename="{found.arrival_id}.bin"'
    return HttpResponse(data, content_type="application/octet-stream", headers={"Content-Disposition": named})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.QUARANTINE_RELEASE, personal=True)
def let_out(request: Request, arrival: str) -> HttpResponse:
    """Try it again with what a person knows, or take it as one paper that a person must read."""
    found = _arrival(request, arrival, waiting=False)
    if request.method != "POST":
        return redirect("quarantine_item", arrival)
    if not _theirs(request, found):
        raise Http404
    if found.state is not ArrivalState.QUARANTINED:
        return _gone(request)
    place, how = request.POST.get("place", ""), request.POST.get("how", "")
    troubles = _troubles(request, found, place, how)
    if troubles:
        return _item(request, found, troubles)
    custodian, _, unit = place.partition("/")
    hints = Hints(custodian, unit)
    try:
        receipt = release(
            desk().ports, arrival, hints=hints, as_paper=how == "paper", actor=request.person.person_id
        )
    except BadInput:  # somebody was faster, or the store is busy: what is there now says which
        return _gone(request)
    if receipt.state is ArrivalState.QUARANTINED:
        return _item(request, _arrival(request, arrival), [Trouble("how", say("quarantine.still"))])
    set_going(receipt)
    if Permission.REQUEST_CREATE in permissions_of(request.person):
        return redirect_after(arrived_at([receipt]))
    return redirect_after(f"{reverse('quarantine')}?out=1")


def why(problem: str) -> str:
    """Why something waits, in plain words of the page's language, from its error line."""
    known: dict[str, str] = words("quarantine", language())["why"]
    found = _CODE.search(problem)
    steps = found[1].split(".") if found else []
    for length in range(len(steps), 0, -1):
        key = "_".join(steps[:length])
        if key in known:
            return known[key]
    return known["other"]


def _arrival(request: Request, arrival_id: str, *, waiting: bool = True) -> Arrival:
    """The arrival, if this person sees it and (unless told otherwise) it waits here."""
    try:
        found = desk().ports.arrivals.get(arrival_id)
    except BadInput as error:
        raise Http404 from error
    if not sees_arrival(request.sight, found.hints.custodian, found.hints.unit):
        raise Http404
    if waiting and found.state is not ArrivalState.QUARANTINED:
        raise Http404
    return found


def _theirs(request: Request, found: Arrival) -> bool:
    """Whether this person may act on it: their own agency's, or nobody's and they are an administrator."""
    nobodys = not found.hints.custodian and Role.ADMINISTRATOR in request.person.roles
    return nobodys or found.hints.custodian == request.person.custodian


def _places(request: Request, found: Arrival) -> list[tuple[str, str]]:
    """Where it may go: a unit of its agency, or of any where it names none."""
    if found.hints.custodian:
        custodian = desk().ports.directory.custodian(found.hints.custodian)
        return [(f"{custodian.custodian_id}/{u.unit_id}", u.name) for u in custodian.units]
    every = desk().ports.directory.all() if _theirs(request, found) else ()
    return [(f"{c.custodian_id}/{u.unit_id}", f"{c.name}: {u.name}") for c in every for u in c.units]


def _troubles(request: Request, found: Arrival, place: str, how: str) -> list[Trouble]:
    troubles = []
    if place not in dict(_places(request, found)):
        troubles.append(Trouble("place", say("quarantine.wrong.place")))
    if how not in _HOW:
        troubles.append(Trouble("how", say("quarantine.wrong.how")))
    return troubles


def _item(request: Request, found: Arrival, troubles: Sequence[Trouble] = ()) -> HttpResponse:
    places = _places(request, found)
    hinted = f"{found.hints.custodian}/{found.hints.unit}"
    custodian = desk().ports.directory.custodian(found.hints.custodian or request.person.custodian)
    page: dict[str, Any] = {
        "arrival": found,
        "why": why(found.problem),
        "agency": custodian.name if found.hints.custodian else "",
        "unit": _unit_name(custodian, found.hints.unit),
        "zone": custodian.zone,
        "may_let_out": _theirs(request, found)
        and Permission.QUARANTINE_RELEASE in permissions_of(request.person),
        "offices": places,
        "office": request.POST.get("place") or (places[0][0] if len(places) == 1 else hinted),
        "how": request.POST.get("how") or "again",
        "troubles": troubles,
        "wrong": {trouble.field: trouble.text for trouble in troubles},
    }
    return render(request, "console/quarantine_item.html", page, status=REFUSED if troubles else 200)


def _gone(request: Request) -> HttpResponse:
    return render(request, "console/quarantine_gone.html", status=CONFLICT)


def _unit_name(custodian: Custodian | None, unit_id: str) -> str:
    unit = custodian.unit(unit_id) if custodian else None
    return unit.name if unit else ""


def _note(request: Request, found: Arrival, what: Viewed) -> None:
    ports = desk().ports
    ports.views.note(case_id=found.case_id, person=request.person.person_id, what=what, at=ports.clock.now())
