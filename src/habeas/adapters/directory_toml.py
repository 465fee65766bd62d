"""The agencies of an installation, their staff and the courts they call, from `config.toml`.

Hides the file's form. Promises that every wrong or misspelt key is named with its place, all of them at
once, and that what passes is a directory without contradictions: no id or mailbox twice, every zone
known, every word from its list.

    [[custodian]]
    id = "labor"
    name = "Department of Labor"
    kind = "unemployment_agency"
    jurisdiction = "us-co"
    zone = "America/Denver"
    names = ["Labor and Employment"]     # other names that papers use
    contact = "Records, 633 Example St"  # what letters print
    counsel = "counsel@labor.example"

    [[custodian.unit]]
    id = "ui-fraud"
    name = "Unemployment Insurance Fraud Unit"
    mailboxes = ["ui-fraud@labor.example"]

    [[custodian.system]]
    id = "wages"
    name = "Wage records"
    category = "ui_wage"
    excluded = false                     # true: law already bars it from immigration use

    [[person]]
    id = "r.doe"
    name = "Robin Doe"
    roles = ["clerk", "reviewer"]
    custodian = "labor"
    units = ["ui-fraud"]                 # none: every unit

    [[person]]
    id = "a.coe"
    name = "Alex Coe"
    roles = ["auditor"]
    custodian = "labor"
    also = []                            # further agencies they may look at; auditor, administrator, counsel

    [[court]]
    id = "county"
    name = "Example County Court"        # as its papers print it
    phone = "(303) 555-0101"             # the clerk's
    source = "the court's own website"   # where the number was found; never a paper
    checked_on = 2026-10-01              # the day somebody last looked
    custodians = ["labor"]               # none: every agency is offered it
"""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.request import Court, Custodian, Person, RecordSystem, Unit
from habeas.kernel.errors import BadInput, Problem, problem
from habeas.usecases.directory import ListedDirectory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_PERSON: Final = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_JURISDICTION: Final = re.compile(r"us(-[a-z]{2})?")
_MAILBOX: Final = re.compile(r"[^\s@]+@[^\s@]+")
_PHONE: Final = re.compile(r"\([0-9]{3}\) [0-9]{3}-[0-9]{4}( ext\. [0-9]{1,6})?")

LOOKING: Final = frozenset({v.Role.AUDITOR, v.Role.ADMINISTRATOR, v.Role.COUNSEL})
"""The roles that may look at further agencies' requests (`also`)."""

_Word = TypeVar("_Word", bound=StrEnum)


def read_directory(
    custodians: Sequence[Mapping[str, Any]],
    persons: Sequence[Mapping[str, Any]] = (),
    courts: Sequence[Mapping[str, Any]] = (),
    file: str = "config.toml",
) -> ListedDirectory:
    """`[[custodian]]`, `[[person]]`, `[[court]]` tables → a directory, or a `BadInput` of all mistakes."""
    found: list[Problem] = []
    agencies = [_custodian(t) for t in _numbered(custodians, f"{file}: custodian", found)]
    staff = [_person(t) for t in _numbered(persons, f"{file}: person", found)]
    called = [_court(t) for t in _numbered(courts, f"{file}: court", found)]
    if not found:
        found += _contradictions(agencies, file)
        found += _strangers(staff, agencies, file)
        found += _unknown_callers(called, agencies, file)
    if found:
        raise BadInput(found)
    return ListedDirectory(tuple(agencies), tuple(staff), tuple(called))


def _numbered(tables: Sequence[Mapping[str, Any]], place: str, found: list[Problem]) -> Iterator[_Table]:
    for number, table in enumerate(tables, 1):
        yield _Table(table, f"{place}[{number}]", found)


def _custodian(table: _Table) -> Custodian:
    made = Custodian(
        custodian_id=table.form("id", _ID),
        name=table.text("name"),
        kind=table.word("kind", v.CustodianKind),
        jurisdiction=table.form("jurisdiction", _JURISDICTION),
        zone=table.zone("zone"),
        units=tuple(_unit(inner) for inner in table.tables("unit", needed=True)),
        systems=tuple(_system(inner) for inner in table.tables("system")),
        names=table.texts("names"),
        contact=table.text("contact", ""),
        counsel=table.text("counsel", ""),
        demo=table.flag("demo"),
    )
    table.finish()
    return made


def _unit(table: _Table) -> Unit:
    made = Unit(table.form("id", _ID), table.text("name"), table.texts("mailboxes", _MAILBOX))
    table.finish()
    return made


def _person(table: _Table) -> Person:
    made = Person(
        person_id=table.form("id", _PERSON),
        name=table.text("name"),
        roles=table.words("roles", v.Role),
        custodian=table.text("custodian"),
        units=table.texts("units"),
        also=table.texts("also"),
    )
    table.finish()
    return made


def _court(table: _Table) -> Court:
    made = Court(
        court_id=table.form("id", _ID),
        name=table.text("name"),
        phone=table.form("phone", _PHONE),
        source=table.text("source"),
        checked_on=table.day("checked_on"),
        custodians=table.texts("custodians"),
    )
    table.finish()
    return made


def _system(table: _Table) -> RecordSystem:
    made = RecordSystem(
        system_id=table.form("id", _ID),
        name=table.text("name"),
        category=table.word("category", v.DataCategory),
        excluded=table.flag("excluded"),
    )
    table.finish()
    return made


