"""`habeas intake FILE…`: takes files in, exactly as a mailbox or a desk would."""

from __future__ import annotations

from pathlib import Path

import click

from habeas.cli.output import json_option, write

MAX_FILE = 100_000_000
"""Bytes read from a file; a larger one is refused before it is read (the mail limit is far lower)."""


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--custodian", default="", help="The agency this is for, when no mailbox or form says so.")
@click.option("--unit", default="", help="The unit of that agency.")
@click.option("--channel", default="", help="How it came: email, fax, mail, in_person, phone, portal, file.")
@click.option("--no-read", is_flag=True, help="Only log it; read the papers later.")
@click.option("--as", "person", default="cli", help="Who takes it in.")
@json_option
def intake(
    files: tuple[Path, ...],
    custodian: str,
    unit: str,
    channel: str,
    person: str,
    *,
    no_read: bool,
    as_json: bool,
) -> int:
    """Take e-mails (.eml), PDFs, images or JSON forms in.

    Raw bytes are stored first, encrypted. What was sent before is linked; what cannot be parsed waits in
    quarantine with the reason. Exit 0 when every file opened or joined a case, 2 when one is quarantined.
    """
    from habeas.kernel.errors import bad
    from habeas.usecases.ports import ArrivalState, Hints
    from habeas.usecases.read import read
    from habeas.usecases.receive import receive
    from habeas.wiring import open_desk

    desk = open_desk()
    hints = desk.check_hints(Hints(custodian, unit, channel))
    results = []
    for file in files:
        if file.stat().st_size > MAX_FILE:
            raise bad("intake.file.too_large", file.name, limit=f"{MAX_FILE:,}")
        taken = receive(desk.ports, file.read_bytes(), file.name, hints=hints, actor=person)
        if taken.state is ArrivalState.CASE and not no_read:
            read(desk.ports, taken.case_id, actor="machine")
        results.append((file.name, taken))
    document = [
        {
            "file": name,
            "arrival": t.arrival_id,
            "state": str(t.state),
            "request": t.request_ref or None,
            "problem": t.problem or None,
            "notes": list(t.notes),
        }
        for name, t in results
    ]
    lines = [line for name, t in results for line in _lines(name, t)]
    write(document, lines, as_json=as_json)
    return 2 if any(t.state is ArrivalState.QUARANTINED for _, t in results) else 0


def _lines(name: str, taken: object) -> list[str]:
    from habeas.usecases.ports import ArrivalState
    from habeas.usecases.receive import Receipt

    if not isinstance(taken, Receipt):
        raise TypeError(name)
    notes = [f"  note: {n}" for n in taken.notes]
    match taken.state:
        case ArrivalState.CASE:
            return [f"{name}: logged as request {taken.request_ref}", *notes]
        case ArrivalState.REPEAT:
            return [f"{name}: sent before; linked to request {taken.request_ref}", *notes]
        case _:
            kept = f"  kept as arrival {taken.arrival_id}; `habeas admin quarantine` shows what can be done"
            return [f"{name}: in quarantine: {taken.problem}", kept, *notes]
