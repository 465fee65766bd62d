"""What a message or a paper claims: purposes, offense, who asks, about whom, for which data.

Every claim is the requester's own (`source` requester, `reading` machine) and names the words it rests
on. Nothing is concluded from silence: what is not said is unknown. English and Spanish.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.facts import Fact, FactSet, Place
from habeas.domain.request import Requester, Subject
from habeas.intake.reading.asking import persons, requester
from habeas.intake.reading.fields import STATUTE
from habeas.intake.reading.purposes import offense, purposes
from habeas.intake.reading.sentences import said, sentences
from habeas.intake.reading.wanted import Wanted, wanted

if TYPE_CHECKING:
    from habeas.intake.reading.purposes import Claimed
    from habeas.intake.reading.sentences import Said

__all__ = ["Claims", "Wanted", "read_claims"]


@attrs.frozen
class Claims:
    """What one text claims. `bulk` says that it asks about a whole group instead of named persons."""

    facts: FactSet = attrs.field(factory=FactSet)
    items: tuple[Wanted, ...] = ()
    persons: tuple[Subject, ...] = ()
    requester: Requester = attrs.field(factory=Requester)
    bulk: bool = False
    offense_statute: str = ""
    case_number: str = ""


_BULK: Final = re.compile(
    r"\ball (persons|individuals|people|applicants|customers|claimants|drivers|residents|births|records of)\b"
    r"|every(one| person| individual| applicant| child| record)\b[^.]{0,30}(who|born|with)|"
    r"list of (all|every)|entire (database|list|file)|todas las personas|toda persona",
    re.IGNORECASE,
)
_CASE_NUMBER: Final = re.compile(
    r"(?:case|caso|file|investigation)[ ]?(?:no|n[uú]m|number|#)?\.?:? ?(?P<n>[A-Z]{0,6}\d[\w-]{4,})",
    re.IGNORECASE,
)
_QUOTE_LENGTH: Final = 300


def read_claims(
    text: str,
    *,
    blob: str,
    page: int = 1,
    sender: str = "",
    own_names: tuple[str, ...] = (),
    demands: str | None = None,
) -> Claims:
    """What a text claims.

    `sender` (an address and name) helps to tell who asks; it proves nothing. `own_names` are the names of
    the agency and its units, which are no claim (`Insurance Fraud Unit`). `demands` is the part of a form
    that lists what is wanted, where the form has one; a form's printed labels demand nothing.
    """
    plain = _without(own_names, text)
    spoken = said(plain)
    claimed = [*purposes(spoken), *filter(None, (offense("\n".join(spoken.now)),))]
    named = tuple(persons(plain))
    number = _CASE_NUMBER.search(plain)
    return Claims(
        facts=FactSet({c.fact: _fact(c, blob, page) for c in claimed}),
        items=_items(spoken, demands, blob, page),
        persons=named,
        requester=requester(plain, sender, paper=demands is not None),
        bulk=not named and _BULK.search(plain) is not None,
        offense_statute=next((m[0] for m in STATUTE.finditer(plain)), ""),
        case_number=number["n"] if number else "",
    )


def _without(names: tuple[str, ...], text: str) -> str:
    """The text with the agency's own names, the longest first, in plain words."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = re.sub(re.escape(name), "this agency", text, flags=re.IGNORECASE)
    return text


def _fact(claimed: Claimed, blob: str, page: int) -> Fact:
    place = Place(blob, page, None, claimed.sentence[:_QUOTE_LENGTH])
    return Fact(claimed.value, v.Source.REQUESTER, v.Reading.MACHINE, (place,))


def _items(spoken: Said, demands: str | None, blob: str, page: int) -> tuple[Wanted, ...]:
    """From a form's list; else from what is said now, and only where that asks nothing, from before."""
    if demands is not None:
        return wanted(sentences(demands.split("\n")), blob, page)
    return wanted(spoken.now, blob, page) or wanted(spoken.before, blob, page)
