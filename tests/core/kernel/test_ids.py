"""The form of public references."""

from __future__ import annotations

import pytest

from habeas.kernel.ids import CROCKFORD, REQUEST_REF
from habeas.usecases.fakes import CountingIds


def test_the_alphabet_has_no_letter_that_is_read_as_another() -> None:
    assert len(set(CROCKFORD)) == len(CROCKFORD) == 32
    assert not set("ILOU") & set(CROCKFORD)


@pytest.mark.parametrize("text", ["3K7X9QW2ME", "0000000000", "ZZZZZZZZZZ"])
def test_a_reference_is_recognised(text: str) -> None:
    assert REQUEST_REF.fullmatch(text)


@pytest.mark.parametrize(
    "text", ["", "3k7x9qw2me", "3K7X9QW2M", "3K7X9QW2MEE", "3K7X9QW2MI", "3K7X9QW2M\n", "3K7X9QW2M1\n"]
)
def test_anything_else_is_no_reference(text: str) -> None:
    assert not REQUEST_REF.fullmatch(text)


def test_the_counting_source_gives_the_same_identifiers_every_time() -> None:
    one, two = CountingIds(), CountingIds()
    first = [one.new_id(), one.new_ref(), one.new_salt(), one.new_entry_id()]
    assert first == [two.new_id(), two.new_ref(), two.new_salt(), two.new_entry_id()]
    assert len(set(map(str, first))) == 4
    assert REQUEST_REF.fullmatch(str(first[1]))
