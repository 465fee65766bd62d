"""A legal paper and what was read from it, each statement with its place.

`Instrument` is what a reader (machine, later a person) says of one paper. `FORMS` sorts every kind of
paper by its form, reach and compulsion (law.md § 4.2). `paper_facts` turns a reading into policy
facts without adding anything: what the paper does not show is `unknown`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.facts import Fact, FactSet, PaperForm, Place, Subjects

if TYPE_CHECKING:
    from datetime import date

THRESHOLD: Final = 800
"""Confidence (per mille) below which a paper's verdict is `unreadable` and a person must look."""


class FieldName(StrEnum):
    """What can be read off a paper besides its verdict."""

    COURT = "court"
    DISTRICT = "district"
    CASE_NUMBER = "case_number"
    AGENCY = "agency"
    ISSUER_NAME = "issuer_name"
    ISSUER_TITLE = "issuer_title"
    ISSUED_ON = "issued_on"
    EXECUTE_BY_ON = "execute_by_on"
    RETURN_ON = "return_on"
    STATUTE = "statute"
    OFFENSE = "offense"
    PERSON = "person"
    ITEM = "item"
    ADDRESSEE = "addressee"
    NONDISCLOSURE = "nondisclosure"
    FORM_NUMBER = "form_number"


@attrs.frozen
class Field:
    """One thing read off a paper: dates as `YYYY-MM-DD`, everything else as the words found."""

    name: FieldName
    value: str
    place: Place


@attrs.frozen
class Evidence:
    """Why the reader says what it says: `claim` is an attribute of `Instrument` such as `authority`."""

    claim: str
    value: str
    place: Place


