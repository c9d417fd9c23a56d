"""Two readers of one form: the strict one takes nothing that the other refuses, and hostile encodings fool neither."""

from __future__ import annotations

import hashlib
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from random import Random

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from hypothesis import example, given, settings
from hypothesis import strategies as st

from petitions.identity.eds import TrustStore, verify_detached
from petitions.identity.eds.container_ber import read_ber
from petitions.identity.eds.container_der import read_der
from petitions.identity.eds.der import NotDer
from petitions.identity.simulators import cms
from petitions.identity.simulators.authority import open_authority
from petitions.identity.simulators.keys import Algorithm, RsaKey
from petitions.identity.simulators.people import person
from tests.identity.eds.forging import ALGORITHMS, AT, TEXT, Forger, verdict, write_for_openssl

SHA512_ALGORITHM = bytes.fromhex("300b0609608648016503040203")
GENERALIZED_TIME, CONTEXT_1 = 0x18, 0xA1


@dataclass
class Node:
    """An element that may be written otherwise than DER says."""

    tag: int
    contents: bytes = b""
    children: list[Node] = field(default_factory=list)
    form: str = "der"

    def write(self) -> bytes:
        body = b"".join(child.write() for child in self.children) if self.children else self.contents
        size = len(body)
        match self.form:
            case "long":
                return bytes([self.tag, 0x84]) + size.to_bytes(4) + body
            case "endless":
                return bytes([self.tag, 0x80]) + body + b"\x00\x00"
            case "huge":
                return bytes([self.tag, 0x88]) + b"\x7f" * 8 + body
            case "short":
                return bytes([self.tag, max(0, size % 128 - 1)]) + body
            case _:
                return cms.tlv(self.tag, body)

    def all(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.all()


def parsed(der: bytes) -> list[Node]:
    """The elements of our own DER, all the way down."""
    found = []
    while der:
        size, start = der[1], 2
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(der[2:start])
        body = der[start : start + size]
        inner = parsed(body) if der[0] & 0x20 else []
        found.append(Node(der[0], b"" if inner else body, inner))
        der = der[start + size :]
    return found


def made(
    forger: Forger,
    change: Callable[[list[bytes]], list[bytes]] = lambda attributes: attributes,
    *,
    others: list[x509.Certificate] | None = None,
) -> bytes:
    """A good signature over these attributes, in the order of a SET."""
    return forger.made(attributes=sorted(change(forger.attributes())), others=others)


def naming(certificate: bytes, algorithm: bytes, digest: str) -> Callable[[list[bytes]], list[bytes]]:
    """Attributes that name the certificate by a digest whose algorithm is written out."""
    named = cms.tlv(cms.SEQUENCE, algorithm, cms.tlv(cms.OCTETS, hashlib.new(digest, certificate).digest()))
    attribute = cms.attribute(cms.SIGNING_CERTIFICATE, cms.tlv(cms.SEQUENCE, cms.tlv(cms.SEQUENCE, named)))
    return lambda attributes: [*(one for one in attributes if cms.SIGNING_CERTIFICATE not in one), attribute]


def timed(tag: int, text: bytes) -> Callable[[list[bytes]], list[bytes]]:
    attribute = cms.attribute(cms.SIGNING_TIME, cms.tlv(tag, text))
    return lambda attributes: [*(one for one in attributes if cms.SIGNING_TIME not in one), attribute]


def with_unsigned_attributes(good: bytes) -> bytes:
    """A time stamp, say: it stands outside of what is signed."""
    [root] = parsed(good)
    stamp = cms.attribute(bytes.fromhex("060b2a864886f70d010910020e"), cms.tlv(cms.SEQUENCE))
    signer_of(root).children.append(Node(CONTEXT_1, children=parsed(stamp)))
    return root.write()


def signed_of(root: Node) -> Node:
    return root.children[1].children[0]


def signer_of(root: Node) -> Node:
    return signed_of(root).children[-1].children[0]


def usual_forms(forger: Forger) -> list[bytes]:
    certificate = forger.certificate()[0]
    der = certificate.public_bytes(serialization.Encoding.DER)
    others = [forger.certificate(person("olga"))[0], forger.ca]
    good = made(forger)
    return [
        good,
        with_unsigned_attributes(good),
        made(forger, naming(der, cms.SHA256_ALGORITHM, "sha256")),
        made(forger, lambda attributes: [one for one in attributes if cms.SIGNING_CERTIFICATE not in one]),
        made(forger, lambda attributes: [one for one in attributes if cms.SIGNING_TIME not in one]),
        made(forger, lambda attributes: [*attributes, cms.attribute(SHA512_ALGORITHM[2:], cms.tlv(cms.NULL))]),
        made(forger, others=others),
        made(forger, others=[]),
    ]


@lru_cache(maxsize=2)
def kept_forms(algorithm: Algorithm, pki: Path) -> list[bytes]:
    return usual_forms(Forger(open_authority(pki.parent), algorithm))


def test_the_usual_forms_are_read_strictly_and_just_as_by_the_other_reader(forger: Forger, trust: TrustStore) -> None:
    for signature in usual_forms(forger):
        assert read_der(signature) == read_ber(signature)
        assert verdict(signature, trust) == "accepted"


def test_what_openssl_makes_is_read_strictly(rsa: Forger, trust: TrustStore, tmp_path: Path) -> None:
    write_for_openssl(tmp_path, *rsa.certificate())
    command = (
        "openssl cms -sign -binary -md sha256 -in text -signer cert.pem -inkey key.pem -outform DER -out signature"
    )
    subprocess.run(command.split(), cwd=tmp_path, check=True)
    signature = (tmp_path / "signature").read_bytes()
    assert read_der(signature) == read_ber(signature)
    assert verdict(signature, trust) == "accepted"


CHANGES = ("twice", "away", "swapped", "retagged", "long", "endless", "huge", "short", "emptied", "filled", "flipped")


def disturb(nodes: list[Node], change: str, random: Random) -> None:
    """Change one element somewhere in the tree."""
    node = random.choice(nodes)
    parent = random.choice([one for one in nodes if one.children] or [Node(cms.SET, children=[node])])
    at = random.randrange(len(parent.children))
    match change:
        case "twice":
            parent.children.insert(at, parent.children[at])
        case "away":
            del parent.children[at]
        case "swapped":
            parent.children[at], parent.children[-1] = parent.children[-1], parent.children[at]
        case "retagged":
            node.tag = random.choice([0x02, 0x04, 0x06, 0x18, 0x24, 0x30, 0x31, 0x80, 0xA0, 0xA1, 0xA2, 0x3F, 0x00])
        case "long" | "endless" | "huge" | "short":
            node.form = change
        case "emptied":
            node.children, node.contents = [], b""
        case "filled":
            parent.children.insert(at, Node(random.choice([0x02, 0x05, 0x30, 0xA1, 0x06]), random.randbytes(2)))
        case "flipped" if node.contents:
            at = random.randrange(len(node.contents))
            node.contents = node.contents[:at] + random.randbytes(1) + node.contents[at + 1 :]


def same_or_left_to_the_other(changed: bytes) -> None:
    """Whatever the strict reader takes, the other one reads the same."""
    with suppress(ValueError, x509.InvalidVersion):
        taken = read_der(changed)
        try:
            other = read_ber(changed)
        except Exception as error:
            raise AssertionError("taken, though the other reader refuses it") from error
        assert taken == other


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    algorithm=st.sampled_from(ALGORITHMS),
    form=st.integers(0, 7),
    changes=st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3),
    seed=st.integers(0),
)
@example(algorithm="rsa", form=0, changes=["endless"], seed=0)
def test_a_disturbed_signature_is_never_read_otherwise(
    algorithm: Algorithm, form: int, changes: list[str], seed: int, pki: Path, trust: TrustStore
) -> None:
    [root] = parsed(kept_forms(algorithm, pki)[form])
    random = Random(seed)
    for change in changes:
        disturb(list(root.all()), change, random)
    changed = root.write()
    same_or_left_to_the_other(changed)
    verdict(changed, trust)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    algorithm=st.sampled_from(ALGORITHMS),
    form=st.integers(0, 7),
    position=st.integers(0),
    put=st.binary(max_size=3),
    cut=st.integers(0, 3),
)
def test_changed_bytes_are_never_read_otherwise(
    algorithm: Algorithm, form: int, position: int, put: bytes, cut: int, pki: Path
) -> None:
    good = kept_forms(algorithm, pki)[form]
    position %= len(good)
    same_or_left_to_the_other(good[:position] + put + good[position + cut :])


