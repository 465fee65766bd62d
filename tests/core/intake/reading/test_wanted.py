"""Each kind of data in words people use, English and Spanish, and the words that only look like one."""

from __future__ import annotations

import pytest

from habeas.domain.vocabulary import DataCategory as C
from habeas.intake.reading.claims import read_claims


def kinds(text: str) -> list[C]:
    return [w.category for w in read_claims(f"Records\n{text}", blob="m").items]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Please send the wage history for eight quarters.", C.UI_WAGE),
        ("Solicito el historial de salarios.", C.UI_WAGE),
        ("We request the complete unemployment claim file.", C.UI_CLAIM),
        ("Solicito el expediente de desempleo.", C.UI_CLAIM),
        ("Please provide the name and address of the current employer.", C.EMPLOYMENT),
        ("Solicito el nombre y la dirección del empleador actual.", C.EMPLOYMENT),
        ("Please send the driver's license record.", C.DRIVER_PERSONAL),
        ("Solicito el registro de la licencia de conducir.", C.DRIVER_PERSONAL),
        ("Please send the driver's license photograph.", C.DRIVER_RESTRICTED),
        ("Solicito la fotografía más reciente.", C.DRIVER_RESTRICTED),
        ("Please run a facial recognition search.", C.FACE_SEARCH),
        ("Please send the title history and plates.", C.VEHICLE_REGISTRATION),
        ("Solicito la matrícula del vehículo.", C.VEHICLE_REGISTRATION),
        ("Please send the professional license file.", C.LICENSE),
        ("Solicito el expediente de la licencia profesional.", C.LICENSE),
        ("Please send a copy of the birth certificate.", C.VITAL),
        ("Solicito una copia del acta de nacimiento.", C.VITAL),
        ("Please send the student's enrollment record.", C.EDUCATION),
        ("Please send her school transcripts.", C.EDUCATION),
        ("Solicito el registro escolar.", C.EDUCATION),
        ("Please send his SNAP file.", C.SNAP),
        ("Please send the Medicaid file.", C.MEDICAID),
        ("Please send the tax returns.", C.TAX),
        ("Please send the medical records.", C.HEALTH),
        ("Please send the public assistance file.", C.OTHER_PERSONAL),
        ("Please send the present home address.", C.CONTACT),
        ("Solicito el domicilio actual.", C.CONTACT),
        ("Please send the Social Security number.", C.IDENTIFIERS),
        ("Please verify the immigration status.", C.IMMIGRATION_STATUS),
    ],
)
def test_each_kind_of_data_is_known_by_its_words(text: str, kind: C) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Please send the quarterly wages reported by every employer.", [C.UI_WAGE]),
        ("Please send all wage records under the subject's Social Security number.", [C.UI_WAGE]),
        ("Please send the professional license record.", [C.LICENSE]),
        ("Please send it to the address below.", []),
        ("Please address your answer to me.", []),
        ("Please send it to my e-mail address.", []),
        ("Please be patient while I find the form.", []),
        ("Please send a snap answer.", []),
        ("We need to see the full picture.", []),
        ("Please send it before the transcript of the hearing is due.", []),
        ("Please note the student visa.", []),
        ("This is a criminal investigation into vehicle theft.", []),
        ("Officers follow a vehicle used in a robbery, a crime in progress.", []),
        ("Regards,\nPat Marrow\n5 Sample Plaza, Suite 4\n(303) 555-0117\nDriver Records Unit", []),
        ("Dear Driver Records:", []),
        ("Please see Form I-138 attached.", []),
    ],
)
def test_words_that_only_look_like_a_kind_of_data_are_passed_over(text: str, found: list[C]) -> None:
    assert kinds(text) == found


def test_each_kind_is_asked_once_in_the_order_of_the_text() -> None:
    text = "1. The home address.\n2. Wage history.\n3. The present residence and wages again."
    found = read_claims(text, blob="m").items
    assert [w.category for w in found] == [C.CONTACT, C.UI_WAGE]
    assert [w.place.text for w in found] == ["1. The home address.", "2. Wage history."]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The request concerns Ana Ruiz Calder (DOB 03/09/1984).", ["Ana Ruiz Calder"]),
        ("La solicitud se refiere a Ana Ruiz Calder (nacimiento 03/09/1984).", ["Ana Ruiz Calder"]),
        (
            "Ana Ruiz Calder, date of birth: March 9, 1984; Beto Lund, DOB 1979-11-22.",
            ["Ana Ruiz Calder", "Beto Lund"],
        ),
        ("Subject: Beto Lund", ["Beto Lund"]),
        ("Subject: Wage Records", []),
        ("Name: Social Security", []),
        ("Please call me back on Monday.", []),
    ],
)
def test_persons_are_those_named_as_such(text: str, names: list[str]) -> None:
    assert [p.name for p in read_claims(text, blob="m").persons] == names


@pytest.mark.parametrize(
    ("text", "bulk"),
    [
        ("We need an extract of every record with a date of birth of February 3, 2004.", True),
        ("Send a list of all persons born on February 3, 2004.", True),
        ("Una lista de todas las personas nacidas ese día.", True),
        ("Please send all records about Beto Lund, DOB 11/22/1979.", False),
        ("Please send the record.", False),
    ],
)
def test_a_group_without_names_is_bulk(text: str, bulk: bool) -> None:  # noqa: FBT001 - a parameter
    assert read_claims(text, blob="m").bulk is bulk
