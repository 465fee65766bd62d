"""The gate before every page: who asks, whether they may, and which case they may see.

Promises that a page of the console runs only for a person of the directory who is signed in, with the
permission it names; that somebody who may approve has a second factor; that a case which a person may
not see cannot be told from one that does not exist; and that opening personal data is preceded by a
recent sign-in and leaves a line in the log of views.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Final, cast

import attrs
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from habeas.console.office import desk
from habeas.console.permissions import Permission, permissions_of
from habeas.console.signing_in import needs_second_factor, owes_own_password, signed_in_recently
from habeas.kernel.errors import BadInput
from habeas.usecases.sight import sight_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Concatenate, ParamSpec

    from habeas.domain.case import Case
    from habeas.domain.request import Person
    from habeas.store.projection import CaseLine
    from habeas.usecases.ports import Viewed
    from habeas.usecases.sight import Sight

    P = ParamSpec("P")
    Page = Callable[Concatenate["Request", P], HttpResponse]

NEEDS: Final = "habeas_needs"
"""The attribute of a view that names its permission; the test of all addresses reads it."""

PUBLIC: Final = frozenset({"health.alive", "health.ready", "language"})
"""Addresses that need nobody signed in, by name; the accounts' own pages (`account_…`, `mfa_…`) besides."""


class Request(HttpRequest):
    """A request of somebody known: what a page gets once the gate let it through."""

    person: Person
    sight: Sight


def needs(permission: Permission, *, personal: bool = False) -> Callable[[Page[P]], Page[P]]:
    """Let a page run only for people with a permission; with `personal`, only after a recent sign-in."""

    def guard(page: Page[P]) -> Page[P]:
        @wraps(page)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            turned_away = _turned_away(request, permission, personal=personal)
            if turned_away is not None:
                return turned_away
            return page(cast("Request", request), *args, **kwargs)

        setattr(guarded, NEEDS, permission)
        return cast("Page[P]", guarded)

    return guard


def _turned_away(request: HttpRequest, permission: Permission, *, personal: bool) -> HttpResponse | None:
    person: Person | None = getattr(request, "person", None)
    if person is None:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    if owes_own_password(request):
        return redirect("account_change_password")
    if needs_second_factor(request, person):
        return redirect("mfa_index")
    if permission not in permissions_of(person):
        from habeas.console.faults import forbidden  # noqa: PLC0415 - it draws with the frame, which asks here

        return forbidden(request)
    if personal and not signed_in_recently(request):
        return redirect(f"{resolve_url('account_reauthenticate')}?{urlencode({'next': _back(request)})}")
    return None


def _back(request: HttpRequest) -> str:
    """Where to go after signing in again: a form's own page, not the form's answer."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return (request.headers.get("Referer") and _own_path(request)) or resolve_url("home")


def _own_path(request: HttpRequest) -> str:
    """The path of the page that a form stood on; "" where it stood elsewhere."""
    from urllib.parse import urlsplit  # noqa: PLC0415 - only after a form was turned away

    where = urlsplit(request.headers["Referer"])
    return where.path if where.netloc == request.get_host() else ""


@attrs.frozen
class Opened:
    """A case that a person may see: its line, and the whole of it."""

    line: CaseLine
    case: Case


def line_of(request: Request, ref: str) -> CaseLine:
    """The line of a case that this person may see; for any other, and for none, the same `Http404`."""
    from habeas.store import read  # noqa: PLC0415 - its models need Django set up

    try:
        return read.case_of(request.sight, ref)
    except BadInput as error:
        raise Http404 from error


def open_case(request: Request, ref: str, what: Viewed) -> Opened:
    """A case with its personal data, and a line in the log of views that says `what` was shown of it."""
    line = line_of(request, ref)
    ports = desk().ports
    case = ports.cases.load(line.case_id)
    ports.views.note(person=request.person.person_id, case_id=line.case_id, what=what, at=ports.clock.now())
    return Opened(line, case)


def person_of(request: HttpRequest) -> tuple[Person, Sight] | None:
    """The person of the directory who is signed in, with what they may see; None for anybody else."""
    user: Any = request.user
    if not user.is_authenticated:
        return None
    try:
        person = desk().ports.directory.person(user.get_username())
    except BadInput:
        return None
    return person, sight_of(person)
