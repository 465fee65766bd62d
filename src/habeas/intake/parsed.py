"""What intake makes of an arrival: the typed, frozen value past the door.

Promises that nothing here was decided, looked up or fetched: it is what the bytes say, cleaned. Every
text, name and address is personal data. `notes` are problems that did not stop the reading.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.facts import FactSet
from habeas.domain.request import Certification, Consent, Holder, RequestedItem, Requester, Service, Subject
from habeas.kernel.errors import Problem


@attrs.frozen
class Sender:
    """The `From` of a message as written there. It proves nothing, not even with a `.gov` address."""

    name: str = ""
    address: str = ""


@attrs.frozen
class Paper:
    """One file that came along, byte for byte.

    `filename` is a cleaned basename (≤ 120 characters); `media_type` is what the content is, never what
    a label says (`application/octet-stream`: kept, but a person must open it); `place` is where in the
    arrival it was (`message/part 2/entry 1`).
    """

    filename: str
    media_type: str
    data: bytes = attrs.field(repr=False)
    place: str = "file"


@attrs.frozen
class Parsed:
    """An arrival, read.

    `received_at` is the instant the door gives, or the earlier one a form states. `message` and the
    one-line texts are NFC without control characters. `claims` come from a JSON form only, source
    `requester`. `subjects_band` is `unknown` where nobody is named and no number is given. `holder` is
    None where the form does not say; mail is sorted by `recipients` (lower-case addresses, the mail
    system's own `Delivered-To` first). `fingerprint_material` is equal for the same request sent again.
    """

    received_at: datetime
    channel: v.Channel
    fingerprint_material: bytes = attrs.field(repr=False)
    message: str = ""
    subject_line: str = ""
    message_id: str = ""
    sender: Sender = Sender()
    recipients: tuple[str, ...] = ()
    sent_at: datetime | None = None
    papers: tuple[Paper, ...] = ()
    holder: Holder | None = None
    requester: Requester = attrs.field(factory=Requester)
    items: tuple[RequestedItem, ...] = ()
    subjects: tuple[Subject, ...] = ()
    subjects_band: v.SubjectsBand = v.SubjectsBand.UNKNOWN
    claims: FactSet = attrs.field(factory=FactSet)
    offense_statute: str = ""
    case_number: str = ""
    service: Service = attrs.field(factory=Service)
    certification: Certification | None = None
    consent: Consent | None = None
    instructed_by: str = ""
    notes: tuple[Problem, ...] = ()
