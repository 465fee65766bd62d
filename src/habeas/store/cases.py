"""Cases as histories: `append` is the only way anything about a case is written.

Hides tables, encryption and transactions. Promises that an event, its sealed part, the projection and
its queued ledger entry are written together or not at all; that a writer who was overtaken is refused;
that what `append` returns is what `history` reads back; and that the projection equals the fold.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import reduce
from typing import TYPE_CHECKING, Any

import attrs
from django.db import IntegrityError, transaction

from habeas.domain.case import Case
from habeas.domain.events import Recorded, upcast
from habeas.kernel import canonical
from habeas.kernel.clock import read_instant, write_instant
from habeas.kernel.errors import bad, broken
from habeas.ledger.entry import Opening, Part
from habeas.store.faults import told
from habeas.store.models import CaseRow, EventRow, ItemRow, OutboxRow, VaultRow
from habeas.store.places import CASES
from habeas.store.projection import project
from habeas.store.sealing import bound_event
from habeas.usecases.commitment import entry_of, openings_of, parts_of, salts_of, stored_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from habeas.domain.events import Event
    from habeas.kernel.canonical import Json
    from habeas.kernel.ids import IdSource
    from habeas.store.projection import CaseLine
    from habeas.store.sealing import Cipher
    from habeas.usecases.ports import CaseKey, Keys

_FOLDS = 32  # cases remembered in one process
_SEALED = ("actor", "facts", "private")


@attrs.frozen
class Kept:
    """A stored event: its place, its payload in the words it was written in, its kept salt."""

    case_id: str
    seq: int
    entry_id: str
    stored: Any
    stat_salt: bytes

    @property
    def recorded(self) -> Recorded:
        """The event as today's code reads it."""
        return Recorded(self.case_id, self.seq, self.entry_id, upcast(self.stored))

    def entry(self, case_salt: bytes) -> bytes:
        """Its ledger entry's bytes."""
        salts = salts_of(case_salt, self.entry_id, self.stat_salt)
        return entry_of(self.entry_id, parts_of(self.stored, self.case_id, self.seq), salts).encode()


@attrs.define
class Folds:
    """The cases last seen, by the entry id of their last event, so that `append` need not decrypt again.

    An entry id is random and events never change, so it names one history: a transaction that was rolled
    back leaves an id that no history ends with. Only `append` asks; reading a case always decrypts it.
    """

    _kept: OrderedDict[str, Case] = attrs.field(factory=OrderedDict, repr=False)

    def keep(self, entry_id: str, case: Case) -> None:
        """Remember a case, and forget the oldest beyond the limit."""
        self._kept[entry_id] = case
        while len(self._kept) > _FOLDS:
            self._kept.popitem(last=False)

    def take(self, entry_id: str) -> Case | None:
        """The case that ends with this event, which is then forgotten."""
        return self._kept.pop(entry_id, None)


