"""Signatures on real cryptography: good ones are read, hostile ones are refused with their reason."""

from __future__ import annotations

import base64
import subprocess
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA512
from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.identity.eds import (
    SignatureRefused,
    TrustStore,
    VerifiedSignature,
    decode_cms,
    signer_chain,
    verify_detached,
)
from petitions.identity.eds.gost import curve
from petitions.identity.eds.holder import Use
from petitions.identity.simulators import certificates, cms
from petitions.identity.simulators.authority import Kind, SimulatedAuthority
from petitions.identity.simulators.certificates import Wanted
from petitions.identity.simulators.keys import Algorithm, GostKey, RsaKey, SigningKey
from petitions.identity.simulators.people import person
from tests.identity.eds.forging import (
    AIGUL,
    ALGORITHMS,
    AT,
    TEXT,
    Forger,
    kept_signature,
    verdict,
    write_for_openssl,
)

NAMES = {"gost": "GOST-2015-512", "rsa": "RSA-SHA256"}


def new_key(like: SigningKey) -> SigningKey:
    return GostKey.make() if isinstance(like, GostKey) else RsaKey.make()


def test_a_citizens_signature_names_the_citizen(forger: Forger, trust: TrustStore) -> None:
    verified = verify_detached(forger.good(), TEXT, trust=trust, at=AT)
    assert verified.iin == AIGUL.iin
    assert (verified.surname, verified.given_name) == ("СЫНАҚОВА", "АЙГҮЛ")
    assert verified.patronymic == "АСАНҚЫЗЫ"
    assert verified.signed_at == AT
    assert verified.algorithm == NAMES[forger.algorithm]
    assert verified.revocation == "good"
    assert verified.role == "person"
    assert verified.serial == forger.certificate()[0].serial_number
    assert len(verified.certificate_sha256) == 64


def test_nothing_personal_is_in_the_printed_form(forger: Forger, trust: TrustStore) -> None:
    verified = verify_detached(forger.good(), TEXT, trust=trust, at=AT)
    printed = repr(verified)
    assert AIGUL.iin not in printed
    assert "СЫНАҚОВА" not in printed
    assert str(verified.serial) not in printed
    assert isinstance(verified, VerifiedSignature)


