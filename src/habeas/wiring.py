"""The one composition root: an environment → a desk with every port behind it.

Nothing below this file chooses an adapter; nothing above it makes one.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import attrs

from habeas.adapters.blob_files import BlobFiles
from habeas.adapters.cipher import AesGcm
from habeas.adapters.clock import SystemClock
from habeas.adapters.directory_toml import read_directory
from habeas.adapters.file_lock import sole
from habeas.adapters.halt_file import HaltFile
from habeas.adapters.ids import RandomIds
from habeas.adapters.key_files import KeyFiles, make_keys
from habeas.adapters.log_files import LOCK, make_log_folder
from habeas.adapters.mirror import open_mirror
from habeas.adapters.shipped_packs import ShippedPacks
from habeas.adapters.signer import CheckpointSigner
from habeas.adapters.typesetting import TypstTypesetter
from habeas.adapters.witness_client import WebCosigners, read_witnesses
from habeas.config.environment import Environment, read_environment
from habeas.config.postgres import DatabaseRole, Postgres, role_script
from habeas.config.start import start
from habeas.domain.vocabulary import Channel
from habeas.kernel.clock import write_instant
from habeas.kernel.errors import bad, problem
from habeas.ledger.trust import Trust
from habeas.usecases.advance import Advanced, Ledger, advance, halting
from habeas.usecases.export_log import export_log
from habeas.usecases.ports import Ports
from habeas.usecases.resume import resume
from habeas.usecases.sight import EVERYTHING
from habeas.usecases.submit import Circle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from habeas.adapters.log_files import LogFolder
    from habeas.domain.case import Case
    from habeas.domain.determination import Evaluation
    from habeas.domain.text import Text
    from habeas.domain.vocabulary import Language
    from habeas.kernel.clock import Clock
    from habeas.ledger.keys import VerifierKey
    from habeas.policy.explain import ItemExplanation
    from habeas.store.opening import Store
    from habeas.usecases.export_log import Exported, Shelf
    from habeas.usecases.ports import Hints
    from habeas.usecases.resume import Resumed
    from habeas.usecases.sequence import TiledLog

UNVERIFIED = "unverified"
"""What a manifest's `verified_by` says where no person compared the pack with the official text."""

PLACEHOLDER_ORIGIN = "habeas.invalid/ledger"
"""The ledger's name where nobody chose one; it cannot be changed later, and `doctor` says so."""


