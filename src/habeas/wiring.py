"""The one composition root: an environment → a desk with every port behind it.

Nothing below this file chooses an adapter; nothing above it makes one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import attrs

from habeas.adapters.blob_files import BlobFiles
from habeas.adapters.cipher import AesGcm
from habeas.adapters.clock import SystemClock
from habeas.adapters.directory_toml import read_directory
from habeas.adapters.file_lock import sole
from habeas.adapters.ids import RandomIds
from habeas.adapters.key_files import KeyFiles, make_keys
from habeas.adapters.shipped_packs import ShippedPacks
from habeas.adapters.signer import CheckpointSigner
from habeas.adapters.typesetting import TypstTypesetter
from habeas.config.environment import Environment, read_environment
from habeas.config.start import start
from habeas.domain.vocabulary import Channel
from habeas.kernel.clock import write_instant
from habeas.kernel.errors import bad
from habeas.usecases.ports import Ports

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from habeas.domain.case import Case
    from habeas.domain.determination import Evaluation
    from habeas.domain.vocabulary import Language
    from habeas.kernel.clock import Clock
    from habeas.ledger.keys import VerifierKey
    from habeas.policy.explain import ItemExplanation
    from habeas.store.opening import Store
    from habeas.usecases.ports import Hints
    from habeas.usecases.sequence import Sequenced, TiledLog

PLACEHOLDER_ORIGIN = "habeas.invalid/ledger"
"""The ledger's name where nobody chose one; it cannot be changed later, and `doctor` says so."""


@attrs.frozen
class Desk:
    """An open home: the ports of the use cases, and what commands do with them."""

    environment: Environment
    ports: Ports
    store: Store
    blobs: BlobFiles
    files: KeyFiles

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

    def sequence(self) -> Sequenced:
        """Drain the outbox and sign, as the only sequencer of this home."""
        from habeas.usecases.sequence import sequence  # noqa: PLC0415 - commands that only read do without

        with sole(self.environment.home / "sequencer.lock"):
            return sequence(self.ports.outbox, self.store.log, CheckpointSigner(self.files.signer()))

    def is_empty(self) -> bool:
        """Whether no request was ever received here."""
        from habeas.store import read  # noqa: PLC0415 - commands that only read do without

        return not read.cases(limit=1)

    def evaluate(self, case: Case) -> Evaluation:
        """What the law of today says about a case."""
        from habeas.usecases.determine import evaluate  # noqa: PLC0415 - as above

        return evaluate(self.ports, case)

    def verify_ledger(self) -> list[str]:
        """Everything in the log that does not lead to its signed root; nothing where it is whole."""
        from habeas.ledger.trust import Trust  # noqa: PLC0415 - as above
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

        document = report(self.ports, self.log, regime_id, begins, ends)
        match form:
            case "csv":
                return to_csv(document)
            case "pdf":
                data = page(document, language, self.names())
                return self.ports.typesetter.pdf("report/report.typ", data, self.ports.clock.now())
            case _:
                return to_json(document)

    def names(self) -> dict[str, str]:
        """Readable names of agencies, units and rules, for a report's tables."""
        from habeas.policy.catalogue import shipped  # noqa: PLC0415 - as above

        found = {rule.id: rule.cite for pack in shipped() for rule in pack.rules}
        for custodian in self.ports.directory.all():
            found[custodian.custodian_id] = custodian.name
            found |= {f"{custodian.custodian_id}/{u.unit_id}": u.name for u in custodian.units}
        return found

    def list_cases(self, *, state: str, limit: int) -> list[tuple[str, ...]]:
        """Lines for a terminal: closed words only."""
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
            for c in read.cases(state=wanted, limit=limit)
        ]  # fmt: skip


def open_desk(*, clock: Clock | None = None, environment: Environment | None = None) -> Desk:
    """The desk of this process's home. A home that is empty is made ready: tables, keys, configuration."""
    env = environment or read_environment(os.environ)
    fresh = not (env.home / "habeas.sqlite3").exists()
    env.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    start(env)
    from habeas.store.opening import open_store  # noqa: PLC0415 - Django must be set up first
    from habeas.store.upgrade import require_current, upgrade  # noqa: PLC0415 - as above

    files = KeyFiles(env.home / "keys", env.master_key_file, env.instance_key_file, env.ledger_key_file)
    if fresh:
        _first_config(env.home / "config.toml")
        make_keys(files, env.origin or PLACEHOLDER_ORIGIN, fresh=True)
        upgrade()
    else:
        require_current()
    now = clock or SystemClock()
    ids, cipher, instance = RandomIds(now), AesGcm(), files.instance()
    store = open_store(master_key=files.master(), tokens=instance, cipher=cipher, ids=ids)
    blobs = BlobFiles(env.home / "blobs", store.keys, instance, cipher)
    directory = read_directory(env.custodians, env.persons)
    ports = Ports(
        clock=now,
        ids=ids,
        keys=store.keys,
        blobs=blobs,
        arrivals=store.arrivals,
        cases=store.cases,
        outbox=store.outbox,
        directory=directory,
        packs=ShippedPacks(),
        typesetter=TypstTypesetter(),
        atomic=store.atomic,
        demo=any(c.demo for c in directory.all()),
    )
    return Desk(env, ports, store, blobs, files)


_CONFIG = """\
# The agencies and people of this installation: see docs/admin.md.
# [ledger]
# origin = "ledger.example.gov/2026"     # names your ledger for ever; choose it before the first request
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
    from habeas.store.backup import backup  # noqa: PLC0415 - only here

    desk = open_desk()
    made = backup(desk.environment.home, target, desk.ports.clock.now())
    return {"parts": [made.data.name, made.keys.name], "size": made.log_size, "files": made.files}


def restore_home(source: Path) -> dict[str, Any]:
    """The home from the newest pair of archives in a folder; the home must be empty."""
    env = read_environment(os.environ)
    start(env)
    from habeas.store.backup import restore  # noqa: PLC0415 - Django must be set up first

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
    """The home's tables brought to this version, and every stored event checked to be readable."""
    env = read_environment(os.environ)
    start(env)
    from habeas.store.upgrade import upgrade  # noqa: PLC0415 - Django must be set up first

    return {"migrations": list(upgrade())}


def doctor_home(*, environment: Environment | None = None) -> list[dict[str, Any]]:
    """What is wrong in the home, each with its line and what kind of exit it means."""
    from habeas.store.doctor import Patient, doctor  # noqa: PLC0415 - only here

    desk = open_desk(environment=environment)
    patient = Patient(desk.environment.home, desk.store, desk.blobs, tuple(k.vkey for k in desk.vkeys))
    return [
        {**s.problem.as_json(), "line": s.problem.line(), "exit_code": 3 if s.grave else 1}
        for s in doctor(patient).symptoms
    ]


def rebuild_home() -> dict[str, Any]:
    """Every case's row made anew from its history."""
    from habeas.store.rebuild import rebuild_projection  # noqa: PLC0415 - only here

    made = rebuild_projection(open_desk().store.cases)
    return {"cases": made.cases, "shut": made.shut}
