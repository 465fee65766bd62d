"""A home with witnesses, over real sockets: what the commands do, say and exit with."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from habeas.cli.main import run
from habeas.ledger.keys import VerifierKey, parse_vkey
from tests import databases
from tests.store.witnessing import Served, serving
from workshop.ledger_drill import CONFIG, MAIL, NAMES, WITNESS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@attrs.define
class Home:
    """A home and its three witnesses, each of which can be stopped and started."""

    folder: Path
    home: Path
    log: VerifierKey
    capsys: pytest.CaptureFixture[str]
    stack: ExitStack
    running: dict[str, ExitStack] = attrs.field(factory=dict)
    served: dict[str, Served] = attrs.field(factory=dict)
    mails: int = 0

    def start(self, name: str) -> None:
        port = self.served[name].port if name in self.served else 0
        own = self.stack.enter_context(ExitStack())
        folder = self.folder / name.replace("/", "-")
        folder.mkdir(exist_ok=True)
        self.served[name] = own.enter_context(serving(folder, "w.example", self.log, port=port))
        self.running[name] = own

    def stop(self, name: str) -> None:
        self.running.pop(name).close()

    def run(self, *words: object, ends: int = 0) -> Any:
        code = run([*map(str, words), *([] if "prove" in words else ["--json"])])
        told = self.capsys.readouterr()
        assert code == ends, told.err
        return json.loads(told.out)

    def lines(self, *words: object, ends: int = 0) -> str:
        assert run([*map(str, words)]) == ends
        told = self.capsys.readouterr()
        return told.out + told.err

    def intake(self) -> str:
        self.mails += 1
        mail = self.folder / f"{self.mails}.eml"
        mail.write_text(MAIL.format(number=self.mails), encoding="utf-8")
        return str(self.run("intake", "--no-read", mail)[0]["request"])

    def trust(self, quorum: int) -> Path:
        file = self.folder / f"trust-{quorum}"
        keys = [self.log.vkey, *(served.key.vkey for served in self.served.values())]
        file.write_text("\n".join([*keys, f"quorum {quorum}"]), encoding="utf-8")
        return file

    def receipt_holds(self, ref: str, quorum: int) -> bool:
        """Whether a receipt made now verifies where so many witnesses are asked for."""
        file = self.folder / "receipt.json"
        file.write_text(json.dumps(self.run("ledger", "prove", ref)), encoding="utf-8")
        code = run(["receipt", "verify", str(file), "--trust", str(self.trust(quorum))])
        self.capsys.readouterr()
        return code == 0


@pytest.fixture
def desk(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Home]:
    """A new home with three running witnesses, two of which must cosign."""
    (home / "config.toml").write_text(CONFIG, encoding="utf-8")
    databases.prepare(home)
    assert run(["admin", "init", "--json"]) == 0
    log = parse_vkey(json.loads(capsys.readouterr().out)["vkey"])
    with ExitStack() as stack:
        made = Home(tmp_path, home, log, capsys, stack)
        for name in NAMES:
            made.start(name)
        lines = [WITNESS.format(url=s.url, vkey=s.key.vkey) for s in made.served.values()]
        databases.configure(home, CONFIG + "".join(lines))
        yield made
    databases.close_home(home)


def test_the_sequencer_says_who_vouches(desk: Home) -> None:
    desk.intake()
    assert "witnessed (3 of the 2 needed: w.example, w.example, w.example)" in desk.lines(
        "sequencer", "--once"
    )
    desk.stop(NAMES[0])
    desk.intake()
    done = desk.run("sequencer", "--once")
    assert (done["size"], done["appended"]) == (2, 1)
    assert done["witnessed"]["reached"] is True
    assert len(done["witnessed"]["by"]) == 2
    assert [p["code"] for p in done["witnessed"]["problems"]] == ["ledger.witness.unreachable"]


def test_with_too_few_witnesses_nothing_is_signed_and_nothing_is_lost(desk: Home) -> None:
    for name in NAMES[:2]:
        desk.stop(name)
    desk.intake()
    refused = desk.run("sequencer", "--once", ends=2)
    assert refused["problems"][0]["code"] == "ledger.witness.unheard"
    assert "checkpoint\n" not in desk.lines("ledger", "verify", ends=1)
    desk.start(NAMES[0])
    assert desk.run("sequencer", "--once")["appended"] == 1


def test_a_receipt_carries_the_newest_checkpoint_that_has_its_quorum(desk: Home) -> None:
    (desk.home / "config.toml").write_text(
        (desk.home / "config.toml").read_text().replace("[ledger]", "[ledger]\nquorum = 3"), encoding="utf-8"
    )
    first = desk.intake()
    desk.run("sequencer", "--once")
    desk.stop(NAMES[2])
    second = desk.intake()
    assert "not witnessed yet (2 of the 3 needed" in desk.lines("sequencer", "--once")
    assert desk.receipt_holds(first, 3)
    assert not desk.receipt_holds(second, 3)
    assert desk.receipt_holds(second, 0)
    desk.start(NAMES[2])
    desk.run("sequencer", "--once")
    assert desk.receipt_holds(second, 3)


def test_the_mirror_shows_strangers_what_is_witnessed(desk: Home) -> None:
    mirror = desk.folder / "mirror"
    desk.intake()
    desk.run("sequencer", "--once")
    assert desk.run("ledger", "export", mirror) == {"size": 1, "waiting": None, "written": 3}
    assert run(["ledger", "verify", str(mirror), "--trust", str(desk.trust(2))]) == 0
    assert run(["ledger", "verify", str(mirror), "--vkey", desk.log.vkey]) == 0
    desk.capsys.readouterr()
    assert desk.run("ledger", "export", mirror, "--all")["written"] == 0


@pytest.mark.sqlite
def test_exporting_to_a_mirror_that_knows_more_halts_the_ledger(desk: Home) -> None:
    mirror, saved = desk.folder / "mirror", desk.folder / "saved"
    desk.intake()
    desk.run("sequencer", "--once")
    desk.run("admin", "backup", saved)
    desk.intake()
    desk.run("sequencer", "--once", "--export", mirror)
    desk.home.rename(desk.folder / "lost")
    desk.run("admin", "restore", saved)
    refused = desk.run("ledger", "export", mirror, ends=3)
    assert refused["problems"][0]["code"] == "ledger.mirror.ahead"
    assert (desk.home / "HALTED").exists()
    assert "ledger.sequencer.halted" in desk.lines("sequencer", "--once", ends=3)
    assert "ledger.sequencer.halted" in desk.lines("admin", "doctor", ends=3)
    assert "ledger.sequencer.halted" in desk.lines("ledger", "fsck", ends=1)
    assert desk.run("ledger", "resume", "--from", mirror) == {"size": 2, "replayed": 1, "without_case": 1}
    assert desk.run("ledger", "fsck")["ok"] is True
    assert desk.run("admin", "doctor") == []


def test_resuming_from_where_nothing_is_leaves_the_mark(desk: Home) -> None:
    desk.intake()
    desk.run("sequencer", "--once")
    (desk.home / "HALTED").write_text("{}")
    for place in (desk.folder, "http://127.0.0.1:1"):
        desk.run("ledger", "resume", "--from", place, ends=2)
        assert (desk.home / "HALTED").exists()


def test_two_exports_at_once_do_not_mix(desk: Home) -> None:
    import fcntl

    desk.intake()
    desk.run("sequencer", "--once")
    mirror = desk.folder / "mirror"
    mirror.mkdir()
    with (mirror / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        refused = desk.run("ledger", "export", mirror, ends=2)
    assert refused["problems"][0]["code"] == "ledger.mirror.busy"


def test_a_wrong_witness_stops_every_command_at_its_start(desk: Home) -> None:
    config = desk.home / "config.toml"
    config.write_text(config.read_text() + '\n[[witness]]\nurl = "x"\nvkey = "y"\n', encoding="utf-8")
    assert "config.toml: witness[4]" in desk.lines("sequencer", "--once", ends=2)
    databases.configure(desk.home, CONFIG.replace("[ledger]", "[ledger]\nquorum = true"))
    assert "config.toml: ledger.quorum" in desk.lines("sequencer", "--once", ends=2)


def test_a_running_sequencer_waits_for_its_witnesses_and_goes_on(desk: Home) -> None:
    desk.intake()
    for name in NAMES[:2]:
        desk.stop(name)
    command = [sys.executable, "-m", "habeas.cli.main", "sequencer", "--every", "0.1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            assert "ledger.witness.unheard" in process.stderr.readline()
            desk.start(NAMES[0])
            assert process.stdout.readline() == "1 entries appended; the ledger has 1\n"
            assert process.stdout.readline().startswith("witnessed (2 of the 2 needed")
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0
        finally:
            process.kill()
