"""Letters to requesters, composed from a case: who is answered, what is decided, and which law says so.

Hides wording. Promises, for every case and every kind:

* a refusal cites the law and neither confirms nor denies that a record exists;
* nothing of the persons asked about stands in a letter: items are named by kind of data, never in the
  requester's words, and no text of a paper or message is repeated;
* a requester is asked for papers, never for an assertion ("say it is criminal"), and is told nothing of
  what would change the answer beyond what the law names in public;
* a letter lists what kinds of data are handed over, never the data;
* a letter whose kind does not fit what was decided is refused here, not sent.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.kernel.clock import legal_date
from habeas.kernel.errors import bad
from habeas.letter.texts import Texts, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from habeas.domain.case import Case
    from habeas.domain.determination import Evaluation, ItemEvaluation, RuleHit
    from habeas.domain.request import Custodian, RequestedItem, Requester

TEMPLATE: Final = "letter/answer.typ"
"""The template's name for `usecases.ports.Typesetter`."""

SCHEMA: Final = "habeas.letter.v1"

COMMAND: Final = "habeas receipt verify FILE --vkey KEY"
"""What a reader runs to check the proof of a letter."""

_COURT, _WHOLE = "court_paper", "whole_paper"

PAPERS: Final[dict[str, str | None]] = {
    "custodian_kind": None,
    "requester_component": "letterhead",
    "requester_federal": "letterhead",
    "requester_enforces_immigration": None,
    "requester_verified": None,
    "immigration_purpose": _COURT,
    "criminal_investigation": _COURT,
    "crime_in_progress": _COURT,
    "offense": _COURT,
    "offense_on_face": _COURT,
    "program_duty": "program_authority",
    "emergency": None,
    "paper_authority": _WHOLE,
    "paper_form": _WHOLE,
    "paper_signer": _WHOLE,
    "paper_signed": _WHOLE,
    "paper_lapsed": _WHOLE,
    "paper_reaches_records": _WHOLE,
    "paper_addressed_to_us": _WHOLE,
    "paper_nature": _WHOLE,
    "enforcement_order": "enforcement_order",
    "for_litigant": _WHOLE,
    "motion_to_quash": None,
    "subjects": "persons",
    "certification": "certification",
    "agreement": "agreement",
    "required_by_law": None,
    "written": "written",
    "data_category": "items",
    "item_public": None,
    "item_in_scope": "items",
    "system_excluded": None,
    "consent": "consent",
}
"""The paper that can show each fact; None where the agency finds out itself (a call to a number from the
directory, its own records, counsel) and nothing is asked of the requester. Every fact stands here."""


@attrs.frozen
class Citation:
    """A law as a letter cites it: `note` says what is not verified, or not plainly in force."""

    cite: str
    text: str = ""
    note: str = ""


@attrs.frozen
class Group:
    """Items answered alike: a heading, a sentence, the items by kind of data, and the law."""

    heading: str
    text: str
    items: tuple[str, ...]
    law: str = ""
    citations: tuple[Citation, ...] = ()


@attrs.frozen
class Section:
    """A heading over a list of sentences."""

    heading: str
    points: tuple[str, ...]


@attrs.frozen
class Letter:
    """One letter, complete, as texts in the order they are read."""

    kind: v.LetterKind
    language: v.Language
    title: str
    agency: str
    unit: str
    contact: tuple[str, ...]
    recipient: tuple[str, ...]
    dated_on: date
    dated: str
    reference: str
    lines: tuple[tuple[str, str], ...]
    salutation: str
    opening: str
    groups: tuple[Group, ...]
    papers: Section | None
    papers_note: str
    conditions: Section | None
    closing: Section
    check_heading: str
    check: str
    command: str
    page: str
    demonstration: str

    def as_json(self) -> dict[str, Any]:
        """The document `habeas.letter.v1`: what the template prints."""
        plain = attrs.asdict(self, value_serializer=_plain)
        return {"schema": SCHEMA, **plain}


