"""Keeps a few child processes running until it is asked to end.

Hides processes, signals and waiting. Promises that a child which dies is started again, later and later
while it keeps dying soon; that one which does nothing else ends the whole (`serve.child.failing`) where
the whole needs it; that a child which is held by something outside (a halted ledger) stays down until
that is gone, and takes nobody with it; that being asked to end gives every child time to finish; and
that nothing which a child started outlives it or this process.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import attrs

from habeas.adapters.signals import listening
from habeas.kernel.errors import broken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from habeas.adapters.signals import Heard

    Tell = Callable[[str, Mapping[str, str | int]], None]

_LOOK_SECONDS: Final = 1.0
"""How often a held child's reason is looked at."""


def _never() -> bool:
    return False


@attrs.frozen
class Child:
    """A process to keep running.

    `environ` is this process's own where None. When a `vital` one keeps dying, the whole ends with exit 3;
    another is tried for ever, at the slowest pace. `held` says whether one that died should stay down.
    """

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str] | None = None
    vital: bool = True
    held: Callable[[], bool] = _never


@attrs.frozen
class Patience:
    """When a death is `quick`, how many in a row are too many, the pauses between, and the time to finish."""

    quick_seconds: float = 10.0
    attempts: int = 6
    pauses: tuple[float, ...] = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
    grace_seconds: float = 30.0


PATIENT: Final = Patience()
"""What holds unless told otherwise."""


class _Kept:
    """One child: its process if it runs, else when it is due."""

    def __init__(self, child: Child, patience: Patience, tell: Tell) -> None:
        self.child = child
        self.process: subprocess.Popen[bytes] | None = None
        self.due = 0.0
        self.quick = 0
        self.was_held = False
        self._began = 0.0
        self._patience = patience
        self._tell = tell

    def start(self, now: float) -> None:
        """Start it, leading a group of its own, tied to this process by its standard input."""
        self.process = subprocess.Popen(  # noqa: S603 - the command is the caller's own, no shell
            self.child.command,
            stdin=subprocess.PIPE,
            start_new_session=True,
            env=None if self.child.environ is None else dict(self.child.environ),
        )
        self._began = now
        self._tell("child.started", {"child": self.child.name, "pid": self.process.pid})

    def look(self, now: float) -> None:
        """Notice that it died, and say when it is due; `serve.child.failing` where that is too often."""
        if self.process is None or self.runs():
            return
        code = self.end()
        self.quick = self.quick + 1 if now - self._began < self._patience.quick_seconds else 1
        self._tell("child.ended", {"child": self.child.name, "exit_code": code, "in_a_row": self.quick})
        if self.child.held():
            self.was_held, self.quick = True, 0
            self._tell("child.held", {"child": self.child.name, "exit_code": code})
        elif self.child.vital and self.quick >= self._patience.attempts:
            raise broken("serve.child.failing", self.child.name, times=self.quick, exit=code)
        else:
            pauses = self._patience.pauses
            self.due = now + pauses[min(self.quick, len(pauses)) - 1]

    def begin(self, now: float) -> float | None:
        """Start it if it is due; else the seconds until it may be, None while it runs."""
        if self.process is not None:
            return None
        if self.was_held:
            self.was_held = self.child.held()
        if self.was_held:
            return _LOOK_SECONDS
        if now < self.due:
            return self.due - now
        self.start(now)
        return None

    def ask(self) -> None:
        """Ask it to end."""
        if self.process is not None:
            self.process.terminate()

    def runs(self) -> bool:
        """Whether it has not ended. One that has is not collected yet: its number stays its group's name."""
        asking = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return self.process is not None and os.waitid(os.P_PID, self.process.pid, asking) is None

    def end(self) -> int:
        """End it and whatever it started, at once; its exit code, or the signal's number below zero."""
        if self.process is None:
            return 0
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        if self.process.stdin is not None:
            self.process.stdin.close()
        code, self.process = self.process.wait(), None
        return code


def supervise(children: Sequence[Child], tell: Tell, patience: Patience = PATIENT) -> None:
    """Keep the children running until SIGTERM or SIGINT; a second signal ends them at once.

    Returns when all have ended; `BrokenInvariant` `serve.child.failing` after ending the others.
    """
    kept = [_Kept(child, patience, tell) for child in children]
    with listening(signal.SIGCHLD, insisting=False) as heard:
        try:
            while not heard.asked:
                heard.pause(_round(kept))
        finally:
            _finish(kept, heard, tell, patience.grace_seconds)


def _round(kept: Sequence[_Kept]) -> float | None:
    """Look after each child; the seconds until the next one is due, None where all run."""
    now = time.monotonic()
    for one in kept:
        one.look(now)
    pauses = [pause for one in kept if (pause := one.begin(now)) is not None]
    return min(pauses, default=None)


def _finish(kept: Sequence[_Kept], heard: Heard, tell: Tell, grace_seconds: float) -> None:
    """Ask every child to end; after the time given, or at a second signal, end it."""
    tell("serve.ending", {"seconds": int(grace_seconds)})
    until, asked = time.monotonic() + grace_seconds, heard.asked
    for one in kept:
        one.ask()
    while (left := until - time.monotonic()) > 0 and heard.asked <= max(asked, 1):
        if not any(one.runs() for one in kept):
            break
        heard.pause(left)
    for one in kept:
        if one.process is None:
            continue
        if one.runs():
            tell("child.killed", {"child": one.child.name})
        tell("child.ended", {"child": one.child.name, "exit_code": one.end(), "in_a_row": 0})
    tell("serve.ended", {})
