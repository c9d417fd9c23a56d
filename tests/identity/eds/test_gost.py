"""GOST arithmetic against what others made: the national software, the standards' examples, another library."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from gostcrypto import gosthash, gostsignature
from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.identity.eds.der import NotDer
from petitions.identity.eds.engines import gost_key
from petitions.identity.eds.gost import botan, curve
from petitions.identity.eds.gost.streebog import plain_streebog512, streebog512

FILE = Path(__file__).with_name("gost_vectors.txt")
CURVE = gostsignature.CURVES_R_1323565_1_024_2019["id-tc26-gost-3410-12-512-paramSetA"]


def vectors() -> dict[str, str]:
    lines = (line for line in FILE.read_text().splitlines() if line and not line.startswith("#"))
    return {name: value for name, _equals, value in (line.partition("=") for line in lines)}


MADE = vectors()
KEY = gost_key(bytes.fromhex(MADE["spki"]))
DIGEST, SIGNATURE = bytes.fromhex(MADE["digest"]), bytes.fromhex(MADE["sig"])


def test_what_the_national_software_hashed_and_signed_is_verified() -> None:
    assert streebog512(MADE["msg"].encode()) == DIGEST
    assert curve.verify(KEY, DIGEST, SIGNATURE)
    assert curve.verify(KEY, streebog512(bytes.fromhex(MADE["cert_tbs"])), bytes.fromhex(MADE["cert_sig"]))


def test_nothing_else_is() -> None:
    assert not curve.verify(KEY, DIGEST[::-1], SIGNATURE)
    assert not curve.verify(KEY, DIGEST, SIGNATURE[::-1])
    assert not curve.verify(KEY, DIGEST, SIGNATURE[64:] + SIGNATURE[:64])
    assert not curve.verify(KEY, streebog512(b"another"), SIGNATURE)
    assert not curve.verify(KEY, DIGEST, bytes.fromhex(MADE["cert_sig"]))
    for bit in range(0, 8 * len(SIGNATURE), 37):
        changed = bytearray(SIGNATURE)
        changed[bit // 8] ^= 1 << bit % 8
        assert not curve.verify(KEY, DIGEST, bytes(changed))


def test_the_same_is_verified_without_gmpy2() -> None:
    """In a process of its own, where the library cannot be imported."""
    program = (
        "import sys; sys.modules['gmpy2'] = None\n"
        "from tests.identity.eds.test_gost import *\n"
        "assert curve.number is int\n"
        "test_what_the_national_software_hashed_and_signed_is_verified()\n"
        "assert curve.verify(curve.public_point(7), DIGEST, curve.sign(7, DIGEST))\n"
    )
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", program], cwd=root, check=True)


def test_the_curve_is_the_one_of_the_standard() -> None:
    ours = (curve.P, curve.A, curve.B, curve.Q, *curve.BASE)
    assert ours == tuple(CURVE[name] for name in ("p", "a", "b", "q", "x", "y"))


# The examples of RFC 6986, 10.1.1 and 10.2.1, their bytes in the order of files.
@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (
            b"012345678901234567890123456789012345678901234567890123456789012",
            "1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa"
            "00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48",
        ),
        (
            "Се ветри, Стрибожи внуци, веютъ с моря стрелами на храбрыя плъкы Игоревы".encode("cp1251"),
            "1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376"
            "035fe83549ada2b8620fcd7c496ce5b33f0cb9dddc2b6460143b03dabac9fb28",
        ),
    ],
)
def test_the_standards_examples_are_hashed_as_there(message: bytes, digest: str) -> None:
    assert plain_streebog512(message).hex() == digest
    assert streebog512(message).hex() == digest


@settings(max_examples=40, deadline=None, derandomize=True)
@given(message=st.binary(max_size=300))
def test_another_library_hashes_alike(message: bytes) -> None:
    theirs = bytes(gosthash.new("streebog512", data=bytearray(message)).digest())
    assert plain_streebog512(message) == streebog512(message) == theirs


@pytest.mark.parametrize("length", [0, 1, 62, 63, 64, 65, 127, 128, 1000])
def test_lengths_around_whole_blocks_are_hashed_alike(length: int) -> None:
    message = os.urandom(length)
    assert plain_streebog512(message) == bytes(gosthash.new("streebog512", data=bytearray(message)).digest())


def test_another_library_takes_our_signatures_for_good() -> None:
    """It speaks the byte order of the Russian standards: each number and the digest turned round."""
    theirs = gostsignature.new(gostsignature.MODE_512, CURVE)
    private = curve.new_private_key()
    key = curve.encoded_key(curve.public_point(private))
    written = bytes(theirs.public_key_generate(bytearray(private.to_bytes(64, "big"))))
    assert written == key[:64][::-1] + key[64:][::-1]
    signature = curve.sign(private, DIGEST)
    turned = bytearray(signature[:64][::-1] + signature[64:][::-1])
    assert theirs.verify(bytearray(written), bytearray(DIGEST[::-1]), turned)
    assert curve.verify(curve.public_key(key), DIGEST, signature)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(private=st.integers(1, int(curve.Q) - 1), digest=st.binary(min_size=64, max_size=64))
def test_what_was_signed_is_verified_whatever_the_numbers(private: int, digest: bytes) -> None:
    key = curve.public_point(private)
    signature = curve.sign(private, digest)
    assert curve.verify(key, digest, signature)
    assert not curve.verify(curve.public_point(int(curve.Q) - private), digest, signature)


@pytest.mark.parametrize("private", [1, 2, 3, int(curve.Q) - 1, int(curve.Q) - 2])
@pytest.mark.parametrize("digest", [bytes(64), int(curve.Q).to_bytes(64, "little"), b"\xff" * 64])
def test_the_edges_of_the_numbers_hold(private: int, digest: bytes) -> None:
    """The base point itself as a key, a digest of zero: where doubling, adding and infinity meet."""
    key = curve.public_point(private)
    assert curve.public_key(curve.encoded_key(key)) == key
    assert curve.verify(key, digest, curve.sign(private, digest))


@pytest.mark.parametrize("length", [0, 64, 127, 129])
def test_a_key_of_another_length_is_none(length: int) -> None:
    with pytest.raises(ValueError, match="512 bits"):
        curve.public_key(bytes(length))


def test_a_key_of_another_kind_or_curve_is_none() -> None:
    info = bytes.fromhex(MADE["spki"])
    for part, other in (("2a830e030a01010202", "2a830e030a01010201"), ("2a830e030a0101020201", "2a830e030a0101020202")):
        with pytest.raises(ValueError, match="national curve"):
            gost_key(info.replace(bytes.fromhex(part), bytes.fromhex(other), 1))
    for cut in range(0, len(info), 7):
        with pytest.raises((NotDer, ValueError)):
            gost_key(info[:cut])


def test_a_verification_takes_milliseconds() -> None:
    """2 to 3 ms with gmpy2; here is room for a machine busy with other tests."""
    began = time.process_time()
    for _turn in range(20):
        curve.verify(KEY, DIGEST, SIGNATURE)
    assert (time.process_time() - began) / 20 < 0.02


def test_botan_is_used_where_it_is_and_missed_nowhere() -> None:
    assert botan.botan_streebog(["no-such-library.so"]) is None
    assert botan.botan_streebog(["libc.so.6"]) is None, "a library without the functions is not Botan"
    installed = botan.botan_streebog()
    for message in (b"", b"a\x00b", bytes(1000)):
        assert (installed or streebog512)(message) == plain_streebog512(message)
