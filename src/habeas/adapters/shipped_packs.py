"""The rule packs that ship with Habeas, as the port asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from habeas.policy.catalogue import resolve_version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from habeas.domain.request import Custodian
    from habeas.policy.pack import PolicyVersion


@attrs.frozen
class ShippedPacks:
    """`Packs` over `rulepacks/`."""

    def resolve(self, custodian: Custodian, categories: Sequence[str], on: date) -> PolicyVersion:
        """The law of the day for a custodian and the data asked for."""
        return resolve_version(custodian.kind, custodian.jurisdiction, categories, on)
