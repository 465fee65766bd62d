"""(state, event) → state: the only table of transitions. What is not in the table is not allowed."""

from __future__ import annotations

from typing import Final

from habeas.domain.vocabulary import CaseState as S
from habeas.domain.vocabulary import EventKind as E
from habeas.kernel.errors import bad

_ANY: Final = (S.RECEIVED, S.READ, S.CONFIRMED, S.DECIDED, S.AUTHORIZED, S.CLOSED)

_TABLE: Final[dict[tuple[S, E], S]] = {
    (S.RECEIVED, E.INSTRUMENT_READ): S.READ,
    (S.READ, E.INSTRUMENT_READ): S.READ,
    (S.READ, E.FACTS_CONFIRMED): S.CONFIRMED,
    (S.CONFIRMED, E.FACTS_CONFIRMED): S.CONFIRMED,
    (S.CONFIRMED, E.INSTRUMENT_READ): S.READ,
    (S.CONFIRMED, E.DETERMINATION_MADE): S.DECIDED,
    (S.CONFIRMED, E.ITEM_OVERRIDDEN): S.DECIDED,
    (S.DECIDED, E.DETERMINATION_MADE): S.DECIDED,
    (S.DECIDED, E.ITEM_OVERRIDDEN): S.DECIDED,
    (S.DECIDED, E.FACTS_CONFIRMED): S.CONFIRMED,
    (S.DECIDED, E.INSTRUMENT_READ): S.READ,
    (S.DECIDED, E.DISCLOSURE_AUTHORIZED): S.AUTHORIZED,
    (S.AUTHORIZED, E.DISCLOSURE_MADE): S.AUTHORIZED,
    (S.AUTHORIZED, E.DETERMINATION_MADE): S.DECIDED,  # a stop, before anything left
    (S.AUTHORIZED, E.NOTICE_SENT): S.CLOSED,
    (S.DECIDED, E.NOTICE_SENT): S.CLOSED,
    (S.CLOSED, E.NOTICE_SENT): S.CLOSED,
    (S.READ, E.NOTICE_SENT): S.READ,
    (S.CONFIRMED, E.NOTICE_SENT): S.CONFIRMED,
    (S.CLOSED, E.FACTS_CONFIRMED): S.CONFIRMED,
    (S.CLOSED, E.INSTRUMENT_READ): S.READ,
    **{(s, E.REQUEST_RECEIVED): s for s in _ANY},
    **{(s, E.OBJECTION_RECORDED): s for s in _ANY},
    **{(s, E.NOTICE_DELAYED): s for s in _ANY},
    **{(s, E.FINDING_OPENED): s for s in _ANY},
    **{(s, E.FINDING_CLOSED): s for s in _ANY},
    **{(s, E.HOLD_PLACED): s for s in _ANY},
    **{(s, E.HOLD_LIFTED): s for s in _ANY},
    **{(s, E.CASE_SEALED): s for s in _ANY},
    **{(s, E.CASE_UNSEALED): s for s in _ANY},
}


def start(event: E) -> S:
    """The state that the first event of a case opens; only a receipt opens one."""
    if event is not E.REQUEST_RECEIVED:
        raise bad("workflow.event.not_allowed", "case", event=event, state="new")
    return S.RECEIVED


def advance(state: S, event: E) -> S:
    """The state after an event, or a `BadInput` when the event is not allowed in this state."""
    try:
        return _TABLE[(state, event)]
    except KeyError:
        raise bad("workflow.event.not_allowed", "case", event=event, state=state) from None
