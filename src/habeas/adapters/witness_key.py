"""A witness's private key, as a file of its own (0600), one line `PRIVATE+KEY+…` of type 04."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from habeas.adapters.files import disk_problem, write_durably
from habeas.kernel.errors import bad
from habeas.ledger.keys import SignatureType, SignerKey, parse_skey

if TYPE_CHECKING:
    from pathlib import Path

_SEED_SIZE: Final = 32
_MAX_FILE: Final = 10_000


def make_key(path: Path, name: str) -> SignerKey:
    """A new key in a new file; an existing file is never overwritten (`witness.key.exists`)."""
    key = SignerKey(name, SignatureType.COSIGNATURE, os.urandom(_SEED_SIZE))
    try:
        write_durably(path, f"{key.skey}\n".encode(), path.name, replace=False)
    except FileExistsError:
        raise bad("witness.key.exists", path.name) from None
    return key


def read_key(path: Path) -> SignerKey:
    """The key in a file; `BadInput` where there is none, or one that makes no cosignatures."""
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_FILE).decode("ascii")
    except FileNotFoundError:
        raise bad("keys.file.missing", path.name) from None
    except UnicodeDecodeError:
        raise bad("keys.file.malformed", path.name) from None
    except OSError as error:
        raise disk_problem(error, path.name) from None
    key = parse_skey(text.strip())
    if key.kind is not SignatureType.COSIGNATURE:
        raise bad("witness.key.wrong_type", path.name)
    return key
