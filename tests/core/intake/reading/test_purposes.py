"""Purposes are taken from statements only: what is denied, asked, supposed, recited or quoted claims nothing more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.domain.vocabulary import Offense, Reading, Source
from habeas.intake.reading.claims import read_claims
from habeas.intake.reading.purposes import offense

OPENERS = ("criminal_investigation", "crime_in_progress", "emergency", "program_duty")


def claimed(text: str) -> dict[str, str]:
    found = read_claims(text, blob="message").facts.facts
    for fact in found.values():
        (place,) = fact.evidence
        assert (fact.source, fact.reading) == (Source.REQUESTER, Reading.MACHINE)
        assert (place.blob, place.page, place.box) == ("message", 1, None)
        assert place.text
    return {name: fact.value for name, fact in found.items() if name != "offense"}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("The records support an open criminal investigation.", {"criminal_investigation": "yes"}),
        ("Tenemos un caso penal abierto.", {"criminal_investigation": "yes"}),
        ("A burglary is in progress and the plate comes back to you.", {"crime_in_progress": "yes"}),
        ("Hay un secuestro en curso.", {"crime_in_progress": "yes"}),
        ("There is an imminent danger of death.", {"emergency": "yes"}),
        ("Hay peligro inminente de muerte.", {"emergency": "yes"}),
        ("This is the income verification under 42 U.S.C. 1320b-7.", {"program_duty": "yes"}),
        ("Es un cruce de datos trimestral.", {"program_duty": "yes"}),
        ("We are preparing a Notice to Appear and need a good address.", {"immigration_purpose": "sole"}),
        ("It is needed to locate and remove him.", {"immigration_purpose": "sole"}),
        ("Se pide para un proceso de expulsión.", {"immigration_purpose": "sole"}),
        ("Es un asunto migratorio.", {"immigration_purpose": "sole"}),
    ],
)
def test_each_purpose_in_both_languages(text: str, facts: dict[str, str]) -> None:
    assert claimed(text) == facts


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("This is not a criminal matter.", {"criminal_investigation": "no"}),
        ("There is no criminal investigation.", {"criminal_investigation": "no"}),
        ("No es un caso penal.", {"criminal_investigation": "no"}),
        ("This is not an emergency request.", {"emergency": "no"}),
        ("This has nothing to do with immigration enforcement.", {"immigration_purpose": "none"}),
        ("It is not for deportation.", {"immigration_purpose": "none"}),
        ("No se relaciona con fines de inmigración.", {"immigration_purpose": "none"}),
    ],
)
def test_a_denial_claims_the_opposite(text: str, facts: dict[str, str]) -> None:
    assert claimed(text) == facts


@pytest.mark.parametrize(
    "text",
    [
        "Is this part of a criminal investigation?",
        "Would you need an emergency disclosure request?",
        "Tell us whether this is a criminal investigation.",
        "If there is a criminal investigation, the address may be shared.",
        "Your statute permits sharing for a criminal investigation.",
        "Díganos si hay una investigación penal.",
        "Please send the file by Friday. Thank you for your help.",
        "",
    ],
)
def test_questions_conditions_and_recited_law_claim_nothing(text: str) -> None:
    assert claimed(text) == {}


def test_a_text_that_says_and_denies_an_opening_purpose_leaves_it_unknown() -> None:
    text = "This is an active criminal investigation. To be clear, it is not a criminal matter."
    assert claimed(text) == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("This is a criminal investigation. He also has a final order of removal.", "part"),
        ("This is a criminal investigation. The data are wanted solely for removal proceedings.", "sole"),
        ("The request is not solely for immigration enforcement.", "part"),
        ("It is not for deportation. He is in removal proceedings.", "sole"),
        ("This is a criminal investigation, not civil immigration enforcement.", "none"),
    ],
)
def test_of_what_is_said_about_immigration_the_strictest_stands(text: str, value: str) -> None:
    assert claimed(text)["immigration_purpose"] == value


@pytest.mark.parametrize(
    "signature",
    [
        "Regards,\nPat Marrow\nDeportation Officer\nEnforcement and Removal Operations",
        "Thx,\nPat Marrow\nFugitive Operations Team\nU.S. Immigration and Customs Enforcement",
        "Atentamente,\nPat Marrow\nImmigration Enforcement Agent\n(303) 555-0126",
        "Sincerely,\n\nPat Marrow\nCriminal Investigation Division",
        "Pat Marrow, Deportation Officer, Enforcement and Removal Operations",
    ],
)
def test_an_office_in_a_signature_is_no_purpose(signature: str) -> None:
    assert claimed(f"Please send the record.\n\n{signature}") == {}


OURS = "Please tell us the purpose. We answer a criminal investigation or an emergency request at once."


@pytest.mark.parametrize(
    "answered",
    [
        "\n".join(f"> {line}" for line in (OURS, "Records desk")),
        f"-----Original Message-----\nFrom: Records desk\nSent: Monday\n\n{OURS}",
        f"On Monday, August 3, 2020, the records desk wrote:\n{OURS}",
        f"El lunes 3 de agosto de 2020 la oficina escribió:\n{OURS}",
    ],
)
def test_what_a_message_answers_claims_nothing_for_its_writer(answered: str) -> None:
    found = claimed(f"Re: records\nHere is the name again: Ana Ruiz Calder.\n\n{answered}")
    assert not set(OPENERS) & found.keys()


def test_what_a_message_answers_still_tells_of_immigration_and_of_what_was_asked() -> None:
    text = "Re: records\nAny news?\n\n> Please send the wage history.\n> It is for removal proceedings."
    found = read_claims(text, blob="m")
    assert found.facts.value("immigration_purpose") == "sole"
    assert [str(w.category) for w in found.items] == ["ui_wage"]


def test_what_a_message_forwards_speaks() -> None:
    text = (
        "FW: Request for records\nSee below.\n\n-----Original Message-----\nFrom: Pat Marrow\n\n"
        "This supports an active criminal investigation. Please send the wage history."
    )
    assert claimed(text) == {"criminal_investigation": "yes"}


# ------------------------------------------------------------------------------------------ offenses


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("8 U.S.C. § 1325", Offense.IMMIGRATION_STATUS),
        ("8 USC 1326", Offense.IMMIGRATION_STATUS),
        ("illegal re-entry after removal", Offense.IMMIGRATION_STATUS),
        ("8 U.S.C. § 1324", Offense.IMMIGRATION_OTHER),
        ("18 U.S.C. § 1546", Offense.IMMIGRATION_OTHER),
        ("visa fraud", Offense.IMMIGRATION_OTHER),
        ("harboring aliens", Offense.IMMIGRATION_OTHER),
        ("fraude de visas", Offense.IMMIGRATION_OTHER),
        ("18 U.S.C. § 1343 (wire fraud)", Offense.OTHER),
        ("18 U.S.C. § 1326", Offense.OTHER),
        ("C.R.S. 18-5-113", Offense.OTHER),
        ("robo con violencia", Offense.OTHER),
        ("wire fraud, and 8 U.S.C. 1326", Offense.IMMIGRATION_STATUS),
    ],
)
def test_the_strictest_offense_named_is_the_kind(text: str, kind: Offense) -> None:
    found = offense(f"We are looking into {text}.")
    assert found is not None
    assert found.value == kind


@pytest.mark.parametrize(
    "text",
    [
        "No drug charges are pending.",
        "Special Agent\nDrug Enforcement Administration",
        "See 8 U.S.C. § 1373 and 8 U.S.C. § 1357.",
        "Please send the whole file.",
    ],
)
def test_offices_denials_and_powers_are_no_offense(text: str) -> None:
    assert offense(text) is None


@given(st.text(max_size=400))
def test_any_text_gives_claims_and_silence_gives_none(text: str) -> None:
    found = read_claims(text, blob="m")
    if not any(c.isalpha() for c in text):
        assert not found.facts.facts
        assert found.items == ()
