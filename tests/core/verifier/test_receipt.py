"""What a person is told about a receipt file, and the exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.canonical import encode
from habeas.kernel.errors import BadInput
from habeas.ledger import entry as e
from habeas.ledger import keys as k
from habeas.ledger import merkle as m
from habeas.ledger import note as n
from habeas.ledger.receipt import make_receipt
from habeas.ledger.trust import read_trust
from habeas.verifier.receipt import MAX_RECEIPT, check_receipt, report_receipt

VECTORS = Path(__file__).resolve().parents[3] / "vectors" / "ledger"
LOG = k.SignerKey("ledger.example.org/habeas", k.SignatureType.ED25519, b"\x01" * 32)
TRUST = read_trust([LOG.verifier.vkey])
ID = "0175a1b2-c3d4-7000-8000-0000000000ff"


def cases(name: str) -> list[Any]:
    return list(json.loads((VECTORS / name).read_text(encoding="utf-8")))


SAMPLE_KEY = next(case["vkeys"][0] for case in cases("receipts.json"))


def receipt(value: Any) -> bytes:
    salts = e.Salts(b"s" * 32, b"f" * 32, b"p" * 32)
    entry = e.make_entry(ID, value, 1, 1, salts)
    head = n.Checkpoint(LOG.name, 1, m.leaf_hash(entry.encode()))
    proof = n.TlogProof(0, (), n.sign_note(head.text, [LOG]))
    return encode(make_receipt(entry, [e.Opening(e.Part.STAT, salts.stat, value)], proof))


@pytest.mark.parametrize("case", cases("files.json"), ids=lambda case: case["what"])
def test_a_file_gets_the_exit_code_it_should(case: Any) -> None:
    lines, code = report_receipt(case["text"].encode(), read_trust([SAMPLE_KEY]))
    assert code == case["exit"]
    assert lines


@pytest.mark.parametrize("case", cases("receipts.json"), ids=lambda case: case["what"])
def test_a_verdict_is_said_in_words(case: Any) -> None:
    trust = read_trust(case["vkeys"], case["quorum"])
    if case["what"] == "another schema":
        with pytest.raises(BadInput):
            check_receipt(json.dumps(case["receipt"]).encode(), trust)
        return
    lines, code = report_receipt(json.dumps(case["receipt"]).encode(), trust)
    assert code == (0 if case["accept"] else 1)
    assert lines[0].startswith("ACCEPTED" if case["accept"] else "REFUSED")
    said = " ".join(lines)
    assert ("only that nothing logged was lost or changed" in said) is case["accept"]
    assert said.count(": NO") == (not case["accept"])


def test_an_accepted_receipt_shows_log_index_and_what_is_opened() -> None:
    lines, _ = report_receipt(receipt({"kind": "determination.made", "demo": True}), TRUST)
    assert "Log: ledger.example.org/habeas" in lines
    assert f"Entry: {ID}, at index 0 of 1 entries" in lines
    assert "  demo: true" in lines
    assert "  kind: determination.made" in lines


@pytest.mark.parametrize("value", ["plain", 7, None, ["a", 1], {"a": {"b": [1]}}])
def test_a_value_of_any_kind_is_shown(value: Any) -> None:
    lines, code = report_receipt(receipt(value), TRUST)
    assert code == 0
    assert "Opened: stat" in lines


def test_nothing_from_the_file_can_command_a_terminal_or_hide_on_it() -> None:
    lines, code = report_receipt(receipt({"a\n": "b\n\u202ec\u200bd"}), TRUST)
    assert code == 0
    assert all(line.isprintable() for line in lines)
    assert any("\\u202e" in line for line in lines)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    lines, code = report_receipt(data, TRUST)
    assert code == 2
    assert lines


def test_a_file_too_large_is_not_read() -> None:
    lines, code = report_receipt(b" " * (MAX_RECEIPT + 1), TRUST)
    assert code == 2
    assert "ledger.receipt.too_large" in lines[0]


def test_the_verifier_loads_neither_django_nor_cryptography_before_it_needs_it() -> None:
    program = (
        "import sys; import habeas.verifier.receipt; "
        "heavy = ('django', 'cryptography', 'habeas.store', 'habeas.usecases'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
