"""Streebog-512, the hash of GOST 34.11-2012 (RFC 6986): in plain Python, and through Botan where it is installed.

Bytes stand in the order in which the national software writes digests into signatures, which is also the order of
other libraries; RFC 6986 prints its examples from the last byte to the first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, reduce
from operator import getitem, xor

from petitions.identity.eds.gost.botan import botan_streebog

BLOCK = 64
MODULUS = 1 << 512

SUBSTITUTION = bytes.fromhex(
    "fceedd11cf6e3116fbc4fada23c5044de977f0db932e99ba1736f1bb14cd5fc1f918655ae25cef21811c3c428b018e4f"
    "058402aee36a8fa0060bed987fd4d31feb342c51eac848abf22a68a2fd3aceccb5700e56080c7612bf7213479cb75d87"
    "15a19629107b9ac7f391786f9d9eb2b13275193dff358a7e6d54c680c3bd0d57dff524a93ea843c9d779d6f67c22b903"
    "e00fecde7a94b0bcdce828504e330a4aa79760731e0062441ab83882649f2641ad454692275e552f8ca3a57d69d5953b"
    "0758b34086ac1df730376be488d9e789e11b83494c3ff8fe8d53aa90cad88561207167a42d2b095bcb9b25d0bee56c52"
    "59a674d2e6f4b4c0d166afc2394b63b6"
)
"""The table of 6.2."""

MATRIX = bytes.fromhex(
    "641c314b2b8ee083c83862965601dd1b8d70c431ac02a73607e095624504536c0edd37c48a08a6d81ca76e95091051ad"
    "3853dc371220a24770a6a56e2440598ea48b474f9ef5dc18550b8e9e21f7a530aa16012142f35760492c024284fbaec0"
    "9258048415eb419d39b008152acb8227727d102a548b194ee4fa2054a80b329cf97d86d98a327728effa11af0964ee50"
    "c3e9224312c8c1a09bcf4486248d9f5d2b838811480723ba561b0d22900e4669ac361a443d1c8cd2456c34887a3805b9"
    "5b068c651810a89eb60c05ca30204d2171180a8960409a42e230140fc0802984d960281e9d1d5215afc0503c273aa42a"
    "439da0784e74555486275df09ce8aaa80321658cba93c1380642ca05693b9f700c84890ad27623e018150f14b9ec46dd"
    "302a1e286fc58ca760543c50de970553c0a878a0a1330aa69d4df05d5f661451accc9ca9328a89504585254f64090fa0"
    "8a174a9ec8121e5d092e94218d243cba125c35420748786924b86a840e90f0d2486dd4151c3dfdb990dab52a387ae76f"
    "46b60f011a83988e8c711e02341b2d0105e23c0468365a020ad97808d06cb40414aff010bdd875082843fd2067adea10"
    "5086e740ce47c920a011d380818e8f4083478b07b24687641b8e0b0e798c13c83601161cf205268d6c022c38f90a4c07"
    "d8045870ef14980ead08b0e0c3282d1c47107ddd9b505a388e20faa72ba0b470"
)
"""The table of 6.4, eight bytes a row, each eight rows in the order of the bits of a byte."""

CONSTANTS = bytes.fromhex(
    "0745a6f2596580dd234d74cc3674760515d360a4082a42a20169679291e07c4bfcc485758db84e7116d0452e43766a2f"
    "1f7c65c0812fcbebe9daca1eda5b08b1b79bb121700479e656cdcbd71ba2dd55caa70adbc261b55c5899d6126b17b59a"
    "3101b5160f5ed561982b230a72eafef3d7b5700f469de34f1a2f9da98ab5a36fb20aba0af5961e9931db7a8643f4b6c2"
    "09db6260373ac9c1b19e3590e40fe2d37b7b29b11475eaf28b1f9c525f5ef10635843d6a28fc390ac72fce2bacdc74f5"
    "2ed1e384bcbe0c22f137e893a1ea5334be0352933313b7d875d603ed822cd7a93f355e68ad1c729d7d3c5c337e858e48"
    "dde4715da0e148f9d26615e8b3df1fef57fe6c7cfd581760f563eaa97ea2567a161a2723b700ffdfa3f53a254717cdbf"
    "bdff0f80d7359e354a1086161f1c157f6323a96c0c413f9a994747adac6bea4b6e7d64467a4068fa354f903672c571bf"
    "b6c6bec2661ff20ab4b79a1cb7a6facfc68ef09ab49a7f186ca44251f9c4662dc039307a3bc3a46fd9d33a1daeae4fae"
    "93d4143a4d568688f34a3ca24c45173504054a2883694706372c822dc5ab9209c9937a19333e47d3c987bfe6c7c69e39"
    "540924bffe86ac51ecc5aaee160ec7f41ee702bfd40d7fa4d9a8515935c2ac362fc4a5d12b8dd16990069b92cb2b89f4"
    "9ac4db4d3b44b4891ede369c71f8b74e41416e0c02aae703a7c9934d425b1f9bdb5a238351446172602a1fcb92dc380e"
    "549c07a69a8a2b7bb1ceb2db0b440a8084090de0b755d93c244289251b3a7d3ade5f16ecd89a4c949b223116545a8f37"
    "ed9c4598fbc7b474c3b63b15d1fa9836f452763b306c1e7a4b3369af0267e79f0361331b8ae1ff1fdb788aff1ce74189"
    "f3f3e4b248e52a38526f0580a6debeab1b2df381cda4ca6b5dd86fc04a59a2de986e477d1dcdbaefcab948eaef711d8a"
    "79668414218001206107abebbb6bfad894fe5a63cdc60230fb89c8efd09ecd7b20d71bf14a92bc48991bb2d9d517f4fa"
    "5228e188aaa41de786cc91189def805d9b9f2130d41220f8771ddfbc323ca4cd7ab14904b08013d2ba3116f167e78e37"
)
"""The twelve iteration constants of 6.5, 64 bytes each."""


def streebog512(data: bytes) -> bytes:
    """The digest, 64 bytes."""
    return _installed()(data)


def plain_streebog512(data: bytes) -> bytes:
    """The same without any library; some 1.5 ms a kilobyte. The numbers in the comments are sections of RFC 6986."""
    state = length = total = 0
    whole = len(data) - len(data) % BLOCK
    # 8, stage 2: every full block.
    for start in range(0, whole, BLOCK):
        block = int.from_bytes(data[start : start + BLOCK], "little")
        state = _compressed(length, state, block)
        length += 8 * BLOCK
        total = (total + block) % MODULUS
    # 8, stage 3: the rest with a one after it, then the length, then the sum of all.
    block = int.from_bytes(data[whole:] + b"\x01", "little")
    state = _compressed(length, state, block)
    length += 8 * (len(data) - whole)
    total = (total + block) % MODULUS
    state = _compressed(0, state, length)
    return _compressed(0, state, total).to_bytes(BLOCK, "little")


def _compressed(length: int, state: int, block: int) -> int:
    """The function g of section 7: E(LPS(state ^ length), block) ^ state ^ block."""
    tables, constants = _tables()
    key = reduce(xor, map(getitem, tables, (state ^ length).to_bytes(BLOCK, "little")))
    mixed = block
    for constant in constants:
        mixed = reduce(xor, map(getitem, tables, (mixed ^ key).to_bytes(BLOCK, "little")))
        key = reduce(xor, map(getitem, tables, (key ^ constant).to_bytes(BLOCK, "little")))
    return mixed ^ key ^ state ^ block


@cache
def _tables() -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    """What each value of each of the 64 bytes adds to LPS, and the constants; 1.5 MB, made on first use.

    A byte is substituted (S), goes with its place (P), and is multiplied by the matrix (L): linear in its bits, and
    the whole is the sum of what its 64 bytes add.
    """
    rows = [int.from_bytes(MATRIX[at : at + 8], "big") for at in range(0, len(MATRIX), 8)]
    words = [[_product(rows[8 * column : 8 * column + 8], byte) for byte in SUBSTITUTION] for column in range(8)]
    tables = tuple(tuple(word << 64 * row for word in words[column]) for column in range(8) for row in range(8))
    constants = (CONSTANTS[at : at + BLOCK] for at in range(0, len(CONSTANTS), BLOCK))
    return tables, tuple(int.from_bytes(constant, "little") for constant in constants)


def _product(rows: list[int], byte: int) -> int:
    return reduce(xor, (row for bit, row in enumerate(rows) if byte >> bit & 1), 0)


@cache
def _installed() -> Callable[[bytes], bytes]:
    """Botan's, some hundred times faster, if it is there and gives the same; else the plain one."""
    found = botan_streebog()
    probe = bytes(range(100))
    if found is not None and found(probe) == plain_streebog512(probe):
        return found
    return plain_streebog512
