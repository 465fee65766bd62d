"""A lock that the operating system lets go of when its holder dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from habeas.adapters.files import PRIVATE_FILE, disk_problem
from habeas.kernel.errors import bad

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def sole(path: Path, held: str = "sequencer.lock.held") -> Iterator[None]:
    """Be the only process, and the only caller, in this block; else a `BadInput` of the code `held` at once.

    The file stays behind, empty: only the lock on it counts, and that ends with the process.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    except OSError as error:
        raise disk_problem(error, path.name) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise bad(held, path.name) from None
        yield
    finally:
        os.close(descriptor)
