"""`habeas worker`: does the jobs that pages leave behind, so that nobody waits for a paper to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from habeas.cli.output import json_option, write

if TYPE_CHECKING:
    from habeas.adapters.beats import Beats
    from habeas.adapters.signals import Heard
    from habeas.wiring import Desk


@click.command()
@click.option("--once", is_flag=True, help="Do the jobs that wait, and end.")
@click.option(
    "--every", type=click.FloatRange(min=0.1), default=1.0, show_default=True, help="Seconds between looks."
)
@json_option
def worker(*, once: bool, every: float, as_json: bool) -> int:
    """Do the jobs that wait, one at a time: reading the papers of what was taken in.

    Ends on SIGTERM or Ctrl-C after the job it is at; killed in the middle, another worker does that job
    again when its lease has run out. Several may run.
    """
    from habeas.adapters.beats import Beats
    from habeas.adapters.signals import listening
    from habeas.wiring import open_desk

    desk = open_desk()
    with listening() as heard:
        done = _work(desk, Beats(desk.environment.home, "worker"), heard, None if once else every)
    write({"jobs": done}, [f"{done} jobs done"], as_json=as_json)
    return 0


def _work(desk: Desk, beats: Beats, heard: Heard, every: float | None) -> int:
    """Do jobs until asked to end, or without `every` until none waits; how many were done."""
    from habeas.adapters.beats import Beat
    from habeas.usecases.work import sweep, work_once

    jobs = desk.store.jobs
    sweep(desk.ports, jobs)
    done, ending = 0, False
    while not ending:
        beats.beat(Beat.WORKING)
        busy = work_once(desk.ports, jobs)
        done += busy
        if not busy:
            beats.beat(Beat.WAITING)
            if every is None:
                break
        ending = heard.wait(0 if busy else every)
    return done
