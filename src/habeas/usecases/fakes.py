"""Every port in memory, for tests and for trying things out: same promises, nothing on a disk.

One contract suite runs over these and over the real adapters (tests/store/test_ports.py). The fakes
share a `World`; `MemoryAtomic` puts the world back as it was when a transaction fails. Nothing here is
secret: keys are digests of their case's id.
"""

from __future__ import annotations

import hashlib
import hmac
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain.case import Case
from habeas.domain.events import Event, Recorded, read_row, upcast
from habeas.domain.vocabulary import CaseState
from habeas.kernel import canonical
from habeas.kernel.clock import SetClock, write_instant
from habeas.kernel.errors import bad, broken
from habeas.kernel.ids import CROCKFORD
from habeas.ledger.entry import Opening
from habeas.ledger.keys import SignatureType, SignerKey
from habeas.ledger.merkle import leaf_hash
from habeas.ledger.note import sign_note
from habeas.ledger.tiles import ENTRIES, WIDTH, Tile, encode_bundle, log_files
from habeas.usecases.commitment import entry_of, openings_of, parts_of, salts_of, stored_form
from habeas.usecases.directory import ListedDirectory
from habeas.usecases.ports import Arrival, ArrivalState, CaseKey, Job, JobKind, Ports, Queued, View, Viewed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from habeas.domain.reporting_row import ReportingRow
    from habeas.domain.request import Custodian
    from habeas.kernel.canonical import Json
    from habeas.ledger.entry import Part, Salts
    from habeas.policy.pack import PolicyVersion

_INSTANCE: Final = b"an instance key that is no secret"


@attrs.frozen
class _Kept:
    """A stored event: its place, its payload as written, its entry's bytes and kept salt."""

    case_id: str
    seq: int
    entry_id: str
    stored: Json
    stat_salt: bytes
    data: bytes

    @property
    def recorded(self) -> Recorded:
        return Recorded(self.case_id, self.seq, self.entry_id, upcast(self.stored))


@attrs.frozen
class _Waiting:
    """A job as it lies there: who holds it until when, and when it ended."""

    job: Job
    until: datetime
    done: bool = False
    problem: str = ""


@attrs.define
class World:
    """What the fakes share. `index` is entry id → place in the log."""

    keys: dict[str, CaseKey] = attrs.field(factory=dict)
    blobs: dict[tuple[str, str], bytes] = attrs.field(factory=dict)
    arrivals: dict[str, Arrival] = attrs.field(factory=dict)
    fingerprints: dict[str, str] = attrs.field(factory=dict)
    events: list[_Kept] = attrs.field(factory=list)
    index: dict[str, int] = attrs.field(factory=dict)
    assigned: dict[str, str] = attrs.field(factory=dict)
    views: list[View] = attrs.field(factory=list)
    saved_views: dict[tuple[str, str], Json] = attrs.field(factory=dict)
    jobs: list[_Waiting] = attrs.field(factory=list)

    def history(self, case_id: str) -> list[_Kept]:
        """A case's stored events, in order."""
        return [kept for kept in self.events if kept.case_id == case_id]

    def event(self, entry_id: str) -> _Kept:
        """The stored event of an entry."""
        found = next((kept for kept in self.events if kept.entry_id == entry_id), None)
        if found is None:
            raise bad("ledger.entry.unknown", "entry")
        return found


@attrs.frozen
class MemoryKeys:
    """`Keys` in memory."""

    world: World

    def create(self, case_id: str) -> None:
        """Keep a key for the case, once."""
        made = [hashlib.sha256(f"{label} {case_id}".encode()).digest() for label in ("data", "salt")]
        self.world.keys.setdefault(case_id, CaseKey(*made))

    def get(self, case_id: str) -> CaseKey:
        """The case's key."""
        if case_id not in self.world.keys:
            raise bad("keys.case.missing", "case")
        return self.world.keys[case_id]

    def destroy(self, case_id: str) -> None:
        """Forget the case's key."""
        self.world.keys.pop(case_id, None)

    def token(self, purpose: str, data: bytes) -> str:
        """HMAC under the (public) instance key and the purpose."""
        inner = hmac.new(_INSTANCE, purpose.encode(), hashlib.sha256).digest()
        return hmac.new(inner, data, hashlib.sha256).hexdigest()


