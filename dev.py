#!/usr/bin/env python3
"""The workshop's one door: `python3 dev.py COMMAND [ARGUMENTS]`; the Makefile only names its commands.

Hides how the virtual environment is made and kept current. Promises that a machine with only Python
and git gets a working `.venv` from hashed locks, and that every command first brings it up to date
(nothing is done when a stamp says that it is). Standard library only; runs on any Python 3.8 or
newer far enough to find one it may use.

Three levels, each with the ones before it: `runtime` (what `demo` needs), `dev` (`setup`, `check`),
`heavy` (`test`). See requirements/. The design system's files come with every level (workshop/assets.py).
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "habeas-stamp.json"
LEVELS = ("runtime", "dev", "heavy")
ASSETS = ROOT / "workshop" / "assets.py"
FETCHED = ROOT / "src" / "habeas" / "console" / "static" / "habeas" / "vendor" / "uswds"
NO_NPM = 3
"""What workshop/assets.py ends with where it finds no npm."""

TESTED = ("3.13", "3.12", "3.11")
"""The Pythons to look for, best first; one newer than these is taken only when none of them is found."""

ON_BOTH = ("tests/console", "tests/flows", "tests/store")
"""The folders whose tests open homes: they run on both databases."""

NOTHING_COLLECTED = 5
"""What pytest ends with where none of the tests asked for belongs to a run."""

KEPT_UV_SETTINGS = ("UV_CACHE_DIR", "UV_HTTP_TIMEOUT", "UV_NATIVE_TLS", "UV_OFFLINE", "UV_SYSTEM_CERTS")
"""The machine's uv settings that cannot change what a lock says."""


class Failure(Exception):
    """Something the person at the terminal has to do; the text says what."""


def say(text: str) -> None:
    """One line for the person, apart from what the commands themselves print on stdout."""
    print(text, file=sys.stderr, flush=True)


def run(*command: object, env: dict[str, str] | None = None) -> int:
    """Run a command in the repository with this terminal; its exit code."""
    sys.stdout.flush()
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=env, check=False).returncode


def must(*command: object, env: dict[str, str] | None = None) -> None:
    """Run a command that has to succeed."""
    code = run(*command, env=env)
    if code:
        words = " ".join(str(part) for part in command)
        raise Failure(f"this did not work (exit {code}): {words}")


# ------------------------------------------------------------------------------ Python and .venv


