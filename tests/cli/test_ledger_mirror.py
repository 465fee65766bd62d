"""`habeas ledger verify` and `fsck` of a folder or a URL: no home, no Django, real sockets, exit codes."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from habeas.cli.main import run
from habeas.ledger import keys as k
from habeas.ledger import merkle as m
from habeas.ledger import note as n
from habeas.ledger.tiles import log_files

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
NAME = "ledger.example.org/habeas"
LOG = k.SignerKey(NAME, k.SignatureType.ED25519, b"\x01" * 32)
WITNESSES = [
    k.SignerKey(f"witness{i}.example.net", k.SignatureType.COSIGNATURE, bytes([i]) * 32) for i in (2, 3)
]
VKEY = LOG.verifier.vkey
SIZE = 600


def note_of(size: int, *witnesses: k.SignerKey, first: bytes = b"entry 0") -> str:
    entries = [first, *(b"entry %d" % at for at in range(1, size))]
    note = n.sign_note(n.Checkpoint(NAME, size, m.tree_root(m.leaf_hashes(entries))).text, [LOG])
    for witness in witnesses:
        note = n.cosign(note, witness, 1_600_000_000)
    return note


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """A mirror of 600 entries, cosigned by one witness."""
    files = dict(log_files([b"entry %d" % at for at in range(SIZE)]))
    files["checkpoint"] = note_of(SIZE, WITNESSES[0]).encode()
    for path, data in files.items():
        target = tmp_path / "mirror" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return tmp_path / "mirror"


@pytest.fixture(params=["folder", "web"])
def place(request: pytest.FixtureRequest, mirror: Path) -> Iterator[str]:
    """The mirror as a folder, and behind a web server."""
    if request.param == "folder":
        yield str(mirror)
    else:
        yield from served(partial(Quiet, directory=str(mirror)))


class Quiet(SimpleHTTPRequestHandler):
    """Static files, as any web server gives them."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None: ...