def test_a_length_that_the_other_reader_takes_for_an_indefinite_one_is_left_to_it(rsa: Forger) -> None:
    key = rsa.branch.ca_key
    assert isinstance(key, RsaKey)
    texts = {NameOID.COMMON_NAME: "A" * 50, NameOID.ORGANIZATION_NAME: "B" * 56}
    issuer = x509.Name([x509.NameAttribute(oid, text) for oid, text in texts.items()])
    assert issuer.public_bytes().startswith(b"\x30\x81\x80")
    builder = x509.CertificateBuilder().issuer_name(issuer).subject_name(issuer).serial_number(7)
    dated = builder.not_valid_before(AT).not_valid_after(AT).public_key(key.private.public_key())
    attributes = cms.signed_attributes(b"", dated.sign(key.private, SHA256()), AT)
    signature = cms.signed_data(attributes, b"", [dated.sign(key.private, SHA256())])
    assert read_ber(signature).certificate.issuer == issuer
    with pytest.raises(NotDer):
        read_der(signature)


def test_no_cut_signature_is_read(forger: Forger) -> None:
    good = made(forger)
    for length in range(len(good)):
        with pytest.raises(ValueError, match=r"^$"):
            read_der(good[:length])


def test_bytes_after_the_end_of_any_level_are_left_to_the_other_reader(forger: Forger) -> None:
    for junk in (b"\x00", b"\x05\x00", b"\x00\x00"):
        with pytest.raises(NotDer):
            read_der(made(forger) + junk)
    levels = len(list(parsed(made(forger))[0].all()))
    for number in range(levels):
        [root] = parsed(made(forger))
        node = list(root.all())[number]
        if node.children:
            node.children.append(Node(cms.NULL))
            same_or_left_to_the_other(root.write())


