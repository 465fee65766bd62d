"""Digests, versions, and the law of a day."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import attrs
import pytest

from habeas.domain import vocabulary as v
from habeas.kernel.canonical import digest
from habeas.kernel.errors import BadInput
from habeas.policy import catalogue
from habeas.policy.admit import admit
from habeas.policy.catalogue import find, load, pack_ids, resolve, resolve_version, shipped, with_required
from habeas.policy.pack import PolicyVersion, freeze, pack_digest
from habeas.policy.schema import cedar_schema
from tests.core.policy.making import ACT, BILL, COURT, GUIDANCE, UI, alone, pack_of, rule_text, version

VECTORS = Path(__file__).resolve().parents[3] / "vectors" / "policy"
K = v.CustodianKind


def ids(kind: v.CustodianKind, category: str, on: date, jurisdiction: str = "us-co") -> tuple[str, ...]:
    return tuple(sorted(p.id for p in resolve(kind, jurisdiction, (category,), on)))


# ---------------------------------------------------------------------- digests


def test_cases_and_claims_are_not_part_of_the_digest_and_everything_else_is() -> None:
    files = find(GUIDANCE)
    before = pack_digest(files)
    for path in files:
        after = pack_digest(files | {path: files[path] + b"\n"})
        assert (after == before) == (path.startswith("cases/") or path == "invariants.toml"), path
    assert pack_digest(files | {"facts.cedarschema": b"other facts"}) != before
    assert pack_digest(files | {"facts.cedarschema": cedar_schema().encode()}) == before


def test_a_version_is_the_digest_of_the_sorted_digests_of_its_packs() -> None:
    packs = with_required((load(GUIDANCE),))
    assert freeze(packs) == freeze(reversed(packs))
    assert freeze(packs).digest == digest(sorted(p.digest for p in packs))


@pytest.mark.parametrize("pack_id", pack_ids())
def test_every_digest_that_ever_shipped_can_still_be_loaded(pack_id: str) -> None:
    # Changed a pack? Keep the old version under `past/` and run vectors/policy/make.py.
    listed = json.loads((VECTORS / "packs.json").read_text(encoding="utf-8"))[pack_id]
    assert load(pack_id).digest == listed[-1]
    for past in listed:
        assert load(pack_id, past).digest == past


def test_an_unknown_pack_or_digest_is_refused() -> None:
    for name in ("us-co/nothing", "../us/court-process", "no/folder"):
        with pytest.raises(BadInput, match=r"policy\.pack\.unknown"):
            find(name)
    with pytest.raises(BadInput, match=r"policy\.pack\.digest_unknown"):
        load(GUIDANCE, "0" * 64)


def test_a_past_version_stays_loadable_and_governs_its_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = find(GUIDANCE) | {"facts.cedarschema": cedar_schema().encode()}
    new = dict(old)
    del new["facts.cedarschema"]
    new["pack.toml"] = new["pack.toml"].replace(b"2020-05-20", b"2021-01-01", 1)
    for prefix, files in (("", new), ("past/1/", old)):
        for path, data in files.items():
            place = tmp_path / "us-co" / "2020-guidance" / (prefix + path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
    court = tmp_path / "us" / "court-process"
    for path, data in find(COURT).items():
        (court / path).parent.mkdir(parents=True, exist_ok=True)
        (court / path).write_bytes(data)
    digests = {name: pack_digest(files) for name, files in (("old", old), ("new", new))}
    _root(monkeypatch, tmp_path)
    try:
        assert load(GUIDANCE).digest == digests["new"]
        assert load(GUIDANCE, digests["old"]).digest == digests["old"]
        on = {year: resolve(K.STATE_AGENCY, "us-co", ("contact",), date(year, 3, 1)) for year in (2020, 2021)}
        assert [p.digest for p in on[2021] if p.id == GUIDANCE] == [digests["new"]]
        earlier = resolve(K.STATE_AGENCY, "us-co", ("contact",), date(2020, 6, 1))
        assert [p.digest for p in earlier if p.id == GUIDANCE] == [digests["old"]]
        assert on[2020] == ()
    finally:
        monkeypatch.undo()
        _forget()


def _root(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.setattr(catalogue, "package_files", lambda _: root)
    _forget()


def _forget() -> None:
    for remembered in (catalogue.pack_ids, catalogue.load, catalogue._manifests):
        remembered.cache_clear()


# ---------------------------------------------------------------------- versions


def test_packs_that_cannot_decide_together_are_refused() -> None:
    guidance, court = load(GUIDANCE), load(COURT)
    with pytest.raises(BadInput, match=r"policy\.version\.pack_twice"):
        freeze((court, court))
    with pytest.raises(BadInput, match=r"policy\.version\.pack_missing"):
        freeze((guidance,))
    twin = pack_of(rule_text("warrant", "true"), BILL)
    with pytest.raises(BadInput, match=r"policy\.version\.rule_twice"):
        freeze((court, twin))


def test_rule_ids_are_unique_over_all_shipped_packs() -> None:
    every = [r.id for p in shipped() for r in p.rules]
    assert len(set(every)) == len(every)
    assert [p.id for p in shipped()] == list(pack_ids())


def test_rules_are_listed_by_rank_then_order_then_pack_then_place() -> None:
    listed = [r.id for _, r in version(UI, GUIDANCE).all_rules()]
    assert listed[0] == "civil-subpoena" or listed[0] == "warrant"
    assert listed.index("warrant") < listed.index("ui-contest-litigant") < listed.index("g-ii")
    assert listed.index("g-ii") < listed.index("g-iii") < listed.index("g-i")
    same = alone(rule_text("b", "true"), rule_text("a", "true"))
    assert [r.id for _, r in same.all_rules()] == ["b", "a"]


def test_a_rule_younger_than_its_pack_is_not_in_effect_before_its_day() -> None:
    act = version(ACT)
    before, after = ({r.id for _, r in act.rules(on)} for on in (date(2021, 12, 31), date(2022, 1, 1)))
    assert after - before == {"report-quarterly"}


# ---------------------------------------------------------------------- the law of a day


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2020, 5, 19), ()),
        (date(2020, 5, 20), (GUIDANCE, COURT)),
        (date(2021, 6, 24), (GUIDANCE, COURT)),
        (date(2021, 6, 25), (ACT, COURT)),
        (date(2026, 1, 1), (ACT, COURT)),
    ],
)
def test_the_law_of_the_day_changes_on_its_days(on: date, expected: tuple[str, ...]) -> None:
    assert ids(K.STATE_AGENCY, "contact", on) == tuple(sorted(expected))


def test_the_unemployment_regulation_binds_only_that_agency_and_that_data() -> None:
    on = date(2020, 7, 1)
    assert UI in ids(K.UNEMPLOYMENT_AGENCY, "ui_wage", on)
    assert UI not in ids(K.UNEMPLOYMENT_AGENCY, "contact", on)
    assert UI not in ids(K.MOTOR_VEHICLE_AGENCY, "ui_wage", on)


def test_what_is_not_known_rules_no_pack_out() -> None:
    on = date(2020, 7, 1)
    assert UI in ids(K.UNKNOWN, "ui_wage", on)
    assert UI in ids(K.UNEMPLOYMENT_AGENCY, "unknown", on)


def test_a_proposal_is_never_the_law_of_a_day() -> None:
    for year in (2020, 2025, 2030):
        assert BILL not in ids(K.STATE_AGENCY, "contact", date(year, 12, 1))


def test_without_law_of_the_jurisdiction_itself_nothing_is_resolved() -> None:
    assert ids(K.STATE_AGENCY, "contact", date(2025, 1, 1), "us-ny") == ()
    assert ids(K.SCHOOL, "education", date(2025, 1, 1)) == ()
    assert resolve_version(K.SCHOOL, "us-co", ("education",), date(2025, 1, 1)) == PolicyVersion(())


@pytest.mark.parametrize(
    ("status", "applies"),
    [("in_force", True), ("challenged", True), ("repealed", True), ("passed", False), ("enjoined", False)],
)
def test_only_some_statuses_are_law(status: str, applies: bool) -> None:  # noqa: FBT001 - a table of cases
    files = find(ACT)
    files["pack.toml"] = files["pack.toml"].replace(b'"challenged"', f'"{status}"'.encode(), 1)
    manifest = attrs.evolve(admit(files).manifest, effective_to=date(2026, 1, 31))
    assert manifest.in_force(date(2026, 1, 31)) is applies
    assert not manifest.in_force(date(2026, 2, 1))
    assert not manifest.in_force(date(2021, 6, 24))
