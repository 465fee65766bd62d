"""The only tables. Append-only events, what is folded from them, the vault, the outbox, the log, the keys.

Nothing personal stands in clear. What names a person, and every free text, is ciphertext in `Vault`,
apart from the case rows, so that those can be shown or dumped without it; papers are files (blobs).
Database keys never leave this room. `router.py` says which table lies in which database.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from habeas.domain.vocabulary import CaseState, EventKind, RequestOutcome
from habeas.store.holdings import Category, Retention, kept
from habeas.usecases.ports import ArrivalState, JobKind, Viewed

NONE, LINK, STAFF, TOKEN, SEALED, SECRET = Category
ALWAYS, CASE, UNTIL_EXPUNGED = Retention

_ID = 36  # characters of a UUID
_REF = 10  # characters of a public reference
_WORD = 40  # characters of a word of a closed list
_NAME = 200  # characters of an identifier from the directory or a rule pack
_HMAC = 64  # characters of a keyed digest in hexadecimal


def _words(words: type[StrEnum]) -> list[str]:
    """The list as plain texts: a migration must not change with the vocabulary."""
    return [str(word) for word in words]


_FOLD = "list and open cases; folded from the events, can be made again"
_ACCOUNT = "account for who saw whose data"
_WAY = "come back to a way of looking at the inbox"
_WORK = "do what is left to do, once"


class CaseRow(models.Model):
    """A case as lists show it: the projection, equal to the fold of its events."""

    case_id = kept(models.CharField(primary_key=True, max_length=_ID), LINK, _FOLD, CASE)
    request_ref = kept(models.CharField(unique=True, max_length=_REF), LINK, _FOLD, CASE)
    version = kept(models.PositiveIntegerField(), NONE, "refuse a writer who was overtaken", CASE)
    state = kept(models.CharField(max_length=_WORD), NONE, _FOLD, CASE)
    custodian = kept(models.CharField(max_length=_NAME), NONE, _FOLD, CASE)
    unit = kept(models.CharField(max_length=_NAME), NONE, _FOLD, CASE)
    component = kept(models.CharField(max_length=_WORD), NONE, _FOLD, CASE)
    channel = kept(models.CharField(max_length=_WORD), NONE, _FOLD, CASE)
    received_at = kept(models.DateTimeField(), NONE, "run the clocks of the case", CASE)
    updated_at = kept(models.DateTimeField(), NONE, _FOLD, CASE)
    due_on = kept(models.DateField(null=True), NONE, _FOLD, CASE)
    month = kept(models.CharField(max_length=7), NONE, _FOLD, CASE)
    paper_authority = kept(models.CharField(max_length=_WORD), NONE, _FOLD, CASE)
    paper_kind = kept(models.CharField(max_length=_WORD), NONE, _FOLD, CASE)
    purpose = kept(models.CharField(max_length=_WORD), NONE, _FOLD, CASE)
    subjects = kept(models.CharField(max_length=_WORD), NONE, _FOLD, CASE)
    days = kept(models.IntegerField(null=True), NONE, _FOLD, CASE)
    days_band = kept(models.CharField(max_length=_WORD), NONE, _FOLD, CASE)
    request_outcome = kept(models.CharField(max_length=_WORD), NONE, _FOLD, CASE)
    repeats = kept(models.PositiveIntegerField(), NONE, _FOLD, CASE)
    demo = kept(models.BooleanField(), NONE, "keep invented cases apart", CASE)
    sealed = kept(models.BooleanField(), NONE, "show it only to the people named in `seal_name`", CASE)
    waits_second = kept(models.BooleanField(), NONE, _FOLD, CASE)

    class Meta:
        """Table, indexes, checks."""

        db_table = "case_row"
        indexes: ClassVar = [
            models.Index(fields=["state", "received_at"], name="case_row_state"),
            models.Index(fields=["custodian", "received_at", "request_ref"], name="case_row_received"),
            models.Index(fields=["custodian", "updated_at", "request_ref"], name="case_row_updated"),
            models.Index(fields=["custodian", "due_on", "request_ref"], name="case_row_due"),
            models.Index(fields=["custodian", "paper_kind", "updated_at"], name="case_row_alike"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=_words(CaseState)), name="case_row_state_known"),
            models.CheckConstraint(
                condition=Q(request_outcome__in=_words(RequestOutcome)), name="case_row_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return self.request_ref


class ItemRow(models.Model):
    """One item of a case as lists show it."""

    id = kept(models.BigAutoField(primary_key=True), NONE, _FOLD, CASE)
    case = kept(models.ForeignKey(CaseRow, models.CASCADE, related_name="items"), LINK, _FOLD, CASE)
    place = kept(models.PositiveIntegerField(), NONE, _FOLD, CASE)
    item_id = kept(models.CharField(max_length=_NAME), NONE, _FOLD, CASE)
    category = kept(models.CharField(max_length=_WORD), NONE, _FOLD, CASE)
    effect = kept(models.CharField(max_length=_WORD), NONE, _FOLD, CASE)
    outcome = kept(models.CharField(max_length=_WORD), NONE, _FOLD, CASE)
    override = kept(models.CharField(max_length=_WORD), NONE, _FOLD, CASE)

    class Meta:
        """Table and order."""

        db_table = "item_row"
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "place"], name="item_row_place")]

    def __str__(self) -> str:
        return self.item_id


class SealName(models.Model):
    """One person who may see a sealed case; folded from the events. Staff, not a person named."""

    id = kept(models.BigAutoField(primary_key=True), NONE, _FOLD, CASE)
    case = kept(models.ForeignKey(CaseRow, models.CASCADE, related_name="seal_names"), LINK, _FOLD, CASE)
    person_id = kept(models.CharField(max_length=_NAME), STAFF, "show a sealed case to them alone", CASE)

    class Meta:
        """Table, and one name once."""

        db_table = "seal_name"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "person_id"], name="seal_name_once"),
        ]

    def __str__(self) -> str:
        return self.person_id


class SearchToken(models.Model):
    """A keyed digest of a name or number in a case, under its agency's own purpose.

    The same name gives another token in another agency, so that no search across agencies is possible, not
    even for whoever holds this table.
    """

    id = kept(models.BigAutoField(primary_key=True), NONE, _FOLD, UNTIL_EXPUNGED)
    token = kept(models.CharField(max_length=_HMAC), TOKEN, "find a case by a name", UNTIL_EXPUNGED)
    case_id = kept(
        models.CharField(max_length=_ID, db_index=True), LINK, "find a case by a name", UNTIL_EXPUNGED
    )
    custodian = kept(models.CharField(max_length=_NAME), NONE, "keep agencies apart", UNTIL_EXPUNGED)

    class Meta:
        """Table, and one token once in a case."""

        db_table = "search_token"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token", "case_id"], name="search_token_once"),
        ]

    def __str__(self) -> str:
        return self.case_id


class AssignmentRow(models.Model):
    """Who works on a case now; no row where nobody does.

    Not an event: it says how a desk shares its work and nothing about the request, its answer or what is
    counted. In a ledger that is kept for ever it would only be a measure of staff.
    """

    case_id = kept(models.CharField(primary_key=True, max_length=_ID), LINK, "share the work of a desk", CASE)
    person_id = kept(
        models.CharField(max_length=_NAME, db_index=True), STAFF, "share the work of a desk", CASE
    )
    by = kept(models.CharField(max_length=_NAME), STAFF, "ask who handed it on", CASE)
    at = kept(models.DateTimeField(), NONE, "ask when it was handed on", CASE)

    class Meta:
        """Table."""

        db_table = "assignment"

    def __str__(self) -> str:
        return self.case_id


class ViewRow(models.Model):
    """Somebody saw personal data of a case. Only added to; it protects the person named.

    Never a measure of performance: nothing counts these rows by person.
    """

    id = kept(models.BigAutoField(primary_key=True), NONE, "order", CASE)
    case_id = kept(models.CharField(max_length=_ID, db_index=True), LINK, _ACCOUNT, CASE)
    person_id = kept(models.CharField(max_length=_NAME), STAFF, _ACCOUNT, CASE)
    what = kept(models.CharField(max_length=_WORD), NONE, _ACCOUNT, CASE)
    at = kept(models.DateTimeField(), NONE, _ACCOUNT, CASE)

    class Meta:
        """Table, check."""

        db_table = "viewing"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(what__in=_words(Viewed)), name="view_what_known"),
        ]

    def __str__(self) -> str:
        return self.what


class SavedView(models.Model):
    """A person's named way of looking at the inbox: closed words only, never a searched name."""

    id = kept(models.BigAutoField(primary_key=True), NONE, _WAY, CASE)
    person_id = kept(models.CharField(max_length=_NAME), STAFF, _WAY, CASE)
    name = kept(models.CharField(max_length=60), NONE, _WAY, CASE)
    query = kept(models.JSONField(), NONE, _WAY, CASE)

    class Meta:
        """Table, and one name once."""

        db_table = "saved_view"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person_id", "name"], name="saved_view_once"),
        ]

    def __str__(self) -> str:
        return self.name


