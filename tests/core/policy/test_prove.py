"""What packs guarantee is proved or refuted for every request, and nothing passes for proved that is not."""

from __future__ import annotations

import importlib.util
import json
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from habeas.cli.main import run
from habeas.domain import vocabulary as v
from habeas.domain.facts import FactSet, read_facts
from habeas.domain.text import Text
from habeas.kernel.canonical import encode
from habeas.kernel.errors import BrokenInvariant
from habeas.policy import example as examples
from habeas.policy import prove as room
from habeas.policy.admit import BINDING, admit
from habeas.policy.catalogue import find, load, pack_ids, shipped
from habeas.policy.closures import predicate
from habeas.policy.effect import EFFECTS, OPEN
from habeas.policy.pack import Claim, freeze
from habeas.policy.prove import JUDGE_IS_NOT_CRIME, Kind, Verdict, document, lines, prove, prove_version
from habeas.policy.schema import QUESTIONS, Aspect, Attribute, point_of
from habeas.policy.solver import Undecided, World
from habeas.policy.syntax import read_condition
from habeas.policy.tree import OneOf, RuleEffect
from tests.core.policy.making import (
    ACT,
    BILL,
    COURT,
    GUIDANCE,
    UI,
    completions,
    conditions,
    pack_of,
    rule_sets,
    rule_text,
    version,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from habeas.policy.pack import Pack, PolicyVersion
    from habeas.policy.prove import PackProof, Proof
    from habeas.policy.schema import Point

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas" / "habeas.proof.v1.json").read_text("utf-8")))
CLAIMS: list[dict[str, Any]] = json.loads((ROOT / "vectors" / "policy" / "claims.json").read_text("utf-8"))
AGREED = 'context.consent == YesNo::"yes"'
PUBLIC = 'context.item_public == YesNo::"yes"'


def by_id(found: PackProof) -> dict[str, Proof]:
    return {proof.id: proof for proof in found.proofs}


def bare(*texts: str) -> Pack:
    """A pack of these rules that requires nothing."""
    made = pack_of("\n".join(texts))
    return attrs.evolve(made, manifest=attrs.evolve(made.manifest, requires=(), effective_from=None))


def claiming(pack: Pack, assume: str, *effects: str) -> Pack:
    """The pack with one claim."""
    said = Text("A claim.", "Algo.")
    claim = Claim("claim", said, assume, read_condition("x", assume), frozenset(map(v.Effect, effects)))
    return attrs.evolve(pack, claims=(claim,))


def verdict(pack: Pack, name: str) -> Verdict:
    return by_id(prove(pack))[name].verdict


# ------------------------------------------------------------------------------------- what ships


def test_every_binding_invariant_of_every_shipped_pack_is_proved() -> None:
    for pack in shipped():
        found = prove(pack)
        assert found.binding_proved
        assert {p.id for p in found.proofs if p.kind is Kind.BINDING} >= set(BINDING)


def test_solver_and_diagrams_agree_on_every_claim_that_ships() -> None:
    # vectors/policy/claims.json is what the decision diagrams found.
    proved = {
        (pack.id, p.id): str(p.verdict)
        for pack in shipped()
        for p in prove(pack).proofs
        if p.kind is Kind.CLAIM
    }
    assert proved == {(c["pack"], c["claim"]): c["standing"] for c in CLAIMS}


def test_the_guidance_is_admitted_and_refuted_by_the_askers_own_word_without_a_paper() -> None:
    found = prove(admit(find(GUIDANCE)))
    proof = by_id(found)["civil-immigration-without-paper-stays-closed"]
    assert found.binding_proved
    assert not found.proved
    assert proof.verdict is Verdict.REFUTED
    assert proof.counterexample is not None
    assert proof.side is not None
    point = proof.counterexample.point
    told = {name: (point[name], point[f"{name}_source"]) for name in proof.counterexample.because}
    assert told == {
        "immigration_purpose": ("sole", "requester"),
        "criminal_investigation": ("yes", "requester"),
        "paper_form": ("none", "requester"),
        "system_excluded": ("no", "custodian"),
    }
    assert (proof.side.effect, [hit.id for hit in proof.side.rules]) == (v.Effect.PERMITTED, ["g-i"])


def test_a_counterexample_is_told_in_plain_words_in_both_languages() -> None:
    proof = by_id(prove(load(GUIDANCE)))["civil-immigration-without-paper-stays-closed"]
    assert proof.counterexample is not None
    assert proof.counterexample.say(v.Language.EN) == (
        "how far the request is for immigration enforcement: only that (the asker says so)",
        "whether the request supports an active criminal investigation: yes (the asker says so)",
        "what kind of paper it is: no paper (the asker says so)",
        "whether law already bars this system from immigration use: no (the agency's own records)",
        "Nothing else about the request matters.",
    )
    assert proof.counterexample.say(v.Language.ES)[1] == (
        "si la solicitud apoya una investigación penal activa: sí (lo dice quien pide)"
    )


def test_the_bill_is_proved_closed_and_says_to_what() -> None:
    found = prove(load(BILL))
    assert found.proved
    proof = by_id(found)["no-judge-no-release"]
    assert proof.remark == JUDGE_IS_NOT_CRIME
    assert "Blackie's House of Beef" in proof.remark.en
    assert "not to immigration use" in " ".join(lines([found], v.Language.EN))
    assert all(p.remark is None for p in found.proofs if p.id != proof.id)


@pytest.mark.parametrize("language", list(v.Language))
def test_whatever_is_proved_says_that_it_speaks_of_what_is_declared(language: v.Language) -> None:
    found = prove(load(COURT))
    assert examples.ABOUT.of(language) in lines([found], language)
    assert document([found])["about"] == {"en": examples.ABOUT.en, "es": examples.ABOUT.es}


def test_packs_that_decide_together_are_proved_together() -> None:
    proofs = prove_version(version(ACT, UI))
    assert {p.verdict for p in proofs} == {Verdict.PROVED}
    assert {p.kind for p in proofs} == {Kind.BINDING}


def test_the_facts_of_a_counterexample_are_facts_that_can_be_decided_on() -> None:
    shown = document([prove(load(GUIDANCE))])["packs"][0]["invariants"][-2]["counterexample"]["request"]
    proof = by_id(prove(load(GUIDANCE)))["civil-immigration-without-paper-stays-closed"]
    assert proof.counterexample is not None
    assert point_of(read_facts(shown["facts"])) == proof.counterexample.point


# ------------------------------------------------------------------------------------- the document


def test_the_document_is_what_its_schema_says() -> None:
    ticks = iter(range(10_000))
    found = [prove(pack, lambda: float(next(ticks))) for pack in (load(GUIDANCE), load(BILL))]
    made = json.loads(encode(document(found)))
    SCHEMA.validate(made)
    assert made["proved"] is False
    assert {i["milliseconds"] for p in made["packs"] for i in p["invariants"]} == {1000}
    guidance = made["packs"][0]
    assert (guidance["pack"], guidance["digest"]) == (GUIDANCE, load(GUIDANCE).digest)
    assert guidance["with"] == [{"pack": COURT, "digest": load(COURT).digest}]


def test_rules_at_fault_are_in_the_document_too() -> None:
    dead = bare(rule_text("opens", AGREED), rule_text("closes", AGREED, effect="forbid"))
    made = json.loads(encode(document([prove(dead)])))
    SCHEMA.validate(made)
    assert [i["rules"] for i in made["packs"][0]["invariants"] if i["rules"]] == [["opens"]]


def test_the_same_pack_gives_the_same_document() -> None:
    assert encode(document([prove(load(GUIDANCE))])) == encode(document([prove(load(GUIDANCE))]))


# ------------------------------------------------------------------------------------- no proof at all


def test_a_claim_about_requests_that_cannot_be_is_vacuous_and_not_proved() -> None:
    found = prove(
        claiming(bare(rule_text("a", AGREED)), 'context.consent_source == Source::"court"', "required")
    )
    assert by_id(found)["claim"].verdict is Verdict.VACUOUS
    assert not found.proved


def test_what_the_solver_does_not_settle_is_unknown_and_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    def gives_up(*_: object) -> None:
        raise Undecided

    monkeypatch.setattr(World, "find", gives_up)
    monkeypatch.setattr(World, "shortest", gives_up)
    found = prove(load(BILL))
    assert {p.verdict for p in found.proofs} == {Verdict.UNKNOWN}
    assert not found.proved
    assert not found.binding_proved


def test_a_counterexample_that_cedar_reads_otherwise_is_never_shown() -> None:
    other = attrs.evolve(load(GUIDANCE), digest="1" * 64)
    rules = tuple(attrs.evolve(r, text=r.text.replace("permit (", "forbid (")) for r in other.rules)
    with pytest.raises(BrokenInvariant) as refused:
        prove(attrs.evolve(other, rules=rules))
    assert refused.value.problem.code == "policy.solver.disagreement"


def test_a_claim_whose_text_and_tree_differ_is_never_shown_refuted() -> None:
    pack = load(GUIDANCE)
    claim = attrs.evolve(pack.claims[0], assume='context.paper_form != PaperForm::"none"')
    with pytest.raises(BrokenInvariant):
        prove(attrs.evolve(pack, claims=(claim,)))


def test_a_claim_that_the_diagrams_see_otherwise_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "broken_by_diagram", lambda *_: True)
    with pytest.raises(BrokenInvariant):
        prove(load(BILL))


