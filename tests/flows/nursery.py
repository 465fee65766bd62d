"""A process that starts commands in children of its own and lets them die: `python -m tests.flows.nursery`.

It reads one job a line (JSON) and answers each with one line. It has one thread and opens no home itself,
so that each child begins clean; and it has everything imported, so that a child begins at once.

A job is `{"argv", "home"}` and how the child comes to its end:

* `step`: SIGKILL before (`2n`) or after (`2n + 1`) the nth durable step;
* `after`: SIGKILL so many seconds after it began, unless it has ended by then;
* `file_size`: no file may grow beyond so many bytes, as on a full disk;
* `rival`: another command that runs from start to end after this one called the method `at` once
  (`["SqlCases", "load"]`): it has looked, and has not written.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import signal
import sys
import time
from typing import TYPE_CHECKING, Any, Final

import habeas.cli.admin
import habeas.cli.case
import habeas.cli.intake
import habeas.wiring
from habeas.cli.main import run
from habeas.kernel.clock import SetClock
from tests.flows.office import AT

if TYPE_CHECKING:
    from collections.abc import Callable

Job = dict[str, Any]

STEPS: Final = (
    ("BlobFiles", "put"),
    ("SqlArrivals", "log"),
    ("SqlArrivals", "settle"),
    ("SqlCases", "append"),
    ("QuerySet", "bulk_create"),
)
"""What makes something durable, or is about to inside a transaction."""


def serve() -> None:
    """Answer jobs until the input ends."""
    setattr(habeas.wiring, "SystemClock", lambda: SetClock(AT))  # noqa: B010 - the law of one day, always
    for line in sys.stdin:
        print(json.dumps(do(json.loads(line))), flush=True)


def do(job: Job) -> Job:
    """Run a job to its end: `{"exit", "out", "err"}`; a negative `exit` is the signal it died of."""
    said, say = os.pipe()
    asked, go = os.pipe()
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        for end in (said, go, ready):
            os.close(end)
        be(job, say, lambda: meet(tell, asked))
    for end in (say, asked, tell):
        os.close(end)
    rival = None
    if "rival" in job and os.read(ready, 1):
        rival = do({"argv": job["rival"], "home": job["home"]})
        os.write(go, b".")
    if "after" in job:
        time.sleep(job["after"])
        os.kill(child, signal.SIGKILL)
    with open(said, "rb") as file:  # noqa: PTH123 - a descriptor
        told = file.read()
    _, status = os.waitpid(child, 0)
    for end in (go, ready):
        os.close(end)
    out, _, err = told.decode().partition("\0")
    return {"exit": os.waitstatus_to_exitcode(status), "out": out, "err": err, "rival": rival}


def meet(tell: int, asked: int) -> None:
    """Say that we are about to write, and wait until the rival has."""
    os.write(tell, b".")
    os.read(asked, 1)


def be(job: Job, say: int, wait: Callable[[], None]) -> None:
    """The child: run the command, tell what it said, and end."""
    os.environ["HABEAS_HOME"] = job["home"]
    prepare(job, wait)
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(job["argv"])
        out.flush()
    os.write(say, out.buffer.getvalue() + b"\0" + err.getvalue().encode())
    os._exit(code)


def prepare(job: Job, wait: Callable[[], None]) -> None:
    """Arrange how it ends, as soon as the home is open."""
    opened = habeas.wiring.open_desk

    def open_desk(**given: Any) -> habeas.wiring.Desk:
        desk = opened(**given)
        if "file_size" in job:
            resource.setrlimit(resource.RLIMIT_FSIZE, (job["file_size"], job["file_size"]))
        if "step" in job:
            count_down(job["step"])
        if "rival" in job:
            owner, name = job["at"]
            around(kinds()[owner], name, lambda: None, once(wait))
        return desk

    habeas.wiring.open_desk = open_desk


def kinds() -> dict[str, Any]:
    """The classes of the adapters, which cannot be imported before a home is open."""
    from django.db.models import QuerySet

    from habeas.adapters.blob_files import BlobFiles
    from habeas.store.arrivals import SqlArrivals
    from habeas.store.cases import SqlCases

    return {kind.__name__: kind for kind in (BlobFiles, SqlArrivals, SqlCases, QuerySet)}


def once(work: Callable[[], None]) -> Callable[[], None]:
    """The work, done the first time only."""
    left = [work]
    return lambda: left.pop()() if left else None


def count_down(step: int) -> None:
    """Die at a step."""
    left = [step]

    def count() -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for owner, name in STEPS:
        around(kinds()[owner], name, count, count)


def around(kind: Any, name: str, first: Callable[[], None], then: Callable[[], None]) -> None:
    """Do something before a method of a class, and something after it."""
    method = getattr(kind, name)

    def wrapped(*given: Any, **named: Any) -> Any:
        first()
        result = method(*given, **named)
        then()
        return result

    setattr(kind, name, wrapped)


if __name__ == "__main__":
    serve()
