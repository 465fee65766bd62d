"""PostgreSQL: the runbook of docs/admin.md, command for command, and what the home's own commands say."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import attrs
import pytest

from habeas.config.postgres import role_script
from tests import databases
from tests.flows.office import AFTER_THE_PERIOD, PERIOD, ROOT, a_mail
from tests.flows.test_home import worked

if TYPE_CHECKING:
    from pathlib import Path

    from tests.flows.office import Office

pytestmark = pytest.mark.postgres


def runbook(heading: str) -> str:
    """The commands under a heading of the runbook."""
    text = (ROOT / "docs" / "admin.md").read_text(encoding="utf-8")
    found = re.search(rf"^{heading}\n```sh\n(.*?)```", text, re.MULTILINE | re.DOTALL)
    assert found is not None, heading
    return found[1]


def follow(commands: str, home: Path, folder: Path, name: str, user: str = "habeas_owner") -> None:
    """Run the commands as the owner of the database `name`, for this home and these folders."""
    told = {"HABEAS_HOME": str(home), "DATA": str(folder / "data"), "KEYS": str(folder / "keys")}
    server = {"PGHOST": str(databases.cluster().folder), "PGUSER": user, "PGDATABASE": name}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        env={"PATH": os.environ["PATH"], **told, **server},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_server_restored_by_the_runbook_reports_the_same_and_goes_on(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked(office)
    office.opened(a_mail("It waits for its place in the ledger."))
    office.clock.set(AFTER_THE_PERIOD)
    report = office.ok("report", *PERIOD, "--json").out
    before = databases.dump(office.home)
    follow(runbook("To back up:"), office.home, tmp_path, databases.server_of(office.home).name)

    home = tmp_path / "again"
    home.mkdir(mode=0o700)
    databases.prepare(home)  # as `habeas admin database` prints it
    empty = databases.server_of(home).name
    follow(runbook("To restore:"), home, tmp_path, empty)
    databases.point(home, empty)
    monkeypatch.setenv("HABEAS_HOME", str(home))
    other = attrs.evolve(office, home=home)
    assert other.ok("admin", "upgrade", "--json").json == {"migrations": []}
    assert databases.dump(home) == before
    assert other.findings() == {"doctor.outbox.waiting"}
    assert other.ok("ledger", "fsck", "--json").json["findings"] == []
    assert other.ok("report", *PERIOD, "--json").out == report
    other.ok("ledger", "checkpoint")
    assert other.findings() == set()
    databases.close_home(home)


def test_the_archives_are_apart(office: Office, tmp_path: Path) -> None:
    worked(office)
    follow(runbook("To back up:"), office.home, tmp_path, databases.server_of(office.home).name)
    keys = {bytes(key) for (key,) in databases.query(office.home, "keys", "SELECT wrapped FROM case_key")}
    data = b"".join(p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file())
    assert keys
    assert (office.home / "keys" / "master.key").read_bytes().strip() not in data
    listed = subprocess.run(
        ["pg_restore", "--list", str(tmp_path / "data" / "habeas.dump")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "TABLE DATA habeas event" in listed
    assert "habeas_keys" not in listed


@pytest.mark.parametrize("words", [("backup",), ("restore",)])
def test_the_embedded_backup_names_the_servers_tools(
    office: Office, tmp_path: Path, words: tuple[str, ...]
) -> None:
    said = office.run("admin", *words, tmp_path / "backup")
    assert (said.code, said.codes) == (2, ["backup.database.server"])
    assert not (tmp_path / "backup").exists()


def test_the_script_that_makes_the_roles_is_printed(office: Office) -> None:
    said = office.ok("admin", "database")
    assert said.out == role_script(databases.server_of(office.home))


def test_a_new_home_does_not_take_a_database_in_use(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    (stranger / "config.toml").write_text((office.home / "config.toml").read_text(encoding="utf-8"), "utf-8")
    monkeypatch.setenv("HABEAS_HOME", str(stranger))
    said = attrs.evolve(office, home=stranger).run("admin", "init")
    assert (said.code, said.codes) == (2, ["store.database.taken"])
    assert not (stranger / "keys").exists()
