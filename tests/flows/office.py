"""An invented office that works by the command line: a home, a clock, and what each command said.

Commands run in this process (`Office.run`), under a clock that stands where it is put, so that the law of
the day is always the same; or as a stranger would (`alone`), in a process without a home.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.kernel.canonical import decode
from habeas.kernel.clock import SetClock
from tests.core.usecases.papers import drawn, mail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.usecases.ports import Arrival
    from habeas.wiring import Desk

ROOT: Final = Path(__file__).resolve().parents[2]
AT: Final = datetime(2020, 9, 14, 15, 30, tzinfo=UTC)
AFTER_THE_PERIOD: Final = datetime(2020, 10, 30, 18, 0, tzinfo=UTC)
PERIOD: Final = ("us-co-2020", "--from", "2020-06-20", "--to", "2020-10-15")

CONFIG: Final = """\
[ledger]
origin = "ledger.example/flows"

[[custodian]]
id = "labor"
name = "Department of Labor"
kind = "state_agency"
jurisdiction = "us-co"
zone = "America/Denver"
counsel = "(303) 555-0149"
[[custodian.unit]]
id = "records"
name = "Records Desk"
mailboxes = ["records@labor.example"]
[[custodian.system]]
id = "employers"
name = "Employer accounts"
category = "employment"
[[custodian.system]]
id = "wages"
name = "Wage records"
category = "ui_wage"

[[custodian]]
id = "revenue"
name = "Department of Revenue"
kind = "motor_vehicle_agency"
jurisdiction = "us-co"
zone = "America/Denver"
[[custodian.unit]]
id = "vehicles"
name = "Vehicle Desk"

[[person]]
id = "c.clerk"
name = "Cam Clerk"
roles = ["clerk"]
custodian = "labor"
[[person]]
id = "r.doe"
name = "Robin Doe"
roles = ["clerk", "reviewer"]
custodian = "labor"
[[person]]
id = "k.roe"
name = "Kim Roe"
roles = ["approver"]
custodian = "labor"
[[person]]
id = "l.poe"
name = "Lee Poe"
roles = ["counsel"]
custodian = "labor"
"""

CRIMINAL: Final = ("criminal_investigation=yes", "immigration_purpose=none")
"""Corrections under which the guidance of 2020 permits."""

SUBJECT: Final = "Marisela Ontiveros Pruitt"
"""Whom the sample Form I-138 names."""

ASKED: Final = f"We request wage records of {SUBJECT} in support of an active criminal investigation."


def a_mail(text: str = ASKED, kind: str = "i138") -> bytes:
    """An e-mail with a paper ("" for none), to the desk of `labor`."""
    return mail(text, *([drawn(kind)] if kind else []), to="records@labor.example")


@attrs.frozen
class Said:
    """What a command left: its exit code, its standard output and error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on the one line of standard output."""
        assert self.out.endswith("\n"), self
        assert self.out.count("\n") == 1, self
        return decode(self.out.encode())

    @property
    def codes(self) -> list[str]:
        """The codes of the problems on standard error."""
        return [line.rpartition("[")[2].rstrip("]") for line in self.err.splitlines()]


@attrs.define
class Office:
    """A home and its clock."""

    home: Path
    clock: SetClock
    inbox: Path

    def run(self, *words: object) -> Said:
        """A command line of this home, in this process."""
        from habeas.cli.main import run

        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run([str(word) for word in words])
            out.flush()
        return Said(code, out.buffer.getvalue().decode(), err.getvalue())

    def ok(self, *words: object) -> Said:
        """A command line that has to succeed."""
        said = self.run(*words)
        assert said.code == 0, (words, said)
        return said

    def file(self, name: str, data: bytes) -> Path:
        """A file that somebody sends."""
        path = self.inbox / name
        path.write_bytes(data)
        return path

    def take(self, name: str, data: bytes, *words: object) -> Any:
        """Take a file in; what was said of it."""
        (found,) = self.run("intake", self.file(name, data), *words, "--json").json
        return found

    def opened(self, data: bytes | None = None) -> str:
        """A request that was taken in and read; its reference."""
        taken = self.take("request.eml", data or a_mail())
        assert taken["state"] == "case", taken
        return str(taken["request"])

    def decided(self, outcome: str, *words: object) -> str:
        """A request whose facts were confirmed and whose items were decided alike."""
        ref = self.opened()
        facts = [word for fact in CRIMINAL for word in ("--set", fact)]
        self.ok("case", "confirm", ref, "--as", "r.doe", *facts)
        self.ok(
            "case", "determine", ref, "--as", "r.doe", "--outcome", outcome, "--reason", "ground i", *words
        )
        return ref

    def answered(self, outcome: str) -> str:
        """A request that went the whole way."""
        ref = self.decided(outcome)
        if outcome == "release":
            package = self.file("package.csv", b"quarter,employer\n")
            self.ok("case", "approve", ref, "--as", "k.roe")
            self.ok("case", "disclose", ref, "--as", "c.clerk", "--package", package, "--field", "employer")
        self.ok("case", "answer", ref, "--as", "c.clerk")
        return ref

    def desk(self) -> Desk:
        """The home, opened."""
        from habeas.wiring import open_desk

        return open_desk()

    def arrivals(self) -> Iterator[Arrival]:
        """Everything that ever came in."""
        from habeas.usecases.ports import ArrivalState

        ports = self.desk().ports
        for state in ArrivalState:
            yield from ports.arrivals.in_state(state)

    def kept(self) -> list[bytes]:
        """The bytes of everything that ever came in."""
        blobs = self.desk().ports.blobs
        return [blobs.get(arrival.blob, arrival.case_id) for arrival in self.arrivals()]

    def findings(self) -> set[str]:
        """The codes of what the doctor finds; never anything grave."""
        said = self.run("admin", "doctor", "--json")
        assert said.code <= 1, said
        return {found["code"] for found in said.json}


def alone(*words: object, cwd: Path) -> Said:
    """A command line in a process of its own that has no home."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("HABEAS_")}
    command = [sys.executable, "-m", "habeas.cli.main", *map(str, words)]
    done = subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, check=False)
    return Said(done.returncode, done.stdout, done.stderr)
