"""Answer: the letter that goes out, kept as sent, and the fact that it was sent.

The letter is typeset and stored under the case's key first; then one `notice.sent` says so. A release's
letter goes only after two persons authorized it (intent precedes act). Nobody needs the letter's text
to check it: its digest is in the event.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain.disclosure import Notice
from habeas.domain.events import Event
from habeas.domain.vocabulary import CaseState, CustodianKind, EventKind, Language, LetterKind, Outcome
from habeas.kernel.clock import legal_date, read_date
from habeas.kernel.errors import bad
from habeas.kernel.shape import to_json
from habeas.letter.compose import TEMPLATE, compose, kind_of
from habeas.usecases.determine import evaluate
from habeas.usecases.disclose import released
from habeas.usecases.standing import check_standing
from habeas.usecases.tally import answered_row, row_of

if TYPE_CHECKING:
    from habeas.domain.case import Case
    from habeas.domain.determination import Evaluation
    from habeas.domain.events import Recorded
    from habeas.domain.request import Custodian, Person
    from habeas.usecases.ports import Ports


@attrs.frozen
class Draft:
    """A letter as it would go out: its kind and its PDF."""

    kind: LetterKind
    pdf: bytes = attrs.field(repr=False)


def draft(ports: Ports, case_id: str, language: Language, *, ask_missing: bool = False) -> Draft:
    """The letter that a case calls for now, typeset. Writes nothing."""
    return _draft(ports, ports.cases.load(case_id), language, ask_missing=ask_missing)


def _draft(ports: Ports, case: Case, language: Language, *, ask_missing: bool) -> Draft:
    custodian = ports.directory.custodian(case.request.holder.custodian)
    now = ports.clock.now()
    kind = LetterKind.MISSING if ask_missing else kind_of(case)
    found = case.evaluation or evaluate(ports, case)
    on = legal_date(now, custodian.zone)
    citations = _citations(ports, case, found, language)
    letter = compose(case, custodian, found, language, kind, on=on, citations=citations)
    return Draft(kind, ports.typesetter.pdf(TEMPLATE, letter.as_json(), now))


def _citations(ports: Ports, case: Case, found: Evaluation, language: Language) -> dict[str, tuple[str, str]]:
    """Each rule's citation and its sentence in the letter's language, from the packs that decided."""
    custodian = ports.directory.custodian(case.request.holder.custodian)
    categories = tuple(str(i.category) for i in case.items)
    version = ports.packs.resolve(custodian, categories, read_date(found.on, "evaluation"))
    return {rule.id: (rule.cite, pack.texts[language][rule.id]) for pack, rule in version.all_rules()}


def send(
    ports: Ports,
    case_id: str,
    person: Person,
    language: Language,
    *,
    means: str,
    ask_missing: bool = False,
) -> tuple[Recorded, ...]:
    """Keep the letter and write that it was sent; an answer closes the case, a question does not."""
    case = ports.cases.load(case_id)
    check_standing(case, person)
    custodian = ports.directory.custodian(case.request.holder.custodian)
    if ask_missing:
        _check_askable(case)
    else:
        _check_answerable(case, custodian)
    made = _draft(ports, case, language, ask_missing=ask_missing)
    blob = ports.blobs.put(made.pdf, case_id)
    now = ports.clock.now()
    recipient = case.read.requester.officer.email if case.read else case.request.requester.officer.email
    digest = hashlib.sha256(made.pdf).hexdigest()
    notice = Notice(str(made.kind), str(language), recipient, means, digest, now, blob=blob)
    row = row_of(case, EventKind.NOTICE_SENT) if ask_missing else answered_row(case, custodian, now)
    event = Event(EventKind.NOTICE_SENT, now, person.person_id, row, {}, to_json(notice))
    return ports.cases.append(case_id, case.version, [event])


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
