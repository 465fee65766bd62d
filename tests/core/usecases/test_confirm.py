"""Confirming: a person vouches for the reading, never for the claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.domain.facts import FACTS, Scope
from habeas.domain.vocabulary import CaseState, Reading, Source
from habeas.kernel.errors import BadInput
from habeas.usecases.confirm import Correction, confirm
from tests.core.usecases.desks import REVIEWER, check_world, confirmed, form, new_ports, opened, refused

SPECS = [spec for spec in FACTS if spec.scope is Scope.REQUEST]
CORRECTIONS = st.sampled_from(SPECS).flatmap(
    lambda spec: st.builds(
        Correction,
        st.just(spec.name),
        st.sampled_from((*spec.domain, "unknown")),
        st.sampled_from(sorted(spec.suppliers)),
        how=st.just("looked it up"),
    )
)


def test_every_reading_becomes_the_persons_and_every_source_stays() -> None:
    ports = new_ports()
    case_id = opened(ports, form(claims={"criminal_investigation": "yes"}))
    before = ports.cases.load(case_id)
    confirm(ports, case_id, REVIEWER)
    after = ports.cases.load(case_id)
    assert after.state is CaseState.CONFIRMED
    assert after.facts.facts.keys() == before.facts.facts.keys()
    for name, fact in after.facts.facts.items():
        assert fact.reading is Reading.PERSON
        assert (fact.value, fact.source) == (before.facts[name].value, before.facts[name].source)
    assert all(f.reading is Reading.PERSON for f in after.facts_of("1").facts.values())
    assert after.facts["criminal_investigation"].source is Source.REQUESTER
    check_world(ports)


@given(st.lists(CORRECTIONS, max_size=4))
def test_a_correction_says_what_the_person_said_and_the_last_one_counts(
    corrections: list[Correction],
) -> None:
    ports = new_ports()
    case_id = opened(ports)
    confirm(ports, case_id, REVIEWER, tuple(corrections))
    facts = ports.cases.load(case_id).facts
    for said in {c.name: c for c in corrections}.values():
        assert (facts[said.name].value, facts[said.name].source) == (said.value, said.source)
        assert facts[said.name].reading is Reading.PERSON


def test_a_check_made_elsewhere_must_say_how() -> None:
    ports = new_ports()
    case_id = opened(ports)
    silent = Correction("requester_verified", "yes", Source.INDEPENDENT)
    with pytest.raises(BadInput, match=r"facts\.check\.not_described"):
        confirm(ports, case_id, REVIEWER, (silent,))
    told = Correction(
        "requester_verified", "yes", Source.INDEPENDENT, how="called 555-0149, from the directory"
    )
    confirm(ports, case_id, REVIEWER, (told,))
    assert ports.cases.load(case_id).facts["requester_verified"].source is Source.INDEPENDENT


@pytest.mark.parametrize(
    ("correction", "code"),
    [
        (Correction("weather", "fair", Source.CUSTODIAN), "facts.name.unknown"),
        (Correction("paper_signed", "maybe", Source.CUSTODIAN), "facts.value.unknown"),
        (Correction("agreement", "yes", Source.REQUESTER), "facts.source.not_allowed"),
        (Correction("consent", "yes", Source.CUSTODIAN, item_id="9"), "determination.item.unknown"),
        (Correction("consent", "yes", Source.CUSTODIAN), "facts.scope.other"),
        (Correction("paper_signed", "yes", Source.CUSTODIAN, item_id="1"), "facts.scope.other"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_nothing_is_written(
    correction: Correction, code: str
) -> None:
    ports = new_ports()
    case_id = opened(ports)
    assert refused(lambda: confirm(ports, case_id, REVIEWER, (correction,))) == code
    assert ports.cases.load(case_id).state is CaseState.READ


def test_a_correction_of_one_item_leaves_the_others_alone() -> None:
    ports = new_ports()
    said = Correction("item_public", "yes", Source.CUSTODIAN, item_id="2")
    case_id = confirmed(ports, (said,), form(items=("employment", "contact")))
    case = ports.cases.load(case_id)
    assert case.facts_of("2").value("item_public") == "yes"
    assert case.facts_of("1").value("item_public") != "yes"


def test_whoever_was_overtaken_is_refused() -> None:
    ports = new_ports()
    case_id = confirmed(ports)
    seen = ports.cases.load(case_id).version
    confirm(ports, case_id, REVIEWER)
    late = refused(lambda: confirm(ports, case_id, REVIEWER, expected_version=seen))
    assert late == "case.version.conflict"


def test_facts_are_confirmed_only_after_they_were_read() -> None:
    from habeas.usecases.receive import receive

    ports = new_ports()
    taken = receive(ports, form(), "a.json", actor="desk")
    assert refused(lambda: confirm(ports, taken.case_id, REVIEWER)) == "workflow.event.not_allowed"
