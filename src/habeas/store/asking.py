"""The few questions that every step of a case asks, as SQL: asking through models takes ten times as long.

Hides the cursor. Everything else is asked through the models. Statements are written for SQLite and
PostgreSQL alike, and tests compare their answers with those of the models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connections

if TYPE_CHECKING:
    from typing import LiteralString


def ask(database: str, statement: LiteralString, *values: str) -> list[tuple[Any, ...]]:
    """The rows of a statement whose `%s` stand for the values, as the driver gives them."""
    with connections[database].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
