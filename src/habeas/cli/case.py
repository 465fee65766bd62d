"""`habeas case`: a request's way worked on a terminal, step by step (decision record 0005)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from habeas.cli.output import json_option, table, write, write_json

if TYPE_CHECKING:
    from collections.abc import Iterable

at_version = click.option(
    "--at-version",
    "version",
    type=click.IntRange(min=1),
    help="Only if nothing happened since this version, which `case show` tells.",
)
as_person = click.option("--as", "person", required=True, help="Who acts: a person of config.toml.")


@click.group()
def case() -> None:
    """Work a request: show, confirm, determine, approve, answer."""


@case.command("list")
@click.option("--state", default="", help="Only cases in this state.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--after", default="", help="Only those after this request: the last one of the page before.")
@json_option
def list_(state: str, limit: int, after: str, *, as_json: bool) -> int:
    """Requests, oldest first: reference, received, agency, unit, state, outcome. No names."""
    from habeas.wiring import open_desk

    rows = open_desk().list_cases(state=state, limit=limit, after=after)
    head = ("request", "received", "agency", "unit", "component", "state", "outcome")
    write(
        [dict(zip(head, r, strict=True)) for r in rows],
        table(head, rows) if rows else ["no requests yet; `habeas intake FILE` logs one"],
        as_json=as_json,
    )
    return 0


@case.command()
@click.argument("ref")
@click.option("--language", type=click.Choice(["en", "es"]), default="en")
@json_option
def show(ref: str, language: str, *, as_json: bool) -> int:
    """What the paper is, what the law of today says, item by item and why, and what to do next."""
    from habeas.cli.story import case_document, case_lines
    from habeas.domain.vocabulary import Language
    from habeas.wiring import open_desk

    desk = open_desk()
    found = desk.ports.cases.load(desk.ports.cases.by_ref(ref))
    write(case_document(desk, found), case_lines(desk, found, Language(language)), as_json=as_json)
    return 0


@case.command()
@click.argument("ref")
@as_person
@click.option("--set", "settings", multiple=True, metavar="[ITEM:]FACT=VALUE", help="Correct a fact.")
@click.option(
    "--source", type=click.Choice(["requester", "custodian", "court", "independent"]), default="custodian"
)
@click.option("--how", default="", help="How it was checked (whom you called, number from the directory).")
@at_version
@json_option
def confirm(
    ref: str,
    person: str,
    settings: tuple[str, ...],
    source: str,
    how: str,
    version: int | None,
    *,
    as_json: bool,
) -> int:
    """Say that you looked at the papers: what the machine read is right, but for what you set."""
    from habeas.domain.vocabulary import Source
    from habeas.kernel.errors import bad
    from habeas.usecases.confirm import Correction, confirm
    from habeas.wiring import open_desk

    corrections = []
    for text in settings:
        name, sign, value = text.partition("=")
        item, _, fact = name.rpartition(":")
        if not sign:
            raise bad("cli.setting.malformed", "--set")
        corrections.append(Correction(fact, value, Source(source), item, how))
    desk = open_desk()
    case_id = desk.ports.cases.by_ref(ref)
    who = desk.ports.directory.person(person)
    done = confirm(desk.ports, case_id, who, tuple(corrections), expected_version=version)
    return _done(ref, [str(r.event.kind) for r in done], as_json=as_json)


@case.command()
@click.argument("ref")
@as_person
@click.option("--item", "items", multiple=True, help="Which items; default: all.")
@click.option(
    "--outcome",
    required=True,
    type=click.Choice(
        ["release", "refuse", "contest", "counsel", "no_records", "not_custodian", "withdrawn"]
    ),
)
@click.option("--reason", default="")
@click.option("--override-reason", default="", help="Why you decide differently from the rules.")
@click.option("--instructed-by", default="", help="Who told you to decide so.")
@click.option("--objection", default="", help="Your objection to that instruction; it is recorded.")
@at_version
@json_option
def determine(  # noqa: PLR0913 - a command's options
    ref: str,
    person: str,
    items: tuple[str, ...],
    outcome: str,
    reason: str,
    override_reason: str,
    instructed_by: str,
    objection: str,
    version: int | None,
    *,
    as_json: bool,
) -> int:
    """Decide items within what the law says, or by a named override."""
    from habeas.domain.determination import ItemDetermination
    from habeas.domain.vocabulary import Outcome
    from habeas.usecases.determine import determine
    from habeas.wiring import open_desk

    desk = open_desk()
    case_id = desk.ports.cases.by_ref(ref)
    seen = desk.ports.cases.load(case_id)
    chosen = items or tuple(i.item_id for i in seen.items)
    decisions = tuple(
        ItemDetermination(i, Outcome(outcome), reason, override_reason, instructed_by, objection)
        for i in chosen
    )
    who = desk.ports.directory.person(person)
    done = determine(desk.ports, case_id, who, decisions, expected_version=version or seen.version)
    return _done(ref, [str(r.event.kind) for r in done], as_json=as_json)


@case.command()
@click.argument("ref")
@as_person
@at_version
@json_option
def approve(ref: str, person: str, version: int | None, *, as_json: bool) -> int:
    """Give the second yes to a release. Never by the person who decided it."""
    from habeas.usecases.disclose import authorize
    from habeas.wiring import open_desk

    desk = open_desk()
    case_id, who = desk.ports.cases.by_ref(ref), desk.ports.directory.person(person)
    done = authorize(desk.ports, case_id, who, expected_version=version)
    return _done(ref, [str(r.event.kind) for r in done], as_json=as_json)


@case.command()
@click.argument("ref")
@as_person
@click.option("--reason", required=True)
@at_version
@json_option
def stop(ref: str, person: str, reason: str, version: int | None, *, as_json: bool) -> int:
    """Stop a release: its items go to counsel."""
    from habeas.usecases.disclose import stop
    from habeas.wiring import open_desk

    desk = open_desk()
    case_id, who = desk.ports.cases.by_ref(ref), desk.ports.directory.person(person)
    done = stop(desk.ports, case_id, who, reason, expected_version=version)
    return _done(ref, [str(r.event.kind) for r in done], as_json=as_json)


@case.command()
@click.argument("ref")
@as_person
@click.option(
    "--package", required=True, type=click.Path(exists=True, dir_okay=False), help="What was handed over."
)
@click.option("--field", "fields", multiple=True, required=True, help="A column that the package holds.")
@click.option("--means", default="encrypted e-mail", show_default=True)
@at_version
@json_option
def disclose(
    ref: str,
    person: str,
    package: str,
    fields: tuple[str, ...],
    means: str,
    version: int | None,
    *,
    as_json: bool,
) -> int:
    """Write down what left: only the package's digest and its field names are kept."""
    import hashlib
    from pathlib import Path

    from habeas.usecases.disclose import record_disclosure
    from habeas.wiring import open_desk

    desk = open_desk()
    done = record_disclosure(
        desk.ports,
        desk.ports.cases.by_ref(ref),
        desk.ports.directory.person(person),
        fields=fields,
        sha256=hashlib.sha256(Path(package).read_bytes()).hexdigest(),
        means=means,
        expected_version=version,
    )
    return _done(ref, [str(r.event.kind) for r in done], as_json=as_json)


