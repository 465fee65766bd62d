"""What a desk keeps beside the histories: who works on a case, who saw one, which views people saved.

None of it is folded from events and none of it changes a case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from habeas.store.asking import sought
from habeas.store.faults import told
from habeas.store.models import AssignmentRow, SavedView, ViewRow
from habeas.usecases.ports import View, Viewed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from habeas.kernel.canonical import Json


@attrs.frozen
class SqlAssignments:
    """`Assignments` in the case database."""

    def assign(self, case_id: str, person_id: str, *, by: str, at: datetime) -> None:
        """Hand a case to somebody; whoever had it has it no longer."""
        with told():
            AssignmentRow.objects.bulk_create(
                [AssignmentRow(case_id=case_id, person_id=person_id, by=by, at=at)],
                update_conflicts=True,
                unique_fields=["case_id"],
                update_fields=["person_id", "by", "at"],
            )

    def clear(self, case_id: str) -> None:
        """Let nobody have it."""
        with told():
            AssignmentRow.objects.filter(case_id=case_id).delete()

    def of(self, case_id: str) -> str:
        """The id of whoever has it, "" where nobody has."""
        with told():
            found = AssignmentRow.objects.filter(case_id=case_id).values_list("person_id", flat=True).first()
        return found or ""


@attrs.frozen
class SqlViews:
    """`Views` in the case database; its table refuses change."""

    def note(self, *, case_id: str, person: str, what: Viewed, at: datetime) -> None:
        """Write it down, durably, before anything is shown."""
        with told():
            ViewRow(case_id=case_id, person_id=person, what=str(what), at=at).save(force_insert=True)

    def of_case(self, case_id: str) -> Sequence[View]:
        """Who saw a case, in order."""
        with told():
            rows = list(ViewRow.objects.filter(case_id=case_id).order_by("id"))
        return [View(row.case_id, row.person_id, Viewed(row.what), row.at) for row in rows]


@attrs.frozen
class SqlSavedViews:
    """`SavedViews` in the case database."""

    def keep(self, person_id: str, name: str, query: Json) -> None:
        """Keep a view under a name; the same name again replaces it."""
        with told():
            SavedView.objects.bulk_create(
                [SavedView(person_id=person_id, name=name, query=query)],
                update_conflicts=True,
                unique_fields=["person_id", "name"],
                update_fields=["query"],
            )

    def remove(self, person_id: str, name: str) -> None:
        """Forget a view; nothing where there is none."""
        with told():
            SavedView.objects.filter(person_id=person_id, name=sought(name)).delete()

    def of(self, person_id: str) -> Sequence[tuple[str, Json]]:
        """(name, query) of a person's views, by name."""
        with told():
            rows = SavedView.objects.filter(person_id=person_id).values_list("name", "query")
            return sorted((name, query) for name, query in rows)
