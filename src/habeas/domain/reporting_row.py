"""The reporting row: the closed-vocabulary line that every ledger entry commits to as `stat`.

Reports compute from these rows only, and a published report opens them, so a row holds no personal
data, no free text, no day: a month, bands, and the words of `vocabulary.py`. Custodian, unit, ground
and policy are identifiers from public lists (directory, rule packs).

`days` (whole days from receipt to the answer) stands beside its band because a median cannot be
computed from bands (decision record 0004).
"""

from __future__ import annotations

from typing import Final

import attrs

from habeas.domain import vocabulary as v

NONE: Final = "none"
"""Written where a column does not apply to the row."""


@attrs.frozen
class ReportingRow:
    """One line of the reporting table.

    `item` is "" on rows about the whole request. `month` is `YYYY-MM` of receipt. `periods` are the
    regime period segments that the receipt date falls into (`report.regimes`). `ground` is the id of
    the rule that determined, `override` is `none`, `toward_refusal` or `toward_release`. `repeat` marks
    the row of a re-sent message that was linked to a request already logged.
    """

    kind: v.EventKind
    request_ref: str
    month: str
    custodian: str
    unit: str
    item: str = ""
    periods: tuple[str, ...] = ()
    component: v.Component = v.Component.UNKNOWN
    channel: v.Channel = v.Channel.UNKNOWN
    paper_authority: v.Authority = v.Authority.UNREADABLE
    paper_kind: v.InstrumentKind = v.InstrumentKind.UNKNOWN
    purpose: v.PurposeClass = v.PurposeClass.UNKNOWN
    category: v.DataCategory = v.DataCategory.UNKNOWN
    subjects: v.SubjectsBand = v.SubjectsBand.UNKNOWN
    ground: str = NONE
    effect: str = NONE
    outcome: str = NONE
    override: str = NONE
    days: int | None = None
    days_band: v.DaysBand = v.DaysBand.PENDING
    policy: str = NONE
    repeat: bool = False
    demo: bool = False


def days_band(days: int) -> v.DaysBand:
    """The band of a count of whole days (≥ 0)."""
    for limit, band in (
        (0, v.DaysBand.SAME_DAY), (3, v.DaysBand.ONE_TO_THREE), (7, v.DaysBand.FOUR_TO_SEVEN),
        (14, v.DaysBand.TO_FOURTEEN), (30, v.DaysBand.TO_THIRTY),
    ):  # fmt: skip
        if days <= limit:
            return band
    return v.DaysBand.OVER
