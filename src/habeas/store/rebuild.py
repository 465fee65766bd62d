"""Making the projection again from the events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
from django.db import transaction

from habeas.domain.case import Case
from habeas.kernel.errors import BadInput
from habeas.store.cases import write_lines, write_tokens
from habeas.store.faults import told
from habeas.store.models import CaseRow, EventRow, SearchToken
from habeas.store.places import CASES
from habeas.store.projection import project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from habeas.store.cases import SqlCases


@attrs.frozen
class Rebuilt:
    """How many cases were folded again, and how many could not be: their key is destroyed."""

    cases: int
    shut: int


def case_ids() -> Iterator[str]:
    """The id of every case that has a history."""
    with told():
        yield from EventRow.objects.filter(seq=1).order_by("id").values_list("case_id", flat=True).iterator()


def rebuild_projection(cases: SqlCases) -> Rebuilt:
    """Fold every case again and write its line; expunged cases keep their line, and are found by no name."""
    done, shut = 0, 0
    for case_id in list(case_ids()):
        try:
            _rebuild(cases, case_id)
        except BadInput as error:
            if error.problems[0].code != "keys.case.missing":
                raise
            SearchToken.objects.filter(case_id=case_id).delete()
            shut += 1
        else:
            done += 1
    return Rebuilt(done, shut)


def _rebuild(cases: SqlCases, case_id: str) -> None:
    with told(), transaction.atomic(using=CASES):
        case = Case.of(cases.history(case_id))
        CaseRow.objects.filter(case_id=case_id).delete()  # its items and seal names go with it
        SearchToken.objects.filter(case_id=case_id).delete()
        write_lines(None, project(case))
        write_tokens(cases.keys, None, case)