@attrs.frozen
class Desk:
    """An open home: the ports of the use cases, and what commands do with them.

    `trust` is what makes a checkpoint of this ledger count here; `circle` its witnesses, where it has any.
    """

    environment: Environment
    ports: Ports
    store: Store
    blobs: BlobFiles
    files: KeyFiles
    trust: Trust
    circle: Circle | None = None

    @property
    def log(self) -> TiledLog:
        """The ledger."""
        return self.store.log

    @property
    def vkeys(self) -> tuple[VerifierKey, ...]:
        """The ledger's public keys, the present one first."""
        return self.files.vkeys()

    @property
    def vkey(self) -> str:
        """The present public key as text."""
        return self.vkeys[0].vkey

    @property
    def halt(self) -> HaltFile:
        """The mark on this ledger if it was halted."""
        return HaltFile(self.environment.home)

    def sequence(self, export: Path | None = None) -> Advanced:
        """One round as the only sequencer of this home: drain the outbox, sign, have it cosigned.

        With `export`, the mirror there gets the entries before any witness sees the checkpoint.
        """
        held = nullcontext() if export is None else _shelf(export)
        with sole(self.environment.home / "sequencer.lock"), held as shelf:
            return advance(self._ledger(shelf))

    def export(self, folder: Path, *, everything: bool = False) -> Exported:
        """Bring a folder of static files up to the newest checkpoint."""
        with _shelf(folder) as shelf, halting(self.halt, self.ports.clock):
            return export_log(self.log, shelf, self.trust, everything=everything)

    def resume(self, mirror: str) -> Resumed:
        """Replay what a mirror has and this ledger lacks, and lift the mark."""
        with sole(self.environment.home / "sequencer.lock"), open_mirror(mirror) as opened:
            return resume(self._ledger(None), opened)

    def _ledger(self, shelf: Shelf | None) -> Ledger:
        return Ledger(
            outbox=self.ports.outbox,
            log=self.store.log,
            signer=CheckpointSigner(self.files.signer()),
            halt=self.halt,
            clock=self.ports.clock,
            trust=self.trust,
            circle=self.circle,
            shelf=shelf,
        )

    def is_empty(self) -> bool:
        """Whether no request was ever received here."""
        from habeas.store import read  # noqa: PLC0415 - commands that only read do without

        return not read.cases(EVERYTHING, limit=1)

    def evaluate(self, case: Case) -> Evaluation:
        """What the law of today says about a case."""
        from habeas.usecases.determine import evaluate  # noqa: PLC0415 - as above

        return evaluate(self.ports, case)

    def verify_ledger(self) -> list[str]:
        """Everything in the log that does not lead to its signed root; nothing where it is whole."""
        from habeas.ledger.verify import verify_log  # noqa: PLC0415 - as above

        return [p.line() for p in verify_log(self.log, Trust(self.vkeys)).findings]

    def check_hints(self, hints: Hints) -> Hints:
        """The hints, if agency, unit and channel exist; else `BadInput`."""
        if hints.channel and hints.channel not in set(Channel):
            raise bad("intake.channel.unknown", "--channel", known=", ".join(Channel))
        if hints.custodian:
            custodian = self.ports.directory.custodian(hints.custodian)
            if hints.unit and custodian.unit(hints.unit) is None:
                known = ", ".join(u.unit_id for u in custodian.units)
                raise bad("intake.unit.unknown", "--unit", known=known)
        return hints

    def explain(self, case: Case, found: Evaluation, language: Language) -> tuple[ItemExplanation, ...]:
        """Every item's explanation for staff, under the law that evaluated it."""
        from habeas.kernel.clock import read_date  # noqa: PLC0415 - as above
        from habeas.policy.explain import explain  # noqa: PLC0415 - as above

        on = read_date(found.on, "evaluation")
        custodian = self.ports.directory.custodian(case.request.holder.custodian)
        version = self.ports.packs.resolve(custodian, tuple(str(i.category) for i in case.items), on)
        return explain(found, version, on, language)

    def report(self, regime_id: str, begins: date, ends: date, form: str, language: Language) -> bytes:
        """A period's report as `json`, `csv` or `pdf`."""
        from habeas.report.page import page  # noqa: PLC0415 - as above
        from habeas.report.snapshot import to_csv, to_json  # noqa: PLC0415 - as above
        from habeas.usecases.publish import report  # noqa: PLC0415 - as above

        document = report(self.ports, self.log, regime_id, begins, ends, footnotes=self._law_footnotes())
        match form:
            case "csv":
                return to_csv(document)
            case "pdf":
                data = page(document, language, self.names())
                return self.ports.typesetter.pdf("report/report.typ", data, self.ports.clock.now())
            case _:
                return to_json(document)

    def _law_footnotes(self) -> tuple[Text, ...]:
        """What a report must say about the rules that determined anything here."""
        from habeas.policy.catalogue import shipped  # noqa: PLC0415 - as above
        from habeas.report.footnotes import law_footnotes  # noqa: PLC0415 - as above

        grounds = {row.ground for _, row, _ in self.ports.outbox.entries_with_rows()}
        packs = [p for p in shipped() if any(r.id in grounds for r in p.rules)]
        rules = [p.hit(r) for p in packs for r in p.rules if r.id in grounds]
        verified = all(p.manifest.verified_by != UNVERIFIED for p in packs)
        return law_footnotes(rules, packs_verified=verified)

    def names(self) -> dict[str, str]:
        """Readable names of agencies, units and rules, for a report's tables."""
        from habeas.policy.catalogue import shipped  # noqa: PLC0415 - as above

        found = {rule.id: rule.cite for pack in shipped() for rule in pack.rules}
        for custodian in self.ports.directory.all():
            found[custodian.custodian_id] = custodian.name
            found |= {f"{custodian.custodian_id}/{u.unit_id}": u.name for u in custodian.units}
        return found

    def unread(self) -> list[str]:
        """The cases that were logged and never read, oldest first: `--no-read`, or a crash in between."""
        return list(self.ports.cases.unread())

    def list_cases(self, *, state: str, limit: int, after: str = "") -> list[tuple[str, ...]]:
        """Lines for a terminal, oldest first: closed words only."""
        from habeas.domain.vocabulary import CaseState  # noqa: PLC0415 - as above
        from habeas.store import read  # noqa: PLC0415 - as above

        try:
            wanted = CaseState(state) if state else None
        except ValueError:
            raise bad("cli.state.unknown", "--state", known=", ".join(CaseState)) from None
        return [
            (
                c.request_ref, write_instant(c.received_at), c.custodian, c.unit,
                str(c.component), str(c.state), str(c.request_outcome),
            )
            for c in read.cases(EVERYTHING, state=wanted, limit=limit, after=after)
        ]  # fmt: skip


