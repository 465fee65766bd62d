"""Doctor: does everything the store promised still hold? Looks, and changes nothing.

Each symptom has a remedy. A *grave* one is a broken promise (exit 3): something was lost, altered or
contradicts itself. The others want attention (exit 1): something waits, or was left behind by a crash.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import attrs

from habeas.domain.case import Case
from habeas.domain.vocabulary import EventKind
from habeas.kernel.errors import BadInput, BrokenInvariant, Problem, problem
from habeas.ledger.trust import read_trust
from habeas.ledger.verify import verify_log
from habeas.store import read
from habeas.store.faults import told
from habeas.store.models import ArrivalRow, EventRow, KeyRow, OutboxRow
from habeas.store.places import DATABASES
from habeas.store.projection import project
from habeas.store.rebuild import case_ids
from habeas.store.rights import too_wide, unguarded
from habeas.store.upgrade import on_server, require_current, unreadable_events
from habeas.usecases.sight import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from habeas.store.cases import Kept
    from habeas.store.opening import Store

LOW_DISK: Final = 500 * 2**20
"""Free bytes below which the doctor speaks."""

_OTHERS: Final = 0o077  # permissions of group and world
_CHUNK: Final = 1000


class BlobAt(Protocol):
    """Where a stored paper belongs."""

    @property
    def address(self) -> str:
        """Its address."""
        ...

    @property
    def case_id(self) -> str:
        """Its case."""
        ...


class BlobShelf(Protocol):
    """What the doctor asks of the papers (`adapters.blob_files.BlobFiles`)."""

    def every(self) -> Iterable[BlobAt]:
        """Every stored paper."""
        ...

    def unfinished(self) -> list[Path]:
        """What a crash left half-written."""
        ...


@attrs.frozen
class Symptom:
    """One thing that is not as it should be."""

    problem: Problem
    grave: bool


@attrs.frozen
class Diagnosis:
    """What was found, grave first, and how much was looked at."""

    symptoms: tuple[Symptom, ...]
    cases: int
    entries: int

    @property
    def exit_code(self) -> int:
        """0 nothing, 1 something wants attention, 3 a promise is broken."""
        if any(symptom.grave for symptom in self.symptoms):
            return BrokenInvariant.exit_code
        return 1 if self.symptoms else 0


@attrs.frozen
class Patient:
    """What is looked at: the home, its store and papers, the ledger's public keys."""

    home: Path
    store: Store
    blobs: BlobShelf
    vkeys: tuple[str, ...]
    free_bytes: Callable[[Path], int] = lambda home: shutil.disk_usage(home).free


class _Paper(NamedTuple):
    address: str
    case_id: str


