"""A Merkle tree (RFC 9162 2.1) over tiles of 256 hashes, as C2SP tlog-tiles cuts it: it grows, and proves.

A tile of level L holds the hashes of complete subtrees of 256**L leaves. Nothing here knows where tiles are kept:
``read(level, n)`` answers with the tile's hashes one after another, as many as there are (or more than are asked of).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from petitions.log.verifier import node_hash

WIDTH = 256
HEIGHT = 8  # levels of the tree in one tile
HASH_BYTES = 32


class Damaged(RuntimeError):
    """A tile lacks hashes that a tree of this size must have there."""


Read = Callable[[int, int], bytes]
Tile = tuple[int, int]  # level, n


def grow(read: Read, size: int, leaves: Sequence[bytes]) -> dict[Tile, bytes]:
    """The tiles that change when leaf hashes are added to a tree of ``size`` leaves, whole."""
    changed: dict[Tile, bytes] = {}
    level, start, added = 0, size, leaves
    while added:
        first, filled = divmod(start, WIDTH)
        hashes = (_hashes(read, level, first, 0, filled) if filled else b"") + b"".join(added)
        complete: list[bytes] = []
        for place in range(0, len(hashes), WIDTH * HASH_BYTES):
            tile = hashes[place : place + WIDTH * HASH_BYTES]
            changed[level, first + len(complete)] = tile
            if len(tile) == WIDTH * HASH_BYTES:
                complete.append(_fold(_split(tile)))
        level, start, added = level + 1, first, complete
    return changed


def root(read: Read, size: int) -> bytes:
    """The root of the first ``size`` leaves, at least one."""
    return _over(read, 0, size)


def inclusion_path(read: Read, index: int, size: int) -> list[bytes]:
    """The hashes that lead from a leaf to the root of the first ``size`` leaves (RFC 9162 2.1.3)."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    path = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split_at(high - low)
        if index < middle:
            path.append(_over(read, middle, high))
            high = middle
        else:
            path.append(_over(read, low, middle))
            low = middle
    return path[::-1]


def tiles_of_path(index: int, size: int) -> list[Tile]:
    """The tiles that `inclusion_path` may read, to be fetched in one go: above the leaf, and at the right edge."""
    tiles: list[Tile] = []
    level = 0
    while full := size >> HEIGHT * level:
        tiles += {(level, index >> HEIGHT * (level + 1)), (level, (full - 1) >> HEIGHT)}
        level += 1
    return tiles


def consistency_path(read: Read, old: int, new: int) -> list[bytes]:
    """The hashes that show the first ``old`` leaves to be a beginning of the first ``new`` (RFC 9162 2.1.4)."""
    if not 0 < old <= new:
        raise ValueError("a consistency proof leads from a tree to one that is not smaller")
    path = []
    low, high, whole = 0, new, True
    while old != high:
        middle = low + _split_at(high - low)
        if old <= middle:
            path.append(_over(read, middle, high))
            high = middle
        else:
            path.append(_over(read, low, middle))
            low, whole = middle, False
    return ([] if whole else [_over(read, low, high)]) + path[::-1]


def _over(read: Read, low: int, high: int) -> bytes:
    """The hash of the leaves from ``low`` to before ``high``."""
    count = high - low
    if count & (count - 1) == 0 and low % count == 0:
        return _complete(read, count.bit_length() - 1, low // count)
    middle = low + _split_at(count)
    return node_hash(_over(read, low, middle), _over(read, middle, high))


def _complete(read: Read, height: int, index: int) -> bytes:
    """The hash of the ``index``-th complete subtree of 2**height leaves."""
    level, above = divmod(height, HEIGHT)
    n, first = divmod(index << above, WIDTH)
    return _fold(_split(_hashes(read, level, n, first, 1 << above)))


def _hashes(read: Read, level: int, n: int, first: int, count: int) -> bytes:
    """Some neighbouring hashes of a tile. Raises Damaged."""
    hashes = read(level, n)[first * HASH_BYTES : (first + count) * HASH_BYTES]
    if len(hashes) != count * HASH_BYTES:
        raise Damaged
    return hashes


def _split_at(count: int) -> int:
    """The largest power of two below ``count``."""
    return 1 << ((count - 1).bit_length() - 1)


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[place : place + HASH_BYTES] for place in range(0, len(hashes), HASH_BYTES)]


def _fold(hashes: list[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]
