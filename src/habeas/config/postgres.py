"""PostgreSQL in place of the home's three SQLite files: `[database]` of `config.toml`.

    [database]                           # this line alone says: PostgreSQL, on this machine
    host = "/var/run/postgresql"         # a socket's folder, or a host
    port = 5432
    name = "habeas"
    sslmode = "verify-full"              # libpq's words; what a host elsewhere has unless told otherwise
    sslrootcert = "/etc/ssl/certs/agency-ca.pem"

    [database.app]                       # so also [database.sequencer] and [database.owner]
    user = "habeas_app"
    password_file = "/run/secrets/app"   # none: the socket knows the system's user, or libpq's own pgpass

Variables go before the file: `HABEAS_DATABASE_HOST`, `HABEAS_DATABASE_PORT`, `HABEAS_DATABASE_NAME`, and
`HABEAS_DATABASE_APP_PASSWORD_FILE`, `…_SEQUENCER_…`, `…_OWNER_…`. A process needs the password of its own
role only. Promises that every wrong value is named with its place, and that no password is in a value of
this file, in a representation or in an error.
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.kernel.errors import BadInput, bad, problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from habeas.kernel.errors import Problem


class DatabaseRole(StrEnum):
    """As whom a process works in the database."""

    APP = "app"
    """Works cases: reads everything, adds to what is only added to, cannot write the ledger."""

    SEQUENCER = "sequencer"
    """Writes the ledger and notes indexes in the outbox; cannot read the vault, the cases or the keys."""

    OWNER = "owner"
    """Owns the tables: makes and upgrades them. No process that stays runs as this one."""


PLACE: Final = "config.toml: database"
"""Where the table stands."""

VARIABLES: Final = ("HABEAS_DATABASE_HOST", "HABEAS_DATABASE_PORT", "HABEAS_DATABASE_NAME")
"""The variables that go before the table."""

PASSWORDS: Final = {role: f"HABEAS_DATABASE_{role.upper()}_PASSWORD" for role in DatabaseRole}
"""The variables in which a password must not stand; with `_FILE` they name its file."""

_SSLMODES: Final = ("disable", "require", "verify-ca", "verify-full")
_KEYS: Final = ("host", "port", "name", "sslmode", "sslrootcert", *DatabaseRole)
_LOGIN_KEYS: Final = ("user", "password_file")
_TEXTS: Final = ("host", "name", "sslmode", "sslrootcert")
_PORTS: Final = range(1, 65_536)
_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_NAME_FORM: Final = "small letters, digits and _, at most 63"
_HERE: Final = ("localhost", "127.0.0.1", "::1")


@attrs.frozen
class Login:
    """A role's name on the server, and the file that holds its password if it has one."""

    user: str
    password_file: Path | None = None

    def password(self) -> str:
        """The password; "" where there is none. `config.secret.unreadable` where its file cannot be read."""
        if self.password_file is None:
            return ""
        try:
            return self.password_file.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            raise bad("config.secret.unreadable", self.password_file.name) from None


@attrs.frozen
class Postgres:
    """Where the database is, and the three roles that work in it."""

    host: str = "/var/run/postgresql"
    port: int = 5432
    name: str = "habeas"
    sslmode: str = ""
    sslrootcert: str = ""
    app: Login = Login("habeas_app")
    sequencer: Login = Login("habeas_sequencer")
    owner: Login = Login("habeas_owner")

    def login(self, role: DatabaseRole) -> Login:
        """Who a role is."""
        return {
            DatabaseRole.APP: self.app,
            DatabaseRole.SEQUENCER: self.sequencer,
            DatabaseRole.OWNER: self.owner,
        }[role]

    @property
    def encryption(self) -> dict[str, str]:
        """What libpq is told about TLS: a server elsewhere must prove who it is, unless told otherwise."""
        here = self.host.startswith("/") or self.host in _HERE
        mode = self.sslmode or ("" if here else "verify-full")
        told = {"sslmode": mode, "sslrootcert": self.sslrootcert}
        return {name: value for name, value in told.items() if value}


