"""A message or a paper's text → sentences, and who says them now and who said them before.

In a chain of messages only the newest speaks, with what it passes on; what it answers is somebody else's,
often our own question. `>` lines and what stands under `Original Message` are earlier, unless the message
says that it forwards them. The lines of a signature block are no sentences: they name offices.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@attrs.frozen
class Said:
    """The sentences of a text: `now` by its writer, `before` in the messages it answers."""

    now: tuple[str, ...]
    before: tuple[str, ...] = ()


_FORWARD: Final = re.compile(
    r"^(FWD?|RV|TR|WG|I): ?|forwarded message|begin forwarded|mensaje reenviado", re.IGNORECASE | re.MULTILINE
)
_EARLIER: Final = re.compile(
    r"^-{2,} ?(original message|mensaje original) ?-{2,}|^on .{6,120} wrote:$|"
    r"^el .{6,120} escribi[oó]:$|^_{10,}$",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"^\s*(>|\|)")
_WRAPPED: Final = re.compile(r"\n(?=[a-z(])")
_SENTENCE_END: Final = re.compile(r"(?<=[\w)\]%][.!?]) +(?=[A-ZÁÉÍÓÚÑ¿¡])")
_ABBREVIATED: Final = re.compile(
    r"\b(no|nos|n[uú]m|mr|mrs|ms|dr|hon|jr|sr|st|sec|secs|art|vs?|u\.s|u\.s\.c|c\.f\.r|c\.r\.s|[a-z])\.$|"
    r"^\(?\d{1,3}\.$",
    re.IGNORECASE,
)
"""A full stop that ends no sentence."""
_HEADER: Final = re.compile(r"^(to|from|cc|sent|date|para|de|enviado|fecha|cc): ?\S", re.IGNORECASE)


def said(text: str) -> Said:
    """Split a text (its first line is the subject, where it is a message)."""
    now: list[str] = []
    before: list[str] = []
    forwards = _FORWARD.search(text) is not None
    where = now
    for line in text.split("\n"):
        if _EARLIER.search(line.strip()) and not forwards:
            where = before
        quoted = _QUOTED.match(line) is not None and not forwards
        (before if quoted else where).append(_QUOTED.sub("", line) if _QUOTED.match(line) else line)
    return Said(tuple(sentences(_without_signatures(now))), tuple(sentences(_without_signatures(before))))


_CLOSING: Final = re.compile(
    r"^(respectfully|sincerely|regards|best|best regards|kind regards|thanks|thx|"
    r"thank you( for your assistance)?|atentamente|gracias( por su atenci[oó]n)?|"
    r"saludos|cordialmente)[,.! ]*$",
    re.IGNORECASE,
)
_SIGNATURE_LINES: Final = 8
_SIGNATURE_WIDTH: Final = 70


def _without_signatures(lines: Iterable[str]) -> Iterator[str]:
    """The lines but for those under a closing that are short and end no sentence, and mail headers."""
    left = 0
    for line in lines:
        plain = line.strip()
        if _CLOSING.match(plain):
            left = _SIGNATURE_LINES
            continue
        if left and (not plain or (len(plain) <= _SIGNATURE_WIDTH and not plain.endswith((".", "?", "!")))):
            left -= bool(plain)
            continue
        left = 0
        if not _HEADER.match(plain):
            yield line


def sentences(lines: Iterable[str]) -> Iterator[str]:
    """Sentences of running text; a line of a list or form is one of its own."""
    joined = _WRAPPED.sub(" ", "\n".join(lines))
    for line in joined.split("\n"):
        pending = ""
        for piece in _SENTENCE_END.split(line):
            pending = f"{pending} {piece}".strip()
            if not _ABBREVIATED.search(pending):
                yield pending
                pending = ""
        if pending:
            yield pending
