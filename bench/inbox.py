"""How long a page of the inbox takes with 10,000 open cases, at its start and at its end.

Beside it the usual way, on the same rows in the same database: Django's `Paginator` (a count, then OFFSET),
which asks nobody who is asking, knows no seal and shows no assignment. Writes bench/results/inbox.json and
inbox.md. SQLite; cases, seals, assignments and search tokens are invented.
"""

from __future__ import annotations

import json
import os
import platform
import random
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs
import django

from habeas.adapters.key_files import InstanceKey
from habeas.config.environment import Environment
from habeas.config.start import start
from habeas.domain import vocabulary as v
from habeas.domain.request import Person
from habeas.domain.search_words import name_keys
from habeas.usecases.sight import sight_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RESULTS: Final = Path(__file__).resolve().parent / "results"
CASES: Final = 10_000
SEED: Final = 20200620
ON: Final = date(2026, 3, 2)
FIRST: Final = datetime(2025, 9, 1, 15, 0, tzinfo=UTC)
RUNS: Final = 15
AIM: Final = 200.0
"""Milliseconds within which any page is to be there."""

AGENCY: Final = "labor"
UNITS: Final = ("ui-fraud", "benefits", "tax", "records")
STAFF: Final = tuple(f"person-{n}" for n in range(12))
KEY: Final = InstanceKey(b"\x01" * 32)
SIGHTS: Final = {
    "approver of the agency": Person(STAFF[0], "A", (v.Role.APPROVER,), AGENCY),
    "clerk of one unit": Person(STAFF[1], "B", (v.Role.CLERK,), AGENCY, UNITS[:1]),
    "auditor of two agencies": Person(STAFF[2], "C", (v.Role.AUDITOR,), "audit", (), (AGENCY, "revenue")),
}


def fill() -> None:
    """Ten thousand open cases of one agency, two items each, and what a desk keeps beside them."""
    from django.db import transaction  # noqa: PLC0415 - needs Django set up

    from habeas.store.models import AssignmentRow, CaseRow, ItemRow, SealName, SearchToken  # noqa: PLC0415 - needs Django set up

    chance = random.Random(SEED)  # noqa: S311 - the same invented rows every time
    cases, items, seals, assigned, tokens = [], [], [], [], []
    for number in range(CASES):
        case = CaseRow(**columns(number, chance))
        cases.append(case)
        items += [item(case.case_id, place, chance) for place in range(2)]
        if case.sealed:
            seals += [SealName(case_id=case.case_id, person_id=p) for p in chance.sample(STAFF, 3)]
        if chance.random() < 0.6:
            assigned.append(
                AssignmentRow(case_id=case.case_id, person_id=chance.choice(STAFF), by=STAFF[0], at=FIRST)
            )
        tokens += [
            SearchToken(token=token(word), case_id=case.case_id, custodian=AGENCY) for word in words(number)
        ]
    with transaction.atomic():
        CaseRow.objects.bulk_create(cases, batch_size=500)
        ItemRow.objects.bulk_create(items, batch_size=500)
        SealName.objects.bulk_create(seals, batch_size=500)
        AssignmentRow.objects.bulk_create(assigned, batch_size=500)
        SearchToken.objects.bulk_create(tokens, batch_size=500)


def columns(number: int, chance: random.Random) -> dict[str, Any]:
    """One open case's line."""
    received = FIRST + timedelta(minutes=chance.randrange(180 * 24 * 60))
    due = ON + timedelta(days=chance.randrange(-20, 60)) if chance.random() < 0.6 else None
    state = chance.choice((*[v.CaseState.READ] * 3, *v.CaseState))
    return {
        "case_id": f"case-{number:08}",
        "request_ref": f"{number:010}",
        "version": 3,
        "state": str(v.CaseState.READ if state is v.CaseState.CLOSED else state),
        "custodian": AGENCY,
        "unit": chance.choice(UNITS),
        "component": str(chance.choice(list(v.Component))),
        "channel": str(chance.choice(list(v.Channel))),
        "received_at": received,
        "updated_at": received + timedelta(minutes=chance.randrange(20 * 24 * 60)),
        "due_on": due,
        "month": f"{received:%Y-%m}",
        "paper_authority": str(chance.choice(list(v.Authority))),
        "paper_kind": str(chance.choice(list(v.InstrumentKind))),
        "purpose": str(chance.choice(list(v.PurposeClass))),
        "subjects": "1",
        "days": None,
        "days_band": "pending",
        "request_outcome": "pending",
        "repeats": 0,
        "demo": True,
        "sealed": chance.random() < 0.01,
        "waits_second": chance.random() < 0.05,
    }


def item(case_id: str, place: int, chance: random.Random) -> Any:  # noqa: ANN401 - a model, before Django
    """One item of a case."""
    from habeas.store.models import ItemRow  # noqa: PLC0415 - needs Django set up

    return ItemRow(
        case_id=case_id, place=place, item_id=str(place), category=str(chance.choice(list(v.DataCategory))),
        effect="none", outcome=chance.choice(("none", "refuse")), override="none",
    )  # fmt: skip


def words(number: int) -> frozenset[str]:
    """What an invented case is found by."""
    return name_keys(f"Given{number} Surname{number % 3000}")


