"""Cedar's four ways to fail open: each shown on Cedar itself, and closed by our engine."""

from __future__ import annotations

import json

import attrs
import cedarpy
import pytest

from habeas.domain.facts import FactSet
from habeas.kernel.errors import BadInput, BrokenInvariant
from habeas.policy import engine
from habeas.policy.engine import (
    ENTITY_MISSING,
    NO_DECISION,
    NO_RULE_ID,
    RULE_ERROR,
    Answer,
    Engine,
    canaries,
    engine_name,
    handles,
)
from habeas.policy.schema import CANARY, CANARY_GROUP, PRINCIPAL, cedar_schema, context_json, point_of
from tests.core.policy.making import facts, rule_text

PERMIT = rule_text("open", "true")
ERRING = rule_text("err", "9223372036854775807 + 1 == 0", effect="forbid")
CONTEXT = context_json(point_of(facts(consent="yes")))


def raw(policies: str, **request: object) -> str:
    """Cedar asked plainly, without any of our guards."""
    asked = {"principal": 'User::"a"', "action": 'Action::"x"', "resource": 'Doc::"d"', "context": {}}
    given = request.pop("entities", [])
    return str(cedarpy.is_authorized(asked | request, policies, given).decision.value)  # type: ignore[arg-type] # a raw request


# ---------------------------------------------------------------------- 1. a rule that errs is skipped


def test_cedar_allows_although_a_forbid_erred() -> None:
    assert raw(PERMIT.replace('"disclose"', '"x"') + ERRING.replace('"disclose"', '"x"')) == "Allow"


def test_a_rule_that_errs_is_an_incident() -> None:
    (answer,) = Engine(PERMIT + ERRING).ask(CONTEXT, ["disclose"])
    assert answer.incidents == (RULE_ERROR,)


# ---------------------------------------------------------------------- 2. an entity that is not there


def test_cedar_skips_a_forbid_on_the_group_of_a_principal_it_does_not_hold() -> None:
    rules = 'permit(principal, action, resource); forbid(principal in Group::"ice", action, resource);'
    member = [{"uid": {"type": "User", "id": "a"}, "attrs": {}, "parents": [{"type": "Group", "id": "ice"}]}]
    assert raw(rules, entities=member) == "Deny"
    assert raw(rules) == "Allow"


@pytest.mark.parametrize("place", ["principal", "resource"])
def test_an_entity_that_is_not_there_is_an_incident(place: str) -> None:
    asker = Engine(PERMIT)
    (answer,) = asker.ask(CONTEXT, ["disclose"], **{place: ("Requester", "somebody")})
    assert answer == Answer(allowed=False, incidents=(ENTITY_MISSING,))
    without = attrs.evolve(handles(), entity_ids=frozenset({PRINCIPAL}))
    assert Engine(PERMIT, without).ask(CONTEXT, ["disclose"])[0].incidents == (ENTITY_MISSING,)


# ---------------------------------------------------------------------- 3. entities without the schema


def test_cedar_loses_a_forbid_on_an_action_group_where_entities_lack_the_schema() -> None:
    rules = f"""
        permit(principal, action, resource);
        forbid(principal, action in Action::"{CANARY_GROUP}", resource);
    """
    request = {
        "principal": 'Requester::"requester"', "action": f'Action::"{CANARY}"',
        "resource": 'Item::"item"', "context": CONTEXT,
    }  # fmt: skip
    schema = cedarpy.Schema.from_str(cedar_schema())
    bare = cedarpy.Entities.from_json_str("[]")
    good = cedarpy.Entities.from_json_str("[]", schema)
    assert cedarpy.is_authorized(request, rules, good, schema).decision.value == "Deny"
    assert cedarpy.is_authorized(request, rules, bare, schema).decision.value == "Allow"


def test_an_engine_whose_entities_lack_the_schema_does_not_start() -> None:
    bare = attrs.evolve(handles(), entities=cedarpy.Entities.from_json_str("[]"))
    assert canaries(cedarpy.PolicySet.from_str(PERMIT), bare) == ("forbid",)
    with pytest.raises(BrokenInvariant) as broken:
        Engine(PERMIT, bare)
    assert broken.value.problem.code == "policy.engine.canary"


def test_an_engine_that_lets_its_canaries_through_does_not_start() -> None:
    loose = '@id("loose") permit (principal, action, resource);'
    strict = '@id("strict") forbid (principal, action, resource);'
    assert canaries(cedarpy.PolicySet.from_str(loose), handles()) == ()
    assert canaries(cedarpy.PolicySet.from_str(strict), handles()) == ("forbid",)


# ---------------------------------------------------------------------- 4. no schema at request time


def test_cedar_lets_a_misspelt_word_pass_without_the_schema() -> None:
    rules = rule_text("no", 'context.consent == YesNo::"no"', effect="forbid") + PERMIT
    request = {
        "principal": 'Requester::"requester"', "action": 'Action::"disclose"', "resource": 'Item::"item"',
        "context": json.loads(CONTEXT) | {"consent": {"type": "YesNo", "id": "nope"}},
    }  # fmt: skip
    assert cedarpy.is_authorized(request, rules, []).decision.value == "Allow"
    schema = cedarpy.Schema.from_str(cedar_schema())
    assert cedarpy.is_authorized(request, rules, [], schema).decision.value == "NoDecision"


@pytest.mark.parametrize(
    "context", [CONTEXT.replace('"yes"', '"ja"'), "{}", CONTEXT.replace("consent", "concent")]
)
def test_no_decision_is_an_incident(context: str) -> None:
    (answer,) = Engine(PERMIT).ask(context, ["disclose"])
    assert answer == Answer(allowed=False, incidents=(NO_DECISION,))


def test_an_engine_without_the_schema_at_request_time_does_not_start() -> None:
    without = attrs.evolve(handles(), schema=None)
    assert "schema" in canaries(cedarpy.PolicySet.from_str(PERMIT), without)


# ---------------------------------------------------------------------- answers


def test_rules_are_named_by_their_id_not_by_their_position() -> None:
    text = rule_text("first", 'context.consent == YesNo::"no"') + rule_text("second", "true")
    (answer,) = Engine(text).ask(CONTEXT, ["disclose"])
    assert answer == Answer(allowed=True, rules=frozenset({"second"}))


def test_a_rule_without_an_id_is_an_incident() -> None:
    (answer,) = Engine('permit (principal, action == Action::"disclose", resource);').ask(
        CONTEXT, ["disclose"]
    )
    assert answer.incidents == (NO_RULE_ID,)


def test_what_no_rule_speaks_of_is_refused() -> None:
    assert Engine(PERMIT).ask(CONTEXT, ["compel", "report"]) == (Answer(allowed=False), Answer(allowed=False))


def test_a_text_that_is_not_cedar_is_bad_input() -> None:
    with pytest.raises(BadInput):
        Engine("permit (")
    assert not engine.validates("permit (")
    assert not engine.validates(rule_text("a", 'context.consent == YesNo::"ja"'))


def test_the_engine_names_itself_with_its_version() -> None:
    assert engine_name().startswith("cedarpy ")
    assert context_json(point_of(FactSet({}))) != CONTEXT
