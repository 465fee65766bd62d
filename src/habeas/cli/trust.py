"""The keys a verifier trusts: from the command line or a file of them, never from what is verified."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from habeas.kernel.errors import bad
from habeas.ledger.trust import Trust, read_trust

if TYPE_CHECKING:
    from collections.abc import Callable

_QUORUM: Final = "quorum"


def trust_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--vkey KEY` (repeatable) and `--trust FILE`."""
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    wrapped = click.option("--trust", type=file, help="A file with one key a line, and `quorum N`.")(command)
    return click.option("--vkey", "vkeys", multiple=True, help="A key you trust: name+hex+base64.")(wrapped)


def trusted(vkeys: tuple[str, ...], file: Path | None) -> Trust:
    """What the caller accepts; no key at all is a `BadInput` (exit 2). `#` starts a comment in the file."""
    found, quorum = list(vkeys), 0
    for line in _lines(file) if file else ():
        words = line.partition("#")[0].split()
        if len(words) == 2 and words[0] == _QUORUM and words[1].isdecimal():  # noqa: PLR2004 - `quorum N`
            quorum = int(words[1])
        else:
            found += words
    return read_trust(found, quorum)


def _lines(file: Path) -> list[str]:
    try:
        return file.read_bytes().decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise bad("json.text.not_utf8", file.name) from None
