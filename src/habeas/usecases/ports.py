"""What the use cases need from the world, as protocols; `fakes.py` beside it has each in memory.

Promises every adapter keeps:

* a call that returns has made its effect durable, or raised;
* `atomic()` is one transaction over cases, arrivals and outbox: all of it or nothing;
* keys and blobs are durable *before* a row refers to them, so a crash leaves an orphan, never a gap.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from habeas.domain.case import Case
    from habeas.domain.events import Event, Recorded
    from habeas.domain.reporting_row import ReportingRow
    from habeas.domain.request import Court, Custodian, Person
    from habeas.kernel.canonical import Json
    from habeas.kernel.clock import Clock
    from habeas.kernel.ids import IdSource
    from habeas.ledger.entry import Opening
    from habeas.ledger.tiles import Tile
    from habeas.policy.pack import PolicyVersion


class ArrivalState(StrEnum):
    """What became of the bytes that came in."""

    PENDING = "pending"
    CASE = "case"
    REPEAT = "repeat"
    QUARANTINED = "quarantined"


class Viewed(StrEnum):
    """What of a case somebody saw."""

    CASE = "case"
    PAPER = "paper"
    ORIGINAL = "original"
    LETTER = "letter"
    FOUND = "found"
    EXPORT = "export"


class JobKind(StrEnum):
    """What the worker is to do for a case."""

    SETTLE = "settle"
    READ = "read"


@attrs.frozen
class Hints:
    """What the person at the door said about an arrival: where it belongs and how it came."""

    custodian: str = ""
    unit: str = ""
    channel: str = ""


@attrs.frozen
class Arrival:
    """Bytes that came in: stored, encrypted under `case_id`'s key, before anything reads them.

    `filename` is personal data (it may hold a name) and is stored encrypted. `problem` is the error
    line of a quarantined arrival. `case_id` is minted with the arrival; for a repeat, `linked_to` is
    the case it repeats.
    """

    arrival_id: str
    case_id: str
    blob: str
    filename: str
    received_at: datetime
    hints: Hints = Hints()
    state: ArrivalState = ArrivalState.PENDING
    problem: str = ""
    linked_to: str = ""


@attrs.frozen
class CaseKey:
    """A case's secrets: `data` encrypts its payloads and papers, `salt` derives its entries' salts."""

    data: bytes
    salt: bytes


class Keys(Protocol):
    """The key store, apart from everything else: destroying a row is what expunging means."""

    def create(self, case_id: str) -> None:
        """Make and keep a new case key; a second call for the same case changes nothing."""
        ...

    def get(self, case_id: str) -> CaseKey:
        """The case's key, or `BadInput` `keys.case.missing` once destroyed."""
        ...

    def destroy(self, case_id: str) -> None:
        """Destroy the case's key: nothing sealed under it can be read again."""
        ...

    def token(self, purpose: str, data: bytes) -> str:
        """HMAC-SHA256 under the instance key and a purpose label, hexadecimal."""
        ...


class Blobs(Protocol):
    """Encrypted files, addressed by HMAC-SHA256(instance key, bytes)."""

    def put(self, data: bytes, case_id: str) -> str:
        """Store bytes durably under the case's key; the address."""
        ...

    def get(self, address: str, case_id: str) -> bytes:
        """The bytes back, or a `BrokenInvariant` when they were altered."""
        ...


class Arrivals(Protocol):
    """The register of everything that came in."""

    def log(self, arrival: Arrival) -> None:
        """Write a new arrival."""
        ...

    def settle(self, arrival_id: str, state: ArrivalState, *, problem: str = "", linked_to: str = "") -> None:
        """Say what became of it."""
        ...

    def get(self, arrival_id: str) -> Arrival:
        """One arrival, or `BadInput` `intake.arrival.unknown`."""
        ...

    def in_state(self, state: ArrivalState) -> Sequence[Arrival]:
        """All arrivals in a state, oldest first."""
        ...

    def case_of_fingerprint(self, fingerprint: str) -> str | None:
        """The case that a message of this fingerprint opened, or None."""
        ...

    def keep_fingerprint(self, fingerprint: str, case_id: str) -> None:
        """Remember a fingerprint; the first case keeps it."""
        ...


