"""Keys, signed notes, checkpoints, cosignatures and tlog-proofs: one spelling each, and nothing forged."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.errors import BadInput
from habeas.ledger import keys as k
from habeas.ledger import merkle as m
from habeas.ledger import note as n

NAME = "ledger.example.org/habeas"
LOG = k.SignerKey(NAME, k.SignatureType.ED25519, b"\x01" * 32)
NEXT = k.SignerKey(NAME, k.SignatureType.ED25519, b"\x02" * 32)
STRANGER = k.SignerKey("stranger.example.net", k.SignatureType.ED25519, b"\x03" * 32)
WITNESS = k.SignerKey("witness.example.net", k.SignatureType.COSIGNATURE, b"\x04" * 32)
TEXT = "first line\n\nsecond line\n"


def code(error: pytest.ExceptionInfo[BadInput]) -> str:
    return error.value.problems[0].code


def refused(note: str | bytes, *keys: k.SignerKey) -> str:
    with pytest.raises(BadInput) as error:
        n.open_note(note, [key.verifier for key in keys or (LOG,)])
    return code(error)


# ------------------------------------------------------------------------------------------- keys


@pytest.mark.parametrize("key", [LOG, WITNESS])
def test_keys_are_read_back(key: k.SignerKey) -> None:
    assert k.parse_skey(key.skey) == key
    assert k.parse_vkey(key.verifier.vkey) == key.verifier


def test_the_id_of_a_key_is_the_specifications() -> None:
    # c2sp.org/tlog-cosignature names both a log's key and its witness's by SHA-256(name 0A type key)[:4].
    other = k.VerifierKey(NAME, k.SignatureType.COSIGNATURE, LOG.verifier.public)
    assert other.key_id != LOG.verifier.key_id
    assert LOG.verifier.key_id == k.key_id_of(NAME, k.SignatureType.ED25519, LOG.verifier.public)


def test_a_key_with_anything_changed_is_refused() -> None:
    vkey, skey = LOG.verifier.vkey, LOG.skey
    for at in range(len(vkey)):
        for changed in (vkey[:at], vkey[at + 1 :], vkey[:at] + chr(ord(vkey[at]) + 1) + vkey[at + 1 :]):
            with pytest.raises(BadInput):
                k.parse_vkey(changed)
    for at in range(len(skey)):
        for changed in (skey[:at], skey[:at] + chr(ord(skey[at]) + 1) + skey[at + 1 :]):
            with pytest.raises(BadInput):
                k.parse_skey(changed)


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\nb", "a\x1fb", "a\x7f", "\ud800"]
)
def test_a_name_that_no_line_can_carry_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        k.VerifierKey(name, k.SignatureType.ED25519, b"x" * 32)
    with pytest.raises(BadInput):
        k.SignerKey(name, k.SignatureType.ED25519, b"x" * 32)


def test_a_key_in_upper_case_hexadecimal_is_refused() -> None:
    name, digits, rest = LOG.verifier.vkey.split("+", 2)
    assert digits != digits.upper()
    with pytest.raises(BadInput):
        k.parse_vkey(f"{name}+{digits.upper()}+{rest}")


def test_a_key_of_another_type_is_named_as_such() -> None:
    from base64 import b64encode
    from hashlib import sha256

    data = b"\x06" + b"x" * 32
    digits = sha256(b"name\n" + data).digest()[:4].hex()
    with pytest.raises(BadInput) as error:
        k.parse_vkey(f"name+{digits}+{b64encode(data).decode()}")
    assert code(error) == "ledger.key.unsupported"


def test_no_representation_shows_a_private_key() -> None:
    assert "\\x01\\x01" not in repr(LOG)


@given(st.text(max_size=120))
def test_any_text_is_a_key_or_an_error(text: str) -> None:
    for parse in (k.parse_vkey, k.parse_skey):
        with pytest.raises(BadInput):
            parse(text)


# ------------------------------------------------------------------------------------------- notes


def test_a_signed_note_opens_under_its_key() -> None:
    note = n.open_note(n.sign_note(TEXT, [LOG]), [LOG.verifier])
    assert note.text == TEXT
    assert note.verified(k.SignatureType.ED25519) == [LOG.verifier]
    assert n.open_note(n.sign_note(TEXT, [LOG]).encode(), [LOG.verifier]) == note


def test_every_flipped_bit_of_a_note_is_refused() -> None:
    data = bytearray(n.sign_note("short\n", [LOG]).encode())
    for at in range(len(data) * 8):
        data[at // 8] ^= 1 << at % 8
        with pytest.raises(BadInput):
            n.open_note(bytes(data), [LOG.verifier])
        data[at // 8] ^= 1 << at % 8


def test_unknown_signatures_are_passed_over_and_kept() -> None:
    note = n.open_note(n.sign_note(TEXT, [STRANGER, LOG]), [LOG.verifier])
    assert [s.key for s in note.signatures] == [None, LOG.verifier]
    assert note.signatures[0].name == STRANGER.name


def test_a_key_that_shares_only_the_name_is_unknown() -> None:
    assert refused(n.sign_note(TEXT, [NEXT])) == "ledger.note.unsigned"
    both = n.sign_note(TEXT, [LOG, NEXT])
    assert len(n.open_note(both, [NEXT.verifier]).verified(k.SignatureType.ED25519)) == 1


def test_one_false_signature_of_an_accepted_key_refuses_the_note() -> None:
    good = n.sign_note(TEXT, [LOG, NEXT])
    other = n.sign_note("another\n", [NEXT]).split("\n")[2]
    false = good.replace(good.split("\n")[-2], other)
    assert refused(false, LOG, NEXT) == "ledger.signature.invalid"
    assert n.open_note(false, [LOG.verifier]).text == TEXT


def test_no_note_opens_without_an_accepted_key() -> None:
    assert refused(n.sign_note(TEXT, [LOG]), STRANGER) == "ledger.note.unsigned"
    with pytest.raises(BadInput):
        n.open_note(n.sign_note(TEXT, [LOG]), [])


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s[:-1],
        lambda s: s + "\n",
        lambda s: s + "more\n",
        lambda s: s.replace("\n\n—", "\n—"),
        lambda s: s.replace("— ", "—  "),
        lambda s: s.replace("—", "-"),
        lambda s: s.replace("— ", ""),
        lambda s: s.split("\n\n")[-1],
        lambda s: s + "— a+b AAAAAAA=\n",
        lambda s: s + "— a\u2003b AAAAAAA=\n",
        lambda s: s.replace(NAME, "ledger example"),
        lambda s: s.replace("\n", "\r\n"),
        lambda s: "\t" + s,
        lambda s: "\x00" + s,
        lambda s: s.replace("=\n", "\n"),
        lambda s: s.replace("=\n", "==\n"),
        lambda s: s.encode() + b"\xff",
        lambda s: b"\xff" + s.encode(),
        lambda s: "\ud800" + s,
        lambda s: s + "— x AAAA\n",
        lambda s: s + "— x AAAAAA==\n",
        lambda s: s + "— x !!!!\n",
        lambda s: s + f"{s.split(chr(10))[-2]}\n" * n.MAX_SIGNATURES,
        lambda s: "x" * (n.MAX_NOTE - len(s) + 1) + s,
        lambda _: "",
        lambda _: "\n",
        lambda _: "\n\n",
        lambda _: TEXT,
    ],
)
def test_what_is_no_note_is_refused(change: Any) -> None:
    assert refused(change(n.sign_note(TEXT, [LOG]))) == "ledger.note.malformed"


def test_a_note_may_be_as_long_as_the_limit() -> None:
    frame = len(n.sign_note("\n", [LOG]))
    note = n.sign_note("x" * (n.MAX_NOTE - frame) + "\n", [LOG])
    assert len(note) == n.MAX_NOTE == 1_000_000
    assert n.open_note(note, [LOG.verifier]).text == note[: 1 - frame]


def test_an_unknown_signature_may_be_one_byte() -> None:
    assert len(n.open_note(n.sign_note(TEXT, [LOG]) + "— x AAAAAAA=\n", [LOG.verifier]).signatures) == 2


def test_a_note_may_have_a_hundred_signatures() -> None:
    note = n.sign_note(TEXT, [STRANGER]) + n.sign_note(TEXT, [LOG]).split("\n\n")[-1] * 99
    assert len(n.open_note(note, [LOG.verifier]).signatures) == 100


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_text_is_a_note_or_an_error(note: str | bytes) -> None:
    with pytest.raises(BadInput):
        n.open_note(note, [LOG.verifier])


@pytest.mark.parametrize("text", ["", "x", "x\r\n", "x\ty\n", "\ud800\n"])
def test_a_text_that_no_note_can_hold_is_not_signed(text: str) -> None:
    with pytest.raises(BadInput):
        n.sign_note(text, [LOG])


def test_two_keys_that_could_be_taken_for_each_other_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(k, "key_id_of", lambda *_: b"same")
    one, two = (k.VerifierKey(NAME, k.SignatureType.ED25519, bytes([b]) * 32) for b in (1, 2))
    assert n.index_keys([one, one]) == {(NAME, b"same"): one}
    with pytest.raises(BadInput) as error:
        n.index_keys([one, two])
    assert code(error) == "ledger.key.ambiguous"


# ------------------------------------------------------------------------------------------- cosignatures


def test_a_cosignature_verifies_and_tells_its_time() -> None:
    note = n.open_note(
        n.cosign(n.sign_note(TEXT, [LOG]), WITNESS, 1_602_777_600), [LOG.verifier, WITNESS.verifier]
    )
    assert note.verified(k.SignatureType.COSIGNATURE) == [WITNESS.verifier]
    assert [s.seconds for s in note.signatures] == [None, 1_602_777_600]


def test_a_witness_signs_the_header_the_time_and_the_whole_text() -> None:
    assert k.cosigned("a\n1\n", 7) == b"cosignature/v1\ntime 7\na\n1\n"


def test_every_flipped_bit_of_a_cosignature_is_refused() -> None:
    plain = n.sign_note("short\n", [LOG]).encode()
    data = bytearray(n.cosign(plain.decode(), WITNESS, 7).encode())
    keys = [WITNESS.verifier]
    for at in range(len(plain) * 8, len(data) * 8):
        data[at // 8] ^= 1 << at % 8
        with pytest.raises(BadInput):
            n.open_note(bytes(data), keys)
        data[at // 8] ^= 1 << at % 8


@pytest.mark.parametrize("seconds", [None, -1, 2**63])
def test_a_cosignature_needs_a_time_that_can_be_written(seconds: int | None) -> None:
    with pytest.raises(BadInput) as error:
        WITNESS.sign(TEXT, seconds)
    assert code(error) == "ledger.cosignature.no_time"


def test_a_cosignature_is_no_log_signature_and_the_other_way_round() -> None:
    twin = k.SignerKey(NAME, k.SignatureType.COSIGNATURE, LOG.seed)
    assert not LOG.verifier.verify(TEXT, twin.sign(TEXT, 7))
    assert not LOG.verifier.verify(TEXT, twin.sign(TEXT, 7)[8:])
    assert not twin.verifier.verify(TEXT, bytes(8) + LOG.sign(TEXT))


@pytest.mark.parametrize(("seconds", "holds"), [(0, True), (1, True), (2**63 - 1, True), (2**63, False)])
def test_a_time_from_2_to_the_63_on_is_refused_though_truly_signed(seconds: int, holds: bool) -> None:  # noqa: FBT001 - a column of the table
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    signed = Ed25519PrivateKey.from_private_bytes(WITNESS.seed).sign(k.cosigned(TEXT, seconds))
    assert WITNESS.verifier.verify(TEXT, seconds.to_bytes(8, "big") + signed) is holds
    if holds:
        assert WITNESS.sign(TEXT, seconds) == seconds.to_bytes(8, "big") + signed


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_of_another_size_is_refused(size: int) -> None:
    for made in (k.VerifierKey, k.SignerKey):
        with pytest.raises(BadInput):
            made(NAME, k.SignatureType.ED25519, b"x" * size)


@pytest.mark.parametrize("size", [0, 8, 63, 65, 71, 73])
def test_a_signature_of_another_size_is_refused(size: int) -> None:
    assert not LOG.verifier.verify(TEXT, bytes(size))
    assert not WITNESS.verifier.verify(TEXT, bytes(size))


# ------------------------------------------------------------------------------------------- checkpoints

ROOT = m.leaf_hash(b"x")
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=12)


@given(LINES, st.integers(0, m.MAX_SIZE), st.binary(min_size=32, max_size=32), st.lists(LINES, max_size=3))
def test_a_checkpoint_is_read_back(origin: str, size: int, root: bytes, extensions: list[str]) -> None:
    made = n.Checkpoint(origin, size, root, tuple(extensions))
    assert n.parse_checkpoint(made.text) == made


@given(st.text(max_size=40) | st.builds("\n".join, st.lists(st.sampled_from(["a", "0", "00", "7", ""]))))
def test_any_text_is_a_checkpoint_or_an_error(text: str) -> None:
    with pytest.raises(BadInput) as error:
        n.parse_checkpoint(text)
    assert code(error) == "ledger.checkpoint.malformed"


@pytest.mark.parametrize(
    "size", ["", "-1", "+1", "01", "00", "1_0", "1.0", "1e3", " 1", "\u0661", "9" * 5000]
)
def test_a_size_has_one_spelling(size: str) -> None:
    good = n.Checkpoint(NAME, 1, ROOT).text
    with pytest.raises(BadInput):
        n.parse_checkpoint(good.replace("\n1\n", f"\n{size}\n"))


def test_a_checkpoint_that_cannot_be_written_is_not_made() -> None:
    for origin, size, root, more in (
        ("", 1, ROOT, ()),
        ("a\nb", 1, ROOT, ()),
        ("a\x7f", 1, ROOT, ()),
        (NAME, -1, ROOT, ()),
        (NAME, 2**63, ROOT, ()),
        (NAME, 1, ROOT[:31], ()),
        (NAME, 1, ROOT, ("",)),
    ):
        with pytest.raises(BadInput):
            n.Checkpoint(origin, size, root, more)


# ------------------------------------------------------------------------------------------- tlog-proofs


@given(
    st.integers(0, m.MAX_SIZE),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.none() | st.binary(max_size=40),
)
def test_a_proof_is_read_back(index: int, hashes: list[bytes], extra: bytes | None) -> None:
    made = n.TlogProof(index, tuple(hashes), n.sign_note(TEXT, [LOG]), extra)
    assert n.parse_proof(made.text) == made


@given(st.text(max_size=60).map(lambda text: f"{n.PROOF_HEADER}\n{text}") | st.text(max_size=60))
def test_any_text_is_a_proof_in_its_one_spelling_or_an_error(text: str) -> None:
    try:
        proof = n.parse_proof(text)
    except BadInput:
        return
    assert proof.text == text


@pytest.mark.parametrize("extra", ["extra \n", "extra AA==\n"])
def test_extra_is_read_and_carried(extra: str) -> None:
    proof = n.parse_proof(f"{n.PROOF_HEADER}\n{extra}index 0\n\nrest\n")
    assert proof.extra in (b"", b"\x00")


@pytest.mark.parametrize(
    "lines", ["", "index 0\nextra AA==\n", "extra AA==\nextra AA==\nindex 0\n", "extra AA==\n"]
)
def test_lines_in_another_order_are_refused(lines: str) -> None:
    with pytest.raises(BadInput):
        n.parse_proof(f"{n.PROOF_HEADER}\n{lines}\nrest\n")


def test_the_limits_of_a_proof_and_a_checkpoint_are_inside_them() -> None:
    proof = n.TlogProof(m.MAX_SIZE, (bytes(32),) * n.MAX_PROOF, "rest\n")
    assert n.parse_proof(proof.text) == proof
    with pytest.raises(BadInput):
        n.parse_proof(proof.text.replace("\n\n", f"\n{'A' * 43}=\n\n"))
    for size in (0, m.MAX_SIZE):
        assert n.parse_checkpoint(n.Checkpoint(NAME, size, ROOT).text).size == size


def test_a_proof_too_long_to_be_one_is_refused() -> None:
    frame = len(n.TlogProof(0, (), "").text)
    longest = n.TlogProof(0, (), "x" * (2 * n.MAX_NOTE - frame))
    assert n.parse_proof(longest.text) == longest
    with pytest.raises(BadInput):
        n.parse_proof(longest.text + "x")


def test_a_proof_that_cannot_be_written_is_not_made() -> None:
    for index, hashes in ((-1, ()), (2**63, ()), (0, (b"x",)), (0, (b"x" * 32,) * 64)):
        with pytest.raises(BadInput):
            n.TlogProof(index, hashes, "")
