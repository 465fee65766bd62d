"""What a witness remembers, as one small file, and the evidence it kept beside it.

Hides JSON, temporary names and the lock. Promises that the file is wholly the old or wholly the new one
whatever is killed when, that one process at a time has it, that it belongs to one key, and that a
witness never starts without it: one that forgot what it saw would vouch for a log that forgot too.

The file is `habeas.witness-state.v1`; checkpoints stand there in base64, byte for byte as they came.
Evidence lies in `<file>.evidence/`, two signed notes a pair, which any C2SP tool reads.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.adapters.files import disk_problem, write_durably
from habeas.kernel.canonical import decode, encode
from habeas.kernel.errors import BadInput, bad
from habeas.ledger.note import parse_checkpoint, split_note
from habeas.ledger.spelling import read_base64, write_base64

if TYPE_CHECKING:
    from pathlib import Path

    from habeas.ledger.keys import SignerKey, VerifierKey
    from habeas.usecases.witness import Evidence

SCHEMA: Final = "habeas.witness-state.v1"
"""The `schema` of the file."""

MAX_UNPROVED: Final = 1000
"""Pairs kept whose proof failed: anybody can send a wrong proof. What only the log's key can make, two
trees of one size, is always kept."""

_KEYS: Final = frozenset({"schema", "key", "checkpoints"})


@attrs.define
class StateFile:
    """`usecases.witness.Register` over a file that this process holds (`adapters.file_lock.sole`)."""

    path: Path
    key: VerifierKey
    notes: dict[str, str]

    @property
    def evidence(self) -> Path:
        """The folder of the evidence."""
        return self.path.with_name(f"{self.path.name}.evidence")

    def latest(self, origin: str) -> str | None:
        """The newest checkpoint cosigned for a log."""
        return self.notes.get(origin)

    def keep(self, origin: str, note: str) -> None:
        """Replace a log's newest checkpoint, on the disk first."""
        changed = self.notes | {origin: note}
        write_durably(self.path, _render(self.key, changed), self.path.name)
        self.notes = changed

    def keep_evidence(self, evidence: Evidence) -> None:
        """Keep a pair that does not fit, as two files."""
        word = "split" if evidence.split else "unproved"
        if not evidence.split and len(list(self.evidence.glob(f"{word}-*"))) >= 2 * MAX_UNPROVED:
            return
        both = split_note(evidence.recorded)[0] + split_note(evidence.submitted)[0]
        name = f"{word}-{sha256(both.encode()).hexdigest()[:16]}"
        for part, note in (("recorded", evidence.recorded), ("submitted", evidence.submitted)):
            file = self.evidence / f"{name}-{part}.checkpoint"
            if not file.exists():
                write_durably(file, note.encode(), file.name)


def _render(key: VerifierKey, notes: dict[str, str]) -> bytes:
    kept = [write_base64(note.encode()) for _, note in sorted(notes.items())]
    return encode({"schema": SCHEMA, "key": key.public.hex(), "checkpoints": kept}) + b"\n"


def make_state(path: Path, key: SignerKey) -> None:
    """The file of a witness that has seen nothing yet; an existing one is `witness.state.exists`."""
    try:
        write_durably(path, _render(key.verifier, {}), path.name, replace=False)
    except FileExistsError:
        raise bad("witness.state.exists", path.name) from None


def open_state(path: Path, key: VerifierKey) -> StateFile:
    """The file of a witness; `BadInput` where it is missing, damaged, or another key's."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise bad("witness.state.missing", path.name) from None
    except OSError as error:
        raise disk_problem(error, path.name) from None
    try:
        public, notes = _parse(decode(data, path.name))
    except (BadInput, ValueError):
        raise bad("witness.state.malformed", path.name) from None
    if public != key.public.hex():
        raise bad("witness.state.other_key", path.name)
    return StateFile(path, key, notes)


def _parse(document: Any) -> tuple[str, dict[str, str]]:  # noqa: ANN401 - untrusted JSON
    """The public key and the notes by origin; `ValueError` where the form is another."""
    if not isinstance(document, dict) or document.keys() != _KEYS or document["schema"] != SCHEMA:
        raise ValueError
    notes = {}
    for text in document["checkpoints"] if isinstance(document["checkpoints"], list) else [None]:
        data = read_base64(text) if isinstance(text, str) else None
        if data is None:
            raise ValueError
        note = data.decode()
        notes[parse_checkpoint(split_note(note)[0]).origin] = note
    return str(document["key"]), notes
