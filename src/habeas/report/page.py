"""The report as a page to read: everything `report.typ` prints, in one language, as texts in order.

Hides how figures become sentences and rows. Promises that every number on the page is a figure of the
document, that a share is a whole per cent rounded half up and never stands without its count, and that
each table says which log it comes from.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.kernel.clock import legal_date, read_date, read_instant
from habeas.ledger.note import parse_checkpoint, split_note
from habeas.report.measures import EVERYBODY, HEADLINE
from habeas.report.regimes import regime, segments_between
from habeas.report.snapshot import sha256_of, to_json
from habeas.report.words import Words, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from habeas.domain.vocabulary import Language
    from habeas.ledger.note import Checkpoint

    Json = Any

TEMPLATE: Final = "report/report.typ"
"""The template's name for `usecases.ports.Typesetter`."""

COMMAND: Final = "habeas report verify FILE --vkey KEY"
"""What a reader runs to count again."""

_ORDERED: Final = frozenset({"month", "purpose", "channel", "subjects", "days", "effect", "outcome"})
_ENDINGS: Final = ("granted_whole", "granted_in_part", "refused", "other_endings", "pending")
_SHORT_ROOT: Final = 12

SUMMARY_ROWS: Final = 8
"""Rows of the agencies' table on the first page; the full table stands among the others."""


@attrs.frozen
class _Source:
    """The document with its figures by (table, requesters, key) → measure → value."""

    document: Json
    words: Words
    names: Mapping[str, str]
    checkpoint: Checkpoint
    cells: dict[tuple[str, str, tuple[str, ...]], dict[str, Any]]

    def head(self, group: str, measure: str) -> Any:  # noqa: ANN401 - a figure is a number, a text or None
        """A figure of a group as a whole."""
        return self.cells[HEADLINE, group, ()][measure]

    @property
    def requesters(self) -> str:
        """Whose requests the headline counts."""
        return str(self.document["regime"]["requesters"][self.words.language])

    @property
    def proof(self) -> str:
        """The line below every table."""
        return self.words.page(
            "proof_short",
            size=self.checkpoint.size,
            root=self.checkpoint.root.hex()[:_SHORT_ROOT],
        )


