"""The tree against the recursive definition of RFC 6962 § 2.1, and every proof against its neighbours."""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.errors import BadInput
from habeas.ledger import merkle as m

# ------------------------------------------------------------------------------------------- the model

Hashes = list[bytes]


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(leaves: Hashes) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(index: int, leaves: Hashes) -> Hashes:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*path(index, leaves[:k]), mth(leaves[k:])]
    return [*path(index - k, leaves[k:]), mth(leaves[:k])]


def subproof(old: int, leaves: Hashes, *, known: bool) -> Hashes:
    if old == len(leaves):
        return [] if known else [mth(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*subproof(old, leaves[:k], known=known), mth(leaves[k:])]
    return [*subproof(old - k, leaves[k:], known=False), mth(leaves[:k])]


def leaves_of(size: int) -> Hashes:
    return m.leaf_hashes([f"leaf {i}".encode() for i in range(size)])


class Counting:
    """Node hashes of a tree, and how many were asked for."""

    def __init__(self, leaves: Hashes) -> None:
        self.leaves = leaves
        self.reads = 0

    def __call__(self, level: int, index: int) -> bytes:
        self.reads += 1
        node = self.leaves[index << level : (index + 1) << level]
        assert len(node) == 1 << level
        return mth(node)


SIZES = st.integers(1, 70)
ODD: list[Any] = [-1, True, False, 2**63, 2**200, -(2**200), 1.0, "1", None]


# ------------------------------------------------------------------------------------------- growing


@given(st.integers(0, 130))
def test_the_root_is_the_rfcs(size: int) -> None:
    leaves = leaves_of(size)
    assert m.tree_root(leaves) == mth(leaves)
    assert m.range_root(Counting(leaves), 0, size) == mth(leaves)


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert m.Frontier().root() == m.EMPTY_ROOT == sha256(b"").digest()


@given(st.integers(0, 60), st.integers(0, 60))
def test_growing_by_one_or_by_many_is_the_same(first: int, more: int) -> None:
    leaves = leaves_of(first + more)
    one_by_one = m.Frontier()
    for leaf in leaves:
        one_by_one = one_by_one.append(leaf)
    assert one_by_one == m.Frontier().extend(leaves[:first]).extend(leaves[first:])
    assert one_by_one.root() == mth(leaves)


def test_a_frontier_is_a_value() -> None:
    before = m.Frontier().extend(leaves_of(5))
    before.append(b"x" * 32)
    assert before.root() == mth(leaves_of(5))


def test_a_frontier_that_cannot_be_is_refused() -> None:
    for size, nodes in ((1, ()), (2, (b"a" * 32, b"b" * 32)), (-1, ()), (2**63, (b"a" * 32,))):
        with pytest.raises(BadInput):
            m.Frontier(size, nodes)
    with pytest.raises(BadInput):
        m.Frontier().append(b"a" * 32).push(1, b"b" * 32)


@given(st.integers(0, 300), st.integers(0, 300))
def test_subtrees_cover_a_range_exactly_and_cannot_be_merged(start: int, length: int) -> None:
    end = start + length
    at = start
    for level, index in m.subtrees(start, end):
        assert index << level == at
        at += 1 << level
    assert at == end
    nodes = list(m.subtrees(start, end))
    merged = [(a, b) for a, b in pairwise(nodes) if a[0] == b[0] and not a[1] & 1]
    assert merged == []


# ------------------------------------------------------------------------------------------- inclusion


@given(SIZES.flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_an_inclusion_proof_is_the_rfcs_and_verifies(case: tuple[int, int]) -> None:
    size, index = case
    leaves = leaves_of(size)
    proof = m.inclusion_proof(Counting(leaves), index, size)
    assert proof == path(index, leaves)
    assert m.verify_inclusion(leaves[index], index, size, proof, mth(leaves))


@given(
    SIZES.flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))),
    st.integers(0, 140),
    st.integers(0, 140),
)
def test_an_inclusion_proof_holds_at_no_other_index_or_size(case: tuple[int, int], i: int, n: int) -> None:
    size, index = case
    leaves = leaves_of(size)
    proof, root = path(index, leaves), mth(leaves)
    if i != index:
        assert not m.verify_inclusion(leaves[index], i, size, proof, root)
    if i != index and i < n:  # the shape alone does not fix the size: 4 of 5 and 8 of 9 look the same
        assert not m.verify_inclusion(leaves[index], i, n, proof, root) or _same_path(index, size, i, n)


