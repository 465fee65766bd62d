"""Signs of life of processes that nobody can ask: a small file in the home for each.

Hides the file. A beat is not durable and in no backup; its age is told by the file system's own clock.
"""

from __future__ import annotations

import secrets
import time
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import attrs

from habeas.adapters.files import PARTIAL, PRIVATE_FILE, disk_problem

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIX: Final = ".beat"
_MAX: Final = 100


class Beat(StrEnum):
    """What a process was about when it was last heard of."""

    WAITING = "waiting"
    WORKING = "working"
    UNHEARD = "unheard"
    """It does its rounds, but too few witnesses answer."""


@attrs.frozen
class Beats:
    """The signs of life of one process, named as its command."""

    home: Path
    name: str

    @property
    def path(self) -> Path:
        """The file."""
        return self.home / f"{self.name}{_SUFFIX}"

    def beat(self, word: Beat) -> None:
        """Be alive, and say what about."""
        partial = self.home / f"{PARTIAL}{secrets.token_hex(8)}"
        try:
            partial.touch(mode=PRIVATE_FILE)
            partial.write_text(word, encoding="ascii")
            partial.replace(self.path)
        except OSError as error:
            raise disk_problem(error, self.path.name) from None

    def last(self) -> tuple[Beat, float] | None:
        """What was last said, and how many seconds ago; None where nothing readable ever was."""
        try:
            with self.path.open(encoding="ascii") as file:
                word = Beat(file.read(_MAX))
            return word, max(time.time() - self.path.stat().st_mtime, 0.0)
        except (OSError, ValueError):
            return None
