"""The typed inputs to policy. One table, `FACTS`, is the source of everything that names a fact:
Cedar schema, columns, JSON Schema and the prover's sorts are generated from it.

A fact is a value with two kinds of standing, never one ladder: its `source` (who vouches for it) and
its `reading` (who read it). Every fact has the explicit value `unknown`; facts are finite; dates
enter policy as yes/no/unknown (`paper_lapsed`).

Completion of what is not known (contracts.md): an unknown completes to any value at any source; a
known value completes to itself at its source *or a stronger one*.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.kernel.errors import BadInput, problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from habeas.kernel.errors import Problem


class Scope(StrEnum):
    """Whether a fact belongs to the request or to each requested item."""

    REQUEST = "request"
    ITEM = "item"


class PaperAuthority(StrEnum):
    """Who issued the paper; an `unreadable` paper's authority is `unknown` to the rules."""

    JUDICIAL = "judicial"
    COURT_CLERK_OR_ATTORNEY = "court_clerk_or_attorney"
    ADMINISTRATIVE = "administrative"
    NONE = "none"
    UNKNOWN = v.UNKNOWN


class PaperForm(StrEnum):
    """What a paper is, as far as rules ask."""

    SEARCH_WARRANT = "search_warrant"
    ARREST_WARRANT = "arrest_warrant"
    COURT_SUBPOENA = "court_subpoena"
    GRAND_JURY_SUBPOENA = "grand_jury_subpoena"
    COURT_ORDER = "court_order"
    ADMINISTRATIVE_SUBPOENA = "administrative_subpoena"
    ADMINISTRATIVE_WARRANT = "administrative_warrant"
    DETAINER = "detainer"
    INSPECTION_NOTICE = "inspection_notice"
    PRESERVATION_LETTER = "preservation_letter"
    EMERGENCY_REQUEST = "emergency_request"
    LETTER = "letter"
    NONE = "none"
    UNKNOWN = v.UNKNOWN


class Subjects(StrEnum):
    """How the request names persons."""

    ONE = "one"
    SEVERAL = "several"
    BULK = "bulk"
    UNKNOWN = v.UNKNOWN


class Certification(StrEnum):
    """Whether the third party's certification for the system is in force."""

    VALID = "valid"
    EXPIRED = "expired"
    ABSENT = "absent"
    UNKNOWN = v.UNKNOWN


class Motion(StrEnum):
    """Where a motion to quash stands."""

    NOT_FILED = "not_filed"
    PENDING = "pending"
    DENIED = "denied"
    GRANTED = "granted"
    UNKNOWN = v.UNKNOWN


class EnforcesImmigration(StrEnum):
    """Whether the requester's body enforces immigration law."""

    PRIMARILY = "primarily"
    DELEGATED = "delegated"
    NO = "no"
    UNKNOWN = v.UNKNOWN


_R: Final = frozenset({v.Source.REQUESTER})
_C: Final = frozenset({v.Source.CUSTODIAN, v.Source.INDEPENDENT})
_RC: Final = _R | _C
_ALL: Final = frozenset(v.Source)


@attrs.frozen
class FactSpec:
    """One row of the table: a fact's name, closed values, scope, who may supply it, and its meaning."""

    name: str
    values: type[StrEnum]
    scope: Scope
    suppliers: frozenset[v.Source]
    en: str
    es: str

    @cached_property
    def domain(self) -> tuple[str, ...]:
        """Every value but `unknown`, in order."""
        return tuple(str(x) for x in self.values if x != v.UNKNOWN)


def _r(name: str, values: type[StrEnum], suppliers: frozenset[v.Source], en: str, es: str) -> FactSpec:
    return FactSpec(name, values, Scope.REQUEST, suppliers, en, es)


def _i(name: str, values: type[StrEnum], suppliers: frozenset[v.Source], en: str, es: str) -> FactSpec:
    return FactSpec(name, values, Scope.ITEM, suppliers, en, es)


