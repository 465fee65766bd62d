"""What people write in the e-mail itself: `text(ask)`, `html(ask)`, `subject(ask)`.

Hides how a body is put together. Promises the same text for equal input. A body is only text: what it
claims, whom it names and what it wants must be read out of it, and it may say nothing at all.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from html import escape
from typing import Final

import attrs

from habeas.demo.papers.details import Contact, Person
from habeas.demo.papers.phrases import SPEECH, Claim, claim_sentence
from habeas.domain.vocabulary import Language


class Style(StrEnum):
    """How a person writes."""

    TERSE = "terse"
    FORMAL = "formal"
    RAMBLING = "rambling"
    FORWARDED = "forwarded"


@attrs.frozen
class Ask:
    """What one e-mail asks, in the writer's words.

    `claims` in the order in which they are said; none leaves the purpose unsaid. `items` are phrases
    such as `phrases.wanted` gives; none leaves it to the enclosure. `turn` picks among wordings.
    """

    sender: Contact
    recipient: str = ""
    claims: tuple[Claim, ...] = ()
    items: tuple[str, ...] = ()
    persons: tuple[Person, ...] = ()
    style: Style = Style.FORMAL
    language: Language = Language.EN
    turn: int = 0
    offense: str = ""
    statute: str = ""
    case_number: str = ""
    born_on: date | None = None
    program: str = ""
    """A program and its citation: `the wage match under 42 U.S.C. 1320b-7`."""
    client: str = ""
    due_on: date | None = None
    enclosed: str = ""
    """What the writer calls the paper attached: `an administrative subpoena (Form I-138)`."""
    forwarded_from: Contact = attrs.field(factory=Contact)
    """Who wrote the first message of a forwarded chain."""
    forwarded_on: date | None = None


@attrs.frozen
class _Block:
    """A paragraph, a numbered list, or quoted lines (a signature, the head of a forwarded mail)."""

    kind: str
    lines: tuple[str, ...]


def _para(*sentences: str) -> _Block:
    return _Block("para", (" ".join(s for s in sentences if s),))


_OPEN: Final = '<html><head><meta charset="utf-8"></head><body style="font-family: Calibri, sans-serif">'
_MONTHS: Final = {
    Language.EN: "January February March April May June July August September October November December",
    Language.ES: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}


def text(ask: Ask) -> str:
    """The plain-text body: paragraphs set apart by an empty line, unwrapped, as phones send them."""
    return "\n\n".join(_plain(block) for block in _blocks(ask)) + "\n"


def html(ask: Ask) -> str:
    """The same body as a small HTML page, as office mail programs write it."""
    inner = "\n".join(_marked(block) for block in _blocks(ask))
    return f"{_OPEN}\n{inner}\n</body></html>\n"


def subject(ask: Ask) -> str:
    """The subject line that goes with a body."""
    name = ask.persons[0].name if len(ask.persons) == 1 else ""
    number = ask.case_number
    match ask.style:
        case Style.TERSE:
            return " ".join(part for part in ("Records", name or number) if part)
        case Style.RAMBLING:
            return "Quick question" if ask.language is Language.EN else "Una consulta"
        case Style.FORWARDED:
            return f"FW: Request for records {number}".rstrip()
        case Style.FORMAL:
            words = "Request for records" if ask.language is Language.EN else "Solicitud de registros"
            return " - ".join(part for part in (words, number, name) if part)


def _plain(block: _Block) -> str:
    match block.kind:
        case "list":
            return "\n".join(f"{place}. {item}" for place, item in enumerate(block.lines, 1))
        case _:
            return "\n".join(block.lines)


def _marked(block: _Block) -> str:
    lines = [escape(line, quote=False) for line in block.lines]
    match block.kind:
        case "list":
            return "<ol>" + "".join(f"<li>{line}</li>" for line in lines) + "</ol>"
        case "lines":
            return "<p>" + "<br>\n".join(lines) + "</p>"
        case _:
            return f"<p>{lines[0]}</p>"


def _blocks(ask: Ask) -> list[_Block]:
    match ask.style:
        case Style.TERSE:
            return _terse(ask)
        case Style.FORMAL:
            return _formal(ask)
        case Style.RAMBLING:
            return _rambling(ask)
        case Style.FORWARDED:
            return _forwarded(ask)


def _say(ask: Ask, part: str, **slots: str) -> str:
    wordings = SPEECH[ask.language][part]
    return wordings[ask.turn % len(wordings)].format(**slots)


def _claims(ask: Ask) -> str:
    """The sentences that say what it is for."""
    spanish = ask.language is Language.ES
    named = f"{ask.offense} ({ask.statute})" if ask.offense and ask.statute else ask.offense or ask.statute
    slots = {
        "case": f" ({'caso núm.' if spanish else 'case no.'} {ask.case_number})" if ask.case_number else "",
        "offense": f" {'por' if spanish else 'into'} {named}" if named else "",
        "born": _day(ask.born_on, ask.language),
        "program": ask.program,
        "client": ask.client,
    }
    said = (claim_sentence(claim, ask.language, ask.turn).format(**slots) for claim in ask.claims)
    return " ".join(said)


def _day(day: date | None, language: Language) -> str:
    if day is None:
        return ""
    month = _MONTHS[language].split()[day.month - 1]
    return (
        f"{day.day} de {month} de {day.year}" if language is Language.ES else f"{month} {day.day}, {day.year}"
    )


def _persons(ask: Ask, short: str = "DOB") -> str:
    """The persons as a writer strings them together."""
    words = "nacimiento" if ask.language is Language.ES else short
    return "; ".join(
        f"{p.name} ({words} {p.born_on.month:02}/{p.born_on.day:02}/{p.born_on.year})"
        if p.born_on
        else p.name
        for p in ask.persons
    )


def _signature(contact: Contact) -> _Block:
    badge = f"Badge {contact.badge}" if contact.badge else ""
    lines = (
        contact.name,
        contact.title,
        badge,
        contact.agency,
        contact.address,
        contact.phone,
        contact.email,
    )
    return _Block("lines", tuple(line for line in lines if line))


def _formal(ask: Ask) -> list[_Block]:
    blocks = [_para(_say(ask, "greeting", recipient=ask.recipient or "Custodian of Records"))]
    if ask.items:
        blocks += [_para(_say(ask, "opening")), _Block("list", tuple(_sentence(item) for item in ask.items))]
    if ask.persons:
        blocks.append(_para(_say(ask, "persons", persons=_persons(ask))))
    if ask.claims:
        blocks.append(_para(_claims(ask)))
    if not (ask.items or ask.claims):
        blocks.append(_para(_say(ask, "nothing")))
    blocks += _tail(ask)
    return [*blocks, _para(_say(ask, "closing")), _signature(ask.sender)]


def _tail(ask: Ask) -> list[_Block]:
    """What is enclosed and by when."""
    enclosed = _say(ask, "enclosed", enclosed=ask.enclosed) if ask.enclosed else ""
    due = _say(ask, "due", due=_day(ask.due_on, ask.language)) if ask.due_on else ""
    return [_para(enclosed, due)] if enclosed or due else []


def _sentence(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:] + ("" if phrase.endswith((".", ";")) else ".")


def _terse(ask: Ask) -> list[_Block]:
    spanish = ask.language is Language.ES
    need = ("Solicito " if spanish else "Need ") + " / ".join(ask.items) if ask.items else ""
    whom = (" de " if spanish else " on ") + _persons(ask) if ask.persons else ""
    what = f"{need}{whom}." if need else f"{_persons(ask)}." if ask.persons else ""
    first = _para(what, _claims(ask)) if what or ask.claims else _para(_say(ask, "nothing"))
    short = attrs.evolve(ask.sender, address="", email="", badge="")
    return [first, *_tail(ask), _Block("lines", ("Gracias" if spanish else "Thx",)), _signature(short)]


def _rambling(ask: Ask) -> list[_Block]:
    spanish = ask.language is Language.ES
    joined = (" y " if spanish else " and ").join(filter(None, (", ".join(ask.items[:-1]), *ask.items[-1:])))
    wish = ("Lo que necesito es " if spanish else "What I am after is ") + joined if joined else ""
    whom = (" de " if spanish else " for ") + _persons(ask, "born") if ask.persons else ""
    asked = f"{wish}{whom}." if wish else f"{_persons(ask, 'born')}." if ask.persons else ""
    blocks = [_para("Hola:" if spanish else "Hi there,"), _para(_say(ask, "chat"))]
    if asked or ask.claims:
        blocks.append(_para(asked, _claims(ask)))
    return [
        *blocks,
        *_tail(ask),
        _para(_say(ask, "chat_end")),
        _para(_say(ask, "closing")),
        _signature(ask.sender),
    ]


def _forwarded(ask: Ask) -> list[_Block]:
    """A short note above the mail that is passed on."""
    spanish = ask.language is Language.ES
    writer = ask.forwarded_from if ask.forwarded_from.name else ask.sender
    labels = ("De", "Enviado", "Para", "Asunto") if spanish else ("From", "Sent", "To", "Subject")
    told = f"{writer.name} <{writer.email}>" if writer.email else writer.name
    about = "Solicitud de registros" if spanish else "Request for records"
    values = (told, _day(ask.forwarded_on, ask.language), ask.sender.name, about)
    head = tuple(f"{label}: {value}" for label, value in zip(labels, values, strict=True) if value)
    inner = attrs.evolve(ask, style=Style.FORMAL, sender=writer, recipient=ask.recipient or "all")
    banner = "-----Mensaje original-----" if spanish else "-----Original Message-----"
    return [
        _para(_say(ask, "fyi")),
        _signature(attrs.evolve(ask.sender, address="")),
        _Block("lines", (banner, *head)),
        *_blocks(inner),
    ]
