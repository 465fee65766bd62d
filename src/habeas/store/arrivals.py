"""The register of everything that came in, and the fingerprints that recognise a repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
from django.db import IntegrityError, transaction

from habeas.kernel.errors import BadInput, bad, broken
from habeas.store.asking import sought
from habeas.store.faults import told
from habeas.store.models import ArrivalRow, FingerprintRow
from habeas.store.places import CASES
from habeas.store.sealing import bound_filename
from habeas.usecases.ports import Arrival, ArrivalState, Hints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from habeas.store.sealing import Cipher
    from habeas.usecases.ports import Keys


@attrs.frozen
class SqlArrivals:
    """`Arrivals` in the case database; a file's name is sealed under its case's key."""

    keys: Keys
    cipher: Cipher

    def log(self, arrival: Arrival) -> None:
        """Write a new arrival."""
        key = self.keys.get(arrival.case_id).data
        bound = bound_filename(arrival.arrival_id, arrival.case_id)
        row = ArrivalRow(
            arrival_id=arrival.arrival_id,
            case_id=arrival.case_id,
            blob=arrival.blob,
            filename=self.cipher.seal(key, arrival.filename.encode(), bound),
            received_at=arrival.received_at,
            custodian=arrival.hints.custodian,
            unit=arrival.hints.unit,
            channel=arrival.hints.channel,
            state=str(arrival.state),
            problem=arrival.problem,
            linked_to=arrival.linked_to,
        )
        with told():
            try:
                with transaction.atomic(using=CASES):
                    row.save(force_insert=True)
            except IntegrityError:
                raise broken("intake.arrival.twice", "arrival") from None

    def settle(self, arrival_id: str, state: ArrivalState, *, problem: str = "", linked_to: str = "") -> None:
        """Say what became of it."""
        with told():
            changed = ArrivalRow.objects.filter(arrival_id=sought(arrival_id)).update(
                state=str(state), problem=problem, linked_to=linked_to
            )
        if not changed:
            raise bad("intake.arrival.unknown", "arrival")

    def get(self, arrival_id: str) -> Arrival:
        """One arrival, or `BadInput` `intake.arrival.unknown`."""
        with told():
            row = ArrivalRow.objects.filter(arrival_id=sought(arrival_id)).first()
        if row is None:
            raise bad("intake.arrival.unknown", "arrival")
        return self._arrival(row)

    def in_state(self, state: ArrivalState) -> Sequence[Arrival]:
        """All arrivals in a state, oldest first."""
        with told():
            rows = list(ArrivalRow.objects.filter(state=str(state)).order_by("received_at", "id"))
        return [self._arrival(row) for row in rows]

    def case_of_fingerprint(self, fingerprint: str) -> str | None:
        """The case that a message of this fingerprint opened, or None."""
        with told():
            found = FingerprintRow.objects.filter(fingerprint=fingerprint)
            return found.values_list("case_id", flat=True).first()

    def keep_fingerprint(self, fingerprint: str, case_id: str) -> None:
        """Remember a fingerprint; the first case keeps it."""
        row = FingerprintRow(fingerprint=fingerprint, case_id=case_id)
        with told():
            FingerprintRow.objects.bulk_create([row], ignore_conflicts=True)

    def _arrival(self, row: ArrivalRow) -> Arrival:
        return Arrival(
            arrival_id=row.arrival_id,
            case_id=row.case_id,
            blob=row.blob,
            filename=self._filename(row),
            received_at=row.received_at,
            hints=Hints(row.custodian, row.unit, row.channel),
            state=ArrivalState(row.state),
            problem=row.problem,
            linked_to=row.linked_to,
        )

    def _filename(self, row: ArrivalRow) -> str:
        """The name it came under; "" once the case's key is destroyed."""
        try:
            key = self.keys.get(row.case_id).data
        except BadInput as error:
            if error.problems[0].code != "keys.case.missing":
                raise
            return ""
        bound = bound_filename(row.arrival_id, row.case_id)
        return self.cipher.open(key, bytes(row.filename), bound).decode()
