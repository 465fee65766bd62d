"""A witness cosigns what contains all it saw, and nothing else, whatever it is sent."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.clock import SetClock
from habeas.kernel.errors import BadInput
from habeas.ledger import keys as k
from habeas.ledger import merkle as m
from habeas.ledger import note as n
from habeas.ledger.submission import MAX_SUBMISSION, Ruling, Submission, parse_submission
from habeas.usecases.fake_witnesses import AT, MemoryRegister
from habeas.usecases.witness import Evidence, Judgement, Witness

ORIGIN = "ledger.example.org/habeas"
LOG = k.SignerKey(ORIGIN, k.SignatureType.ED25519, b"\x01" * 32)
NEXT = k.SignerKey(ORIGIN, k.SignatureType.ED25519, b"\x02" * 32)
OTHER = k.SignerKey("other.example.org/log", k.SignatureType.ED25519, b"\x03" * 32)
KEY = k.SignerKey("witness.example.net", k.SignatureType.COSIGNATURE, b"\x04" * 32)

LEAVES = [m.leaf_hash(b"entry %d" % at) for at in range(40)]
FORK = [*LEAVES[:5], *(m.leaf_hash(b"another %d" % at) for at in range(5, 40))]


class Nodes:
    """Node hashes of a tree in memory."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.leaves = leaves

    def __call__(self, level: int, index: int) -> bytes:
        return m.fold(self.leaves[index << level : (index + 1) << level])


def signed(size: int, leaves: list[bytes] = LEAVES, by: k.SignerKey = LOG, origin: str = ORIGIN) -> str:
    return n.sign_note(n.Checkpoint(origin, size, m.tree_root(leaves[:size])).text, [by])


def submission(old: int, size: int, leaves: list[bytes] = LEAVES) -> Submission:
    proof = m.consistency_proof(Nodes(leaves), old, size) if 0 < old < size else []
    return Submission(old, tuple(proof), signed(size, leaves))


@attrs.define
class Desk:
    """A witness with its memory at hand."""

    register: MemoryRegister = attrs.field(factory=MemoryRegister)
    logs: tuple[k.SignerKey, ...] = (LOG,)

    def send(self, sent: Submission | bytes) -> Judgement:
        keys = tuple(log.verifier for log in self.logs)
        judge = Witness(KEY, keys, self.register, SetClock(AT))
        return judge.consider(sent.text.encode() if isinstance(sent, Submission) else sent)

    def size(self) -> int:
        note = self.register.latest(ORIGIN)
        return 0 if note is None else n.parse_checkpoint(n.split_note(note)[0]).size


@pytest.fixture
def desk() -> Desk:
    """A witness that has cosigned 7 entries."""
    made = Desk()
    assert made.send(submission(0, 7)).ruling is Ruling.COSIGNED
    return made


# ------------------------------------------------------------------------------------ the form


HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple)


@given(st.integers(0, m.MAX_SIZE), HASHES, st.text(max_size=50).map(lambda text: f"{text}\n"))
def test_a_submission_is_read_back(old: int, proof: tuple[bytes, ...], checkpoint: str) -> None:
    made = Submission(old, proof, checkpoint)
    try:
        data = made.text.encode()
    except UnicodeEncodeError:
        return
    assert parse_submission(data) == made


@given(st.binary(max_size=200) | st.text(alphabet="old 0123456789=AB\n—", max_size=200).map(str.encode))
def test_any_bytes_are_a_submission_in_its_one_spelling_or_none(data: bytes) -> None:
    try:
        made = parse_submission(data)
    except BadInput as error:
        assert error.problems[0].code == "ledger.submission.malformed"  # noqa: PT017 - or it is read, below
        return
    assert made.text.encode() == data


