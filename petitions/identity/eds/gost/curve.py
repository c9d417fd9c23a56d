"""The arithmetic of GOST 34.10-2015 with keys of 512 bits, on the one curve that national certificates use.

The curve is id-tc26-gost-3410-12-512-paramSetA (RFC 7836, A.2); signing and verifying are RFC 7091, section 6. With
gmpy2 a verification takes 2 ms, in Python's own integers 8 ms. Verifying handles nothing secret. Signing is for the
simulator alone: it takes no care of what its running time gives away.
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import Any

try:
    from gmpy2 import mpz as number  # type: ignore[import-untyped]
except ImportError:  # the same results, only later
    number = int

Number = Any
"""An integer of whichever library is there."""
Point = tuple[Number, Number]
Jacobian = tuple[Number, Number, Number]
"""(X, Y, Z) stands for the point (X/Z², Y/Z³); Z = 0 is the point at infinity."""

SIZE = 64
P: Number = number(2**512 - 569)
A: Number = P - 3
B: Number = number(
    int(
        "E8C2505DEDFC86DDC1BD0B2B6667F1DA34B82574761CB0E879BD081CFD0B6265"
        "EE3CB090F30D27614CB4574010DA90DD862EF9D4EBEE4761503190785A71C760",
        16,
    )
)
Q: Number = number(
    int(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        "27E69532F48D89116FF22B8D4E0560609B4B38ABFAD2B85DCACDB1411F10B275",
        16,
    )
)
"""The order of the whole group: a prime, so that every point of the curve but infinity will do for a key."""
BASE: Point = (
    number(3),
    number(
        int(
            "7503CFE87A836AE3A61B8816E25450E6CE5E1C93ACF1ABC1778064FDCBEFA921"
            "DF1626BE4FD036E93D75E6A50E3A41E98028FE5FC235F5B889A589CB5215F2A4",
            16,
        )
    ),
)
INFINITY: Jacobian = (number(1), number(1), number(0))
BASE_WINDOW, KEY_WINDOW = 8, 5
REMEMBERED = 64
"""Keys whose multiples are kept: those of authorities come again and again."""


def public_key(encoded: bytes) -> Point:
    """A point from its 128 bytes, X then Y, little end first. Raises ValueError for what is not on the curve."""
    if len(encoded) != 2 * SIZE:
        raise ValueError("not a key of 512 bits")
    x, y = (number(int.from_bytes(part, "little")) for part in (encoded[:SIZE], encoded[SIZE:]))
    if x >= P or y >= P or (y * y - (x * x + A) * x - B) % P != 0:
        raise ValueError("not a point of the curve")
    return x, y


def encoded_key(point: Point) -> bytes:
    return _little(point[0]) + _little(point[1])


def verify(key: Point, digest: bytes, signature: bytes) -> bool:
    """Whether the key's owner signed the digest (64 bytes). The signature is r then s, little end first."""
    if len(signature) != 2 * SIZE:
        return False
    r, s = (number(int.from_bytes(part, "little")) for part in (signature[:SIZE], signature[SIZE:]))
    if not (0 < r < Q and 0 < s < Q):
        return False
    inverse = pow(_hashed(digest), -1, Q)
    point = _sum_of_products(s * inverse % Q, -r * inverse % Q, key)
    if point[2] == 0:
        return False
    scale = pow(point[2], -1, P)
    return bool(point[0] * scale * scale % P % Q == r)


def new_private_key() -> int:
    return secrets.randbelow(int(Q) - 1) + 1


def public_point(private: int) -> Point:
    """The public key of a private one."""
    x, y, z = _sum_of_products(number(private), number(0), BASE)
    scale = pow(z, -1, P)
    return x * scale * scale % P, y * scale * scale * scale % P


