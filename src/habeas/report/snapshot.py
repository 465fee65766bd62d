"""The published report: figures bound to a checkpoint, with everything a stranger needs to recount them.

Hides how a report is put together. Promises that figures come from the opened reporting rows alone,
that every entry of every request counted is opened, that the root over all entries is the checkpoint's,
and that nothing appears before the period is over (contracts.md, *Ledger entry*).

The document is `habeas.report.v1` (`schemas/`). Only the JSON can be verified; the table file and the
PDF are made from it and name its digest.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain.reporting_row import ReportingRow
from habeas.domain.text import Text
from habeas.domain.vocabulary import Language
from habeas.kernel.canonical import encode
from habeas.kernel.clock import legal_date, write_instant
from habeas.kernel.errors import bad, broken
from habeas.ledger.entry import decode_entry, read_entry
from habeas.ledger.merkle import Frontier, fold, leaf_hash, subtrees
from habeas.ledger.note import parse_checkpoint, split_note
from habeas.report.counting import fold_rows
from habeas.report.measures import MEASURES, TABLES, figures
from habeas.report.regimes import segments_between
from habeas.report.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from habeas.ledger.note import Checkpoint
    from habeas.report.regimes import Regime, Segment

    Json = Any

SCHEMA: Final = "habeas.report.v1"

LogEntry = tuple[int, bytes, "bytes | None", "ReportingRow | None"]
"""(index, entry bytes, `stat` salt, row); salt and row are None where the case is sealed."""


@attrs.frozen
class _Read:
    """The log as far as the checkpoint reaches: every leaf hash, and what can be opened."""

    leaves: list[bytes]
    known: list[tuple[int, bytes, bytes, ReportingRow]]
    sealed: int


def make_report(  # noqa: PLR0913 - the seven things a report is bound to
    regime: Regime,
    begins_on: date,
    ends_on: date,
    entries: Iterable[LogEntry],
    checkpoint_note: str,
    published_at: datetime,
    *,
    demo: bool,
    footnotes: Sequence[Text] = (),
) -> Json:
    """The document `habeas.report.v1` of a period, `begins_on` to `ends_on`, both counted.

    `entries` are those of the log from index 0 in order; ones the checkpoint does not cover yet are left
    out. `footnotes` are added to the regime's own: which rules that determined are not verified.
    Errors: `report.period.boundary`, `report.period.open`; broken: `report.entries.gap`,
    `report.root.mismatch`, `report.opening.mismatch`, `report.rows.disagree`.
    """
    segments = segments_between(regime, begins_on, ends_on)
    if legal_date(published_at, regime.zone) <= ends_on:
        raise bad("report.period.open", "period", last=ends_on)
    checkpoint = parse_checkpoint(split_note(checkpoint_note)[0])
    log = _read_log(entries, checkpoint)
    chosen = _choose(log.known, segments)
    rows = [row for *_, row in chosen]
    counted = fold_rows(rows)
    demonstration = regime.demonstration.as_json() if demo or any(r.demo for r in rows) else None
    return {
        **frame(regime),
        "period": {
            "from": begins_on.isoformat(),
            "to": ends_on.isoformat(),
            "segments": [s.id for s in segments],
        },
        "demonstration": demonstration,
        "published_at": write_instant(published_at),
        "origin": checkpoint.origin,
        "checkpoint": checkpoint_note,
        "entry_range": {"first": 0, "end": checkpoint.size},
        "policies": sorted({r.policy for r in rows} - {"none"}),
        "figures": [f.as_json() for f in figures(counted, regime, (s.month for s in segments))],
        "footnotes": [t.as_json() for t in (*regime.footnotes, *footnotes)],
        "openings": [_opening(*known) for known in chosen],
        "unopened": _unopened(log, [index for index, *_ in chosen]),
    }


def frame(regime: Regime) -> Json:
    """The parts of a report that follow from the regime and the definitions alone."""
    return {
        "schema": SCHEMA,
        "regime": {
            "id": regime.id,
            "jurisdiction": regime.jurisdiction,
            "zone": regime.zone,
            "measured": [str(o) for o in regime.measured],
            "requesters": regime.requesters.as_json(),
            "law": regime.law.as_json(),
        },
        "title": regime.title.as_json(),
        "measures": [m.as_json() for m in MEASURES],
        "tables": [t.as_json() for t in TABLES],
    }


def _read_log(entries: Iterable[LogEntry], checkpoint: Checkpoint) -> _Read:
    """The log's first `checkpoint.size` entries, checked to be gapless and to give its root."""
    log = _Read([], [], 0)
    sealed = 0
    for index, data, salt, row in entries:
        if index >= checkpoint.size:
            break
        if index != len(log.leaves):
            raise broken("report.entries.gap", f"entry {len(log.leaves)}")
        log.leaves.append(leaf_hash(data))
        if salt is None or row is None:
            sealed += 1
        else:
            log.known.append((index, data, salt, row))
    if len(log.leaves) != checkpoint.size:
        raise broken("report.entries.gap", f"entry {len(log.leaves)}")
    if Frontier().extend(log.leaves).root() != checkpoint.root:
        raise broken("report.root.mismatch", "checkpoint")
    return attrs.evolve(log, sealed=sealed)