@attrs.frozen
class Instrument:
    """One paper as read. `confidence` is per mille; pages count from 1 within the file."""

    kind: v.InstrumentKind
    authority: v.Authority
    signer_class: v.SignerClass
    signed: v.YesNo
    filled: v.YesNo
    compulsion: v.Compulsion
    nature: v.Nature
    reaches: v.Reaches
    addressed_to_us: v.YesNo = v.YesNo.UNKNOWN
    proposed: v.YesNo = v.YesNo.NO
    first_page: int = 1
    last_page: int = 1
    confidence: int = 0
    needs_person: bool = True
    fields: tuple[Field, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def all(self, name: FieldName) -> tuple[Field, ...]:
        """Every field of a name, in reading order."""
        return tuple(f for f in self.fields if f.name is name)

    def first(self, name: FieldName) -> Field | None:
        """The first field of a name, or None."""
        return next((f for f in self.fields if f.name is name), None)

    def places(self, claim: str) -> tuple[Place, ...]:
        """Where a claim stands on the paper."""
        return tuple(e.place for e in self.evidence if e.claim == claim)


@attrs.frozen
class Form:
    """How a kind of paper is sorted: form, reach and compulsion when properly issued (law.md § 4.2)."""

    form: PaperForm
    reaches: v.Reaches
    compulsion: v.Compulsion
    title_en: str
    title_es: str


_SELF, _COURT, _VOL = v.Compulsion.SELF_EXECUTING, v.Compulsion.COURT_ENFORCEABLE, v.Compulsion.VOLUNTARY
_REC, _PER, _PRE, _NOT, _WHO = (
    v.Reaches.RECORDS, v.Reaches.PERSON, v.Reaches.PREMISES, v.Reaches.NOTHING, v.Reaches.UNKNOWN
)  # fmt: skip
_K, _P = v.InstrumentKind, PaperForm

FORMS: Final[dict[v.InstrumentKind, Form]] = {
    _K.AO93: Form(_P.SEARCH_WARRANT, _REC, _SELF,
                  "search and seizure warrant (AO 93)", "orden de registro e incautación (AO 93)"),
    _K.AO93C: Form(_P.SEARCH_WARRANT, _REC, _SELF,
                   "warrant by telephone or other electronic means (AO 93C)",
                   "orden por teléfono u otro medio electrónico (AO 93C)"),
    _K.AO442: Form(_P.ARREST_WARRANT, _PER, _SELF, "arrest warrant (AO 442)", "orden de arresto (AO 442)"),
    _K.AO88: Form(_P.COURT_SUBPOENA, _PER, _SELF,
                  "subpoena to testify at a civil trial (AO 88)", "citación a juicio civil (AO 88)"),
    _K.AO88A: Form(_P.COURT_SUBPOENA, _PER, _SELF,
                   "subpoena to a civil deposition (AO 88A)", "citación a declaración civil (AO 88A)"),
    _K.AO88B: Form(_P.COURT_SUBPOENA, _REC, _SELF,
                   "civil subpoena to produce documents (AO 88B)",
                   "citación civil para entregar documentos (AO 88B)"),
    _K.AO89: Form(_P.COURT_SUBPOENA, _PER, _SELF,
                  "subpoena to testify in a criminal case (AO 89)", "citación en caso penal (AO 89)"),
    _K.AO89B: Form(_P.COURT_SUBPOENA, _REC, _SELF,
                   "subpoena to produce in a criminal case (AO 89B)",
                   "citación para entregar documentos en caso penal (AO 89B)"),
    _K.AO110: Form(_P.GRAND_JURY_SUBPOENA, _REC, _SELF,
                   "grand jury subpoena (AO 110)", "citación de gran jurado (AO 110)"),
    _K.OTHER_COURT_SUBPOENA: Form(_P.COURT_SUBPOENA, _REC, _SELF,
                                  "other court subpoena", "otra citación judicial"),
    _K.COURT_ORDER: Form(_P.COURT_ORDER, _REC, _SELF, "court order", "orden judicial"),
    _K.MINUTE_ORDER: Form(_P.COURT_ORDER, _REC, _SELF, "minute order", "orden asentada en acta"),
    _K.STATE_SEARCH_WARRANT: Form(_P.SEARCH_WARRANT, _REC, _SELF,
                                  "state search warrant", "orden de registro estatal"),
    _K.STATE_SUBPOENA: Form(_P.COURT_SUBPOENA, _REC, _SELF,
                            "state court subpoena", "citación de un tribunal estatal"),
    _K.STATE_COURT_ORDER: Form(_P.COURT_ORDER, _REC, _SELF,
                               "state court order", "orden de un tribunal estatal"),
    _K.CIVIL_INSPECTION_WARRANT: Form(_P.SEARCH_WARRANT, _PRE, _SELF,
                                      "civil inspection warrant", "orden civil de inspección"),
    _K.I138: Form(_P.ADMINISTRATIVE_SUBPOENA, _REC, _COURT,
                  "immigration enforcement subpoena (I-138)", "citación de inmigración (I-138)"),
    _K.I200: Form(_P.ADMINISTRATIVE_WARRANT, _PER, _SELF,
                  "immigration arrest warrant (I-200)", "orden migratoria de arresto (I-200)"),
    _K.I203: Form(_P.ADMINISTRATIVE_WARRANT, _PER, _SELF,
                  "order to detain or release (I-203)", "orden de detener o liberar (I-203)"),
    _K.I205: Form(_P.ADMINISTRATIVE_WARRANT, _PER, _SELF,
                  "immigration removal warrant (I-205)", "orden migratoria de expulsión (I-205)"),
    _K.I247: Form(_P.DETAINER, _PER, _VOL,
                  "immigration detainer (I-247)", "solicitud de retención migratoria (I-247)"),
    _K.I286: Form(_P.ADMINISTRATIVE_WARRANT, _PER, _SELF,
                  "notice of custody determination (I-286)", "aviso de custodia (I-286)"),
    _K.CUSTOMS_SUMMONS: Form(_P.ADMINISTRATIVE_SUBPOENA, _REC, _COURT,
                             "customs summons (19 USC 1509)", "requerimiento de aduanas (19 USC 1509)"),
    _K.I9_NOTICE: Form(_P.INSPECTION_NOTICE, _REC, _COURT,
                       "notice of I-9 inspection", "aviso de inspección I-9"),
    _K.DEA_SUBPOENA: Form(_P.ADMINISTRATIVE_SUBPOENA, _REC, _COURT,
                          "drug-enforcement subpoena (21 USC 876)", "citación de la DEA (21 USC 876)"),
    _K.HHS_SUBPOENA: Form(_P.ADMINISTRATIVE_SUBPOENA, _REC, _COURT,
                          "health-department subpoena", "citación del departamento de salud"),
    _K.FBI_SUBPOENA: Form(_P.ADMINISTRATIVE_SUBPOENA, _REC, _COURT,
                          "Justice Department subpoena (18 USC 3486)",
                          "citación del Departamento de Justicia (18 USC 3486)"),
    _K.IRS_SUMMONS: Form(_P.ADMINISTRATIVE_SUBPOENA, _REC, _COURT,
                         "tax summons (Form 2039)", "requerimiento fiscal (formulario 2039)"),
    _K.IG_SUBPOENA: Form(_P.ADMINISTRATIVE_SUBPOENA, _REC, _COURT,
                         "inspector-general subpoena", "citación de un inspector general"),
    _K.OTHER_ADMIN_SUBPOENA: Form(_P.ADMINISTRATIVE_SUBPOENA, _REC, _COURT,
                                  "other agency subpoena", "otra citación de una agencia"),
    _K.PRESERVATION_LETTER: Form(_P.PRESERVATION_LETTER, _NOT, _VOL,
                                 "preservation letter", "carta de conservación"),
    _K.EMERGENCY_REQUEST: Form(_P.EMERGENCY_REQUEST, _REC, _VOL,
                               "emergency disclosure request", "solicitud de divulgación de emergencia"),
    _K.LETTER: Form(_P.LETTER, _REC, _VOL, "letter", "carta"),
    _K.EMAIL: Form(_P.LETTER, _REC, _VOL, "e-mail", "correo electrónico"),
    _K.OTHER: Form(_P.LETTER, _NOT, _VOL, "other paper", "otro documento"),
    _K.UNKNOWN: Form(_P.UNKNOWN, _WHO, v.Compulsion.UNKNOWN, "unreadable paper", "documento ilegible"),
}  # fmt: skip


def unreadable(first_page: int = 1, last_page: int = 1) -> Instrument:
    """The verdict for a paper nobody could read: everything unknown, a person must look."""
    return Instrument(
        kind=v.InstrumentKind.UNKNOWN,
        authority=v.Authority.UNREADABLE,
        signer_class=v.SignerClass.UNKNOWN,
        signed=v.YesNo.UNKNOWN,
        filled=v.YesNo.UNKNOWN,
        compulsion=v.Compulsion.UNKNOWN,
        nature=v.Nature.UNKNOWN,
        reaches=v.Reaches.UNKNOWN,
        first_page=first_page,
        last_page=last_page,
    )


def most_cautious(instruments: tuple[Instrument, ...]) -> Instrument | None:
    """The instrument that speaks for a file: the most cautious authority, an unsigned one before a signed
    one, then the lowest confidence.

    Attachments of no authority (a cover letter beside a warrant) do not speak for the file as long
    as another instrument claims some authority; an unreadable one always does, and so does a proposed
    order, which claims one that it has not got.
    """
    if not instruments:
        return None
    claiming = [i for i in instruments if i.authority is not v.Authority.NONE or i.proposed is v.YesNo.YES]
    return max(claiming or instruments, key=_caution)


def _caution(instrument: Instrument) -> tuple[int, bool, int]:
    return instrument.authority.caution, instrument.signed is not v.YesNo.YES, -instrument.confidence


def lapsed(instrument: Instrument, on: date) -> tuple[v.YesNo, tuple[Place, ...]]:
    """Whether the paper's own last date lies before `on`; without a date only an order stays open.

    The day by which it must be executed counts (Fed. R. Crim. P. 41(e)(2)(A)(i)), whatever day it is to be
    returned on; where no such day is named, the day of return.
    """
    dates = instrument.all(FieldName.EXECUTE_BY_ON) or instrument.all(FieldName.RETURN_ON)
    if dates:
        last = max(dates, key=lambda f: f.value)
        return (v.YesNo.YES if last.value < on.isoformat() else v.YesNo.NO), (last.place,)
    if FORMS[instrument.kind].form in (PaperForm.COURT_ORDER, PaperForm.LETTER):
        return v.YesNo.NO, ()
    return v.YesNo.UNKNOWN, ()


def paper_facts(instrument: Instrument, on: date, reading: v.Reading = v.Reading.MACHINE) -> FactSet:
    """The policy facts that a paper shows on its face, on the legal date `on`.

    A court's paper speaks with source `court`, everybody else's with `requester`; an unreadable paper
    gives only unknowns.
    """
    court = instrument.authority in (v.Authority.JUDICIAL, v.Authority.COURT_CLERK_OR_ATTORNEY)
    source = v.Source.COURT if court else v.Source.REQUESTER
    if instrument.authority is v.Authority.UNREADABLE:
        return FactSet({})
    is_lapsed, lapsed_at = lapsed(instrument, on)

    def fact(value: str, *claims: str, places: tuple[Place, ...] = ()) -> Fact:
        found = places + tuple(p for c in claims for p in instrument.places(c))
        return Fact(str(value), source, reading, found)

    values = {
        "paper_authority": fact(instrument.authority, "authority"),
        "paper_form": fact(FORMS[instrument.kind].form, "kind"),
        "paper_signer": fact(instrument.signer_class, "signer_class", "signed"),
        "paper_signed": fact(instrument.signed, "signed"),
        "paper_lapsed": fact(is_lapsed, places=lapsed_at),
        "paper_reaches_records": fact(_reaches_records(instrument), "reaches", "kind"),
        "paper_addressed_to_us": fact(instrument.addressed_to_us, "addressed_to_us"),
        "paper_nature": fact(instrument.nature, "nature"),
        "for_litigant": fact(_for_litigant(instrument), "kind"),
    }
    return FactSet({name: f for name, f in values.items() if f.known} | _offense(instrument, source, reading))


def no_paper_facts() -> FactSet:
    """The facts when nothing but a message came: the custodian knows that there is no paper."""
    values = {
        "paper_authority": v.Authority.NONE,
        "paper_form": PaperForm.NONE,
        "paper_signer": v.SignerClass.NONE,
        "paper_signed": v.YesNo.NO,
        "paper_lapsed": v.YesNo.NO,
        "paper_reaches_records": v.YesNo.NO,
        "for_litigant": v.YesNo.NO,
        "offense_on_face": v.YesNo.NO,
    }
    return FactSet({n: Fact(str(x), v.Source.CUSTODIAN, v.Reading.MACHINE) for n, x in values.items()})


def _reaches_records(instrument: Instrument) -> v.YesNo:
    match instrument.reaches:
        case v.Reaches.RECORDS:
            return v.YesNo.YES
        case v.Reaches.UNKNOWN:
            return v.YesNo.UNKNOWN
        case _:
            return v.YesNo.NO


def _for_litigant(instrument: Instrument) -> v.YesNo:
    """A civil subpoena that a clerk or lawyer issued is a litigant's (20 CFR 603.7(b)(2))."""
    form = FORMS[instrument.kind].form
    if instrument.authority is not v.Authority.COURT_CLERK_OR_ATTORNEY:
        return v.YesNo.NO
    if form is PaperForm.GRAND_JURY_SUBPOENA:
        return v.YesNo.NO
    match instrument.nature:
        case v.Nature.CIVIL:
            return v.YesNo.YES
        case v.Nature.CRIMINAL:
            return v.YesNo.NO
        case _:
            return v.YesNo.UNKNOWN


def _offense(instrument: Instrument, source: v.Source, reading: v.Reading) -> dict[str, Fact]:
    found = tuple(f.place for f in instrument.all(FieldName.OFFENSE))
    value = v.YesNo.YES if found else v.YesNo.NO
    return {"offense_on_face": Fact(str(value), source, reading, found)}


def subjects_fact(instrument: Instrument, source: v.Source, reading: v.Reading) -> Fact:
    """One named person, several, or none named (a bulk demand)."""
    persons = instrument.all(FieldName.PERSON)
    value = Subjects.BULK if not persons else Subjects.ONE if len(persons) == 1 else Subjects.SEVERAL
    return Fact(str(value), source, reading, tuple(f.place for f in persons))
