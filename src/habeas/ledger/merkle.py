"""The Merkle tree of RFC 6962 § 2.1 over SHA-256: hashing, growing, proving, checking.

Hides the shape of the tree. Promises that everything here agrees with the recursive definition of the
RFC, that building a proof reads O(log n) hashes, and that the `verify_…` functions are total: whatever
they are given, they answer yes or no.

Two words recur. A *node* `(level, index)` is the root of the full subtree over the leaves
`[index · 2^level, (index + 1) · 2^level)`; a `HashAt` gives a node's hash, from stored nodes or from
tiles (`tiles.TileHashes`). The *subtrees* of a range of leaves are the fewest nodes that cover it
exactly, from left to right; every proof is a choice of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Final, TypeAlias

import attrs

from habeas.kernel.errors import bad

HASH_SIZE: Final = 32
"""Bytes in a SHA-256 hash."""

MAX_SIZE: Final = 2**63 - 1
"""The most leaves a tree may have here (what Go's verifiers accept)."""

EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of the tree without leaves (RFC 6962 § 2.1)."""

HashAt: TypeAlias = Callable[[int, int], bytes]
"""`(level, index)` → the 32-byte hash of that node."""


def leaf_hash(entry: bytes) -> bytes:
    """`SHA-256(0x00 ‖ entry)`."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """`SHA-256(0x01 ‖ left ‖ right)`."""
    return sha256(b"\x01" + left + right).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """The leaf hash of each entry."""
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def row_above(row: Sequence[bytes]) -> list[bytes]:
    """The nodes above a row of neighbours that starts at an even index; an odd last one has none yet."""
    pairs = iter(row)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over 2^k nodes of one level, k ≥ 0; the caller answers for the count."""
    row = hashes
    while len(row) > 1:
        row = row_above(row)
    return row[0]


def subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The fewest nodes that cover the leaves `[start, end)` exactly, left to right."""
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        yield level, start >> level
        start += 1 << level


def _join(hashes: Sequence[bytes]) -> bytes:
    """The root over subtrees of falling level."""
    root = hashes[-1]
    for left in hashes[-2::-1]:
        root = node_hash(left, root)
    return root


@attrs.frozen
class Frontier:
    """A tree reduced to what growing it needs: its size and the hashes of the subtrees of `[0, size)`.

    A value: `append`, `push` and `extend` give a new one, so a failed transaction keeps the old.
    """

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.size <= MAX_SIZE or len(self.nodes) != self.size.bit_count():
            raise bad("ledger.tree.outside", "frontier")

    def append(self, leaf: bytes) -> Frontier:
        """With one more leaf hash; O(log n)."""
        return self.push(0, leaf)

    def push(self, level: int, node: bytes) -> Frontier:
        """With a full subtree of 2^level leaves at the end, where that subtree can stand."""
        index, beside = self.size >> level, self.size & ((1 << level) - 1)
        if beside:
            raise bad("ledger.tree.outside", "frontier")
        nodes = list(self.nodes)
        while index & 1:
            node = node_hash(nodes.pop(), node)
            index >>= 1
        return Frontier(self.size + (1 << level), (*nodes, node))

    def extend(self, leaves: Sequence[bytes]) -> Frontier:
        """With more leaf hashes; about one hash a leaf."""
        grown, at = self, 0
        for level, _ in subtrees(self.size, self.size + len(leaves)):
            grown = grown.push(level, fold(leaves[at : at + (1 << level)]))
            at += 1 << level
        return grown

    def root(self) -> bytes:
        """The tree's root hash."""
        return _join(self.nodes) if self.nodes else EMPTY_ROOT


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    return Frontier().extend(leaves).root()


def range_root(hash_at: HashAt, start: int, end: int) -> bytes:
    """`MTH(D[start:end])` of RFC 6962, for a range that is a subtree of a tree ending at `end`."""
    if start == end:
        return EMPTY_ROOT
    return _join([hash_at(level, index) for level, index in subtrees(start, end)])


def _is_size(value: int) -> bool:
    """Whether this is a whole number that a tree size can be; `True` is not one."""
    return type(value) is int and 0 <= value <= MAX_SIZE


def _are_hashes(hashes: Sequence[bytes]) -> bool:
    return all(len(one) == HASH_SIZE for one in hashes)


def _check(*, holds: bool) -> None:
    if not holds:
        raise bad("ledger.tree.outside", "tree")


def _split(start: int, end: int) -> int:
    """Where a subtree of two leaves or more divides: after the largest power of two below its size."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def inclusion_proof(hash_at: HashAt, index: int, size: int) -> list[bytes]:
    """`PATH(index, D[size])` (RFC 6962 § 2.1.1), from the leaf's sibling up; O(log n) reads.

    `BadInput` where there is no such leaf.
    """
    _check(holds=_is_size(index) and _is_size(size) and index < size)
    start, end, beside = 0, size, []
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    return [range_root(hash_at, left, right) for left, right in reversed(beside)]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from this leaf hash at this index to the root (RFC 9162 § 2.1.3.2)."""
    if not (_is_size(index) and _is_size(size) and index < size):
        return False
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count() or not _are_hashes([leaf, *proof]):
        return False
    node = leaf
    for level, beside in enumerate(proof):
        on_the_left = level >= inner or index >> level & 1
        node = node_hash(beside, node) if on_the_left else node_hash(node, beside)
    return node == root


def consistency_proof(hash_at: HashAt, old: int, new: int) -> list[bytes]:
    """`PROOF(old, D[new])` (RFC 6962 § 2.1.2); O(log n) reads; `BadInput` unless 0 < old ≤ new."""
    _check(holds=_is_size(old) and _is_size(new) and 0 < old <= new)
    start, end, ranges = 0, new, []
    while old != end:
        middle = _split(start, end)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:  # otherwise the old tree is itself a subtree here, and its root is known
        ranges.append((start, end))
    return [range_root(hash_at, left, right) for left, right in reversed(ranges)]


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether the tree of size `old` is a prefix of the tree of size `new` (RFC 9162 § 2.1.4.2).

    From the empty tree nothing can be proved, so `old` = 0 is refused.
    """
    if not (_is_size(old) and _is_size(new) and 0 < old <= new):
        return False
    if old == new:
        return not proof and old_root == new_root
    level = (old & -old).bit_length() - 1
    last = old - 1
    whole = old == 1 << level  # the old tree is a full subtree: the proof starts from its root
    path = [old_root, *proof] if whole else list(proof)
    inner = (last ^ (new - 1)).bit_length() - level
    if len(path) != 1 + inner + (last >> (inner + level)).bit_count() or not _are_hashes(path):
        return False
    old_node = new_node = path[0]
    for step, beside in enumerate(path[1:]):
        if step >= inner or last >> (level + step) & 1:
            old_node, new_node = node_hash(beside, old_node), node_hash(beside, new_node)
        else:
            new_node = node_hash(new_node, beside)
    return old_node == old_root and new_node == new_root


@attrs.frozen
class RangeProof:
    """What binds the leaves `[start, end)` to a root: the subtrees left and right of them, left to right."""

    left: tuple[bytes, ...]
    right: tuple[bytes, ...]


def range_proof(hash_at: HashAt, start: int, end: int, size: int) -> RangeProof:
    """The proof for the leaves `[start, end)` of a tree; O(log n) reads; `BadInput` unless inside it."""
    _check(holds=_is_size(start) and _is_size(end) and _is_size(size) and start <= end <= size)
    return RangeProof(
        left=tuple(hash_at(level, index) for level, index in subtrees(0, start)),
        right=tuple(hash_at(level, index) for level, index in subtrees(end, size)),
    )


def root_from_range(leaves: Sequence[bytes], start: int, size: int, proof: RangeProof) -> bytes | None:
    """The root that these leaf hashes at `start` have in a tree of `size`; None where nothing fits.

    The root must then be compared with a checkpoint's. An empty range is refused: it shows nothing.
    """
    if not (_is_size(start) and _is_size(size) and 0 < len(leaves) <= size - start):
        return None
    after = list(subtrees(start + len(leaves), size))
    if len(proof.left) != start.bit_count() or len(proof.right) != len(after):
        return None
    if not _are_hashes([*proof.left, *leaves, *proof.right]):
        return None
    tree = Frontier(start, tuple(proof.left)).extend(leaves)
    for (level, _), node in zip(after, proof.right, strict=True):
        tree = tree.push(level, node)
    return tree.root()


def verify_range(leaves: Sequence[bytes], start: int, size: int, proof: RangeProof, root: bytes) -> bool:
    """Whether the tree with this root holds exactly these leaves from `start` on."""
    return root_from_range(leaves, start, size, proof) == root