def doctor(patient: Patient, *, cases: int | None = None) -> Diagnosis:
    """Look at everything; with `cases`, fold only about that many histories, evenly spread."""
    found = [*_rights(patient.home), *_disk(patient)]
    try:
        require_current()
    except BadInput as error:
        found += [Symptom(one, grave=True) for one in error.problems]
        return Diagnosis(_grave_first(found), 0, 0)
    every = list(case_ids())
    step = 1 if cases is None else max(1, len(every) // max(cases, 1))
    look = _CaseLook(patient.store)
    for case_id in every[::step]:
        look.at(case_id)
    found += [Symptom(p, grave=True) for p in unreadable_events()]
    found += _server() if on_server() else ()
    found += [*_waiting(), *look.found, *_keys(), *_papers(patient, look.papers, complete=step == 1)]
    found += _ledger(patient)
    return Diagnosis(_grave_first(found), len(every[::step]), patient.store.log.size())


def _grave_first(found: Iterable[Symptom]) -> tuple[Symptom, ...]:
    return tuple(sorted(found, key=lambda symptom: not symptom.grave))


def _light(code: str, place: str, count: int) -> Iterator[Symptom]:
    if count:
        yield Symptom(problem(code, place, count=count), grave=False)


def _grave(code: str, place: str, count: int) -> Iterator[Symptom]:
    if count:
        yield Symptom(problem(code, place, count=count), grave=True)


def _rights(home: Path) -> Iterator[Symptom]:
    """Whether others may look into the home, the keys, or a database."""
    paths = [home, home / "keys", *sorted((home / "keys").glob("*")), *(home / n for n in DATABASES.values())]
    for path in paths:
        if path.exists() and path.stat().st_mode & _OTHERS:
            yield Symptom(problem("doctor.permissions.too_open", path.name), grave=False)


def _server() -> Iterator[Symptom]:
    """Whether PostgreSQL still refuses to change what happened: to this role, and to anybody."""
    with told():
        wide, missing = list(too_wide()), unguarded()
    yield from (Symptom(problem("doctor.rights.too_wide", table), grave=False) for table in wide)
    yield from _grave("doctor.guard.missing", "database", missing)


def _disk(patient: Patient) -> Iterator[Symptom]:
    free = patient.free_bytes(patient.home)
    if free < LOW_DISK:
        yield Symptom(problem("doctor.disk.low", "home", megabytes=free // 2**20), grave=False)


def _waiting() -> Iterator[Symptom]:
    now = read.overview(EVERYTHING)
    yield from _light("doctor.arrivals.pending", "arrivals", now.pending)
    yield from _light("doctor.outbox.waiting", "outbox", now.unsequenced)


@attrs.define
class _CaseLook:
    """Looks at cases one by one: what is wrong with them, and which papers they name."""

    store: Store
    found: list[Symptom] = attrs.field(factory=list)
    papers: set[_Paper] = attrs.field(factory=set)

    def at(self, case_id: str) -> None:
        """Decrypt, fold, compare with the projection, and make each ledger entry again."""
        place = f"case {case_id}"
        try:
            kept = self.store.cases.kept(case_id)
            case = Case.of(one.recorded for one in kept)
        except BadInput as error:
            if error.problems[0].code != "keys.case.missing":
                self.found += [Symptom(attrs.evolve(p, place=place), grave=True) for p in error.problems]
            return
        except BrokenInvariant as error:
            self.found.append(Symptom(attrs.evolve(error.problem, place=place), grave=True))
            return
        if read.lines(EVERYTHING, [case_id]).get(case_id) != project(case):
            self.found.append(Symptom(problem("doctor.projection.differs", place), grave=True))
        self._entries(kept, place)
        attached = [a.blob for a in case.request.attachments]
        attached += [p.blob for p in case.read.papers] if case.read else []
        attached += [notice.blob for notice in case.notices if notice.blob]
        self.papers |= {_Paper(blob, case_id) for blob in attached}

    def _entries(self, kept: list[Kept], place: str) -> None:
        salt = self.store.keys.get(kept[0].case_id).salt
        with told():
            rows = OutboxRow.objects.filter(event__case_id=kept[0].case_id)
            queued = {row.event_id: bytes(row.data) for row in rows}
        if queued != {one.entry_id: one.entry(salt) for one in kept}:
            self.found.append(Symptom(problem("doctor.entry.differs", place), grave=True))


def _keys() -> Iterator[Symptom]:
    """Keys that nothing needs, and cases whose key is gone though nobody expunged them."""
    with told():
        have = set(KeyRow.objects.values_list("case_id", flat=True))
        cases = set(EventRow.objects.filter(seq=1).values_list("case_id", flat=True))
        came = set(ArrivalRow.objects.values_list("case_id", flat=True))
        expunged = EventRow.objects.filter(kind=str(EventKind.CASE_EXPUNGED))
        erased = set(expunged.values_list("case_id", flat=True))
    yield from _light("doctor.keys.orphaned", "keys", len(have - cases - came))
    yield from _grave("doctor.keys.missing", "keys", len(cases - have - erased))


def _papers(patient: Patient, named: set[_Paper], *, complete: bool) -> Iterator[Symptom]:
    """Papers that are gone, that nothing names, or that were left half-written."""
    with told():
        have_key = set(KeyRow.objects.values_list("case_id", flat=True))
        settled = ArrivalRow.objects.values_list("blob", "case_id")
        wanted = named | {_Paper(blob, case_id) for blob, case_id in settled if case_id in have_key}
    stored = {_Paper(paper.address, paper.case_id) for paper in patient.blobs.every()}
    yield from _grave("doctor.papers.missing", "blobs", len(wanted - stored))
    if complete:
        yield from _light("doctor.papers.orphaned", "blobs", len(stored - wanted))
    yield from _light("doctor.papers.unfinished", "blobs", len(patient.blobs.unfinished()))


def _ledger(patient: Patient) -> Iterator[Symptom]:
    """The tree against its checkpoint, and the log against the outbox."""
    log = patient.store.log
    size = log.size()
    yield from _grave("doctor.ledger.apart", "ledger", _apart(patient, size))
    if size == 0:
        return
    if log.checkpoint() is None:
        yield from _light("doctor.ledger.unsigned", "ledger", size)
        return
    try:
        verdict = verify_log(log, read_trust(patient.vkeys))
    except BadInput as error:
        yield from (Symptom(one, grave=True) for one in error.problems)
        return
    yield from (Symptom(one, grave=True) for one in verdict.findings)
    signed = verdict.checkpoint.size if verdict.checkpoint else size
    yield from _light("doctor.ledger.unsigned", "ledger", max(0, size - signed))


def _apart(patient: Patient, size: int) -> int:
    """How many entries are not the same in log and outbox."""
    log, apart = patient.store.log, 0
    with told():
        for start in range(0, size, _CHUNK):
            end = min(size, start + _CHUNK)
            ids = log.outbox_ids(start, end)
            rows = OutboxRow.objects.in_bulk(ids)
            for index, outbox_id, data in zip(range(start, end), ids, log.entries(start, end), strict=True):
                if outbox_id < 0:  # replayed from a mirror: its case row was lost (`usecases.resume`)
                    continue
                row = rows.get(outbox_id)
                # a row that still waits is in the log already: a crash the next run will tidy up
                apart += row is None or bytes(row.data) != data or row.idx not in (None, index)
        apart += OutboxRow.objects.filter(idx__gte=size).count()
    return apart
