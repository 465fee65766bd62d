"""The JSON form `habeas.intake.v1`: what a portal, a program or a person at a desk writes down.

Hides pydantic, which stops at this door: past it there are the domain's own frozen values. Promises that
a document is taken whole or refused with every problem's place (`form.items[2].category`), that members
and words outside the schema are refused, and that no place repeats a name the schema does not have.

Papers come along in base64 and go into the same tray as a message's attachments, under the same limits.
What is not paper has the form's own, far smaller limit, looked at before anything is parsed: a large
document of many small values costs many times its size in memory.

What a form cannot say, on purpose: the ids of items (they stand in published rows), who checked a consent
with the person named (that is done after intake), and facts about papers (those are read off the paper,
where they would count as much as a reading if a form could claim them).
"""

from __future__ import annotations

import binascii
import hashlib
import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from habeas.domain import request as r
from habeas.domain import vocabulary as v
from habeas.domain.facts import Fact, FactSet
from habeas.intake.clean import clean_text, one_line, piles_marks
from habeas.intake.limits import LIMIT_FORM_BYTES, LIMIT_MARKS
from habeas.intake.mail import read_letters
from habeas.intake.parsed import Parsed
from habeas.intake.tray import Incoming, Tray
from habeas.kernel.canonical import decode, encode
from habeas.kernel.clock import read_date, read_instant
from habeas.kernel.errors import BadInput, Problem, bad, problem

if TYPE_CHECKING:
    from collections.abc import Sequence

_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_INSTANT: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})$"
_BASE64: Final = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_PAPER_DATA: Final = re.compile(rb'("data"[ \t\r\n]*+:[ \t\r\n]*+)"(?:[A-Za-z0-9+/=]++|\\/)*+"')
"""A member `data` that is nothing but base64 letters (`/` may be written `\\/`)."""

_ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_PROBLEMS_AT_MOST: Final = 50
_AHEAD: Final = timedelta(days=1)
_CODES: Final = {
    "base64": "intake.form.not_base64",
    "day": "intake.form.not_well_formed",
    "enum": "intake.form.unknown_word",
    "extra_forbidden": "intake.form.unknown_member",
    "instant": "intake.form.not_an_instant",
    "literal_error": "intake.form.schema_unknown",
    "missing": "intake.form.missing",
    "string_pattern_mismatch": "intake.form.not_well_formed",
    "string_too_long": "intake.form.too_long",
    "string_too_short": "intake.form.empty",
    "too_long": "intake.form.too_long",
}
"""The door's own words for pydantic's kinds of error; any other is `intake.form.wrong_type`."""

_BY_HAND: Final = frozenset({v.Channel.PHONE, v.Channel.IN_PERSON, v.Channel.MAIL, v.Channel.FAX})


def _matching(text: object, pattern: str, error: str) -> str:
    if not isinstance(text, str) or not re.fullmatch(pattern, text):
        raise PydanticCustomError(error, "not well formed")
    return text


def _day(text: object) -> date:
    try:
        return read_date(_matching(text, _DAY, "day"), "form")
    except BadInput:
        raise PydanticCustomError("day", "no such day") from None


def _instant(text: object) -> datetime:
    try:
        return read_instant(_matching(text, _INSTANT, "instant"), "form")
    except (BadInput, OverflowError):
        raise PydanticCustomError("instant", "no such instant") from None


def _bytes(text: object) -> bytes:
    if not isinstance(text, str):
        raise PydanticCustomError("string_type", "not a text")
    try:
        return binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        raise PydanticCustomError("base64", "not base64") from None


def _named(text: str) -> str:
    name = one_line(text)
    if not name:
        raise PydanticCustomError("string_too_short", "nothing visible")
    return name


Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(one_line)]
"""One line of text."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_named)]
"""One line of text that must be there."""

Words = Annotated[str, StringConstraints(max_length=4_000), AfterValidator(clean_text)]
"""A few lines of text."""

Text = Annotated[str, StringConstraints(max_length=100_000), AfterValidator(clean_text)]
"""A letter."""

Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "pattern": _DAY})]
"""A legal date, `YYYY-MM-DD`."""

Instant = Annotated[
    datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "pattern": _INSTANT})
]
"""An instant with a zone, RFC 3339."""

Content = Annotated[
    bytes,
    BeforeValidator(_bytes),
    WithJsonSchema({"type": "string", "contentEncoding": "base64", "pattern": _BASE64}),
]
"""A file's bytes, in base64 without line breaks (RFC 4648 § 4)."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 in lower-case hexadecimal."""


