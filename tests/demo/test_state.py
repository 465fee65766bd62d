"""The demonstration's totals come out of the machinery: they move when a paper, a rule or the law moves."""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest

from habeas.adapters.directory_toml import read_directory
from habeas.demo import personas, senders, stage, state
from habeas.domain.determination import departure
from habeas.domain.vocabulary import (
    Authority,
    Component,
    Effect,
    EventKind,
    Organisation,
    Outcome,
    PurposeClass,
)
from habeas.kernel.clock import SetClock
from habeas.policy.admit import admit
from habeas.policy.catalogue import find, load, with_required
from habeas.policy.pack import freeze
from habeas.usecases.fakes import memory_ports
from habeas.usecases.ports import ArrivalState

if TYPE_CHECKING:
    from habeas.domain.reporting_row import ReportingRow
    from habeas.policy.pack import Pack, PolicyVersion

GUIDANCE, BILL = "us-co/2020-guidance", "us-co/judge-signed-bill"
FLOOR, PROCESS = "us/20-cfr-603", "us/court-process"
DECISIONS = (EventKind.DETERMINATION_MADE, EventKind.ITEM_OVERRIDDEN)


def law(*packs: str | Pack) -> PolicyVersion:
    return freeze(with_required(load(p) if isinstance(p, str) else p for p in packs))


def without_rule(pack: str, rule: str) -> Pack:
    """A pack as it would be without one of its rules (and that rule's texts)."""
    files = {name: data.decode() for name, data in find(pack).items()}
    for name, text in files.items():
        if name.endswith(".cedar"):
            chunks = text.split("@id(")
            kept = [c for c in chunks if not c.startswith(f'"{rule}")')]
            files[name] = "@id(".join(kept)
        elif name.startswith("text."):
            sections = text.split("\n## ")
            files[name] = "\n## ".join(s for s in sections if s.split()[:1] != [rule])
    return admit({name: text.encode() for name, text in files.items()})


@attrs.frozen
class Played:
    """A demonstration played to its end in memory: its rows in order, and how deliveries were taken."""

    rows: tuple[ReportingRow, ...]
    quarantined: int

    def items(self) -> dict[tuple[str, str], ReportingRow]:
        """The last decision about each item."""
        return {(r.request_ref, r.item): r for r in self.rows if r.kind in DECISIONS}

    def components(self) -> dict[str, Component]:
        """Who made each request, as last read."""
        return {r.request_ref: r.component for r in self.rows if not r.item}

    def homeland(self) -> set[str]:
        """The requests of DHS and ICE."""
        return {ref for ref, c in self.components().items() if c.organisation is Organisation.DHS}

    def granted(self) -> set[str]:
        """DHS and ICE requests with at least one item finally released."""
        released = {ref for (ref, _), row in self.items().items() if row.outcome == Outcome.RELEASE}
        return released & self.homeland()


@cache
def played(version: PolicyVersion, script: tuple[state.Scripted, ...] = state.SCRIPT) -> Played:
    """The script, then the bundled request, under one law."""
    tables = tomllib.loads(Path(stage.__file__).with_name("agencies.toml").read_text("utf-8"))
    directory = read_directory(tables["custodian"], tables["person"])
    clock = SetClock(stage.BUNDLED_AT)
    ports = attrs.evolve(
        memory_ports(stage.BUNDLED_AT, directory.custodians, version), directory=directory, clock=clock
    )
    stage.play(ports, clock, lambda _done, _of: None, state.deliveries(script))
    clock.set(stage.BUNDLED_AT)
    opened = stage.take_in(ports, stage.bundled())
    clock.set(stage.WORKED_AT)
    stage.work_case(ports, opened)
    rows = tuple(row for _, row, _ in ports.outbox.entries_with_rows())
    return Played(rows, len(ports.arrivals.in_state(ArrivalState.QUARANTINED)))


THE_LAW = law(GUIDANCE, FLOOR, PROCESS)


def test_the_published_totals_come_out_of_intake_reading_rules_and_decisions() -> None:
    found = played(THE_LAW)
    assert (len(found.homeland()), len(found.granted())) == (66, 33)
    assert found.quarantined == 0
    assert len(found.components()) > 66  # other federal agencies and third parties ask too


