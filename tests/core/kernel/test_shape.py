"""Frozen values ↔ JSON: there and back, and nothing of another shape is taken for one of ours."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.canonical import decode, encode
from habeas.kernel.errors import BadInput
from habeas.kernel.shape import from_json, to_full_json, to_json


class Colour(StrEnum):
    """Words."""

    RED = "red"
    BLUE = "blue"


@attrs.frozen
class Inner:
    """A value in a value."""

    name: str
    on: date | None = None


@attrs.frozen
class Outer:
    """One of each kind of member."""

    count: int
    open: bool
    at: datetime
    colour: Colour = Colour.RED
    texts: tuple[str, ...] = ()
    inner: tuple[Inner, ...] = ()
    pairs: tuple[tuple[str, Inner], ...] = ()
    one: Inner | None = None


AT = datetime(2020, 10, 15, 16, 3, tzinfo=UTC)
LEAST = {"count": 1, "open": True, "at": "2020-10-15T16:03:00Z"}
NAMES = st.text(st.characters(categories=("Lu", "Ll", "Nd"), max_codepoint=0x24F), max_size=8)
INNER = st.builds(Inner, NAMES, st.none() | st.dates())
OUTER = st.builds(
    Outer,
    st.integers(-100, 100),
    st.booleans(),
    st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(Colour),
    st.lists(NAMES, max_size=3).map(tuple),
    st.lists(INNER, max_size=2).map(tuple),
    st.lists(st.tuples(NAMES, INNER), max_size=2).map(tuple),
    st.none() | INNER,
)


@given(OUTER)
def test_a_value_is_read_back_from_its_json_and_from_its_bytes(value: Outer) -> None:
    assert from_json(Outer, to_json(value), "x") == value
    assert from_json(Outer, to_full_json(value), "x") == value
    assert from_json(Outer, decode(encode(to_json(value))), "x") == value


@given(OUTER)
def test_members_at_their_default_are_left_out_unless_all_are_asked_for(value: Outer) -> None:
    plain, full = to_json(value), to_full_json(value)
    assert full.keys() == {field.name for field in attrs.fields(Outer)}
    assert plain.keys() <= full.keys()
    assert from_json(Outer, plain, "x") == from_json(Outer, full, "x")


@pytest.mark.parametrize(
    "change",
    [
        {"count": "1"}, {"count": True}, {"count": None}, {"open": "no"}, {"open": 0}, {"open": None},
        {"at": "2020-10-15"}, {"at": "2020-10-15T16:03:00"}, {"at": 5}, {"at": "0001-01-01T00:00:00+14:00"},
        {"colour": "green"}, {"colour": None}, {"texts": "abc"}, {"texts": {"a": 1}}, {"texts": [1]},
        {"texts": None}, {"inner": {"name": "a"}}, {"inner": ["a"]}, {"inner": [{}]},
        {"inner": [{"name": "a", "on": "20201015"}]}, {"inner": [{"name": "a", "extra": 1}]},
        {"pairs": [["a"]]}, {"pairs": [["a", {"name": "b"}, "c"]]}, {"one": []}, {"one": "a"}, {"extra": 1},
    ],
)  # fmt: skip
def test_another_shape_is_bad_input_at_the_place_given(change: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as refused:
        from_json(Outer, LEAST | change, "backup")
    (found,) = refused.value.problems
    assert (found.code, found.place, dict(found.detail)) == (
        "json.shape.mismatch",
        "backup",
        {"kind": "Outer"},
    )


@pytest.mark.parametrize("data", [None, [], "x", 1, {}, {"count": 1}])
def test_what_is_no_object_or_lacks_a_member_is_bad_input(data: Any) -> None:
    with pytest.raises(BadInput, match=r"json\.shape\.mismatch"):
        from_json(Outer, data, "x")


def test_an_instant_is_written_in_universal_time_and_a_word_as_its_value() -> None:
    written = to_json(Outer(1, open=False, at=AT, colour=Colour.BLUE))
    assert written == {"count": 1, "open": False, "at": "2020-10-15T16:03:00Z", "colour": "blue"}


def test_what_cannot_be_written_down_is_refused() -> None:
    with pytest.raises(BadInput, match=r"json\.text\.control_character"):
        to_json(Inner("a\x00b"))