def test_a_signature_made_by_openssl_is_accepted(
    authority: SimulatedAuthority, trust: TrustStore, tmp_path: Path
) -> None:
    write_for_openssl(tmp_path, *authority.certificate(AIGUL, at=datetime.now(UTC), algorithm="rsa"))
    ca = authority.branches["rsa"].ca
    (tmp_path / "ca.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    command = "openssl cms -sign -binary -md sha256 -in text -signer cert.pem -inkey key.pem -certfile ca.pem"
    subprocess.run([*command.split(), "-outform", "DER", "-out", "sig"], cwd=tmp_path, check=True)
    verified = verify_detached((tmp_path / "sig").read_bytes(), TEXT, trust=trust, at=datetime.now(UTC))
    assert verified.iin == AIGUL.iin


def test_base64_is_read_with_and_without_armour(gost: Forger) -> None:
    good = gost.good()
    text = base64.b64encode(good).decode()
    lines = "\r\n".join(text[start : start + 64] for start in range(0, len(text), 64))
    assert decode_cms(text) == good
    assert decode_cms(f"-----BEGIN CMS-----\n{lines}\n-----END CMS-----\n") == good


@pytest.mark.parametrize(("text", "reason"), [("", "malformed"), ("!", "malformed"), ("A" * 200_000, "too-large")])
def test_what_is_not_base64_is_refused(text: str, reason: str) -> None:
    with pytest.raises(SignatureRefused) as refused:
        decode_cms(text)
    assert refused.value.reason_code == reason


def test_another_text_is_refused(forger: Forger, trust: TrustStore) -> None:
    assert verdict(forger.good(), trust, data=TEXT + b" ") == "other-text"
    assert verdict(forger.good(), trust, data=b"") == "other-text"


@pytest.mark.parametrize(
    ("kind", "use", "reason"),
    [
        ("expired", "signing", "expired"),
        ("revoked", "signing", "revoked"),
        ("organisation", "signing", "organisation"),
        ("authentication", "signing", "not-for-signing"),
        ("personal", "authentication", "not-for-sign-in"),
        ("organisation", "authentication", "organisation"),
    ],
)
def test_a_wrong_certificate_is_refused_with_its_reason(
    kind: Kind, use: Use, reason: str, authority: SimulatedAuthority, algorithm: Algorithm, trust: TrustStore
) -> None:
    signature = authority.sign_detached(AIGUL, TEXT, at=AT, kind=kind, algorithm=algorithm)
    with pytest.raises(SignatureRefused) as refused:
        verify_detached(signature, TEXT, trust=trust, at=AT, use=use)
    assert refused.value.reason_code == reason


def test_the_certificate_for_signing_in_proves_a_sign_in(
    authority: SimulatedAuthority, algorithm: Algorithm, trust: TrustStore
) -> None:
    signature = authority.sign_detached(AIGUL, TEXT, at=AT, kind="authentication", algorithm=algorithm)
    assert verify_detached(signature, TEXT, trust=trust, at=AT, use="authentication").iin == AIGUL.iin


def test_who_was_revoked_later_is_known_to_the_authority_alone(
    authority: SimulatedAuthority, algorithm: Algorithm, trust: TrustStore
) -> None:
    signature = authority.sign_detached(AIGUL, TEXT, at=AT, kind="revoked-later", algorithm=algorithm)
    verified = verify_detached(signature, TEXT, trust=trust, at=AT)
    status = authority.status(verified.serial)
    assert (verified.revocation, status.state) == ("good", "revoked")
    assert status.since is not None and status.since < AT


@pytest.mark.parametrize("kind", get_args(Kind))
def test_the_authority_knows_the_numbers_it_gave(
    kind: Kind, authority: SimulatedAuthority, algorithm: Algorithm
) -> None:
    certificate, _key = authority.certificate(AIGUL, at=AT, kind=kind, algorithm=algorithm)
    assert authority.status(certificate.serial_number).state == ("revoked" if "revoked" in kind else "good")
    assert authority.status(certificate.serial_number + 1).state == "unknown"
    assert authority.status(certificate.serial_number << 8).state == "unknown"


def test_whom_to_ask_about_a_signature_is_told_without_checking_it_again(forger: Forger, trust: TrustStore) -> None:
    der = serialization.Encoding.DER
    signer, issuer = signer_chain(forger.good(), trust)
    assert (signer, issuer) == (forger.certificate()[0].public_bytes(der), forger.ca.public_bytes(der))
    with pytest.raises(SignatureRefused) as refused:
        signer_chain(forger.good(), TrustStore(None, None))
    assert refused.value.reason_code == "untrusted"


def test_validity_is_judged_at_the_moment_given(forger: Forger, trust: TrustStore) -> None:
    assert verdict(forger.good(), trust, at=AT + timedelta(days=400)) == "expired"
    assert verdict(forger.good(), trust, at=AT - timedelta(days=60)) == "not-yet-valid"


def test_a_certificate_revoked_only_later_was_good_then(
    authority: SimulatedAuthority, algorithm: Algorithm, trust: TrustStore
) -> None:
    before = datetime(2020, 12, 1, tzinfo=UTC)
    signature = authority.sign_detached(AIGUL, TEXT, at=before, kind="revoked", algorithm=algorithm)
    assert verify_detached(signature, TEXT, trust=trust, at=before).revocation == "good"


def test_another_authority_is_not_believed(forger: Forger, trust: TrustStore) -> None:
    impostor = replace(forger.branch, ca_key=new_key(forger.branch.ca_key))
    forged = SimulatedAuthority({forger.algorithm: impostor})
    assert verdict(forged.sign_detached(AIGUL, TEXT, at=AT, algorithm=forger.algorithm), trust) == "untrusted"


def test_a_citizens_certificate_cannot_issue_others(forger: Forger, trust: TrustStore) -> None:
    olga, olgas_key = forger.certificate(person("olga"))
    below = SimulatedAuthority({forger.algorithm: replace(forger.branch, ca=olga, ca_key=olgas_key)})
    certificate, key = below.certificate(AIGUL, at=AT, algorithm=forger.algorithm)
    signature = forger.made(certificate=certificate, key=key, others=[olga, forger.ca])
    assert verdict(signature, trust) == "untrusted"


def test_an_authority_below_the_allowed_depth_is_not_believed(forger: Forger, without_lists: TrustStore) -> None:
    """The issuing authority may issue to people, not to other authorities (pathLenConstraint 0)."""
    key = new_key(forger.branch.ca_key)
    name = certificates.name((certificates.COMMON_NAME, "BELOW"))
    begins, ends = AT - timedelta(days=1), AT + timedelta(days=1)
    usage = [certificates.authority(0), certificates.usage(certificates.ISSUING)]
    below = certificates.issue(forger.branch.issuer, Wanted(name, key.public_info, 77, begins, ends, usage))
    loaded = x509.load_der_x509_certificate(below)
    branch = replace(forger.branch, ca=loaded, ca_key=key)
    signature = SimulatedAuthority({forger.algorithm: branch}).certificate(AIGUL, at=AT, algorithm=forger.algorithm)
    made = forger.made(certificate=signature[0], key=signature[1], others=[loaded, forger.ca])
    assert verdict(made, without_lists) == "untrusted"


def test_without_roots_nobody_is_believed(forger: Forger) -> None:
    assert verdict(forger.good(), TrustStore(None, None)) == "untrusted"


def test_the_key_must_match_the_certificate(forger: Forger, trust: TrustStore) -> None:
    assert verdict(forger.made(key=new_key(forger.branch.ca_key)), trust) == "bad-signature"


def test_a_key_of_the_other_algorithm_is_refused(authority: SimulatedAuthority, trust: TrustStore) -> None:
    """The certificate holds an RSA key, the container says GOST, and the other way round."""
    for one, other in (ALGORITHMS, ALGORITHMS[::-1]):
        certificate = Forger(authority, one).certificate()[0]
        key = Forger(authority, other).certificate()[1]
        assert verdict(Forger(authority, one).made(certificate=certificate, key=key), trust) in (
            "other-text",
            "unknown-algorithm",
        )
        attributes = cms.signed_attributes(key.digest(TEXT), certificate, AT)
        signature = Forger(authority, one).made(certificate=certificate, key=key, attributes=attributes)
        assert verdict(signature, trust) == "unknown-algorithm"


def test_a_certificate_of_the_same_key_cannot_be_swapped_in(forger: Forger, trust: TrustStore) -> None:
    ours, _key = forger.certificate()
    renewed, _key = forger.certificate(at=AT + timedelta(days=1))
    swapped = forger.made(attributes=forger.attributes(ours), certificate=renewed)
    assert verdict(swapped, trust) == "bad-signature"


@pytest.mark.parametrize("name", ["CONTENT_TYPE", "MESSAGE_DIGEST", "SIGNING_TIME", "SIGNING_CERTIFICATE"])
def test_an_attribute_given_twice_is_refused(name: str, forger: Forger, trust: TrustStore) -> None:
    attributes = forger.attributes()
    twice = next(one for one in attributes if getattr(cms, name) in one)
    assert verdict(forger.made(attributes=[*attributes, twice]), trust) == "malformed"


@pytest.mark.parametrize("name", ["CONTENT_TYPE", "MESSAGE_DIGEST"])
def test_a_missing_attribute_is_refused(name: str, forger: Forger, trust: TrustStore) -> None:
    rest = [one for one in forger.attributes() if getattr(cms, name) not in one]
    assert verdict(forger.made(attributes=rest), trust) == "malformed"


def test_two_digests_in_one_attribute_are_refused(forger: Forger, trust: TrustStore) -> None:
    key = forger.certificate()[1]
    digests = [cms.tlv(cms.OCTETS, key.digest(data)) for data in (TEXT, b"another")]
    attributes = [one for one in forger.attributes() if cms.MESSAGE_DIGEST not in one]
    attributes.append(cms.attribute(cms.MESSAGE_DIGEST, *digests))
    assert verdict(forger.made(attributes=attributes), trust) == "malformed"


def test_attributes_sent_in_another_order_are_verified_in_der(forger: Forger, trust: TrustStore) -> None:
    attributes = forger.attributes()
    assert verdict(forger.made(attributes=attributes, sent=attributes[::-1]), trust) == "accepted"


def test_exactly_one_signer_is_wanted(forger: Forger, trust: TrustStore) -> None:
    assert verdict(forger.made(signers=2), trust) == "several-signers"
    assert verdict(forger.made(signers=0), trust) == "several-signers"


def test_a_text_inside_is_refused(forger: Forger, trust: TrustStore) -> None:
    assert verdict(forger.made(inner=TEXT), trust) == "not-detached"


def test_another_digest_is_not_taken_for_ours(rsa: Forger, trust: TrustStore) -> None:
    sha256, sha512 = bytes.fromhex("0609608648016503040201"), bytes.fromhex("0609608648016503040203")
    assert verdict(rsa.good().replace(sha256, sha512), trust) == "unknown-algorithm"
    certificate, key = rsa.certificate()
    assert isinstance(key, RsaKey)
    attributes = rsa.attributes()
    weak = key.private.sign(cms.tlv(cms.SET, *attributes), padding.PKCS1v15(), SHA512())
    assert verdict(cms.signed_data(attributes, weak, [certificate]), trust) == "bad-signature"


def test_the_shorter_streebog_and_the_shorter_key_are_not_taken_for_ours(gost: Forger, trust: TrustStore) -> None:
    good = gost.good()
    for ours, other in (
        ("06082a830e030a010303", "06082a830e030a010302"),
        ("2a830e030a0101020302", "2a830e030a0101020301"),
    ):
        before, after = good.rsplit(bytes.fromhex(ours), 1)
        assert verdict(before + bytes.fromhex(other) + after, trust) == "unknown-algorithm"


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        bytes(128),
        b"\xff" * 128,
        bytes(127),
        bytes(129),
        bytes(64) + b"\x01" + bytes(63),
        b"\x01" + bytes(127),
        int(curve.Q).to_bytes(64, "little") * 2,
    ],
)
def test_numbers_out_of_range_are_no_gost_signature(signature: bytes, gost: Forger, trust: TrustStore) -> None:
    certificate, key = gost.certificate()
    algorithms = key.digest_algorithm, key.signature_algorithm
    sent = cms.signed_data(gost.attributes(), signature, [certificate], *algorithms)
    assert verdict(sent, trust) == "bad-signature"


