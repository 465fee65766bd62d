"""Letters: looked at first, in English or Spanish, then marked sent, with how and when.

Promises that what is sent is what was looked at: the form carries the digest of the letter on the screen,
and a letter that would be another by now is shown anew instead (409). A letter kept as sent is shown only
to whoever may read the case's papers, and showing it is written down. `context` serves the case page.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import attrs
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from habeas.console.access import needs, open_case
from habeas.console.acting import (
    CONFLICT,
    REFUSED,
    Refusal,
    Trouble,
    attempt,
    may,
    page_title,
    redirect_after,
    refusal,
    refused,
    version_seen,
)
from habeas.console.faults import forbidden
from habeas.console.lines import name_of
from habeas.console.office import desk
from habeas.console.permissions import Permission, permissions_of
from habeas.console.release import MEANS, means_word
from habeas.console.terms import term
from habeas.console.words import language, say
from habeas.domain.disclosure import Notice
from habeas.domain.vocabulary import EventKind, Language, LetterKind
from habeas.kernel.errors import BadInput
from habeas.kernel.shape import from_json
from habeas.usecases.answer import QUESTIONS, check_ready, draft, send
from habeas.usecases.ports import Viewed

if TYPE_CHECKING:
    from django.http import HttpRequest

    from habeas.console.access import Opened, Request
    from habeas.domain.case import Case
    from habeas.kernel.errors import Problem
    from habeas.usecases.answer import Draft

KINDS: Final[dict[str, LetterKind | None]] = {
    "answer": None,
    "missing": LetterKind.MISSING,
    "holding": LetterKind.HOLDING,
}
"""What can be asked for by name: the answer the case calls for, or one of the letters that decide nothing."""


@attrs.frozen
class Sent:
    """A letter as it was sent."""

    number: int
    kind: str
    language: str
    means: str
    sent_at: datetime | None
    by: str
    recipient: str
    sha256: str
    kept: bool


@attrs.frozen
class Offer:
    """A letter that the case calls for now, or why it does not."""

    kind: str
    label: str
    why_not: tuple[str, ...]


@attrs.frozen
class Panel:
    """The letters of a case: those sent, and those that could go out."""

    ref: str
    zone: str
    language: str
    sent: tuple[Sent, ...]
    offers: tuple[Offer, ...]


@attrs.frozen
class Typed:
    """What was said about the sending."""

    means: str = ""
    when: str = "now"
    day: str = ""
    time: str = ""


def context(request: Request, opened: Opened) -> dict[str, Any]:
    """`letters` for `_letters.html`: None for whoever may not read letters."""
    return {"letters": panel(request, opened.case)}


def panel(request: Request, case: Case) -> Panel | None:
    """The letters as this person sees them; only whoever works on the case is offered to send any."""
    sends = may(request.person, case, Permission.LETTER_SEND)
    if not sends and Permission.PAPER_READ not in permissions_of(request.person):
        return None
    sent = _sent(case)
    if not sent and not sends:
        return None
    return Panel(
        ref=case.request_ref,
        zone=_zone(case),
        language=str(language()),
        sent=sent,
        offers=tuple(_offer(case, kind) for kind in KINDS) if sends else (),
    )


def _sent(case: Case) -> tuple[Sent, ...]:
    history = desk().ports.cases.history(case.case_id)
    events = [r.event for r in history if r.event.kind is EventKind.NOTICE_SENT]
    found = []
    for number, event in enumerate(events, start=1):
        notice = from_json(Notice, event.private, "notice.sent")
        found.append(
            Sent(
                number=number,
                kind=term("letter", notice.kind),
                language=say(f"letters.in.{notice.language}"),
                means=means_word(notice.means),
                sent_at=notice.sent_at,
                by=name_of(event.actor),
                recipient=notice.recipient,
                sha256=notice.sha256,
                kept=bool(notice.blob),
            )
        )
    return tuple(found)


def _offer(case: Case, kind: str) -> Offer:
    try:
        check_ready(desk().ports, case, KINDS[kind])
    except BadInput as error:
        return Offer(kind, say(f"letters.kind.{kind}"), refusal(error, _field).at("send"))
    return Offer(kind, say(f"letters.kind.{kind}"), ())


def _zone(case: Case) -> str:
    return desk().ports.directory.custodian(case.custodian).zone


# ---------------------------------------------------------------------------------------- the pages


@require_http_methods(["GET", "POST"])
@needs(Permission.LETTER_SEND, personal=True)
def page(request: Request, ref: str) -> HttpResponse:
    """A letter as it would go out, and the form that marks it sent."""
    case = open_case(request, ref, Viewed.CASE).case
    if not may(request.person, case, Permission.LETTER_SEND):
        return forbidden(request)
    if request.method == "GET":
        return _page(request, case, Typed(when="now"), None)
    said = Typed(
        request.POST.get("means", ""),
        request.POST.get("when", "now"),
        request.POST.get("day", "")[:10],
        request.POST.get("time", "")[:8],
    )
    sent_at, unread = _instant(said, _zone(case))

    def act() -> None:
        send(
            desk().ports,
            case.case_id,
            request.person,
            _language(request),
            means=said.means if said.means in MEANS else "",
            kind=_kind(request),
            sent_at=sent_at,
            looked_at=request.POST.get("looked_at", "") or "none",
            expected_version=version_seen(request),
        )

    found = refused(unread) or attempt(act, _field)
    if found is not None:
        now = desk().ports.cases.load(case.case_id) if found.status == CONFLICT else case
        return _page(request, now, said, found, at=sent_at)
    messages.success(request, say("letters.done"))
    return redirect_after(reverse("case", kwargs={"ref": ref}))


@require_GET
@needs(Permission.LETTER_SEND, personal=True)
def preview(request: Request, ref: str) -> HttpResponse:
    """The letter on the screen as the PDF that would go out."""
    case = open_case(request, ref, Viewed.LETTER).case
    if not may(request.person, case, Permission.LETTER_SEND):
        return forbidden(request)
    at, unread = _instant(Typed("", "earlier", request.GET.get("day", ""), "12:00"), _zone(case))
    try:
        check_ready(desk().ports, case, _kind(request))
        made = draft(
            desk().ports, case.case_id, _language(request), _kind(request), at=None if unread else at
        )
    except BadInput as error:
        raise Http404 from error
    return _pdf(made.pdf, f"letter-{ref}.pdf")


@require_GET
@needs(Permission.PAPER_READ, personal=True)
def kept(request: Request, ref: str, number: int) -> HttpResponse:
    """A letter as it was sent."""
    case = open_case(request, ref, Viewed.LETTER).case
    if not 1 <= number <= len(case.notices) or not case.notices[number - 1].blob:
        raise Http404
    pdf = desk().ports.blobs.get(case.notices[number - 1].blob, case.case_id)
    return _pdf(pdf, f"letter-{ref}-{number}.pdf")


def _pdf(pdf: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _page(
    request: Request, case: Case, said: Typed, found: Refusal | None, at: datetime | None = None
) -> HttpResponse:
    """The letter as it now is; where there is none to show, why."""
    made, why = _made(request, case, at)
    spoken = _language(request)
    title = page_title(say("letters.title"), found)
    status = found.status if found else why.status if why else 200
    return render(
        request,
        "console/letter.html",
        {
            "ref": case.request_ref,
            "version": case.version,
            "title": title,
            "letter": made.letter if made else None,
            "sha256": made.sha256 if made else "",
            "kind": _kind_name(request),
            "spoken": str(spoken),
            "languages": [(str(one), say(f"letters.in.{one}")) for one in Language],
            "refusal": found or why,
            "typed": said,
            "means": [(one, means_word(one)) for one in MEANS],
            "means_troubles": found.at("means") if found else (),
            "when_troubles": found.at("day") if found else (),
            "day": made.letter.dated_on.isoformat() if made else "",
            "closes": _kind(request) not in QUESTIONS,
            "zone": _zone(case).replace("_", " "),
        },
        status=status,
    )


def _made(request: Request, case: Case, at: datetime | None) -> tuple[Draft | None, Refusal | None]:
    """The letter now, or why there is none."""
    ports = desk().ports
    try:
        check_ready(ports, case, _kind(request))
        past = at if at is not None and at <= ports.clock.now() else None
        return draft(ports, case.case_id, _language(request), _kind(request), at=past), None
    except BadInput as error:
        return None, attrs.evolve(refusal(error, lambda _: ""), status=REFUSED)


def _kind_name(request: HttpRequest) -> str:
    name = _asked(request, "kind")
    return name if name in KINDS else "answer"


def _kind(request: HttpRequest) -> LetterKind | None:
    return KINDS[_kind_name(request)]


def _language(request: HttpRequest) -> Language:
    asked = _asked(request, "language")
    return Language(asked) if asked in set(Language) else Language.EN


def _asked(request: HttpRequest, name: str) -> str:
    return (request.POST if request.method == "POST" else request.GET).get(name, "")


def _instant(said: Typed, zone: str) -> tuple[datetime | None, tuple[Trouble, ...]]:
    """When it went out, from a day and a time in the agency's zone; None for now."""
    if said.when != "earlier":
        return None, ()
    try:
        local = datetime.fromisoformat(f"{said.day}T{said.time}")
    except ValueError:
        return None, (Trouble("day", say("letters.when_unread")),)
    return local.replace(tzinfo=ZoneInfo(zone)), ()


def _field(problem: Problem) -> str:
    """The field that a problem of `send` is about."""
    return {"means": "means", "sent_at": "day", "case": "send", "letter": ""}.get(problem.place, "")
