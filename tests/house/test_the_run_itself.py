"""The test run's own promises: sockets closed, skips forbidden where asked, dev.py true to its word."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

import dev

ROOT = Path(__file__).resolve().parents[2]


def run_suite(tmp_path: Path, body: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """A pytest run of its own, with our conftest beside one test file."""
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"))
    (tmp_path / "test_it.py").write_text("import pytest\n" + textwrap.dedent(body))
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "HABEAS_"))
    }
    environment["PYTHONPATH"] = str(ROOT)  # the conftest asks its neighbours
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    return subprocess.run(
        command, cwd=tmp_path, env={**environment, **extra}, capture_output=True, text=True, check=False
    )


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_a_test_cannot_leave_this_machine() -> None:
    with socket.socket() as channel, pytest.raises(SocketConnectBlockedError):
        channel.connect(("192.0.2.1", 9))


def test_a_test_can_reach_a_server_on_this_machine() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


def test_a_skip_of_any_kind_fails_the_run_where_skips_are_forbidden(tmp_path: Path) -> None:
    (tmp_path / "test_none.py").write_text(
        "import pytest\npytest.skip('all of it', allow_module_level=True)\n"
    )
    body = """
        def test_called(): pytest.skip('not here')
        @pytest.mark.skip(reason='later')
        def test_marked(): ...
        def test_run(): ...
    """
    forbidden = run_suite(tmp_path, body, HABEAS_FORBID_SKIPS="1")
    assert forbidden.returncode == pytest.ExitCode.TESTS_FAILED
    named = forbidden.stdout.partition("skipped, which is forbidden here")[2]
    for name in ("test_none.py", "test_it.py::test_called", "test_it.py::test_marked"):
        assert name in named
    assert "test_run" not in named


def test_a_skip_in_a_spread_run_fails_it_too(tmp_path: Path) -> None:
    body = "def test_it():\n    pytest.skip('not here')\n"
    spread = run_suite(tmp_path, body, HABEAS_FORBID_SKIPS="1", PYTEST_ADDOPTS="-n 1")
    assert spread.returncode == pytest.ExitCode.TESTS_FAILED


def test_a_run_without_skips_passes_where_skips_are_forbidden(tmp_path: Path) -> None:
    body = "@pytest.mark.xfail(reason='known', strict=True)\ndef test_it(): assert False\ndef test_b(): ...\n"
    assert run_suite(tmp_path, body, HABEAS_FORBID_SKIPS="1").returncode == pytest.ExitCode.OK


def test_every_command_of_the_makefile_is_one_of_dev_py() -> None:
    line = next(row for row in (ROOT / "Makefile").read_text().splitlines() if row.startswith("COMMANDS"))
    assert set(line.partition(":=")[2].split()) == set(dev.COMMANDS)


def test_the_installer_is_taken_by_its_hashes() -> None:
    entry = dev.locked_entry("uv").splitlines()
    assert entry[0].startswith("uv==")
    assert len(entry) > 1
    assert all("--hash=sha256:" in line for line in entry[1:])


def test_a_lock_that_says_where_a_package_comes_from_is_refused(tmp_path: Path) -> None:
    for line in ("--find-links /somewhere", "a @ https://example.org/a.whl", "--index-url x"):
        lock = tmp_path / "a.lock"
        lock.write_text(f"{line}\n")
        with pytest.raises(dev.Failure):
            dev.refuse_addresses(lock)


def test_a_higher_level_covers_a_lower_one() -> None:
    assert dev.wanted_stamp("runtime").items() <= dev.wanted_stamp("heavy").items()
    assert dev.installed_level(dev.wanted_stamp("dev")) == "dev"


def test_an_interpreter_that_does_not_start_is_not_usable(tmp_path: Path) -> None:
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    assert not dev.usable(str(shim), needs_pip=False)
    assert not dev.usable(str(tmp_path / "absent"), needs_pip=False)
    assert dev.usable(sys.executable, needs_pip=False)
