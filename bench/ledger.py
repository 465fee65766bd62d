"""The ledger beside its peers: `python bench/ledger.py` prints a table and writes bench/results/ledger.*.

Hides how a thing is timed: the best of several rounds, since other work on the machine only slows. A peer
that is not installed is left out and said to be (`pymerkle`, `metamorphic-log`: neither is needed to run
Habeas). Every peer must agree with us on the result, or the run fails.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import platform
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from habeas.kernel.canonical import encode
from habeas.kernel.version import VERSION
from habeas.ledger import entry as e
from habeas.ledger import keys as k
from habeas.ledger import merkle as m
from habeas.ledger import note as n
from habeas.ledger import tiles as t
from habeas.ledger.receipt import make_receipt
from habeas.ledger.trust import read_trust
from habeas.ledger.verify import verify_log, verify_receipt
from habeas.verifier.receipt import check_receipt

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

RESULTS: Final = Path(__file__).resolve().parent / "results"
LEAVES: Final = 100_000
INDEX: Final = 77_777
ROUNDS: Final = 5
LOG: Final = k.SignerKey("ledger.example.org/habeas", k.SignatureType.ED25519, sha256(b"bench").digest())

# As many words as a reporting row has.
STAT: Final = {
    "kind": "determination.made", "request_ref": "0123456789", "item": "1", "month": "2020-10",
    "periods": ["us-co:2020-q3"], "custodian": "revenue", "unit": "motor_vehicle_investigations",
    "component": "ice_hsi", "channel": "email", "paper_authority": "administrative",
    "paper_form": "administrative_subpoena", "purpose": "immigration", "category": "address",
    "ground": "us-co/2020-guidance", "effect": "forbidden", "outcome": "refuse", "override": False,
    "days": "0-10", "subjects": "one", "policy": "a" * 64, "demo": True,
}  # fmt: skip


@attrs.frozen
class Row:
    """One line of the table; `value` is in `unit`, and `aim` is ours only."""

    what: str
    who: str
    value: float
    unit: str
    aim: str = ""


def best(work: Callable[[], object], times: int) -> float:
    """Seconds for one call: the best of several rounds."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(times):
            work()
        rounds.append((time.perf_counter() - start) / times)
    return min(rounds)


def peer(module: str) -> ModuleType | None:
    """A peer's module, or None where it is not installed."""
    try:
        return importlib.import_module(module)
    except ImportError:
        return None


def version(package: str) -> str:
    """A package's version, for the table."""
    try:
        return f"{package} {importlib.metadata.version(package)}"
    except importlib.metadata.PackageNotFoundError:
        return f"{package} (not installed)"


class Sample:
    """A log of 100,000 entries of the real size, one of them real, with its files and checkpoint."""

    def __init__(self) -> None:
        self.salts = e.Salts(*(sha256(part.encode()).digest() for part in e.Part))
        self.entry = e.make_entry("0175a1b2-c3d4-7000-8000-0000000000ff", STAT, {}, {}, self.salts)
        commitments = (sha256(at.to_bytes(8, "big")).hexdigest() for at in range(LEAVES))
        self.entries = [
            e.Entry(f"0175a1b2-c3d4-7000-8000-{at:012x}", made, made, made).encode()
            for at, made in enumerate(commitments)
        ]
        self.entries[INDEX] = self.entry.encode()
        self.leaves = m.leaf_hashes(self.entries)
        self.root = m.tree_root(self.leaves)
        self.checkpoint = n.sign_note(n.Checkpoint(LOG.name, LEAVES, self.root).text, [LOG])
        files = {**dict(t.log_files(self.entries)), "checkpoint": self.checkpoint.encode()}
        self.log = t.StaticLog(files)
        self.proof = self.prove()

    def prove(self) -> list[bytes]:
        """An inclusion proof from tiles that were not read before."""
        return m.inclusion_proof(t.TileHashes(self.log.read, LEAVES), INDEX, LEAVES)

    def receipt(self, *parts: e.Part) -> Any:  # noqa: ANN401 - JSON
        """A receipt of the real entry."""
        openings = [e.Opening(part, self.salts.of(part), STAT) for part in parts]
        return make_receipt(self.entry, openings, n.TlogProof(INDEX, tuple(self.proof), self.checkpoint))


def receipts(sample: Sample) -> list[Row]:
    """Checking one receipt, and what of it is the signature itself."""
    vkey, what = LOG.verifier.vkey, "check a receipt"
    trust = read_trust([vkey])
    plain, opened = sample.receipt(), sample.receipt(e.Part.STAT)
    data = encode(opened)
    signature = n.split_note(sample.checkpoint)[1][0].signature
    text = n.Checkpoint(LOG.name, LEAVES, sample.root).text
    assert verify_receipt(opened, trust).accepted
    rows = [
        ms(f"{what}, nothing opened", "habeas", lambda: verify_receipt(plain, trust), 500, "< 0.2"),
        ms(f"{what}, reporting row opened", "habeas", lambda: verify_receipt(opened, trust), 500, "< 0.2"),
        ms(f"{what}, from the file's bytes", "habeas", lambda: check_receipt(data, trust), 300),
        ms("one Ed25519 verification", "cryptography", lambda: LOG.verifier.verify(text, signature), 500),
    ]
    rust = peer("metamorphic_log")
    if rust is not None:
        leaf, note, proof = sample.leaves[INDEX], sample.checkpoint, sample.proof
        check = rust.checkpoint_verify_inclusion
        rows.append(
            ms(
                f"{what}, nothing opened",
                "metamorphic-log (Rust)",
                lambda: check(note, [vkey], INDEX, leaf, proof),
                500,
            )
        )
    return rows


