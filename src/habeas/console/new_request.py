"""A new request: files taken in, or a short form for a call, a visit, a fax, a letter, a portal.

Hides how an upload becomes arrivals. Promises that the first words a clerk sees are the red ones; that
what is sent is kept before anything reads it, by the same use case as everywhere; that nobody logs a
request into another agency, or into a unit that is not theirs; that a body larger than intake's limit is
refused before it is read; and that a form sent twice is one request. No paper is opened in the process
that serves pages: the worker reads, and the page asks until the verdict is there.
"""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import attrs
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from habeas.console import new_form
from habeas.console.access import needs
from habeas.console.acting import Trouble, redirect_after
from habeas.console.office import desk
from habeas.console.permissions import Permission
from habeas.console.words import language, say, words
from habeas.domain.vocabulary import CaseState, Channel
from habeas.intake.limits import LIMIT_BYTES, LIMIT_DECODED, MEGABYTE
from habeas.kernel.errors import BadInput
from habeas.usecases.ports import ArrivalState, Hints, JobKind
from habeas.usecases.read import read
from habeas.usecases.receive import receive
from habeas.usecases.sight import sees_arrival
from habeas.usecases.work import sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.core.files.uploadedfile import UploadedFile

    from habeas.console.access import Request
    from habeas.domain.request import Custodian, Unit
    from habeas.kernel.errors import Problem
    from habeas.usecases.ports import Arrival
    from habeas.usecases.receive import Receipt

LIMIT_FILES: Final = 20
"""Files in one upload."""

LIMIT_BODY: Final = LIMIT_BYTES + MEGABYTE
"""Bytes of one upload with everything around its files."""

PATIENCE: Final = timedelta(seconds=6)
"""After this a page says that the reading waits, and shows the way on."""

CHANNELS: Final = (Channel.EMAIL, Channel.MAIL, Channel.FAX, Channel.IN_PERSON, Channel.PORTAL)
"""How files may have come, where they do not say it themselves."""

TOO_LARGE: Final = 413
WRONG: Final = 422
NOTHING_NEW: Final = 204
_UNIT: Final = "new_unit"


