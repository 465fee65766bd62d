"""What every stored field holds: its category of personal data, why it is kept, and for how long.

`kept(field, category, purpose, retention)` writes it on the field itself; `inventory` reads all of it
back. A test refuses a model with a field that says nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs
from django.apps import apps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Field

    AnyField = TypeVar("AnyField", bound=Field[Any, Any])

_MARK: Final = "habeas_holding"


class Category(StrEnum):
    """What a field says about a person."""

    NONE = "none"
    """Nothing: words of closed lists, counts, the machinery's own numbers."""

    LINK = "link"
    """An opaque identifier that leads to a case."""

    STAFF = "staff"
    """The id of a member of staff, from the directory; not somebody whose data is asked for."""

    TOKEN = "token"  # noqa: S105 - a word of this list, not a password
    """A keyed digest of something personal; says nothing without the instance key."""

    SEALED = "sealed"
    """Ciphertext of personal data under a case's key."""

    SECRET = "secret"  # noqa: S105 - a word of this list, not a password
    """Key material."""


class Retention(StrEnum):
    """For how long a field is kept."""

    ALWAYS = "always"
    """For ever: what published figures and proofs rest on. Never personal data."""

    CASE = "case"
    """As long as the case's rows are kept under the agency's schedule."""

    UNTIL_EXPUNGED = "until_expunged"
    """Until the case is expunged; afterwards nobody can read it."""


@attrs.frozen
class Holding:
    """The three answers about one field."""

    category: Category
    purpose: str
    retention: Retention


def kept(field: AnyField, category: Category, purpose: str, retention: Retention) -> AnyField:
    """The field, with what it holds written on it."""
    setattr(field, _MARK, Holding(category, purpose, retention))
    return field


def inventory() -> Iterator[tuple[str, str, Holding | None]]:
    """(model, field, holding) of every stored field; the holding is None where nobody wrote it down."""
    for model in apps.get_app_config("store").get_models():
        for field in model._meta.get_fields():  # noqa: SLF001 - Django's documented Meta API
            if field.concrete:
                yield model.__name__, field.name, getattr(field, _MARK, None)
