"""Fifty people at once on the console for five minutes, on PostgreSQL; writes bench/results/console_load.md.

Everything is real: a PostgreSQL of its own, `habeas serve` with its worker and sequencer, requests with
papers, sessions of the staff, Locust as the people (`console_visitors.py`). `BENCH_SECONDS` and
`BENCH_PEOPLE` change time and number. The aim is no error at all; the times are told, not judged.
"""

from __future__ import annotations

import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "bench" / "results"
SECONDS: Final = int(os.environ.get("BENCH_SECONDS", "300"))
PEOPLE: Final = int(os.environ.get("BENCH_PEOPLE", "50"))
PORT: Final = 8917
STAFF: Final = ("m.reyes", "k.lindqvist", "t.abara", "w.tanaka")

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.console.office import Office


def main() -> int:
    """Measure; 0 where nothing failed."""
    folder = Path(tempfile.mkdtemp(prefix="habeas-bench-"))
    os.environ |= {
        "HABEAS_TEST_DATABASE": "postgresql",
        "HABEAS_HOME": str(folder / "office"),
        "DJANGO_SETTINGS_MODULE": "habeas.config.web",
    }
    sys.path.insert(0, str(ROOT))
    from tests import databases  # noqa: PLC0415 - reads the environment
    from tests.console.office import close, make_model, open_office  # noqa: PLC0415 - as above

    make_model(folder / "office")
    office = open_office(folder / "office")
    requests = _more_requests(office)
    people = folder / "people.json"
    people.write_text(json.dumps(list(_people(office))), encoding="utf-8")
    close()
    try:
        rows = _measure(folder, people)
    finally:
        databases.stop()
    return _write(rows, requests)


def _more_requests(office: Office) -> int:
    """The demonstration's script, so that lists are long; how many requests there are."""
    from habeas.demo.stage import take_in  # noqa: PLC0415 - as above
    from habeas.demo.state import deliveries  # noqa: PLC0415 - as above
    from tests.console.office import NOW, OPEN  # noqa: PLC0415 - as above

    taken = [take_in(office.desk.ports, sent) for sent in deliveries()]
    office.clock.set(NOW)
    return len(OPEN) + len([case_id for case_id in taken if case_id])


def _people(office: Office) -> Iterator[dict[str, Any]]:
    from habeas.demo.stage import bundled  # noqa: PLC0415 - as above

    mail = bundled().data.decode("ascii")
    for number in range(PEOPLE):
        yield {"session": office.session(STAFF[number % len(STAFF)]), "mail": mail}


def _measure(folder: Path, people: Path) -> list[dict[str, str]]:
    env = {**os.environ, "HABEAS_HOME": str(folder / "office"), "BENCH_VISITORS": str(people)}
    log = (folder / "serve.log").open("wb")
    serve = [sys.executable, "-m", "habeas.cli.main", "serve", "--port", str(PORT)]
    served = subprocess.Popen(serve, env=env, stderr=log, stdout=log)
    address = f"http://127.0.0.1:{PORT}"
    try:
        _wait(f"{address}/readyz", served)
        words = f"--headless -u {PEOPLE} -r 10 -t {SECONDS}s --only-summary --host {address}".split()
        files = ["-f", str(ROOT / "bench" / "console_visitors.py"), "--csv", str(folder / "locust")]
        subprocess.run([sys.executable, "-m", "locust", *files, *words], env=env, check=False)
    finally:
        served.terminate()
        served.wait(60)
        log.close()
    with (folder / "locust_stats.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _wait(address: str, served: subprocess.Popen[bytes]) -> None:
    """Until the console is ready; a bounded number of askings."""
    for _ in range(240):
        if served.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.5)
    raise SystemExit("the console was never ready")


_COLUMNS: Final = (
    ("Request Count", "asked"),
    ("Failure Count", "failed"),
    ("50%", "median ms"),
    ("95%", "95 % ms"),
    ("99%", "99 % ms"),
    ("Max Response Time", "slowest ms"),
    ("Requests/s", "a second"),
)


def _write(rows: list[dict[str, str]], requests: int) -> int:
    import django  # noqa: PLC0415 - as above
    import granian  # noqa: PLC0415 - as above

    failed = sum(int(row["Failure Count"]) for row in rows if row["Name"] == "Aggregated")
    head = "| what | " + " | ".join(name for _, name in _COLUMNS) + " |"
    lines = [
        f"# {PEOPLE} people at once on the console for {SECONDS} seconds, on PostgreSQL",
        "",
        f"`python3 dev.py bench console_load`. {platform.machine()}, {os.cpu_count()} cores.",
        f"Python {platform.python_version()}, Django {django.__version__}, granian {granian.__version__}.",
        "PostgreSQL (fsync off) and the people (Locust) are on the same machine.",
        f"{requests} requests to begin with; each person pauses 1 to 5 seconds between two things.",
        "",
        f"**Failed: {failed}.** 409 (somebody was faster) is an answer, not a failure.",
        "",
        head,
        "|---|" + "---:|" * len(_COLUMNS),
    ]
    for row in rows:
        numbers = [(float(row[key]), 1 if key == "Requests/s" else 0) for key, _ in _COLUMNS]
        cells = [f"{number:.{digits}f}" for number, digits in numbers]
        lines.append(f"| {row['Name']} | " + " | ".join(cells) + " |")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "console_load.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