def _bounded(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse a body above the limit by its announced length, before anything reads a byte of it.

    The check of a form's origin reads the body, so it comes after this one.
    """
    protected = csrf_protect(page)

    @wraps(page)
    def bounded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - passed through
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > LIMIT_BODY:
            return render(request, "console/new_too_large.html", _limits(), status=TOO_LARGE)
        return protected(request, *args, **kwargs)

    return bounded


def _limits() -> dict[str, int]:
    return {
        "limit": LIMIT_BYTES // MEGABYTE,
        "limit_together": LIMIT_DECODED // MEGABYTE,
        "files": LIMIT_FILES,
    }


# --------------------------------------------------------------------------------------- the pages


@require_GET
@needs(Permission.REQUEST_CREATE, personal=True)
def new(request: Request) -> HttpResponse:
    """The first screen: the red words, the drop zone, the ways in."""
    return _first(request)


@require_GET
@needs(Permission.REQUEST_CREATE, personal=True)
def form(request: Request, way: str) -> HttpResponse:
    """One short form, empty."""
    if way not in new_form.WAYS:
        raise Http404
    custodian = _custodian(request)
    now = desk().ports.clock.now()
    return _form(request, new_form.fresh(way, custodian, now, _usual(request, custodian)))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.REQUEST_CREATE)
@_bounded
def files(request: Request) -> HttpResponse:
    """Take files in: each as a request of its own, or all together as one."""
    if request.method != "POST":
        return redirect("new")
    sent = request.FILES.getlist("files")
    together = request.POST.get("together") == "yes" and len(sent) > 1
    channel = request.POST.get("channel", "")
    unit = request.POST.get("unit", "")
    troubles = [
        *_unit_troubles(request, unit),
        *_file_troubles(sent, "files", together=together, needed=True),
    ]
    if channel not in ("", *CHANNELS):
        troubles.append(Trouble("channel", say("new.wrong.unknown_word")))
    if troubles:
        return _first(request, troubles)
    request.session[_UNIT] = unit
    if together:
        whole = [("request.json", new_form.together(channel, _papers(sent)))]
    else:
        whole = [(file.name or "", file.read()) for file in sent]
    return _taken(request, whole, unit, channel)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.REQUEST_CREATE)
@_bounded
def send(request: Request, way: str) -> HttpResponse:
    """Take a short form in."""
    if way not in new_form.WAYS:
        raise Http404
    if request.method != "POST":
        return redirect("new_form", way)
    typed = new_form.Typed(way, {name: str(value) for name, value in request.POST.items()})
    sent = request.FILES.getlist("papers")
    unit = typed.value("unit")
    troubles = [*_unit_troubles(request, unit), *_file_troubles(sent, "papers", together=True, needed=False)]
    document, wrong = _written(request, typed, () if troubles else _papers(sent))
    if troubles or wrong:
        return _form(request, typed, [*troubles, *wrong])
    request.session[_UNIT] = unit
    return _taken(request, [("request.json", document)], unit, "")


def _written(
    request: Request, typed: new_form.Typed, papers: tuple[tuple[str, str, bytes], ...]
) -> tuple[bytes, list[Trouble]]:
    try:
        now = desk().ports.clock.now()
        return new_form.document(typed, _custodian(request), now, papers), []
    except BadInput as error:
        return b"", [Trouble(p.place, _mend(p)) for p in error.problems]


def _mend(problem: Problem) -> str:
    """What to do about a field, in the page's language."""
    known = words("new", language())["wrong"]
    key = problem.code.rpartition(".")[2]
    return say(f"new.wrong.{key if key in known else 'other'}", **dict(problem.detail))


# ------------------------------------------------------------------------------------- what arrived


@attrs.frozen
class Status:
    """What has become of an arrival, for the page that waits: a word of `words/new`, and where to go.

    `ref` is "" where there is no request, or none that this person sees.
    """

    arrival_id: str
    word: str
    ref: str = ""

    @property
    def settled(self) -> bool:
        """Whether there is nothing to wait for."""
        return self.word not in ("pending", "reading", "waiting")


@require_GET
@needs(Permission.REQUEST_CREATE)
def arrived(request: Request) -> HttpResponse:
    """What has become of what was just sent; straight to the request where there is one and it is read."""
    wanted = request.GET.getlist("a")[:LIMIT_FILES]
    if not wanted:
        raise Http404
    found = [_status(request, arrival_id) for arrival_id in wanted]
    if len(found) == 1 and found[0].word == "read":
        return redirect("case", found[0].ref)
    page = {"found": found, "alone": len(found) == 1, **_stop(request)}
    return render(request, "console/new_arrived.html", page)


@require_GET
@needs(Permission.REQUEST_CREATE)
def progress(request: Request, arrival: str) -> HttpResponse:
    """One arrival's line, if it says something else by now than the page that asks."""
    found = _status(request, arrival)
    if found.word == request.GET.get("was"):
        return HttpResponse(status=NOTHING_NEW)
    alone = request.GET.get("alone") == "1"
    if alone and found.word == "read":
        return HttpResponse(headers={"HX-Redirect": reverse("case", args=[found.ref])})
    return render(request, "console/new_status.html", {"one": found, "alone": alone})


def _status(request: Request, arrival_id: str) -> Status:
    ports = desk().ports
    try:
        arrival = ports.arrivals.get(arrival_id)
    except BadInput as error:
        raise Http404 from error
    if not sees_arrival(request.sight, arrival.hints.custodian, arrival.hints.unit):
        raise Http404
    match arrival.state:
        case ArrivalState.PENDING:
            return Status(arrival_id, "pending")
        case ArrivalState.QUARANTINED:
            return Status(arrival_id, "quarantined")
        case _:
            return _status_of_case(request, arrival)


def _status_of_case(request: Request, arrival: Arrival) -> Status:
    """Where the request stands that an arrival opened or repeats. One beyond this person's sight (sealed,
    another unit's) is told in the same words whatever the reason.
    """
    from habeas.store.read import lines  # noqa: PLC0415 - its models need Django set up

    line = lines(request.sight, [arrival.linked_to]).get(arrival.linked_to)
    if line is None:
        return Status(arrival.arrival_id, "elsewhere")
    if arrival.state is ArrivalState.REPEAT:
        return Status(arrival.arrival_id, "repeat", line.request_ref)
    if line.state != CaseState.RECEIVED:
        return Status(arrival.arrival_id, "read", line.request_ref)
    late = desk().ports.clock.now() - arrival.received_at > PATIENCE
    return Status(arrival.arrival_id, "waiting" if late else "reading", line.request_ref)


# ------------------------------------------------------------------------------------ taking it in


def _taken(request: Request, whole: Sequence[tuple[str, bytes]], unit: str, channel: str) -> HttpResponse:
    """Receive everything, set the reading going, and go to the page that waits for it."""
    hints = Hints(request.person.custodian, unit, channel)
    actor = request.person.person_id
    try:
        receipts = [receive(desk().ports, data, name, hints=hints, actor=actor) for name, data in whole]
    except BadInput:
        sweep(desk().ports, desk().store.jobs)  # the bytes are kept; the worker takes up what was left
        return render(request, "console/new_kept.html", _stop(request), status=503)
    for receipt in receipts:
        set_going(receipt)
    return redirect_after(arrived_at(receipts))


def arrived_at(receipts: Iterable[Receipt]) -> str:
    """The address of the page that waits for these arrivals."""
    return f"{reverse('new_arrived')}?{urlencode([('a', r.arrival_id) for r in receipts])}"


def set_going(receipt: Receipt) -> None:
    """Have a new case read: a message at once, since no library opens anything; papers by the worker."""
    if receipt.state is not ArrivalState.CASE:
        return
    ports, jobs = desk().ports, desk().store.jobs
    try:
        if not ports.cases.load(receipt.case_id).request.attachments:
            read(ports, receipt.case_id, actor="machine")
            return
    except BadInput:
        pass  # whatever it was, the worker meets it again and notes it
    jobs.add(JobKind.READ, receipt.case_id, ports.clock.now())


def _papers(sent: Iterable[UploadedFile[Any]]) -> tuple[tuple[str, str, bytes], ...]:
    return tuple((file.name or "", file.content_type or "", file.read()) for file in sent)


def _file_troubles(
    sent: Sequence[UploadedFile[Any]], field: str, *, together: bool, needed: bool
) -> Iterable[Trouble]:
    sizes = [file.size or 0 for file in sent]
    if needed and not sent:
        yield Trouble(field, say("new.wrong.no_file"))
    elif len(sent) > LIMIT_FILES:
        yield Trouble(field, say("new.wrong.too_many", limit=LIMIT_FILES))
    elif 0 in sizes:
        yield Trouble(field, say("new.wrong.empty_file"))
    elif together and sum(sizes) > LIMIT_DECODED:
        yield Trouble(field, say("new.wrong.too_large", limit=LIMIT_DECODED // MEGABYTE))
    elif any(size > LIMIT_BYTES for size in sizes):
        yield Trouble(field, say("new.wrong.too_large", limit=LIMIT_BYTES // MEGABYTE))


def _unit_troubles(request: Request, unit: str) -> Iterable[Trouble]:
    """The unit must be one of this person's; whatever else was sent is no choice of the page."""
    if unit not in {u.unit_id for u in _units(request)}:
        yield Trouble("unit", say("new.wrong.no_unit"))


# ------------------------------------------------------------------------------------ what is drawn


def _custodian(request: Request) -> Custodian:
    return desk().ports.directory.custodian(request.person.custodian)


def _units(request: Request) -> tuple[Unit, ...]:
    return new_form.units_of(request.person, _custodian(request))


def _usual(request: Request, custodian: Custodian) -> str:
    """The unit to begin with: the only one, or the one this person chose last; else none."""
    ids = [u.unit_id for u in new_form.units_of(request.person, custodian)]
    last = request.session.get(_UNIT, "")
    return ids[0] if len(ids) == 1 else last if last in ids else ""


def _stop(request: Request) -> dict[str, Any]:
    """What the red words need."""
    return {"counsel": _custodian(request).counsel}


def _first(request: Request, troubles: Sequence[Trouble] = ()) -> HttpResponse:
    page = {
        **_limits(),
        **_stop(request),
        "troubles": troubles,
        "wrong": {trouble.field: trouble.text for trouble in troubles},
        "units": _units(request),
        "unit": request.POST.get("unit") or _usual(request, _custodian(request)),
        "channels": CHANNELS,
        "channel": request.POST.get("channel", ""),
        "together": request.POST.get("together", "yes"),
        "ways": list(new_form.WAYS),
    }
    return render(request, "console/new.html", page, status=WRONG if troubles else 200)


def _form(request: Request, typed: new_form.Typed, troubles: Sequence[Trouble] = ()) -> HttpResponse:
    shown = attrs.evolve(typed, errors={trouble.field: trouble.text for trouble in troubles})
    order = shown.order()
    rows = shown.rows()
    page = {
        **_limits(),
        **_stop(request),
        "typed": shown,
        "way": typed.way,
        "paperless": typed.way in new_form.PAPERLESS,
        "troubles": sorted(troubles, key=lambda t: order.index(t.field) if t.field in order else 0),
        "wrong": shown.errors,
        "when": shown.line("when", "when"),
        "opened": shown.value("opened"),
        "units": _units(request),
        "unit": shown.value("unit"),
        "sections": shown.sections(),
        "rows": rows[: new_form.SHOWN],
        "more_rows": rows[new_form.SHOWN :],
        "more_open": any(row.words.value or row.category.value for row in rows[new_form.SHOWN :]),
        "zone": _custodian(request).zone,
    }
    return render(request, "console/new_form.html", page, status=WRONG if troubles else 200)
