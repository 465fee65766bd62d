"""The one door: every shipped pack passes, and each thing that may be wrong is refused by name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from habeas.domain import vocabulary as v
from habeas.kernel.errors import BadInput
from habeas.policy import admit as door
from habeas.policy.admit import BINDING, admit
from habeas.policy.catalogue import find, pack_ids
from habeas.policy.diagram import Space
from tests.core.policy.making import ACT, BILL, COURT, GUIDANCE, rule_text

if TYPE_CHECKING:
    from pathlib import Path

Files = dict[str, bytes]
CONSENT = 'context.consent == YesNo::"yes"'


def refusal(files: Files) -> list[tuple[str, str]]:
    with pytest.raises(BadInput) as refused:
        admit(files)
    return [(p.code, p.place) for p in refused.value.problems]


def changed(pack_id: str, path: str, old: str, new: str) -> Files:
    files = find(pack_id)
    text = files[path].decode()
    assert old in text
    return files | {path: text.replace(old, new, 1).encode()}


def with_rule(text: str, rule_id: str = "extra") -> Files:
    """The guidance with one more rule, in a file of its own, and its sentences."""
    files = find(GUIDANCE) | {"more.cedar": text.encode()}
    for path in ("text.en.md", "text.es.md"):
        files[path] += f"\n## {rule_id}\n\nA sentence.\n".encode()
    return files


@pytest.mark.parametrize("pack_id", pack_ids())
def test_every_shipped_pack_is_admitted(pack_id: str) -> None:
    pack = admit(find(pack_id))
    assert pack.id == pack_id
    assert pack.binding == BINDING
    assert pack.claims


def test_the_guidance_is_admitted_although_it_does_not_do_what_it_was_said_to() -> None:
    # vectors/policy/claims.json: its first claim is refuted. A claim never blocks.
    assert admit(find(GUIDANCE)).claims[0].id == "civil-immigration-without-paper-stays-closed"


def test_more_rules_may_stand_in_files_of_their_own() -> None:
    assert "extra" in {r.id for r in admit(with_rule(rule_text("extra", CONSENT))).rules}


@pytest.mark.parametrize("path", ["pack.toml", "invariants.toml", "text.en.md", "text.es.md"])
def test_a_missing_file_is_named(path: str) -> None:
    files = find(GUIDANCE)
    del files[path]
    assert refusal(files) == [("pack.file.missing", path)]


def test_a_pack_without_rules_is_refused() -> None:
    files = {p: d for p, d in find(GUIDANCE).items() if not p.endswith(".cedar")}
    assert refusal(files) == [("pack.file.missing", "disclose.cedar")]


@pytest.mark.parametrize("path", ["run.py", "cases/x.txt", "a/b.cedar", "../evil.cedar", "UPPER.cedar"])
def test_a_file_that_does_not_belong_there_is_refused_and_not_named(path: str) -> None:
    assert refusal(find(GUIDANCE) | {path: b""}) == [("pack.file.unknown", "pack")]


# ---------------------------------------------------------------------- rules


def test_every_bad_rule_is_named_with_its_file_and_line() -> None:
    bad = rule_text("one", "context has consent") + rule_text("two", 'context.consent == YesNo::"unknown"')
    assert refusal(find(GUIDANCE) | {"more.cedar": bad.encode()}) == [
        ("pack.rule.operator_refused", "more.cedar: line 3"),
        ("pack.rule.unknown_tested", "more.cedar: line 6"),
    ]


def test_two_rules_of_one_id_are_refused() -> None:
    files = find(GUIDANCE) | {"more.cedar": rule_text("g-i", CONSENT).encode()}
    assert refusal(files) == [("pack.rule.id_twice", "more.cedar: line 1")]


def test_a_rule_that_nothing_can_match_is_refused() -> None:
    # A requester may not say that a certification is in force (domain.facts, suppliers).
    for never in (
        'context.certification_source == Source::"requester"',
        f"{CONSENT} && !({CONSENT})",
        "false",
    ):
        assert refusal(with_rule(rule_text("extra", never))) == [
            ("pack.rule.never_matches", "more.cedar: line 1")
        ]


def test_a_rule_of_a_rank_that_its_pack_cannot_hold_is_refused() -> None:
    for rank in ("federal_statute", "proposal"):
        text = rule_text("extra", CONSENT).replace('"guidance"', f'"{rank}"')
        assert refusal(with_rule(text)) == [("pack.rule.rank_not_allowed", "more.cedar: line 1")]
    files = changed(BILL, "duties.cedar", '@rank("proposal")', '@rank("state_statute")')
    assert refusal(files)[0][0] == "pack.rule.rank_not_allowed"
    files = changed(COURT, "duties.cedar", '@rank("federal_statute")', '@rank("state_statute")')
    assert refusal(files)[0][0] == "pack.rule.rank_not_allowed"


def test_a_rule_that_is_read_in_two_ways_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # A closure emitter with a fault: `admit` compares all readings at a matching and a non-matching point.
    monkeypatch.setattr(door, "predicate", lambda _: lambda _: True)
    assert {code for code, _ in refusal(find(GUIDANCE))} == {"pack.rule.readings_differ"}


def test_what_is_too_wide_to_search_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "Space", partial(Space, 1))
    assert refusal(find(GUIDANCE)) == [("pack.invariants.too_wide", "invariants.toml")]
    without_claims = changed(GUIDANCE, "invariants.toml", "[[claim]]", "[[claims]]")
    binding = without_claims["invariants.toml"].split(b"\n")[0]
    problems = refusal(without_claims | {"invariants.toml": binding})
    assert [code for code, _ in problems] == ["pack.rule.too_wide"] * 3


# ---------------------------------------------------------------------- texts and claims


@pytest.mark.parametrize("path", ["text.en.md", "text.es.md"])
def test_every_rule_has_its_sentence_in_every_language(path: str) -> None:
    files = changed(GUIDANCE, path, "## g-ii\n", "## g-iv\n")
    assert sorted(refusal(files)) == [("pack.text.missing", path), ("pack.text.of_no_rule", path)]


def test_an_empty_sentence_or_one_told_twice_is_refused() -> None:
    files = find(GUIDANCE)
    for text in (b"## g-i\n\n## g-ii\n\nx\n", b"## g-i\n\nx\n\n## g-i\n\ny\n", b"\xff"):
        assert refusal(files | {"text.en.md": text}) == [("pack.text.malformed", "text.en.md")]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"no_rule_errs", ', "", "pack.invariants.binding"),
        ("binding", "other = 1\nbinding", "pack.invariants.binding"),
        ('effects = ["forbidden"]', "effects = []", "pack.invariants.malformed"),
        ('effects = ["forbidden"]', 'effects = ["refused"]', "pack.invariants.malformed"),
        ('id = "court-paper', 'name = "court-paper', "pack.invariants.malformed"),
        ('"court-paper-is-answered"', '"civil-immigration-without-paper-stays-closed"',
         "pack.invariants.malformed"),
        ('PaperForm::"none"', 'PaperForm::"unknown"', "pack.rule.unknown_tested"),
        ('PaperForm::"none"', 'PaperForm::"none" && context.paper_form == PaperForm::"letter"',
         "pack.invariants.vacuous"),
    ],
)  # fmt: skip
def test_a_claim_must_be_well_formed_and_say_something(old: str, new: str, code: str) -> None:
    assert refusal(changed(GUIDANCE, "invariants.toml", old, new))[0][0] == code


# ---------------------------------------------------------------------- the manifest


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('schema = "habeas.pack.v1"', 'schema = "habeas.pack.v2"', "pack.manifest.word_unknown"),
        ('id = "us-co/', 'id = "us-ny/', "pack.manifest.other_jurisdiction"),
        ('rank = "guidance"', 'rank = "proposal"', "pack.manifest.proposal_has_no_rank"),
        ('rank = "guidance"', 'rank = "custom"', "pack.manifest.word_unknown"),
        ('status = "in_force"', 'status = "proposed"', "pack.manifest.proposal_has_no_rank"),
        ('status = "in_force"', 'state = "in_force"', "pack.manifest.key_unknown"),
        ("effective_from = 2020-05-20", "", "pack.manifest.key_missing"),
        ("effective_from = 2020-05-20", 'effective_from = "May"', "pack.manifest.malformed"),
        ("effective_from = 2020-05-20", "effective_from = 2020-05-20T00:00:00Z", "pack.manifest.malformed"),
        ('verified_by = "unverified"', 'verified_by = "counsel"', "pack.manifest.verified_without_date"),
        ('verified_by = "unverified"', 'verified_by = ""', "pack.manifest.malformed"),
        ('requires = ["us/court-process"]', 'requires = "us/court-process"', "pack.manifest.malformed"),
        ('custodians = ["state_agency"', 'custodians = ["state"', "pack.manifest.word_unknown"),
        ('categories = "all"', "categories = []", "pack.manifest.malformed"),
        ('es = "La', 'fr = "La', "pack.manifest.key_unknown"),
        ('mark = "found"', 'mark = "heard"', "pack.manifest.word_unknown"),
        ("[title]", "[title", "pack.manifest.not_toml"),
    ],
)
def test_a_manifest_must_say_what_it_is(old: str, new: str, code: str) -> None:
    assert refusal(changed(GUIDANCE, "pack.toml", old, new))[0][0] == code


def test_a_verified_pack_names_who_and_when() -> None:
    files = changed(
        ACT, "pack.toml", 'verified_by = "unverified"', 'verified_by = "counsel"\nverified_on = 2026-01-05'
    )
    assert admit(files).as_json()["verified_on"] == "2026-01-05"
    assert admit(files).status is v.PackStatus.CHALLENGED


def test_a_pack_is_read_from_a_folder(tmp_path: Path) -> None:
    for path, data in find(GUIDANCE).items():
        place = tmp_path / path
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(data)
    (tmp_path / ".hidden").write_bytes(b"x")
    assert admit(find(str(tmp_path))).digest == admit(find(GUIDANCE)).digest
