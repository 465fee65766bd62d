"""The short forms for a call, a visit, a fax, a letter, a portal: what was typed → `habeas.intake.v1`.

Hides the forms' fields and how they become a document. Promises that the document goes through the very
door that programs use (`intake.json_form`), that its agency is the signed-in person's and nothing typed,
and that almost nothing is required: a call of which only "somebody asked" is known can be logged.
"""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import attrs

from habeas.console.terms import term
from habeas.console.words import language, say, words
from habeas.domain import vocabulary as v
from habeas.intake.clean import clean_text
from habeas.intake.json_form import read_form
from habeas.kernel.canonical import encode
from habeas.kernel.clock import write_instant
from habeas.kernel.errors import BadInput, bad
from habeas.policy.words import value_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from habeas.domain.request import Custodian, Person, Unit

WAYS: Final = {
    "phone": v.Channel.PHONE,
    "walk-in": v.Channel.IN_PERSON,
    "fax": v.Channel.FAX,
    "mail": v.Channel.MAIL,
    "portal": v.Channel.PORTAL,
}
"""How somebody may have asked, by the form's address."""

ITEMS: Final = 6
"""Rows for things asked for; whoever needs more writes them into the last one."""

SHOWN: Final = 2
"""Rows that are open from the start."""

_CLAIMS: Final = (
    "immigration_purpose",
    "criminal_investigation",
    "crime_in_progress",
    "offense",
    "program_duty",
    "emergency",
)
_LINES: Final = {
    "organisation": ("requester", "organisation_name"),
    "officer": ("requester", "officer", "name"),
    "title": ("requester", "officer", "title"),
    "badge": ("requester", "officer", "badge"),
    "phone": ("requester", "officer", "phone"),
    "email": ("requester", "officer", "email"),
    "address": ("requester", "officer", "address"),
    "served": ("holder", "served_on"),
    "statute": ("offense_statute",),
    "case_number": ("case_number",),
    "message": ("message",),
    "instructed": ("instructed_by",),
}
"""Fields of one text and where each goes in the document."""

_LONGEST: Final = 300
_LONGEST_WORDS: Final = 4_000
_LONGEST_TEXT: Final = 100_000
_WHEN: Final = "%Y-%m-%dT%H:%M"
_HEAD: Final = ("when", "unit")
PAPERLESS: Final = frozenset({"phone"})
"""Ways on which no paper comes along."""


@attrs.frozen
class Option:
    """One choice of a list."""

    value: str
    said: str
    here: bool = False


@attrs.frozen
class Field:
    """One field as a page draws it. `kind` is the template's word for its look."""

    name: str
    kind: str
    value: str = ""
    options: tuple[Option, ...] = ()
    error: str = ""
    longest: int = _LONGEST

    @property
    def label(self) -> str:
        """What stands beside it."""
        name, _, number = self.name.rpartition("_")
        return say(f"new.field.{name}", n=number) if number.isdigit() else say(f"new.field.{self.name}")

    @property
    def hint(self) -> str:
        """What helps to fill it in; "" where the label says enough."""
        return str(words("new", language())["hint"].get(self.name, ""))


@attrs.frozen
class Row:
    """One thing asked for: its kind and the words."""

    number: int
    category: Field
    words: Field


@attrs.frozen
class Typed:
    """What was typed into a form, kept so that a page that refuses it can show it again."""

    way: str
    given: Mapping[str, str]
    errors: Mapping[str, str] = attrs.field(factory=dict)

    def value(self, name: str) -> str:
        """A field's text, without what no text may hold, trimmed."""
        return clean_text(self.given.get(name, "")).strip()

    def line(self, name: str, kind: str = "line", longest: int = _LONGEST) -> Field:
        """A field of one text."""
        return Field(name, kind, self.value(name), (), self.errors.get(name, ""), longest)

    def choice(self, name: str, kind: str, options: Iterator[tuple[str, str]]) -> Field:
        """A field of a closed list."""
        now = self.value(name)
        listed = tuple(Option(value, said, value == now) for value, said in options)
        return Field(name, kind, now, listed, self.errors.get(name, ""))

    def rows(self) -> tuple[Row, ...]:
        """The things asked for."""
        return tuple(
            Row(
                n,
                self.choice(f"item_{n}", "select", _categories()),
                self.line(f"words_{n}", "line", _LONGEST_WORDS),
            )
            for n in range(1, ITEMS + 1)
        )

    def sections(self) -> dict[str, tuple[Field, ...]]:
        """The form's fields by section, in order."""
        text = self.line("message", "area", _LONGEST_TEXT)
        found = {
            "who": (
                self.choice("component", "select", _components()),
                self.line("organisation"),
                self.line("officer"),
                self.line("title"),
                self.line("badge"),
            ),
            "reach": (self.line("phone", "tel"), self.line("email", "email"), self.line("address")),
            "whom": (
                self.choice("whom", "radios", _whom()),
                self.line("names", "area", _LONGEST_TEXT),
            ),
            "why": (
                *(self.choice(name, "select", _claim(name)) for name in _CLAIMS),
                self.line("statute"),
                self.line("case_number"),
            ),
            "rest": (text, self.line("instructed")),
        }
        if self.way not in PAPERLESS:
            found["rest"] = (self.line("served"), *found["rest"])
        return found

    def order(self) -> list[str]:
        """Every field's name, as the page has them."""
        rows = [f"{name}_{n}" for n in range(1, ITEMS + 1) for name in ("item", "words")]
        of = {key: [field.name for field in fields] for key, fields in self.sections().items()}
        return [*_HEAD, *of["who"], *of["reach"], *rows, *of["whom"], *of["why"], *of["rest"], "papers"]