def test_a_gost_key_that_is_not_on_the_curve_is_refused(gost: Forger, trust: TrustStore) -> None:
    begins, ends = AT - timedelta(days=1), AT + timedelta(days=1)
    good = gost.certificate()[1].public_info
    for key in (good[:-1] + bytes([good[-1] ^ 1]), good[:-128] + bytes(128), good[:-128] + b"\xff" * 128):
        wanted = Wanted(certificates.name((certificates.COMMON_NAME, "X")), key, 78, begins, ends, [])
        certificate = x509.load_der_x509_certificate(certificates.issue(gost.branch.issuer, wanted))
        assert verdict(gost.made(certificate=certificate), trust) == "unknown-algorithm"


def test_bytes_after_the_end_and_missing_bytes_are_refused(forger: Forger, trust: TrustStore) -> None:
    good = forger.good()
    assert verdict(good + b"\x00", trust) == "malformed"
    for length in range(0, len(good), 61):
        assert verdict(good[:length], trust) == "malformed"


@pytest.mark.parametrize(
    "huge",
    [
        b"\x30\x83\x01\x00\x00" + b"\x00" * 65536,
        b"\x30\x80" * 32_000,
        b"\xa0\x80" * 32_000,
        b"\x24\x80" * 32_000,
    ],
    ids=["long", "nested", "tagged", "strings"],
)
def test_huge_and_deep_input_is_refused_in_bounded_time(huge: bytes, trust: TrustStore) -> None:
    began = time.perf_counter()
    assert verdict(huge, trust) in ("too-large", "malformed")
    assert time.perf_counter() - began < 2


