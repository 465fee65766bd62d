"""A program under test: what it says as it happens, and signals to it and to its children."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

WAIT_SECONDS: Final = 90
"""After this a test fails: much longer than anything takes on a busy machine."""

_INSIST_SECONDS: Final = 5


class Program:
    """A running program whose lines are read as they come."""

    def __init__(self, command: Sequence[str], *, stream: str, environ: Mapping[str, str], cwd: Path) -> None:
        pipes = {stream: subprocess.PIPE}
        self.process: subprocess.Popen[str] = subprocess.Popen(
            command, env=dict(environ), cwd=cwd, text=True, **pipes
        )  # type: ignore[call-overload]  # keywords by name
        self.lines: list[str] = []
        self._queue: queue.Queue[str] = queue.Queue()
        self._source = getattr(self.process, stream)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._source:
            self._queue.put(line)

    def until(self, event: str, **facts: Any) -> dict[str, Any]:
        """Read on to the next event that has these facts; the event."""
        wanted = {"event": event, **facts}
        while True:
            try:
                self.lines.append(self._queue.get(timeout=WAIT_SECONDS))
            except queue.Empty:
                raise AssertionError(f"never said {wanted}: {''.join(self.lines)}") from None
            found = _event(self.lines[-1])
            if wanted.items() <= found.items():
                return found

    def ask_to_end(self) -> None:
        """SIGTERM."""
        self.process.send_signal(signal.SIGTERM)

    def ended(self) -> int:
        """The exit code, when it has ended."""
        return self.process.wait(WAIT_SECONDS)

    def text(self) -> str:
        """Everything it said; it has ended."""
        self._reader.join(WAIT_SECONDS)
        while not self._queue.empty():
            self.lines.append(self._queue.get())
        return "".join(self.lines)

    def end(self) -> None:
        """End it as whoever cannot wait does, and by it what it started; show what it said."""
        while self.process.poll() is None:
            self.ask_to_end()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_INSIST_SECONDS)
        print(self.text())
        self._source.close()


def _event(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def kill(pid: int) -> None:
    """`kill -9`."""
    os.kill(pid, signal.SIGKILL)


class Alive:
    """A named pipe that processes hold open: it tells when the last of them is gone."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(self._reading, True)

    @property
    def hold(self) -> str:
        """Python that holds it open, and says so by a byte."""
        return f"import os; held = os.open({str(self.path)!r}, os.O_WRONLY); os.write(held, b'.'); "

    def until_held(self) -> None:
        """Wait for somebody to hold it."""
        while not os.read(self._reading, 1):
            continue

    def until_gone(self) -> None:
        """Wait until nobody holds it."""
        while os.read(self._reading, 100):
            continue
        os.close(self._reading)