def _plain(_: object, __: object, value: Any) -> Any:  # noqa: ANN401 - any member of a letter
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def kind_of(case: Case) -> v.LetterKind:
    """The letter that a case calls for as it stands: by item while answers differ, a holding letter while
    an item is undecided.
    """
    outcomes = {case.outcome(i.item_id) for i in case.items}
    if not outcomes or None in outcomes:
        return v.LetterKind.HOLDING
    if outcomes == {v.Outcome.RELEASE}:
        return v.LetterKind.RELEASE
    return v.LetterKind.REFUSAL if outcomes == {v.Outcome.REFUSE} else v.LetterKind.MIXED


def compose(  # noqa: PLR0913 - a letter has this many sources, each named
    case: Case,
    custodian: Custodian,
    evaluation: Evaluation | None,
    language: v.Language,
    kind: v.LetterKind,
    *,
    on: date | None = None,
    citations: Mapping[str, tuple[str, str]] | None = None,
    demo: bool = False,
) -> Letter:
    """The letter of a kind about a case.

    `evaluation` is the one the decisions rest on (a holding letter needs none); `on` the letter's legal
    date (default: the evaluation's); `citations` gives a rule's id its citation and plain text in the
    letter's language. Errors: `letter.kind.unfit`, `letter.evaluation.missing`, `letter.papers.none`.
    """
    _check_fit(case, kind)
    if evaluation is None and (kind is not v.LetterKind.HOLDING or on is None):
        raise bad("letter.evaluation.missing", "letter", kind=kind)
    t = texts(language)
    dated_on = on or date.fromisoformat(evaluation.on if evaluation else "")
    received = t.day(legal_date(case.request.received_at, custodian.zone))
    unit = custodian.unit(case.request.holder.unit)
    answering = evaluation is not None and kind not in (v.LetterKind.HOLDING, v.LetterKind.MISSING)
    invented = demo or custodian.demo or case.row.demo
    papers = _papers(evaluation, t) if evaluation and kind is v.LetterKind.MISSING else None
    return Letter(
        kind=kind,
        language=language,
        title=t.of("title", kind),
        agency=custodian.name,
        unit=unit.name if unit else "",
        contact=_lines(custodian.contact),
        recipient=_recipient(case.read.requester if case.read else case.request.requester, t),
        dated_on=dated_on,
        dated=t.day(dated_on),
        reference=case.request_ref,
        lines=_reference_lines(case, received, t),
        salutation=t.of("opening", "salutation"),
        opening=t.of("opening", kind, received=received),
        groups=_groups(case, evaluation, t, citations or {}) if evaluation and answering else (),
        papers=papers,
        papers_note=t.of("papers_note", "text") if papers else "",
        conditions=_conditions(case, t) if answering else None,
        closing=Section(t.of("heading", "closing"), tuple(t.of("closing", k) for k in t.keys("closing"))),
        check_heading=t.of("heading", "check"),
        check=t.of("check", "text", reference=case.request_ref, command=COMMAND),
        command=COMMAND,
        page=t.sections["label"]["page"],
        demonstration=t.of("label", "demonstration") if invented else "",
    )


def _check_fit(case: Case, kind: v.LetterKind) -> None:
    """A letter says what was decided and nothing else."""
    outcomes = [case.outcome(i.item_id) for i in case.items]
    released = outcomes.count(v.Outcome.RELEASE)
    whole = bool(outcomes) and None not in outcomes
    fits = {
        v.LetterKind.REFUSAL: whole and not released and v.Outcome.REFUSE in outcomes,
        v.LetterKind.RELEASE: whole and released == len(outcomes),
        v.LetterKind.MIXED: whole,
        v.LetterKind.MISSING: bool(outcomes) and not released,
        v.LetterKind.HOLDING: not released,
    }
    if not fits[kind]:
        raise bad("letter.kind.unfit", "letter", kind=kind)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _recipient(requester: Requester, t: Texts) -> tuple[str, ...]:
    """Whom the letter goes to: the officer who signed the request, by name, title and office."""
    officer = requester.officer
    found = [officer.name, officer.title, requester.organisation_name, *_lines(officer.address)]
    return tuple(line for line in found if line) or (t.of("label", "recipient"),)


