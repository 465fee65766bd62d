"""Between the web server and the console: a request's turn comes when the whole of it has arrived.

On SQLite one page is made at a time, so whoever sends slowly, on purpose or on a bad line, would stop
everybody if they were read in their turn. Promises that the application runs in as many threads as there
are turns and in no others (each keeps its own connections to the databases), that it sees only requests
that arrived whole, and that what is held in memory at once has a limit. Bodies are never on a disk: they
are papers.
"""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Protocol

from habeas.console import log
from habeas.intake.limits import LIMIT_BYTES, MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Environ = dict[str, Any]
    Start = Callable[[str, list[tuple[str, str]]], Any]
    Application = Callable[[Environ, Start], Iterable[bytes]]

MOST_BYTES: Final = LIMIT_BYTES + 14 * MEGABYTE
"""The longest body that is read: longer than intake takes, so that the page can say what is too long."""

ALL_BYTES: Final = 4 * MOST_BYTES
"""How much is held of all bodies together."""

_CHUNK: Final = 64 * 1024


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Refused(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Turns:
    """A WSGI application that lets another answer `at_a_time` requests at once, each wholly read before."""

    def __init__(
        self, application: Application, at_a_time: int, most: int = MOST_BYTES, together: int = ALL_BYTES
    ) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(at_a_time, thread_name_prefix="page")
        self._most = most
        self._together = together
        self._held = 0
        self._lock = Lock()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Read, wait for the turn, answer. 400: cut short; 413: too long; 503: too much at once."""
        body = io.BytesIO()
        try:
            self._read(environ, body)
        except BaseException as error:
            self._hold(-body.tell())
            if isinstance(error, _Refused):
                return _refuse(error.status, start)
            raise
        size = body.tell()
        body.seek(0)
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = body, str(size)
        try:
            return self._threads.submit(self._answer, environ, start).result()
        finally:
            self._hold(-size)

    def _read(self, environ: Environ, body: io.BytesIO) -> None:
        source: _Source = environ["wsgi.input"]
        while chunk := source.read(_CHUNK):
            if body.tell() + len(chunk) > self._most:
                raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            self._hold(len(chunk))
            body.write(chunk)
        if body.tell() != int(environ.get("CONTENT_LENGTH") or body.tell()):
            raise _Refused(HTTPStatus.BAD_REQUEST)

    def _hold(self, size: int) -> None:
        with self._lock:
            if size > 0 and self._held + size > self._together:
                raise _Refused(HTTPStatus.SERVICE_UNAVAILABLE)
            self._held += size

    def _answer(self, environ: Environ, start: Start) -> list[bytes]:
        """The whole answer, so that nobody who reads slowly holds a turn either."""
        answer = self._application(environ, start)
        try:
            return [b"".join(answer)]
        finally:
            if hasattr(answer, "close"):
                answer.close()


def _refuse(status: HTTPStatus, start: Start) -> list[bytes]:
    log.tell("refused", {"status": int(status)})
    words = f"{status} {status.phrase}"
    start(words, [("content-type", "text/plain"), ("connection", "close"), ("retry-after", "10")])
    return [words.encode()]
