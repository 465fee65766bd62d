"""The table from Cedar's three answers to an effect, row by row."""

from __future__ import annotations

from itertools import product

import pytest

from habeas.domain.vocabulary import Effect
from habeas.policy.effect import EFFECTS, OPEN, TOWARD_RELEASE

ROWS = [
    ("contest", "compel", "disclose", "effect"),
    (False, False, False, Effect.FORBIDDEN),
    (False, False, True, Effect.PERMITTED),
    (False, True, False, Effect.CONFLICT),
    (False, True, True, Effect.REQUIRED),
    (True, False, False, Effect.CONTEST_FIRST),
    (True, False, True, Effect.CONTEST_FIRST),
    (True, True, False, Effect.CONTEST_FIRST),
    (True, True, True, Effect.CONTEST_FIRST),
][1:]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_row_of_the_table(row: tuple[bool, bool, bool, Effect]) -> None:
    contest, compel, disclose, effect = row
    assert EFFECTS[contest, compel, disclose] is effect


def test_the_table_is_total() -> None:
    assert set(EFFECTS) == set(product((False, True), repeat=3))


def test_what_process_compels_is_never_forbidden() -> None:
    assert Effect.FORBIDDEN not in {e for (_, compel, _), e in EFFECTS.items() if compel}


def test_the_machine_never_answers_undetermined_from_three_answers() -> None:
    assert Effect.UNDETERMINED not in EFFECTS.values()
    assert set(TOWARD_RELEASE) == set(Effect)
    assert set(TOWARD_RELEASE[-2:]) == OPEN
