"""The inbox: what waits, for whom, until when. Lists of closed words; no name and no paper is opened here.

Hides how a line is said and how a way of looking stands in an address: box, filters, order and position,
closed words and dates only, so that an address can be sent to a colleague and shows nothing of a person.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode

import attrs
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from habeas.console import faults
from habeas.console.access import line_of, needs
from habeas.console.acting import REFUSED, sentence, typed
from habeas.console.lines import name_of, rows_of
from habeas.console.office import desk
from habeas.console.permissions import Permission
from habeas.console.terms import term
from habeas.console.words import say
from habeas.domain.vocabulary import Authority, CaseState, Component, RequestOutcome
from habeas.kernel.clock import legal_date, read_date
from habeas.kernel.errors import BadInput, bad
from habeas.usecases.assign import assign, put_down
from habeas.usecases.sight import reaches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from enum import StrEnum

    from habeas.console.access import Request
    from habeas.domain.request import Person
    from habeas.store.inbox import Box, Page, Query, Sort

_WORDS: Final[dict[str, tuple[str, type[StrEnum]]]] = {
    "state": ("state", CaseState),
    "component": ("component", Component),
    "paper": ("paper_authority", Authority),
    "outcome": ("outcome", RequestOutcome),
}
"""Parameters that hold one word of a list: the query's own name of each, and the list."""

_DATES: Final = {"from": "received_from", "to": "received_to"}
_TERM: Final = {
    "state": "state",
    "component": "component",
    "paper": "authority",
    "outcome": "request_outcome",
}
"""Under which list `terms` says a parameter's words."""

_PARAMETERS: Final = 12
_NAME: Final = 60
"""Letters of a saved view's name."""


# ----------------------------------------------------------------------------- what an address asks for


def asked(parameters: Mapping[str, str]) -> Query:
    """The way of looking that an address names, or `BadInput` for a word that is in no list."""
    from habeas.store.inbox import Box, Query  # noqa: PLC0415 - its models need Django set up

    box = _word(Box, parameters.get("box") or Box.UNIT, "box")
    found: dict[str, Any] = {}
    for name, (member, words) in _WORDS.items():
        if parameters.get(name):
            found[member] = _word(words, parameters[name], name)
    for name, member in _DATES.items():
        if parameters.get(name):
            found[member] = read_date(parameters[name], name)
    sort, descending = _order(parameters, box)
    unit = parameters.get("unit", "")
    return Query(box=box, unit=unit, sort=sort, descending=descending, **found).checked()


def _word(words: type[StrEnum], text: str, place: str) -> Any:  # noqa: ANN401 - a member of `words`
    try:
        return words(text)
    except ValueError:
        raise bad("inbox.word.unknown", place, known=", ".join(words)) from None


def _order(parameters: Mapping[str, str], box: Box) -> tuple[Sort, bool]:
    """The order asked for; else the box's own: what is wanted first, what came last, what waits longest."""
    from habeas.store.inbox import Box, Sort  # noqa: PLC0415 - as above

    if parameters.get("sort"):
        return _word(Sort, parameters["sort"], "sort"), parameters.get("turn") == "1"
    if box in (Box.MINE, Box.DUE, Box.LATE):
        return Sort.DUE, False
    if box is Box.SECOND:
        return Sort.UPDATED, False
    return Sort.RECEIVED, True


def parameters_of(query: Query) -> dict[str, str]:
    """The parameters of a way of looking: what `asked` reads, nothing that is the box's own order."""
    found = {"box": str(query.box)}
    for name, (member, _) in _WORDS.items():
        if getattr(query, member):
            found[name] = str(getattr(query, member))
    for name, member in _DATES.items():
        if getattr(query, member):
            found[name] = getattr(query, member).isoformat()
    if query.unit:
        found["unit"] = query.unit
    if (query.sort, query.descending) != _order({}, query.box):
        found |= {"sort": str(query.sort)} | ({"turn": "1"} if query.descending else {})
    return found


def _address(parameters: Mapping[str, str], **more: str) -> str:
    given = {name: value for name, value in {**parameters, **more}.items() if value}
    return f"{reverse('inbox')}?{urlencode(given)}"


