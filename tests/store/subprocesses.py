"""Running a module of these tests in a process of its own.

Some library installs a package called `tests`, which would go before this folder: so the name is bound.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_BIND = """
import runpy, sys, types
tests = sys.modules["tests"] = types.ModuleType("tests")
tests.__path__ = [sys.argv.pop(1)]
module = sys.argv.pop(1)
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""


def command(module: str, *arguments: object) -> list[str]:
    """The command that runs a module of these tests, in `ROOT`."""
    return [sys.executable, "-c", _BIND, str(ROOT / "tests"), module, *map(str, arguments)]
