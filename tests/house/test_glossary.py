"""GLOSSARY.md and the domain's word lists say the same; one word per idea in the code's own names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from workshop import glossary

SOURCE = Path(__file__).resolve().parents[2] / "src" / "habeas"
TEXT = glossary.GLOSSARY.read_text(encoding="utf-8")

NOT_OUR_WORDS = ("ticket", "ruleset", "logline", "log_line")
NOT_OUR_MODULES = {"utils", "util", "helpers", "helper", "common", "manager", "service", "services", "misc"}


def test_the_word_lists_are_those_of_the_domain() -> None:
    assert glossary.render(TEXT) == TEXT, "run `python3 dev.py glossary`"


def test_every_word_has_a_meaning() -> None:
    assert glossary.missing(TEXT) == []


def test_writing_the_lists_keeps_the_prose_and_the_meanings() -> None:
    changed = TEXT.replace("# Glossary", "# Our words", 1).replace(
        "| `yes` | it is so |", "| `yes` | indeed |"
    )
    again = glossary.render(changed)
    assert again.startswith("# Our words")
    assert "| `yes` | indeed |" in again


def test_a_word_without_a_meaning_is_named() -> None:
    assert glossary.missing(TEXT.replace("| `yes` | it is so |", "| `yes` |  |")) == ["YesNo: `yes`"]


@pytest.mark.parametrize("term", re.findall(r"^\| (\w[\w ]+?) \| ", TEXT, re.MULTILINE)[1:])
def test_a_term_is_explained_once(term: str) -> None:
    prose = TEXT.partition("## Words on the screen")[0]
    assert len(re.findall(rf"^\| {term} \| ", prose, re.MULTILINE)) <= 1


def test_no_module_has_a_name_that_says_nothing() -> None:
    modules = {file: {file.stem, file.parent.name} for file in SOURCE.rglob("*.py")}
    assert [str(file) for file, names in modules.items() if names & NOT_OUR_MODULES] == []


def test_no_class_or_function_uses_a_word_we_do_not_use() -> None:
    found = [
        f"{file.name}: {node.name}"
        for file in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if any(word in node.name.lower() for word in NOT_OUR_WORDS)
    ]
    assert found == []