FACTS: Final[tuple[FactSpec, ...]] = (
    _r(
        "custodian_kind",
        v.CustodianKind,
        _C,
        "what kind of body holds the record",
        "qué tipo de entidad guarda el registro",
    ),
    _r(
        "requester_component",
        v.Component,
        _RC,
        "which part of which organisation asks",
        "qué parte de qué organización pide",
    ),
    _r("requester_federal", v.YesNo, _RC, "whether a federal agency asks", "si pide una agencia federal"),
    _r(
        "requester_enforces_immigration",
        EnforcesImmigration,
        _C,
        "whether the asking body enforces immigration law",
        "si la entidad que pide aplica la ley de inmigración",
    ),
    _r(
        "requester_verified",
        v.YesNo,
        _C,
        "whether the requester was reached at a number from the directory",
        "si se contactó al solicitante en un número del directorio",
    ),
    _r(
        "immigration_purpose",
        v.ImmigrationPurpose,
        _RC,
        "how far the request is for immigration enforcement",
        "hasta qué punto la solicitud es para aplicar la ley de inmigración",
    ),
    _r(
        "criminal_investigation",
        v.YesNo,
        _ALL,
        "whether the request supports an active criminal investigation",
        "si la solicitud apoya una investigación penal activa",
    ),
    _r(
        "crime_in_progress",
        v.YesNo,
        _ALL,
        "whether the request answers a possible crime in progress",
        "si la solicitud responde a un posible delito en curso",
    ),
    _r("offense", v.Offense, _ALL, "which kind of offense is named", "qué tipo de delito se nombra"),
    _r(
        "offense_on_face",
        v.YesNo,
        _ALL,
        "whether the offense stands on the face of the paper",
        "si el delito consta en el propio documento",
    ),
    _r(
        "program_duty",
        v.YesNo,
        _RC,
        "whether a statute or rule makes this sharing part of the agency's duties",
        "si una ley o norma hace de este intercambio un deber de la agencia",
    ),
    _r(
        "emergency",
        v.YesNo,
        _RC,
        "whether there is an emergency that threatens life",
        "si hay una emergencia que pone en peligro la vida",
    ),
    _r("paper_authority", PaperAuthority, _ALL, "who issued the paper", "quién emitió el documento"),
    _r("paper_form", PaperForm, _ALL, "what kind of paper it is", "qué tipo de documento es"),
    _r("paper_signer", v.SignerClass, _ALL, "who signed the paper", "quién firmó el documento"),
    _r("paper_signed", v.YesNo, _ALL, "whether the paper is signed", "si el documento está firmado"),
    _r(
        "paper_lapsed",
        v.YesNo,
        _ALL,
        "whether the paper's date has passed",
        "si la fecha del documento ya pasó",
    ),
    _r(
        "paper_reaches_records",
        v.YesNo,
        _ALL,
        "whether the paper is about records, not a person or a place",
        "si el documento trata de registros y no de una persona o un lugar",
    ),
    _r(
        "paper_addressed_to_us",
        v.YesNo,
        _ALL,
        "whether the paper is addressed to this agency",
        "si el documento va dirigido a esta agencia",
    ),
    _r(
        "paper_nature",
        v.Nature,
        _ALL,
        "whether the paper's matter is civil or criminal",
        "si el asunto del documento es civil o penal",
    ),
    _r(
        "enforcement_order",
        v.YesNo,
        frozenset({v.Source.COURT, v.Source.INDEPENDENT, v.Source.CUSTODIAN}),
        "whether a court has ordered compliance with the agency paper",
        "si un tribunal ordenó cumplir el documento de la agencia",
    ),
    _r(
        "for_litigant",
        v.YesNo,
        _ALL,
        "whether a clerk or lawyer issued the subpoena for a party to a lawsuit",
        "si un secretario o abogado emitió la citación para una parte de un juicio",
    ),
    _r(
        "motion_to_quash",
        Motion,
        frozenset({v.Source.COURT, v.Source.CUSTODIAN, v.Source.INDEPENDENT}),
        "where a motion to quash stands",
        "en qué estado está la moción para anular",
    ),
    _r(
        "subjects",
        Subjects,
        _RC,
        "whether one person, several or a whole group is asked about",
        "si se pregunta por una persona, varias o todo un grupo",
    ),
    _r(
        "certification",
        Certification,
        _C,
        "whether the required certification is in force",
        "si la certificación exigida está vigente",
    ),
    _r(
        "agreement",
        v.YesNo,
        _C,
        "whether a written agreement covers this sharing",
        "si un acuerdo escrito cubre este intercambio",
    ),
    _r(
        "required_by_law",
        v.YesNo,
        _C,
        "whether counsel found a law that requires this release",
        "si la asesoría legal halló una ley que exige esta entrega",
    ),
    _r("written", v.YesNo, _C, "whether the request is in writing", "si la solicitud está por escrito"),
    _i("data_category", v.DataCategory, _RC, "what kind of data the item is", "qué tipo de datos es"),
    _i(
        "item_public",
        v.YesNo,
        _C,
        "whether the public may see this data anyway",
        "si el público ya puede ver estos datos",
    ),
    _i(
        "item_in_scope",
        v.YesNo,
        _ALL,
        "whether the paper asks for this item",
        "si el documento pide este dato",
    ),
    _i(
        "system_excluded",
        v.YesNo,
        _C,
        "whether law already bars this system from immigration use",
        "si la ley ya prohíbe usar este sistema para inmigración",
    ),
    _i(
        "consent",
        v.YesNo,
        _C,
        "whether the person named agreed, checked with that person",
        "si la persona nombrada dio su consentimiento, verificado con ella",
    ),
)

