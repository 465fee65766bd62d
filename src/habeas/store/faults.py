"""What a database's failure means to the person at the terminal.

Hides the driver's exceptions. Promises that a full disk, a busy database, a damaged file, a server that
does not answer, a right that is missing and a home that was never prepared each have their own words, and
that no statement or value reaches a message. The transaction in which it happened was rolled back:
nothing of it is written. After a server was away, the next question finds a new connection.
"""

from __future__ import annotations

import errno
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from django.db import DatabaseError, InterfaceError, connections

from habeas.kernel.errors import BadInput, bad

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE: Final = "database"

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_PRIMARY: Final = 0xFF  # SQLite's extended codes carry the primary one in the low byte

_STATES: Final = {
    "08": "store.database.unreachable",
    "25006": "store.database.forbidden",  # a standby, or a session told to read only
    "28": "store.database.refused",
    "3D": "store.database.refused",
    "3F": "store.home.not_ready",
    "40001": "store.database.busy",  # could not be put in an order with another transaction
    "40P01": "store.database.busy",  # deadlock
    "42501": "store.database.forbidden",
    "42703": "store.home.not_ready",
    "42704": "store.database.no_role",
    "42P01": "store.home.not_ready",
    "53100": "store.disk.full",
    "53": "store.database.busy",
    "55P03": "store.database.busy",  # waited for a lock for too long
    "57P": "store.database.unreachable",
    "XX": "store.database.damaged",
}
"""How PostgreSQL's SQLSTATEs begin → what they mean; the longer beginning goes first."""


@contextmanager
def told() -> Iterator[None]:
    """Run database work; its failures become `BadInput`s of the registry."""
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        told_as = meaning(error.__cause__ or error)
        if told_as.problems[0].code == "store.database.unreachable":
            for connection in connections.all(initialized_only=True):
                connection.close_if_unusable_or_obsolete()
        raise told_as from None


def meaning(error: BaseException) -> BadInput:
    """A driver's exception → the problem it is."""
    if hasattr(error, "sqlstate"):  # the mark of PostgreSQL's driver, which SQLite does without
        return _server_meaning(error, error.sqlstate)
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


def _server_meaning(error: BaseException, state: str | None) -> BadInput:
    """By SQLSTATE; where there is none, the server never answered, or said FATAL before it let us in."""
    if state is None and type(error).__name__ in ("OperationalError", "ConnectionTimeout", "InterfaceError"):
        refused = "FATAL" in str(error)
        return bad("store.database.refused" if refused else "store.database.unreachable", PLACE)
    for begins in (5, 3, 2):
        code = _STATES.get((state or "")[:begins])
        if code is not None:
            return bad(code, PLACE)
    return bad("store.database.failed", PLACE, reason=type(error).__name__)


def disk_meaning(error: OSError, place: str) -> BadInput:
    """A failed file operation → the problem it is."""
    if error.errno in _FULL:
        return bad("store.disk.full", place)
    return bad("store.disk.failed", place, reason=errno.errorcode.get(error.errno or 0, "unknown"))
