"""Why an item came out as it did, in plain words, and what would change it.

Hides wording and the order in which reasons are told. Promises that every sentence comes from the packs'
texts or `words.py`, in English and Spanish alike, that an unverified rule and a mere proposal say so, and
that a requester's view holds neither explanation nor what would change the answer: it would be a recipe.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.facts import SPEC
from habeas.domain.text import Text
from habeas.kernel.errors import bad
from habeas.policy import words
from habeas.policy.evaluate import NO_LAW as NO_LAW_CODE
from habeas.policy.remedies import what_would_change

if TYPE_CHECKING:
    from datetime import date

    from habeas.domain.determination import Duty, Evaluation, ItemEvaluation, Missing, RuleHit
    from habeas.domain.facts import FactSet
    from habeas.policy.pack import PolicyVersion


class Audience(StrEnum):
    """Who reads the explanation."""

    STAFF = "staff"
    REQUESTER = "requester"


@attrs.frozen
class RuleLine:
    """A rule as people read it: its sentence, its citation, and what to know about its standing."""

    id: str
    text: str
    cite: str
    notes: tuple[str, ...] = ()


@attrs.frozen
class FactLine:
    """A fact the answer rests on: what it says, its value, who vouches for it."""

    fact: str
    meaning: str
    value: str
    source: str


@attrs.frozen
class ChangeLine:
    """Papers that together would open the item, and how it would then stand."""

    papers: tuple[str, ...]
    effect: str


@attrs.frozen
class ItemExplanation:
    """One item, explained. Empty parts have nothing to say, or are not for this audience."""

    item_id: str
    effect: v.Effect
    sentence: str
    rules: tuple[RuleLine, ...] = ()
    facts: tuple[FactLine, ...] = ()
    questions: tuple[str, ...] = ()
    duties: tuple[RuleLine, ...] = ()
    nearest: tuple[RuleLine, ...] = ()
    changes: tuple[ChangeLine, ...] = ()


def explain(
    evaluation: Evaluation,
    version: PolicyVersion,
    on: date,
    language: v.Language = v.Language.EN,
    audience: Audience = Audience.STAFF,
) -> tuple[ItemExplanation, ...]:
    """Every item of an evaluation, explained to an audience in a language.

    `version` and `on` are those that decided; another version's digest is a `BadInput`.
    """
    if version.digest != evaluation.policy or on.isoformat() != evaluation.on:
        raise bad("policy.version.other", "policy")
    own = dict(evaluation.item_facts)
    teller = _Teller(version, on, language)
    if audience is Audience.REQUESTER:
        return tuple(ItemExplanation(i.item_id, i.effect, teller.sentence(i)) for i in evaluation.items)
    return tuple(teller.item(i, evaluation.facts.merged(own[i.item_id])) for i in evaluation.items)


@attrs.frozen
class _Teller:
    version: PolicyVersion
    on: date
    language: v.Language

    def item(self, item: ItemEvaluation, facts: FactSet) -> ItemExplanation:
        return ItemExplanation(
            item_id=item.item_id,
            effect=item.effect,
            sentence=self.sentence(item),
            rules=tuple(self.rule(hit) for hit in item.rules),
            facts=tuple(self.fact(name, facts) for name in item.used),
            questions=tuple(self.question(m) for m in item.missing),
            duties=tuple(self.duty(d) for d in item.duties),
            nearest=tuple(self.rule(hit) for hit in item.nearest),
            changes=() if item.incidents else self.changes(facts),
        )

    def say(self, text: Text) -> str:
        return text.of(self.language)

    def sentence(self, item: ItemEvaluation) -> str:
        if NO_LAW_CODE in item.incidents:
            return self.say(words.NO_LAW)
        if item.incidents:
            return self.say(words.INCIDENT)
        by_default = item.effect is v.Effect.FORBIDDEN and not item.rules
        return self.say(words.NOTHING_OPENS if by_default else words.EFFECTS[item.effect])

    def rule(self, hit: RuleHit) -> RuleLine:
        pack = next(p for p in self.version.packs if p.id == hit.pack)
        notes = [] if hit.verified else [self.say(words.NOT_VERIFIED)]
        if hit.status in words.STATUS:
            notes.append(self.say(words.STATUS[hit.status]))
        return RuleLine(hit.id, pack.texts[self.language][hit.id], hit.cite, tuple(notes))

    def duty(self, duty: Duty) -> RuleLine:
        return self.rule(duty.rule)

    def fact(self, name: str, facts: FactSet) -> FactLine:
        fact = facts[name]
        return FactLine(
            fact=name,
            meaning=self.meaning(name),
            value=self.say(words.value_word(name, fact.value)),
            source=self.say(words.SOURCES[fact.source]),
        )

    def meaning(self, name: str) -> str:
        spec = SPEC[name]
        return spec.es if self.language is v.Language.ES else spec.en

    def question(self, missing: Missing) -> str:
        meaning = self.meaning(missing.fact)
        if missing.source is None:
            return self.say(Text(f"We need to know {meaning}.", f"Falta saber {meaning}."))
        source = self.say(words.SOURCES[missing.source])
        return self.say(
            Text(
                f"Somebody must confirm {meaning}: {source}.", f"Alguien debe confirmar {meaning}: {source}."
            )
        )

    def changes(self, facts: FactSet) -> tuple[ChangeLine, ...]:
        return tuple(
            ChangeLine(tuple(self.say(p.say) for p in c.papers), self.say(words.EFFECTS[c.effect]))
            for c in what_would_change(facts, self.version, self.on)
        )
