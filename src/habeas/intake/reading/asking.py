"""Who asks and about whom, from addresses, signatures and words. All of it is the writer's own word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from habeas.domain import vocabulary as v
from habeas.domain.request import Officer, Requester, Subject
from habeas.intake.reading.fields import PERSON_BORN

if TYPE_CHECKING:
    from collections.abc import Iterator

P = v.Component

_COMPONENTS: Final[tuple[tuple[v.Component, re.Pattern[str]], ...]] = tuple(
    (component, re.compile(pattern, re.IGNORECASE))
    for component, pattern in (
        (P.ICE_HSI, r"homeland security investigations|\bHSI\b"),
        (P.ICE_ERO, r"enforcement and removal operations|\bERO\b|(deportation|detention and \w+) officer"),
        (P.USCIS, r"citizenship and immigration services|\bUSCIS\b|@uscis\."),
        (P.CBP, r"customs and border protection|border patrol|\bCBP\b|@cbp\."),
        (P.HHS_OIG, r"health and human services.{0,40}inspector general|\bHHS[- ]OIG\b|@oig\.hhs\."),
        (P.LABOR_OIG, r"department of labor.{0,40}inspector general|\bDOL[- ]OIG\b|@oig\.dol\."),
        (P.SSA_OIG, r"social security administration.{0,40}inspector general|\bSSA[- ]OIG\b|@oig\.ssa\."),
        (P.FBI, r"federal bureau of investigation|\bFBI\b|@fbi\."),
        (P.DEA, r"drug enforcement administration|\bDEA\b|@dea\."),
        (P.ATF, r"alcohol, tobacco|\bATF\b|@atf\."),
        (P.USMS, r"marshals? service|deputy (united states |u\.?s\.? )?marshal|\bUSMS\b|@usms\."),
        (P.US_ATTORNEY, r"united states attorney|u\.?s\.? attorney|\bAUSA\b|@usdoj\."),
        (P.IRS, r"internal revenue|\bIRS\b|@irs\."),
        (P.SSA_OTHER, r"social security administration|@ssa\."),
        (P.DIPLOMATIC_SECURITY, r"diplomatic security"),
        (P.POSTAL_INSPECTION, r"postal inspect"),
        (P.STATE_OR_LOCAL, r"police department|sheriff|district attorney|state patrol|@police\."),
        (P.STATE_OR_LOCAL, r"\bdetective\b|bureau of investigation"),
        (P.ICE_OTHER, r"immigration and customs enforcement|\bICE\b|@ice\."),
        (P.DHS_OTHER, r"department of homeland security|\bDHS\b|@[\w.]*dhs\."),
        (P.THIRD_PARTY, r"\bLLP\b|\bLLC\b|law (firm|office)|attorneys? (for|at law)|lending"),
        (P.THIRD_PARTY, r"insurance company|\bInc\.|\bbank\b|recovery specialist|on behalf of \w+ client"),
    )
)  # fmt: skip
"""From the particular to the general: `HSI` before `ICE`, an inspector general before the agency."""

_GENERAL: Final = (P.UNKNOWN, P.ICE_OTHER, P.DHS_OTHER)
_PARTIES: Final = (P.THIRD_PARTY, P.STATE_OR_LOCAL)
_SIGNATURE: Final = 700
"""The last letters of a text, where its signature stands."""

_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w.-]+\w")
_NAME: Final = re.compile(r'^"?(?P<n>[^"<@]+?)"?\s*<')
_BADGE: Final = re.compile(r"badge(?: no\.?| number| #)?:? ?(?P<b>[A-Z]{0,3}-?\d[\w-]*)", re.IGNORECASE)
_PHONE: Final = re.compile(r"\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}")
_TITLE: Final = re.compile(
    r"\b(Supervisory |Deputy |Senior )?(Special Agent( in Charge)?|Deportation Officer|"
    r"Immigration Services Officer|Border Patrol Agent|Detective|Revenue Agent|Diversion Investigator|"
    r"Deputy United States Marshal|Assistant United States Attorney|Program Analyst|Attorney|"
    r"Recovery Specialist|Agent|Officer|Investigator)\b"
)


def requester(text: str, sender: str, *, paper: bool) -> Requester:
    """Who asks; a paper's parties and its signer are not who asks."""
    component = _component(sender, text)
    if paper:
        return Requester(component=P.UNKNOWN if component in _PARTIES else component)
    signature = text[-_SIGNATURE:]
    address = _ADDRESS.search(f"{sender}\n{text}")
    name, badge = _NAME.match(sender), _BADGE.search(text)
    title, phone = _TITLE.search(signature), _PHONE.search(signature)
    officer = Officer(
        name=name["n"].strip() if name else "",
        title=title[0] if title else "",
        badge=badge["b"] if badge else "",
        phone=phone[0] if phone else "",
        email=address[0] if address else "",
    )
    return Requester(component=component, officer=officer)


def _component(sender: str, text: str) -> v.Component:
    """By address, else signature, else text; a general name (`DHS`) gives way to a particular one signed."""
    signature = text[-_SIGNATURE:]
    found = next((c for s in (sender, signature) if (c := _named(s)) is not P.UNKNOWN), P.UNKNOWN)
    if found in _GENERAL:
        signed = _named(signature)
        found = signed if signed is not P.UNKNOWN else found
    return _named(text) if found is P.UNKNOWN else found


def _named(text: str) -> v.Component:
    return next((c for c, pattern in _COMPONENTS if pattern.search(text)), P.UNKNOWN)


_BEFORE_NAME: Final = re.compile(
    r"^(The request concerns|Subject|Name|Regarding|Concerning|Re|For|About|Sobre|La solicitud se refiere a)"
    r"[: ]+"
)
_CALLED: Final = re.compile(
    r"\b(?i:subject|individual|person|persona|name|nombre)s?:? (?:is |es )?"
    r"(?P<n>[A-ZÁÉÍÓÚÑ][\w'\u2019áéíóúñ-]+(?: [A-ZÁÉÍÓÚÑ][\w'\u2019áéíóúñ-]+){1,3})"
)
_NO_NAME: Final = re.compile(
    r"\b(Request|Records?|Wages?|Information|Subpoena|Warrant|Case|Office|Department|Attachment|Title|Data|"
    r"Notice|Inquiry|Investigation|Quick|Question|Emergency|Preservation|Unit|Agency|State|United|Property|Solicitud|"
    r"Registros?|Social|Security|Number)\b"
)


def persons(text: str) -> Iterator[Subject]:
    """Persons named with a date of birth, or after `subject:`, `person`, `name`."""
    seen: set[str] = set()
    for match in PERSON_BORN.finditer(text):
        name = _BEFORE_NAME.sub("", match["n"])
        if name not in seen:
            seen.add(name)
            yield Subject(name, match["d"].strip())
    for match in _CALLED.finditer(text):
        name = match["n"]
        shouted = any(w.isupper() for w in name.split())  # a form's printed label
        if not shouted and not _NO_NAME.search(name) and not any(name in s for s in seen):
            seen.add(name)
            yield Subject(name)
