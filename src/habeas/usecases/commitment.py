"""What a ledger entry commits to: the three parts of a stored event, and what opens them again.

Every adapter of `Cases` uses this, so that an entry's bytes never depend on where a case is kept. The
parts are taken from the *stored* payload, not from the upcast event: an old event is opened with the
words it was written in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from habeas.domain.events import payload
from habeas.kernel.canonical import normalize
from habeas.ledger.entry import Entry, Opening, Part, Salts, derive_salt, make_entry

if TYPE_CHECKING:
    from habeas.domain.events import Event
    from habeas.kernel.canonical import Json


def stored_form(event: Event) -> Json:
    """The payload of an event in the form that is kept and read back: normalized, instants in seconds."""
    return normalize(payload(event), "event")


def parts_of(stored: Json, case_id: str, seq: int) -> dict[Part, Json]:
    """The committed value of each part.

    `stat` is the reporting row, `facts` the policy facts, `private` everything else that was stored:
    which case and which place in it, the version of the payload, when, by whom, and its private part.
    """
    rest = {name: stored[name] for name in ("version", "at", "actor", "private")}
    return {
        Part.STAT: stored["row"],
        Part.FACTS: stored["facts"],
        Part.PRIVATE: {"case_id": case_id, "seq": seq, **rest},
    }


def salts_of(case_salt: bytes, entry_id: str, stat_salt: bytes) -> Salts:
    """An entry's salts: the kept one, and two derived from the case's secret, which is erased with it."""
    return Salts(
        stat=stat_salt,
        facts=derive_salt(case_salt, entry_id, Part.FACTS),
        private=derive_salt(case_salt, entry_id, Part.PRIVATE),
    )


def entry_of(entry_id: str, parts: dict[Part, Json], salts: Salts) -> Entry:
    """The entry that commits to the parts."""
    return make_entry(entry_id, parts[Part.STAT], parts[Part.FACTS], parts[Part.PRIVATE], salts)


def openings_of(parts: dict[Part, Json], salts: Salts) -> tuple[Opening, ...]:
    """What opens all three parts, in the order of `Part`. Personal data: hand on only what may be shown."""
    return tuple(Opening(part, salts.of(part), parts[part]) for part in Part)
