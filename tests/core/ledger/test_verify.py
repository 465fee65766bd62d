"""The recipe: what it accepts, what it refuses at which step, and what it says it does not prove."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.canonical import decode, encode
from habeas.kernel.errors import BadInput
from habeas.ledger import entry as e
from habeas.ledger import keys as k
from habeas.ledger import merkle as m
from habeas.ledger import note as n
from habeas.ledger import tiles as t
from habeas.ledger.receipt import make_receipt, read_receipt
from habeas.ledger.trust import Trust, read_trust
from habeas.ledger.verify import (
    Limit,
    LogVerdict,
    StepName,
    StepResult,
    Verdict,
    open_checkpoint,
    verify_log,
    verify_receipt,
)

NAME = "ledger.example.org/habeas"
LOG = k.SignerKey(NAME, k.SignatureType.ED25519, b"\x01" * 32)
WITNESSES = [
    k.SignerKey(f"witness{i}.example.net", k.SignatureType.COSIGNATURE, bytes([i]) * 32) for i in (2, 3)
]
TRUST = read_trust([LOG.verifier.vkey])
STAT = {"kind": "determination.made", "outcome": "refuse", "demo": True}


def salts(index: int) -> e.Salts:
    return e.Salts(*(bytes([part]) + index.to_bytes(31, "big") for part in (1, 2, 3)))


def entry(index: int) -> e.Entry:
    name = f"0175a1b2-c3d4-7000-8000-{index:012x}"
    return e.make_entry(name, STAT, {"n": index}, {"text": "private"}, salts(index))


class Log:
    """A log of sample entries, its files and its signed checkpoint."""

    def __init__(self, size: int) -> None:
        self.entries = [entry(index).encode() for index in range(size)]
        self.head = n.Checkpoint(NAME, size, m.tree_root(m.leaf_hashes(self.entries)))
        self.note = n.sign_note(self.head.text, [LOG])
        self.files = {**dict(t.log_files(self.entries)), "checkpoint": self.note.encode()}
        self.hashes = t.TileHashes(t.StaticLog(self.files).read, size)

    def receipt(self, index: int, *parts: e.Part, note: str = "") -> Any:
        proof = tuple(m.inclusion_proof(self.hashes, index, self.head.size))
        values = {e.Part.STAT: STAT, e.Part.FACTS: {"n": index}, e.Part.PRIVATE: {"text": "private"}}
        openings = [e.Opening(part, salts(index).of(part), values[part]) for part in parts]
        return make_receipt(entry(index), openings, n.TlogProof(index, proof, note or self.note))


LOG_OF_9 = Log(9)
RECEIPT = LOG_OF_9.receipt(5, e.Part.STAT)


def failing(verdict: Verdict) -> StepName | None:
    return next((step.name for step in verdict.steps if step.result is StepResult.FAILS), None)


# ------------------------------------------------------------------------------------------- receipts


def test_a_good_receipt_is_accepted_and_says_what_it_proves() -> None:
    verdict = verify_receipt(RECEIPT, TRUST)
    assert verdict.accepted
    assert verdict.proved is not None
    assert (verdict.proved.origin, verdict.proved.index, verdict.proved.size) == (NAME, 5, 9)
    assert verdict.proved.entry == entry(5)
    assert [opening.value for opening in verdict.proved.opened] == [STAT]
    assert verdict.proved.signed_by == (LOG.verifier.vkey,)
    assert {step.result for step in verdict.steps} == {StepResult.HOLDS}
    assert [step.name for step in verdict.steps] == list(StepName)
    assert [step.number for step in verdict.steps] == list(range(1, len(StepName) + 1))


def test_an_accepted_receipt_says_what_it_does_not_prove() -> None:
    limits = verify_receipt(RECEIPT, TRUST).limits
    assert limits == (Limit.COMPLETENESS, Limit.CORRECTNESS, Limit.SEALED_PARTS, Limit.SPLIT_VIEW)
    trust = read_trust([LOG.verifier.vkey, WITNESSES[0].verifier.vkey], 1)
    cosigned = n.cosign(LOG_OF_9.note, WITNESSES[0], 7)
    full = verify_receipt(LOG_OF_9.receipt(5, *e.Part, note=cosigned), trust)
    assert full.limits == (Limit.COMPLETENESS, Limit.CORRECTNESS)
    assert full.proved is not None
    assert full.proved.witnessed_by == (WITNESSES[0].verifier.vkey,)


@given(st.integers(1, 40).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_the_receipt_of_every_entry_of_every_log_is_accepted(case: tuple[int, int]) -> None:
    size, index = case
    receipt = Log(size).receipt(index, e.Part.FACTS)
    assert verify_receipt(receipt, TRUST).accepted
    assert verify_receipt(decode(encode(receipt)), TRUST).accepted


def test_a_flipped_bit_in_a_receipt_is_refused() -> None:
    data = bytearray(encode(RECEIPT))
    for at in range(len(data) * 8):
        data[at // 8] ^= 1 << at % 8
        try:
            document = decode(bytes(data))
        except BadInput:
            document = None
        assert document is None or not verify_receipt(document, TRUST).accepted, f"bit {at}"
        data[at // 8] ^= 1 << at % 8


def test_the_keys_come_from_the_caller_only() -> None:
    forger = k.SignerKey(NAME, k.SignatureType.ED25519, b"\x09" * 32)
    forged = n.sign_note(LOG_OF_9.head.text, [forger])
    verdict = verify_receipt(LOG_OF_9.receipt(5, note=forged), TRUST)
    assert failing(verdict) is StepName.SIGNATURE
    with_key = {**RECEIPT, "vkeys": [forger.verifier.vkey]}
    assert failing(verify_receipt(with_key, TRUST)) is StepName.RECEIPT


def test_a_step_that_fails_ends_the_recipe() -> None:
    verdict = verify_receipt(LOG_OF_9.receipt(5, note=LOG_OF_9.note + "x"), TRUST)
    results = [step.result for step in verdict.steps]
    assert results == [StepResult.HOLDS] * 2 + [StepResult.FAILS] + [StepResult.NOT_REACHED] * 4
    assert [step.number for step in verdict.steps] == list(range(1, len(StepName) + 1))
    assert verdict.problem is not None
    assert verdict.problem.code == "ledger.note.malformed"
    assert verdict.limits == ()
    assert not verdict.accepted


def test_another_log_with_an_accepted_key_cannot_speak_for_this_one() -> None:
    other = k.SignerKey("other.example.org", k.SignatureType.ED25519, b"\x08" * 32)
    trust = read_trust([LOG.verifier.vkey, other.verifier.vkey])
    verdict = verify_receipt(LOG_OF_9.receipt(5, note=n.sign_note(LOG_OF_9.head.text, [other])), trust)
    assert failing(verdict) is StepName.CHECKPOINT


def test_a_witness_cannot_stand_in_for_the_log() -> None:
    trust = read_trust([LOG.verifier.vkey, WITNESSES[0].verifier.vkey])
    stranger = k.SignerKey("stranger.example", k.SignatureType.ED25519, b"\x07" * 32)
    note = n.cosign(n.sign_note(LOG_OF_9.head.text, [stranger]), WITNESSES[0], 7)
    assert failing(verify_receipt(LOG_OF_9.receipt(5, note=note), trust)) is StepName.SIGNATURE


def test_a_quorum_counts_different_witnesses() -> None:
    trust = read_trust([key.verifier.vkey for key in (LOG, *WITNESSES)], 2)
    once = n.cosign(LOG_OF_9.note, WITNESSES[0], 7)
    twice = n.cosign(once, WITNESSES[0], 8)
    both = n.cosign(once, WITNESSES[1], 8)
    for note, step in ((once, StepName.WITNESSES), (twice, StepName.WITNESSES), (both, None)):
        assert failing(verify_receipt(LOG_OF_9.receipt(5, note=note), trust)) is step


def test_one_key_under_two_names_is_one_witness() -> None:
    twin = k.SignerKey("twin.example.net", k.SignatureType.COSIGNATURE, WITNESSES[0].seed)
    with pytest.raises(BadInput) as error:
        read_trust([key.verifier.vkey for key in (LOG, WITNESSES[0], twin)], 2)
    assert error.value.problems[0].code == "ledger.trust.quorum_unreachable"


def test_trust_without_a_log_key_is_refused() -> None:
    for vkeys in ([], [WITNESSES[0].verifier.vkey]):
        with pytest.raises(BadInput) as error:
            read_trust(vkeys)
        assert error.value.problems[0].code == "ledger.trust.empty"


def test_no_witness_is_asked_for_unless_the_caller_does() -> None:
    assert Trust((LOG.verifier,)) == read_trust([LOG.verifier.vkey]) == Trust((LOG.verifier,), (), 0)


@pytest.mark.parametrize("quorum", [-1, 1, 3])
def test_a_quorum_that_cannot_be_reached_is_refused(quorum: int) -> None:
    with pytest.raises(BadInput):
        Trust((LOG.verifier,), (), quorum)


def test_a_receipt_with_a_false_opening_is_not_made() -> None:
    false = e.Opening(e.Part.STAT, salts(5).stat, {**STAT, "outcome": "release"})
    with pytest.raises(BadInput) as error:
        make_receipt(entry(5), [false], n.parse_proof(RECEIPT["tlog_proof"]))
    assert error.value.problems[0].code == "ledger.opening.differs"


def test_a_receipt_is_read_back() -> None:
    receipt = read_receipt(RECEIPT)
    assert make_receipt(receipt.entry, receipt.openings, n.parse_proof(receipt.tlog_proof)) == RECEIPT


def deep(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


HOSTILE: list[Any] = [
    None, True, 0, -1, 2**200, 1.5, "", "x" * 10_000, [], {}, [[]], {"": {}}, deep(200), b"x", float("nan"),
]  # fmt: skip


def places(document: Any, prefix: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside a document."""
    if not isinstance(document, dict | list):
        return [prefix]
    inside = document.items() if isinstance(document, dict) else enumerate(document)
    return [prefix, *(way for key, value in inside for way in places(value, (*prefix, key)))]


