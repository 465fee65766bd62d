"""Identifiers: opaque, external, and made only through a port (no randomness in the core).

`case_id`, `event_id` and the like are UUIDv7. The public `request_ref` is ten random Crockford base32
characters, never derived from a case.
"""

from __future__ import annotations

import re
from typing import Final, Protocol

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32 alphabet: no I, L, O, U."""

REQUEST_REF: Final = re.compile(rf"[{CROCKFORD}]{{10}}")
"""The whole of a public request reference."""


class IdSource(Protocol):
    """Makes identifiers and salts."""

    def new_id(self) -> str:
        """A fresh UUIDv7, in lower-case text form."""
        ...

    def new_entry_id(self) -> str:
        """A fresh UUIDv7 that tells the day and nothing finer: a ledger's entries are public, and the time
        of one would tell it from its neighbours.
        """
        ...

    def new_ref(self) -> str:
        """A fresh public reference: ten random Crockford base32 characters."""
        ...

    def new_salt(self) -> bytes:
        """32 random bytes."""
        ...