# ------------------------------------------------------------------------------------- binding


def test_a_lower_rule_that_takes_back_what_a_court_compels_is_found() -> None:
    compels = rule_text("compels", AGREED, action="compel").replace("guidance", "federal_statute")
    lifts = rule_text("lifts", PUBLIC, effect="forbid", action="compel")
    proof = by_id(prove(bare(compels, lifts)))["process_is_never_refused"]
    assert proof.verdict is Verdict.REFUTED
    assert proof.counterexample is not None
    assert proof.counterexample.because == ("item_public", "consent")
    assert verdict(bare(compels), "process_is_never_refused") is Verdict.PROVED
    higher = lifts.replace("guidance", "federal_statute")
    assert verdict(bare(compels, higher), "process_is_never_refused") is Verdict.PROVED


def test_a_lower_rule_that_takes_back_a_duty_to_contest_is_found() -> None:
    contests = rule_text("contests", AGREED, action="contest").replace("guidance", "federal_regulation")
    lifts = rule_text("lifts", PUBLIC, effect="forbid", action="contest")
    assert verdict(bare(contests, lifts), "higher_rank_prevails") is Verdict.REFUTED
    assert verdict(bare(contests), "higher_rank_prevails") is Verdict.PROVED


def test_nothing_that_any_rank_closes_is_open() -> None:
    opens = rule_text("opens", AGREED).replace("guidance", "federal_statute")
    closes = rule_text("closes", PUBLIC, effect="forbid")
    assert verdict(bare(opens, closes), "higher_rank_prevails") is Verdict.PROVED


