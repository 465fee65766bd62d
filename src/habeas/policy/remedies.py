"""What would change an answer: a menu of papers that can be had, each combination decided by the engine.

Hides the menu and the search. Promises that only what somebody else can check is ever offered: a court's
paper, a ruling, a finding of the agency's counsel, an agreement. What a requester merely says is not a
remedy ("say that it is criminal"), nor is asking for less than the truth ("withdraw the paper").
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.facts import Fact, FactSet
from habeas.domain.text import Text
from habeas.policy.diagram import only_leaf, possible
from habeas.policy.effect import OPEN
from habeas.policy.evaluate import Outlook
from habeas.policy.prepared import prepare

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from habeas.policy.pack import PolicyVersion
    from habeas.policy.prepared import Prepared

AT_ONCE: Final = 2
"""At most so many papers together."""


@attrs.frozen
class Remedy:
    """One thing that can be obtained, and the facts it would establish."""

    id: str
    say: Text
    facts: FactSet = attrs.field(eq=False)


@attrs.frozen
class Change:
    """Papers that together would settle an item as `effect`, either `permitted` or `required`."""

    papers: tuple[Remedy, ...]
    effect: v.Effect


def _remedy(name: str, en: str, es: str, source: v.Source, values: Mapping[str, str]) -> Remedy:
    facts = {n: Fact(value, source, v.Reading.PERSON) for n, value in values.items()}
    return Remedy(name, Text(en, es), FactSet(facts))


def _court_paper(form: str, authority: str, signer: str) -> dict[str, str]:
    return {
        "paper_form": form,
        "paper_authority": authority,
        "paper_signer": signer,
        "paper_signed": "yes",
        "paper_lapsed": "no",
        "paper_reaches_records": "yes",
        "paper_addressed_to_us": "yes",
        "item_in_scope": "yes",
        "for_litigant": "no",
        "motion_to_quash": "not_filed",
    }


_COURT, _OWN = v.Source.COURT, v.Source.CUSTODIAN

MENU: Final = (
    _remedy(
        "judge_warrant",
        "a search warrant, signed by a judge, that names this data",
        "una orden de registro firmada por un juez que nombre estos datos",
        _COURT,
        _court_paper("search_warrant", "judicial", "magistrate_judge"),
    ),
    _remedy(
        "judge_order",
        "a court order to this agency, signed by a judge, that names this data",
        "una orden judicial a esta agencia, firmada por un juez, que nombre estos datos",
        _COURT,
        _court_paper("court_order", "judicial", "magistrate_judge"),
    ),
    _remedy(
        "judge_subpoena",
        "a court subpoena to this agency, signed by a judge, that names this data",
        "una citación judicial a esta agencia, firmada por un juez, que nombre estos datos",
        _COURT,
        _court_paper("court_subpoena", "judicial", "magistrate_judge"),
    ),
    _remedy(
        "clerk_subpoena",
        "a grand jury or criminal subpoena to this agency from a court clerk that names this data",
        "una citación penal o de gran jurado a esta agencia, de un secretario judicial, "
        "que nombre estos datos",
        _COURT,
        _court_paper("grand_jury_subpoena", "court_clerk_or_attorney", "clerk"),
    ),
    _remedy(
        "enforcement_order",
        "a federal court's order to obey the agency's subpoena",
        "la orden de un tribunal federal de cumplir la citación de la agencia",
        _COURT,
        {"enforcement_order": "yes", "item_in_scope": "yes"},
    ),
    _remedy(
        "motion_ruling",
        "a court ruling that turns down the motion to quash",
        "la decisión de un tribunal que niegue la moción para anular",
        _COURT,
        {"motion_to_quash": "denied"},
    ),
    _remedy(
        "law_found",
        "a written finding by the agency's counsel that a law requires this release",
        "un dictamen escrito de la asesoría legal de que una ley exige esta entrega",
        _OWN,
        {"required_by_law": "yes"},
    ),
    _remedy(
        "agreement",
        "a written agreement that covers this sharing",
        "un acuerdo escrito que cubra este intercambio",
        _OWN,
        {"agreement": "yes"},
    ),
    _remedy(
        "certification",
        "a certification, under penalty of perjury, that is in force",
        "una certificación vigente, bajo pena de perjurio",
        _OWN,
        {"certification": "valid"},
    ),
    _remedy(
        "consent",
        "the consent of the person named, checked with that person",
        "el consentimiento de la persona nombrada, verificado con ella",
        _OWN,
        {"consent": "yes"},
    ),
    _remedy(
        "one_person",
        "a request limited to one named person",
        "una solicitud limitada a una persona nombrada",
        _OWN,
        {"subjects": "one"},
    ),
)
"""Everything that is ever offered."""


def what_would_change(facts: FactSet, version: PolicyVersion, on: date) -> tuple[Change, ...]:
    """The papers, alone or two together, that would open an item whose facts these are.

    Fewest papers first; a combination is left out where part of it is enough. Nothing for an item that is
    open already, or that the engine cannot decide.
    """
    if not version.packs:
        return ()
    ready = prepare(version, on)
    if ready.effect is None or only_leaf(ready.effect, possible(facts)) in OPEN:
        return ()
    found: list[Change] = []
    for size in range(1, AT_ONCE + 1):
        for papers in combinations(MENU, size):
            if _may_join(papers) and not any(set(c.papers) <= set(papers) for c in found):
                found += _change(ready, facts, papers)
    return tuple(found)


def _may_join(papers: tuple[Remedy, ...]) -> bool:
    """Two papers that establish the same fact are alternatives, not a combination."""
    names = [name for paper in papers for name in paper.facts.facts]
    return len(set(names)) == len(names)


def _change(ready: Prepared, facts: FactSet, papers: tuple[Remedy, ...]) -> list[Change]:
    with_papers = facts
    for paper in papers:
        with_papers = with_papers.merged(paper.facts)
    effect = only_leaf(ready.effect, possible(with_papers))
    if effect not in OPEN or Outlook(ready, with_papers).confirm():
        return []
    return [Change(papers, effect)]
