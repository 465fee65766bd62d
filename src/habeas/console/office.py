"""The desk behind every page: one for the process, opened when the first page asks."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

from habeas.wiring import open_desk

if TYPE_CHECKING:
    from habeas.wiring import Desk

_OPENING: Final = Lock()
_opened: list[Desk] = []


def desk() -> Desk:
    """The open home of this process."""
    if not _opened:
        with _OPENING:
            if not _opened:
                _opened.append(open_desk())
    return _opened[0]


def use(opened: Desk | None) -> None:
    """Put another desk behind the pages, or none, so that the next page opens one: tests change homes."""
    with _OPENING:
        _opened[:] = [] if opened is None else [opened]
