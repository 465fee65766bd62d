"""A case is the fold of its events: in order, without gaps, and nothing said about former facts stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs
import pytest

from habeas.domain import vocabulary as v
from habeas.domain.case import Authorized, Case, Confirmed, Received
from habeas.domain.disclosure import Approval, Disclosure
from habeas.domain.events import Event, Recorded
from habeas.domain.facts import Fact, FactSet
from habeas.domain.vocabulary import CaseState as S
from habeas.domain.vocabulary import EventKind as E
from habeas.kernel.errors import BadInput, BrokenInvariant
from habeas.kernel.shape import to_json
from vectors.events.make import APPROVALS, ITEM, decided, example, item_facts, typed

if TYPE_CHECKING:
    from collections.abc import Iterable

CASE = "0192f000-0000-7000-8000-00000000000a"
RELEASE = decided(v.Effect.PERMITTED, v.Outcome.RELEASE)
LATER = tuple(attrs.evolve(a, at=datetime(2020, 9, 20, tzinfo=UTC)) for a in APPROVALS)


def placed(events: Iterable[Event | E]) -> list[Recorded]:
    """The events as a history."""
    made = [example(e) if isinstance(e, E) else e for e in events]
    return [Recorded(CASE, n, f"entry-{n}", event) for n, event in enumerate(made, 1)]


def saying(kind: E, private: object) -> Event:
    """An event of a kind with this private part."""
    return attrs.evolve(example(kind), private=to_json(private))


def released() -> list[Event | E]:
    """The way to an authorized release."""
    return [E.REQUEST_RECEIVED, E.INSTRUMENT_READ, E.FACTS_CONFIRMED, saying(E.DETERMINATION_MADE, RELEASE),
            E.DISCLOSURE_AUTHORIZED]  # fmt: skip


def left(approvals: tuple[Approval, ...]) -> Event:
    return saying(
        E.DISCLOSURE_MADE, Disclosure((ITEM,), ("wages",), "cd" * 32, "a@b.example", "portal", approvals)
    )


def test_a_history_folds_to_what_its_events_say() -> None:
    case = Case.of(placed([*released(), E.DISCLOSURE_MADE, E.NOTICE_SENT]))
    assert (case.version, case.state) == (7, S.CLOSED)
    assert case.request_outcome is v.RequestOutcome.GRANTED
    assert case.authorized == typed()[E.DISCLOSURE_AUTHORIZED]
    assert [d.fields for d in case.disclosures] == [("quarter", "employer", "wages")]
    assert [n.kind for n in case.notices] == ["refusal"]
    assert case.instrument is not None
    assert case.instrument.kind is v.InstrumentKind.I138


def test_folding_on_from_any_point_gives_the_same_case() -> None:
    history = placed([*released(), E.DISCLOSURE_MADE, E.NOTICE_SENT])
    whole = Case.of(history)
    for cut in range(1, len(history)):
        case = Case.of(history[:cut])
        for recorded in history[cut:]:
            case = case.after(recorded)
        assert case == whole


def test_a_history_without_events_is_no_case() -> None:
    with pytest.raises(BadInput, match=r"case\.ref\.unknown"):
        Case.of([])


def test_a_gap_a_repetition_or_another_cases_event_breaks_the_history() -> None:
    history = placed(released())
    for wrong in (history[1:], [*history[:2], history[3]], [*history[:2], history[1]]):
        with pytest.raises((BrokenInvariant, BadInput)):
            Case.of(wrong)
    with pytest.raises(BrokenInvariant, match=r"case\.history\.gap"):
        Case.of([history[0], attrs.evolve(history[1], case_id="another")])


def test_a_case_begins_with_a_request_and_nothing_else() -> None:
    with pytest.raises(BrokenInvariant, match=r"case\.history\.gap"):
        Case.of(placed([saying(E.REQUEST_RECEIVED, Received("arrival"))]))
    with pytest.raises(BadInput):
        Case.of(placed([E.INSTRUMENT_READ]))


def test_a_message_sent_again_is_counted_and_changes_nothing_else() -> None:
    again = saying(E.REQUEST_RECEIVED, Received("another arrival"))
    again = attrs.evolve(again, row=attrs.evolve(again.row, repeat=True, month="2021-01"))
    for at in range(1, 6):
        events = released()
        events.insert(at, again)
        case = Case.of(placed(events))
        plain = Case.of(placed(released()))
        assert case.repeats == 1
        assert attrs.evolve(case, repeats=0, version=plain.version) == plain


def test_what_a_person_confirmed_supersedes_what_was_read() -> None:
    fact = Fact("none", v.Source.CUSTODIAN, v.Reading.PERSON)
    facts = FactSet({"immigration_purpose": fact})
    own = FactSet({"item_public": Fact("no", v.Source.CUSTODIAN, v.Reading.PERSON)})
    confirmed = saying(E.FACTS_CONFIRMED, Confirmed("r.doe", facts, ((ITEM, own),)))
    case = Case.of(placed([E.REQUEST_RECEIVED, E.INSTRUMENT_READ, confirmed]))
    assert case.facts["immigration_purpose"] == fact
    assert case.facts["paper_authority"].known
    assert case.facts_of(ITEM) == item_facts().merged(own)
    assert case.facts_of("another") == FactSet()


def test_a_decision_about_former_facts_does_not_stand() -> None:
    for again in (E.FACTS_CONFIRMED, E.INSTRUMENT_READ):
        case = Case.of(placed([*released()[:4], again]))
        assert case.outcome(ITEM) is None
        assert case.evaluation is None
        assert case.request_outcome is v.RequestOutcome.PENDING
        assert len(case.decided) == 1


def test_an_authorization_ends_with_the_decision_it_was_given_for() -> None:
    closed = [*released(), E.NOTICE_SENT]
    assert Case.of(placed(closed)).authorized is not None
    reopened = [*closed, E.FACTS_CONFIRMED]
    assert Case.of(placed(reopened)).authorized is None
    decided_again = Case.of(placed([*reopened, saying(E.DETERMINATION_MADE, RELEASE)]))
    assert decided_again.outcome(ITEM) is v.Outcome.RELEASE
    assert decided_again.authorized is None


def test_an_authorized_release_can_be_stopped() -> None:
    stopped = saying(E.DETERMINATION_MADE, decided(v.Effect.PERMITTED, v.Outcome.COUNSEL))
    case = Case.of(placed([*released(), stopped]))
    assert (case.state, case.authorized, case.outcome(ITEM)) == (S.DECIDED, None, v.Outcome.COUNSEL)


def test_something_left_under_the_authorization_that_stands() -> None:
    assert not Case.of(placed(released())).left
    assert Case.of(placed([*released(), left(APPROVALS)])).left
    second = saying(E.DISCLOSURE_AUTHORIZED, Authorized((ITEM,), LATER))
    anew = [*released(), left(APPROVALS), E.NOTICE_SENT, E.FACTS_CONFIRMED,
            saying(E.DETERMINATION_MADE, RELEASE), second]  # fmt: skip
    assert not Case.of(placed(anew)).left
    assert Case.of(placed([*anew, left(LATER)])).left


def test_the_last_decision_about_an_item_counts() -> None:
    refuse = saying(E.DETERMINATION_MADE, decided(v.Effect.PERMITTED, v.Outcome.REFUSE))
    case = Case.of(placed([*released()[:4], refuse]))
    assert case.outcome(ITEM) is v.Outcome.REFUSE
    assert case.outcome("another") is None


def test_a_paper_without_instruments_speaks_as_unreadable() -> None:
    read = typed()[E.INSTRUMENT_READ]
    bare = attrs.evolve(read, papers=(*read.papers, attrs.evolve(read.papers[0], instruments=())))
    case = Case.of(placed([E.REQUEST_RECEIVED, saying(E.INSTRUMENT_READ, bare)]))
    assert case.instrument is not None
    assert case.instrument.authority is v.Authority.UNREADABLE


@pytest.mark.parametrize("kind", [E.OBJECTION_RECORDED, E.HOLD_PLACED, E.FINDING_OPENED, E.NOTICE_DELAYED])
def test_what_happens_beside_the_way_changes_only_version_and_row(kind: E) -> None:
    plain = Case.of(placed(released()))
    case = Case.of(placed([*released(), kind]))
    assert attrs.evolve(case, version=plain.version, row=plain.row) == plain
