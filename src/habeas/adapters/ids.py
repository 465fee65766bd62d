"""Identifiers and salts from the machine's randomness.

UUIDv7 as in RFC 9562 § 5.7: 48 bits of Unix milliseconds, 74 random bits. The time comes from the
clock given, so that a demonstration set in another year has identifiers of that year.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import attrs

from habeas.kernel.ids import CROCKFORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from habeas.kernel.clock import Clock

_REF_LENGTH: Final = 10
_SALT_SIZE: Final = 32
_VERSION: Final = 0x7
_VARIANT: Final = 0b10


@attrs.frozen
class RandomIds:
    """`IdSource` of this machine. `random` gives n random bytes; only a demonstration replaces it."""

    clock: Clock
    random: Callable[[int], bytes] = secrets.token_bytes

    def new_id(self) -> str:
        """A fresh UUIDv7, lower case."""
        return self._uuid(self.clock.now())

    def new_entry_id(self) -> str:
        """A fresh UUIDv7 whose time is the day's midnight, UTC."""
        return self._uuid(self.clock.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0))

    def _uuid(self, at: datetime) -> str:
        milliseconds = int(at.timestamp() * 1000) & (2**48 - 1)
        chance = int.from_bytes(self.random(10), "big")
        first, second = (chance >> 62) & 0xFFF, chance & (2**62 - 1)
        return str(uuid.UUID(int=milliseconds << 80 | _VERSION << 76 | first << 64 | _VARIANT << 62 | second))

    def new_ref(self) -> str:
        """Ten random Crockford base32 characters: 50 bits, every one of them used (32 divides 256)."""
        return "".join(CROCKFORD[byte % len(CROCKFORD)] for byte in self.random(_REF_LENGTH))

    def new_salt(self) -> bytes:
        """32 random bytes."""
        return self.random(_SALT_SIZE)
