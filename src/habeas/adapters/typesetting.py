"""Typesetting: template and data → a PDF that is PDF/UA-1 and PDF/A-2a at once, the same for the same input.

Hides the engine (typst). Promises that data is only ever text (it travels as one JSON string, which a
template reads with `json`, so no mark-up in it can act), that no font, package or file outside the
installed package is read, and that a text no font can show is written out, never lost.
"""

from __future__ import annotations

import threading
import unicodedata
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from habeas.kernel.canonical import encode
from habeas.kernel.errors import bad, broken

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import typst

TEMPLATES: Final = frozenset({"letter/answer.typ", "report/report.typ"})
"""The templates there are, by room and file."""

STANDARDS: Final = ("ua-1", "a-2a")
"""Universal accessibility, and archiving with tags and fonts inside."""

_SHOWABLE: Final = frozenset((
    *map(chr, range(0x20, 0x7F)),
    *map(chr, range(0xA0, 0x250)),
    *map(chr, range(0x2010, 0x2028)),
    *"\n\t\u20ac\u2116\u2122\ufffd",
))  # fmt: skip
"""What the embedded fonts show for certain: Latin letters and common signs."""


_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of reading: with them a text can show other words than it holds."""


class TypstTypesetter:
    """The port `Typesetter`, by typst with its own embedded fonts."""

    def pdf(self, template: str, data: dict[str, object], at: datetime) -> bytes:
        """Typeset `data` by a template of `TEMPLATES`; `at` is the creation time written into the file.

        Equal arguments give equal bytes. Errors: `typesetting.template.unknown`; broken:
        `typesetting.document.failed`.
        """
        import typst  # noqa: PLC0415 - 80 MB that only typesetting needs

        if template not in TEMPLATES:
            raise bad("typesetting.template.unknown", "template", known=", ".join(sorted(TEMPLATES)))
        clean = visible(data)
        try:
            return _compile(template, clean, at)
        except typst.TypstError as error:
            if "could not be displayed" not in error.message and "codepoint" not in error.message:
                raise broken("typesetting.document.failed", template) from None
        try:
            return _compile(template, spelled(clean), at)
        except typst.TypstError:
            raise broken("typesetting.document.failed", template) from None


def _compile(template: str, data: Any, at: datetime) -> bytes:  # noqa: ANN401 - any JSON value
    made = _compiler(template).compile(
        format="pdf",
        sys_inputs={"data": encode(data).decode("utf-8")},
        pdf_standards=list(STANDARDS),
        timestamp=int(at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise broken("typesetting.document.failed", template)
    return made


_OF_THREAD: Final = threading.local()


def _compiler(template: str) -> typst.Compiler:
    """The compiler of a template, for the thread that asks: it has read fonts and template once."""
    import typst  # noqa: PLC0415 - as above

    kept: dict[str, typst.Compiler] = _OF_THREAD.__dict__.setdefault("compilers", {})
    if template not in kept:
        room, name = template.split("/")
        folder = Path(str(files(f"habeas.{room}")))
        kept[template] = typst.Compiler(folder / name, root=folder, ignore_system_fonts=True)
    return kept[template]


def visible(data: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The data with every character that cannot stand in a text shown as U+FFFD: control characters,
    halves of surrogate pairs, the private area, and marks that turn the direction of reading.
    """
    return _changed(data, lambda char: "\ufffd" if _hidden(char) else char)


def spelled(data: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The data with every character beyond Latin written out, `[U+4E2D]`: for texts no font here shows."""
    return _changed(data, lambda char: char if char in _SHOWABLE else f"[U+{ord(char):04X}]")


def _hidden(char: str) -> bool:
    return (unicodedata.category(char) in ("Cc", "Cs", "Co") and char not in "\n\t") or char in _TURNING


def _changed(data: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON value
    """The data with every text changed character by character; keys are ours and stay.

    No change concerns printable ASCII, so a text of nothing else is given back as it is.
    """
    if isinstance(data, str):
        return data if data.isascii() and data.isprintable() else "".join(map(change, data))
    if isinstance(data, dict):
        return {key: _changed(value, change) for key, value in data.items()}
    return [_changed(value, change) for value in data] if isinstance(data, list | tuple) else data
