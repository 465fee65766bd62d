"""`habeas ledger`: sign, prove, verify and check this home's ledger."""

from __future__ import annotations

import click

from habeas.cli.output import json_option, write
from habeas.kernel.errors import BrokenInvariant


@click.group()
def ledger() -> None:
    """Sign, prove, verify and check the ledger."""


@ledger.command()
@json_option
def checkpoint(*, as_json: bool) -> int:
    """Sequence what waits and print the newest signed checkpoint and the key that checks it."""
    from habeas.wiring import open_desk

    desk = open_desk()
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
def prove(ref: str, seq: int, holder: str) -> int:
    """Print the receipt of an event of request REF: entry, openings and proof, one JSON document."""
    from habeas.cli.output import write_json
    from habeas.usecases.prove import Holder, receipt
    from habeas.wiring import open_desk

    desk = open_desk()
    case_id = desk.ports.cases.by_ref(ref)
    last = seq or len(desk.ports.cases.history(case_id))
    write_json(receipt(desk.ports, desk.log, case_id, last, Holder(holder)))
    return 0


@ledger.command()
@json_option
def verify(*, as_json: bool) -> int:
    """Rebuild the root from every entry and compare it with the signed checkpoint. Exit 1 if it differs."""
    from habeas.wiring import open_desk

    return _say(open_desk().verify_ledger(), as_json=as_json)


@ledger.command()
@json_option
def fsck(*, as_json: bool) -> int:
    """Like verify, and also compares every case history with its entries. Exit 1 on damage."""
    from habeas.wiring import doctor_home, open_desk

    found = open_desk().verify_ledger()
    found += [f["line"] for f in doctor_home() if f["exit_code"] == BrokenInvariant.exit_code]
    return _say(list(dict.fromkeys(found)), as_json=as_json)


def _say(found: list[str], *, as_json: bool) -> int:
    document = {"ok": not found, "findings": found}
    write(document, found or ["the ledger is whole: every entry leads to the signed root"], as_json=as_json)
    return 1 if found else 0