def open_desk(
    *,
    clock: Clock | None = None,
    environment: Environment | None = None,
    role: DatabaseRole = DatabaseRole.APP,
) -> Desk:
    """The desk of this process's home. A home that is empty is made ready: tables, keys, configuration.

    `role` is as whom the process works on PostgreSQL: whoever sequences or resumes does as the sequencer.
    """
    env = environment or read_environment(os.environ)
    fresh = not _is_made(env)
    env.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    start(env, DatabaseRole.OWNER if fresh else role)
    from habeas.store import account_tables  # noqa: PLC0415 - Django must be set up first
    from habeas.store.opening import open_store  # noqa: PLC0415 - as above
    from habeas.store.upgrade import require_current, require_empty  # noqa: PLC0415 - as above

    files = KeyFiles(env.home / "keys", env.master_key_file, env.instance_key_file, env.ledger_key_file)
    if fresh:
        if env.database is not None:
            require_empty()
        _first_config(env.home / "config.toml")
        make_keys(files, env.origin or PLACEHOLDER_ORIGIN, fresh=True)
        _upgrade(env)
        start(env, role)
    else:
        require_current()
        if role is DatabaseRole.APP and account_tables.are_known():
            account_tables.make_ready()
    now = clock or SystemClock()
    ids, cipher, instance = RandomIds(now), AesGcm(), files.instance()
    store = open_store(master_key=files.master(), tokens=instance, cipher=cipher, ids=ids)
    blobs = BlobFiles(env.home / "blobs", store.keys, instance, cipher)
    directory = read_directory(env.custodians, env.persons, env.courts)
    ports = Ports(
        clock=now,
        ids=ids,
        keys=store.keys,
        blobs=blobs,
        arrivals=store.arrivals,
        cases=store.cases,
        outbox=store.outbox,
        assignments=store.assignments,
        views=store.views,
        jobs=store.jobs,
        directory=directory,
        packs=ShippedPacks(),
        typesetter=TypstTypesetter(),
        atomic=store.atomic,
        demo=any(c.demo for c in directory.all()),
    )
    addresses, quorum = read_witnesses(env.witnesses, env.quorum)
    trust = Trust(files.vkeys(), tuple(a.key for a in addresses), quorum)
    circle = Circle(trust, WebCosigners(addresses)) if addresses else None
    return Desk(env, ports, store, blobs, files, trust, circle)


def _is_made(env: Environment) -> bool:
    """Whether the home was made: it has its tables, or the key of a ledger whose tables are on a server."""
    return (env.home / ("habeas.sqlite3" if env.database is None else "keys/ledger.vkey")).exists()


def _upgrade(env: Environment) -> tuple[str, ...]:
    """Tables and rights, as the owner; the names of the migrations that were new."""
    from habeas.store.rights import Roles  # noqa: PLC0415 - Django must be set up first
    from habeas.store.upgrade import upgrade  # noqa: PLC0415 - as above

    server = env.database
    return upgrade(None if server is None else Roles(server.app.user, server.sequencer.user))


