"""`{% t "page.key" slot=value %}`, `{% word "outcome" value %}` and dates, in the page's language."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from habeas.console.terms import term
from habeas.console.words import language, say
from habeas.report.words import words as report_words

register = template.Library()


@register.simple_tag
def t(key: str, **slots: Any) -> SafeString:  # noqa: ANN401 - whatever a template holds
    """The words of a key; slots are escaped, the words are ours. A number stays one: it chooses `one`."""
    safe = {name: v if isinstance(v, int) else conditional_escape(v) for name, v in slots.items()}
    return mark_safe(say(key, **safe))  # noqa: S308 - the words come from our files, the slots are escaped


@register.simple_tag
def word(kind: str, value: object) -> str:
    """How a word of a closed list is said: `{% word "outcome" line.request_outcome %}`."""
    return term(kind, str(value))


@register.filter
def day(on: date | datetime | None) -> str:
    """A legal date, written out."""
    return "" if on is None else report_words(language()).day(on)


@register.filter
def moment(at: datetime | None, zone: str = "UTC") -> str:
    """An instant in an agency's zone: `June 20, 2020, 14:05`."""
    if at is None:
        return ""
    local = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone or "UTC"))
    return f"{report_words(language()).day(local)}, {local:%H:%M}"