class JobRow(models.Model):
    """Work for the worker, claimed by a lease: `token` is whoever holds it until `leased_until`.

    `done_at` is set when it ended, well or not; `problem` is the code of what last went wrong.
    """

    id = kept(models.BigAutoField(primary_key=True), NONE, "order", CASE)
    kind = kept(models.CharField(max_length=_WORD), NONE, _WORK, CASE)
    case_id = kept(models.CharField(max_length=_ID), LINK, _WORK, CASE)
    token = kept(models.CharField(max_length=_ID, blank=True), NONE, "let one worker do it", CASE)
    leased_until = kept(models.DateTimeField(), NONE, "take up what a dead worker left", CASE)
    attempts = kept(models.PositiveIntegerField(), NONE, "give up some day, and say so", CASE)
    done_at = kept(models.DateTimeField(null=True), NONE, _WORK, CASE)
    problem = kept(models.CharField(max_length=_NAME, blank=True), NONE, "say why it failed", CASE)

    class Meta:
        """Table, index of what waits, one waiting job of a kind for a case."""

        db_table = "job"
        indexes: ClassVar = [
            models.Index(
                fields=["leased_until", "id"], condition=Q(done_at__isnull=True), name="job_waiting"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=_words(JobKind)), name="job_kind_known"),
            models.UniqueConstraint(
                fields=["kind", "case_id"], condition=Q(done_at__isnull=True), name="job_once"
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class EventRow(models.Model):
    """What happened, without what was said: the private part lies in `Vault` under the same entry id."""

    id = kept(models.BigAutoField(primary_key=True), NONE, "order", ALWAYS)
    case_id = kept(models.CharField(max_length=_ID), LINK, "fold the case", ALWAYS)
    seq = kept(models.PositiveIntegerField(), NONE, "order within the case", ALWAYS)
    entry_id = kept(models.CharField(unique=True, max_length=_ID), LINK, "find its ledger entry", ALWAYS)
    kind = kept(models.CharField(max_length=_WORD), NONE, "fold the case", ALWAYS)
    version = kept(models.PositiveIntegerField(), NONE, "choose the upcaster", ALWAYS)
    at = kept(models.DateTimeField(), NONE, "run the clocks of the case", ALWAYS)
    row = kept(models.JSONField(), NONE, "compute and prove published figures", ALWAYS)
    stat_salt = kept(models.BinaryField(max_length=32), NONE, "prove published figures", ALWAYS)

    class Meta:
        """Table, order, checks."""

        db_table = "event"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case_id", "seq"], name="event_seq"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="event_seq_from_one"),
            models.CheckConstraint(condition=Q(kind__in=_words(EventKind)), name="event_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.seq}"


class VaultRow(models.Model):
    """The private part of one event, sealed under the case's key: actor, facts with evidence, the rest."""

    entry_id = kept(
        models.CharField(primary_key=True, max_length=_ID), LINK, "find the event", UNTIL_EXPUNGED
    )
    sealed = kept(models.BinaryField(), SEALED, "work the case", UNTIL_EXPUNGED)

    class Meta:
        """Table."""

        db_table = "vault"

    def __str__(self) -> str:
        return self.entry_id


class OutboxRow(models.Model):
    """A ledger entry's bytes, written with the event, waiting for its index. `idx` is None while it waits."""

    id = kept(models.BigAutoField(primary_key=True), NONE, "append each entry once", ALWAYS)
    event = kept(
        models.OneToOneField(EventRow, models.PROTECT, to_field="entry_id", db_column="entry_id"),
        LINK, "find the event", ALWAYS,
    )  # fmt: skip
    data = kept(models.BinaryField(max_length=300), NONE, "append to the ledger", ALWAYS)
    idx = kept(models.BigIntegerField(null=True, unique=True), NONE, "find the entry in the ledger", ALWAYS)

    class Meta:
        """Table, and an index of those that wait."""

        db_table = "outbox"
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(idx__isnull=True), name="outbox_waiting"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ArrivalRow(models.Model):
    """Bytes that came in. The name of the file is sealed: it may hold a person's name."""

    id = kept(models.BigAutoField(primary_key=True), NONE, "order", CASE)
    arrival_id = kept(models.CharField(unique=True, max_length=_ID), LINK, "lose nothing that came in", CASE)
    case_id = kept(models.CharField(max_length=_ID, db_index=True), LINK, "find the key", CASE)
    blob = kept(models.CharField(max_length=_HMAC), TOKEN, "find the stored bytes", CASE)
    filename = kept(models.BinaryField(), SEALED, "show what came in", UNTIL_EXPUNGED)
    received_at = kept(models.DateTimeField(), NONE, "run the clocks of the case", CASE)
    custodian = kept(models.CharField(max_length=_NAME, blank=True), NONE, "sort what came in", CASE)
    unit = kept(models.CharField(max_length=_NAME, blank=True), NONE, "sort what came in", CASE)
    channel = kept(models.CharField(max_length=_WORD, blank=True), NONE, "sort what came in", CASE)
    state = kept(models.CharField(max_length=_WORD), NONE, "lose nothing that came in", CASE)
    problem = kept(models.TextField(blank=True), NONE, "say why it is in quarantine", CASE)
    linked_to = kept(models.CharField(max_length=_ID, blank=True), LINK, "find the case", CASE)

    class Meta:
        """Table, index, check."""

        db_table = "arrival"
        indexes: ClassVar = [models.Index(fields=["state", "received_at"], name="arrival_state")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=_words(ArrivalState)), name="arrival_state_known"),
        ]

    def __str__(self) -> str:
        return self.arrival_id


