"""Which databases there are, and how SQLite and PostgreSQL keep them.

Three parts, so that each can be guarded, backed up and destroyed apart (contracts.md, *Home*): three files
of the home, or three schemas of one PostgreSQL database. The keys are Django's aliases.

SQLite runs with a write-ahead log, `synchronous=FULL` (a commit that returned is on the disk), foreign
keys, and transactions that take the write lock at once, so that waiting replaces failing. The key file
also overwrites what is deleted. One machine's files separate by accident only, not by attack: whoever
reads the home reads all three.

PostgreSQL is told the same, whatever the server's own settings are: a commit that returned is on the
disk, nobody waits for a lock longer than SQLite would, and each statement sees what was committed before
it. What a process may do there is its role's rights (`store.rights`), not its good will.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from habeas.config.postgres import DatabaseRole, Postgres

if TYPE_CHECKING:
    from pathlib import Path

    from habeas.config.environment import Environment

ROUTER: Final = "habeas.store.router.Router"
"""Says which table lies in which database."""

FILES: Final = {"default": "habeas.sqlite3", "ledger": "ledger.sqlite3", "keys": "keys.sqlite3"}
"""Database alias → file in the home."""

SCHEMAS: Final = {"default": "habeas", "ledger": "habeas_ledger", "keys": "habeas_keys"}
"""Database alias → schema on PostgreSQL."""

_WAIT_SECONDS: Final = 20
_CONNECT_SECONDS: Final = 10
_PRAGMAS: Final = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"
_ERASING: Final = "PRAGMA secure_delete=ON"
_SETTINGS: Final = {
    "synchronous_commit": "on",
    "default_transaction_isolation": r"read\ committed",
    "lock_timeout": f"{_WAIT_SECONDS}s",
    "timezone": "UTC",
}


def databases(environment: Environment, role: DatabaseRole = DatabaseRole.APP) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for an installation, as a process of this role sees them."""
    server = environment.database
    if server is None:
        return embedded(environment.home)
    return {alias: _postgres(server, role, schema) for alias, schema in SCHEMAS.items()}


def embedded(home: Path) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for a home with its own files."""
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


def _postgres(server: Postgres, role: DatabaseRole, schema: str) -> dict[str, Any]:
    login = server.login(role)
    settings = {"search_path": schema, **_SETTINGS}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": server.host,
        "PORT": str(server.port),
        "NAME": server.name,
        "USER": login.user,
        "PASSWORD": login.password(),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
            "application_name": f"habeas {role}",
            "connect_timeout": _CONNECT_SECONDS,
            **server.encryption,
        },
    }
