"""Hearing signals while waiting, so that a process ends where it chooses and never in the middle.

Hides handlers and the pipe behind them (an `Event` set from a handler can deadlock with whoever waits on
it). Promises that the first SIGTERM or SIGINT only asks, that the second ends the process at once, and
that the former handlers are back afterwards. For the main thread only, as signals are.
"""

from __future__ import annotations

import os
import select
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

ENDING: Final = (signal.SIGTERM, signal.SIGINT)
"""The signals that ask a process to end."""

_MANY: Final = 4096


class Heard:
    """What was heard so far: `asked` counts the requests to end."""

    def __init__(self, pipe: int) -> None:
        self.asked = 0
        self._pipe = pipe

    def wait(self, seconds: float | None) -> bool:
        """Sleep until a signal comes or the time is over; whether this process was ever asked to end."""
        if not self.asked:
            self.pause(seconds)
        return self.asked > 0

    def pause(self, seconds: float | None) -> None:
        """Sleep until the next signal, whichever it is, or until the time is over."""
        readable, _, _ = select.select([self._pipe], [], [], seconds)
        if readable:
            os.read(self._pipe, _MANY)


@contextmanager
def listening(*others: signal.Signals, insisting: bool = True) -> Iterator[Heard]:
    """Hear the signals of `ENDING`, and wake at `others`.

    With `insisting`, a second request to end ends the process as if nobody had listened; without, whoever
    listens counts them and decides.
    """
    reading, writing = os.pipe()
    for end in (reading, writing):
        os.set_blocking(end, False)
    heard = Heard(reading)

    def ask(number: int, _: FrameType | None) -> None:
        heard.asked += 1
        if insisting and heard.asked > 1:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    def wake(_: int, __: FrameType | None) -> None:
        """Nothing to do: the pipe was written to already."""

    before = {number: signal.signal(number, ask) for number in ENDING}
    before |= {number: signal.signal(number, wake) for number in others}
    former = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        yield heard
    finally:
        signal.set_wakeup_fd(former)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(reading)
        os.close(writing)
