"""What the rules say about each item (`Evaluation`), and what a person decides (`Determination`).

The machine never writes an outcome, a person never writes an effect. A determination names its
policy version by digest and stores the facts it used, so that anyone can derive it again.
"""

from __future__ import annotations

from typing import Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.facts import FactSet
from habeas.kernel.errors import bad


@attrs.frozen
class RuleHit:
    """A rule that determined an answer: where it stands and how far it was verified."""

    id: str
    pack: str
    cite: str
    rank: v.Rank
    status: v.PackStatus
    verified: bool

    def as_json(self) -> dict[str, object]:
        """The rule object of the contracts."""
        return {
            "id": self.id,
            "cite": self.cite,
            "rank": str(self.rank),
            "status": str(self.status),
            "verified": self.verified,
            "pack": self.pack,
        }


@attrs.frozen
class Missing:
    """A fact whose answer would settle the item. `source` is set where the value is known but a rule
    wants a stronger voucher than the one who says so.
    """

    fact: str
    source: v.Source | None = None

    def as_json(self) -> dict[str, object]:
        """The missing object of the contracts."""
        return {"fact": self.fact, "source": str(self.source) if self.source else None}


@attrs.frozen
class Duty:
    """An obligation with its clock: `days` of `day_kind` (`calendar` or `business`) from `starts`.

    `days` is None where the source states no length (unverified clocks): due at once, said so.
    """

    kind: v.DutyKind
    rule: RuleHit
    starts: str
    days: int | None = None
    day_kind: str = "calendar"

    def as_json(self) -> dict[str, object]:
        """The duty object of the contracts."""
        return {
            "kind": str(self.kind),
            "days": self.days,
            "day_kind": self.day_kind,
            "starts": self.starts,
            "rule": self.rule.as_json(),
        }


@attrs.frozen
class ItemEvaluation:
    """What the rules say about one item.

    `rules` determined the effect; `nearest` are the permits that came closest when nothing matched;
    `used` names the facts the answer rests on; `incidents` are error codes (rule error, engines that
    disagree), each of which makes the effect `undetermined`.
    """

    item_id: str
    category: v.DataCategory
    effect: v.Effect
    rules: tuple[RuleHit, ...] = ()
    missing: tuple[Missing, ...] = ()
    duties: tuple[Duty, ...] = ()
    nearest: tuple[RuleHit, ...] = ()
    used: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()

    @property
    def ground(self) -> str:
        """The id of the first determining rule, or `none`."""
        return self.rules[0].id if self.rules else "none"

    def as_json(self) -> dict[str, object]:
        """The answer object of `habeas decide` (contracts.md, Command line)."""
        return {
            "id": self.item_id,
            "category": str(self.category),
            "effect": str(self.effect),
            "rules": [r.as_json() for r in self.rules],
            "missing": [m.as_json() for m in self.missing],
            "duties": [d.as_json() for d in self.duties],
            "nearest": [r.as_json() for r in self.nearest],
            "used": list(self.used),
            "incidents": list(self.incidents),
        }


@attrs.frozen
class Evaluation:
    """The rules' answer to a whole request on one legal date under one policy version."""

    on: str
    policy: str
    packs: tuple[str, ...]
    engine: str
    facts: FactSet
    items: tuple[ItemEvaluation, ...]
    item_facts: tuple[tuple[str, FactSet], ...] = ()

    def item(self, item_id: str) -> ItemEvaluation:
        """The evaluation of one item; an unknown id is a `BadInput`."""
        found = next((i for i in self.items if i.item_id == item_id), None)
        if found is None:
            raise bad("determination.item.unknown", "item")
        return found


_NEUTRAL: Final = frozenset(
    {v.Outcome.NO_RECORDS, v.Outcome.NOT_CUSTODIAN, v.Outcome.WITHDRAWN, v.Outcome.COUNSEL}
)

WITHIN: Final[dict[v.Effect, frozenset[v.Outcome]]] = {
    v.Effect.FORBIDDEN: _NEUTRAL | {v.Outcome.REFUSE},
    v.Effect.PERMITTED: _NEUTRAL | {v.Outcome.RELEASE, v.Outcome.REFUSE},
    v.Effect.REQUIRED: _NEUTRAL | {v.Outcome.RELEASE, v.Outcome.CONTEST},
    v.Effect.CONTEST_FIRST: _NEUTRAL | {v.Outcome.CONTEST},
    v.Effect.CONFLICT: _NEUTRAL | {v.Outcome.CONTEST},
    v.Effect.UNDETERMINED: _NEUTRAL | {v.Outcome.REFUSE},
}
"""The outcomes that stay within each effect. Anything else is an override, named and reasoned."""


@attrs.frozen
class ItemDetermination:
    """What a person decided about one item. `override_reason` is set when the outcome departs from the
    effect; `instructed_by` names who told the person so, `objection` what the person answered.
    """

    item_id: str
    outcome: v.Outcome
    reason: str = ""
    override_reason: str = ""
    instructed_by: str = ""
    objection: str = ""


def departure(effect: v.Effect, outcome: v.Outcome) -> str:
    """`none` within the effect, else `toward_release` or `toward_refusal`."""
    if outcome in WITHIN[effect]:
        return "none"
    return "toward_release" if outcome is v.Outcome.RELEASE else "toward_refusal"


def fold(outcomes: tuple[v.Outcome | None, ...]) -> v.RequestOutcome:
    """A request's outcome from its items' (None = not decided yet).

    Granted = every item released; in part = at least one; pending while any item is undecided or with
    counsel or contested and none is released.
    """
    if v.Outcome.RELEASE in outcomes:
        every = all(o is v.Outcome.RELEASE for o in outcomes)
        return v.RequestOutcome.GRANTED if every else v.RequestOutcome.GRANTED_IN_PART
    open_ones = (None, v.Outcome.COUNSEL, v.Outcome.CONTEST)
    if not outcomes or any(o in open_ones for o in outcomes):
        return v.RequestOutcome.PENDING
    if v.Outcome.REFUSE in outcomes:
        return v.RequestOutcome.REFUSED
    return v.RequestOutcome.OTHER_ENDING
