"""`habeas decide`: untrusted documents give an answer or a problem with a place."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from habeas.kernel.canonical import encode
from habeas.kernel.errors import BadInput
from habeas.policy.catalogue import find
from habeas.policy.document import evaluate_document, policy_version, read_question
from tests.core.policy.making import BILL, COURT, GUIDANCE, UI

ROOT = Path(__file__).resolve().parents[3]
DECISIONS: list[dict[str, Any]] = json.loads(
    (ROOT / "vectors" / "policy" / "decisions.json").read_text(encoding="utf-8")
)
QUESTION: dict[str, Any] = DECISIONS[0]["question"]


def schema(name: str) -> Draft202012Validator:
    text = (ROOT / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def refusal(document: Any, **given_: Any) -> tuple[str, str]:
    with pytest.raises(BadInput) as refused:
        evaluate_document(document, **given_)
    return refused.value.problems[0].code, refused.value.problems[0].place


@pytest.mark.parametrize("case", DECISIONS, ids=lambda case: case["name"])
def test_a_question_has_the_answer_that_every_engine_must_give(case: dict[str, Any]) -> None:
    answer = evaluate_document(case["question"], pack=case["pack"])
    assert answer.pop("engine").startswith("cedarpy ")
    assert answer == case["answer"]


@pytest.mark.parametrize("case", DECISIONS, ids=lambda case: case["name"])
def test_questions_and_answers_fit_their_schemas(case: dict[str, Any]) -> None:
    schema("habeas.decide.v1").validate(case["question"])
    answer = evaluate_document(case["question"], pack=case["pack"])
    schema("habeas.decision.v1").validate(answer)
    assert encode(answer)


def test_a_pack_alone_decides_with_what_it_requires() -> None:
    answer = evaluate_document(QUESTION, pack=BILL)
    assert answer["packs"] == [BILL, COURT]
    assert answer["policy"] == policy_version(BILL).digest


def test_a_pack_in_a_folder_decides_like_the_shipped_one(tmp_path: Path) -> None:
    for path, data in find(GUIDANCE).items():
        place = tmp_path / path
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(data)
    assert evaluate_document(QUESTION, pack=str(tmp_path)) == evaluate_document(QUESTION, pack=GUIDANCE)


def test_the_date_given_stands_before_the_documents_own() -> None:
    answer = evaluate_document(QUESTION, on="2025-01-01")
    assert (answer["on"], GUIDANCE in answer["packs"]) == ("2025-01-01", False)
    without = {k: x for k, x in QUESTION.items() if k != "on"}
    assert evaluate_document(without, on="2020-07-15") == evaluate_document(QUESTION)


def test_facts_of_an_item_lie_over_those_of_the_request() -> None:
    own = {"item_public": {"value": "no", "source": "custodian", "reading": "person"}}
    everywhere = {"item_public": {"value": "yes", "source": "custodian", "reading": "person"}}
    document = {
        "schema": "habeas.decide.v1",
        "on": "2025-04-24",
        "facts": QUESTION["facts"] | everywhere,
        "items": [{"id": "a", "category": "contact"}, {"id": "b", "category": "contact", "facts": own}],
    }
    answers = [item["effect"] for item in evaluate_document(document)["items"]]
    assert answers == ["permitted", "undetermined"]


def test_whose_record_it_is_has_to_be_known_before_the_law_is() -> None:
    facts = {n: f for n, f in QUESTION["facts"].items() if n != "custodian_kind"}
    (item,) = evaluate_document(QUESTION | {"facts": facts})["items"]
    assert item["effect"] == "undetermined"
    assert item["missing"][0] == {"fact": "custodian_kind", "source": None}
    assert item["rules"] == []


def test_the_law_is_resolved_for_each_of_the_items() -> None:
    items = [{"id": "1", "category": "contact"}, {"id": "2", "category": "ui_wage"}]
    assert UI in evaluate_document(QUESTION | {"items": items})["packs"]
    assert UI not in evaluate_document(QUESTION | {"items": items[:1]})["packs"]


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"schema": "habeas.facts.v1"}, "decide.document.other_schema", "facts.json"),
        ({"more": 1}, "decide.document.key_unknown", "more"),
        ({"A name\n": 1}, "decide.document.key_unknown", "facts.json"),
        ({"on": None}, "decide.document.key_missing", "facts.json"),
        ({"on": "May 20"}, "time.date.invalid", "on"),
        ({"jurisdiction": "co"}, "decide.jurisdiction.malformed", "jurisdiction"),
        ({"items": []}, "decide.items.malformed", "items"),
        ({"items": [{"id": "1"}]}, "decide.item.malformed", "items[0]"),
        ({"items": [{"id": "1", "category": "secret"}]}, "decide.item.malformed", "items[0]"),
        ({"items": [{"id": "", "category": "contact"}]}, "decide.item.malformed", "items[0]"),
        ({"items": [{"id": "1", "category": "contact"}] * 2}, "decide.item.twice", "items"),
        ({"facts": []}, "facts.fact.malformed", "facts"),
        ({"facts": {"consent": {"value": "yes", "source": "requester", "reading": "person"}}},
         "facts.source.not_allowed", "facts.consent.source"),
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_read_is_refused_with_its_place(
    change: dict[str, Any], code: str, place: str
) -> None:
    assert refusal(QUESTION | change, place="facts.json") == (code, place)


def test_other_things_than_documents_are_refused() -> None:
    assert refusal([])[0] == "decide.document.other_schema"
    assert refusal({"schema": "habeas.decide.v1"}) == ("decide.document.key_missing", "document")
    assert refusal(QUESTION, on="x") == ("time.date.invalid", "--on")
    assert refusal(QUESTION, pack="us-co/none")[0] == "policy.pack.unknown"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
            ["schema", "on", "facts", "items", "id", "category", "value", "source", "reading", "consent"]
        ) | st.text(max_size=4), inner, max_size=4),
        max_leaves=12,
    )
)  # fmt: skip
@settings(max_examples=150)
def test_any_document_is_read_or_refused(document: Any) -> None:
    wrapped = {"schema": "habeas.decide.v1", "on": "2025-01-01"}
    for asked in (document, wrapped | document if isinstance(document, dict) else document):
        with suppress(BadInput):
            read_question(asked)
