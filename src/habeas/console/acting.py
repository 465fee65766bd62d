"""Acts on a case from a page: done once, on what the person saw, or told why not.

Hides how a refusal of a use case becomes a status and plain sentences. Promises that a form sent twice,
or sent about a case that somebody else changed, changes nothing and says so (409); that everything else a
use case refuses is told at its field in the page's language (422); and that a case which was sealed away
meanwhile is not there (404).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
from django.http import Http404, HttpResponse

from habeas.console.permissions import permissions_of
from habeas.console.words import language, say, words
from habeas.kernel.errors import BadInput
from habeas.usecases.standing import check_standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.http import HttpRequest

    from habeas.console.permissions import Permission
    from habeas.domain.case import Case
    from habeas.domain.request import Person
    from habeas.kernel.errors import Problem

CONFLICT: Final = 409
REFUSED: Final = 422

_MOVED_ON: Final = frozenset({"case.version.conflict", "answer.letter.changed"})
"""What a person looked at is no longer what there is."""


@attrs.frozen
class Trouble:
    """One thing to put right: the id of the field it is about ("" for none), and what to say of it."""

    field: str
    text: str


@attrs.frozen
class Refusal:
    """Why an act was not done. `troubles` stand at the top of the page and at their fields."""

    status: int
    troubles: tuple[Trouble, ...]

    @property
    def is_conflict(self) -> bool:
        """Whether somebody else was faster: nothing the person typed is wrong."""
        return self.status == CONFLICT

    def at(self, field: str) -> tuple[str, ...]:
        """What to say at one field."""
        return tuple(t.text for t in self.troubles if t.field == field)


def attempt(act: Callable[[], object], field_of: Callable[[Problem], str]) -> Refusal | None:
    """Do it; None once done. `field_of` names the field that a problem is about."""
    try:
        act()
    except BadInput as error:
        return refusal(error, field_of)
    return None


def refusal(error: BadInput, field_of: Callable[[Problem], str]) -> Refusal:
    """How a use case's no is told; `Http404` where the case is not there for this person any more."""
    if any(p.code == "case.ref.unknown" for p in error.problems):
        raise Http404 from error
    status = CONFLICT if any(p.code in _MOVED_ON for p in error.problems) else REFUSED
    return Refusal(status, tuple(_told(error.problems, field_of)))


def refused(troubles: Iterable[Trouble]) -> Refusal | None:
    """The refusal of a form that was not filled in so that anything can be asked; None where it was."""
    found = tuple(troubles)
    return Refusal(REFUSED, found) if found else None


def _told(problems: Sequence[Problem], field_of: Callable[[Problem], str]) -> list[Trouble]:
    """Each sentence once a field: several facts that nobody read are one thing to do."""
    return list(dict.fromkeys(Trouble(field_of(p), sentence(p)) for p in problems))


def sentence(problem: Problem) -> str:
    """A problem in plain words of the page's language; in the registry's where no page foresaw it."""
    found = words("refused", language()).get(problem.code)
    return found or f"{problem.message}; {problem.remedy}"


def may(person: Person, case: Case, permission: Permission) -> bool:
    """Whether a role and the directory let this person do this to this case; the case's state apart."""
    try:
        check_standing(case, person)
    except BadInput:
        return False
    return permission in permissions_of(person)


def redirect_after(where: str) -> HttpResponse:
    """303: whoever loads the next page again does not send the form again."""
    return HttpResponse(status=303, headers={"Location": where})


def version_seen(request: HttpRequest) -> int:
    """The version of the case that the form was drawn from; -1, which no case has, where it names none."""
    try:
        return int(request.POST.get("expected_version", ""))
    except ValueError:
        return -1


def typed(request: HttpRequest, name: str, limit: int = 4_000) -> str:
    """What was typed into a field, without white space around it and without what no text may hold."""
    text = request.POST.get(name, "")[:limit].replace("\r\n", "\n").strip()
    return "".join(c for c in text if c.isprintable() or c == "\n")


def page_title(title: str, refused: Refusal | None) -> str:
    """A page's title, which says first that something was refused: it is what a screen reader reads first."""
    return say("refused_page.title", title=title) if refused else title
