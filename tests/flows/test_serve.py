"""`habeas serve` as an operator has it: the real processes, ended and killed in every way."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from habeas.adapters.beats import Beat, Beats
from habeas.adapters.halt_file import HaltFile
from habeas.usecases.advance import Halted
from tests import databases
from tests.databases import tamper
from tests.flows.processes import WAIT_SECONDS, Program, kill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

APPLICATIONS = Path(__file__).with_name("applications")
SERVER = (
    "from habeas.console.server import *; import sys; run(Address(port=int(sys.argv[1])), 60, sys.argv[2])"
)
GUARD = "if __name__ == '__main__': "
CHILDREN = ("console", "worker", "sequencer")
MARK: Final = "Ontiveros"
"""A name that must not get into the log."""


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        found: int = one.getsockname()[1]
    return found


def environ_of(home: Path) -> dict[str, str]:
    """What a program of this home is started with."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HABEAS_", "DJANGO_"))}
    return {**kept, "HABEAS_HOME": str(home), "PYTHONPATH": str(APPLICATIONS)}


@pytest.fixture(scope="session")
def gathered_office(model_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose static files are gathered, as after a first start; never used itself."""
    home = tmp_path_factory.mktemp("gathered") / "home"
    databases.copy_home(model_office, home)
    command = [sys.executable, "-m", "habeas.cli.supervised", "prepare"]
    subprocess.run(command, env=environ_of(home), cwd=home, check=True)
    return home


@pytest.fixture
def environ(tmp_path: Path, gathered_office: Path) -> Iterator[Mapping[str, str]]:
    """What a program is started with: a home of its own."""
    databases.copy_home(gathered_office, tmp_path / "home")
    yield environ_of(tmp_path / "home")
    databases.close_home(tmp_path / "home")


@pytest.fixture
def serve(environ: Mapping[str, str], port: int, tmp_path: Path) -> Iterator[Callable[[], Program]]:
    """Starts `habeas serve`; what it started is gone afterwards."""
    running: list[Program] = []

    def start() -> Program:
        command = [sys.executable, "-m", "habeas.cli.main", "serve", "--port", str(port)]
        running.append(Program(command, stream="stderr", environ=environ, cwd=tmp_path))
        return running[-1]

    yield start
    for program in running:
        program.end()


def ask(port: int, path: str, **how: Any) -> tuple[int, bytes]:
    """Status and body of an answer; tried again until the server listens."""
    method = how.pop("method", "GET")
    for _ in range(WAIT_SECONDS * 10):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_SECONDS)
        try:
            connection.request(method, path, **how)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (ConnectionError, http.client.HTTPException):
            pause()
        finally:
            connection.close()
    raise AssertionError(f"nobody answers {path}")


def pause() -> None:
    """A tenth of a second, between two questions to a program that says nothing by itself."""
    threading.Event().wait(0.1)


def refuses(port: int) -> bool:
    """Whether nobody listens."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) != 0


def processes_with(environ: Mapping[str, str]) -> list[str]:
    """The commands of running processes that were given this home."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            given = (folder / "environ").read_bytes().split(b"\0")
            if f"HABEAS_HOME={environ['HABEAS_HOME']}".encode() in given:
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # it ended, or is not ours
    return found


def ready(port: int, **wanted: str) -> dict[str, Any]:
    """What `/readyz` says, once it says this."""
    told: dict[str, Any] = {}
    for _ in range(WAIT_SECONDS * 10):
        status, body = ask(port, "/readyz")
        told = {"http": status, **json.loads(body)}
        if wanted.items() <= told.items():
            return told
        pause()
    raise AssertionError(told)


def test_every_killed_process_is_started_again_and_none_is_left_in_the_end(
    serve: Callable[[], Program], environ: Mapping[str, str], port: int
) -> None:
    program = serve()
    pids = {name: program.until("child.started", child=name)["pid"] for name in CHILDREN}
    assert ready(port, status="ready")["http"] == 200
    for name, pid in pids.items():
        kill(pid)
        assert program.until("child.started", child=name)["pid"] != pid
    assert ready(port, status="ready")["http"] == 200
    assert len(processes_with(environ)) > len(CHILDREN)
    program.ask_to_end()
    assert program.ended() == 0
    assert processes_with(environ) == []
    ends = [
        one for line in program.text().splitlines() if (one := json.loads(line))["event"] == "child.ended"
    ]
    assert [one["exit_code"] for one in ends[-len(CHILDREN) :]] == [0] * len(CHILDREN)


def test_nothing_is_left_when_serve_itself_is_killed(
    serve: Callable[[], Program], environ: Mapping[str, str], port: int
) -> None:
    program = serve()
    ready(port, status="ready")
    kill(program.process.pid)
    program.ended()
    for _ in range(WAIT_SECONDS * 10):
        if not processes_with(environ):
            break
        pause()
    assert processes_with(environ) == []
    assert refuses(port)


def test_a_halted_ledger_leaves_the_console_up_and_is_told(
    serve: Callable[[], Program], environ: Mapping[str, str], port: int
) -> None:
    halt = HaltFile(Path(environ["HABEAS_HOME"]))
    halt.set(Halted("ledger.witness.ahead", "a witness has more", "2020-09-14T00:00:00Z"))
    program = serve()
    assert program.until("child.held", child="sequencer")["exit_code"] == 3
    told = ready(port, worker="waiting")
    assert (told["http"], told["status"], told["sequencer"]) == (200, "degraded", "halted")
    halt.lift()
    program.until("child.started", child="sequencer")
    assert ready(port, status="ready")["sequencer"] in ("waiting", "working")


def test_a_port_that_is_taken_is_told_before_anything_starts(serve: Callable[[], Program], port: int) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        program = serve()
        assert program.ended() == 2
    assert program.text().rstrip().endswith("[serve.address.taken]")


def test_an_address_of_another_machine_is_refused(environ: Mapping[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "habeas.cli.main", "serve", "--host", "192.0.2.7"]
    done = subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "[serve.address.unusable]" in done.stderr) == (2, True)


def test_a_home_is_served_once(serve: Callable[[], Program], port: int) -> None:
    first = serve()
    first.until("serve.started")
    second = serve()
    assert second.ended() == 2
    assert "[serve.home.served]" in second.text()
    assert ready(port, status="ready")


def test_a_home_that_cannot_be_served_is_told_once_and_nothing_starts(
    serve: Callable[[], Program], environ: Mapping[str, str]
) -> None:
    newer = "INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_later', '2030-01-01')"
    tamper(Path(environ["HABEAS_HOME"]), "default", newer)
    program = serve()
    assert program.ended() == 2
    assert program.text().count("[store.home.newer]") == 1
    assert "child.started" not in program.text()


@pytest.fixture
def server(environ: Mapping[str, str], port: int, tmp_path: Path) -> Iterator[Callable[[str], Program]]:
    """Starts the web server alone, with an application of these tests."""
    pipes = {name: tmp_path / name.lower() for name in ("BEGUN", "GO_ON")}
    for path in pipes.values():
        os.mkfifo(path)
    environ = {**environ, **{name: str(path) for name, path in pipes.items()}}
    script = tmp_path / "server.py"
    script.write_text(f"{GUARD}{SERVER}\n", encoding="ascii")
    running: list[Program] = []

    def start(application: str) -> Program:
        command = [sys.executable, str(script), str(port), application]
        running.append(Program(command, stream="stderr", environ=environ, cwd=tmp_path))
        return running[-1]

    yield start
    for program in running:
        if program.process.poll() is None:
            program.process.send_signal(signal.SIGTERM)
            program.process.wait(WAIT_SECONDS)
        program.end()


def test_a_request_that_was_begun_is_answered_before_the_server_ends(
    server: Callable[[str], Program], port: int, tmp_path: Path
) -> None:
    program = server("slow:application")
    answers: list[tuple[int, bytes]] = []
    asking = threading.Thread(target=lambda: answers.append(ask(port, "/slow")))
    asking.start()
    assert (tmp_path / "begun").read_text(encoding="ascii") == "."
    program.ask_to_end()
    while not refuses(port):
        pause()
    (tmp_path / "go_on").write_text("", encoding="ascii")
    asking.join(WAIT_SECONDS)
    assert [status for status, _ in answers] == [200]
    assert program.ended() == 0


def test_whoever_sends_slowly_stops_nobody_else(server: Callable[[str], Program], port: int) -> None:
    server("marked:application")
    assert ask(port, "/healthz")[0] == 200
    with socket.create_connection(("127.0.0.1", port)) as slow:
        head = f"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 9\r\n\r\n"
        slow.sendall(head.encode() + b"half")
        assert ask(port, "/healthz")[0] == 200
        slow.sendall(b"whole")
        assert slow.recv(100).startswith(b"HTTP/1.1 403")


def test_a_killed_worker_of_the_server_is_replaced(server: Callable[[str], Program], port: int) -> None:
    server("slow:application")
    _, first = ask(port, "/")
    kill(int(first))
    while (again := ask(port, "/")[1]) == first:
        pause()
    assert int(again) != int(first)


def test_no_personal_data_gets_into_the_log_however_it_was_sent(
    server: Callable[[str], Program], port: int
) -> None:
    program = server("marked:application")
    body = f"name={MARK}"
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": MARK,
        "Referer": f"http://127.0.0.1/{MARK}",
        "Cookie": f"habeas_csrf={MARK}; habeas_session={MARK}",
        "X-Forwarded-For": MARK,
        "X-Request-ID": MARK,
    }
    sent = [
        ask(port, f"/{path}{MARK}?q={MARK}", method=method, body=body, headers=headers)[0]
        for path in ("", "fails/", "chatters/", "account/login/", "static/")
        for method in ("GET", "POST", "DELETE", MARK.upper())
    ]
    sent.append(ask(port, "/", headers={"Host": f"{MARK}.example"})[0])
    sent.append(ask(port, "/healthz")[0])
    assert {200, 400, 403, 404, 500} <= set(sent)
    program.ask_to_end()
    program.ended()
    said = program.text()
    assert MARK.lower() not in said.lower()
    lines = [json.loads(line) for line in said.splitlines()]
    assert {"fails", "chatters", "health.alive", "none"} <= {one.get("route") for one in lines}
    (error, *_) = [one for one in lines if one.get("logger") == "django.request"]
    assert (error["error"], error["causes"]) == ("builtins.ValueError", ["builtins.KeyError"])
    assert any(frame.endswith("in fails") for frame in error["frames"])
    assert error["request_id"] in {one["request_id"] for one in lines if one.get("route") == "fails"}
    assert {one["logger"] for one in lines if one.get("event") == "library"} >= {"some.library"}


def test_a_process_that_is_not_heard_of_is_told_and_the_console_stays_ready(
    environ: Mapping[str, str],
) -> None:
    from habeas.console import health

    home = Path(environ["HABEAS_HOME"])
    assert health.worker(home) == "silent"
    beats = Beats(home, "worker")
    for word, age, wanted in (
        (Beat.WAITING, 0, "waiting"),
        (Beat.WAITING, 31, "silent"),
        (Beat.WORKING, 31, "working"),
        (Beat.WORKING, 901, "stuck"),
        (Beat.UNHEARD, 0, "unheard"),
    ):
        beats.beat(word)
        then = beats.path.stat().st_mtime - age
        os.utime(beats.path, (then, then))
        assert health.worker(home) == wanted
    beats.path.write_bytes(b"\xff")
    assert health.worker(home) == "silent"
