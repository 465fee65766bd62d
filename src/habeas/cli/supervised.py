"""A child of `habeas serve`: `python -m habeas.cli.supervised NAME …`.

The names are those of `habeas` itself, and two more: `console HOST PORT WORKERS THREADS` serves the pages,
`prepare` asks whether the home can be served at all and gathers the files that pages name. Promises that
a child ends when its parent is gone.
"""

from __future__ import annotations

import os
import sys
from typing import Final

FINISH_SECONDS: Final = 25
"""How long a child may take to finish: less than the supervisor waits before it ends it."""


def main(arguments: list[str]) -> int:
    """Run one child; its exit code."""
    from habeas.adapters.lifeline import hold
    from habeas.cli.main import run
    from habeas.console import log

    name, *rest = arguments
    log.configure(name)
    if name == "prepare":
        return _prepare()
    sys.stdout = sys.stderr = log.Said()  # the log was given the real stream before
    hold(FINISH_SECONDS)
    return _console(rest) if name == "console" else run(arguments)


def _prepare() -> int:
    from habeas.cli.output import refuse
    from habeas.console.server import SETTINGS
    from habeas.kernel.errors import HabeasError
    from habeas.wiring import open_desk

    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    try:
        open_desk()
    except HabeasError as error:
        return refuse(error, as_json=False)
    from habeas.console.static_files import gather

    gather()
    return 0


def _console(words: list[str]) -> int:
    from habeas.console.server import Address, run

    host, *numbers = words
    port, workers, threads = map(int, numbers)
    run(Address(host, port, workers, threads), FINISH_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
