"""A request's turn: nobody who sends slowly holds it, and the application sees nothing that is cut short."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from habeas.console.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Door:
    """A body that arrives when the door is opened."""

    def __init__(self, data: bytes) -> None:
        self.opened, self.asked = threading.Event(), threading.Event()
        self._data = io.BytesIO(data)

    def read(self, size: int, /) -> bytes:
        self.asked.set()
        self.opened.wait()
        return self._data.read(size)


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """The body again, with the length that was told."""
    start("200 OK", [])
    return [environ["CONTENT_LENGTH"].encode(), b" ", environ["wsgi.input"].read()]


def asked(turns: Turns, body: object, length: int | None = None) -> tuple[str, bytes]:
    """Status and body of an answer."""
    said: list[str] = []
    told = {} if length is None else {"CONTENT_LENGTH": str(length)}
    answer = turns({"wsgi.input": body, **told}, lambda status, _: said.append(status))
    return said[0], b"".join(answer)


def test_whoever_sends_slowly_does_not_hold_the_only_turn() -> None:
    turns, slow = Turns(echo, 1), Door(b"late")
    with ThreadPoolExecutor(1) as others:
        waiting = others.submit(asked, turns, slow)
        slow.asked.wait()
        assert asked(turns, io.BytesIO(b"now")) == ("200 OK", b"3 now")
        slow.opened.set()
        assert waiting.result() == ("200 OK", b"4 late")


@pytest.mark.parametrize("turns_at_once", [1, 3])
def test_no_more_are_answered_at_once_than_there_are_turns(turns_at_once: int) -> None:
    inside, most, lock, full = 0, 0, threading.Lock(), threading.Barrier(turns_at_once)

    def counting(_: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        full.wait()
        with lock:
            inside -= 1
        start("200 OK", [])
        return []

    turns = Turns(counting, turns_at_once)
    with ThreadPoolExecutor(9) as many:
        list(many.map(lambda _: asked(turns, io.BytesIO()), range(9)))
    assert most == turns_at_once


def test_the_application_runs_in_the_threads_of_the_turns_and_in_no_others() -> None:
    seen = set()

    def noting(_: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        seen.add(threading.get_ident())
        start("200 OK", [])
        yield b"late"
        seen.add(threading.get_ident())

    turns = Turns(noting, 2)
    with ThreadPoolExecutor(8) as many:
        list(many.map(lambda _: asked(turns, io.BytesIO()), range(40)))
    assert len(seen) <= 2
    assert threading.get_ident() not in seen


def test_a_request_that_was_cut_short_is_refused_and_never_seen() -> None:
    def never(_: dict[str, Any], __: Callable[..., Any]) -> Iterable[bytes]:
        raise AssertionError

    assert asked(Turns(never, 1), io.BytesIO(b"half"), length=8)[0].startswith("400 ")


def test_a_body_that_is_too_long_is_refused_whatever_length_it_told() -> None:
    turns = Turns(echo, 1, most=4)
    assert asked(turns, io.BytesIO(b"long!"))[0].startswith("413 ")
    assert asked(turns, io.BytesIO(b"full"), length=4) == ("200 OK", b"4 full")


def test_what_is_held_at_once_has_a_limit_and_is_given_back() -> None:
    turns = Turns(echo, 1, together=6)
    with ThreadPoolExecutor(1) as others:
        first_half = Half(b"four")
        waiting = others.submit(asked, turns, first_half)
        first_half.taken.wait()
        assert asked(turns, io.BytesIO(b"four"))[0].startswith("503 ")
        first_half.opened.set()
        assert waiting.result() == ("200 OK", b"4 four")
    assert asked(turns, io.BytesIO(b"sixsix")) == ("200 OK", b"6 sixsix")


class Half:
    """A body that arrives at once and whose end is told when it is opened."""

    def __init__(self, data: bytes) -> None:
        self.opened, self.taken = threading.Event(), threading.Event()
        self._left = [data]

    def read(self, _: int, /) -> bytes:
        if self._left:
            return self._left.pop()
        self.taken.set()
        self.opened.wait()
        return b""


class Gone:
    """A body whose sender went away after a while."""

    def __init__(self) -> None:
        self._left = [b"four"]

    def read(self, _: int, /) -> bytes:
        if self._left:
            return self._left.pop()
        raise ConnectionError


def test_what_a_sender_who_went_away_had_sent_is_given_back() -> None:
    turns = Turns(echo, 1, together=4)
    for _ in range(3):
        with pytest.raises(ConnectionError):
            asked(turns, Gone())
    assert asked(turns, io.BytesIO(b"four")) == ("200 OK", b"4 four")


def test_an_error_of_the_application_reaches_the_server_and_gives_the_turn_back() -> None:
    def failing(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["wsgi.input"].read() == b"fail":
            raise LookupError
        return echo(environ, start)

    turns = Turns(failing, 1)
    with pytest.raises(LookupError):
        asked(turns, io.BytesIO(b"fail"))
    assert asked(turns, io.BytesIO(b""))[0] == "200 OK"


def test_an_answer_is_closed() -> None:
    class Answer:
        closed = False

        def __iter__(self) -> Any:
            return iter([b"a", b"b"])

        def close(self) -> None:
            self.closed = True

    answer = Answer()

    def closing(_: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [])
        return answer

    assert asked(Turns(closing, 1), io.BytesIO()) == ("200 OK", b"ab")
    assert answer.closed
