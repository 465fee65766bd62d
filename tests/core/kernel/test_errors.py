"""How an error is worded: one line with place, message, remedy and code, never the content."""

from __future__ import annotations

import string

import pytest

from habeas.kernel.error_registry import REGISTRY
from habeas.kernel.errors import BadInput, BrokenInvariant, bad, broken, problem


def slots(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("code", sorted(REGISTRY))
def test_every_wording_is_one_line_without_a_sentence_start_or_a_full_stop(code: str) -> None:
    wording = REGISTRY[code]
    assert len(code.split(".")) == 3
    for text in (wording.message, wording.remedy):
        assert text == " ".join(text.split())
        assert not text.endswith(".")
    first = wording.message.split()[0].strip("`")
    assert first[0].islower() or not first[0].isalpha() or first.isupper() or not first.isalpha()


@pytest.mark.parametrize("code", sorted(REGISTRY))
def test_a_problem_says_place_message_remedy_and_code_on_one_line(code: str) -> None:
    wanted = slots(REGISTRY[code].message) | slots(REGISTRY[code].remedy)
    made = problem(code, "form.items[2]", **dict.fromkeys(wanted, "seven"))
    line = made.line()
    assert line.startswith("form.items[2]: ")
    assert line.endswith(f"[{code}]")
    assert made.message in line
    assert made.remedy in line
    assert "\n" not in line
    assert made.as_json() == {
        "code": code, "place": "form.items[2]", "message": made.message, "remedy": made.remedy,
    }  # fmt: skip


def test_an_unknown_code_or_a_missing_slot_is_noticed_where_it_is_made() -> None:
    with pytest.raises(KeyError):
        problem("no.such.code", "here")
    with pytest.raises(KeyError):
        problem("json.document.too_deep", "here")


def test_the_two_kinds_of_exception_have_their_exit_codes() -> None:
    assert bad("json.number.float", "here").exit_code == BadInput.exit_code == 2
    assert broken("case.history.gap", "here").exit_code == BrokenInvariant.exit_code == 3


def test_bad_input_carries_every_problem_in_order() -> None:
    found = [problem("json.number.float", "a"), problem("json.key.duplicate", "b")]
    error = BadInput(iter(found))
    assert error.problems == tuple(found)
    assert str(error) == "; ".join(p.line() for p in found)


def test_slots_are_kept_as_text_in_a_fixed_order() -> None:
    made = problem("json.syntax.invalid", "x", line=3, column=1)
    assert made.detail == (("column", "1"), ("line", "3"))
    assert made == problem("json.syntax.invalid", "x", column=1, line="3")
