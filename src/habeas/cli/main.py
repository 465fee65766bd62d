"""`habeas …`: finds the command, runs it, turns errors into lines and exit codes.

A command's module is imported only when that command runs, so `--version` and `--help` stay fast and
the verify commands never load Django. Exit codes (contracts.md): 0 ok, 1 negative finding, 2 bad
input, 3 broken invariant or uncaught exception.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
from typing import Final

import click

from habeas.kernel.version import VERSION

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "admin": ("habeas.cli.admin:admin", "Set up, back up, restore, upgrade, check; quarantine."),
    "case": ("habeas.cli.case:case", "Work a request: show, confirm, determine, approve, answer."),
    "decide": ("habeas.cli.decide:decide", "Say what the law says about a file of facts."),
    "demo": ("habeas.cli.demo:demo", "Load the demonstration state, walk one request through, and serve it."),
    "intake": ("habeas.cli.intake:intake", "Take e-mails, PDFs, images or JSON forms in."),
    "ledger": ("habeas.cli.ledger:ledger", "Sign, prove, export, verify, check and resume a ledger."),
    "policy": ("habeas.cli.policy:policy", "List, check, prove and compare the rule packs."),
    "read": ("habeas.cli.read:read", "Say what a paper is, and where it says so."),
    "receipt": ("habeas.cli.receipt:receipt", "Check a receipt, with no database and no network."),
    "report": ("habeas.cli.report:report", "Write a period's report, or check one."),
    "sequencer": ("habeas.cli.sequencer:sequencer", "Move waiting entries into the signed ledger."),
    "serve": ("habeas.cli.serve:serve", "Serve the console, with its worker and the sequencer."),
    "witness": ("habeas.cli.witness:witness", "Cosign another's ledger, as an independent witness."),
    "worker": ("habeas.cli.worker:worker", "Do the jobs that pages leave behind."),
}
"""Every command: where it lives, and its one line of help."""


class Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Import and return a command, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        found = getattr(importlib.import_module(module), name)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """The list in `--help`, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="habeas", message="%(prog)s %(version)s")
def habeas() -> None:
    """Habeas: show the writ.

    Logs, reads, decides, answers and publicly accounts for every request by a federal agency for
    personal data that a state or local government holds.
    """


def main() -> None:
    """The console entry point."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line; the exit code."""
    from habeas.cli.output import refuse, write_problems
    from habeas.kernel.errors import HabeasError, bad, broken, problem

    as_json = "--json" in arguments
    try:
        code = habeas.main(arguments, prog_name="habeas", standalone_mode=False)
    except click.exceptions.Exit as leave:
        return int(leave.exit_code)
    except click.ClickException as error:
        error.show()
        if as_json:
            write_problems([problem("cli.usage.invalid", "command line")])
        return error.exit_code
    except click.Abort:
        click.echo("stopped", err=True)
        return 130
    except HabeasError as error:
        return refuse(error, as_json=as_json)
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        if os.environ.get("HABEAS_DEBUG"):
            raise
        if isinstance(error, OSError) and error.filename is not None:
            reason = errno.errorcode.get(error.errno or 0, "unknown")
            return refuse(bad("cli.file.failed", _name_of(error.filename), reason=reason), as_json=as_json)
        return refuse(broken("cli.run.uncaught", "habeas", kind=type(error).__name__), as_json=as_json)
    return int(code or 0)


def _name_of(path: object) -> str:
    """The last part of a path, as a terminal and JSON can show it."""
    name = str(path).rstrip(os.sep).rpartition(os.sep)[2]
    return "".join(char if char.isprintable() else "?" for char in name)


if __name__ == "__main__":
    main()