def test_a_stranger_cannot_make_us_hash_much(forger: Forger, trust: TrustStore) -> None:
    """Attributes and certificates of many kilobytes are left before anything of them is hashed."""
    padding_attribute = cms.attribute(cms.tlv(cms.OID, b"\x2a\x03"), cms.tlv(cms.OCTETS, bytes(8_000)))
    began = time.perf_counter()
    assert verdict(forger.made(attributes=[*forger.attributes(), padding_attribute]), trust) == "too-large"
    subject = certificates.name((certificates.COMMON_NAME, "X" * 9_000))
    begins, ends = AT - timedelta(days=1), AT + timedelta(days=1)
    key = forger.certificate()[1]
    fat = certificates.issue(forger.branch.issuer, Wanted(subject, key.public_info, 79, begins, ends, []))
    certificate = x509.load_der_x509_certificate(fat)
    assert verdict(forger.made(certificate=certificate), trust) == "too-large"
    assert verdict(forger.made(others=[certificate]), trust) == "too-large"
    assert time.perf_counter() - began < 2


def test_deep_nesting_inside_a_signature_is_refused_in_bounded_time(trust: TrustStore) -> None:
    nested = b"\x30\x80" * 20_000 + b"\x00\x00" * 10_000
    began = time.perf_counter()
    assert verdict(cms.tlv(cms.SEQUENCE, cms.SIGNED_DATA, cms.tlv(cms.CONTEXT_0, nested)), trust) == "malformed"
    assert time.perf_counter() - began < 2


@settings(max_examples=60, deadline=None, derandomize=True)
@given(garbage=st.binary(max_size=400))
def test_garbage_is_refused_and_never_crashes(garbage: bytes, trust: TrustStore) -> None:
    assert verdict(garbage, trust) == "malformed"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    algorithm=st.sampled_from(ALGORITHMS),
    position=st.integers(0, 10_000),
    value=st.integers(0, 255),
    cut=st.integers(0, 3),
)
def test_a_changed_byte_never_crashes_nor_changes_the_person(
    algorithm: Algorithm, position: int, value: int, cut: int, pki: Path, trust: TrustStore
) -> None:
    good = kept_signature(algorithm, pki)
    position %= len(good)
    changed = good[:position] + bytes([value]) + good[position + 1 + cut :]
    with suppress(SignatureRefused):
        assert verify_detached(changed, TEXT, trust=trust, at=AT).iin == AIGUL.iin
