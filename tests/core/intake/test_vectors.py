"""Every hostile file of vectors/intake is read with the notes it should, or refused as it should."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from habeas.intake.parse import Parsed, parse
from habeas.kernel.clock import read_instant
from habeas.kernel.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from habeas.kernel.errors import Problem

VECTORS = Path(__file__).resolve().parents[3] / "vectors" / "intake"
INDEX: dict[str, Any] = json.loads((VECTORS / "index.json").read_text(encoding="utf-8"))
LINE = re.compile(r"[^;\n]+: [^\n]+; [^\n]+ \[[a-z]+\.[a-z0-9_]+\.[a-z0-9_]+\]")


def read(case: dict[str, Any]) -> Parsed:
    data = (VECTORS / case["file"]).read_bytes()
    return parse(data, case["came_as"], read_instant(INDEX["received_at"], "index"))


def check_lines(problems: Iterable[Problem]) -> None:
    for found in problems:
        assert LINE.fullmatch(found.line())
        assert INDEX["canary"].lower() not in str(found.as_json()).lower()


@pytest.mark.parametrize(
    "case", [c for c in INDEX["vectors"] if "refused" in c], ids=lambda case: case["file"]
)
def test_a_file_is_refused_as_it_should(case: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as refused:
        read(case)
    first = refused.value.problems[0]
    assert [first.code, first.place] == case["refused"]
    check_lines(refused.value.problems)


@pytest.mark.parametrize("case", [c for c in INDEX["vectors"] if "notes" in c], ids=lambda case: case["file"])
def test_a_file_is_read_as_it_should(case: dict[str, Any]) -> None:
    parsed = read(case)
    assert sorted(f"{n.code} {n.place}" for n in parsed.notes) == case["notes"]
    assert [[p.filename, p.media_type] for p in parsed.papers] == case["papers"]
    assert parsed.message == case.get("message", parsed.message)
    assert parsed.subject_line == case.get("subject_line", parsed.subject_line)
    assert parsed.sender.name == case.get("sender", parsed.sender.name)
    check_lines(parsed.notes)


def test_what_is_committed_is_what_the_script_makes() -> None:
    made = runpy.run_path(str(VECTORS / "make.py"))
    for file, data, _, _ in made["vectors"]():
        assert (VECTORS / file).read_bytes() == data, file
    assert (VECTORS / "index.json").read_text(encoding="utf-8") == made["index"]()
    listed = {file for file, *_ in made["vectors"]()}
    assert {f.name for f in VECTORS.iterdir() if f.is_file()} == listed | {"index.json", "make.py"}
