"""What a program start brings with it; the rest of the directions are import-linter's (pyproject.toml)."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from typing import Final

import pytest

import habeas

HEAVY: Final = frozenset({"django", "pydantic", "duckdb", "z3", "cedarpy", "typst", "pypdfium2"})
CORE: Final = ("kernel", "domain", "ledger", "policy", "intake", "report", "letter", "verifier", "usecases")


def loaded_after(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter has after a statement."""
    program = (
        f"{statement}\nimport json, sys\nprint(json.dumps(sorted(m.split('.')[0] for m in sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout))


def modules_under(*rooms: str) -> list[str]:
    """Every module of some rooms, by name."""
    prefixes = tuple(f"habeas.{room}." for room in rooms)
    found = [module.name for module in pkgutil.walk_packages(habeas.__path__, "habeas.")]
    return [name for name in found if name.startswith(prefixes)]


def test_a_strangers_verifier_never_loads_django() -> None:
    assert "habeas.verifier.receipt" in modules_under("verifier")
    assert "django" not in loaded_after("import habeas.verifier.receipt")


def test_no_module_of_the_core_loads_django() -> None:
    names = ", ".join(modules_under(*CORE))
    assert "django" not in loaded_after(f"import {names}")


@pytest.mark.parametrize("module", ["habeas.cli.main"])
def test_the_command_line_starts_without_the_heavy_libraries(module: str) -> None:
    assert loaded_after(f"import {module}") & HEAVY == set()


def test_the_verify_commands_need_neither_django_nor_the_store() -> None:
    loaded = loaded_after(
        "import habeas.cli.receipt, sys\n"
        "shell = ('habeas.store', 'habeas.wiring', 'habeas.config')\n"
        "assert not [name for name in sys.modules if name.startswith(shell)]"
    )
    assert "django" not in loaded
