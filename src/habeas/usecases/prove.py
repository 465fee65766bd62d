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
from habeas.usecases.publish import UNTOLD

if TYPE_CHECKING:
    from habeas.domain.events import Recorded
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


def shown_to(history: tuple[Recorded, ...], holder: Holder) -> tuple[Recorded, ...]:
    """The events a holder may have a receipt of: that a case is sealed is its agency's own knowledge."""
    if holder is Holder.CUSTODIAN:
        return history
    return tuple(r for r in history if r.event.kind not in UNTOLD)


def receipt(
    ports: Ports, log: Log, case_id: str, seq: int, holder: Holder, *, trust: Trust | None = None
) -> dict[str, Any]:
    """The receipt of the `seq`-th event of a case (from 1); `ledger.entry.waiting` until it is signed.

    It carries the newest checkpoint; with `trust`, the newest that has the quorum, where that is new
    enough to contain the event.
    """
    history = ports.cases.history(case_id)
    shown = shown_to(history, holder)
    recorded = next((r for r in shown if r.seq == seq), None)
    if recorded is None:
        raise bad("case.event.unknown", "event", last=shown[-1].seq if shown else 0)
    index, note = ports.outbox.index_of(recorded.entry_id), log.checkpoint()
    if index is None or note is None or index >= head_of(note).size:
        raise bad("ledger.entry.waiting", "event")
    witnessed = newest_witnessed(log.checkpoints(), trust) if trust is not None else None
    if witnessed is not None and index < head_of(witnessed).size:
        note = witnessed
    size = head_of(note).size
    openings = [o for o in ports.cases.openings(recorded.entry_id) if o.part in _OPENS[holder]]
    proof = TlogProof(index, tuple(inclusion_proof(TileHashes(log.read, size), index, size)), note)
    document: dict[str, Any] = make_receipt(decode_entry(log.entry(index)), openings, proof)
    return document
