"""Puts the design system's files into wheel and sdist (workshop/assets.py says which, and how)."""

from __future__ import annotations

import runpy
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from hatchling.builders.config import BuilderConfig

    Interface = BuildHookInterface[BuilderConfig]
else:
    Interface = BuildHookInterface


class Assets(Interface):
    """The hook that `[tool.hatch.build.hooks.custom]` names."""

    def dependencies(self) -> list[str]:
        """Node.js with npm, where the machine has none and the files are not there yet."""
        if shutil.which("npm") or self._workshop["current"](Path(self.root)):
            return []
        lines = (Path(self.root) / "requirements" / "assets.in").read_text(encoding="utf-8").splitlines()
        return [line for line in lines if not line.startswith("#")]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Fetch and copy, unless it was done."""
        self._workshop["make"](Path(self.root))

    @property
    def _workshop(self) -> dict[str, Any]:
        # A build has no package `workshop`: only this file is loaded, by its path.
        return runpy.run_path(str(Path(self.root) / "workshop" / "assets.py"))
