"""The first verdict: never more than the reading and the rules say, in both languages, complete."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from habeas.domain import vocabulary as v
from habeas.domain.instrument import FORMS
from tests.console.office import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.console.verdict import Verdict
    from habeas.domain.case import Case
    from tests.console.office import Office

TODAY = date(2020, 10, 15)


@pytest.fixture(autouse=True)
def _english(office: Office) -> Iterator[None]:
    from django.utils import translation

    del office  # Django is set up
    with translation.override("en"):
        yield


def of(case: Case) -> Verdict:
    from habeas.console.verdict import verdict

    return verdict(case)


def load(office: Office, name: str) -> Case:
    return office.desk.ports.cases.load(office.case_id(name))


def reread(case: Case, **changed: Any) -> Case:
    """The case, its only paper read otherwise."""
    assert case.read is not None
    (paper,) = case.read.papers
    (instrument,) = paper.instruments
    other = attrs.evolve(paper, instruments=(attrs.evolve(instrument, **changed),))
    return attrs.evolve(case, read=attrs.evolve(case.read, papers=(other,)))


def test_a_removal_warrant_is_told_as_what_it_is(office: Office) -> None:
    told = of(load(office, "i205"))
    assert told.sentences[:3] == (
        "This is an immigration removal warrant (I-205).",
        "Its own agency issued it; no judge signed it.",
        "It is about a person. It does not reach your records.",
    )
    assert told.must == "Not with records: this paper is about a person"
    assert told.stop
    assert told.counsel == "(303) 555-0149"
    assert told.steps[0] == "Hand nothing over, and say neither yes nor no."
    assert told.sentences[-1] == "A person must check this reading first."


def test_a_subpoena_has_its_day_and_counsel_comes_first(office: Office) -> None:
    told = of(load(office, "subpoena"))
    assert [(d.what, d.on.isoformat(), d.late) for d in told.days][:1] == [
        ("The paper wants its answer", "2020-10-26", False)
    ]
    assert "counsel" in told.steps[1]
    assert told.must.startswith("Yes")


def test_a_message_alone_is_no_paper(office: Office) -> None:
    told = of(load(office, "mail"))
    assert told.paper == "No legal paper, only a message"
    assert told.issued == ""
    assert told.must.startswith("No:")


@pytest.mark.parametrize(
    ("changed", "doubt"),
    [
        ({"signed": v.YesNo.NO}, "No signature was found"),
        ({"signed": v.YesNo.UNKNOWN}, "No signature was found"),
        ({"proposed": v.YesNo.YES}, "It is a draft"),
        ({"filled": v.YesNo.NO}, "not filled in"),
        ({"addressed_to_us": v.YesNo.NO}, "somebody else"),
        ({"needs_person": True}, "not sure"),
    ],
)
def test_a_doubted_warrant_is_never_told_to_be_answered(office: Office, changed: Any, doubt: str) -> None:
    told = of(reread(load(office, "fax"), **changed))
    assert any(doubt in said for said in told.doubts)
    assert told.must == "A person must find out"
    assert "It must be answered, unless counsel objects." not in told.sentences


def test_a_warrant_whose_day_has_passed_is_doubted_and_late(office: Office) -> None:
    from habeas.console.verdict import verdict_of

    case = load(office, "fax")
    custodian = office.desk.ports.directory.custodian(case.custodian)
    told = verdict_of(case, custodian, None, date(2020, 10, 25))
    assert told.doubts == ("Its own last day has passed.",)
    assert told.days[0].late
    assert verdict_of(case, custodian, None, TODAY).doubts == ()


def test_an_unreadable_paper_says_nothing_but_that(office: Office) -> None:
    from habeas.domain.instrument import unreadable

    case = load(office, "fax")
    assert case.read is not None
    paper = attrs.evolve(case.read.papers[0], instruments=(unreadable(),))
    told = of(attrs.evolve(case, read=attrs.evolve(case.read, papers=(paper,))))
    assert told.sentences[0] == "A person must look at this paper: the machine cannot read it."
    assert told.must == "A person must find out"
    assert "judge" not in " ".join(told.sentences)


def test_what_a_person_says_of_a_paper_goes_before_the_machine(office: Office) -> None:
    from habeas.domain.vocabulary import Source
    from habeas.usecases.confirm import Correction, confirm

    case = load(office, "fax")
    person = office.person("s.okafor")
    said = (
        Correction("paper_authority", "administrative", Source.REQUESTER),
        Correction("paper_form", "administrative_subpoena", Source.REQUESTER),
        Correction("paper_signer", "agency_officer", Source.REQUESTER),
    )
    confirm(office.desk.ports, case.case_id, person, said, expected_version=case.version)
    told = of(office.desk.ports.cases.load(case.case_id))
    assert told.sentences[:3] == (
        "This is: agency subpoena. A person says so.",
        "Its own agency issued it; no judge signed it.",
        "On its own it does not make you answer: only a court can.",
    )
    assert told.must == "Not yet: only a court can make you"
    assert "check this reading" not in " ".join(told.sentences)


def test_before_the_reading_nothing_is_known(office: Office) -> None:
    case = attrs.evolve(load(office, "i205"), read=None, state=v.CaseState.RECEIVED, items=())
    told = of(case)
    assert told.sentences == ("Nobody has read this yet. Until somebody has, it opens nothing.",)
    assert told.must == "Not known yet"
    assert told.stop


def test_the_steps_follow_the_case_to_its_end(office: Office) -> None:
    from habeas.domain.determination import ItemDetermination
    from habeas.domain.vocabulary import Outcome
    from habeas.usecases.confirm import confirm
    from habeas.usecases.determine import determine

    ports = office.desk.ports
    case_id = office.case_id("i138")
    reviewer = office.person("m.reyes")
    confirm(ports, case_id, reviewer)
    assert "A reviewer decides." in of(ports.cases.load(case_id)).steps
    case = ports.cases.load(case_id)
    decisions = tuple(ItemDetermination(i.item_id, Outcome.REFUSE, "not needed") for i in case.items)
    determine(ports, case_id, reviewer, decisions)
    told = of(ports.cases.load(case_id))
    assert told.steps == ("Send the answer, and note how and when it went.",)
    assert told.decided
    released = tuple(ItemDetermination(i.item_id, Outcome.RELEASE, "a program duty") for i in case.items)
    determine(ports, case_id, reviewer, released)
    assert of(ports.cases.load(case_id)).steps == ("A second person must approve before anything leaves.",)
    closed = attrs.evolve(ports.cases.load(case_id), state=v.CaseState.CLOSED)
    told = of(closed)
    assert told.steps == ("Nothing. This request is answered.",)
    assert not told.stop


@pytest.mark.parametrize("language", list(v.Language))
@pytest.mark.parametrize("kind", list(v.InstrumentKind))
def test_every_kind_of_paper_is_said_by_its_title(kind: v.InstrumentKind, language: v.Language) -> None:
    from habeas.console.words import say_in

    said = say_in(language, f"verdict.this_is.{kind}")
    title = FORMS[kind].title_es if language is v.Language.ES else FORMS[kind].title_en
    assert title.removeprefix("other ") in said


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("authority", list(v.Authority))
@pytest.mark.parametrize("signed", list(v.YesNo))
def test_every_combination_can_be_told(
    office: Office, authority: v.Authority, signed: v.YesNo, language: str
) -> None:
    from django.utils import translation

    case = load(office, "fax")
    with translation.override(language):
        for reaches in v.Reaches:
            for compulsion in v.Compulsion:
                told = of(
                    reread(case, authority=authority, signed=signed, reaches=reaches, compulsion=compulsion),
                )
                assert all(told.sentences)
                assert told.must
                assert told.steps


@pytest.mark.parametrize("name", list(OPEN))
def test_the_verdict_holds_nothing_that_a_stranger_wrote(office: Office, name: str) -> None:
    case = load(office, name)
    told = " ".join((*of(case).sentences, *of(case).steps))
    names = [s.name for s in case.request.subjects] + [case.request.requester.officer.name]
    names += [
        f.value for p in (case.read.papers if case.read else ()) for i in p.instruments for f in i.fields
    ]
    assert not [n for n in names if len(n) > 6 and n in told]
