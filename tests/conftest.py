"""What holds for every test: no skip where skips are forbidden, a home of its own, Hypothesis without clocks.

Sockets (loopback only), random order, strict markers and warnings-as-errors are set in pyproject.toml.

With HABEAS_TEST_DATABASE=postgresql only those tests run that open a home by a fixture or are marked `stored`
or `postgres`, without those marked `sqlite`; without it, all but those marked `postgres`. None of them is
skipped: a run that a test does not belong to never collects it. Of the tests in a browser only those marked
`stored` run on PostgreSQL: whole ways of a request.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from tests import databases

# A slow shared machine is no failure of the code, so no example has a deadline.
settings.register_profile("habeas", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("habeas")

FORBID: Final = "HABEAS_FORBID_SKIPS"
"""Set to 1 (as `.ci/run` does), a run in which a test was skipped fails at its end."""

_HOME: Final = Path(tempfile.mkdtemp(prefix="habeas-test-home-"))
os.environ["HABEAS_HOME"] = str(_HOME)  # before any test imports settings: no test touches a person's home

_HOMES: Final = frozenset({"home", "model_home", "installation", "office", "model_office"})
"""Fixtures that open a home."""

_skipped: Final[list[str]] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what does not belong to the database of this run."""
    others = [item for item in items if not _belongs(item)]
    items[:] = [item for item in items if item not in set(others)]
    config.hook.pytest_deselected(items=others)


def _belongs(item: pytest.Item) -> bool:
    marks = {mark.name for mark in item.iter_markers()}
    if not databases.ON_SERVER:
        return "postgres" not in marks
    fixtures = set(getattr(item, "fixturenames", ()))
    if "visit" in fixtures:  # a page looks alike over any database; the ways of a request run on both
        return "stored" in marks
    return "sqlite" not in marks and bool(marks & {"postgres", "stored"} or fixtures & _HOMES)


def _note(report: pytest.TestReport | pytest.CollectReport) -> None:
    # An expected failure is reported as skipped too; it has its own rule (strict, with a reason).
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember a test that was skipped."""
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Remember a module that was skipped whole."""
    _note(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where skips are forbidden, one is a failure; the run's own home goes."""
    if os.environ.get(FORBID) == "1" and _skipped:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    databases.stop()
    shutil.rmtree(_HOME, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the skipped tests that made the run fail."""
    if os.environ.get(FORBID) == "1" and _skipped:
        terminalreporter.section("skipped, which is forbidden here")
        for name in _skipped:
            terminalreporter.write_line(name)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty $HABEAS_HOME of the test's own."""
    place = tmp_path / "home"
    place.mkdir()
    monkeypatch.setenv("HABEAS_HOME", str(place))
    return place
