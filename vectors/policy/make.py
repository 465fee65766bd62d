# ruff: noqa: INP001 - a script beside the vectors it writes, no package of the product
"""Writes the policy room's own vectors beside itself, and the schema of what `habeas decide` reads:
`python vectors/policy/make.py`.

For anyone who reads the rule packs with an engine of their own. `decisions.json` holds questions with the
answers that every engine must give; `claims.json` how each pack's claims stand, with a counterexample where
one is refuted; `refused.json` rules that must not be admitted, with the code and the line of the refusal;
`packs.json` every digest that ever shipped. The output depends on the packs and this file alone, and a test
compares it with what is committed.

A digest once listed in `packs.json` stays: whoever changes a pack keeps the old version under `past/`.
Only before a release may the list begin anew (`--before-release`).
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from habeas.domain.facts import SPEC, FactSet
from habeas.kernel.errors import BadInput
from habeas.policy.catalogue import load, pack_ids, shipped, with_required
from habeas.policy.diagram import EVERYTHING, Space, choose, path_to
from habeas.policy.document import evaluate_document
from habeas.policy.pack import freeze
from habeas.policy.prepared import prepare
from habeas.policy.schema import decide_schema
from habeas.policy.syntax import read_rules

if TYPE_CHECKING:
    from habeas.policy.pack import Claim, PolicyVersion
    from habeas.policy.schema import Point

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
ON: Final = date(2025, 4, 24)

_HEAD: Final = '@id("a") @rank("guidance") @cite("A rule") @verified("false")\n'
_TO_DISCLOSE: Final = 'permit (principal, action == Action::"disclose", resource)\n'


def _rule(condition: str, head: str = _HEAD, scope: str = _TO_DISCLOSE) -> str:
    return f"{head}{scope}when {{ {condition} }};\n"


_FINE: Final = 'context.consent == YesNo::"yes"'

REFUSED: Final[tuple[tuple[str, str, str, int], ...]] = (
    ("a text that is not Cedar", "permit (principal, action, resource) when {;", "pack.rule.syntax", 1),
    ("a rule without an end", _HEAD + _TO_DISCLOSE, "pack.rule.syntax", 1),
    ("a rule without an id", _rule(_FINE, _HEAD.replace('@id("a") ', "")), "pack.rule.no_id", 1),
    ("an id with other characters", _rule(_FINE, _HEAD.replace('"a"', '"A rule"')), "pack.rule.no_id", 1),
    ("a rule without a rank", _rule(_FINE, _HEAD.replace('@rank("guidance") ', "")),
     "pack.rule.annotation_missing", 1),
    ("an unknown rank", _rule(_FINE, _HEAD.replace("guidance", "custom")), "pack.rule.annotation_word", 1),
    ("an empty citation", _rule(_FINE, _HEAD.replace("A rule", "")), "pack.rule.annotation_missing", 1),
    ("verified without yes or no", _rule(_FINE, _HEAD.replace("false", "perhaps")),
     "pack.rule.annotation_word", 1),
    ("an annotation that means nothing", _rule(_FINE, '@note("x")\n' + _HEAD),
     "pack.rule.annotation_unknown", 1),
    ("a template", _rule(_FINE, scope="permit (principal == ?principal, action, resource)\n"),
     "pack.rule.template", 1),
    ("no action named", _rule(_FINE, scope="forbid (principal, action, resource)\n"),
     "pack.rule.action_open", 2),
    ("an unknown action", _rule(_FINE, scope=_TO_DISCLOSE.replace("disclose", "release")),
     "pack.rule.action_unknown", 2),
    ("an action kept for the canaries", _rule(_FINE, scope=_TO_DISCLOSE.replace("disclose", "canary")),
     "pack.rule.action_unknown", 2),
    ("a duty without a start", _rule(_FINE, scope=_TO_DISCLOSE.replace("disclose", "report")),
     "pack.rule.annotation_missing", 1),
    ("two duties in one rule",
     _rule(_FINE, '@starts("receipt")\n' + _HEAD,
           'permit (principal, action in [Action::"report", Action::"record"], resource)\n'),
     "pack.rule.duty_not_alone", 3),
    ("a principal", _rule(_FINE, scope='permit (principal == Requester::"requester", '
                                       'action == Action::"disclose", resource)\n'),
     "pack.rule.scope_refused", 2),
    ("a resource in a group", _rule(_FINE, scope='forbid (principal, action == Action::"disclose", '
                                                 'resource in Item::"item")\n'),
     "pack.rule.scope_refused", 2),
    ("the word unknown", _rule('context.consent == YesNo::"unknown"'), "pack.rule.unknown_tested", 3),
    ("a misspelt word", _rule('context.consent == YesNo::"ja"'), "pack.rule.word_unknown", 3),
    ("a word of another list", _rule('context.consent == Nature::"civil"'), "pack.rule.word_unknown", 3),
    ("a misspelt fact", _rule('context.concent == YesNo::"yes"'), "pack.rule.attribute_unknown", 3),
    ("a fact of the principal", _rule('principal.consent == YesNo::"yes"'), "pack.rule.attribute_unknown", 3),
    ("two facts compared", _rule("context.consent == context.agreement"), "pack.rule.operator_refused", 3),
    ("arithmetic that overflows", _rule("9223372036854775807 + 1 == 0"), "pack.rule.operator_refused", 3),
    ("arithmetic", _rule("1 + 1 == 2"), "pack.rule.operator_refused", 3),
    ("an order of numbers", _rule("1 < 2"), "pack.rule.operator_refused", 3),
    ("a pattern", _rule('"a" like "a*"'), "pack.rule.operator_refused", 3),
    ("has", _rule("context has consent"), "pack.rule.operator_refused", 3),
    ("an address", _rule('ip("10.0.0.1").isLoopback()'), "pack.rule.operator_refused", 3),
    ("a tag", _rule('principal.hasTag("a")'), "pack.rule.operator_refused", 3),
    ("a record", _rule("{a: 1} == {a: 1}"), "pack.rule.operator_refused", 3),
    ("containsAll", _rule('[context.consent].containsAll([YesNo::"yes"])'), "pack.rule.operator_refused", 3),
    ("a set that is not literal", _rule("[context.agreement].contains(context.consent)"),
     "pack.rule.operator_refused", 3),
    ("the second line of a condition",
     _rule(f'{_FINE} &&\ncontext.agreement == YesNo::"yes" &&\n1 < 2'), "pack.rule.operator_refused", 5),
)  # fmt: skip
"""(what is wrong, the text, the code, the line) of rules that must be refused."""


def refused() -> list[dict[str, Any]]:
    """The refused rules, each checked here to be refused as stated."""
    listed = []
    for name, text, code, line in REFUSED:
        _, problems = read_rules("disclose.cedar", text)
        found = [(p.code, p.place) for p in problems]
        if found != [(code, f"disclose.cedar: line {line}")]:
            raise AssertionError(name, found)
        listed.append({"name": name, "cedar": text, "code": code, "line": line})
    return listed


# ------------------------------------------------------------------------------------- claims


def standing(version: PolicyVersion, claim: Claim) -> Point | None:
    """A complete assignment of facts that breaks a claim, or None: the claim is proved for all of them."""
    space = Space()
    assumed = space.of_tree(claim.condition)
    effect = space.restrict(prepare(version, ON).effect, EVERYTHING, {})
    broken = space.both(assumed, space.map("broken", lambda e: e not in claim.effects, effect))
    return None if broken is False else choose(EVERYTHING, path_to(broken, leaf=True), FactSet({}))


def claims() -> list[dict[str, Any]]:
    """Every claim of every shipped pack, with the packs it requires: proved or refuted."""
    listed = []
    for pack in shipped():
        version = freeze(with_required((pack,)))
        for claim in pack.claims:
            point = standing(version, claim)
            listed.append(
                {
                    "pack": pack.id,
                    "claim": claim.id,
                    "standing": "proved" if point is None else "refuted",
                    "counterexample": None if point is None else facts_of(point),
                }
            )
    return listed


def facts_of(point: Point) -> dict[str, Any]:
    """A complete point as the facts of a document."""
    return {
        name: {"value": point[name], "source": point[f"{name}_source"], "reading": "person"} for name in SPEC
    }


# ------------------------------------------------------------------------------------- decisions


def _fact(text: str) -> dict[str, str]:
    value, _, source = text.partition("@")
    return {"value": value, "source": source or "custodian", "reading": "person"}


def _question(on: str, category: str, own: dict[str, str], **facts: str) -> dict[str, Any]:
    return {
        "schema": "habeas.decide.v1",
        "on": on,
        "jurisdiction": "us-co",
        "facts": {name: _fact(text) for name, text in facts.items()},
        "items": [{"id": "1", "category": category, "facts": {n: _fact(t) for n, t in own.items()}}],
    }


_NO_PAPER: Final = {"paper_form": "none", "paper_authority": "none", "for_litigant": "no"}
_GRAND_JURY: Final = {
    "paper_form": "grand_jury_subpoena@court",
    "paper_authority": "court_clerk_or_attorney@court",
    "paper_signer": "grand_jury_clerk@court",
    "paper_signed": "yes@court",
    "paper_lapsed": "no@court",
    "paper_reaches_records": "yes@court",
    "paper_addressed_to_us": "yes@court",
    "for_litigant": "no@court",
    "motion_to_quash": "not_filed",
}
_LITIGANT: Final = {
    **_GRAND_JURY,
    "paper_form": "court_subpoena@court",
    "paper_signer": "clerk@court",
    "paper_nature": "civil@court",
    "for_litigant": "yes@court",
}
_I138: Final = {
    "paper_form": "administrative_subpoena@requester",
    "paper_authority": "administrative@requester",
    "enforcement_order": "no",
    "for_litigant": "no@requester",
}
_UI: Final = {"custodian_kind": "unemployment_agency", "requester_federal": "yes@requester"}
_BILL: Final = "us-co/judge-signed-bill"

QUESTIONS: Final[tuple[tuple[str, str | None, dict[str, Any]], ...]] = (
    ("2020, wages, criminal by the agent's word", None,
     _question("2020-07-15", "ui_wage", {"system_excluded": "no"}, **_UI, **_NO_PAPER,
               criminal_investigation="yes@requester")),
    ("2020, the same under the proposal", _BILL,
     _question("2020-07-15", "ui_wage", {"system_excluded": "no"}, **_UI, **_NO_PAPER,
               criminal_investigation="yes@requester", program_duty="no")),
    ("2020, driver data for civil immigration", None,
     _question("2020-07-15", "driver_personal", {"system_excluded": "no"},
               custodian_kind="motor_vehicle_agency", **_NO_PAPER, immigration_purpose="sole@requester",
               criminal_investigation="no", crime_in_progress="no")),
    ("2020, a litigant's subpoena for wages", None,
     _question("2020-07-15", "ui_wage", {"item_in_scope": "yes@court"}, **_UI, **_LITIGANT)),
    ("2025, an immigration subpoena", None,
     _question("2025-04-24", "ui_wage", {"item_public": "no"}, **_UI, **_I138,
               immigration_purpose="part@requester", required_by_law="no", written="yes")),
    ("2025, a grand jury's subpoena for immigration", None,
     _question("2025-04-24", "employment", {"item_public": "no", "item_in_scope": "yes@court"},
               custodian_kind="state_agency", **_GRAND_JURY, immigration_purpose="sole@requester",
               required_by_law="no", written="yes")),
    ("the same under the proposal: a conflict", _BILL,
     _question("2025-04-24", "employment", {"item_in_scope": "yes@court"}, custodian_kind="state_agency",
               **_GRAND_JURY, immigration_purpose="sole@requester")),
    ("2025, a purpose nobody established", None,
     _question("2025-04-24", "employment", {"item_public": "no"}, custodian_kind="state_agency",
               **_NO_PAPER, offense="other@requester", required_by_law="no")),
    ("2025, nothing known", None, _question("2025-04-24", "unknown", {})),
    ("2019, before any of it", None,
     _question("2019-01-01", "contact", {}, custodian_kind="state_agency")),
    ("a school, which none of it binds", None,
     _question("2025-04-24", "education", {}, custodian_kind="school")),
)  # fmt: skip
"""(what it shows, the pack that decides alone or None, the question)."""


def decisions() -> list[dict[str, Any]]:
    """Questions with their answers. The engine's name is left out: every engine must answer alike."""
    listed = []
    for name, pack, question in QUESTIONS:
        answer = evaluate_document(question, pack=pack)
        del answer["engine"]
        listed.append({"name": name, "pack": pack, "question": question, "answer": answer})
    return listed


