"""The plain words of facts, sources, effects and duties, in English and Spanish.

Hides how a closed word is said to people (mission.md, *Words on the screen*). Promises a word for every
value of every fact (a test walks the table). Rules have their sentences in their packs.
"""

from __future__ import annotations

from typing import Final

from habeas.domain import vocabulary as v
from habeas.domain.facts import SPEC
from habeas.domain.text import Text

_YES_NO: Final = {"yes": Text("yes", "sí"), "no": Text("no", "no")}

_BY_TYPE: Final[dict[str, dict[str, Text]]] = {
    "YesNo": _YES_NO,
    "CustodianKind": {
        "state_agency": Text("a state agency", "una agencia estatal"),
        "motor_vehicle_agency": Text("the motor vehicle agency", "la agencia de vehículos"),
        "unemployment_agency": Text("the unemployment agency", "la agencia de desempleo"),
        "law_enforcement": Text("a police agency", "una agencia policial"),
        "political_subdivision": Text("a county, city or district", "un condado, ciudad o distrito"),
        "school": Text("a school", "una escuela"),
        "health_provider": Text("a health provider", "un proveedor de salud"),
        "vendor": Text("a company that works for an agency", "una empresa que trabaja para una agencia"),
    },
    "Component": {
        "ice_ero": Text("ICE, Enforcement and Removal Operations", "ICE, Detención y Deportación"),
        "ice_hsi": Text("Homeland Security Investigations", "Investigaciones de Seguridad Nacional"),
        "ice_other": Text("another part of ICE", "otra parte de ICE"),
        "cbp": Text("Customs and Border Protection", "Aduanas y Protección Fronteriza"),
        "uscis": Text("Citizenship and Immigration Services", "Servicios de Ciudadanía e Inmigración"),
        "dhs_other": Text("another part of Homeland Security", "otra parte de Seguridad Nacional"),
        "fbi": Text("the FBI", "el FBI"),
        "dea": Text("the DEA", "la DEA"),
        "atf": Text("the ATF", "la ATF"),
        "usms": Text("the Marshals Service", "el Servicio de Alguaciles"),
        "us_attorney": Text("a United States Attorney", "una fiscalía federal"),
        "doj_other": Text("another part of the Justice Department", "otra parte de Justicia"),
        "irs": Text("the tax service (IRS)", "el servicio de impuestos (IRS)"),
        "treasury_other": Text("another part of the Treasury", "otra parte del Tesoro"),
        "labor_oig": Text("the Labor Department's inspector general", "el inspector general de Trabajo"),
        "labor_other": Text("another part of the Labor Department", "otra parte del Departamento de Trabajo"),
        "hhs_oig": Text("the Health Department's inspector general", "el inspector general de Salud"),
        "hhs_other": Text("another part of the Health Department", "otra parte del Departamento de Salud"),
        "ssa_oig": Text("Social Security's inspector general", "el inspector general del Seguro Social"),
        "ssa_other": Text("another part of Social Security", "otra parte del Seguro Social"),
        "diplomatic_security": Text("Diplomatic Security", "Seguridad Diplomática"),
        "postal_inspection": Text("the Postal Inspection Service", "la Inspección Postal"),
        "federal_court": Text("a federal court", "un tribunal federal"),
        "other_federal": Text("another federal agency", "otra agencia federal"),
        "state_or_local": Text("a state or local agency", "una agencia estatal o local"),
        "third_party": Text("somebody outside government", "alguien ajeno al gobierno"),
    },
    "EnforcesImmigration": {
        "primarily": Text("it is its main task", "es su tarea principal"),
        "delegated": Text("by delegation", "por delegación"),
        "no": Text("no", "no"),
    },
    "ImmigrationPurpose": {
        "none": Text("not at all", "en nada"),
        "part": Text("in part", "en parte"),
        "sole": Text("only that", "solo eso"),
    },
    "Offense": {
        "none": Text("none", "ninguno"),
        "immigration_status": Text("unlawful entry or reentry", "entrada o reingreso ilegal"),
        "immigration_other": Text("another immigration crime", "otro delito migratorio"),
        "other": Text("another crime", "otro delito"),
    },
    "PaperAuthority": {
        "judicial": Text("a judge", "un juez"),
        "court_clerk_or_attorney": Text("a court clerk or lawyer", "un secretario judicial o abogado"),
        "administrative": Text("an agency", "una agencia"),
        "none": Text("nobody with authority", "nadie con autoridad"),
    },
    "PaperForm": {
        "search_warrant": Text("search warrant", "orden de registro"),
        "arrest_warrant": Text("arrest warrant", "orden de arresto"),
        "court_subpoena": Text("court subpoena", "citación judicial"),
        "grand_jury_subpoena": Text("grand jury subpoena", "citación de gran jurado"),
        "court_order": Text("court order", "orden judicial"),
        "administrative_subpoena": Text("agency subpoena", "citación de una agencia"),
        "administrative_warrant": Text("agency warrant", "orden de una agencia"),
        "detainer": Text("detainer", "solicitud de retención"),
        "inspection_notice": Text("inspection notice", "aviso de inspección"),
        "preservation_letter": Text("preservation letter", "carta de conservación"),
        "emergency_request": Text("emergency request", "solicitud de emergencia"),
        "letter": Text("letter", "carta"),
        "none": Text("no paper", "ningún documento"),
    },
    "SignerClass": {
        "article_iii_judge": Text("a federal judge", "un juez federal"),
        "magistrate_judge": Text("a magistrate judge", "un juez magistrado"),
        "state_judge": Text("a state judge", "un juez estatal"),
        "clerk": Text("a court clerk", "un secretario judicial"),
        "grand_jury_clerk": Text("a clerk, for a grand jury", "un secretario, para un gran jurado"),
        "attorney": Text("a lawyer", "un abogado"),
        "immigration_judge": Text("an immigration judge (no court)", "un juez de inmigración (no judicial)"),
        "agency_officer": Text("an agency officer", "un funcionario de una agencia"),
        "none": Text("nobody", "nadie"),
    },
    "Nature": {"civil": Text("civil", "civil"), "criminal": Text("criminal", "penal")},
    "Motion": {
        "not_filed": Text("none was filed", "no se presentó"),
        "pending": Text("the court has not ruled", "el tribunal no ha decidido"),
        "denied": Text("the court turned it down", "el tribunal la negó"),
        "granted": Text("the court granted it", "el tribunal la concedió"),
    },
    "Subjects": {
        "one": Text("one person", "una persona"),
        "several": Text("several persons", "varias personas"),
        "bulk": Text("a whole group", "todo un grupo"),
    },
    "Certification": {
        "valid": Text("in force", "vigente"),
        "expired": Text("run out", "vencida"),
        "absent": Text("there is none", "no la hay"),
    },
    "DataCategory": {
        "contact": Text("contact data", "datos de contacto"),
        "identifiers": Text("names and numbers that identify", "nombres y números que identifican"),
        "employment": Text("employment records", "registros de empleo"),
        "ui_wage": Text("wage records", "registros de salarios"),
        "ui_claim": Text("unemployment claims", "reclamos de desempleo"),
        "driver_personal": Text("driver data", "datos de conductores"),
        "driver_restricted": Text("restricted driver data", "datos restringidos de conductores"),
        "vehicle_registration": Text("vehicle registration", "registro de vehículos"),
        "face_search": Text("a face search", "una búsqueda de rostros"),
        "immigration_status": Text("immigration status", "estatus migratorio"),
        "tax": Text("tax records", "registros de impuestos"),
        "health": Text("health records", "registros de salud"),
        "substance_use": Text("substance use treatment", "tratamiento de adicciones"),
        "education": Text("school records", "registros escolares"),
        "snap": Text("food benefits", "ayuda alimentaria"),
        "medicaid": Text("Medicaid", "Medicaid"),
        "child_support": Text("child support", "manutención de menores"),
        "vital": Text("birth and death records", "actas de nacimiento y defunción"),
        "license": Text("professional licenses", "licencias profesionales"),
        "other_personal": Text("other personal data", "otros datos personales"),
        "public": Text("public data", "datos públicos"),
    },
}  # fmt: skip

