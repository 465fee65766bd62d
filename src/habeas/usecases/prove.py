"""Prove: a receipt for one event of a case, checkable offline by whoever holds it.

Whoever asked, was asked about, or reports gets the reporting row opened and nothing else; the
custodian may also open the policy facts. Explanation and "what would change it" are in no receipt
that leaves.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from habeas.kernel.errors import bad
from habeas.ledger.entry import Part, decode_entry
from habeas.ledger.merkle import inclusion_proof
from habeas.ledger.note import TlogProof
from habeas.ledger.receipt import make_receipt
from habeas.ledger.tiles import TileHashes
from habeas.usecases.export_log import head_of, newest_witnessed

if TYPE_CHECKING:
    from habeas.ledger.trust import Trust
    from habeas.usecases.ports import Log, Ports


class Holder(StrEnum):
    """Who the receipt is for, which says what it opens."""

    REQUESTER = "requester"
    SUBJECT = "subject"
    REPORTER = "reporter"
    CUSTODIAN = "custodian"


_OPENS = {
    Holder.REQUESTER: (Part.STAT,),
    Holder.SUBJECT: (Part.STAT,),
    Holder.REPORTER: (Part.STAT,),
    Holder.CUSTODIAN: (Part.STAT, Part.FACTS),
}


def receipt(
    ports: Ports, log: Log, case_id: str, seq: int, holder: Holder, *, trust: Trust | None = None
) -> dict[str, Any]:
    """The receipt of the `seq`-th event of a case (from 1); `ledger.entry.waiting` until it is signed.

    It carries the newest checkpoint; with `trust`, the newest that has the quorum, where that is new
    enough to contain the event.
    """
    history = ports.cases.history(case_id)
    if not 1 <= seq <= len(history):
        raise bad("case.event.unknown", "event", last=len(history))
    recorded = history[seq - 1]
    index, note = ports.outbox.index_of(recorded.entry_id), log.checkpoint()
    if index is None or note is None or index >= head_of(note).size:
        raise bad("ledger.entry.waiting", "event")
    witnessed = newest_witnessed(log.checkpoints(), trust) if trust is not None else None
    if witnessed is not None and index < head_of(witnessed).size:
        note = witnessed
    size = head_of(note).size
    shown = _OPENS[holder]
    openings = [o for o in ports.cases.openings(recorded.entry_id) if o.part in shown]
    proof = TlogProof(index, tuple(inclusion_proof(TileHashes(log.read, size), index, size)), note)
    document: dict[str, Any] = make_receipt(decode_entry(log.entry(index)), openings, proof)
    return document
