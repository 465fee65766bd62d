"""A whole log checked by a stranger: what is accepted, what is refused where, and where damage lies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from habeas.kernel.canonical import decode, encode
from habeas.kernel.errors import BadInput, bad
from habeas.ledger import keys as k
from habeas.ledger import merkle as m
from habeas.ledger import note as n
from habeas.ledger import tiles as t
from habeas.ledger.trust import Trust, read_trust
from habeas.ledger.verify import Limit, StepResult
from habeas.verifier.leftovers import Remark, look_around
from habeas.verifier.mirror import SHOWN, LogCheck, LogStep, check_log, describe

ROOT = Path(__file__).resolve().parents[3]
NAME = "ledger.example.org/habeas"
LOG = k.SignerKey(NAME, k.SignatureType.ED25519, b"\x01" * 32)
WITNESSES = [
    k.SignerKey(f"witness{i}.example.net", k.SignatureType.COSIGNATURE, bytes([i]) * 32) for i in (2, 3)
]
TRUST = read_trust([LOG.verifier.vkey])
QUORUM = read_trust([key.verifier.vkey for key in (LOG, *WITNESSES)], 2)

Files = dict[str, bytes]


def entries_of(size: int) -> list[bytes]:
    return [b"entry %d" % at for at in range(size)]


def note_of(size: int, entries: list[bytes] | None = None, *witnesses: k.SignerKey) -> str:
    leaves = m.leaf_hashes(entries_of(size) if entries is None else entries[:size])
    note = n.sign_note(n.Checkpoint(NAME, size, m.tree_root(leaves)).text, [LOG])
    for witness in witnesses:
        note = n.cosign(note, witness, 1_600_000_000)
    return note


def files_of(size: int, *witnesses: k.SignerKey) -> Files:
    return {
        **dict(t.log_files(entries_of(size))),
        "checkpoint": note_of(size, None, *witnesses).encode(),
    }


def check(files: Files, trust: Trust = TRUST, kept: str | None = None) -> LogCheck:
    found = check_log(t.StaticLog(files), trust, None if kept is None else kept.encode())
    schema = json.loads((ROOT / "schemas" / "habeas.ledger-check.v1.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(decode(encode(found.as_json())))
    assert list(describe(found))
    return found


def failing(found: LogCheck) -> LogStep | None:
    return next((name for name, result in found.steps if result is StepResult.FAILS), None)


def told(found: LogCheck) -> list[tuple[str, str]]:
    return [(p.code.removeprefix("ledger."), p.place) for p in found.findings]


def change(data: bytes, at: int = -1) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


# ------------------------------------------------------------------------------------ a sound log


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 600])
def test_a_whole_log_is_sound_and_says_what_it_does_not_prove(size: int) -> None:
    found = check(files_of(size))
    assert found.sound
    assert found.exit_code == 0
    assert found.head == n.parse_checkpoint(n.split_note(note_of(size))[0])
    assert found.limits == (Limit.COMPLETENESS, Limit.CORRECTNESS, Limit.SPLIT_VIEW)
    assert LogStep.KEPT not in dict(found.steps)


def test_with_witnesses_a_split_view_is_excluded() -> None:
    found = check(files_of(5, *WITNESSES), QUORUM)
    assert found.sound
    assert Limit.SPLIT_VIEW not in found.limits
    assert len(found.witnessed_by) == 2
    assert any("witness2.example.net" in line for line in describe(found))


def test_the_first_line_tells_a_person_enough() -> None:
    assert next(describe(check(files_of(5)))).startswith("SOUND. ")
    assert next(describe(check({}))).startswith("NOT SOUND. ")


# ------------------------------------------------------------------------------------ the checkpoint


@pytest.mark.parametrize(
    ("note", "step", "code"),
    [
        (None, LogStep.CHECKPOINT, "ledger.checkpoint.missing"),
        (b"", LogStep.SIGNATURE, "ledger.note.malformed"),
        (b"\xff\n\n", LogStep.SIGNATURE, "ledger.note.malformed"),
        (note_of(9).replace("\n9\n", "\n8\n").encode(), LogStep.SIGNATURE, "ledger.signature.invalid"),
        (n.sign_note("x\n", [LOG]).encode(), LogStep.ORIGIN, "ledger.checkpoint.malformed"),
        (
            n.sign_note(n.Checkpoint("other.example/log", 9, b"\0" * 32).text, [LOG]).encode(),
            LogStep.ORIGIN,
            "ledger.checkpoint.origin_differs",
        ),
    ],
)
def test_a_checkpoint_that_cannot_be_accepted_ends_the_check(
    note: bytes | None, step: LogStep, code: str
) -> None:
    files = files_of(9)
    del files["checkpoint"]
    if note is not None:
        files["checkpoint"] = note
    found = check(files)
    assert failing(found) is step
    assert found.exit_code == 1
    assert found.limits == ()
    assert [p.code for p in found.findings] == [code]
    assert dict(found.steps)[LogStep.ENTRIES] is StepResult.NOT_REACHED


def test_another_key_accepts_nothing() -> None:
    stranger = k.SignerKey(NAME, k.SignatureType.ED25519, b"\x09" * 32)
    found = check(files_of(9), Trust((stranger.verifier,)))
    assert failing(found) is LogStep.SIGNATURE
    assert told(found) == [("note.unsigned", "note")]


@pytest.mark.parametrize("witnesses", [[], WITNESSES[:1], [WITNESSES[0], WITNESSES[0]]])
def test_too_few_witnesses_are_too_few(witnesses: list[k.SignerKey]) -> None:
    found = check(files_of(5, *witnesses), QUORUM)
    assert failing(found) is LogStep.WITNESSES
    assert told(found) == [("cosignature.too_few", "checkpoint")]


def test_no_key_at_all_is_no_check() -> None:
    with pytest.raises(BadInput) as error:
        read_trust([])
    assert error.value.exit_code == 2


# ------------------------------------------------------------------------------------ a kept checkpoint


@pytest.mark.parametrize("size", [1, 255, 256, 600])
def test_everything_that_was_signed_before_is_proved_to_be_there(size: int) -> None:
    for old in {0, 1, size // 2, size - 1, size}:
        found = check(files_of(size), kept=note_of(old))
        assert found.sound
        assert found.kept is not None
        assert found.kept.size == old
        if old:
            head = n.parse_checkpoint(n.split_note(note_of(size))[0])
            assert m.verify_consistency(old, size, found.kept.proof, found.kept.root, head.root)


def test_another_history_is_proved_by_the_kept_checkpoint() -> None:
    entries = [*entries_of(4), b"what was there", *entries_of(9)[5:]]
    found = check(files_of(9), kept=note_of(6, entries))
    assert failing(found) is LogStep.KEPT
    assert told(found) == [("consistency.refused", "kept checkpoint")]
    assert dict(found.steps)[LogStep.ENTRIES] is StepResult.HOLDS
    assert found.exit_code == 1


def test_a_log_that_was_rolled_back_is_found_by_the_kept_checkpoint() -> None:
    found = check(files_of(9), kept=note_of(12))
    assert told(found) == [("checkpoint.rolled_back", "checkpoint")]
    assert not found.sound


def test_a_kept_empty_tree_must_be_the_empty_tree() -> None:
    wrong = n.sign_note(n.Checkpoint(NAME, 0, b"\0" * 32).text, [LOG])
    assert told(check(files_of(9), kept=wrong)) == [("consistency.refused", "kept checkpoint")]


@pytest.mark.parametrize("kept", ["", "nonsense", note_of(3).replace("\n3\n", "\n4\n")])
def test_a_kept_file_that_no_accepted_log_signed_is_bad_input(kept: str) -> None:
    with pytest.raises(BadInput):
        check(files_of(9), kept=kept)


def test_a_kept_checkpoint_of_another_accepted_log_is_told_apart() -> None:
    other = k.SignerKey("other.example/log", k.SignatureType.ED25519, b"\x07" * 32)
    kept = n.sign_note(n.Checkpoint(other.name, 3, b"\0" * 32).text, [other])
    found = check(files_of(9), Trust((LOG.verifier, other.verifier)), kept)
    assert told(found) == [("checkpoint.other_origin", "kept checkpoint")]


# ------------------------------------------------------------------------------------ damage, and where


SIZE = 70_000
BIG = files_of(SIZE)
"""273 full tiles and one of 112; one full tile above, one of 17; one of 1 on top."""

TILE, BUNDLE = "tile/0/100", "tile/entries/100"


def altered_together(files: Files, path: str = TILE, at: int = 0) -> None:
    """An entry and its tile, so that they agree with each other."""
    bundle = path.replace("/0/", "/entries/")
    width = len(files[path]) // 32
    entries = t.decode_bundle(files[bundle], t.parse_path(bundle))
    assert len(entries) == width
    entries[at] = change(entries[at])
    files[bundle] = t.encode_bundle(entries)
    files[path] = b"".join(m.leaf_hashes(entries))


def swapped(files: Files) -> None:
    entries = t.decode_bundle(files[BUNDLE], t.parse_path(BUNDLE))
    entries[1], entries[2] = entries[2], entries[1]
    files[BUNDLE] = t.encode_bundle(entries)


DAMAGES: list[tuple[str, Any, list[tuple[str, str]]]] = [
    (
        "an altered entry",
        lambda f: f.update({BUNDLE: change(f[BUNDLE])}),
        [("entry.differs", f"entry {100 * 256 + 255}")],
    ),
    ("two entries swapped", swapped, [("entry.differs", f"entry {100 * 256 + at}") for at in (1, 2)]),
    ("an altered leaf", lambda f: f.update({TILE: change(f[TILE])}), [("tile.differs", TILE)]),
    (
        "an entry and its leaf",
        altered_together,
        [("tile.differs", TILE), ("bundle.differs", BUNDLE), ("root.differs", "")],
    ),
    (
        "an altered tile above",
        lambda f: f.update({"tile/1/000": change(f["tile/1/000"])}),
        [("tile.differs", "tile/1/000")],
    ),
    (
        "an altered tile at the edge",
        lambda f: f.update({"tile/1/001.p/17": change(f["tile/1/001.p/17"])}),
        [("tile.differs", "tile/1/001.p/17")],
    ),
    (
        "an altered tile on top",
        lambda f: f.update({"tile/2/000.p/1": change(f["tile/2/000.p/1"])}),
        [("tile.differs", "tile/2/000.p/1")],
    ),
    ("a missing tile", lambda f: f.pop(TILE), [("tile.missing", TILE)]),
    ("a missing tile above", lambda f: f.pop("tile/1/000"), [("tile.missing", "tile/1/000")]),
    ("a missing bundle", lambda f: f.pop(BUNDLE), [("bundle.missing", BUNDLE)]),
    ("a tile cut off", lambda f: f.update({TILE: f[TILE][:-1]}), [("tile.wrong_size", TILE)]),
    ("a tile with more", lambda f: f.update({TILE: f[TILE] + b"x" * 32}), [("tile.wrong_size", TILE)]),
    ("a bundle cut off", lambda f: f.update({BUNDLE: f[BUNDLE][:-1]}), [("bundle.malformed", BUNDLE)]),
    (
        "the tail dropped",
        lambda f: (f.pop("tile/0/273.p/112"), f.pop("tile/entries/273.p/112")),
        [
            ("tile.missing", "tile/0/273.p/112"),
            ("bundle.missing", "tile/entries/273.p/112"),
            ("root.differs", ""),
        ],
    ),
    (
        "the last entry and its leaf",
        lambda f: altered_together(f, "tile/0/273.p/112", 111),
        [("root.differs", "checkpoint")],
    ),
    (
        "the log of another history",
        lambda f: f.update(dict(t.log_files([b"x", *entries_of(SIZE)[1:]]))),
        [("root.differs", "checkpoint")],
    ),
]


@pytest.mark.parametrize(("name", "damage", "expected"), DAMAGES, ids=[d[0] for d in DAMAGES])
def test_damage_is_named_with_its_place(name: str, damage: Any, expected: list[tuple[str, str]]) -> None:
    files = dict(BIG)
    damage(files)
    found = check(files)
    assert not found.sound, name
    seen = set(told(found))
    assert {one for one in expected if one[1]} <= seen
    extra = seen - set(expected)
    assert {code for code, _ in extra} <= {"root.differs"}, extra


def test_two_damages_are_both_named() -> None:
    files = dict(BIG)
    altered_together(files)
    altered_together(files, "tile/0/200", 5)
    assert {("tile.differs", TILE), ("tile.differs", "tile/0/200")} <= set(told(check(files)))


SMALL = files_of(300)


@given(st.data())
@settings(max_examples=60)
def test_any_flipped_bit_in_any_file_is_found_and_named(data: Any) -> None:
    path = data.draw(st.sampled_from(sorted(SMALL)))
    bit = data.draw(st.integers(0, 8 * len(SMALL[path]) - 1))
    body = bytearray(SMALL[path])
    body[bit // 8] ^= 1 << bit % 8
    found = check({**SMALL, path: bytes(body)})
    assert not found.sound
    places = {p.place for p in found.findings}
    if path == "checkpoint":
        assert failing(found) in {LogStep.SIGNATURE, LogStep.ORIGIN}
    elif path.startswith("tile/entries"):
        n_of = t.parse_path(path).n * 256
        assert places <= {path, *(f"entry {n_of + at}" for at in range(256))}
        assert places
    else:
        assert places == {path}


def test_a_log_that_is_damaged_everywhere_is_told_within_a_screen() -> None:
    files = {p: change(d) if p.startswith("tile/0") else d for p, d in BIG.items()}
    found = check(files)
    assert len(found.findings) == 274
    lines = list(describe(found))
    assert len(lines) < SHOWN + 20
    assert f"  and {274 - SHOWN} more; `--json` has them all" in lines


# ------------------------------------------------------------------------------------ a failing reader


class Failing:
    """A mirror whose server gives up after so many files."""

    def __init__(self, files: Files, after: int) -> None:
        self.files, self.left = t.StaticLog(files), after

    def checkpoint(self) -> bytes | None:
        return self.files.checkpoint()

    def read(self, tile: t.Tile) -> bytes | None:
        self.left -= 1
        if self.left < 0:
            raise bad("ledger.mirror.failed", tile.path, status=503)
        return self.files.read(tile)


@pytest.mark.parametrize("after", range(5))  # two bundles, two tiles, one above
def test_a_server_that_fails_is_no_finding_about_the_log(after: int) -> None:
    for kept in (None, note_of(7).encode()):
        with pytest.raises(BadInput) as error:
            check_log(Failing(SMALL, after), TRUST, kept)
        assert error.value.problems[0].code == "ledger.mirror.failed"


def test_nothing_from_the_mirror_reaches_a_terminal_raw() -> None:
    odd = k.SignerKey("ledger.example/\u202eevil", k.SignatureType.ED25519, b"\x05" * 32)
    note = n.sign_note(n.Checkpoint(odd.name, 0, m.EMPTY_ROOT).text, [odd])
    lines = list(describe(check_log(t.StaticLog({"checkpoint": note.encode()}), Trust((odd.verifier,)))))
    assert all(line.isprintable() for line in lines)


# ------------------------------------------------------------------------------------ leftovers


class Listed:
    """A folder in memory."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def paths(self) -> list[str]:
        return sorted(self.files)

    def stored(self, path: str, limit: int) -> bytes | None:
        data = self.files.get(path)
        return None if data is None else data[: limit + 1]

    def read(self, tile: t.Tile) -> bytes | None:
        return t.StaticLog(self.files).read(tile)


def test_partial_files_of_earlier_sizes_must_be_the_front_of_the_present_ones() -> None:
    files = {**files_of(9), **files_of(7), **files_of(300), ".lock": b""}
    around = look_around(Listed(files), 300)
    assert around.findings == ()
    assert around.remarks == {}
    for path in ("tile/0/000.p/7", "tile/entries/000.p/9"):
        found = look_around(Listed({**files, path: change(files[path])}), 300).findings
        assert [p.place for p in found] == [path]


def test_every_other_file_is_accounted_for() -> None:
    more = {
        "tile/0/.partial-00ff": b"",
        "index.html": b"",
        "tile/0/0x1": b"",
        "tile/0/002": b"",
        "tile/0/001.p/60": b"",
        "tile/3/000.p/1": b"",
    }
    around = look_around(Listed({**files_of(300), **more}), 300)
    assert around.findings == ()
    assert around.remarks == {Remark.UNFINISHED: 1, Remark.STRAY: 2, Remark.AHEAD: 3}
