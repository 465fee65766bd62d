"""Answer: the letter that goes out, kept as sent, and the fact that it was sent.

The letter is typeset and stored under the case's key first; then one `notice.sent` says so. A release's
letter goes only after two persons authorized it (intent precedes act). Nobody needs the letter's text
to check it: its digest is in the event.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, time
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import attrs

from habeas.domain.disclosure import Notice
from habeas.domain.events import Event
from habeas.domain.vocabulary import CaseState, CustodianKind, EventKind, Language, LetterKind, Outcome
from habeas.kernel.clock import legal_date, read_date
from habeas.kernel.errors import BadInput, bad, problem
from habeas.kernel.shape import to_json
from habeas.letter.compose import TEMPLATE, compose, kind_of
from habeas.usecases.determine import evaluate
from habeas.usecases.disclose import released
from habeas.usecases.standing import case_for
from habeas.usecases.tally import answered_row, row_of

if TYPE_CHECKING:
    from habeas.domain.case import Case
    from habeas.domain.determination import Evaluation
    from habeas.domain.events import Recorded
    from habeas.domain.request import Custodian, Person
    from habeas.letter.compose import Letter
    from habeas.usecases.ports import Ports


QUESTIONS: Final = frozenset({LetterKind.MISSING, LetterKind.HOLDING})
"""The letters that decide nothing: what is still missing, or that the request came in."""


@attrs.frozen
class Draft:
    """A letter as it would go out: what it says, and its PDF."""

    letter: Letter
    pdf: bytes = attrs.field(repr=False)

    @property
    def kind(self) -> LetterKind:
        """What kind of letter it is."""
        return self.letter.kind

    @property
    def sha256(self) -> str:
        """The digest of its PDF: the version that a person looked at is the one that is sent and recorded."""
        return hashlib.sha256(self.pdf).hexdigest()


def draft(
    ports: Ports,
    case_id: str,
    language: Language,
    kind: LetterKind | None = None,
    *,
    at: datetime | None = None,
) -> Draft:
    """A letter as it would go out at an instant (default: now), typeset. Writes nothing.

    `kind` is one of `QUESTIONS`, or None for the answer that the case calls for. The same case, kind and
    day give the same bytes.
    """
    return _draft(ports, ports.cases.load(case_id), language, kind, at or ports.clock.now())


def _draft(ports: Ports, case: Case, language: Language, kind: LetterKind | None, at: datetime) -> Draft:
    custodian = ports.directory.custodian(case.request.holder.custodian)
    found = case.evaluation or evaluate(ports, case)
    on = legal_date(at, custodian.zone)
    citations = _citations(ports, case, found, language)
    wanted = kind or kind_of(case)
    letter = compose(case, custodian, found, language, wanted, on=on, citations=citations)
    made_at = datetime.combine(
        on, time(), ZoneInfo(custodian.zone)
    )  # the day's start, or no two would be alike
    return Draft(letter, ports.typesetter.pdf(TEMPLATE, letter.as_json(), made_at))


def _citations(ports: Ports, case: Case, found: Evaluation, language: Language) -> dict[str, tuple[str, str]]:
    """Each rule's citation and its sentence in the letter's language, from the packs that decided."""
    custodian = ports.directory.custodian(case.request.holder.custodian)
    categories = tuple(str(i.category) for i in case.items)
    version = ports.packs.resolve(custodian, categories, read_date(found.on, "evaluation"))
    return {rule.id: (rule.cite, pack.texts[language][rule.id]) for pack, rule in version.all_rules()}


def send(  # noqa: PLR0913 - what is to be known about a letter, each part named
    ports: Ports,
    case_id: str,
    person: Person,
    language: Language,
    *,
    means: str,
    kind: LetterKind | None = None,
    sent_at: datetime | None = None,
    looked_at: str = "",
    expected_version: int | None = None,
) -> tuple[Recorded, ...]:
    """Keep the letter and write that it was sent; an answer closes the case, a question does not.

    `sent_at` is when it went out, if that was earlier than now. `looked_at` is the digest of the draft that
    a person saw: another letter than that one is refused, so that nobody sends what nobody read.
    """
    case = case_for(ports, case_id, person, expected_version)
    custodian = ports.directory.custodian(case.request.holder.custodian)
    question = kind in QUESTIONS
    check_ready(ports, case, kind)
    now = ports.clock.now()
    at = sent_at or now
    _check_sending(ports, case, means, at, question=question)
    made = _draft(ports, case, language, kind, at)
    if looked_at and looked_at != made.sha256:
        raise bad("answer.letter.changed", "letter")
    blob = ports.blobs.put(made.pdf, case_id)
    recipient = case.read.requester.officer.email if case.read else case.request.requester.officer.email
    notice = Notice(str(made.kind), str(language), recipient, means, made.sha256, at, blob=blob)
    row = row_of(case, EventKind.NOTICE_SENT) if question else answered_row(case, custodian, at)
    event = Event(EventKind.NOTICE_SENT, now, person.person_id, row, {}, to_json(notice))
    return ports.cases.append(case_id, case.version, [event])


def check_ready(ports: Ports, case: Case, kind: LetterKind | None) -> None:
    """Refuse a letter that a case does not call for now: a question after the decision, an answer before."""
    if kind in QUESTIONS:
        _check_askable(case)
    else:
        _check_answerable(case, ports.directory.custodian(case.request.holder.custodian))


def _check_sending(ports: Ports, case: Case, means: str, at: datetime, *, question: bool) -> None:
    """A letter goes out somehow, not in the future, and not before what it tells had happened."""
    problems = []
    if not means.strip():
        problems.append(problem("answer.means.missing", "means"))
    if at > ports.clock.now():
        problems.append(problem("answer.sent.in_future", "sent_at"))
    if at < _earliest(ports, case, question=question):
        problems.append(problem("answer.sent.too_early", "sent_at"))
    if problems:
        raise BadInput(problems)


_TOLD: Final = frozenset(
    {EventKind.DETERMINATION_MADE, EventKind.ITEM_OVERRIDDEN, EventKind.DISCLOSURE_AUTHORIZED}
)
"""What an answer tells: it cannot have gone out before the last of them."""


def _earliest(ports: Ports, case: Case, *, question: bool) -> datetime:
    """The first minute at which the letter could have gone out."""
    told = () if question else ports.cases.history(case.case_id)
    instants = (case.request.received_at, *(r.event.at for r in told if r.event.kind in _TOLD))
    return max(instants).replace(second=0, microsecond=0)


_NOT_FINAL: Final = frozenset({Outcome.COUNSEL, Outcome.CONTEST})


def _check_askable(case: Case) -> None:
    if case.state not in (CaseState.READ, CaseState.CONFIRMED):
        raise bad("answer.question.too_late", "case", state=case.state)


def _check_answerable(case: Case, custodian: Custodian) -> None:
    if custodian.kind is CustodianKind.VENDOR:
        raise bad("determination.vendor.cannot_answer", "case")
    undecided = [i.item_id for i in case.items if case.outcome(i.item_id) is None]
    if undecided or not case.items:
        raise bad("answer.items.undecided", "case", items=", ".join(undecided) or "none")
    away = [i.item_id for i in case.items if case.outcome(i.item_id) in _NOT_FINAL]
    if away:
        raise bad("answer.items.with_counsel", "case", items=", ".join(away))
    going = released(case)
    if going and (case.authorized is None or set(case.authorized.items) != set(going)):
        raise bad("disclosure.authorization.missing", "case")
