"""Whether the three databases can be asked, and hold the tables of this code: cheap enough to ask often."""

from __future__ import annotations

from habeas.kernel.errors import BadInput
from habeas.store.faults import told
from habeas.store.models import OutboxRow
from habeas.store.upgrade import require_current


def trouble() -> str:
    """The code of what is wrong with the databases (`store.…`); "" where nothing is."""
    try:
        require_current()
    except BadInput as error:
        return error.problems[0].code
    return ""


def waiting_entries(most: int) -> int:
    """How many entries wait for their index, counted up to `most`."""
    with told():
        return OutboxRow.objects.filter(idx__isnull=True)[:most].count()
