"""A home with everything the store and the adapters need, as the composition root makes it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs

from habeas.adapters.blob_files import BlobFiles
from habeas.adapters.cipher import AesGcm
from habeas.adapters.clock import SystemClock
from habeas.adapters.ids import RandomIds
from habeas.adapters.key_files import KeyFiles, make_keys
from habeas.adapters.signer import CheckpointSigner
from habeas.config.environment import read_environment
from habeas.config.postgres import DatabaseRole
from habeas.config.start import start
from tests import databases

if TYPE_CHECKING:
    from pathlib import Path

    from habeas.config.environment import Environment
    from habeas.store.opening import Store

ORIGIN = "ledger.example/tests"
AT = datetime(2020, 9, 14, 15, 30, tzinfo=UTC)


@attrs.frozen
class Installation:
    """A home, opened."""

    home: Path
    files: KeyFiles
    store: Store
    blobs: BlobFiles
    ids: RandomIds
    signer: CheckpointSigner


def environment(home: Path) -> Environment:
    """What the home's own configuration says: on PostgreSQL, where its database is."""
    return read_environment({"HABEAS_HOME": str(home)})


def make_home(home: Path) -> None:
    """A new home: keys, then tables."""
    home.mkdir(mode=0o700, exist_ok=True)
    databases.prepare(home, databases.BOTH)
    make_keys(KeyFiles(home / "keys"), ORIGIN, fresh=True)
    make_tables(home)


def make_tables(home: Path) -> tuple[str, ...]:
    """Make or migrate the tables, as their owner; the names of the migrations that were new."""
    told = environment(home)
    start(told, DatabaseRole.OWNER)
    from habeas.store.rights import Roles
    from habeas.store.upgrade import upgrade

    server = told.database
    return upgrade(None if server is None else Roles(server.app.user, server.sequencer.user))


def open_home(home: Path, role: DatabaseRole = DatabaseRole.APP) -> Installation:
    """Open a home that is there."""
    start(environment(home), role)
    from habeas.store.opening import open_store

    files, ids, cipher = KeyFiles(home / "keys"), RandomIds(SystemClock()), AesGcm()
    instance = files.instance()
    store = open_store(master_key=files.master(), tokens=instance, cipher=cipher, ids=ids)
    return Installation(
        home=home,
        files=files,
        store=store,
        blobs=BlobFiles(home / "blobs", store.keys, instance, cipher),
        ids=ids,
        signer=CheckpointSigner(files.signer()),
    )
