"""Where the demonstration's time goes: `python bench/demo.py` writes bench/results/demo.json and demo.md.

Hides how a stage is timed: its function is wrapped before the demonstration imports it, and the CPU time
of a stage that another one calls is counted once, in the inner one. Promises CPU time of the whole process
(threads too), beside the wall time of `dev.py demo --no-serve` from nothing and with everything in place.
The stages run in a process of their own, with an empty home.
"""

from __future__ import annotations

import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import attrs
from startup import RESULTS, ROOT, demo, machine  # type: ignore[import-not-found] # the folder is no package

if TYPE_CHECKING:
    from collections.abc import Callable

STAGES: Final = {
    "draw": ("habeas.demo.papers.draw", "paper"),
    "intake": ("habeas.usecases.receive", "receive"),
    "read": ("habeas.usecases.read", "read"),
    "confirm": ("habeas.usecases.confirm", "confirm"),
    "evaluate": ("habeas.usecases.determine", "evaluate"),
    "determine": ("habeas.usecases.determine", "determine"),
    "authorize": ("habeas.usecases.disclose", "authorize"),
    "disclose": ("habeas.usecases.disclose", "record_disclosure"),
    "letter": ("habeas.usecases.answer", "send"),
    "sequence": ("habeas.usecases.sequence", "sequence"),
    "report": ("habeas.usecases.publish", "report"),
}
"""Stage → the function that is the whole of it."""

PER_REQUEST: Final = tuple(stage for stage in STAGES if stage not in ("sequence", "report"))


@attrs.define
class Watch:
    """CPU seconds of every call by stage, the time of stages within it taken off."""

    calls: dict[str, list[float]] = attrs.field(factory=lambda: {stage: [] for stage in STAGES})
    inner: list[float] = attrs.field(factory=list)

    def timed(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed."""

        @wraps(work)
        def run(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - any stage's arguments
            self.inner.append(0.0)
            began = time.process_time()
            try:
                return work(*args, **named)
            finally:
                took = time.process_time() - began
                self.calls[stage].append(took - self.inner.pop())
                if self.inner:
                    self.inner[-1] += took

        return run

    def wrap(self) -> None:
        """Wrap every stage; to be called before anything else imports them by name."""
        for stage, (module, name) in STAGES.items():
            found = importlib.import_module(module)
            setattr(found, name, self.timed(stage, getattr(found, name)))


def child() -> None:
    """Play the demonstration in this process and print the calls of each stage as JSON."""
    watch = Watch()
    watch.wrap()
    run = importlib.import_module("habeas.cli.main").run
    began, wall = time.process_time(), time.perf_counter()
    sys.stdout = sys.stderr
    if run(["demo", "--no-serve", "--json"]):
        raise SystemExit("the demonstration did not work")
    sys.stdout = sys.__stdout__
    total = {"cpu": time.process_time() - began, "wall": time.perf_counter() - wall}
    print(json.dumps({"calls": watch.calls, "total": total}))


def stages() -> dict[str, Any]:
    """What `child` measured, in a process and a home of its own."""
    with tempfile.TemporaryDirectory(prefix="habeas-bench-") as home:
        command = [str(ROOT / ".venv" / "bin" / "python"), __file__, "stages"]
        env = {**os.environ, "HABEAS_HOME": home}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return dict(json.loads(done.stdout))


def rows(calls: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    """By stage: calls, the median of a call and the share of each request, in milliseconds of CPU."""
    requests = len(calls["intake"])
    return {
        stage: {
            "calls": len(took),
            "median_ms": round(1000 * statistics.median(took or [0.0]), 1),
            "total_ms": round(1000 * sum(took)),
            "ms_per_request": round(1000 * sum(took) / requests, 1),
        }
        for stage, took in calls.items()
    }


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a page."""
    lines = ["# Demonstration", "", "`python3 dev.py bench demo` writes this page.", ""]
    lines += [f"- {name}: {value}" for name, value in result["machine"].items()]
    lines += [
        "",
        "`python3 dev.py demo --no-serve`, seconds of wall time.",
        "Cold: no `.venv`, no package cache.",
        "",
    ]
    lines += ["| demo | seconds |", "|---|---:|"]
    lines += [f"| {name} | {value} |" for name, value in result["demo_seconds"].items()]
    lines += ["", "Each stage, CPU milliseconds in one process; a stage within a stage is counted once.", ""]
    lines += ["| stage | calls | median of a call | all calls | per request |", "|---|---:|---:|---:|---:|"]
    for stage, row in result["stages"].items():
        shown = row["ms_per_request"] if stage in PER_REQUEST else ""
        lines.append(f"| {stage} | {row['calls']} | {row['median_ms']} | {row['total_ms']} | {shown} |")
    process = result["process"]
    lines += ["", f"The whole process: {process['cpu']} s CPU, {process['wall']} s wall time."]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure and write both files; `stages` alone is the child."""
    if sys.argv[1:] == ["stages"]:
        child()
        return 0
    measured = stages()
    result = {
        "machine": machine() | {"load before": f"{os.getloadavg()[0]:.1f}"},
        "demo_seconds": {} if sys.argv[1:] == ["quick"] else demo(),
        "stages": rows(measured["calls"]),
        "process": {name: round(took, 1) for name, took in measured["total"].items()},
    }
    page = as_markdown(result)
    if sys.argv[1:] != ["quick"]:
        RESULTS.mkdir(parents=True, exist_ok=True)
        (RESULTS / "demo.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "demo.md").write_text(page, encoding="utf-8")
    print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