class _Door(BaseModel):
    """Nothing is accepted that the schema does not name."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class Officer(_Door):
    """The person who signs the request."""

    name: Line = ""
    title: Line = ""
    badge: Line = ""
    phone: Line = Field(
        default="", description="Never used for a call-back: that number comes from the directory."
    )
    email: Line = ""
    supervisor: Line = ""
    address: Line = ""


class Requester(_Door):
    """Who asks, who stands behind it, and through whom it came."""

    component: v.Component = v.Component.UNKNOWN
    organisation_name: Line = ""
    officer: Officer = Officer()
    acting_for: v.Component = v.Component.UNKNOWN
    deputised_under: Line = ""
    task_force: Line = ""
    via_local_agency: Line = ""


class Holder(_Door):
    """Which agency and unit the request is for, by their ids in the directory."""

    custodian: Line
    unit: Line = ""
    served_on: Line = Field(default="", description="The person or office the paper was handed to.")
    processor: Line = Field(default="", description="A vendor that holds the record for the agency.")


class Item(_Door):
    """One thing asked for, in the requester's words and sorted into a category."""

    category: v.DataCategory
    description: Words = ""
    system: Line = ""


class Subject(_Door):
    """A person the request names."""

    name: Line
    born_on: Annotated[str, StringConstraints(pattern=r"^(?:[0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""
    identifier: Line = ""


class Claims(_Door):
    """What the requester says of the purpose: statements of the requester, nothing established."""

    immigration_purpose: v.ImmigrationPurpose = v.ImmigrationPurpose.UNKNOWN
    criminal_investigation: v.YesNo = v.YesNo.UNKNOWN
    crime_in_progress: v.YesNo = v.YesNo.UNKNOWN
    offense: v.Offense = v.Offense.UNKNOWN
    program_duty: v.YesNo = v.YesNo.UNKNOWN
    emergency: v.YesNo = v.YesNo.UNKNOWN


class Service(_Door):
    """When and how a paper was served."""

    served_on: Day | None = None
    manner: v.ServiceManner = v.ServiceManner.UNKNOWN


class Certification(_Door):
    """A third party's certification under penalty of perjury; its text by digest."""

    third_party: Name
    signer: Name
    title: Line = ""
    statute_version: Name
    text_sha256: Digest
    signed_on: Day
    expires_on: Day
    systems: tuple[Line, ...] = Field(default=(), max_length=100)


class Consent(_Door):
    """A subject's consent as the requester presents it; checking it with the person comes later."""

    subject: Name
    scope: tuple[Line, ...] = Field(default=(), max_length=100)
    given_on: Day


class Attached(_Door):
    """A paper that came with the request. What it is, its content says."""

    filename: Line = ""
    media_type: Line = Field(default="", description="Only compared with the content, and noted.")
    data: Content = Field(repr=False)


class Form(_Door):
    """A request written down as JSON."""

    schema_: Literal["habeas.intake.v1"] = Field(alias="schema")
    channel: v.Channel
    received_at: Instant | None = Field(
        default=None, description="When it reached the agency, if before today's entry."
    )
    requester: Requester = Requester()
    holder: Holder | None = None
    items: tuple[Item, ...] = Field(default=(), max_length=200)
    subjects: tuple[Subject, ...] = Field(default=(), max_length=5_000)
    subjects_band: v.SubjectsBand = v.SubjectsBand.UNKNOWN
    claims: Claims = Claims()
    offense_statute: Line = ""
    case_number: Line = ""
    subject_line: Line = ""
    message: Text = ""
    service: Service = Service()
    certification: Certification | None = None
    consent: Consent | None = None
    instructed_by: Line = Field(
        default="", description="Who told the person at the desk to answer, if anybody did."
    )
    papers: tuple[Attached, ...] = Field(default=(), max_length=100)


def read_form(data: bytes, received_at: datetime, tray: Tray | None = None) -> Parsed:
    """A JSON document → `Parsed`, or `BadInput` with `json.…` and `intake.form.…` problems, all at once.

    `tray` is what the arrival's papers and notes are laid in; what is wrong with a paper is its problem.
    """
    document = _document(data)
    try:
        form = Form.model_validate_json(document)
    except ValidationError as error:
        raise BadInput(_problems(error)) from None
    if form.received_at is not None and form.received_at > received_at + _AHEAD:
        raise bad("intake.form.received_ahead", "form.received_at")
    tray = tray or Tray()
    for number, paper in enumerate(form.papers):
        place = f"form.papers[{number}]"
        tray.purse.pay_bytes(len(paper.data), place)
        tray.take(Incoming(place, paper.filename, paper.data, paper.media_type))
    read_letters(tray)
    return _parsed(form, _material(form, document), received_at, tray)


def _material(form: Form, document: bytes) -> bytes:
    """What makes a form the same when it is sent again: its canonical bytes, papers by their digests."""
    if not form.papers:
        return document
    digests = [{"sha256": hashlib.sha256(paper.data).hexdigest()} for paper in form.papers]
    return encode({**decode(document, "form"), "papers": digests})


def _document(data: bytes) -> bytes:
    """The canonical bytes of strictly decoded JSON, or `BadInput`.

    Piled-up marks are looked for first, because decoding normalizes; escapes are undone to see them.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    written = _PAPER_DATA.sub(rb'\1""', data)
    if len(written) > LIMIT_FORM_BYTES:
        raise bad("intake.form.too_large", "form", limit=f"{LIMIT_FORM_BYTES:,}")
    text = written.decode("utf-8", "replace")
    if piles_marks(_ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)):
        raise bad("intake.text.piled_marks", "form", limit=LIMIT_MARKS)
    try:
        return encode(decode(data, "form"))
    except BadInput as error:
        raise BadInput(Problem(p.code, _known_place(p.place), p.detail) for p in error.problems) from None


def _known_place(place: str) -> str:
    """A place without the names a stranger gave: an unknown member of an object is shown as `?`."""
    head, *members = re.split(r"(?=[.\[])", place)
    shown = (m if m.startswith("[") or m[1:] in _members() else ".?" for m in members)
    return head + "".join(shown)


def _members() -> frozenset[str]:
    models = (
        Form, Requester, Officer, Holder, Item, Subject, Claims, Service, Certification, Consent, Attached
    )  # fmt: skip
    return frozenset(f.alias or name for model in models for name, f in model.model_fields.items())


def _problems(error: ValidationError) -> list[Problem]:
    found = error.errors(include_url=False, include_input=False)[:_PROBLEMS_AT_MOST]
    return [_problem(str(e["type"]), e["loc"], e.get("ctx", {})) for e in found]


def _problem(kind: str, steps: Sequence[int | str], context: dict[str, Any]) -> Problem:
    place = "form" + "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in steps)
    if kind == "extra_forbidden":  # the last step is a name a stranger gave
        place = place.rpartition(".")[0]
    allowed = ", ".join(re.findall(r"'([^']*)'", str(context.get("expected", ""))))
    limit = context.get("max_length", "")
    return problem(_CODES.get(kind, "intake.form.wrong_type"), place, allowed=allowed, limit=limit)


def _parsed(form: Form, material: bytes, received_at: datetime, tray: Tray) -> Parsed:
    return Parsed(
        received_at=form.received_at or received_at,
        channel=form.channel,
        fingerprint_material=material,
        message=form.message,
        subject_line=form.subject_line,
        papers=tuple(tray.papers),
        holder=None if form.holder is None else r.Holder(**dict(form.holder)),
        requester=_requester(form.requester),
        items=tuple(_item(number, item) for number, item in enumerate(form.items, start=1)),
        subjects=tuple(r.Subject(**dict(subject)) for subject in form.subjects),
        subjects_band=_band(form),
        claims=_claims(form),
        offense_statute=form.offense_statute,
        case_number=form.case_number,
        service=r.Service(**dict(form.service)),
        certification=None if form.certification is None else r.Certification(**dict(form.certification)),
        consent=None if form.consent is None else r.Consent(**dict(form.consent)),
        instructed_by=form.instructed_by,
        notes=tuple(tray.notes),
    )


def _requester(requester: Requester) -> r.Requester:
    return r.Requester(**{**dict(requester), "officer": r.Officer(**dict(requester.officer))})


def _item(number: int, item: Item) -> r.RequestedItem:
    return r.RequestedItem(str(number), item.category, item.description, item.system)


def _band(form: Form) -> v.SubjectsBand:
    """The larger of the persons named and the band given: naming one does not make a list of many small."""
    if not form.subjects:
        return form.subjects_band
    named = v.SubjectsBand.of(len(form.subjects))
    if form.subjects_band is v.SubjectsBand.UNKNOWN:
        return named
    return max(named, form.subjects_band, key=list(v.SubjectsBand).index)


def _claims(form: Form) -> FactSet:
    """The purposes claimed, as facts of the requester.

    What came by telephone, on paper or at the counter was written down by a person; the rest nobody read.
    """
    reading = v.Reading.PERSON if form.channel in _BY_HAND else v.Reading.MACHINE
    stated = {name: value for name, value in dict(form.claims).items() if value != v.UNKNOWN}
    return FactSet({n: Fact(str(value), v.Source.REQUESTER, reading) for n, value in stated.items()})
