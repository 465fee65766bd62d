"""Invented reporting rows, and logs made of them: what the tests of report and verifier count."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

import attrs
from hypothesis import strategies as st

from habeas.domain import vocabulary as v
from habeas.domain.determination import WITHIN, departure
from habeas.domain.events import row_json
from habeas.domain.reporting_row import ReportingRow, days_band
from habeas.kernel.ids import CROCKFORD
from habeas.ledger.entry import Salts, make_entry
from habeas.ledger.keys import SignatureType, SignerKey
from habeas.ledger.merkle import Frontier, leaf_hash
from habeas.ledger.note import Checkpoint, sign_note
from habeas.report.regimes import regime, segments_of
from habeas.report.snapshot import make_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from habeas.report.snapshot import LogEntry

REGIME: Final = regime("us-co-2020")
FIRST, LAST = date(2020, 6, 20), date(2020, 10, 15)
AFTER: Final = datetime(2020, 10, 16, 15, 0, tzinfo=UTC)
ORIGIN: Final = "log.habeas.example/test"
SIGNER: Final = SignerKey(ORIGIN, SignatureType.ED25519, b"\x07" * 32)
VKEY: Final = SIGNER.verifier.vkey

_PLACES: Final = (("cdle", "ui-fraud"), ("dor", "mv-investigations"), ("cdphe", "vital-records"))
_DAYS: Final = tuple(
    map(
        date.fromisoformat,
        ["2020-06-20", "2020-07-01", "2020-08-31", "2020-10-15", "2020-10-16", "2019-01-01"],
    )
)


def received(ref: str, on: date = date(2020, 7, 1), **columns: Any) -> ReportingRow:
    """The first row of a request received on a day."""
    base: dict[str, Any] = {
        "kind": v.EventKind.REQUEST_RECEIVED,
        "request_ref": ref,
        "month": f"{on:%Y-%m}",
        "custodian": "cdle",
        "unit": "ui-fraud",
        "periods": segments_of(on, "us-co"),
        "component": v.Component.ICE_HSI,
        "demo": True,
    }
    return ReportingRow(**{**base, **columns})


def decided(row: ReportingRow, item: str, effect: v.Effect, outcome: v.Outcome) -> ReportingRow:
    """The row of one item's decision, an override where the outcome departs from the effect."""
    away = departure(effect, outcome)
    kind = v.EventKind.DETERMINATION_MADE if away == "none" else v.EventKind.ITEM_OVERRIDDEN
    return attrs.evolve(
        row, kind=kind, item=item, effect=str(effect), outcome=str(outcome), override=away, repeat=False,
        category=v.DataCategory.UI_WAGE, ground="co-2020-i", policy="d" * 64,
    )  # fmt: skip


def answered(row: ReportingRow, days: int) -> ReportingRow:
    """The row of an answer that went out after some days."""
    return attrs.evolve(row, kind=v.EventKind.NOTICE_SENT, item="", days=days, days_band=days_band(days))


@st.composite
def histories(draw: st.DrawFn, ref: str) -> list[ReportingRow]:
    """The rows of one invented request, in order."""
    custodian, unit = draw(st.sampled_from(_PLACES))
    row = received(
        ref,
        draw(st.sampled_from(_DAYS)),
        custodian=custodian,
        unit=unit,
        component=draw(st.sampled_from(v.Component)),
        channel=draw(st.sampled_from(v.Channel)),
    )
    rows = [row]
    read = attrs.evolve(
        row,
        kind=v.EventKind.INSTRUMENT_READ,
        paper_authority=draw(st.sampled_from(v.Authority)),
        paper_kind=draw(st.sampled_from(v.InstrumentKind)),
        purpose=draw(st.sampled_from(v.PurposeClass)),
        subjects=draw(st.sampled_from(v.SubjectsBand)),
    )
    for step in draw(st.lists(st.sampled_from(["read", "repeat", "decide", "object", "answer"]), max_size=8)):
        match step:
            case "read":
                rows.append(read)
            case "repeat":
                rows.append(attrs.evolve(rows[-1], kind=v.EventKind.REQUEST_RECEIVED, item="", repeat=True))
            case "decide":
                effect, outcome = draw(st.sampled_from(v.Effect)), draw(st.sampled_from(v.Outcome))
                if outcome is v.Outcome.RELEASE and outcome not in WITHIN[effect] and draw(st.booleans()):
                    outcome = v.Outcome.COUNSEL
                item = draw(st.sampled_from(["1", "2", "3"]))
                category = draw(st.sampled_from(v.DataCategory))
                rows.append(attrs.evolve(decided(read, item, effect, outcome), category=category))
            case "object":
                rows.append(attrs.evolve(read, kind=v.EventKind.OBJECTION_RECORDED, item="2"))
            case _:
                rows.append(answered(read, draw(st.integers(0, 60))))
    return rows