class Cases(Protocol):
    """Cases as histories. State change and ledger entry are one transaction, through `append`."""

    def append(self, case_id: str, expected_version: int, events: Sequence[Event]) -> tuple[Recorded, ...]:
        """Append events, update the projection and queue one ledger entry each, or raise.

        Another writer having been faster is `BadInput` `case.version.conflict`.
        """
        ...

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Every event of a case, decrypted and upcast, in order."""
        ...

    def load(self, case_id: str) -> Case:
        """The fold of the history."""
        ...

    def by_ref(self, request_ref: str) -> str:
        """The case id of a public reference, or `BadInput` `case.ref.unknown`."""
        ...

    def unread(self) -> tuple[str, ...]:
        """The ids of the cases that were received and never read, oldest first."""
        ...

    def entry_ids(self, case_id: str) -> tuple[str, ...]:
        """The ids of the case's ledger entries, in order."""
        ...

    def openings(self, entry_id: str) -> tuple[Opening, ...]:
        """What opens an entry, in the words it committed to; only `stat` once the case is expunged."""
        ...


class Assignments(Protocol):
    """Who works on which case. Not part of its history: see `store.models.AssignmentRow`."""

    def assign(self, case_id: str, person_id: str, *, by: str, at: datetime) -> None:
        """Hand a case to somebody; whoever had it has it no longer."""
        ...

    def clear(self, case_id: str) -> None:
        """Let nobody have it."""
        ...

    def of(self, case_id: str) -> str:
        """The id of whoever has it, "" where nobody has."""
        ...


@attrs.frozen
class View:
    """Somebody (`person` is their id) saw personal data of a case."""

    case_id: str
    person: str
    what: Viewed
    at: datetime


class Views(Protocol):
    """The account of who saw whose data. Only added to, never a measure of performance."""

    def note(self, *, case_id: str, person: str, what: Viewed, at: datetime) -> None:
        """Write it down, durably, before anything is shown."""
        ...

    def of_case(self, case_id: str) -> Sequence[View]:
        """Who saw a case, in order."""
        ...


class SavedViews(Protocol):
    """Each person's named ways of looking at the inbox; `query` holds closed words only."""

    def keep(self, person_id: str, name: str, query: Json) -> None:
        """Keep a view under a name; the same name again replaces it."""
        ...

    def remove(self, person_id: str, name: str) -> None:
        """Forget a view; nothing where there is none."""
        ...

    def of(self, person_id: str) -> Sequence[tuple[str, Json]]:
        """(name, query) of a person's views, by name."""
        ...


@attrs.frozen
class Job:
    """A piece of work as whoever claimed it holds it. `attempts` counts this one."""

    job_id: int
    kind: JobKind
    case_id: str
    token: str
    attempts: int


class Jobs(Protocol):
    """Work that waits, each piece claimed by one worker for a time.

    Whoever lets the time run out has lost the job: `hold`, `finish` and `put_back` then change nothing and
    say so, and another may have claimed it.
    """

    def add(self, kind: JobKind, case_id: str, at: datetime) -> None:
        """Let work wait for a case, once: nothing is added while the same waits or is being done."""
        ...

    def claim(self, token: str, now: datetime, until: datetime) -> Job | None:
        """The job that waits longest, held under `token` until an instant; None where none waits."""
        ...

    def hold(self, job: Job, until: datetime) -> bool:
        """Hold it longer; whether it was still held."""
        ...

    def finish(self, job: Job, at: datetime, problem: str = "") -> bool:
        """Say that it ended, with the code of what went wrong; whether it was still held."""
        ...

    def put_back(self, job: Job, until: datetime, problem: str) -> bool:
        """Let it wait for another attempt after an instant; whether it was still held."""
        ...

    def waiting(self) -> int:
        """How many have not ended."""
        ...


@attrs.frozen
class Queued:
    """An outbox row: canonical entry bytes waiting for their index."""

    outbox_id: int
    entry_id: str
    data: bytes


