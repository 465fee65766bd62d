"""Determining: within the effect a person is free; a departure is named, and never releases against law."""

from __future__ import annotations

from functools import partial

import attrs
import pytest

from habeas.domain import vocabulary as v
from habeas.domain.determination import ItemDetermination, departure
from habeas.domain.request import Person
from habeas.domain.vocabulary import CaseState, Effect, EventKind, Outcome, Role, Source
from habeas.kernel.errors import BadInput
from habeas.usecases.confirm import Correction, confirm
from habeas.usecases.determine import DECIDERS, choices, determine, evaluate
from habeas.usecases.read import read
from habeas.usecases.standing import WORKING
from tests.core.usecases.desks import (
    APPROVER,
    COUNSEL,
    CRIMINAL,
    NOTHING,
    REVIEWER,
    STAFF,
    STATUTE,
    check_world,
    confirmed,
    decide,
    form,
    new_ports,
    opened,
    refused,
)

WARRANT = (
    Correction("paper_form", "search_warrant", Source.COURT),
    Correction("paper_authority", "judicial", Source.COURT),
    Correction("paper_signer", "magistrate_judge", Source.COURT),
    Correction("paper_signed", "yes", Source.COURT),
    Correction("paper_lapsed", "no", Source.COURT),
    Correction("paper_reaches_records", "yes", Source.COURT),
    Correction("paper_addressed_to_us", "yes", Source.COURT),
    Correction("item_in_scope", "yes", Source.COURT, item_id="1"),
)
LITIGANT = (
    Correction("custodian_kind", "unemployment_agency", Source.CUSTODIAN),
    Correction("data_category", "ui_wage", Source.CUSTODIAN, item_id="1"),
    Correction("paper_form", "court_subpoena", Source.COURT),
    Correction("paper_authority", "court_clerk_or_attorney", Source.COURT),
    Correction("for_litigant", "yes", Source.COURT),
)
UI = ("us-co/2020-guidance", "us/20-cfr-603")


def effect_of(packs: tuple[str, ...], corrections: tuple[Correction, ...]) -> Effect:
    ports = new_ports(packs)
    case = ports.cases.load(confirmed(ports, corrections))
    return evaluate(ports, case).item("1").effect


SITUATIONS = {
    Effect.PERMITTED: (("us-co/2020-guidance",), None),
    Effect.FORBIDDEN: (("us-co/2020-guidance",), NOTHING),
    Effect.REQUIRED: (("us-co/2020-guidance",), WARRANT),
    Effect.CONTEST_FIRST: (UI, LITIGANT),
    Effect.UNDETERMINED: (("us-co/2020-guidance",), ()),
}
"""A way to each effect but `conflict`."""


def situation(effect: Effect) -> tuple[tuple[str, ...], tuple[Correction, ...]]:
    from tests.core.usecases.desks import CRIMINAL

    packs, corrections = SITUATIONS[effect]
    return packs, CRIMINAL if corrections is None else corrections


@pytest.mark.parametrize("effect", SITUATIONS)
def test_the_situations_have_the_effects_they_are_named_by(effect: Effect) -> None:
    assert effect_of(*situation(effect)) is effect


@pytest.mark.parametrize("effect", SITUATIONS)
@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("person", [REVIEWER, COUNSEL])
@pytest.mark.parametrize("why", ["", "a better reading"])
def test_every_outcome_under_every_effect(effect: Effect, outcome: Outcome, person: Person, why: str) -> None:
    packs, corrections = situation(effect)
    ports = new_ports(packs)
    case_id = confirmed(ports, corrections)
    item = evaluate(ports, ports.cases.load(case_id)).item("1")
    override = departure(effect, outcome)
    code = refused(lambda: decide(ports, case_id, outcome, person, override_reason=why))
    by_law = any(rule.rank.place <= v.Rank.STATE_REGULATION.place for rule in item.rules)
    if override == "none":
        assert code == ""
    elif not why:
        assert code == "determination.override.no_reason"
    elif override == "toward_refusal":
        assert code == ""
    elif by_law or effect is Effect.UNDETERMINED:
        assert code == "determination.override.against_law"
    else:
        assert code == ("" if person is COUNSEL else "determination.override.counsel_only")
    written = ports.cases.history(case_id)[3:]
    assert [r.event.kind for r in written] == (
        [] if code else [EventKind.DETERMINATION_MADE if override == "none" else EventKind.ITEM_OVERRIDDEN]
    )
    assert all(r.event.row.override == override for r in written)
    check_world(ports)


