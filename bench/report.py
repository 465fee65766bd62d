"""How long a period's report takes over 100,000 reporting rows, and a stranger's check of it.

Beside it, where DuckDB is installed, plain SQL over the same rows: how long it takes to count the headline
and three tables without binding anything to a ledger. Its counts are compared with the report's, so that
the two columns answer the same question. Writes bench/results/report.json and report.md.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import os
import platform
import random
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.adapters.typesetting import TypstTypesetter
from habeas.domain import vocabulary as v
from habeas.domain.determination import departure
from habeas.domain.events import row_json
from habeas.domain.reporting_row import ReportingRow, days_band
from habeas.kernel.canonical import commit
from habeas.ledger.entry import Entry
from habeas.ledger.keys import SignatureType, SignerKey
from habeas.ledger.merkle import Frontier, leaf_hashes
from habeas.ledger.note import Checkpoint, sign_note
from habeas.report.counting import fold_rows
from habeas.report.measures import figures
from habeas.report.page import TEMPLATE, page
from habeas.report.regimes import regime, segments_of
from habeas.report.snapshot import make_report, to_csv, to_json
from habeas.verifier.report import verify_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from habeas.report.snapshot import LogEntry

RESULTS: Final = Path(__file__).resolve().parent / "results"
ROWS: Final = 100_000
SEED: Final = 20200620
FIRST: Final = date(2020, 6, 20)
LAST: Final = date(2020, 10, 15)
PUBLISHED: Final = datetime(2020, 10, 16, 12, 0, tzinfo=UTC)
SIGNER: Final = SignerKey("log.habeas.example/bench", SignatureType.ED25519, b"\x01" * 32)
AIM: Final = 20.0
"""Seconds within which the report of 100,000 rows is to be made and written."""


def rows(chance: random.Random) -> Iterator[ReportingRow]:
    """Invented requests, five rows each."""
    days = (LAST - FIRST).days + 1
    for number in range(ROWS // 5):
        on = FIRST + timedelta(days=chance.randrange(days))
        row = ReportingRow(
            kind=v.EventKind.REQUEST_RECEIVED,
            request_ref=f"{number:010d}",
            month=f"{on:%Y-%m}",
            custodian=f"agency-{chance.randrange(40)}",
            unit=f"unit-{chance.randrange(3)}",
            periods=segments_of(on, "us-co"),
            component=chance.choice(list(v.Component)),
            channel=chance.choice(list(v.Channel)),
            demo=True,
        )
        read = attrs.evolve(
            row,
            kind=v.EventKind.INSTRUMENT_READ,
            paper_authority=chance.choice(list(v.Authority)),
            paper_kind=chance.choice(list(v.InstrumentKind)),
            purpose=chance.choice(list(v.PurposeClass)),
            subjects=chance.choice(list(v.SubjectsBand)),
        )
        yield row
        yield read
        for item in ("1", "2"):
            yield decision(read, item, chance)
        waited = chance.randrange(45)
        yield attrs.evolve(read, kind=v.EventKind.NOTICE_SENT, days=waited, days_band=days_band(waited))


def decision(read: ReportingRow, item: str, chance: random.Random) -> ReportingRow:
    """The row of one item's decision."""
    effect, outcome = chance.choice(list(v.Effect)), chance.choice(list(v.Outcome))
    away = departure(effect, outcome)
    return attrs.evolve(
        read,
        kind=v.EventKind.DETERMINATION_MADE if away == "none" else v.EventKind.ITEM_OVERRIDDEN,
        item=item,
        category=chance.choice(list(v.DataCategory)),
        effect=str(effect),
        outcome=str(outcome),
        override=away,
        ground=f"rule-{chance.randrange(30)}",
        policy=f"{chance.randrange(4):064x}",
    )


def entries(made: list[ReportingRow]) -> list[LogEntry]:
    """One ledger entry a row."""
    found: list[LogEntry] = []
    for index, row in enumerate(made):
        salt = hashlib.sha256(b"%d" % index).digest()
        entry = Entry(
            f"00000000-0000-7000-8000-{index:012x}", commit(salt, row_json(row)), "0" * 64, "0" * 64
        )
        found.append((index, entry.encode(), salt, row))
    return found


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of one call, and what it gave."""
    began = time.perf_counter()
    given = what()
    return round(time.perf_counter() - began, 2), given


def measure(made: list[ReportingRow]) -> tuple[dict[str, float], Any]:
    """Seconds of each step, and the document."""
    log = entries(made)
    root = Frontier().extend(leaf_hashes(data for _, data, _, _ in log)).root()
    note = sign_note(Checkpoint(SIGNER.name, len(log), root).text, [SIGNER])
    law = regime("us-co-2020")
    found: dict[str, float] = {}
    found["count, check and open"], document = timed(
        lambda: make_report(law, FIRST, LAST, log, note, PUBLISHED, demo=True)
    )
    found["write the JSON"], data = timed(lambda: to_json(document))
    found["write the CSV"], _ = timed(lambda: to_csv(document))
    found["typeset the PDF"], _ = timed(
        lambda: TypstTypesetter().pdf(TEMPLATE, page(document, v.Language.EN), PUBLISHED)
    )
    found["report, all of it"] = round(sum(found.values()), 2)
    found["of which counting alone"], _ = timed(
        lambda: figures(fold_rows(made), law, [f"2020-{month:02d}" for month in range(6, 11)])
    )
    found["a stranger's check of it"], (lines, code) = timed(
        lambda: verify_report(data, SIGNER.verifier.vkey)
    )
    if code:
        raise SystemExit("\n".join(lines))
    return found, document


SQL: Final = """
create temp table last as
  select * exclude (n) from (
    select *, row_number() over (partition by request_ref, item order by idx desc) as n
    from rows where kind in ('determination.made', 'item.overridden')) where n = 1;
