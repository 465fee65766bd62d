"""AES-256-GCM behind one small class, so that a validated provider can stand in for it.

Hides nonces and layout: `version (1 byte) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`. Promises that what was
altered, cut, or moved to another place (the `bound` bytes differ) does not open. Nonces are random, 96
bits (NIST SP 800-38D § 8.2.2): a key must seal fewer than 2^32 messages, and a case has some dozens.
"""

from __future__ import annotations

import os
from typing import Final

import attrs
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from habeas.kernel.errors import broken

KEY_SIZE: Final = 32
"""Bytes of a key."""

_NONCE_SIZE: Final = 12
_TAG_SIZE: Final = 16
_VERSION: Final = b"\x01"


@attrs.frozen
class AesGcm:
    """Seals and opens bytes under a 32-byte key."""

    def new_key(self) -> bytes:
        """A fresh key from the machine's randomness."""
        return os.urandom(KEY_SIZE)

    def seal(self, key: bytes, plain: bytes, bound: bytes) -> bytes:
        """The bytes, sealed; `bound` is not in the result and must be given again to open it."""
        nonce = os.urandom(_NONCE_SIZE)
        return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, bound)

    def open(self, key: bytes, sealed: bytes, bound: bytes) -> bytes:
        """The bytes again, or `BrokenInvariant` `store.sealed.altered`."""
        nonce, rest = sealed[1 : 1 + _NONCE_SIZE], sealed[1 + _NONCE_SIZE :]
        if sealed[:1] != _VERSION or len(rest) < _TAG_SIZE:
            raise broken("store.sealed.altered", "stored bytes")
        try:
            return AESGCM(key).decrypt(nonce, rest, bound)
        except InvalidTag:
            raise broken("store.sealed.altered", "stored bytes") from None