def ms(what: str, who: str, work: Callable[[], object], times: int, aim: str = "") -> Row:
    """A row in milliseconds."""
    return Row(what, who, best(work, times) * 1e3, "ms", aim)


def proofs(sample: Sample) -> list[Row]:
    """Proving and checking inclusion at 100,000 leaves."""
    leaf, proof, root = sample.leaves[INDEX], sample.proof, sample.root
    assert m.verify_inclusion(leaf, INDEX, LEAVES, proof, root)
    prove, check = "prove inclusion", "check inclusion"
    kept = t.TileHashes(sample.log.read, LEAVES)
    rows = [
        ms(f"{prove}, tiles read anew", "habeas", sample.prove, 100),
        ms(f"{prove}, tiles kept", "habeas", lambda: m.inclusion_proof(kept, INDEX, LEAVES), 100),
        ms(check, "habeas", lambda: m.verify_inclusion(leaf, INDEX, LEAVES, proof, root), 1000),
    ]
    rust = peer("metamorphic_log")
    if rust is not None:
        rust.verify_inclusion(INDEX, LEAVES, leaf, proof, root)
        rows.append(
            ms(
                check,
                "metamorphic-log (Rust)",
                lambda: rust.verify_inclusion(INDEX, LEAVES, leaf, proof, root),
                1000,
            )
        )
    return rows + pymerkle_rows(sample, prove, check)


def pymerkle_rows(sample: Sample, prove: str, check: str) -> list[Row]:
    """The same with pymerkle, which keeps every node in memory."""
    module = peer("pymerkle")
    if module is None:
        return []
    tree = module.InmemoryTree(algorithm="sha256")
    start = time.perf_counter()
    for entry in sample.entries:
        tree.append_entry(entry)
    grown = time.perf_counter() - start
    root, leaf, proof = tree.get_root(), tree.get_leaf(INDEX + 1), tree.prove_inclusion(INDEX + 1)
    assert (root, leaf) == (sample.root, sample.leaves[INDEX])
    return [
        ms(f"{prove}, all nodes in memory", "pymerkle", lambda: tree.prove_inclusion(INDEX + 1), 100),
        ms(check, "pymerkle", lambda: module.verify_inclusion(leaf, root, proof), 1000),
        Row("append one entry", "pymerkle", grown / LEAVES * 1e3, "ms"),
    ]


def whole(sample: Sample) -> list[Row]:
    """Appending, and checking the whole log against hashing the same bytes and nothing else."""
    trust = read_trust([LOG.verifier.vkey])
    assert verify_log(sample.log, trust).sound
    leaves, node = [b"\x00" + entry for entry in sample.entries], b"\x01" + bytes(64)

    def bare() -> None:
        for leaf in leaves:
            sha256(leaf).digest()
        for _ in range(LEAVES - 1):
            sha256(node).digest()

    def append() -> None:
        tree = m.Frontier()
        for leaf in sample.leaves[:5000]:
            tree = tree.append(leaf)

    checked, hashed = best(lambda: verify_log(sample.log, trust), 1), best(bare, 1)
    return [
        Row("append one entry", "habeas", best(append, 1) / 5000 * 1e3, "ms"),
        Row(
            "append one entry, in a batch",
            "habeas",
            best(lambda: m.tree_root(sample.leaves), 1) / LEAVES * 1e3,
            "ms",
        ),
        Row(f"check a whole log of {LEAVES:,}", "habeas", checked * 1e3, "ms"),
        Row("hash the same leaves and nodes, bare", "hashlib", hashed * 1e3, "ms"),
        Row("check / bare hashing", "habeas", checked / hashed, "x", "<= 1.5"),
    ]


def versions() -> dict[str, str]:
    """What was compared, on what."""
    packages = [version(name) for name in ("cryptography", "pymerkle", "metamorphic-log", "rfc8785")]
    return {
        "habeas": VERSION,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "machine": f"{platform.system()} {platform.machine()}",
        "packages": ", ".join(packages),
    }


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | who | result | aim |", "|---|---|---:|---|"]
    lines += [f"| {r.what} | {r.who} | {r.value:.4f} {r.unit} | {r.aim} |" for r in rows]
    return "\n".join(lines)


def main() -> int:
    """Run, print, write; 0."""
    sample = Sample()
    rows = [*receipts(sample), *proofs(sample), *whole(sample)]
    told = versions()
    head = "\n".join(f"- {name}: {value}" for name, value in told.items())
    text = f"# Ledger benchmark, {LEAVES:,} leaves\n\n`python bench/ledger.py`; best of {ROUNDS} rounds.\n\n"
    text += f"{head}\n\n{table(rows)}\n"
    print(text)
    RESULTS.mkdir(exist_ok=True)
    document = {"leaves": LEAVES, "versions": told, "rows": [attrs.asdict(row) for row in rows]}
    (RESULTS / "ledger.md").write_text(text, encoding="utf-8")
    (RESULTS / "ledger.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
