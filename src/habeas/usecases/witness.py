"""Witness: somebody else's signed checkpoint → a cosignature, if it contains everything seen before.

For a court clerk, a university, a newspaper. A witness keeps one checkpoint for each log it follows,
never an entry, and says by its cosignature: at this time, the largest tree of this log that I saw is
this one, and it contains every tree I saw before (C2SP tlog-cosignature). It says so of one tree of
each size only, so a log that shows two histories needs two witnesses that do not talk, and a log
that forgets its end is found out the next time it asks.

The order of the checks is the specification's (C2SP tlog-witness). The record is durable before the
cosignature exists: killed between the two, a witness gives the cosignature when it is asked again.
Two different trees of one size, or a tree that does not contain the recorded one, both signed by the
log, are kept as evidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs

from habeas.kernel.errors import BadInput, bad
from habeas.ledger.keys import SignatureType
from habeas.ledger.merkle import EMPTY_ROOT, verify_consistency
from habeas.ledger.note import Checkpoint, cosign, open_note, parse_checkpoint, split_note
from habeas.ledger.submission import Ruling, Submission, parse_submission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from habeas.kernel.clock import Clock
    from habeas.ledger.keys import SignerKey, VerifierKey


@attrs.frozen
class Evidence:
    """Two checkpoints that one log signed and that do not fit: `split` where both have one size.

    Where the sizes differ, it is evidence only together with the log's entries: the proof that came
    with the newer one fails, and anybody could have sent a wrong proof.
    """

    origin: str
    recorded: str
    submitted: str
    split: bool


class Register(Protocol):
    """What a witness remembers. Every call is durable when it returns."""

    def latest(self, origin: str) -> str | None:
        """The newest checkpoint cosigned for a log, as the signed note it came in; None before the first."""
        ...

    def keep(self, origin: str, note: str) -> None:
        """Replace a log's newest checkpoint."""
        ...

    def keep_evidence(self, evidence: Evidence) -> None:
        """Keep a pair that does not fit; the same pair is kept once."""
        ...


@attrs.frozen
class Judgement:
    """What is answered: the ruling; the size on record with a conflict; signature lines when cosigned."""

    ruling: Ruling
    size: int = 0
    lines: str = ""


@attrs.frozen
class Witness:
    """A witness: its cosignature key, the keys of the logs it follows, its register, its clock."""

    key: SignerKey
    logs: tuple[VerifierKey, ...]
    register: Register
    clock: Clock

    def __attrs_post_init__(self) -> None:
        if self.key.kind is not SignatureType.COSIGNATURE:
            raise bad("witness.key.wrong_type", "--key")
        if not self.logs or any(log.kind is not SignatureType.ED25519 for log in self.logs):
            raise bad("witness.log.wrong_type", "--trust-log")

    def consider(self, data: bytes) -> Judgement:
        """The answer to a submission's bytes; total. One caller at a time: check and record are one step."""
        try:
            submission = parse_submission(data)
            head = parse_checkpoint(split_note(submission.checkpoint)[0])
        except BadInput:
            return Judgement(Ruling.MALFORMED)
        keys = [log for log in self.logs if log.name == head.origin]
        if not keys:
            return Judgement(Ruling.UNKNOWN_LOG)
        if not _signed(submission.checkpoint, keys):
            return Judgement(Ruling.UNSIGNED)
        if submission.old > head.size:
            return Judgement(Ruling.MALFORMED)
        return self._compare(submission, head)

    def _compare(self, submission: Submission, head: Checkpoint) -> Judgement:
        """The submission against the record."""
        note = self.register.latest(head.origin)
        recorded = _nothing(head.origin) if note is None else parse_checkpoint(split_note(note)[0])
        if note is not None and head.size == recorded.size and head.root != recorded.root:
            self.register.keep_evidence(Evidence(head.origin, note, submission.checkpoint, split=True))
            return Judgement(Ruling.CONFLICT, recorded.size)
        if submission.old != recorded.size:
            return Judgement(Ruling.CONFLICT, recorded.size)
        if not _follows(recorded, head, submission.proof):
            if note is not None:
                self.register.keep_evidence(Evidence(head.origin, note, submission.checkpoint, split=False))
            return Judgement(Ruling.UNPROVED)
        if note is None or head.size > recorded.size:
            self.register.keep(head.origin, submission.checkpoint)
        return Judgement(Ruling.COSIGNED, head.size, self._cosignature(submission.checkpoint))

    def _cosignature(self, note: str) -> str:
        """The line to answer with."""
        signed = cosign(note, self.key, int(self.clock.now().timestamp()))
        return signed.removeprefix(note)


def _nothing(origin: str) -> Checkpoint:
    """What a witness has of a log it never saw: the empty tree, which every tree contains."""
    return Checkpoint(origin, 0, EMPTY_ROOT)


def _signed(note: str, keys: Iterable[VerifierKey]) -> bool:
    try:
        open_note(note, keys)
    except BadInput:
        return False
    return True


def _follows(old: Checkpoint, new: Checkpoint, proof: tuple[bytes, ...]) -> bool:
    """Whether the new tree contains the old one; from the empty tree there is no proof, and none is sent."""
    if new.size == 0:
        return not proof and new.root == EMPTY_ROOT
    if old.size == 0:
        return not proof
    return verify_consistency(old.size, new.size, proof, old.root, new.root)