@st.composite
def logs(draw: st.DrawFn, most: int = 8) -> list[ReportingRow]:
    """The rows of some requests, mixed as a ledger mixes them: each request's own stay in order."""
    refs = [str(CROCKFORD[n]) * 10 for n in range(draw(st.integers(0, most)))]
    queues = [draw(histories(ref)) for ref in refs]
    rows: list[ReportingRow] = []
    while any(queues):
        queue = draw(st.sampled_from([q for q in queues if q]))
        rows.append(queue.pop(0))
    return rows


def salts(index: int) -> Salts:
    """Salts that are the same in every run."""
    return Salts(
        *(hashlib.sha256(f"{part}{index}".encode()).digest() for part in ("stat", "facts", "private"))
    )


def entries_of(rows: Iterable[ReportingRow], sealed: Iterable[int] = ()) -> list[LogEntry]:
    """One entry a row; the salts and rows of the sealed ones are not handed out."""
    made: list[LogEntry] = []
    for index, row in enumerate(rows):
        entry = make_entry(f"00000000-0000-7000-8000-{index:012x}", row_json(row), {}, {}, salts(index))
        shut = index in set(sealed)
        made.append((index, entry.encode(), None if shut else salts(index).stat, None if shut else row))
    return made


def note_of(entries: Sequence[LogEntry], signer: SignerKey = SIGNER, origin: str = ORIGIN) -> str:
    """The signed checkpoint over entries."""
    root = Frontier().extend([leaf_hash(data) for _, data, _, _ in entries]).root()
    return sign_note(Checkpoint(origin, len(entries), root).text, [signer])


def report_of(rows: Iterable[ReportingRow], first: date = FIRST, last: date = LAST, **options: Any) -> Any:
    """The report over the rows of a log."""
    entries = entries_of(rows, options.pop("sealed", ()))
    return make_report(
        REGIME, first, last, entries, options.pop("note", None) or note_of(entries), AFTER,
        demo=options.pop("demo", False), **options,
    )  # fmt: skip


def small_log() -> list[ReportingRow]:
    """Four requests of DHS parts, one of the FBI, one of nobody known, one received after the window."""
    release, refuse = v.Outcome.RELEASE, v.Outcome.REFUSE
    permitted, forbidden = v.Effect.PERMITTED, v.Effect.FORBIDDEN
    a, b, c, d = (received(letter * 10) for letter in "ABCD")
    b = attrs.evolve(b, component=v.Component.ICE_ERO)
    e = received("E" * 10, date(2020, 10, 15), component=v.Component.FBI, custodian="dor", unit="mvi")
    f = received("F" * 10, date(2020, 6, 20), component=v.Component.UNKNOWN)
    late = received("G" * 10, date(2020, 10, 16))
    return [
        a, b, decided(a, "1", permitted, release), late, decided(a, "2", permitted, release), answered(a, 2),
        decided(b, "1", permitted, release), decided(b, "2", forbidden, refuse), answered(b, 3),
        c, decided(c, "1", v.Effect.REQUIRED, refuse), answered(c, 7),
        attrs.evolve(c, repeat=True), attrs.evolve(c, repeat=True),
        d, decided(d, "1", v.Effect.CONFLICT, v.Outcome.COUNSEL), e, decided(e, "1", forbidden, release),
        answered(e, 0), f, decided(f, "1", v.Effect.UNDETERMINED, v.Outcome.NO_RECORDS),
        ReportingRow(v.EventKind.POLICY_ACTIVATED, "", "2020-07", "", ""),
    ]  # fmt: skip
