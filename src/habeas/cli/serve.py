"""`habeas serve`: the console, its worker and the sequencer, kept running."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from habeas.cli.output import json_option, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from habeas.adapters.supervisor import Child
    from habeas.config.environment import Environment

LOCK: Final = "serve.lock"
"""The file in the home that one `habeas serve` holds."""

_THREADS_ON_SERVER: Final = 4
_WORKERS_AT_MOST: Final = 4


@click.command()
@click.option("--host", help="Address to listen on; without it, `[serve] host`, else 127.0.0.1.")
@click.option(
    "--port", type=click.IntRange(1, 65_535), help="Port to listen on; without it, `[serve] port`, else 8000."
)
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    help=f"Pages made at a time in each process: 1 on SQLite, {_THREADS_ON_SERVER} on PostgreSQL.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help=f"Processes that make pages: 1 on SQLite, one a processor (≤ {_WORKERS_AT_MOST}) on PostgreSQL.",
)
@click.option(
    "--export",
    type=click.Path(file_okay=False, path_type=Path),
    help="The mirror that the sequencer keeps up.",
)
@json_option
def serve(
    *,
    host: str | None,
    port: int | None,
    threads: int | None,
    workers: int | None,
    export: Path | None,
    as_json: bool,
) -> int:
    """Serve the console, and keep its worker and the sequencer running (docs/runbooks/serving.md).

    SIGTERM or Ctrl-C: requests and jobs that were begun are finished, then it ends; a second one ends it at
    once. A halted ledger does not stop the console. Exit 3 where a process keeps dying.
    """
    import os

    from habeas.config.environment import read_environment

    environment = read_environment(os.environ)
    where = (host or environment.serve.host, port or environment.serve.port)
    own = where == (environment.serve.host, environment.serve.port)
    url = environment.serve.url if own else f"http://{where[0]}:{where[1]}"
    document = {"host": where[0], "port": where[1], "url": url}
    write(document, [f"the console: {url}  (Ctrl-C ends it)"], as_json=as_json)
    return keep(environment, where, (workers, threads), export=export)


def keep(
    environment: Environment,
    where: tuple[str, int],
    making: tuple[int | None, int | None] = (None, None),
    *,
    export: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> int:
    """Serve a home until SIGTERM or Ctrl-C; the exit code.

    `making` is how many processes make pages, and how many each at a time; None: what suits the database.
    `environ` is what the processes are given.
    """
    from habeas.adapters.file_lock import sole
    from habeas.adapters.supervisor import supervise
    from habeas.console import log

    with sole(environment.home / LOCK, "serve.home.served"):
        refuse_taken(*where)
        # The children are started as they will be, so that what cannot work is said once, and here.
        prepared = subprocess.run(command("prepare"), env=environ, check=False)  # noqa: S603 - our own command
        if prepared.returncode:
            return prepared.returncode
        log.configure("serve")
        log.tell("serve.started", {"host": where[0], "port": where[1]})
        supervise(children(environment, where, _making(environment, *making), export, environ), log.tell)
    return 0


def _making(environment: Environment, workers: int | None, threads: int | None) -> tuple[int, int]:
    """Processes, and pages at a time in each: on SQLite one writes at a time anyway."""
    import os

    if environment.database is None:
        return workers or 1, threads or 1
    return workers or min(os.cpu_count() or 1, _WORKERS_AT_MOST), threads or _THREADS_ON_SERVER


def children(
    environment: Environment,
    where: tuple[str, int],
    making: tuple[int, int],
    export: Path | None,
    environ: Mapping[str, str] | None,
) -> Sequence[Child]:
    """The three processes of a served home."""
    from habeas.adapters.halt_file import HaltFile
    from habeas.adapters.supervisor import Child

    halt = HaltFile(environment.home)
    mirror = () if export is None else ("--export", str(export.absolute()))
    numbers = map(str, (where[1], *making))
    return (
        Child("console", command("console", where[0], *numbers), environ),
        Child("worker", command("worker"), environ),
        Child(
            "sequencer",
            command("sequencer", *mirror),
            environ,
            vital=False,  # requests must be taken in and decided also while nothing can be signed
            held=lambda: halt.reason() is not None,
        ),
    )


def command(*words: str) -> tuple[str, ...]:
    """The command of a child."""
    return (sys.executable, "-m", "habeas.cli.supervised", *words)


def refuse_taken(host: str, port: int) -> None:
    """`serve.address.taken` or `serve.address.unusable` unless this address can be listened on.

    The web server would share a port with another one that shares it too, and half of the requests would
    go there: so the port is first taken alone.
    """
    from habeas.kernel.errors import bad

    place = f"{host}:{port}"
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as alone:
            alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            alone.bind(address)
            alone.listen()
    except OSError as error:
        import errno

        code = "serve.address.taken" if error.errno == errno.EADDRINUSE else "serve.address.unusable"
        raise bad(code, place) from None
