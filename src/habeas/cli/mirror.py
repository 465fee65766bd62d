"""Checking a log that lies somewhere else: a folder or a URL. Neither Django nor a home is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from habeas.adapters.log_files import LogFolder
from habeas.adapters.mirror import open_mirror
from habeas.ledger.trust import Trust
from habeas.verifier.leftovers import Leftovers, look_around
from habeas.verifier.mirror import LogCheck, check_log, describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.adapters.mirror import Mirror
    from habeas.kernel.errors import Problem
    from habeas.ledger.note import Checkpoint
    from habeas.ledger.tiles import Reader, Tile

_REMARKS = {
    "ahead": "{} files lie beyond the checkpoint: an export was interrupted, or is at work",
    "unfinished": "{} files were left unfinished by an export; the next one writes them anew",
    "stray": "{} files are no part of a log",
}


@attrs.frozen
class _Waiting:
    """A mirror, read under the checkpoint that still waits for witnesses."""

    mirror: Mirror
    note: bytes

    def checkpoint(self) -> bytes:
        """The waiting checkpoint."""
        return self.note

    def read(self, tile: Tile) -> bytes | None:
        """The mirror's own."""
        return self.mirror.read(tile)


def check(reader: Reader, trust: Trust, kept: Path | None) -> LogCheck:
    """The recipe of `verifier.mirror` over a log."""
    return check_log(reader, trust, None if kept is None else kept.read_bytes())


def verify_mirror(place: str, trust: Trust, kept: Path | None) -> tuple[dict[str, Any], Iterator[str], int]:
    """What `verify MIRROR` says: a document, lines, an exit code."""
    with open_mirror(place) as mirror:
        found = check(mirror, trust, kept)
    return found.as_json(), describe(found), found.exit_code


def fsck_mirror(place: str, trust: Trust, kept: Path | None) -> tuple[dict[str, Any], Iterator[str], int]:
    """As `verify_mirror`, and also what waits for witnesses there and, in a folder, every other file."""
    rest = Leftovers((), {})
    with open_mirror(place) as mirror:
        found = check(mirror, trust, kept)
        waiting = _waiting_findings(mirror, trust, found.head)
        if isinstance(mirror, LogFolder) and found.head is not None:
            rest = look_around(mirror, found.head.size)
    more = (*found.findings, *waiting, *rest.findings)
    found = attrs.evolve(found, findings=tuple(dict.fromkeys(more)))
    document = found.as_json() | {"remarks": {str(name): count for name, count in rest.remarks.items()}}
    return document, _fsck_lines(found, rest), found.exit_code


def _waiting_findings(mirror: Mirror, trust: Trust, shown: Checkpoint | None) -> tuple[Problem, ...]:
    """What is wrong below the checkpoint that waits, if there is one newer than the one shown."""
    note, alone = mirror.waiting(), Trust(trust.logs)
    if note is None:
        return ()
    found = check_log(_Waiting(mirror, note), alone)
    if shown is not None and found.head is not None and found.head.size <= shown.size:
        return ()
    return found.findings


def _fsck_lines(found: LogCheck, rest: Leftovers) -> Iterator[str]:
    yield from describe(found)
    yield from (_REMARKS[name].format(count) for name, count in rest.remarks.items())
