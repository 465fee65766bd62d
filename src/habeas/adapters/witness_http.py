"""A witness behind HTTP: `POST /add-checkpoint` of C2SP tlog-witness, and nothing else.

Hides sockets, threads and status codes. Promises that submissions are judged one at a time, that an
answer is sent only after the record is on the disk, that a request is bounded in bytes, in time and in
number, and that a failure to record is said (503) and never answered with a cosignature. It speaks
plain HTTP: answers are signed; a proxy in front adds TLS where the network asks for it.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any, Final

from habeas.kernel.errors import HabeasError, bad
from habeas.ledger.submission import MAX_SUBMISSION, Ruling

if TYPE_CHECKING:
    from collections.abc import Callable

    from habeas.usecases.witness import Judgement, Witness

PATH: Final = "/add-checkpoint"
"""Where checkpoints are submitted, below the witness's submission prefix."""

SIZE_TYPE: Final = "text/x.tlog.size"
"""The content type of a conflict, whose body is the size on record."""

STATUS: Final[dict[Ruling, HTTPStatus]] = {
    Ruling.COSIGNED: HTTPStatus.OK,
    Ruling.MALFORMED: HTTPStatus.BAD_REQUEST,
    Ruling.UNSIGNED: HTTPStatus.FORBIDDEN,
    Ruling.UNKNOWN_LOG: HTTPStatus.NOT_FOUND,
    Ruling.CONFLICT: HTTPStatus.CONFLICT,
    Ruling.UNPROVED: HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""Each ruling's status code."""

MAX_CONNECTIONS: Final = 64
"""Connections served at once; one more is closed unanswered."""

IDLE_SECONDS: Final = 10
"""How long one read may wait."""

LIFETIME_SECONDS: Final = 60
"""How long a connection may last, however slowly it speaks."""

MAX_DISCARDED: Final = 1_000_000
"""Bytes of a refused request that are read and thrown away, so that its sender hears the answer."""

DISCARD_SECONDS: Final = 1
"""How long to wait for them."""

_PLAIN: Final = "text/plain; charset=utf-8"


class WitnessServer(ThreadingHTTPServer):
    """The server: `serve_forever()` until `shutdown()`; port 0 takes a free one (`url` says which)."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, witness: Witness, host: str, port: int, tell: Callable[[str], None]) -> None:
        """Bind at once; an address that cannot be bound is a `BadInput`."""
        self.witness, self.tell = witness, tell
        self._one = threading.Lock()
        self._open: dict[socket.socket, float] = {}
        self._book = threading.Lock()
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            super().__init__((host, port), _Handler)
        except (OSError, OverflowError):
            raise bad("witness.address.unusable", "--listen") from None

    @property
    def url(self) -> str:
        """The submission prefix as it is reached from this machine."""
        host, port = self.server_address[:2]
        shown = host.decode() if isinstance(host, bytes | bytearray) else host
        return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"

    def consider(self, data: bytes) -> Judgement:
        """One submission at a time: what is checked against the record is what is recorded."""
        with self._one:
            return self.witness.consider(data)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's types
        """Serve a connection in a thread of its own, unless there are too many."""
        with self._book:
            full = len(self._open) >= MAX_CONNECTIONS
            if not full:
                self._open[request] = time.monotonic()
        if full:
            self.shutdown_request(request)
        else:
            super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - socketserver's types
        """End a connection and forget it."""
        with self._book:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Between two connections: end those that have lasted too long."""
        oldest = time.monotonic() - LIFETIME_SECONDS
        with self._book:
            late = [one for one, since in self._open.items() if since < oldest]
            for one in late:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002 - socketserver's types
        """A connection that broke off is nothing to tell; anything else is a fault of ours."""
        error = sys.exception()
        if not isinstance(error, OSError):
            self.tell(f"a request ended in an error of the witness itself ({type(error).__name__})")

    def server_bind(self) -> None:
        """Bind without asking the network what this machine is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "witness", self.server_address[1]


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "habeas-witness"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: WitnessServer

    def do_POST(self) -> None:
        """A submission."""
        if self.path != PATH:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        length = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or not length:
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
        elif (
            not (length.isascii() and length.isdecimal())
            or len(self.headers.get_all("Content-Length", [])) > 1
        ):
            self._refuse(HTTPStatus.BAD_REQUEST)
        elif len(length) > len(str(MAX_SUBMISSION)) or int(length) > MAX_SUBMISSION:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self._judge(self.rfile.read(int(length)), int(length))

    def _judge(self, data: bytes, length: int) -> None:
        if len(data) < length:  # the sender hung up
            self.close_connection = True
            return
        try:
            judged = self.server.consider(data)
        except HabeasError as error:
            self.server.tell(str(error))
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, b"not recorded, therefore not cosigned\n")
            return
        self.server.tell(f"{judged.ruling}, size {judged.size}")
        match judged.ruling:
            case Ruling.COSIGNED:
                self._answer(HTTPStatus.OK, judged.lines.encode())
            case Ruling.CONFLICT:
                self._answer(HTTPStatus.CONFLICT, b"%d\n" % judged.size, SIZE_TYPE)
            case ruling:
                self._answer(STATUS[ruling], f"{ruling}\n".encode())

    def do_GET(self) -> None:
        """There is nothing to read here."""
        if self.path == PATH:
            self._refuse(HTTPStatus.METHOD_NOT_ALLOWED)
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    do_HEAD = do_GET  # noqa: N815 - http.server finds a method by its name
    do_PUT = do_GET  # noqa: N815 - as above
    do_DELETE = do_GET  # noqa: N815 - as above
    do_OPTIONS = do_GET  # noqa: N815 - as above

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer without having read the body: the connection cannot go on.

        What is still coming is read and thrown away, within bounds: closing on it would take the
        answer from the sender.
        """
        self.close_connection = True
        self._answer(status, f"{status.phrase.lower()}\n".encode())
        left = MAX_DISCARDED
        with suppress(OSError):
            self.connection.settimeout(DISCARD_SECONDS)
            while left > 0 and (piece := self.rfile.read1(min(left, MAX_SUBMISSION))):
                left -= len(piece)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 - http.server's
        """What http.server itself refuses, without repeating what was sent."""
        self._refuse(HTTPStatus(code))

    def _answer(self, status: int, body: bytes, kind: str = _PLAIN) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "POST")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - http.server's names
        """No addresses are written down."""
