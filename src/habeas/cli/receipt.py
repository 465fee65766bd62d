"""`habeas receipt verify FILE`: checks a receipt with nothing but the file and the keys you trust."""

from __future__ import annotations

from pathlib import Path

import click

from habeas.cli.output import json_option, write
from habeas.cli.trust import trust_options, trusted
from habeas.verifier.receipt import ACCEPTED, REFUSED, check_receipt, describe


@click.group()
def receipt() -> None:
    """Check a receipt, with no database and no network."""


@receipt.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@trust_options
@json_option
def verify(file: Path, vkeys: tuple[str, ...], trust: Path | None, *, as_json: bool) -> int:
    """Say whether FILE is a true receipt. Exit 0 yes, 1 no, 2 unusable or no key given."""
    verdict = check_receipt(file.read_bytes(), trusted(vkeys, trust))
    write(verdict.as_json(), describe(verdict), as_json=as_json)
    return ACCEPTED if verdict.accepted else REFUSED
