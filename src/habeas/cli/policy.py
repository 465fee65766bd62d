"""`habeas policy`: the rule packs, listed and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from habeas.cli.output import json_option, table, write

if TYPE_CHECKING:
    from habeas.kernel.errors import Problem


@click.group()
def policy() -> None:
    """List and check the rule packs."""


@policy.command("list")
@json_option
def list_(*, as_json: bool) -> int:
    """Every rule pack with its rank, status, dates and whether it was verified."""
    from habeas.policy.catalogue import shipped

    packs = shipped()
    rows = [
        (
            p.id, str(m.rank), str(m.status), str(m.effective_from or "-"), str(m.effective_to or "-"),
            m.verified_by, p.digest[:12],
        )
        for p in packs
        for m in (p.manifest,)
    ]  # fmt: skip
    head = ("pack", "rank", "status", "from", "to", "verified by", "digest")
    write([p.as_json() for p in packs], table(head, rows), as_json=as_json)
    return 0


@policy.command()
@click.argument("packs", nargs=-1)
@json_option
def check(packs: tuple[str, ...], *, as_json: bool) -> int:
    """Admit rule packs by name or folder (default: all shipped), or refuse them by rule, line and operator.

    Exit 0 when every pack is admitted, 1 when one is refused.
    """
    from habeas.kernel.errors import BadInput
    from habeas.policy.admit import admit
    from habeas.policy.catalogue import find, shipped

    names = packs or tuple(p.id for p in shipped())
    document: list[dict[str, Any]] = []
    lines: list[str] = []
    for name in names:
        digest = ""
        found: tuple[Problem, ...] = ()
        try:
            digest = admit(find(name)).digest
        except BadInput as error:
            found = error.problems
        document.append({"pack": name, "admitted": not found, "digest": digest or None})
        document[-1]["problems"] = [p.as_json() for p in found]
        lines.append(f"{name}: {'refused' if found else 'admitted ' + digest[:12]}")
        lines += [f"  {p.line()}" for p in found]
    write(document, lines, as_json=as_json)
    return 0 if all(d["admitted"] for d in document) else 1
