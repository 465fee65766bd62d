"""The process in which papers are drawn: questions on its input, answers on its output, nothing else.

It is given limits of memory and may write no file; whoever asks sets the limit of time, and ends it.
"""

from __future__ import annotations

import json
import resource
import select
import sys
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from habeas.adapters.drawing_room import receive, send
from habeas.intake.reading.picture import Drawn, open_paper, problem_of
from habeas.kernel.errors import BadInput, bad

if TYPE_CHECKING:
    from typing import IO

MEMORY: Final = 1536 * 1024 * 1024
"""Bytes of address space: the heaviest page that the limits of `weight` let through took 700 MB."""

OPEN: Final = 4
"""Papers kept open, so that several people who look at different ones do not fetch each page anew."""


def main() -> None:
    """Answer until nobody asks any more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(sys.stdin.buffer, sys.stdout.buffer, idle=int(sys.argv[1]))


def serve(asked: IO[bytes], told: IO[bytes], *, idle: int) -> None:
    """Answer questions about the paper that each names; the last few papers stay open."""
    papers: OrderedDict[str, Drawn] = OrderedDict()
    while select.select([asked], [], [], idle)[0]:
        try:
            question, _ = receive(asked)
            key = question["key"]
            if key not in papers:
                send(told, {"lacks": True})
                papers[key] = open_paper(receive(asked)[1])
            papers.move_to_end(key)
            while len(papers) > OPEN:
                papers.popitem(last=False)
            send(told, {}, answer(papers[key], question))
        except EOFError:
            return
        except BadInput as error:
            code, slots = problem_of(error)
            send(told, {"code": code, "slots": slots})
        except MemoryError:
            code, slots = problem_of(bad("reading.picture.gave_up", "file"))
            send(told, {"code": code, "slots": slots})


def answer(paper: Drawn, question: dict[str, Any]) -> bytes:
    """What was asked about an open paper."""
    match question["do"]:
        case "sizes":
            return json.dumps(paper.sizes).encode()
        case "picture":
            return paper.picture(question["page"], question["width"])
        case _:
            return paper.text(question["page"]).encode("utf-8")


if __name__ == "__main__":
    main()
