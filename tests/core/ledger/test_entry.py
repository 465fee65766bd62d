"""Entries: one size, one form, commitments that hide and bind."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.canonical import encode
from habeas.kernel.errors import BadInput
from habeas.ledger.entry import (
    ENTRY_SIZE,
    Entry,
    Opening,
    Part,
    Salts,
    check_opening,
    decode_entry,
    derive_salt,
    make_entry,
    read_entry,
)

ID = "0175a1b2-c3d4-7000-8000-0000000000ff"
SALTS = Salts(b"s" * 32, b"f" * 32, b"p" * 32)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def code(error: pytest.ExceptionInfo[BadInput]) -> str:
    return error.value.problems[0].code


def entry(stat: Any = 1, facts: Any = 2, private: Any = 3) -> Entry:
    return make_entry(ID, stat, facts, private, SALTS)


def committable(value: Any) -> bool:
    try:
        encode(value)
    except BadInput:
        return False
    return True


ANY_VALUE = JSON.filter(committable)


@given(ANY_VALUE, ANY_VALUE, ANY_VALUE)
def test_every_entry_has_the_same_size_whatever_it_commits_to(stat: Any, facts: Any, private: Any) -> None:
    made = entry(stat, facts, private)
    assert len(made.encode()) == ENTRY_SIZE
    assert made.encode() == encode(made.as_json())
    assert decode_entry(made.encode()) == made == read_entry(made.as_json())


def test_a_commitment_is_hmac_sha256_of_the_canonical_value() -> None:
    made = entry(stat={"b": 1, "a": "é"})
    told = hmac.new(b"s" * 32, '{"a":"é","b":1}'.encode(), hashlib.sha256).hexdigest()
    assert made.stat == told


@given(ANY_VALUE, ANY_VALUE)
def test_an_opening_opens_its_own_value_and_no_other(value: Any, other: Any) -> None:
    made = entry(stat=value)
    assert check_opening(made, Opening(Part.STAT, SALTS.stat, value))
    if encode(other) != encode(value):
        assert not check_opening(made, Opening(Part.STAT, SALTS.stat, other))


def test_an_opening_needs_its_own_salt_and_its_own_part() -> None:
    made = entry(1, 1, 1)
    assert not check_opening(made, Opening(Part.STAT, SALTS.facts, 1))
    assert not check_opening(made, Opening(Part.FACTS, SALTS.stat, 1))
    assert len({made.stat, made.facts, made.private}) == 3


@pytest.mark.parametrize("value", [1.5, float("nan"), "\x00", {1: 2}, {"a": b"x"}, 2**53, "\ud800"])
def test_a_value_without_a_canonical_form_opens_nothing(value: Any) -> None:
    assert not check_opening(entry(), Opening(Part.STAT, SALTS.stat, value))


def test_every_bit_of_an_entry_counts() -> None:
    data = bytearray(entry().encode())
    for at in range(len(data) * 8):
        data[at // 8] ^= 1 << at % 8
        try:
            changed = decode_entry(bytes(data))
        except BadInput:
            changed = None
        assert changed != entry()
        assert changed is None or changed.encode() == bytes(data)
        data[at // 8] ^= 1 << at % 8


@given(st.binary(max_size=600))
def test_decoding_gives_an_entry_or_the_documented_error(data: bytes) -> None:
    with pytest.raises(BadInput) as error:
        decode_entry(data)
    assert code(error) == "ledger.entry.malformed"


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": True},
        {"v": 1.0},
        {"v": "1"},
        {"id": ID.upper()},
        {"id": ID.replace("-7", "-4")},
        {"id": ID + "\n"},
        {"id": None},
        {"stat": "0" * 63},
        {"stat": "0" * 65},
        {"stat": "0" * 63 + "\u0660"},
        {"facts": "A" * 64},
        {"private": 7},
        {"private": ["0" * 64]},
        {"kind": "x"},
    ],
)
def test_an_entry_object_out_of_shape_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as error:
        read_entry({**entry().as_json(), **change})
    assert code(error) == "ledger.entry.malformed"


@pytest.mark.parametrize("value", [None, [], "x", 1, {}, {"v": 1}])
def test_what_is_no_entry_object_is_refused(value: Any) -> None:
    with pytest.raises(BadInput):
        read_entry(value)


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_salt_of_another_size_is_refused(size: int) -> None:
    # HMAC pads its key with zeros, so a salt with its last zero byte cut off would open the same value.
    with pytest.raises(BadInput) as error:
        Salts(b"s" * size, b"f" * 32, b"p" * 32)
    assert code(error) == "ledger.salt.wrong_size"
    with pytest.raises(BadInput):
        Opening(Part.STAT, b"s" * size, 1)


def test_two_parts_may_not_share_a_salt() -> None:
    with pytest.raises(BadInput) as error:
        Salts(b"s" * 32, b"s" * 32, b"p" * 32)
    assert code(error) == "ledger.salt.reused"


def test_no_representation_shows_a_salt_or_an_opened_value() -> None:
    opening = Opening(Part.PRIVATE, SALTS.private, "Ana Example")
    assert "Ana" not in repr(opening)
    assert "ppp" not in repr(opening) + repr(SALTS)


def test_an_entry_made_by_hand_is_checked_too() -> None:
    with pytest.raises(BadInput):
        attrs.evolve(entry(), stat="x")


def test_derived_salts_differ_by_case_entry_and_part() -> None:
    other = ID.replace("ff", "fe")
    made = {
        derive_salt(key, name, part)
        for key in (b"k" * 32, b"l" * 32)
        for name in (ID, other)
        for part in Part
    }
    assert len(made) == 12
    assert {len(salt) for salt in made} == {32}


def test_a_derived_salt_is_hkdf_sha256() -> None:
    # RFC 5869 with no salt, one block.
    extracted = hmac.new(bytes(32), b"k" * 32, hashlib.sha256).digest()
    info = f"habeas/salt/v1\n{ID}\nstat".encode()
    told = hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()
    assert derive_salt(b"k" * 32, ID, "stat") == told == derive_salt(b"k" * 32, ID, Part.STAT)


def test_a_salt_is_derived_only_from_a_whole_secret_for_a_real_entry() -> None:
    with pytest.raises(BadInput):
        derive_salt(b"k" * 31, ID, Part.STAT)
    with pytest.raises(BadInput):
        derive_salt(b"k" * 32, "x", Part.STAT)
