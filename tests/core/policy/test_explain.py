"""Explanations: complete in both languages, honest about standing, nothing for a requester to game."""

from __future__ import annotations

from itertools import combinations

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.domain import vocabulary as v
from habeas.domain.facts import SPEC, FactSet
from habeas.kernel.errors import BadInput
from habeas.policy.effect import OPEN
from habeas.policy.evaluate import evaluate
from habeas.policy.explain import Audience, ItemExplanation, explain
from habeas.policy.pack import PolicyVersion
from habeas.policy.remedies import AT_ONCE, MENU, what_would_change
from tests.core.policy.making import (
    ACT,
    BILL,
    GRAND_JURY,
    GUIDANCE,
    I138,
    NO_PAPER,
    ON,
    UI,
    facts,
    some_facts,
    version,
)

EN, ES = v.Language.EN, v.Language.ES
REFUSED = I138.merged(facts(immigration_purpose="sole@requester"))


def explained(
    known: FactSet, policy: PolicyVersion, language: v.Language = EN, audience: Audience = Audience.STAFF
) -> ItemExplanation:
    (item,) = explain(evaluate(known, (("1", FactSet({})),), policy, ON), policy, ON, language, audience)
    return item


def test_a_refusal_tells_rule_citation_and_the_facts_it_rests_on() -> None:
    item = explained(REFUSED, version(ACT))
    assert item.sentence == "The law forbids handing this over."
    assert [r.cite for r in item.rules] == ["C.R.S. 24-74-103"]
    assert item.rules[0].text.startswith("State law forbids giving out data that is not public")
    purpose = next(f for f in item.facts if f.fact == "immigration_purpose")
    assert (purpose.value, purpose.source) == ("only that", "the asker says so")
    assert [d.id for d in item.duties] == ["hold-after-refusal"]


def test_the_same_in_spanish_with_no_word_of_english() -> None:
    item = explained(REFUSED, version(ACT), ES)
    assert item.sentence == "La ley prohíbe entregar esto."
    told = [item.sentence, *(r.text for r in item.rules), *item.questions, *(f.meaning for f in item.facts)]
    told += [p for c in item.changes for p in c.papers] + [c.effect for c in item.changes]
    english = explained(REFUSED, version(ACT), EN)
    also = [english.sentence, *(r.text for r in english.rules), *(f.meaning for f in english.facts)]
    assert not set(told) & set(also)


def test_a_rule_that_was_not_verified_or_is_only_proposed_says_so() -> None:
    act = explained(NO_PAPER.merged(facts(offense="immigration_status@requester", immigration_purpose="none",
                                          required_by_law="no", item_public="no")), version(ACT))  # fmt: skip
    assert act.rules[0].notes == (
        "Not yet compared with the official text.",
        "Challenged in court; in force.",
    )
    bill = explained(REFUSED, version(BILL))
    assert "Only a proposal: it binds nobody." in bill.rules[0].notes
    guidance = explained(NO_PAPER.merged(facts(criminal_investigation="yes@requester", system_excluded="no")),
                         version(GUIDANCE))  # fmt: skip
    assert guidance.rules[0].notes == ()


def test_a_refusal_by_default_names_what_came_nearest() -> None:
    known = NO_PAPER.merged(facts(immigration_purpose="sole@requester", criminal_investigation="no",
                                  crime_in_progress="no", system_excluded="no"))  # fmt: skip
    item = explained(known, version(GUIDANCE))
    assert item.sentence == "No rule opens this, so nothing may be handed over."
    assert (item.rules, [r.id for r in item.nearest]) == ((), ["g-i"])


def test_what_is_missing_is_asked_as_questions() -> None:
    known = NO_PAPER.merged(facts(program_duty="yes", immigration_purpose="none@requester"))
    assert explained(known, version(BILL)).questions == (
        "Somebody must confirm how far the request is for immigration enforcement: the agency's own records.",
    )
    known = NO_PAPER.merged(facts(program_duty="yes"))
    assert explained(known, version(BILL), ES).questions == (
        "Falta saber hasta qué punto la solicitud es para aplicar la ley de inmigración.",
    )


