"""The first verdict: what a paper is, who issued it, must we answer, by when, what to do next.

Promises a sentence that claims no more than the reading and the rules say: a paper nobody could read, or
one the machine doubts, asks for a person and nothing else; "must we answer" is asked about records, so a
paper that reaches a person says that; and what the law allows is said in the rules' own words
(`policy.words`), never in words of this page. Every value here is a closed word, a date or our own text:
no name, nothing a stranger wrote. `_verdict.html` draws it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from habeas.console.office import desk
from habeas.console.terms import term
from habeas.console.words import language, say
from habeas.domain import vocabulary as v
from habeas.domain.facts import PaperForm
from habeas.domain.instrument import FORMS, FieldName, Instrument, lapsed
from habeas.kernel.clock import legal_date, read_date
from habeas.kernel.errors import BadInput
from habeas.policy.effect import TOWARD_RELEASE
from habeas.policy.words import value_word
from habeas.usecases.deadlines import deadlines
from habeas.usecases.determine import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from habeas.domain.case import Case
    from habeas.domain.determination import Evaluation
    from habeas.domain.request import Custodian

_JUDGES: Final = frozenset(
    {v.SignerClass.ARTICLE_III_JUDGE, v.SignerClass.MAGISTRATE_JUDGE, v.SignerClass.STATE_JUDGE}
)
_PROCESS: Final = frozenset({v.Authority.JUDICIAL, v.Authority.COURT_CLERK_OR_ATTORNEY})
_COUNSEL_FIRST: Final = frozenset({v.Effect.REQUIRED, v.Effect.CONTEST_FIRST, v.Effect.CONFLICT})
_BOOKS: Final = frozenset(
    {v.DutyKind.RECORD, v.DutyKind.REPORT, v.DutyKind.ACCOUNT, v.DutyKind.PUBLISH_COPY, v.DutyKind.AGREEMENT}
)
"""Duties that keep books and wait for nobody; the case page lists them with the others."""

_LAST_DAYS: Final = (FieldName.EXECUTE_BY_ON, FieldName.RETURN_ON)
_NOT_HANDED_OVER: Final = frozenset(
    {v.CaseState.RECEIVED, v.CaseState.READ, v.CaseState.CONFIRMED, v.CaseState.DECIDED}
)


@attrs.frozen
class Day:
    """A day that matters. `what` says which in words; `at_once` where a duty has no stated length."""

    what: str
    on: date
    late: bool = False
    at_once: bool = False
    cite: str = ""


@attrs.frozen
class Verdict:
    """What `_verdict.html` shows, in the page's language.

    `stop` asks for the red first words; `sentences` is the verdict read aloud; `paper`, `issued`,
    `signed` and `must` are the same as answers to four questions; `doubts` say why a person must look.
    """

    stop: bool
    counsel: str
    sentences: tuple[str, ...]
    paper: str
    issued: str
    signed: str
    must: str
    doubts: tuple[str, ...]
    days: tuple[Day, ...]
    steps: tuple[str, ...]
    papers: int = 0
    decided: bool = False


def verdict(case: Case, found: Evaluation | None = None) -> Verdict:
    """The verdict of a case now, under `found`: default what it was decided by, else the law of today."""
    ports = desk().ports
    custodian = ports.directory.custodian(case.custodian)
    if found is None and case.read is not None and case.items:
        found = case.evaluation or evaluate(ports, case)
    return verdict_of(case, custodian, found, legal_date(ports.clock.now(), custodian.zone))


def verdict_of(case: Case, custodian: Custodian, found: Evaluation | None, today: date) -> Verdict:
    """The verdict of a case for its agency on a legal date; `found` is None while nothing was read."""
    paper = _paper_of(case)
    on = read_date(case.evaluation.on, "evaluation") if case.evaluation else today
    doubts = () if paper is None else tuple(_doubts(paper, case, on))
    must = _must(case, paper, doubts)
    effect = _effect(found)
    papers = sum(max(1, len(p.instruments)) for p in case.read.papers) if case.read else 0
    return Verdict(
        stop=case.state in _NOT_HANDED_OVER,
        counsel=custodian.counsel,
        sentences=tuple(_sentences(case, paper, papers, must, effect)),
        paper=_paper(case, paper),
        issued="" if paper is None else term("authority", paper.authority),
        signed="" if paper is None else _signed(paper),
        must=term("compulsion", must) if must in set(v.Compulsion) else say(f"verdict.must.{must}"),
        doubts=tuple(say(f"verdict.doubt.{doubt}") for doubt in doubts),
        days=tuple(_days(case, custodian, found, today)),
        steps=tuple(say(f"verdict.step.{step}") for step in _steps(case, found, doubts, effect)),
        papers=papers,
        decided=case.state in (v.CaseState.DECIDED, v.CaseState.AUTHORIZED, v.CaseState.CLOSED),
    )


# ---------------------------------------------------------------------------------------- the paper


@attrs.frozen
class _Shown(Instrument):
    """A paper as it stands now: the machine's reading, with what a person said of it laid over.

    `form` is set where the person says that it is another kind of paper than the machine read.
    """

    form: PaperForm | None = None


def _paper_of(case: Case) -> _Shown | None:
    """The paper that speaks for the case; None where only a message came."""
    read = case.instrument
    if read is None:
        return None
    shown = _Shown(**{field.name: getattr(read, field.name) for field in attrs.fields(Instrument)})
    said = {n: f.value for n, f in case.facts.facts.items() if f.reading is v.Reading.PERSON}
    if "paper_authority" in said:
        shown = attrs.evolve(shown, authority=_authority(said["paper_authority"]))
    if said.get("paper_form", v.UNKNOWN) not in (v.UNKNOWN, FORMS[shown.kind].form):
        form = PaperForm(said["paper_form"])
        sorted_so = next((f for f in FORMS.values() if f.form is form), FORMS[v.InstrumentKind.UNKNOWN])
        shown = attrs.evolve(shown, form=form, compulsion=sorted_so.compulsion, reaches=sorted_so.reaches)
    if "paper_reaches_records" in said:
        shown = attrs.evolve(shown, reaches=_reaches(said["paper_reaches_records"], shown.reaches))
    if shown.authority is v.Authority.NONE:
        shown = attrs.evolve(shown, compulsion=v.Compulsion.VOLUNTARY)
    return attrs.evolve(
        shown,
        signed=v.YesNo(said.get("paper_signed", shown.signed)),
        signer_class=v.SignerClass(said.get("paper_signer", shown.signer_class)),
        addressed_to_us=v.YesNo(said.get("paper_addressed_to_us", shown.addressed_to_us)),
    )


def _authority(said: str) -> v.Authority:
    """What a person says about the issuer; one who cannot say either leaves it unreadable."""
    return v.Authority.UNREADABLE if said == v.UNKNOWN else v.Authority(said)


def _reaches(said: str, read: v.Reaches) -> v.Reaches:
    """What the paper reaches, by a person's yes or no about records."""
    if said == v.YesNo.YES:
        return v.Reaches.RECORDS
    if said == v.YesNo.NO:
        return v.Reaches.NOTHING if read in (v.Reaches.RECORDS, v.Reaches.UNKNOWN) else read
    return v.Reaches.UNKNOWN