create temp table request as
  select r.*, coalesce(o.ending, 'pending') as ending from (
    select * exclude (n) from (
      select *, row_number() over (partition by request_ref order by idx desc) as n
      from rows where not repeat)
    where n = 1) r
  left join (
    select request_ref, case
      when bool_and(outcome = 'release') then 'granted_whole'
      when bool_or(outcome = 'release') then 'granted_in_part'
      when bool_or(outcome in ('contest', 'counsel')) then 'pending'
      when bool_or(outcome = 'refuse') then 'refused' else 'other_endings' end as ending
    from last group by 1) o using (request_ref);
"""


def sql(made: list[ReportingRow]) -> tuple[float, dict[str, int]] | None:
    """Seconds of plain SQL for the endings and three tables, and the endings; None without DuckDB."""
    if importlib.util.find_spec("duckdb") is None:
        return None
    duckdb = importlib.import_module("duckdb")
    data = RESULTS / "report-rows.ndjson"
    with data.open("w", encoding="utf-8") as file:
        for index, row in enumerate(made):
            file.write(json.dumps({"idx": index, **row_json(row)}) + "\n")
    base = duckdb.connect()
    base.execute("create table rows as select * from read_json_auto(?)", [str(data)])
    data.unlink()

    def count() -> dict[str, int]:
        base.execute(SQL)
        for key in ("custodian, unit", "paper_authority, paper_kind", "purpose"):
            base.execute(f"select {key}, ending, count(*) from request group by all").fetchall()  # noqa: S608 - three fixed keys
        return dict(base.execute("select ending, count(*) from request group by 1").fetchall())

    took, endings = timed(count)
    return took, endings


def compare(document: Any, endings: dict[str, int]) -> None:  # noqa: ANN401 - a JSON document
    """End the benchmark where the two count differently."""
    published = {
        f["measure"]: f["value"]
        for f in document["figures"]
        if f["table"] == "headline" and f["by"] == {"requesters": "all"}
    }
    for name, value in endings.items():
        if published[name] != value:
            raise SystemExit(f"`{name}`: report {published[name]}, SQL {value}")


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a page."""
    lines = ["# Report", "", "`python3 dev.py bench report` writes this page.", ""]
    lines += [f"- {name}: {value}" for name, value in result["machine"].items()]
    lines += ["", f"{ROWS:,} reporting rows, {ROWS // 5:,} requests, every row opened; seconds, one run.", ""]
    lines += ["| step | seconds | aim |", "|---|---:|---:|"]
    for name, value in result["seconds"].items():
        lines.append(f"| {name} | {value} | {f'< {AIM:g}' if name.startswith('report') else ''} |")
    if result["duckdb"] is None:
        lines += ["", "DuckDB is not installed here: no column of plain SQL."]
    else:
        took = f"Plain SQL in DuckDB, the endings and three tables of the same rows: {result['duckdb']} s."
        lines += ["", took, "The same counts, bound to nothing: no opening, no root, no proof."]
    return "\n".join(lines) + "\n"


def machine() -> dict[str, str]:
    """What the numbers depend on, without naming the machine."""
    return {
        "measured_on": time.strftime("%Y-%m-%d", time.gmtime()),
        "cpus": str(os.cpu_count()),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def main() -> int:
    """Measure, compare and write both files; 1 where the aim is missed."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    made = list(rows(random.Random(SEED)))  # noqa: S311 - invented rows, the same in every run
    seconds, document = measure(made)
    other = sql(made)
    if other is not None:
        compare(document, other[1])
    result = {"machine": machine(), "rows": ROWS, "seconds": seconds, "duckdb": other[0] if other else None}
    (RESULTS / "report.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    text = as_markdown(result)
    (RESULTS / "report.md").write_text(text, encoding="utf-8")
    print(text)
    return 0 if seconds["report, all of it"] < AIM else 1


if __name__ == "__main__":
    sys.exit(main())
