"""docs/cli.md, written from the commands' own help.

Hides how click lays help out. Promises the same text on every terminal: the width is fixed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from habeas.cli.main import habeas

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parent.parent
REFERENCE: Final = ROOT / "docs" / "cli.md"
WIDTH: Final = 100

HEAD: Final = """\
# The command line

Written by `python3 dev.py docs` from the commands' own help; a test keeps the two equal.

Exit codes: 0 it worked (for `read` and `decide`: any answer), 1 a negative finding, 2 bad input,
3 a broken promise of Habeas. With `--json`, stdout is one document on one line and everything else
goes to stderr.
"""


def _walk(command: click.Command, context: click.Context) -> Iterator[tuple[click.Context, click.Command]]:
    yield context, command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from _walk(inner, _context(inner, name, context))


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    return click.Context(
        command,
        info_name=name,
        parent=parent,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
        help_option_names=habeas.context_settings["help_option_names"],
    )


def _everything() -> Iterator[tuple[click.Context, click.Command]]:
    return _walk(habeas, _context(habeas, "habeas", None))


def commands() -> list[tuple[tuple[str, ...], click.Command]]:
    """Every command that is shown, with its words."""
    return [(tuple(context.command_path.split()), command) for context, command in _everything()]


def render() -> str:
    """The reference: one section a command, its help in a code block."""
    sections = [
        f"## {context.command_path}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
        for context, command in _everything()
    ]
    return "\n".join([HEAD, *sections])


def main() -> int:
    """Write docs/cli.md."""
    REFERENCE.parent.mkdir(exist_ok=True)
    REFERENCE.write_text(render(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
