"""Keeping processes running: every way in which a child, or the one who keeps it, can end."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.flows.processes import Alive, Program, kill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEEP = Path(__file__).with_name("keep.py")
STAYS = "import signal; signal.pause()"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
TIED = "from habeas.adapters.lifeline import hold; hold(60); "
PARENT = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', {code!r}]); "
FAST = {"pauses": [0.0], "attempts": 3}


@pytest.fixture
def keep(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    running: list[Program] = []

    def start(*children: dict[str, Any], **patience: Any) -> Program:
        spec = json.dumps({"children": children, **patience})
        command = [sys.executable, str(KEEP), spec]
        running.append(Program(command, stream="stdout", environ=os.environ, cwd=tmp_path))
        return running[-1]

    yield start
    for program in running:
        program.end()


@pytest.fixture
def alive(tmp_path: Path) -> Alive:
    return Alive(tmp_path / "alive")


def test_a_killed_child_is_started_again(keep: Callable[..., Program]) -> None:
    program = keep({"name": "a", "code": STAYS}, {"name": "b", "code": STAYS})
    first = program.until("child.started", child="b")
    kill(first["pid"])
    assert program.until("child.ended")["exit_code"] == -9
    assert program.until("child.started", child="b")["pid"] != first["pid"]
    program.ask_to_end()
    assert program.ended() == 0


def test_what_a_killed_child_had_started_ends_with_it(keep: Callable[..., Program], alive: Alive) -> None:
    code = PARENT.format(code=alive.hold + DEAF + "signal.pause()") + STAYS
    program = keep({"name": "a", "code": code}, pauses=[600.0])
    alive.until_held()
    kill(program.until("child.started")["pid"])
    alive.until_gone()


def test_children_end_when_whoever_keeps_them_is_killed(keep: Callable[..., Program], alive: Alive) -> None:
    program = keep({"name": "a", "code": TIED + alive.hold + STAYS})
    alive.until_held()
    kill(program.process.pid)
    alive.until_gone()


def test_a_child_that_hears_nothing_is_ended_by_its_lifeline_with_all_it_started(
    keep: Callable[..., Program], alive: Alive
) -> None:
    tied = TIED.replace("60", "0.1")
    code = DEAF + tied + PARENT.format(code=alive.hold + DEAF + "signal.pause()") + "signal.pause()"
    program = keep({"name": "a", "code": code})
    alive.until_held()
    kill(program.process.pid)
    alive.until_gone()


def test_a_child_that_keeps_dying_ends_everything_with_exit_3(
    keep: Callable[..., Program], alive: Alive
) -> None:
    program = keep(
        {"name": "well", "code": alive.hold + STAYS}, {"name": "ill", "code": "raise SystemExit(7)"}, **FAST
    )
    assert [program.until("child.ended", child="ill")["in_a_row"] for _ in range(3)] == [1, 2, 3]
    program.until("child.ended", child="well")
    assert program.until("broken") == {"event": "broken", "code": "serve.child.failing", "place": "ill"}
    assert program.ended() == 3
    alive.until_gone()


def test_a_child_that_lived_long_enough_starts_counting_anew(keep: Callable[..., Program]) -> None:
    program = keep({"name": "a", "code": "raise SystemExit(7)"}, quick_seconds=0.0, **FAST)
    assert {program.until("child.ended")["in_a_row"] for _ in range(5)} == {1}


def test_one_that_is_not_needed_is_tried_for_ever(keep: Callable[..., Program]) -> None:
    program = keep({"name": "a", "code": "raise SystemExit(7)", "vital": False}, **FAST)
    assert [program.until("child.ended")["in_a_row"] for _ in range(5)] == [1, 2, 3, 4, 5]


def test_a_held_child_stays_down_and_takes_nobody_with_it(
    keep: Callable[..., Program], tmp_path: Path
) -> None:
    mark = tmp_path / "HALTED"
    mark.touch()
    ill = {"name": "ill", "code": "raise SystemExit(3)", "held": str(mark)}
    program = keep({"name": "well", "code": STAYS}, ill, **FAST)
    assert program.until("child.held")["exit_code"] == 3
    mark.unlink()
    program.until("child.started", child="ill")
    assert sum("child.ended" in line for line in program.lines) == 1


def test_a_child_is_given_the_time_it_was_promised_and_no_more(
    keep: Callable[..., Program], alive: Alive
) -> None:
    program = keep({"name": "a", "code": DEAF + alive.hold + "signal.pause()"}, grace_seconds=0.5)
    alive.until_held()
    program.ask_to_end()
    assert program.until("child.killed") == {"event": "child.killed", "child": "a"}
    assert program.ended() == 0
    alive.until_gone()


def test_a_second_signal_ends_it_at_once(keep: Callable[..., Program], alive: Alive) -> None:
    program = keep({"name": "a", "code": DEAF + alive.hold + "signal.pause()"}, grace_seconds=3600.0)
    alive.until_held()
    program.ask_to_end()
    program.until("serve.ending")
    program.ask_to_end()
    program.until("child.killed")
    assert program.ended() == 0
    alive.until_gone()
