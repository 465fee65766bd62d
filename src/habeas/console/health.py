"""Two addresses for whoever watches the machine: is it alive, is it ready.

They need nobody signed in and tell closed words and counts only. `alive` touches nothing. `ready` answers
503 only where pages would fail: a worker that is silent or a ledger that is halted is told (`degraded`)
with 200, since a balancer that took the console away for it would keep clerks from taking requests in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from habeas.adapters.beats import Beat, Beats
from habeas.console.office import desk
from habeas.kernel.canonical import encode
from habeas.kernel.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from django.http import HttpRequest

SILENT_SECONDS: Final = {"worker": 30, "sequencer": 120}
"""Longer than a round takes; a sequencer's may wait for every witness in turn."""

STUCK_SECONDS: Final = 900
"""Longer than any job takes."""

COUNTED: Final = 1000
"""Waiting entries are counted so far and no farther."""


@require_safe
def alive(_: HttpRequest) -> HttpResponse:
    """200: this process answers."""
    return _answer({"status": "alive"}, 200)


@require_safe
def ready(_: HttpRequest) -> HttpResponse:
    """Whether pages can be served (200 or 503), and how the worker and the sequencer are."""
    from habeas.store import readiness  # noqa: PLC0415 - its models need Django set up

    trouble = readiness.trouble()
    if trouble:
        return _answer({"status": "unready", "databases": trouble}, 503)
    home = desk().environment.home
    try:
        waiting = readiness.waiting_entries(COUNTED)
    except BadInput as error:
        return _answer({"status": "unready", "databases": error.problems[0].code}, 503)
    told: dict[str, str | int] = {
        "databases": "current",
        "worker": worker(home),
        "sequencer": "halted" if desk().halt.reason() is not None else sequencer(home),
        "entries_waiting": waiting,
        "entries_counted_to": COUNTED,
    }
    well = told["worker"] in _WELL and told["sequencer"] in _WELL
    return _answer({"status": "ready" if well else "degraded", **told}, 200)


_WELL: Final = frozenset({Beat.WAITING, Beat.WORKING})


def worker(home: Path) -> str:
    """`waiting`, `working`, `silent` (it was not heard of), `stuck` (the job it is at should be over)."""
    return _state(home, "worker", STUCK_SECONDS)


def sequencer(home: Path) -> str:
    """`waiting`, `working`, `unheard` (too few witnesses answer), `silent`, `stuck`."""
    return _state(home, "sequencer", STUCK_SECONDS)


def _state(home: Path, name: str, stuck_seconds: int) -> str:
    last = Beats(home, name).last()
    if last is None:
        return "silent"
    word, age = last
    if word is Beat.WORKING:
        return str(word) if age < stuck_seconds else "stuck"
    return str(word) if age < SILENT_SECONDS[name] else "silent"


def _answer(document: Mapping[str, str | int], status: int) -> HttpResponse:
    return HttpResponse(encode(dict(document)), status=status, content_type="application/json")
