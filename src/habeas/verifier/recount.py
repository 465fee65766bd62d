"""The figures of a report, counted again: from the opened rows as plain JSON, by other code.

Shares nothing with `report.counting` and `report.measures` but the words of the vocabulary. A mistake
made there would have to be made here too, in another way, before a wrong figure could pass.

The counting rule, in steps:

1. the rows of one `request_ref` are one request; rows with `repeat` are re-sent messages, counted apart;
2. its attributes are those of its last row, its month that of its first;
3. an item is what the last `determination.made` or `item.overridden` row of it says;
4. one item released: granted (in whole when all are). Else one undecided, contested or with counsel, or
   no item at all: pending. Else one refused: refused. Else: other ending.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from habeas.domain import vocabulary as v

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Row = Mapping[str, Any]

Cell = tuple[str, str, tuple[tuple[str, str], ...]]
"""(table, measure, ((dimension, value), …)): the name of one figure."""

_DECISIONS: Final = ("determination.made", "item.overridden")
_OPEN: Final = ("undecided", "contest", "counsel")
_ITEM_COLUMNS: Final = {
    "items_released": ("release",),
    "items_refused": ("refuse",),
    "items_contested": ("contest",),
    "items_with_counsel": ("counsel",),
    "items_other": ("no_records", "not_custodian", "withdrawn"),
    "items_undecided": ("undecided",),
}
_REQUEST_COLUMNS: Final = {
    "requests": ("whole", "part", "refused", "other", "pending"),
    "granted": ("whole", "part"),
    "granted_whole": ("whole",),
    "granted_in_part": ("part",),
    "refused": ("refused",),
    "other_endings": ("other",),
    "pending": ("pending",),
}
_REQUEST_TABLES: Final = {
    "requester": ("organisation", "component"),
    "custodian": ("custodian", "unit"),
    "month": ("month",),
    "paper": ("paper_authority", "paper_kind"),
    "purpose": ("purpose",),
    "channel": ("channel",),
    "subjects": ("subjects",),
    "days": ("days",),
}
_ITEM_TABLES: Final = ("category", "effect", "ground", "outcome")
_ALWAYS: Final = {
    "purpose": tuple(v.PurposeClass),
    "channel": tuple(v.Channel),
    "subjects": tuple(v.SubjectsBand),
    "days": (*v.DaysBand, "unknown"),
    "category": ("unknown",),
    "effect": tuple(v.Effect),
    "outcome": (*v.Outcome, "undecided"),
}


def recount(rows: Iterable[Row], measured: Iterable[str], months: Iterable[str]) -> dict[Cell, Any]:
    """Every figure that a report over these rows must hold, by name; no more and no fewer."""
    requests = _requests(rows, frozenset(measured))
    counted: dict[Cell, Any] = {}
    for group in ("measured", "other", "unknown", "all"):
        some = [r for r in requests if group in (r["group"], "all")]
        _put_headline(counted, group, some)
        if group != "all":
            _put_request_tables(counted, group, some, tuple(months))
            _put_item_tables(counted, group, some)
    return counted


def _requests(rows: Iterable[Row], measured: frozenset[str]) -> list[dict[str, Any]]:
    """One plain record a request: attributes, items, ending, directions, days, repeats, group."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        ref = row["request_ref"]
        request = found.setdefault(ref, _fresh(row["month"]))
        if row["repeat"]:
            request["again"] += 1
            if not request["own"]:
                request["last"] = row
            continue
        request["own"], request["last"] = True, row
        if row["days"] is not None:
            request["days"] = row["days"]
        if row["kind"] in _DECISIONS:
            if row["override"] != "none":
                request["away"].append(row["override"])
            request["items"][row["item"]] = row
        elif row["item"]:
            request["items"].setdefault(row["item"], row)
    for request in found.values():
        _finish(request, measured)
    return list(found.values())


def _fresh(month: str) -> dict[str, Any]:
    return {"month": month, "own": False, "items": {}, "away": [], "days": None, "again": 0}


