"""The check of a published report: from its bytes and a public key alone, by anybody, offline.

The recipe, in the order of the lines printed:

1. the bytes are one `habeas.report.v1` document, its definitions those of this version of Habeas;
2. the period begins and ends on borders of the regime, and lists their segments;
3. the checkpoint is signed by the key given, of the origin and size the report names;
4. each opening is what its entry committed to, in order, none twice;
5. opened entries and unopened tree nodes lie end to end and give the checkpoint's root;
6. each opened row is complete, of known words and of the period; rows of one request agree on its month;
7. the rule sets and the demonstration label are those the rows call for;
8. every figure, counted again from the rows by `verifier.recount`, is the same, none missing, none added;
9. how many entries stayed shut, and what the publisher says of them.

What it cannot show: that an entry left shut is not of this period (the publisher says so; whoever holds
a receipt can look whether their entry is open), and that everything was logged.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.events import row_json
from habeas.domain.reporting_row import ReportingRow
from habeas.kernel.canonical import decode
from habeas.kernel.clock import legal_date, read_date
from habeas.kernel.errors import BadInput, bad
from habeas.kernel.shape import from_json
from habeas.ledger.entry import COMMITMENT, Opening, Part, check_opening, read_entry
from habeas.ledger.merkle import Frontier, leaf_hash
from habeas.ledger.trust import Trust, read_trust
from habeas.ledger.verify import open_checkpoint
from habeas.report.regimes import regime, segments_between
from habeas.report.snapshot import SCHEMA, frame, sha256_of
from habeas.verifier.recount import recount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.ledger.note import Checkpoint
    from habeas.report.regimes import Regime
    from habeas.verifier.recount import Cell

    Json = Any

SHOWN: Final = 5
"""Findings of one step that are printed; the rest are counted."""


LONGEST: Final = 300
"""Characters of a line that come from the report itself."""


@attrs.frozen
class _Period:
    from_: str
    to: str
    segments: list[str]


@attrs.frozen
class _Range:
    first: int
    end: int


@attrs.frozen
class _Opened:
    index: int
    entry: dict[str, Any]
    salt: str
    row: dict[str, Any]


@attrs.frozen
class _Node:
    first: int
    level: int
    hash: str


@attrs.frozen
class _Unopened:
    total: int
    sealed: int
    other_periods: int
    nodes: list[_Node]


@attrs.frozen
class _Figure:
    table: str
    measure: str
    by: dict[str, str]
    value: Any


@attrs.frozen
class Report:
    """The members of the document that the checks read, each of its type; nothing is believed yet."""

    period: _Period
    published_at: datetime
    origin: str
    checkpoint: str
    entry_range: _Range
    demonstration: dict[str, str] | None
    policies: list[str]
    footnotes: list[dict[str, str]]
    figures: list[_Figure]
    openings: list[_Opened]
    unopened: _Unopened


@attrs.frozen
class _Read(Report):
    """A report with the document as it came and the regime that it names."""

    whole: dict[str, Any]
    regime: Regime


_KEYS: Final = frozenset({
    "schema", "regime", "title", "measures", "tables", "period", "demonstration", "published_at", "origin",
    "checkpoint", "entry_range", "policies", "figures", "footnotes", "openings", "unopened",
})  # fmt: skip


def verify_report(report: bytes, trust: Trust | str) -> tuple[tuple[str, ...], int]:
    """The lines to print and the exit code: 0 everything holds, 1 something does not, 2 not a report or not
    a key. `trust` is the log's public key, or keys, witnesses and quorum; it comes from anywhere but the
    report. Total: no bytes raise.
    """
    try:
        accepted = read_trust([trust]) if isinstance(trust, str) else trust
        found = _read(report)
    except BadInput as error:
        return tuple(p.line() for p in error.problems), error.exit_code
    lines: list[str] = []
    failed = False
    for number, (said, findings) in enumerate(_steps(found, accepted), start=1):
        failed = failed or bool(findings)
        lines.append(f"{'FAIL' if findings else 'ok'} {number}. {_plain(said)}")
        lines += [f"  - {_plain(finding)}" for finding in findings[:SHOWN]]
        if len(findings) > SHOWN:
            lines.append(f"  - and {len(findings) - SHOWN} more")
    lines.append(f"report sha256 {sha256_of(report)}")
    lines.append("NOT VERIFIED: do not rely on this report" if failed else "verified")
    return tuple(lines), 1 if failed else 0


def _plain(text: str) -> str:
    """A text out of the report, fit for a terminal: one line, nothing invisible, not endless."""
    return "".join(c if c.isprintable() else "?" for c in text[:LONGEST])


def _read(report: bytes) -> _Read:
    """Bytes → the document with every member of the type it must have, or `BadInput`."""
    data = decode(report, "report")
    if not isinstance(data, dict) or data.get("schema") != SCHEMA or data.keys() != _KEYS:
        raise bad("report.document.malformed", "report")
    regime_id = data["regime"].get("id") if isinstance(data["regime"], dict) else None
    if not isinstance(regime_id, str) or not isinstance(data["period"], dict):
        raise bad("report.document.malformed", "report.regime")
    plain = {f.name: data[f.name] for f in attrs.fields(Report)}
    plain["period"] = {("from_" if name == "from" else name): x for name, x in data["period"].items()}
    shaped = from_json(Report, plain, "report")
    members = {f.name: getattr(shaped, f.name) for f in attrs.fields(Report)}
    return _Read(**members, whole=data, regime=regime(regime_id))


def _steps(report: _Read, trust: Trust) -> Iterator[tuple[str, list[str]]]:
    """Each step of the recipe: what it says, and what is wrong."""
    rows = [o.row for o in report.openings]
    yield "document complete, definitions known", _definitions(report)
    yield f"period {report.period.from_} to {report.period.to}", _period(report)
    checkpoint, findings = _checkpoint(report, trust)
    yield (
        f"checkpoint of {report.origin}, {report.entry_range.end} entries, signed by a key you accept",
        findings,
    )
    yield f"{len(rows)} opened rows are what their entries committed to", _openings(report)
    yield "the root over all entries is the checkpoint's", _root(report, checkpoint)
    malformed = _rows(report)
    yield "every opened row is complete and of the period", malformed
    yield "rule sets and demonstration label follow from the rows", _labels(report)
    if malformed:
        yield "figures cannot be counted from malformed rows", ["see step 6"]
    else:
        yield f"{len(report.figures)} figures counted again", _figures(report)
    shut = report.unopened
    said = (
        f"{shut.total} entries stay shut; the publisher attests that {shut.sealed} are sealed"
        f" and {shut.other_periods} are not of this period"
    )
    yield said, _shut(report)


def _definitions(report: _Read) -> list[str]:
    """What of the definitions differs from this version's, each measure by name."""
    expected = frame(report.regime)
    known = {m["id"]: m for m in expected["measures"]}
    listed = report.whole["measures"]
    named = [m for m in listed if isinstance(m, dict)] if isinstance(listed, list) else []
    findings = [
        f"measure `{m.get('id')}` is not defined like this here"
        for m in named
        if known.get(str(m.get("id"))) != m
    ]
    for name, value in expected.items():
        if report.whole[name] != value and not (name == "measures" and findings):
            findings.append(f"`{name}` differs from the regime `{report.regime.id}`")
    footnotes = [t.as_json() for t in report.regime.footnotes]
    if report.footnotes[: len(footnotes)] != footnotes:
        findings.append("the regime's footnotes are missing")
    return findings