def token(word: str) -> str:
    """Its keyed digest in the agency."""
    from habeas.store.cases import search_purpose  # noqa: PLC0415 - needs Django set up

    return KEY.token(search_purpose(AGENCY), word.encode())


# ------------------------------------------------------------------------------------------- measuring


def milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """Medians of some runs: by the clock, and of the processor alone (others may be at work here)."""
    clock, processor = [], []
    for _ in range(RUNS):
        begun, used = time.perf_counter(), time.process_time()
        work()
        clock.append((time.perf_counter() - begun) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return sorted(clock)[RUNS // 2], sorted(processor)[RUNS // 2]


def ours() -> Iterator[dict[str, Any]]:
    """Each box for each person: its first page, and its last; the fullest by every order."""
    from habeas.store.inbox import Box, Query, Sort, counts, inbox  # noqa: PLC0415 - needs Django set up

    for who, person in SIGHTS.items():
        sight = sight_of(person)
        counted = counts(sight, ON)
        yield line(who, "counts of all boxes", sum(counted.values()), partial(counts, sight, ON))
        for box in Box:
            for sort in Sort if box is Box.ALL else (Sort.RECEIVED,):
                query, name = Query(box=box, sort=sort), f"{box}, by {sort}"
                yield line(who, f"{name}: first page", counted[box], partial(inbox, sight, query, ON))
                last = inbox(sight, attrs.evolve(query, descending=True), ON).after
                if last:
                    yield line(
                        who, f"{name}: last page", counted[box],
                        partial(inbox, sight, query, ON, after=last),
                    )  # fmt: skip


def beside() -> Iterator[dict[str, Any]]:
    """Searching, and cases alike."""
    from habeas.store import read  # noqa: PLC0415 - needs Django set up

    sight = sight_of(SIGHTS["approver of the agency"])
    who = "approver of the agency"
    found = read.find(sight, KEY, "surname77")
    yield line(who, "search by a name", len(found), lambda: read.find(sight, KEY, "surname77"))
    yield line(who, "search by a reference", 1, lambda: read.find(sight, KEY, "0000004321"))
    some = read.case_of(sight, "0000004321")
    yield line(who, "cases alike", 5, lambda: read.alike(sight, some))


def usual() -> Iterator[dict[str, Any]]:
    """The peer: the same rows by `Paginator`, filtered by agency alone."""
    from django.core.paginator import Paginator  # noqa: PLC0415 - needs Django set up

    from habeas.store.models import CaseRow  # noqa: PLC0415 - needs Django set up

    orders = {"received": "received_at", "due": "due_on", "updated": "updated_at"}
    for name, column in orders.items():
        rows = CaseRow.objects.filter(custodian=AGENCY).order_by(column, "request_ref")
        rows = rows.prefetch_related("items")

        def page(number: int, rows: Any = rows) -> list[Any]:  # noqa: ANN401 - a query set
            return list(Paginator(rows, 50).page(number).object_list)

        yield line("nobody", f"all, by {name}: first page", CASES, partial(page, 1))
        yield line("nobody", f"all, by {name}: last page", CASES, partial(page, CASES // 50))


def line(who: str, what: str, rows: int, work: Callable[[], object]) -> dict[str, Any]:
    """One measurement."""
    clock, processor = milliseconds(work)
    return {"who": who, "what": what, "cases": rows, "ms": round(clock, 1), "cpu_ms": round(processor, 1)}


# --------------------------------------------------------------------------------------------- writing


def table(lines: list[dict[str, Any]]) -> list[str]:
    """Markdown."""
    rows = [f"| {x['who']} | {x['what']} | {x['cases']:,} | {x['ms']} | {x['cpu_ms']} |" for x in lines]
    return ["| who | what | cases | ms | processor, ms |", "|---|---|---:|---:|---:|", *rows]


def main() -> int:
    """Measure, write, and fail where a page takes longer than it may."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HABEAS_HOME"] = folder
        start(Environment(Path(folder)))
        from habeas.store.upgrade import upgrade  # noqa: PLC0415 - needs Django set up

        upgrade()
        fill()
        measured, peer = [*ours(), *beside()], list(usual())
    slowest = max(one["ms"] for one in measured)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    machine += f", Django {django.__version__}, SQLite"
    result = {"cases": CASES, "machine": machine, "aim_ms": AIM, "habeas": measured, "paginator": peer}
    (RESULTS / "inbox.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    text = [
        f"# The inbox with {CASES:,} open cases", "",
        f"`python3 dev.py bench inbox`. {machine}. Medians of {RUNS} runs; the aim is {AIM:.0f} ms a page.",
        f"The slowest: {slowest} ms.", "", "## Habeas", "", *table(measured), "",
        "## Beside it: Django's `Paginator` over the same rows", "",
        "Filtered by agency alone: no seals, no assignments, no boxes.", "", *table(peer), "",
    ]  # fmt: skip
    (RESULTS / "inbox.md").write_text("\n".join(text), encoding="utf-8")
    sys.stdout.write("\n".join(text))
    return 0 if slowest < AIM else 1


if __name__ == "__main__":
    sys.exit(main())
