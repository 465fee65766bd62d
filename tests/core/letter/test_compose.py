"""Letters: what each kind says, and what none may ever say."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from habeas.domain import vocabulary as v
from habeas.domain.request import Officer, Requester
from habeas.kernel.canonical import decode, encode
from habeas.kernel.errors import BadInput
from habeas.letter.compose import Letter, compose, kind_of
from habeas.letter.texts import texts
from tests.core.letter.samples import (
    BORN,
    CITATIONS,
    CONTESTED,
    COUNSEL,
    CUSTODIAN,
    FORBIDDEN,
    ITEMS,
    MESSAGE,
    NOT_SHOWN,
    ON,
    OPEN,
    REF,
    RELEASED,
    REQUEST,
    REQUIRED,
    SUBJECT,
    WEIGHED,
    Answer,
    case_of,
    evaluated,
)

EN, ES = v.Language.EN, v.Language.ES
EXISTS = {EN: "whether or not such a record exists", ES: "exista o no tal registro"}


def _letter(answers: list[Answer], kind: v.LetterKind, language: v.Language = EN, **options: Any) -> Letter:
    missing = options.pop("missing", ())
    e = evaluated(
        answers, missing=missing, **{k: options.pop(k) for k in ("rules", "nearest") if k in options}
    )
    case = case_of(answers, e, options.pop("request", REQUEST))
    return compose(
        case, CUSTODIAN, e, language, kind, citations=options.pop("citations", CITATIONS), **options
    )


@pytest.mark.parametrize("language", v.Language)
def test_a_refusal_groups_items_by_law_cites_it_and_never_says_that_a_record_exists(
    language: v.Language,
) -> None:
    letter = _letter([FORBIDDEN, NOT_SHOWN, FORBIDDEN], v.LetterKind.REFUSAL, language)
    first, second = letter.groups
    label = texts(language).of("label", "item", number=1, category=texts(language).of("category", "ui_wage"))
    assert first.items[0] == label
    assert (len(first.items), len(second.items)) == (2, 1)
    assert [c.cite for c in first.citations] == ["Guidance of May 20, 2020, ground ii", "20 CFR 603.7(a)"]
    assert [c.cite for c in second.citations] == ["Guidance of May 20, 2020, ground ii"]
    assert all(EXISTS[language] in g.text for g in letter.groups)
    assert letter.conditions is None


def test_what_counsel_did_not_verify_and_what_is_challenged_is_said_beside_the_citation() -> None:
    (group,) = _letter([FORBIDDEN], v.LetterKind.REFUSAL).groups
    assert [c.note for c in group.citations] == [
        "",
        "in force, challenged in court; not yet verified by counsel",
    ]


def test_a_rule_without_words_of_the_caller_is_cited_by_its_own_citation() -> None:
    (group,) = _letter([FORBIDDEN], v.LetterKind.REFUSAL, citations={}).groups
    assert [(c.cite, c.text) for c in group.citations] == [
        ("Guidance of May 20, 2020, ground ii", ""),
        ("20 CFR 603.7(a)", ""),
    ]


def test_a_refusal_for_want_of_a_law_says_that_none_was_found_on_that_day() -> None:
    (group,) = _letter([NOT_SHOWN], v.LetterKind.REFUSAL, rules=False, nearest=False).groups
    assert group.citations == ()
    assert "found no law in force on October 15, 2020" in group.law


def test_a_refusal_that_the_law_only_permits_does_not_claim_to_be_forced() -> None:
    (group,) = _letter([WEIGHED], v.LetterKind.REFUSAL).groups
    assert "leaves it to the agency" in group.text
    (other,) = _letter([(v.Effect.REQUIRED, v.Outcome.REFUSE)], v.LetterKind.REFUSAL).groups
    assert "does not allow" not in other.text


@pytest.mark.parametrize("language", v.Language)
def test_a_release_lists_kinds_of_data_and_conditions(language: v.Language) -> None:
    letter = _letter([RELEASED, REQUIRED], v.LetterKind.RELEASE, language)
    assert len(letter.groups) == 2
    assert letter.conditions
    assert letter.conditions.points[0] == texts(language).of("conditions", "purpose")


def test_a_mixed_answer_keeps_given_and_refused_apart() -> None:
    letter = _letter([FORBIDDEN, RELEASED, COUNSEL], v.LetterKind.MIXED)
    assert [g.heading for g in letter.groups] == ["Given", "Refused", "Not yet decided"]
    given, refused, counsel = letter.groups
    assert given.items == ("Item 2: addresses and contact data",)
    assert EXISTS[EN] not in given.text
    assert EXISTS[EN] in refused.text
    assert EXISTS[EN] in counsel.text
    assert counsel.citations == ()


@pytest.mark.parametrize("language", v.Language)
def test_missing_papers_are_asked_for_once_each_and_promise_nothing(language: v.Language) -> None:
    t = texts(language)
    facts = (
        "criminal_investigation",
        "offense_on_face",
        "paper_signed",
        "paper_lapsed",
        "consent",
        "emergency",
    )
    letter = _letter([OPEN, OPEN], v.LetterKind.MISSING, language, missing=facts)
    assert letter.papers
    assert letter.papers.points == tuple(t.of("papers", k) for k in ("court_paper", "whole_paper", "consent"))
    assert letter.papers_note == t.of("papers_note", "text")
    assert letter.groups == ()


def test_a_fact_that_the_agency_must_find_out_itself_is_not_asked_of_the_requester() -> None:
    with pytest.raises(BadInput, match=r"letter\.papers\.none"):
        _letter([OPEN], v.LetterKind.MISSING, missing=("requester_verified", "emergency", "required_by_law"))


def test_a_holding_letter_needs_no_evaluation_but_a_date() -> None:
    e = evaluated([OPEN])
    case = case_of([OPEN], e)
    letter = compose(case, CUSTODIAN, None, EN, v.LetterKind.HOLDING, on=date(2020, 10, 1))
    assert letter.dated == "October 1, 2020"
    for kind, on in ((v.LetterKind.HOLDING, None), (v.LetterKind.MISSING, ON)):
        with pytest.raises(BadInput, match=r"letter\.evaluation\.missing"):
            compose(case, CUSTODIAN, None, EN, kind, on=on)


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ([FORBIDDEN, RELEASED], v.LetterKind.REFUSAL),
        ([FORBIDDEN, RELEASED], v.LetterKind.RELEASE),
        ([FORBIDDEN, OPEN], v.LetterKind.REFUSAL),
        ([RELEASED, OPEN], v.LetterKind.MIXED),
        ([RELEASED, OPEN], v.LetterKind.HOLDING),
        ([RELEASED, OPEN], v.LetterKind.MISSING),
        ([COUNSEL], v.LetterKind.REFUSAL),
        ([], v.LetterKind.RELEASE),
    ],
)
def test_a_letter_that_says_something_else_than_was_decided_is_refused(
    answers: list[Answer], kind: v.LetterKind
) -> None:
    with pytest.raises(BadInput, match=r"letter\.kind\.unfit"):
        _letter(answers, kind)


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ([FORBIDDEN, NOT_SHOWN], v.LetterKind.REFUSAL),
        ([RELEASED, REQUIRED], v.LetterKind.RELEASE),
        ([RELEASED, FORBIDDEN], v.LetterKind.MIXED),
        ([CONTESTED], v.LetterKind.MIXED),
        ([FORBIDDEN, OPEN], v.LetterKind.HOLDING),
        ([], v.LetterKind.HOLDING),
    ],
)
def test_the_kind_follows_from_what_was_decided(answers: list[Answer], kind: v.LetterKind) -> None:
    e = evaluated(answers)
    assert kind_of(case_of(answers, e)) is kind
    _letter(answers, kind)


SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "habeas.letter.v1.json").read_text("utf-8"))


@pytest.mark.parametrize("language", v.Language)
@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ([FORBIDDEN, NOT_SHOWN], v.LetterKind.REFUSAL),
        ([RELEASED], v.LetterKind.RELEASE),
        ([RELEASED, CONTESTED, COUNSEL], v.LetterKind.MIXED),
        ([OPEN], v.LetterKind.MISSING),
        ([OPEN], v.LetterKind.HOLDING),
    ],
)
def test_every_letter_fits_its_schema(
    answers: list[Answer], kind: v.LetterKind, language: v.Language
) -> None:
    letter = _letter(answers, kind, language, missing=("written",), demo=True)
    Draft202012Validator(SCHEMA).validate(decode(encode(letter.as_json())))


ANSWERS = st.lists(
    st.tuples(st.sampled_from(v.Effect), st.sampled_from(v.Outcome)), min_size=1, max_size=len(ITEMS)
)


@given(ANSWERS, st.sampled_from(v.Language), st.tuples(st.booleans(), st.booleans()))
def test_no_letter_ever_repeats_who_was_asked_about_or_a_requesters_words(
    answers: list[Answer], language: v.Language, shown: tuple[bool, bool]
) -> None:
    e = evaluated(answers, rules=shown[0], nearest=shown[1])
    case = case_of(answers, e)
    said = str(compose(case, CUSTODIAN, e, language, kind_of(case), citations=CITATIONS).as_json())
    for secret in (
        SUBJECT,
        "Maribel",
        BORN,
        "000-00-0000",
        MESSAGE,
        "wage history",
        "person-1",
        "case-1",
        "hsi",
    ):
        assert secret not in said


@given(ANSWERS, st.sampled_from(v.Language))
def test_every_item_is_answered_once_and_only_what_is_handed_over_is_confirmed(
    answers: list[Answer], language: v.Language
) -> None:
    e = evaluated(answers)
    case = case_of(answers, e)
    letter = compose(case, CUSTODIAN, e, language, kind_of(case))
    assert sum(len(g.items) for g in letter.groups) == len(answers)
    t = texts(language)
    silent = {t.of("heading", k) for k in ("refuse", "contest", "counsel")}
    for group in letter.groups:
        assert (EXISTS[language] in group.text) == (group.heading in silent)
    released = any(outcome is v.Outcome.RELEASE for _, outcome in answers)
    assert (letter.conditions is not None) == released


@pytest.mark.parametrize("language", v.Language)
def test_a_refusal_always_cites_a_law_or_says_that_none_was_found(language: v.Language) -> None:
    for effect in v.Effect:
        for rules in (True, False):
            for nearest in (True, False):
                answers: list[Answer] = [(effect, v.Outcome.REFUSE)]
                (group,) = _letter(
                    answers, v.LetterKind.REFUSAL, language, rules=rules, nearest=nearest
                ).groups
                assert group.law
                assert group.citations or group.law.startswith(
                    texts(language).of("cited", "none", on="")[:20]
                )


def test_the_request_is_identified_by_reference_legal_date_and_the_requesters_own_number() -> None:
    letter = _letter([FORBIDDEN], v.LetterKind.REFUSAL)
    assert letter.lines == (
        ("Our reference", REF),
        ("Request received", "September 28, 2020"),  # 03:30 UTC on the 29th is still the 28th in Denver
        ("Your case number", "DV20-0117"),
    )
    without = _letter([FORBIDDEN], v.LetterKind.REFUSAL, request=attrs.evolve(REQUEST, case_number=""))
    assert [name for name, _ in without.lines] == ["Our reference", "Request received"]


def test_a_letter_is_addressed_to_whoever_signed_the_request_or_to_the_agency() -> None:
    letter = _letter([FORBIDDEN], v.LetterKind.REFUSAL)
    assert letter.recipient[:3] == ("Dale Pruett", "Special Agent", "Homeland Security Investigations")
    nobody = attrs.evolve(REQUEST, requester=Requester(officer=Officer()))
    assert _letter([FORBIDDEN], v.LetterKind.REFUSAL, request=nobody).recipient == ("The requesting agency",)


def test_a_demonstration_is_labelled_whoever_says_that_it_is_one() -> None:
    e = evaluated([FORBIDDEN])
    case = case_of([FORBIDDEN], e)
    kind = v.LetterKind.REFUSAL
    invented = attrs.evolve(case, row=attrs.evolve(case.row, demo=True))
    assert compose(case, CUSTODIAN, e, EN, kind).demonstration == ""
    assert compose(case, CUSTODIAN, e, EN, kind, demo=True).demonstration.startswith("Demonstration.")
    assert compose(case, attrs.evolve(CUSTODIAN, demo=True), e, ES, kind).demonstration
    assert compose(invented, CUSTODIAN, e, ES, kind).demonstration.startswith("Demostración.")


def test_no_clerk_is_named_in_a_letter() -> None:
    assert "person-1" not in str(_letter([FORBIDDEN], v.LetterKind.REFUSAL).as_json())


@pytest.mark.parametrize("language", v.Language)
def test_a_letter_says_how_to_check_it(language: v.Language) -> None:
    letter = _letter([FORBIDDEN], v.LetterKind.REFUSAL, language)
    assert REF in letter.check
    assert letter.command in letter.check
