"""`habeas demo` as a visitor has it: it serves, its logins work, a second start keeps them."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from habeas.cli.demo_console import LOGINS, MARK, OPEN_WORK, open_console
from habeas.cli.main import run
from habeas.kernel.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSWORD: Final = "show-the-writ"
WAIT_SECONDS: Final = 120


class Visitor:
    """A browser without pictures."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({})
        )

    def get(self, path: str, data: bytes | None = None) -> str:
        with self.opener.open(self.address + path, data, timeout=WAIT_SECONDS) as answer:
            return str(answer.read().decode())

    def sign_in(self, person: str) -> str:
        """The page that signing in leads to."""
        form = self.get("/account/login/")
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[0]
        given = {"csrfmiddlewaretoken": token, "login": person, "password": PASSWORD}
        return self.get("/account/login/", urllib.parse.urlencode(given).encode())


@contextmanager
def demonstration(home: Path, port: int) -> Iterator[list[str]]:
    """A served demonstration and what it said until it served; ended by Ctrl-C, well."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HABEAS_", "DJANGO_"))}
    program = subprocess.Popen(
        [sys.executable, "-m", "habeas.cli.main", "demo", "--port", str(port)],
        env={**kept, "HABEAS_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout
    try:
        said = []
        for line in program.stdout:
            said.append(line)
            if line.startswith("    3. "):
                break
        until_alive(port, program)
        yield said
        program.send_signal(signal.SIGINT)
        assert program.wait(WAIT_SECONDS) == 0
    finally:
        program.kill()
        program.wait()
        program.stdout.close()


def until_alive(port: int, program: subprocess.Popen[str]) -> None:
    """Until the console answers; at most as long as a busy machine may take."""
    for _ in range(WAIT_SECONDS * 10):
        assert program.poll() is None, "it ended"
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.1)
    raise AssertionError("nobody listens")


def cases(home: Path) -> set[str]:
    with sqlite3.connect(home / "demo" / "habeas.sqlite3") as database:
        return {row[0] for row in database.execute("select request_ref from case_row")}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_it_serves_with_logins_that_work_and_a_second_start_keeps(tmp_path: Path) -> None:
    port = free_port()
    with demonstration(tmp_path, port) as said:
        text = "".join(said)
        assert f"http://127.0.0.1:{port} " in text
        assert f"Password: {PASSWORD}" in text
        assert all(f"    {person} " in text for person in LOGINS)
        page = Visitor(port).sign_in("m.reyes")
        assert "M. Reyes" in page
        assert 'class="i-ref"' in page  # there is open work
        second = Visitor(port).sign_in("t.abara")
        assert "T. Abara" not in second  # a password alone is not enough for whoever releases
        assert re.search(r"\b[0-9]{6}\b", second)  # and the demonstration shows the code
        with pytest.raises(urllib.error.HTTPError) as wrong:
            Visitor(port).get("/inbox/%00")
        assert wrong.value.code == 404
        wrong.value.close()
    first = cases(tmp_path)
    with demonstration(tmp_path, port):
        assert "M. Reyes" in Visitor(port).sign_in("m.reyes")
    assert cases(tmp_path) == first


def test_a_home_that_is_no_demonstration_is_never_touched(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "demo").mkdir()
    (home / "demo" / "habeas.sqlite3").write_bytes(b"somebody's own")
    for words in (["demo"], ["demo", "--no-serve", "--reset"]):
        assert run(words) == 2
        assert "demo.home.not_demonstration" in capsys.readouterr().err
    assert [p.name for p in (home / "demo").iterdir()] == ["habeas.sqlite3"]


def test_sample_logins_are_made_in_a_marked_home_only(tmp_path: Path) -> None:
    class Elsewhere:
        """A desk whose home nobody marked."""

        class environment:  # noqa: N801 - as a desk has it
            home = tmp_path

    with pytest.raises(BadInput) as refused:
        open_console(Elsewhere(), None, 1, print)  # type: ignore[arg-type] # it is refused before either is used
    assert refused.value.problems[0].code == "demo.home.not_demonstration"
    assert not (tmp_path / OPEN_WORK).exists()
    assert not (tmp_path / MARK).exists()
