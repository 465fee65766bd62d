"""What stands around every page: who is signed in, where they can go, in which language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from habeas.console.office import desk
from habeas.console.permissions import Permission, permissions_of
from habeas.console.words import language

if TYPE_CHECKING:
    from django.http import HttpRequest


@attrs.frozen
class Place:
    """One entry of the navigation: the address's name, the key of its words, the permission it asks for."""

    name: str
    key: str
    needs: Permission


PLACES = (
    Place("inbox", "frame.inbox", Permission.CASE_LIST),
    Place("new", "frame.new", Permission.REQUEST_CREATE),
    Place("quarantine", "frame.quarantine", Permission.QUARANTINE_READ),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of every page."""
    person = getattr(request, "person", None)
    may = permissions_of(person) if person else frozenset()
    match = request.resolver_match
    opened = desk()
    return {
        "person": person,
        "may": {str(p).replace(":", "_").replace("-", "_") for p in may},
        "places": [p for p in PLACES if p.needs in may],
        "here": match.url_name if match else "",
        "language": str(language()),
        "demo": opened.ports.demo,
        "halted": opened.halt.reason() is not None,
    }
