"""The policy vectors are what `vectors/policy/make.py` writes, and the claims stand as they say."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from habeas.domain.facts import FactSet, read_facts
from habeas.policy.catalogue import load, with_required
from habeas.policy.closures import predicate
from habeas.policy.evaluate import evaluate
from habeas.policy.pack import freeze
from habeas.policy.schema import point_of
from tests.core.policy.making import BILL, GUIDANCE, ON

VECTORS = Path(__file__).resolve().parents[3] / "vectors" / "policy"
CLAIMS: list[dict[str, Any]] = json.loads((VECTORS / "claims.json").read_text(encoding="utf-8"))


def maker() -> Any:
    spec = importlib.util.spec_from_file_location("habeas_policy_vectors", VECTORS / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_committed_is_what_the_script_writes() -> None:
    listed = json.loads((VECTORS / "packs.json").read_text(encoding="utf-8"))
    for path, text in maker().files(listed).items():
        assert path.read_text(encoding="utf-8") == text, path


def test_the_guidance_is_refuted_and_the_bill_proved() -> None:
    standing = {(c["pack"], c["claim"]): c["standing"] for c in CLAIMS}
    assert standing[GUIDANCE, "civil-immigration-without-paper-stays-closed"] == "refuted"
    assert [s for (pack, _), s in standing.items() if pack == BILL] == ["proved"] * 3


@pytest.mark.parametrize("case", [c for c in CLAIMS if c["standing"] == "refuted"], ids=lambda c: c["claim"])
def test_a_counterexample_breaks_its_claim_when_cedar_decides_it(case: dict[str, Any]) -> None:
    pack = load(case["pack"])
    claim = next(c for c in pack.claims if c.id == case["claim"])
    known = read_facts(case["counterexample"])
    assert predicate(claim.condition)(point_of(known))
    item = evaluate(known, (("1", FactSet({})),), freeze(with_required((pack,))), ON).items[0]
    assert item.incidents == ()
    assert item.effect not in claim.effects
