"""Signed notes, checkpoints and tlog-proofs: the C2SP text formats.

Hides how the formats are spelt. Promises that every text has one spelling, that reading is total, that
an unknown signature is passed over while a known one that fails refuses the note, and that nothing is
trusted but the keys the caller gives.

A note is `text ‖ 0x0A ‖ signature lines`; a line is `— name base64(keyID[4] ‖ signature)`.
Sources: C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from habeas.kernel.errors import bad
from habeas.ledger.keys import TIME_SIZE, SignatureType, SignerKey, VerifierKey
from habeas.ledger.merkle import HASH_SIZE, MAX_SIZE
from habeas.ledger.spelling import (
    is_line,
    is_name,
    is_note_text,
    read_base64,
    read_decimal,
    read_hash,
    write_base64,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_NOTE: Final = 1_000_000
"""Characters a note may have."""

MAX_SIGNATURES: Final = 100
"""Signature lines a note may have (C2SP asks for at least 16)."""

MAX_PROOF: Final = 63
"""Hashes an inclusion proof may have: the height of the tallest tree."""

PROOF_HEADER: Final = "c2sp.org/tlog-proof@v1"
"""The first line of a tlog-proof."""

_DASH: Final = "— "


@attrs.frozen
class Signature:
    """One signature line. `key` is the accepted key that it verified under, or None: unknown, ignored."""

    name: str
    key_id: bytes
    signature: bytes
    key: VerifierKey | None = None

    @property
    def line(self) -> str:
        """The line, without its newline."""
        return f"{_DASH}{self.name} {write_base64(self.key_id + self.signature)}"

    @property
    def seconds(self) -> int | None:
        """When a verified cosignature says it was made (POSIX seconds)."""
        if self.key is None or self.key.kind is not SignatureType.COSIGNATURE:
            return None
        return int.from_bytes(self.signature[:TIME_SIZE], "big")


@attrs.frozen
class Note:
    """A note that was opened: its text, and its signature lines in order."""

    text: str
    signatures: tuple[Signature, ...]

    def verified(self, kind: SignatureType) -> list[VerifierKey]:
        """The accepted keys of one type that signed, each once."""
        found = [s.key for s in self.signatures if s.key is not None and s.key.kind is kind]
        return list(dict.fromkeys(found))


def _check_text(text: str) -> None:
    if not is_note_text(text):
        raise bad("ledger.note.malformed", "note")


def sign_note(text: str, signers: Iterable[SignerKey]) -> str:
    """The text signed by each key in turn; the text ends in a newline and has no control character."""
    _check_text(text)
    lines = [Signature(s.name, s.verifier.key_id, s.sign(text)).line for s in signers]
    return f"{text}\n" + "".join(f"{line}\n" for line in lines)


def cosign(note: str, witness: SignerKey, seconds: int) -> str:
    """The signed note with a witness's cosignature line added."""
    text, _ = split_note(note)
    line = Signature(witness.name, witness.verifier.key_id, witness.sign(text, seconds)).line
    return f"{note}{line}\n"


def split_note(note: str | bytes) -> tuple[str, list[Signature]]:
    """A note → its text and its signatures, none of them checked; else `ledger.note.malformed`."""
    try:
        whole = note.decode() if isinstance(note, bytes) else note
    except UnicodeDecodeError:
        raise bad("ledger.note.malformed", "note") from None
    if len(whole) > MAX_NOTE:
        raise bad("ledger.note.malformed", "note")
    _check_text(whole)
    text, blank, lines = whole.rpartition("\n\n")
    found = [_read_line(line) for line in lines[:-1].split("\n")]
    if not blank or len(found) > MAX_SIGNATURES:
        raise bad("ledger.note.malformed", "note")
    return f"{text}\n", found