@pytest.mark.parametrize(
    "way", [way for way in places(RECEIPT) if way], ids=lambda way: ".".join(map(str, way))
)
@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda value: repr(value)[:12])
def test_a_hostile_value_anywhere_is_refused(way: tuple[Any, ...], hostile: Any) -> None:
    document = copy.deepcopy(RECEIPT)
    inside = document
    for key in way[:-1]:
        inside = inside[key]
    if type(inside[way[-1]]) is type(hostile) and inside[way[-1]] == hostile:
        return
    inside[way[-1]] = hostile
    accepted = verify_receipt(document, TRUST).accepted
    assert accepted == (way == ("openings",) and hostile == [])  # nothing opened is a good receipt


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda value: repr(value)[:12])
def test_what_is_no_receipt_is_refused(hostile: Any) -> None:
    assert failing(verify_receipt(hostile, TRUST)) is StepName.RECEIPT


def test_a_verdict_as_json_repeats_no_salt_and_no_opened_value() -> None:
    shown = encode(verify_receipt(LOG_OF_9.receipt(5, *e.Part), TRUST).as_json()).decode()
    assert "private" in shown
    assert '"text"' not in shown
    assert salts(5).private.hex() not in shown


# ------------------------------------------------------------------------------------------- whole logs

SIZES = [0, 1, 9, 255, 256, 257, 700]


