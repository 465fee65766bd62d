"""One byte form: equal values give equal bytes, what was written is read back, and any bytes give an answer.

The guard against piled marks is tested by ending at all: what it keeps out takes minutes to hours.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel import canonical
from habeas.kernel.canonical import MAX_DEPTH, MAX_INT, MAX_MARKS, commit, decode, digest, encode
from habeas.kernel.errors import BadInput

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


NO_FORM = {"json.key.duplicate", "json.text.piled_marks"}
"""Why a value of `VALUES` may have no canonical form: two keys normalize to one, or marks are piled."""


def written(value: Any) -> bytes | str:
    """The canonical bytes, or the code of the refusal."""
    try:
        return encode(value)
    except BadInput as error:
        return error.problems[0].code


def code_of(value: Any) -> str:
    with pytest.raises(BadInput) as refused:
        encode(value)
    return refused.value.problems[0].code


def refusal(text: str | bytes) -> tuple[str, str]:
    """(code, place) of what `decode` says."""
    with pytest.raises(BadInput) as refused:
        decode(text if isinstance(text, bytes) else text.encode())
    return refused.value.problems[0].code, refused.value.problems[0].place


def nested(levels: int) -> Any:
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


@given(VALUES)
def test_what_is_written_is_read_back_normalized(value: Any) -> None:
    data = written(value)
    if isinstance(data, str):
        assert data in NO_FORM
        return
    read = decode(data)
    assert read == canonical.normalize(value)
    assert encode(read) == data


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_a_value_or_the_one_documented_error(data: bytes) -> None:
    codes = []
    try:
        assert decode(encode(decode(data))) == decode(data)
    except BadInput as error:
        codes = [p.code for p in error.problems]
    assert all(code.startswith("json.") for code in codes)


@given(VALUES, VALUES)
def test_equal_bytes_are_equal_values(one: Any, two: Any) -> None:
    first, second = written(one), written(two)
    if isinstance(first, bytes) and isinstance(second, bytes):
        assert (first == second) is (json.dumps(decode(first)) == json.dumps(decode(second)))


@given(st.dictionaries(TEXTS, st.integers(0, 9), max_size=6), st.randoms(use_true_random=False))
def test_the_order_in_which_members_came_does_not_matter(value: dict[str, int], random: Any) -> None:
    members = list(value.items())
    random.shuffle(members)
    assert written(dict(members)) == written(value)


def test_members_are_ordered_by_utf_16_units_as_rfc_8785_section_3_2_3_shows() -> None:
    example = {
        "\u20ac": "Euro Sign", "\r"[:0] + "1": "One", "\U0001f600": "Emoji: Grinning Face",
        "\u00f6": "Latin Small Letter O With Diaeresis", "\ufb33": "Hebrew Letter Dalet With Dagesh",
    }  # fmt: skip
    order = [json.loads(part) for part in _keys(encode(example))]
    # U+FB33 is written NFC: it decomposes to two letters, the first of which is U+05D3
    assert order == ["1", "\u00f6", "\u05d3\u05bc", "\u20ac", "\U0001f600"]
    beyond = encode({"\uffee": 1, "\U00010000": 2})
    assert beyond.index("\U00010000".encode()) < beyond.index("\uffee".encode())


def _keys(data: bytes) -> list[str]:
    return [json.dumps(key) for key, _ in json.loads(data, object_pairs_hook=list)]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, b"null"), (True, b"true"), (0, b"0"), (-0, b"0"), (MAX_INT, b"9007199254740991"),
        ([], b"[]"), ({}, b"{}"), ("", b'""'), ('"\\/', b'"\\"\\\\/"'), ("\n\t", b'"\\n\\t"'),
        ("\u2028<", '"\u2028<"'.encode()), ({"b": 1, "a": [1, 2]}, b'{"a":[1,2],"b":1}'),
    ],
)  # fmt: skip
def test_the_form_is_the_one_of_rfc_8785(value: Any, written: bytes) -> None:
    assert encode(value) == written


def test_texts_that_look_alike_are_written_alike() -> None:
    assert encode("Jose\u0301") == encode("Jos\u00e9") == '"José"'.encode()
    assert decode(b'"Jose\\u0301"') == "Jos\u00e9"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.0, "json.number.float"), (float("nan"), "json.number.float"),
        (MAX_INT + 1, "json.number.too_large"), (-MAX_INT - 1, "json.number.too_large"),
        (b"x", "json.value.unsupported"), ({1: 2}, "json.value.unsupported"), ({1}, "json.value.unsupported"),
        ("\x00", "json.text.control_character"), ("\x7f", "json.text.control_character"),
        ("\x9f", "json.text.control_character"), ("\r", "json.text.control_character"),
        ("\ud800", "json.text.not_utf8"), ({"a\x00": 1}, "json.text.control_character"),
        ({"e\u0301": 1, "\u00e9": 2}, "json.key.duplicate"),
    ],
)  # fmt: skip
def test_what_has_no_canonical_form_is_refused(value: Any, code: str) -> None:
    assert code_of(value) == code
    assert code_of([value]) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a":1,"a":1}', "json.key.duplicate"), ('{"a":1,"\\u0061":2}', "json.key.duplicate"),
        ('{"e\\u0301":1,"\\u00e9":2}', "json.key.duplicate"), ("1.5", "json.number.float"),
        ("1e3", "json.number.float"), ("NaN", "json.number.float"), ("-Infinity", "json.number.float"),
        ("9007199254740992", "json.number.too_large"), ("9" * 5000, "json.number.too_large"),
        ('"\\u0000"', "json.text.control_character"), ('"\\ud800"', "json.text.not_utf8"),
        ('"a\nb"', "json.syntax.invalid"), ("", "json.syntax.invalid"), ("[1,]", "json.syntax.invalid"),
        ("[" * 100_000, "json.document.too_deep"), ('{"a":' * 100_000, "json.document.too_deep"),
        ("\ufeff{}", "json.syntax.invalid"), ('"' + "\\" * 100_001, "json.syntax.invalid"),
    ],
)  # fmt: skip
def test_documents_that_are_refused(text: str, code: str) -> None:
    assert refusal(text)[0] == code


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    assert refusal(b'"\xff"') == ("json.text.not_utf8", "document")


@pytest.mark.parametrize("levels", [1, MAX_DEPTH - 1, MAX_DEPTH])
def test_nesting_up_to_the_limit_is_written_and_read(levels: int) -> None:
    assert decode(encode(nested(levels))) == nested(levels)


def test_nesting_beyond_the_limit_is_refused_both_ways() -> None:
    assert code_of(nested(MAX_DEPTH + 1)) == "json.document.too_deep"
    assert refusal("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))[0] == "json.document.too_deep"
    assert code_of({"a": nested(MAX_DEPTH)}) == "json.document.too_deep"
    assert code_of(nested(5000)) == "json.document.too_deep"


def test_brackets_inside_texts_nest_nothing() -> None:
    text = "[{" * 500 + '\\"' + "[" * 500
    assert decode(json.dumps([text]).encode()) == [text]


@pytest.mark.parametrize("mark", ["\u0301", "\u0316\u0301", "\u0f73", "\u0f75\u0f81", "\u0344"])
@pytest.mark.parametrize("count", [MAX_MARKS, 300_000])
def test_marks_piled_on_one_letter_are_refused_before_they_are_sorted(mark: str, count: int) -> None:
    piled = "a" + mark * count + "\u0301"
    assert code_of(piled) == "json.text.piled_marks"
    assert refusal(json.dumps(piled))[0] == "json.text.piled_marks"
    assert code_of({piled: 1}) == "json.text.piled_marks"


def test_marks_as_many_as_any_text_has_are_kept() -> None:
    text = "a" + "\u0316" * 15 + "\u0301" * 15
    assert decode(encode(text)) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("value", ["\x00", 1.5, "a" + "\u0316" * 100])
def test_a_place_says_where_and_not_what(value: Any) -> None:
    with pytest.raises(BadInput) as refused:
        canonical.normalize({"items": [0, {"José Ejemplo\n": value}]}, "form")
    assert refused.value.problems[0].place == "form.items[1].member 1"
    assert "Ejemplo" not in str(refused.value)
    assert "\n" not in refused.value.problems[0].line()


def test_a_commitment_needs_salt_and_value() -> None:
    one = commit(b"s" * 32, {"a": 1})
    assert len({one, commit(b"t" * 32, {"a": 1}), commit(b"s" * 32, {"a": 2}), digest({"a": 1})}) == 4
    assert one == commit(b"s" * 32, {"a": 1})
