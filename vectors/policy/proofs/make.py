# ruff: noqa: INP001 - a script beside the vectors it writes, no package of the product
"""Writes the proofs' vectors beside itself: `python vectors/policy/proofs/make.py`.

For anyone who proves with a solver of their own. `cases.json` holds a few rules, what is said of them, and
whether it is so: `proved`, `refuted` with the facts that suffice to show it, or `vacuous`. `shipped.json`
says the same of every invariant of the packs that ship, `compared.json` how some of them stand to each
other. Digests are left out: these are about what rules say. The output depends on the packs, the table of
facts and this file alone, and a test compares it with what is committed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.text import Text
from habeas.kernel.canonical import digest
from habeas.kernel.errors import BadInput
from habeas.policy.catalogue import find, shipped
from habeas.policy.diff import compare
from habeas.policy.document import policy_version
from habeas.policy.pack import Claim, Pack, read_manifest
from habeas.policy.prove import prove
from habeas.policy.schema import SOURCE_SUFFIX
from habeas.policy.syntax import read_condition, read_rules

if TYPE_CHECKING:
    from habeas.policy.diff import Difference
    from habeas.policy.example import Example
    from habeas.policy.prove import Proof

HERE: Final = Path(__file__).resolve().parent


def _rule(rule_id: str, scope: str, condition: str, rank: str = "guidance") -> str:
    effect, action = scope.split()
    starts = "" if action in ("disclose", "compel", "contest") else ' @starts("receipt")'
    return (
        f'@id("{rule_id}") @rank("{rank}") @cite("A rule") @verified("false"){starts}\n'
        f'{effect} (principal, action == Action::"{action}", resource)\nwhen {{ {condition} }};\n'
    )


_AGREED: Final = 'context.consent == YesNo::"yes"'
_PUBLIC: Final = 'context.item_public == YesNo::"yes"'
_NO_COURT: Final = 'context.consent_source == Source::"court"'
_OPENS: Final = _rule("opens", "permit disclose", _AGREED)

CASES: Final[tuple[tuple[str, str, str, tuple[str, ...]], ...]] = (
    ("a permit opens what it names", _OPENS, _AGREED, ("permitted",)),
    ("and nothing else", _OPENS, f"!({_AGREED})", ("forbidden",)),
    ("it does not ask who says so", _OPENS, 'context.consent_source == Source::"custodian"', ("forbidden",)),
    ("a source that may not supply a fact", _OPENS, _NO_COURT, ("forbidden",)),
    ("a forbid wins", _OPENS + _rule("closes", "forbid disclose", f"!({_PUBLIC})"),
     f"!({_PUBLIC})", ("forbidden",)),
    ("a forbid leaves what it does not name", _OPENS + _rule("closes", "forbid disclose", f"!({_PUBLIC})"),
     _AGREED, ("forbidden",)),
    ("two permits are either", _OPENS + _rule("other", "permit disclose", _PUBLIC),
     f"{_AGREED} || {_PUBLIC}", ("permitted",)),
    ("process that compels and nothing that opens", _rule("compels", "permit compel", _AGREED),
     _AGREED, ("required",)),
    ("a duty to contest comes first",
     _OPENS + _rule("compels", "permit compel", _AGREED) + _rule("contests", "permit contest", _AGREED),
     _AGREED, ("contest_first",)),
    ("a lower rule takes back what compels",
     _rule("compels", "permit compel", _AGREED, "federal_statute") + _rule("lifts", "forbid compel", _PUBLIC),
     _AGREED, ("conflict", "forbidden")),
    ("a higher rule may take it back",
     _rule("compels", "permit compel", _AGREED) + _rule("lifts", "forbid compel", _PUBLIC, "federal_statute"),
     _AGREED, ("conflict", "forbidden")),
    ("a lower rule takes back a duty to contest",
     _rule("contests", "permit contest", _AGREED, "federal_regulation")
     + _rule("lifts", "forbid contest", _PUBLIC),
     _AGREED, ("contest_first", "forbidden")),
    ("a permit that never decides", _OPENS + _rule("closes", "forbid disclose", _AGREED),
     _AGREED, ("forbidden",)),
)  # fmt: skip
"""(what it shows, the rules, what is assumed, the effects that are claimed)."""

COMPARED: Final = (
    ("us-co/2020-guidance", "us-co/2020-guidance"),
    ("us-co/2020-guidance", "us-co/judge-signed-bill"),
    ("us-co/sb21-131", "us-co/judge-signed-bill"),
    ("us-co/2020-guidance", "us/court-process"),
)
"""The pairs that are compared."""


def pack_of(cedar: str, assume: str, effects: tuple[str, ...]) -> Pack:
    """A pack of these rules, which requires nothing, with one claim."""
    rules, problems = read_rules("disclose.cedar", cedar)
    if problems:
        raise BadInput(problems)
    manifest = attrs.evolve(read_manifest(find("us-co/2020-guidance")["pack.toml"]), requires=())
    condition = read_condition("invariants.toml", assume)
    claim = Claim("claim", Text("A claim.", "Algo."), assume, condition, frozenset(map(v.Effect, effects)))
    return Pack(manifest, rules, {}, (), (claim,), digest=digest(cedar))


def cases() -> list[dict[str, Any]]:
    """Every case with its verdicts."""
    return [
        {
            "name": name,
            "cedar": cedar,
            "assume": assume,
            "effects": list(effects),
            "invariants": [_proof(p) for p in prove(pack_of(cedar, assume, effects)).proofs],
        }
        for name, cedar, assume, effects in CASES
    ]


def packs() -> list[dict[str, Any]]:
    """Every pack that ships, with the packs it requires."""
    return [{"pack": pack.id, "invariants": [_proof(p) for p in prove(pack).proofs]} for pack in shipped()]


def _proof(proof: Proof) -> dict[str, Any]:
    shown = proof.counterexample and {
        **_facts(proof.counterexample),
        "effect": proof.side and proof.side.effect,
    }
    return {
        "id": proof.id,
        "kind": proof.kind,
        "verdict": proof.verdict,
        "rules": list(proof.rules),
        "counterexample": shown,
    }


def _facts(found: Example) -> dict[str, Any]:
    because = {n: f"{found.point[n]}@{found.point[n + SOURCE_SUFFIX]}" for n in found.because}
    return {"on": found.on.isoformat() if found.on else None, "because": because}


def compared() -> list[dict[str, Any]]:
    """Some pairs of packs."""
    listed = []
    for a, b in COMPARED:
        found = compare(policy_version(a), policy_version(b))
        listed.append(
            {
                "a": a,
                "b": b,
                "relation": found.relation,
                "same": found.same,
                "only_a_opens": _difference(found.only_a_opens),
                "only_b_opens": _difference(found.only_b_opens),
                "effects": [_difference(d) for d in found.effects],
                "duties": [
                    {**d.terms.as_json(), "owed_by": d.owed_by, **_facts(d.found.request)}
                    for d in found.duties
                ],
            }
        )
    return listed


def _difference(found: Difference | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {**_facts(found.request), "a": found.a.effect, "b": found.b.effect}


def files() -> dict[Path, str]:
    """What is written, by place."""
    made = {"cases.json": cases(), "shipped.json": packs(), "compared.json": compared()}
    return {HERE / name: _pretty(data) for name, data in made.items()}


def _pretty(data: Any) -> str:  # noqa: ANN401 - any JSON value
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"  # noqa: TID251 - people read these files


def main() -> int:
    """Write every file."""
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
        print(path.name)  # noqa: T201 - a script says what it wrote
    return 0


if __name__ == "__main__":
    sys.exit(main())
