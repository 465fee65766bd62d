"""What a message or a paper claims: purposes, offense, who asks, about whom, for which data.

Every claim is the requester's own (`source` requester, `reading` machine) and names the words it rests
on. Nothing is concluded from silence: what is not said is unknown. English and Spanish.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.facts import Fact, FactSet, Place
from habeas.domain.request import Officer, Requester, Subject
from habeas.intake.reading.fields import _PERSON_BORN, STATUTE

if TYPE_CHECKING:
    from collections.abc import Iterator


@attrs.frozen
class Wanted:
    """One thing asked for: its category, the words, and where they stand."""

    category: v.DataCategory
    text: str
    place: Place


@attrs.frozen
class Claims:
    """What one text claims. `bulk` says that it asks about a whole group instead of named persons."""

    facts: FactSet = attrs.field(factory=FactSet)
    items: tuple[Wanted, ...] = ()
    persons: tuple[Subject, ...] = ()
    requester: Requester = attrs.field(factory=Requester)
    bulk: bool = False
    offense_statute: str = ""
    case_number: str = ""


_NEG: Final = r"(?<!not )(?<!no )(?<!never )"

_IMMIGRATION: Final = re.compile(
    r"removal proceedings?|(civil|administrative) immigration|immigration (enforcement|removal|violations?|status check|court)|"
    r"deport(ation|able|ing)?\b|enforcement and removal|administrative (arrest|warrant)|removable alien|unlawful(ly)? presen|"
    r"locate (and|or) (arrest|apprehend|remove)|visa overstay|fugitive operations|final order of removal|"
    r"enforcement of (the )?(u\.?s\.? |federal )?immigration laws?|immigration and nationality act|"
    r"procesos? de (expulsi|deportaci|remoci)|control migratorio|aplicaci[oó]n de las leyes de inmigraci|inmigraci[oó]n civil",
    re.IGNORECASE,
)
_CRIMINAL: Final = re.compile(
    r"(active|ongoing|open|current|pending)?\s*(federal )?criminal (investigation|case|matter|inquiry|prosecution|probe)|"
    r"investigaci[oó]n (penal|criminal)|caso penal|grand jury investigation|investigating (a |an |the )?(crime|felony)",
    re.IGNORECASE,
)
_NOT_CRIMINAL: Final = re.compile(
    r"\b(not|no|isn't|is not|non)[ -](a |an |part of (a|an) )?criminal", re.IGNORECASE
)
_PROGRESS: Final = re.compile(
    r"crime in progress|(in|under) progress (right )?now|happening (right )?now|as we speak|fleeing (the )?scene|active pursuit|"
    r"is being committed|(robbery|kidnapping|assault|smuggling|crime|delito)[^.]{0,40}(in progress|under ?way|en curso)|possible crime",
    re.IGNORECASE,
)
_EMERGENCY: Final = re.compile(
    r"imminent (danger|threat|risk)|danger of (death|serious)|risk of (death|serious)|threat to life|life[- ]threatening|"
    r"(exigent|emergency) (circumstances|disclosure|request)|peligro (inminente|de muerte)|riesgo de muerte",
    re.IGNORECASE,
)
_PROGRAM: Final = re.compile(
    r"1320b-?7|\bSAVE\b (program|verification|query)|(eligibility|income|benefit|wage) (verification|match)|data match|"
    r"computer matching|verif(y|ication of) (benefit )?(eligibility|entitlement)|required (by|under) (\d+ U\.?S\.?C|section|statute|federal law)[^.]{0,80}(program|benefit|match|verif)|"
    r"administ(er|ration of) (the|a|our) [\w -]{0,40}(program|benefits?)|(cruce|comparaci[oó]n) de (datos|salarios)|verificaci[oó]n de (elegibilidad|ingresos)",
    re.IGNORECASE,
)
_SOLE: Final = re.compile(
    r"\b(sole(ly)?|only|exclusively|purely|strictly|[uú]nicamente|exclusivamente)\b", re.IGNORECASE
)
_BULK: Final = re.compile(
    r"\ball (persons|individuals|people|applicants|customers|claimants|drivers|records of|residents|births|persons? who)\b|"
    r"every(one| person| individual| applicant| child)\b[^.]{0,30}(who|born|with)|list of (all|every)|entire (database|list|file)|"
    r"todas las personas|toda persona",
    re.IGNORECASE,
)

_OFFENSES: Final[tuple[tuple[v.Offense, re.Pattern[str]], ...]] = (
    (v.Offense.IMMIGRATION_STATUS, re.compile(r"(?<!\d)8 ?U\.? ?S\.? ?C\.? ?(sections?|secs?\.?|§+)? ?(1325|1326)\b|re-?entry after (removal|deportation)|illegal re-?entry|(improper|illegal|unlawful) entry", re.IGNORECASE)),
    (v.Offense.IMMIGRATION_OTHER, re.compile(r"(?<!\d)8 ?U\.? ?S\.? ?C\.? ?(sections?|secs?\.?|§+)? ?(1253|13\d\d|1185)\b|18 ?U\.? ?S\.? ?C\.? ?(sections?|secs?\.?|§+)? ?(1546|1425|1028A)\b|(visa|passport|marriage|naturalization) fraud|alien smuggling|harboring", re.IGNORECASE)),
    (v.Offense.OTHER, re.compile(r"\b(9|1[0-9]|2[0-9]|3[0-9]|4[0-9]) ?U\.? ?S\.? ?C\.? ?(sections?|secs?\.?|§+)? ?\d+|C\.?R\.?S\.? ?§? ?18-|(wire|bank|mail|health ?care|identity|document|tax|securities|benefits?|unemployment|insurance) (document )?(fraud|theft)|money laundering|drug|narcotic|controlled substance|fentanyl|trafficking|forced labor|firearm|weapons?\b|murder|homicide|robbery|kidnapping|extortion|embezzle|theft of|exploitation|child porn|terroris|burglary|assault|impersonation|fraude|lavado|narcotr", re.IGNORECASE)),
)  # fmt: skip

_ITEMS: Final[tuple[tuple[v.DataCategory, re.Pattern[str]], ...]] = tuple(
    (category, re.compile(pattern, re.IGNORECASE))
    for category, pattern in (
        (v.DataCategory.UI_WAGE, r"wage|quarterly (earnings|income)|earnings (history|record)|salar(y|io)s?|payroll records|work history"),
        (v.DataCategory.UI_CLAIM, r"unemployment (insurance )?(claim|benefit)|\bUI (claim|benefit|file)|claim (file|history)|weekly certification|desempleo"),
        (v.DataCategory.EMPLOYMENT, r"\bemployers?\b|place of (employment|work)|where .{0,20}works|empleador|patr[oó]n\b|lugar de trabajo"),
        (v.DataCategory.DRIVER_RESTRICTED, r"photo(graph|s|graphs)?\b|\bimage\b|picture|fotograf"),
        (v.DataCategory.FACE_SEARCH, r"fac(e|ial) (recognition|search|match)"),
        (v.DataCategory.VEHICLE_REGISTRATION, r"vehicle|registration(s)? (of|for|record)|title (history|record)|license plate|\bplates?\b|\bVIN\b|veh[ií]culo|matr[ií]cula del|placas?"),
        (v.DataCategory.DRIVER_PERSONAL, r"driver'?s?'? licen[sc]e|driving record|\bDL\b|\bID (card|application)|licen[sc]e (application|history|record)|licencia de conducir|driver record"),
        (v.DataCategory.LICENSE, r"professional licen[sc]e|licensing file|licen[sc]e file|occupational licen|licencia profesional|liquor|marijuana licen|business licen"),
        (v.DataCategory.VITAL, r"birth (record|certificate)s?|\bborn\b.{0,40}(list|record)|death (record|certificate)|marriage certificate|partida de nacimiento|acta de nacimiento|nacimientos?"),
        (v.DataCategory.EDUCATION, r"student|school (record|file|enrol)|transcripts?\b|enrollment record|expediente (escolar|acad)"),
        (v.DataCategory.SNAP, r"\bSNAP\b|food (stamp|assistance)"),
        (v.DataCategory.MEDICAID, r"medicaid"),
        (v.DataCategory.TAX, r"tax (return|record|information)s?|declaraci[oó]n de impuestos"),
        (v.DataCategory.HEALTH, r"medical record|health record|patient|historia cl[ií]nica"),
        (v.DataCategory.OTHER_PERSONAL, r"benefits? (file|case|record)|case file|expediente de (beneficios|ayuda)|public assistance"),
        (v.DataCategory.CONTACT, r"address(es)?|residence|telephone|phone number|e-?mail address|domicilio|direcci[oó]n|contact information"),
        (v.DataCategory.IDENTIFIERS, r"social security number|\bSSN\b|date of birth\b.{0,20}(record|information)|identification numbers?"),
        (v.DataCategory.IMMIGRATION_STATUS, r"(immigration|citizenship) status|lawful presence|estatus migratorio"),
    )
)  # fmt: skip

_COMPONENTS: Final[tuple[tuple[v.Component, re.Pattern[str]], ...]] = tuple(
    (component, re.compile(pattern, re.IGNORECASE))
    for component, pattern in (
        (v.Component.ICE_HSI, r"homeland security investigations|\bHSI\b"),
        (v.Component.ICE_ERO, r"enforcement and removal operations|\bERO\b|deportation officer|detention and deportation"),
        (v.Component.USCIS, r"citizenship and immigration services|\bUSCIS\b|@uscis\."),
        (v.Component.CBP, r"customs and border protection|border patrol|\bCBP\b|@cbp\."),
        (v.Component.HHS_OIG, r"health and human services.{0,40}inspector general|\bHHS[- ]OIG\b|@oig\.hhs\."),
        (v.Component.LABOR_OIG, r"department of labor.{0,40}inspector general|\bDOL[- ]OIG\b|@oig\.dol\."),
        (v.Component.SSA_OIG, r"social security administration.{0,40}inspector general|\bSSA[- ]OIG\b|@oig\.ssa\."),
        (v.Component.FBI, r"federal bureau of investigation|\bFBI\b|@fbi\."),
        (v.Component.DEA, r"drug enforcement administration|\bDEA\b|@dea\."),
        (v.Component.ATF, r"alcohol, tobacco|\bATF\b|@atf\."),
        (v.Component.USMS, r"marshals? service|deputy (united states |u\.?s\.? )?marshal|\bUSMS\b|@usms\."),
        (v.Component.US_ATTORNEY, r"united states attorney|u\.?s\.? attorney|\bAUSA\b|@usdoj\."),
        (v.Component.IRS, r"internal revenue|\bIRS\b|@irs\."),
        (v.Component.SSA_OTHER, r"social security administration|@ssa\."),
        (v.Component.DIPLOMATIC_SECURITY, r"diplomatic security"),
        (v.Component.POSTAL_INSPECTION, r"postal inspect"),
        (v.Component.STATE_OR_LOCAL, r"police department|sheriff|district attorney|state patrol|@police\.|\bdetective\b|bureau of investigation"),
        (v.Component.ICE_OTHER, r"immigration and customs enforcement|\bICE\b|@ice\."),
        (v.Component.DHS_OTHER, r"department of homeland security|\bDHS\b|@[\w.]*dhs\."),
        (v.Component.THIRD_PARTY, r"\bLLP\b|\bLLC\b|law (firm|office)|attorneys? (for|at law)|lending|insurance company|\bInc\.|\bbank\b|recovery specialist|on behalf of (my|our) client"),
    )
)  # fmt: skip


def read_claims(
    text: str,
    *,
    blob: str,
    page: int = 1,
    sender: str = "",
    own_names: tuple[str, ...] = (),
    demands: str | None = None,
) -> Claims:
    """What a text claims.

    `sender` (an address and name) helps to tell who asks; it proves nothing. `own_names` are the names of
    the agency and its units, which are no claim (`Insurance Fraud Unit`). `demands` is the part of a form
    that lists what is wanted, where the form has one; a form's printed labels demand nothing.
    """
    for name in sorted(own_names, key=len, reverse=True):
        text = re.sub(re.escape(name), "this agency", text, flags=re.IGNORECASE)
    sentences = tuple(_sentences(text))
    facts = dict(_purposes(sentences, blob, page))
    facts |= dict(_offense(text, blob, page))
    persons = tuple(_persons(text))
    bulk = not persons and _BULK.search(text) is not None
    requester = _requester(text, sender, paper=demands is not None)
    number = re.search(
        r"(?:case|caso|file|investigation)[ ]?(?:no|n[uú]m|number|#)?\.?:? ?(?P<n>[A-Z]{0,6}\d[\w-]{4,})",
        text,
        re.IGNORECASE,
    )
    statute = next((m[0] for m in STATUTE.finditer(text)), "")
    return Claims(
        facts=FactSet(facts),
        items=_items(sentences if demands is None else tuple(_sentences(demands)), blob, page),
        persons=persons,
        requester=requester,
        bulk=bulk,
        offense_statute=statute,
        case_number=number["n"] if number else "",
    )


def _sentences(text: str) -> Iterator[str]:
    joined = re.sub(r"\n(?=[a-z(])", " ", text)
    for line in joined.split("\n"):
        yield from (s.strip() for s in re.split(r"(?<=[a-z)\]][.!?]) +(?=[A-ZÁÉÍÓÚ¿¡])", line) if s.strip())


def _claim(value: str, words: str, blob: str, page: int) -> Fact:
    return Fact(value, v.Source.REQUESTER, v.Reading.MACHINE, (Place(blob, page, None, words[:300]),))


def _purposes(sentences: tuple[str, ...], blob: str, page: int) -> Iterator[tuple[str, Fact]]:
    immigration = next((s for s in sentences if _IMMIGRATION.search(s) and not _letterhead(s)), None)
    criminal = next((s for s in sentences if _CRIMINAL.search(s)), None)
    progress = next((s for s in sentences if _PROGRESS.search(s)), None)
    emergency = next((s for s in sentences if _EMERGENCY.search(s)), None)
    program = next((s for s in sentences if _PROGRAM.search(s)), None)
    if criminal:
        yield (
            "criminal_investigation",
            _claim("no" if _NOT_CRIMINAL.search(criminal) else "yes", criminal, blob, page),
        )
    if progress:
        yield "crime_in_progress", _claim("yes", progress, blob, page)
    if emergency:
        yield "emergency", _claim("yes", emergency, blob, page)
    if program:
        yield "program_duty", _claim("yes", program, blob, page)
    if immigration:
        other = (criminal and not _NOT_CRIMINAL.search(criminal)) or progress or program
        value = "part" if other and not _SOLE.search(immigration) else "sole"
        yield "immigration_purpose", _claim(value, immigration, blob, page)


def _letterhead(sentence: str) -> bool:
    """A name of an office is no purpose (`Enforcement and Removal Operations` in a signature)."""
    left = re.sub(
        r"(U\.?S\.? )?(Immigration and Customs Enforcement|Enforcement and Removal Operations|Citizenship and Immigration Services)|Deportation Officer|Immigration Services Officer",
        "",
        sentence,
    )
    return not _IMMIGRATION.search(left)


def _offense(text: str, blob: str, page: int) -> Iterator[tuple[str, Fact]]:
    """The kind of offense named: the strictest that stands there."""
    for kind, pattern in _OFFENSES:
        found = pattern.search(text)
        if found:
            yield "offense", _claim(str(kind), found[0], blob, page)
            return


_HEADS: Final = re.compile(
    r"^(to|from|cc|subject|date|sent|fw|re|para|de|asunto|dear|respectfully|sincerely|thank|regards|badge|estimad)\b|"
    r"^[\w. ]+(special agent|officer|detective|investigator)$|^\(\d{3}\)|@|^\d+ [\w ]+(plaza|road|street|avenue|drive|way|parkway)",
    re.IGNORECASE,
)


def _items(sentences: tuple[str, ...], blob: str, page: int) -> tuple[Wanted, ...]:
    """Each kind of data asked for, once, in the order of the text; headers and signatures are passed over."""
    found: dict[v.DataCategory, Wanted] = {}
    for sentence in sentences:
        if _HEADS.search(sentence):
            continue
        rest = re.sub(r"\(?Form [A-Z]-?\d+\)?", "", sentence)
        found_here = 0
        for category, pattern in _ITEMS:
            if category in found or not pattern.search(rest):
                continue
            if _only_mentioned(category, rest, found_here):
                continue
            found[category] = Wanted(category, sentence, Place(blob, page, None, sentence[:300]))
            found_here += 1
    return tuple(found.values())


def _only_mentioned(category: v.DataCategory, text: str, others: int) -> bool:
    """Whether a kind of data is named in a sentence only to say something about another kind."""

    def says(pattern: str) -> bool:
        return bool(re.search(pattern, text, re.IGNORECASE))

    match category:
        case v.DataCategory.CONTACT:
            return says(r"employer|employment|empleador") and not says(
                r"home address|residence|domicilio|present address|last known"
            )
        case v.DataCategory.EMPLOYMENT:
            return says(r"wage|quarter") and not says(
                r"(name|address).{0,20}employer|current (place of )?employ"
            )
        case v.DataCategory.DRIVER_PERSONAL:
            photo = says(r"photo") and not says(r"record|history|application")
            return photo or says(
                r"(professional|occupational|business|liquor|nursing|contractor)\b.{0,30}licen[sc]e"
            )
        case v.DataCategory.IDENTIFIERS:
            return others > 0  # `wage records under the subject's Social Security number`
        case _:
            return False


def _persons(text: str) -> Iterator[Subject]:
    """Persons named with a date of birth, or after `subject:`, `concerning`, `regarding`."""
    seen: set[str] = set()
    for match in _PERSON_BORN.finditer(text):
        name = re.sub(
            r"^(The request concerns|Subject|Name|Regarding|Concerning|Re|For|About|Sobre)[: ]+",
            "",
            match["n"],
        )
        if name not in seen:
            seen.add(name)
            yield Subject(name, match["d"].strip())
    for match in re.finditer(
        r"(?:subject|individual|person|persona|name)s?:? (?:is )?(?P<n>[A-ZÁÉÍÓÚÑ][\w'’áéíóúñ-]+(?: [A-ZÁÉÍÓÚÑ][\w'’áéíóúñ-]+){1,3})",
        text,
    ):
        if match["n"] not in seen and not any(match["n"] in s for s in seen):
            seen.add(match["n"])
            yield Subject(match["n"])


def _requester(text: str, sender: str, *, paper: bool) -> Requester:
    """Who asks, by address, signature and words; a paper's parties are not who asks."""
    address = re.search(r"[\w.+-]+@[\w.-]+\w", f"{sender}\n{text}")
    signature = text[-700:]
    component = v.Component.UNKNOWN
    for source in (sender, signature, text):
        component = next((c for c, p in _COMPONENTS if p.search(source)), v.Component.UNKNOWN)
        if component is not v.Component.UNKNOWN and component not in (
            v.Component.ICE_OTHER,
            v.Component.DHS_OTHER,
        ):
            break
        if component is not v.Component.UNKNOWN and source is not text:
            better = next((c for c, p in _COMPONENTS if p.search(signature)), component)
            component = better
            break
    if paper and component in (v.Component.THIRD_PARTY, v.Component.STATE_OR_LOCAL):
        component = v.Component.UNKNOWN
    badge = re.search(r"badge(?: no\.?| number| #)?:? ?(?P<b>[A-Z]{0,3}-?\d[\w-]*)", text, re.IGNORECASE)
    phone = re.search(r"\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}", signature)
    title = re.search(
        r"\b(Supervisory |Deputy |Senior )?(Special Agent( in Charge)?|Deportation Officer|Immigration Services Officer|Border Patrol Agent|Detective|Revenue Agent|Diversion Investigator|Deputy United States Marshal|Assistant United States Attorney|Program Analyst|Attorney|Recovery Specialist|Agent|Officer|Investigator)\b",
        signature,
    )
    name = re.match(r'^"?(?P<n>[^"<@]+?)"?\s*<', sender)
    return Requester(
        component=component,
        officer=Officer()
        if paper
        else Officer(
            name=name["n"].strip() if name else "",
            title=title[0] if title else "",
            badge=badge["b"] if badge else "",
            phone=phone[0] if phone else "",
            email=address[0] if address else "",
        ),
    )
