"""Cipher, identifiers, key files, papers as files, the lock, the signer."""

from __future__ import annotations

import errno
import os
import stat
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.adapters import files
from habeas.adapters.blob_files import BlobFiles
from habeas.adapters.cipher import AesGcm
from habeas.adapters.clock import SystemClock
from habeas.adapters.file_lock import sole
from habeas.adapters.files import PARTIAL, write_durably
from habeas.adapters.ids import RandomIds
from habeas.adapters.key_files import InstanceKey, KeyFiles, make_keys
from habeas.adapters.signer import CheckpointSigner
from habeas.kernel.clock import SetClock
from habeas.kernel.errors import BadInput, BrokenInvariant
from habeas.kernel.ids import REQUEST_REF
from habeas.ledger.entry import ENTRY_ID
from habeas.ledger.keys import parse_vkey
from habeas.ledger.note import Checkpoint, open_note
from habeas.usecases.fakes import MemoryKeys, World

if TYPE_CHECKING:
    from pathlib import Path

KEY = bytes(range(32))
CASE = "0192f000-0000-7000-8000-00000000000a"
OTHER = "0192f000-0000-7000-8000-00000000000b"
AT = datetime(2020, 9, 14, 15, 30, tzinfo=UTC)

# ------------------------------------------------------------------------------------------- cipher


@given(st.binary(max_size=300), st.binary(max_size=20))
def test_what_was_sealed_opens(plain: bytes, bound: bytes) -> None:
    cipher = AesGcm()
    assert cipher.open(KEY, cipher.seal(KEY, plain, bound), bound) == plain


@given(st.data())
def test_what_was_altered_does_not_open(data: st.DataObject) -> None:
    cipher = AesGcm()
    sealed = bytearray(cipher.seal(KEY, b"somebody's name", b"place"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(BrokenInvariant):
        cipher.open(KEY, bytes(sealed), b"place")


@pytest.mark.parametrize("length", [0, 1, 12, 13, 28])
def test_what_was_cut_does_not_open(length: int) -> None:
    cipher = AesGcm()
    with pytest.raises(BrokenInvariant):
        cipher.open(KEY, cipher.seal(KEY, b"", b"")[:length], b"")


def test_what_was_moved_does_not_open() -> None:
    cipher = AesGcm()
    with pytest.raises(BrokenInvariant):
        cipher.open(KEY, cipher.seal(KEY, b"a", b"here"), b"there")


def test_the_same_text_is_never_sealed_to_the_same_bytes() -> None:
    cipher = AesGcm()
    assert len({cipher.seal(KEY, b"a", b"") for _ in range(50)}) == 50
    assert cipher.new_key() != cipher.new_key()
    assert len(cipher.new_key()) == 32


# ------------------------------------------------------------------------------------------- ids


def test_an_id_is_a_uuid_of_version_7_with_the_clocks_time() -> None:
    made = RandomIds(SetClock(AT)).new_id()
    assert ENTRY_ID.fullmatch(made)
    parsed = uuid.UUID(made)
    assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
    assert parsed.int >> 80 == int(AT.timestamp() * 1000)


@given(st.binary(min_size=10, max_size=10), st.datetimes(datetime(1971, 1, 1), datetime(9000, 1, 1)))  # noqa: DTZ001 - the zone is set below
def test_any_chance_and_time_gives_a_well_formed_id(chance: bytes, at: datetime) -> None:
    made = RandomIds(SetClock(at.replace(tzinfo=UTC)), lambda _: chance).new_id()
    assert ENTRY_ID.fullmatch(made)
    number = uuid.UUID(made).int
    assert (number >> 64 & 0xFFF) << 62 | number & (2**62 - 1) == int.from_bytes(chance, "big") & (2**74 - 1)


def test_ids_references_and_salts_do_not_repeat() -> None:
    ids = RandomIds(SystemClock())
    assert len({ids.new_id() for _ in range(1000)}) == 1000
    assert len({ids.new_ref() for _ in range(1000)}) == 1000
    assert all(REQUEST_REF.fullmatch(ids.new_ref()) for _ in range(100))
    assert len(ids.new_salt()) == 32


# ------------------------------------------------------------------------------------------- key files


def test_new_keys_are_private_and_open_again(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path / "keys")
    make_keys(keys, "ledger.example/a", fresh=True)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "keys").iterdir()} == {0o600}
    assert sorted(p.name for p in (tmp_path / "keys").iterdir()) == [
        "instance.key", "ledger.skey", "ledger.vkey", "master.key",
    ]  # fmt: skip
    assert len(keys.master()) == 32
    assert keys.master() != keys.instance().secret
    assert keys.vkeys() == (keys.signer().verifier,)


