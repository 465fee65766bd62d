"""What a verifier trusts: keys and a quorum, given by the caller and by nothing else.

Hides how keys are told apart. Promises that a `Trust` names at least one log, that its quorum can be
reached, and that no two of its keys can be taken for each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from habeas.kernel.errors import bad
from habeas.ledger.keys import SignatureType, VerifierKey, parse_vkey
from habeas.ledger.note import index_keys

if TYPE_CHECKING:
    from collections.abc import Iterable


@attrs.frozen
class Trust:
    """What the caller accepts: log keys, witness keys, and how many witnesses there must be."""

    logs: tuple[VerifierKey, ...]
    witnesses: tuple[VerifierKey, ...] = ()
    quorum: int = 0

    def __attrs_post_init__(self) -> None:
        if not self.logs:
            raise bad("ledger.trust.empty", "trust")
        if not 0 <= self.quorum <= len({key.public for key in self.witnesses}):
            raise bad("ledger.trust.quorum_unreachable", "trust", witnesses=len(self.witnesses))
        index_keys(self.keys)

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """Every accepted key."""
        return (*self.logs, *self.witnesses)


def read_trust(vkeys: Iterable[str], quorum: int = 0) -> Trust:
    """Keys as text → `Trust`: type 01 is a log, type 04 a witness. `BadInput` where one is malformed."""
    keys = [parse_vkey(vkey) for vkey in vkeys]
    return Trust(
        logs=tuple(k for k in keys if k.kind is SignatureType.ED25519),
        witnesses=tuple(k for k in keys if k.kind is SignatureType.COSIGNATURE),
        quorum=quorum,
    )
