"""A whole log checked by a stranger: a folder or a URL, the keys they trust, and what they kept.

Hides nothing: this is the text to audit. Promises that keys and quorum come from the caller and never
from the mirror, that every entry is hashed and every tile compared, that damage is named with its
place, and that what a sound log does not prove is said beside what it does.

1. *checkpoint*: the mirror has a file `checkpoint`.
2. *signature*: every signature on it that bears an accepted key's name and id verifies (Ed25519), and at
   least one is by an accepted log key. Unknown signatures are passed over.
3. *origin*: the signed text is an origin, a size, a root; the origin is the name of the log key.
4. *witnesses*: at least `quorum` different accepted witnesses have cosigned that text.
5. *kept*: where the caller kept an older checkpoint: an accepted log key signed it, it is of the same
   origin and not larger, and hashes from the tiles lead from its root to this one (RFC 9162 § 2.1.4.2):
   everything in it is still there, unchanged, at the same place.
6. *entries*: every entry is hashed as `SHA-256(0x00 ‖ entry)`; every tile is what these hashes give; the
   root over them all is the signed one (RFC 9162 § 2.1.1).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.kernel.errors import BadInput, Problem, bad
from habeas.ledger.keys import SignatureType
from habeas.ledger.merkle import EMPTY_ROOT, consistency_proof, verify_consistency
from habeas.ledger.note import open_note, parse_checkpoint
from habeas.ledger.rebuild import rebuild
from habeas.ledger.tiles import TileHashes
from habeas.ledger.trust import Trust
from habeas.ledger.verify import Limit, StepResult, open_checkpoint
from habeas.verifier.damage import locate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from habeas.ledger.note import Checkpoint, Note
    from habeas.ledger.tiles import Reader, Tile

CHECK_SCHEMA: Final = "habeas.ledger-check.v1"
"""The `schema` of a verdict as JSON."""

SHOWN: Final = 50
"""Findings printed; the rest are counted (`--json` has them all)."""

_LOCATED: Final = frozenset({"ledger.tile.differs", "ledger.entry.differs", "ledger.root.differs"})
"""What `rebuild` says of differing hashes, which `locate` says again from the root downwards."""


class LogStep(StrEnum):
    """The steps of the recipe, in order."""

    CHECKPOINT = "checkpoint"
    SIGNATURE = "signature"
    ORIGIN = "origin"
    WITNESSES = "witnesses"
    KEPT = "kept"
    ENTRIES = "entries"


_STEPS: Final[dict[LogStep, str]] = {
    LogStep.CHECKPOINT: "the log has a checkpoint",
    LogStep.SIGNATURE: "a log that you accept signed it",
    LogStep.ORIGIN: "it is that log's own",
    LogStep.WITNESSES: "as many witnesses as you ask for cosigned it",
    LogStep.KEPT: "everything in the checkpoint you kept is still there",
    LogStep.ENTRIES: "every entry is there and leads to the signed root",
}
_RESULTS: Final = {StepResult.HOLDS: "yes", StepResult.FAILS: "NO", StepResult.NOT_REACHED: "not reached"}
_LIMITS: Final[dict[Limit, str]] = {
    Limit.COMPLETENESS: (
        "It cannot prove that every request was logged, only that nothing logged was lost or changed."
    ),
    Limit.CORRECTNESS: "It cannot prove that what was logged is true.",
    Limit.SPLIT_VIEW: "Without a witness it cannot prove that everyone is shown the same log.",
}


@attrs.frozen
class Kept:
    """The older checkpoint that was proved to be contained: its size, root, and the proof."""

    size: int
    root: bytes
    proof: tuple[bytes, ...]


@attrs.frozen
class LogCheck:
    """What checking a log found. `head` is None where no checkpoint could be accepted."""

    steps: tuple[tuple[LogStep, StepResult], ...]
    head: Checkpoint | None = None
    signed_by: tuple[str, ...] = ()
    witnessed_by: tuple[str, ...] = ()
    kept: Kept | None = None
    findings: tuple[Problem, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether every step holds and nothing else was found."""
        return not self.findings and all(result is StepResult.HOLDS for _, result in self.steps)

    @property
    def exit_code(self) -> int:
        """0 sound, 1 not."""
        return 0 if self.sound else 1

    @property
    def limits(self) -> tuple[Limit, ...]:
        """What is not proved though every step holds."""
        if not self.sound:
            return ()
        alone = () if self.witnessed_by else (Limit.SPLIT_VIEW,)
        return (Limit.COMPLETENESS, Limit.CORRECTNESS, *alone)

    def as_json(self) -> dict[str, Any]:
        """The `habeas.ledger-check.v1` document."""
        head, kept = self.head, self.kept
        return {
            "schema": CHECK_SCHEMA,
            "ok": self.sound,
            "steps": [{"name": str(name), "result": str(result)} for name, result in self.steps],
            "origin": head.origin if head else None,
            "size": head.size if head else None,
            "root": head.root.hex() if head else None,
            "signed_by": list(self.signed_by),
            "witnessed_by": list(self.witnessed_by),
            "kept": {"size": kept.size, "root": kept.root.hex(), "proof": [h.hex() for h in kept.proof]}
            if kept
            else None,
            "findings": [one.as_json() for one in self.findings],
            "not_proved": [str(limit) for limit in self.limits],
        }