def _same_path(index: int, size: int, i: int, n: int) -> bool:
    """Whether two places in two trees have paths of the same turns."""

    def turns(at: int, of: int) -> list[bool]:
        if of == 1:
            return []
        k = split(of)
        return [*turns(at, k), False] if at < k else [*turns(at - k, of - k), True]

    return turns(index, size) == turns(i, n)


def test_index_5_is_not_in_a_tree_of_4() -> None:
    leaves = leaves_of(4)
    proof = path(1, leaves)
    assert m.verify_inclusion(leaves[1], 1, 4, proof, mth(leaves))
    assert not m.verify_inclusion(leaves[1], 5, 4, proof, mth(leaves))


@given(SIZES.flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))), st.data())
def test_a_flipped_bit_in_an_inclusion_proof_is_refused(case: tuple[int, int], data: st.DataObject) -> None:
    size, index = case
    leaves = leaves_of(size)
    parts = [leaves[index], mth(leaves), *path(index, leaves)]
    which = data.draw(st.integers(0, len(parts) - 1))
    bit = data.draw(st.integers(0, 255))
    flipped = bytearray(parts[which])
    flipped[bit // 8] ^= 1 << bit % 8
    parts[which] = bytes(flipped)
    leaf, root, *proof = parts
    assert not m.verify_inclusion(leaf, index, size, proof, root)


@given(SIZES.flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))), st.data())
def test_a_missing_or_added_hash_is_refused(case: tuple[int, int], data: st.DataObject) -> None:
    size, index = case
    leaves = leaves_of(size)
    proof, root = path(index, leaves), mth(leaves)
    at = data.draw(st.integers(0, len(proof)))
    assert not m.verify_inclusion(leaves[index], index, size, [*proof[:at], root, *proof[at:]], root)
    if at < len(proof):
        assert not m.verify_inclusion(leaves[index], index, size, proof[:at] + proof[at + 1 :], root)


@pytest.mark.parametrize("odd", ODD)
def test_sizes_that_are_none_are_refused(odd: Any) -> None:
    leaves = leaves_of(2)
    root, proof = mth(leaves), [leaves[1]]
    assert not m.verify_inclusion(leaves[0], odd, 2, proof, root)
    assert not m.verify_inclusion(leaves[0], 0, odd, proof, root)
    assert not m.verify_consistency(odd, 2, [], root, root)
    assert not m.verify_consistency(2, odd, [], root, root)
    assert m.root_from_range(leaves, odd, 2, m.RangeProof((), ())) is None
    assert m.root_from_range(leaves, 0, odd, m.RangeProof((), ())) is None
    with pytest.raises(BadInput):
        m.inclusion_proof(Counting(leaves), odd, 2)
    with pytest.raises(BadInput):
        m.consistency_proof(Counting(leaves), odd, 2)
    with pytest.raises(BadInput):
        m.range_proof(Counting(leaves), odd, 2, 2)


def chained(leaf: bytes, index: int, size: int, proof: Hashes) -> bytes:
    """The root that a verifier without a check of the index would come to."""
    inner = (index ^ (size - 1)).bit_length()
    for level, beside in enumerate(proof):
        left = level >= inner or index >> level & 1
        leaf = m.node_hash(beside, leaf) if left else m.node_hash(leaf, beside)
    return leaf


