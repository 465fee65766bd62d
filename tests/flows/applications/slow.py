"""A WSGI application whose `/slow` writes into one pipe, then waits for another before it answers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_BEGUN, _GO_ON = (Path(os.environ[name]) for name in ("BEGUN", "GO_ON"))


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """The process's number; for `/slow`, once it may go on."""
    if environ["PATH_INFO"] == "/slow":
        _BEGUN.write_text(".", encoding="ascii")
        _GO_ON.read_text(encoding="ascii")
    start("200 OK", [("content-type", "text/plain")])
    return [str(os.getpid()).encode()]
