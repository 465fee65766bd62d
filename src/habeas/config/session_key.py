"""The key that signs the console's cookies: made once, in the home's `keys/`, or named by a file."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from habeas.kernel.errors import bad

_NAME: Final = "session.key"
_BYTES: Final = 48
_PRIVATE: Final = 0o600


def session_key(home: Path, named: Path | None) -> str:
    """The key as text. Made on first use where none is named; two processes that start at once agree."""
    path = named or home / "keys" / _NAME
    if named is None and not path.exists():
        _make(path)
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise bad("config.file.unreadable", path.name) from None
    if len(key) < _BYTES:
        raise bad("config.value.empty", path.name)
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{_NAME}.{os.getpid()}")
    fresh.touch(mode=_PRIVATE)
    fresh.write_text(secrets.token_urlsafe(_BYTES), encoding="ascii")
    try:
        path.hardlink_to(fresh)  # fails where another process was faster: its key counts
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
