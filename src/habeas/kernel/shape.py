"""Frozen values ↔ JSON: one strict converter for everything we write ourselves.

Untrusted documents are parsed at the door (pydantic, `intake`); this is for our own payloads, so a
mismatch is a broken invariant there and a `BadInput` where a file of ours comes back from outside.
Dates are written `YYYY-MM-DD`, instants RFC 3339, enums by value, tuples as lists; unknown keys are
refused.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

import cattrs
from cattrs.preconf.json import JsonConverter, make_converter

from habeas.kernel.canonical import normalize
from habeas.kernel.clock import read_date, read_instant, write_instant
from habeas.kernel.errors import BadInput, bad

if TYPE_CHECKING:
    from habeas.kernel.canonical import Json

T = TypeVar("T")

_MISMATCHES: Final = (BadInput, cattrs.BaseValidationError, cattrs.ForbiddenExtraKeysError)


def _converter(*, omit_if_default: bool) -> JsonConverter:
    made = make_converter(forbid_extra_keys=True, omit_if_default=omit_if_default, detailed_validation=False)
    made.register_unstructure_hook(datetime, write_instant)
    made.register_structure_hook(datetime, lambda text, _: read_instant(text, "instant"))
    made.register_unstructure_hook(date, date.isoformat)
    made.register_structure_hook(date, lambda text, _: read_date(text, "date"))
    return made


_CONVERTER: Final = _converter(omit_if_default=True)
_FULL: Final = _converter(omit_if_default=False)


def to_json(value: Any) -> Json:  # noqa: ANN401 - any attrs value
    """The JSON form of a frozen value, normalized; members at their default are left out."""
    return normalize(_CONVERTER.unstructure(value))


def to_full_json(value: Any) -> Json:  # noqa: ANN401 - any attrs value
    """As `to_json`, with every member written out."""
    return normalize(_FULL.unstructure(value))


def from_json(kind: type[T], data: Json, place: str) -> T:
    """The frozen value of `kind` that `data` is the JSON form of, or a `BadInput` naming `place`."""
    try:
        return _CONVERTER.structure(data, kind)
    except (*_MISMATCHES, KeyError, TypeError, ValueError, AttributeError):
        raise bad("json.shape.mismatch", place, kind=kind.__name__) from None
