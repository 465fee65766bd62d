"""The Cedar schema and the JSON Schema follow the one table of facts."""

from __future__ import annotations

import json
from pathlib import Path

import cedarpy
from jsonschema import Draft202012Validator

from habeas.domain import vocabulary as v
from habeas.domain.facts import FACTS, FactSet
from habeas.policy.catalogue import find, pack_ids
from habeas.policy.pack import toml
from habeas.policy.schema import (
    ACTIONS,
    ATTRIBUTES,
    CANARY,
    CANARY_ERROR,
    cedar_schema,
    context_json,
    point_of,
    word_lists,
)
from tests.core.policy.making import facts

SCHEMAS = Path(__file__).resolve().parents[3] / "schemas"


def test_cedar_reads_the_schema() -> None:
    assert "disclose" in str(cedarpy.Schema.from_str(cedar_schema()))


def test_every_fact_is_two_required_attributes() -> None:
    text = cedar_schema()
    for spec in FACTS:
        assert f"  {spec.name}: {spec.values.__name__}," in text
        assert f"  {spec.name}_source: Source," in text
    assert "?" not in text
    assert len(ATTRIBUTES) == 2 * len(FACTS)


def test_unknown_is_a_word_of_every_fact_that_no_rule_may_use() -> None:
    for attribute in ATTRIBUTES.values():
        assert v.UNKNOWN not in attribute.words
    assert all(v.UNKNOWN in words for name, words in word_lists().items() if name != "Source")


def test_two_word_lists_never_share_a_name() -> None:
    assert len({spec.values for spec in FACTS}) == len({spec.values.__name__ for spec in FACTS})


def test_every_duty_is_an_action_and_the_canaries_are_not() -> None:
    assert {str(kind) for kind in v.DutyKind} < set(ACTIONS)
    assert {CANARY, CANARY_ERROR}.isdisjoint(ACTIONS)


def test_a_context_says_unknown_where_nothing_is_known() -> None:
    context = json.loads(context_json(point_of(facts(consent="yes"))))
    assert context.keys() == ATTRIBUTES.keys()
    assert context["consent"] == {"type": "YesNo", "id": "yes"}
    assert context["agreement"] == {"type": "YesNo", "id": "unknown"}
    assert json.loads(context_json(point_of(FactSet({}))))["paper_form"]["id"] == "unknown"


def test_the_manifests_fit_their_json_schema() -> None:
    checker = Draft202012Validator(json.loads((SCHEMAS / "habeas.pack.v1.json").read_text(encoding="utf-8")))
    for pack_id in pack_ids():
        manifest = toml(find(pack_id)["pack.toml"], pack_id)
        checker.validate(json.loads(json.dumps(manifest, default=str)))