# ------------------------------------------------------------------------------------------------ pages


@require_GET
@needs(Permission.CASE_LIST)
def inbox(request: Request) -> HttpResponse:
    """A box of the inbox, a page of it."""
    try:
        return _shown(request, None)
    except BadInput:
        return faults.malformed(request)


def _shown(request: Request, query: Query | None, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The inbox by a query; without one, by what the address asks for."""
    from habeas.store import inbox as store  # noqa: PLC0415 - as above

    own = desk().ports.directory.custodian(request.person.custodian)
    on = legal_date(desk().ports.clock.now(), own.zone)
    counted = store.counts(request.sight, on)
    wanted = query or asked(_with_first_box(request, counted))
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = store.inbox(request.sight, wanted, on, zone=own.zone, after=after, before=before)
    context = _context(request, wanted, page, counted, problem)
    return render(request, "console/inbox.html", context, status=status)


def _with_first_box(request: Request, counted: Mapping[Box, int]) -> dict[str, str]:
    """The address's parameters; where it names no box, one's own work if there is any, else the unit's."""
    from habeas.store.inbox import Box  # noqa: PLC0415 - as above

    given = request.GET.dict()
    given.setdefault("box", Box.MINE if counted[Box.MINE] else Box.UNIT)
    return {name: str(value) for name, value in given.items()}


def _context(
    request: Request, query: Query, page: Page, counted: Mapping[Box, int], problem: str = ""
) -> dict[str, Any]:
    parameters = parameters_of(query)
    chosen = set(parameters) - {"box", "sort", "turn"}
    return {
        "query": query,
        "boxes": _boxes(query, counted),
        "caption": say("inbox.table", box=say(f"inbox.box.{query.box}")),
        "rows": rows_of(request.person, page.lines),
        "several": len(request.sight.custodians) > 1,
        "older": _address(parameters, after=page.after) if page.after else "",
        "newer": _address(parameters, before=page.before) if page.before else "",
        "columns": _columns(query, parameters),
        "empty": say("inbox.empty.filtered" if chosen else f"inbox.empty.{query.box}"),
        "back": urlencode(parameters),
        "filters": _filters(request, query, parameters),
        "chosen": bool(chosen),
        "parameters": parameters,
        "clear": _address({"box": str(query.box)}),
        "saved": _saved(request.person),
        "problem": problem,
    }


@attrs.frozen
class Tab:
    """A box as a link: its words, its address, how many cases it has; `urgent` where late ones wait."""

    said: str
    address: str
    count: int
    here: bool
    urgent: bool


def _boxes(query: Query, counted: Mapping[Box, int]) -> list[Tab]:
    from habeas.store.inbox import Box  # noqa: PLC0415 - as above

    return [
        Tab(
            say(f"inbox.box.{box}"),
            _address({"box": str(box)}),
            n,
            box is query.box,
            box is Box.LATE and n > 0,
        )
        for box, n in counted.items()
    ]


@attrs.frozen
class Column:
    """A column that can be sorted: where its link leads, and its `aria-sort`, "" where it is not sorted."""

    address: str
    sorted: str = ""


def _columns(query: Query, parameters: Mapping[str, str]) -> dict[str, Column]:
    """What is sorted turns round; another begins with what is wanted first: the newest, the most urgent."""
    from habeas.store.inbox import Sort  # noqa: PLC0415 - as above

    found = {}
    for sort in (Sort.RECEIVED, Sort.DUE):
        now = query.sort is sort
        down = not query.descending if now else sort is Sort.RECEIVED
        address = _address({**parameters, "sort": str(sort), "turn": "1" if down else ""})
        found[str(sort)] = Column(address, ("descending" if query.descending else "ascending") if now else "")
    return found


@attrs.frozen
class Choice:
    """A list to choose from: its parameter, its label, its words as (value, said, chosen)."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]
    optional: bool = True


def _filters(request: Request, query: Query, parameters: Mapping[str, str]) -> list[Choice]:
    from habeas.store.inbox import Sort  # noqa: PLC0415 - as above

    def choice(
        name: str, options: Iterable[tuple[str, str]], chosen: str, *, optional: bool = True
    ) -> Choice:
        marked = tuple((value, said, value == chosen) for value, said in options)
        return Choice(name, say(f"inbox.filter.{name}"), marked, optional)

    found = [
        choice(name, [(str(word), term(_TERM[name], str(word))) for word in words], parameters.get(name, ""))
        for name, (_, words) in _WORDS.items()
    ]
    units = choice("unit", _units(request), query.unit)
    sorts = choice("sort", [(str(s), say(f"inbox.sort.{s}")) for s in Sort], str(query.sort), optional=False)
    return [*found, *([units] if len(units.options) > 1 else []), sorts]


def _units(request: Request) -> list[tuple[str, str]]:
    """Every unit this person sees, by name."""
    agencies = [desk().ports.directory.custodian(one) for one in request.sight.custodians]
    seen = {
        unit.unit_id: unit.name
        for agency in agencies
        for unit in agency.units
        if reaches(request.sight, agency.custodian_id, unit.unit_id)
    }
    return sorted(seen.items(), key=lambda unit: unit[1])


@attrs.frozen
class Saved:
    """A saved view as a link."""

    name: str
    address: str


def _saved(person: Person) -> list[Saved]:
    """A person's saved views; one that this version no longer understands is left out, not an error."""
    from habeas.store.inbox import Query  # noqa: PLC0415 - as above

    found = []
    for name, words in desk().store.saved_views.of(person.person_id):
        with suppress(BadInput):
            found.append(Saved(name, _address(parameters_of(Query.of(words)))))
    return found


# --------------------------------------------------------------------------------------- what is changed


def _back(request: Request) -> dict[str, str]:
    """The way of looking that a form stood in; only what an address of the inbox may hold."""
    return dict(parse_qsl(request.POST.get("back", ""))[:_PARAMETERS])


@require_POST
@needs(Permission.CASE_LIST)
def save(request: Request) -> HttpResponse:
    """Keep the present way of looking under a name."""
    try:
        query = asked(_back(request))
    except BadInput:
        return faults.malformed(request)
    name = " ".join(typed(request, "name", _NAME + 1).split())
    if not 0 < len(name) <= _NAME:
        return _shown(request, query, problem=say("inbox.saved.no_name"), status=REFUSED)
    desk().store.saved_views.keep(request.person.person_id, name, query.as_json())
    messages.success(request, say("inbox.saved.done"))
    return _return(parameters_of(query))


@require_POST
@needs(Permission.CASE_LIST)
def forget(request: Request) -> HttpResponse:
    """Forget a saved view of one's own."""
    desk().store.saved_views.remove(request.person.person_id, request.POST.get("name", ""))
    messages.success(request, say("inbox.saved.deleted"))
    return _return(_back(request))


@require_POST
@needs(Permission.CASE_ASSIGN)
def give(request: Request, ref: str) -> HttpResponse:
    """Take a request, give it to a colleague, or let nobody have it."""
    line, ports = line_of(request, ref), desk().ports
    if ports.assignments.of(line.case_id) != request.POST.get("was", ""):
        messages.error(request, say("inbox.taken_before", ref=ref))
        return _after_giving(request, ref)
    to = request.POST.get("to", "")
    try:
        if to:
            assign(ports, line.case_id, request.person, to)
        else:
            put_down(ports, line.case_id, request.person)
    except BadInput as error:
        for problem in error.problems:
            messages.error(request, sentence(problem))
        return _after_giving(request, ref)
    said = say("inbox.given", ref=ref, name=name_of(to)) if to else say("inbox.given_back", ref=ref)
    messages.success(request, said)
    return _after_giving(request, ref)


def _after_giving(request: Request, ref: str) -> HttpResponse:
    """Back to where it was asked: the request's own page, or the list."""
    if request.POST.get("page") != "case":
        return _return(_back(request))
    response = HttpResponseRedirect(reverse("case", args=[ref]))
    response.status_code = 303
    return response


def _return(parameters: Mapping[str, str]) -> HttpResponse:
    """Back to the list, so that loading it again sends nothing twice."""
    response = HttpResponseRedirect(_address(parameters))
    response.status_code = 303
    return response
