"""The few questions that every step of a case asks, as SQL: asking through models takes ten times as long.

Hides the cursor. Everything else is asked through the models. Statements are written for SQLite and
PostgreSQL alike, and tests compare their answers with those of the models.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.db import connections

from habeas.store.places import DATABASES

if TYPE_CHECKING:
    from typing import LiteralString

_UNHELD: Final = re.compile("[\0\ud800-\udfff]")
_TURNS: Final = 0x48616265  # "Habe": the first half of our locks' names on a server that others may share


def ask(database: str, statement: LiteralString, *values: str) -> list[tuple[Any, ...]]:
    """The rows of a statement whose `%s` stand for the values, as the driver gives them."""
    with connections[database].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def sought(text: str) -> str:
    """What a person typed or an address said, as a lookup may ask for it.

    What no row can hold (a NUL, half a character), a database refuses to be asked for: it is asked for
    nothing instead, which no key is.
    """
    return "" if _UNHELD.search(text) else text


def take_turn(database: str, *, beside_others: bool = False) -> None:
    """In a transaction: wait until no other one of this part is at work that must not be interleaved.

    On SQLite every transaction has taken the write lock when it begins. PostgreSQL lets transactions run side
    by side; those that first look and then write by what they saw wait here, for each other and for those
    that take their turn `beside_others` (which guard what they write by constraints). Held to the end of
    the transaction.
    """
    connection = connections[database]
    if connection.vendor != "postgresql":
        return
    lock = "pg_advisory_xact_lock_shared" if beside_others else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s, %s)", [_TURNS, list(DATABASES).index(database)])