# ------------------------------------------------------------------------------------- files


def digests(before: dict[str, list[str]]) -> dict[str, list[str]]:
    """Every digest that ever shipped, by pack, oldest first."""
    listed = {pack_id: list(before.get(pack_id, [])) for pack_id in sorted({*before, *pack_ids()})}
    for pack_id in pack_ids():
        digest = load(pack_id).digest
        if digest not in listed[pack_id]:
            listed[pack_id].append(digest)
    return listed


def files(before: dict[str, list[str]]) -> dict[Path, str]:
    """What is written, by place in the repository."""
    schema = decide_schema() | {"examples": [QUESTIONS[0][2]]}
    made: dict[Path, Any] = {
        HERE / "claims.json": claims(),
        HERE / "decisions.json": decisions(),
        HERE / "packs.json": digests(before),
        HERE / "refused.json": refused(),
        ROOT / "schemas" / "habeas.decide.v1.json": schema,
    }
    return {path: _pretty(data) for path, data in made.items()}


def _pretty(data: Any) -> str:  # noqa: ANN401 - any JSON value
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"  # noqa: TID251 - people read these files


def main() -> int:
    """Write every file."""
    listed = HERE / "packs.json"
    fresh = "--before-release" in sys.argv or not listed.exists()
    before = {} if fresh else json.loads(listed.read_text(encoding="utf-8"))
    try:
        for path, text in files(before).items():
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT))  # noqa: T201 - a script says what it wrote
    except BadInput as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - a script
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