UNKNOWN: Final = Text("not known", "no se sabe")

SOURCES: Final = {
    v.Source.REQUESTER: Text("the asker says so", "lo dice quien pide"),
    v.Source.CUSTODIAN: Text("the agency's own records", "los registros de la agencia"),
    v.Source.COURT: Text("a court's paper", "el documento de un tribunal"),
    v.Source.INDEPENDENT: Text("a check made elsewhere", "una verificación hecha en otra parte"),
}

EFFECTS: Final = {
    v.Effect.FORBIDDEN: Text(
        "The law forbids handing this over.", "La ley prohíbe entregar esto."
    ),
    v.Effect.PERMITTED: Text(
        "The law allows handing this over and does not require it. A person must weigh it.",
        "La ley permite entregar esto y no lo exige. Una persona debe valorarlo.",
    ),
    v.Effect.REQUIRED: Text(
        "A court's paper requires this. It must be answered or contested in court.",
        "El documento de un tribunal exige esto. Hay que responderlo o impugnarlo en el tribunal.",
    ),
    v.Effect.CONTEST_FIRST: Text(
        "The agency must first contest this paper in court. Hand nothing over.",
        "La agencia debe impugnar primero este documento en el tribunal. No entregue nada.",
    ),
    v.Effect.CONFLICT: Text(
        "A court's paper requires this and the agency's law does not allow it. Counsel must act now.",
        "El documento de un tribunal exige esto y la ley de la agencia no lo permite. "
        "La asesoría legal debe actuar ya.",
    ),
    v.Effect.UNDETERMINED: Text(
        "This needs a person: what is known does not settle it. Hand nothing over.",
        "Esto necesita a una persona: lo que se sabe no basta para decidir. No entregue nada.",
    ),
}  # fmt: skip