@pytest.mark.parametrize(("index", "size"), [(4, 4), (5, 4), (1, 1), (300, 7), (0, 0)])
def test_a_root_made_for_an_index_outside_the_tree_is_refused(index: int, size: int) -> None:
    leaf = m.leaf_hash(b"x")
    inner = (index ^ (size - 1)).bit_length()
    proof = leaves_of(inner + (index >> inner).bit_count())
    assert not m.verify_inclusion(leaf, index, size, proof, chained(leaf, index, size, proof))


def test_the_largest_tree_is_inside_the_limit_and_one_more_is_not() -> None:
    leaf, proof = m.leaf_hash(b"x"), leaves_of(63)
    root = chained(leaf, 0, m.MAX_SIZE, proof)
    assert m.verify_inclusion(leaf, 0, m.MAX_SIZE, proof, root)
    assert not m.verify_inclusion(leaf, 0, m.MAX_SIZE + 1, proof, root)
    assert m.Frontier(m.MAX_SIZE, tuple(proof)).size == m.MAX_SIZE


@pytest.mark.parametrize("ends", [(2, 2), (3, 2), (0, 0), (0, True), (0, 2**63)])
def test_no_proof_is_built_for_a_leaf_outside_the_tree(ends: tuple[int, int]) -> None:
    with pytest.raises(BadInput):
        m.inclusion_proof(Counting(leaves_of(2)), *ends)


@pytest.mark.parametrize("ends", [(0, 2), (3, 2), (1, True), (1, 2**63)])
def test_no_proof_is_built_between_trees_that_cannot_be(ends: tuple[int, int]) -> None:
    with pytest.raises(BadInput):
        m.consistency_proof(Counting(leaves_of(2)), *ends)


@pytest.mark.parametrize("ends", [(2, 1, 2), (0, 3, 2), (0, True, 2), (0, 1, True), (0, 1, 2**63)])
def test_no_proof_is_built_for_a_range_outside_the_tree(ends: tuple[int, int, int]) -> None:
    with pytest.raises(BadInput):
        m.range_proof(Counting(leaves_of(2)), *ends)


def test_hashes_of_another_length_are_refused() -> None:
    # 64 bytes moved over a boundary would hash to the same node.
    left, right = leaves_of(2)
    root = m.node_hash(left, right)
    assert m.verify_inclusion(left, 0, 2, [right], root)
    assert not m.verify_inclusion(left + right[:1], 0, 2, [right[1:]], root)
    assert not m.verify_consistency(1, 2, [right[1:]], left + right[:1], root)
    assert m.root_from_range([left + right[:1], right[1:]], 0, 2, m.RangeProof((), ())) is None


def test_an_entry_cannot_pass_for_a_node() -> None:
    left, right = leaves_of(2)
    assert m.leaf_hash(left + right) != m.node_hash(left, right)


# ------------------------------------------------------------------------------------------- consistency


@given(SIZES.flatmap(lambda new: st.tuples(st.integers(1, new), st.just(new))))
def test_a_consistency_proof_is_the_rfcs_and_verifies(case: tuple[int, int]) -> None:
    old, new = case
    leaves = leaves_of(new)
    proof = m.consistency_proof(Counting(leaves), old, new)
    assert proof == subproof(old, leaves, known=True)
    assert m.verify_consistency(old, new, proof, mth(leaves[:old]), mth(leaves))


