"""Papers drawn in a process of their own: what it does to itself harms nobody else."""

from __future__ import annotations

import io
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from habeas.adapters import drawing_child
from habeas.adapters.drawing_room import DrawingRoom, receive, send
from habeas.demo.papers.details import PaperKind
from habeas.demo.papers.draw import paper
from habeas.demo.papers.samples import sample
from habeas.kernel.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

PAPER = paper("i205", sample(PaperKind("i205")))
SIZES = ((612, 792), (612, 792))
PNG = b"\x89PNG"


@pytest.fixture
def room() -> Iterator[DrawingRoom]:
    room = DrawingRoom()
    yield room
    room.close()


def child_of(room: DrawingRoom) -> int:
    assert room._child is not None  # the process is what these tests are about
    return room._child.pid


def never() -> bytes:
    raise AssertionError("it was asked for again")


def test_a_paper_is_fetched_once_and_drawn_many_times(room: DrawingRoom) -> None:
    assert room.sizes("a", lambda: PAPER) == SIZES
    assert room.picture("a", never, 1, 300).startswith(PNG)
    assert "REMOVAL" in room.text("a", never, 1)


def test_two_papers_are_not_mixed_up(room: DrawingRoom) -> None:
    other = paper("ao93", sample(PaperKind("ao93")))
    room.sizes("a", lambda: PAPER)
    assert "SEARCH" in room.text("b", lambda: other, 1).upper()
    assert "REMOVAL" in room.text("a", lambda: PAPER, 1)


def test_the_last_few_papers_stay_open_and_older_ones_are_let_go(room: DrawingRoom) -> None:
    for n in range(drawing_child.OPEN + 1):
        room.sizes(str(n), lambda: PAPER)
    for n in range(1, drawing_child.OPEN + 1):
        room.sizes(str(n), never)
    with pytest.raises(AssertionError, match="asked for again"):
        room.sizes("0", never)


def test_a_paper_that_cannot_be_fetched_is_told_and_confuses_nobody(room: DrawingRoom) -> None:
    with pytest.raises(AssertionError, match="asked for again"):
        room.sizes("a", never)
    assert room.sizes("b", lambda: PAPER) == SIZES
    assert "REMOVAL" in room.text("b", never, 1)


def test_a_refusal_says_what_is_wrong_and_the_next_paper_is_drawn(room: DrawingRoom) -> None:
    with pytest.raises(BadInput) as caught:
        room.picture("a", lambda: b"%PDF-1.7 and nothing else", 1, 100)
    assert caught.value.problems[0].code == "reading.pdf.damaged"
    before = child_of(room)
    assert room.picture("b", lambda: PAPER, 1, 100).startswith(PNG)
    assert child_of(room) == before


def test_after_the_process_died_another_takes_its_place(room: DrawingRoom) -> None:
    room.sizes("a", lambda: PAPER)
    first = child_of(room)
    os.kill(first, signal.SIGSEGV)
    room._child.wait()  # type: ignore[union-attr] # `child_of` has just asked
    assert room.picture("a", lambda: PAPER, 1, 100).startswith(PNG)
    assert child_of(room) != first


def test_a_process_that_hangs_is_ended_in_time_and_the_next_question_answered() -> None:
    room = DrawingRoom(time=0.2)
    try:
        room._running()
        os.kill(child_of(room), signal.SIGSTOP)
        with pytest.raises(BadInput) as caught:
            room.sizes("a", lambda: PAPER)
        assert caught.value.problems[0].code == "reading.picture.gave_up"
        room.time = 20
        assert room.sizes("a", lambda: PAPER) == SIZES
    finally:
        room.close()


def test_the_process_may_write_no_file_and_has_a_limit_of_memory(room: DrawingRoom) -> None:
    room.sizes("a", lambda: PAPER)
    lines = Path(f"/proc/{child_of(room)}/limits").read_text("ascii").splitlines()
    limits = {line[:26].strip(): line[26:].split()[:2] for line in lines}
    assert limits["Max file size"] == ["0", "0"]
    assert limits["Max address space"] == [str(drawing_child.MEMORY)] * 2
    assert limits["Max core file size"] == ["0", "0"]


def test_nothing_secret_is_in_the_process_s_surroundings(room: DrawingRoom) -> None:
    room.sizes("a", lambda: PAPER)
    assert Path(f"/proc/{child_of(room)}/environ").read_bytes() == b""


def test_nobody_asking_ends_the_process() -> None:
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as asked, os.fdopen(theirs, "wb"):
        drawing_child.serve(asked, io.BytesIO(), idle=0)


def test_the_other_side_going_away_ends_the_process() -> None:
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as asked:
        os.close(theirs)
        drawing_child.serve(asked, io.BytesIO(), idle=60)


def test_what_is_sent_is_received() -> None:
    pipe = io.BytesIO()
    send(pipe, {"do": "picture"}, b"\n\0 bytes")
    pipe.seek(0)
    assert receive(pipe) == ({"do": "picture"}, b"\n\0 bytes")
    with pytest.raises(EOFError):
        receive(pipe)


def test_a_cut_off_answer_is_none() -> None:
    with pytest.raises(EOFError):
        receive(io.BytesIO(b'{"length": 9}\nabc'))
