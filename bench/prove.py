"""Proving every pack: `python bench/prove.py` prints a table and writes bench/results/prove.*.

Hides how a thing is timed: the best of several rounds, since other work on the machine only slows. Each round
begins anew: rules read into a new world of the solver, engine and diagrams prepared again. Beside the solver
stand our own decision diagrams on the same claims, prepared anew too: both must give the same verdicts, or
the run fails. Their work is smaller: claims only, no short counterexample, no confirmation.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import subprocess
import sys
import time
from math import log10
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain.facts import FACTS
from habeas.kernel.version import VERSION
from habeas.policy.catalogue import shipped, with_required
from habeas.policy.diff import compare
from habeas.policy.example import days
from habeas.policy.pack import freeze
from habeas.policy.prepared import _prepared, prepare
from habeas.policy.prove import Kind, Verdict, broken_by_diagram, prove
from habeas.policy.solver import places

if TYPE_CHECKING:
    from collections.abc import Callable

    from habeas.policy.pack import Pack
    from habeas.policy.prove import PackProof

RESULTS: Final = Path(__file__).resolve().parent / "results"
ROUNDS: Final = 5
AIM_MS: Final = 10_000
"""All invariants of all packs (issue 4, *Speed*)."""


@attrs.frozen
class Row:
    """One pack: its rules with those it requires, its invariants, how many stand, and milliseconds."""

    pack: str
    rules: int
    invariants: int
    proved: int
    refuted: int
    prove_ms: float
    diagrams_ms: float


def best(work: Callable[[], object]) -> float:
    """Milliseconds of one call: the least of several rounds, nothing prepared beforehand."""
    rounds = []
    for _ in range(ROUNDS):
        _prepared.cache_clear()
        start = time.perf_counter()
        work()
        rounds.append((time.perf_counter() - start) * 1e3)
    return min(rounds)


def by_diagrams(pack: Pack) -> list[bool]:
    """Whether each claim of a pack can be broken, on any of its dates, by decision diagrams alone."""
    version = freeze(with_required((pack,)))
    ready = [prepare(version, on) for on in days((version,), (pack.effective_from,))]
    return [any(broken_by_diagram(r, claim) for r in ready) for claim in pack.claims]


def row(pack: Pack) -> Row:
    """One line of the table; an `AssertionError` where solver and diagrams differ."""
    found = prove(pack)
    claims = [p.verdict is Verdict.REFUTED for p in found.proofs if p.kind is Kind.CLAIM]
    if claims != by_diagrams(pack):
        raise AssertionError(pack.id)
    return Row(
        pack=pack.id,
        rules=len(found.version.all_rules()),
        invariants=len(found.proofs),
        proved=count(found, Verdict.PROVED),
        refuted=count(found, Verdict.REFUTED),
        prove_ms=best(lambda: prove(pack)),
        diagrams_ms=best(lambda: by_diagrams(pack)),
    )


def count(found: PackProof, verdict: Verdict) -> int:
    """How many invariants stand so."""
    return sum(p.verdict is verdict for p in found.proofs)


def comparing() -> dict[str, float]:
    """Comparing packs: milliseconds by pair."""
    packs = {pack.id: freeze(with_required((pack,))) for pack in shipped()}
    pairs = (
        ("us-co/2020-guidance", "us-co/2020-guidance"),
        ("us-co/2020-guidance", "us-co/judge-signed-bill"),
        ("us-co/sb21-131", "us-co/judge-signed-bill"),
    )
    return {f"{a} and {b}": best(lambda a=a, b=b: compare(packs[a], packs[b])) for a, b in pairs}  # type: ignore[misc]  # mypy cannot infer a lambda with defaults


def command_ms() -> float:
    """The whole command in a new process, imports and all."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "habeas.cli.main", "policy", "prove", "--json"],
        capture_output=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise AssertionError(done.stderr.decode())
    return (time.perf_counter() - start) * 1e3


def versions() -> dict[str, str]:
    """What ran."""
    requests = sum(log10(len(places(spec))) for spec in FACTS)
    named = ("z3-solver", "cedarpy")
    return {
        "habeas": VERSION,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "machine": f"{platform.system()} {platform.machine()}",
        "packages": ", ".join(f"{name} {importlib.metadata.version(name)}" for name in named),
        "requests": f"every value of {len(FACTS)} facts at every source: about 10^{requests:.0f}",
    }


def table(rows: list[Row], compared: dict[str, float], whole: float) -> str:
    """The rows as Markdown tables."""
    lines = ["| pack | rules | invariants | proved | refuted | prove | diagrams, claims only |"]
    lines += ["|---|---:|---:|---:|---:|---:|---:|"]
    lines += [
        f"| {r.pack} | {r.rules} | {r.invariants} | {r.proved} | {r.refuted} "
        f"| {r.prove_ms:.0f} ms | {r.diagrams_ms:.0f} ms |"
        for r in rows
    ]
    total = sum(r.prove_ms for r in rows)
    lines += [
        "",
        f"All packs: {total:.0f} ms (aim: under {AIM_MS:,}). As a command in a new process: {whole:.0f} ms.",
    ]
    lines += ["", "| packs compared | diff |", "|---|---:|"]
    lines += [f"| {pair} | {ms:.0f} ms |" for pair, ms in compared.items()]
    return "\n".join(lines)


def main() -> int:
    """Run, print, write; 0 where the aim is met."""
    rows = [row(pack) for pack in shipped()]
    compared, whole, told = comparing(), command_ms(), versions()
    head = "\n".join(f"- {name}: {value}" for name, value in told.items())
    text = f"# Proof benchmark\n\n`python bench/prove.py`; best of {ROUNDS} rounds.\n\n"
    text += f"{head}\n\n{table(rows, compared, whole)}\n"
    print(text)
    RESULTS.mkdir(exist_ok=True)
    document = {
        "versions": told,
        "rows": [attrs.asdict(r) for r in rows],
        "diff_ms": compared,
        "command_ms": whole,
    }
    (RESULTS / "prove.md").write_text(text, encoding="utf-8")
    (RESULTS / "prove.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0 if sum(r.prove_ms for r in rows) < AIM_MS else 1


if __name__ == "__main__":
    sys.exit(main())
