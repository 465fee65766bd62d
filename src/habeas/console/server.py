"""The web server: granian in this process, its workers in processes of their own.

Hides granian. Promises that an interrupted server answers the requests it has taken before it ends, up
to a limit; that a worker which dies is replaced; and that it logs nothing about requests (`console.log`
does).
"""

from __future__ import annotations

import multiprocessing
import os
import pkgutil
import sys
from functools import partial
from typing import Final

import attrs
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from habeas.console import log
from habeas.console.turns import Turns

APPLICATION: Final = "habeas.console.wsgi:application"
"""The console."""

SETTINGS: Final = "habeas.config.web"
"""Its settings."""


@attrs.frozen
class Address:
    """Where to listen, and how many pages are made at a time: `threads` in each of `workers`."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    threads: int = 1


RECEIVING: Final = 64
"""Requests that may be on their way in at once, in each worker: a thread each, asleep until bytes come."""

HEADER_MILLISECONDS: Final = 15_000
"""How long a client may take to send its request's head."""


def run(address: Address, finish_seconds: int, application: str = APPLICATION) -> None:
    """Serve until SIGTERM or SIGINT; then finish what was taken, at most `finish_seconds` long."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    # A fork would take this process's threads' locks along, held by nobody.
    multiprocessing.set_start_method("spawn")
    server = Granian(
        application,
        address=address.host,
        port=address.port,
        interface=Interfaces.WSGI,
        workers=address.workers,
        blocking_threads=RECEIVING,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        websockets=False,
        log_dictconfig=log.SERVER_LOGGING,
        log_level=LogLevels.error,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=finish_seconds,
    )
    server.serve(target_loader=partial(load, address.threads))


def load(at_a_time: int, application: str) -> Turns:
    """The application (`module:name`) in a worker; one that cannot be loaded ends the worker with a line."""
    log.configure("console")
    try:
        return Turns(pkgutil.resolve_name(application), at_a_time)
    except Exception as error:  # noqa: BLE001 - the worker ends here; its parent decides what then
        log.tell_error("console.unloadable", error)
        sys.exit(3)