@attrs.frozen
class SqlCases:
    """`Cases` in the case database."""

    keys: Keys
    ids: IdSource
    cipher: Cipher
    _folds: Folds = attrs.field(factory=Folds, init=False, eq=False, repr=False)

    def append(self, case_id: str, expected_version: int, events: Sequence[Event]) -> tuple[Recorded, ...]:
        """Append events, update the projection and queue one ledger entry each, or raise.

        `case.version.conflict` where another writer was faster, `keys.case.missing` where the case has no
        key, `workflow.event.not_allowed` where the case may not go there.
        """
        key = self.keys.get(case_id)
        with told():
            try:
                with transaction.atomic(using=CASES):
                    return self._append(case_id, expected_version, events, key)
            except IntegrityError:
                raise bad("case.version.conflict", "case") from None

    def _append(
        self, case_id: str, expected_version: int, events: Sequence[Event], key: CaseKey
    ) -> tuple[Recorded, ...]:
        last = EventRow.objects.filter(case_id=case_id).order_by("seq").last()
        if (last.seq if last else 0) != expected_version:
            raise bad("case.version.conflict", "case")
        new = [self._place(case_id, expected_version + at, event) for at, event in enumerate(events, 1)]
        if not new:
            return ()
        recorded = tuple(kept.recorded for kept in new)
        before = self._fold_before(last, key) if last else None
        after = go_on(before, recorded)
        self._write(new, key)
        write_lines(project(before) if before else None, project(after))
        self._folds.keep(recorded[-1].entry_id, after)
        return recorded

    def _fold_before(self, last: EventRow, key: CaseKey) -> Case:
        """The case as of an event: kept from the last load or append, else decrypted and folded."""
        known = self._folds.take(last.entry_id)
        return known or Case.of(kept.recorded for kept in self._kept(last.case_id, key))

    def _place(self, case_id: str, seq: int, event: Event) -> Kept:
        return Kept(case_id, seq, self.ids.new_entry_id(), stored_form(event), self.ids.new_salt())

    def _write(self, new: Sequence[Kept], key: CaseKey) -> None:
        rows = [_event_row(kept) for kept in new]
        EventRow.objects.bulk_create(rows)
        VaultRow.objects.bulk_create(
            VaultRow(entry_id=kept.entry_id, sealed=self._seal(kept, key)) for kept in new
        )
        OutboxRow.objects.bulk_create(
            OutboxRow(event_id=kept.entry_id, data=kept.entry(key.salt)) for kept in new
        )

    def _seal(self, kept: Kept, key: CaseKey) -> bytes:
        secret = canonical.encode({name: kept.stored[name] for name in _SEALED})
        return self.cipher.seal(key.data, secret, _bound(kept))

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Every event of a case, decrypted and upcast, in order; none where there is no such case."""
        return tuple(kept.recorded for kept in self.kept(case_id))

    def kept(self, case_id: str) -> list[Kept]:
        """Every event of a case as it was written."""
        with told():
            if not EventRow.objects.filter(case_id=case_id).exists():
                return []
            return self._kept(case_id, self.keys.get(case_id))

    def _kept(self, case_id: str, key: CaseKey) -> list[Kept]:
        rows = list(EventRow.objects.filter(case_id=case_id).order_by("seq"))
        vault = VaultRow.objects.in_bulk([row.entry_id for row in rows])
        return [self._open(row, vault.get(row.entry_id), key) for row in rows]

    def _open(self, row: EventRow, sealed: VaultRow | None, key: CaseKey) -> Kept:
        if sealed is None:
            raise broken("store.vault.missing", f"event {row.seq}")
        bound = bound_event(row.case_id, row.seq, row.kind, row.version)
        secret = canonical.decode(self.cipher.open(key.data, bytes(sealed.sealed), bound), "vault")
        open_part = {
            "kind": row.kind,
            "version": row.version,
            "at": write_instant(row.at),
            "row": row.row,
        }
        return Kept(row.case_id, row.seq, row.entry_id, open_part | secret, bytes(row.stat_salt))

    def load(self, case_id: str) -> Case:
        """The fold of the history, or `BadInput` `case.ref.unknown`."""
        history = self.history(case_id)
        case = Case.of(history)
        self._folds.keep(history[-1].entry_id, case)
        return case

    def by_ref(self, request_ref: str) -> str:
        """The case id of a public reference, or `BadInput` `case.ref.unknown`."""
        with told():
            found = CaseRow.objects.filter(request_ref=request_ref).values_list("case_id", flat=True).first()
        if found is None:
            raise bad("case.ref.unknown", "case")
        return found

    def entry_ids(self, case_id: str) -> tuple[str, ...]:
        """The ids of the case's ledger entries, in order."""
        with told():
            rows = EventRow.objects.filter(case_id=case_id).order_by("seq")
            return tuple(rows.values_list("entry_id", flat=True))

    def openings(self, entry_id: str) -> tuple[Opening, ...]:
        """What opens the three parts of an entry, from the words it was written in. Personal data.

        `ledger.entry.unknown`, or `keys.case.missing` once the case is expunged: then only
        `Outbox.row_opening` is left.
        """
        with told():
            row = EventRow.objects.filter(entry_id=entry_id).first()
            if row is None:
                raise bad("ledger.entry.unknown", "entry")
            key = self.keys.get(row.case_id)
            kept = self._open(row, VaultRow.objects.filter(entry_id=entry_id).first(), key)
        parts: dict[Part, Json] = parts_of(kept.stored, kept.case_id, kept.seq)
        return openings_of(parts, salts_of(key.salt, entry_id, kept.stat_salt))


def go_on(before: Case | None, recorded: Sequence[Recorded]) -> Case:
    """The case after more events, or the one that they open."""
    if before is None:
        return Case.of(recorded)
    return reduce(Case.after, recorded, before)


def _bound(kept: Kept) -> bytes:
    return bound_event(kept.case_id, kept.seq, kept.stored["kind"], kept.stored["version"])


def _event_row(kept: Kept) -> EventRow:
    return EventRow(
        case_id=kept.case_id,
        seq=kept.seq,
        entry_id=kept.entry_id,
        kind=kept.stored["kind"],
        version=kept.stored["version"],
        at=read_instant(kept.stored["at"], "event"),
        row=kept.stored["row"],
        stat_salt=kept.stat_salt,
    )


def write_lines(before: CaseLine | None, after: CaseLine) -> None:
    """Write a case's projection; `before` is what stands there, None where nothing may stand."""
    CaseRow(**after.columns()).save(force_insert=before is None, force_update=before is not None)
    if before is None or before.items != after.items:
        ItemRow.objects.filter(case_id=after.case_id).delete()
        ItemRow.objects.bulk_create(item_rows(after))


def item_rows(line: CaseLine) -> Iterable[ItemRow]:
    """The rows of a case's items."""
    for place, item in enumerate(line.items):
        yield ItemRow(case_id=line.case_id, place=place, **attrs.asdict(item))
