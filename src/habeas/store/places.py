"""Names of the store's three parts, as Django knows them, as files in the home, and as schemas."""

from __future__ import annotations

from typing import Final

CASES: Final = "default"
"""Cases, vault, arrivals, outbox."""

LEDGER: Final = "ledger"
"""The log, written only by the sequencer."""

KEYS: Final = "keys"
"""Wrapped case keys."""

DATABASES: Final = {CASES: "habeas.sqlite3", LEDGER: "ledger.sqlite3", KEYS: "keys.sqlite3"}
"""Alias → file in the home (`config.databases` has the same; a test compares them)."""

SCHEMAS: Final = {CASES: "habeas", LEDGER: "habeas_ledger", KEYS: "habeas_keys"}
"""Alias → schema on PostgreSQL (likewise)."""