def test_a_requester_is_told_neither_why_nor_what_would_change_it() -> None:
    item = explained(REFUSED, version(ACT), EN, Audience.REQUESTER)
    assert item == ItemExplanation("1", v.Effect.FORBIDDEN, "The law forbids handing this over.")


def test_an_incident_and_the_lack_of_law_are_said() -> None:
    nothing = PolicyVersion(())
    item = explained(REFUSED, nothing)
    assert item.sentence.startswith("No law for this agency")
    assert item.changes == ()
    evaluation = evaluate(REFUSED, (("1", FactSet({})),), nothing, ON)
    items = (attrs.evolve(evaluation.items[0], incidents=("policy.engine.disagreement",)),)
    (told,) = explain(attrs.evolve(evaluation, items=items), nothing, ON)
    assert told.sentence.startswith("The rules could not be read safely")


def test_another_version_or_date_explains_nothing() -> None:
    evaluation = evaluate(REFUSED, (("1", FactSet({})),), version(ACT), ON)
    with pytest.raises(BadInput, match=r"policy\.version\.other"):
        explain(evaluation, version(BILL), ON)
    with pytest.raises(BadInput, match=r"policy\.version\.other"):
        explain(evaluation, version(ACT), ON.replace(year=2024))


# ---------------------------------------------------------------------- what would change it


def ids(known: FactSet, policy: PolicyVersion) -> list[tuple[str, ...]]:
    return [tuple(p.id for p in c.papers) for c in what_would_change(known, policy, ON)]


def test_the_act_is_opened_by_any_courts_paper_or_a_law() -> None:
    assert ids(REFUSED, version(ACT)) == [
        ("judge_warrant",),
        ("judge_order",),
        ("judge_subpoena",),
        ("clerk_subpoena",),
        ("enforcement_order",),
        ("law_found",),
    ]


def test_the_bill_is_opened_by_a_judge_alone() -> None:
    assert ids(REFUSED, version(BILL)) == [
        ("judge_warrant",),
        ("judge_order",),
        ("judge_subpoena",),
        ("enforcement_order",),
    ]
    assert ("clerk_subpoena",) not in ids(GRAND_JURY.merged(facts(program_duty="no")), version(BILL))


def test_a_contested_subpoena_waits_for_the_courts_ruling() -> None:
    known = GRAND_JURY.merged(
        facts(paper_form="court_subpoena@court", paper_nature="civil@court", for_litigant="yes@court",
              custodian_kind="unemployment_agency", data_category="ui_wage", requester_federal="yes")
    )  # fmt: skip
    assert ("motion_ruling",) in ids(known, version(ACT, UI))


def test_nothing_is_offered_for_what_is_open_already() -> None:
    assert ids(GRAND_JURY, version(ACT)) == []


def test_no_remedy_is_a_mere_word_of_the_requester_or_a_withdrawal() -> None:
    said = {"criminal_investigation", "crime_in_progress", "immigration_purpose", "offense", "emergency"}
    for remedy in MENU:
        assert not said & remedy.facts.facts.keys()
        assert all(f.source is not v.Source.REQUESTER for f in remedy.facts.facts.values())
        assert all(f.source in SPEC[n].suppliers for n, f in remedy.facts.facts.items())
    assert not any("withdraw" in r.id or "withdraw" in r.say.en for r in MENU)


@given(some_facts(tuple(SPEC)), st.sampled_from((version(ACT), version(BILL), version(GUIDANCE, UI))))
@settings(max_examples=25)
def test_every_change_offered_does_open_the_item_and_none_holds_another(
    known: FactSet, policy: PolicyVersion
) -> None:
    changes = what_would_change(known, policy, ON)
    for change in changes:
        assert len(change.papers) <= AT_ONCE
        after = known
        for paper in change.papers:
            after = after.merged(paper.facts)
        item = evaluate(after, (("1", FactSet({})),), policy, ON).items[0]
        assert item.effect is change.effect
        assert item.effect in OPEN
    assert not any(set(a.papers) < set(b.papers) for a, b in combinations(changes, 2))
