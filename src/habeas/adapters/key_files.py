"""The installation's own keys, as files: master key, instance key, ledger key.

Hides where a key lies and how it is written. Promises that a key once made is never overwritten, that
no key is in a representation or an error, and that making keys for a home that already has cases is
refused: new keys would open nothing.

In `keys/` (0700), each 0600: `master.key` wraps the case keys; `instance.key` makes blob addresses and
tokens; `ledger.skey` signs checkpoints and `ledger.vkey` names its public half. A key may lie elsewhere
(`…_FILE`), a mounted secret for example; such a one must exist and is never made here.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from typing import TYPE_CHECKING, Final

import attrs
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from habeas.adapters.files import PRIVATE_FOLDER, disk_problem, make_folder, write_durably
from habeas.kernel.errors import bad
from habeas.ledger.keys import SignatureType, SignerKey, parse_skey, parse_vkey
from habeas.ledger.spelling import is_name

if TYPE_CHECKING:
    from pathlib import Path

    from habeas.ledger.keys import VerifierKey

KEY_SIZE: Final = 32
"""Bytes of the master and the instance key."""

_HEX: Final = re.compile(r"[0-9a-f]{64}\n?")
_MAX_FILE: Final = 10_000


@attrs.frozen
class KeyFiles:
    """Where the keys lie. The three files are None where they are in `folder` under their own names."""

    folder: Path
    master_file: Path | None = None
    instance_file: Path | None = None
    ledger_file: Path | None = None

    @property
    def master_path(self) -> Path:
        """The master key's file."""
        return self.master_file or self.folder / "master.key"

    @property
    def instance_path(self) -> Path:
        """The instance key's file."""
        return self.instance_file or self.folder / "instance.key"

    @property
    def ledger_path(self) -> Path:
        """The ledger's private key's file: only the sequencer reads it."""
        return self.ledger_file or self.folder / "ledger.skey"

    @property
    def vkey_path(self) -> Path:
        """The ledger's public keys, one a line: the present one first, then those it replaced."""
        return self.folder / "ledger.vkey"

    def master(self) -> bytes:
        """The master key, 32 bytes."""
        return _read_secret(self.master_path)

    def accounts(self) -> bytes:
        """The key of accounts' second factors, 32 bytes: the master key's own child (HKDF, RFC 5869)."""
        return HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=None, info=b"habeas/accounts/v1").derive(
            self.master()
        )

    def instance(self) -> InstanceKey:
        """The instance key."""
        return InstanceKey(_read_secret(self.instance_path))

    def signer(self) -> SignerKey:
        """The ledger's private key; only the sequencer may call this."""
        return parse_skey(_read(self.ledger_path).strip())

    def vkeys(self) -> tuple[VerifierKey, ...]:
        """The ledger's public keys."""
        return tuple(parse_vkey(line) for line in _read(self.vkey_path).splitlines() if line)


@attrs.frozen
class InstanceKey:
    """What tells this installation's digests from everybody else's (an unkeyed one is an oracle)."""

    secret: bytes = attrs.field(repr=False)

    def address(self, data: bytes) -> str:
        """A blob's address: HMAC-SHA256 (contracts.md), hexadecimal."""
        return hmac.new(self.secret, data, hashlib.sha256).hexdigest()

    def token(self, purpose: str, data: bytes) -> str:
        """HMAC-SHA256 under a key of its own for each purpose (HKDF, RFC 5869), hexadecimal.

        A key of its own, because anybody can send bytes and have their address computed.
        """
        info = f"habeas/token/v1\n{purpose}".encode()
        key = HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=None, info=info).derive(self.secret)
        return hmac.new(key, data, hashlib.sha256).hexdigest()


def make_keys(files: KeyFiles, origin: str, *, fresh: bool) -> None:
    """Make every key of a new installation that is not there yet; `origin` names the ledger, for ever.

    `fresh` says that the home has no cases yet; otherwise a missing key is `keys.file.missing`.
    """
    if fresh and not is_name(origin):
        raise bad("keys.origin.missing", "origin")
    apart = (files.master_file, files.instance_file, files.ledger_file)
    every = (files.master_path, files.instance_path, files.ledger_path, files.vkey_path)
    for path in apart if fresh else every:
        if path is not None and not path.is_file():
            raise bad("keys.file.missing", path.name)
    try:
        make_folder(files.folder)
        files.folder.chmod(PRIVATE_FOLDER)
    except OSError as error:
        raise disk_problem(error, files.folder.name) from None
    _make(files.master_path, f"{os.urandom(KEY_SIZE).hex()}\n")
    _make(files.instance_path, f"{os.urandom(KEY_SIZE).hex()}\n")
    _make(files.ledger_path, f"{SignerKey(origin, SignatureType.ED25519, os.urandom(KEY_SIZE)).skey}\n")
    _make(files.vkey_path, f"{files.signer().verifier.vkey}\n")


def _make(path: Path, text: str) -> None:
    if path.exists():
        return
    try:
        write_durably(path, text.encode(), path.name, replace=False)
    except FileExistsError:
        return  # another process was faster; its key counts


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_FILE).decode("ascii")
    except FileNotFoundError:
        raise bad("keys.file.missing", path.name) from None
    except UnicodeDecodeError:
        raise bad("keys.file.malformed", path.name) from None
    except OSError as error:
        raise disk_problem(error, path.name) from None


def _read_secret(path: Path) -> bytes:
    text = _read(path)
    if not _HEX.fullmatch(text):
        raise bad("keys.file.malformed", path.name)
    return bytes.fromhex(text.strip())
