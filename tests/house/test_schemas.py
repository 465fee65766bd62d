"""Every schema is JSON Schema 2020-12 under its own name, and every document we write has one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = sorted((ROOT / "schemas").glob("*.json"))
NAME = re.compile(r"habeas\.[a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_-]*)*\.v[0-9]+")


def load(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text(encoding="utf-8")))


def test_there_are_schemas() -> None:
    assert SCHEMAS


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.stem)
def test_a_schema_is_valid_json_schema(file: Path) -> None:
    schema = load(file)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.stem)
def test_a_schema_stands_under_the_name_of_its_document(file: Path) -> None:
    assert NAME.fullmatch(file.stem)
    schema = load(file)
    assert schema.get("title") or schema.get("description")


def test_every_document_the_source_names_has_a_schema() -> None:
    named = {
        found
        for file in (ROOT / "src").rglob("*.py")
        for found in re.findall(rf"""["']({NAME.pattern})["']""", file.read_text(encoding="utf-8"))
    }
    assert named - {file.stem for file in SCHEMAS} == set()
