"""What makes two arrivals the same request: the bytes a fingerprint is computed over.

Hides the normalisation. Promises that a message sent again (another Message-ID, date, route, `Re:` or
`Fwd:`, folding of lines, order of attachments) gives the same material, and that no other difference in
sender, subject, words or papers does. The material is personal data: only a keyed token of it is kept.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from habeas.kernel.canonical import encode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from habeas.intake.parsed import Paper, Sender

_MAIL: Final = b"mail\0"
"""Keeps a text file apart that happens to hold another message's material (texts have no NUL)."""

_REPLY: Final = re.compile(r"(?:re|fwd?|rv|reenv) ?(?:\[\d{1,3}\])? ?: ?", re.IGNORECASE)
"""Reply and forward marks in English and Spanish mail programs."""


def of_message(sender: Sender, subject_line: str, message: str, papers: Sequence[Paper]) -> bytes:
    """Material of a message: sender's address, bare subject, words, SHA-256 of each paper."""
    return _MAIL + encode(
        {
            "from": sender.address,
            "papers": sorted(hashlib.sha256(paper.data).hexdigest() for paper in papers),
            "subject": bare_subject(subject_line),
            "words": " ".join(message.split()),
        }
    )


def bare_subject(subject_line: str) -> str:
    """A subject without any `Re:`, `Fwd:` in front and with single spaces."""
    bare = " ".join(subject_line.split())
    while mark := _REPLY.match(bare):
        bare = bare[mark.end() :]
    return bare
