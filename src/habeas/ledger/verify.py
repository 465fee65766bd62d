"""Checking a receipt, and a whole log: the numbered recipe, for a stranger to follow by hand.

Hides nothing: this is the text to audit. Promises that a receipt is accepted only if every step holds,
that keys and quorum come from the caller (`Trust`) and never from the file, that no step trusts what an
earlier one has not checked, and that a verdict says what was *not* proved beside what was.

**A receipt** (`habeas.receipt.v1`) is `{schema, entry, openings, tlog_proof}`.

1. *receipt*: the document has exactly these four keys, each of its documented shape; the entry has one
   id and three commitments and nothing else.
2. *proof*: `tlog_proof` is a `c2sp.org/tlog-proof@v1`: an index, hashes, a signed checkpoint.
3. *signature*: every signature on the checkpoint that bears an accepted key's name and id verifies
   (Ed25519), and at least one is by an accepted log key. Unknown signatures are passed over.
4. *checkpoint*: the signed text is an origin, a size, a root; the origin is the name of the log key.
5. *witnesses*: at least `quorum` different accepted witnesses have cosigned that text.
6. *inclusion*: the entry's canonical bytes are hashed as `SHA-256(0x00 ‖ bytes)`, and the hashes lead
   from there, at the index, to the root, in a tree of the size (RFC 9162 § 2.1.3.2); the index lies
   inside the tree and no hash is missing or left over.
7. *openings*: `HMAC-SHA256(salt, canonical(value))` of each opening is the entry's commitment.

**A log**: the checkpoint as in steps 3 to 5; then every entry is hashed, every tile compared with what the
entries give, and the root over all of them compared with the checkpoint's.

What no receipt and no log can show: that every request was logged. Only: that nothing logged was lost
or changed since.
"""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import attrs

from habeas.kernel.errors import BadInput, Problem, bad
from habeas.ledger.entry import Entry, Opening, Part
from habeas.ledger.keys import SignatureType
from habeas.ledger.merkle import leaf_hash, verify_inclusion
from habeas.ledger.note import Checkpoint, Note, TlogProof, open_note, parse_checkpoint, parse_proof
from habeas.ledger.rebuild import rebuild
from habeas.ledger.receipt import Receipt, read_receipt, require_opening

if TYPE_CHECKING:
    from collections.abc import Callable

    from habeas.kernel.canonical import Json
    from habeas.ledger.tiles import Reader
    from habeas.ledger.trust import Trust

_T = TypeVar("_T")


class StepName(StrEnum):
    """The steps of the recipe, in order."""

    RECEIPT = "receipt"
    PROOF = "proof"
    SIGNATURE = "signature"
    CHECKPOINT = "checkpoint"
    WITNESSES = "witnesses"
    INCLUSION = "inclusion"
    OPENINGS = "openings"


