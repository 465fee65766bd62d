"""Frozen values ↔ JSON: one strict converter for everything we write ourselves.

Untrusted documents are parsed at the door (pydantic, `intake`); this is for our own payloads, so a
mismatch is a broken invariant there and a `BadInput` where a file of ours comes back from outside.
Dates are written `YYYY-MM-DD`, instants RFC 3339, enums by value, tuples as lists; unknown keys are
refused.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args, get_origin

import cattrs
from cattrs.cols import homogenous_tuple_structure_factory
from cattrs.preconf.json import JsonConverter, make_converter

from habeas.kernel.canonical import normalize
from habeas.kernel.clock import read_date, read_instant, write_instant
from habeas.kernel.errors import BadInput, bad

if TYPE_CHECKING:
    from cattrs import BaseConverter
    from cattrs.dispatch import StructureHook

    from habeas.kernel.canonical import Json

T = TypeVar("T")

_MISMATCHES: Final = (BadInput, cattrs.BaseValidationError, cattrs.ForbiddenExtraKeysError)


def _just(value: Any, kind: type[Any]) -> Any:  # noqa: ANN401 - any JSON value
    """The value if it is of just this type (`"5"` is no number); a word if it is in its list."""
    if type(value) is kind:
        return value
    if issubclass(kind, Enum):
        return kind(value)
    raise TypeError(kind)


def _is_list(kind: Any) -> bool:  # noqa: ANN401 - any annotation
    return get_origin(kind) is tuple and get_args(kind)[1:] == (...,)


def _read_list(kind: Any, converter: BaseConverter) -> StructureHook:  # noqa: ANN401 - any annotation
    """Reads a JSON list, and nothing else that can be gone through: a text is no list of letters."""
    read = homogenous_tuple_structure_factory(kind, converter)

    def hook(value: Any, kind: Any) -> Any:  # noqa: ANN401 - cattrs' form
        if not isinstance(value, list | tuple):
            raise TypeError(kind)
        return read(value, kind)

    return hook


def _converter(*, omit_if_default: bool) -> JsonConverter:
    made = make_converter(forbid_extra_keys=True, omit_if_default=omit_if_default, detailed_validation=False)
    for plain in (str, int, bool):
        made.register_structure_hook(plain, _just)
    made.register_structure_hook_factory(_is_list, _read_list)
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
