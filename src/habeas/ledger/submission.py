"""What a log sends to a witness, and what a witness may say to it: the words of C2SP tlog-witness.

Hides how a submission is spelt. Promises that `parse_submission(s.text.encode()) == s`, that reading is
total, and that nothing in a submission is checked here but its form: signatures, sizes and the proof are
judged by whoever knows the log (`usecases.witness`).

A submission is `old N`, at most 63 lines of base64, a blank line, a signed checkpoint; every line ends
in LF. Source: C2SP tlog-witness, *add-checkpoint*.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import attrs

from habeas.kernel.errors import bad
from habeas.ledger.merkle import HASH_SIZE, MAX_SIZE
from habeas.ledger.note import MAX_PROOF
from habeas.ledger.spelling import read_decimal, read_hash, write_base64

MAX_SUBMISSION: Final = 100_000
"""Bytes a submission may have: 63 hashes, and a checkpoint with every signature a note may carry."""

_OLD: Final = "old "


class Ruling(StrEnum):
    """What a witness says to a submission."""

    COSIGNED = "cosigned"
    """It is consistent with everything the witness saw, and recorded."""

    MALFORMED = "malformed"
    """It is no submission, or names an old size above its own."""

    UNSIGNED = "unsigned"
    """No key that the witness accepts for this log signed the checkpoint."""

    UNKNOWN_LOG = "unknown_log"
    """The witness does not follow this log."""

    CONFLICT = "conflict"
    """The old size is not the size the witness has, or the same size came with another root."""

    UNPROVED = "unproved"
    """The proof does not lead from what the witness has to this checkpoint."""


@attrs.frozen
class Submission:
    """A checkpoint handed to a witness: the size it is to go on from, the proof, the signed note."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: str

    def __attrs_post_init__(self) -> None:
        hashes = len(self.proof) <= MAX_PROOF and all(len(h) == HASH_SIZE for h in self.proof)
        if not hashes or not 0 <= self.old <= MAX_SIZE or not self.checkpoint.endswith("\n"):
            raise bad("ledger.submission.malformed", "submission")

    @property
    def text(self) -> str:
        """The body of the request."""
        lines = [f"{_OLD}{self.old}", *map(write_base64, self.proof)]
        return "".join(f"{line}\n" for line in lines) + f"\n{self.checkpoint}"


def parse_submission(data: bytes) -> Submission:
    """Untrusted bytes → `Submission`; anything but its one spelling is `ledger.submission.malformed`."""
    try:
        text = data.decode() if len(data) <= MAX_SUBMISSION else ""
    except UnicodeDecodeError:
        text = ""
    head, blank, checkpoint = text.partition("\n\n")
    first, *lines = head.split("\n")
    old = read_decimal(first.removeprefix(_OLD))
    if not blank or not first.startswith(_OLD) or old is None or len(lines) > MAX_PROOF:
        raise bad("ledger.submission.malformed", "submission")
    hashes = tuple(h for h in map(read_hash, lines) if h is not None)
    if len(hashes) != len(lines):
        raise bad("ledger.submission.malformed", "submission")
    return Submission(old, hashes, checkpoint)
