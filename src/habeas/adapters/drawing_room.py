"""Papers drawn in a process of their own, so that a hostile file can harm nothing but that process.

Hides the pipe. Promises an answer or a `BadInput` within `TIME` for any file: a child that dies, hangs or
wants too much memory is ended, the next question starts another. The child writes no file, keeps the last
papers in memory only and ends after `IDLE` without a question. One question at a time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import IO, TYPE_CHECKING, Any, Final

import attrs

from habeas.kernel.errors import bad

if TYPE_CHECKING:
    from collections.abc import Callable

TIME: Final = 20.0
"""Seconds that one question may take; a dense page takes a tenth of one."""

IDLE: Final = 60
"""Seconds after which a child that is asked nothing ends, and the papers in its memory with it."""

_CHILD: Final = "habeas.adapters.drawing_child"


@attrs.define
class DrawingRoom:
    """Asks a child about papers. `key` names a paper; `fetch` gives its bytes, where the child lacks them."""

    time: float = TIME
    idle: int = IDLE
    _child: subprocess.Popen[bytes] | None = None
    _one: threading.Lock = attrs.field(factory=threading.Lock, repr=False)

    def sizes(self, key: str, fetch: Callable[[], bytes]) -> tuple[tuple[int, int], ...]:
        """Each page's width and height, in points."""
        found = json.loads(self._ask(key, fetch, {"do": "sizes"}))
        return tuple((int(w), int(h)) for w, h in found)

    def picture(self, key: str, fetch: Callable[[], bytes], page: int, width: int) -> bytes:
        """A page as a PNG, `width` pixels across."""
        return self._ask(key, fetch, {"do": "picture", "page": page, "width": width})

    def text(self, key: str, fetch: Callable[[], bytes], page: int) -> str:
        """The words on a page."""
        return self._ask(key, fetch, {"do": "text", "page": page}).decode("utf-8")

    def close(self) -> None:
        """End the child."""
        with self._one:
            self._end()

    # ------------------------------------------------------------------------------------ the pipe

    def _ask(self, key: str, fetch: Callable[[], bytes], question: dict[str, Any]) -> bytes:
        with self._one:
            head, body = self._exchange({**question, "key": key})
            if head.get("lacks"):
                head, body = self._exchange({}, self._fetched(fetch))
        if "code" in head:
            raise bad(head["code"], "file", **head["slots"])
        return body

    def _fetched(self, fetch: Callable[[], bytes]) -> bytes:
        """The paper's bytes; a child that would wait for them in vain is ended."""
        try:
            return fetch()
        except BaseException:
            self._end()
            raise

    def _exchange(self, head: dict[str, Any], body: bytes = b"") -> tuple[dict[str, Any], bytes]:
        child = self._running()
        timer = threading.Timer(self.time, child.kill)
        timer.start()
        try:
            send(child.stdin, head, body)
            return receive(child.stdout)
        except (OSError, ValueError, EOFError):
            self._end()
            raise bad("reading.picture.gave_up", "file") from None
        finally:
            timer.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        command = [sys.executable, "-I", "-m", _CHILD, str(self.idle)]
        self._child = subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
        )
        return self._child

    def _end(self) -> None:
        if self._child is None:
            return
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                _shut(pipe)
        self._child = None


def _shut(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:  # what was not yet written to a child that is gone
        return


# ------------------------------------------------------------------- what goes over the pipe, both ways


def send(pipe: IO[bytes] | None, head: dict[str, Any], body: bytes = b"") -> None:
    """A line of JSON with the length of what follows, then that."""
    if pipe is None:
        raise EOFError
    pipe.write(json.dumps({**head, "length": len(body)}).encode() + b"\n" + body)
    pipe.flush()


def receive(pipe: IO[bytes] | None) -> tuple[dict[str, Any], bytes]:
    """The other side of `send`; `EOFError` where nobody is there any more."""
    line = pipe.readline() if pipe is not None else b""
    if not line:
        raise EOFError
    head: dict[str, Any] = json.loads(line)
    length = int(head.pop("length"))
    body = pipe.read(length) if pipe is not None else b""
    if len(body) < length:
        raise EOFError
    return head, body