@attrs.define
class _Table:
    """One table being read: notes every problem with its place and goes on."""

    data: Mapping[str, Any]
    place: str
    found: list[Problem]
    asked: list[str] = attrs.field(factory=list)

    def _note(self, code: str, key: str, **detail: object) -> None:
        self.found.append(problem(code, f"{self.place}.{key}", **detail))

    def _get(self, key: str, wanted: type, form: str, *, default: Any = None) -> Any:  # noqa: ANN401 - TOML's values
        self.asked.append(key)
        value = self.data.get(key, default)
        if value is None:
            self._note("config.key.missing", key)
        elif not isinstance(value, wanted):
            self._note("config.value.wrong_type", key, wanted=form)
        else:
            return value
        return wanted()

    def text(self, key: str, default: str | None = None) -> str:
        value: str = self._get(key, str, "a text", default=default)
        if default is None and isinstance(self.data.get(key), str) and not value.strip():
            self._note("config.value.empty", key)
        return value

    def form(self, key: str, form: re.Pattern[str]) -> str:
        value = self.text(key)
        if value.strip() and not form.fullmatch(value):
            self._note("config.value.wrong_form", key, form=form.pattern)
        return value

    def flag(self, key: str) -> bool:
        return bool(self._get(key, bool, "true or false", default=False))

    def day(self, key: str) -> date:
        self.asked.append(key)
        value = self.data.get(key)
        if value is None:
            self._note("config.key.missing", key)
        elif not isinstance(value, date) or isinstance(value, datetime):
            self._note("config.value.wrong_type", key, wanted="a day such as 2026-10-01, without quotes")
        else:
            return value
        return date.min

    def word(self, key: str, words: type[_Word]) -> _Word:
        value = self.text(key)
        if value in set(words):
            return words(value)
        if value.strip():
            self._note("config.value.not_in_list", key, allowed=", ".join(words))
        return next(iter(words))

    def words(self, key: str, words: type[_Word]) -> tuple[_Word, ...]:
        values = self.texts(key)
        if not values or set(values) - set(words):
            self._note("config.value.not_in_list", key, allowed=", ".join(words))
            return ()
        return tuple(words(value) for value in values)

    def zone(self, key: str) -> str:
        value = self.text(key)
        try:
            ZoneInfo(value or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._note("config.zone.unknown", key)
        return value

    def texts(self, key: str, form: re.Pattern[str] | None = None) -> tuple[str, ...]:
        values = self._get(key, list, "a list of texts", default=[])
        if not all(isinstance(value, str) and value.strip() for value in values):
            self._note("config.value.wrong_type", key, wanted="a list of texts")
            return ()
        if form is not None and not all(form.fullmatch(value) for value in values):
            self._note("config.value.wrong_form", key, form=form.pattern)
        return tuple(values)

    def tables(self, key: str, *, needed: bool = False) -> Iterator[_Table]:
        values = self._get(key, list, f"tables [[custodian.{key}]]", default=None if needed else [])
        for number, value in enumerate(values, 1):
            if isinstance(value, dict):
                yield _Table(value, f"{self.place}.{key}[{number}]", self.found)
            else:
                self._note("config.value.wrong_type", key, wanted=f"tables [[custodian.{key}]]")

    def finish(self) -> None:
        """Name the keys that nobody asked for."""
        if set(self.data) - set(self.asked):
            known = ", ".join(self.asked)
            self.found.append(problem("config.key.unknown", self.place, known=known))


def _contradictions(custodians: Sequence[Custodian], file: str) -> Iterator[Problem]:
    yield from _twice("id", (c.custodian_id for c in custodians), f"{file}: custodian")
    boxes = (m.casefold() for c in custodians for u in c.units for m in u.mailboxes)
    yield from _twice("mailboxes", boxes, f"{file}: custodian.unit")
    for number, custodian in enumerate(custodians, 1):
        place = f"{file}: custodian[{number}]"
        yield from _twice("id", (u.unit_id for u in custodian.units), f"{place}.unit")
        yield from _twice("id", (s.system_id for s in custodian.systems), f"{place}.system")


def _twice(key: str, values: Iterable[str], place: str) -> Iterator[Problem]:
    listed = list(values)
    if len(set(listed)) != len(listed):
        yield problem("config.value.twice", f"{place}.{key}")


def _strangers(staff: Sequence[Person], custodians: Sequence[Custodian], file: str) -> Iterator[Problem]:
    """Persons listed twice, or under an agency or unit that is not configured."""
    yield from _twice("id", (p.person_id for p in staff), f"{file}: person")
    units = {c.custodian_id: {u.unit_id for u in c.units} for c in custodians}
    for number, person in enumerate(staff, 1):
        place = f"{file}: person[{number}]"
        if person.custodian not in units:
            yield problem("config.value.not_in_list", f"{place}.custodian", allowed=", ".join(units))
        elif set(person.units) - units[person.custodian]:
            known = ", ".join(sorted(units[person.custodian]))
            yield problem("config.value.not_in_list", f"{place}.units", allowed=known)
        yield from _looking(person, set(units), place)


def _unknown_callers(
    courts: Sequence[Court], custodians: Sequence[Custodian], file: str
) -> Iterator[Problem]:
    """Courts listed twice, or offered to an agency that is not configured."""
    yield from _twice("id", (c.court_id for c in courts), f"{file}: court")
    known = sorted(c.custodian_id for c in custodians)
    for number, court in enumerate(courts, 1):
        if set(court.custodians) - set(known):
            place = f"{file}: court[{number}].custodians"
            yield problem("config.value.not_in_list", place, allowed=", ".join(known))


def _looking(person: Person, known: set[str], place: str) -> Iterator[Problem]:
    """Further agencies that are not configured, or given to somebody whose roles look at nothing else."""
    if set(person.also) - known:
        yield problem("config.value.not_in_list", f"{place}.also", allowed=", ".join(sorted(known)))
    if person.also and not set(person.roles) & LOOKING:
        yield problem("config.person.may_not_look", f"{place}.also", allowed=", ".join(sorted(LOOKING)))
