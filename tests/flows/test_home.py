"""What lies in a home, and what keeps it: no name in clear, backup and restore, the doctor, quarantine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, LiteralString

import attrs
import pytest

from tests.core.usecases.papers import drawn
from tests.databases import tamper
from tests.flows.office import AFTER_THE_PERIOD, ASKED, CONFIG, PERIOD, SUBJECT, Said, a_mail

if TYPE_CHECKING:
    from pathlib import Path

    from tests.flows.office import Office

PERSONAL = (
    *SUBJECT.split(), "Rowan", "Whitcomb", "rowan.whitcomb@ice.dhs.example", "555-0117", "HS-4471",
    "active criminal investigation", "records@labor.example wage", "request.eml", "paper-1.pdf",
    "a better reading", "the director", "not solely", "encrypted e-mail",
)  # fmt: skip
"""Words that came with a request or were said about it."""


def files(home: Path) -> dict[str, bytes]:
    """Every file of a home but its keys and its configuration, write-ahead logs too."""
    found = [
        p for p in home.rglob("*") if p.is_file() and p.parent.name != "keys" and p.name != "config.toml"
    ]
    return {p.relative_to(home).as_posix(): p.read_bytes() for p in found}


def worked(office: Office) -> str:
    """A home in which everything happened once; the reference of its request."""
    ref = office.decided("release", "--instructed-by", "the director", "--objection", "it is not solely so")
    package = office.file("package.csv", b"quarter,employer\n")
    office.ok("case", "approve", ref, "--as", "k.roe")
    office.ok("case", "disclose", ref, "--as", "c.clerk", "--package", package, "--field", "employer")
    office.ok("case", "answer", ref, "--as", "c.clerk")
    office.take("request.eml", a_mail())
    office.take("Marisela.bin", b"\x00\x01" * 50 + SUBJECT.encode(), "--custodian", "labor")
    office.ok("ledger", "checkpoint")
    return ref


@pytest.mark.sqlite
def test_no_word_of_a_request_lies_in_the_home_in_clear(office: Office) -> None:
    worked(office)
    found = files(office.home)
    assert {"habeas.sqlite3", "ledger.sqlite3", "keys.sqlite3"} <= found.keys()
    assert len([name for name in found if name.startswith("blobs/")]) >= 4
    for name, data in found.items():
        for word in PERSONAL:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                assert word.encode(encoding) not in data, (name, word)
    assert all(SUBJECT.encode() not in name.encode() for name in found)


def test_what_was_handed_over_is_kept_nowhere(office: Office) -> None:
    ref = worked(office)
    ports = office.desk().ports
    case = ports.cases.load(ports.cases.by_ref(ref))
    assert [left.fields for left in case.disclosures] == [("employer",)]
    assert all(b"quarter,employer" not in data for data in files(office.home).values())


def test_the_case_rows_can_be_listed_and_reported_without_the_vault(office: Office) -> None:
    worked(office)
    listed = office.ok("case", "list", "--json").json
    office.clock.set(AFTER_THE_PERIOD)
    report = office.ok("report", *PERIOD, "--json").out
    tamper(office.home, "default", "DROP TABLE vault")
    assert office.ok("case", "list", "--json").json == listed
    assert office.ok("report", *PERIOD, "--json").out == report
    assert office.run("case", "show", listed[0]["request"]).code in (2, 3)


# ------------------------------------------------------------------------------------------- backup


def started(home: Path, *words: object) -> Said:
    """A command in a process of its own: here, what another test started would hide what it forgot."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HABEAS_", "DJANGO_"))}
    command = [sys.executable, "-m", "habeas.cli.main", *map(str, words)]
    env = {**kept, "HABEAS_HOME": str(home)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.mark.sqlite
def test_a_home_that_a_backup_makes_first_is_backed_up(tmp_path: Path) -> None:
    made = started(tmp_path / "home", "admin", "backup", tmp_path / "saved", "--json").json
    assert (len(made["parts"]), made["size"]) == (2, 0)


@pytest.mark.sqlite
def test_a_backup_holds_the_accounts(tmp_path: Path) -> None:
    home, saved, again = tmp_path / "home", tmp_path / "saved", tmp_path / "again"
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text(CONFIG, encoding="utf-8")
    started(home, "admin", "init")
    started(home, "admin", "account", "add", "r.doe")
    started(home, "sequencer", "--once")
    started(home, "admin", "backup", saved)
    started(again, "admin", "restore", saved)
    assert [one["person"] for one in started(again, "admin", "account", "list", "--json").json] == ["r.doe"]
    assert started(again, "admin", "doctor", "--json").json == []


@pytest.fixture
def restored(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Office, Office, str]:
    """A home, another restored from its backup, and the report of the first."""
    worked(office)
    office.ok("admin", "backup", tmp_path / "backup")
    office.clock.set(AFTER_THE_PERIOD)
    report = office.ok("report", *PERIOD, "--json").out
    home = tmp_path / "again"
    monkeypatch.setenv("HABEAS_HOME", str(home))
    other = attrs.evolve(office, home=home)
    said = other.ok("admin", "restore", tmp_path / "backup", "--json").json
    assert said["size"] == said["signed"] > 0
    return office, other, report


@pytest.mark.sqlite
def test_a_restored_home_reports_the_same_and_goes_on(restored: tuple[Office, Office, str]) -> None:
    _, other, report = restored
    assert other.ok("report", *PERIOD, "--json").out == report
    assert other.ok("ledger", "fsck", "--json").json["findings"] == []
    before = {line["request"] for line in other.ok("case", "list", "--json").json}
    again = other.take("request.eml", a_mail())
    assert again["state"] == "repeat"
    assert again["request"] in before
    ref = other.opened(a_mail("Another matter altogether."))
    assert ref not in before
    other.ok("ledger", "checkpoint")
    assert other.findings() == set()


@pytest.mark.sqlite
def test_what_waited_in_quarantine_is_there_after_a_restore(restored: tuple[Office, Office, str]) -> None:
    first, other, _ = restored
    (waiting,) = other.ok("admin", "quarantine", "--json").json
    said = other.ok("admin", "quarantine", "release", waiting["arrival"], "--as-paper", "--json").json
    assert said["state"] == "case"
    assert first.home != other.home


@pytest.mark.sqlite
def test_a_backup_is_not_restored_over_a_home_nor_from_nothing(office: Office, tmp_path: Path) -> None:
    office.opened()
    office.ok("admin", "backup", tmp_path / "backup")
    said = office.run("admin", "restore", tmp_path / "backup")
    assert (said.code, said.codes) == (2, ["store.home.not_empty"])
    said = office.run("admin", "restore", tmp_path / "nothing")
    assert (said.code, said.codes) == (2, ["backup.archive.none"])
    shutil.rmtree(office.home)
    for archive in (tmp_path / "backup").glob("habeas-data-*.tar"):
        data = bytearray(archive.read_bytes())
        data[len(data) // 2] ^= 1
        archive.write_bytes(data)
    said = office.run("admin", "restore", tmp_path / "backup")
    assert said.code in (2, 3)
    assert len(said.codes) == 1
    assert not office.home.exists()


# ------------------------------------------------------------------------------------------- the doctor


def test_an_upgrade_of_a_present_home_has_nothing_to_do(office: Office) -> None:
    worked(office)
    assert office.ok("admin", "upgrade", "--json").json == {"migrations": []}


def test_an_upgrade_makes_no_home_where_there_is_none(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HABEAS_HOME", str(tmp_path / "nowhere"))
    said = office.run("admin", "upgrade", "--json")
    assert (said.code, said.codes) == (2, ["store.home.none"])
    assert not (tmp_path / "nowhere").exists()


def test_initialising_again_leaves_a_home_as_it_is(office: Office) -> None:
    ref = office.opened()
    before = office.ok("admin", "init", "--json").json
    assert office.ok("admin", "init", "--json").json == before
    assert office.ok("case", "show", ref, "--json").json["request"] == ref


def test_the_doctor_finds_nothing_wrong_with_a_home_that_works(office: Office) -> None:
    assert office.findings() == set()
    worked(office)
    assert office.findings() == set()


def test_the_doctor_says_what_waits_and_exits_1(office: Office) -> None:
    office.opened()
    said = office.run("admin", "doctor")
    assert said.code == 1
    assert "[doctor.outbox.waiting]" in said.out
    assert office.findings() == {"doctor.outbox.waiting"}


@pytest.mark.parametrize("damage", ["paper", "vault", "case_row"])
def test_the_doctor_finds_a_broken_promise_and_exits_3(office: Office, damage: str) -> None:
    worked(office)
    if damage == "paper":
        next(office.home.glob("blobs/*/*")).unlink()
    else:
        rows: dict[str, tuple[LiteralString, *tuple[object, ...]]] = {
            "vault": ("UPDATE vault SET sealed = %s", bytes(60)),
            "case_row": ("UPDATE case_row SET month = ''",),
        }
        tamper(office.home, "default", *rows[damage])
    said = office.run("admin", "doctor", "--json")
    assert said.code == 3
    assert any(found["exit_code"] == 3 and found["remedy"] for found in said.json)
    if damage == "case_row":
        office.ok("admin", "rebuild")
        assert office.findings() == set()


def test_a_changed_entry_is_found_by_verify_and_by_fsck(office: Office) -> None:
    office.opened()
    office.ok("ledger", "checkpoint")
    tamper(office.home, "ledger", "UPDATE log_entry SET data = %s WHERE idx = 0", bytes(277))
    for command in ("verify", "fsck"):
        said = office.run("ledger", command, "--json")
        assert (said.code, said.json["ok"]) == (1, False)
        assert said.json["findings"]


# ------------------------------------------------------------------------------------------- quarantine


def test_a_text_for_nobody_is_released_to_the_agency_that_a_clerk_names(office: Office) -> None:
    taken = office.take("note.txt", b"Please send the employment records.")
    assert taken["state"] == "quarantined"
    (waiting,) = office.ok("admin", "quarantine", "--json").json
    assert waiting["arrival"] == taken["arrival"]
    assert waiting["why"].endswith("[intake.holder.unknown]")
    release = ("admin", "quarantine", "release", taken["arrival"])
    for words, code in (
        (("--custodian", "nobody"), "directory.custodian.unknown"),
        (("--custodian", "labor", "--unit", "cellar"), "intake.unit.unknown"),
    ):
        said = office.run(*release, *words)
        assert (said.code, said.codes) == (2, [code])
    assert office.run(*release).code == 2
    assert office.ok(*release, "--custodian", "labor", "--json").json["state"] == "case"
    assert office.ok("admin", "quarantine", "--json").json == []
    assert office.ok("case", "list", "--json").json[0]["state"] == "read"
    said = office.run(*release)
    assert (said.code, said.codes) == (2, ["intake.arrival.not_quarantined"])
    said = office.run("admin", "quarantine", "release", "nothing")
    assert (said.code, said.codes) == (2, ["intake.arrival.unknown"])


def test_bytes_of_no_kind_become_a_paper_that_a_person_must_read(office: Office) -> None:
    data = b"\x00\x01\x02" * 100
    taken = office.take("blob.bin", data, "--custodian", "labor")
    said = office.ok("admin", "quarantine", "release", taken["arrival"], "--as-paper", "--json").json
    shown = office.ok("case", "show", said["request"])
    assert "unreadable paper" in shown.out
    assert data in office.kept()


def test_settle_reads_what_was_only_logged(office: Office) -> None:
    taken = office.take("request.eml", a_mail(), "--no-read")
    assert [line["state"] for line in office.ok("case", "list", "--json").json] == ["received"]
    said = office.ok("admin", "settle", "--json").json
    assert said == {"arrivals": [], "read": [taken["request"]], "problems": []}
    assert [line["state"] for line in office.ok("case", "list", "--json").json] == ["read"]
    assert office.ok("admin", "settle", "--json").json["read"] == []


def test_settle_names_a_case_it_cannot_read_and_reads_the_others(office: Office) -> None:
    first = office.take("one.eml", a_mail(), "--no-read")["request"]
    second = office.take("two.eml", a_mail("Another matter altogether.", ""), "--no-read")["request"]
    ports = office.desk().ports
    case_id = ports.cases.by_ref(first)
    paper = ports.cases.load(case_id).request.attachments[0].blob
    (office.home / "blobs" / paper[:2] / f"{paper[2:]}.{case_id}").unlink()
    said = office.run("admin", "settle", "--json")
    assert said.code == 3
    assert said.json["read"] == [second]
    assert said.codes == ["blobs.file.missing"]


def test_many_requests_are_listed_page_by_page(office: Office) -> None:
    refs = [office.opened(a_mail(f"Matter number {n}.", "")) for n in range(5)]
    first = office.ok("case", "list", "--limit", 2, "--json").json
    second = office.ok("case", "list", "--limit", 2, "--after", first[-1]["request"], "--json").json
    third = office.ok("case", "list", "--after", second[-1]["request"], "--json").json
    assert sorted(line["request"] for line in (*first, *second, *third)) == sorted(refs)
    assert office.run("case", "list", "--limit", 0).code == 2
    assert office.run("case", "list", "--after", "nothing").codes == ["case.ref.unknown"]


def test_reading_a_paper_at_the_terminal_opens_no_home(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = office.file("warrant.pdf", drawn("ao93"))
    monkeypatch.setenv("HABEAS_HOME", str(office.inbox / "nowhere"))
    (found,) = office.ok("read", file, "--json").json
    assert (found["authority"], found["kind"]) == ("judicial", "ao93")
    assert "issued by a court" in office.ok("read", file).out
    assert not (office.inbox / "nowhere").exists()
    assert ASKED not in str(found)