def check(files: dict[str, bytes]) -> LogVerdict:
    return verify_log(t.StaticLog(files), TRUST)


def found(verdict: LogVerdict) -> set[tuple[str, str]]:
    return {(finding.code, finding.place) for finding in verdict.findings}


@pytest.mark.parametrize("size", SIZES)
def test_a_whole_log_is_sound(size: int) -> None:
    log = Log(size)
    verdict = check(log.files)
    assert verdict.sound
    assert verdict.checkpoint == log.head


LOG_OF_700 = Log(700)


BUNDLES = sorted(path for path in LOG_OF_700.files if "entries" in path)
TILES = sorted(path for path in LOG_OF_700.files if "tile" in path and path not in BUNDLES)


@pytest.mark.parametrize("path", TILES)
def test_a_damaged_tile_is_found_and_named(path: str) -> None:
    data = bytearray(LOG_OF_700.files[path])
    for at in {0, len(data) // 2, len(data) - 1}:
        data[at] ^= 1
        verdict = check({**LOG_OF_700.files, path: bytes(data)})
        data[at] ^= 1
        assert found(verdict) == {("ledger.tile.differs", path)}


@pytest.mark.parametrize("path", BUNDLES)
def test_an_altered_entry_is_found_and_named_by_its_index(path: str) -> None:
    n_of_bundle = t.parse_path(path).n
    for at in (0, 100, 187):
        data = bytearray(LOG_OF_700.files[path])
        data[at * (2 + e.ENTRY_SIZE) + 50] ^= 1
        verdict = check({**LOG_OF_700.files, path: bytes(data)})
        assert found(verdict) == {("ledger.entry.differs", f"entry {n_of_bundle * 256 + at}")}
        assert not verdict.sound


@pytest.mark.parametrize("path", BUNDLES + TILES)
def test_a_file_cut_short_or_grown_is_found_and_named(path: str) -> None:
    for data in (LOG_OF_700.files[path][:-1], LOG_OF_700.files[path] + b"x", b""):
        verdict = check({**LOG_OF_700.files, path: data})
        assert {finding.place for finding in verdict.findings} == {path}


def test_an_entry_and_its_tile_altered_together_do_not_give_the_root() -> None:
    entries = [*LOG_OF_700.entries[:300], entry(9000).encode(), *LOG_OF_700.entries[301:]]
    changed = {
        path: data for path, data in t.log_files(entries) if path in {"tile/entries/001", "tile/0/001"}
    }
    codes = {finding.code for finding in check({**LOG_OF_700.files, **changed}).findings}
    assert codes == {"ledger.root.differs", "ledger.tile.differs"}


def test_an_entry_altered_in_one_place_and_a_tile_in_another_are_both_found() -> None:
    bundle, tile = bytearray(LOG_OF_700.files["tile/entries/000"]), bytearray(LOG_OF_700.files["tile/0/001"])
    bundle[50] ^= 1
    tile[0] ^= 1
    verdict = check({**LOG_OF_700.files, "tile/entries/000": bytes(bundle), "tile/0/001": bytes(tile)})
    assert {place for _, place in found(verdict)} >= {"tile/0/000", "tile/0/001", "checkpoint"}


@pytest.mark.parametrize("path", BUNDLES + TILES)
def test_a_missing_file_is_found_and_named(path: str) -> None:
    verdict = check({name: data for name, data in LOG_OF_700.files.items() if name != path})
    kind = "bundle" if path in BUNDLES else "tile"
    assert found(verdict) == {(f"ledger.{kind}.missing", path)}
    assert not verdict.sound


def test_a_missing_checkpoint_is_found() -> None:
    assert found(check(dict(t.log_files(LOG_OF_700.entries)))) == {
        ("ledger.checkpoint.missing", "checkpoint")
    }


def test_a_damaged_checkpoint_is_refused() -> None:
    data = bytearray(LOG_OF_9.files["checkpoint"])
    for at in range(len(data)):
        data[at] ^= 1
        assert check({**LOG_OF_9.files, "checkpoint": bytes(data)}).checkpoint is None
        data[at] ^= 1


def test_a_bundle_and_its_tile_both_missing_leave_no_root() -> None:
    gone = {"tile/entries/001", "tile/0/001"}
    verdict = check({name: data for name, data in LOG_OF_700.files.items() if name not in gone})
    codes = [finding.code for finding in verdict.findings]
    assert codes == ["ledger.bundle.missing", "ledger.tile.missing", "ledger.root.differs"]


def test_two_entries_swapped_everywhere_but_in_the_checkpoint_are_found() -> None:
    entries = list(LOG_OF_700.entries)
    entries[3], entries[4] = entries[4], entries[3]
    verdict = check({**dict(t.log_files(entries)), "checkpoint": LOG_OF_700.files["checkpoint"]})
    assert found(verdict) == {("ledger.root.differs", "checkpoint")}


def test_a_dropped_tail_is_found() -> None:
    shorter = dict(t.log_files(LOG_OF_700.entries[:699]))
    verdict = check({**shorter, "checkpoint": LOG_OF_700.files["checkpoint"]})
    assert ("ledger.bundle.missing", "tile/entries/002.p/188") in found(verdict)


def test_a_log_rewritten_and_signed_again_fails_against_the_older_checkpoint() -> None:
    # Only a checkpoint kept outside shows this: the rewritten log is sound by itself.
    forked = [entry(index + 1000).encode() for index in range(9)]
    root = m.tree_root(m.leaf_hashes(forked))
    signed = n.sign_note(n.Checkpoint(NAME, 9, root).text, [LOG])
    files = {**dict(t.log_files(forked)), "checkpoint": signed.encode()}
    assert check(files).sound
    assert not m.verify_consistency(9, 9, [], LOG_OF_9.head.root, root)


def test_a_checkpoint_under_another_key_ends_the_check() -> None:
    forger = k.SignerKey(NAME, k.SignatureType.ED25519, b"\x09" * 32)
    note = n.sign_note(LOG_OF_9.head.text, [forger])
    verdict = check({**LOG_OF_9.files, "checkpoint": note.encode()})
    assert verdict.checkpoint is None
    assert found(verdict) == {("ledger.note.unsigned", "note")}


def test_damage_far_above_the_leaves_is_found_and_named() -> None:
    entries = [at.to_bytes(4, "big") for at in range(2 * 65_536 + 300)]
    files = dict(t.log_files(entries))
    head = n.Checkpoint(NAME, len(entries), m.tree_root(m.leaf_hashes(entries)))
    files["checkpoint"] = n.sign_note(head.text, [LOG]).encode()
    assert check(files).sound
    for path in ("tile/1/001", "tile/1/002.p/1", "tile/2/000.p/2"):
        damaged = bytes([files[path][0] ^ 1]) + files[path][1:]
        assert found(check({**files, path: damaged})) == {("ledger.tile.differs", path)}


def test_a_log_without_a_checkpoint_is_never_sound() -> None:
    assert not LogVerdict(None, ()).sound


def test_a_checkpoint_of_a_huge_tree_is_no_work() -> None:
    huge = n.Checkpoint(NAME, m.MAX_SIZE, m.EMPTY_ROOT)
    verdict = check({"checkpoint": n.sign_note(huge.text, [LOG]).encode()})
    assert ("ledger.bundle.missing", "tile/entries/000") in found(verdict)
    assert not verdict.sound


def test_a_checkpoint_alone_is_opened_with_the_same_steps() -> None:
    assert open_checkpoint(LOG_OF_9.note, TRUST) == LOG_OF_9.head
    quorum = read_trust([LOG.verifier.vkey, WITNESSES[0].verifier.vkey], 1)
    with pytest.raises(BadInput):
        open_checkpoint(LOG_OF_9.note, quorum)