def _reference_lines(case: Case, received: str, t: Texts) -> tuple[tuple[str, str], ...]:
    lines = [
        (t.of("label", "reference"), case.request_ref),
        (t.of("label", "received"), received),
        (t.of("label", "case_number"), case.request.case_number),
    ]
    return tuple(line for line in lines if line[1])


def _papers(evaluation: Evaluation, t: Texts) -> Section:
    """The papers that can show what is not established, each once, in the order of the texts."""
    wanted = {PAPERS.get(m.fact) for item in evaluation.items for m in item.missing}
    points = tuple(t.of("papers", key) for key in t.keys("papers") if key in wanted)
    if not points:
        raise bad("letter.papers.none", "letter")
    return Section(t.of("heading", "papers"), points)


def _conditions(case: Case, t: Texts) -> Section | None:
    if not any(case.outcome(i.item_id) is v.Outcome.RELEASE for i in case.items):
        return None
    return Section(t.of("heading", "conditions"), tuple(t.of("conditions", k) for k in t.keys("conditions")))


_ORDER: Final = (
    v.Outcome.RELEASE, v.Outcome.REFUSE, v.Outcome.CONTEST, v.Outcome.COUNSEL, v.Outcome.NO_RECORDS,
    v.Outcome.NOT_CUSTODIAN, v.Outcome.WITHDRAWN,
)  # fmt: skip


def _groups(
    case: Case, evaluation: Evaluation, t: Texts, citations: Mapping[str, tuple[str, str]]
) -> tuple[Group, ...]:
    """Items with one answer under one law stand together, in the order of `_ORDER`."""
    found: dict[Group, list[str]] = {}
    for outcome in _ORDER:
        for number, item in enumerate(case.items, start=1):
            if case.outcome(item.item_id) is outcome:
                group = _group(outcome, evaluation.item(item.item_id), evaluation.on, t, citations)
                found.setdefault(group, []).append(_label(number, item, t))
    return tuple(attrs.evolve(group, items=tuple(items)) for group, items in found.items())


def _label(number: int, item: RequestedItem, t: Texts) -> str:
    return t.of("label", "item", number=number, category=t.of("category", item.category))


def _group(
    outcome: v.Outcome, item: ItemEvaluation, on: str, t: Texts, citations: Mapping[str, tuple[str, str]]
) -> Group:
    """The answer to one item, still without the item itself."""
    heading = t.of("heading", outcome)
    cited = tuple(_citation(rule, t, citations) for rule in item.rules)
    rules = t.of("cited", "rules") if cited else ""
    match outcome:
        case v.Outcome.RELEASE:
            key = "required" if item.effect is v.Effect.REQUIRED else "other"
            return Group(heading, t.of("release", key), (), rules, cited)
        case v.Outcome.REFUSE:
            text = t.of("refuse", item.effect if item.effect in t.keys("refuse") else "other")
            if cited:
                return Group(heading, text, (), rules, cited)
            nearest = tuple(_citation(rule, t, citations) for rule in item.nearest)
            law = "nearest" if nearest else "none"
            return Group(heading, text, (), t.of("cited", law, on=t.day(date.fromisoformat(on))), nearest)
        case v.Outcome.CONTEST:
            return Group(heading, t.of("outcome", outcome), (), rules, cited)
        case _:
            return Group(heading, t.of("outcome", outcome), ())


def _citation(rule: RuleHit, t: Texts, citations: Mapping[str, tuple[str, str]]) -> Citation:
    """The rule as cited: its own citation where the caller has no words for it."""
    cite, text = citations.get(rule.id, (rule.cite, ""))
    notes = [] if rule.status is v.PackStatus.IN_FORCE else [t.of("status", rule.status)]
    if not rule.verified:
        notes.append(t.of("label", "unverified"))
    return Citation(cite, text, "; ".join(notes))
