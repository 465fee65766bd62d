"""`habeas witness` as its operator runs it: made once, stopped, killed, started again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from habeas.adapters.web_client import Server
from habeas.cli.main import run
from habeas.ledger import keys as k
from habeas.ledger import merkle as m
from habeas.ledger import note as n
from habeas.ledger.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Iterator

ORIGIN = "ledger.example.org/habeas"
LOG = k.SignerKey(ORIGIN, k.SignatureType.ED25519, b"\x01" * 32)
LEAVES = [m.leaf_hash(b"entry %d" % at) for at in range(9)]


def submission(size: int, old: int = 0, leaves: list[bytes] = LEAVES) -> bytes:
    note = n.sign_note(n.Checkpoint(ORIGIN, size, m.tree_root(leaves[:size])).text, [LOG])
    return Submission(old, (), note).text.encode()


@pytest.fixture
def files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The options that name a witness's two files, just made."""
    found = ["--key", str(tmp_path / "w.key"), "--state", str(tmp_path / "w.state")]
    assert run(["witness", "init", "witness.example.edu/library", *found]) == 0
    capsys.readouterr()
    return found


@contextmanager
def serving(files: list[str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "habeas.cli.main", "witness", "serve", "--json", *files]
    command += ["--trust-log", LOG.verifier.vkey, "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"], process
        process.kill()


def post(url: str, body: bytes) -> tuple[int, bytes]:
    server = Server(url)
    answer = server.post("add-checkpoint", body, 10_000)
    server.close()
    return answer.status, answer.body


def status(files: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, Any]:
    code = run(["witness", "status", *files, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_init_prints_a_cosignature_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["--key", str(tmp_path / "key"), "--state", str(tmp_path / "state")]
    assert run(["witness", "init", "witness.example.edu/library", *files, "--json"]) == 0
    vkey = json.loads(capsys.readouterr().out)["vkey"]
    key = k.parse_vkey(vkey)
    assert (key.name, key.kind) == ("witness.example.edu/library", k.SignatureType.COSIGNATURE)
    assert k.parse_skey((tmp_path / "key").read_text().strip()).verifier == key


def test_init_overwrites_neither_key_nor_memory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for existing, code in (("key", "witness.key.exists"), ("state", "witness.state.exists")):
        folder = tmp_path / existing
        folder.mkdir()
        (folder / existing).write_text("precious")
        files = ["--key", str(folder / "key"), "--state", str(folder / "state")]
        assert run(["witness", "init", "w.example", *files]) == 2
        assert code in capsys.readouterr().err
        assert [file.name for file in folder.iterdir()] == [existing]
        assert (folder / existing).read_text() == "precious"


@pytest.mark.parametrize("name", ["", "a b", "a+b"])
def test_a_name_that_no_note_can_carry_is_refused(tmp_path: Path, name: str) -> None:
    files = ["--key", str(tmp_path / "key"), "--state", str(tmp_path / "state")]
    assert run(["witness", "init", name, *files]) == 2
    assert not list(tmp_path.iterdir())


def test_a_witness_remembers_across_kill_and_stop(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(files) as (url, _):
        assert post(url, submission(7))[0] == 200
    assert status(files, capsys) == (
        0,
        {"evidence": [], "logs": [{"origin": ORIGIN, "size": 7, "root": m.tree_root(LEAVES[:7]).hex()}]},
    )
    with serving(files) as (url, process):
        assert post(url, submission(9)) == (409, b"7\n")
        assert post(url, submission(7, 7))[0] == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read().splitlines() == ["conflict, size 7", "cosigned, size 7", "stopped"]


def test_evidence_is_shown_and_changes_the_exit_code(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(files) as (url, _):
        assert post(url, submission(7))[0] == 200
        assert post(url, submission(7, 7, LEAVES[::-1]))[0] == 409
    code, document = status(files, capsys)
    assert code == 1
    assert len(document["evidence"]) == 2
    assert run(["witness", "status", *files]) == 1
    assert "two histories" in capsys.readouterr().out


def test_two_processes_never_serve_one_memory(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with serving(files):
        again = ["witness", "serve", *files, "--trust-log", LOG.verifier.vkey, "--listen", "127.0.0.1:0"]
        assert run(again) == 2
    assert "witness.state.held" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"--listen": "nonsense"}, "witness.address.malformed"),
        ({"--listen": "127.0.0.1:99999"}, "witness.address.malformed"),
        ({"--listen": "127.0.0.1"}, "witness.address.malformed"),
        ({"--listen": "192.0.2.1:0"}, "witness.address.unusable"),
        ({"--trust-log": "nonsense"}, "ledger.key.malformed"),
        ({"--state": "absent"}, "witness.state.missing"),
        ({"--key": "absent"}, "keys.file.missing"),
    ],
)
def test_a_wrong_option_is_named(
    files: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, str],
    code: str,
) -> None:
    monkeypatch.chdir(tmp_path)  # a lock is made beside the state that is looked for
    options = dict(zip(files[::2], files[1::2], strict=True))
    options |= {"--trust-log": LOG.verifier.vkey, "--listen": "127.0.0.1:0"} | change
    assert run(["witness", "serve", *(word for pair in options.items() for word in pair)]) == 2
    assert code in capsys.readouterr().err


def test_a_witnesss_own_key_is_no_log(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    key = k.parse_skey(Path(files[1]).read_text().strip()).verifier.vkey
    assert run(["witness", "serve", *files, "--trust-log", key, "--listen", "127.0.0.1:0"]) == 2
    assert "witness.log.wrong_type" in capsys.readouterr().err


def test_a_log_key_makes_no_witness(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log.key").write_text(LOG.skey)
    assert run(["witness", "status", "--key", str(tmp_path / "log.key"), *files[2:]]) == 2
    assert "witness.key.wrong_type" in capsys.readouterr().err


def test_a_witness_loads_neither_django_nor_a_home() -> None:
    program = (
        "import habeas.cli.witness, habeas.adapters.clock, habeas.adapters.file_lock, sys\n"
        "import habeas.adapters.witness_http, habeas.adapters.witness_key, habeas.adapters.witness_state\n"
        "import habeas.usecases.witness\n"
        "shell = ('django', 'habeas.store', 'habeas.wiring', 'habeas.config')\n"
        "found = [name for name in sys.modules if name.startswith(shell)]\n"
        "sys.exit(str(found) if found else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
