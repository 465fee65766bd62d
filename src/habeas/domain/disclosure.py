"""What left, to whom, under which determination: digest and field list, never the records."""

from __future__ import annotations

from datetime import datetime

import attrs


@attrs.frozen
class Approval:
    """One person's yes to a release: who, when, in which role."""

    person: str
    role: str
    at: datetime


@attrs.frozen
class Disclosure:
    """One release. `fields` names the columns handed over; `sha256` is the digest of the package;
    the records themselves are never kept (mission.md).
    """

    items: tuple[str, ...]
    fields: tuple[str, ...]
    sha256: str
    recipient: str
    means: str
    approvals: tuple[Approval, ...]


@attrs.frozen
class Notice:
    """A letter or notice: to whom, of which kind, in which language, when and how sent.

    `blob` is where it is kept as sent, `sha256` the digest of its bytes.
    """

    kind: str
    language: str
    recipient: str
    means: str
    sha256: str
    sent_at: datetime | None = None
    delayed_until: str = ""
    delay_reason: str = ""
    blob: str = ""