class StepResult(StrEnum):
    """How a step ended; the first failure ends the recipe."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_REACHED = "not_reached"


class Limit(StrEnum):
    """What an accepted receipt does not prove."""

    COMPLETENESS = "completeness"
    """That every request was logged: only that nothing logged was lost or changed."""

    CORRECTNESS = "correctness"
    """That what was logged is true."""

    SEALED_PARTS = "sealed_parts"
    """What the parts that were not opened say."""

    SPLIT_VIEW = "split_view"
    """That everyone is shown the same log: no witness was asked for."""


@attrs.frozen
class Step:
    """One step of the recipe and how it ended; `problem` says why it failed."""

    number: int
    name: StepName
    result: StepResult
    problem: Problem | None = None

    def as_json(self) -> Json:
        """The step as a JSON object."""
        problem = self.problem.as_json() if self.problem else None
        return {"step": self.number, "name": str(self.name), "result": str(self.result), "problem": problem}


@attrs.frozen
class Proved:
    """What an accepted receipt proves: this entry stands at this index of this signed tree."""

    origin: str
    index: int
    size: int
    root: bytes
    entry: Entry
    opened: tuple[Opening, ...]
    signed_by: tuple[str, ...]
    witnessed_by: tuple[str, ...]

    def as_json(self) -> Json:
        """As a JSON object; salts and opened values are not repeated."""
        return {
            "origin": self.origin,
            "index": self.index,
            "size": self.size,
            "root": self.root.hex(),
            "entry_id": self.entry.id,
            "opened": [str(opening.part) for opening in self.opened],
            "signed_by": list(self.signed_by),
            "witnessed_by": list(self.witnessed_by),
        }


@attrs.frozen
class Verdict:
    """Every step with its result, and what was proved: None where a step failed."""

    steps: tuple[Step, ...]
    proved: Proved | None

    @property
    def accepted(self) -> bool:
        """Whether every step holds."""
        return self.proved is not None

    @property
    def problem(self) -> Problem | None:
        """Why the first failing step failed."""
        return next((step.problem for step in self.steps if step.problem is not None), None)

    @property
    def limits(self) -> tuple[Limit, ...]:
        """What was not proved though every step holds; nothing at all was proved where one failed."""
        if self.proved is None:
            return ()
        sealed = [Limit.SEALED_PARTS] if len(self.proved.opened) < len(Part) else []
        alone = [] if self.proved.witnessed_by else [Limit.SPLIT_VIEW]
        return (Limit.COMPLETENESS, Limit.CORRECTNESS, *sealed, *alone)

    def as_json(self) -> Json:
        """The verdict as a JSON object."""
        return {
            "accepted": self.accepted,
            "steps": [step.as_json() for step in self.steps],
            "proved": self.proved.as_json() if self.proved else None,
            "not_proved": [str(limit) for limit in self.limits],
        }


class _StoppedError(Exception):
    """A step failed; the recipe ends here."""


@attrs.define
class _Recipe:
    """Runs the steps in order and writes down how each ended."""

    done: list[Step] = attrs.field(factory=list)

    def step(self, name: StepName, work: Callable[[], _T]) -> _T:
        number = len(self.done) + 1
        try:
            result = work()
        except BadInput as error:
            self.done.append(Step(number, name, StepResult.FAILS, error.problems[0]))
            raise _StoppedError from None
        self.done.append(Step(number, name, StepResult.HOLDS))
        return result

    def steps(self) -> tuple[Step, ...]:
        left = list(StepName)[len(self.done) :]
        after = [Step(len(self.done) + at, name, StepResult.NOT_REACHED) for at, name in enumerate(left, 1)]
        return (*self.done, *after)


def verify_receipt(document: Json, trust: Trust) -> Verdict:
    """Steps 1 to 7 of the recipe (module docstring) on a decoded document; total: always a verdict."""
    recipe = _Recipe()
    try:
        proved = _follow(recipe, document, trust)
    except _StoppedError:
        proved = None
    return Verdict(recipe.steps(), proved)


def _follow(recipe: _Recipe, document: Json, trust: Trust) -> Proved:
    receipt = recipe.step(StepName.RECEIPT, partial(read_receipt, document))
    proof = recipe.step(StepName.PROOF, partial(parse_proof, receipt.tlog_proof))
    note = recipe.step(StepName.SIGNATURE, partial(_open, proof.checkpoint, trust))
    head = recipe.step(StepName.CHECKPOINT, partial(_read_head, note))
    witnesses = recipe.step(StepName.WITNESSES, partial(_count_witnesses, note, trust))
    recipe.step(StepName.INCLUSION, partial(_check_inclusion, receipt, proof, head))
    recipe.step(StepName.OPENINGS, partial(_check_openings, receipt))
    return Proved(
        origin=head.origin,
        index=proof.index,
        size=head.size,
        root=head.root,
        entry=receipt.entry,
        opened=receipt.openings,
        signed_by=tuple(key.vkey for key in note.verified(SignatureType.ED25519)),
        witnessed_by=witnesses,
    )


def _open(checkpoint: str | bytes, trust: Trust) -> Note:
    """Step 3: the note, opened, with a log's own signature on it."""
    note = open_note(checkpoint, trust.keys)
    if not note.verified(SignatureType.ED25519):
        raise bad("ledger.note.unsigned", "checkpoint")
    return note


def _read_head(note: Note) -> Checkpoint:
    """Step 4: the checkpoint, whose origin names the log that signed it."""
    head = parse_checkpoint(note.text)
    if head.origin not in {key.name for key in note.verified(SignatureType.ED25519)}:
        raise bad("ledger.checkpoint.origin_differs", "checkpoint")
    return head


def _count_witnesses(note: Note, trust: Trust) -> tuple[str, ...]:
    """Step 5: the witnesses that cosigned, one vkey for each different public key."""
    found = {key.public: key.vkey for key in note.verified(SignatureType.COSIGNATURE)}
    if len(found) < trust.quorum:
        raise bad("ledger.cosignature.too_few", "checkpoint", found=len(found), quorum=trust.quorum)
    return tuple(found.values())


def _check_inclusion(receipt: Receipt, proof: TlogProof, head: Checkpoint) -> None:
    """Step 6: the entry is a leaf of the tree."""
    leaf = leaf_hash(receipt.entry.encode())
    if not verify_inclusion(leaf, proof.index, head.size, proof.hashes, head.root):
        raise bad("ledger.inclusion.refused", "tlog_proof")


def _check_openings(receipt: Receipt) -> None:
    """Step 7: every opening opens the entry."""
    for opening in receipt.openings:
        require_opening(receipt.entry, opening)


def open_checkpoint(checkpoint: str | bytes, trust: Trust) -> Checkpoint:
    """Steps 3 to 5 on a signed checkpoint that stands alone; `BadInput` where one fails."""
    note = _open(checkpoint, trust)
    head = _read_head(note)
    _count_witnesses(note, trust)
    return head


@attrs.frozen
class LogVerdict:
    """What reading a whole log found. `checkpoint` is None where none could be accepted."""

    checkpoint: Checkpoint | None
    findings: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Whether the checkpoint is accepted and every entry, tile and the root agree with it."""
        return self.checkpoint is not None and not self.findings


def verify_log(reader: Reader, trust: Trust) -> LogVerdict:
    """Rebuild the tree from all entries; compare every tile and the root with what is stored and signed."""
    stored = reader.checkpoint()
    try:
        if stored is None:
            raise bad("ledger.checkpoint.missing", "checkpoint")
        head = open_checkpoint(stored, trust)
    except BadInput as error:
        return LogVerdict(None, error.problems)
    return LogVerdict(head, rebuild(reader, head))