@pytest.mark.parametrize(
    "texts",
    [
        (rule_text("dead", f"{AGREED} && !({AGREED})"),),
        (rule_text("dead", 'context.consent_source == Source::"requester"'),),
        (rule_text("dead", f"{AGREED} && {PUBLIC}"), rule_text("closes", AGREED, effect="forbid")),
        (rule_text("dead", 'context.consent_source == Source::"court"', effect="forbid"),),
    ],
)
def test_a_rule_that_never_decides_anything_is_named(texts: tuple[str, ...]) -> None:
    proof = by_id(prove(bare(*texts)))["every_rule_can_match"]
    assert (proof.verdict, proof.rules) == (Verdict.REFUTED, ("dead",))
    assert proof.counterexample is None


def test_a_forbid_of_another_law_does_not_make_a_packs_own_rule_dead() -> None:
    opens = attrs.evolve(bare(rule_text("opens", AGREED)), digest="2" * 64)
    closes = bare(rule_text("closes", AGREED, effect="forbid"))
    other = attrs.evolve(closes, manifest=attrs.evolve(closes.manifest, id="us-co/other"))
    proofs = {p.id: p.verdict for p in prove_version(freeze((opens, other)))}
    assert proofs["every_rule_can_match"] is Verdict.PROVED


def test_a_rule_that_asks_about_a_fact_that_is_not_there_is_named() -> None:
    pack = bare(rule_text("errs", AGREED))
    gone = OneOf(Attribute("no_such_fact", Aspect.VALUE), ("yes",))
    job = room._Job(freeze((pack,)), "x", None, None)
    (rule,) = pack.rules
    job._version = freeze((attrs.evolve(pack, rules=(attrs.evolve(rule, condition=gone),)),))
    proof = job._proof("no_rule_errs", job._none_errs)
    assert (proof.verdict, proof.rules) == (Verdict.REFUTED, ("errs",))