def check_log(reader: Reader, trust: Trust, kept: bytes | None = None) -> LogCheck:
    """Steps 1 to 6 (module docstring). `BadInput` only where `kept` is no checkpoint by an accepted key,
    or where the reader itself cannot go on.
    """
    older = None if kept is None else open_checkpoint(kept, Trust(trust.logs))
    check = _Check(_Watched(reader), trust, older, reader.checkpoint())
    check.run()
    return LogCheck(
        tuple((step, check.results[step]) for step in LogStep if step is not LogStep.KEPT or older),
        check.head,
        check.vkeys(SignatureType.ED25519),
        check.vkeys(SignatureType.COSIGNATURE),
        check.contained,
        tuple(check.findings),
    )


@attrs.define
class _Watched:
    """A reader whose first failure ends the check: a server that fails says nothing about the log."""

    reader: Reader
    failure: BadInput | None = None

    def checkpoint(self) -> str | bytes | None:
        """The reader's own."""
        return self.reader.checkpoint()

    def read(self, tile: Tile) -> bytes | None:
        """As the reader, until it fails."""
        if self.failure is not None:
            return None
        try:
            return self.reader.read(tile)
        except BadInput as error:
            self.failure = error
            return None


@attrs.define
class _Check:
    """Runs the steps; the first four must hold for the rest to mean anything."""

    reader: _Watched
    trust: Trust
    older: Checkpoint | None
    stored: str | bytes | None
    note: Note | None = None
    head: Checkpoint | None = None
    contained: Kept | None = None
    findings: list[Problem] = attrs.field(factory=list)
    results: dict[LogStep, StepResult] = attrs.field(
        factory=lambda: dict.fromkeys(LogStep, StepResult.NOT_REACHED)
    )

    def run(self) -> None:
        must = (
            (LogStep.CHECKPOINT, self._read),
            (LogStep.SIGNATURE, self._open),
            (LogStep.ORIGIN, self._parse),
            (LogStep.WITNESSES, self._count),
        )
        if all(self._step(name, work) for name, work in must):
            if self.older is not None:
                self._step(LogStep.KEPT, self._contain)
            self._step(LogStep.ENTRIES, self._rebuild)

    def _step(self, name: LogStep, work: Callable[[], object]) -> bool:
        before = len(self.findings)
        try:
            work()
        except BadInput as error:
            self.findings += error.problems
        if self.reader.failure is not None:
            raise self.reader.failure
        holds = len(self.findings) == before
        self.results[name] = StepResult.HOLDS if holds else StepResult.FAILS
        return holds

    def vkeys(self, kind: SignatureType) -> tuple[str, ...]:
        """Who signed, each different public key once."""
        found = {} if self.note is None else {key.public: key.vkey for key in self.note.verified(kind)}
        return tuple(found.values())

    def _read(self) -> None:
        """Step 1; read before the steps."""
        if self.stored is None:
            raise bad("ledger.checkpoint.missing", "checkpoint")

    def _open(self) -> None:
        """Step 2."""
        note = open_note(self.stored or b"", self.trust.keys)
        if not note.verified(SignatureType.ED25519):
            raise bad("ledger.note.unsigned", "checkpoint")
        self.note = note

    def _parse(self) -> None:
        """Step 3."""
        if self.note is None:
            return
        head = parse_checkpoint(self.note.text)
        if head.origin not in {key.name for key in self.note.verified(SignatureType.ED25519)}:
            raise bad("ledger.checkpoint.origin_differs", "checkpoint")
        self.head = head

    def _count(self) -> None:
        """Step 4."""
        found, quorum = len(self.vkeys(SignatureType.COSIGNATURE)), self.trust.quorum
        if found < quorum:
            raise bad("ledger.cosignature.too_few", "checkpoint", found=found, quorum=quorum)

    def _contain(self) -> None:
        """Step 5."""
        if self.head is not None and self.older is not None:
            self.contained = _contain(self.reader, self.older, self.head)

    def _rebuild(self) -> None:
        """Step 6; where the root differs, the damage is looked for from the root downwards too."""
        if self.head is None:
            return
        found = rebuild(self.reader, self.head)
        located = locate(self.reader, self.head) if _is_off(found) else ()
        if located:
            found = (*(p for p in found if p.code not in _LOCATED), *located)
        self.findings += found


