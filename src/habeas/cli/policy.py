"""`habeas policy`: the rule packs, listed, checked, proved and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from habeas.cli.output import json_option, table, write

if TYPE_CHECKING:
    from habeas.kernel.errors import Problem

_language = click.option(
    "--language", type=click.Choice(["en", "es"]), default="en", show_default=True, help="Of the lines."
)


@click.group()
def policy() -> None:
    """List, check, prove and compare the rule packs."""


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


@policy.command()
@click.argument("packs", nargs=-1)
@_language
@json_option
def prove(packs: tuple[str, ...], language: str, *, as_json: bool) -> int:
    """Prove or refute, for every request there is, what rule packs guarantee (default: all shipped).

    Each pack is taken with the packs it requires, by name or folder. A refuted claim comes with a request
    that shows it. A proof speaks of facts as they are stated. Needs the solver z3 (the extra `prove`).

    Exit 0 when everything is proved, 1 when a claim or a binding invariant is not.
    """
    from time import perf_counter

    from habeas.domain.vocabulary import Language
    from habeas.policy.admit import admit
    from habeas.policy.catalogue import find, shipped
    from habeas.policy.prove import document, lines, prove

    chosen = tuple(admit(find(name)) for name in packs) or shipped()
    proofs = [prove(pack, perf_counter) for pack in chosen]
    write(document(proofs), lines(proofs, Language(language)), as_json=as_json)
    return 0 if all(p.proved for p in proofs) else 1


@policy.command()
@click.argument("a")
@click.argument("b")
@_language
@json_option
def diff(a: str, b: str, language: str, *, as_json: bool) -> int:
    """Compare two rule packs over every request: is B tighter than A, looser, or neither?

    Each is taken with the packs it requires, by name or folder; each difference comes with a request that
    shows it. Needs the solver z3 (the extra `prove`).

    Exit 0 when nothing differs, 1 when something does.
    """
    from habeas.domain.vocabulary import Language
    from habeas.policy.diff import compare, document, lines
    from habeas.policy.document import policy_version

    found = compare(policy_version(a), policy_version(b))
    write(document(found), lines(found, Language(language)), as_json=as_json)
    return 0 if found.same else 1