def _finish(request: dict[str, Any], measured: frozenset[str]) -> None:
    request["items"].pop("", None)
    request["decided"] = [_decided(row) for row in request["items"].values()]
    outcomes = [item["outcome"] for item in request["decided"]]
    request["ending"] = _ending(outcomes)
    last = request["last"]
    organisation = str(v.Component(last["component"]).organisation)
    request["keys"] = {
        **{name: last[name] for name in ("custodian", "unit", "component", "channel", "purpose", "subjects")},
        **{name: last[name] for name in ("paper_authority", "paper_kind")},
        "organisation": organisation,
        "month": request["month"],
        "days": _days(request),
    }
    if not measured or organisation in measured:
        request["group"] = "measured"
    else:
        request["group"] = "unknown" if organisation == "unknown" else "other"


def _decided(row: Row) -> dict[str, str]:
    outcome = row["outcome"] if row["kind"] in _DECISIONS else "none"
    return {
        "category": row["category"],
        "effect": row["effect"],
        "ground": row["ground"],
        "outcome": "undecided" if outcome == "none" else outcome,
    }


def _ending(outcomes: list[str]) -> str:
    released = outcomes.count("release")
    if released:
        return "whole" if released == len(outcomes) else "part"
    if not outcomes or any(o in _OPEN for o in outcomes):
        return "pending"
    return "refused" if "refuse" in outcomes else "other"


def _days(request: dict[str, Any]) -> str:
    days = request["days"]
    if request["ending"] == "pending":
        return "pending"
    if days is None:
        return "unknown"
    steps = ((30, ">30"), (14, "15-30"), (7, "8-14"), (3, "4-7"), (0, "1-3"))
    return next((band for over, band in steps if days > over), "0")


def _median(days: list[int]) -> str | None:
    days = sorted(days)
    half = len(days) // 2
    if not days:
        return None
    if len(days) % 2:
        return str(days[half])
    low, high = days[half - 1], days[half]
    return str((low + high) // 2) + (".5" if (low + high) % 2 else "")


def _put_headline(counted: dict[Cell, Any], group: str, some: list[dict[str, Any]]) -> None:
    endings = Counter(r["ending"] for r in some)
    outcomes = Counter(item["outcome"] for r in some for item in r["decided"])
    away = Counter(direction for r in some for direction in r["away"])
    ended = [r for r in some if r["ending"] != "pending"]
    timed = [r["days"] for r in ended if r["days"] is not None]
    values: dict[str, Any]
    values = {name: sum(endings[w] for w in words) for name, words in _REQUEST_COLUMNS.items()}
    values |= {name: sum(outcomes[w] for w in words) for name, words in _ITEM_COLUMNS.items()}
    values |= {
        "items": sum(outcomes.values()),
        "answered": len(ended),
        "timed": len(timed),
        "median_days": _median(timed),
        "repeats": sum(r["again"] for r in some),
        "overrides": sum(away.values()),
        "overrides_toward_release": away["toward_release"],
        "overrides_toward_refusal": away["toward_refusal"],
    }
    for name, value in values.items():
        counted["headline", name, (("requesters", group),)] = value


def _put_request_tables(
    counted: dict[Cell, Any], group: str, some: list[dict[str, Any]], months: tuple[str, ...]
) -> None:
    for table, dimensions in _REQUEST_TABLES.items():
        tally = Counter((*(r["keys"][d] for d in dimensions), r["ending"]) for r in some)
        keys = {key[:-1] for key in tally}
        keys |= {(str(w),) for w in (months if table == "month" else _ALWAYS.get(table, ()))}
        for key in keys:
            by = (("requesters", group), *zip(dimensions, key, strict=True))
            for name, endings in _REQUEST_COLUMNS.items():
                counted[table, name, by] = sum(tally[*key, ending] for ending in endings)


def _put_item_tables(counted: dict[Cell, Any], group: str, some: list[dict[str, Any]]) -> None:
    items = [item for r in some for item in r["decided"]]
    for table in _ITEM_TABLES:
        tally = Counter((item[table], item["outcome"]) for item in items)
        keys = {key for key, _ in tally} | {str(w) for w in _ALWAYS.get(table, ())}
        for key in keys:
            by = (("requesters", group), (table, key))
            counted[table, "items", by] = sum(n for (k, _), n in tally.items() if k == key)
            for name, outcomes in _ITEM_COLUMNS.items():
                counted[table, name, by] = sum(tally[key, o] for o in outcomes)
