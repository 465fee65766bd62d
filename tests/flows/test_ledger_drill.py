"""The restore drill of docs/runbooks/ledger.md runs to its end, as whoever follows it would see it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from jsonschema import Draft202012Validator

from habeas.adapters.halt_file import HaltFile
from habeas.usecases.advance import Halted

ROOT = Path(__file__).resolve().parents[2]


def test_a_ledger_restored_from_an_old_backup_is_brought_back(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "workshop.ledger_drill", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ledger.witness.ahead" in done.stderr
    assert "ledger.sequencer.halted" in done.stderr
    assert done.stdout.endswith("the drill ended as it must\n")


def test_the_mark_on_a_halted_ledger_is_what_its_schema_says(tmp_path: Path) -> None:
    mark = HaltFile(tmp_path)
    halted = Halted("ledger.witness.ahead", "why", "2020-10-15T16:03:00Z")
    assert mark.reason() is None
    mark.set(halted)
    mark.set(Halted("ledger.witness.forked", "later", "2020-10-15T16:04:00Z"))
    assert mark.reason() == halted
    schema = json.loads((ROOT / "schemas" / "habeas.halted.v1.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(mark.path.read_bytes()))
    mark.lift()
    mark.lift()
    assert mark.reason() is None


def test_a_mark_that_cannot_be_read_still_halts(tmp_path: Path) -> None:
    mark = HaltFile(tmp_path)
    for data in (b"", b"[]", b"\xff", b'{"code": 1}'):
        mark.path.write_bytes(data)
        assert mark.reason() is not None
    mark.path.unlink()
    mark.path.mkdir()
    assert mark.reason() is not None
