"""How commands speak: people read lines; with `--json`, programs read one document on one line.

With `--json`, standard output holds exactly one line; everything else goes to standard error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from habeas.kernel.errors import BadInput, BrokenInvariant, HabeasError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")


def write_json(document: Any) -> None:  # noqa: ANN401 - any JSON value
    """The document on one line of standard output."""
    from habeas.kernel.canonical import encode

    click.echo(encode(document).decode())


def write(document: Any, lines: Iterable[str], *, as_json: bool) -> None:  # noqa: ANN401 - any JSON value
    """The document for programs, or the lines for people."""
    if as_json:
        write_json(document)
        return
    for line in lines:
        click.echo(line)


def tell(line: str) -> None:
    """A remark beside the answer: standard error."""
    click.echo(line, err=True)


def refuse(error: HabeasError, *, as_json: bool) -> int:
    """Say an error the way its kind is said; the exit code."""
    match error:
        case BadInput():
            problems = error.problems
            code = BadInput.exit_code
        case BrokenInvariant():
            problems = (error.problem,)
            code = BrokenInvariant.exit_code
        case _:
            raise error
    for found in problems:
        tell(found.line())
    if as_json:
        write_problems(problems)
    return code


def write_problems(problems: Iterable[Problem]) -> None:
    """What is wrong, for programs: the document `habeas.error.v1`."""
    write_json({"schema": "habeas.error.v1", "problems": [p.as_json() for p in problems]})


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Columns padded with spaces, for a terminal."""
    every = [head, *rows]
    widths = [max(len(row[i]) for row in every) for i in range(len(head))]
    return ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in every]
