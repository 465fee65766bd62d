"""Vectors of other projects (`HABEAS_SHARED/vectors/ledger/index.tsv`): every good one holds, no bad one."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest

from habeas.kernel.errors import BadInput
from habeas.ledger import keys as k
from habeas.ledger import merkle as m
from habeas.ledger import note as n
from habeas.ledger import tiles as t
from habeas.ledger.trust import read_trust
from habeas.ledger.verify import verify_log

pytestmark = pytest.mark.conformance

ROOT = Path(__file__).resolve().parents[2]
VECTORS = (ROOT / os.environ.get("HABEAS_SHARED", "../shared") / "vectors" / "ledger").resolve()
MERKLE = VECTORS / "transparency-dev-merkle"


def load(name: str) -> Any:
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def b64(text: str) -> bytes:
    return base64.b64decode(text)


def files(folder: str) -> list[Path]:
    return sorted((MERKLE / folder).rglob("*.json"))


def name_of(file: Path) -> str:
    return str(file.relative_to(MERKLE))


# ------------------------------------------------------------------------------------------- proofs


def test_all_the_proofs_are_there() -> None:
    assert (len(files("inclusion")), len(files("consistency"))) == (98, 98)


@pytest.mark.parametrize("file", files("inclusion"), ids=name_of)
def test_an_inclusion_proof_gets_the_verdict_it_should(file: Path) -> None:
    case = json.loads(file.read_text(encoding="utf-8"))
    proof = [b64(one) for one in case["proof"] or []]
    leaf, root = b64(case["leafHash"]), b64(case["root"])
    holds = m.verify_inclusion(leaf, case["leafIdx"], case["treeSize"], proof, root)
    assert holds is not case["wantErr"]


@pytest.mark.parametrize("file", files("consistency"), ids=name_of)
def test_a_consistency_proof_gets_the_verdict_it_should(file: Path) -> None:
    case = json.loads(file.read_text(encoding="utf-8"))
    proof = [b64(one) for one in case["proof"] or []]
    old, new = b64(case["root1"]), b64(case["root2"])
    assert m.verify_consistency(case["size1"], case["size2"], proof, old, new) is not case["wantErr"]


def test_every_node_and_root_of_the_reference_tree() -> None:
    case = load("transparency-dev-merkle/rfc6962_constants.json")
    leaves = m.leaf_hashes([bytes.fromhex(one) for one in case["leaf_inputs_hex"]])
    row, nodes = leaves, list(leaves)
    while len(row) > 1:
        row = [m.fold(row[at : at + 2]) for at in range(0, len(row), 2)]
        nodes += row
    assert [node.hex() for node in nodes] == case["node_hashes_by_level_flat"]
    roots = [m.tree_root(leaves[:size]).hex() for size in range(1, 9)]
    assert roots == case["root_hashes_for_size_1_to_8"]
    assert m.EMPTY_ROOT.hex() == case["empty_root"]


@pytest.mark.parametrize("case", load("transparency-dev-merkle/rfc6962_constants.json")["hasher"])
def test_leaves_and_nodes_are_hashed_apart(case: dict[str, str]) -> None:
    if "leaf_ascii" in case:
        assert m.leaf_hash(case["leaf_ascii"].encode()).hex() == case["hash"]
    else:
        assert m.node_hash(case["left_ascii"].encode(), case["right_ascii"].encode()).hex() == case["hash"]


# ------------------------------------------------------------------------------------------- notes

NOTE = load("golang-mod/note.json")
PETER = k.parse_vkey(NOTE["vkey"])
ENOCH = k.parse_vkey(NOTE["enoch_vkey"])
SIGNED = f"{NOTE['text']}\n{NOTE['peter_sig']}"


def refuse(note: str | bytes, *keys: k.VerifierKey) -> None:
    with pytest.raises(BadInput):
        n.open_note(note, keys or (PETER,))


def test_a_note_is_signed_byte_for_byte_as_go_signs_it() -> None:
    signer = k.parse_skey(NOTE["skey"])
    assert n.sign_note(NOTE["text"], [signer]) == SIGNED
    assert (signer.verifier, signer.skey, PETER.vkey) == (PETER, NOTE["skey"], NOTE["vkey"])


def test_a_note_opens_under_one_key_under_the_other_and_under_both() -> None:
    both = SIGNED + NOTE["enoch_sig"]
    for keys in ((PETER,), (ENOCH,), (PETER, ENOCH)):
        note = n.open_note(both, keys)
        assert note.text == NOTE["text"]
        assert note.verified(k.SignatureType.ED25519) == list(keys)
    refuse(SIGNED, ENOCH)


def test_a_repeated_signature_is_no_harm() -> None:
    assert n.open_note(SIGNED + NOTE["peter_sig"], [PETER]).verified(k.SignatureType.ED25519) == [PETER]


@pytest.mark.parametrize("vkey", NOTE["bad_vkeys"])
def test_a_bad_key_is_refused(vkey: str) -> None:
    with pytest.raises(BadInput):
        k.parse_vkey(vkey)


def test_every_part_and_every_change_of_a_key_is_refused() -> None:
    vkey = NOTE["vkey"]
    parts = {vkey[a:b] for a in range(len(vkey)) for b in range(a, len(vkey) + 1)} - {vkey}
    changed = {vkey[:at] + chr(ord(vkey[at]) + 1) + vkey[at + 1 :] for at in range(len(vkey))}
    for bad in parts | changed:
        with pytest.raises(BadInput):
            k.parse_vkey(bad)


def test_every_bad_note_is_refused() -> None:
    text, line = NOTE["text"], NOTE["peter_sig"]
    refuse(text)
    refuse(f"{text}\n")
    refuse(SIGNED[:-1])
    refuse(f"\x01{SIGNED}")
    refuse(b"\xff" + SIGNED.encode())
    refuse(SIGNED.replace("— PeterNeumann", "— Peter Neumann"))
    refuse(f"{SIGNED}Unexpected line.\n")
    refuse(SIGNED + line * 100)
    refuse(SIGNED.replace("cryptography", "Cryptography"))
    refuse(SIGNED.replace("x08go/", "x08goA"))


# ------------------------------------------------------------------------------------------- checkpoints


def with_whole_root(text: str) -> str:
    """The same text with its third line a root of 32 bytes: that parser does not ask for one, C2SP does."""
    lines = text.split("\n")
    return "\n".join([*lines[:2], base64.b64encode(m.EMPTY_ROOT).decode(), *lines[3:]])


@pytest.mark.parametrize("case", load("formats/checkpoint_parse.json"), ids=lambda case: case["desc"])
def test_a_checkpoint_body_gets_the_verdict_it_should(case: dict[str, Any]) -> None:
    text = case["text"]
    with pytest.raises(BadInput):
        n.parse_checkpoint(text)  # the good ones' roots are not SHA-256 hashes
    if case["want_err"]:
        return
    whole = with_whole_root(text)
    if case["desc"] == "valid with trailing newlines":  # C2SP: extension lines are not empty
        with pytest.raises(BadInput):
            n.parse_checkpoint(whole)
        return
    assert n.parse_checkpoint(whole).text == whole


TREE = load("golang-mod/tree_note.json")


def test_the_tree_note_of_go_is_read_and_written() -> None:
    head = n.parse_checkpoint(TREE["good"])
    assert (head.origin, head.size) == ("go.sum database tree", 123456789012)
    assert head.root == m.leaf_hash(TREE["leaf_ascii"].encode())
    assert head.text == TREE["good"]
    for line in TREE["extra_lines_ok"]:
        assert n.parse_checkpoint(TREE["good"] + line).size == head.size


@pytest.mark.parametrize("bad", TREE["bad"])
def test_a_bad_tree_note_is_refused(bad: str) -> None:
    try:
        head = n.parse_checkpoint(bad)
    except BadInput:
        return
    assert head.origin != "go.sum database tree"  # well formed, of another log: refused with its key's name


# ------------------------------------------------------------------------------------------- tiles


@pytest.mark.parametrize("grown", TREE["new_tiles_count_h10"])
def test_a_tree_that_grows_writes_as_many_tiles_as_gos(grown: list[int]) -> None:
    old, new, count = grown
    assert len(list(t.growth(old, new, 10))) == count


@pytest.mark.parametrize("case", load("golang-mod/tile_paths.json"), ids=lambda case: case["path"])
def test_a_path_of_gos_is_read_without_its_height(case: dict[str, Any]) -> None:
    _, height, rest = case["path"].split("/", 2)
    path = f"tile/{rest}".replace("/data/", "/entries/")
    if case["tile"] is None:
        with pytest.raises(BadInput):
            t.parse_path(path)
        return
    _, level, index, width = case["tile"]
    full = 1 << int(height)
    assert t.parse_path(path) == t.Tile(level, index, t.WIDTH if width == full else width)
    assert t.parse_path(path).path == path


# ------------------------------------------------------------------------------------------- a whole log

TESSERA = VECTORS / "tessera" / "log"
KEYS = load("tessera/keys.json")
LEAVES = [leaf.encode() for leaf in KEYS["leaves"]]


@pytest.mark.parametrize("size", range(len(LEAVES) + 1))
def test_tesseras_log_is_built_byte_for_byte(size: int) -> None:
    signer = k.parse_skey(KEYS["skey"])
    head = n.Checkpoint(signer.name, size, m.tree_root(m.leaf_hashes(LEAVES[:size])))
    assert n.sign_note(head.text, [signer]).encode() == (TESSERA / f"checkpoint.{size}").read_bytes()
    for path, data in t.log_files(LEAVES[:size]):
        assert data == (TESSERA / path).read_bytes(), path


class Folder:
    """A log in a folder."""

    def __init__(self, size: int) -> None:
        self.size = size

    def checkpoint(self) -> bytes:
        return (TESSERA / f"checkpoint.{self.size}").read_bytes()

    def read(self, tile: t.Tile) -> bytes | None:
        file = TESSERA / tile.path
        return file.read_bytes() if file.exists() else None


@pytest.mark.parametrize("size", range(len(LEAVES) + 1))
def test_tesseras_log_is_sound(size: int) -> None:
    verdict = verify_log(Folder(size), read_trust([KEYS["vkey"]]))
    assert verdict.sound
    assert verdict.checkpoint is not None
    assert verdict.checkpoint.size == size


def test_tesseras_checkpoints_are_consistent_with_each_other() -> None:
    roots = [n.parse_checkpoint(n.split_note(Folder(s).checkpoint())[0]).root for s in range(16)]
    hashes = t.TileHashes(Folder(15).read, 15)
    for old in range(1, 16):
        proof = m.consistency_proof(hashes, old, 15)
        assert m.verify_consistency(old, 15, proof, roots[old], roots[15])
        assert not m.verify_consistency(old, 15, proof, roots[old - 1], roots[15])


def test_the_folder_holds_no_file_that_was_not_compared() -> None:
    compared = {path for size in range(16) for path, _ in t.log_files(LEAVES[:size])}
    held = {str(file.relative_to(TESSERA)) for file in TESSERA.rglob("*") if file.is_file()}
    assert held - compared == {"checkpoint", *(f"checkpoint.{size}" for size in range(16))}
