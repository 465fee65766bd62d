"""Footnotes about the law: which of the rules that determined are not verified, or not plainly in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from habeas.domain import vocabulary as v
from habeas.domain.text import Text
from habeas.report.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from habeas.domain.determination import RuleHit


def law_footnotes(determining: Iterable[RuleHit], *, packs_verified: bool) -> tuple[Text, ...]:
    """One note for every rule that determined and is not verified or is challenged, by citation; and one
    where no person has compared the packs with the official text.
    """
    rules = sorted(set(determining), key=lambda r: (r.cite, r.id))
    notes = [_note("unverified_rule", r.cite) for r in rules if not r.verified]
    notes += [_note("challenged", r.cite) for r in rules if r.status is v.PackStatus.CHALLENGED]
    if not packs_verified:
        notes.append(_note("unverified_pack"))
    return tuple(dict.fromkeys(notes))


def _note(key: str, cite: str = "") -> Text:
    en, es = (words(language).of("footnote", key).format(cite=cite) for language in v.Language)
    return Text(en, es)
