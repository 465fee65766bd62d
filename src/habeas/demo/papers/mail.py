"""A letter by e-mail as bytes: `email(details)` gives an .eml with fixed headers and boundaries.

Hides the MIME structure. Promises the same bytes for equal input (Message-ID and boundaries are made
from the content, the date is handed in) and that attachments come back byte for byte.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

import attrs

_PLAIN: Final = policy.SMTP
"""Lines end in CRLF, as mail travels."""


@attrs.frozen
class Mailbox:
    """An invented name and an address at a `.example` domain."""

    address: str
    name: str = ""


@attrs.frozen
class Attachment:
    """A file enclosed; `message/rfc822` encloses another e-mail."""

    name: str
    content: bytes
    media_type: str = "application/pdf"


@attrs.frozen
class MailDetails:
    """What one e-mail says. `html` adds an alternative to `text`; `headers` are added as given.

    `sent_at` carries the sender's offset from UTC, which stays in the Date header.
    """

    sender: Mailbox
    to: tuple[Mailbox, ...]
    subject: str
    sent_at: datetime
    text: str
    html: str = ""
    cc: tuple[Mailbox, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


def email(details: MailDetails) -> bytes:
    """The bytes of one e-mail, lines ending in CRLF."""
    mark = _mark(details)
    message = EmailMessage(policy=_PLAIN)
    _head(message, details, mark)
    message.set_content(details.text, cte="quoted-printable")
    if details.html:
        message.add_alternative(details.html, subtype="html", cte="quoted-printable")
    for attachment in details.attachments:
        _enclose(message, attachment)
    for place, part in enumerate(_own_parts(message)):
        if place:
            del part["MIME-Version"]
        if part.get_content_maintype() == "multipart":
            part.set_boundary(f"----=_Part_{place}_{mark[:16]}")
    return message.as_bytes()


def _own_parts(message: EmailMessage) -> list[EmailMessage]:
    """The message and its parts, down to but not into an enclosed e-mail."""
    if message.get_content_maintype() != "multipart":
        return [message]
    inner = (part for part in message.iter_parts() if isinstance(part, EmailMessage))
    return [message, *(own for part in inner for own in _own_parts(part))]


def _mark(details: MailDetails) -> str:
    """A digest of everything said, for the headers that must be unique."""
    seen = hashlib.sha256(repr(attrs.evolve(details, attachments=())).encode())
    for attachment in details.attachments:
        seen.update(attachment.name.encode() + b"\0" + attachment.content)
    return seen.hexdigest()


def _head(message: EmailMessage, details: MailDetails, mark: str) -> None:
    message["From"] = _address(details.sender)
    message["To"] = tuple(_address(box) for box in details.to)
    if details.cc:
        message["Cc"] = tuple(_address(box) for box in details.cc)
    message["Subject"] = details.subject
    message["Date"] = format_datetime(details.sent_at)
    message["Message-ID"] = f"<{mark[:24]}@{details.sender.address.partition('@')[2]}>"
    for name, value in details.headers:
        message[name] = value


def _address(box: Mailbox) -> Address:
    return Address(display_name=box.name, addr_spec=box.address)


def _enclose(message: EmailMessage, attachment: Attachment) -> None:
    main, _, sub = attachment.media_type.partition("/")
    if attachment.media_type == "message/rfc822":
        inner = message_from_bytes(attachment.content, policy=_PLAIN)
        message.add_attachment(inner, filename=attachment.name)
    else:
        message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)