def sign(private: int, digest: bytes) -> bytes:
    """A signature over the digest, as `verify` reads it. For simulators: not safe against who measures time."""
    while True:
        once = new_private_key()
        r = public_point(once)[0] % Q
        s = (r * private + once * _hashed(digest)) % Q
        if r and s:
            return _little(r) + _little(s)


def _hashed(digest: bytes) -> Number:
    return number(int.from_bytes(digest, "little")) % Q or number(1)


def _little(value: Number) -> bytes:
    return int(value).to_bytes(SIZE, "little")


def _sum_of_products(u: Number, v: Number, key: Point) -> Jacobian:
    """u times the base point plus v times the key, both walked through at once (Shamir's trick)."""
    base_steps, key_steps = _digits(u, BASE_WINDOW), _digits(v, KEY_WINDOW)
    base_points = _odd_multiples(BASE, BASE_WINDOW)
    key_points = _odd_multiples(key, KEY_WINDOW) if v else ()
    result = INFINITY
    for place in range(max(len(base_steps), len(key_steps)) - 1, -1, -1):
        result = _doubled(result)
        for steps, points in ((base_steps, base_points), (key_steps, key_points)):
            digit = steps[place] if place < len(steps) else 0
            if digit > 0:
                result = _added(result, points[digit >> 1])
            elif digit < 0:
                x, y = points[-digit >> 1]
                result = _added(result, (x, P - y))
    return result


def _digits(value: Number, window: int) -> list[int]:
    """The number in signed odd digits, the lowest first, with at least ``window`` - 1 zeros after each other one."""
    digits = []
    rest, whole, half = int(value), 1 << window, 1 << (window - 1)
    while rest:
        digit = 0
        if rest & 1:
            digit = rest & (whole - 1)
            if digit >= half:
                digit -= whole
            rest -= digit
        digits.append(digit)
        rest >>= 1
    return digits


@lru_cache(maxsize=REMEMBERED)
def _odd_multiples(point: Point, window: int) -> tuple[Point, ...]:
    """1, 3, 5 … times the point, as many as digits of that window need."""
    x, y = point
    twice = _affine([_doubled((x, y, number(1)))])[0]
    found: list[Jacobian] = [(x, y, number(1))]
    for _step in range((1 << (window - 2)) - 1):
        found.append(_added(found[-1], twice))
    return tuple(_affine(found))


def _affine(points: list[Jacobian]) -> list[Point]:
    """The points themselves, for the price of one division. None of them is infinity: the group has no small part."""
    products = [number(1)]
    for _x, _y, z in points:
        products.append(products[-1] * z % P)
    inverse = pow(products[-1], -1, P)
    found: list[Point] = []
    for (x, y, z), before in zip(reversed(points), reversed(products[:-1]), strict=True):
        scale = inverse * before % P
        inverse = inverse * z % P
        square = scale * scale % P
        found.append((x * square % P, y * square * scale % P))
    return found[::-1]


def _doubled(point: Jacobian) -> Jacobian:
    """Twice a point. (A = -3 saves a square; no point of a group of odd order has Y = 0, infinity stays.)"""
    x, y, z = point
    y_square, z_square = y * y % P, z * z % P
    s = 4 * x * y_square % P
    m = 3 * (x - z_square) * (x + z_square) % P
    doubled_x = (m * m - 2 * s) % P
    return doubled_x, (m * (s - doubled_x) - 8 * y_square * y_square) % P, 2 * y * z % P


def _added(left: Jacobian, right: Point) -> Jacobian:
    x, y, z = left
    if z == 0:
        return right[0], right[1], number(1)
    z_square = z * z % P
    h = (right[0] * z_square - x) % P
    r = (right[1] * z_square * z - y) % P
    if h == 0:
        return _doubled(left) if r == 0 else INFINITY
    h_square = h * h % P
    h_cube, v = h * h_square % P, x * h_square % P
    added_x = (r * r - h_cube - 2 * v) % P
    return added_x, (r * (v - added_x) - y * h_cube) % P, z * h % P