class FingerprintRow(models.Model):
    """Keyed digest of a message → the case it opened, so that sending it again opens no second one."""

    fingerprint = kept(
        models.CharField(primary_key=True, max_length=_HMAC), TOKEN, "recognise a repeat", CASE
    )
    case_id = kept(models.CharField(max_length=_ID), LINK, "recognise a repeat", CASE)

    class Meta:
        """Table."""

        db_table = "fingerprint"

    def __str__(self) -> str:
        return self.case_id


class KeyRow(models.Model):
    """A case's secrets, wrapped under the master key. Deleting the row is what expunging means."""

    case_id = kept(models.CharField(primary_key=True, max_length=_ID), LINK, "open the case", UNTIL_EXPUNGED)
    wrapped = kept(models.BinaryField(max_length=200), SECRET, "open the case", UNTIL_EXPUNGED)

    class Meta:
        """Table."""

        db_table = "case_key"

    def __str__(self) -> str:
        return self.case_id


class LogEntry(models.Model):
    """One entry of the log: gapless index, leaf hash, bytes, and the outbox row it came from."""

    idx = kept(models.BigIntegerField(primary_key=True), NONE, "the ledger", ALWAYS)
    leaf = kept(models.BinaryField(max_length=32), NONE, "the ledger", ALWAYS)
    data = kept(models.BinaryField(max_length=300), NONE, "the ledger", ALWAYS)
    outbox_id = kept(models.BigIntegerField(unique=True), NONE, "append each entry once", ALWAYS)

    class Meta:
        """Table."""

        db_table = "log_entry"

    def __str__(self) -> str:
        return str(self.idx)


