"""A witness over real sockets: status codes, hostile requests, parallel ones, and death in between."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from habeas.adapters import witness_http
from habeas.adapters.file_lock import sole
from habeas.adapters.web_client import Server
from habeas.adapters.witness_client import WebCosigners, WitnessAddress, read_witnesses
from habeas.adapters.witness_key import make_key, read_key
from habeas.adapters.witness_state import MAX_UNPROVED, StateFile, make_state, open_state
from habeas.kernel.errors import BadInput
from habeas.ledger import keys as k
from habeas.ledger import merkle as m
from habeas.ledger import note as n
from habeas.ledger.submission import MAX_SUBMISSION, Ruling, Submission
from habeas.usecases.submit import Reply
from habeas.usecases.witness import Evidence
from tests.store.subprocesses import ROOT, command
from tests.store.witnessing import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

ORIGIN = "ledger.example.org/habeas"
LOG = k.SignerKey(ORIGIN, k.SignatureType.ED25519, b"\x01" * 32)
OTHER = k.SignerKey("other.example.org/log", k.SignatureType.ED25519, b"\x03" * 32)
LEAVES = [m.leaf_hash(b"entry %d" % at) for at in range(64)]
FORK = [*LEAVES[:5], *(m.leaf_hash(b"another %d" % at) for at in range(5, 64))]


def signed(size: int, leaves: list[bytes] = LEAVES, by: k.SignerKey = LOG) -> str:
    return n.sign_note(n.Checkpoint(by.name, size, m.tree_root(leaves[:size])).text, [by])


def submission(old: int, size: int, leaves: list[bytes] = LEAVES) -> Submission:
    def node(level: int, index: int) -> bytes:
        return m.fold(leaves[index << level : (index + 1) << level])

    proof = m.consistency_proof(node, old, size) if 0 < old < size else []
    return Submission(old, tuple(proof), signed(size, leaves))


def body(old: int, size: int, leaves: list[bytes] = LEAVES) -> bytes:
    return submission(old, size, leaves).text.encode()


def recorded(served: Served) -> int:
    """The size on the disk."""
    notes = open_state(served.state, served.key).notes
    return n.parse_checkpoint(n.split_note(notes[ORIGIN])[0]).size if ORIGIN in notes else 0


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Served]:
    """A witness that has cosigned 7 entries."""
    with serving(tmp_path, "witness.example.net", LOG.verifier) as served:
        assert served.post(body(0, 7))[0] == 200
        yield served


# ------------------------------------------------------------------------------------ the protocol


def test_a_checkpoint_is_recorded_and_cosigned(witness: Served) -> None:
    status, kind, lines = witness.post(body(7, 20))
    assert (status, kind) == (200, "text/plain")
    note = n.open_note(signed(20) + lines.decode(), [LOG.verifier, witness.key])
    assert note.verified(k.SignatureType.COSIGNATURE) == [witness.key]
    assert recorded(witness) == 20


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", 411),
        (b"nonsense", 400),
        (Submission(9, (), signed(8)).text.encode(), 400),
        (Submission(7, (), signed(7, by=k.SignerKey(ORIGIN, LOG.kind, b"\x07" * 32))).text.encode(), 403),
        (Submission(0, (), signed(7, by=OTHER)).text.encode(), 404),
        (body(3, 20), 409),
        (body(7, 20, FORK), 422),
        (body(7, 7), 200),
    ],
)
def test_every_ruling_has_its_status(witness: Served, sent: bytes, status: int) -> None:
    if sent:
        assert witness.post(sent)[0] == status
    else:
        assert witness.raw(b"POST /add-checkpoint HTTP/1.1\r\nHost: a\r\n\r\n").startswith(b"HTTP/1.1 411 ")
    assert recorded(witness) == 7


def test_a_conflict_says_the_size_in_its_own_content_type(witness: Served) -> None:
    assert witness.post(body(0, 20)) == (409, "text/x.tlog.size", b"7\n")
    assert witness.post(body(7, 7, FORK)) == (409, "text/x.tlog.size", b"7\n")


def test_a_split_view_leaves_two_notes_that_any_tool_can_read(witness: Served) -> None:
    witness.post(body(7, 7, FORK))
    witness.post(body(7, 7, FORK))
    files = sorted(witness.state.with_name(f"{witness.state.name}.evidence").iterdir())
    assert [f.name.split("-")[0] for f in files] == ["split", "split"]
    notes = [n.open_note(f.read_bytes(), [LOG.verifier]) for f in files]
    heads = [n.parse_checkpoint(note.text) for note in notes]
    assert [h.size for h in heads] == [7, 7]
    assert heads[0].root != heads[1].root


def test_unproved_pairs_do_not_fill_the_disk_and_split_ones_are_always_kept(tmp_path: Path) -> None:
    key = make_key(tmp_path / "key", "witness.example.net")
    make_state(tmp_path / "state", key)
    state = open_state(tmp_path / "state", key.verifier)
    state.evidence.mkdir()
    for at in range(2 * MAX_UNPROVED):
        (state.evidence / f"unproved-{at}").touch()
    state.keep_evidence(Evidence(ORIGIN, signed(7), signed(20, FORK), split=False))
    assert len(list(state.evidence.iterdir())) == 2 * MAX_UNPROVED
    state.keep_evidence(Evidence(ORIGIN, signed(7), signed(7, FORK), split=True))
    assert len(list(state.evidence.iterdir())) == 2 * MAX_UNPROVED + 2


def test_a_connection_serves_one_request_after_another(witness: Served) -> None:
    server, used = Server(witness.url), set()
    for size in range(8, 12):
        assert server.post("add-checkpoint", body(size - 1, size), 1000).status == 200
        used.add(server._kept)
    assert len(used) == 1
    server.close()


# ------------------------------------------------------------------------------------ hostile requests


def request(*lines: str, data: bytes = b"") -> bytes:
    return "\r\n".join([*lines, "", ""]).encode() + data


POST = "POST /add-checkpoint HTTP/1.1"
GOOD = body(7, 20)


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (request("GET /add-checkpoint HTTP/1.1", "Host: a"), 405),
        (request("GET / HTTP/1.1", "Host: a"), 404),
        (request("HEAD / HTTP/1.1", "Host: a"), 404),
        (request("PUT /add-checkpoint HTTP/1.1", "Content-Length: 3", data=b"abc"), 405),
        (request("BREW /add-checkpoint HTTP/1.1"), 501),
        (request("POST /other HTTP/1.1", "Content-Length: 3", data=b"abc"), 404),
        (request("POST /add-checkpoint/../../etc HTTP/1.1", "Content-Length: 3", data=b"abc"), 404),
        (request(POST, "Content-Length: -1", data=b"abc"), 400),
        (request(POST, "Content-Length: 3x", data=b"abc"), 400),
        (request(POST, "Content-Length: +3", data=b"abc"), 400),
        (request(POST, "Content-Length: ٣", data=b"abc"), 400),
        (request(POST, "Content-Length: 3", "Content-Length: 3", data=b"abc"), 400),
        (request(POST, f"Content-Length: {MAX_SUBMISSION + 1}", data=b"abc"), 413),
        (request(POST, f"Content-Length: {'9' * 5000}", data=b"abc"), 413),
        (request(POST, "Transfer-Encoding: chunked", data=b"3\r\nabc\r\n0\r\n\r\n"), 411),
        (request(POST, "Transfer-Encoding: chunked", "Content-Length: 3", data=b"abc"), 411),
        (request("POST " + "/x" * 40_000 + " HTTP/1.1"), 414),
        (request(POST, *[f"X-{at}: y" for at in range(200)]), 431),
        (request(POST, "X: " + "y" * 70_000), 431),
        (request("nonsense"), 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    ],
)
def test_a_hostile_request_is_refused_in_few_words(witness: Served, sent: bytes, answer: int) -> None:
    got = witness.raw(sent)
    head, _, said = got.partition(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 "):
        assert int(head.split()[1]) == answer
        assert b"Python" not in head
    else:  # a request so wrong that http.server answers it in the words of HTTP/0.9
        said = got
    assert len(said) < 60
    assert witness.post(GOOD)[0] == 200


def test_a_body_that_never_comes_whole_is_not_judged(witness: Served) -> None:
    assert witness.raw(request(POST, f"Content-Length: {len(GOOD)}", data=GOOD[:-1])) == b""
    assert recorded(witness) == 7
    assert "cosigned, size 20" not in witness.told


def test_a_connection_that_lasts_too_long_is_ended(witness: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness_http, "LIFETIME_SECONDS", 0)
    with socket.create_connection(("127.0.0.1", witness.port), timeout=20) as channel:
        channel.sendall(b"POST /add-che")
        assert channel.recv(100) == b""


def test_more_connections_than_allowed_are_closed_and_the_rest_are_served(
    witness: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness_http, "MAX_CONNECTIONS", 3)
    idle = [socket.create_connection(("127.0.0.1", witness.port), timeout=20) for _ in range(3)]
    try:
        for one in idle:  # each of the three is known to be served
            one.sendall(request(POST, f"Content-Length: {len(GOOD)}"))
        until_open(witness, idle)
        assert witness.raw(b"") == b""
        idle[0].sendall(GOOD)
        assert idle[0].recv(15) == b"HTTP/1.1 200 OK"
    finally:
        for one in idle:
            one.close()


def until_open(witness: Served, idle: list[socket.socket]) -> None:
    """Wait until the server has taken the connections: the next one is refused."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.create_connection(("127.0.0.1", witness.port), timeout=20) as channel:
            channel.settimeout(0.05)
            try:
                if channel.recv(1) == b"":
                    return
            except TimeoutError:
                continue
            except ConnectionResetError:
                return
    pytest.fail(f"{len(idle)} connections were never all taken")