def page(document: Json, language: Language, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What `report.typ` prints. `names` gives readable names: `cdle` → the agency, `cdle/ui-fraud` → the
    unit, a rule's id → its citation; what has no name is shown by its id.
    """
    source = _source(document, language, names or {})
    w = source.words
    law = regime(document["regime"]["id"])
    published = legal_date(read_instant(document["published_at"], "report.published_at"), law.zone)
    begins, ends = (read_date(document["period"][key], f"report.period.{key}") for key in ("from", "to"))
    return {
        "lang": str(language),
        "title": document["title"][language],
        "law": document["regime"]["law"][language],
        "period": w.page("period", **{"from": w.day(begins), "to": w.day(ends)}),
        "published": w.page("published", date=w.day(published)),
        "demonstration": document["demonstration"][language] if document["demonstration"] else "",
        "summary": _summary(source),
        "sections": _sections(source),
        "definition_head": [w.page(f"definition_{key}") for key in ("term", "text", "rule")],
        "definitions": [_definition(m, source) for m in document["measures"]],
        "notes": [note[language] for note in document["footnotes"]],
        "limits": list(w.sections["limits"].values()),
        "proof": _proof(source),
        "proof_short": source.proof,
        "command": COMMAND,
        "page": w.sections["page"]["page"],
        "words": {key: w.page(key) for key in _PLAIN},
    }


_PLAIN: Final = ("endings", "places", "share", "definitions", "definitions_intro", "notes", "limits", "proof",
                 "demo")  # fmt: skip


def _source(document: Json, language: Language, names: Mapping[str, str]) -> _Source:
    dimensions = {t["id"]: t["dimensions"] for t in document["tables"]}
    cells: dict[tuple[str, str, tuple[str, ...]], dict[str, Any]] = {}
    for f in document["figures"]:
        key = tuple(f["by"][name] for name in dimensions.get(f["table"], ()))
        cells.setdefault((f["table"], f["by"]["requesters"], key), {})[f["measure"]] = f["value"]
    checkpoint = parse_checkpoint(split_note(document["checkpoint"])[0])
    return _Source(document, words(language), names, checkpoint, cells)


def per_cent(part: int, whole: int) -> int:
    """A whole per cent, rounded half up; 0 where there is no whole."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def _summary(source: _Source) -> dict[str, Any]:
    """The first page: two numbers, how the requests ended, which agencies were asked, everybody else."""
    w, head = source.words, source.head
    requests, granted = head("measured", "requests"), head("measured", "granted")
    median = head("measured", "median_days")
    granted_share = w.page("percent", n=per_cent(granted, requests))
    endings = [
        {
            "label": w.of("measure", name),
            "value": str(head("measured", name)),
            "share": w.page("percent", n=per_cent(head("measured", name), requests)) if requests else "",
            "permille": head("measured", name) * 1000 // requests if requests else 0,
        }
        for name in _ENDINGS
    ]
    return {
        "requests": str(requests),
        "requests_label": w.page("headline_requests", requesters=source.requesters),
        "granted": str(granted),
        "granted_label": w.page("headline_granted"),
        "granted_share": w.page("of_requests", share=granted_share) if requests else "",
        "head": [w.of("dimension", "outcome"), w.of("column", "requests"), w.page("share")],
        "endings": endings,
        "facts": [
            {"value": median or "\u2013", "label": w.page("median" if median else "median_none")},
            {
                "value": str(head("measured", "overrides")),
                "label": w.page(
                    "overrides",
                    release=head("measured", "overrides_toward_release"),
                    refusal=head("measured", "overrides_toward_refusal"),
                ),
            },
            {"value": str(head("measured", "repeats")), "label": w.page("repeats")},
        ],
        "places": _first(
            _table(source, "custodian", ["measured"], ("requests", "granted", "refused", "pending")),
            w.page("other_places"),
        ),
        "others": _others(source) if source.document["regime"]["measured"] else "",
    }


def _first(table: dict[str, Any], rest: str) -> dict[str, Any]:
    """The table's first rows; the others together in one, so that the summary stays on one page."""
    rows, labels = table["rows"], table["labels"]
    if len(rows) <= SUMMARY_ROWS:
        return table
    kept, others = rows[: SUMMARY_ROWS - 1], rows[SUMMARY_ROWS - 1 :]
    sums = [str(sum(int(row[i]) for row in others)) for i in range(labels, len(table["head"]))]
    return {**table, "rows": [*kept, [rest, *[""] * (labels - 1), *sums]]}


def _others(source: _Source) -> str:
    head = source.head
    if not head("other", "requests") and not head("unknown", "requests"):
        return source.words.page("others_none")
    return source.words.page(
        "others_sentence",
        requesters=source.requesters,
        requests=head("other", "requests"),
        granted=head("other", "granted"),
        unknown=head("unknown", "requests"),
        unknown_granted=head("unknown", "granted"),
    )


def _sections(source: _Source) -> list[dict[str, Any]]:
    """Every table of the measured requesters; of all others, where there are any, those who and where."""
    w = source.words
    tables = [t["id"] for t in source.document["tables"]]
    made = [
        {
            "heading": w.page("measured_section", requesters=source.requesters),
            "tables": [_table(source, name, ["measured"]) for name in tables],
        }
    ]
    if source.head(EVERYBODY, "requests") > source.head("measured", "requests"):
        some = ["requester", "custodian", "paper", "purpose", "outcome"]
        others = [_table(source, name, ["other", "unknown"]) for name in some]
        made.append({"heading": w.page("other_section"), "tables": others})
    return made


def _table(
    source: _Source, name: str, groups: Iterable[str], measures: tuple[str, ...] = ()
) -> dict[str, Any]:
    """One table as texts: label columns first, then the counts, and the total below."""
    w = source.words
    described = next(t for t in source.document["tables"] if t["id"] == name)
    columns = list(measures or described["measures"])
    rows: dict[tuple[str, ...], list[int]] = {}
    for (table, group, key), values in source.cells.items():
        if table == name and group in groups:
            before = rows.get(key, [0] * len(columns))
            rows[key] = [sum(pair) for pair in zip(before, (values[m] for m in columns), strict=True)]
    totals = [sum(source.head(g, m) for g in groups) for m in columns]
    return {
        "title": described[w.language],
        "head": [w.of("dimension", d) for d in described["dimensions"]]
        + [w.of("column", m) for m in columns],
        "labels": len(described["dimensions"]),
        "rows": [
            [*_labels(source, described["dimensions"], key), *(str(n) for n in rows[key])]
            for key in _in_order(source, name, rows)
        ],
        "total": [w.page("total"), *[""] * (len(described["dimensions"]) - 1), *(str(n) for n in totals)],
    }


def _in_order(source: _Source, name: str, rows: dict[tuple[str, ...], list[int]]) -> list[tuple[str, ...]]:
    """The order of the vocabulary where it has one. Else the most requests first, whose first label is the
    same together, zeros left out.
    """
    if name == "month":
        return sorted(rows)
    if name in _ORDERED:
        order = list(source.words.sections[name])
        return sorted(rows, key=lambda key: order.index(key[0]) if key[0] in order else len(order))
    counted = [key for key in rows if rows[key][0] or key == ("unknown",)]
    together: dict[str, int] = {}
    for key in counted:
        together[key[0]] = together.get(key[0], 0) + rows[key][0]
    return sorted(counted, key=lambda key: (-together[key[0]], key[0], -rows[key][0], key))


def _labels(source: _Source, dimensions: list[str], key: tuple[str, ...]) -> list[str]:
    if dimensions == ["month"]:
        return [_month(source, key[0])]
    if dimensions == ["custodian", "unit"]:
        full = "/".join(key)
        return [source.names.get(key[0], key[0]), source.names.get(full, key[1])]
    found = [source.words.of(d, word) for d, word in zip(dimensions, key, strict=True)]
    return [
        source.names.get(word, text) if word == text else text for word, text in zip(key, found, strict=True)
    ]


def _month(source: _Source, month: str) -> str:
    period = source.document["period"]
    begins, ends = date.fromisoformat(period["from"]), date.fromisoformat(period["to"])
    segments = segments_between(source.document["regime"]["id"], begins, ends)
    return next((source.words.segment(s) for s in segments if s.month == month), month)


def _definition(measure: Json, source: _Source) -> dict[str, str]:
    return {
        "term": source.words.of("measure", measure["id"]),
        "text": measure[source.words.language],
        "rule": measure["rule"],
    }


def _proof(source: _Source) -> list[str]:
    document, w = source.document, source.words
    shut = document["unopened"]
    return [
        w.page("proof_1", size=source.checkpoint.size, root=source.checkpoint.root.hex()),
        w.page("proof_2", digest=sha256_of(to_json(document))),
        w.page("proof_3", command=COMMAND, origin=document["origin"]),
        w.page(
            "sealed",
            opened=len(document["openings"]),
            sealed=shut["sealed"],
            other=shut["other_periods"],
        ),
    ]