def served(handler: Any) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = run(["ledger", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("command", ["verify", "fsck"])
def test_a_whole_mirror_is_sound(place: str, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, document = said(capsys, command, place, "--vkey", VKEY)
    assert code == 0
    assert (document["ok"], document["size"], document["origin"]) == (True, SIZE, NAME)
    schema = json.loads((ROOT / "schemas" / "habeas.ledger-check.v1.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)
    assert run(["ledger", command, place, "--vkey", VKEY]) == 0
    assert capsys.readouterr().out.startswith("SOUND. ")


def test_damage_is_named_with_its_place(place: str, mirror: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = mirror / "tile/entries/001"
    bundle.write_bytes(bundle.read_bytes().replace(b"entry 300", b"entry 3OO"))
    (mirror / "tile/1/000.p/2").write_bytes(b"x" * 64)
    (mirror / "tile/0/000").unlink()
    code, document = said(capsys, "verify", place, "--vkey", VKEY)
    assert code == 1
    assert {(p["code"], p["place"]) for p in document["findings"]} == {
        ("ledger.entry.differs", "entry 300"),
        ("ledger.tile.differs", "tile/1/000.p/2"),
        ("ledger.tile.missing", "tile/0/000"),
    }


def test_a_kept_checkpoint_proves_that_nothing_was_rewritten(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"
    for note, code, finding in (
        (note_of(300), 0, []),
        (note_of(300, first=b"another"), 1, ["ledger.consistency.refused"]),
        (note_of(700), 1, ["ledger.checkpoint.rolled_back"]),
    ):
        kept.write_text(note, encoding="utf-8")
        got, document = said(capsys, "verify", place, "--vkey", VKEY, "--from-checkpoint", str(kept))
        assert got == code
        assert [p["code"] for p in document["findings"]] == finding
        assert bool(document["kept"]) is (code == 0)
    kept.write_text("nonsense", encoding="utf-8")
    assert run(["ledger", "verify", place, "--vkey", VKEY, "--from-checkpoint", str(kept)]) == 2


def test_a_quorum_comes_from_the_trust_file(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trust = tmp_path / "trust"
    lines = [VKEY, *(w.verifier.vkey for w in WITNESSES)]
    for quorum, code in ((1, 0), (2, 1), (3, 2)):
        trust.write_text("\n".join([*lines, f"quorum {quorum}"]), encoding="utf-8")
        assert run(["ledger", "verify", place, "--trust", str(trust)]) == code
    trust.write_text("\n".join([*lines, "quorum ²"]), encoding="utf-8")
    assert run(["ledger", "verify", place, "--trust", str(trust)]) == 2
    trust.write_bytes(b"\xff")
    assert run(["ledger", "verify", place, "--trust", str(trust)]) == 2
    capsys.readouterr()


def test_without_a_key_nothing_is_checked(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ledger", "verify", place]) == 2
    assert "ledger.trust.empty" in capsys.readouterr().err


def test_fsck_looks_at_every_other_file_in_a_folder(mirror: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (mirror / "tile/0/002.p/9").write_bytes(b"x" * 9 * 32)
    (mirror / "index.html").touch()
    (mirror / "tile/0/.partial-00").touch()
    (mirror / "tile/0/007").touch()
    assert said(capsys, "verify", str(mirror), "--vkey", VKEY)[0] == 0
    code, document = said(capsys, "fsck", str(mirror), "--vkey", VKEY)
    assert code == 1
    assert [(p["code"], p["place"]) for p in document["findings"]] == [
        ("ledger.tile.differs", "tile/0/002.p/9")
    ]
    assert document["remarks"] == {"ahead": 1, "stray": 1, "unfinished": 1}


def test_fsck_checks_what_waits_for_witnesses_too(
    place: str, mirror: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting = mirror / "checkpoint.waiting"
    waiting.write_text(note_of(300), encoding="utf-8")  # older than the one shown: a crash left it
    assert said(capsys, "fsck", place, "--vkey", VKEY)[0] == 0
    waiting.write_text(note_of(700), encoding="utf-8")
    code, document = said(capsys, "fsck", place, "--vkey", VKEY)
    assert code == 1
    assert ("ledger.tile.missing", "tile/0/002.p/188") in {
        (p["code"], p["place"]) for p in document["findings"]
    }


# ------------------------------------------------------------------------------------ servers


class Answering(BaseHTTPRequestHandler):
    """A server that answers in its own way."""

    protocol_version = "HTTP/1.1"
    directory: Path
    failing: dict[str, int]

    def do_GET(self) -> None:
        status = next((s for part, s in self.failing.items() if part in self.path), 200)
        file = self.directory / self.path.lstrip("/")
        if status == 200 and not file.is_file():
            status = 404
        data = gzip.compress(file.read_bytes()) if status == 200 else b"<html>sorry</html>"
        self.send_response(status)
        if status == 200:
            self.send_header("Content-Encoding", "gzip")
        if status == 302:
            self.send_header("Location", "/checkpoint")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None: ...


def answering(mirror: Path, **failing: int) -> Iterator[str]:
    kind = type("Handler", (Answering,), {"directory": mirror, "failing": failing})
    yield from served(kind)


def said_by(capsys: pytest.CaptureFixture[str], server: Iterator[str]) -> tuple[int, Any]:
    found = [said(capsys, "verify", url, "--vkey", VKEY) for url in server]
    return found[0]


def test_a_server_that_compresses_without_being_asked_is_understood(
    mirror: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for url in answering(mirror):
        assert run(["ledger", "verify", f"{url}/", "--vkey", VKEY]) == 0
    capsys.readouterr()


@pytest.mark.parametrize("part", ["checkpoint", "entries", "tile"])
@pytest.mark.parametrize("status", [500, 503, 403, 302, 429])
def test_a_server_that_fails_is_told_from_a_log_that_is_damaged(
    mirror: Path, capsys: pytest.CaptureFixture[str], part: str, status: int
) -> None:
    for url in answering(mirror, **{part: status}):
        assert run(["ledger", "verify", url, "--vkey", VKEY]) == 2
    told = capsys.readouterr()
    assert "ledger.mirror.failed" in told.err
    assert "sorry" not in told.out + told.err


@pytest.mark.parametrize("status", [404, 410])
def test_a_file_that_is_not_there_is_a_finding(
    mirror: Path, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    code, document = said_by(capsys, answering(mirror, entries=status))
    assert code == 1
    assert {p["code"] for p in document["findings"]} == {"ledger.bundle.missing"}


def test_a_compressed_answer_that_unfolds_without_end_is_not_followed(
    mirror: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (mirror / "tile/0/000").write_bytes(b"\0" * 50_000_000)
    code, document = said_by(capsys, answering(mirror))
    assert code == 1
    assert ("ledger.tile.wrong_size", "tile/0/000") in {(p["code"], p["place"]) for p in document["findings"]}


@pytest.mark.parametrize(
    "place", ["http://", "http://127.0.0.1:1", "https://127.0.0.1:x", "http://a b/", "/nowhere/at/all"]
)
def test_a_place_where_nothing_is_is_bad_input(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ledger", "verify", place, "--vkey", VKEY]) == 2
    assert capsys.readouterr().out == ""


# ------------------------------------------------------------------------------------ what is loaded


@pytest.mark.parametrize("command", ["verify", "fsck"])
def test_a_stranger_needs_neither_django_nor_a_home(mirror: Path, tmp_path: Path, command: str) -> None:
    program = (
        "import sys\n"
        "from habeas.cli.main import run\n"
        f"code = run(['ledger', {command!r}, {str(mirror)!r}, '--vkey', {VKEY!r}])\n"
        "shell = ('django', 'habeas.store', 'habeas.wiring', 'habeas.config')\n"
        "found = [name for name in sys.modules if name.startswith(shell)]\n"
        "sys.exit(f'{code} {found}' if code or found else 0)\n"
    )
    home = tmp_path / "never-made"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={"HABEAS_HOME": str(home), "PATH": "/usr/bin"},
    )
    assert done.returncode == 0, done.stderr
    assert "django" not in done.stderr
    assert not home.exists()
