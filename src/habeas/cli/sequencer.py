"""`habeas sequencer`: moves waiting entries into the log and signs checkpoints."""

from __future__ import annotations

import time

import click

from habeas.cli.output import json_option, write


@click.command()
@click.option("--once", is_flag=True, help="Drain what waits, sign, and end.")
@click.option("--every", default=3.0, show_default=True, help="Seconds between rounds.")
@json_option
def sequencer(*, once: bool, every: float, as_json: bool) -> int:
    """Give waiting entries their index and sign the ledger. One sequencer runs per home.

    Stops on Ctrl-C between rounds; killed anywhere, the next start completes what was begun.
    """
    from habeas.wiring import open_desk

    desk = open_desk()
    while True:
        done = desk.sequence()
        if once or done.appended:
            document = {"size": done.size, "appended": done.appended}
            write(
                document, [f"{done.appended} entries appended; the ledger has {done.size}"], as_json=as_json
            )
        if once:
            return 0
        time.sleep(every)
