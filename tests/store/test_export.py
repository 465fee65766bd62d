"""The log as static files: byte for byte, piece by piece, and whole whatever fails while writing."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from habeas.adapters.log_files import LogFolder, make_log_folder, open_log_folder
from habeas.adapters.mirror import open_mirror
from habeas.kernel.errors import BadInput, BrokenInvariant
from habeas.ledger.tiles import ENTRIES, StaticLog, Tile, log_files
from habeas.ledger.trust import Trust
from habeas.ledger.verify import verify_log
from habeas.usecases.export_log import Exported, export_log
from habeas.usecases.fake_witnesses import MemoryShelf
from habeas.usecases.sequence import sequence
from habeas.verifier.leftovers import Remark, look_around
from tests.store.installation import Installation, open_home
from tests.store.subprocesses import ROOT, command

if TYPE_CHECKING:
    from collections.abc import Callable


def grow(made: Installation, size: int) -> None:
    """A log of so many entries, signed."""
    log = made.store.log
    log.append([(n + 1, b"entry %d" % n) for n in range(log.size(), size)])
    sequence(made.store.outbox, log, made.signer)


def trust(made: Installation) -> Trust:
    return Trust(made.files.vkeys())


def export(made: Installation, folder: Path, *, everything: bool = False) -> Exported:
    return export_log(made.store.log, make_log_folder(folder), trust(made), everything=everything)


def contents(folder: Path) -> dict[str, bytes]:
    return {p: (folder / p).read_bytes() for p in LogFolder(folder).paths()}


def expected(made: Installation, size: int) -> dict[str, bytes]:
    files = dict(log_files(list(made.store.log.entries(0, size))))
    return {**files, "checkpoint": (made.store.log.checkpoint() or "").encode()}


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_a_log_is_exported_byte_for_byte(installation: Installation, tmp_path: Path, size: int) -> None:
    grow(installation, size)
    done = export(installation, tmp_path / "mirror")
    assert contents(tmp_path / "mirror") == expected(installation, size)
    assert (done.size, done.waiting, done.written) == (size, None, len(expected(installation, size)))


def test_exporting_again_writes_nothing(installation: Installation, tmp_path: Path) -> None:
    grow(installation, 300)
    export(installation, tmp_path / "mirror")
    before = {p: (tmp_path / "mirror" / p).stat().st_mtime_ns for p in contents(tmp_path / "mirror")}
    assert export(installation, tmp_path / "mirror").written == 0
    assert export(installation, tmp_path / "mirror", everything=True).written == 0
    assert before == {p: (tmp_path / "mirror" / p).stat().st_mtime_ns for p in before}


def test_a_mirror_grows_with_the_log_and_keeps_what_earlier_checkpoints_need(
    installation: Installation, tmp_path: Path
) -> None:
    folder = tmp_path / "mirror"
    for size in (3, 9, 255):
        grow(installation, size)
        export(installation, folder)
    assert {"tile/0/000.p/3", "tile/0/000.p/9", "tile/entries/000.p/255"} <= contents(folder).keys()
    for size in (256, 700):
        grow(installation, size)
        export(installation, folder)
        assert verify_log(LogFolder(folder), trust(installation)).sound
        assert look_around(LogFolder(folder), size).findings == ()
    left = contents(folder).keys() - expected(installation, 700).keys()
    assert left == {"tile/1/000.p/1"}  # partial files of full ones are gone; this one's is not full yet


def test_only_what_is_new_is_written(installation: Installation, tmp_path: Path) -> None:
    grow(installation, 600)
    export(installation, tmp_path / "mirror")
    grow(installation, 601)
    assert export(installation, tmp_path / "mirror").written == 3  # a tile, a bundle, the checkpoint


def test_a_reader_of_an_earlier_checkpoint_finds_its_tiles_in_the_full_ones(
    installation: Installation, tmp_path: Path
) -> None:
    grow(installation, 9)
    early = installation.store.log.checkpoint()
    grow(installation, 300)
    export(installation, tmp_path / "mirror")
    (tmp_path / "mirror" / "checkpoint").write_text(early or "", encoding="utf-8")
    assert not (tmp_path / "mirror" / "tile/0/000.p").exists()
    with open_mirror(str(tmp_path / "mirror")) as mirror:
        assert verify_log(mirror, trust(installation)).sound


def test_all_repairs_a_damaged_mirror(installation: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    grow(installation, 300)
    export(installation, folder)
    (folder / "tile/0/000").write_bytes(b"x" * 8192)
    (folder / "tile/entries/000").unlink()
    assert export(installation, folder).written == 0
    assert not verify_log(LogFolder(folder), trust(installation)).sound
    assert export(installation, folder, everything=True).written == 2
    assert verify_log(LogFolder(folder), trust(installation)).sound


def test_a_web_server_of_another_user_can_read_it(installation: Installation, tmp_path: Path) -> None:
    grow(installation, 300)
    mask = os.umask(0o077)
    try:
        export(installation, tmp_path / "mirror")
    finally:
        os.umask(mask)
    for path in (tmp_path / "mirror").rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644)


def test_nothing_is_exported_before_something_is_signed(installation: Installation, tmp_path: Path) -> None:
    installation.store.log.append([(1, b"not signed")])
    with pytest.raises(BadInput) as error:
        export(installation, tmp_path / "mirror")
    assert error.value.problems[0].code == "ledger.checkpoint.none"


def test_what_is_not_signed_yet_is_not_exported(installation: Installation, tmp_path: Path) -> None:
    grow(installation, 5)
    installation.store.log.append([(6, b"not signed")])
    export(installation, tmp_path / "mirror")
    assert contents(tmp_path / "mirror") == expected(installation, 5)


# ------------------------------------------------------------------------------------ another history


@pytest.mark.parametrize("note", [b"", b"nonsense\n", b"other.example/log\n3\nAAAA\n\n\xe2\x80\x94 a AAAA\n"])
def test_a_folder_of_another_log_is_left_alone(
    installation: Installation, tmp_path: Path, note: bytes
) -> None:
    grow(installation, 5)
    (tmp_path / "checkpoint").write_bytes(note)
    with pytest.raises(BadInput) as error:
        export(installation, tmp_path)
    assert error.value.problems[0].code == "ledger.mirror.other_log"
    assert contents(tmp_path) == {"checkpoint": note} | {
        p: d for p, d in contents(tmp_path).items() if p != "checkpoint"
    }


@pytest.mark.sqlite
def test_a_mirror_is_never_rolled_back(installation: Installation, tmp_path: Path, home: Path) -> None:
    grow(installation, 5)
    saved = {p.name: p.read_bytes() for p in home.glob("ledger.sqlite3*")}
    grow(installation, 9)
    export(installation, tmp_path / "mirror")
    before = contents(tmp_path / "mirror")
    from django.db import connections

    connections.close_all()
    for old in home.glob("ledger.sqlite3*"):
        old.unlink()
    for name, data in saved.items():
        (home / name).write_bytes(data)
    again = open_home(home)
    assert again.store.log.size() == 5
    with pytest.raises(BrokenInvariant) as error:
        export(again, tmp_path / "mirror")
    assert error.value.problem.code == "ledger.mirror.ahead"
    again.store.log.append([(n + 1, b"another %d" % n) for n in range(5, 20)])
    sequence(again.store.outbox, again.store.log, again.signer)
    with pytest.raises(BrokenInvariant) as error:
        export(again, tmp_path / "mirror")
    assert error.value.problem.code == "ledger.mirror.forked"
    assert contents(tmp_path / "mirror") == before


# ------------------------------------------------------------------------------------ failing disks


def failing_at(monkeypatch: pytest.MonkeyPatch, name: str, at: int, error: int) -> list[int]:
    """Let the nth call of an `os` function fail; the count of calls."""
    real: Callable[..., Any] = getattr(os, name)
    calls = [0]

    def call(*arguments: Any, **more: Any) -> Any:
        calls[0] += 1
        if calls[0] == at:
            raise OSError(error, os.strerror(error))
        return real(*arguments, **more)

    monkeypatch.setattr(f"habeas.adapters.log_files.os.{name}", call)
    return calls


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("name", ["fsync", "fchmod"])
def test_a_disk_that_fails_at_any_write_leaves_the_old_log_or_the_new(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, error: int
) -> None:
    grow(installation, 250)
    export(installation, tmp_path / "before")
    grow(installation, 520)
    at, failed = 0, True
    while failed:
        at += 1
        folder = tmp_path / str(at)
        shutil.copytree(tmp_path / "before", folder)
        with monkeypatch.context() as patch:
            calls = failing_at(patch, name, at, error)
            try:
                export(installation, folder)
                failed = False
            except BadInput as failure:
                assert failure.problems[0].code in {"store.disk.full", "store.disk.failed"}  # noqa: PT017 - or it worked
        verdict = verify_log(LogFolder(folder), trust(installation))
        assert verdict.sound
        assert verdict.checkpoint is not None
        assert verdict.checkpoint.size == 250 or not failed or name == "fsync"
        assert not [p for p in LogFolder(folder).paths() if ".partial-" in p]
        export(installation, folder)
        assert verify_log(LogFolder(folder), trust(installation)).sound
        assert failed is (calls[0] >= at)
    assert at > 8


def test_a_power_failure_at_any_moment_leaves_a_whole_log(installation: Installation) -> None:
    class Dying(MemoryShelf):
        left = 0

        def _step(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt

        def put(self, path: str, data: bytes) -> bool:
            self._step()
            return super().put(path, data)

        def flush(self) -> None:
            self._step()
            super().flush()

    for dies_at in range(12):
        shelf = Dying()
        shelf.left = 100
        grow(installation, 3)
        export_log(installation.store.log, shelf, trust(installation))
        grow(installation, 300)
        shelf.left = dies_at
        try:
            export_log(installation.store.log, shelf, trust(installation))
        except KeyboardInterrupt:
            shelf.files = dict(shelf.durable)
        assert verify_log(StaticLog(shelf.files), trust(installation)).sound, dies_at


def test_an_export_killed_anywhere_is_made_good_by_the_next(
    installation: Installation, tmp_path: Path
) -> None:
    folder = tmp_path / "mirror"
    grow(installation, 1100)
    for renames in (1, 10):  # the last dies between the tiles and the checkpoint
        killed = subprocess.run(
            command("tests.store.exporting", installation.home, folder, renames), cwd=ROOT, check=False
        )
        assert killed.returncode == -9
        assert not (folder / "checkpoint").exists()
    export(installation, folder)
    around = look_around(LogFolder(folder), 1100)
    assert around.findings == ()
    assert around.remarks == {Remark.UNFINISHED: 2}
    export(installation, folder, everything=True)
    assert contents(folder) == expected(installation, 1100)
    assert verify_log(LogFolder(folder), trust(installation)).sound


# ------------------------------------------------------------------------------------ hostile folders


def test_a_folder_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    for place in (tmp_path / "absent", tmp_path / "file"):
        (tmp_path / "file").touch()
        with pytest.raises(BadInput) as error:
            open_log_folder(place)
        assert error.value.problems[0].code == "ledger.mirror.missing"


def test_what_is_no_plain_file_counts_as_missing_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "checkpoint")
    (tmp_path / "tile/0/000").mkdir(parents=True)
    folder = open_log_folder(tmp_path)
    assert folder.checkpoint() is None
    assert folder.read(Tile(0, 0)) is None
    assert folder.read(Tile(ENTRIES, 0, 5)) is None


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "tile/0").mkdir(parents=True)
    with (tmp_path / "tile/0/000.p/").with_name("000").open("wb") as file:
        file.truncate(10**12)
    with (tmp_path / "checkpoint").open("wb") as file:
        file.truncate(10**12)
    folder = open_log_folder(tmp_path)
    assert len(folder.read(Tile(0, 0)) or b"") == 8193
    assert len(folder.checkpoint() or b"") == 1_000_001
