"""A home for each test: one is made, every test gets a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import databases
from tests.store.installation import Installation, make_home, open_home

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def model_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new home with keys and tables, never used itself."""
    home = tmp_path_factory.mktemp("model") / "home"
    make_home(home)
    _close()
    return home


@pytest.fixture
def home(model_home: Path, tmp_path: Path) -> Iterator[Path]:
    """A home of the test's own."""
    databases.copy_home(model_home, tmp_path / "home")
    yield tmp_path / "home"
    databases.close_home(tmp_path / "home")


@pytest.fixture
def installation(home: Path) -> Installation:
    """The test's home, opened."""
    return open_home(home)


def _close() -> None:
    from django.db import connections

    connections.close_all()
