"""The effect of an item from Cedar's three answers: a table, total, never typed by hand elsewhere.

Order of reading (decision.md, *Law in layers*): a duty to contest comes before everything; then process
that compels, which is `required` where the law allows and a `conflict` for counsel where it forbids,
never `forbidden`; then what the law forbids or allows.
"""

from __future__ import annotations

from typing import Final

from habeas.domain.vocabulary import Effect

EFFECTS: Final[dict[tuple[bool, bool, bool], Effect]] = {
    # contest, compel, disclose
    (False, False, False): Effect.FORBIDDEN,
    (False, False, True): Effect.PERMITTED,
    (False, True, False): Effect.CONFLICT,
    (False, True, True): Effect.REQUIRED,
    (True, False, False): Effect.CONTEST_FIRST,
    (True, False, True): Effect.CONTEST_FIRST,
    (True, True, False): Effect.CONTEST_FIRST,
    (True, True, True): Effect.CONTEST_FIRST,
}
"""(must it be contested first, does process compel it, may it be disclosed) → effect."""

TOWARD_RELEASE: Final = (
    Effect.FORBIDDEN,
    Effect.UNDETERMINED,
    Effect.CONTEST_FIRST,
    Effect.CONFLICT,
    Effect.PERMITTED,
    Effect.REQUIRED,
)
"""Effects from the farthest from a release to the nearest."""

OPEN: Final = frozenset({Effect.PERMITTED, Effect.REQUIRED})
"""The effects under which a person may release."""
