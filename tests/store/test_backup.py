"""Backup of a home in use, and a restore that believes nothing."""

from __future__ import annotations

import io
import json
import sqlite3
import stat
import tarfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from habeas.domain.vocabulary import EventKind as E
from habeas.kernel import canonical
from habeas.kernel.errors import BadInput
from habeas.ledger.merkle import leaf_hash
from habeas.usecases.sequence import sequence
from tests.store.histories import REFUSED, event
from tests.store.installation import AT, Installation, make_home, open_home
from tests.store.subprocesses import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from habeas.store.backup import Backup

pytestmark = pytest.mark.sqlite


def case(made: Installation, ref: str) -> str:
    case_id = made.ids.new_id()
    made.store.keys.create(case_id)
    made.blobs.put(f"paper {ref}".encode(), case_id)
    for at, kind in enumerate(REFUSED):
        made.store.cases.append(case_id, at, [event(kind, ref)])
    return case_id


@pytest.fixture
def made(installation: Installation) -> Installation:
    """A home with two cases, one sequenced."""
    (installation.home / "config.toml").write_text('[ledger]\norigin = "ledger.example/tests"\n', "utf-8")
    case(installation, "0000000001")
    sequence(installation.store.outbox, installation.store.log, installation.signer)
    case(installation, "0000000002")
    return installation


@pytest.fixture
def archives(made: Installation, tmp_path: Path) -> Backup:
    from habeas.store.backup import backup

    return backup(made.home, tmp_path / "backups", AT)


def contents(home: Path) -> dict[str, bytes]:
    """Files that do not change when they are copied."""
    found = [p for p in home.rglob("*") if p.is_file() and "sqlite3" not in p.name]
    return {p.relative_to(home).as_posix(): p.read_bytes() for p in found}


def repack(archive: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """Rewrite an archive with other contents."""
    with tarfile.open(archive) as tar:
        files = {m.name: (tar.extractfile(m) or b"").read() for m in tar}  # type: ignore[union-attr]  # files only
    change(files)
    with tarfile.open(archive, "w") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))


def test_a_restored_home_has_everything(made: Installation, archives: Backup, tmp_path: Path) -> None:
    from habeas.store.backup import restore

    restored = restore(archives.data, archives.keys, tmp_path / "new")
    assert (restored.log_size, restored.signed_size) == (5, 5)
    assert contents(tmp_path / "new") == contents(made.home)
    again = open_home(tmp_path / "new")
    for ref in ("0000000001", "0000000002"):
        case_id = again.store.cases.by_ref(ref)
        assert len(again.store.cases.history(case_id)) == 5
    assert sequence(again.store.outbox, again.store.log, again.signer).size == 10
    from habeas.store.upgrade import require_current

    require_current()


def test_the_two_archives_are_apart(archives: Backup) -> None:
    with tarfile.open(archives.data) as data, tarfile.open(archives.keys) as keys:
        in_data, in_keys = set(data.getnames()), set(keys.getnames())
    assert in_data & in_keys == {"manifest.json"}
    assert {"habeas.sqlite3", "ledger.sqlite3", "config.toml"} < in_data
    assert not {n for n in in_data if "key" in n}
    assert {"keys.sqlite3", "keys/master.key", "keys/instance.key", "keys/ledger.skey"} < in_keys
    for path in (archives.data, archives.keys):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_both_manifests_are_as_their_schema_says(archives: Backup) -> None:
    schema = json.loads((ROOT / "schemas" / "habeas.backup.v1.json").read_text(encoding="utf-8"))
    for path in (archives.data, archives.keys):
        with tarfile.open(path) as tar:
            manifest = tar.extractfile("manifest.json")
            assert manifest is not None
            Draft202012Validator(schema).validate(json.loads(manifest.read()))


