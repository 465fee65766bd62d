"""What a request is found by: one spelling for each name and number, and nothing else of it."""

from __future__ import annotations

import unicodedata
from typing import Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.domain.case import Case, PaperReading
from habeas.domain.events import Recorded
from habeas.domain.instrument import Field, FieldName
from habeas.domain.search_words import asked_keys, case_keys, key, name_keys, number_keys
from habeas.domain.vocabulary import EventKind as E
from habeas.kernel.shape import to_json
from vectors.events.make import example, instrument, place, read

words = st.lists(st.text("abcdeéiñóüÁÇÑØß019", min_size=2, max_size=8), min_size=1, max_size=4)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """A name, and the same in another order, case and composition."""
    name = draw(words)
    again = " ".join(draw(st.permutations(name)))
    form: Literal["NFC", "NFD", "NFKD"] = draw(st.sampled_from(("NFC", "NFD", "NFKD")))
    return " ".join(name), unicodedata.normalize(form, draw(st.sampled_from((again, again.upper()))))


@pytest.mark.parametrize(
    "written",
    [
        "José Ejemplo",
        "EJEMPLO, JOSÉ",
        "  ejemplo   jose ",
        "Jose\u0301 Ejemplo",
        "\uff2aosé Ejemplo",
        "Ejemplo-José",
    ],
)
def test_one_name_in_many_spellings_is_one_key(written: str) -> None:
    assert key(written) == "ejemplo jose"
    assert asked_keys(written) & name_keys("José Ejemplo")


@given(spellings())
def test_order_case_and_composition_do_not_matter(two: tuple[str, str]) -> None:
    name, again = two
    assert key(name) == key(again)
    assert asked_keys(again) & name_keys(name)


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(text: str) -> None:
    assert key(key(text)) == key(text)
    assert all(len(k) >= 2 for k in name_keys(text) | number_keys(text) | asked_keys(text))


def test_surnames_alone_find_a_person_and_given_names_do_not() -> None:
    found = name_keys("María García López")
    assert {"garcia", "lopez"} < found
    assert "maria" not in found
    assert {"garcia", "lopez"} < name_keys("García López, María")
    assert "maria" not in name_keys("García López, María")
    assert name_keys("Ejemplo") == {"ejemplo"}
    assert name_keys(", José") == {"jose"}
    assert name_keys("") == name_keys("-") == name_keys("X") == frozenset()


def test_numbers_are_compared_without_what_stands_between() -> None:
    assert number_keys("1:20-cr-00123 (RBJ)") == number_keys("1 20 CR 00123 RBJ")
    assert asked_keys("DN-2020-0001") >= number_keys("DN 2020 0001")
    assert not number_keys("1:20-cr-00123") & name_keys("1 20 cr 00123")


def read_case() -> Case:
    """The example, read: a paper names another person and another number."""
    fields = (
        Field(FieldName.PERSON, "Ana Muestra", place("Ana Muestra")),
        Field(FieldName.CASE_NUMBER, "20-mj-7", place("20-mj-7")),
        Field(FieldName.ISSUER_NAME, "Not Searched", place("Not Searched")),
    )
    papers = (PaperReading("5b" * 32, (attrs.evolve(instrument(), fields=fields),)),)
    reading = attrs.evolve(example(E.INSTRUMENT_READ), private=to_json(attrs.evolve(read(), papers=papers)))
    return Case.of((Recorded("c", 1, "e1", example(E.REQUEST_RECEIVED)), Recorded("c", 2, "e2", reading)))


def test_a_case_is_found_by_people_officers_and_numbers_and_by_nothing_else() -> None:
    assert case_keys(read_case()) == (
        name_keys("José Ejemplo")
        | name_keys("Morgan Example")
        | name_keys("Ana Muestra")
        | number_keys("DN-2020-0001")
        | number_keys("20-mj-7")
    )
