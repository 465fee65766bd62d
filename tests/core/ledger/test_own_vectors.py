"""The ledger's vectors are what `vectors/ledger/make.py` writes, and every verdict is the one they state."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from habeas.kernel.canonical import encode
from habeas.kernel.errors import BadInput
from habeas.ledger import entry as e
from habeas.ledger import merkle as m
from habeas.ledger import tiles as t
from habeas.ledger.trust import read_trust
from habeas.ledger.verify import StepResult, verify_receipt

ROOT = Path(__file__).resolve().parents[3]
VECTORS = ROOT / "vectors" / "ledger"


def cases(name: str) -> list[Any]:
    return list(json.loads((VECTORS / name).read_text(encoding="utf-8")))


def maker() -> Any:
    spec = importlib.util.spec_from_file_location("habeas_ledger_vectors", VECTORS / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((ROOT / "schemas" / f"{name}.json").read_text(encoding="utf-8")))


def test_the_committed_vectors_are_what_the_script_writes() -> None:
    make = maker()
    for name, cases_of in make.FILES.items():
        assert make.rendered(cases_of()) == (VECTORS / name).read_text(encoding="utf-8"), name
    assert {file.name for file in VECTORS.glob("*.json")} == set(make.FILES)


@pytest.mark.parametrize("case", cases("receipts.json"), ids=lambda case: case["what"])
def test_a_receipt_gets_the_verdict_it_should(case: Any) -> None:
    verdict = verify_receipt(case["receipt"], read_trust(case["vkeys"], case["quorum"]))
    failed = next((str(s.name) for s in verdict.steps if s.result is StepResult.FAILS), None)
    assert verdict.accepted is case["accept"]
    assert failed == case["fails"]


@pytest.mark.parametrize("case", cases("receipts.json"), ids=lambda case: case["what"])
def test_every_receipt_that_gets_past_the_first_step_fits_its_schema(case: Any) -> None:
    fits = schema("habeas.receipt.v1").is_valid(case["receipt"])
    beyond = case["what"] == "a part opened twice"  # the one rule of shape that a schema cannot say
    assert fits or case["fails"] in {"receipt", "proof"}
    assert not fits or case["fails"] != "receipt" or beyond


@pytest.mark.parametrize("case", cases("entries.json"), ids=lambda case: case["what"])
def test_entry_bytes_are_accepted_in_their_one_form(case: Any) -> None:
    data = bytes.fromhex(case["bytes"])
    if not case["accept"]:
        with pytest.raises(BadInput):
            e.decode_entry(data)
        return
    entry = e.decode_entry(data)
    assert m.leaf_hash(entry.encode()).hex() == case["leaf"]
    schema("habeas.entry.v1").validate(entry.as_json())


def test_the_schemas_own_example_is_an_entry() -> None:
    loaded = json.loads((ROOT / "schemas" / "habeas.entry.v1.json").read_text(encoding="utf-8"))
    for example in loaded["examples"]:
        schema("habeas.entry.v1").validate(example)
        e.read_entry(example)


@pytest.mark.parametrize("case", cases("ranges.json"), ids=lambda case: case["what"])
def test_a_range_gets_the_verdict_it_should(case: Any) -> None:
    hashes = {key: [bytes.fromhex(one) for one in case[key]] for key in ("leaves", "left", "right")}
    proof = m.RangeProof(tuple(hashes["left"]), tuple(hashes["right"]))
    root = bytes.fromhex(case["root"])
    assert m.verify_range(hashes["leaves"], case["start"], case["size"], proof, root) is case["accept"]


@pytest.mark.parametrize("case", cases("paths.json"), ids=lambda case: case["path"])
def test_a_path_gets_the_verdict_it_should(case: Any) -> None:
    if case["accept"]:
        assert t.parse_path(case["path"]).path == case["path"]
        return
    with pytest.raises(BadInput):
        t.parse_path(case["path"])


@pytest.mark.parametrize("case", cases("commitments.json"), ids=lambda case: case["canonical"][:20])
def test_a_commitment_comes_to_the_hmac_it_should(case: Any) -> None:
    assert encode(case["value"]).decode() == case["canonical"]
    salts = e.Salts(bytes.fromhex(case["salt"]), b"f" * 32, b"p" * 32)
    made = e.make_entry("0175a1b2-c3d4-7000-8000-0000000000ff", case["value"], 1, 1, salts)
    assert made.stat == case["hmac"]
