"""The log of a running installation: one JSON object a line, on standard error.

Promises that no personal data gets into it, by what it is able to write and not by care: lines have
only the keys of `KEYS`; a request is told by the *name* of its route, never by its path, query, body,
address or person; an error by its class, its code and where it happened, never by its text or values; and
of what libraries log, only who logged and how grave it is.
"""

from __future__ import annotations

import io
import logging
import secrets
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog

from habeas.kernel.errors import HabeasError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping
    from types import TracebackType

    from django.http import HttpRequest, HttpResponse

KEYS: Final = frozenset(
    {
        *("at", "level", "event", "process", "logger"),
        *("request_id", "route", "method", "status", "ms", "roles"),
        *("error", "code", "causes", "frames"),
        *("child", "pid", "exit_code", "in_a_row", "seconds", "host", "port", "line"),
    }
)
"""Everything that a line can tell."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""The methods that are named; another is "other", since a stranger can send any word."""

ID_HEADER: Final = "X-Request-ID"
"""Where an answer tells the id under which the log has its request."""

_PACKAGES: Final = ("site-packages", "src")
_MOST_FRAMES: Final = 25
_QUIET: Final = "django.request"

_ABOUT: Final = {"process": "habeas"}
"""What every line of this process says."""


def configure(process: str) -> None:
    """Make this process write its log so, and everything that libraries log, and what nobody catches."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            _only_known,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    _ABOUT["process"] = process
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    handler.addFilter(says_more)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


def tell(event: str, facts: Mapping[str, Any]) -> None:
    """One line about this process itself."""
    structlog.get_logger().info(event, **facts)


def tell_error(event: str, error: BaseException) -> None:
    """One line about an error that stops something."""
    structlog.get_logger().error(event, **error_facts(error))


class Said(io.TextIOBase):
    """A standard stream whose lines become lines of the log (`said`): for commands that print for people.

    What our own commands print beside their answers holds no personal data (`kernel.errors`).
    """

    def __init__(self) -> None:
        self._begun = ""

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Tell every line that is complete."""
        *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            if line.strip():
                tell("said", {"line": line})
        return len(text)


def error_facts(error: BaseException) -> dict[str, Any]:
    """What may be told of an error: classes, code, and the places it passed."""
    causes: list[str] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and len(causes) < _MOST_FRAMES:
        causes.append(_class_of(cause))
        cause = cause.__cause__ or cause.__context__
    return {
        "error": _class_of(error),
        "code": error.code if isinstance(error, HabeasError) else "",
        "causes": causes,
        "frames": [_place(f) for f in traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]],
    }


class Lines(logging.Formatter):
    """What libraries log, as lines of ours: who, how grave, and the error; never the text."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        facts: dict[str, Any] = {
            **structlog.contextvars.get_contextvars(),
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "event": "library",
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[1] is not None:
            facts |= error_facts(record.exc_info[1])
        return str(structlog.processors.JSONRenderer(sort_keys=True)(None, "", _only_known(None, "", facts)))


def says_more(record: logging.LogRecord) -> bool:
    """Whether what a library logs is not told by the line of its request already."""
    return record.name != _QUIET or record.levelno >= logging.ERROR


SERVER_LOGGING: Final[dict[str, Any]] = {
    "formatters": {"lines": {"()": "habeas.console.log.Lines"}},
    "handlers": {
        "lines": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}
    },
    "loggers": {
        "_granian": {"handlers": ["lines"], "level": "ERROR", "propagate": False},
        "granian.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
"""`logging.config.dictConfig` for the web server, whose own lines name paths and addresses."""


class Logged:
    """Middleware, the outermost: an id for every request, and one line when it is answered."""

    def __init__(self, handle: Callable[[HttpRequest], HttpResponse]) -> None:
        self._handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and tell."""
        request_id = secrets.token_hex(8)
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self._handle(request)
            response.headers[ID_HEADER] = request_id
            if request.resolver_match is not None or response.status_code >= _REFUSED:
                tell("request", _facts(request, response, time.perf_counter() - began))
        return response


_REFUSED: Final = 400


def _facts(request: HttpRequest, response: HttpResponse, seconds: float) -> dict[str, Any]:
    match = request.resolver_match
    person = getattr(request, "person", None)
    return {
        "route": "none" if match is None else match.view_name or "unnamed",
        "method": request.method if request.method in METHODS else "other",
        "status": response.status_code,
        "ms": round(seconds * 1000),
        "roles": [] if person is None else sorted(str(role) for role in person.roles),
    }


def _only_known(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The line without what has no key of `KEYS`: a value that nobody thought about is not written."""
    return {**_ABOUT, **{key: value for key, value in event.items() if key in KEYS}}


def _class_of(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _place(frame: traceback.FrameSummary) -> str:
    """`package/module.py:line in function`, without the folders of this machine."""
    parts = Path(frame.filename).parts
    for folder in _PACKAGES:
        if folder in parts:
            parts = parts[len(parts) - parts[::-1].index(folder) :]
            break
    else:
        parts = parts[-2:]
    return f"{'/'.join(parts)}:{frame.lineno} in {frame.name}"


def _uncaught(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    tell_error("uncaught", error)


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        tell_error("uncaught", args.exc_value)


def _unraisable(args: sys.UnraisableHookArgs) -> None:
    if args.exc_value is not None:
        tell_error("uncaught", args.exc_value)