def _choose(
    known: Iterable[tuple[int, bytes, bytes, ReportingRow]], segments: Sequence[Segment]
) -> list[tuple[int, bytes, bytes, ReportingRow]]:
    """Every row of every request received in the period.

    A request is received once: rows of one request that name different months or segments would let a
    row hide from its report, so they are a broken invariant.
    """
    wanted = {s.id for s in segments}
    rows = [one for one in known if one[3].request_ref]
    received = {one[3].request_ref: one[3] for one in rows if wanted & set(one[3].periods)}
    chosen = [one for one in rows if one[3].request_ref in received]
    for index, _, _, row in chosen:
        other = received[row.request_ref]
        if (row.month, row.periods) != (other.month, other.periods):
            raise broken("report.rows.disagree", f"entry {index}")
    return chosen


def _opening(index: int, data: bytes, salt: bytes, row: ReportingRow) -> Json:
    entry, opened = decode_entry(data), row_as_json(row)
    if hmac.digest(salt, _encode_row(opened), "sha256").hex() != entry.stat:
        raise broken("report.opening.mismatch", f"entry {index}")
    return {"index": index, "entry": entry.as_json(), "salt": salt.hex(), "row": opened}


_NAMES: Final = tuple(f.name for f in attrs.fields(ReportingRow))


def row_as_json(row: ReportingRow) -> Json:
    """What `domain.events.row_json` gives, ten times as fast: a report may open a hundred thousand."""
    return {name: _plain(getattr(row, name)) for name in _NAMES}


def _plain(value: object) -> Json:
    if isinstance(value, str):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


@lru_cache(maxsize=1 << 16)
def _encode_text(text: str) -> bytes:
    """The canonical bytes of a text; the words of rows come back thousands of times."""
    return encode(text)


def _encode_row(row: Json) -> bytes:
    """The canonical bytes of a row, put together from those of its members."""
    return b"{" + b",".join(
        _encode_text(name) + b":" + (_encode_text(row[name]) if type(row[name]) is str else encode(row[name]))
        for name in sorted(row)
    ) + b"}"  # fmt: skip


def _encode_opening(opening: Json) -> bytes:
    return b'{"entry":%b,"index":%d,"row":%b,"salt":"%b"}' % (
        read_entry(opening["entry"]).encode(),
        opening["index"],
        _encode_row(opening["row"]),
        opening["salt"].encode("ascii"),
    )


def _unopened(log: _Read, opened: Sequence[int]) -> Json:
    """The entries left shut, as the fewest tree nodes that cover them, and why the publisher shut them."""
    nodes = []
    first = 0
    for index in (*opened, len(log.leaves)):
        for level, at in subtrees(first, index):
            start = at << level
            covered = log.leaves[start : start + (1 << level)]
            nodes.append({"first": start, "level": level, "hash": fold(covered).hex()})
        first = index + 1
    total = len(log.leaves) - len(opened)
    return {"total": total, "sealed": log.sealed, "other_periods": total - log.sealed, "nodes": nodes}


def to_json(document: Json) -> bytes:
    """The one byte form of the report, RFC 8785: what is published, digested and verified."""
    around = encode({**document, "openings": []})
    openings = b",".join(_encode_opening(one) for one in document["openings"])
    # No text can hold these bytes: inside a JSON string the quotes would be escaped.
    return around.replace(b'"openings":[]', b'"openings":[%b]' % openings, 1)


def sha256_of(report: bytes) -> str:
    """The digest that the table file and the PDF name, hexadecimal."""
    return hashlib.sha256(report).hexdigest()


COLUMNS: Final = (
    "regime", "from", "to", "table", "requesters", "dimension_1", "value_1", "dimension_2", "value_2",
    "label_en", "label_es", "measure", "unit", "figure", "demonstration", "log_size", "log_root",
    "report_sha256",
)  # fmt: skip
"""The header of the table file. One record is one figure; what is true of all of them is repeated in
each, so that any excerpt still says which report it is from. `figure` is empty where there is nothing
to measure; `demonstration` is `yes` or `no`. The labels say the values in words: a spreadsheet may read
`2-10` as a day, it cannot misread `2 to 10`."""


def to_csv(document: Json) -> bytes:
    """The figures as one long table: RFC 4180, UTF-8, CRLF, one header line, one figure a record."""
    checkpoint = parse_checkpoint(split_note(document["checkpoint"])[0])
    head = [document["regime"]["id"], document["period"]["from"], document["period"]["to"]]
    tail = [
        "yes" if document["demonstration"] else "no",
        checkpoint.size,
        checkpoint.root.hex(),
        sha256_of(to_json(document)),
    ]
    units = {m["id"]: m["unit"] for m in document["measures"]}
    dimensions = {t["id"]: t["dimensions"] for t in document["tables"]}
    languages = [words(language) for language in Language]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for f in document["figures"]:
        pairs = [(name, f["by"][name]) for name in dimensions.get(f["table"], [])]
        cells = [word for pair in (*pairs, ("", ""), ("", ""))[:2] for word in pair]
        value = "" if f["value"] is None else f["value"]
        labels = [" · ".join(w.value(*pair) for pair in pairs) for w in languages]
        row = [*head, f["table"], f["by"]["requesters"], *cells, *labels, f["measure"], units[f["measure"]]]
        writer.writerow([*row, value, *tail])
    return out.getvalue().encode("utf-8")
