"""Every published number, defined once: what is counted, out of what, by which rule, in a sentence.

Hides how numbers are computed. Promises that a measure is a pure function of the counted requests, that
counts are exact with zeros and unknowns written out, and that every table adds up to the measure it
divides. `verifier.recount` computes the same numbers by other code; the two must agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.text import Text
from habeas.kernel.canonical import digest
from habeas.report.counting import UNDECIDED, CountedItem, CountedRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from habeas.report.regimes import Regime

Value = int | str | None
"""A published number: a count, a decimal as text (`2.5`), or None where there is nothing to measure."""


@attrs.frozen
class Part:
    """Some of what was counted: requests with all their items, or items alone."""

    requests: tuple[CountedRequest, ...]
    items: tuple[CountedItem, ...]

    @classmethod
    def of(cls, requests: Iterable[CountedRequest]) -> Part:
        """Requests with all their items."""
        found = tuple(requests)
        return cls(found, tuple(i for r in found for i in r.items))


@attrs.frozen
class Measure:
    """One published number. `unit` is what one of it is, `of` the measure it is a share of ("" if none);
    `rule` says exactly what is computed, in the words of the reporting row.
    """

    id: str
    unit: str
    of: str
    rule: str
    text: Text
    value: Callable[[Part], Value] = attrs.field(repr=False, eq=False)

    def as_json(self) -> dict[str, Any]:
        """The published definition with its digest: SHA-256 over all the rest."""
        plain = {"id": self.id, "unit": self.unit, "of": self.of, "rule": self.rule, **self.text.as_json()}
        return {**plain, "digest": digest(plain)}


def _requests(
    name: str, rule: str, en: str, es: str, count: Callable[[CountedRequest], bool], of: str = "requests"
) -> Measure:
    def value(part: Part) -> Value:
        return sum(1 for r in part.requests if count(r))

    return Measure(name, "request", of, rule, Text(en, es), value)


def _items(name: str, outcomes: Iterable[str], en: str, es: str) -> Measure:
    words = frozenset(outcomes)

    def value(part: Part) -> Value:
        return sum(1 for i in part.items if i.outcome in words)

    rule = f"items whose last decision is one of: {', '.join(sorted(words))}"
    return Measure(name, "item", "items", rule, Text(en, es), value)


def _sum(
    name: str, unit: str, rule: str, en: str, es: str, count: Callable[[CountedRequest], int], of: str = ""
) -> Measure:
    def value(part: Part) -> Value:
        return sum(count(r) for r in part.requests)

    return Measure(name, unit, of, rule, Text(en, es), value)


def median(numbers: Iterable[int]) -> str | None:
    """The exact median of whole numbers as text (`3`, `2.5`), None of none; no float is involved."""
    row = sorted(numbers)
    if not row:
        return None
    twice = row[(len(row) - 1) // 2] + row[len(row) // 2]
    return f"{twice // 2}.5" if twice % 2 else str(twice // 2)


def _median_days(part: Part) -> Value:
    return median(r.days for r in part.requests if r.answered and r.days is not None)


_O, _R = v.Outcome, v.RequestOutcome

REQUEST_MEASURES: Final[tuple[Measure, ...]] = (
    _requests("requests", "distinct request_ref",
              "Requests received and logged. A message sent again is not counted again.",
              "Solicitudes recibidas y registradas. Un mensaje reenviado no se cuenta de nuevo.",
              lambda _: True, of=""),
    _requests("granted", "requests with at least one item whose last decision is release",
              "Requests granted, in whole or in part: data of at least one item was to be handed over.",
              "Solicitudes concedidas, del todo o en parte: se decidió entregar al menos un dato.",
              lambda r: r.outcome in (_R.GRANTED, _R.GRANTED_IN_PART)),
    _requests("granted_whole", "granted requests of which every item's last decision is release",
              "Requests granted in whole.", "Solicitudes concedidas del todo.",
              lambda r: r.outcome is _R.GRANTED, of="granted"),
    _requests("granted_in_part", "granted requests of which some item's last decision is not release",
              "Requests granted in part.", "Solicitudes concedidas en parte.",
              lambda r: r.outcome is _R.GRANTED_IN_PART, of="granted"),
    _requests("refused", "requests with no item released or open and at least one refused",
              "Requests refused.", "Solicitudes rechazadas.",
              lambda r: r.outcome is _R.REFUSED),
    _requests("other_endings",
              "requests whose every item's last decision is no_records, not_custodian or withdrawn",
              "Requests that ended otherwise: no such records, the wrong agency, or withdrawn.",
              "Solicitudes que terminaron de otro modo: sin registros, agencia equivocada o retiradas.",
              lambda r: r.outcome is _R.OTHER_ENDING),
    _requests("pending",
              "requests with no item released and some item undecided, contested or with counsel, or no item",
              "Requests still open: not yet decided, contested in court, or with counsel.",
              "Solicitudes abiertas: sin decidir, impugnadas ante un tribunal o con asesoría legal.",
              lambda r: r.outcome is _R.PENDING),
)  # fmt: skip
"""Counted in every table whose unit is a request. The five outcomes add up to `requests`."""

EXTRA_MEASURES: Final[tuple[Measure, ...]] = (
    _requests("answered", "requests that are not pending", "Requests that have come to an end.",
              "Solicitudes que llegaron a su fin.", lambda r: r.answered),
    _requests("timed", "answered requests whose days to the answer stand in a row",
              "Answered requests whose days to the answer are on record.",
              "Solicitudes respondidas cuyos días hasta la respuesta constan.",
              lambda r: r.answered and r.days is not None, of="answered"),
    Measure("median_days", "day", "timed",
            "exact median of days over timed requests; of an even count, the mean of the middle two",
            Text("Median days from receipt to answer, over answered requests whose days are on record.",
                 "Mediana de días desde la recepción hasta la respuesta, sobre las solicitudes respondidas"
                 " cuyos días constan."),
            _median_days),
    _sum("repeats", "message", "rows with repeat = true",
         "Messages sent again for a request already logged.",
         "Mensajes reenviados de una solicitud ya registrada.", lambda r: r.repeats),
    _sum("overrides", "decision", "determination rows with override other than none",
         "Decisions that differ from what the rules say, each on record with a reason and a name.",
         "Decisiones distintas de lo que dicen las reglas, cada una registrada con motivo y nombre.",
         lambda r: len(r.overrides)),
    _sum("overrides_toward_release", "decision", "determination rows with override = toward_release",
         "Decided differently in favor of handing over.", "Decidido de otro modo a favor de entregar.",
         lambda r: r.overrides.count("toward_release"), of="overrides"),
    _sum("overrides_toward_refusal", "decision", "determination rows with override = toward_refusal",
         "Decided differently in favor of not handing over.",
         "Decidido de otro modo a favor de no entregar.",
         lambda r: r.overrides.count("toward_refusal"), of="overrides"),
)  # fmt: skip
"""Counted for each group of requesters as a whole."""

ITEM_MEASURES: Final[tuple[Measure, ...]] = (
    Measure("items", "item", "", "distinct item of a request",
            Text("Items of data asked for and on record; one request may ask for several.",
                 "Datos pedidos que constan; una solicitud puede pedir varios."),
            lambda part: len(part.items)),
    _items("items_released", [_O.RELEASE], "Items to be handed over.", "Datos por entregar."),
    _items("items_refused", [_O.REFUSE], "Items refused.", "Datos rechazados."),
    _items("items_contested", [_O.CONTEST], "Items objected to or before a court.",
           "Datos objetados o ante un tribunal."),
    _items("items_with_counsel", [_O.COUNSEL], "Items with counsel.", "Datos con asesoría legal."),
    _items("items_other", [_O.NO_RECORDS, _O.NOT_CUSTODIAN, _O.WITHDRAWN],
           "Items that ended otherwise: no such records, the wrong agency, or withdrawn.",
           "Datos que terminaron de otro modo: sin registros, agencia equivocada o retirados."),
    _items("items_undecided", [UNDECIDED], "Items not yet decided.", "Datos sin decidir."),
)  # fmt: skip
"""Counted in every table whose unit is an item. The last six add up to `items`."""

MEASURES: Final = (*REQUEST_MEASURES, *EXTRA_MEASURES, *ITEM_MEASURES)
"""All of them, in the order they are published."""

GROUPS: Final = ("measured", "other", v.UNKNOWN)
"""The requesters a regime measures, all others, and those whose organisation nobody established."""

EVERYBODY: Final = "all"
"""The three groups together; only in the `headline` table."""


def group_of(request: CountedRequest, regime: Regime) -> str:
    """Which of `GROUPS` a request counts in; a regime that measures nobody in particular measures all."""
    if not regime.measured or request.organisation in regime.measured:
        return "measured"
    return v.UNKNOWN if request.organisation is v.Organisation.UNKNOWN else "other"


@attrs.frozen
class Table:
    """One division of the counts. `always` are keys that stand in it even when nothing has them; other
    keys stand in it when something has. `of_request` or `of_item` gives the key of one counted thing.
    """

    id: str
    dimensions: tuple[str, ...]
    text: Text
    always: tuple[tuple[str, ...], ...] = ()
    of_request: Callable[[CountedRequest], tuple[str, ...]] | None = attrs.field(
        default=None, repr=False, eq=False
    )
    of_item: Callable[[CountedItem], tuple[str, ...]] | None = attrs.field(default=None, repr=False, eq=False)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What stands in each of its rows."""
        return REQUEST_MEASURES if self.of_request else ITEM_MEASURES

    def as_json(self) -> dict[str, Any]:
        """The published description."""
        return {
            "id": self.id,
            "dimensions": list(self.dimensions),
            "measures": [m.id for m in self.measures],
            **self.text.as_json(),
        }


