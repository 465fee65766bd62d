"""Draws a paper: `paper(kind, details)` gives the bytes of a PDF with a real text layer.

Hides typst and the templates (`*.typ` beside this file). Promises the same bytes for equal input (the
creation date is the date of issue), only the fonts that typst carries, no network and no system
fonts, and on every page the grey line that says it is an invented paper of a demonstration.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, cast

import attrs
import typst

from habeas.demo.papers.details import BOXES, USUAL, VARIANTS, WRITTEN, PaperKind
from habeas.demo.papers.ink import signature
from habeas.kernel import canonical
from habeas.kernel.errors import bad

if TYPE_CHECKING:
    from habeas.demo.papers.details import PaperDetails

_HERE: Final = Path(__file__).parent
_ONE_AT_A_TIME: Final = Lock()
"""A compiler refuses a second thread; meanwhile other threads run."""

_UNDATED: Final = date(2020, 1, 2)
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def paper(kind: str, details: PaperDetails) -> bytes:
    """The PDF of one paper. `kind` is a `PaperKind` value.

    Another kind, a box or layout that the kind does not have, or the blank of a paper that is never a
    form, is a `BadInput`.
    """
    drawn = _known(kind, details)
    data = canonical.encode(_data(drawn, details)).decode()
    issued = details.issued_on or _UNDATED
    with _ONE_AT_A_TIME:
        made = _compiler().compile(
            format="pdf",
            sys_inputs={"data": data},
            timestamp=datetime(issued.year, issued.month, issued.day, 12, tzinfo=UTC),
            pdf_tags=False,
        )
    return cast("bytes", made)


@cache
def _compiler() -> typst.Compiler:
    """One compiler for the process: fonts and templates are read once."""
    return typst.Compiler(_HERE / "paper.typ", root=_HERE, ignore_system_fonts=True)


def _known(kind: str, details: PaperDetails) -> PaperKind:
    if kind not in set(PaperKind):
        raise bad("demo.paper.kind_unknown", "kind", kinds=", ".join(PaperKind))
    drawn = PaperKind(kind)
    if details.variant not in range(VARIANTS):
        raise bad("demo.paper.variant_unknown", "variant", last=VARIANTS - 1)
    if drawn in WRITTEN and not details.filled:
        raise bad("demo.paper.no_blank", "filled", kind=drawn)
    if set(details.checked or ()) - set(BOXES.get(drawn, ())):
        raise bad("demo.paper.box_unknown", "checked", kind=drawn, boxes=", ".join(BOXES.get(drawn, ())))
    return drawn


def _data(kind: PaperKind, details: PaperDetails) -> dict[str, Any]:
    """The details as the templates read them: texts, lists of texts, dates in three spellings."""
    told = attrs.asdict(details, value_serializer=_told)
    told["kind"] = kind
    told["checked"] = list(details.checked if details.checked is not None else USUAL.get(kind, ()))
    if not details.filled:
        told["checked"] = []
    signs = details.signature == "ink" and details.filled
    told["ink"] = [stroke.as_json() for stroke in signature(details.signer.name)] if signs else []
    return told


def _told(_: object, field: attrs.Attribute[Any] | None, value: object) -> object:
    if field is not None and field.name.endswith(("_on", "_by")):
        return _spelled(value if isinstance(value, date) else None)
    return list(value) if isinstance(value, tuple) else value


def _spelled(day: date | None) -> dict[str, str]:
    """A date as forms (10/14/2020), letters (October 14, 2020) and writs (14th day of …) have it."""
    if day is None:
        return {"short": "", "long": "", "writ": ""}
    month = _MONTHS[day.month - 1]
    ending = "th" if 10 < day.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")  # noqa: PLR2004 - 11th, 12th, 13th
    return {
        "short": f"{day.month:02}/{day.day:02}/{day.year}",
        "long": f"{month} {day.day}, {day.year}",
        "writ": f"{day.day}{ending} day of {month}, {day.year}",
    }
