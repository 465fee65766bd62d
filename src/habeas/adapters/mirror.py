"""A mirror of a log, wherever it lies: a folder, or static files behind http or https.

Hides fetching. Promises that only "there is no such file" (404, 410) counts as missing; whatever else a
server answers means that nothing was learnt, and ends the check with a `BadInput` instead of a finding.
"""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import attrs

from habeas.adapters.log_files import CHECKPOINT, WAITING, open_log_folder, read_front
from habeas.adapters.web_client import Server
from habeas.kernel.errors import bad
from habeas.ledger.note import MAX_NOTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.ledger.tiles import Tile

_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class Mirror(Protocol):
    """A `ledger.tiles.Reader` that may also know a newer checkpoint, still without witnesses."""

    def checkpoint(self) -> bytes | None:
        """The checkpoint that strangers are shown."""
        ...

    def waiting(self) -> bytes | None:
        """A newer one that waits for witnesses."""
        ...

    def read(self, tile: Tile) -> bytes | None:
        """The bytes of a tile or bundle."""
        ...


@attrs.frozen
class WebMirror:
    """Static files below a URL."""

    server: Server

    def checkpoint(self) -> bytes | None:
        """The file `checkpoint`."""
        return self._fetch(CHECKPOINT, MAX_NOTE)

    def waiting(self) -> bytes | None:
        """The file `checkpoint.waiting`."""
        return self._fetch(WAITING, MAX_NOTE)

    def read(self, tile: Tile) -> bytes | None:
        """The bytes of a tile or bundle."""
        return read_front(self._fetch, tile)

    def _fetch(self, path: str, limit: int) -> bytes | None:
        answer = self.server.get(path, limit)
        if answer.status in _GONE:
            return None
        if answer.status != HTTPStatus.OK:
            raise bad("ledger.mirror.failed", path, status=answer.status)
        return answer.body


@contextmanager
def open_mirror(place: str) -> Iterator[Mirror]:
    """A mirror by folder or by `http://…` or `https://…`."""
    if not place.startswith(("http://", "https://")):
        yield open_log_folder(Path(place))
        return
    server = Server(place)
    try:
        yield WebMirror(server)
    finally:
        server.close()
