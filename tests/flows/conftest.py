"""An office for each test: one home is made by `habeas admin init`, every test gets a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from habeas.kernel.clock import SetClock
from tests import databases
from tests.flows.office import AT, CONFIG, Office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def model_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new home with its configuration, never used itself."""
    home = tmp_path_factory.mktemp("model") / "home"
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text(CONFIG, encoding="utf-8")
    databases.prepare(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HABEAS_HOME", str(home))
        office = Office(home, SetClock(AT), home)
        said = office.run("admin", "init", "--json")
        assert (said.code, said.json["home"]) == (0, str(home)), said
    _close()
    return home


@pytest.fixture
def office(model_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office of the test's own, on September 14, 2020."""
    databases.copy_home(model_office, tmp_path / "home")
    (tmp_path / "inbox").mkdir()
    clock = SetClock(AT)
    monkeypatch.setenv("HABEAS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("habeas.wiring.SystemClock", lambda: clock)
    yield Office(tmp_path / "home", clock, tmp_path / "inbox")
    databases.close_home(tmp_path / "home")


def _close() -> None:
    from django.db import connections

    connections.close_all()
