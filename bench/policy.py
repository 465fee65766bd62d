"""Deciding beside bare Cedar: `python bench/policy.py` prints a table and writes bench/results/policy.*.

Hides how a thing is timed: the best of several rounds, since other work on the machine only slows. The peer
is the engine itself, called as its binding shows, three questions over complete facts: what it costs to
decide without completing what is unknown, without a second reading, and without naming what is missing.
Both must agree on the answer, or the run fails.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import sys
import time
from datetime import date
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs
import cedarpy

from habeas.domain import vocabulary as v
from habeas.domain.facts import Fact, FactSet
from habeas.kernel.version import VERSION
from habeas.policy.admit import admit
from habeas.policy.catalogue import find, load, with_required
from habeas.policy.diagram import INDEX, VARIABLES, nodes
from habeas.policy.evaluate import depends_on, evaluate
from habeas.policy.explain import explain
from habeas.policy.pack import freeze
from habeas.policy.prepared import _prepared, prepare
from habeas.policy.schema import QUESTIONS, cedar_schema, context_json, point_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from habeas.domain.determination import ItemEvaluation
    from habeas.policy.pack import PolicyVersion

RESULTS: Final = Path(__file__).resolve().parent / "results"
ROUNDS: Final = 7
ON: Final = date(2025, 4, 24)
LAW: Final = freeze(with_required((load("us-co/sb21-131"), load("us/20-cfr-603"))))
"""The law of an unemployment agency in Colorado in 2025: three packs."""


@attrs.frozen
class Row:
    """One line of the table; `value` is in `unit`, and `aim` is ours only."""

    what: str
    who: str
    value: float
    unit: str
    aim: str = ""


def best(work: Callable[[], object], times: int) -> float:
    """Seconds of one call: the least mean of several rounds."""
    work()
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(times):
            work()
        rounds.append((time.perf_counter() - start) / times)
    return min(rounds)


def ms(what: str, who: str, work: Callable[[], object], times: int, aim: str = "") -> Row:
    """A row in milliseconds."""
    return Row(what, who, best(work, times) * 1e3, "ms", aim)


def facts(**known: str) -> FactSet:
    """`value@source`, the custodian where nobody is named."""
    made = {}
    for name, text in known.items():
        value, _, source = text.partition("@")
        made[name] = Fact(value, v.Source(source or "custodian"), v.Reading.PERSON)
    return FactSet(made)


SUBPOENA: Final = facts(
    custodian_kind="unemployment_agency", requester_federal="yes@requester",
    requester_component="ice_hsi@requester", data_category="ui_wage",
    paper_form="administrative_subpoena@requester", paper_authority="administrative@requester",
    paper_signer="agency_officer@requester", paper_signed="yes@requester", paper_lapsed="no@requester",
    paper_reaches_records="yes@requester", paper_addressed_to_us="yes@requester",
    paper_nature="civil@requester", enforcement_order="no", for_litigant="no@requester",
    motion_to_quash="not_filed", immigration_purpose="sole@requester", offense="none@requester",
    required_by_law="no", item_public="no", item_in_scope="yes@requester", written="yes",
)  # fmt: skip
"""An immigration subpoena for wages, everything known."""

FEW: Final = FactSet({n: f for n, f in SUBPOENA.facts.items() if n not in ("required_by_law", "item_public")})
NOTHING: Final = FactSet({})


def decide(known: FactSet) -> ItemEvaluation:
    """One item under the law."""
    return evaluate(known, (("1", NOTHING),), LAW, ON).items[0]


def bare(version: PolicyVersion) -> Callable[[], list[bool]]:
    """Cedar alone: three questions over the facts as they stand, all handles parsed."""
    policies = cedarpy.PolicySet.from_str("\n".join(r.text for _, r in version.rules(ON)))
    schema = cedarpy.Schema.from_str(cedar_schema())
    entities = cedarpy.Entities.from_json_str("[]", schema)
    context = context_json(point_of(SUBPOENA))

    def ask() -> list[bool]:
        requests = [
            {
                "principal": 'Requester::"requester"',
                "action": f'Action::"{question}"',
                "resource": 'Item::"item"',
                "context": context,
            }
            for question in QUESTIONS
        ]
        answers = cedarpy.is_authorized_batch(requests, policies, entities, schema=schema)
        return [a.allowed for a in answers]

    return ask


def deciding() -> list[Row]:
    """Decisions by how much is known."""
    ask = bare(LAW)
    if decide(SUBPOENA).effect is not v.Effect.FORBIDDEN or any(ask()):
        raise AssertionError("the two engines differ")
    unknown = depends_on(LAW, ON)
    completions = prod(len(VARIABLES[INDEX[name]].points) for name in unknown)
    peer = ms("three questions, all facts known", "cedarpy alone", ask, 50)
    known = ms("decide an item, all facts known", "habeas", lambda: decide(SUBPOENA), 50)
    return [
        peer,
        known,
        Row("decide / bare Cedar", "habeas", known.value / peer.value, "x"),
        ms("decide an item, 2 facts unknown", "habeas", lambda: decide(FEW), 50, "<= 10"),
        ms(f"decide an item, {len(unknown)} facts unknown", "habeas", lambda: decide(NOTHING), 50, "<= 10"),
        Row("completions of those, in powers of ten", "to try each", len(str(completions)) - 1, ""),
    ]


def preparing() -> list[Row]:
    """What is paid once."""

    def again() -> None:
        _prepared.cache_clear()
        prepare(LAW, ON)

    evaluation = evaluate(SUBPOENA, (("1", NOTHING),), LAW, ON)
    return [
        ms("explain, with what would change it", "habeas", lambda: explain(evaluation, LAW, ON), 10),
        ms("prepare a policy version", "habeas", again, 5),
        ms("admit a pack of 8 rules", "habeas", lambda: admit(find("us-co/sb21-131")), 2),
        Row("nodes of the effect's diagram", "habeas", len(nodes(prepare(LAW, ON).effect)), ""),
    ]


def versions() -> dict[str, str]:
    """What ran."""
    return {
        "habeas": VERSION,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "machine": f"{platform.system()} {platform.machine()}",
        "packages": f"cedarpy {importlib.metadata.version('cedarpy')}",
        "packs": ", ".join(LAW.ids),
    }


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | who | result | aim |", "|---|---|---:|---|"]
    lines += [
        f"| {r.what} | {r.who} | {r.value:.2f} {r.unit} | {r.aim} |" if r.unit
        else f"| {r.what} | {r.who} | {r.value:.0f} | {r.aim} |"
        for r in rows
    ]  # fmt: skip
    return "\n".join(lines)


def main() -> int:
    """Run, print, write; 0."""
    rows = [*deciding(), *preparing()]
    told = versions()
    head = "\n".join(f"- {name}: {value}" for name, value in told.items())
    text = f"# Policy benchmark\n\n`python bench/policy.py`; best of {ROUNDS} rounds.\n\n"
    text += f"{head}\n\n{table(rows)}\n"
    print(text)
    RESULTS.mkdir(exist_ok=True)
    document = {"versions": told, "rows": [attrs.asdict(row) for row in rows]}
    (RESULTS / "policy.md").write_text(text, encoding="utf-8")
    (RESULTS / "policy.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
