"""The world the rules speak of, generated from the one table of facts (`domain.facts.FACTS`).

Hides how facts become Cedar: every closed word list is an *enumerated entity type*, so that a misspelt
word is refused in a rule and in a request; every fact is two required context attributes, `<fact>` and
`<fact>_source`. Promises that a fact nobody established is said with the explicit word `unknown`, never
by leaving it out, and that the same table gives the JSON Schemas of what `habeas decide` reads.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.facts import FACTS, SPEC
from habeas.kernel.canonical import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from habeas.domain.facts import FactSet

DISCLOSE: Final = "disclose"
COMPEL: Final = "compel"
CONTEST: Final = "contest"
QUESTIONS: Final = (CONTEST, COMPEL, DISCLOSE)
"""What Cedar is asked about every item; `effect.py` reads the answers."""

DUTIES: Final = tuple(str(kind) for kind in v.DutyKind)
ACTIONS: Final = (*QUESTIONS, *DUTIES)
"""Every action a rule may name."""

SOURCE_SUFFIX: Final = "_source"
SOURCE_TYPE: Final = v.Source.__name__
PRINCIPAL: Final = ("Requester", "requester")
RESOURCE: Final = ("Item", "item")

CANARY: Final = "canary"
CANARY_GROUP: Final = "canary_group"
CANARY_ERROR: Final = "canary_error"
"""Actions that no pack may name: the engine is tried with them each time it is loaded (`engine.py`)."""


class Aspect(StrEnum):
    """The two things a rule may ask about a fact."""

    VALUE = "value"
    SOURCE = "source"


@attrs.frozen
class Attribute:
    """One context attribute: a fact's value, or who vouches for it."""

    fact: str
    aspect: Aspect

    @property
    def name(self) -> str:
        """The attribute's name in Cedar."""
        return self.fact + (SOURCE_SUFFIX if self.aspect is Aspect.SOURCE else "")

    @property
    def type_name(self) -> str:
        """The enumerated entity type of its words."""
        return SOURCE_TYPE if self.aspect is Aspect.SOURCE else SPEC[self.fact].values.__name__

    @property
    def words(self) -> tuple[str, ...]:
        """The words a rule may compare it with: never `unknown`."""
        return tuple(v.Source) if self.aspect is Aspect.SOURCE else SPEC[self.fact].domain


ATTRIBUTES: Final[dict[str, Attribute]] = {
    attribute.name: attribute
    for spec in FACTS
    for attribute in (Attribute(spec.name, Aspect.VALUE), Attribute(spec.name, Aspect.SOURCE))
}
"""Every context attribute by its Cedar name."""


def word_lists() -> dict[str, tuple[str, ...]]:
    """The enumerated entity types with all their words, `unknown` too."""
    lists = {spec.values.__name__: tuple(str(word) for word in spec.values) for spec in FACTS}
    return lists | {SOURCE_TYPE: tuple(str(word) for word in v.Source)}


@cache
def cedar_schema() -> str:
    """The Cedar schema, as text. Its hash is part of every pack's digest."""
    enums = word_lists() | {PRINCIPAL[0]: (PRINCIPAL[1],), RESOURCE[0]: (RESOURCE[1],)}
    lines = [f"entity {name} enum [{', '.join(_quoted(w) for w in words)}];" for name, words in enums.items()]
    lines += ["type Facts = {"]
    lines += [f"  {a.name}: {a.type_name}," for a in ATTRIBUTES.values()]
    lines += ["};"]
    applies = f"appliesTo {{ principal: [{PRINCIPAL[0]}], resource: [{RESOURCE[0]}], context: Facts }}"
    lines += [f"action {', '.join(ACTIONS)} {applies};"]
    lines += [f"action {CANARY_GROUP};", f"action {CANARY} in [{CANARY_GROUP}] {applies};"]
    lines += [f"action {CANARY_ERROR} {applies};"]
    return "\n".join(lines) + "\n"


def _quoted(word: str) -> str:
    return encode(word).decode()


@cache
def _fragments() -> dict[str, dict[str, str]]:
    """Per attribute and word, its member of the context object, ready to be joined."""
    words = word_lists()
    return {
        a.name: {w: f'"{a.name}":{_reference(a.type_name, w)}' for w in words[a.type_name]}
        for a in ATTRIBUTES.values()
    }


def _reference(type_name: str, word: str) -> str:
    return encode({"type": type_name, "id": word}).decode()


Point = dict[str, str]
"""One complete assignment: every Cedar attribute name → its word."""


def context_json(point: Mapping[str, str]) -> str:
    """The Cedar context of a point, as JSON text with every attribute present."""
    fragments = _fragments()
    return "{" + ",".join(by_word[point[name]] for name, by_word in fragments.items()) + "}"


def point_of(facts: FactSet) -> Point:
    """A fact set as it stands: values, sources, and `unknown` where nobody established a fact."""
    point: Point = {}
    for spec in FACTS:
        fact = facts[spec.name]
        point[spec.name] = fact.value
        point[spec.name + SOURCE_SUFFIX] = str(fact.source)
    return point


def decide_schema() -> dict[str, Any]:
    """JSON Schema of `habeas.decide.v1`, what `habeas decide` reads (contracts.md, Command line)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:habeas:schema:decide:v1",
        "title": "Facts to decide on",
        "description": "The facts of one request and the items asked for. A fact left out is unknown; "
        "a fact of an item may stand in the item or, for every item at once, in `facts`.",
        "type": "object",
        "additionalProperties": False,
        "required": ["schema", "on", "facts", "items"],
        "properties": {
            "schema": {"const": "habeas.decide.v1"},
            "on": {"type": "string", "format": "date", "description": "The legal date to decide on."},
            "jurisdiction": {
                "type": "string",
                "pattern": "^us(-[a-z]{2})?$",
                "description": "Whose law: `us-co` where it is left out.",
            },
            "facts": {"$ref": "#/$defs/facts"},
            "items": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/item"}},
        },
        "$defs": {
            "item": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "category"],
                "properties": {
                    "id": {"type": "string", "minLength": 1, "maxLength": 64},
                    "category": {"enum": [str(word) for word in v.DataCategory]},
                    "facts": {"$ref": "#/$defs/facts"},
                },
            },
            "facts": {
                "type": "object",
                "additionalProperties": False,
                "properties": {spec.name: _fact_schema(spec.name) for spec in FACTS},
            },
        },
    }


def _fact_schema(name: str) -> dict[str, Any]:
    spec = SPEC[name]
    return {
        "description": spec.en,
        "type": "object",
        "additionalProperties": False,
        "required": ["value", "source", "reading"],
        "properties": {
            "value": {"enum": [*spec.domain, v.UNKNOWN]},
            "source": {"enum": [str(s) for s in v.Source]},
            "reading": {"enum": [str(r) for r in v.Reading]},
            "evidence": {"type": "array", "description": "Where it stands: {blob, page, box, text}."},
        },
    }
