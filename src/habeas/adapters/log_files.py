"""A log as a folder of static files (C2SP tlog-tiles), which any web server serves as it is.

Hides temporary names, flushing and rights. Promises that every file is wholly there or not at all, that
after `flush()` everything put before is on the disk, that files are readable by a web server of another
user, and that reading a stranger's folder never waits for what is not a plain file.

Beside `checkpoint` there may be `checkpoint.waiting`: a newer one that the log has signed and not
enough witnesses have cosigned yet. It serves the log's own recovery (`usecases.resume`).
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import attrs

from habeas.adapters.files import PARTIAL, disk_problem, flush_folder
from habeas.kernel.errors import BadInput, bad
from habeas.ledger.merkle import HASH_SIZE
from habeas.ledger.note import MAX_NOTE
from habeas.ledger.tiles import ENTRIES, MAX_ENTRY, WIDTH, Tile, decode_bundle, encode_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHECKPOINT: Final = "checkpoint"
"""The newest checkpoint that strangers are shown."""

WAITING: Final = "checkpoint.waiting"
"""A newer one that still waits for witnesses."""

LOCK: Final = ".lock"
"""Held by whoever exports into the folder."""

_FOLDER: Final = 0o755
_FILE: Final = 0o644


def limit_of(tile: Tile) -> int:
    """The most bytes that a tile or a bundle may have."""
    return tile.width * (2 + MAX_ENTRY if tile.level == ENTRIES else HASH_SIZE)


def read_front(fetch: Callable[[str, int], bytes | None], tile: Tile) -> bytes | None:
    """A tile or bundle by its path; else the front of the full one, which may stand there instead.

    `fetch(path, limit)` gives a file's bytes, or one byte more than the limit, or None.
    """
    data = fetch(tile.path, limit_of(tile))
    if data is not None or tile.width == WIDTH:
        return data
    whole = Tile(tile.level, tile.n)
    full = fetch(whole.path, limit_of(whole))
    if full is None:
        return None
    if tile.level != ENTRIES:
        return full[: tile.width * HASH_SIZE]
    try:
        return encode_bundle(decode_bundle(full, whole)[: tile.width])
    except BadInput:
        return full  # damaged: whoever reads it will say so


@attrs.define
class LogFolder:
    """A `ledger.tiles.Reader` and a shelf to export to (`usecases.export_log.Shelf`)."""

    folder: Path
    _written: set[Path] = attrs.field(factory=set, init=False, repr=False)

    # ------------------------------------------------------------------------------------ reading

    def checkpoint(self) -> bytes | None:
        """The file `checkpoint`."""
        return self._fetch(CHECKPOINT, MAX_NOTE)

    def waiting(self) -> bytes | None:
        """The file `checkpoint.waiting`."""
        return self._fetch(WAITING, MAX_NOTE)

    def read(self, tile: Tile) -> bytes | None:
        """The bytes of a tile or bundle."""
        return read_front(self._fetch, tile)

    def stored(self, path: str, limit: int) -> bytes | None:
        """The bytes of a file just as it stands there; None where it is missing or no plain file."""
        return self._fetch(path, limit)

    def paths(self) -> Iterator[str]:
        """Every file in the folder, as a path below it, sorted."""
        yield from sorted(
            file.relative_to(self.folder).as_posix()
            for file in self.folder.rglob("*")
            if file.is_symlink() or not file.is_dir()
        )

    def _fetch(self, path: str, limit: int) -> bytes | None:
        try:
            descriptor = os.open(self.folder / path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise disk_problem(error, path) from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            return None
        with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor opened without waiting
            return file.read(limit + 1)

    # ------------------------------------------------------------------------------------ writing

    def put(self, path: str, data: bytes) -> bool:
        """Write a file, unless it is there with just these bytes; whether anything was written."""
        if self._fetch(path, len(data)) == data:
            return False
        target = self.folder / path
        partial = target.with_name(f"{PARTIAL}{secrets.token_hex(8)}")
        try:
            self._make(target.parent)
            _write(partial, data)
            partial.replace(target)
        except OSError as error:
            raise disk_problem(error, path) from None
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
        self._written.add(target.parent)
        return True

    def flush(self) -> None:
        """Make everything put before durable."""
        for folder in sorted(self._written):
            try:
                flush_folder(folder)
            except OSError as error:
                raise disk_problem(error, folder.name) from None
        self._written.clear()

    def drop_partials(self, tile: Tile) -> None:
        """Remove the partial tiles that a full one replaces."""
        shutil.rmtree(self.folder / f"{tile.path}.p", ignore_errors=True)

    def drop_waiting(self) -> None:
        """Remove `checkpoint.waiting`."""
        try:
            (self.folder / WAITING).unlink(missing_ok=True)
        except OSError as error:
            raise disk_problem(error, WAITING) from None

    def drop_unfinished(self) -> None:
        """Remove what a killed export left; the caller holds the folder's lock."""
        for file in self.folder.rglob(f"{PARTIAL}*"):
            with suppress(OSError):
                file.unlink()

    def _make(self, folder: Path) -> None:
        missing = []
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for one in reversed(missing):
            one.mkdir(exist_ok=True)
            one.chmod(_FOLDER)
            self._written.add(one.parent)


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _FILE)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor made with its permissions
        os.fchmod(descriptor, _FILE)  # what is published is public, whatever the umask
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def make_log_folder(folder: Path) -> LogFolder:
    """The folder to export to, made where it is missing."""
    made = LogFolder(folder)
    try:
        folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise disk_problem(error, folder.name) from None
    return made


def open_log_folder(folder: Path) -> LogFolder:
    """A folder to read; `ledger.mirror.missing` where there is none."""
    if not folder.is_dir():
        raise bad("ledger.mirror.missing", folder.name or "mirror")
    return LogFolder(folder)