def test_a_key_is_never_made_twice(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path / "keys")
    make_keys(keys, "ledger.example/a", fresh=True)
    before = {p.name: p.read_bytes() for p in (tmp_path / "keys").iterdir()}
    make_keys(keys, "ledger.example/b", fresh=True)
    assert {p.name: p.read_bytes() for p in (tmp_path / "keys").iterdir()} == before


def test_a_home_with_cases_gets_no_new_key(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path / "keys")
    make_keys(keys, "ledger.example/a", fresh=True)
    keys.master_path.unlink()
    with pytest.raises(BadInput, match=r"keys\.file\.missing"):
        make_keys(keys, "ledger.example/a", fresh=False)
    assert not keys.master_path.exists()


def test_a_key_may_lie_elsewhere_and_must_then_be_there(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path / "keys", master_file=tmp_path / "mounted")
    with pytest.raises(BadInput, match=r"keys\.file\.missing"):
        make_keys(keys, "ledger.example/a", fresh=True)
    (tmp_path / "mounted").write_text("ab" * 32, encoding="ascii")
    make_keys(keys, "ledger.example/a", fresh=True)
    assert keys.master() == bytes([0xAB]) * 32
    assert not (tmp_path / "keys" / "master.key").exists()


@pytest.mark.parametrize("origin", ["", "two words", "a+b"])
def test_a_ledger_needs_an_origin(tmp_path: Path, origin: str) -> None:
    with pytest.raises(BadInput, match=r"keys\.origin\.missing"):
        make_keys(KeyFiles(tmp_path / "keys"), origin, fresh=True)
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("content", [b"", b"ab", b"zz" * 32, b"\xff" * 64, b"AB" * 32, b"ab" * 33])
def test_a_file_that_is_no_key_is_refused_and_not_shown(tmp_path: Path, content: bytes) -> None:
    keys = KeyFiles(tmp_path / "keys")
    make_keys(keys, "ledger.example/a", fresh=True)
    keys.master_path.write_bytes(content)
    with pytest.raises(BadInput, match=r"keys\.file\.malformed") as error:
        keys.master()
    assert not content or content.decode("latin-1") not in str(error.value)


def test_no_key_is_in_a_representation(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path / "keys")
    make_keys(keys, "ledger.example/a", fresh=True)
    shown = repr((keys.instance(), keys.signer(), CheckpointSigner(keys.signer())))
    assert repr(keys.instance().secret) not in shown
    assert repr(keys.signer().seed) not in shown


def test_no_address_is_a_token_or_its_key() -> None:
    instance = InstanceKey(KEY)
    info = b"habeas/token/v1\nfingerprint"
    token = instance.token("fingerprint", b"a")
    assert len({token, instance.address(b"a"), instance.address(info), instance.token("", b"a")}) == 4
    assert token == instance.token("fingerprint", b"a")


def test_the_signer_signs_what_its_vkey_opens(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path / "keys")
    make_keys(keys, "ledger.example/a", fresh=True)
    signer = CheckpointSigner(keys.signer())
    text = Checkpoint(signer.origin, 1, bytes(32)).text
    assert open_note(signer.sign(text), [parse_vkey(signer.vkey)]).text == text


# ------------------------------------------------------------------------------------------- papers


@pytest.fixture
def blobs(tmp_path: Path) -> BlobFiles:
    keys = MemoryKeys(World())
    keys.create(CASE)
    keys.create(OTHER)
    return BlobFiles(tmp_path / "blobs", keys, InstanceKey(KEY), AesGcm())


def stored(blobs: BlobFiles) -> list[Path]:
    return sorted(p for p in blobs.folder.rglob("*") if p.is_file())