def test_what_a_statute_forbids_nobody_releases() -> None:
    ports = new_ports(STATUTE)
    case_id = confirmed(ports, NOTHING)
    effect = evaluate(ports, ports.cases.load(case_id)).item("1")
    assert effect.effect in (Effect.FORBIDDEN, Effect.UNDETERMINED)
    for person in (REVIEWER, COUNSEL):
        release = partial(decide, ports, case_id, Outcome.RELEASE, person, override_reason="why not")
        assert refused(release) == "determination.override.against_law"


@pytest.mark.parametrize("person", STAFF, ids=lambda p: p.person_id)
def test_only_those_who_may_decide_decide(person: Person) -> None:
    ports = new_ports()
    case_id = confirmed(ports)
    may = bool(set(person.roles) & DECIDERS)
    code = refused(lambda: decide(ports, case_id, Outcome.REFUSE, person))
    assert code == ("" if may else _why_not(person))


def _why_not(person: Person) -> str:
    works = bool(WORKING & set(person.roles))
    return "determination.person.may_not_decide" if works else "person.role.looks_only"


def test_what_the_machine_alone_has_read_releases_nothing() -> None:
    """A case read again after it was confirmed has to be confirmed again."""
    ports = new_ports()
    case_id = confirmed(ports)
    read(ports, case_id, actor="machine")
    assert refused(lambda: decide(ports, case_id, Outcome.RELEASE)) in (
        "determination.facts.unconfirmed", "determination.override.no_reason",
        "determination.override.against_law", "workflow.event.not_allowed",
    )  # fmt: skip
    assert ports.cases.load(case_id).state is CaseState.READ


def test_an_unread_fact_that_a_release_rests_on_is_named() -> None:
    ports = new_ports()
    data = form(claims={"criminal_investigation": "yes"})
    case_id = opened(ports, data)
    rest = (Correction("immigration_purpose", "none", Source.CUSTODIAN),)
    case = ports.cases.load(case_id)
    assert case.facts["criminal_investigation"].reading is v.Reading.MACHINE
    with pytest.raises(BadInput) as error:
        determine(ports, case_id, REVIEWER, (ItemDetermination("1", Outcome.RELEASE),))
    assert error.value.problems[0].code == "determination.facts.unconfirmed"
    confirm(ports, case_id, REVIEWER, rest)
    decide(ports, case_id, Outcome.RELEASE)


def test_an_instruction_needs_a_legal_basis() -> None:
    ports = new_ports()
    case_id = confirmed(ports)
    code = refused(lambda: decide(ports, case_id, Outcome.REFUSE, instructed_by="the director", reason="  "))
    assert code == "determination.instruction.no_basis"
    decide(ports, case_id, Outcome.REFUSE, instructed_by="the director", reason="C.R.S. 24-74-103")
    (decided,) = ports.cases.load(case_id).decided
    assert decided.determination.instructed_by == "the director"


def test_an_objection_is_recorded_beside_the_decision_and_sealed() -> None:
    ports = new_ports()
    case_id = confirmed(ports)
    decide(
        ports,
        case_id,
        Outcome.RELEASE,
        instructed_by="the director",
        reason="ground i",
        objection="not solely",
    )
    last = ports.cases.history(case_id)[-1].event
    assert last.kind is EventKind.OBJECTION_RECORDED
    assert last.private == {"person": "r.doe", "objection": "not solely", "instructed_by": "the director"}
    assert last.row.item == "1"
    assert "solely" not in str(last.row)
    assert last.facts == {}


def test_decisions_are_written_all_or_none() -> None:
    ports = new_ports()
    case_id = confirmed(ports, data=form(items=("employment", "contact")))
    wrong = (ItemDetermination("1", Outcome.REFUSE), ItemDetermination("9", Outcome.REFUSE))
    assert refused(lambda: determine(ports, case_id, REVIEWER, wrong)) == "determination.item.unknown"
    assert ports.cases.load(case_id).decided == ()
    assert refused(lambda: determine(ports, case_id, REVIEWER, ())) == "determination.items.none"


