"""The console with two addresses more, where things go wrong with a name in their mouth."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from typing import TYPE_CHECKING

os.environ["DJANGO_SETTINGS_MODULE"] = "marked_settings"

import django

django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402 - the settings are named first
from django.http import HttpResponse  # noqa: E402 - the settings are named first
from django.urls import path  # noqa: E402 - the settings are named first

from habeas.console.urls import urlpatterns as _urlpatterns  # noqa: E402 - the settings are named first

if TYPE_CHECKING:
    from django.http import HttpRequest


def fails(request: HttpRequest, name: str) -> HttpResponse:
    """An error with everything that was sent in its text, its cause, its notes and its variables."""
    sent = f"{name} {request.path} {request.GET} {request.POST} {request.headers}"
    empty: dict[str, HttpResponse] = {}
    try:
        return empty[sent]
    except KeyError as error:
        raise ValueError(sent) from error


def chatters(request: HttpRequest, name: str) -> HttpResponse:
    """Libraries that log, warn, print and fail in threads with what was sent."""
    sent = f"{name} {request.path} {request.GET} {request.POST}"
    logging.getLogger("some.library").error("cannot read %s", sent)
    logging.getLogger("some.library").error(sent, exc_info=ValueError(sent))
    warnings.warn(sent, stacklevel=1)

    def fail() -> None:
        raise ValueError(sent)

    thread = threading.Thread(target=fail, name=sent)
    thread.start()
    thread.join()
    return HttpResponse("")


urlpatterns = [
    path("fails/<str:name>", fails, name="fails"),
    path("chatters/<str:name>", chatters, name="chatters"),
    *_urlpatterns,
]
application = WSGIHandler()