# ------------------------------------------------------------------------------------- dates


def test_a_hole_that_a_younger_rule_closed_is_found_on_the_dates_before_it() -> None:
    closes = rule_text("closes", AGREED, effect="forbid", notes='@since("2022-01-01")')
    pack = claiming(bare(rule_text("opens", AGREED), closes), AGREED, "forbidden")
    proof = by_id(prove(pack))["claim"]
    assert proof.counterexample is not None
    assert proof.counterexample.on == date(2021, 12, 31)
    assert proof.counterexample.say(v.Language.EN)[0] == "On 2021-12-31."
    begun = attrs.evolve(pack, manifest=attrs.evolve(pack.manifest, effective_from=date(2023, 1, 1)))
    assert by_id(prove(begun))["claim"].verdict is Verdict.PROVED


# ------------------------------------------------------------------------------------- random packs


def effect_at(rules: PolicyVersion, point: Point) -> v.Effect:
    """The effect by closures, written out again."""

    def allowed(action: str) -> bool:
        matching = [r for _, r in rules.all_rules() if action in r.actions and predicate(r.condition)(point)]
        return bool(matching) and all(r.effect is RuleEffect.PERMIT for r in matching)

    contest, compel, disclose = map(allowed, QUESTIONS)
    return EFFECTS[contest, compel, disclose]


@given(
    rule_sets(), conditions(), st.sets(st.sampled_from(sorted(set(EFFECTS.values()))), min_size=1, max_size=3)
)
@settings(max_examples=20, deadline=None)
def test_a_claim_is_proved_exactly_where_no_request_breaks_it(
    rules: PolicyVersion, assume: str, effects: set[v.Effect]
) -> None:
    pack = rules.packs[0]
    pack = attrs.evolve(pack, manifest=attrs.evolve(pack.manifest, requires=(), effective_from=None))
    proof = by_id(prove(claiming(pack, assume, *effects)))["claim"]
    assumed = predicate(read_condition("x", assume))
    reached = {effect_at(rules, point) for point in completions(FactSet({})) if assumed(point)}
    expected = Verdict.VACUOUS if not reached else Verdict.PROVED if reached <= effects else Verdict.REFUTED
    assert proof.verdict is expected
    if proof.counterexample and proof.side:
        assert assumed(proof.counterexample.point)
        assert effect_at(rules, proof.counterexample.point) is proof.side.effect
        assert proof.side.effect not in effects


# ------------------------------------------------------------------------------------- seeded faults


def faulty(pack_id: str, *changes: tuple[str, str]) -> Pack:
    """A shipped pack with some of its rules' words changed."""
    files = find(pack_id)
    for old, new in changes:
        (path,) = (p for p, data in files.items() if p.endswith(".cedar") and old in data.decode())
        files[path] = files[path].decode().replace(old, new).encode()
    return admit(files)