def test_a_vendor_forwards_and_never_releases_or_answers() -> None:
    from habeas.domain.vocabulary import Language
    from habeas.usecases.answer import send

    ports = new_ports()
    vendors = attrs.evolve(REVIEWER, custodian="vendor")
    case_id = opened(ports, form("vendor"))
    confirm(ports, case_id, vendors, CRIMINAL)
    release = partial(decide, ports, case_id, Outcome.RELEASE, vendors)
    assert refused(release) == "determination.vendor.cannot_answer"
    confirm(ports, case_id, vendors, (Correction("custodian_kind", "state_agency", Source.CUSTODIAN),))
    assert refused(release) == "determination.vendor.cannot_answer"
    decide(ports, case_id, Outcome.REFUSE, vendors)
    code = refused(lambda: send(ports, case_id, vendors, Language.EN, means="e-mail"))
    assert code == "determination.vendor.cannot_answer"


def test_a_request_that_a_vendor_holds_for_an_agency_is_not_released() -> None:
    ports = new_ports()
    data = form(holder={"custodian": "labor", "unit": "desk", "processor": "Cloud Example"})
    case_id = confirmed(ports, data=data)
    assert refused(lambda: decide(ports, case_id, Outcome.RELEASE)) == "determination.vendor.cannot_answer"


def test_a_paper_that_ran_out_since_it_was_read_has_lapsed() -> None:
    """The law of the day sees the paper of the day (`_with_todays_dates`)."""
    from datetime import timedelta

    from tests.core.usecases.desks import AT, clock_of
    from tests.core.usecases.papers import warrant_mail

    ports = new_ports()
    case_id = confirmed(ports, WARRANT[-1:], warrant_mail())
    assert evaluate(ports, ports.cases.load(case_id)).facts.value("paper_lapsed") == "no"
    clock_of(ports).set(AT + timedelta(days=60))
    found = evaluate(ports, ports.cases.load(case_id))
    assert found.facts.value("paper_lapsed") == "yes"
    assert found.item("1").effect is not Effect.REQUIRED


def test_the_row_of_a_decision_says_what_was_decided_by_which_rules_and_nothing_said() -> None:
    ports = new_ports()
    case_id = confirmed(ports)
    decide(ports, case_id, Outcome.RELEASE, reason="José Ejemplo is a suspect")
    row = ports.cases.history(case_id)[-1].event.row
    evaluation = ports.cases.load(case_id).evaluation
    assert evaluation is not None
    assert (row.item, row.effect, row.outcome, row.ground) == ("1", "permitted", "release", "g-i")
    assert row.policy == evaluation.policy
    assert "Ejemplo" not in str(attrs.asdict(row))


def test_counsels_role_is_the_one_recorded() -> None:
    ports = new_ports()
    case_id = confirmed(ports)
    both = attrs.evolve(COUNSEL, roles=(Role.REVIEWER, Role.COUNSEL))
    decide(ports, case_id, Outcome.REFUSE, both)
    assert ports.cases.load(case_id).decided[0].role == "counsel"


def test_everything_in_the_way_of_a_decision_is_told_at_once() -> None:
    ports = new_ports()
    case_id = confirmed(ports, NOTHING, form(items=("employment", "contact")))
    said = (
        ItemDetermination("1", Outcome.RELEASE),
        ItemDetermination("2", Outcome.REFUSE, instructed_by="the director"),
    )
    with pytest.raises(BadInput) as error:
        determine(ports, case_id, REVIEWER, said)
    assert [(p.place, p.code) for p in error.value.problems] == [
        ("item 1", "determination.override.no_reason"),
        ("item 1", "determination.override.counsel_only"),
        ("item 2", "determination.instruction.no_basis"),
    ]
    assert ports.cases.load(case_id).decided == ()


@pytest.mark.parametrize("person", [REVIEWER, APPROVER, COUNSEL], ids=lambda p: p.person_id)
@pytest.mark.parametrize("effect", SITUATIONS)
def test_what_is_offered_is_what_is_accepted(person: Person, effect: Effect) -> None:
    """A form built from `choices` offers no outcome that `determine` refuses, and hides none it accepts."""
    packs, said = situation(effect)
    for outcome in Outcome:
        ports = new_ports(packs)
        case_id = confirmed(ports, said)
        case = ports.cases.load(case_id)
        (item,) = evaluate(ports, case).items
        offered = {c.outcome: c for c in choices(ports, case, item, person)}
        assert set(offered) == set(Outcome)
        one = ItemDetermination("1", outcome, reason="ground i", override_reason="weighed")
        code = refused(partial(determine, ports, case_id, person, (one,)))
        assert bool(code) is bool(offered[outcome].problems)
        assert offered[outcome].departs == departure(item.effect, outcome)
