"""Papers as encrypted files: `blobs/ab/cdef….<case id>`.

Hides paths and encryption. Promises that `put` returned means durable, that a failed `put` leaves nothing
half-written, and that altered bytes never come back. A paper is kept once for each case it came in, under
that case's key: expunging one case takes its copy and no other. The address is a keyed digest of the
plain bytes; neither it nor the name of the file says anything without the instance key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import attrs

from habeas.adapters.files import PARTIAL, disk_problem, flush_folder, write_durably
from habeas.kernel.errors import broken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from habeas.adapters.key_files import InstanceKey
    from habeas.usecases.ports import Keys

_NAME: Final = re.compile(r"(?P<rest>[0-9a-f]{62})\.(?P<case>[0-9a-f-]{36})")
_PLACE: Final = "blob"


class Cipher(Protocol):
    """What this room needs of a cipher."""

    def seal(self, key: bytes, plain: bytes, bound: bytes) -> bytes:
        """Sealed bytes."""
        ...

    def open(self, key: bytes, sealed: bytes, bound: bytes) -> bytes:
        """The bytes again, or a `BrokenInvariant`."""
        ...


class Kept(NamedTuple):
    """One stored file: its address and its case."""

    address: str
    case_id: str


@attrs.frozen
class BlobFiles:
    """`Blobs` in a folder."""

    folder: Path
    keys: Keys
    instance: InstanceKey
    cipher: Cipher

    def put(self, data: bytes, case_id: str) -> str:
        """Store bytes durably under the case's key; the address. Storing them again changes nothing.

        `BadInput` `store.disk.full` where they do not fit.
        """
        key = self.keys.get(case_id).data
        address = self.instance.address(data)
        path = self._path(address, case_id)
        if path.exists():
            self.get(address, case_id)
            flush_folder(path.parent)
            flush_folder(self.folder)
        else:
            write_durably(path, self.cipher.seal(key, data, _bound(address, case_id)), _PLACE)
        return address

    def get(self, address: str, case_id: str) -> bytes:
        """The bytes back; `BrokenInvariant` where they were altered (`store.sealed.altered`) or are gone."""
        key = self.keys.get(case_id).data
        try:
            sealed = self._path(address, case_id).read_bytes()
        except FileNotFoundError:
            raise broken("blobs.file.missing", _PLACE) from None
        except OSError as error:
            raise disk_problem(error, _PLACE) from None
        return self.cipher.open(key, sealed, _bound(address, case_id))

    def forget(self, case_id: str) -> int:
        """Delete every file of a case, whose key is gone; how many there were."""
        found = [kept for kept in self.every() if kept.case_id == case_id]
        for kept in found:
            path = self._path(*kept)
            path.unlink(missing_ok=True)
            flush_folder(path.parent)
        return len(found)

    def every(self) -> Iterator[Kept]:
        """Every stored file."""
        for path in sorted(self.folder.glob("??/*")):
            found = _NAME.fullmatch(path.name)
            if found is not None:
                yield Kept(path.parent.name + found["rest"], found["case"])

    def unfinished(self) -> list[Path]:
        """What a crash left half-written; nothing refers to it."""
        return sorted(self.folder.glob(f"??/{PARTIAL}*"))

    def _path(self, address: str, case_id: str) -> Path:
        if not _NAME.fullmatch(f"{address[2:]}.{case_id}"):
            raise broken("blobs.file.missing", _PLACE)
        return self.folder / address[:2] / f"{address[2:]}.{case_id}"


def _bound(address: str, case_id: str) -> bytes:
    return f"habeas/blob/v1\n{address}\n{case_id}".encode()