def _period(report: _Read) -> list[str]:
    try:
        begins_on = read_date(report.period.from_, "report.period.from")
        ends_on = read_date(report.period.to, "report.period.to")
        segments = segments_between(report.regime, begins_on, ends_on)
    except BadInput as error:
        return [p.line() for p in error.problems]
    findings = []
    if report.period.segments != [s.id for s in segments]:
        findings.append("the segments listed are not those of the period")
    if legal_date(report.published_at, report.regime.zone) <= ends_on:
        findings.append("it was published before the period was over")
    return findings


def _checkpoint(report: _Read, trust: Trust) -> tuple[Checkpoint | None, list[str]]:
    try:
        checkpoint = open_checkpoint(report.checkpoint, trust)
    except BadInput as error:
        return None, [p.line() for p in error.problems]
    findings = []
    if checkpoint.origin != report.origin:
        findings.append("the checkpoint is of another origin")
    if (report.entry_range.first, report.entry_range.end) != (0, checkpoint.size):
        findings.append(f"the checkpoint covers {checkpoint.size} entries")
    return checkpoint, findings


def _openings(report: _Read) -> list[str]:
    findings = []
    before = -1
    seen: set[str] = set()
    for opened in report.openings:
        place = f"entry {opened.index}"
        if opened.index <= before:
            findings.append(f"{place} is opened twice or out of order")
        before = max(before, opened.index)
        try:
            entry = read_entry(opened.entry, place)
        except BadInput:
            findings.append(f"{place} is malformed")
            continue
        if entry.id in seen:
            findings.append(f"{place} repeats the id of another")
        seen.add(entry.id)
        if not COMMITMENT.fullmatch(opened.salt):
            findings.append(f"{place}: the salt is malformed")
        elif not check_opening(entry, Opening(Part.STAT, bytes.fromhex(opened.salt), opened.row)):
            findings.append(f"{place}: the row is not what the entry committed to")
    return findings


