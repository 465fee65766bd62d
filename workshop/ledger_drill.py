"""The restore drill of docs/runbooks/ledger.md, end to end: `python -m workshop.ledger_drill [FOLDER]`.

Makes a home, three witnesses and a mirror in a folder of its own; backs up; logs more, which witnesses
cosign and the mirror gets; loses the home and restores the old backup. Then the sequencer must refuse to
sign, must go on refusing, and must go on after `habeas ledger resume`; receipts from before the loss must
still verify. Every step says what it does; the first that does not end as it must ends the drill.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from habeas.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = """\
[ledger]
origin = "ledger.labor.example/drill"

[[custodian]]
id = "labor"
name = "Department of Labor"
kind = "unemployment_agency"
jurisdiction = "us-co"
zone = "America/Denver"

[[custodian.unit]]
id = "ui-fraud"
name = "Unemployment Insurance Fraud Unit"
mailboxes = ["ui-fraud@labor.example"]
"""

WITNESS = """
[[witness]]
url = "{url}"
vkey = "{vkey}"
"""

MAIL = """\
From: officer@agency.example
To: ui-fraud@labor.example
Subject: Records, please
Date: Mon, 14 Sep 2020 09:30:00 -0600
Message-ID: <{number}@agency.example>

Please send the wage records of one person. This is message {number} of a drill.
"""

NAMES = ("court.example/clerk", "university.example/library", "newspaper.example/desk")


class DrillError(Exception):
    """A step did not end as it must."""


def say(line: str) -> None:
    """What is being done."""
    print(line, flush=True)


def habeas(*words: object, ends: int = 0) -> Any:  # noqa: ANN401 - whatever the command says
    """Run a command with `--json` (except where it always answers so); its document."""
    arguments = [str(word) for word in words]
    out = io.StringIO()
    shown = arguments if arguments[:2] == ["ledger", "prove"] else [*arguments, "--json"]
    with contextlib.redirect_stdout(out):
        code = run(shown)
    say(f"  $ habeas {' '.join(arguments)}    → exit {code}")
    if code != ends:
        raise DrillError(f"exit {code} where {ends} was due: {' '.join(arguments)}\n{out.getvalue()}")
    return json.loads(out.getvalue()) if out.getvalue() else None


@contextlib.contextmanager
def serving(folder: Path, name: str, log: str) -> Iterator[str]:
    """A witness in a process of its own; its lines for config.toml."""
    key, state = folder / "key", folder / "state"
    folder.mkdir()
    vkey = habeas("witness", "init", name, "--key", key, "--state", state)["vkey"]
    command = [sys.executable, "-m", "habeas.cli.main", "witness", "serve", "--json", "--key", str(key)]
    command += ["--state", str(state), "--trust-log", log, "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            url = json.loads((process.stdout or io.StringIO()).readline())["url"]
            yield WITNESS.format(url=url, vkey=vkey)
        finally:
            process.terminate()


def log_one(folder: Path, number: int) -> str:
    """A new request; its reference."""
    mail = folder / f"{number}.eml"
    mail.write_text(MAIL.format(number=number), encoding="utf-8")
    return str(habeas("intake", "--no-read", mail)[0]["request"])


def sequence(folder: Path) -> dict[str, Any]:
    """One round of the sequencer, which must end witnessed."""
    done: dict[str, Any] = habeas("sequencer", "--once", "--export", folder / "mirror")
    if not done["witnessed"]["reached"]:
        raise DrillError(f"not witnessed: {done}")
    return done


def receipt(folder: Path, ref: str) -> Path:
    """The receipt of a request, in a file."""
    file = folder / f"receipt-{ref}.json"
    file.write_text(json.dumps(habeas("ledger", "prove", ref)), encoding="utf-8")
    return file


def drill(folder: Path) -> None:
    """The whole of it."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    os.environ["HABEAS_HOME"] = str(home)
    (home / "config.toml").write_text(CONFIG, encoding="utf-8")
    say("a home, three witnesses, a mirror")
    log = habeas("admin", "init")["vkey"]
    with contextlib.ExitStack() as stack:
        lines = [
            stack.enter_context(serving(folder / f"witness{n}", name, log)) for n, name in enumerate(NAMES)
        ]
        (home / "config.toml").write_text(CONFIG + "".join(lines), encoding="utf-8")
        keys = [log, *(line.split('vkey = "')[1].split('"')[0] for line in lines)]
        (folder / "trust").write_text("\n".join([*keys, "quorum 2", ""]), encoding="utf-8")
        before(folder)
        lose(folder)
        recover(folder)
    say("the drill ended as it must")


def before(folder: Path) -> None:
    """Normal days: requests, a backup, more requests."""
    say("two requests, cosigned and mirrored; then a backup")
    refs = [log_one(folder, number) for number in (1, 2)]
    sequence(folder)
    receipt(folder, refs[0])
    (folder / "kept").write_bytes((folder / "mirror" / "checkpoint").read_bytes())
    habeas("admin", "backup", folder / "backup")
    say("two more requests after the backup, cosigned and mirrored")
    refs = [log_one(folder, number) for number in (3, 4)]
    sequence(folder)
    receipt(folder, refs[1])


def lose(folder: Path) -> None:
    """The disk is gone; the backup is older than what the witnesses saw."""
    say("the home is lost, and the backup restored")
    (folder / "home").rename(folder / "lost")
    habeas("admin", "restore", folder / "backup")
    log_one(folder, 5)
    say("the sequencer refuses to sign, and goes on refusing")
    habeas("sequencer", "--once", ends=3)
    if not (folder / "home" / "HALTED").exists():
        raise DrillError("there is no mark on the halted ledger")
    habeas("sequencer", "--once", ends=3)
    habeas("admin", "doctor", ends=3)


def recover(folder: Path) -> None:
    """Replay from the mirror, go on, and check everything."""
    say("the lost entries are replayed from the mirror, to the signed root")
    done = habeas("ledger", "resume", "--from", folder / "mirror")
    if (done["size"], done["replayed"]) != (4, 2) or (folder / "home" / "HALTED").exists():
        raise DrillError(f"not resumed: {done}")
    say("the ledger goes on; everything from before the loss still holds")
    if sequence(folder)["size"] != 5:
        raise DrillError("the ledger has another size than it must")
    habeas("ledger", "verify")
    mirror, trust = folder / "mirror", folder / "trust"
    habeas("ledger", "verify", mirror, "--trust", trust, "--from-checkpoint", folder / "kept")
    habeas("ledger", "fsck", mirror, "--trust", trust)
    habeas("admin", "doctor")
    for file in sorted(folder.glob("receipt-*.json")):
        habeas("receipt", "verify", file, "--trust", trust)


def main(arguments: list[str]) -> int:
    """Run the drill in a folder of its own, which is left for a look when one was named."""
    with tempfile.TemporaryDirectory(prefix="habeas-drill-") as made:
        folder = Path(arguments[0]) if arguments else Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            drill(folder)
        except DrillError as error:
            print(f"THE DRILL FAILED: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
