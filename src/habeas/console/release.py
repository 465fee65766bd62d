"""Releasing: the second person's yes or no, and the account of what was handed over.

Promises that whoever decided a release is told that somebody else must approve it, before they try; that a
yes comes from somebody who signed in within the last minutes; that a release which the law of today no
longer carries is shown as such and offered to be stopped only; and that no record ever reaches the server:
the browser computes the digest of the file, and only that is sent. `context` serves the case page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
from django.contrib import messages
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from habeas.console.access import needs, open_case
from habeas.console.acting import (
    CONFLICT,
    Refusal,
    Trouble,
    attempt,
    may,
    page_title,
    redirect_after,
    refused,
    sentence,
    typed,
    version_seen,
)
from habeas.console.decide import (
    Standing,
    category,
    hand_to_counsel,
    rule_sentences,
    second_persons,
    standing,
)
from habeas.console.faults import forbidden
from habeas.console.lines import name_of
from habeas.console.office import desk
from habeas.console.permissions import Permission
from habeas.console.signing_in import signed_in_just_now
from habeas.console.terms import term
from habeas.console.words import language, say, words
from habeas.domain.vocabulary import CaseState
from habeas.kernel.errors import BadInput
from habeas.usecases.determine import check_still
from habeas.usecases.disclose import authorize, record_disclosure, released, stop
from habeas.usecases.ports import Viewed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest, HttpResponse

    from habeas.console.access import Opened, Request
    from habeas.domain.case import Case, Decided
    from habeas.domain.disclosure import Disclosure
    from habeas.kernel.errors import Problem

MEANS: Final = ("encrypted e-mail", "portal", "by hand", "mail", "fax", "e-mail")
"""The ways in which something goes out, as they are recorded; their words are `letters.means`."""


@attrs.frozen
class Going:
    """One item that is to leave: who decided it, why, what the rules say."""

    number: int
    item_id: str
    label: str
    asked: str
    says: str
    cites: tuple[str, ...]
    decided: Standing
    fields: str = ""
    troubles: tuple[str, ...] = ()


@attrs.frozen
class Left:
    """What was handed over: field names and the file's digest, never the records."""

    fields: tuple[str, ...]
    sha256: str
    means: str
    recipient: str


@attrs.frozen
class Panel:
    """A release as it stands for one person. `stage`: `waiting` for the second yes, `approved`, or `left`."""

    ref: str
    version: int
    stage: str
    parts: tuple[Going, ...]
    paper: str
    issued: str
    recipient: str
    own: bool
    changed: tuple[str, ...]
    others: tuple[str, ...]
    approvals: tuple[str, ...]
    left: tuple[Left, ...]
    may_approve: bool
    may_stop: bool
    may_record: bool
    signed_in: bool
    reason: str = ""
    sha256: str = ""
    means: str = ""
    refusal: Refusal | None = None

    @property
    def reason_troubles(self) -> tuple[str, ...]:
        """What to say at the reason of a stop."""
        return self.refusal.at("stop-reason") if self.refusal else ()

    @property
    def digest_troubles(self) -> tuple[str, ...]:
        """What to say at the digest."""
        return self.refusal.at("sha256") if self.refusal else ()

    @property
    def means_troubles(self) -> tuple[str, ...]:
        """What to say at the means."""
        return self.refusal.at("means") if self.refusal else ()

    @property
    def all_means(self) -> tuple[tuple[str, str], ...]:
        """The ways to hand something over, with their words."""
        return tuple((one, means_word(one)) for one in MEANS)


def context(request: Request, opened: Opened) -> dict[str, Any]:
    """`release` for `_release.html`: None where nothing is to leave, or for whoever has no part in it."""
    return {"release": panel(request, opened.case)}


def panel(request: Request, case: Case, refusal: Refusal | None = None) -> Panel | None:
    """The release as it stands for this person."""
    approves = may(request.person, case, Permission.RELEASE_APPROVE)
    records = may(request.person, case, Permission.RELEASE_RECORD)
    items = released(case)
    if not items or not (approves or records):
        return None
    firsts = tuple(d for i in items if (d := case.decision(i)) is not None)
    given = case.authorized
    stage = "waiting" if given is None else "left" if case.left else "approved"
    own = any(d.person == request.person.person_id for d in firsts)
    changed = _changed(case, firsts) if stage == "waiting" else ()
    paper = case.instrument
    requester = case.read.requester if case.read else case.request.requester
    open_ = case.state is not CaseState.CLOSED
    return Panel(
        ref=case.request_ref,
        version=case.version,
        stage=stage,
        parts=tuple(_going(request, case, firsts, refusal)),
        paper=term("paper", paper.kind) if paper else "",
        issued=term("authority", paper.authority) if paper else "",
        recipient=requester.officer.name or requester.organisation_name,
        own=own,
        changed=changed,
        others=second_persons(case),
        approvals=tuple(dict.fromkeys(name_of(a.person) for a in given.approvals)) if given else (),
        left=tuple(_left(x) for x in case.disclosures if given and x.approvals == given.approvals),
        may_approve=approves and stage == "waiting" and not own and not changed,
        may_stop=approves and stage in ("waiting", "approved"),
        may_record=records and stage in ("approved", "left") and open_,
        signed_in=signed_in_just_now(request),
        reason=typed(request, "reason"),
        sha256=typed(request, "sha256", 200),
        means=request.POST.get("means", ""),
        refusal=refusal,
    )


