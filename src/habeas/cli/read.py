"""`habeas read FILE…`: what each paper is, by evidence. Opens no home and writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from habeas.cli.output import json_option, write


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--agency", multiple=True, help="A name of your agency, to tell whether the paper is addressed to it."
)
@json_option
def read(files: tuple[Path, ...], agency: tuple[str, ...], *, as_json: bool) -> int:
    """Say what a paper is, who issued it, who signed it, and where it says so.

    The verdict is one of judicial, court_clerk_or_attorney, administrative, none, unreadable. An unreadable
    paper is an answer (exit 0): a person must look.
    """
    from habeas.intake.clean import one_line
    from habeas.intake.reading.document import describe

    results = [describe(file.read_bytes(), one_line(file.name), agency) for file in files]
    lines = [line for r in results for line in _lines(r)]
    write(results, lines, as_json=as_json)
    return 0


_ISSUED = {
    "judicial": "issued by a court, under a judge",
    "court_clerk_or_attorney": "a court paper without a judge: a clerk or a lawyer issues it",
    "administrative": "issued by an agency's own officer, not by a court",
    "none": "no legal paper: a message or a text without authority",
    "unreadable": "nobody can tell from this file: a person must look",
}


def _lines(result: dict[str, Any]) -> list[str]:
    head = [
        result["file"],
        f"  who issued it   {result['authority']}: {_ISSUED[result['authority']]}",
        f"  what it is      {result['kind']}",
        f"  signed          {result['signed']} ({result['signer_class']})",
    ]
    if result["needs_person"]:
        head.append("  a person must look before anyone relies on this")
    for found in result["evidence"][:12]:
        where = f"page {found['page']}" + (f" at {found['box']}" if found["box"] else "")
        head.append(f"  {found['claim']:<15} {where}: “{found['text'][:90]}”")
    if len(result["instruments"]) > 1:
        head.append(f"  {len(result['instruments'])} papers in this file; the most cautious speaks")
    return head