@given(SIZES.flatmap(lambda new: st.tuples(st.integers(1, new), st.just(new))), st.data())
def test_a_consistency_proof_with_anything_changed_is_refused(
    case: tuple[int, int], data: st.DataObject
) -> None:
    old, new = case
    leaves = leaves_of(new)
    parts = [mth(leaves[:old]), mth(leaves), *subproof(old, leaves, known=True)]
    at = data.draw(st.integers(0, len(parts) - 1))
    bit = data.draw(st.integers(0, 255))
    flipped = bytearray(parts[at])
    flipped[bit // 8] ^= 1 << bit % 8
    changed = [*parts[:at], bytes(flipped), *parts[at + 1 :]]
    assert not m.verify_consistency(old, new, changed[2:], changed[0], changed[1])
    old_root, new_root, proof = parts[0], parts[1], parts[2:]
    assert not m.verify_consistency(old, new, [*proof, new_root], old_root, new_root)
    assert not m.verify_consistency(old, new, proof[:-1], old_root, new_root) or not proof


def test_a_rewritten_history_is_not_consistent() -> None:
    leaves = leaves_of(20)
    forked = [*leaves[:3], b"\x00" * 32, *leaves[4:]]
    proof = subproof(7, forked, known=True)
    assert not m.verify_consistency(7, 20, proof, mth(leaves[:7]), mth(forked))


def test_a_tree_is_not_consistent_with_itself_at_another_size() -> None:
    root = mth(leaves_of(2))
    assert m.verify_consistency(2, 2, [], root, root)
    assert not m.verify_consistency(2, 4, [], root, root)


def test_nothing_is_proved_from_the_empty_tree() -> None:
    root = mth(leaves_of(3))
    assert not m.verify_consistency(0, 3, [], m.EMPTY_ROOT, root)
    assert not m.verify_consistency(3, 2, [], root, root)


# ------------------------------------------------------------------------------------------- ranges

RANGES = SIZES.flatmap(
    lambda size: st.integers(0, size - 1).flatmap(
        lambda start: st.tuples(st.just(size), st.just(start), st.integers(start + 1, size))
    )
)


@given(RANGES)
def test_a_range_of_leaves_gives_the_root(case: tuple[int, int, int]) -> None:
    size, start, end = case
    leaves = leaves_of(size)
    proof = m.range_proof(Counting(leaves), start, end, size)
    assert m.root_from_range(leaves[start:end], start, size, proof) == mth(leaves)
    assert m.verify_range(leaves[start:end], start, size, proof, mth(leaves))


@given(RANGES, st.data())
def test_a_range_with_anything_changed_is_refused(case: tuple[int, int, int], data: st.DataObject) -> None:
    size, start, end = case
    leaves = leaves_of(size)
    root, proof = mth(leaves), m.range_proof(Counting(leaves), start, end, size)
    shown = leaves[start:end]
    at = data.draw(st.integers(0, len(shown) - 1))
    assert not m.verify_range([*shown[:at], b"\x07" * 32, *shown[at + 1 :]], start, size, proof, root)
    assert not m.verify_range(shown[:at] + shown[at + 1 :], start, size, proof, root)
    assert not m.verify_range([*shown[:at], shown[at], *shown[at:]], start, size, proof, root)
    assert not m.verify_range(shown, start + 1, size, proof, root)
    assert not m.verify_range(shown, start, size, m.RangeProof((*proof.left, root), proof.right), root)
    assert not m.verify_range(shown, start, size, m.RangeProof(proof.left, (*proof.right, root)), root)
    if len(shown) > 1:
        assert not m.verify_range(shown[::-1], start, size, proof, root)


def test_an_empty_range_shows_nothing() -> None:
    leaves = leaves_of(4)
    proof = m.range_proof(Counting(leaves), 2, 2, 4)
    assert m.root_from_range([], 2, 4, proof) is None


@given(st.integers(1, 5000), st.data())
def test_every_proof_reads_a_logarithm_of_hashes(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    reads: list[tuple[int, int]] = []

    def hash_at(level: int, at: int) -> bytes:
        reads.append((level, at))
        return bytes(32)

    limit = 2 * size.bit_length()
    m.inclusion_proof(hash_at, index, size)
    assert len(reads) <= limit
    reads.clear()
    m.consistency_proof(hash_at, index + 1, size)
    assert len(reads) <= limit
    reads.clear()
    m.range_proof(hash_at, index, size, size)
    assert len(reads) <= limit