def test_no_address_of_a_client_is_told(witness: Served) -> None:
    witness.post(b"nonsense")
    assert witness.told == ["cosigned, size 7", "malformed, size 0"]


# ------------------------------------------------------------------------------------ at once


def test_of_parallel_submissions_each_is_whole_and_the_record_only_grows(witness: Served) -> None:
    sizes = list(range(8, 40))

    def send(size: int) -> int:
        for old in range(7, size + 1):
            status, _, said = witness.post(body(old, size))
            if status == 200:
                return size
            assert status == 409
            if int(said) > size:
                return 0
        return 0

    with ThreadPoolExecutor(16) as pool:
        done = list(pool.map(send, sizes))
    assert recorded(witness) == max(done) == 39
    answered = [int(line.rpartition(" ")[2]) for line in witness.told if line.startswith("cosigned")]
    assert answered == sorted(answered)


def test_the_same_submission_many_times_at_once_is_recorded_once(witness: Served) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = Counter(pool.map(lambda _: witness.post(body(7, 20))[0], range(32)))
    assert found[200] >= 1
    assert found[200] + found[409] == 32
    assert recorded(witness) == 20


def test_two_histories_at_once_cannot_both_be_cosigned(witness: Served) -> None:
    with ThreadPoolExecutor(16) as pool:
        both = [body(7, 20), Submission(7, (), signed(20, FORK)).text.encode()]
        found = list(pool.map(lambda at: witness.post(both[at % 2])[0], range(20)))
    assert 200 in found[0::2]
    assert 200 not in found[1::2]


