"""Which data a text asks for: each kind once, in the words and the order of the text.

Kinds of data are as coarse as the laws need them (`DataCategory`). A kind that is only mentioned to say
something about another (`wages reported by every employer`), or is no data at all (`the full picture`), is
passed over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.facts import Place
from habeas.intake.reading.purposes import states_purpose, without_offices

if TYPE_CHECKING:
    from collections.abc import Iterable

C = v.DataCategory


@attrs.frozen
class Wanted:
    """One thing asked for: its category, the words, and where they stand."""

    category: v.DataCategory
    text: str
    place: Place


_KINDS: Final[tuple[tuple[v.DataCategory, re.Pattern[str]], ...]] = tuple(
    (category, re.compile("|".join(patterns), re.IGNORECASE))
    for category, patterns in (
        (C.UI_WAGE, (r"\bwages?\b(?! (theft|garnishment))",
                     r"quarterly (earnings|income)|earnings (history|record)",
                     r"salar(y|io)s?\b|payroll records|work history")),
        (C.UI_CLAIM, (r"unemployment (insurance )?(claim|benefit)|\bUI (claim|benefit|file)",
                      r"claim (file|history)|weekly certification|desempleo")),
        (C.EMPLOYMENT, (r"\bemployers?\b|place of (employment|work)|where .{0,20}works",
                        r"empleador|patr[oó]n\b|lugar de trabajo")),
        (C.DRIVER_RESTRICTED, (r"photo(graph|s|graphs)?\b|\bimages?\b(?! of (a|the) (drive|disk))",
                               r"(?<!full )(?<!bigger )(?<!whole )\bpictures?\b|fotograf")),
        (C.FACE_SEARCH, (r"fac(e|ial) (recognition|search|match)|reconocimiento facial",)),
        (C.VEHICLE_REGISTRATION, (r"vehicles?\b(?! (theft|used in))",
                                  r"(?<!voter )registration(s)? (of|for|record)",
                                  r"title (history|record)|license plate|\bplates?\b|\bVIN\b",
                                  r"veh[ií]culo|matr[ií]cula del|placas?\b")),
        (C.DRIVER_PERSONAL, (r"driver'?s?'? licen[sc]e|driving record|\bDL\b|\bID (card|application)",
                             r"licen[sc]e (application|history|record)|driver record",
                             r"licencia de (conducir|manejo)")),
        (C.LICENSE, (r"(professional|occupational|business|marijuana) licen[sc]e|licen[sc](e|ing) file",
                     r"licencia profesional|liquor licen[sc]e")),
        (C.VITAL, (r"(birth|death) (record|certificate)s?|\bborn\b.{0,40}(list|record)|marriage certificate",
                   r"(partida|acta) de nacimiento|nacimientos")),
        (C.EDUCATION, (r"student'?s?\b(?! visa)|school (record|file|enrol|attendance)|enrollment record",
                       r"(?<!hearing )(?<!court )transcripts?\b(?! of (the )?(hear|depos|proceed))",
                       r"expediente (escolar|acad)|registro escolar")),
        (C.SNAP, (r"(?-i:\bSNAP\b)|food (stamp|assistance)|cupones de alimentos",)),
        (C.MEDICAID, (r"medicaid",)),
        (C.TAX, (r"tax (return|record|information)s?|declaraci[oó]n de impuestos",)),
        (C.HEALTH, (r"(medical|health|patient) (record|file|chart)|historia cl[ií]nica",)),
        (C.OTHER_PERSONAL, (r"benefits? (case )?(file|case|record)|(?<!criminal )case file|public assistance",
                            r"expediente de (beneficios|ayuda)")),
        (C.CONTACT, (r"address(es)?\b|residence|telephone|phone number|contact information",
                     r"domicilio|direcci[oó]n")),
        (C.IDENTIFIERS, (r"social security number|\bSSN\b|date of birth\b.{0,20}(record|information)",
                         r"identification numbers?")),
        (C.IMMIGRATION_STATUS, (r"(immigration|citizenship) status|lawful presence|estatus migratorio",)),
    )
)  # fmt: skip

_HEADS: Final = re.compile(
    r"^(to|from|cc|subject|date|sent|fw|re|para|de|asunto|dear|respectfully|sincerely|thank|regards|badge|estimad)\b|"
    r"^[\w. ]+(special agent|officer|detective|investigator)$|^\(\d{3}\)|@|"
    r"^\d+ [\w ]+(plaza|road|street|avenue|drive|way|parkway)",
    re.IGNORECASE,
)
_FORM_NAME: Final = re.compile(r"\(?Form [A-Z]-?\d+\)?")
_ASKS: Final = re.compile(
    r"\b(request(s|ed|ing)?|need(s|ed)?|provide|send|please|obtain|cop(y|ies)|asks?|asking|want|produce|furnish|"
    r"search|run|extract|list|solicit\w+|necesit\w+|env[ií]\w+|s[ií]rvan\w*|pid\w+|copia)\b|"
    r"^\(?\d+[.)] |^[-*•] ",
    re.IGNORECASE,
)
_QUOTE_LENGTH: Final = 300


def wanted(sentences: Iterable[str], blob: str, page: int) -> tuple[Wanted, ...]:
    """Each kind of data asked for, once; headers, signatures and statements of purpose are passed over."""
    found: dict[v.DataCategory, Wanted] = {}
    for sentence in sentences:
        if _HEADS.search(sentence) or (states_purpose(sentence) and not _ASKS.search(sentence)):
            continue
        rest = without_offices(_FORM_NAME.sub("", sentence))
        place = Place(blob, page, None, sentence[:_QUOTE_LENGTH])
        here = [c for c, pattern in _KINDS if c not in found and pattern.search(rest)]
        kept = [c for c in here if not _only_mentioned(c, rest)]
        if len(kept) > 1 and C.IDENTIFIERS in kept:
            kept.remove(C.IDENTIFIERS)  # `wage records under the subject's Social Security number`
        found.update({c: Wanted(c, sentence, place) for c in kept})
    return tuple(found.values())


_HOME: Final = re.compile(
    r"home address|residen|domicilio|(present|current|mailing) address|last known|addresses on file",
    re.IGNORECASE,
)
_PLACE_TO_ANSWER: Final = re.compile(
    r"(this|my|our|return|IP|e-?mail|web|above|following|that) address(?! and)|"
    r"address(ed)? (this|your|to|any|the|it)\b|(at|to|from) the address|address (below|above)|my telephone|"
    r"contact me|direcci[oó]n (de correo|siguiente)",
    re.IGNORECASE,
)
_EMPLOYER: Final = re.compile(r"employer|employment|empleador", re.IGNORECASE)
_WAGES: Final = re.compile(r"wage|quarter|salario", re.IGNORECASE)
_EMPLOYER_ASKED: Final = re.compile(
    r"(names?|address(es)?).{0,20}employer|current (place of )?employ|nombre.{0,24}empleador", re.IGNORECASE
)
_PHOTO: Final = re.compile(r"photo|fotograf", re.IGNORECASE)
_RECORD: Final = re.compile(r"record|history|application|registro|historial", re.IGNORECASE)
_PROFESSION: Final = re.compile(
    r"(professional|occupational|business|liquor|nursing|contractor|marijuana)\b.{0,30}licen[sc]e",
    re.IGNORECASE,
)


def _only_mentioned(category: v.DataCategory, text: str) -> bool:
    """Whether a kind of data is named only to say something about another, or where to answer."""
    match category:
        case C.CONTACT:
            elsewhere = _EMPLOYER.search(text) or _PLACE_TO_ANSWER.search(text)
            return bool(elsewhere) and not _HOME.search(text)
        case C.EMPLOYMENT:
            return bool(_WAGES.search(text)) and not _EMPLOYER_ASKED.search(text)
        case C.DRIVER_PERSONAL:
            photo = _PHOTO.search(text) and not _RECORD.search(text)
            return bool(photo or _PROFESSION.search(text))
        case _:
            return False
