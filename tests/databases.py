"""On which database the tests' homes lie: `HABEAS_TEST_DATABASE=sqlite` (the default) or `postgresql`.

On PostgreSQL this process starts a cluster of its own when the first home needs one: on a socket, without
a network, in a folder that goes with it, as `nobody` where the tests run as root. The roles and the first
database are made by what `habeas admin database` prints; each home gets a copy, named in its `config.toml`,
so that every process which opens the home finds it. The cluster dies with this process, however it ends.

The roles are apart, as they are for users. Tests of the store's own rooms are both roles at once
(`BOTH`): one process takes requests in there and sequences them.

`tamper` is the hand of somebody who owns the machine: it gets past every guard.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, LiteralString

import attrs

from habeas.config.databases import FILES, SCHEMAS
from habeas.config.environment import read_environment
from habeas.config.postgres import DatabaseRole, Login, Postgres, role_script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

KIND: Final = os.environ.get("HABEAS_TEST_DATABASE", "sqlite")
if KIND not in ("sqlite", "postgresql"):
    raise RuntimeError("HABEAS_TEST_DATABASE is sqlite or postgresql")

ON_SERVER: Final = KIND == "postgresql"

_READY: Final = "ready to accept connections"
_QUICK: Final = [
    "fsync=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=60",
    "shared_buffers=32MB",
]
_NAMES: Final = itertools.count(1)
_MODEL: Final = Postgres()
_made: Final[dict[Path, str]] = {}

BOTH: Final = attrs.evolve(_MODEL, app=Login("habeas_tests"))
"""A server on which the process that works cases may sequence too."""


def binary(name: str) -> str:
    """A program of PostgreSQL's server: on PATH, or where Debian keeps it."""
    folders = [str(folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(folders))
    if found is None:
        raise RuntimeError(f"there is no {name}: install Debian's postgresql")
    return found


@attrs.frozen
class Cluster:
    """A running server, and who may do everything there."""

    folder: Path
    process: subprocess.Popen[str]
    drain: threading.Thread
    admin: Connection[Any]

    def enter(self, name: str, user: str = "postgres") -> Connection[Any]:
        """A connection to a database, each statement by itself."""
        return connect(self.folder, name, user)

    def make(self, name: str, template: str) -> None:
        """A copy of a database that nobody is connected to, with the doors as the script sets them."""
        app, sequencer, owner = (_MODEL.login(role).user for role in DatabaseRole)
        for statement in (
            f"CREATE DATABASE {name} TEMPLATE {template} OWNER {owner}",
            f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
            f"GRANT CONNECT ON DATABASE {name} TO {app}, {sequencer}, {BOTH.app.user}",
        ):
            self.admin.execute(statement.encode())

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is connected."""
        self.admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())

    def stop(self) -> None:
        """End it; nothing of it stays."""
        self.admin.close()
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        self.drain.join()
        if self.process.stderr is not None:
            self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def connect(folder: Path, name: str, user: str) -> Connection[Any]:
    """A connection to a cluster, each statement by itself."""
    import psycopg

    return psycopg.connect(host=str(folder), dbname=name, user=user, autocommit=True)


def start_cluster() -> Cluster:
    """A new server with the roles and the database that the administrator's script makes."""
    folder = Path(tempfile.mkdtemp(prefix="habeas-pg-"))
    data = folder / "data"
    as_nobody: tuple[str, ...] = ()
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
        as_nobody = ("--reuid=nobody", "--regid=nogroup", "--clear-groups")
    guarded = (shutil.which("setpriv") or "setpriv", *as_nobody, "--pdeathsig", "QUIT")
    initdb = (binary("initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C")
    subprocess.run((*guarded, *initdb, "--no-sync"), cwd=folder, check=True, capture_output=True)
    settings = [word for setting in _QUICK for word in ("-c", setting)]
    server = (binary("postgres"), "-D", str(data), "-k", str(folder), "-c", "listen_addresses=", *settings)
    process = subprocess.Popen((*guarded, *server), cwd=folder, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = list(itertools.takewhile(lambda line: _READY not in line, process.stderr))
    if process.poll() is not None:
        raise RuntimeError("postgres does not start: " + "".join(said))
    drain = threading.Thread(target=process.stderr.read, daemon=True)  # a full pipe would stop the server
    drain.start()
    psql = ("psql", "-h", str(folder), "-U", "postgres", "--set", "ON_ERROR_STOP=1", "-q", "postgres")
    subprocess.run(psql, input=role_script(_MODEL), text=True, check=True, capture_output=True)
    admin = connect(folder, "postgres", "postgres")
    admin.execute(f"CREATE ROLE {BOTH.app.user} LOGIN IN ROLE {BOTH.sequencer.user}".encode())
    return Cluster(folder, process, drain, admin)


_running: Final[list[Cluster]] = []


def cluster() -> Cluster:
    """The server of this process, started when it is first asked for."""
    if not _running:
        _running.append(start_cluster())
    return _running[0]


def stop() -> None:
    """End the server, if one was started."""
    while _running:
        _running.pop().stop()


# ------------------------------------------------------------------------------------------- homes


def server_of(home: Path) -> Postgres:
    """Where a home's database is."""
    found = read_environment({"HABEAS_HOME": str(home)}).database
    assert found is not None
    return found


def prepare(home: Path, server: Postgres = _MODEL) -> None:
    """Give a home that is not made yet an empty database of its own. Its configuration is there already."""
    if ON_SERVER:
        _copy_database(attrs.evolve(server, name=_MODEL.name), home)


def copy_home(model: Path, home: Path) -> None:
    """A home like another that nobody has open, its database with it."""
    shutil.copytree(model, home)
    if ON_SERVER:
        _copy_database(server_of(model), home)


def _copy_database(server: Postgres, home: Path) -> None:
    made = attrs.evolve(server, host=str(cluster().folder), name=f"h{next(_NAMES)}")
    cluster().make(made.name, server.name)
    _made[home] = made.name
    file = home / "config.toml"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(without_database(text) + database_table(made), encoding="utf-8")


def database_table(server: Postgres) -> str:
    """The `[database]` table that names a server; it may stand at a configuration's end."""
    login = f'[database.app]\nuser = "{server.app.user}"\n'
    return f'\n[database]\nhost = "{server.host}"\nname = "{server.name}"\n{login}'


def configure(home: Path, text: str) -> None:
    """Write a home's configuration anew, and leave its database what it is."""
    table = database_table(server_of(home)) if ON_SERVER else ""
    (home / "config.toml").write_text(text + table, encoding="utf-8")


def point(home: Path, name: str) -> None:
    """Point a home's configuration at another database of the same server."""
    file = home / "config.toml"
    server = attrs.evolve(server_of(home), name=name)
    file.write_text(without_database(file.read_text(encoding="utf-8")) + database_table(server), "utf-8")


def without_database(text: str) -> str:
    """A configuration without its `[database]` table, which stands at the end."""
    return re.sub(r"\n\[database\]\n.*\Z", "", text, flags=re.DOTALL)


def close_home(home: Path) -> None:
    """Close this process's connections, and throw the home's database away."""
    from django.db import connections

    connections.close_all()
    if home in _made:
        cluster().drop(_made.pop(home))


# ------------------------------------------------------------------------------------------- by hand


def query(home: Path, part: str, statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    """What a part of the home says to a plain statement, asked past Habeas; `%s` stand for the values."""
    if ON_SERVER:
        with _by_hand(home, part) as connection:
            return connection.execute(statement, values).fetchall()
    with closing(sqlite3.connect(home / FILES[part])) as database:
        return database.execute(statement.replace("%s", "?"), values).fetchall()


def tamper(home: Path, part: str, statement: LiteralString, *values: object) -> None:
    """Change what lies in a part of the home, past Habeas and every guard; `%s` stand for the values."""
    if ON_SERVER:
        with _by_hand(home, part) as connection, connection.transaction():
            guards = list(_unguard(connection, SCHEMAS[part]))
            connection.execute(statement, values)
            for table, name in guards:
                connection.execute(f"ALTER TABLE IF EXISTS {table} ENABLE ALWAYS TRIGGER {name}".encode())
        return
    with closing(sqlite3.connect(home / FILES[part], isolation_level=None)) as database:
        triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        for name, _ in (guards := database.execute(triggers).fetchall()):
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute(statement.replace("%s", "?"), values)
        for _, sql in guards:
            database.execute(sql)


def _by_hand(home: Path, part: str) -> Connection[Any]:
    connection = cluster().enter(server_of(home).name)
    connection.execute(f"SET search_path = {SCHEMAS[part]}".encode())
    return connection


def _unguard(connection: Connection[Any], schema: str) -> Iterator[tuple[str, str]]:
    """Switch every trigger of a schema off, those of foreign keys too; the named ones, to switch on again."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema]).fetchall()
    for (table,) in tables:
        names = connection.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table]
        ).fetchall()
        connection.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER ALL'.encode())
        yield from ((f'"{table}"', name) for (name,) in names)


def dump(home: Path) -> list[str]:
    """Every row that lies in the home's three parts, as text."""
    if not ON_SERVER:
        lines: list[str] = []
        for file in FILES.values():
            with closing(sqlite3.connect(home / file)) as database:
                lines += database.iterdump()
        return lines
    return [row for part in SCHEMAS for row in _rows(home, part)]


def _rows(home: Path, part: str) -> Iterator[str]:
    with _by_hand(home, part) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema ORDER BY 1"
        )
        for (table,) in tables.fetchall():
            for (row,) in connection.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1'.encode()):  # noqa: S608 - the catalog's names
                yield f"{table} {row}"
