"""The day an answer is wanted by: what papers print, what running duties give, and what names no day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import attrs
import pytest

from habeas.domain.case import Case, Decided, PaperReading, Read
from habeas.domain.determination import Duty
from habeas.domain.due import answer_by
from habeas.domain.events import Event, Recorded
from habeas.domain.instrument import Field, FieldName
from habeas.domain.vocabulary import DutyKind, Effect, Outcome
from habeas.domain.vocabulary import EventKind as E
from habeas.kernel.shape import to_json
from vectors.events.make import decided, example, instrument, place, read

if TYPE_CHECKING:
    from typing import Any


def case(*events: Event) -> Case:
    """The example's case after some events."""
    every = (example(E.REQUEST_RECEIVED), *events)
    return Case.of(Recorded("c", n, f"e{n}", event) for n, event in enumerate(every, 1))


def with_private(kind: E, private: Any) -> Event:
    return attrs.evolve(example(kind), private=to_json(private))


def papers(*printed: dict[FieldName, str]) -> Event:
    """A reading of several papers, each with some dates printed on it."""
    made = tuple(
        PaperReading(
            "5b" * 32,
            (attrs.evolve(instrument(), fields=tuple(Field(n, v, place(v)) for n, v in one.items())),),
        )
        for one in printed
    )
    reading: Read = attrs.evolve(read(), papers=made)
    return with_private(E.INSTRUMENT_READ, reading)


def duty(kind: DutyKind, starts: str, days: int | None, day_kind: str = "calendar") -> Duty:
    rule = decided(Effect.FORBIDDEN, Outcome.REFUSE).evaluation.items[0].rules[0]
    return Duty(kind, rule, starts, days, day_kind)


def deciding(*duties: Duty) -> tuple[Event, ...]:
    """Read, confirmed and decided on September 15, 2020 under these duties; served the day before."""
    made: Decided = decided(Effect.FORBIDDEN, Outcome.REFUSE)
    item = attrs.evolve(made.evaluation.items[0], duties=duties)
    made = attrs.evolve(made, evaluation=attrs.evolve(made.evaluation, items=(item,)))
    return papers({}), example(E.FACTS_CONFIRMED), with_private(E.DETERMINATION_MADE, made)


def test_a_request_whose_paper_names_no_day_has_none() -> None:
    assert answer_by(case()) is None
    assert answer_by(case(papers({}))) is None


def test_the_earliest_day_on_any_paper_counts() -> None:
    named = papers(
        {FieldName.RETURN_ON: "2020-10-01", FieldName.EXECUTE_BY_ON: "2020-09-28"},
        {FieldName.RETURN_ON: "2020-09-20", FieldName.ISSUED_ON: "2020-09-01"},
    )
    assert answer_by(case(named)) == date(2020, 9, 20)


@pytest.mark.parametrize("text", ["", "next week", "2020-13-01", "09/28/2020"])
def test_what_is_no_date_names_no_day(text: str) -> None:
    assert answer_by(case(papers({FieldName.RETURN_ON: text}))) is None


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (duty(DutyKind.OBJECT, "service", 14), date(2020, 9, 28)),
        (duty(DutyKind.MOVE_TO_QUASH, "decision", 3, "business"), date(2020, 9, 18)),
        (duty(DutyKind.NOTIFY_SUBJECT, "decision", 0), date(2020, 9, 15)),
        (duty(DutyKind.OBJECT, "service", None), None),
        (duty(DutyKind.OBJECT, "receipt", 5), None),
        (duty(DutyKind.REPORT, "decision", 5), None),
        (duty(DutyKind.RECORD, "decision", 5), None),
    ],
)
def test_a_running_duty_gives_its_last_day(one: Duty, expected: date | None) -> None:
    assert answer_by(case(*deciding(one))) == expected


def test_a_duty_runs_only_while_the_evaluation_stands() -> None:
    events = (*deciding(duty(DutyKind.OBJECT, "service", 14)), papers({FieldName.RETURN_ON: "2020-12-01"}))
    assert answer_by(case(*events[:-1])) == date(2020, 9, 28)
    assert answer_by(case(*events)) == date(2020, 12, 1)
