"""Submit: the newest signed checkpoint → the witnesses → cosignatures, or the news that we are not whole.

The other side is `usecases.witness`, or anybody's who speaks C2SP tlog-witness. Three things are told
apart. A witness that does not answer, or refuses, is a problem that is shown; the checkpoint stands
without it. A witness that has *more* than we have signed (`ledger.witness.ahead`), or something else at
a size we have signed (`ledger.witness.forked`), means that this log is not the one it was: a backup was
restored, or two copies run. Then nothing more may be signed, and both are a `BrokenInvariant`.

The checkpoint is on the disk before any witness sees it, so a witness that is ahead of what is signed
here is never a crash of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import attrs

from habeas.kernel.errors import BadInput, Problem, bad, broken, problem
from habeas.ledger.keys import SignatureType
from habeas.ledger.merkle import EMPTY_ROOT, consistency_proof
from habeas.ledger.note import Checkpoint, open_note, split_note
from habeas.ledger.submission import Ruling, Submission
from habeas.ledger.tiles import TileHashes
from habeas.usecases.export_log import head_of, is_witnessed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from habeas.ledger.keys import VerifierKey
    from habeas.ledger.trust import Trust
    from habeas.usecases.ports import Log
    from habeas.usecases.sequence import NoteSigner

ROUNDS: Final = 3
"""Times a witness is asked in one go: it may have to say its size first, and may move meanwhile."""


@attrs.frozen
class Reply:
    """What a witness said: its ruling, or None where it could not be reached or made no sense."""

    ruling: Ruling | None
    size: int = 0
    lines: str = ""


class Cosigners(Protocol):
    """Reaches the witnesses, all at once (`adapters.witness_client`)."""

    def submit(self, wanted: Mapping[VerifierKey, Submission]) -> Mapping[VerifierKey, Reply]:
        """The reply of each witness asked; never raises for what a witness does."""
        ...


@attrs.define
class Circle:
    """The witnesses of a log: what counts (`trust`), how they are reached, and what they last had.

    `compared` says that this process has compared the log with them; `sizes` saves them a question.
    """

    trust: Trust
    cosigners: Cosigners
    compared: bool = False
    sizes: dict[VerifierKey, int] = attrs.field(factory=dict)

    @property
    def needed(self) -> int:
        """Answers without which nobody knows what the quorum saw: any quorum has one of so many."""
        return len(self.trust.witnesses) - self.trust.quorum + 1


@attrs.frozen
class Witnessed:
    """Where the newest checkpoint stands: its size, the witnesses that cosigned it, how many must."""

    size: int
    by: tuple[str, ...]
    quorum: int
    problems: tuple[Problem, ...] = ()

    @property
    def reached(self) -> bool:
        """Whether there are enough."""
        return len(self.by) >= self.quorum


@attrs.frozen
class Gathered:
    """What the witnesses gave: cosignature lines by key, and what was wrong with the others."""

    lines: Mapping[VerifierKey, str]
    problems: tuple[Problem, ...]


def compare(circle: Circle, log: Log, signer: NoteSigner) -> None:
    """Before this process signs: no witness has more than we have, or something else.

    A log that signed nothing yet shows the empty tree, which every tree contains. `BadInput`
    `ledger.witness.unheard` where too few answered to know.
    """
    note = log.checkpoint()
    shown = note or signer.sign(Checkpoint(signer.origin, 0, EMPTY_ROOT).text)
    got = gather(circle, log, shown)
    if len(got.lines) < circle.needed:
        first = problem("ledger.witness.unheard", "witnesses", heard=len(got.lines), needed=circle.needed)
        raise BadInput([first, *got.problems])
    if note is not None:
        _store(circle.trust, log, note, got)
    circle.compared = True


def submit(circle: Circle, log: Log) -> Witnessed | None:
    """Have the newest checkpoint cosigned, and keep the cosigned note when the quorum is reached."""
    note = log.checkpoint()
    if note is None:
        return None
    size = head_of(note).size
    if is_witnessed(note, circle.trust):
        return Witnessed(size, _names(note, circle.trust), circle.trust.quorum)
    got = gather(circle, log, note)
    names = _store(circle.trust, log, note, got)
    return Witnessed(size, names, circle.trust.quorum, got.problems)


def _names(note: str, trust: Trust) -> tuple[str, ...]:
    """The witnesses whose cosignature stands on the note."""
    verified = open_note(note, trust.keys).verified(SignatureType.COSIGNATURE)
    return tuple({key.public: key.name for key in verified}.values())


def _store(trust: Trust, log: Log, note: str, got: Gathered) -> tuple[str, ...]:
    """Keep the note with its cosignatures if they are enough and more than before; who cosigned."""
    there = open_note(note, trust.keys).verified(SignatureType.COSIGNATURE)
    cosigned = note + "".join(line for key, line in got.lines.items() if key not in there)
    if cosigned != note and is_witnessed(cosigned, trust) and not is_witnessed(note, trust):
        log.add_checkpoint(head_of(note).size, cosigned)
    return _names(cosigned, trust)


def gather(circle: Circle, log: Log, note: str) -> Gathered:
    """Ask every witness for its cosignature on a note of this log's."""
    head = head_of(note)
    asked = {key: min(circle.sizes.get(key, head.size), head.size) for key in circle.trust.witnesses}
    lines: dict[VerifierKey, str] = {}
    found: list[Problem] = []
    for _ in range(ROUNDS):
        wanted = {key: _submission(log, old, head, note) for key, old in asked.items()}
        replies = circle.cosigners.submit(wanted) if wanted else {}
        again: dict[VerifierKey, int] = {}
        for key, old in asked.items():
            try:
                judged = _judge(key, replies.get(key, Reply(None)), old, note)
            except BadInput as error:
                found += error.problems
                continue
            if isinstance(judged, str):
                circle.sizes[key], lines[key] = head.size, judged
            else:
                again[key] = judged
        asked = again
    # a witness whose size changed at every question
    found += [problem("ledger.witness.refused", key.name, answer="conflict") for key in asked]
    return Gathered(lines, tuple(found))