def usable(python: str, *, needs_pip: bool) -> bool:
    """Whether an interpreter starts, is new enough, and has what a virtual environment needs.

    A version manager's shim may exist for a version that is not active; Debian's Python comes
    without `ensurepip`. Both are found out by asking.
    """
    probe = "import sys, venv, ssl, sqlite3, ctypes; assert sys.version_info >= (3, 11)"
    probe += "; import ensurepip" if needs_pip else ""
    try:
        asked = subprocess.run([python, "-c", probe], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def candidates() -> Iterator[str]:
    """Interpreters to try, best first: the one asked for by HABEAS_PYTHON, the tested ones, any other."""
    asked = os.environ.get("HABEAS_PYTHON")
    if asked:
        yield asked
        return
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    for version in TESTED:
        for folder in folders:
            found = shutil.which("python" + version, path=folder)
            if found:
                yield found
    yield sys.executable
    for name in ("python3", "python"):
        found = shutil.which(name)
        if found:
            yield found


def uv_on_path() -> str | None:
    """The machine's own uv, if it has one."""
    return shutil.which("uv")


def make_venv() -> None:
    """A new `.venv` of the best interpreter that can make one, with `uv` in it or on PATH."""
    needs_pip = uv_on_path() is None
    for python in candidates():
        if not usable(python, needs_pip=needs_pip):
            continue
        shutil.rmtree(VENV, ignore_errors=True)
        say(f"making .venv with {python}")
        if run(python, "-m", "venv", *([] if needs_pip else ["--without-pip"]), VENV) == 0:
            if needs_pip:
                bootstrap_uv()
            return
    raise Failure(
        "no Python 3.11 or newer that can make a virtual environment was found; install one "
        "(on Debian: apt-get install python3 python3-venv), or name it in HABEAS_PYTHON"
    )


def bootstrap_uv() -> None:
    """Install into `.venv` the uv that dev.lock names, by its hashes."""
    entry = locked_entry("uv")
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "uv.txt"
        wanted.write_text(entry, encoding="utf-8")
        pip = (PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check")
        must(*pip, "--only-binary=:all:", "--no-deps", "--require-hashes", "-r", wanted)


def locked_entry(package: str) -> str:
    """The lines of dev.lock that pin one package: the requirement and its hashes."""
    lines = lock_file("dev").read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(package + "=="))
    end = next((n for n in range(start, len(lines)) if not lines[n].endswith("\\")), len(lines) - 1)
    return "\n".join(lines[start : end + 1]) + "\n"


def lock_file(level: str) -> Path:
    """The hashed lock of a level."""
    return ROOT / "requirements" / f"{level}.lock"


def wanted_stamp(level: str) -> dict[str, str]:
    """What `.venv` must have been made from: place, project files, and each lock up to `level`."""
    parts = {"root": str(ROOT)}
    files = [ROOT / "pyproject.toml", ROOT / "src" / "habeas" / "kernel" / "version.py"]
    files += [ASSETS, ROOT / "hatch_build.py", *(ROOT / name for name in ("package-lock.json", ".npmrc"))]
    files += [lock_file(name) for name in LEVELS[: LEVELS.index(level) + 1]]
    for file in files:
        parts[file.name] = hashlib.sha256(file.read_bytes()).hexdigest()
    return parts


def read_stamp() -> dict[str, str]:
    """What `.venv` was made from; empty when there is none or its interpreter is gone."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(stamp) if PYTHON.exists() else {}


def installed_level(stamp: dict[str, str]) -> str:
    """The highest level a stamp tells of."""
    return [name for name in LEVELS if f"{name}.lock" in stamp or name == LEVELS[0]][-1]


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Wait until no other `dev.py` in this checkout changes `.venv`."""
    with (ROOT / ".venv-lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def ensure(level: str) -> None:
    """Bring `.venv` to at least `level`, exactly as the locks say; do nothing if it is there."""
    if current(level):
        return
    with alone():
        if current(level):
            return
        stamp = read_stamp()
        began = time.monotonic()
        fetching = subprocess.Popen(
            [sys.executable, str(ASSETS)]
        )  # beside the installation: it waits for a network
        try:
            if not stamp or stamp.get("root") != str(ROOT):
                make_venv()
            level = max(level, installed_level(stamp), key=LEVELS.index)
            install(level)
        finally:
            fetched = fetching.wait()
        finish_assets(fetched)
        install_habeas()
        STAMP.write_text(json.dumps(wanted_stamp(level), indent=1), encoding="utf-8")
        say(f".venv has what `{level}` needs ({time.monotonic() - began:.1f} s)")


def current(level: str) -> bool:
    """Whether the stamp tells of everything that `level` needs, and the fetched files are there."""
    return FETCHED.is_dir() and wanted_stamp(level).items() <= read_stamp().items()


def install(level: str) -> None:
    """Make `.venv` hold the locked packages up to `level`, and no others."""
    STAMP.unlink(missing_ok=True)
    locks = [lock_file(name) for name in LEVELS[: LEVELS.index(level) + 1]]
    must(uv(), "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", *locks)


def install_habeas() -> None:
    """Habeas itself into `.venv`, editable. Building it finds the design system's files in their place."""
    editable = ("--no-deps", "--no-build-isolation", "--editable", ROOT)
    must(uv(), "pip", "install", "--quiet", "--python", PYTHON, *editable)


def uv() -> str | Path:
    """The installer: the machine's own, else the one in `.venv`."""
    return uv_on_path() or VENV / "bin" / "uv"


def finish_assets(code: int) -> None:
    """Fetch the design system with Node.js from assets.lock where the machine has no npm (`NO_NPM`)."""
    if code == NO_NPM:
        say("there is no npm here: taking Node.js from requirements/assets.lock, for this once")
        with tempfile.TemporaryDirectory() as folder:
            hashed = ("--no-deps", "--require-hashes", "-r", lock_file("assets"))
            must(uv(), "pip", "install", "--quiet", "--python", PYTHON, "--target", folder, *hashed)
            code = run(PYTHON, ASSETS, env={**os.environ, "PYTHONPATH": folder})
    if code:
        raise Failure(
            "the design system (package-lock.json) could not be fetched; is the npm registry reachable?"
        )


# ------------------------------------------------------------------------------------- commands


class Task(NamedTuple):
    """One part of `check`."""

    name: str
    command: tuple[str, ...]
    remedy: str


def tasks() -> list[Task]:
    """The parts of `check`, the slowest first."""
    tool = str(VENV / "bin") + os.sep
    found = [
        Task("mypy", (tool + "mypy",), "correct the types"),
        Task(
            "imports",
            (tool + "lint-imports", "--no-logo"),
            "move the import to a room that may have it (ARCHITECTURE.md)",
        ),
        Task(
            "deptry",
            (tool + "deptry", "src"),
            "correct `dependencies` in pyproject.toml, then `python3 dev.py lock`",
        ),
        Task(
            "lint",
            (tool + "ruff", "check"),
            "`python3 dev.py format FILE` mends what can be mended by itself",
        ),
        Task("format", (tool + "ruff", "format", "--check"), "run `python3 dev.py format FILE`"),
    ]
    if (ROOT / "src/habeas/config/settings.py").exists():
        command = (str(PYTHON), "-m", "django", "makemigrations", "--check", "--dry-run")
        found.insert(1, Task("migrations", command, "run `.venv/bin/python -m django makemigrations store`"))
    return found


def check(arguments: list[str]) -> int:
    """What CI runs before the tests: format, lint, types, import directions, dependencies, migrations."""
    ensure("dev")
    chosen = [task for task in tasks() if not arguments or task.name in arguments]
    if not chosen:
        raise Failure("no such check; there are: " + ", ".join(task.name for task in tasks()))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as home, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        # Django looks into its databases: into empty ones, never into a person's home.
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "habeas.config.settings", "HABEAS_HOME": home}
        results = list(pool.map(lambda task: check_one(task, env), chosen))
    failed = [task.name for task, passed in zip(chosen, results) if not passed]
    verdict = "failed: " + ", ".join(failed) if failed else "all good"
    say(f"check: {verdict} ({time.monotonic() - began:.1f} s)")
    return 1 if failed else 0


def check_one(task: Task, env: dict[str, str]) -> bool:
    """Run one part, print its verdict as one block; whether it passed."""
    began = time.monotonic()
    done = subprocess.run(
        task.command,
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - began
    if done.returncode == 0:
        say(f"  ok    {task.name:<11}{seconds:5.1f} s")
        return True
    say(f"{done.stdout.rstrip()}\n  FAIL  {task.name:<11}{seconds:5.1f} s   remedy: {task.remedy}")
    return False


def setup(_: list[str]) -> int:
    """Make or refresh .venv with the run-time packages and the tools of `check`."""
    ensure("dev")
    say("ready: .venv/bin/habeas --help")
    return 0


def test(arguments: list[str]) -> int:
    """Run the tests on SQLite, then those that open a home on PostgreSQL too (arguments go to pytest).

    Needs nothing outside the repository but Debian's postgresql, and never skips. With HABEAS_TEST_DATABASE
    set to `sqlite` or `postgresql` only that half runs.
    """
    ensure("heavy")
    asked = os.environ.get("HABEAS_TEST_DATABASE")
    failed = 0 if asked == "postgresql" else pytest(*arguments)
    if asked == "sqlite":
        return failed
    if not (shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))):
        raise Failure("the tests on PostgreSQL need its server: apt-get install postgresql")
    os.environ["HABEAS_TEST_DATABASE"] = "postgresql"
    folders = () if any(Path(a.partition("::")[0]).exists() for a in arguments) else ON_BOTH
    found = pytest(*folders, *arguments)
    return failed or (0 if found == NOTHING_COLLECTED else found)