@case.command()
@click.argument("ref")
@as_person
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True)
@click.option("--ask-missing", is_flag=True, help="Send “please send what is missing” instead of an answer.")
@click.option("--preview", type=click.Path(dir_okay=False), help="Only write the letter to this file.")
@click.option("--means", default="e-mail", show_default=True, help="How the letter goes out.")
@at_version
@json_option
def answer(  # noqa: PLR0913 - a command's options
    ref: str,
    person: str,
    language: str,
    preview: str | None,
    means: str,
    version: int | None,
    *,
    ask_missing: bool,
    as_json: bool,
) -> int:
    """Write the letter, keep it, and mark it sent."""
    from pathlib import Path

    from habeas.domain.vocabulary import Language, LetterKind
    from habeas.kernel.errors import bad
    from habeas.usecases.answer import draft, send
    from habeas.wiring import open_desk

    desk = open_desk()
    kind = LetterKind.MISSING if ask_missing else None
    case_id = desk.ports.cases.by_ref(ref)
    if preview:
        if version not in (None, desk.ports.cases.load(case_id).version):
            raise bad("case.version.conflict", "case")
        made = draft(desk.ports, case_id, Language(language), kind)
        Path(preview).write_bytes(made.pdf)
        return _done(ref, [f"letter: {made.kind}"], as_json=as_json)
    who = desk.ports.directory.person(person)
    spoken = Language(language)
    done = send(desk.ports, case_id, who, spoken, means=means, kind=kind, expected_version=version)
    return _done(ref, [str(r.event.kind) for r in done], as_json=as_json)


@case.command()
@click.argument("ref")
@click.option(
    "--for",
    "holder",
    type=click.Choice(["requester", "subject", "reporter", "custodian"]),
    default="requester",
)
@json_option
def receipt(ref: str, holder: str, *, as_json: bool) -> int:
    """Print the receipt of the request's last event: one JSON document, with or without --json."""
    del as_json
    from habeas.usecases.prove import Holder, receipt, shown_to
    from habeas.wiring import open_desk

    desk = open_desk()
    case_id = desk.ports.cases.by_ref(ref)
    last = shown_to(desk.ports.cases.history(case_id), Holder(holder))[-1]
    write_json(receipt(desk.ports, desk.log, case_id, last.seq, Holder(holder)))
    return 0


def _done(ref: str, kinds: Iterable[str], *, as_json: bool) -> int:
    events = list(kinds)
    write({"request": ref, "events": events}, [f"{ref}: {kind}" for kind in events], as_json=as_json)
    return 0
