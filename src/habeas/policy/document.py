"""`habeas decide`: one JSON document of facts in, one JSON document of answers out.

Hides how the law is found for a document. Promises that an untrusted document gives an answer or the
documented `BadInput` with places, and that without a policy the law of the day is resolved by custodian,
jurisdiction, data and date.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.determination import Missing
from habeas.domain.facts import Fact, FactSet, read_facts
from habeas.kernel.clock import read_date
from habeas.kernel.errors import bad
from habeas.policy.admit import admit
from habeas.policy.catalogue import find, resolve_version, with_required
from habeas.policy.evaluate import evaluate
from habeas.policy.pack import JURISDICTION, freeze

if TYPE_CHECKING:
    from datetime import date

    from habeas.domain.determination import Evaluation
    from habeas.kernel.canonical import Json
    from habeas.policy.pack import PolicyVersion

SCHEMA: Final = "habeas.decide.v1"
ANSWER: Final = "habeas.decision.v1"
HOME: Final = "us-co"
"""The jurisdiction of a document that names none."""

MAX_ITEMS: Final = 1000
_ITEM_ID: Final = re.compile(r"[^\x00-\x1f]{1,64}")


@attrs.frozen
class Question:
    """A document of facts, read: what is asked, under whose law, on which legal date."""

    on: date
    jurisdiction: str
    facts: FactSet
    items: tuple[tuple[str, FactSet], ...]

    @property
    def custodian(self) -> v.CustodianKind:
        """What kind of body holds the record."""
        return v.CustodianKind(self.facts.value("custodian_kind"))

    @property
    def categories(self) -> tuple[str, ...]:
        """The data asked for."""
        return tuple(own.value("data_category") for _, own in self.items)


def evaluate_document(
    data: Json, *, pack: str | None = None, on: str | None = None, place: str = "document"
) -> dict[str, Any]:
    """A `habeas.decide.v1` document → its `habeas.decision.v1` answer.

    `pack` is a rule pack's id or the path of a folder holding one: that pack alone decides, with the packs
    it requires, on whatever date. `on` (YYYY-MM-DD) stands before the document's own date. `place` names
    the document in problems. `BadInput` for anything else.
    """
    question = read_question(data, read_date(on, "--on") if on else None, place)
    version = policy_version(pack) if pack else _law_of_the_day(question)
    evaluation = evaluate(question.facts, question.items, version, question.on)
    return answer_document(evaluation if pack else _with_unknown_custodian(question, evaluation))


def policy_version(pack: str) -> PolicyVersion:
    """One pack, by id or by folder, and the packs it requires."""
    return freeze(with_required((admit(find(pack)),)))


def _law_of_the_day(question: Question) -> PolicyVersion:
    return resolve_version(question.custodian, question.jurisdiction, question.categories, question.on)


def _with_unknown_custodian(question: Question, evaluation: Evaluation) -> Evaluation:
    """Which law binds is not known before it is known whose record it is: nothing is settled until then."""
    if question.custodian != v.UNKNOWN:
        return evaluation
    first = Missing("custodian_kind")
    items = tuple(
        attrs.evolve(
            item,
            effect=v.Effect.UNDETERMINED,
            rules=(),
            duties=(),
            used=(),
            missing=(first, *(m for m in item.missing if m != first)),
        )
        for item in evaluation.items
    )
    return attrs.evolve(evaluation, items=items)


def answer_document(evaluation: Evaluation) -> dict[str, Any]:
    """An evaluation as `habeas.decision.v1`."""
    return {
        "schema": ANSWER,
        "on": evaluation.on,
        "policy": evaluation.policy,
        "packs": list(evaluation.packs),
        "engine": evaluation.engine,
        "items": [item.as_json() for item in evaluation.items],
    }


# ------------------------------------------------------------------------------------- reading


def read_question(data: Json, on: date | None = None, place: str = "document") -> Question:
    """An untrusted document → `Question`, or `BadInput` naming the key."""
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise bad("decide.document.other_schema", place, schema=SCHEMA)
    for key in sorted(data.keys() - {"schema", "on", "jurisdiction", "facts", "items"}):
        raise bad("decide.document.key_unknown", _place(key, place))
    for key in ("facts", "items"):
        if key not in data:
            raise bad("decide.document.key_missing", place, key=key)
    jurisdiction = data.get("jurisdiction", HOME)
    if not isinstance(jurisdiction, str) or not JURISDICTION.fullmatch(jurisdiction):
        raise bad("decide.jurisdiction.malformed", "jurisdiction")
    facts = read_facts(data["facts"])
    return Question(on or _date(data, place), jurisdiction, facts, _items(data["items"]))


def _place(key: str, place: str) -> str:
    """A key as a place, only if it looks like one: a document may hold anything where a key should be."""
    return key if re.fullmatch(r"[a-z_]{1,32}", key) else place


def _date(data: dict[str, Any], place: str) -> date:
    text = data.get("on")
    if not isinstance(text, str):
        raise bad("decide.document.key_missing", place, key="on")
    return read_date(text, "on")


def _items(data: object) -> tuple[tuple[str, FactSet], ...]:
    if not isinstance(data, list) or not data or len(data) > MAX_ITEMS:
        raise bad("decide.items.malformed", "items", limit=MAX_ITEMS)
    items = tuple(_item(entry, f"items[{i}]") for i, entry in enumerate(data))
    if len({item_id for item_id, _ in items}) != len(items):
        raise bad("decide.item.twice", "items")
    return items


def _item(data: Any, place: str) -> tuple[str, FactSet]:  # noqa: ANN401 - any JSON value
    match data:
        case {"id": str(item_id), "category": str(category)} if not data.keys() - {"id", "category", "facts"}:
            pass
        case _:
            raise bad("decide.item.malformed", place)
    if category not in list(v.DataCategory) or not _ITEM_ID.fullmatch(item_id):
        raise bad("decide.item.malformed", place)
    category_fact = Fact(category, v.Source.CUSTODIAN, v.Reading.PERSON)
    own = read_facts(data.get("facts", {}), f"{place}.facts")
    return item_id, FactSet({"data_category": category_fact}).merged(own)
