"""`habeas sequencer`: moves waiting entries into the log and signs checkpoints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from habeas.cli.output import json_option, tell, write
from habeas.kernel.errors import BadInput

if TYPE_CHECKING:
    from habeas.usecases.advance import Advanced
    from habeas.usecases.submit import Witnessed
    from habeas.wiring import Desk


@click.command()
@click.option("--once", is_flag=True, help="Drain what waits, sign, and end.")
@click.option(
    "--every", type=click.FloatRange(min=0.1), default=3.0, show_default=True, help="Seconds between rounds."
)
@click.option(
    "--export",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep this folder up to date as the mirror, ahead of the witnesses.",
)
@json_option
def sequencer(*, once: bool, every: float, export: Path | None, as_json: bool) -> int:
    """Give waiting entries their index, sign the ledger, have it cosigned. One sequencer runs per home.

    Ends on SIGTERM or Ctrl-C between rounds; killed anywhere, the next start completes what was begun.
    Before its first signature it compares the ledger with its witnesses; one that is ahead halts the
    ledger (exit 3, docs/runbooks/ledger.md).
    """
    from habeas.adapters.beats import Beat, Beats
    from habeas.adapters.signals import listening
    from habeas.config.postgres import DatabaseRole
    from habeas.wiring import open_desk

    desk = open_desk(role=DatabaseRole.SEQUENCER)
    beats, told = Beats(desk.environment.home, "sequencer"), ""
    with listening() as heard:
        while not heard.asked:
            beats.beat(Beat.WORKING)
            done, waits = _round(desk, export, once=once)
            beats.beat(Beat.UNHEARD if done is None else Beat.WAITING)
            if done is not None and (once or done.appended):
                write(_document(done), _lines(done), as_json=as_json)
            if once:
                break
            said = waits if done is None else _standing(done.witnessed)
            if said != told:
                told = said
                tell(said)
            heard.wait(every)
    return 0


def _round(desk: Desk, export: Path | None, *, once: bool) -> tuple[Advanced | None, str]:
    """One round; or, where too few witnesses answer, what is waited for."""
    try:
        return desk.sequence(export), ""
    except BadInput as error:
        if once or error.problems[0].code != "ledger.witness.unheard":
            raise
        return None, "; ".join(p.line() for p in error.problems)


def _document(done: Advanced) -> dict[str, Any]:
    document: dict[str, Any] = {"size": done.size, "appended": done.appended}
    if done.witnessed is not None:
        document["witnessed"] = {
            "size": done.witnessed.size,
            "by": list(done.witnessed.by),
            "quorum": done.witnessed.quorum,
            "reached": done.witnessed.reached,
            "problems": [one.as_json() for one in done.witnessed.problems],
        }
    if done.exported is not None:
        document["exported"] = {"size": done.exported.size, "waiting": done.exported.waiting}
    return document


def _lines(done: Advanced) -> list[str]:
    lines = [f"{done.appended} entries appended; the ledger has {done.size}"]
    if done.witnessed is not None:
        lines.append(_standing(done.witnessed))
        lines += [one.line() for one in done.witnessed.problems]
    return lines


def _standing(witnessed: Witnessed | None) -> str:
    """Who vouches for the newest checkpoint."""
    if witnessed is None:
        return ""
    names = ", ".join(witnessed.by) or "nobody"
    count = f"{len(witnessed.by)} of the {witnessed.quorum} needed: {names}"
    return f"witnessed ({count})" if witnessed.reached else f"not witnessed yet ({count})"
