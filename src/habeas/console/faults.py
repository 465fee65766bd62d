"""The pages for what went wrong, in the look of all others: 400, 403, 404, 500."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from habeas.console.words import language, say

if TYPE_CHECKING:
    from django.http import HttpRequest

    from habeas.kernel.errors import BadInput


def told(error: BadInput) -> list[str]:
    """What to tell a person of bad input: message, place and remedy, a line each."""
    return [problem.line() for problem in error.problems]


def forbidden(request: HttpRequest, exception: object = None) -> HttpResponse:
    """403: signed in, but this is not theirs to do."""
    del exception
    return _fault(request, 403, "forbidden")


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that did not come from our page, or from one too old."""
    del reason  # it names tokens and hosts; nobody signed in can do anything with it
    return _fault(request, 403, "forged")


def missing(request: HttpRequest, exception: object = None) -> HttpResponse:
    """404: nothing here, or nothing that this person may see."""
    del exception
    return _fault(request, 404, "missing")


def malformed(request: HttpRequest, exception: object = None) -> HttpResponse:
    """400: what was sent cannot be read."""
    del exception
    return _fault(request, 400, "malformed")


def too_many(request: HttpRequest) -> HttpResponse:
    """429: too many tries of one kind from one place or on one account."""
    return _fault(request, 429, "too_many")


def broken(_: HttpRequest) -> HttpResponse:
    """500: our fault. Drawn without asking the home for anything, since that may be what failed."""
    page = get_template("console/broken.html")
    return HttpResponse(
        page.render({"title": say("faults.broken.title"), "language": str(language())}), status=500
    )


def _fault(request: HttpRequest, status: int, name: str) -> HttpResponse:
    return render(request, "console/fault.html", {"fault": name, "status": status}, status=status)
