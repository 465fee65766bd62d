"""Case keys, wrapped under the master key, in a database of their own.

Promises that a key is durable when `create` returns, that `create` never replaces one, and that after
`destroy` the row is gone from the file and its write-ahead log (`secure_delete`, then truncation). A
backup of the keys made earlier still holds it: expunging includes those (docs/design/ledger.md, 7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import attrs
from django.db import connections

from habeas.kernel.errors import bad
from habeas.store.asking import ask
from habeas.store.faults import told
from habeas.store.models import KeyRow
from habeas.store.places import KEYS
from habeas.store.sealing import bound_key
from habeas.usecases.ports import CaseKey

if TYPE_CHECKING:
    from habeas.store.sealing import Cipher

_SIZE: Final = 32
_WRAPPED: Final = "SELECT wrapped FROM case_key WHERE case_id = %s"


class Tokens(Protocol):
    """Makes keyed digests (`adapters.key_files.InstanceKey`)."""

    def token(self, purpose: str, data: bytes) -> str:
        """HMAC-SHA256 under a key for the purpose, hexadecimal."""
        ...


@attrs.frozen
class SqlKeys:
    """`Keys` in the key database."""

    master: bytes = attrs.field(repr=False)
    tokens: Tokens
    cipher: Cipher

    def create(self, case_id: str) -> None:
        """Make and keep a new case key; a second call for the same case changes nothing."""
        plain = self.cipher.new_key() + self.cipher.new_key()
        wrapped = self.cipher.seal(self.master, plain, bound_key(case_id))
        with told():
            KeyRow.objects.bulk_create([KeyRow(case_id=case_id, wrapped=wrapped)], ignore_conflicts=True)

    def get(self, case_id: str) -> CaseKey:
        """The case's key, or `BadInput` `keys.case.missing`."""
        with told():
            found = ask(KEYS, _WRAPPED, case_id)
        if not found:
            raise bad("keys.case.missing", "case")
        plain = self.cipher.open(self.master, bytes(found[0][0]), bound_key(case_id))
        return CaseKey(data=plain[:_SIZE], salt=plain[_SIZE:])

    def destroy(self, case_id: str) -> None:
        """Destroy a case's key, for ever; nothing where there is none."""
        with told():
            KeyRow.objects.filter(case_id=case_id).delete()
            connection = connections[KEYS]
            if connection.vendor == "sqlite":
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def token(self, purpose: str, data: bytes) -> str:
        """HMAC-SHA256 under the instance key and a purpose label, hexadecimal."""
        return self.tokens.token(purpose, data)
