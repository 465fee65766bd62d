"""Cedar's own engine, hidden in one module: no other module of Habeas knows how it is called.

Cedar is the reference, and it fails open in four ways (docs/design/policy.md, *Where Cedar fails open*).
Each is closed here, not left to whoever writes rules:

1. a rule that errs is skipped, a `forbid` too → any error in the diagnostics is an incident;
2. a principal or resource missing from the entity store disables forbids on it → both are looked up first;
3. entities parsed without the schema lose every action group → parsed with it, and canary requests that
   must be refused are asked each time an engine is loaded;
4. without a schema at request time, missing and misspelt values pass → always given; no decision is an
   incident and never a retry.

Rules are known by their `@id`, never by position. The engine is imported when it is first needed.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.kernel.canonical import encode
from habeas.kernel.errors import bad, broken
from habeas.policy.schema import (
    ATTRIBUTES,
    CANARY,
    CANARY_ERROR,
    CANARY_GROUP,
    PRINCIPAL,
    RESOURCE,
    cedar_schema,
    context_json,
    word_lists,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

RULE_ERROR: Final = "policy.engine.rule_error"
NO_DECISION: Final = "policy.engine.no_decision"
ENTITY_MISSING: Final = "policy.engine.entity_missing"
NO_RULE_ID: Final = "policy.engine.no_rule_id"


@attrs.frozen
class Answer:
    """Cedar's answer to one question: allowed or not, the ids of the rules that determined it, and
    incident codes. An answer with an incident is worth nothing, whatever `allowed` says.
    """

    allowed: bool
    rules: frozenset[str] = frozenset()
    incidents: tuple[str, ...] = ()


@attrs.frozen
class Handles:
    """The two parsed handles that every request is asked with."""

    schema: Any
    entities: Any
    entity_ids: frozenset[tuple[str, str]]


def _cedar() -> ModuleType:
    import cedarpy  # noqa: PLC0415 - 16 MB of native code that most commands do not need

    return cedarpy


@cache
def engine_name() -> str:
    """Which engine decides, for the record: binding and version."""
    return f"cedarpy {metadata.version('cedarpy')}"


def syntax_tree(text: str) -> dict[str, Any]:
    """Cedar's JSON form of a text of rules, or `BadInput` where it does not parse.

    The text must be known not to nest deeply (`syntax.py`): Cedar's parser recurses on the stack.
    """
    try:
        return dict(json.loads(_cedar().policies_to_json_str(text)))
    except (ValueError, RecursionError):
        raise bad("pack.rule.syntax", "rules") from None


def validates(text: str) -> bool:
    """Whether Cedar's strict validator accepts a text of rules against the schema of facts."""
    try:
        return bool(_cedar().validate_policies(text, handles().schema))
    except ValueError:
        return False


def _entity(uid: tuple[str, str]) -> dict[str, Any]:
    return {"uid": {"type": uid[0], "id": uid[1]}, "attrs": {}, "parents": []}


@cache
def handles() -> Handles:
    """Schema and entities, parsed once, the entities *with* the schema (guard 3)."""
    schema = _cedar().Schema.from_str(cedar_schema())
    known = (PRINCIPAL, RESOURCE)
    entities = _cedar().Entities.from_json_str(encode([_entity(uid) for uid in known]).decode(), schema)
    return Handles(schema, entities, frozenset(known))


class Engine:
    """Rules parsed once, asked many times; tried with the canaries before it answers anything."""

    def __init__(self, text: str, given: Handles | None = None) -> None:
        self._handles = given or handles()
        try:
            self._policies = _cedar().PolicySet.from_str(text)
        except ValueError:
            raise bad("pack.rule.syntax", "rules") from None
        songs = canaries(self._policies, self._handles)
        if songs:
            raise broken("policy.engine.canary", "engine", failed=", ".join(songs))

    def ask(
        self,
        context: str,
        actions: Sequence[str],
        principal: tuple[str, str] = PRINCIPAL,
        resource: tuple[str, str] = RESOURCE,
    ) -> tuple[Answer, ...]:
        """Cedar's answer to each action over one context (`schema.context_json`)."""
        if {principal, resource} - self._handles.entity_ids:
            return tuple(Answer(allowed=False, incidents=(ENTITY_MISSING,)) for _ in actions)
        return _ask(self._policies, self._handles, context, actions, principal, resource)


def _ask(
    policies: object,
    given: Handles,
    context: str,
    actions: Sequence[str],
    principal: tuple[str, str] = PRINCIPAL,
    resource: tuple[str, str] = RESOURCE,
) -> tuple[Answer, ...]:
    requests = [
        {
            "principal": {"type": principal[0], "id": principal[1]},
            "action": {"type": "Action", "id": action},
            "resource": {"type": resource[0], "id": resource[1]},
            "context": context,
        }
        for action in actions
    ]
    results = _cedar().is_authorized_batch(requests, policies, given.entities, schema=given.schema)
    return tuple(_answer(r) for r in results)


def _answer(result: Any) -> Answer:  # noqa: ANN401 - the binding's result object
    if result.decision.value == "NoDecision":
        return Answer(allowed=False, incidents=(NO_DECISION,))
    ids = result.diagnostics.id_annotations_by_reason
    incidents = [RULE_ERROR] if result.diagnostics.errors else []
    if set(result.diagnostics.reasons) - ids.keys():
        incidents.append(NO_RULE_ID)
    return Answer(result.decision.value == "Allow", frozenset(ids.values()), tuple(incidents))


# ------------------------------------------------------------------------------------- canaries

_CANARIES: Final = f"""
@id("canary-permit") permit (principal, action == Action::"{CANARY}", resource);
@id("canary-forbid") forbid (principal, action in [Action::"{CANARY_GROUP}"], resource);
@id("canary-open") permit (principal, action == Action::"{CANARY_ERROR}", resource);
@id("canary-error") forbid (principal, action == Action::"{CANARY_ERROR}", resource)
when {{ 9223372036854775807 + 1 == 0 }};
"""


@cache
def _nothing_known() -> str:
    words = word_lists()
    return context_json({a.name: words[a.type_name][-1] for a in ATTRIBUTES.values()})


def canaries(rules: Any, given: Handles) -> tuple[str, ...]:  # noqa: ANN401 - the binding's handle
    """The names of the canary requests that did not end as they must, over these rules and handles.

    `forbid`: a forbid on an action group must win. `error`: a rule that errs must be reported.
    `schema`: a context with a misspelt word, and one with an attribute missing, must get no decision.
    """
    policies = rules.with_added_str(_CANARIES)
    context = _nothing_known()
    refused, erring = _ask(policies, given, context, (CANARY, CANARY_ERROR))
    (misspelt,) = _ask(policies, given, context.replace('"id":"unknown"', '"id":"unknwon"', 1), (CANARY,))
    (absent,) = _ask(policies, given, "{}", (CANARY,))
    failed = []
    if refused != Answer(allowed=False, rules=frozenset({"canary-forbid"})):
        failed.append("forbid")
    if RULE_ERROR not in erring.incidents:
        failed.append("error")
    if any(a.incidents != (NO_DECISION,) for a in (misspelt, absent)):
        failed.append("schema")
    return tuple(failed)
