"""The receipt document: an entry, what opens it, and the proof that it was logged.

Hides the JSON. Promises that reading is total and strict, and that a receipt is never made with an
opening that does not open its entry. Nothing here judges a receipt: that is `verify`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from habeas.kernel.errors import bad
from habeas.ledger.entry import COMMITMENT, Entry, Opening, Part, check_opening, read_entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from habeas.kernel.canonical import Json
    from habeas.ledger.note import TlogProof

RECEIPT_SCHEMA: Final = "habeas.receipt.v1"
"""The `schema` of a receipt."""

_RECEIPT_KEYS: Final = frozenset({"schema", "entry", "openings", "tlog_proof"})
_OPENING_KEYS: Final = frozenset({"part", "salt", "value"})
_PARTS: Final = frozenset(map(str, Part))


@attrs.frozen
class Receipt:
    """A receipt as read: nothing in it is checked but its shape."""

    entry: Entry
    openings: tuple[Opening, ...]
    tlog_proof: str


def make_receipt(entry: Entry, openings: Iterable[Opening], proof: TlogProof) -> Json:
    """The `habeas.receipt.v1` document; an opening that does not open the entry is a `BadInput`."""
    shown = list(openings)
    for opening in shown:
        require_opening(entry, opening)
    return {
        "schema": RECEIPT_SCHEMA,
        "entry": entry.as_json(),
        "openings": [{"part": str(o.part), "salt": o.salt.hex(), "value": o.value} for o in shown],
        "tlog_proof": proof.text,
    }


def read_receipt(document: Json) -> Receipt:
    """A decoded document → `Receipt`; `BadInput` unless it has exactly the documented shape."""
    if not isinstance(document, dict) or document.get("schema") != RECEIPT_SCHEMA:
        raise bad("ledger.receipt.wrong_schema", "receipt.schema", schema=RECEIPT_SCHEMA)
    if document.keys() != _RECEIPT_KEYS or not isinstance(document["tlog_proof"], str):
        raise bad("ledger.receipt.malformed", "receipt")
    openings = document["openings"]
    if not isinstance(openings, list) or len(openings) > len(Part):
        raise bad("ledger.receipt.malformed", "receipt.openings")
    opened = tuple(read_opening(one, f"receipt.openings[{at}]") for at, one in enumerate(openings))
    if len({opening.part for opening in opened}) != len(opened):
        raise bad("ledger.receipt.malformed", "receipt.openings")
    return Receipt(read_entry(document["entry"], "receipt.entry"), opened, document["tlog_proof"])


def read_opening(value: Json, place: str) -> Opening:
    """An opening object `{part, salt, value}` → `Opening`; `BadInput` for any other shape."""
    if not isinstance(value, dict) or value.keys() != _OPENING_KEYS:
        raise bad("ledger.opening.malformed", place)
    part, salt = value["part"], value["salt"]
    if not isinstance(part, str) or part not in _PARTS:
        raise bad("ledger.opening.malformed", f"{place}.part")
    if not isinstance(salt, str) or not COMMITMENT.fullmatch(salt):
        raise bad("ledger.opening.malformed", f"{place}.salt")
    return Opening(Part(part), bytes.fromhex(salt), value["value"])


def require_opening(entry: Entry, opening: Opening) -> None:
    """`ledger.opening.differs` unless the opening is what the entry committed to."""
    if not check_opening(entry, opening):
        raise bad("ledger.opening.differs", f"openings.{opening.part}")