@attrs.frozen
class MemoryBlobs:
    """`Blobs` in memory; like the real ones, a paper is kept once for each case it came in."""

    world: World
    keys: MemoryKeys

    def put(self, data: bytes, case_id: str) -> str:
        """Keep bytes under a case."""
        self.keys.get(case_id)
        address = hmac.new(_INSTANCE, data, hashlib.sha256).hexdigest()
        self.world.blobs[address, case_id] = data
        return address

    def get(self, address: str, case_id: str) -> bytes:
        """The bytes back."""
        self.keys.get(case_id)
        if (address, case_id) not in self.world.blobs:
            raise broken("blobs.file.missing", "blob")
        return self.world.blobs[address, case_id]


@attrs.frozen
class MemoryArrivals:
    """`Arrivals` in memory."""

    world: World

    def log(self, arrival: Arrival) -> None:
        """Write a new arrival."""
        if arrival.arrival_id in self.world.arrivals:
            raise broken("intake.arrival.twice", "arrival")
        self.world.arrivals[arrival.arrival_id] = arrival

    def settle(self, arrival_id: str, state: ArrivalState, *, problem: str = "", linked_to: str = "") -> None:
        """Say what became of it."""
        now = attrs.evolve(self.get(arrival_id), state=state, problem=problem, linked_to=linked_to)
        self.world.arrivals[arrival_id] = now

    def get(self, arrival_id: str) -> Arrival:
        """One arrival."""
        if arrival_id not in self.world.arrivals:
            raise bad("intake.arrival.unknown", "arrival")
        return self.world.arrivals[arrival_id]

    def in_state(self, state: ArrivalState) -> Sequence[Arrival]:
        """All arrivals in a state, oldest first."""
        found = [arrival for arrival in self.world.arrivals.values() if arrival.state is state]
        return sorted(found, key=lambda arrival: arrival.received_at)

    def case_of_fingerprint(self, fingerprint: str) -> str | None:
        """The case that a message of this fingerprint opened."""
        return self.world.fingerprints.get(fingerprint)

    def keep_fingerprint(self, fingerprint: str, case_id: str) -> None:
        """Remember a fingerprint; the first case keeps it."""
        self.world.fingerprints.setdefault(fingerprint, case_id)


@attrs.frozen
class MemoryCases:
    """`Cases` in memory."""

    world: World
    keys: MemoryKeys
    ids: CountingIds

    def append(self, case_id: str, expected_version: int, events: Sequence[Event]) -> tuple[Recorded, ...]:
        """Append events to a case."""
        self.keys.get(case_id)
        known = self.world.history(case_id)
        if len(known) != expected_version:
            raise bad("case.version.conflict", "case")
        made = [self._keep(case_id, expected_version + at, event) for at, event in enumerate(events, 1)]
        if made:
            Case.of(kept.recorded for kept in (*known, *made))
        self.world.events += made
        return tuple(kept.recorded for kept in made)

    def _keep(self, case_id: str, seq: int, event: Event) -> _Kept:
        entry_id, stat_salt, stored = self.ids.new_entry_id(), self.ids.new_salt(), stored_form(event)
        salts = self._salts(case_id, entry_id, stat_salt)
        data = entry_of(entry_id, parts_of(stored, case_id, seq), salts).encode()
        return _Kept(case_id, seq, entry_id, stored, stat_salt, data)

    def _salts(self, case_id: str, entry_id: str, stat_salt: bytes) -> Salts:
        return salts_of(self.keys.get(case_id).salt, entry_id, stat_salt)

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Every event of a case."""
        known = self.world.history(case_id)
        if known:
            self.keys.get(case_id)
        return tuple(kept.recorded for kept in known)

    def load(self, case_id: str) -> Case:
        """The fold of the history."""
        return Case.of(self.history(case_id))

    def by_ref(self, request_ref: str) -> str:
        """The case id of a public reference."""
        for kept in self.world.events:
            if kept.seq == 1 and kept.stored["row"]["request_ref"] == request_ref:
                return kept.case_id
        raise bad("case.ref.unknown", "case")

    def unread(self) -> tuple[str, ...]:
        """The ids of the cases never read, oldest first."""
        ids = dict.fromkeys(kept.case_id for kept in self.world.events)
        received = [c for i in ids if (c := self.load(i)).state is CaseState.RECEIVED]
        return tuple(c.case_id for c in sorted(received, key=lambda c: (c.request.received_at, c.case_id)))

    def entry_ids(self, case_id: str) -> tuple[str, ...]:
        """The ids of the case's ledger entries."""
        return tuple(kept.entry_id for kept in self.world.history(case_id))

    def openings(self, entry_id: str) -> tuple[Opening, ...]:
        """What opens the three parts of an entry."""
        kept = self.world.event(entry_id)
        parts: dict[Part, Json] = parts_of(kept.stored, kept.case_id, kept.seq)
        return openings_of(parts, self._salts(kept.case_id, entry_id, kept.stat_salt))


