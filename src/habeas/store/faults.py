"""What a database's failure means to the person at the terminal.

Hides the driver's exceptions. Promises that a full disk, a busy database, a damaged file and a home
that was never prepared each have their own words, and that no statement or value reaches a message.
The transaction in which it happened was rolled back: nothing of it is written.
"""

from __future__ import annotations

import errno
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from django.db import DatabaseError, InterfaceError

from habeas.kernel.errors import BadInput, bad

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE: Final = "database"

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_PRIMARY: Final = 0xFF  # SQLite's extended codes carry the primary one in the low byte


@contextmanager
def told() -> Iterator[None]:
    """Run database work; its failures become `BadInput`s of the registry."""
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        raise meaning(error.__cause__ or error) from None


def meaning(error: BaseException) -> BadInput:
    """A driver's exception → the problem it is."""
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    name = getattr(error, "sqlite_errorname", "") or type(error).__name__
    match code:
        case sqlite3.SQLITE_FULL:
            return bad("store.disk.full", PLACE)
        case sqlite3.SQLITE_IOERR:
            return bad("store.disk.failed", PLACE, reason=name)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return bad("store.database.busy", PLACE)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return bad("store.database.damaged", PLACE)
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return bad("store.database.closed", PLACE)
        case sqlite3.SQLITE_ERROR if "no such table" in str(error):
            return bad("store.home.not_ready", PLACE)
        case _:
            return bad("store.database.failed", PLACE, reason=name)


def disk_meaning(error: OSError, place: str) -> BadInput:
    """A failed file operation → the problem it is."""
    if error.errno in _FULL:
        return bad("store.disk.full", place)
    return bad("store.disk.failed", place, reason=errno.errorcode.get(error.errno or 0, "unknown"))
