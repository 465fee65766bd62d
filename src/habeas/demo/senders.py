"""The invented people who ask: who they are, where they write from, where they write to.

Only text that a sender would type or print; no component, purpose or verdict is told to Habeas.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from habeas.demo.papers.details import Contact, Person

SENDERS: Final[dict[str, Contact]] = {
    "hsi": Contact(
        "Rowan T. Whitcomb", "Special Agent", "Homeland Security Investigations",
        "5 Sample Plaza, Suite 410, Centennial, Colorado 80000", "(303) 555-0117",
        "rowan.whitcomb@ice.dhs.example", "HS-4471",
    ),
    "hsi-2": Contact(
        "Perrin Alcott", "Special Agent", "Homeland Security Investigations",
        "5 Sample Plaza, Suite 410, Centennial, Colorado 80000", "(303) 555-0119",
        "perrin.alcott@ice.dhs.example", "HS-4490",
    ),
    "ero": Contact(
        "Leland Osgood", "Deportation Officer", "Enforcement and Removal Operations",
        "12 Sample Road, Centennial, Colorado 80000", "(303) 555-0126",
        "leland.osgood@ice.dhs.example", "ER-2207",
    ),
    "cbp": Contact(
        "Tamsin Ruedas", "Border Patrol Agent", "U.S. Customs and Border Protection",
        "40 Sample Frontage Road, Grand Junction, Colorado 81500", "(970) 555-0135",
        "tamsin.ruedas@cbp.dhs.example", "BP-1184",
    ),
    "uscis": Contact(
        "Ines Caldwell", "Immigration Services Officer", "U.S. Citizenship and Immigration Services",
        "12484 Sample Way, Centennial, Colorado 80000", "(303) 555-0128",
        "ines.caldwell@uscis.dhs.example",
    ),
    "fbi": Contact(
        "Avery Sandoval", "Special Agent", "Federal Bureau of Investigation",
        "8000 Sample Avenue, Denver, Colorado 80238", "(303) 555-0131",
        "avery.sandoval@fbi.example", "F-3391",
    ),
    "dea": Contact(
        "Marlow Quist", "Diversion Investigator", "Drug Enforcement Administration",
        "12154 Sample Parkway, Centennial, Colorado 80000", "(720) 555-0132",
        "marlow.quist@dea.example", "D-0917",
    ),
    "usms": Contact(
        "Jocelyn Tarrant", "Deputy United States Marshal", "United States Marshals Service",
        "901 Example Street, Denver, Colorado 80294", "(303) 555-0134",
        "jocelyn.tarrant@usms.example", "M-4410",
    ),
    "usao": Contact(
        "Imogen Fairbank", "Assistant United States Attorney", "United States Attorney's Office",
        "200 Example Street, Denver, Colorado 80200", "(303) 555-0150", "imogen.fairbank@usdoj.example",
    ),
    "irs": Contact(
        "Priya Sundaram", "Revenue Agent", "Internal Revenue Service",
        "1999 Example Street, Denver, Colorado 80202", "(303) 555-0152", "priya.sundaram@irs.example",
    ),
    "dol-oig": Contact(
        "Beatrix Lowell", "Special Agent", "Department of Labor, Office of Inspector General",
        "31 Example Street, Denver, Colorado 80202", "(303) 555-0171", "beatrix.lowell@oig.dol.example",
    ),
    "ssa-oig": Contact(
        "Cormac Ellery", "Special Agent", "Social Security Administration, Office of the Inspector General",
        "1961 Example Street, Denver, Colorado 80294", "(303) 555-0173", "cormac.ellery@oig.ssa.example",
    ),
    "ssa": Contact(
        "Lucinda Farrow", "Program Analyst", "Social Security Administration",
        "1961 Example Street, Denver, Colorado 80294", "(303) 555-0174", "lucinda.farrow@ssa.example",
    ),
    "hhs-oig": Contact(
        "Odell Marchetti", "Special Agent",
        "Department of Health and Human Services, Office of Inspector General",
        "1961 Example Street, Denver, Colorado 80294", "(303) 555-0175", "odell.marchetti@oig.hhs.example",
    ),
    "police": Contact(
        "Nora Castellan", "Detective", "Denver Police Department",
        "1331 Sample Street, Denver, Colorado 80204", "(303) 555-0133",
        "nora.castellan@police.denver.example",
    ),
    "law-firm": Contact(
        "Horace B. Pennington", "Attorney", "Pennington & Lyle LLP",
        "88 Specimen Avenue, Denver, Colorado 80201", "(303) 555-0161", "hpennington@penningtonlyle.example",
    ),
    "lender": Contact(
        "Gemma Thorsby", "Recovery Specialist", "Summit Ridge Lending Company",
        "90 Specimen Avenue, Denver, Colorado 80201", "(303) 555-0162", "g.thorsby@summitridge.example",
    ),
}  # fmt: skip

UNITS: Final[dict[str, tuple[str, str, str, str, str]]] = {
    "ui-fraud": (
        "labor", "Unemployment Insurance Fraud Unit", "ui-fraud@labor.state.example",
        "Colorado Department of Labor and Employment", "40 Sample Street, Denver, Colorado 80202",
    ),
    "labor-standards": (
        "labor", "Labor Standards and Statistics", "standards@labor.state.example",
        "Colorado Department of Labor and Employment", "40 Sample Street, Denver, Colorado 80202",
    ),
    "mv-investigations": (
        "revenue", "Motor Vehicle Investigation Unit", "mv-investigations@revenue.state.example",
        "Colorado Department of Revenue", "18 Sample Street, Lakewood, Colorado 80214",
    ),
    "enforcement": (
        "revenue", "Specialized Business Enforcement", "enforcement@revenue.state.example",
        "Colorado Department of Revenue", "18 Sample Street, Lakewood, Colorado 80214",
    ),
    "vital-records": (
        "health", "Vital Records", "vital-records@health.state.example",
        "Colorado Department of Public Health and Environment", "4 Sample Drive, Denver, Colorado 80246",
    ),
    "professions": (
        "regulatory", "Division of Professions and Occupations", "professions@regulatory.state.example",
        "Colorado Department of Regulatory Agencies", "15 Sample Street, Denver, Colorado 80202",
    ),
    "benefits": (
        "human-services", "Office of Economic Security", "benefits@services.state.example",
        "Colorado Department of Human Services", "15 Example Street, Denver, Colorado 80203",
    ),
}  # fmt: skip
"""Unit → (agency id, unit name, mailbox, agency name, address)."""

_FIRST: Final = (
    "Emerson", "Marisela", "Tobias", "Ximena", "Bertrand", "Nadezhda", "Leopold", "Graciela", "Osvaldo",
    "Philippa", "Anselmo", "Dorothea", "Casimir", "Yolanda", "Wendell", "Rosalind", "Thaddeus", "Imelda",
)  # fmt: skip
_MIDDLE: Final = (
    "Ocampo", "Valdivia", "Anders", "Quiroga", "Lorimer", "Sakharova", "Brunel", "Echeverri", "Tavares",
    "Marchbanks", "Ferreyra",
)  # fmt: skip
_LAST: Final = (
    "Pruitt", "Holt", "Lindgren", "Marsh", "Delacroix", "Vance", "Ibarra-Stone", "Kettleman", "Soto-Byrne",
    "Ashgrove", "Penhallow", "Ruiz-Calder", "Thistlewood",
)  # fmt: skip


def person(number: int) -> Person:
    """The `number`-th invented person: names from three lists whose lengths share no factor."""
    name = " ".join(names[number % len(names)] for names in (_FIRST, _MIDDLE, _LAST))
    return Person(name, date(1961, 2, 3) + timedelta(days=(number * 397) % 14000))