@attrs.frozen
class MemoryOutbox:
    """`Outbox` in memory; an outbox id is the event's place in the world, from 1."""

    world: World

    def waiting(self, limit: int) -> Sequence[Queued]:
        """Rows without an index, oldest first."""
        rows = [
            Queued(at, kept.entry_id, kept.data)
            for at, kept in enumerate(self.world.events, 1)
            if kept.entry_id not in self.world.index
        ]
        return rows[:limit]

    def sequenced(self, places: Iterable[tuple[int, int]]) -> None:
        """Note indexes."""
        for outbox_id, index in places:
            entry_id = self.world.events[outbox_id - 1].entry_id
            if self.world.index.setdefault(entry_id, index) != index:
                raise broken("ledger.outbox.moved", "outbox")

    def index_of(self, entry_id: str) -> int | None:
        """The index of an entry, or None."""
        return self.world.index.get(entry_id)

    def row_opening(self, entry_id: str) -> tuple[ReportingRow, bytes]:
        """An entry's reporting row and its `stat` salt."""
        kept = self.world.event(entry_id)
        return read_row(kept.stored["row"]), kept.stat_salt

    def entries_with_rows(self) -> Iterable[tuple[str, ReportingRow, bytes]]:
        """(entry id, row, salt) of every entry."""
        return [(kept.entry_id, *self.row_opening(kept.entry_id)) for kept in self.world.events]


@attrs.frozen
class MemoryAssignments:
    """`Assignments` in memory."""

    world: World

    def assign(self, case_id: str, person_id: str, *, by: str, at: datetime) -> None:  # noqa: ARG002 - the port's form
        """Hand a case to somebody."""
        self.world.assigned[case_id] = person_id

    def clear(self, case_id: str) -> None:
        """Let nobody have it."""
        self.world.assigned.pop(case_id, None)

    def of(self, case_id: str) -> str:
        """Who has it."""
        return self.world.assigned.get(case_id, "")


@attrs.frozen
class MemoryViews:
    """`Views` in memory."""

    world: World

    def note(self, *, case_id: str, person: str, what: Viewed, at: datetime) -> None:
        """Write it down."""
        self.world.views.append(View(case_id, person, what, at))

    def of_case(self, case_id: str) -> Sequence[View]:
        """Who saw a case."""
        return [view for view in self.world.views if view.case_id == case_id]


@attrs.frozen
class MemorySavedViews:
    """`SavedViews` in memory."""

    world: World

    def keep(self, person_id: str, name: str, query: Json) -> None:
        """Keep a view."""
        self.world.saved_views[person_id, name] = query

    def remove(self, person_id: str, name: str) -> None:
        """Forget a view."""
        self.world.saved_views.pop((person_id, name), None)

    def of(self, person_id: str) -> Sequence[tuple[str, Json]]:
        """A person's views, by name."""
        return sorted(
            (name, query) for (who, name), query in self.world.saved_views.items() if who == person_id
        )


