"""Ledger entries: what is written down for ever, and nothing of it personal.

Hides how a commitment is made and how an entry's bytes are laid out. Promises that every entry has
exactly `ENTRY_SIZE` bytes whatever it commits to (so a sealed case looks like its neighbours), that
an entry holds no personal data, and that `decode_entry` is total: any bytes give an `Entry` or the
one documented `BadInput`.

An entry is `{v, id, stat, facts, private}` in canonical form. The last three are HMAC-SHA256
commitments (RFC 2104) under three separate 32-byte salts:

* `stat`: the reporting row, closed words only; its salt is kept, so published figures stay provable;
* `facts`: the policy facts, never identity or free text;
* `private`: everything else.

Erasure destroys the salts of `facts` and `private`: the root does not change, and what was committed
can no longer be guessed, however small the set of possible values (an unsalted hash of a date of
birth and four digits falls in minutes).
"""

from __future__ import annotations

import hmac
import re
from enum import StrEnum
from typing import Final

import attrs

from habeas.kernel.canonical import Json, commit
from habeas.kernel.errors import BadInput, bad

ENTRY_VERSION: Final = 1
"""The `v` of an entry."""

SALT_SIZE: Final = 32
"""Bytes in a salt. Fixed, because HMAC pads shorter keys with zeros: `k` and `k ‖ 0` would be one key."""

COMMITMENT: Final = re.compile(r"[0-9a-f]{64}")
"""The whole of a commitment, or of a salt in a receipt: 32 bytes in lower-case hexadecimal."""

ENTRY_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
"""The whole of an entry id: a UUIDv7 (RFC 9562 § 5.7), lower case."""

_LAYOUT: Final = '{{"facts":"{facts}","id":"{id}","private":"{private}","stat":"{stat}","v":1}}'
_HEX: Final = COMMITMENT.pattern
_BYTES: Final = re.compile(
    r'\{"facts":"(?P<facts>' + _HEX + r')","id":"(?P<id>' + ENTRY_ID.pattern + r')",'
    r'"private":"(?P<private>' + _HEX + r')","stat":"(?P<stat>' + _HEX + r')","v":1\}'
)

ENTRY_SIZE: Final = len(_LAYOUT.format(facts="0" * 64, id="0" * 36, private="0" * 64, stat="0" * 64))
"""Bytes in every encoded entry (277)."""

_KEYS: Final = frozenset({"v", "id", "stat", "facts", "private"})


class Part(StrEnum):
    """The three committed parts of an entry, in the order they are shown."""

    STAT = "stat"
    FACTS = "facts"
    PRIVATE = "private"


def _check_salt(salt: bytes) -> None:
    if len(salt) != SALT_SIZE:
        raise bad("ledger.salt.wrong_size", "salt", size=SALT_SIZE)


@attrs.frozen
class Salts:
    """The three 32-byte salts of one entry, all different; never shown in a representation."""

    stat: bytes = attrs.field(repr=False)
    facts: bytes = attrs.field(repr=False)
    private: bytes = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        for salt in (self.stat, self.facts, self.private):
            _check_salt(salt)
        if len({self.stat, self.facts, self.private}) != len(Part):
            raise bad("ledger.salt.reused", "salts")

    def of(self, part: Part) -> bytes:
        """The salt of one part."""
        match part:
            case Part.STAT:
                return self.stat
            case Part.FACTS:
                return self.facts
            case Part.PRIVATE:
                return self.private


@attrs.frozen
class Opening:
    """What opens one part: its salt and the value committed to. Salt and value are never in a `repr`."""

    part: Part
    salt: bytes = attrs.field(repr=False)
    value: Json = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        _check_salt(self.salt)


@attrs.frozen
class Entry:
    """One ledger entry: an id and three commitments in lower-case hexadecimal; checked when made."""

    id: str
    stat: str
    facts: str
    private: str

    def __attrs_post_init__(self) -> None:
        if not ENTRY_ID.fullmatch(self.id):
            raise bad("ledger.entry.malformed", "entry.id")
        for part in Part:
            if not COMMITMENT.fullmatch(self.commitment(part)):
                raise bad("ledger.entry.malformed", f"entry.{part}")

    def commitment(self, part: Part) -> str:
        """The commitment to one part, hexadecimal."""
        match part:
            case Part.STAT:
                return self.stat
            case Part.FACTS:
                return self.facts
            case Part.PRIVATE:
                return self.private

    def encode(self) -> bytes:
        """The canonical bytes (RFC 8785) that are hashed into the tree: always `ENTRY_SIZE` of them."""
        text = _LAYOUT.format(facts=self.facts, id=self.id, private=self.private, stat=self.stat)
        return text.encode("ascii")

    def as_json(self) -> dict[str, Json]:
        """The entry as the JSON object of `habeas.entry.v1`."""
        return {
            "v": ENTRY_VERSION,
            "id": self.id,
            "stat": self.stat,
            "facts": self.facts,
            "private": self.private,
        }


def make_entry(entry_id: str, stat: Json, facts: Json, private: Json, salts: Salts) -> Entry:
    """The entry that commits to three values; `BadInput` where a value has no canonical form.

    Nothing but the id stands in clear, so the caller's id must say nothing either: it is a UUIDv7.
    """
    return Entry(
        id=entry_id,
        stat=commit(salts.stat, stat),
        facts=commit(salts.facts, facts),
        private=commit(salts.private, private),
    )


def decode_entry(data: bytes) -> Entry:
    """Untrusted bytes → `Entry`; anything but the one canonical form is `ledger.entry.malformed`."""
    found = _BYTES.fullmatch(data.decode("latin-1")) if len(data) == ENTRY_SIZE else None
    if found is None:
        raise bad("ledger.entry.malformed", "entry")
    return Entry(**found.groupdict())


def read_entry(value: Json, place: str = "entry") -> Entry:
    """The `habeas.entry.v1` object of a receipt → `Entry`; strict about keys, version, types and case."""
    if not isinstance(value, dict) or value.keys() != _KEYS:
        raise bad("ledger.entry.malformed", place)
    if type(value["v"]) is not int or value["v"] != ENTRY_VERSION:
        raise bad("ledger.entry.malformed", f"{place}.v")
    if not all(isinstance(value[key], str) for key in ("id", *Part)):
        raise bad("ledger.entry.malformed", place)
    return Entry(value["id"], value["stat"], value["facts"], value["private"])


def check_opening(entry: Entry, opening: Opening) -> bool:
    """Whether the opening is what the entry committed to; compared in constant time.

    A value without a canonical form (a float, a control character) opens nothing.
    """
    try:
        opened = commit(opening.salt, opening.value)
    except BadInput:
        return False
    return hmac.compare_digest(opened, entry.commitment(opening.part))


def derive_salt(case_salt_key: bytes, entry_id: str, part: Part | str) -> bytes:
    """A part's salt from the case's 32-byte secret: HKDF-SHA256 (RFC 5869), bound to entry and part.

    The secret is erased with its case, and `facts` and `private` fall with it. A `stat` salt must
    outlive the case: the caller derives it from a secret that is kept, or stores it before erasing.
    One salt tells nothing about the secret or about another salt.
    """
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - verifying needs no salts
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - as above

    _check_salt(case_salt_key)
    if not ENTRY_ID.fullmatch(entry_id):
        raise bad("ledger.entry.malformed", "entry.id")
    info = f"habeas/salt/v1\n{entry_id}\n{Part(part)}".encode("ascii")
    return HKDF(algorithm=SHA256(), length=SALT_SIZE, salt=None, info=info).derive(case_salt_key)
