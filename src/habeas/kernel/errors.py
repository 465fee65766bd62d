"""What can go wrong, said once: a stable code, the place, and the remedy.

Hides how an error is worded. Promises that every code is in `REGISTRY`, so that the terminal, the
API and the documents say the same words.

Three things are kept apart (house rules):

* a *problem with the input* is a value (`Problem`), collected with its position and returned;
  `BadInput` carries problems across a call that cannot go on;
* an *outcome* (refused, undetermined) is a value of the domain and never an exception;
* a *broken invariant* is the exception `BrokenInvariant`: something Habeas promised does not hold.

No message may hold personal data or the content of a paper: places name files, lines, keys and
pages, never what stands there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from habeas.kernel.error_registry import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Iterable


@attrs.frozen
class Problem:
    """One thing wrong with an input.

    `code` is a key of `REGISTRY`; `place` says where (a file name, `line 3`, `facts.purpose`), never
    what stands there; `detail` fills the message's slots and holds closed-vocabulary words, limits
    and counts only.
    """

    code: str
    place: str
    detail: tuple[tuple[str, str], ...] = ()

    @property
    def message(self) -> str:
        """The lower-case one-line message."""
        return REGISTRY[self.code].message.format(**dict(self.detail))

    @property
    def remedy(self) -> str:
        """What the person should do about it."""
        return REGISTRY[self.code].remedy.format(**dict(self.detail))

    def line(self) -> str:
        """The one line a terminal shows: place, message, remedy, code."""
        return f"{self.place}: {self.message}; {self.remedy} [{self.code}]"

    def as_json(self) -> dict[str, str]:
        """The problem as a JSON object of strings."""
        return {
            "code": self.code,
            "place": self.place,
            "message": self.message,
            "remedy": self.remedy,
        }


def problem(code: str, place: str, **detail: object) -> Problem:
    """A `Problem` whose message slots are filled from `detail`; an unknown code is a `KeyError` here."""
    made = Problem(code, place, tuple(sorted((k, str(v)) for k, v in detail.items())))
    made.line()
    return made


class HabeasError(Exception):
    """Root of every exception Habeas raises on purpose.

    `code` is that of the registry, of several problems the first one's.
    """

    code: str


class BadInput(HabeasError):
    """The input cannot be used; `problems` says where and what to do. Terminal exit 2."""

    exit_code: Final = 2

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.code = self.problems[0].code
        super().__init__("; ".join(p.line() for p in self.problems))


class BrokenInvariant(HabeasError):
    """Something Habeas promises does not hold; nothing further is done. Terminal exit 3."""

    exit_code: Final = 3

    def __init__(self, what: Problem) -> None:
        self.problem = what
        self.code = what.code
        super().__init__(what.line())


def bad(code: str, place: str, **detail: object) -> BadInput:
    """A `BadInput` of one problem, ready to raise."""
    return BadInput(problem(code, place, **detail))


def broken(code: str, place: str, **detail: object) -> BrokenInvariant:
    """A `BrokenInvariant`, ready to raise."""
    return BrokenInvariant(problem(code, place, **detail))
