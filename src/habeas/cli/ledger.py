"""`habeas ledger`: sign, prove, export, verify, check and resume a ledger.

Checking a mirror (`verify DIR|URL`, `fsck DIR|URL`) loads neither Django nor a home.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from habeas.cli.output import json_option, write
from habeas.cli.trust import trust_options, trusted
from habeas.kernel.errors import BrokenInvariant

if TYPE_CHECKING:
    from habeas.usecases.export_log import Exported

_kept_option = click.option(
    "--from-checkpoint",
    "kept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An older signed checkpoint that you kept: prove that everything in it is still there.",
)


@click.group()
def ledger() -> None:
    """Sign, prove, export, verify, check and resume a ledger."""


@ledger.command()
@json_option
def checkpoint(*, as_json: bool) -> int:
    """Sequence what waits and print the newest signed checkpoint and the key that checks it."""
    from habeas.config.postgres import DatabaseRole
    from habeas.wiring import open_desk

    desk = open_desk(role=DatabaseRole.SEQUENCER)
    done = desk.sequence()
    note = desk.log.checkpoint() or ""
    document = {"size": done.size, "checkpoint": note, "vkey": desk.vkey}
    write(document, [note, f"check it with --vkey {desk.vkey}"], as_json=as_json)
    return 0


@ledger.command()
@click.argument("ref")
@click.option(
    "--event", "seq", type=int, default=0, help="Which event of the request, from 1; default: the last."
)
@click.option(
    "--for",
    "holder",
    type=click.Choice(["requester", "subject", "reporter", "custodian"]),
    default="reporter",
)
@json_option
def prove(ref: str, seq: int, holder: str, *, as_json: bool) -> int:
    """Print the receipt of an event of request REF: entry, openings and proof, one JSON document."""
    del as_json  # a receipt is one anyway
    from habeas.cli.output import write_json
    from habeas.usecases.prove import Holder, receipt
    from habeas.wiring import open_desk

    desk = open_desk()
    case_id = desk.ports.cases.by_ref(ref)
    last = seq or len(desk.ports.cases.history(case_id))
    write_json(receipt(desk.ports, desk.log, case_id, last, Holder(holder), trust=desk.trust))
    return 0


@ledger.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Compare every file, not only the new ones.")
@json_option
def export(folder: Path, *, everything: bool, as_json: bool) -> int:
    """Write the ledger to FOLDER as static files (C2SP tlog-tiles) for any web server to serve.

    Only what is new is written, the checkpoint last; run it as often as you like. A folder that holds
    more than this ledger has signed halts the ledger: it is not the one it was.
    """
    from habeas.wiring import open_desk

    made = open_desk().export(folder, everything=everything)
    document = {"size": made.size, "waiting": made.waiting, "written": made.written}
    write(document, _export_lines(made), as_json=as_json)
    return 0


def _export_lines(made: Exported) -> list[str]:
    lines = [f"{made.size} entries are on the mirror; {made.written} files written"]
    if made.waiting is not None:
        lines.append(f"a newer checkpoint of {made.waiting} entries waits there for witnesses")
    return lines


@ledger.command()
@click.argument("mirror", default="")
@trust_options
@_kept_option
@json_option
def verify(
    mirror: str, vkeys: tuple[str, ...], trust: Path | None, kept: Path | None, *, as_json: bool
) -> int:
    """Rebuild the root from every entry and compare it with the signed checkpoint. Exit 1 if it differs.

    MIRROR is a folder or an http(s) URL of static files, checked with nothing but the keys you give;
    without it, this home's own ledger is checked.
    """
    if mirror:
        from habeas.cli.mirror import verify_mirror

        document, lines, code = verify_mirror(mirror, trusted(vkeys, trust), kept)
        write(document, lines, as_json=as_json)
        return code
    from habeas.wiring import open_desk

    desk = open_desk()
    if not (vkeys or trust or kept):
        return _say(desk.verify_ledger(), as_json=as_json)
    from habeas.cli.mirror import check
    from habeas.verifier.mirror import describe

    found = check(desk.log, trusted(vkeys, trust) if vkeys or trust else desk.trust, kept)
    write(found.as_json(), describe(found), as_json=as_json)
    return found.exit_code


@ledger.command()
@click.argument("mirror", default="")
@trust_options
@_kept_option
@json_option
def fsck(mirror: str, vkeys: tuple[str, ...], trust: Path | None, kept: Path | None, *, as_json: bool) -> int:
    """Rebuild everything from the entries and name each damage with its place. Exit 1 on damage.

    MIRROR is a folder or an http(s) URL, as for verify; in a folder every other file is looked at too.
    Without it, this home's ledger and every case history are compared.
    """
    if mirror:
        from habeas.cli.mirror import fsck_mirror

        document, lines, code = fsck_mirror(mirror, trusted(vkeys, trust), kept)
        write(document, lines, as_json=as_json)
        return code
    from habeas.wiring import doctor_home, open_desk

    found = open_desk().verify_ledger()
    found += [f["line"] for f in doctor_home() if f["exit_code"] == BrokenInvariant.exit_code]
    return _say(list(dict.fromkeys(found)), as_json=as_json)


@ledger.command()
@click.option("--from", "mirror", required=True, help="A folder or http(s) URL with this ledger's files.")
@json_option
def resume(mirror: str, *, as_json: bool) -> int:
    """Replay what a mirror has and this ledger lost, to the signed root, and let it sign again.

    For a home restored from a backup older than what witnesses saw, and for a halted ledger. Nothing is
    written unless this ledger followed by the mirror's entries gives the root that its own key signed.
    """
    from habeas.config.postgres import DatabaseRole
    from habeas.wiring import open_desk

    made = open_desk(role=DatabaseRole.SEQUENCER).resume(mirror)
    document = {"size": made.size, "replayed": made.replayed, "without_case": made.without_case}
    lines = [f"{made.replayed} entries replayed; the ledger has {made.size} signed entries and may go on"]
    if made.without_case:
        lines.append(
            f"{made.without_case} of them have no case here: they are younger than the backup; "
            "find the requests again (docs/runbooks/ledger.md)"
        )
    write(document, lines, as_json=as_json)
    return 0


def _say(found: list[str], *, as_json: bool) -> int:
    document = {"ok": not found, "findings": found}
    write(document, found or ["the ledger is whole: every entry leads to the signed root"], as_json=as_json)
    return 1 if found else 0
