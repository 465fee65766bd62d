"""The machine's clock: the only place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs


@attrs.frozen
class SystemClock:
    """`Clock` of this machine."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)
