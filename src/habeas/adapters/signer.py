"""Signs checkpoints with the ledger's Ed25519 key. Made in the sequencer's process and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from habeas.ledger.note import sign_note

if TYPE_CHECKING:
    from habeas.ledger.keys import SignerKey


@attrs.frozen
class CheckpointSigner:
    """`Signer` over a private key; the key's name is the log's origin."""

    key: SignerKey

    @property
    def origin(self) -> str:
        """The log's origin."""
        return self.key.name

    @property
    def vkey(self) -> str:
        """The public key as text."""
        return self.key.verifier.vkey

    def sign(self, text: str) -> str:
        """The signed note of a checkpoint text."""
        return sign_note(text, [self.key])
