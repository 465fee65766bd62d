"""What a page may be asked for: `area:resource:action`, and which roles may.

Hides the table of roles. Promises that every address of the console names its permission or stands in
the list of public ones (tests/console walks them). A permission says what a role may do at all; whose
cases it may do it on is `usecases.sight` and `usecases.standing`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from habeas.domain.vocabulary import Role

if TYPE_CHECKING:
    from habeas.domain.request import Person


class Permission(StrEnum):
    """One thing that a page does."""

    DESK_READ = "console:desk:read"
    """The frame: home, counts, one's own settings."""

    REQUEST_CREATE = "intake:request:create"
    QUARANTINE_READ = "intake:quarantine:read"
    QUARANTINE_RELEASE = "intake:quarantine:release"
    CASE_LIST = "case:list:read"
    CASE_READ = "case:case:read"
    CASE_ASSIGN = "case:case:assign"
    CASE_SEAL = "case:case:seal"
    CASE_UNSEAL = "case:case:unseal"
    PAPER_READ = "case:paper:read"
    FACTS_CONFIRM = "case:facts:confirm"
    ITEM_DECIDE = "case:item:decide"
    RELEASE_APPROVE = "case:release:approve"
    RELEASE_RECORD = "case:release:record"
    LETTER_SEND = "case:letter:send"
    PROOF_READ = "ledger:proof:read"


_P = Permission
_LOOKS: Final = frozenset({_P.DESK_READ, _P.CASE_LIST, _P.CASE_READ, _P.PAPER_READ, _P.PROOF_READ})
_WORKS: Final = _LOOKS | {
    _P.REQUEST_CREATE,
    _P.QUARANTINE_READ,
    _P.QUARANTINE_RELEASE,
    _P.CASE_ASSIGN,
    _P.FACTS_CONFIRM,
    _P.RELEASE_RECORD,
    _P.LETTER_SEND,
}

OF_ROLE: Final[dict[Role, frozenset[Permission]]] = {
    Role.CLERK: _WORKS,
    Role.REVIEWER: _WORKS | {_P.ITEM_DECIDE},
    Role.APPROVER: _WORKS | {_P.ITEM_DECIDE, _P.RELEASE_APPROVE, _P.CASE_SEAL},
    Role.COUNSEL: _WORKS | {_P.ITEM_DECIDE, _P.RELEASE_APPROVE, _P.CASE_SEAL, _P.CASE_UNSEAL},
    Role.AUDITOR: _LOOKS,
    Role.ADMINISTRATOR: frozenset({_P.DESK_READ, _P.QUARANTINE_READ, _P.QUARANTINE_RELEASE}),
}
"""What each role may do; somebody of several roles may do what any of them may."""


def permissions_of(person: Person) -> frozenset[Permission]:
    """Everything a person's roles allow."""
    return frozenset().union(*(OF_ROLE[role] for role in person.roles))
