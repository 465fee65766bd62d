"""The way in, and the choice of a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from habeas.console.access import needs
from habeas.console.permissions import Permission, permissions_of

if TYPE_CHECKING:
    from habeas.console.access import Request

_YEAR = 365 * 24 * 60 * 60


@require_GET
@needs(Permission.DESK_READ)
def home(request: Request) -> HttpResponse:
    """To where this person works: the inbox, or for an administrator the quarantine."""
    may = permissions_of(request.person)
    return redirect("inbox" if Permission.CASE_LIST in may else "quarantine")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language chosen and go back to the page it was chosen on."""
    there = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure()):
        there = "/"
    response = HttpResponseRedirect(there)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=_YEAR,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
