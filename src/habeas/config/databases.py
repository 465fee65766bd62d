"""Which databases there are and how SQLite keeps them.

Three files, so that each can be guarded, backed up and destroyed apart (contracts.md, *Home*). SQLite
runs with a write-ahead log, `synchronous=FULL` (a commit that returned is on the disk), foreign keys,
and transactions that take the write lock at once, so that waiting replaces failing. The key file also
overwrites what is deleted. One machine's files separate by accident only, not by attack: whoever reads
the home reads all three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

ROUTER: Final = "habeas.store.router.Router"
"""Says which table lies in which database."""

FILES: Final = {"default": "habeas.sqlite3", "ledger": "ledger.sqlite3", "keys": "keys.sqlite3"}
"""Database alias → file in the home."""

_WAIT_SECONDS: Final = 20
_PRAGMAS: Final = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"
_ERASING: Final = "PRAGMA secure_delete=ON"


def databases(home: Path) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for a home."""
    return {alias: _sqlite(home / name, erasing=alias == "keys") for alias, name in FILES.items()}


def _sqlite(path: Path, *, erasing: bool) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": _WAIT_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": f"{_PRAGMAS}; {_ERASING}" if erasing else _PRAGMAS,
        },
    }