def test_a_paper_is_one_private_encrypted_file(blobs: BlobFiles) -> None:
    address = blobs.put(b"%PDF a name", CASE)
    (path,) = stored(blobs)
    assert path.relative_to(blobs.folder).as_posix() == f"{address[:2]}/{address[2:]}.{CASE}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"a name" not in path.read_bytes()
    assert [(k.address, k.case_id) for k in blobs.every()] == [(address, CASE)]
    assert blobs.unfinished() == []


def test_any_flipped_bit_in_a_paper_is_noticed(blobs: BlobFiles) -> None:
    address = blobs.put(b"paper", CASE)
    (path,) = stored(blobs)
    good = path.read_bytes()
    for at in range(len(good) * 8):
        data = bytearray(good)
        data[at // 8] ^= 1 << at % 8
        path.write_bytes(data)
        with pytest.raises(BrokenInvariant):
            blobs.get(address, CASE)


def test_a_paper_moved_to_another_name_does_not_open(blobs: BlobFiles) -> None:
    one, other = blobs.put(b"one", CASE), blobs.put(b"other", CASE)
    source = blobs.folder / one[:2] / f"{one[2:]}.{CASE}"
    source.replace(blobs.folder / other[:2] / f"{other[2:]}.{CASE}")
    with pytest.raises(BrokenInvariant):
        blobs.get(other, CASE)


@pytest.mark.parametrize("address", ["", "..", "../" * 20 + "etc/passwd", "ab" * 31, "zz" * 32])
def test_an_address_is_never_a_path(blobs: BlobFiles, address: str) -> None:
    with pytest.raises(BrokenInvariant, match=r"blobs\.file\.missing"):
        blobs.get(address, CASE)


def test_forgetting_a_case_takes_its_papers_and_no_others(blobs: BlobFiles) -> None:
    for case_id in (CASE, OTHER):
        blobs.put(b"shared", case_id)
    blobs.put(b"own", CASE)
    assert blobs.forget(CASE) == 2
    assert [k.case_id for k in blobs.every()] == [OTHER]


@pytest.mark.parametrize("fails", ["write", "fsync", "replace", "flush"])
@pytest.mark.parametrize(
    ("number", "expected"), [(errno.ENOSPC, "store.disk.full"), (errno.EIO, "store.disk.failed")]
)
def test_a_failing_disk_leaves_nothing_half_written(
    blobs: BlobFiles, monkeypatch: pytest.MonkeyPatch, fails: str, number: int, expected: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, "injected")

    with monkeypatch.context() as patch:
        match fails:
            case "write":
                patch.setattr(files, "_write", fail)
            case "fsync":
                patch.setattr(os, "fsync", fail)
            case "replace":
                patch.setattr("pathlib.Path.replace", fail)
            case _:
                patch.setattr(files, "flush_folder", fail)
        with pytest.raises(BadInput) as error:
            blobs.put(b"a paper", CASE)
    assert error.value.problems[0].code == expected
    assert blobs.unfinished() == []
    assert blobs.get(blobs.put(b"a paper", CASE), CASE) == b"a paper"


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "f"
    write_durably(path, b"one", "f")
    write_durably(path, b"two", "f")
    assert path.read_bytes() == b"two"
    with pytest.raises(FileExistsError):
        write_durably(path, b"three", "f", replace=False)
    assert path.read_bytes() == b"two"
    assert not list(tmp_path.glob(f"{PARTIAL}*"))


# ------------------------------------------------------------------------------------------- lock


def test_two_cannot_hold_the_lock(tmp_path: Path) -> None:
    with (
        sole(tmp_path / "lock"),
        pytest.raises(BadInput, match=r"sequencer\.lock\.held"),
        sole(tmp_path / "lock"),
    ):
        pass
    with sole(tmp_path / "lock"):
        pass


def test_a_lock_ends_with_an_error_inside(tmp_path: Path) -> None:
    def failing() -> None:
        with sole(tmp_path / "lock"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    with sole(tmp_path / "lock"):
        pass


def test_the_clock_is_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_an_entry_id_tells_the_day_and_no_hour() -> None:
    clock = SetClock(datetime(2020, 10, 14, 18, 5, 33, tzinfo=UTC))
    made = {RandomIds(clock).new_entry_id() for _ in range(50)}
    assert len(made) == 50
    midnight = datetime(2020, 10, 14, tzinfo=UTC).timestamp()
    assert {int(one.replace("-", "")[:12], 16) for one in made} == {int(midnight * 1000)}