def fresh(way: str, custodian: Custodian, now: datetime, unit: str) -> Typed:
    """An empty form of now. `opened` makes two calls within one minute two requests, and one form sent
    twice one request.
    """
    when = now.astimezone(ZoneInfo(custodian.zone))
    return Typed(
        way, {"when": when.strftime(_WHEN), "opened": f"{now.second}", "unit": unit, "whom": "not_said"}
    )


def units_of(person: Person, custodian: Custodian) -> tuple[Unit, ...]:
    """The units that a person takes requests in for."""
    return tuple(u for u in custodian.units if not person.units or u.unit_id in person.units)


def document(
    typed: Typed, custodian: Custodian, now: datetime, papers: tuple[tuple[str, str, bytes], ...]
) -> bytes:
    """The form as the bytes of a `habeas.intake.v1` document, checked by its own door.

    `BadInput` for what a person has to mend; each problem's place is the name of a field.
    """
    made = _document(typed, custodian)
    try:
        read_form(encode(made), now)
    except BadInput as error:
        raise BadInput(attrs.evolve(p, place=_field_of(p.place, typed)) for p in error.problems) from None
    if papers:
        made["papers"] = [_paper(*paper) for paper in papers]
    return encode(made)


def together(channel: str, papers: tuple[tuple[str, str, bytes], ...]) -> bytes:
    """Several files as one request: a document that says nothing but how they came."""
    made = {
        "schema": "habeas.intake.v1",
        "channel": channel or str(v.Channel.FILE),
        "papers": [_paper(*paper) for paper in papers],
    }
    return encode(made)


def _paper(name: str, media_type: str, data: bytes) -> dict[str, str]:
    return {
        "filename": name[:_LONGEST],
        "media_type": media_type[:_LONGEST],
        "data": base64.b64encode(data).decode("ascii"),
    }


def _document(typed: Typed, custodian: Custodian) -> dict[str, Any]:
    made: dict[str, Any] = {
        "schema": "habeas.intake.v1",
        "channel": str(WAYS[typed.way]),
        "received_at": write_instant(_when(typed, custodian)),
        "requester": {"component": typed.value("component") or v.UNKNOWN, "officer": {}},
        "holder": {"custodian": custodian.custodian_id, "unit": typed.value("unit")},
        "items": list(_items(typed)),
        "claims": {name: typed.value(name) for name in _CLAIMS if typed.value(name)},
    }
    for name, (*steps, last) in _LINES.items():
        if typed.value(name):
            inner = made
            for step in steps:
                inner = inner[step]
            inner[last] = typed.value(name)
    return made | _subjects(typed)


def _asked(typed: Typed) -> list[int]:
    """The rows in which something is asked for."""
    return [n for n in range(1, ITEMS + 1) if typed.value(f"item_{n}") or typed.value(f"words_{n}")]


def _items(typed: Typed) -> Iterator[dict[str, str]]:
    for n in _asked(typed):
        category = typed.value(f"item_{n}") or v.UNKNOWN
        yield {"category": category, "description": typed.value(f"words_{n}")}


def _subjects(typed: Typed) -> dict[str, Any]:
    """Names a line each; a list or everybody is `bulk`, also where some of them are named."""
    names = [line.strip() for line in typed.value("names").splitlines() if line.strip()]
    made: dict[str, Any] = {"subjects": [{"name": name} for name in names]}
    match typed.value("whom"):
        case "list":
            return made | {"subjects_band": str(v.SubjectsBand.BULK)}
        case "one" if not names:
            return made | {"subjects_band": str(v.SubjectsBand.ONE)}
        case _:
            return made


def _when(typed: Typed, custodian: Custodian) -> datetime:
    """The minute typed, in the agency's zone, with the second at which the form was opened."""
    seconds = typed.value("opened")
    try:
        local = datetime.strptime(typed.value("when"), _WHEN)  # noqa: DTZ007 - its zone is the agency's
        at = local.replace(second=int(seconds) if seconds.isdigit() else 0, tzinfo=ZoneInfo(custodian.zone))
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise bad("intake.form.not_an_instant", "when") from None


_PLACES: Final = {".".join(steps): name for name, steps in _LINES.items()} | {
    "received_at": "when",
    "subjects": "names",
    "subjects_band": "whom",
    "requester.component": "component",
}


def _field_of(place: str, typed: Typed) -> str:
    """The field of the form that a place in the document came from."""
    found = re.fullmatch(r"form\.([a-z_.]+)(?:\[([0-9]+)\](?:\.([a-z_]+))?)?", place)
    if found is None:
        return "when"
    if found[1] == "items":
        row = _asked(typed)[int(found[2])]
        return f"item_{row}" if found[3] == "category" else f"words_{row}"
    return _PLACES.get(found[1], found[1].removeprefix("claims."))


# ------------------------------------------------------------------------------------------- lists


def _components() -> Iterator[tuple[str, str]]:
    yield "", say("new.not_said")
    for component in v.Component:
        if component is not v.Component.UNKNOWN:
            yield str(component), term("component", component)


def _categories() -> Iterator[tuple[str, str]]:
    yield "", say("new.not_said")
    for category in v.DataCategory:
        if category is not v.DataCategory.UNKNOWN:
            yield str(category), term("category", category)


def _whom() -> Iterator[tuple[str, str]]:
    for word in ("one", "several", "list", "not_said"):
        yield word, say(f"new.whom.{word}")


def _claim(name: str) -> Iterator[tuple[str, str]]:
    yield "", say("new.not_said")
    listed = {"immigration_purpose": v.ImmigrationPurpose, "offense": v.Offense}.get(name, v.YesNo)
    for word in listed:
        if word != v.UNKNOWN:
            said = value_word(name, word).of(language())
            yield str(word), said[:1].upper() + said[1:]
