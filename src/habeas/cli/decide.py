"""`habeas decide FACTS.json`: what the rules say about given facts. Opens no home and writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from habeas.cli.output import json_option, write


@click.command()
@click.argument("file", metavar="FACTS.json", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--policy", "pack", help="This rule pack alone (with what it requires), such as us-co/2020-guidance."
)
@click.option("--on", "on", help="The legal date, YYYY-MM-DD; default: the file's `on`.")
@json_option
def decide(file: Path, pack: str | None, on: str | None, *, as_json: bool) -> int:
    """Say what the law says about a file of facts, item by item. Any answer exits 0."""
    from habeas.kernel.canonical import decode
    from habeas.policy.document import evaluate_document

    document = decode(file.read_bytes(), file.name)
    answer = evaluate_document(document, pack=pack, on=on, place=file.name)
    write(answer, _lines(answer), as_json=as_json)
    return 0


def _lines(answer: dict[str, Any]) -> list[str]:
    lines = [f"law of {answer['on']}: {', '.join(answer['packs'])}"]
    for item in answer["items"]:
        lines.append(f"item {item['id']} ({item['category']}): {item['effect'].upper()}")
        for rule in item["rules"]:
            mark = "" if rule["verified"] else " (unverified)"
            lines.append(f"  rule {rule['id']}: {rule['cite']} [{rule['rank']}, {rule['status']}]{mark}")
        lines += [
            f"  missing: {m['fact']}" + (f" from {m['source']}" if m["source"] else "")
            for m in item["missing"]
        ]
        for duty in item["duties"]:
            clock = "clock not stated" if duty["days"] is None else f"{duty['days']} {duty['day_kind']} days"
            lines.append(f"  duty {duty['kind']}: {clock} from {duty['starts']} ({duty['rule']['cite']})")
        lines += [f"  incident: {i}" for i in item["incidents"]]
    return lines
