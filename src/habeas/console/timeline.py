"""What happened to a case, in order: who, when, what, and where it stands in the ledger.

Promises that every step of the history is there, that people are named by the directory, and that a proof
is only given for what is signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from habeas.console.access import needs, open_case
from habeas.console.office import desk
from habeas.console.permissions import Permission
from habeas.console.release import means_word
from habeas.console.terms import term
from habeas.console.words import say
from habeas.domain.case import Confirmed, Decided
from habeas.domain.disclosure import Disclosure, Notice
from habeas.domain.facts import SPEC
from habeas.domain.vocabulary import EventKind
from habeas.kernel.errors import BadInput
from habeas.kernel.shape import from_json
from habeas.usecases.ports import Viewed
from habeas.usecases.prove import Holder, receipt

if TYPE_CHECKING:
    from datetime import datetime

    from habeas.console.access import Request
    from habeas.domain.case import Case
    from habeas.domain.events import Recorded

MACHINES: Final = frozenset({"machine", "mailbox", "cli", "worker", "file", ""})
"""Actors that are no people."""


@attrs.frozen
class Step:
    """One step. `index` is its number in the ledger; None while it waits to be signed."""

    seq: int
    what: str
    who: str
    at: datetime
    index: int | None
    details: tuple[str, ...] = ()


def steps(case: Case) -> tuple[Step, ...]:
    """The history of a case, oldest first."""
    ports = desk().ports
    return tuple(
        Step(
            recorded.seq,
            term("event", recorded.event.kind) if not recorded.event.row.repeat else say("case.event_repeat"),
            name_of(recorded.event.actor),
            recorded.event.at,
            ports.outbox.index_of(recorded.entry_id),
            tuple(_details(recorded)),
        )
        for recorded in ports.cases.history(case.case_id)
    )


def name_of(actor: str) -> str:
    """The name of a member of staff, or what the machine's part is called."""
    if actor in MACHINES:
        return say("case.machine")
    try:
        return desk().ports.directory.person(actor).name
    except BadInput:
        return actor  # somebody who has left the directory keeps their id


def last_actor(case: Case, kind: EventKind) -> str:
    """The name of whoever did something of a kind last; "" where nobody did."""
    history = desk().ports.cases.history(case.case_id)
    return next((name_of(r.event.actor) for r in reversed(history) if r.event.kind is kind), "")


def _details(recorded: Recorded) -> list[str]:
    event = recorded.event
    match event.kind:
        case EventKind.FACTS_CONFIRMED:
            return _confirmed(from_json(Confirmed, event.private, "facts.confirmed"))
        case EventKind.DETERMINATION_MADE | EventKind.ITEM_OVERRIDDEN:
            return _decided(from_json(Decided, event.private, "determination"))
        case EventKind.NOTICE_SENT:
            sent = from_json(Notice, event.private, "notice.sent")
            told = (term("letter", sent.kind), say(f"case.language.{sent.language}"), means_word(sent.means))
            return [" · ".join(told)]
        case EventKind.DISCLOSURE_MADE:
            left = from_json(Disclosure, event.private, "disclosure.made")
            return [say("case.step.left", fields=", ".join(left.fields), means=means_word(left.means))]
        case EventKind.OBJECTION_RECORDED:
            return [str(event.private["objection"])]
        case EventKind.CASE_SEALED | EventKind.CASE_UNSEALED:
            return [str(event.private.get("reason", ""))]
        case _:
            return []


def _confirmed(said: Confirmed) -> list[str]:
    if not said.corrected:
        return [say("case.step.as_read")]
    names = [c.rsplit(":", 1)[-1] for c in said.corrected]
    told = "; ".join(dict.fromkeys(term("fact", n) for n in names if n in SPEC))
    return [say("case.step.corrected", names=told)] + ([checks(said.note)] if said.note else [])


def checks(note: str) -> str:
    """How something was checked, with the way in words where it is one of our list."""
    how, _, rest = note.partition(": ")
    try:
        return f"{say(f'case.how.{how}')}: {rest}" if rest else note
    except KeyError:
        return note


def _decided(said: Decided) -> list[str]:
    one = said.determination
    told = [say("case.step.item", item=one.item_id, outcome=term("outcome_act", one.outcome))]
    reasons = (one.reason, one.override_reason)
    return told + [r for r in reasons if r]


@require_GET
@needs(Permission.PROOF_READ, personal=True)
def proof(request: Request, ref: str, n: int) -> HttpResponse:
    """The receipt of a step for the agency itself, as a file; a page that says so while it waits."""
    opened = open_case(request, ref, Viewed.EXPORT)
    here = desk()
    try:
        made: dict[str, Any] = receipt(
            here.ports, here.log, opened.case.case_id, n, Holder.CUSTODIAN, trust=here.trust
        )
    except BadInput as error:
        if error.problems[0].code != "ledger.entry.waiting":
            raise Http404 from error
        return render(request, "console/case_waiting.html", {"ref": ref, "n": n}, status=409)
    response = JsonResponse(made, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{ref}-{n}-proof.json"'
    return response
