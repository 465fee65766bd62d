"""The mark on a halted log: the file `HALTED` in the home.

Hides its form (`habeas.halted.v1`). Promises that it is durable, that the first reason stays, that no
backup carries it, and that a file which cannot be read still halts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from habeas.adapters.files import disk_problem, flush_folder, write_durably
from habeas.kernel.canonical import decode, encode
from habeas.kernel.errors import BadInput
from habeas.usecases.advance import Halted

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "HALTED"
"""The file's name in the home."""

SCHEMA: Final = "habeas.halted.v1"
"""The `schema` of the file."""

_MAX: Final = 10_000


@attrs.frozen
class HaltFile:
    """`usecases.advance.Halt` as a file."""

    home: Path

    @property
    def path(self) -> Path:
        """The file."""
        return self.home / NAME

    def reason(self) -> Halted | None:
        """Why the log is halted; None where there is no such file."""
        try:
            with self.path.open("rb") as file:
                document = decode(file.read(_MAX), NAME)
        except FileNotFoundError:
            return None
        except (OSError, BadInput):
            document = {}
        told = document if isinstance(document, dict) else {}
        return Halted(*(str(told.get(key, "unknown")) for key in ("code", "line", "at")))

    def set(self, halted: Halted) -> None:
        """Write the file, unless it is there."""
        document = {"schema": SCHEMA, **attrs.asdict(halted)}
        if not self.path.exists():
            write_durably(self.path, encode(document) + b"\n", NAME)

    def lift(self) -> None:
        """Remove the file."""
        try:
            self.path.unlink(missing_ok=True)
            flush_folder(self.home)
        except OSError as error:
            raise disk_problem(error, NAME) from None