# ------------------------------------------------------------------------------------- the sentence


def _sentences(case: Case, paper: _Shown | None, papers: int, must: str, effect: str) -> Iterator[str]:
    """Paper, issuer, must we answer, the rules: each only where it is known."""
    if case.read is None:
        yield say("verdict.unread")
        return
    if paper is None:
        yield say("verdict.message_only")
    elif paper.authority is v.Authority.UNREADABLE:
        yield say("verdict.unreadable")
    else:
        yield say(f"verdict.this_is.{paper.kind}") if paper.form is None else _as_said(paper.form)
        yield _issued(paper)
        if (
            must != v.Compulsion.SELF_EXECUTING or effect not in _COUNSEL_FIRST
        ):  # those effects say it themselves
            yield say(f"verdict.must_sentence.{must}")
    if papers > 1:
        yield say("verdict.several", n=papers)
    if effect == "mixed":
        yield say("verdict.mixed")
    elif effect:
        yield term("effect_sentence", effect)
    if case.state is v.CaseState.READ:
        yield say("verdict.check_first")


def _as_said(form: PaperForm) -> str:
    return say("verdict.person_says", form=value_word("paper_form", form).of(language()))


def _issued(paper: Instrument) -> str:
    """Who issued it, and what its signature is worth."""
    if paper.proposed is v.YesNo.YES:
        return say("verdict.issued.proposed")
    key = f"{paper.authority}_{paper.signed}"
    if key == "judicial_yes":
        known = paper.signer_class in _JUDGES
        signer = term("signer", paper.signer_class) if known else say("verdict.a_judge")
        return say("verdict.issued.judicial_yes", signer=signer[:1].upper() + signer[1:])
    return say(f"verdict.issued.{key}")


def _paper(case: Case, paper: _Shown | None) -> str:
    if case.read is None:
        return say("verdict.paper_unread")
    if paper is None:
        return say("verdict.paper_none")
    if paper.form is None:
        return term("paper", paper.kind)
    form = value_word("paper_form", paper.form).of(language())
    return form[:1].upper() + form[1:]


def _signed(paper: Instrument) -> str:
    """Signed or not, and by whom where that was read."""
    said = term("signed", paper.signed)
    if paper.signed is v.YesNo.YES and paper.signer_class not in (v.SignerClass.UNKNOWN, v.SignerClass.NONE):
        return f"{said}: {term('signer', paper.signer_class)}"
    return said


# ------------------------------------------------------------------------------------ must we answer