def _words(words: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple((str(w),) for w in words)


_UNKNOWN: Final = _words([v.UNKNOWN])

TABLES: Final[tuple[Table, ...]] = (
    Table("requester", ("organisation", "component"),
          Text("Requests by who asked", "Solicitudes según quién pidió"),
          of_request=lambda r: (r.organisation, r.component)),
    Table("custodian", ("custodian", "unit"),
          Text("Requests by agency asked", "Solicitudes según la agencia a la que se pidió"),
          of_request=lambda r: (r.custodian, r.unit)),
    Table("month", ("month",), Text("Requests by month received", "Solicitudes por mes de recepción"),
          of_request=lambda r: (r.month,)),
    Table("paper", ("paper_authority", "paper_kind"),
          Text("Requests by legal paper", "Solicitudes según el documento legal"),
          of_request=lambda r: (r.paper_authority, r.paper_kind)),
    Table("purpose", ("purpose",), Text("Requests by purpose", "Solicitudes según el propósito"),
          _words(v.PurposeClass), of_request=lambda r: (r.purpose,)),
    Table("channel", ("channel",), Text("Requests by how they came", "Solicitudes según la vía de llegada"),
          _words(v.Channel), of_request=lambda r: (r.channel,)),
    Table("subjects", ("subjects",),
          Text("Requests by number of persons named", "Solicitudes según el número de personas nombradas"),
          _words(v.SubjectsBand), of_request=lambda r: (r.subjects,)),
    Table("days", ("days",),
          Text("Requests by days to the answer", "Solicitudes según los días hasta la respuesta"),
          _words([*v.DaysBand, v.UNKNOWN]), of_request=lambda r: (r.answer_band,)),
    Table("category", ("category",), Text("Items by kind of data", "Datos pedidos según su tipo"),
          _UNKNOWN, of_item=lambda i: (i.category,)),
    Table("effect", ("effect",),
          Text("Items by what the rules say", "Datos pedidos según lo que dicen las reglas"),
          _words(v.Effect), of_item=lambda i: (i.effect,)),
    Table("ground", ("ground",),
          Text("Items by rule that determined", "Datos pedidos según la regla que decidió"),
          of_item=lambda i: (i.ground,)),
    Table("outcome", ("outcome",), Text("Items by decision", "Datos pedidos según la decisión"),
          _words([*v.Outcome, UNDECIDED]), of_item=lambda i: (i.outcome,)),
)  # fmt: skip

HEADLINE: Final = "headline"
"""The table of a group as a whole: every measure once."""


@attrs.frozen
class Figure:
    """One published number: a measure's value in one cell. `by` are (dimension, value) pairs, the first
    of them always `requesters`.
    """

    table: str
    measure: str
    by: tuple[tuple[str, str], ...]
    value: Value

    def as_json(self) -> dict[str, Any]:
        """The published figure."""
        return {"table": self.table, "measure": self.measure, "by": dict(self.by), "value": self.value}


def figures(requests: Sequence[CountedRequest], regime: Regime, months: Iterable[str]) -> tuple[Figure, ...]:
    """Every figure of a report, in order: headline, then each table for each group.

    `months` (`YYYY-MM`) are those of the period, written out even when nothing came in.
    """
    groups = {name: Part.of(r for r in requests if group_of(r, regime) == name) for name in GROUPS}
    made = [f for name, part in groups.items() for f in _headline(name, part)]
    made += _headline(EVERYBODY, Part.of(requests))
    every_month = _words(months)
    for table in TABLES:
        filled = attrs.evolve(table, always=every_month) if table.id == "month" else table
        for name, part in groups.items():
            made += _table(filled, name, part)
    return tuple(made)


def _headline(group: str, part: Part) -> list[Figure]:
    by = (("requesters", group),)
    return [Figure(HEADLINE, m.id, by, m.value(part)) for m in MEASURES]


def _table(table: Table, group: str, part: Part) -> list[Figure]:
    found: dict[tuple[str, ...], Part] = _divide(table, part)
    keys = sorted({*table.always, *found})
    empty = Part((), ())
    return [
        Figure(
            table.id,
            m.id,
            (("requesters", group), *zip(table.dimensions, key, strict=True)),
            m.value(found.get(key, empty)),
        )
        for key in keys
        for m in table.measures
    ]


def _divide(table: Table, part: Part) -> dict[tuple[str, ...], Part]:
    """The part cut up by the table's keys; nothing falls out and nothing falls in twice."""
    if table.of_request:
        requests: dict[tuple[str, ...], list[CountedRequest]] = {}
        for r in part.requests:
            requests.setdefault(_plain(table.of_request(r)), []).append(r)
        return {key: Part(tuple(some), ()) for key, some in requests.items()}
    items: dict[tuple[str, ...], list[CountedItem]] = {}
    for i in part.items if table.of_item else ():
        items.setdefault(_plain(table.of_item(i)) if table.of_item else (), []).append(i)
    return {key: Part((), tuple(some)) for key, some in items.items()}


def _plain(key: tuple[str, ...]) -> tuple[str, ...]:
    """The key as plain texts: an enum's member and its word are one key."""
    return tuple(str(word) for word in key)
