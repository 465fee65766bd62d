"""The cases of every rule pack: what a lawyer can read is what the rules say."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import attrs
import pytest
import yaml

from habeas.domain import vocabulary as v
from habeas.domain.facts import SPEC, Fact, FactSet, Scope
from habeas.policy.catalogue import find, load, pack_ids, with_required
from habeas.policy.evaluate import evaluate
from habeas.policy.pack import freeze

FACT = re.compile(r"(?P<value>[a-z0-9_]+)(?: \((?P<source>[a-z]+)\))?")
KEYS = {"name", "date", "with", "facts", "effect", "rules", "missing", "duties", "nearest"}
DEFAULT_ON = date(2025, 1, 15)


@attrs.frozen
class Case:
    """One case with what its file gives to all of them."""

    pack: str
    name: str
    on: date
    beside: tuple[str, ...]
    facts: FactSet
    expected: dict[str, Any]


def written(text: object) -> Fact | None:
    """`yes (court)` → a fact; `unknown` takes one away."""
    found = FACT.fullmatch(str(text))
    assert found, text
    if found["value"] == "unknown":
        return None
    assert found["source"], f"{text}: who vouches for it?"
    return Fact(found["value"], v.Source(found["source"]), v.Reading.PERSON)


def cases_of(pack_id: str) -> list[Case]:
    found = []
    for path, data in find(pack_id).items():
        if not path.startswith("cases/"):
            continue
        document = yaml.safe_load(data)
        assert document.keys() <= {"title", "date", "papers", "given", "cases"}, path
        for entry in document["cases"]:
            assert entry.keys() <= KEYS, entry["name"]
            facts = {n: written(t) for n, t in (document.get("given", {}) | entry["facts"]).items()}
            on = entry.get("date", document.get("date", DEFAULT_ON))
            known = FactSet({n: f for n, f in facts.items() if f})
            found.append(Case(pack_id, entry["name"], on, tuple(entry.get("with", ())), known, entry))
    return found


CASES = [case for pack_id in pack_ids() for case in cases_of(pack_id)]


def test_every_pack_has_a_good_set_of_cases_and_some_with_unknowns() -> None:
    for pack_id in pack_ids():
        mine = [c for c in CASES if c.pack == pack_id]
        assert len(mine) >= 12, pack_id
        assert any(c.expected["effect"] == "undetermined" for c in mine), pack_id
        assert len({c.name for c in mine}) == len(mine), pack_id


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.pack}: {case.name}")
def test_a_case_comes_out_as_it_says(case: Case) -> None:
    version = freeze(with_required(load(p) for p in (case.pack, *case.beside)))
    own = case.facts.of_scope(Scope.ITEM)
    item = evaluate(case.facts, (("1", own),), version, case.on).items[0]
    answer = {
        "effect": str(item.effect),
        "rules": [r.id for r in item.rules],
        "missing": [m.fact + (f" ({m.source})" if m.source else "") for m in item.missing],
        "duties": [str(d.kind) for d in item.duties],
        "nearest": [r.id for r in item.nearest],
    }
    expected = {key: case.expected[key] for key in answer if key in case.expected}
    assert {key: answer[key] for key in expected} == expected
    assert item.incidents == ()


def test_every_rule_of_every_pack_stands_in_some_case() -> None:
    seen: set[str] = set()
    for case in CASES:
        version = freeze(with_required(load(p) for p in (case.pack, *case.beside)))
        item = evaluate(case.facts, (("1", FactSet({})),), version, case.on).items[0]
        seen |= {r.id for r in item.rules} | {d.rule.id for d in item.duties}
    every = {rule.id for pack_id in pack_ids() for rule in load(pack_id).rules}
    assert every - seen == set()


def test_the_facts_of_the_cases_are_all_in_the_table() -> None:
    assert {name for case in CASES for name in case.facts.facts} <= SPEC.keys()