@attrs.frozen
class MemoryJobs:
    """`Jobs` in memory."""

    world: World

    def add(self, kind: JobKind, case_id: str, at: datetime) -> None:
        """Let work wait, once."""
        if not any((w.job.kind, w.job.case_id, w.done) == (kind, case_id, False) for w in self.world.jobs):
            self.world.jobs.append(_Waiting(Job(len(self.world.jobs) + 1, kind, case_id, "", 0), at))

    def claim(self, token: str, now: datetime, until: datetime) -> Job | None:
        """The job that waits longest."""
        free = [w for w in self.world.jobs if not w.done and w.until <= now]
        if not free:
            return None
        found = min(free, key=lambda w: (w.until, w.job.job_id))
        mine = attrs.evolve(found.job, token=token, attempts=found.job.attempts + 1)
        self._put(attrs.evolve(found, job=mine, until=until))
        return mine

    def hold(self, job: Job, until: datetime) -> bool:
        """Hold it longer."""
        return self._change(job, until=until)

    def finish(self, job: Job, at: datetime, problem: str = "") -> bool:  # noqa: ARG002 - the port's form
        """Say that it ended."""
        return self._change(job, done=True, problem=problem)

    def put_back(self, job: Job, until: datetime, problem: str) -> bool:
        """Let it wait for another attempt."""
        return self._change(job, job=attrs.evolve(job, token=""), until=until, problem=problem)

    def waiting(self) -> int:
        """How many have not ended."""
        return sum(not waiting.done for waiting in self.world.jobs)

    def _change(self, held: Job, **changes: Any) -> bool:  # noqa: ANN401 - members of several kinds
        found = self.world.jobs[held.job_id - 1]
        if found.done or found.job.token != held.token:
            return False
        self._put(attrs.evolve(found, **changes))
        return True

    def _put(self, waiting: _Waiting) -> None:
        self.world.jobs[waiting.job.job_id - 1] = waiting


@attrs.define
class MemoryLog:
    """`Log` in memory, and a `ledger.tiles.Reader`."""

    rows: list[tuple[int, bytes]] = attrs.field(factory=list)
    notes: list[tuple[int, str]] = attrs.field(factory=list)

    def size(self) -> int:
        """Entries in the log."""
        return len(self.rows)

    def append(self, rows: Sequence[tuple[int, bytes]]) -> list[tuple[int, int]]:
        """Append, once for each outbox id."""
        known = {outbox_id: index for index, (outbox_id, _) in enumerate(self.rows)}
        places = []
        for outbox_id, data in rows:
            if outbox_id not in known:
                known[outbox_id] = len(self.rows)
                self.rows.append((outbox_id, data))
            elif self.rows[known[outbox_id]][1] != data:
                raise broken("ledger.outbox.reused", "log")
            places.append((outbox_id, known[outbox_id]))
        return places

    def entry(self, index: int) -> bytes:
        """The entry at an index."""
        if not 0 <= index < len(self.rows):
            raise bad("ledger.entry.unknown", "entry")
        return self.rows[index][1]

    def entries(self, start: int, end: int) -> Iterable[bytes]:
        """The entries of [start, end)."""
        return [data for _, data in self.rows[start:end]]

    def leaf_hashes(self, start: int, end: int) -> Sequence[bytes]:
        """Their leaf hashes."""
        return [leaf_hash(data) for data in self.entries(start, end)]

    def checkpoint(self) -> str | None:
        """The newest signed checkpoint."""
        return self.notes[-1][1] if self.notes else None

    def checkpoints(self) -> Iterable[str]:
        """Every signed checkpoint, the newest first."""
        return [note for _, note in reversed(self.notes)]

    def add_checkpoint(self, size: int, note: str) -> None:
        """Keep a signed checkpoint."""
        if self.notes and size < self.notes[-1][0]:
            raise broken("ledger.checkpoint.contradicted", "checkpoint", size=self.notes[-1][0])
        self.notes.append((size, note))

    def read(self, tile: Tile) -> bytes | None:
        """A tile's or bundle's bytes, as wide as asked; None where the log does not reach."""
        if tile.level == ENTRIES:
            found = list(self.entries(tile.n * WIDTH, tile.n * WIDTH + tile.width))
            return encode_bundle(found) if len(found) == tile.width else None
        files = dict(log_files([data for _, data in self.rows]))
        start = f"{Tile(tile.level, tile.n).path}"
        data = next((d for path, d in files.items() if path.split(".p/")[0] == start), b"")
        return data[: tile.width * 32] if len(data) >= tile.width * 32 else None


