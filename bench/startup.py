"""How long a person waits: `habeas --version`, the help of a command, and the demo from nothing.

Hides how runs are repeated. Promises medians over fresh processes beside the bare interpreter's own
start (the floor), and a cold demo in a copy of the checkout with an empty package cache and an empty
home. Writes bench/results/startup.json and startup.md.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = ROOT / "bench" / "results"
HABEAS: Final = ROOT / ".venv" / "bin" / "habeas"
RUNS: Final = 21

COMMANDS: Final = {
    "python -c pass": [str(ROOT / ".venv" / "bin" / "python"), "-c", "pass"],
    "habeas --version": [str(HABEAS), "--version"],
    "habeas --help": [str(HABEAS), "--help"],
    "habeas read --help": [str(HABEAS), "read", "--help"],
}


def seconds(command: list[str], cwd: Path, env: dict[str, str]) -> float:
    """The wall time of one run; a run that fails ends the benchmark with what it printed."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    took = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"this did not work (exit {done.returncode}): {command}\n{done.stdout}{done.stderr}")
    return took


def startup() -> dict[str, dict[str, float]]:
    """Median and quartiles in milliseconds of each command, one warm-up run not counted."""
    found = {}
    for name, command in COMMANDS.items():
        times = [1000 * seconds(command, ROOT, dict(os.environ)) for _ in range(RUNS + 1)][1:]
        low, middle, high = statistics.quantiles(times, n=4)
        found[name] = {"median": round(middle, 1), "q1": round(low, 1), "q3": round(high, 1)}
    return found


def copy_checkout(target: Path) -> None:
    """The files that are, or would be, in the repository."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def demo() -> dict[str, float]:
    """Seconds of `dev.py demo --no-serve`: from nothing, and again with everything in place."""
    with tempfile.TemporaryDirectory(prefix="habeas-bench-") as folder:
        place = Path(folder)
        copy_checkout(place / "checkout")
        caches = {name: str(place / "cache") for name in ("UV_CACHE_DIR", "PIP_CACHE_DIR", "XDG_CACHE_HOME")}
        env = {**os.environ, **caches, "HABEAS_HOME": str(place / "home")}
        command = [sys.executable, "dev.py", "demo", "--no-serve"]
        found = {"cold": round(seconds(command, place / "checkout", env), 1)}
        shutil.rmtree(place / "home", ignore_errors=True)
        found["warm, new home"] = round(seconds(command, place / "checkout", env), 1)
        found["warm, same home"] = round(seconds(command, place / "checkout", env), 1)
    return found


def machine() -> dict[str, str]:
    """What the numbers depend on, without naming the machine."""
    return {
        "measured_on": time.strftime("%Y-%m-%d", time.gmtime()),
        "cpus": str(os.cpu_count()),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "uv on PATH": "yes" if shutil.which("uv") else "no",
    }


def as_markdown(result: dict[str, dict[str, object]]) -> str:
    """The result as a page."""
    lines = ["# Start-up", "", "`python3 dev.py bench startup` writes this page.", ""]
    lines += [f"- {name}: {value}" for name, value in result["machine"].items()]
    lines += ["", f"Fresh processes, {RUNS} runs each, milliseconds.", ""]
    lines += ["| command | median | quartiles |", "|---|---:|---:|"]
    for name, row in startup_rows(result):
        lines.append(f"| `{name}` | {row['median']} | {row['q1']} to {row['q3']} |")
    lines += ["", "`python3 dev.py demo --no-serve`, seconds. Cold: no `.venv`, no package cache.", ""]
    lines += ["| demo | seconds |", "|---|---:|"]
    lines += [f"| {name} | {value} |" for name, value in result["demo_seconds"].items()]
    return "\n".join(lines) + "\n"


def startup_rows(result: dict[str, dict[str, object]]) -> list[tuple[str, dict[str, float]]]:
    """The rows of the first table."""
    return [(name, row) for name, row in result["startup_ms"].items() if isinstance(row, dict)]


def main() -> int:
    """Measure and write both files."""
    result: dict[str, dict[str, object]] = {
        "machine": dict(machine()),
        "startup_ms": dict(startup()),
        "demo_seconds": dict(demo()),
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "startup.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    page = as_markdown(result)
    (RESULTS / "startup.md").write_text(page, encoding="utf-8")
    print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
