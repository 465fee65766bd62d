"""What a message claims: purposes, offense, persons, data; and what it does not."""

from __future__ import annotations

import pytest

from habeas.domain.vocabulary import Component, Reading, Source
from habeas.intake.reading.claims import read_claims


def claimed(text: str, **options: object) -> dict[str, str]:
    found = read_claims(text, blob="message", **options)  # type: ignore[arg-type] # options by name
    for fact in found.facts.facts.values():
        assert (fact.source, fact.reading) == (Source.REQUESTER, Reading.MACHINE)
        assert fact.evidence
        assert fact.evidence[0].text
    return {name: fact.value for name, fact in found.facts.facts.items()}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("This supports an active criminal investigation into wire fraud (18 U.S.C. § 1343).",
         {"criminal_investigation": "yes", "offense": "other"}),
        ("We need the address to locate and arrest him for removal proceedings.", {"immigration_purpose": "sole"}),
        ("The purpose is a criminal investigation; he also has a final order of removal.",
         {"criminal_investigation": "yes", "immigration_purpose": "part"}),
        ("This is not a criminal matter.", {"criminal_investigation": "no"}),
        ("An armed robbery is in progress right now.", {"crime_in_progress": "yes", "offense": "other"}),
        ("There is imminent danger of death.", {"emergency": "yes"}),
        ("The wage match is required under 42 U.S.C. 1320b-7.", {"program_duty": "yes", "offense": "other"}),
        ("Reentry after removal, 8 U.S.C. § 1326.", {"offense": "immigration_status"}),
        ("Charged under 8 USC 1325.", {"offense": "immigration_status"}),
        ("Charged under 18 U.S.C. 1546, visa fraud.", {"offense": "immigration_other"}),
        ("Charged under 18 U.S.C. § 1326.", {"offense": "other"}),
        ("Apoya una investigación penal en curso por fraude.", {"criminal_investigation": "yes", "offense": "other"}),
        ("Se pide para un proceso de deportación.", {"immigration_purpose": "sole"}),
        ("Please send the file. Thank you.", {}),
    ],
)  # fmt: skip
def test_purposes_and_offenses_are_read_from_what_is_said(text: str, facts: dict[str, str]) -> None:
    found = claimed(text)
    assert {k: found.get(k) for k in facts} == facts
    assert not {"criminal_investigation", "immigration_purpose", "emergency"} & (found.keys() - facts.keys())


def test_the_name_of_an_office_is_no_purpose() -> None:
    assert claimed("Regards,\nPat Marrow\nDeportation Officer\nEnforcement and Removal Operations") == {}


def test_the_agencys_own_name_is_no_offense() -> None:
    text = "To the Unemployment Insurance Fraud Unit: please send the wage history."
    assert "offense" not in claimed(text, own_names=("Unemployment Insurance Fraud Unit",))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "1. Wage history for eight quarters.\n2. Name and address of the current employer.",
            ["ui_wage", "employment"],
        ),
        ("Please send the driver's license photograph.", ["driver_restricted"]),
        ("Vehicle registration and title history.", ["vehicle_registration"]),
        ("All wage records under the subject's Social Security number.", ["ui_wage"]),
        ("Her last known home address.", ["contact"]),
        ("The professional license file.", ["license"]),
        ("Una copia del acta de nacimiento.", ["vital"]),
    ],
)
def test_each_kind_of_data_is_found_once_and_false_friends_are_not(text: str, kinds: list[str]) -> None:
    assert [str(w.category) for w in read_claims(text, blob="m").items] == kinds


def test_a_form_demands_what_its_list_names_not_what_its_labels_say() -> None:
    found = read_claims("Name and Address of the person\nWage history", blob="b", demands="Wage history")
    assert [str(w.category) for w in found.items] == ["ui_wage"]


def test_persons_are_those_named_and_a_group_is_bulk() -> None:
    one = read_claims("Subject: Ana Ruiz Calder (DOB 03/09/1984).", blob="m")
    assert [p.name for p in one.persons] == ["Ana Ruiz Calder"]
    assert not one.bulk
    assert read_claims("Send a list of all persons born on February 3, 2004.", blob="m").bulk


@pytest.mark.parametrize(
    ("sender", "text", "component"),
    [
        ("A <a@ice.dhs.example>", "Special Agent\nHomeland Security Investigations", Component.ICE_HSI),
        ("A <a@ice.dhs.example>", "Deportation Officer", Component.ICE_ERO),
        ("A <a@fbi.example>", "regards", Component.FBI),
        ("A <a@gmail.example>", "hello", Component.UNKNOWN),
    ],
)
def test_who_asks_is_read_from_address_and_signature(sender: str, text: str, component: Component) -> None:
    assert read_claims(text, blob="m", sender=sender).requester.component is component