@attrs.frozen
class MemoryAtomic:
    """`Atomic` in memory: the world as it was, where the block raises."""

    world: World

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        names = ("arrivals", "fingerprints", "events", "index", "assigned", "views", "saved_views", "jobs")
        before = {name: getattr(self.world, name).copy() for name in names}
        try:
            yield
        except BaseException:
            for name, value in before.items():
                setattr(self.world, name, value)
            raise

    def __call__(self) -> AbstractContextManager[None]:
        """The transaction."""
        return self._transaction()


@attrs.define
class CountingIds:
    """Identifiers that count: the same every time."""

    count: int = 0

    def _next(self) -> int:
        self.count += 1
        return self.count

    def new_id(self) -> str:
        """A UUIDv7 in form only."""
        digits = f"{self._next():012x}"
        return f"00000000-0000-7000-8000-{digits}"

    def new_entry_id(self) -> str:
        """As `new_id`."""
        return self.new_id()

    def new_ref(self) -> str:
        """Ten Crockford characters."""
        number, text = self._next(), ""
        for _ in range(10):
            number, at = divmod(number, len(CROCKFORD))
            text = CROCKFORD[at] + text
        return text

    def new_salt(self) -> bytes:
        """32 bytes, a digest of the count."""
        return hashlib.sha256(f"salt {self._next()}".encode()).digest()


@attrs.frozen
class FakeSigner:
    """`Signer` with a key that everybody knows."""

    origin: str = "ledger.example/fake"

    @property
    def _key(self) -> SignerKey:
        return SignerKey(self.origin, SignatureType.ED25519, hashlib.sha256(b"a fake signer").digest())

    @property
    def vkey(self) -> str:
        """The public key as text."""
        return self._key.verifier.vkey

    def sign(self, text: str) -> str:
        """The signed note."""
        return sign_note(text, [self._key])


@attrs.frozen
class OnePolicy:
    """`Packs` that always resolves to the version given."""

    version: PolicyVersion

    def resolve(self, custodian: Custodian, categories: Sequence[str], on: date) -> PolicyVersion:  # noqa: ARG002 - the port's form
        """The one version."""
        return self.version


@attrs.define
class NotingTypesetter:
    """`Typesetter` that notes what it was asked for; as with the real one, equal arguments give equal bytes
    and a letter with one word changed is another file.
    """

    asked: list[tuple[str, dict[str, object]]] = attrs.field(factory=list)

    def pdf(self, template: str, data: dict[str, object], at: datetime) -> bytes:
        """A few bytes in place of a PDF file."""
        self.asked.append((template, data))
        return b"%PDF-fake " + template.encode() + canonical.encode([data, write_instant(at)])


def memory_ports(at: datetime, custodians: tuple[Custodian, ...], policy: PolicyVersion) -> Ports:
    """All ports in memory over a new world, the clock standing at `at`."""
    world, ids = World(), CountingIds()
    keys = MemoryKeys(world)
    return Ports(
        clock=SetClock(at),
        ids=ids,
        keys=keys,
        blobs=MemoryBlobs(world, keys),
        arrivals=MemoryArrivals(world),
        cases=MemoryCases(world, keys, ids),
        outbox=MemoryOutbox(world),
        assignments=MemoryAssignments(world),
        views=MemoryViews(world),
        jobs=MemoryJobs(world),
        directory=ListedDirectory(custodians),
        packs=OnePolicy(policy),
        typesetter=NotingTypesetter(),
        atomic=MemoryAtomic(world),
    )
