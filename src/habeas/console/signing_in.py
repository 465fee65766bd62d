"""What a session has shown of who sits there: how long ago, and with which factors (django-allauth keeps it).

Roles are never kept in a session: `known_person` reads them from the directory at every request, so that
somebody who became an approver is asked for a second factor at their next page, and somebody who is one
no longer may approve nothing from that moment; no session need end for it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from allauth.account.internal.flows.login import get_authentication_records

from habeas.domain.vocabulary import Role

if TYPE_CHECKING:
    from django.http import HttpRequest

    from habeas.domain.request import Person

RECENT_SECONDS: Final = 60 * 60
"""How long a sign-in is good for opening personal data: asked about eight times a working day."""

JUST_NOW_SECONDS: Final = 5 * 60
"""How long a sign-in is good for approving a release."""

DAY_SECONDS: Final = 12 * 60 * 60
"""How long a session lasts, from its first step, however much it is used."""

FACTOR_ROLES: Final = frozenset({Role.APPROVER, Role.COUNSEL, Role.ADMINISTRATOR})
"""The roles that nobody fills with a password alone."""

OWN_PASSWORD_DUE: Final = "habeas_own_password_due"  # noqa: S105 - a key's name
"""Session key: they signed in with a one-time password and must choose one of their own."""

SECOND_FACTOR: Final = "mfa"
"""The method under which a second factor stands in a session's record."""


def signed_in_recently(request: HttpRequest) -> bool:
    """Whether this session showed who it is within the time that opening personal data asks for."""
    return _seconds_since(request) < RECENT_SECONDS


def signed_in_just_now(request: HttpRequest) -> bool:
    """Whether this session showed who it is within the time that approving a release asks for."""
    return _seconds_since(request) < JUST_NOW_SECONDS


def is_over(request: HttpRequest) -> bool:
    """Whether this session began longer ago than a session may last."""
    steps = _steps(request)
    return bool(steps) and time.time() - float(steps[0]["at"]) >= DAY_SECONDS


def needs_second_factor(request: HttpRequest, person: Person) -> bool:
    """Whether this person's roles ask for a second factor and this session has shown none.

    A factor that was set up from another session does not count here: this one must show it too.
    """
    return bool(FACTOR_ROLES & set(person.roles)) and not showed_second_factor(request)


def showed_second_factor(request: HttpRequest) -> bool:
    """Whether this session has shown a second factor."""
    return any(step["method"] == SECOND_FACTOR for step in _steps(request))


def owes_own_password(request: HttpRequest) -> bool:
    """Whether this session began with a one-time password that was not replaced yet."""
    return bool(request.session.get(OWN_PASSWORD_DUE))


def _seconds_since(request: HttpRequest) -> float:
    steps = _steps(request)
    return time.time() - float(steps[-1]["at"]) if steps else float("inf")


def _steps(request: HttpRequest) -> list[dict[str, Any]]:
    """How this session showed who it is, oldest first; nothing for somebody not signed in."""
    if not request.user.is_authenticated:
        return []
    return list(get_authentication_records(request, request.user))
