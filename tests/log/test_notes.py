"""Signatures and notes: ours are what others verify, theirs are what we verify, everything bent is refused."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.log import notes
from petitions.log.verifier import (
    COSIGNATURE,
    ORDER,
    Malformed,
    NotProven,
    P,
    VerifierKey,
    check_ed25519,
    check_log_signature,
    check_promise,
    check_signed,
    check_witnesses,
    read_checkpoint,
    read_note,
    read_promise,
)
from tests.log.a_log import AT, ALog

KEY = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
WITNESS = VerifierKey.parse(notes.vkey("witness.example/w1", notes.public_bytes(KEY), COSIGNATURE))

# RFC 8032, 7.1: public key, message, signature
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]

OF_ORDER_EIGHT = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")

# The example of Go's golang.org/x/mod/sumdb/note, whose format C2SP signed-note writes down.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_signatures_of_the_standard_verify(public: str, message: str, signature: str):
    check_ed25519(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


@settings(max_examples=40, deadline=None)
@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=300), bit=st.integers(0, 8 * 96 - 1))
def test_we_and_the_library_agree_on_every_signature_right_or_bent(seed: bytes, message: bytes, bit: int):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = notes.public_bytes(key), key.sign(message)
    check_ed25519(public, message, signature)
    bent = bytearray(public + signature)
    bent[bit // 8] ^= 1 << bit % 8
    bent_public, bent_signature = bytes(bent[:32]), bytes(bent[32:])
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(bent_public).verify(bent_signature, message)
    with pytest.raises(NotProven):
        check_ed25519(bent_public, message, bent_signature)


def test_a_signature_has_one_form_only():
    public, signature = notes.public_bytes(KEY), KEY.sign(b"text")
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    with pytest.raises(NotProven, match="one allowed form"):
        check_ed25519(public, b"text", signature[:32] + scalar.to_bytes(32, "little"))
    for short in (b"", signature[:-1], signature + b"\0"):
        with pytest.raises(Malformed):
            check_ed25519(public, b"text", short)


@pytest.mark.parametrize(
    "number",
    [
        1,  # the neutral element
        P - 1,  # of order two
        0,  # of order four
        2,  # no square root: not on the curve
        P,  # 0 in a second form
        P + 1,
        1 | 1 << 255,  # minus zero
        int.from_bytes(OF_ORDER_EIGHT, "little"),
    ],
)
def test_a_key_that_is_no_point_or_fits_any_signature_is_refused(number: int):
    with pytest.raises((Malformed, NotProven)):
        check_ed25519(number.to_bytes(32, "little"), b"text", KEY.sign(b"text"))
    with pytest.raises(Malformed):
        VerifierKey.parse(notes.vkey("log.example", number.to_bytes(32, "little")))


def test_a_note_of_another_implementation_verifies():
    check_signed(read_note(NEUMANN_NOTE), VerifierKey.parse(NEUMANN))
    with pytest.raises(NotProven):
        check_signed(read_note(NEUMANN_NOTE.replace("answer", "question")), VerifierKey.parse(NEUMANN))


def test_a_key_says_its_name_and_refuses_a_slip_of_the_pen():
    log = ALog()
    key = VerifierKey.parse(log.vkey)
    assert (key.name, key.public) == ("demo.invalid/log/12", notes.public_bytes(log.key))
    assert log.vkey.split("+")[1] == notes.key_id(log.origin, key.public).hex()
    for slip in (log.vkey.replace("/12", "/13"), log.vkey[:-1], log.vkey.replace("+", "-"), "", "a b+00+AA=="):
        with pytest.raises(Malformed):
            VerifierKey.parse(slip)


def test_a_checkpoint_says_counts_and_the_hash_of_the_territories():
    checkpoint = read_checkpoint(ALog().join(3).take_back(1).checkpoint())
    assert (checkpoint.origin, checkpoint.size) == ("demo.invalid/log/12", 4)
    assert checkpoint.extensions[0] == "count 3 1"
    assert checkpoint.extensions[1].startswith("territories ")


def test_the_log_of_another_petition_is_not_this_ones_though_the_key_is_one():
    checkpoint = read_checkpoint(ALog(13).join().checkpoint())
    with pytest.raises(NotProven, match=r"demo.invalid/log/13"):
        check_log_signature(checkpoint, ALog(12).verifier_key)


def test_a_checkpoint_signed_with_a_strangers_key_is_refused():
    checkpoint = read_checkpoint(ALog(seed=b"x" * 32).join().checkpoint())
    with pytest.raises(NotProven, match="no signature"):
        check_log_signature(checkpoint, ALog().verifier_key)


def test_a_cosignature_tells_when_and_stands_beside_the_logs_own():
    log = ALog().join(5)
    note = log.checkpoint()
    line = notes.cosign(read_note(note).text, WITNESS.name, KEY, datetime(2026, 6, 2, tzinfo=UTC))
    checkpoint = read_checkpoint(note + line)
    check_log_signature(checkpoint, log.verifier_key)
    assert check_signed(checkpoint.note, WITNESS) == datetime(2026, 6, 2, tzinfo=UTC).timestamp()
    assert check_witnesses(checkpoint, [WITNESS]) == [WITNESS.name]


def test_a_cosignature_does_not_fit_another_moment_or_another_checkpoint():
    log = ALog().join(5)
    line = notes.cosign(read_note(log.checkpoint()).text, WITNESS.name, KEY, AT)
    head, encoded = line.rsplit(" ", 1)
    data = bytearray(base64.b64decode(encoded))
    data[11] ^= 1  # a second earlier or later
    moved = f"{head} {base64.b64encode(data).decode()}\n"
    for note in (log.checkpoint() + moved, log.join().checkpoint() + line):
        with pytest.raises(NotProven, match=r"witness.example"):
            check_witnesses(read_checkpoint(note), [WITNESS])


def test_enough_witnesses_are_enough():
    other = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
    absent = VerifierKey.parse(notes.vkey("other.example", notes.public_bytes(other), COSIGNATURE))
    note = ALog().join().checkpoint()
    checkpoint = read_checkpoint(note + notes.cosign(read_note(note).text, WITNESS.name, KEY, AT))
    assert check_witnesses(checkpoint, [WITNESS, absent], quorum=1) == [WITNESS.name]
    with pytest.raises(NotProven, match=r"other.example"):
        check_witnesses(checkpoint, [WITNESS, absent])


def test_a_promise_is_the_logs_word_for_one_entry():
    log = ALog().join()
    promise = read_promise(notes.promise(log.origin, log.leaves[0], AT, log.key))
    assert (promise.leaf, promise.minute) == (log.leaves[0], "2026-06-01T06:59Z")
    check_promise(promise, log.verifier_key)
    with pytest.raises(NotProven):
        check_promise(promise, ALog(13).verifier_key)


def test_a_promise_is_the_same_text_every_time():
    log = ALog().join()
    assert notes.promise(log.origin, log.leaves[0], AT, log.key) == notes.promise(
        log.origin, log.leaves[0], AT, log.key
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note[:-1],
        lambda note: note + "\n",
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note.replace("—", "-"),
        lambda note: note.replace("— ", "—  "),
        lambda note: note.replace("\n4\n", "\n04\n"),
        lambda note: note.replace("\n4\n", "\n٤\n"),
        lambda note: note.replace("\n4\n", "\n\n"),
        lambda note: note.replace("\n4\n", "\n4\r\n"),
        lambda note: note.replace("=\ncount", "\ncount"),
        lambda note: "",
        lambda note: "\n\n" + note.partition("\n\n")[2],
    ],
)
def test_a_checkpoint_in_another_form_is_no_checkpoint(change):
    with pytest.raises(Malformed):
        read_checkpoint(change(ALog().join(4).checkpoint()))