def _root(report: _Read, checkpoint: Checkpoint | None) -> list[str]:
    """The tree grown again from opened entries and unopened nodes, which must lie end to end."""
    if checkpoint is None:
        return ["there is no signed root to compare with"]
    try:
        pieces = [(o.index, 0, leaf_hash(read_entry(o.entry).encode())) for o in report.openings]
    except BadInput:
        return ["an opened entry is malformed"]
    for node in report.unopened.nodes:
        if not COMMITMENT.fullmatch(node.hash) or not 0 <= node.level < 63:  # noqa: PLR2004 - ledger sizes
            return [f"the node at {node.first} is malformed"]
        pieces.append((node.first, node.level, bytes.fromhex(node.hash)))
    tree = Frontier()
    for first, level, hashed in sorted(pieces):
        if first != tree.size:
            return [f"entries overlap or are missing at {min(first, tree.size)}"]
        try:
            tree = tree.push(level, hashed)
        except BadInput:
            return [f"the node at {first} cannot stand there"]
    if tree.size != checkpoint.size:
        return [f"the pieces cover {tree.size} entries, the checkpoint {checkpoint.size}"]
    return [] if tree.root() == checkpoint.root else ["the entries do not give the checkpoint's root"]


_TEXTS: Final = ("request_ref", "month", "custodian", "unit", "item", "ground", "policy")
_WORDS: Final[dict[str, frozenset[str]]] = {
    "kind": frozenset(v.EventKind),
    "component": frozenset(v.Component),
    "channel": frozenset(v.Channel),
    "paper_authority": frozenset(v.Authority),
    "paper_kind": frozenset(v.InstrumentKind),
    "purpose": frozenset(v.PurposeClass),
    "category": frozenset(v.DataCategory),
    "subjects": frozenset(v.SubjectsBand),
    "effect": frozenset(v.Effect) | {"none"},
    "outcome": frozenset(v.Outcome) | {"none"},
    "override": frozenset({"none", "toward_release", "toward_refusal"}),
    "days_band": frozenset(v.DaysBand),
}
_COLUMNS: Final = frozenset(row_json(ReportingRow(v.EventKind.REQUEST_RECEIVED, "", "", "", "")))