def read_postgres(table: Mapping[str, Any] | None, variables: Mapping[str, str]) -> Postgres | None:
    """The `[database]` table and its variables → the server, None where neither names one; or `BadInput`."""
    if table is None and not variables:
        return None
    table = table or {}
    found = [*_strange(table), *_strange_variables(variables)]
    if found:
        raise BadInput(found)
    host, port, name = (variables.get(one) for one in VARIABLES)
    made = Postgres(
        host=host or table.get("host", Postgres().host),
        port=int(port or table.get("port", Postgres().port)),
        name=name or table.get("name", Postgres().name),
        sslmode=table.get("sslmode", ""),
        sslrootcert=table.get("sslrootcert", ""),
        **{str(role): _login(role, table.get(role, {}), variables) for role in DatabaseRole},
    )
    if len({made.login(role).user for role in DatabaseRole}) < len(DatabaseRole):
        raise bad("config.database.one_role", PLACE)
    return made


def _login(role: DatabaseRole, table: Mapping[str, Any], variables: Mapping[str, str]) -> Login:
    file = variables.get(f"{PASSWORDS[role]}_FILE") or table.get("password_file", "")
    user = table.get("user", Postgres().login(role).user)
    return Login(user, Path(file).expanduser().absolute() if file else None)


def _strange_variables(variables: Mapping[str, str]) -> Iterator[Problem]:
    _, port, name = VARIABLES
    if not _is_port(variables.get(port, "1")):
        yield problem("config.value.wrong_type", port, wanted=f"a number from 1 to {_PORTS[-1]}")
    if not _NAME.fullmatch(variables.get(name, "_")):
        yield problem("config.value.wrong_form", name, form=_NAME_FORM)


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) in _PORTS


def _strange(table: Mapping[str, Any]) -> Iterator[Problem]:
    if set(table) - set(_KEYS):
        yield problem("config.key.unknown", PLACE, known=", ".join(_KEYS))
    for key in _TEXTS:
        if not _is_text(table.get(key, "_")):
            yield problem("config.value.wrong_type", f"{PLACE}.{key}", wanted="a text")
    port = table.get("port", 1)
    if type(port) is not int or port not in _PORTS:
        yield problem("config.value.wrong_type", f"{PLACE}.port", wanted=f"a number from 1 to {_PORTS[-1]}")
    yield from _misnamed(table, "name", PLACE)
    if table.get("sslmode", _SSLMODES[0]) not in _SSLMODES:
        yield problem("config.value.not_in_list", f"{PLACE}.sslmode", allowed=", ".join(_SSLMODES))
    for role in DatabaseRole:
        yield from _strange_login(table.get(role, {}), f"{PLACE}.{role}")


def _strange_login(table: object, place: str) -> Iterator[Problem]:
    if not isinstance(table, dict):
        yield problem("config.value.wrong_type", place, wanted=f"a table [{place.partition(': ')[2]}]")
        return
    if set(table) - set(_LOGIN_KEYS):
        yield problem("config.key.unknown", place, known=", ".join(_LOGIN_KEYS))
    for key in _LOGIN_KEYS:
        if not _is_text(table.get(key, "_")):
            yield problem("config.value.wrong_type", f"{place}.{key}", wanted="a text")
    yield from _misnamed(table, "user", place)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _misnamed(table: Mapping[str, Any], key: str, place: str) -> Iterator[Problem]:
    value = table.get(key, "_")
    if _is_text(value) and not _NAME.fullmatch(value):
        yield problem("config.value.wrong_form", f"{place}.{key}", form=_NAME_FORM)


def role_script(server: Postgres) -> str:
    """What the server's administrator runs once, in psql: the three roles and their empty database.

    No role may do more than it needs: none is a superuser or makes roles, nobody else may connect, and only
    the owner makes schemas. Text is compared byte by byte (`C`), as SQLite does: lists have one order.
    """
    app, sequencer, owner = (server.login(role).user for role in DatabaseRole)
    return f"""\
-- Run as the server's administrator:  habeas admin database | psql --set ON_ERROR_STOP=1 postgres
-- Then give each role a password (\\password {app}), or let the socket know its system user (pg_hba.conf).
CREATE ROLE {owner} LOGIN;
CREATE ROLE {app} LOGIN;
CREATE ROLE {sequencer} LOGIN;
CREATE DATABASE {server.name} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
REVOKE ALL ON DATABASE {server.name} FROM PUBLIC;
GRANT CONNECT ON DATABASE {server.name} TO {app}, {sequencer};
\\connect {server.name}
REVOKE ALL ON SCHEMA public FROM PUBLIC;
"""