class LogTile(models.Model):
    """A full tile: 256 hashes of one level of tiles, and the node above them."""

    id = kept(models.BigAutoField(primary_key=True), NONE, "the ledger", ALWAYS)
    level = kept(models.PositiveSmallIntegerField(), NONE, "the ledger", ALWAYS)
    n = kept(models.BigIntegerField(), NONE, "the ledger", ALWAYS)
    data = kept(models.BinaryField(max_length=8192), NONE, "the ledger", ALWAYS)
    root = kept(models.BinaryField(max_length=32), NONE, "the ledger", ALWAYS)

    class Meta:
        """Table."""

        db_table = "log_tile"
        constraints: ClassVar = [models.UniqueConstraint(fields=["level", "n"], name="log_tile_place")]

    def __str__(self) -> str:
        return f"{self.level}/{self.n}"


class LogCheckpoint(models.Model):
    """A signed checkpoint; `number` counts them from 0."""

    number = kept(models.BigIntegerField(primary_key=True), NONE, "the ledger", ALWAYS)
    size = kept(models.BigIntegerField(), NONE, "the ledger", ALWAYS)
    note = kept(models.TextField(), NONE, "the ledger", ALWAYS)

    class Meta:
        """Table."""

        db_table = "log_checkpoint"

    def __str__(self) -> str:
        return str(self.size)
