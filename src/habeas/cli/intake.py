"""`habeas intake FILE…`: takes files in, exactly as a mailbox or a desk would."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from habeas.cli.output import json_option, tell, write

if TYPE_CHECKING:
    from habeas.usecases.ports import Hints
    from habeas.wiring import Desk

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
    from habeas.intake.clean import one_line
    from habeas.usecases.ports import Hints
    from habeas.wiring import open_desk

    desk = open_desk()
    hints = desk.check_hints(Hints(custodian, unit, channel))
    taken = [_Taken(one_line(file.name)) for file in files]
    for one, file in zip(taken, files, strict=True):
        one.take(desk, file, hints, person, no_read=no_read)
    for one in taken:
        if one.exit_code and one.state != "quarantined":
            tell(f"{one.name}: {one.problem}")
    write([one.as_json() for one in taken], [line for one in taken for line in one.lines()], as_json=as_json)
    return max(one.exit_code for one in taken)


@attrs.define
class _Taken:
    """What became of one file: nothing that happens to it keeps the others from being taken and told."""

    name: str
    state: str = "failed"
    arrival: str = ""
    request: str = ""
    problem: str = ""
    notes: tuple[str, ...] = ()
    exit_code: int = 0

    def take(self, desk: Desk, file: Path, hints: Hints, person: str, *, no_read: bool) -> None:
        """Receive and read it; a problem is kept beside what was reached."""
        from habeas.kernel.errors import BadInput, BrokenInvariant, bad
        from habeas.usecases.ports import ArrivalState
        from habeas.usecases.read import read
        from habeas.usecases.receive import receive

        try:
            if file.stat().st_size > MAX_FILE:
                raise bad("intake.file.too_large", "file", limit=f"{MAX_FILE:,}")
            made = receive(desk.ports, file.read_bytes(), file.name, hints=hints, actor=person)
            self.state, self.arrival, self.request = str(made.state), made.arrival_id, made.request_ref
            self.problem, self.notes = made.problem, made.notes
            self.exit_code = BadInput.exit_code if made.state is ArrivalState.QUARANTINED else 0
            if made.state is ArrivalState.CASE and not no_read:
                read(desk.ports, made.case_id, actor="machine")
        except BadInput as error:
            self.problem, self.exit_code = error.problems[0].line(), error.exit_code
        except BrokenInvariant as error:
            self.problem, self.exit_code = error.problem.line(), error.exit_code

    def as_json(self) -> dict[str, object]:
        """One element of the document."""
        return {
            "file": self.name,
            "arrival": self.arrival or None,
            "state": self.state,
            "request": self.request or None,
            "problem": self.problem or None,
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """The same for people."""
        notes = [f"  note: {n}" for n in self.notes]
        if self.state == "case":
            unread = ["  not read yet; `habeas admin settle` tries again"] if self.problem else []
            return [f"{self.name}: logged as request {self.request}", *unread, *notes]
        if self.state == "repeat":
            return [f"{self.name}: sent before; linked to request {self.request}", *notes]
        if self.state == "failed":
            return [f"{self.name}: not taken in"]
        kept = f"  kept as arrival {self.arrival}; `habeas admin quarantine` shows what can be done"
        return [f"{self.name}: in quarantine: {self.problem}", kept, *notes]