SPEC: Final[dict[str, FactSpec]] = {spec.name: spec for spec in FACTS}


@attrs.frozen
class Place:
    """Where on a paper something stands.

    `blob` is the paper's address; `page` counts from 1; `box` is (left, top, right, bottom) in whole
    points (1/72 inch) from the page's top left corner, or None for the whole page; `text` is the
    words it rests on. A place is personal data: it goes into the encrypted payload only.
    """

    blob: str
    page: int
    box: tuple[int, int, int, int] | None = None
    text: str = ""

    def as_json(self) -> dict[str, Any]:
        """The evidence object of the contracts."""
        return {
            "blob": self.blob,
            "page": self.page,
            "box": list(self.box) if self.box else None,
            "text": self.text,
        }


@attrs.frozen
class Fact:
    """A value with its source, its reading, and the places it rests on."""

    value: str
    source: v.Source
    reading: v.Reading
    evidence: tuple[Place, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the value is established at all."""
        return self.value != v.UNKNOWN

    def as_json(self, *, evidence: bool = False) -> dict[str, Any]:
        """The policy view of the fact; with `evidence`, also the places (personal data)."""
        plain: dict[str, Any] = {
            "value": self.value,
            "source": str(self.source),
            "reading": str(self.reading),
        }
        if evidence:
            plain["evidence"] = [p.as_json() for p in self.evidence]
        return plain


UNKNOWN_FACT: Final = Fact(v.UNKNOWN, v.Source.REQUESTER, v.Reading.MACHINE)
"""What stands in for a fact nobody supplied."""


@attrs.frozen
class FactSet:
    """Facts by name; a name that is absent is unknown. Closed: names and values are checked."""

    facts: Mapping[str, Fact] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        found = list(_problems(self.facts))
        if found:
            raise BadInput(found)

    def __getitem__(self, name: str) -> Fact:
        if name not in SPEC:
            raise KeyError(name)
        return self.facts.get(name, UNKNOWN_FACT)

    def value(self, name: str) -> str:
        """The value of a fact, `unknown` where nobody supplied it."""
        return self[name].value

    def merged(self, other: FactSet) -> FactSet:
        """These facts with `other`'s laid over them (a later event supersedes)."""
        return FactSet({**self.facts, **other.facts})

    def strictest(self, *others: FactSet) -> FactSet:
        """All sets together, where several statements about one fact meet cautiously.

        A known value beats an unknown one; equal values keep the strongest source and all places; of
        several immigration purposes the strictest stands (mixed purposes take the strictest rule); any
        other contradiction makes the fact unknown, so that a person must look. The order of the sets does
        not matter, but they must come at once: two by two, a third voice would overrule a contradiction.
        """
        every = (self, *others)
        names = dict.fromkeys(name for one in every for name in one.facts)
        return FactSet({n: _meet(n, [one.facts[n] for one in every if n in one.facts]) for n in names})

    def of_scope(self, scope: Scope) -> FactSet:
        """Only the facts of one scope."""
        return FactSet({n: f for n, f in self.facts.items() if SPEC[n].scope is scope})

    def as_json(self, *, evidence: bool = False) -> dict[str, Any]:
        """By name, in the order of the table."""
        return {
            spec.name: self.facts[spec.name].as_json(evidence=evidence)
            for spec in FACTS
            if spec.name in self.facts
        }


_STRICTNESS: Final = {"immigration_purpose": ("none", "part", "sole")}


def _meet(name: str, said: list[Fact]) -> Fact:
    known = [f for f in said if f.known]
    values = {f.value for f in known}
    if not known:
        return said[0]
    if len(values) > 1:
        if name not in _STRICTNESS:
            return attrs.evolve(UNKNOWN_FACT, evidence=tuple(p for f in known for p in f.evidence))
        strictest = max(values, key=_STRICTNESS[name].index)
        known = [f for f in known if f.value == strictest]
    ranked = sorted(known, key=lambda f: (-f.source.strength, f.reading is not v.Reading.MACHINE))
    return attrs.evolve(ranked[0], evidence=tuple(p for f in ranked for p in f.evidence))


def _problems(facts: Mapping[str, Fact]) -> Iterable[Problem]:
    for name, fact in facts.items():
        spec = SPEC.get(name)
        if spec is None:
            yield problem("facts.name.unknown", "facts", known=", ".join(SPEC))
        elif fact.value != v.UNKNOWN and fact.value not in spec.domain:
            yield problem("facts.value.unknown", f"facts.{name}", allowed=", ".join(spec.domain))
        elif fact.value != v.UNKNOWN and fact.source not in spec.suppliers:
            yield problem(
                "facts.source.not_allowed",
                f"facts.{name}.source",
                allowed=", ".join(sorted(spec.suppliers)),
            )


def read_fact(data: object, place: str) -> Fact:
    """One fact object of the contracts → `Fact`, or `BadInput`. Evidence objects are read back too."""
    if not isinstance(data, dict) or not {"value", "source", "reading"} <= data.keys():
        raise BadInput(problem("facts.fact.malformed", place))
    unknown_keys = data.keys() - {"value", "source", "reading", "evidence"}
    if unknown_keys:
        raise BadInput(problem("facts.fact.malformed", place))
    try:
        source, reading = v.Source(data["source"]), v.Reading(data["reading"])
    except ValueError:
        raise BadInput(problem("facts.standing.unknown", place)) from None
    if not isinstance(data["value"], str):
        raise BadInput(problem("facts.fact.malformed", place))
    places = data.get("evidence", [])
    if not isinstance(places, list | tuple):
        raise BadInput(problem("facts.fact.malformed", place))
    evidence = tuple(_read_place(p, place) for p in places)
    return Fact(data["value"], source, reading, evidence)


def _read_place(data: object, place: str) -> Place:
    if isinstance(data, dict) and isinstance(data.get("page"), bool):  # `int()` below would match it
        raise BadInput(problem("facts.fact.malformed", place))
    match data:
        case {
            "blob": str(blob),
            "page": int(page),
            "box": [int(a), int(b), int(c), int(d)],
            "text": str(text),
        }:
            return Place(blob, page, (a, b, c, d), text)
        case {"blob": str(blob), "page": int(page), "box": None, "text": str(text)}:
            return Place(blob, page, None, text)
        case _:
            raise BadInput(problem("facts.fact.malformed", place))


def read_facts(data: object, place: str = "facts") -> FactSet:
    """A JSON object of facts → `FactSet`, or `BadInput` naming the fact and the allowed words."""
    if not isinstance(data, dict):
        raise BadInput(problem("facts.fact.malformed", place))
    if any(name not in SPEC for name in data):  # and no place repeats what is no word of ours
        raise BadInput(problem("facts.name.unknown", place, known=", ".join(SPEC)))
    return FactSet({n: read_fact(f, f"{place}.{n}") for n, f in data.items()})
