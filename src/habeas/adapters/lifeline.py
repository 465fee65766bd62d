"""The pipe by which a child notices that its parent is gone, however it went.

The parent holds the writing end and never writes; the child reads its standard input. When the parent
ends, by any signal, the system closes the pipe. Promises that a child asked to end by this does not
outlive the time it is given, nor does anything that it started: it leads a process group of its own.
"""

from __future__ import annotations

import os
import signal
import threading
import time

_STDIN = 0


def hold(grace_seconds: float) -> None:
    """From now on, end this process (and after `grace_seconds` its whole group) when standard input ends."""
    threading.Thread(target=_watch, args=(grace_seconds,), name="lifeline", daemon=True).start()


def _watch(grace_seconds: float) -> None:
    while os.read(_STDIN, 1):
        continue
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace_seconds)
    os.killpg(os.getpgrp(), signal.SIGKILL)