GOOD = submission(3, 7)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"old 3\n",
        GOOD.text.encode()[4:],
        GOOD.text.replace("old 3", "old 03").encode(),
        GOOD.text.replace("old 3", "old -3").encode(),
        GOOD.text.replace("old 3", "old  3").encode(),
        GOOD.text.replace("old 3", "OLD 3").encode(),
        GOOD.text.replace("old 3", f"old {2**63}").encode(),
        GOOD.text.replace("old 3\n", "old 3\r\n").encode(),
        GOOD.text.replace("old 3\n", "old 3\nAAAA\n").encode(),
        GOOD.text[:-1].encode(),
        b"\xff" + GOOD.text.encode(),
        b"old 3\n" + 64 * (b"A" * 43 + b"=\n") + b"\n" + GOOD.checkpoint.encode(),
        GOOD.text.encode() + b"x" * MAX_SUBMISSION + b"\n",
    ],
)
def test_what_is_no_submission_is_malformed_and_changes_nothing(desk: Desk, data: bytes) -> None:
    before = dict(desk.register.notes)
    assert desk.send(data) == Judgement(Ruling.MALFORMED)
    assert desk.register.notes == before


@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    assert Desk().send(data).ruling is Ruling.MALFORMED


@given(st.data())
def test_a_submission_with_a_flipped_bit_never_moves_the_witness_elsewhere(data: Any) -> None:
    desk = Desk()
    desk.send(submission(0, 7))
    body = bytearray(submission(7, 20).text.encode())
    at = data.draw(st.integers(0, 8 * len(body) - 1))
    body[at // 8] ^= 1 << at % 8
    judged = desk.send(bytes(body))
    # the only bits that may change are in the name and id of the signature line: then nobody has signed
    assert judged.ruling is not Ruling.COSIGNED
    assert desk.size() == 7
    assert not any(one.split for one in desk.register.evidence)


# ------------------------------------------------------------------------------------ the rulings


def test_the_first_checkpoint_is_cosigned_without_a_proof() -> None:
    desk = Desk()
    judged = desk.send(submission(0, 7))
    assert (judged.ruling, judged.size, desk.size()) == (Ruling.COSIGNED, 7, 7)


def test_the_answer_is_a_cosignature_of_the_checkpoint(desk: Desk) -> None:
    sent = submission(7, 20)
    note = n.open_note(sent.checkpoint + desk.send(sent).lines, [LOG.verifier, KEY.verifier])
    assert note.verified(k.SignatureType.COSIGNATURE) == [KEY.verifier]
    assert note.signatures[-1].seconds == int(AT.timestamp())


@pytest.mark.parametrize("old", range(1, 40))
@pytest.mark.parametrize("new", [1, 8, 13, 32, 40])
def test_a_checkpoint_that_contains_the_last_is_cosigned(old: int, new: int) -> None:
    desk = Desk()
    desk.send(submission(0, old))
    judged = desk.send(submission(old, new) if old <= new else submission(0, new))
    assert judged.ruling is (Ruling.COSIGNED if old <= new else Ruling.CONFLICT)
    assert desk.size() == max(old, new)


def test_the_same_checkpoint_is_cosigned_again(desk: Desk) -> None:
    assert desk.send(submission(7, 7)).ruling is Ruling.COSIGNED
    assert desk.register.evidence == []
    padded = n.sign_note(n.split_note(signed(7))[0], [LOG, OTHER])
    assert desk.send(Submission(7, (), padded)).ruling is Ruling.COSIGNED
    assert desk.register.latest(ORIGIN) == signed(7)


def test_a_checkpoint_of_an_unknown_log_is_not_looked_at(desk: Desk) -> None:
    stranger = Submission(0, (), signed(7, by=OTHER, origin=OTHER.name))
    assert desk.send(stranger) == Judgement(Ruling.UNKNOWN_LOG)


def test_a_checkpoint_signed_by_another_key_is_not_looked_at(desk: Desk) -> None:
    assert desk.send(Submission(7, (), signed(7, by=NEXT))) == Judgement(Ruling.UNSIGNED)
    mallory = signed(7, by=OTHER)
    assert desk.send(Submission(7, (), mallory)) == Judgement(Ruling.UNSIGNED)


def test_a_signature_by_an_unknown_key_beside_a_known_one_is_passed_over(desk: Desk) -> None:
    both = n.sign_note(n.split_note(signed(7))[0], [OTHER, LOG])
    assert desk.send(Submission(7, (), both)).ruling is Ruling.COSIGNED


def test_two_keys_of_one_log_are_followed_as_one(desk: Desk) -> None:
    desk.logs = (LOG, NEXT)
    after = Submission(7, submission(7, 9).proof, signed(9, by=NEXT))
    assert desk.send(after).ruling is Ruling.COSIGNED
    assert desk.size() == 9


def test_an_old_size_above_its_own_is_malformed(desk: Desk) -> None:
    assert desk.send(Submission(9, (), signed(8))) == Judgement(Ruling.MALFORMED)


def test_a_wrong_old_size_is_answered_with_the_right_one(desk: Desk) -> None:
    for old in (0, 3, 20):
        assert desk.send(submission(old, 20)) == Judgement(Ruling.CONFLICT, 7)
    assert desk.size() == 7


def test_a_rollback_is_refused(desk: Desk) -> None:
    for old in range(6):
        assert desk.send(submission(old, 5)) == Judgement(Ruling.CONFLICT, 7)
    assert desk.size() == 7


def test_a_wrong_proof_is_refused(desk: Desk) -> None:
    good = submission(7, 20)
    for proof in ((), good.proof[:-1], good.proof[::-1], (*good.proof, b"x" * 32)):
        assert desk.send(attrs.evolve(good, proof=proof)) == Judgement(Ruling.UNPROVED)
    assert desk.size() == 7
    assert desk.send(good).ruling is Ruling.COSIGNED


def test_a_proof_from_nothing_must_be_empty() -> None:
    desk = Desk()
    assert desk.send(Submission(0, (b"x" * 32,), signed(7))) == Judgement(Ruling.UNPROVED)
    assert desk.size() == 0
    assert desk.register.evidence == []


def test_the_empty_tree_is_cosigned_before_anything_else() -> None:
    desk = Desk()
    assert desk.send(submission(0, 0)).ruling is Ruling.COSIGNED
    assert desk.send(submission(0, 7)).ruling is Ruling.COSIGNED
    assert desk.send(submission(0, 0)) == Judgement(Ruling.CONFLICT, 7)


def test_an_empty_tree_with_another_root_is_refused() -> None:
    note = n.sign_note(n.Checkpoint(ORIGIN, 0, b"\0" * 32).text, [LOG])
    assert Desk().send(Submission(0, (), note)) == Judgement(Ruling.UNPROVED)


@pytest.mark.parametrize("old", [0, 5, 7])
def test_another_tree_of_the_same_size_is_refused_and_kept_as_evidence(desk: Desk, old: int) -> None:
    sent = Submission(old, submission(old, 7, FORK).proof, signed(7, FORK))
    assert desk.send(sent) == Judgement(Ruling.CONFLICT, 7)
    assert desk.register.evidence == [Evidence(ORIGIN, signed(7), signed(7, FORK), split=True)]
    assert desk.register.latest(ORIGIN) == signed(7)


def test_a_longer_tree_of_another_history_is_refused_and_kept_as_evidence(desk: Desk) -> None:
    assert desk.send(submission(7, 20, FORK)) == Judgement(Ruling.UNPROVED)
    assert desk.register.evidence == [Evidence(ORIGIN, signed(7), signed(20, FORK), split=False)]
    assert desk.size() == 7


def test_logs_are_kept_apart(desk: Desk) -> None:
    desk.logs = (LOG, OTHER)
    other = Submission(0, (), signed(3, FORK, by=OTHER, origin=OTHER.name))
    assert desk.send(other).ruling is Ruling.COSIGNED
    assert desk.size() == 7


def test_the_record_is_made_before_the_cosignature(desk: Desk) -> None:
    class Full(MemoryRegister):
        def keep(self, origin: str, note: str) -> None:  # noqa: ARG002 - the port's form
            raise OSError

    desk.register = Full(desk.register.notes)
    with pytest.raises(OSError):  # noqa: PT011 - the one raised above
        desk.send(submission(7, 20))
    assert desk.size() == 7


def test_a_witness_needs_a_cosignature_key_and_a_log() -> None:
    for key, logs in ((LOG, (LOG,)), (KEY, ()), (KEY, (KEY,))):
        with pytest.raises(BadInput):
            Witness(key, tuple(log.verifier for log in logs), MemoryRegister(), SetClock(AT))