def test_restored_files_are_private(archives: Backup, tmp_path: Path) -> None:
    from habeas.store.backup import restore

    restore(archives.data, archives.keys, tmp_path / "new")
    for path in (tmp_path / "new", *(tmp_path / "new").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_nothing_is_left_beside_the_archives(archives: Backup) -> None:
    assert sorted(archives.data.parent.iterdir()) == sorted([archives.data, archives.keys])


def test_a_backup_of_the_same_moment_is_not_overwritten(made: Installation, archives: Backup) -> None:
    from habeas.store.backup import backup

    before = archives.data.read_bytes()
    with pytest.raises(BadInput, match=r"backup\.archive\.exists"):
        backup(made.home, archives.data.parent, AT)
    assert archives.data.read_bytes() == before


def test_what_was_sequenced_during_the_backup_waits_again_in_it(
    made: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from habeas.store import backup as room

    real, taken = room._snapshot, list[str]()

    def snapshot(source: Path, copy: Path) -> None:
        real(source, copy)
        taken.append(source.name)
        if source.name == "ledger.sqlite3":  # the home goes on working
            sequence(made.store.outbox, made.store.log, made.signer)
            case(made, "0000000003")
            sequence(made.store.outbox, made.store.log, made.signer)

    monkeypatch.setattr(room, "_snapshot", snapshot)
    archives = room.backup(made.home, tmp_path / "backups", AT)
    assert taken == ["ledger.sqlite3", "habeas.sqlite3", "keys.sqlite3"]
    expected = list(made.store.log.entries(0, 15))
    signed = made.store.log.checkpoint()
    room.restore(archives.data, archives.keys, tmp_path / "new")
    again = open_home(tmp_path / "new")
    assert again.store.log.size() == 5
    assert len(again.store.outbox.waiting(100)) == 10
    sequence(again.store.outbox, again.store.log, again.signer)
    assert list(again.store.log.entries(0, 15)) == expected
    assert again.store.log.checkpoint() == signed, "the same tree"


def test_a_home_that_is_not_empty_is_left_alone(archives: Backup, tmp_path: Path) -> None:
    from habeas.store.backup import restore

    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "x").touch()
    with pytest.raises(BadInput, match=r"store\.home\.not_empty"):
        restore(archives.data, archives.keys, tmp_path / "new")
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["x"]


def drop(name: str) -> Callable[[dict[str, bytes]], object]:
    return lambda files: files.pop(name)


def alter(name: str) -> Callable[[dict[str, bytes]], object]:
    return lambda files: files.update({name: files[name][:-1] + bytes([files[name][-1] ^ 1])})


def rename(files: dict[str, bytes]) -> None:
    """An archive that wants to write outside the home, with a manifest to match."""
    manifest = canonical.decode(files["manifest.json"])
    manifest["files"]["../outside"] = manifest["files"].pop("config.toml")
    files["../outside"] = files.pop("config.toml")
    files["manifest.json"] = canonical.encode(manifest)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (drop("habeas.sqlite3"), "backup.archive.damaged"),
        (drop("manifest.json"), "backup.archive.malformed"),
        (alter("ledger.sqlite3"), "backup.archive.damaged"),
        (alter("config.toml"), "backup.archive.damaged"),
        (alter("manifest.json"), "backup.archive.malformed"),
        (lambda files: files.update({"keys/extra": b""}), "backup.archive.damaged"),
        (rename, "backup.archive.malformed"),
    ],
)
def test_a_damaged_archive_restores_nothing(
    archives: Backup, tmp_path: Path, change: Callable[[dict[str, bytes]], object], expected: str
) -> None:
    from habeas.store.backup import restore

    repack(archives.data, change)
    before = set(tmp_path.rglob("*"))
    with pytest.raises(BadInput) as error:
        restore(archives.data, archives.keys, tmp_path / "new")
    assert error.value.problems[0].code == expected
    assert set(tmp_path.rglob("*")) == before


def test_any_bytes_are_no_archive(archives: Backup, tmp_path: Path) -> None:
    from habeas.store.backup import restore

    whole = archives.data.read_bytes()
    for data in (b"", b"x", b"\0" * 10240, whole[:700], whole[: len(whole) // 2], whole[:-10240][:20000]):
        archives.data.write_bytes(data)
        with pytest.raises(BadInput, match=r"backup\.archive\.(damaged|malformed)"):
            restore(archives.data, archives.keys, tmp_path / "new")
    archives.data.unlink()
    with pytest.raises(BadInput, match=r"backup\.archive\.missing"):
        restore(archives.data, archives.keys, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_archives_of_the_wrong_part_are_refused(archives: Backup, tmp_path: Path) -> None:
    from habeas.store.backup import restore

    with pytest.raises(BadInput, match=r"backup\.archive\.malformed"):
        restore(archives.keys, archives.data, tmp_path / "new")


def test_keys_of_another_installation_do_not_fit(archives: Backup, tmp_path: Path) -> None:
    from habeas.store.backup import backup, restore

    make_home(tmp_path / "stranger")
    stranger = backup(tmp_path / "stranger", tmp_path / "other", AT)
    with pytest.raises(BadInput, match=r"ledger\.(note\.unsigned|signature\.invalid)"):
        restore(archives.data, stranger.keys, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_an_altered_ledger_is_not_restored(made: Installation, tmp_path: Path) -> None:
    """Even where leaf and archive were made to fit."""
    from habeas.store.backup import backup, restore

    with closing(sqlite3.connect(made.home / "ledger.sqlite3", isolation_level=None)) as log:
        log.execute("DROP TRIGGER log_entry_no_update")
        forged = b"x" * 277
        log.execute("UPDATE log_entry SET data = ?, leaf = ? WHERE idx = 2", [forged, leaf_hash(forged)])
    archives = backup(made.home, tmp_path / "backups", AT)
    with pytest.raises(BadInput, match=r"ledger\.root\.differs"):
        restore(archives.data, archives.keys, tmp_path / "new")


def test_expunged_before_the_backup_is_expunged_in_it(made: Installation, tmp_path: Path) -> None:
    from habeas.store.backup import backup, restore

    case_id = made.store.cases.by_ref("0000000001")
    made.store.cases.append(case_id, 5, [event(E.HOLD_PLACED, "0000000001")])
    made.store.keys.destroy(case_id)
    made.blobs.forget(case_id)
    archives = backup(made.home, tmp_path / "backups", AT)
    restore(archives.data, archives.keys, tmp_path / "new")
    again = open_home(tmp_path / "new")
    with pytest.raises(BadInput, match=r"keys\.case\.missing"):
        again.store.cases.history(case_id)
    assert [k.case_id for k in again.blobs.every()] == [again.store.cases.by_ref("0000000002")]


def test_a_home_without_tables_has_no_backup(tmp_path: Path) -> None:
    from habeas.store.backup import backup

    (tmp_path / "home").mkdir()
    with pytest.raises(BadInput, match=r"store\.home\.not_ready"):
        backup(tmp_path / "home", tmp_path / "backups", AT)
    assert not list((tmp_path / "backups").iterdir())


def test_a_full_disk_leaves_no_half_archive(
    made: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from habeas.store import archive
    from habeas.store.backup import backup

    def full(*_: object) -> str:
        raise OSError(28, "injected")

    monkeypatch.setattr(archive, "_add", full)
    with pytest.raises(BadInput, match=r"store\.disk\.full"):
        backup(made.home, tmp_path / "backups", AT)
    assert not list((tmp_path / "backups").iterdir())
