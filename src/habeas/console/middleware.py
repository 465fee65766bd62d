"""What happens to every request before and after its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.auth import logout
from django.utils import translation

from habeas.console.access import person_of
from habeas.console.client import is_proxy
from habeas.console.office import desk
from habeas.console.signing_in import is_over

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    Handle = Callable[[HttpRequest], HttpResponse]

_RULES: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "manifest-src 'self'",
)
POLICY: Final = "; ".join(_RULES)
"""Nothing from elsewhere, nothing inline."""

_STATIC: Final = "/static/"
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def strict_headers(handle: Handle) -> Handle:
    """The headers that bind the browser; and no page with somebody's data stays in a cache."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = handle(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(_STATIC):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return answer


def believed_proxy(handle: Handle) -> Handle:
    """`X-Forwarded-Proto` is our proxy's word or nobody's: from any other peer it is thrown away."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not is_proxy(request.META.get("REMOTE_ADDR", ""), desk().environment.serve.proxies):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return handle(request)

    return answer


def chosen_language(handle: Handle) -> Handle:
    """The language a person chose (a cookie), else the browser's, else English."""

    def answer(request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language  # Django's own name for it
            response = handle(request)
        response.headers.setdefault("Content-Language", language)
        response.headers["Vary"] = ", ".join(filter(None, (response.headers.get("Vary"), "Accept-Language")))
        return response

    return answer


def known_person(handle: Handle) -> Handle:
    """`request.person` and `request.sight` for whoever is signed in and in the directory.

    An account whose person has left the directory is signed out: the directory is the only word on who
    works here and as what. A session that began longer ago than a working day has ended.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        known = None if is_over(request) else person_of(request)
        if known is not None:
            request.person, request.sight = known  # type: ignore[attr-defined] # `access.Request` has them
        elif request.user.is_authenticated:
            logout(request)
        return handle(request)

    return answer