# ------------------------------------------------------------------------------------ death and disks


def test_a_witness_killed_between_record_and_answer_answers_the_next_time(tmp_path: Path) -> None:
    key = make_key(tmp_path / "w.key", "w")
    make_state(tmp_path / "w.state", key)
    arguments = (tmp_path / "w.key", tmp_path / "w.state", LOG.verifier.vkey)
    dying = command("tests.store.witnessing", *arguments)
    with subprocess.Popen(dying, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        replies = WebCosigners((WitnessAddress(key.verifier, url),)).submit({key.verifier: submission(0, 9)})
        assert replies == {key.verifier: Reply(None)}
    assert process.returncode == -9
    with serving(tmp_path, "w", LOG.verifier) as again:
        assert recorded(again) == 9
        assert again.post(body(0, 9)) == (409, "text/x.tlog.size", b"9\n")
        assert again.post(body(9, 9))[0] == 200
        assert again.post(body(9, 9, FORK))[0] == 409


def test_without_a_record_there_is_no_cosignature(witness: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("habeas.adapters.files.os.fsync", _full)
        status, _, said = witness.post(body(7, 20))
    assert status == 503
    assert b"\xe2\x80\x94" not in said
    assert recorded(witness) == 7
    assert witness.post(body(7, 20))[0] == 200


def _full(_: int) -> None:
    raise OSError(28, "no space")


def test_the_state_is_what_its_schema_says(witness: Served) -> None:
    schema = json.loads((ROOT / "schemas" / "habeas.witness-state.v1.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(witness.state.read_bytes()))
    assert stat.S_IMODE(witness.state.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"nonsense",
        b"\xff",
        b'{"schema":"habeas.witness-state.v1","key":"","checkpoints":3}',
    ],
)
def test_a_damaged_memory_is_refused(tmp_path: Path, data: bytes) -> None:
    key = make_key(tmp_path / "key", "w")
    (tmp_path / "state").write_bytes(data)
    with pytest.raises(BadInput) as error:
        open_state(tmp_path / "state", key.verifier)
    assert error.value.problems[0].code == "witness.state.malformed"


def test_a_witness_without_its_memory_does_not_start(tmp_path: Path) -> None:
    key = make_key(tmp_path / "key", "w")
    with pytest.raises(BadInput) as error:
        open_state(tmp_path / "state", key.verifier)
    assert error.value.problems[0].code == "witness.state.missing"


def test_the_memory_of_another_witness_is_refused(tmp_path: Path) -> None:
    make_state(tmp_path / "state", make_key(tmp_path / "a", "a"))
    with pytest.raises(BadInput) as error:
        open_state(tmp_path / "state", make_key(tmp_path / "b", "a").verifier)
    assert error.value.problems[0].code == "witness.state.other_key"


def test_keys_and_memories_are_never_overwritten(tmp_path: Path) -> None:
    key = make_key(tmp_path / "key", "w")
    make_state(tmp_path / "state", key)
    before = (tmp_path / "key").read_bytes(), (tmp_path / "state").read_bytes()
    for again in (lambda: make_key(tmp_path / "key", "w"), lambda: make_state(tmp_path / "state", key)):
        with pytest.raises(BadInput):
            again()
    assert before == ((tmp_path / "key").read_bytes(), (tmp_path / "state").read_bytes())
    assert read_key(tmp_path / "key") == key


def test_one_process_at_a_time_has_the_memory(tmp_path: Path) -> None:
    with (
        sole(tmp_path / "lock", "witness.state.held"),
        pytest.raises(BadInput) as error,
        sole(tmp_path / "lock", "witness.state.held"),
    ):
        pytest.fail("two had it")
    assert error.value.problems[0].code == "witness.state.held"


def test_a_killed_write_leaves_the_old_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_key(tmp_path / "key", "w")
    make_state(tmp_path / "state", key)
    state = open_state(tmp_path / "state", key.verifier)
    state.keep(ORIGIN, signed(7))
    for name in ("os.open", "os.fsync", "Path.replace"):
        target = Path if name == "Path.replace" else "habeas.adapters.files."
        with monkeypatch.context() as patch:
            if isinstance(target, str):
                patch.setattr(f"{target}{name}", _full)
            else:
                patch.setattr(Path, "replace", lambda *_: _full(0))
            with pytest.raises((BadInput, TypeError)):
                state.keep(ORIGIN, signed(20))
        assert state.latest(ORIGIN) == signed(7)
        assert open_state(tmp_path / "state", key.verifier).notes == {ORIGIN: signed(7)}


def test_an_address_that_cannot_be_used_is_bad_input(tmp_path: Path) -> None:
    with serving(tmp_path, "w", LOG.verifier) as served:
        for host, port in (("127.0.0.1", served.port), ("192.0.2.1", 0), ("127.0.0.1", 70_000)):
            with pytest.raises(BadInput) as error:
                witness_http.WitnessServer(None, host, port, served.told.append)  # type: ignore[arg-type]  # never used
            assert error.value.problems[0].code == "witness.address.unusable"


# ------------------------------------------------------------------------------------ the client


def answering(*answers: bytes) -> Iterator[str]:
    """A server that gives each connection the next answer and closes it; its URL."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run() -> None:
            for answer in answers:
                channel, _ = server.accept()
                with channel:
                    channel.recv(65_536)
                    channel.sendall(answer)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join(20)


def http(status: str, *headers: str, data: bytes = b"") -> bytes:
    return request(f"HTTP/1.1 {status}", f"Content-Length: {len(data)}", *headers, data=data)


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        (http("409 Conflict", "Content-Type: text/x.tlog.size", data=b"12\n"), Reply(Ruling.CONFLICT, 12)),
        (http("409 Conflict", data=b"12\n"), Reply(None)),
        (http("409 Conflict", "Content-Type: text/x.tlog.size", data=b"012\n"), Reply(None)),
        (http("409 Conflict", "Content-Type: text/x.tlog.size", data=b"9" * 30), Reply(None)),
        (http("200 OK", data=b"line\n"), Reply(Ruling.COSIGNED, lines="line\n")),
        (http("200 OK", data=b"\xff"), Reply(Ruling.COSIGNED, lines="\ufffd")),
        (http("404 Not Found"), Reply(Ruling.UNKNOWN_LOG)),
        (http("403 Forbidden"), Reply(Ruling.UNSIGNED)),
        (http("422 Unprocessable"), Reply(Ruling.UNPROVED)),
        (http("302 Found", "Location: http://127.0.0.1:1/"), Reply(None)),
        (http("500 Internal"), Reply(None)),
        (b"nonsense\r\n\r\n", Reply(None)),
        (b"", Reply(None)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", Reply(None)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", Reply(Ruling.COSIGNED)),
    ],
)
def test_an_answer_becomes_a_reply_whatever_it_is(answer: bytes, reply: Reply) -> None:
    key = k.SignerKey("w.example", k.SignatureType.COSIGNATURE, b"\x04" * 32).verifier
    for url in answering(answer):
        replies = WebCosigners((WitnessAddress(key, url),)).submit({key: submission(0, 7)})
        assert replies == {key: reply}


def test_a_witness_that_hangs_holds_nobody_up(tmp_path: Path) -> None:
    hanging = k.SignerKey("slow.example", k.SignatureType.COSIGNATURE, b"\x04" * 32).verifier
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        serving(tmp_path, "w", LOG.verifier) as served,
    ):
        slow = WitnessAddress(hanging, f"http://127.0.0.1:{silent.getsockname()[1]}")
        cosigners = WebCosigners((slow, WitnessAddress(served.key, served.url)), seconds=0.3)
        replies = cosigners.submit({hanging: submission(0, 7), served.key: submission(0, 7)})
    assert replies[hanging] == Reply(None)
    assert replies[served.key].ruling is Ruling.COSIGNED


def test_a_server_that_dribbles_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def dribble() -> None:
            channel, _ = server.accept()
            with channel:
                channel.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                while not stop.wait(0.01):
                    try:
                        channel.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=dribble, daemon=True)
        thread.start()
        asked = Server(f"http://127.0.0.1:{server.getsockname()[1]}", seconds=0.3)
        with pytest.raises(BadInput) as error:
            asked.get("checkpoint", 10**9)
        stop.set()
        thread.join(20)
    assert error.value.problems[0].code == "web.server.unreachable"


# ------------------------------------------------------------------------------------ the configuration


VKEY = k.SignerKey("w.example", k.SignatureType.COSIGNATURE, b"\x04" * 32).verifier.vkey
SECOND = k.SignerKey("v.example", k.SignatureType.COSIGNATURE, b"\x05" * 32).verifier.vkey
TWO = [{"url": "https://w.example/habeas", "vkey": VKEY}, {"url": "http://v.example:8431", "vkey": SECOND}]


def test_witnesses_and_quorum_are_read() -> None:
    addresses, quorum = read_witnesses(TWO, 1)
    assert [(a.key.vkey, a.url) for a in addresses] == [(t["vkey"], t["url"]) for t in TWO]
    assert quorum == 1
    assert read_witnesses(TWO, None)[1] == 2
    assert read_witnesses(TWO[:1], None)[1] == 1
    assert read_witnesses([], None) == ((), 0)


@pytest.mark.parametrize(
    ("tables", "quorum", "code", "place"),
    [
        (TWO, 0, "ledger.trust.quorum_unreachable", "config.toml: ledger.quorum"),
        (TWO, 3, "ledger.trust.quorum_unreachable", "config.toml: ledger.quorum"),
        ([], 1, "ledger.trust.quorum_unreachable", "config.toml: ledger.quorum"),
        ([TWO[0], TWO[0]], 1, "config.value.twice", "config.toml: witness.vkey"),
        ([{"url": "https://w.example"}], 1, "config.key.missing", "config.toml: witness[1].vkey"),
        ([TWO[0] | {"x": 1}], 1, "config.key.unknown", "config.toml: witness[1]"),
        ([TWO[0] | {"url": 1}], 1, "config.value.wrong_type", "config.toml: witness[1].url"),
        ([TWO[0] | {"url": "ftp://w.example"}], 1, "web.address.malformed", "config.toml: witness[1]"),
        ([TWO[0] | {"url": "https://a:b@w.example"}], 1, "web.address.malformed", "config.toml: witness[1]"),
        ([TWO[0] | {"url": "https://w.example/?x"}], 1, "web.address.malformed", "config.toml: witness[1]"),
        ([TWO[0] | {"url": "http://w.example:x"}], 1, "web.address.malformed", "config.toml: witness[1]"),
        ([TWO[0] | {"vkey": "x"}], 1, "ledger.key.malformed", "config.toml: witness[1]"),
        (
            [TWO[0] | {"vkey": LOG.verifier.vkey}],
            1,
            "witness.key.wrong_type",
            "config.toml: witness[1].vkey",
        ),
    ],
)
def test_a_wrong_witness_is_named_with_its_place(
    tables: list[dict[str, Any]], quorum: int, code: str, place: str
) -> None:
    with pytest.raises(BadInput) as error:
        read_witnesses(tables, quorum)
    assert [(p.code, p.place) for p in error.value.problems] == [(code, place)]


def test_the_state_file_is_the_register() -> None:
    assert {"latest", "keep", "keep_evidence"} <= set(dir(StateFile))