def _changed(case: Case, firsts: tuple[Decided, ...]) -> tuple[str, ...]:
    """Why this cannot be approved as it was decided: the law or the paper is another by now."""
    try:
        check_still(desk().ports, case, firsts)
    except BadInput as error:
        return tuple(sentence(p) for p in error.problems)
    return ()


def _going(
    request: HttpRequest, case: Case, firsts: tuple[Decided, ...], refusal: Refusal | None
) -> Iterator[Going]:
    by_item = {d.determination.item_id: d for d in firsts}
    says = rule_sentences(case, firsts[0].evaluation)
    for number, item in enumerate(case.items, start=1):
        decided = by_item.get(item.item_id)
        shown = standing(decided)
        if decided is None or shown is None:
            continue
        found = decided.evaluation.item(item.item_id)
        name = f"fields-{item.item_id}"
        yield Going(
            number=number,
            item_id=item.item_id,
            label=category(item),
            asked=item.description,
            says=says[item.item_id],
            cites=tuple(rule.cite for rule in found.rules),
            decided=shown,
            fields=typed(request, name),
            troubles=refusal.at(name) if refusal else (),
        )


def _left(disclosure: Disclosure) -> Left:
    return Left(disclosure.fields, disclosure.sha256, means_word(disclosure.means), disclosure.recipient)


def means_word(means: str) -> str:
    """How a way of sending is said; one that was typed elsewhere is its own word."""
    return str(words("letters", language())["means"].get(means, means))


# ----------------------------------------------------------------------------------------- the page


@require_GET
@needs(Permission.RELEASE_RECORD, personal=True)
def page(request: Request, ref: str) -> HttpResponse:
    """The release by itself."""
    case = open_case(request, ref, Viewed.CASE).case
    if not may(request.person, case, Permission.RELEASE_RECORD):
        return forbidden(request)
    return _page(request, case, None)


@require_POST
@needs(Permission.RELEASE_APPROVE, personal=True)
def approve(request: Request, ref: str) -> HttpResponse:
    """The second yes, from somebody who has just shown who they are."""
    case = open_case(request, ref, Viewed.CASE).case
    if not signed_in_just_now(request):
        again = urlencode({"next": reverse("release", kwargs={"ref": ref})})
        messages.info(request, say("release.sign_in_again"))
        return redirect(f"{resolve_url('account_reauthenticate')}?{again}")

    def act() -> None:
        authorize(desk().ports, case.case_id, request.person, expected_version=version_seen(request))

    return _after(request, case, attempt(act, lambda _: ""), "release.done_approved")


@require_POST
@needs(Permission.RELEASE_APPROVE, personal=True)
def halt(request: Request, ref: str) -> HttpResponse:
    """A no: what was to leave goes to counsel."""
    case = open_case(request, ref, Viewed.CASE).case
    reason, seen = typed(request, "reason"), version_seen(request)

    def act() -> None:
        stop(desk().ports, case.case_id, request.person, reason, expected_version=seen)

    refusal = attempt(act, _field)
    if refusal is None:
        hand_to_counsel(request.person, desk().ports.cases.load(case.case_id))
    return _after(request, case, refusal, "release.done_stopped")


@require_POST
@needs(Permission.RELEASE_RECORD, personal=True)
def handed_over(request: Request, ref: str) -> HttpResponse:
    """Write down what left."""
    case = open_case(request, ref, Viewed.CASE).case
    items = case.authorized.items if case.authorized else ()
    by_item = {i: _lines(typed(request, f"fields-{i}")) for i in items}
    means = request.POST.get("means", "")
    fields = tuple(
        f"{i}: {name}" if len(items) > 1 else name for i, names in by_item.items() for name in names
    )

    def act() -> None:
        record_disclosure(
            desk().ports,
            case.case_id,
            request.person,
            fields=fields,
            sha256=typed(request, "sha256", 200).lower(),
            means=means if means in MEANS else "",
            expected_version=version_seen(request),
        )

    nothing_said = (Trouble(f"fields-{i}", say("release.no_fields")) for i in items if not by_item[i])
    refusal = refused(nothing_said) if version_seen(request) == case.version else None
    field = _field_of(items)
    return _after(request, case, refusal or attempt(act, field), "release.done_handed_over", letter=True)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _field(problem: Problem) -> str:
    return "stop-reason" if problem.place == "reason" else ""


def _field_of(items: tuple[str, ...]) -> Callable[[Problem], str]:
    """The field that a problem of `record_disclosure` is about."""
    places = {"sha256": "sha256", "means": "means", "fields": f"fields-{items[0]}" if items else ""}
    return lambda problem: places.get(problem.place, "")


def _after(
    request: Request, case: Case, refusal: Refusal | None, done: str, *, letter: bool = False
) -> HttpResponse:
    """The page again with what was refused, or on to what comes next."""
    if refusal is not None:
        now = desk().ports.cases.load(case.case_id) if refusal.status == CONFLICT else case
        return _page(request, now, refusal)
    messages.success(request, say(done))
    if letter:
        where = reverse("letter", kwargs={"ref": case.request_ref})
        return redirect_after(f"{where}?{urlencode({'kind': 'answer', 'language': str(language())})}")
    return redirect_after(reverse("case", kwargs={"ref": case.request_ref}))


def _page(request: Request, case: Case, refusal: Refusal | None) -> HttpResponse:
    shown = panel(request, case, refusal)
    return render(
        request,
        "console/release.html",
        {
            "release": shown,
            "refusal": refusal,
            "ref": case.request_ref,
            "title": page_title(say("release.title"), refusal),
        },
        status=refusal.status if refusal else 200,
    )
