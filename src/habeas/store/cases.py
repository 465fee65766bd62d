"""Cases as histories: `append` is the only way anything about a case is written.

Hides tables, encryption and transactions. Promises that an event, its sealed part, the projection and
its queued ledger entry are written together or not at all; that a writer who was overtaken is refused;
that what `append` returns is what `history` reads back; and that the projection equals the fold.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import reduce
from threading import Lock
from typing import TYPE_CHECKING, Any

import attrs
from django.db import IntegrityError, transaction

from habeas.domain.case import Case
from habeas.domain.events import Recorded, upcast
from habeas.domain.search_words import case_keys
from habeas.domain.vocabulary import CaseState
from habeas.kernel import canonical
from habeas.kernel.clock import read_instant, write_instant
from habeas.kernel.errors import bad, broken
from habeas.ledger.entry import Opening, Part
from habeas.store import event_rows
from habeas.store.asking import sought, take_turn
from habeas.store.event_rows import Stored
from habeas.store.faults import told
from habeas.store.models import CaseRow, EventRow, ItemRow, OutboxRow, SealName, SearchToken
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


@attrs.frozen
class Seen:
    """A case with what it was folded from: its events as they are stored, and the key that opened them."""

    stored: tuple[Stored, ...] = attrs.field(repr=False)
    key: CaseKey = attrs.field(repr=False)
    case: Case = attrs.field(repr=False)


@attrs.define
class Folds:
    """The cases last seen, by the entry id of their last event, so that nothing is opened and folded twice.

    An entry id is random and events never change, so it names one history: a transaction that was rolled
    back leaves an id that no history ends with. `append` trusts that; reading a case does not: it reads
    key and rows again, and what is remembered counts only where every byte is the same. Threads take turns.
    """

    _kept: OrderedDict[str, Seen] = attrs.field(factory=OrderedDict, repr=False)
    _turn: Lock = attrs.field(factory=Lock, repr=False)

    def keep(self, seen: Seen) -> Case:
        """Remember a case, and forget the oldest beyond the limit; the case."""
        with self._turn:
            self._kept[seen.stored[-1].entry_id] = seen
            while len(self._kept) > _FOLDS:
                self._kept.popitem(last=False)
        return seen.case

    def ending_with(self, entry_id: str) -> Seen | None:
        """The case that ends with this event, if it is remembered."""
        with self._turn:
            return self._kept.get(entry_id)

    def take(self, entry_id: str) -> Seen | None:
        """The case that ends with this event, which is then forgotten."""
        with self._turn:
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
                    take_turn(CASES, beside_others=True)
                    return self._append(case_id, expected_version, events, key)
            except IntegrityError:
                raise bad("case.version.conflict", "case") from None

    def _append(
        self, case_id: str, expected_version: int, events: Sequence[Event], key: CaseKey
    ) -> tuple[Recorded, ...]:
        version, entry_id = event_rows.last_of(case_id)
        if version != expected_version:
            raise bad("case.version.conflict", "case")
        new = [self._place(case_id, expected_version + at, event) for at, event in enumerate(events, 1)]
        if not new:
            return ()
        recorded = tuple(kept.recorded for kept in new)
        before = self._before(case_id, entry_id, key) if version else None
        after = go_on(before.case if before else None, recorded)
        rows = [self._sealed(kept, key) for kept in new]
        event_rows.insert(case_id, rows)
        OutboxRow.objects.bulk_create(
            OutboxRow(event_id=kept.entry_id, data=kept.entry(key.salt)) for kept in new
        )
        write_lines(project(before.case) if before else None, project(after))
        write_tokens(self.keys, before.case if before else None, after)
        self._folds.keep(Seen((*(before.stored if before else ()), *rows), key, after))
        return recorded

    def _before(self, case_id: str, entry_id: str, key: CaseKey) -> Seen:
        """The case as of its last event: kept from the last load or append, else opened and folded."""
        known = self._folds.take(entry_id)
        if known is not None:
            return known
        rows = event_rows.of_case(case_id)
        if rows[-1].entry_id != entry_id:  # written since by another, on PostgreSQL
            raise bad("case.version.conflict", "case")
        return self._fold(case_id, rows, key)

    def _fold(self, case_id: str, rows: tuple[Stored, ...], key: CaseKey) -> Seen:
        return Seen(rows, key, Case.of(self._open(case_id, row, key).recorded for row in rows))

    def _place(self, case_id: str, seq: int, event: Event) -> Kept:
        return Kept(case_id, seq, self.ids.new_entry_id(), stored_form(event), self.ids.new_salt())

    def _sealed(self, kept: Kept, key: CaseKey) -> Stored:
        plain, secret = kept.stored, canonical.encode_normal({name: kept.stored[name] for name in _SEALED})
        bound = bound_event(kept.case_id, kept.seq, plain["kind"], plain["version"])
        return Stored(
            seq=kept.seq,
            entry_id=kept.entry_id,
            kind=plain["kind"],
            version=plain["version"],
            at=read_instant(plain["at"], "event"),
            row=plain["row"],
            stat_salt=kept.stat_salt,
            sealed=self.cipher.seal(key.data, secret, bound),
        )

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Every event of a case, decrypted and upcast, in order; none where there is no such case."""
        return tuple(kept.recorded for kept in self.kept(case_id))

    def kept(self, case_id: str) -> list[Kept]:
        """Every event of a case as it was written."""
        with told():
            rows = event_rows.of_case(case_id)
            key = self.keys.get(case_id) if rows else None
        return [self._open(case_id, row, key) for row in rows] if key else []

    def _open(self, case_id: str, row: Stored, key: CaseKey) -> Kept:
        if row.sealed is None:
            raise broken("store.vault.missing", f"event {row.seq}")
        bound = bound_event(case_id, row.seq, row.kind, row.version)
        secret = canonical.decode(self.cipher.open(key.data, row.sealed, bound), "vault")
        open_part = {"kind": row.kind, "version": row.version, "at": write_instant(row.at), "row": row.row}
        return Kept(case_id, row.seq, row.entry_id, open_part | secret, row.stat_salt)

    def load(self, case_id: str) -> Case:
        """The fold of the history, or `BadInput` `case.ref.unknown`."""
        with told():
            rows = event_rows.of_case(case_id)
            if not rows:
                raise bad("case.ref.unknown", "case")
            key = self.keys.get(case_id)
        known = self._folds.ending_with(rows[-1].entry_id)
        if known is not None and known.key == key and known.stored == rows:
            return known.case
        return self._folds.keep(self._fold(case_id, rows, key))

    def by_ref(self, request_ref: str) -> str:
        """The case id of a public reference, or `BadInput` `case.ref.unknown`."""
        with told():
            found = (
                CaseRow.objects.filter(request_ref=sought(request_ref))
                .values_list("case_id", flat=True)
                .first()
            )
        if found is None:
            raise bad("case.ref.unknown", "case")
        return found

    def unread(self) -> tuple[str, ...]:
        """The ids of the cases that were received and never read, oldest first."""
        with told():
            rows = CaseRow.objects.filter(state=str(CaseState.RECEIVED)).order_by("received_at", "case_id")
            return tuple(rows.values_list("case_id", flat=True))

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
            found = event_rows.of_entry(entry_id)
            if found is None:
                raise bad("ledger.entry.unknown", "entry")
            case_id, row = found
            key = self.keys.get(case_id)
        kept = self._open(case_id, row, key)
        parts: dict[Part, Json] = parts_of(kept.stored, kept.case_id, kept.seq)
        return openings_of(parts, salts_of(key.salt, entry_id, kept.stat_salt))