def conformance(arguments: list[str]) -> int:
    """Run tests/conformance against the folder named by HABEAS_SHARED (default ../shared)."""
    shared = Path(os.environ.get("HABEAS_SHARED") or ROOT.parent / "shared").resolve()
    if not shared.is_dir():
        raise Failure("the conformance material is not there; name its folder in HABEAS_SHARED")
    os.environ["HABEAS_SHARED"] = str(shared)
    ensure("heavy")
    return pytest("tests/conformance", *arguments)


def verapdf(arguments: list[str]) -> int:
    """Have veraPDF judge every letter and report (needs Java and Debian's JAXB)."""
    if shutil.which("java") is None:
        raise Failure("veraPDF needs Java 17 or newer: install a Java runtime")
    ensure("heavy")
    return pytest("tests/verapdf", *arguments)


def pytest(*arguments: str) -> int:
    """Pytest on every processor, unless the arguments say how many."""
    spread = [] if any(a.startswith(("-n", "--numprocesses", "--pdb")) for a in arguments) else ["-n", "auto"]
    return run(PYTHON, "-m", "pytest", *spread, *arguments)


def demo(arguments: list[str]) -> int:
    """Run `habeas demo` (arguments go to it); needs only the run-time packages."""
    ensure("runtime")
    return run(VENV / "bin" / "habeas", "demo", *arguments)


