"""A request as it came in: who asks, through whom, from whom, for what, about whom, how and when.

Everything that names a person, and every free text, is personal data: it travels only in an event's
private part, encrypted under the case key. Nothing here decides anything.
"""

from __future__ import annotations

from datetime import date, datetime

import attrs

from habeas.domain import vocabulary as v
from habeas.domain.facts import FactSet, Place


@attrs.frozen
class Officer:
    """The person who signs the request. Personal data."""

    name: str = ""
    title: str = ""
    badge: str = ""
    phone: str = ""
    email: str = ""
    supervisor: str = ""
    address: str = ""


@attrs.frozen
class Requester:
    """Who asks: a component, not a purpose. `acting_for`, `deputised_under`, `task_force` and
    `via_local_agency` keep apart who stands behind the request and through whom it came.
    """

    component: v.Component = v.Component.UNKNOWN
    organisation_name: str = ""
    officer: Officer = Officer()
    acting_for: v.Component = v.Component.UNKNOWN
    deputised_under: str = ""
    task_force: str = ""
    via_local_agency: str = ""


@attrs.frozen
class RecordSystem:
    """A system of records a custodian keeps. `excluded`: law already bars it from immigration use."""

    system_id: str
    name: str
    category: v.DataCategory
    excluded: bool = False


@attrs.frozen
class Unit:
    """A part of a custodian that receives requests; `mailbox` addresses sort incoming mail."""

    unit_id: str
    name: str
    mailboxes: tuple[str, ...] = ()


@attrs.frozen
class Custodian:
    """The agency holding the record, from the directory (configuration, not personal data).

    `zone` is an IANA time zone; `jurisdiction` a code such as `us-co`; `names` are other names papers
    use; `contact` is what letters print.
    """

    custodian_id: str
    name: str
    kind: v.CustodianKind
    jurisdiction: str
    zone: str
    units: tuple[Unit, ...]
    systems: tuple[RecordSystem, ...] = ()
    names: tuple[str, ...] = ()
    contact: str = ""
    counsel: str = ""
    demo: bool = False

    def unit(self, unit_id: str) -> Unit | None:
        """The unit of an id, or None."""
        return next((u for u in self.units if u.unit_id == unit_id), None)


@attrs.frozen
class Person:
    """Somebody who works here: staff, not a subject. `roles` say what they may do; `units` where.

    `also` names further agencies whose requests they may look at, and change nothing about.
    """

    person_id: str
    name: str
    roles: tuple[v.Role, ...]
    custodian: str
    units: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@attrs.frozen
class Court:
    """A court and its clerk's number, from the directory: never from a paper that is being checked.

    `source` says where the number was found, `checked_on` on which day somebody last looked; `custodians`
    names the agencies that are offered it, none means all.
    """

    court_id: str
    name: str
    phone: str
    source: str
    checked_on: date
    custodians: tuple[str, ...] = ()

    def offered_to(self, custodian_id: str) -> bool:
        """Whether an agency is offered this number."""
        return not self.custodians or custodian_id in self.custodians


@attrs.frozen
class Holder:
    """Who holds the record in this request. A `processor` (vendor) forwards, it never answers."""

    custodian: str
    unit: str
    served_on: str = ""
    processor: str = ""


@attrs.frozen
class RequestedItem:
    """One thing asked for; `description` is the requester's words."""

    item_id: str
    category: v.DataCategory
    description: str = ""
    system: str = ""
    place: Place | None = None


@attrs.frozen
class Subject:
    """A person the request names. Personal data."""

    name: str
    born_on: str = ""
    identifier: str = ""


@attrs.frozen
class Service:
    """When and how a paper was served."""

    served_on: date | None = None
    manner: v.ServiceManner = v.ServiceManner.UNKNOWN


@attrs.frozen
class Certification:
    """A third party's certification under penalty of perjury (C.R.S. 24-74-105): text by digest."""

    third_party: str
    signer: str
    title: str
    statute_version: str
    text_sha256: str
    signed_on: date
    expires_on: date
    systems: tuple[str, ...] = ()


@attrs.frozen
class Consent:
    """A subject's consent: an instrument, valid only once verified with the subject."""

    subject: str
    scope: tuple[str, ...]
    given_on: date
    verified_with_subject_by: str = ""


@attrs.frozen
class Attachment:
    """A paper that came with the request: its address, type and the name it came under."""

    blob: str
    media_type: str
    filename: str
    size: int


@attrs.frozen
class Request:
    """One request, complete: what a door makes of bytes.

    `claims` are the requester's own statements as facts (source `requester`); several purposes at once
    are all kept, and the rules take the strictest. `message` is the free text it came with.
    """

    received_at: datetime
    channel: v.Channel
    holder: Holder
    requester: Requester = Requester()
    items: tuple[RequestedItem, ...] = ()
    subjects: tuple[Subject, ...] = ()
    subjects_band: v.SubjectsBand = v.SubjectsBand.UNKNOWN
    claims: FactSet = attrs.field(factory=FactSet)
    offense_statute: str = ""
    case_number: str = ""
    message: str = ""
    subject_line: str = ""
    message_id: str = ""
    service: Service = Service()
    attachments: tuple[Attachment, ...] = ()
    certification: Certification | None = None
    consent: Consent | None = None
    instructed_by: str = ""


def purpose_class(facts: FactSet) -> v.PurposeClass:
    """The purpose as a report counts it: the strictest class that the facts show.

    Two classes at once, one of them immigration, are `mixed`; what nobody established is `unknown`.
    """
    immigration = facts.value("immigration_purpose")
    offense = facts.value("offense")
    criminal = "yes" in (facts.value("criminal_investigation"), facts.value("crime_in_progress"))
    duty = facts.value("program_duty") == v.YesNo.YES
    if immigration == v.ImmigrationPurpose.SOLE:
        return v.PurposeClass.CIVIL_IMMIGRATION
    if immigration == v.ImmigrationPurpose.PART:
        return v.PurposeClass.MIXED
    if offense == v.Offense.IMMIGRATION_STATUS:
        return v.PurposeClass.IMMIGRATION_OFFENSE
    if criminal:
        return v.PurposeClass.OTHER_OFFENSE
    if facts.value("emergency") == v.YesNo.YES:
        return v.PurposeClass.EMERGENCY
    return v.PurposeClass.PROGRAM_DUTY if duty else v.PurposeClass.UNKNOWN