def test_the_totals_hold_without_the_federal_floor_too() -> None:
    found = played(law(GUIDANCE, PROCESS))
    assert (len(found.homeland()), len(found.granted())) == (66, 33)


def test_deleting_ground_i_leaves_what_an_independent_fold_predicts() -> None:
    rested_on_i = {key for key, row in played(THE_LAW).items().items() if row.ground == "g-i"}
    predicted = {
        ref
        for (ref, item), row in played(THE_LAW).items().items()
        if row.outcome == Outcome.RELEASE and (ref, item) not in rested_on_i
    }
    found = played(law(without_rule(GUIDANCE, "g-i"), FLOOR, PROCESS))
    assert len(found.granted()) == len(predicted & played(THE_LAW).homeland())
    assert len(found.granted()) < 33


def test_another_paper_in_one_message_moves_the_count() -> None:
    at = next(i for i, s in enumerate(state.SCRIPT) if s.paper == "ao110" and s.sender == "hsi")
    other = attrs.evolve(state.SCRIPT[at], paper="i138")
    found = played(THE_LAW, (*state.SCRIPT[:at], other, *state.SCRIPT[at + 1 :]))
    assert (len(found.homeland()), len(found.granted())) == (66, 32)


def test_the_bill_instead_of_the_guidance_gives_another_count() -> None:
    found = played(law(BILL, FLOOR, PROCESS))
    assert len(found.homeland()) == 66
    assert 0 < len(found.granted()) < 33
    papers = {r.request_ref: r.paper_authority for r in found.rows if not r.item}
    for ref in found.granted():
        partner = found.components()[ref] is Component.USCIS
        assert papers[ref] is Authority.JUDICIAL or partner


def test_the_published_account_is_in_it() -> None:
    """Alike requests answered differently, immigration-only attempts, a bulk demand, the two units."""
    found = played(THE_LAW)
    hsi_wages = [
        row.outcome
        for (ref, _), row in found.items().items()
        if found.components()[ref] is Component.ICE_HSI
        and row.category == "ui_wage"
        and row.paper_kind == "i138"
    ]
    assert {Outcome.RELEASE, Outcome.REFUSE} <= set(hsi_wages)
    purposes = Counter(r.purpose for r in found.rows if not r.item and r.request_ref in found.homeland())
    assert purposes[PurposeClass.CIVIL_IMMIGRATION]
    units = Counter(
        r.unit
        for r in found.rows
        if r.kind is EventKind.REQUEST_RECEIVED and r.request_ref in found.homeland()
    )
    assert units["ui-fraud"] + units["mv-investigations"] > 66 / 2
    assert not any(
        found.items()[k].outcome == Outcome.RELEASE
        for k in found.items()
        if found.items()[k].effect == Effect.FORBIDDEN
    )


def test_overrides_are_few_named_and_only_toward_refusal() -> None:
    overridden = [r for r in played(THE_LAW).rows if r.kind is EventKind.ITEM_OVERRIDDEN]
    assert 1 <= len(overridden) <= 6
    for row in overridden:
        assert row.override == "toward_refusal" == departure(Effect(row.effect), Outcome(row.outcome))


def test_every_row_says_that_it_is_a_demonstration() -> None:
    assert all(row.demo for row in played(THE_LAW).rows)


@pytest.mark.parametrize("module", [state, senders])
def test_no_file_of_the_script_knows_a_fact_an_effect_an_outcome_or_a_count(module: object) -> None:
    tree = ast.parse(Path(str(getattr(module, "__file__"))).read_text("utf-8"))  # noqa: B009 - any module
    words = {w for kind in (Effect, Outcome, Authority) for w in kind} - {"none"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert node.value not in words, f"line {node.lineno}"
        if isinstance(node, ast.ImportFrom):
            assert node.module not in ("habeas.domain.facts", "habeas.domain.determination"), node.module
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            assert node.value not in (33, 66), f"line {node.lineno}"


def test_a_persona_decides_by_habit_not_by_request() -> None:
    source = Path(personas.__file__).read_text("utf-8")
    assert "request_ref" not in source
    assert "case_number" not in source
