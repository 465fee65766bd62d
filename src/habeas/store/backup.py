"""Backup and restore of an embedded home (SQLite).

A backup is two archives, to be kept apart: `habeas-data-….tar` (cases, ledger, papers, configuration) and
`habeas-keys-….tar` (case keys and the installation's own keys). Whoever has only the first can read
nothing; expunging a case is not done until the older key archives that hold its key are destroyed. Keys
that lie outside the home (`…_FILE`) are in neither: whoever keeps them backs them up.

The home may be in use. The order makes the snapshot consistent:

1. the ledger first, the cases second: every entry of the ledger's snapshot was queued by a row that was
   committed before, so the cases' snapshot has it. Entries that were sequenced in between are marked
   as waiting again *in the copy*; appended again after a restore, in the same order, they give the same tree;
2. keys and papers last: they are made before any row refers to them, so what is there afterwards is a
   superset of what the cases need. An orphan is harmless, and `doctor` names it. What was expunged in
   between is gone from the backup too: erasure wins.

After a restore, compare the ledger with its witnesses before anything is signed: entries written after
the backup are not in it.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from habeas.kernel.clock import write_instant
from habeas.kernel.errors import bad
from habeas.kernel.version import VERSION
from habeas.ledger.merkle import Frontier, leaf_hashes
from habeas.ledger.trust import read_trust
from habeas.ledger.verify import open_checkpoint
from habeas.store.archive import Manifest, pack, unpack
from habeas.store.faults import disk_meaning, meaning
from habeas.store.places import CASES, DATABASES, KEYS, LEDGER
from habeas.store.upgrade import on_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

DATA: Final = "data"
SECRETS: Final = "keys"

_CHUNK: Final = 10_000
_TRIGGER: Final = "outbox_only_index"
_WAIT_SECONDS: Final = 20


@attrs.frozen
class Backup:
    """The two archives made, the ledger's size in them, and how many files they hold together."""

    data: Path
    keys: Path
    log_size: int
    files: int


@attrs.frozen
class Restored:
    """What was restored: the ledger's size, and the size of the checkpoint it was verified against."""

    log_size: int
    signed_size: int
    made_at: str


def backup(home: Path, target: Path, at: datetime) -> Backup:
    """Write the two archives into a folder, which is made where it is missing; their names carry `at`."""
    require_embedded()
    stamp = write_instant(at).replace("-", "").replace(":", "")
    paths = {part: target / f"habeas-{part}-{stamp}.tar" for part in (DATA, SECRETS)}
    if any(path.exists() for path in paths.values()):
        raise bad("backup.archive.exists", "backup")
    with _work_folder(target) as work:
        copies = {alias: work / DATABASES[alias] for alias in (LEDGER, CASES, KEYS)}
        for alias, copy in copies.items():  # the order matters: see above
            _snapshot(home / DATABASES[alias], copy)
        log_size, checkpoint = _requeue_later(copies[LEDGER], copies[CASES])
        manifest = Manifest("", write_instant(at), VERSION, log_size, checkpoint, {})
        papers = sorted(home.glob("blobs/??/[0-9a-f]*.*"))
        data = [(copies[a].name, copies[a]) for a in (CASES, LEDGER)]
        data += [(str(p.relative_to(home)), p) for p in (home / "config.toml", *papers)]
        keys = [(copies[KEYS].name, copies[KEYS])]
        keys += [(f"keys/{p.name}", p) for p in sorted((home / "keys").glob("[!.]*"))]
        made = [
            pack(paths[part], files, attrs.evolve(manifest, part=part))
            for part, files in ((DATA, data), (SECRETS, keys))
        ]
    return Backup(paths[DATA], paths[SECRETS], log_size, sum(len(m.files) for m in made))


def require_embedded() -> None:
    """`backup.database.server` where the databases are on a server, not files of the home."""
    if on_server():
        raise bad("backup.database.server", "backup")


@contextmanager
def _work_folder(target: Path) -> Iterator[Path]:
    """A private folder beside the archives; gone afterwards."""
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".partial-", dir=target))
    except OSError as error:
        raise disk_meaning(error, "backup") from None
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of this room's own; its failures have words."""
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise meaning(error) from None


def _snapshot(source: Path, copy: Path) -> None:
    """A consistent copy of a database that may be in use, in one file."""
    if not source.is_file():
        raise bad("store.home.not_ready", "home")
    with _open(source) as original, _open(copy) as made:
        original.backup(made)
        made.execute("PRAGMA journal_mode=DELETE")


def _requeue_later(ledger: Path, cases: Path) -> tuple[int, str]:
    """In the copy of the cases, let those entries wait again that the copy of the ledger does not have."""
    with _open(ledger) as log:
        (size,) = log.execute("SELECT COALESCE(MAX(idx) + 1, 0) FROM log_entry").fetchone()
        note = log.execute("SELECT note FROM log_checkpoint ORDER BY number DESC LIMIT 1").fetchone()
    with _open(cases) as copy:
        guard = copy.execute("SELECT sql FROM sqlite_master WHERE name = ?", [_TRIGGER]).fetchone()
        copy.execute("BEGIN")
        copy.execute(f"DROP TRIGGER {_TRIGGER}")
        copy.execute("UPDATE outbox SET idx = NULL WHERE idx >= ?", [size])
        copy.execute(guard[0])
        copy.execute("COMMIT")
    return size, note[0] if note else ""


def restore(data: Path, keys: Path, home: Path) -> Restored:
    """Make a home of two archives. The home must be missing or empty (`store.home.not_empty`).

    Every file is compared with its digest, every database is checked, and the ledger must give the root
    its newest checkpoint signs, under the key in the key archive: archives of two installations do not
    fit. Only then is the home put in its place; when something fails, nothing is left behind.
    """
    require_embedded()
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise bad("store.home.not_empty", "home")
    work = home.with_name(f".{home.name}-{secrets.token_hex(4)}")
    try:
        work.mkdir(mode=0o700, parents=True)
        manifest = unpack(data, work, DATA)
        unpack(keys, work, SECRETS)
        result = _check(work, manifest)
        work.replace(home)
    except OSError as error:
        raise disk_meaning(error, "home") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return result


def _check(home: Path, manifest: Manifest) -> Restored:
    for name in DATABASES.values():
        if not (home / name).is_file():
            raise bad("backup.archive.damaged", "backup", part="databases")
        with _open(home / name) as database:
            if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise bad("store.database.damaged", name)
    with _open(home / DATABASES[LEDGER]) as log:
        signed = _check_ledger(log, home / "keys" / "ledger.vkey")
        (size,) = log.execute("SELECT COUNT(*) FROM log_entry").fetchone()
    return Restored(size, signed, manifest.made_at)


def _check_ledger(log: sqlite3.Connection, vkeys: Path) -> int:
    """The size of the newest checkpoint, whose root the entries give; 0 where nothing was signed yet."""
    note = log.execute("SELECT note FROM log_checkpoint ORDER BY number DESC LIMIT 1").fetchone()
    if note is None:
        return 0
    if not vkeys.is_file():
        raise bad("keys.file.missing", vkeys.name)
    head = open_checkpoint(note[0], read_trust(vkeys.read_text(encoding="ascii").split()))
    rows = log.execute("SELECT data FROM log_entry WHERE idx < ? ORDER BY idx", [head.size])
    tree = Frontier()
    while some := rows.fetchmany(_CHUNK):
        tree = tree.extend(leaf_hashes(data for (data,) in some))
    if tree.size != head.size or tree.root() != head.root:
        raise bad("ledger.root.differs", "ledger")
    return head.size