NOTHING_OPENS: Final = Text(
    "No rule opens this, so nothing may be handed over.",
    "Ninguna regla abre esto, así que no se entrega nada.",
)
INCIDENT: Final = Text(
    "The rules could not be read safely. A person must decide, and the fault must be reported.",
    "Las reglas no se pudieron leer con seguridad. Una persona debe decidir y hay que informar de la falla.",
)
NO_LAW: Final = Text(
    "No law for this agency and this day is loaded here. A person must decide.",
    "Aquí no hay cargada ninguna ley para esta agencia y este día. Una persona debe decidir.",
)

NOT_VERIFIED: Final = Text(
    "Not yet compared with the official text.", "Aún no comparado con el texto oficial."
)
STATUS: Final = {
    v.PackStatus.PASSED: Text("Passed, not yet in force.", "Aprobada, aún no vigente."),
    v.PackStatus.PROPOSED: Text(
        "Only a proposal: it binds nobody.", "Solo una propuesta: no obliga a nadie."
    ),
    v.PackStatus.CHALLENGED: Text("Challenged in court; in force.", "Impugnada ante un tribunal; vigente."),
    v.PackStatus.ENJOINED: Text("Stopped by a court.", "Suspendida por un tribunal."),
    v.PackStatus.REPEALED: Text("No longer in force.", "Ya no está vigente."),
}
"""What a status other than `in_force` adds to a rule's sentence."""


def value_word(fact: str, value: str) -> Text:
    """How a fact's value is said."""
    if value == v.UNKNOWN:
        return UNKNOWN
    return _BY_TYPE[SPEC[fact].values.__name__][value]
