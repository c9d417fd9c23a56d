"""The tree over tiles is the tree of RFC 9162: same roots, proofs that verify, for every size."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.log import tree
from petitions.log.verifier import NotProven, check_consistency, check_inclusion, leaf_hash, root_of

# The reference tree of Certificate Transparency: eight leaves and the root over them.
REFERENCE = [b"", b"\0", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43", bytes(range(0x50, 0x58))]
REFERENCE_LEAVES = [*REFERENCE, bytes(range(0x60, 0x70))]
REFERENCE_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


class Kept:
    """Tiles in memory."""

    def __init__(self) -> None:
        self.tiles: dict[tree.Tile, bytes] = {}
        self.size = 0

    def read(self, level: int, n: int) -> bytes:
        return self.tiles[level, n]

    def add(self, hashes: list[bytes]) -> None:
        self.tiles.update(tree.grow(self.read, self.size, hashes))
        self.size += len(hashes)


def hashes(count: int, start: int = 0) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(start, start + count)]


def test_the_reference_tree_has_the_reference_root():
    kept = Kept()
    kept.add([leaf_hash(each) for each in REFERENCE_LEAVES])
    assert tree.root(kept.read, 8).hex() == REFERENCE_ROOT


def test_every_small_tree_has_the_root_of_its_leaves_and_proves_each_of_them():
    kept, leaves = Kept(), hashes(70)
    kept.add(leaves)
    for size in range(1, 71):
        root = tree.root(kept.read, size)
        assert root == root_of(leaves[:size])
        for index in range(size):
            check_inclusion(leaves[index], index, size, tree.inclusion_path(kept.read, index, size), root)


def test_every_small_tree_is_a_beginning_of_every_larger_one():
    kept, leaves = Kept(), hashes(40)
    kept.add(leaves)
    roots = {size: tree.root(kept.read, size) for size in range(1, 41)}
    for old in range(1, 41):
        for new in range(old, 41):
            check_consistency(old, roots[old], new, roots[new], tree.consistency_path(kept.read, old, new))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(min_value=1, max_value=700), min_size=1, max_size=6))
def test_it_does_not_matter_in_which_portions_a_tree_has_grown(portions: list[int]):
    kept, leaves = Kept(), hashes(sum(portions))
    for portion in portions:
        kept.add(leaves[kept.size : kept.size + portion])
    assert tree.root(kept.read, kept.size) == root_of(leaves)
    at_once = Kept()
    at_once.add(leaves)
    assert at_once.tiles == kept.tiles


@pytest.mark.parametrize("index", [0, 255, 256, 65_535, 65_536, 70_000, 70_255])
def test_a_tree_of_three_levels_of_tiles_proves_its_edges(index: int):
    kept, leaves = Kept(), hashes(70_256)
    kept.add(leaves)
    assert {level for level, _n in kept.tiles} == {0, 1, 2}
    root = tree.root(kept.read, kept.size)
    path = tree.inclusion_path(kept.read, index, kept.size)
    check_inclusion(leaves[index], index, kept.size, path, root)
    fetched = {tile: kept.tiles[tile] for tile in tree.tiles_of_path(index, kept.size)}
    assert tree.inclusion_path(lambda level, n: fetched[level, n], index, kept.size) == path
    with pytest.raises(NotProven):
        check_inclusion(hashlib.sha256(b"other").digest(), index, kept.size, path, root)
    old = max(index, 1)
    check_consistency(old, tree.root(kept.read, old), kept.size, root, tree.consistency_path(kept.read, old, kept.size))


def test_a_full_tile_never_changes_again():
    kept = Kept()
    kept.add(hashes(256))
    assert (0, 0) not in tree.grow(kept.read, 256, hashes(10, 256))


def test_there_is_no_proof_of_what_is_not_there():
    kept = Kept()
    kept.add(hashes(3))
    with pytest.raises(ValueError, match="no such leaf"):
        tree.inclusion_path(kept.read, 3, 3)
    with pytest.raises(ValueError, match="not smaller"):
        tree.consistency_path(kept.read, 3, 2)