def go_on(before: Case | None, recorded: Sequence[Recorded]) -> Case:
    """The case after more events, or the one that they open."""
    if before is None:
        return Case.of(recorded)
    return reduce(Case.after, recorded, before)


def write_lines(before: CaseLine | None, after: CaseLine) -> None:
    """Write a case's projection; `before` is what stands there, None where nothing may stand."""
    CaseRow(**after.columns()).save(force_insert=before is None, force_update=before is not None)
    if before is None or before.items != after.items:
        ItemRow.objects.filter(case_id=after.case_id).delete()
        ItemRow.objects.bulk_create(item_rows(after))
    if before is None or before.seal != after.seal:
        SealName.objects.filter(case_id=after.case_id).delete()
        SealName.objects.bulk_create(SealName(case_id=after.case_id, person_id=p) for p in after.seal or ())


def write_tokens(keys: Keys, before: Case | None, after: Case) -> None:
    """Write what a case is found by; `before` is the case whose tokens stand there, None where none does."""
    had = case_keys(before) if before else frozenset()
    has = case_keys(after)
    if gone := had - has:
        old = token_rows(keys, after, gone)
        SearchToken.objects.filter(case_id=after.case_id, token__in=[row.token for row in old]).delete()
    if new := has - had:
        SearchToken.objects.bulk_create(token_rows(keys, after, new), ignore_conflicts=True)


def token_rows(keys: Keys, case: Case, words: Iterable[str]) -> list[SearchToken]:
    """The rows of some of a case's search keys, under its agency's own purpose."""
    return [
        SearchToken(
            token=keys.token(search_purpose(case.custodian), word.encode()),
            case_id=case.case_id,
            custodian=case.custodian,
        )
        for word in words
    ]


def search_purpose(custodian: str) -> str:
    """The purpose label of an agency's search tokens."""
    return f"search/{custodian}"


def item_rows(line: CaseLine) -> Iterable[ItemRow]:
    """The rows of a case's items."""
    for place, item in enumerate(line.items):
        yield ItemRow(case_id=line.case_id, place=place, **attrs.asdict(item))
