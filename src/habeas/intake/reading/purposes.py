"""What a text says it is for: immigration enforcement, a criminal investigation, an emergency, a program.

Promises that a purpose is taken only from a statement: a question, a condition (`if`, `whether`) or a
provision of law that somebody recites claims nothing, and a denial claims the opposite. English, Spanish.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain import vocabulary as v

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from habeas.intake.reading.sentences import Said


@attrs.frozen
class Claimed:
    """A fact's name, the value claimed for it, and the sentence that claims it."""

    fact: str
    value: str
    sentence: str


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_IMMIGRATION: Final = _any(
    r"removal proceedings?",
    r"(civil|administrative) immigration",
    r"immigration (enforcement|removal|violations?|status check|court|purposes?|only|matter|case)",
    r"deport(ation|able|ing)?\b",
    r"enforcement and removal",
    r"administrative (arrest|warrant)",
    r"removable alien",
    r"unlawful(ly)? presen",
    r"locate (and|or) (arrest|apprehend|remove)",
    r"visa overstay",
    r"fugitive operations",
    r"final order of removal",
    r"notice to appear\b(?! at)",
    r"enforcement of (the )?(u\.?s\.? |federal )?immigration laws?",
    r"immigration and nationality act",
    r"(procesos?|orden(es)?) de (expulsi|deportaci|remoci)",
    r"control migratorio|(asunto|diligencia|detenci[oó]n|arresto|caso) (\w+ )?(migratori|de inmigraci)",
    r"aplicaci[oó]n de las leyes de inmigraci|inmigraci[oó]n civil|fines (de inmigraci|migratori)",
)
_CRIMINAL: Final = _any(
    r"criminal (investigation|case|matter|inquiry|prosecution|probe)",
    r"investigaci[oó]n (penal|criminal)|caso penal|asunto penal|causa penal",
    r"grand jury investigation",
    r"investigating (a |an |the )?(crime|felony)",
)
_PROGRESS: Final = _any(
    r"crime in progress|(in|under) progress (right )?now|happening (right )?now|as we speak",
    r"fleeing (the )?scene|active pursuit|is being committed|possible crime",
    r"(robbery|burglary|kidnapping|assault|smuggling|crime)[^.]{0,40}(in progress|under ?way)",
    r"(delito|robo|secuestro|asalto)[^.]{0,40}en curso",
)
_EMERGENCY: Final = _any(
    r"imminent (danger|threat|risk)|(danger|risk) of (death|serious)|threat to life|life[- ]threatening",
    r"(exigent|emergency) (circumstances|disclosure|request)|\ban emergency\b",
    r"will be (seriously )?(hurt|injured|killed)",
    r"peligro (inminente|de muerte)|riesgo de muerte|solicitud de emergencia|una emergencia",
)
_PROGRAM: Final = _any(
    r"1320b-?7|\bSAVE\b (program|verification|query)",
    r"(eligibility|income|benefit|wage) (verification|match)|data match|computer matching",
    r"verif(y|ication of) (benefit )?(eligibility|entitlement)",
    r"required (by|under) (\d+ U\.?S\.?C|section|statute|federal law)[^.]{0,80}(program|benefit|match|verif)",
    r"administ(er|ration of) (the|a|our) [\w -]{0,40}(program|benefits?)",
    r"(cruce|comparaci[oó]n) de (datos|salarios)|verificaci[oó]n de (elegibilidad|ingresos)",
)
_SOLE: Final = _any(r"\b(sole(ly)?|only|exclusively|purely|strictly|[uú]nicamente|exclusivamente)\b")

_OFFICES: Final = _any(
    r"(U\.?S\.? )?Immigration and Customs Enforcement",
    r"(Office of )?Enforcement and Removal( Operations)?",
    r"(U\.?S\.? )?Citizenship and Immigration Services",
    r"Fugitive Operations (Team|Unit|Program)",
    r"(Deportation|Immigration (Services|Enforcement)|Detention and Deportation) (Officer|Agent)",
    r"Executive Office for Immigration Review",
    r"Drug Enforcement Administration",
    r"Bureau of Alcohol, Tobacco, Firearms and Explosives",
    r"Criminal Investigation (Division|Unit|Section)",
)
"""Names of offices and titles: who somebody is says nothing about what they want it for."""

_DENIED: Final = re.compile(
    r"\b(not|no|nothing|neither|nor|never|isn't|without|unrelated|none|non|nada|ni|sin|ning[uú]n|ninguna|tampoco)\b"
    r"(?! (only|solely|just|s[oó]lo|solamente))[^,;]{0,70}$",
    re.IGNORECASE,
)
_NOT_ONLY: Final = _any(r"\b(not|no) (only|solely|just|exclusively|s[oó]lo|solamente|[uú]nicamente)\b")
_SUPPOSED: Final = _any(
    r"\b(if|whether|unless|when|permits?|allows?|authorizes?|exceptions?|exempt\w*|such as|si|salvo|"
    r"permite[ns]?|autoriza[ns]?)\b[^,;]*$"
)


def without_offices(text: str) -> str:
    """A text with the names of offices and titles taken out."""
    return _OFFICES.sub(" ", text)