@contextmanager
def _shelf(folder: Path) -> Iterator[LogFolder]:
    """A folder to export to, held by this process alone."""
    shelf = make_log_folder(folder)
    with sole(folder / LOCK, "ledger.mirror.busy"):
        yield shelf


_CONFIG = """\
# The agencies and people of this installation: see docs/admin.md.
# [ledger]
# origin = "ledger.example.gov/2026"     # names your ledger for ever; choose it before the first request
# quorum = 2                             # witnesses that must cosign (docs/runbooks/ledger.md)
#
# [[witness]]
# url = "https://witness.example.org"
# vkey = "witness.example.org+…"         # what `habeas witness init` printed there
#
# [[custodian]]
# id = "labor"
# name = "Department of Labor"
# kind = "unemployment_agency"
# jurisdiction = "us-co"
# zone = "America/Denver"
#
# [[custodian.unit]]
# id = "ui-fraud"
# name = "Unemployment Insurance Fraud Unit"
# mailboxes = ["ui-fraud@labor.example.gov"]
"""


def _first_config(path: Path) -> None:
    if not path.exists():
        path.write_text(_CONFIG, encoding="utf-8")
        path.chmod(0o600)


def backup_home(target: Path) -> dict[str, Any]:
    """Two archives of the home, to be kept apart."""
    desk = open_desk()
    from habeas.store.backup import backup  # noqa: PLC0415 - Django must be set up first

    made = backup(desk.environment.home, target, desk.ports.clock.now())
    return {"parts": [made.data.name, made.keys.name], "size": made.log_size, "files": made.files}


def restore_home(source: Path) -> dict[str, Any]:
    """The home from the newest pair of archives in a folder; the home must be empty."""
    env = read_environment(os.environ)
    start(env)
    from habeas.store.backup import require_embedded, restore  # noqa: PLC0415 - Django must be set up first

    require_embedded()
    pairs = sorted(
        (data, keys)
        for data in source.glob("habeas-data-*.tar")
        for keys in source.glob(data.name.replace("-data-", "-keys-"))
    )
    if not pairs:
        raise bad("backup.archive.none", source.name)
    made = restore(*pairs[-1], env.home)
    return {"size": made.log_size, "signed": made.signed_size, "made_at": made.made_at}


def upgrade_home() -> dict[str, Any]:
    """The home's tables brought to this version, and every stored event checked to be readable.

    A migration has no keys, so what new columns hold is folded from the events afterwards.
    """
    env = read_environment(os.environ)
    if not _is_made(env):
        raise bad("store.home.none", "home")
    start(env, DatabaseRole.OWNER)
    made = list(_upgrade(env))
    if made:
        rebuild_home()
    return {"migrations": made}


def database_script() -> str:
    """What makes roles and database on the PostgreSQL server that `[database]` names (or the usual one)."""
    return role_script(read_environment(os.environ).database or Postgres())


def doctor_home(*, environment: Environment | None = None) -> list[dict[str, Any]]:
    """What is wrong in the home, each with its line and what kind of exit it means."""
    desk = open_desk(environment=environment)
    from habeas.store.doctor import Patient, doctor  # noqa: PLC0415 - Django must be set up first

    patient = Patient(desk.environment.home, desk.store, desk.blobs, tuple(k.vkey for k in desk.vkeys))
    found = [(s.problem, 3 if s.grave else 1) for s in doctor(patient).symptoms]
    halted = desk.halt.reason()
    if halted is not None:
        told = problem("ledger.sequencer.halted", "ledger", reason=halted.code, at=halted.at)
        found.insert(0, (told, 3))
    return [{**one.as_json(), "line": one.line(), "exit_code": code} for one, code in found]


def rebuild_home() -> dict[str, Any]:
    """Every case's row made anew from its history."""
    cases = open_desk().store.cases
    from habeas.store.rebuild import rebuild_projection  # noqa: PLC0415 - Django must be set up first

    made = rebuild_projection(cases)
    return {"cases": made.cases, "shut": made.shut}
