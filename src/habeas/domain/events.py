"""What happened, as a versioned record, and how old records are read by newer code.

An `Event` is the only thing that changes a case. Its `row` is the reporting row, its `facts` the policy
facts (never identity or free text), its `private` part everything else; the ledger commits to the
three apart. An event written today stays readable for ever: `upcast` carries any past version to the
present one, and `vectors/events/` keeps an example of each version of each kind.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain.reporting_row import ReportingRow
from habeas.domain.vocabulary import EventKind
from habeas.kernel.clock import write_instant
from habeas.kernel.errors import bad
from habeas.kernel.shape import from_json, to_full_json

if TYPE_CHECKING:
    from collections.abc import Callable

    Json = Any

VERSIONS: Final[dict[EventKind, int]] = dict.fromkeys(EventKind, 1)
"""The present version of each kind."""

UPCASTERS: Final[dict[tuple[EventKind, int], Callable[[Any], Any]]] = {}
"""(kind, from version) → function that rewrites the payload to the next version."""


@attrs.frozen
class Event:
    """One thing that happened to a case, before it has a place in the history.

    `actor` is the person's or machine part's id (staff, not a subject).
    """

    kind: EventKind
    at: datetime
    actor: str
    row: ReportingRow
    facts: Any = attrs.field(factory=dict)
    private: Any = attrs.field(factory=dict)


@attrs.frozen
class Recorded:
    """An event in its place: `seq` counts from 1 within the case; `entry_id` names its ledger entry."""

    case_id: str
    seq: int
    entry_id: str
    event: Event


def payload(event: Event) -> Json:
    """The stored form: `{kind, version, at, actor, row, facts, private}`."""
    return {
        "kind": str(event.kind),
        "version": VERSIONS[event.kind],
        "at": write_instant(event.at),
        "actor": event.actor,
        "row": row_json(event.row),
        "facts": event.facts,
        "private": event.private,
    }


def row_json(row: ReportingRow) -> Json:
    """The reporting row with every column written out, defaults too: what `stat` commits to."""
    return to_full_json(row)


def read_row(data: Json, place: str = "stat") -> ReportingRow:
    """The reporting row of a JSON object, or `BadInput`."""
    return from_json(ReportingRow, data, place)


def upcast(data: Json, place: str = "event") -> Event:
    """A stored payload of any past version → the present `Event`; an unknown kind or version is refused."""
    try:
        kind, version = EventKind(data["kind"]), int(data["version"])
    except (KeyError, TypeError, ValueError):
        raise bad("events.event.malformed", place) from None
    while version < VERSIONS[kind]:
        step = UPCASTERS.get((kind, version))
        if step is None:
            raise bad("events.version.unreadable", place, kind=kind, version=version)
        data, version = step(data), version + 1
    if version > VERSIONS[kind]:
        raise bad("events.version.unreadable", place, kind=kind, version=version)
    plain = {name: data[name] for name in ("kind", "at", "actor", "row") if name in data}
    event = from_json(Event, plain, place)
    return attrs.evolve(event, facts=data.get("facts", {}), private=data.get("private", {}))
