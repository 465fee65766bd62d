"""One usual paper of every kind, as a starting point: `attrs.evolve(sample(kind), …)`.

Hides the cast: the officers, judges, clerks and persons here are invented, their telephones are
555-01xx and their mail is at `.example`. Promises that every sample is filled, dated and signed the
way its kind usually is (a proposed order is not signed; a minute order never is).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import attrs

from habeas.demo.papers.details import Contact, PaperDetails, PaperKind, Person

_AGENT: Final = Contact(
    name="Rowan T. Whitcomb",
    title="Special Agent",
    agency="Homeland Security Investigations",
    address="5 Sample Plaza, Suite 410, Centennial, Colorado 80000",
    phone="(303) 555-0117",
    email="rowan.whitcomb@ice.dhs.example",
    badge="HS-4471",
)
_SUPERVISOR: Final = Contact(
    name="Dana K. Merrow",
    title="Supervisory Special Agent",
    agency="Homeland Security Investigations",
    address=_AGENT.address,
    phone="(303) 555-0118",
)
_DEPORTATION: Final = Contact(
    name="Leland Osgood",
    title="Deportation Officer",
    agency="Enforcement and Removal Operations",
    address="12 Sample Road, Centennial, Colorado 80000",
    phone="(303) 555-0126",
    email="leland.osgood@ice.dhs.example",
)
_FIELD_OFFICE: Final = Contact(
    name="Corinne Abelard", title="Assistant Field Office Director", phone="(303) 555-0127"
)
_PROSECUTOR: Final = Contact(
    name="Imogen Fairbank",
    title="Assistant United States Attorney",
    agency="the United States of America",
    address="200 Example Street, Denver, Colorado 80200",
    phone="(303) 555-0150",
    email="imogen.fairbank@usdoj.example",
)
_LITIGATOR: Final = Contact(
    name="Horace B. Pennington",
    title="Pennington & Lyle LLP",
    agency="Summit Ridge Lending Company",
    address="88 Specimen Avenue, Denver, Colorado 80201",
    phone="(303) 555-0161",
    email="hpennington@penningtonlyle.example",
    badge="00000",
)
_CLERK: Final = Contact(name="Adelaide Finch", title="Deputy Clerk")
_MAGISTRATE: Final = Contact(name="Theodore J. Albright", title="United States Magistrate Judge")
_JUDGE: Final = Contact(name="Cecilia Yost", title="United States District Judge")
_STATE_JUDGE: Final = Contact(name="Graham Ivers", title="District Court Judge")
_DETECTIVE: Final = Contact(
    name="Nora Castellan", title="Detective", agency="Denver Police Department", phone="(303) 555-0133"
)
_PERSON: Final = Person("Marisela Ontiveros Pruitt", date(1984, 3, 9))
_SECOND: Final = Person("Tobias Anders Lindgren", date(1979, 11, 22))

_LABOR: Final[dict[str, Any]] = {
    "holder": "Colorado Department of Labor and Employment",
    "holder_unit": "Unemployment Insurance Fraud Unit",
    "holder_address": "40 Sample Street, Denver, Colorado 80202",
}
_MOTOR_VEHICLES: Final[dict[str, Any]] = {
    "holder": "Colorado Department of Revenue",
    "holder_unit": "Motor Vehicle Investigation Unit",
    "holder_address": "18 Sample Street, Lakewood, Colorado 80214",
}
_FEDERAL: Final[dict[str, Any]] = {
    "court": "United States District Court",
    "district": "District of Colorado",
    "county": "Denver",
    "state": "Colorado",
    "return_place": "Clerk's Office, United States Courthouse, 100 Example Street, Denver, Colorado 80200",
}
_CIVIL: Final[dict[str, Any]] = {
    **_FEDERAL,
    **_LABOR,
    "case_number": "1:20-cv-09142-CY",
    "plaintiff": "Summit Ridge Lending Company",
    "defendant": "Marisela Ontiveros Pruitt",
    "persons": (_PERSON,),
    "items": ("All quarterly wage records for the defendant from January 1, 2018 to the present.",),
    "issued_on": date(2020, 9, 21),
    "return_on": date(2020, 10, 19),
    "return_place": "Pennington & Lyle LLP, 88 Specimen Avenue, Denver, Colorado 80201",
    "signer": Contact(name="Horace B. Pennington", title="Attorney for Plaintiff"),
    "signer_is": "attorney",
    "attorney": _LITIGATOR,
}
_CRIMINAL: Final[dict[str, Any]] = {
    **_FEDERAL,
    **_LABOR,
    "case_number": "1:20-cr-00917-CY",
    "plaintiff": "United States of America",
    "defendant": "Tobias Anders Lindgren",
    "persons": (_SECOND,),
    "items": (
        "Quarterly wage records for the person named below, first quarter 2017 to the present.",
        "The name and address of each employer that reported those wages.",
    ),
    "offense": "wire fraud",
    "statute": "18 U.S.C. § 1343",
    "issued_on": date(2020, 9, 14),
    "execute_by": date(2020, 9, 28),
    "return_on": date(2020, 10, 5),
    "signer": _CLERK,
    "signer_is": "clerk",
    "officer": Contact(
        name="Avery Sandoval", title="Special Agent", agency="Federal Bureau of Investigation"
    ),
    "attorney": _PROSECUTOR,
}
_WARRANT: Final[dict[str, Any]] = {
    **_CRIMINAL,
    **_MOTOR_VEHICLES,
    "case_number": "20-sw-01188-TJA",
    "defendant": "",
    "items": (
        "The driver's license record and photograph of the person named in Attachment A.",
        "Vehicle registration and title history for every vehicle titled to that person since 2015.",
    ),
    "signer": _MAGISTRATE,
    "signer_is": "judge",
}
_STATE: Final[dict[str, Any]] = {
    **_MOTOR_VEHICLES,
    "court": "District Court",
    "county": "Denver",
    "state": "Colorado",
    "case_number": "2020CR009117",
    "plaintiff": "The People of the State of Colorado",
    "defendant": "Tobias Anders Lindgren",
    "persons": (_SECOND,),
    "items": ("The driver's license application, photograph and address history of the person named below.",),
    "offense": "criminal impersonation",
    "statute": "C.R.S. 18-5-113",
    "issued_on": date(2020, 9, 8),
    "execute_by": date(2020, 9, 22),
    "return_on": date(2020, 9, 29),
    "return_place": "Courtroom 4C, 520 Sample Avenue, Denver, Colorado 80204",
    "officer": _DETECTIVE,
    "signer": _STATE_JUDGE,
    "signer_is": "judge",
    "attorney": Contact(
        name="Office of the District Attorney",
        address="201 Sample Avenue, Denver, Colorado 80202",
        phone="(303) 555-0141",
    ),
    "stamp": "filed",
}
_HOMELAND: Final[dict[str, Any]] = {
    **_LABOR,
    "agency": "U.S. Department of Homeland Security",
    "component": "U.S. Immigration and Customs Enforcement",
    "persons": (_PERSON,),
    "issued_on": date(2020, 8, 31),
    "signer": _FIELD_OFFICE,
    "officer": _DEPORTATION,
}
_INVESTIGATIONS: Final[dict[str, Any]] = {
    **_HOMELAND,
    "case_number": "DV13PR20DV0019",
    "reference": "HSI-DV-2020-000419",
    "items": ("Wage history for the person named below, first quarter 2018 to the present.",),
    "return_on": date(2020, 9, 21),
    "return_place": _AGENT.address,
    "officer": _AGENT,
    "signer": _SUPERVISOR,
}
_REMOVAL: Final[dict[str, Any]] = {**_HOMELAND, "case_number": "DEN2009000217", "reference": "A 000 000 217"}
_INSPECTOR: Final = Contact(
    name="Beatrix Lowell",
    title="Special Agent",
    agency="Office of Inspector General",
    address="31 Example Street, Denver, Colorado 80202",
    phone="(303) 555-0171",
)
_AGENCY: Final[dict[str, Any]] = {
    **_LABOR,
    "case_number": "2020-114-0087",
    "reference": "S-2020-0331",
    "persons": (_SECOND,),
    "items": (
        "Unemployment claim file of the person named below.",
        "Quarterly wages reported for that person since 2016.",
    ),
    "issued_on": date(2020, 9, 2),
    "return_on": date(2020, 9, 30),
    "return_place": _INSPECTOR.address,
    "officer": _INSPECTOR,
    "signer": Contact(name="Quentin Vaux", title="Special Agent in Charge", phone="(303) 555-0172"),
}

_SAMPLES: Final[dict[PaperKind, dict[str, Any]]] = {
    PaperKind.AO93: _WARRANT,
    PaperKind.AO93C: _WARRANT,
    PaperKind.AO442: {**_CRIMINAL, "signer": _MAGISTRATE, "signer_is": "judge"},
    PaperKind.AO88: {**_CIVIL, "reference": "A 702"},
    PaperKind.AO88A: _CIVIL,
    PaperKind.AO88B: _CIVIL,
    PaperKind.AO89: {**_CRIMINAL, "reference": "A 902"},
    PaperKind.AO89B: _CRIMINAL,
    PaperKind.AO110: {**_CRIMINAL, "case_number": "20-GJ-0417"},
    PaperKind.B2540: {
        **_CIVIL,
        "case_number": "20-19042-EXB",
        "reference": "7",
        "attorney": attrs.evolve(_LITIGATOR, agency="the chapter 7 trustee"),
        "signer": Contact(name="Horace B. Pennington", title="Attorney for the Trustee"),
    },
    PaperKind.STATE_SEARCH_WARRANT: _STATE,
    PaperKind.STATE_SUBPOENA: {
        **_STATE,
        "signer": Contact(name="Odalys Brandt", title="Deputy Clerk"),
        "signer_is": "clerk",
    },
    PaperKind.STATE_COURT_ORDER: {**_STATE, "title": "Order for production of records"},
    PaperKind.COURT_ORDER: {
        **_CIVIL,
        "case_number": "1:20-mc-00311-CY",
        "reference": "14",
        "plaintiff": "United States of America",
        "defendant": "Colorado Department of Labor and Employment",
        "title": "Order granting petition to enforce subpoena",
        "signer": _JUDGE,
        "signer_is": "judge",
        "officer": _AGENT,
    },
    PaperKind.PROPOSED_ORDER: {
        **_CIVIL,
        "case_number": "1:20-mc-00311-CY",
        "reference": "9-1",
        "plaintiff": "United States of America",
        "defendant": "Colorado Department of Labor and Employment",
        "title": "Order granting petition to enforce subpoena",
        "signer": _JUDGE,
        "signer_is": "judge",
        "signature": "none",
        "officer": _AGENT,
        "attorney": attrs.evolve(_PROSECUTOR, agency="Office of the United States Attorney"),
    },
    PaperKind.MINUTE_ORDER: {
        **_CIVIL,
        "reference": "27",
        "signer": attrs.evolve(_MAGISTRATE, title="Magistrate Judge"),
        "signer_is": "judge",
        "signature": "none",
        "officer": _AGENT,
    },
    PaperKind.CIVIL_INSPECTION_WARRANT: {
        **_FEDERAL,
        "holder": "Juniper Street Packing Company",
        "holder_address": "77 Specimen Road, Greeley, Colorado 80631",
        "case_number": "20-mj-00450-TJA",
        "items": ("The work areas of the premises and the personnel records kept there.",),
        "issued_on": date(2020, 9, 14),
        "execute_by": date(2020, 9, 24),
        "officer": _DEPORTATION,
        "signer": _MAGISTRATE,
        "signer_is": "judge",
    },
    PaperKind.I138: _INVESTIGATIONS,
    PaperKind.I200: _REMOVAL,
    PaperKind.I203: {
        **_REMOVAL,
        "holder": "Arapahoe County Detention Facility",
        "holder_unit": "",
        "extra": "Hold for transport.",
    },
    PaperKind.I205: {**_REMOVAL, "statute": "INA § 237(a)(1)(B)"},
    PaperKind.I247A: {**_REMOVAL, "holder": "Arapahoe County Detention Facility", "holder_unit": ""},
    PaperKind.I286: _REMOVAL,
    PaperKind.CUSTOMS_SUMMONS: {
        **_INVESTIGATIONS,
        "signer": attrs.evolve(_SUPERVISOR, name="Abbott Fennimore", title="Special Agent in Charge"),
        "nondisclosure": "You are requested not to disclose the existence of this summons for an indefinite "
        "period of time. Any such disclosure will impede this investigation and thereby interfere with the "
        "enforcement of federal law.",
    },
    PaperKind.I9_NOTICE: {
        **_INVESTIGATIONS,
        "holder": "Juniper Street Packing Company",
        "holder_unit": "",
        "persons": (),
        "items": (
            "Original Forms I-9 of all current employees, and of former employees for the retention period.",
            "A list of all current and former employees with dates of hire and separation.",
            "Quarterly wage reports for the last four quarters.",
        ),
    },
    PaperKind.DEA_SUBPOENA: {
        **_AGENCY,
        "statute": "21 U.S.C. Section 801 et seq.",
        "officer": attrs.evolve(
            _INSPECTOR, agency="Drug Enforcement Administration", title="Diversion Investigator"
        ),
        "nondisclosure": "Please do not disclose the existence of this request or investigation for an "
        "indefinite time period. Any such disclosure could impede the investigation being conducted and "
        "thereby interfere with the enforcement of federal law.",
    },
    PaperKind.HHS_SUBPOENA: {**_AGENCY, "offense": "health care fraud", "statute": "18 U.S.C. § 1347"},
    PaperKind.FBI_SUBPOENA: {
        **_AGENCY,
        "officer": attrs.evolve(_INSPECTOR, agency="Federal Bureau of Investigation"),
        "offense": "sexual exploitation of children",
        "statute": "18 U.S.C. § 2251",
    },
    PaperKind.IRS_SUMMONS: {
        **_AGENCY,
        "component": "Small Business/Self-Employed",
        "case_number": "Western Area 27",
        "title": "Years ending December 31, 2017 and December 31, 2018",
        "officer": attrs.evolve(
            _INSPECTOR, name="Priya Sundaram", title="Revenue Agent", agency="Internal Revenue Service"
        ),
        "signer": Contact(name="Priya Sundaram", title="Revenue Agent"),
    },
    PaperKind.IG_SUBPOENA: {
        **_AGENCY,
        "agency": "Department of Labor",
        "offense": "theft of public money",
        "statute": "18 U.S.C. § 641",
        "signer": Contact(name="Winifred Zhou", title="Acting Inspector General"),
    },
    PaperKind.PRESERVATION_LETTER: {
        **_INVESTIGATIONS,
        **_MOTOR_VEHICLES,
        "signer": Contact(name=_AGENT.name, title=_AGENT.title, phone=_AGENT.phone),
        "items": (
            "The complete driver's license record, with photographs and signature images.",
            "Logs of every look-up of that record since January 1, 2020.",
        ),
    },
    PaperKind.EMERGENCY_REQUEST: {
        **_INVESTIGATIONS,
        **_MOTOR_VEHICLES,
        "items": ("Present home address and vehicle registrations of the person named above.",),
        "return_on": None,
    },
    PaperKind.LETTER: {**_INVESTIGATIONS, "title": "Request for wage information", "signer": _AGENT},
}


def sample(kind: PaperKind, variant: int = 0) -> PaperDetails:
    """The usual paper of a kind, in a layout."""
    return PaperDetails(**_SAMPLES[kind], variant=variant)
