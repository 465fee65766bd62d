"""Which table lies in which database.

Promises that a migration makes a table in its own database and nowhere else, and that an operation
without a model (`hints={"database": …}`) runs only where it is meant to. The table below is by name,
so that it also answers for models that older migrations know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from habeas.store.places import CASES, KEYS, LEDGER

if TYPE_CHECKING:
    from django.db.models import Model

_APART: Final = {"keyrow": KEYS, "logentry": LEDGER, "logtile": LEDGER, "logcheckpoint": LEDGER}


def database_of(model_name: str) -> str:
    """The alias of the database that a model's table lies in."""
    return _APART.get(model_name.lower(), CASES)


class Router:
    """Django's database router for the three databases."""

    def db_for_read(self, model: type[Model], **_: Any) -> str:  # noqa: ANN401 - Django's hints
        """Where rows are read."""
        return database_of(model.__name__)

    def db_for_write(self, model: type[Model], **_: Any) -> str:  # noqa: ANN401 - Django's hints
        """Where rows are written."""
        return database_of(model.__name__)

    def allow_relation(self, one: Model, other: Model, **_: Any) -> bool:  # noqa: ANN401 - Django's hints
        """Only rows of one database may point at each other."""
        return database_of(type(one).__name__) == database_of(type(other).__name__)

    def allow_migrate(
        self,
        db: str,
        app_label: str,  # noqa: ARG002 - Django calls it by this name
        model_name: str | None = None,
        **hints: Any,  # noqa: ANN401 - Django's hints
    ) -> bool:
        """Whether a migration's operation belongs into this database."""
        if model_name is None:
            return bool(hints.get("database", CASES) == db)
        return database_of(model_name) == db
