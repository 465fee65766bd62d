"""Keys of signed notes: verifier keys (`vkey`), signer keys (`skey`), and the two signature types.

Hides the signature scheme. Promises that a key's text has one spelling, that its id fits its name and
bytes, that a private key is in no representation, and that verifying is total. Types: 01, Ed25519 over
the note's text; 04, a witness's cosignature over `cosignature/v1`, the time and the text. A key's id is
`SHA-256(name ‖ 0x0A ‖ type ‖ public key)[:4]`. Sources: C2SP signed-note, tlog-cosignature; RFC 8032.
"""

from __future__ import annotations

import re
from enum import IntEnum
from hashlib import sha256
from typing import Final

import attrs

from habeas.kernel.errors import bad
from habeas.ledger.merkle import MAX_SIZE
from habeas.ledger.spelling import is_name, read_base64, write_base64

TIME_SIZE: Final = 8
"""Bytes of time at the front of a cosignature: POSIX seconds, big-endian."""

_KEY_ID: Final = re.compile(r"[0-9a-f]{8}")
_KEY_SIZE: Final = 32
_SIGNATURE_SIZE: Final = 64


class SignatureType(IntEnum):
    """The signature types that are checked here; others are unknown, and passed over."""

    ED25519 = 1
    COSIGNATURE = 4


def key_id_of(name: str, kind: SignatureType, public: bytes) -> bytes:
    """The four bytes that name a key in a signature line."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


@attrs.frozen
class VerifierKey:
    """A public key that the caller accepts: its name, its signature type, its 32 bytes."""

    name: str
    kind: SignatureType
    public: bytes
    key_id: bytes = attrs.field(init=False)
    """The key id, four bytes."""

    @key_id.default
    def _(self) -> bytes:
        if not is_name(self.name) or len(self.public) != _KEY_SIZE:
            raise bad("ledger.key.malformed", "vkey")
        return key_id_of(self.name, self.kind, self.public)

    @property
    def vkey(self) -> str:
        """The key as text: `name+hex(id)+base64(type ‖ public key)`."""
        return f"{self.name}+{self.key_id.hex()}+{write_base64(bytes([self.kind]) + self.public)}"

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether the signature (without key id; for a cosignature, with its time) is by this key."""
        match self.kind:
            case SignatureType.ED25519:
                return _verify(self.public, signature, text.encode())
            case SignatureType.COSIGNATURE:
                at, signed = signature[:TIME_SIZE], signature[TIME_SIZE:]
                seconds = int.from_bytes(at, "big")
                return seconds <= MAX_SIZE and _verify(self.public, signed, cosigned(text, seconds))


def _verify(public: bytes, signature: bytes, message: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - loads when first needed
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - as above

    if len(signature) != _SIGNATURE_SIZE:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def cosigned(text: str, seconds: int) -> bytes:
    """What a witness signs: header, time (POSIX seconds), the whole checkpoint text."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def parse_vkey(vkey: str) -> VerifierKey:
    """`name+hex+base64` → key; `ledger.key.malformed` unless name, id, type and key fit each other."""
    name, _, rest = vkey.partition("+")
    kind, public = _read_key(name, rest, "vkey")
    key = VerifierKey(name, kind, public)
    if key.vkey != vkey:
        raise bad("ledger.key.malformed", "vkey")
    return key


def _read_key(name: str, rest: str, place: str) -> tuple[SignatureType, bytes]:
    """`hex+base64` → type and 32 bytes of key."""
    digits, _, encoded = rest.partition("+")
    data = read_base64(encoded)
    if not is_name(name) or not _KEY_ID.fullmatch(digits) or data is None or len(data) != _KEY_SIZE + 1:
        raise bad("ledger.key.malformed", place)
    try:
        return SignatureType(data[0]), data[1:]
    except ValueError:
        raise bad("ledger.key.unsupported", place) from None


@attrs.frozen
class SignerKey:
    """A private key with its name; never in a representation. Only the sequencer and witnesses hold one."""

    name: str
    kind: SignatureType
    seed: bytes = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        if not is_name(self.name) or len(self.seed) != _KEY_SIZE:
            raise bad("ledger.key.malformed", "skey")

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - as in `_verify`
            Ed25519PrivateKey,
        )

        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(self.name, self.kind, public)

    @property
    def skey(self) -> str:
        """The key as text: `PRIVATE+KEY+name+hex(id)+base64(type ‖ seed)`. A secret."""
        secret = write_base64(bytes([self.kind]) + self.seed)
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{secret}"

    def sign(self, text: str, seconds: int | None = None) -> bytes:
        """The signature of a note's text; a cosignature also needs its time in POSIX seconds."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - as in `_verify`
            Ed25519PrivateKey,
        )

        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        match self.kind:
            case SignatureType.ED25519:
                return private.sign(text.encode())
            case SignatureType.COSIGNATURE:
                if seconds is None or not 0 <= seconds <= MAX_SIZE:
                    raise bad("ledger.cosignature.no_time", "note")
                return seconds.to_bytes(TIME_SIZE, "big") + private.sign(cosigned(text, seconds))


def parse_skey(skey: str) -> SignerKey:
    """`PRIVATE+KEY+name+hex+base64` → key; `ledger.key.malformed` unless everything fits."""
    words = skey.split("+", 3)
    if len(words) != 4 or words[:2] != ["PRIVATE", "KEY"]:  # noqa: PLR2004 - two words, name, rest
        raise bad("ledger.key.malformed", "skey")
    name, rest = words[2:]
    kind, seed = _read_key(name, rest, "skey")
    key = SignerKey(name, kind, seed)
    if key.skey != skey:
        raise bad("ledger.key.malformed", "skey")
    return key