def _read_line(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    data = read_base64(encoded)
    if not line.startswith(_DASH) or not is_name(name) or data is None or len(data) <= 4:  # noqa: PLR2004 - key id
        raise bad("ledger.note.malformed", "note")
    return Signature(name, data[:4], data[4:])


def index_keys(keys: Iterable[VerifierKey]) -> dict[tuple[str, bytes], VerifierKey]:
    """Keys by name and id; two different keys of one name and id are `ledger.key.ambiguous`."""
    by_id: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        if by_id.setdefault((key.name, key.key_id), key) != key:
            raise bad("ledger.key.ambiguous", "vkey")
    return by_id


def open_note(note: str | bytes, keys: Iterable[VerifierKey]) -> Note:
    """A note whose signatures by these keys all verify, of which there is at least one.

    Errors: `ledger.note.malformed`; `ledger.signature.invalid` where a line bears an accepted key's name
    and id but does not verify; `ledger.note.unsigned` where no accepted key signed.
    """
    text, lines = split_note(note)
    accepted = index_keys(keys)
    found = [Signature(s.name, s.key_id, s.signature, accepted.get((s.name, s.key_id))) for s in lines]
    for line in found:
        if line.key is not None and not line.key.verify(text, line.signature):
            raise bad("ledger.signature.invalid", "note")
    if all(line.key is None for line in found):
        raise bad("ledger.note.unsigned", "note")
    return Note(text, tuple(found))


# ------------------------------------------------------------------------------------------- checkpoints


@attrs.frozen
class Checkpoint:
    """A tree's head: the log's origin, its size in leaves, its 32-byte root, and extension lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        lines = (self.origin, *self.extensions)
        if not all(map(is_line, lines)) or not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_SIZE:
            raise bad("ledger.checkpoint.malformed", "checkpoint")

    @property
    def text(self) -> str:
        """The note text: origin, size, base64 root, one line each."""
        lines = (self.origin, str(self.size), write_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """A note text → `Checkpoint`; anything but its one spelling is `ledger.checkpoint.malformed`."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop():  # noqa: PLR2004 - three lines, and nothing after the last newline
        raise bad("ledger.checkpoint.malformed", "checkpoint")
    size, root = read_decimal(lines[1]), read_hash(lines[2])
    if size is None or root is None:
        raise bad("ledger.checkpoint.malformed", "checkpoint")
    return Checkpoint(lines[0], size, root, tuple(lines[3:]))


# ------------------------------------------------------------------------------------------- tlog-proofs


@attrs.frozen
class TlogProof:
    """An inclusion proof that travels alone: index, hashes from the leaf's sibling up, signed checkpoint.

    `extra` is carried, never trusted.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def __attrs_post_init__(self) -> None:
        hashes = len(self.hashes) <= MAX_PROOF and all(len(h) == HASH_SIZE for h in self.hashes)
        if not hashes or not 0 <= self.index <= MAX_SIZE:
            raise bad("ledger.proof.malformed", "proof")

    @property
    def text(self) -> str:
        """The proof as `c2sp.org/tlog-proof@v1`."""
        extra = [] if self.extra is None else [f"extra {write_base64(self.extra)}"]
        lines = [PROOF_HEADER, *extra, f"index {self.index}", *map(write_base64, self.hashes)]
        return "".join(f"{line}\n" for line in lines) + f"\n{self.checkpoint}"


def parse_proof(text: str) -> TlogProof:
    """A tlog-proof's text → `TlogProof`, its checkpoint not yet opened; else `ledger.proof.malformed`."""
    head, blank, checkpoint = text.partition("\n\n")
    header, *lines = head.split("\n")
    if not blank or header != PROOF_HEADER or len(text) > 2 * MAX_NOTE:
        raise bad("ledger.proof.malformed", "proof")
    extra = _extra(lines.pop(0)) if lines and lines[0].startswith("extra ") else None
    word, _, digits = lines.pop(0).partition(" ") if lines else ("", "", "")
    index = read_decimal(digits)
    if word != "index" or index is None or len(lines) > MAX_PROOF:
        raise bad("ledger.proof.malformed", "proof")
    return TlogProof(index, _hashes(lines), checkpoint, extra)


def _extra(line: str) -> bytes:
    data = read_base64(line.removeprefix("extra "))
    if data is None:
        raise bad("ledger.proof.malformed", "proof")
    return data


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    found = [read_hash(line) for line in lines]
    hashes = tuple(h for h in found if h is not None)
    if len(hashes) != len(found):
        raise bad("ledger.proof.malformed", "proof")
    return hashes
