"""Histories to write: cases from receipt to answer, from the examples of `vectors/events`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from habeas.domain.case import Received
from habeas.domain.vocabulary import EventKind as E
from habeas.kernel import canonical
from habeas.kernel.shape import to_json
from vectors.events.make import BLOB, example, request

if TYPE_CHECKING:
    from habeas.domain.events import Event

REFUSED = (E.REQUEST_RECEIVED, E.INSTRUMENT_READ, E.FACTS_CONFIRMED, E.DETERMINATION_MADE, E.NOTICE_SENT)
"""A usual way through."""


def event(kind: E, ref: str, **columns: Any) -> Event:
    """The example of a kind, of another request."""
    made = example(kind)
    return attrs.evolve(made, row=attrs.evolve(made.row, request_ref=ref, **columns))


def repeat(ref: str) -> Event:
    """The same message again."""
    private = to_json(Received("0192f000-0000-7000-8000-000000000002"))
    return attrs.evolve(event(E.REQUEST_RECEIVED, ref, repeat=True), private=private)


def opening(ref: str, message: str) -> Event:
    """A receipt whose message is given."""
    private = to_json(
        Received("0192f000-0000-7000-8000-000000000001", attrs.evolve(request(), message=message))
    )
    return attrs.evolve(event(E.REQUEST_RECEIVED, ref), private=private)


def on_paper(made: Event, blob: str) -> Event:
    """The event, about a paper that lies at this address."""
    private = canonical.encode(made.private).replace(BLOB.encode(), blob.encode())
    return attrs.evolve(made, private=canonical.decode(private))