def without(pack_id: str, rule_id: str) -> Pack:
    """A shipped pack without one of its rules."""
    pack = load(pack_id)
    rules = tuple(r for r in pack.rules if r.id != rule_id)
    assert len(rules) < len(pack.rules)
    return attrs.evolve(pack, rules=rules, digest="3" * 64)


_AGENCY = 'context.program_duty_source in [Source::"custodian", Source::"independent"] &&'
_OWN_PURPOSE = 'context.immigration_purpose_source in [Source::"custodian", Source::"independent"]'

FAULTS: dict[str, tuple[Callable[[], Pack], str]] = {
    "a dropped forbid of the bill": (partial(without, BILL, "judge-or-own-finding"), "no-judge-no-release"),
    "a dropped duty to contest": (partial(without, UI, "ui-contest-litigant"), "litigant-is-contested"),
    "a dropped permit": (partial(without, ACT, "court-issued-paper"), "grand-jury-is-answered"),
    "dropped process": (partial(without, COURT, "warrant"), "warrant-is-never-refused"),
    "a swapped signer": (
        partial(faulty, BILL, ('SignerClass::"state_judge"', 'SignerClass::"clerk"')), "no-judge-no-release"),
    "a swapped order": (
        partial(faulty, COURT, ('context.enforcement_order == YesNo::"yes"',
                                'context.enforcement_order == YesNo::"no"'),
                ('context.enforcement_order_source in [Source::"court", Source::"independent"] &&\n', "")),
        "agency-paper-never-compels"),
    "a swapped motion": (
        partial(faulty, UI, ('context.motion_to_quash in [Motion::"denied", Motion::"granted"]',
                             'context.motion_to_quash in [Motion::"pending", Motion::"granted"]')),
        "litigant-is-contested"),
    "a source no longer asked for": (
        partial(faulty, BILL, (_AGENCY, "true &&"), (_OWN_PURPOSE, "true")),
        "no-word-of-the-requester-opens"),
}  # fmt: skip
"""By what is wrong: the pack, and the claim that must fall."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_noticed(fault: str) -> None:
    make, claim = FAULTS[fault]
    pack = make()
    assert verdict(load(pack.id), claim) is Verdict.PROVED
    assert verdict(pack, claim) is Verdict.REFUTED


def test_opening_effects_are_what_a_person_may_release_under() -> None:
    assert set(OPEN) == {v.Effect.PERMITTED, v.Effect.REQUIRED}


# ------------------------------------------------------------------------------------- the command


def test_prove_exits_one_on_a_refuted_claim_and_zero_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "prove", BILL]) == 0
    assert run(["policy", "prove", GUIDANCE, "--language", "es"]) == 1
    assert "refutado" in capsys.readouterr().out
    assert run(["policy", "prove", BILL, GUIDANCE, "--json"]) == 1
    made = capsys.readouterr().out
    assert made.count("\n") == 1
    SCHEMA.validate(json.loads(made))


def test_prove_takes_every_shipped_pack_where_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "prove", "--json"]) == 1
    assert [p["pack"] for p in json.loads(capsys.readouterr().out)["packs"]] == list(pack_ids())


def test_prove_of_an_unknown_pack_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "prove", "us-co/none"]) == 2
    assert "policy.pack.unknown" in capsys.readouterr().err


def test_prove_without_the_solver_is_bad_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    assert run(["policy", "prove", BILL]) == 2
    assert "policy.solver.missing" in capsys.readouterr().err


def test_two_readings_that_differ_exit_three(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "broken_by_diagram", lambda *_: True)
    assert run(["policy", "prove", BILL]) == 3
    assert "policy.solver.disagreement" in capsys.readouterr().err


# ------------------------------------------------------------------------------------- vectors


def test_the_vectors_of_proofs_are_what_their_script_writes() -> None:
    path = ROOT / "vectors" / "policy" / "proofs" / "make.py"
    spec = importlib.util.spec_from_file_location("habeas_proof_vectors", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for file, text in module.files().items():
        assert file.read_text(encoding="utf-8") == text, file.name
