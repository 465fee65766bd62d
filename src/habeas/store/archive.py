"""One backup archive: an uncompressed tar of private files with a manifest of their digests.

Hides tar. Promises that an archive is wholly there or not at all, that what it holds is exactly what its
manifest names, and that unpacking writes nothing outside the folder given, whatever the archive says.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import tarfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.kernel import canonical
from habeas.kernel.errors import BadInput, bad
from habeas.store.faults import disk_meaning

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import IO

SCHEMA: Final = "habeas.backup.v1"
MANIFEST: Final = "manifest.json"

_NAME: Final = re.compile(
    r"(habeas|ledger|keys)\.sqlite3|config\.toml|keys/[a-z0-9][a-z0-9.]*|blobs/[0-9a-f]{2}/[0-9a-f]{62}\.[0-9a-f-]{36}"
)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_PIECE: Final = 1 << 20
_FILE_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700


@attrs.frozen
class Manifest:
    """What an archive says of itself: `data` or `keys`, when and by which version it was made, the ledger's
    size and newest checkpoint, and the SHA-256 of every file.
    """

    part: str
    made_at: str
    version: str
    log_size: int
    checkpoint: str
    files: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """The `habeas.backup.v1` document."""
        return {"schema": SCHEMA, **attrs.asdict(self)}


@attrs.define
class _Digesting:
    """A file that is digested as it is read."""

    file: IO[bytes]
    sha256: Any = attrs.field(factory=hashlib.sha256)

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.sha256.update(data)
        return data


def pack(path: Path, files: Iterable[tuple[str, Path]], manifest: Manifest) -> Manifest:
    """Write an archive of (name, file); the manifest with the digests. A file that is gone is left out:
    it was expunged in the meantime.
    """
    partial = path.with_name(f".partial-{secrets.token_hex(8)}")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE), "wb") as raw:  # noqa: PTH123 - made with its permissions
            with tarfile.open(fileobj=raw, mode="w") as tar:
                digests = _add_all(tar, files)
                full = attrs.evolve(manifest, files=digests)
                _add(tar, MANIFEST, io.BytesIO(data := canonical.encode(full.as_json())), len(data))
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        raise disk_meaning(error, "backup") from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return full


def _add_all(tar: tarfile.TarFile, files: Iterable[tuple[str, Path]]) -> dict[str, str]:
    digests: dict[str, str] = {}
    for name, file in files:
        try:
            with file.open("rb") as opened:
                digests[name] = _add(tar, name, opened, os.fstat(opened.fileno()).st_size)
        except FileNotFoundError:
            continue
    return digests


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes], size: int) -> str:
    digesting = _Digesting(file)
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, _FILE_MODE
    tar.addfile(member, digesting)
    return str(digesting.sha256.hexdigest())


def unpack(path: Path, folder: Path, part: str) -> Manifest:
    """Write an archive's files below a folder, each compared with its digest.

    `backup.archive.malformed` where it is no archive of this part; `backup.archive.damaged` where a file is
    missing, left over, or differs.
    """
    try:
        with tarfile.open(path, mode="r:") as tar:
            manifest = _read_manifest(tar, part)
            left = dict(manifest.files)
            for member in tar:
                if member.name == MANIFEST:
                    continue
                wanted = left.pop(member.name, None)
                source = tar.extractfile(member) if member.isreg() else None
                if wanted is None or source is None or _write(folder / member.name, source) != wanted:
                    raise bad("backup.archive.damaged", "backup", part=part)
    except (tarfile.TarError, EOFError):
        raise bad("backup.archive.malformed", "backup", part=part) from None
    except FileNotFoundError:
        raise bad("backup.archive.missing", part) from None
    except OSError as error:
        raise disk_meaning(error, part) from None
    if left:
        raise bad("backup.archive.damaged", "backup", part=part)
    return manifest


def _read_manifest(tar: tarfile.TarFile, part: str) -> Manifest:
    try:
        source = tar.extractfile(MANIFEST)
        document = canonical.decode(source.read() if source else b"", part)
        schema = document.pop("schema")
        manifest = Manifest(**document)
        names = all(_NAME.fullmatch(n) and _DIGEST.fullmatch(d) for n, d in manifest.files.items())
    except (KeyError, TypeError, AttributeError, BadInput):
        raise bad("backup.archive.malformed", "backup", part=part) from None
    if schema != SCHEMA or manifest.part != part or not names:
        raise bad("backup.archive.malformed", "backup", part=part)
    return manifest


def _write(path: Path, source: IO[bytes]) -> str:
    """Write one file, durably; its SHA-256."""
    for folder in (*reversed(path.parent.parents), path.parent):
        if not folder.exists():
            folder.mkdir(mode=_FOLDER_MODE)  # `parents=True` would give the upper ones other rights
    digesting = _Digesting(source)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE), "wb") as target:  # noqa: PTH123 - as above
        while piece := digesting.read(_PIECE):
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    return str(digesting.sha256.hexdigest())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