def purposes(spoken: Said) -> Iterator[Claimed]:
    """Each purpose claimed, once. What opens comes from the writer's own words, never from earlier ones."""
    openers = {
        "criminal_investigation": _CRIMINAL,
        "crime_in_progress": _PROGRESS,
        "emergency": _EMERGENCY,
        "program_duty": _PROGRAM,
    }
    opened = False
    for fact, pattern in openers.items():
        claimed = _opener(fact, pattern, spoken.now)
        if claimed is not None:
            opened |= claimed.value == v.YesNo.YES and fact != "emergency"
            yield claimed
    immigration = _immigration((*spoken.now, *spoken.before), mixed=opened)
    if immigration is not None:
        yield immigration


def _opener(fact: str, pattern: re.Pattern[str], spoken: Iterable[str]) -> Claimed | None:
    """Yes, no, or nothing where a text says both."""
    found = {
        v.YesNo.NO if denied else v.YesNo.YES: sentence
        for sentence in reversed(list(spoken))
        if (denied := _stated(pattern, sentence)) is not None
    }
    if len(found) != 1:
        return None
    ((value, sentence),) = found.items()
    return Claimed(fact, str(value), sentence)


def _immigration(spoken: Iterable[str], *, mixed: bool) -> Claimed | None:
    """The strictest that is said: the only purpose, one of several, or expressly none."""
    denial: str | None = None
    for sentence in spoken:
        denied = _stated(_IMMIGRATION, sentence)
        if denied is False:
            only = _SOLE.search(sentence) and not _NOT_ONLY.search(sentence)
            part = _NOT_ONLY.search(sentence) or (mixed and not only)
            value = v.ImmigrationPurpose.PART if part else v.ImmigrationPurpose.SOLE
            return Claimed("immigration_purpose", str(value), sentence)
        denial = denial or (sentence if denied else None)
    return None if denial is None else Claimed("immigration_purpose", str(v.ImmigrationPurpose.NONE), denial)


def _stated(pattern: re.Pattern[str], sentence: str) -> bool | None:
    """None where a sentence states nothing of the kind; else whether it is denied."""
    if sentence.rstrip().endswith("?"):
        return None
    found = pattern.search(without_offices(sentence))
    if found is None:
        return None
    before = found.string[: found.start()]
    if _SUPPOSED.search(before):
        return None
    return _DENIED.search(before) is not None


def states_purpose(sentence: str) -> bool:
    """Whether a sentence states any purpose: it then asks for no data by the words that it uses."""
    every = (_IMMIGRATION, _CRIMINAL, _PROGRESS, _EMERGENCY, _PROGRAM)
    return any(pattern.search(sentence) for pattern in every)


# ------------------------------------------------------------------------------------------ offenses


def _usc(title: int | str, sections: str) -> str:
    return rf"(?<!\d){title} ?U\.? ?S\.? ?C\.? ?(sections?|secs?\.?|§+)? ?({sections})\b"


_OFFENSES: Final[tuple[tuple[v.Offense, re.Pattern[str]], ...]] = (
    (
        v.Offense.IMMIGRATION_STATUS,
        _any(
            _usc(8, "1325|1326"),
            r"re-?entry after (removal|deportation)|illegal re-?entry|(improper|illegal|unlawful) entry",
            r"reingreso (ilegal|tras)|entrada ilegal",
        ),
    ),
    (
        v.Offense.IMMIGRATION_OTHER,
        _any(
            _usc(8, "1185|1253|1304|1306|1321|1322|1323|1324[abcd]?|1327|1328"),
            _usc(18, "1546|1425|1028A"),
            r"(visa|passport|marriage|naturalization) fraud|(alien|human|migrant) smuggling",
            r"harboring (an? |of )?aliens?",
            r"fraude (de|en) (visas?|matrimoni)|tr[aá]fico (il[ií]cito )?de (migrantes|personas)",
        ),
    ),
    (
        v.Offense.OTHER,
        _any(
            _usc(r"(9|[1-4]\d)", r"\d+\w*"),
            r"C\.?R\.?S\.? ?§? ?18-",
            r"(wire|bank|mail|health ?care|identity|document|tax|securities) (document )?(fraud|theft)",
            r"(benefits?|unemployment|insurance) (fraud|theft)",
            r"money laundering|\bdrugs?\b|narcotic|controlled substance|fentanyl|trafficking|forced labor",
            r"firearm|weapons?\b|murder|homicide|robbery|kidnapping|extortion|embezzle|theft of",
            r"burglary|assault",
            r"exploitation|child porn|terroris|impersonation",
            r"\bfraude|lavado de|narcotr|homicidio|secuestro|extorsi[oó]n|\brobo\b",
        ),
    ),
)


def offense(text: str) -> Claimed | None:
    """The kind of offense named: the strictest that stands there and is not denied."""
    plain = without_offices(text)
    for kind, pattern in _OFFENSES:
        for found in pattern.finditer(plain):
            clause = re.split(r"[.;\n]", plain[: found.start()])[-1]
            if not _DENIED.search(clause):
                return Claimed("offense", str(kind), found[0])
    return None
