"""What stands in the repository's files: no addresses of registries, no paths of a machine, whole locks."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("runtime", "dev", "heavy")

# Written so that this file passes its own test.
REGISTRIES = re.compile(r"pypi[.]org|python[h]osted|registry[.]npm|npm[j]s[.](?:org|com)|deb[.]debian")
MACHINE = re.compile(r"(?:^|[^\w.~/-])/(?:work|farm|root|tmp/bash_jobs|tmp/probe)(?:/|\b)")
TEXT_OF_OTHERS = {"LICENSE"}


def kept_files() -> list[Path]:
    """Every file that is, or would be, in the repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    files = [ROOT / name for name in done.stdout.split("\0") if name]
    return [file for file in files if file.is_file() and file.name not in TEXT_OF_OTHERS]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern stands in the repository's text files."""
    found = []
    for file in kept_files():
        text = file.read_bytes().decode("utf-8", errors="replace")
        found += [
            f"{file.relative_to(ROOT)}:{number}"
            for number, line in enumerate(text.splitlines(), 1)
            if pattern.search(line)
        ]
    return found


def pins(lock: str) -> dict[str, list[Requirement]]:
    """The pinned requirements of a lock, by canonical name."""
    found: dict[str, list[Requirement]] = {}
    for line in (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8").splitlines():
        if line[:1].isalnum():
            pin = Requirement(line.rstrip("\\ "))
            found.setdefault(canonicalize_name(pin.name), []).append(pin)
    return found


def test_no_file_names_the_address_of_a_registry() -> None:
    assert lines_with(REGISTRIES) == []


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    assert lines_with(MACHINE) == []


@pytest.mark.parametrize("line", ["see ^work/main", '"^root/x"', "^work", "cd ^farm/a"])
def test_a_path_of_a_machine_is_recognised(line: str) -> None:
    assert MACHINE.search(line.replace("^", "/"))


@pytest.mark.parametrize("line", ["docs/work/x", "a/root hash", "at /rootless", "the work/life", "/network"])
def test_other_slashes_are_left_alone(line: str) -> None:
    assert not MACHINE.search(line)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_with_hashes_and_names_no_place(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all(re.match(r"[A-Za-z0-9._-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)


def test_the_runtime_lock_has_every_dependency_at_a_version_that_is_allowed() -> None:
    locked = pins("runtime")
    for line in PROJECT["project"]["dependencies"]:
        wanted = Requirement(line)
        found = locked[canonicalize_name(wanted.name)]
        versions = [next(iter(pin.specifier)).version for pin in found]
        assert all(wanted.specifier.contains(version) for version in versions), line


@pytest.mark.parametrize(("upper", "lower"), [("dev", "runtime"), ("heavy", "runtime"), ("heavy", "dev")])
def test_locks_that_are_installed_together_agree(upper: str, lower: str) -> None:
    above, below = pins(upper), pins(lower)
    for name in above.keys() & below.keys():
        assert {str(p.specifier) for p in above[name]} == {str(p.specifier) for p in below[name]}, name


def test_the_wheel_ships_every_file_of_the_package(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        shipped = set(wheel.namelist())
    package = [file.relative_to(ROOT / "src") for file in kept_files() if ROOT / "src" in file.parents]
    assert {file.as_posix() for file in package} - shipped == set()


def test_every_folder_of_tests_is_run_by_a_command() -> None:
    folders = {
        f"tests/{f.name}" for f in (ROOT / "tests").iterdir() if f.is_dir() and list(f.rglob("test_*.py"))
    }
    assert folders - {"tests/conformance", "tests/verapdf"} <= set(
        PROJECT["tool"]["pytest"]["ini_options"]["testpaths"]
    )