class Outbox(Protocol):
    """Entries written with the business rows, waiting for the sequencer."""

    def waiting(self, limit: int) -> Sequence[Queued]:
        """Rows that have no index yet, oldest first (an anti-join, never a watermark)."""
        ...

    def sequenced(self, places: Iterable[tuple[int, int]]) -> None:
        """Note (outbox id, index) for rows now in the log."""
        ...

    def index_of(self, entry_id: str) -> int | None:
        """The index of an entry, or None while it waits."""
        ...

    def row_opening(self, entry_id: str) -> tuple[ReportingRow, bytes]:
        """An entry's reporting row and its `stat` salt."""
        ...

    def entries_with_rows(self) -> Iterable[tuple[str, ReportingRow, bytes]]:
        """(entry id, row, stat salt) of every entry, in outbox order: what reports compute from."""
        ...


class Log(Protocol):
    """The ledger's own store, written only by the sequencer."""

    def size(self) -> int:
        """Entries in the log."""
        ...

    def append(self, rows: Sequence[tuple[int, bytes]]) -> list[tuple[int, int]]:
        """Append (outbox id, entry bytes), idempotent by outbox id; the (outbox id, index) pairs."""
        ...

    def entry(self, index: int) -> bytes:
        """The entry at an index."""
        ...

    def entries(self, start: int, end: int) -> Iterable[bytes]:
        """The entries of [start, end), in order."""
        ...

    def leaf_hashes(self, start: int, end: int) -> Sequence[bytes]:
        """The stored leaf hashes of [start, end)."""
        ...

    def read(self, tile: Tile) -> bytes | None:
        """The bytes of a tile or bundle of just this width (`ledger.tiles`); None where there is none."""
        ...

    def checkpoint(self) -> str | None:
        """The newest signed checkpoint note, or None."""
        ...

    def checkpoints(self) -> Iterable[str]:
        """Every signed checkpoint note, the newest first."""
        ...

    def add_checkpoint(self, size: int, note: str) -> None:
        """Keep a signed checkpoint."""
        ...


class Signer(Protocol):
    """Signs checkpoints; the web process never holds one."""

    @property
    def origin(self) -> str:
        """The log's origin."""
        ...

    @property
    def vkey(self) -> str:
        """The public key as text."""
        ...

    def sign(self, text: str) -> str:
        """The signed note of a checkpoint text."""
        ...


class Typesetter(Protocol):
    """Template and data → a PDF/UA-1 file."""

    def pdf(self, template: str, data: dict[str, object], at: datetime) -> bytes:
        """Typeset `template` (a file of the `letter` or `report` room); texts are never markup."""
        ...


class Directory(Protocol):
    """The agencies of this installation, from its configuration."""

    def custodian(self, custodian_id: str) -> Custodian:
        """One agency, or `BadInput` `directory.custodian.unknown` naming the known ones."""
        ...

    def by_mailbox(self, addresses: Sequence[str]) -> tuple[str, str] | None:
        """(custodian id, unit id) of the first address a unit receives mail at, or None."""
        ...

    def all(self) -> Sequence[Custodian]:
        """Every agency."""
        ...

    def person(self, person_id: str) -> Person:
        """One member of staff, or `BadInput` `directory.person.unknown`."""
        ...

    def people_of(self, custodian_id: str) -> Sequence[Person]:
        """The staff of an agency, by name; those who only look there are not among them."""
        ...

    def courts(self, custodian_id: str) -> Sequence[Court]:
        """The courts whose clerks an agency can call, by name."""
        ...


class Packs(Protocol):
    """The rule packs of this installation, every version kept."""

    def resolve(self, custodian: Custodian, categories: Sequence[str], on: date) -> PolicyVersion:
        """The law of the day for a custodian and the data asked for."""
        ...


class Atomic(Protocol):
    """Opens a transaction over cases, arrivals and outbox."""

    def __call__(self) -> AbstractContextManager[object]:
        """The transaction, as a context manager."""
        ...


@attrs.frozen
class Ports:
    """Everything a use case may touch, bundled by the composition root."""

    clock: Clock
    ids: IdSource
    keys: Keys
    blobs: Blobs
    arrivals: Arrivals
    cases: Cases
    outbox: Outbox
    assignments: Assignments
    views: Views
    jobs: Jobs
    directory: Directory
    packs: Packs
    typesetter: Typesetter
    atomic: Atomic
    demo: bool = False
