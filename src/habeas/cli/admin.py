"""`habeas admin`: setting up, backing up, restoring, upgrading, checking; and the quarantine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from habeas.cli.account import account
from habeas.cli.output import json_option, table, tell, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
R = TypeVar("R")

folder = click.Path(file_okay=False, path_type=Path)


@click.group()
def admin() -> None:
    """Set up, back up, restore, upgrade, check; quarantine."""


@admin.command()
@json_option
def init(*, as_json: bool) -> int:
    """Make the home: databases, keys, and a config.toml to fill in. An existing home is left as it is."""
    from habeas.config.start import with_accounts
    from habeas.wiring import open_desk

    with_accounts()
    desk = open_desk()
    document = {"home": str(desk.environment.home), "vkey": desk.vkey}
    lines = [f"home: {desk.environment.home}", f"the key that checks this ledger: {desk.vkey}"]
    write(document, [*lines, "next: name your agencies in config.toml (docs/admin.md)"], as_json=as_json)
    return 0


@admin.group(invoke_without_command=True)
@json_option
@click.pass_context
def quarantine(ctx: click.Context, *, as_json: bool) -> None:
    """List what could not be parsed, with the reason; `release` tries again."""
    if ctx.invoked_subcommand is not None:
        return
    from habeas.kernel.clock import write_instant
    from habeas.usecases.ports import ArrivalState
    from habeas.wiring import open_desk

    found = open_desk().ports.arrivals.in_state(ArrivalState.QUARANTINED)
    rows = [(a.arrival_id, write_instant(a.received_at), a.problem) for a in found]
    head = ("arrival", "received", "why")
    write(
        [dict(zip(head, r, strict=True)) for r in rows],
        table(head, rows) if rows else ["nothing is in quarantine"],
        as_json=as_json,
    )


@quarantine.command()
@click.argument("arrival")
@click.option("--custodian", default="", help="The agency it is for.")
@click.option("--unit", default="", help="The unit it is for.")
@click.option(
    "--as-paper", is_flag=True, help="Take it as one paper that a person must read, whatever it is."
)
@click.option("--as", "person", default="cli", help="Who releases it.")
@json_option
def release(arrival: str, custodian: str, unit: str, person: str, *, as_paper: bool, as_json: bool) -> int:
    """Try a quarantined arrival again with what you now know. Exit 0 when a case was opened."""
    from habeas.usecases.ports import ArrivalState, Hints
    from habeas.usecases.read import read
    from habeas.usecases.receive import release as try_again
    from habeas.wiring import open_desk

    desk = open_desk()
    hints = desk.check_hints(Hints(custodian, unit))
    done = try_again(desk.ports, arrival, hints=hints, as_paper=as_paper, actor=person)
    if done.state is ArrivalState.CASE:
        read(desk.ports, done.case_id, actor="machine")
    document = {"arrival": arrival, "state": str(done.state), "request": done.request_ref or None}
    lines = [done.problem or f"{done.state}: request {done.request_ref}"]
    write(document | {"problem": done.problem or None}, lines, as_json=as_json)
    return 2 if done.state is ArrivalState.QUARANTINED else 0


@admin.command()
@click.argument("target", type=folder)
@json_option
def backup(target: Path, *, as_json: bool) -> int:
    """Write a consistent backup of this home to TARGET; the key store goes into a folder of its own."""
    from habeas.wiring import backup_home

    made = backup_home(target)
    write(made, [f"backup written; keep {name} apart" for name in made["parts"]], as_json=as_json)
    return 0


@admin.command()
@click.argument("source", type=folder)
@json_option
def restore(source: Path, *, as_json: bool) -> int:
    """Restore a backup into the (empty) home, and check that its ledger is whole."""
    from habeas.wiring import restore_home

    made = restore_home(source)
    write(made, [f"restored: {made['size']} ledger entries, root as signed"], as_json=as_json)
    return 0


@admin.command()
@json_option
def upgrade(*, as_json: bool) -> int:
    """Bring the home's databases to this version, and check that every stored event is readable."""
    from habeas.config.start import with_accounts
    from habeas.wiring import upgrade_home

    with_accounts()
    made = upgrade_home()
    new = ", ".join(made["migrations"]) or "nothing to do"
    write(made, [f"up to date ({new}); every stored event is readable"], as_json=as_json)
    return 0


@admin.command()
@json_option
def database(*, as_json: bool) -> int:
    """Print the SQL with which a PostgreSQL server's administrator makes the three roles and the database."""
    from habeas.wiring import database_script

    script = database_script()
    write({"sql": script}, script.splitlines(), as_json=as_json)
    return 0


@admin.command()
@json_option
def rebuild(*, as_json: bool) -> int:
    """Make every case's row anew from its history (the history is never changed)."""
    from habeas.wiring import rebuild_home

    made = rebuild_home()
    write(
        made,
        [f"{made['cases']} cases rebuilt; {made['shut']} are expunged and keep their row"],
        as_json=as_json,
    )
    return 0


@admin.command()
@json_option
def settle(*, as_json: bool) -> int:
    """Take up arrivals that a crash left before they were parsed, and read cases not read yet.

    What cannot be taken up or read is named on standard error and keeps nothing else from its turn.
    """
    from habeas.usecases.ports import ArrivalState
    from habeas.usecases.read import read
    from habeas.usecases.receive import settle
    from habeas.wiring import open_desk

    desk = open_desk()
    pending = desk.ports.arrivals.in_state(ArrivalState.PENDING)
    taken, one = _each(pending, lambda arrival: settle(desk.ports, arrival, actor="cli"))
    done, two = _each(desk.unread(), lambda case_id: read(desk.ports, case_id, actor="machine"))
    for line, _ in (*one, *two):
        tell(line)
    document = {
        "arrivals": [
            {"arrival": t.arrival_id, "state": str(t.state), "request": t.request_ref or None} for t in taken
        ],
        "read": [recorded.event.row.request_ref for (recorded,) in done],
        "problems": [line for line, _ in (*one, *two)],
    }
    write(document, [f"{len(taken)} arrivals taken up, {len(done)} cases read"], as_json=as_json)
    return max((code for _, code in (*one, *two)), default=0)


def _each(things: Iterable[T], work: Callable[[T], R]) -> tuple[list[R], list[tuple[str, int]]]:
    """What the work made of each thing, and (line, exit code) of each problem it met."""
    from habeas.kernel.errors import BadInput, BrokenInvariant

    made: list[R] = []
    problems: list[tuple[str, int]] = []
    for thing in things:
        try:
            made.append(work(thing))
        except BadInput as error:
            problems += [(p.line(), error.exit_code) for p in error.problems]
        except BrokenInvariant as error:
            problems.append((error.problem.line(), error.exit_code))
    return made, problems


@admin.command()
@json_option
def doctor(*, as_json: bool) -> int:
    """Look for anything wrong in the home; each finding names its remedy. Exit 1 when something is found."""
    from habeas.wiring import doctor_home

    found = doctor_home()
    write(found, [f["line"] for f in found] or ["nothing found; the home is sound"], as_json=as_json)
    return max((int(f["exit_code"]) for f in found), default=0)


admin.add_command(account)
