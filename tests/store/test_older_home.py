"""A home with older tables: after the upgrade its cases are listed, dated, found, guarded like new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest

from habeas.config.postgres import DatabaseRole
from habeas.config.start import start
from habeas.domain.vocabulary import EventKind as E
from habeas.kernel.shape import to_json
from habeas.usecases.sight import EVERYTHING
from tests.core.domain.test_due import papers
from tests.store.histories import REFUSED, event
from tests.store.installation import environment, open_home

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = "0002_insert_only"


def go_back(home: Path) -> None:
    """The tables as the version before left them."""
    start(environment(home), DatabaseRole.OWNER)
    from django.core.management import call_command

    from habeas.store.places import DATABASES

    for alias in DATABASES:
        call_command("migrate", "store", BEFORE, database=alias, verbosity=0, interactive=False)


def test_an_upgraded_home_lists_dates_and_finds_its_cases(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = open_home(home)
    from habeas.domain.instrument import FieldName
    from habeas.store import read
    from habeas.store.models import EventRow, SearchToken

    for ref in ("0000000001", "0000000002"):
        case_id = made.ids.new_id()
        made.store.keys.create(case_id)
        dated = papers({FieldName.RETURN_ON: "2020-10-01"})
        reading = attrs.evolve(dated, row=event(E.INSTRUMENT_READ, ref).row)
        for version, one in enumerate((event(REFUSED[0], ref), reading)):
            made.store.cases.append(case_id, version, [one])
    before = read.cases(EVERYTHING)
    tokens = set(SearchToken.objects.values_list("token", "case_id", "custodian"))
    assert all(line.due_on for line in before)
    go_back(home)
    monkeypatch.setenv("HABEAS_HOME", str(home))
    from habeas.wiring import upgrade_home

    assert upgrade_home() == {"migrations": ["0003_desk"]}
    assert read.cases(EVERYTHING) == before
    assert set(SearchToken.objects.values_list("token", "case_id", "custodian")) == tokens
    assert tokens
    assert upgrade_home() == {"migrations": []}
    with pytest.raises(Exception, match=r"event: rows are never changed|permission denied"):
        EventRow.objects.filter(seq=1).update(kind="instrument.read")
    sealing = attrs.evolve(
        event(E.CASE_SEALED, "0000000001"),
        private=to_json({"person": "k.roe", "names": ["k.roe"], "reason": "x"}),
    )
    made.store.cases.append(made.store.cases.by_ref("0000000001"), 2, [sealing])
    assert read.case_of(EVERYTHING, "0000000001").sealed
