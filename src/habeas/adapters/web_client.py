"""Asking an HTTP server for something small, without trusting it.

Hides `http.client`. Promises that a request ends: in time, in bytes, and without following anybody
elsewhere (no redirects, no proxies, no cookies). What comes back is bytes and a status; judging them is
for the caller. One `Server` keeps one connection and asks once more where a kept one had been closed.
"""

from __future__ import annotations

import socket
import ssl
import threading
import zlib
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import attrs

from habeas.kernel.errors import bad

if TYPE_CHECKING:
    from collections.abc import Iterator
    from urllib.parse import SplitResult

SECONDS: Final = 20.0
"""How long a whole exchange may take, from connecting to the last byte."""

_PIECE: Final = 1 << 16


@attrs.frozen
class Answer:
    """A status, its content type, and at most one byte more than the limit asked for."""

    status: int
    kind: str
    body: bytes


@attrs.define
class Server:
    """The server below a URL; not for two threads at once. `close()` when done."""

    url: str
    seconds: float = SECONDS
    _parts: SplitResult = attrs.field(init=False, repr=False)
    _kept: HTTPConnection | None = attrs.field(default=None, init=False, repr=False)

    @_parts.default
    def _(self) -> SplitResult:
        try:
            parts = urlsplit(self.url)
            usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            raise bad("web.address.malformed", "address") from None
        more = parts.query or parts.fragment or parts.username is not None
        if not usable or more or not _plain(self.url):
            raise bad("web.address.malformed", "address")
        return parts

    def get(self, path: str, limit: int) -> Answer:
        """`GET <url>/<path>`; the body decompressed where the server compressed it."""
        return self._ask("GET", path, None, limit)

    def post(self, path: str, body: bytes, limit: int) -> Answer:
        """`POST <url>/<path>`."""
        return self._ask("POST", path, body, limit)

    def close(self) -> None:
        """End the connection."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _ask(self, method: str, path: str, body: bytes | None, limit: int) -> Answer:
        kept = self._kept is not None
        try:
            return self._exchange(method, path, body, limit)
        except (OSError, HTTPException, zlib.error, ValueError) as error:
            if kept and not isinstance(error, TimeoutError):
                with suppress(OSError, HTTPException, zlib.error, ValueError):
                    return self._exchange(method, path, body, limit)
            raise bad("web.server.unreachable", self._parts.hostname or "server") from None

    def _exchange(self, method: str, path: str, body: bytes | None, limit: int) -> Answer:
        connection = self._kept or self._connect()
        self._kept = None
        late = threading.Event()
        # the socket itself: http.client lets go of it once an answer will end with the connection
        watch = threading.Timer(self.seconds, _cut, [connection.sock, late])
        watch.daemon = True
        watch.start()
        try:
            connection.request(method, f"{self._parts.path.rstrip('/')}/{path}", body, _HEADERS)
            response = connection.getresponse()
            data = _read(response, limit, late)
            whole = not (response.length or response.will_close) and response.isclosed()
            response.close()
            if whole:
                self._kept = connection
            else:
                connection.close()
        except BaseException:
            connection.close()
            raise
        finally:
            watch.cancel()
        return Answer(response.status, response.headers.get_content_type(), data)

    def _connect(self) -> HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        made = HTTPConnection(host, port, timeout=self.seconds)
        if self._parts.scheme == "https":
            made = HTTPSConnection(host, port, timeout=self.seconds, context=ssl.create_default_context())
        made.connect()
        return made


_HEADERS: Final = {"Accept-Encoding": "gzip", "User-Agent": "habeas"}


def _plain(url: str) -> bool:
    return url.isascii() and url.isprintable() and " " not in url


def _cut(channel: socket.socket, late: threading.Event) -> None:
    """End an exchange that has lasted too long, whatever it waits for."""
    late.set()
    with suppress(OSError):
        channel.shutdown(socket.SHUT_RDWR)


def _read(response: HTTPResponse, limit: int, late: threading.Event) -> bytes:
    """The body as meant, or its first `limit + 1` bytes; some servers compress without being asked."""
    packed = response.headers.get("Content-Encoding", "").strip().lower() in {"gzip", "x-gzip"}
    most = limit + limit // 64 + 1024 if packed else limit + 1  # what does not compress grows a little
    data = b"".join(_pieces(response, most))
    if late.is_set():  # what was cut off must not pass for the end
        raise TimeoutError
    return _unpack(data, limit) if packed else data


def _pieces(response: HTTPResponse, most: int) -> Iterator[bytes]:
    """At most `most` bytes of a body; one that ends early is an `HTTPException`."""
    left = most
    while left > 0 and (piece := response.read(min(left, _PIECE))):
        left -= len(piece)
        yield piece
    if left > 0 and response.length:
        raise HTTPException


def _unpack(data: bytes, limit: int) -> bytes:
    """Decompressed, as far as it is wanted."""
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    plain = unpacking.decompress(data, limit + 1)
    if not unpacking.eof and len(plain) <= limit:
        raise zlib.error
    return plain