def _doubts(paper: Instrument, case: Case, on: date) -> Iterator[str]:
    """Why a person must look at the paper before anybody relies on it."""
    if paper.authority is v.Authority.UNREADABLE:
        yield "unreadable"
        return
    if paper.proposed is v.YesNo.YES:
        yield "proposed"
    if paper.authority in _PROCESS and paper.signed is not v.YesNo.YES:
        yield "unsigned"
    if paper.filled is v.YesNo.NO:
        yield "blank"
    if lapsed(paper, on)[0] is v.YesNo.YES:
        yield "lapsed"
    if paper.addressed_to_us is v.YesNo.NO:
        yield "not_to_us"
    if paper.needs_person and case.state is v.CaseState.READ:
        yield "machine"


def _must(case: Case, paper: Instrument | None, doubts: tuple[str, ...]) -> str:
    """The key of the answer to "must we answer?", which is asked about records."""
    if case.read is None:
        return "unread"
    if paper is None:
        return "message"
    if paper.authority is v.Authority.UNREADABLE:
        return "unknown"
    if paper.compulsion is v.Compulsion.VOLUNTARY:
        return "voluntary"
    if paper.reaches in (v.Reaches.PERSON, v.Reaches.PREMISES, v.Reaches.NOTHING):
        return str(paper.reaches)
    if doubts or paper.reaches is v.Reaches.UNKNOWN:
        return "unknown"
    return str(paper.compulsion)


def _effect(found: Evaluation | None) -> str:
    """The effect of all items; `mixed` where they differ; "" where there is none."""
    effects = {item.effect for item in found.items} if found else set()
    if len(effects) > 1:
        return "mixed"
    return next((str(effect) for effect in TOWARD_RELEASE if effect in effects), "")


# ------------------------------------------------------------------------------------------ by when


def _days(case: Case, custodian: Custodian, found: Evaluation | None, today: date) -> Iterator[Day]:
    """The paper's own last days, then every duty that runs, each in order."""
    open_ = case.state is not v.CaseState.CLOSED
    named = {
        (field.name, on)
        for paper in (case.read.papers if case.read else ())
        for instrument in paper.instruments
        for field in instrument.fields
        if field.name in _LAST_DAYS and (on := _date(field.value)) is not None
    }
    for name, on in sorted(named, key=lambda found: (found[1], found[0])):
        yield Day(say(f"verdict.day.{name}"), on, late=open_ and on < today)
    for running in deadlines(case, custodian, found) if found else ():
        if running.due_on is not None and running.duty.kind not in _BOOKS:
            duty, on = running.duty, running.due_on
            late = open_ and duty.days is not None and on < today
            yield Day(term("duty", duty.kind), on, late, at_once=duty.days is None, cite=duty.rule.cite)


def _date(text: str) -> date | None:
    """A field's date; what was read in another form names no day."""
    try:
        return read_date(text, "paper")
    except BadInput:
        return None


# -------------------------------------------------------------------------------------- what is next


def _steps(case: Case, found: Evaluation | None, doubts: tuple[str, ...], effect: str) -> Iterator[str]:
    """The next steps in order, by where the case stands and what the rules say."""
    match case.state:
        case v.CaseState.RECEIVED:
            yield from ("nothing", "take", "wait")
        case v.CaseState.READ | v.CaseState.CONFIRMED:
            yield from _before_decision(case, found, doubts, effect)
        case v.CaseState.DECIDED:
            yield from _decided(case)
        case v.CaseState.AUTHORIZED:
            yield "letter" if case.left else "hand_over"
        case v.CaseState.CLOSED:
            yield "done"


def _before_decision(
    case: Case, found: Evaluation | None, doubts: tuple[str, ...], effect: str
) -> Iterator[str]:
    yield "nothing"
    effects = {item.effect for item in found.items} if found else set()
    duties = {duty.kind for item in found.items for duty in item.duties} if found else set()
    if effects & _COUNSEL_FIRST or "lapsed" in doubts or "proposed" in doubts:
        yield "counsel"
    if v.DutyKind.CALL_BACK in duties or case.facts.value("emergency") == v.YesNo.YES:
        yield "call_back"
    if case.state is v.CaseState.READ:
        yield "look" if "unreadable" in doubts else "check" if case.instrument else "check_message"
    if v.Effect.UNDETERMINED in effects:
        yield "find_out"
    yield "decide_each" if effect == "mixed" else "decide"


def _decided(case: Case) -> Iterator[str]:
    outcomes = {case.outcome(item.item_id) for item in case.items}
    if None in outcomes:
        yield "decide_rest"
    if v.Outcome.RELEASE in outcomes:
        yield "second"
    if outcomes & {v.Outcome.COUNSEL, v.Outcome.CONTEST}:
        yield "with_counsel"
    if outcomes.isdisjoint({None, v.Outcome.RELEASE, v.Outcome.COUNSEL, v.Outcome.CONTEST}):
        yield "letter"
