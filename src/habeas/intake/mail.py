"""An Internet message → `Parsed`.

Hides which body is read, which parts are papers, and how forwarded messages come apart. Promises that
every part ends up somewhere: as text of the message, as a paper, or refused by name.

**A `.gov` sender proves nothing.** Forged emergency requests have been sent from hacked police
mailboxes, and signatures (DKIM) are not checked here, because that needs the network; every message
therefore carries the note `intake.mail.unauthenticated`, whatever its `Authentication-Results` claim.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from habeas.domain.vocabulary import Channel
from habeas.intake import limits
from habeas.intake.charset import decode
from habeas.intake.clean import clean_text, misleads, one_line
from habeas.intake.fingerprint import of_message
from habeas.intake.markup import visible_text
from habeas.intake.mime import free_text, split, typed
from habeas.intake.parsed import Paper, Parsed, Sender
from habeas.intake.sniff import Kind, sniff
from habeas.intake.tray import Incoming
from habeas.kernel.errors import problem

if TYPE_CHECKING:
    from habeas.intake.mime import Headers, Leaf, Message
    from habeas.intake.tray import Tray

_BODIES: Final = frozenset({"text/plain", "text/html"})
_WRITTEN: Final = frozenset({Kind.TEXT, Kind.HTML, Kind.FORM, Kind.MAIL, Kind.OTHER})
_SEALED: Final = frozenset(
    {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
)
_ELSEWHERE: Final = frozenset({"message/external-body", "message/partial"})
_DELIVERED: Final = ("delivered-to", "x-original-to", "envelope-to", "to", "cc", "bcc")
_ONCE: Final = ("from", "subject", "date", "message-id", "to", "content-type")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL)
_ADDRESS: Final = re.compile(r"[^\s<>,;:\"()\[\]\\@]{1,64}@[A-Za-z0-9.-]{1,253}")
_AHEAD: Final = timedelta(days=1)
_LETTER_HEADERS: Final = ("from", "to", "cc", "date", "subject")
_MUCH_MORE: Final = 2


def read_mail(file: Incoming, received_at: datetime, tray: Tray) -> Parsed:
    """A whole message → `Parsed`, with the papers of everything attached to it."""
    tray.note(problem("intake.mail.unauthenticated", file.place))
    top = split(file, tray)
    _note_repeats(top.headers, tray)
    message = _open(top, file, tray)
    subject_line = free_text(top.headers, "subject", tray)
    sender = _sender(top.headers, tray)
    read_letters(tray)
    if not message.strip() and not tray.papers:
        tray.note(problem("intake.mail.nothing_inside", file.place))
    papers = tuple(tray.papers)
    return Parsed(
        received_at=received_at,
        channel=Channel.EMAIL,
        fingerprint_material=of_message(sender, subject_line, message, papers),
        message=message,
        subject_line=subject_line,
        message_id=free_text(top.headers, "message-id", tray),
        sender=sender,
        recipients=_recipients(top.headers, tray),
        sent_at=_sent_at(top.headers, received_at, tray),
        papers=papers,
        notes=tuple(tray.notes),
    )


def read_letters(tray: Tray) -> None:
    """Read the messages queued in the tray (attached to mail, or packed in an archive).

    Each becomes a text paper, its main header fields above its text, and papers of its own attachments.
    """
    while tray.letters:
        file = tray.letters.pop(0)
        letter = split(file, tray)
        before = len(tray.papers)
        text = _open(letter, file, tray)
        fields = [(name, free_text(letter.headers, name, tray)) for name in _LETTER_HEADERS]
        lines = [f"{name.capitalize()}: {value}" for name, value in fields if value]
        body = "\n".join([*lines, "", text]).encode()
        stem = file.filename.rpartition(".")[0] or file.filename or "message"
        name = tray.name(f"{stem}.txt", ".txt", file.place)
        tray.purse.pay_bytes(len(body), file.place)
        tray.papers.insert(before, Paper(name, str(Kind.TEXT), body, file.place))


def _open(message: Message, file: Incoming, tray: Tray) -> str:
    """The text of a message; everything else of it goes into the tray."""
    bodies: list[Leaf] = []
    for leaf in message.leaves:
        if _is_body(leaf):
            tray.purse.pay_text(len(leaf.body), leaf.place)
            bodies.append(leaf)
        else:
            _lay(leaf, file, tray)
    texts = [_text_of(list(group), tray) for _, group in groupby(bodies, lambda leaf: leaf.alternative)]
    text = "\n\n".join(text for text in texts if text.strip())
    limits.check_text(text, message.headers.place)
    return text


def _is_body(leaf: Leaf) -> bool:
    """Text that is neither named nor attached, and is no file of another kind under a text's label."""
    plain = leaf.media_type in _BODIES and not leaf.attached and not leaf.filename
    return plain and sniff(leaf.body) in _WRITTEN


