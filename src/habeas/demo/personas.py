"""The invented officers, and how each uses the room that the rules leave.

A persona is a habit, not a list of answers: given what the rules say about an item and what a person
could read off the request, it decides. The habits differ on purpose, as the published account of 2020
says they did: of alike requests some were granted, others denied. Overrides go only toward refusal and
give a reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain.determination import ItemDetermination
from habeas.domain.facts import Subjects
from habeas.domain.vocabulary import Effect, ImmigrationPurpose, Offense, Outcome, YesNo

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from habeas.domain.case import Case
    from habeas.domain.determination import ItemEvaluation

    Weigh = Callable[[Case], tuple[Outcome, str]]


def _names_its_crime(case: Case) -> tuple[Outcome, str]:
    """Releases where the offense is named and is no immigration offense, about named persons."""
    named = case.facts.value("offense") == Offense.OTHER
    bulk = case.facts.value("subjects") == Subjects.BULK
    if case.facts.value("program_duty") == YesNo.YES or (named and not bulk):
        return Outcome.RELEASE, "the request names its offense and its persons"
    return Outcome.REFUSE, "the request does not name the offense it investigates"


def _court_paper_only(case: Case) -> tuple[Outcome, str]:
    """Releases on a court's paper or for the program's own duty, and on nobody's word."""
    court = case.facts.value("paper_authority") in ("judicial", "court_clerk_or_attorney")
    if court or case.facts.value("program_duty") == YesNo.YES:
        return Outcome.RELEASE, "a court's paper or a duty of the program stands behind it"
    return Outcome.REFUSE, "nothing but the requester's word stands behind it"


def _takes_their_word(case: Case) -> tuple[Outcome, str]:
    """Releases whatever may be released, unless it asks about a whole group."""
    if case.facts.value("subjects") == Subjects.BULK:
        return Outcome.REFUSE, "the request asks about a whole group"
    return Outcome.RELEASE, "the request says that it supports an investigation"


def _no_immigration(case: Case) -> tuple[Outcome, str]:
    """Releases whatever may be released where immigration is no purpose at all."""
    if case.facts.value("immigration_purpose") in (ImmigrationPurpose.PART, ImmigrationPurpose.SOLE):
        return Outcome.REFUSE, "immigration enforcement is among the purposes"
    return _names_its_crime(case)


_WEIGH: Final[dict[str, Weigh]] = {
    "m.reyes": _names_its_crime,
    "k.lindqvist": _court_paper_only,
    "s.okafor": _takes_their_word,
    "j.villanueva": _no_immigration,
    "p.whitfield": _court_paper_only,
    "a.brandt": _names_its_crime,
    "c.nakai": _court_paper_only,
}

_DESK: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("labor", "ui-fraud"): ("m.reyes", "k.lindqvist"),
    ("labor", "labor-standards"): ("m.reyes",),
    ("revenue", "mv-investigations"): ("s.okafor", "j.villanueva"),
    ("revenue", "enforcement"): ("s.okafor",),
    ("health", "vital-records"): ("p.whitfield",),
    ("regulatory", "professions"): ("a.brandt",),
    ("human-services", "benefits"): ("c.nakai",),
}

_APPROVER: Final = {
    "labor": "t.abara",
    "revenue": "d.hsu",
    "health": "r.castellanos",
    "regulatory": "l.moreno",
    "human-services": "b.salazar",
}

NOT_OURS: Final = "the warrant is addressed to another agency; it is returned to the officer with that note"
"""The reason of the named overrides: compelled, but not from us."""


@attrs.frozen
class Desk:
    """Who works a request: the one who decides, and the second person for a release."""

    decider: str
    approver: str


def desk_of(case: Case, on: date) -> Desk:
    """The persons on duty: in units with two reviewers they take turns by calendar week."""
    holder = case.request.holder
    turn = _DESK[(holder.custodian, holder.unit)]
    return Desk(turn[on.isocalendar().week % len(turn)], _APPROVER[holder.custodian])


def decide(persona: str, case: Case, items: tuple[ItemEvaluation, ...]) -> tuple[ItemDetermination, ...]:
    """One decision per item, by this persona's habit, within the effect or as a named override."""
    return tuple(_decide(persona, case, item) for item in items)


def _decide(persona: str, case: Case, item: ItemEvaluation) -> ItemDetermination:
    match item.effect:
        case Effect.FORBIDDEN:
            return ItemDetermination(item.item_id, Outcome.REFUSE, "the rules do not allow it")
        case Effect.REQUIRED:
            return _obey(case, item)
        case Effect.CONTEST_FIRST:
            return ItemDetermination(item.item_id, Outcome.CONTEST, "counsel moves to quash first")
        case Effect.CONFLICT:
            return ItemDetermination(item.item_id, Outcome.COUNSEL, "state and federal law collide")
        case Effect.UNDETERMINED:
            return ItemDetermination(item.item_id, Outcome.REFUSE, "what the rules ask for is not there")
        case Effect.PERMITTED:
            outcome, reason = _WEIGH[persona](case)
            return ItemDetermination(item.item_id, outcome, reason)


def _obey(case: Case, item: ItemEvaluation) -> ItemDetermination:
    if case.facts.value("paper_addressed_to_us") == YesNo.NO:
        return ItemDetermination(item.item_id, Outcome.REFUSE, NOT_OURS, override_reason=NOT_OURS)
    return ItemDetermination(item.item_id, Outcome.RELEASE, "process compels it")
