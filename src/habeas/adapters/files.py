"""Writing a file so that it is wholly there or not at all.

Hides temporary names and flushing. Promises that after `write_durably` returned, a power failure leaves
the file, and that when it raised, the name stands as before and nothing half-written is left. A full
disk, a quota or a size limit is `store.disk.full`.
"""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from habeas.kernel.errors import BadInput, bad

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
PARTIAL: Final = ".partial-"
"""How a file begins that is not finished."""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def disk_problem(error: OSError, place: str) -> BadInput:
    """What a failed file operation means to the person at the terminal; `place` names no content."""
    if error.errno in _FULL:
        return bad("store.disk.full", place)
    return bad("store.disk.failed", place, reason=errno.errorcode.get(error.errno or 0, "unknown"))


def make_folder(folder: Path) -> None:
    """A private folder with its parents, durable; nothing where it is there."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        one.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        flush_folder(one.parent)


def write_durably(path: Path, data: bytes, place: str, *, replace: bool = True) -> None:
    """Write a private file: temporary name, flush, rename, flush the folder.

    Without `replace`, an existing file is kept and the call is a `FileExistsError`.
    """
    partial = path.with_name(f"{PARTIAL}{secrets.token_hex(8)}")
    try:
        make_folder(path.parent)
        _write(partial, data)
        if replace:
            partial.replace(path)
        else:
            os.link(partial, path)
        flush_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise disk_problem(error, place) from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor made with its permissions
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Make a rename in this folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
