"""Whether the error codes the source uses and the registry agree; and the registry sorted.

Hides how codes are found in source text. Promises that a code which is raised but not registered,
registered but never raised, out of order, or raised without a value for one of its slots is named
with its place.
"""

from __future__ import annotations

import ast
import itertools
import re
import string
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from habeas.kernel.error_registry import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "src" / "habeas"
REGISTRY_FILE: Final = SOURCE / "kernel" / "error_registry.py"

CODE: Final = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
"""`area.noun.problem`."""

RAISERS: Final = frozenset({"bad", "broken", "problem", "Problem"})
"""The functions of kernel.errors whose first argument is a code."""


@attrs.frozen
class Use:
    """One place where an error is made: `slots` is None where they are handed on with `**`."""

    code: str
    slots: frozenset[str] | None
    place: str


def _source_files() -> list[Path]:
    return sorted(file for file in SOURCE.rglob("*.py") if file != REGISTRY_FILE)


def _literals(node: ast.expr) -> Iterator[str]:
    """The texts an expression may be: a literal, or either side of a conditional."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _literals(body)
            yield from _literals(orelse)
        case _:  # a name: its code is a literal somewhere else, which `mentioned` finds
            return


def _uses_in(file: Path) -> Iterator[Use]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in RAISERS:
            continue
        named = [keyword.arg for keyword in node.keywords]
        open_ended = None in named or name == "Problem"
        slots = None if open_ended else frozenset(word for word in named if word)
        place = f"{file.relative_to(ROOT)}:{node.lineno}"
        yield from (Use(code, slots, place) for code in _literals(node.args[0]))


def uses() -> list[Use]:
    """Every place in the source that makes an error of a code written there."""
    return [use for file in _source_files() for use in _uses_in(file)]


def mentioned() -> set[str]:
    """Every text in the source that has the form of a code, however it is used."""
    found: set[str] = set()
    for file in _source_files():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                found.add(node.value)
    return found


def _slots(code: str) -> set[str]:
    wording = REGISTRY[code]
    parts = [*string.Formatter().parse(wording.message), *string.Formatter().parse(wording.remedy)]
    return {name for _, name, _, _ in parts if name}


def unregistered() -> list[str]:
    """Codes that are raised and not in the registry."""
    return [f"{use.place}: `{use.code}` is not in the registry" for use in uses() if use.code not in REGISTRY]


def unused() -> list[str]:
    """Codes of the registry that no source mentions."""
    return [f"`{code}` is in the registry and never raised" for code in sorted(set(REGISTRY) - mentioned())]


def unfilled() -> list[str]:
    """Errors made without a value for a slot of their message or remedy."""
    return [
        f"{use.place}: `{use.code}` needs {', '.join(sorted(missing))}"
        for use in uses()
        if use.slots is not None and use.code in REGISTRY and (missing := _slots(use.code) - use.slots)
    ]


def misworded() -> list[str]:
    """Codes of another form, and messages that are not one lower-case line (an acronym may begin one)."""
    found = [f"`{code}` is not area.noun.problem" for code in REGISTRY if not CODE.fullmatch(code)]
    for code, wording in REGISTRY.items():
        for text in (wording.message, wording.remedy):
            capital = text[:1].isupper() and not text[1:2].isupper()
            if not text or "\n" in text or capital or text.endswith("."):
                found.append(f"`{code}`: one lower-case line without a full stop, please: {text}")
    return found


def unsorted() -> list[str]:
    """Whether the registry stands in the order of its codes."""
    listed = [code for code, _ in _entries(REGISTRY_FILE.read_text(encoding="utf-8"))]
    late = [after for before, after in itertools.pairwise(listed) if after <= before]
    return [f"`{code}` stands too late or twice; run `python3 dev.py errors --sort`" for code in late]


def complaints() -> list[str]:
    """Everything amiss between source and registry."""
    return [*unregistered(), *unused(), *unfilled(), *misworded(), *unsorted()]


def _table(text: str) -> ast.Dict:
    for node in ast.parse(text).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
            return node.value
    raise LookupError


def _entries(text: str) -> list[tuple[str, str]]:
    table = _table(text)
    return [
        (ast.literal_eval(key), ast.get_source_segment(text, value) or "")
        for key, value in zip(table.keys, table.values, strict=True)
        if key is not None
    ]


def sorted_registry(text: str) -> str:
    """The registry's source with its entries in order; two entries of one code become the later one."""
    body = "".join(f'    "{code}": {value},\n' for code, value in sorted(dict(_entries(text)).items()))
    table = _table(text)
    lines = text.splitlines(keepends=True)
    if any(line.lstrip().startswith("#") for line in lines[table.lineno :]):
        raise SystemExit("the registry holds a comment, which sorting would drop; move it to the docstring")
    return "".join([*lines[: table.lineno - 1], "REGISTRY: Final[dict[str, Wording]] = {\n", body, "}\n"])


def main(arguments: list[str]) -> int:
    """List what is amiss; with `--sort`, first write the registry in order."""
    if "--sort" in arguments:
        REGISTRY_FILE.write_text(sorted_registry(REGISTRY_FILE.read_text(encoding="utf-8")), encoding="utf-8")
        subprocess.run(
            [Path(sys.executable).with_name("ruff"), "format", "--quiet", REGISTRY_FILE], check=True
        )
        return 0
    found = complaints()
    print("\n".join(found) or f"{len(REGISTRY)} error codes, nothing amiss")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