def _lay(leaf: Leaf, file: Incoming, tray: Tray) -> None:
    if leaf.media_type in _SEALED:
        tray.note(problem("intake.mail.sealed", leaf.place))
    if leaf.media_type in _ELSEWHERE:
        tray.note(problem("intake.mail.content_elsewhere", leaf.place))
    tray.purse.pay_bytes(len(leaf.body), leaf.place)
    tray.take(Incoming(leaf.place, leaf.filename, leaf.body, leaf.media_type, leaf.depth, file.packed))


def _text_of(leaves: list[Leaf], tray: Tray) -> str:
    """The text of neighbouring bodies: all of them in a row, or the fullest version of an alternative."""
    plain = [leaf for leaf in leaves if leaf.media_type != "text/html"]
    if not leaves[0].alternative or len(plain) in (0, len(leaves)):
        if not plain:
            tray.note(problem("intake.mail.html_only", leaves[0].place))
        return "\n\n".join(_read(leaf, tray) for leaf in leaves)
    marked_up = [leaf for leaf in leaves if leaf.media_type == "text/html"]
    short = "\n\n".join(_read(leaf, tray) for leaf in plain)
    full = "\n\n".join(_read(leaf, tray) for leaf in marked_up)
    if len(full.split()) <= _MUCH_MORE * len(short.split()):
        return short
    tray.note(problem("intake.mail.versions_differ", leaves[0].place))
    return full


def _read(leaf: Leaf, tray: Tray) -> str:
    text, guessed = decode(leaf.body, leaf.charset)
    if guessed:
        tray.note(problem("intake.text.charset_guessed", leaf.place))
    return read_text(text, leaf.place, tray, html=leaf.media_type == "text/html")


def read_text(text: str, place: str, tray: Tray, *, html: bool) -> str:
    """Clean text of a body or a text file; what was taken out is noted."""
    if html:
        seen = visible_text(text)
        if seen.hidden:
            tray.note(problem("intake.text.hidden", place))
        if seen.broken:
            tray.note(problem("intake.text.broken_html", place))
        text = seen.text
    if misleads(text):
        tray.note(problem("intake.text.control_characters", place))
    return clean_text(text).strip()


def _note_repeats(headers: Headers, tray: Tray) -> None:
    for name in _ONCE:
        if len(headers.all(name)) > 1:
            tray.note(problem("intake.mail.repeated_header", f"{headers.place}/header {name}"))


def _sender(headers: Headers, tray: Tray) -> Sender:
    made = typed(headers, "from", tray)
    addresses = _addresses_of(made)
    if len(addresses) > 1:
        tray.note(problem("intake.mail.several_senders", headers.place))
    if addresses:
        return addresses[0]
    found = _ADDRESS.search(headers.first("from")[: limits.LIMIT_STRUCTURED_CHARS])
    if found is None:
        tray.note(problem("intake.mail.no_sender", headers.place))
        return Sender(free_text(headers, "from", tray))
    return Sender("", _address(found[0]))


def _addresses_of(made: Any) -> list[Sender]:  # noqa: ANN401 - the library's header classes are made at run time
    """Each mailbox of an address header whose address is one."""
    try:
        mailboxes = made.addresses if made is not None else ()
        pairs = [(str(a.display_name or ""), str(a.addr_spec)) for a in mailboxes]
    except Exception:  # noqa: BLE001 - `addr_spec` quotes odd local parts and may raise while it does
        return []
    return [
        Sender(one_line(name)[: limits.LIMIT_LINE_CHARS], _address(address))
        for name, address in pairs
        if "@" in address.strip("@")
    ]


def _address(text: str) -> str:
    return one_line(text).lower()[: limits.LIMIT_LINE_CHARS]


def _recipients(headers: Headers, tray: Tray) -> tuple[str, ...]:
    """Bare addresses, where it was delivered first.

    A hint for sorting, so names in quotes are skipped and the grammar is not followed further.
    """
    found: dict[str, None] = {}
    for name in _DELIVERED:
        for value in headers.all(name):
            found.update(dict.fromkeys(_address(a) for a in _ADDRESS.findall(_QUOTED.sub(" ", value))))
    if len(found) > limits.LIMIT_RECIPIENTS:
        tray.note(problem("intake.mail.many_recipients", headers.place, limit=limits.LIMIT_RECIPIENTS))
    return tuple(found)[: limits.LIMIT_RECIPIENTS]


def _sent_at(headers: Headers, received_at: datetime, tray: Tray) -> datetime | None:
    """The `Date` field as an instant in UTC, or None; one after receipt is kept and noted."""
    place = f"{headers.place}/header date"
    made = typed(headers, "date", tray)
    at = _in_utc(getattr(made, "datetime", None))
    if at is None:
        tray.note(problem("intake.mail.no_date", place))
    elif at > received_at + _AHEAD:
        tray.note(problem("intake.mail.date_ahead", place))
    return at


def _in_utc(at: object) -> datetime | None:
    """A date as the library gives it: without a zone where the sender wrote `-0000` (RFC 5322 § 3.3)."""
    if not isinstance(at, datetime):
        return None
    try:
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None
