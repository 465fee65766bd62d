"""The search: by a request's number, or by a name or case number, in one agency at a time.

Sent as a form and never kept, so that no name stands in an address, a log or a browser's history. Names are
compared as keyed digests (`store.read.find`). Promises that what a person may not see is answered exactly
as what does not exist, and that each request found by what stands inside it is noted in its list of views.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from habeas.console.access import needs
from habeas.console.acting import REFUSED, typed
from habeas.console.lines import rows_of
from habeas.console.office import desk
from habeas.console.permissions import Permission
from habeas.console.words import say
from habeas.usecases.ports import Viewed

if TYPE_CHECKING:
    from django.http import HttpResponse

    from habeas.console.access import Request
    from habeas.domain.request import Custodian
    from habeas.store.projection import CaseLine
    from habeas.usecases.sight import Sight

_MOST = 50
"""Requests shown at most; whoever finds more looks with more of the name."""

_LONGEST = 200
"""Characters of what is looked for."""


@require_http_methods(["GET", "POST"])
@needs(Permission.CASE_READ, personal=True)
def search(request: Request) -> HttpResponse:
    """The form, and below it what was found."""
    agencies = [desk().ports.directory.custodian(one) for one in request.sight.custodians]
    agency = next((a for a in agencies if a.custodian_id == request.POST.get("agency")), agencies[0])
    context: dict[str, Any] = {"agencies": agencies, "agency": agency, "several": False}
    if request.method != "POST":
        return render(request, "console/search.html", context)
    text = typed(request, "q", _LONGEST)
    if not text:
        context["problem"] = say("search.empty")
        return render(request, "console/search.html", context, status=REFUSED)
    found = _found(request, agency, text)
    return render(request, "console/search.html", context | {"asked": text, **_said(request, found)})


def _found(request: Request, agency: Custodian, text: str) -> tuple[CaseLine, ...]:
    from habeas.store import read  # noqa: PLC0415 - its models need Django set up

    ports = desk().ports
    found = read.find(_within(request.sight, agency.custodian_id), ports.keys, text, limit=_MOST)
    number = text.strip().upper()
    for line in found:
        if line.request_ref != number:  # a number says nothing of what stands inside
            ports.views.note(
                case_id=line.case_id,
                person=request.person.person_id,
                what=Viewed.FOUND,
                at=ports.clock.now(),
            )
    return found


def _within(sight: Sight, custodian: str) -> Sight:
    """The sight narrowed to one agency: a name is never looked for across agencies."""
    if custodian == sight.custodian:
        return attrs.evolve(sight, custodians=(custodian,))
    return attrs.evolve(sight, custodian=custodian, custodians=(custodian,), units=())


def _said(request: Request, found: tuple[CaseLine, ...]) -> dict[str, Any]:
    from habeas.store.inbox import Listed  # noqa: PLC0415 - as above

    work = desk().ports.assignments
    listed = [Listed(line, work.of(line.case_id)) for line in found]
    heading = say("search.found", n=len(found)) if found else ""
    return {"rows": rows_of(request.person, listed), "heading": heading, "caption": say("search.results")}