def _rows(report: _Read) -> list[str]:
    wanted = set(report.period.segments)
    received: dict[str, tuple[str, list[str]]] = {}
    findings = []
    for opened in report.openings:
        row = opened.row
        if not _well_formed(row):
            findings.append(f"entry {opened.index}: the row is malformed")
            continue
        inside = wanted & set(row["periods"])
        if not inside or row["month"] not in {segment.partition(":")[2][:7] for segment in inside}:
            findings.append(f"entry {opened.index}: the row is not of the period")
        same = received.setdefault(row["request_ref"], (row["month"], row["periods"]))
        if same != (row["month"], row["periods"]):
            findings.append(f"entry {opened.index}: two rows of one request disagree on when it came")
    return findings


def _well_formed(row: dict[str, Any]) -> bool:
    """Whether a row has every column, each of its type, closed words where the column has a list."""
    if row.keys() != _COLUMNS or not row["request_ref"]:
        return False
    texts = all(isinstance(row[name], str) for name in (*_TEXTS, *_WORDS))
    flags = isinstance(row["repeat"], bool) and isinstance(row["demo"], bool)
    days = row["days"] is None or (type(row["days"]) is int and row["days"] >= 0)
    periods = isinstance(row["periods"], list) and all(isinstance(p, str) for p in row["periods"])
    return texts and flags and days and periods and all(row[name] in words for name, words in _WORDS.items())


def _labels(report: _Read) -> list[str]:
    findings = []
    policies = {str(o.row.get("policy")) for o in report.openings} - {"none"}
    if report.policies != sorted(policies):
        findings.append("the rule sets listed are not those of the rows")
    invented = any(o.row.get("demo") is True for o in report.openings)
    if invented and report.demonstration is None:
        findings.append("rows of a demonstration are published without the label")
    if report.demonstration not in (None, report.regime.demonstration.as_json()):
        findings.append("the demonstration label is not the regime's")
    return findings


def _figures(report: _Read) -> list[str]:
    months = [segment.partition(":")[2][:7] for segment in report.period.segments]
    rows = [o.row for o in report.openings]
    expected = recount(rows, [str(o) for o in report.regime.measured], months)
    dimensions = {t["id"]: t["dimensions"] for t in frame(report.regime)["tables"]}
    findings = []
    seen: set[Cell] = set()
    for figure in report.figures:
        cell = _cell(figure, dimensions)
        name = _name(cell)
        if cell in seen:
            findings.append(f"{name} is published twice")
        elif cell not in expected:
            findings.append(f"{name} is not a figure of this report")
        elif (type(figure.value), figure.value) != (type(expected[cell]), expected[cell]):
            findings.append(f"{name}: published {figure.value}, counted {expected[cell]}")
        seen.add(cell)
    return findings + [f"{_name(cell)} is missing" for cell in expected if cell not in seen]


def _cell(figure: _Figure, dimensions: dict[str, list[str]]) -> Cell:
    """The figure's name, its dimensions in the table's order."""
    order = ["requesters", *dimensions.get(figure.table, [])]
    by = sorted(figure.by.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))
    return figure.table, figure.measure, tuple(by)


def _name(cell: Cell) -> str:
    table, measure, by = cell
    return f"{table}.{measure} [{', '.join(value for _, value in by)}]"


def _shut(report: _Read) -> list[str]:
    shut = report.unopened
    covered = sum(1 << n.level for n in report.unopened.nodes if 0 <= n.level < 63)  # noqa: PLR2004 - ledger sizes
    findings = []
    if covered != shut.total or shut.total != report.entry_range.end - len(report.openings):
        findings.append("the count of entries that stay shut is wrong")
    if min(shut.sealed, shut.other_periods) < 0 or shut.sealed + shut.other_periods != shut.total:
        findings.append("sealed and other entries do not add up to those that stay shut")
    return findings