def bench(arguments: list[str]) -> int:
    """Run the named benchmarks of bench/, or all of them; results go to bench/results/."""
    ensure("dev")
    known = sorted(file.stem for file in (ROOT / "bench").glob("*.py"))
    unknown = [name for name in arguments if name not in known]
    if unknown:
        raise Failure(f"no benchmark {', '.join(unknown)}; there are: {', '.join(known)}")
    return max(run(PYTHON, ROOT / "bench" / f"{name}.py") for name in arguments or known)


def screenshots(arguments: list[str]) -> int:
    """Take the pictures of docs/screenshots anew (needs Chromium)."""
    ensure("heavy")
    return run(PYTHON, "-m", "workshop.screenshots", *arguments)


def lock(arguments: list[str]) -> int:
    """Compile the locks again (`--upgrade` takes newer versions); npm writes package-lock.json."""
    ensure("dev")
    options = "--universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet"
    own = "--no-config --no-emit-index-url --no-emit-find-links"
    for level in (*LEVELS, "assets"):
        inputs = (["pyproject.toml"] if level == "runtime" else []) + [f"requirements/{level}.in"]
        target = f"requirements/{level}.lock"
        must(
            uv(),
            "pip",
            "compile",
            *options.split(),
            *own.split(),
            *arguments,
            *inputs,
            "-o",
            target,
            env=plain(),
        )
        refuse_addresses(lock_file(level))
    return 0


def plain() -> dict[str, str]:
    """The environment without the machine's own pip and uv settings: they must not shape a lock."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in KEPT_UV_SETTINGS or not name.startswith(("PIP_", "UV_"))
    }


def refuse_addresses(file: Path) -> None:
    """A lock names packages and hashes, never where they come from."""
    for line in file.read_text(encoding="utf-8").splitlines():
        if "://" in line or line.startswith(("-", "file:")):
            raise Failure(f"{file.name} names where a package comes from: {line}")


def format_all(paths: list[str]) -> int:
    """Format the files or folders named (`.` for all), and mend what the linter can mend by itself."""
    if not paths:
        raise Failure("say what to format: files or folders, or `.` for the whole checkout")
    ensure("dev")
    ruff = VENV / "bin" / "ruff"
    mended = run(ruff, "check", "--fix", "--exit-zero", "--silent", *paths)
    return mended or run(ruff, "format", *paths)


def generator(module: str, what: str) -> Command:
    """A command that runs one generator of workshop/."""

    def generate(arguments: list[str]) -> int:
        ensure("dev")
        return run(PYTHON, "-m", f"workshop.{module}", *arguments)

    generate.__doc__ = what
    return generate


if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[[list[str]], int]

COMMANDS: dict[str, Command] = {
    "setup": setup,
    "check": check,
    "test": test,
    "conformance": conformance,
    "verapdf": verapdf,
    "demo": demo,
    "bench": bench,
    "lock": lock,
    "format": format_all,
    "docs": generator("cli_reference", "Write docs/cli.md from the commands' own help."),
    "errors": generator("errors", "List the error codes and what is amiss; `--sort` sorts the registry."),
    "screenshots": screenshots,
    "glossary": generator(
        "glossary", "Write the word lists of GLOSSARY.md, keeping what people wrote there."
    ),
}


def usage() -> str:
    """What the commands are."""
    rows = [f"  {name:<12} {(command.__doc__ or '').splitlines()[0]}" for name, command in COMMANDS.items()]
    return "usage: python3 dev.py COMMAND [ARGUMENTS]\n\n" + "\n".join(rows)


def main(arguments: list[str]) -> int:
    """The exit code of a command."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(usage())
        return 0 if arguments else 2
    command = COMMANDS.get(arguments[0])
    if command is None:
        say(f"no command {arguments[0]}\n\n{usage()}")
        return 2
    try:
        return command(arguments[1:])
    except Failure as failure:
        say(f"dev.py: {failure}")
        return 2
    except KeyboardInterrupt:
        return 130


def leave() -> NoReturn:
    """End with the exit code of the command that was asked for."""
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    leave()