@pytest.mark.parametrize("form", ["long", "endless"])
def test_other_lengths_around_what_is_signed_are_understood_as_before(
    form: str, forger: Forger, trust: TrustStore
) -> None:
    def when_written_so(pick: Callable[[Node], Node]) -> str:
        [root] = parsed(made(forger))
        pick(root).form = form
        with pytest.raises(NotDer):
            read_der(root.write())
        return verdict(root.write(), trust)

    assert when_written_so(lambda root: root) == "accepted"
    assert when_written_so(lambda root: root.children[1]) == "accepted"
    assert when_written_so(signed_of) == "accepted"
    assert when_written_so(lambda root: signed_of(root).children[-1]) == "accepted"
    assert when_written_so(signer_of) == "accepted"
    assert when_written_so(lambda root: signer_of(root).children[3].children[0]) == "accepted"
    assert when_written_so(lambda root: signed_of(root).children[3].children[0].children[0]) == "bad-signature"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (lambda root: root, "malformed"),
        (lambda root: root.children[0], "malformed"),
        (lambda root: root.children[1], "malformed"),
        (signed_of, "malformed"),
        (lambda root: signed_of(root).children[2], "malformed"),
        (lambda root: signed_of(root).children[3], "malformed"),
        (lambda root: signed_of(root).children[-1], "malformed"),
        (signer_of, "malformed"),
        (lambda root: signer_of(root).children[1], "malformed"),
        (lambda root: signer_of(root).children[2], "malformed"),
        (lambda root: signer_of(root).children[3], "malformed"),
        (lambda root: signer_of(root).children[5], "malformed"),
    ],
)
@pytest.mark.parametrize("tag", [0x05, 0x3F, 0x7F, 0xA5])
def test_a_wrong_tag_is_refused(
    place: Callable[[Node], Node], expected: str, tag: int, forger: Forger, trust: TrustStore
) -> None:
    [root] = parsed(made(forger))
    place(root).tag = tag
    assert verdict(root.write(), trust) == expected


