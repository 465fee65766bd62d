"""What stands in source files: docstrings, reasons beside every exception to a rule, empty `__init__`s."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "habeas"
FOLDERS = ("src", "tests", "workshop", "bench")
FILES = [ROOT / "dev.py", *(file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py")))]

REASON = r"\s*(?:#|-|:)\s*\S.{3,}"
NOQA = re.compile(r"noqa: [A-Z]+[0-9]+(?:, ?[A-Z]+[0-9]+)*" + REASON)
TYPE_IGNORE = re.compile(r"type: ignore\[[a-z0-9-]+(?:, ?[a-z0-9-]+)*\]" + REASON)
PRAGMA = re.compile(r"pragma: no \w+" + REASON)
FMT = re.compile(r"fmt: (?:off|on|skip)")
MARKERS = {"noqa": NOQA, "type: ignore": TYPE_IGNORE, "pragma:": PRAGMA}


def unexplained(text: str) -> list[str]:
    """The comments that lift a rule without naming it or without a reason."""
    comments = [t for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type == tokenize.COMMENT]
    return [
        f"line {comment.start[0]}: {comment.string}"
        for comment in comments
        for marker, form in MARKERS.items()
        if re.search(rf"#\s*(?:ruff:\s*)?{marker}", comment.string) and not form.search(comment.string)
    ]


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa",
        "x = 1  # noqa: PLR2004",
        "x = 1  # type: ignore",
        "x = 1  # type: ignore[misc]",
        "x = 1  # pragma: no cover",
        "# ruff: noqa",
    ],
)
def test_an_exception_without_a_code_or_a_reason_is_found(line: str) -> None:
    assert len(unexplained(line + "\n")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa: PLR2004 - Monday to Friday",
        "x = 1  # noqa: S603, S607 - our own command",
        "x = 1  # type: ignore[misc]  # the stubs lack it",
        "x = 'noqa'",
    ],
)
def test_an_exception_with_a_code_and_a_reason_is_accepted(line: str) -> None:
    assert unexplained(line + "\n") == []


def test_every_exception_to_a_rule_has_a_code_and_a_reason() -> None:
    found = {str(f.relative_to(ROOT)): unexplained(f.read_text(encoding="utf-8")) for f in FILES}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_every_skip_and_expected_failure_has_a_reason() -> None:
    bare = re.compile(r"mark\.(?:skip|skipif|xfail)(?!\w)(?!\([^)]*reason=)")
    tests = [file for file in FILES if "tests" in file.parts and file != Path(__file__)]
    assert [str(f.relative_to(ROOT)) for f in tests if bare.search(f.read_text(encoding="utf-8"))] == []


def test_every_module_opens_with_a_docstring() -> None:
    modules = [file for file in FILES if file.name != "__init__.py" and "migrations" not in file.parts]
    bare = [f for f in modules if not ast.get_docstring(ast.parse(f.read_text(encoding="utf-8")))]
    assert [str(file.relative_to(ROOT)) for file in bare] == []


def test_package_files_hold_nothing_but_a_docstring() -> None:
    # A parent's import escapes the import linter, and would bring Django to a stranger's verifier.
    full = [
        str(file.relative_to(ROOT))
        for file in PACKAGE.rglob("__init__.py")
        if ast.dump(ast.parse(file.read_text(encoding="utf-8"))).count("Expr(") > 1
        or any(not isinstance(node, ast.Expr) for node in ast.parse(file.read_text(encoding="utf-8")).body)
    ]
    assert full == []


def test_every_folder_of_the_package_is_a_package() -> None:
    folders = {file.parent for file in PACKAGE.rglob("*.py")}
    assert [str(f.relative_to(ROOT)) for f in sorted(folders) if not (f / "__init__.py").exists()] == []