def _submission(log: Log, old: int, head: Checkpoint, note: str) -> Submission:
    proof = consistency_proof(TileHashes(log.read, head.size), old, head.size) if 0 < old < head.size else []
    return Submission(old, tuple(proof), note)


def _judge(key: VerifierKey, reply: Reply, old: int, note: str) -> str | int:
    """The cosignature line of a witness, or the size to ask it again from, or an error: see the module."""
    size = head_of(note).size
    match reply.ruling:
        case Ruling.COSIGNED:
            return _line(key, note, reply.lines)
        case Ruling.CONFLICT if reply.size > size:
            raise broken("ledger.witness.ahead", key.name, size=reply.size, signed=size)
        case Ruling.CONFLICT if reply.size == old == size:
            raise broken("ledger.witness.forked", key.name, size=size)
        case Ruling.CONFLICT if reply.size != old:
            return reply.size
        case Ruling.UNPROVED if old > 0:
            raise broken("ledger.witness.forked", key.name, size=old)
        case None:
            raise bad("ledger.witness.unreachable", key.name)
        case ruling:
            raise bad("ledger.witness.refused", key.name, answer=str(ruling))


def _line(key: VerifierKey, note: str, lines: str) -> str:
    """The line by which this witness cosigns this note, out of what it sent."""
    try:
        opened = open_note(note + lines, [key])
    except BadInput:
        raise bad("ledger.witness.refused", key.name, answer="no cosignature of its own") from None
    line = next(f"{s.line}\n" for s in reversed(opened.signatures) if s.key == key)
    if opened.text != split_note(note)[0]:
        raise bad("ledger.witness.refused", key.name, answer="a cosignature on another text")
    return line