def test_the_signers_certificate_must_stand_there_once(forger: Forger, trust: TrustStore) -> None:
    certificate = forger.certificate()[0]
    assert verdict(made(forger, others=[forger.ca, certificate]), trust) == "malformed"
    assert verdict(made(forger, others=[forger.ca] * 5), trust) == "accepted"
    assert verdict(made(forger, others=[forger.ca] * 6), trust) == "malformed"
    [root] = parsed(made(forger, others=[forger.ca, certificate]))
    number = signed_of(root).children[3].children[2].children[0].children[1]
    number.contents = b"\x00" + number.contents
    assert verdict(root.write(), trust) == "malformed"


def test_many_attributes_are_refused(forger: Forger, trust: TrustStore) -> None:
    def with_more(count: int) -> bytes:
        more = [cms.attribute(cms.tlv(cms.OID, bytes([0x2A, n])), cms.tlv(cms.NULL)) for n in range(count)]
        return made(forger, lambda attributes: [*attributes, *more])

    assert verdict(with_more(12), trust) == "accepted"
    assert verdict(with_more(13), trust) == "malformed"


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        (cms.UTC_TIME, b"261121100000Z", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        (cms.UTC_TIME, b"500101000000Z", datetime(1950, 1, 1, tzinfo=UTC)),
        (cms.UTC_TIME, b"491231235959Z", datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (cms.UTC_TIME, b"2611211000Z", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        (cms.UTC_TIME, b"261121150000+0500", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        (GENERALIZED_TIME, b"20261121100000Z", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        (GENERALIZED_TIME, b"20261121100000", "malformed"),
        (cms.UTC_TIME, b"260230100000Z", "malformed"),
        (cms.UTC_TIME, b"261121100060Z", "malformed"),
        (cms.UTC_TIME, b"26112110000 Z", "malformed"),
        (cms.UTC_TIME, b"", "malformed"),
    ],
)
def test_the_claimed_time_is_read_in_each_form(
    tag: int, text: bytes, expected: datetime | str, forger: Forger, trust: TrustStore
) -> None:
    signature = made(forger, timed(tag, text))
    if isinstance(expected, str):
        assert verdict(signature, trust) == expected
    else:
        assert verify_detached(signature, TEXT, trust=trust, at=AT).signed_at == expected


def test_a_certificate_named_by_another_digest_is_understood(forger: Forger, trust: TrustStore) -> None:
    der = forger.certificate()[0].public_bytes(serialization.Encoding.DER)
    assert verdict(made(forger, naming(der, SHA512_ALGORITHM, "sha512")), trust) == "accepted"
    assert verdict(made(forger, naming(der + b"\x00", SHA512_ALGORITHM, "sha512")), trust) == "bad-signature"
    sha1 = bytes.fromhex("300706052b0e03021a")
    assert verdict(made(forger, naming(der, sha1, "sha1")), trust) == "unknown-algorithm"


@pytest.mark.parametrize("form", ["huge", "short"])
@pytest.mark.parametrize("place", [lambda root: root, signed_of, signer_of, lambda root: signer_of(root).children[3]])
def test_a_length_that_lies_is_refused_in_bounded_time(
    form: str, place: Callable[[Node], Node], forger: Forger, trust: TrustStore
) -> None:
    began = time.perf_counter()
    [root] = parsed(made(forger))
    place(root).form = form
    assert verdict(root.write(), trust) == "malformed"
    assert time.perf_counter() - began < 2


def test_a_room_full_of_tiny_elements_is_refused_in_bounded_time(trust: TrustStore) -> None:
    began = time.perf_counter()
    tiny = cms.tlv(cms.SEQUENCE, cms.SIGNED_DATA, cms.tlv(cms.CONTEXT_0, b"\x05\x00" * 30_000))
    assert verdict(tiny, trust) == "malformed"
    assert time.perf_counter() - began < 2
