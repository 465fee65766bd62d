"""A log as files: paths, bundles, tiles, and nodes found through them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.kernel.errors import BadInput
from habeas.ledger import merkle as m
from habeas.ledger import tiles as t

TILES = st.builds(
    t.Tile, st.integers(t.ENTRIES, t.MAX_LEVEL), st.integers(0, m.MAX_SIZE), st.integers(1, t.WIDTH)
)


def code(error: pytest.ExceptionInfo[BadInput]) -> str:
    return error.value.problems[0].code


def entries_of(size: int) -> list[bytes]:
    return [f"entry {at}".encode() for at in range(size)]


# ------------------------------------------------------------------------------------------- paths


def test_an_index_is_written_in_groups_of_three_digits() -> None:
    assert t.Tile(0, 1234067).path == "tile/0/x001/x234/067"
    assert t.Tile(t.ENTRIES, 0, 5).path == "tile/entries/000.p/5"
    assert t.Tile(3, 1000).path == "tile/3/x001/000"


@given(TILES)
def test_a_path_is_read_back(tile: t.Tile) -> None:
    assert t.parse_path(tile.path) == tile


@given(st.text(alphabet="tile/0123456789x.pentris-٣\n", max_size=40))
def test_a_path_has_one_spelling(path: str) -> None:
    try:
        tile = t.parse_path(path)
    except BadInput:
        return
    assert tile.path == path


@pytest.mark.parametrize(
    ("level", "n", "width"), [(-2, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)]
)
def test_a_tile_that_no_path_names_is_refused(level: int, n: int, width: int) -> None:
    with pytest.raises(BadInput):
        t.Tile(level, n, width)


def test_an_endless_path_is_refused_quickly() -> None:
    with pytest.raises(BadInput):
        t.parse_path("tile/0/" + "x000/" * 100_000 + "000")


# ------------------------------------------------------------------------------------------- bundles


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=t.WIDTH))
def test_a_bundle_is_read_back(entries: list[bytes]) -> None:
    data = t.encode_bundle(entries)
    assert t.decode_bundle(data, t.Tile(t.ENTRIES, 0, len(entries))) == entries


@given(st.lists(st.binary(max_size=5), min_size=1, max_size=6), st.integers(1, 7), st.binary(max_size=3))
def test_a_bundle_of_another_width_or_with_more_after_it_is_refused(
    entries: list[bytes], width: int, more: bytes
) -> None:
    data = t.encode_bundle(entries)
    if width != len(entries):
        with pytest.raises(BadInput):
            t.decode_bundle(data, t.Tile(t.ENTRIES, 0, width))
    for broken in (data + (more or b"\x00"), data[:-1]):
        with pytest.raises(BadInput) as error:
            t.decode_bundle(broken, t.Tile(t.ENTRIES, 0, len(entries)))
        assert code(error) == "ledger.bundle.malformed"


@given(
    st.integers(0, 12).flatmap(lambda n: st.lists(st.binary(min_size=n, max_size=n), min_size=1, max_size=9))
)
def test_a_bundle_of_entries_of_one_size_is_read_back(entries: list[bytes]) -> None:
    data = bytearray(t.encode_bundle(entries))
    tile = t.Tile(t.ENTRIES, 0, len(entries))
    assert t.decode_bundle(bytes(data), tile) == entries
    for at in range(len(data)):
        data[at] ^= 1
        with suppress(BadInput):
            assert t.encode_bundle(t.decode_bundle(bytes(data), tile)) == bytes(data)
        data[at] ^= 1


@given(st.binary(max_size=80), st.integers(1, 40))
def test_any_bytes_are_a_bundle_or_an_error(data: bytes, width: int) -> None:
    try:
        entries = t.decode_bundle(data, t.Tile(t.ENTRIES, 0, width))
    except BadInput:
        return
    assert t.encode_bundle(entries) == data


def test_a_bundle_may_mix_long_and_short_entries() -> None:
    entries = [b"a" * 300, b"", b"b" * 65_535, b"c" * 256]
    assert t.decode_bundle(t.encode_bundle(entries), t.Tile(t.ENTRIES, 0, 4)) == entries


def test_a_bundle_holds_no_more_than_its_lengths_can_say() -> None:
    longest = b"x" * t.MAX_ENTRY
    assert t.decode_bundle(t.encode_bundle([longest]), t.Tile(t.ENTRIES, 0, 1)) == [longest]
    for entries in ([longest + b"x"], [], [b""] * 257):
        with pytest.raises(BadInput):
            t.encode_bundle(entries)


# ------------------------------------------------------------------------------------------- tiles


def test_the_specifications_example_of_70_000_leaves() -> None:
    made = t.new_tiles(0, 70_000)
    widths = {level: [x.width for x in made if x.level == level] for level in range(4)}
    assert widths == {0: [256] * 273 + [112], 1: [256, 17], 2: [1], 3: []}
    assert t.tile_at(0, 273, 70_000).width == 112
    assert t.tile_at(t.ENTRIES, 273, 70_000).width == 112
    assert t.tile_at(1, 0, 70_000).width == 256


def test_a_tree_of_256_has_a_full_tile_and_one_hash_above() -> None:
    assert t.new_tiles(0, 256) == [t.Tile(0, 0), t.Tile(1, 0, 1)]
    assert t.new_tiles(255, 256) == [t.Tile(0, 0), t.Tile(1, 0, 1)]
    assert t.new_tiles(256, 256) == []


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 700])
def test_the_files_of_a_log_are_the_tiles_it_should_have(size: int) -> None:
    files = dict(t.log_files(entries_of(size)))
    tiles = {path for path in files if "entries" not in path}
    assert tiles == {tile.path for tile in t.new_tiles(0, size)}
    assert len(files) - len(tiles) == -(-size // t.WIDTH)


def test_a_tiles_bytes_are_its_nodes() -> None:
    entries = entries_of(600)
    files = dict(t.log_files(entries))
    hashes = t.TileHashes(t.StaticLog(files).read, 600)
    for tile in t.new_tiles(0, 600):
        assert t.tile_bytes(hashes, tile) == files[tile.path]
        assert b"".join(t.split_tile(files[tile.path], tile)) == files[tile.path]


@settings(max_examples=25)
@given(st.integers(1, 1500), st.data())
def test_proofs_from_tiles_verify(size: int, data: st.DataObject) -> None:
    entries = entries_of(size)
    leaves = m.leaf_hashes(entries)
    hashes = t.TileHashes(t.StaticLog(dict(t.log_files(entries))).read, size)
    index = data.draw(st.integers(0, size - 1))
    root = m.tree_root(leaves)
    assert m.range_root(hashes, 0, size) == root
    assert m.verify_inclusion(leaves[index], index, size, m.inclusion_proof(hashes, index, size), root)
    old = m.tree_root(leaves[: index + 1])
    assert m.verify_consistency(index + 1, size, m.consistency_proof(hashes, index + 1, size), old, root)
    end = data.draw(st.integers(index + 1, size))
    shown = m.range_proof(hashes, index, end, size)
    assert m.verify_range(leaves[index:end], index, size, shown, root)


def test_a_proof_reads_each_tile_once_and_few_of_them() -> None:
    size = 256 * 256 + 300
    read: list[t.Tile] = []

    def count(tile: t.Tile) -> bytes:
        read.append(tile)
        return bytes(tile.width * m.HASH_SIZE)

    m.inclusion_proof(t.TileHashes(count, size), 70, size)
    assert len(read) == len(set(read)) <= 5


def test_a_tile_that_is_missing_or_of_another_length_is_named() -> None:
    with pytest.raises(BadInput) as error:
        t.TileHashes(lambda _: None, 3)(0, 0)
    assert (code(error), error.value.problems[0].place) == ("ledger.tile.missing", "tile/0/000.p/3")
    with pytest.raises(BadInput) as error:
        t.TileHashes(lambda _: b"x" * 95, 3)(0, 0)
    assert code(error) == "ledger.tile.wrong_size"
    with pytest.raises(BadInput):
        t.split_tile(b"x" * 95, t.Tile(0, 0, 3))


@pytest.mark.parametrize(("level", "index"), [(0, 3), (1, 1), (2, 0), (8, 0), (63, 0)])
def test_a_node_outside_the_tree_is_refused(level: int, index: int) -> None:
    with pytest.raises(BadInput) as error:
        t.TileHashes(lambda _: None, 3)(level, index)
    assert code(error) == "ledger.tree.outside"


def test_a_mirror_may_hold_the_full_tile_instead_of_the_partial_one() -> None:
    full = dict(t.log_files(entries_of(256)))
    partial: dict[str, Any] = dict(t.log_files(entries_of(9)))
    log = t.StaticLog({path: full[path] for path in ("tile/0/000", "tile/entries/000")})
    assert log.read(t.Tile(0, 0, 9)) == partial["tile/0/000.p/9"]
    assert log.read(t.Tile(t.ENTRIES, 0, 9)) is None
    assert log.checkpoint() is None