def _is_off(found: tuple[Problem, ...]) -> bool:
    """Whether neither entries nor tiles lead to the root, so that hashing upwards blames the wrong file."""
    return any(p.code == "ledger.root.differs" for p in found)


def _contain(reader: Reader, older: Checkpoint, head: Checkpoint) -> Kept:
    """Step 5: the proof that the kept tree is a prefix of this one."""
    if older.origin != head.origin:
        raise bad("ledger.checkpoint.other_origin", "kept checkpoint")
    if older.size > head.size:
        raise bad("ledger.checkpoint.rolled_back", "checkpoint", size=head.size, kept=older.size)
    if older.size == 0:
        proof, holds = [], older.root == EMPTY_ROOT
    else:
        proof = consistency_proof(TileHashes(reader.read, head.size), older.size, head.size)
        holds = verify_consistency(older.size, head.size, proof, older.root, head.root)
    if not holds:
        raise bad("ledger.consistency.refused", "kept checkpoint", size=older.size)
    return Kept(older.size, older.root, tuple(proof))


# ------------------------------------------------------------------------------------ words


def describe(check: LogCheck) -> Iterator[str]:
    """A verdict in plain English, line by line."""
    if check.sound:
        yield "SOUND. Every entry of this log leads to the signed root; nothing logged was lost or changed."
    else:
        yield "NOT SOUND. Do not rely on this copy of the log."
    for number, (name, result) in enumerate(check.steps, 1):
        yield f"  {number}. {_STEPS[name]}: {_RESULTS[result]}"
    if check.head is not None:
        yield f"Log: {_printable(check.head.origin)}"
        yield f"Entries: {check.head.size}"
        yield f"Root: {check.head.root.hex()}"
    yield from (f"Signed by: {_printable(vkey)}" for vkey in check.signed_by)
    yield from (f"Witnessed by: {_printable(vkey)}" for vkey in check.witnessed_by)
    if check.kept is not None:
        yield f"Kept checkpoint: its {check.kept.size} entries are the first of these"
    yield from describe_findings(check.findings)
    if check.sound:
        yield "What this does not prove:"
        yield from (f"  {_LIMITS[limit]}" for limit in check.limits)


def describe_findings(findings: tuple[Problem, ...]) -> Iterator[str]:
    """The findings, as many as a screen takes."""
    if findings:
        yield "Found:"
        yield from (f"  {one.line()}" for one in findings[:SHOWN])
    if len(findings) > SHOWN:
        yield f"  and {len(findings) - SHOWN} more; `--json` has them all"


def _printable(text: str) -> str:
    """The text with every character a terminal could obey or hide written out as its escape."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
