"""Signatures on real cryptography: good ones are read, hostile ones are refused with their reason."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.identity.eds import (
    SignatureRefused,
    TrustStore,
    VerifiedSignature,
    decode_cms,
    verify_detached,
)
from petitions.identity.simulators import cms
from petitions.identity.simulators.authority import SimulatedAuthority, open_authority
from petitions.identity.simulators.people import person

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
TEXT = "Мен, Айгүл, № 7 петицияға қосыламын.\n".encode()
AIGUL = person("aigul")


@pytest.fixture
def good(authority: SimulatedAuthority) -> bytes:
    return authority.sign_detached(AIGUL, TEXT, at=AT)


def refusal(signature: bytes, trust: TrustStore, data: bytes = TEXT, at: datetime = AT) -> str:
    with pytest.raises(SignatureRefused) as refused:
        verify_detached(signature, data, trust=trust, at=at)
    return refused.value.reason_code


def made(
    authority: SimulatedAuthority,
    *,
    attributes: list[bytes] | None = None,
    certificate: x509.Certificate | None = None,
    key: rsa.RSAPrivateKey | None = None,
    others: list[x509.Certificate] | None = None,
    signers: int = 1,
    inner: bytes = b"",
) -> bytes:
    """A CMS like the authority's with some part exchanged, and signed all the same."""
    own_certificate, own_key = authority.certificate(AIGUL, at=AT)
    certificate, key = certificate or own_certificate, key or own_key
    attributes = attributes or cms.signed_attributes(hashlib.sha256(TEXT).digest(), certificate, AT)
    signature = key.sign(cms.tlv(cms.SET, *attributes), padding.PKCS1v15(), SHA256())
    included = [certificate, *([authority.ca] if others is None else others)]
    return cms.signed_data(attributes, signature, included, signers=signers, inner=inner)


def test_a_citizens_signature_names_the_citizen(good: bytes, trust: TrustStore) -> None:
    verified = verify_detached(good, TEXT, trust=trust, at=AT)
    assert verified.iin == AIGUL.iin
    assert (verified.surname, verified.given_name) == ("СЫНАҚОВА", "АЙГҮЛ")
    assert verified.patronymic == "АСАНҚЫЗЫ"
    assert verified.signed_at == AT
    assert verified.algorithm == "RSA-SHA256"
    assert verified.revocation == "good"
    assert len(verified.certificate_sha256) == 64


def test_nothing_personal_is_in_the_printed_form(good: bytes, trust: TrustStore) -> None:
    verified = verify_detached(good, TEXT, trust=trust, at=AT)
    printed = repr(verified)
    assert AIGUL.iin not in printed
    assert "СЫНАҚОВА" not in printed
    assert isinstance(verified, VerifiedSignature)


def test_a_signature_made_by_openssl_is_accepted(
    authority: SimulatedAuthority, trust: TrustStore, tmp_path: Path
) -> None:
    certificate, key = authority.certificate(AIGUL, at=datetime.now(UTC))
    pem = serialization.Encoding.PEM
    (tmp_path / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (tmp_path / "ca.pem").write_bytes(authority.ca.public_bytes(pem))
    (tmp_path / "text").write_bytes(TEXT)
    command = "openssl cms -sign -binary -md sha256 -in text -signer cert.pem -inkey key.pem -certfile ca.pem"
    subprocess.run([*command.split(), "-outform", "DER", "-out", "sig"], cwd=tmp_path, check=True)
    verified = verify_detached((tmp_path / "sig").read_bytes(), TEXT, trust=trust, at=datetime.now(UTC))
    assert verified.iin == AIGUL.iin


def test_base64_is_read_with_and_without_armour(good: bytes) -> None:
    text = base64.b64encode(good).decode()
    lines = "\r\n".join(text[start : start + 64] for start in range(0, len(text), 64))
    assert decode_cms(text) == good
    assert decode_cms(f"-----BEGIN CMS-----\n{lines}\n-----END CMS-----\n") == good


@pytest.mark.parametrize(("text", "reason"), [("", "malformed"), ("!", "malformed"), ("A" * 200_000, "too-large")])
def test_what_is_not_base64_is_refused(text: str, reason: str) -> None:
    with pytest.raises(SignatureRefused) as refused:
        decode_cms(text)
    assert refused.value.reason_code == reason


def test_another_text_is_refused(good: bytes, trust: TrustStore) -> None:
    assert refusal(good, trust, data=TEXT + b" ") == "other-text"
    assert refusal(good, trust, data=b"") == "other-text"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("expired", "expired"),
        ("revoked", "revoked"),
        ("organisation", "organisation"),
        ("authentication", "not-for-signing"),
    ],
)
def test_a_wrong_certificate_is_refused_with_its_reason(
    kind: str, reason: str, authority: SimulatedAuthority, trust: TrustStore
) -> None:
    signature = authority.sign_detached(AIGUL, TEXT, at=AT, kind=kind)  # type: ignore[arg-type]
    assert refusal(signature, trust) == reason


def test_validity_is_judged_at_the_moment_given(good: bytes, trust: TrustStore) -> None:
    assert refusal(good, trust, at=AT + timedelta(days=400)) == "expired"
    assert refusal(good, trust, at=AT - timedelta(days=60)) == "not-yet-valid"


def test_a_certificate_revoked_only_later_was_good_then(authority: SimulatedAuthority, trust: TrustStore) -> None:
    before = datetime(2020, 12, 1, tzinfo=UTC)
    signature = authority.sign_detached(AIGUL, TEXT, at=before, kind="revoked")
    assert verify_detached(signature, TEXT, trust=trust, at=before).revocation == "good"


def test_another_authority_is_not_believed(authority: SimulatedAuthority, trust: TrustStore) -> None:
    impostor = replace(authority, ca_key=rsa.generate_private_key(65537, 2048))
    assert refusal(impostor.sign_detached(AIGUL, TEXT, at=AT), trust) == "untrusted"


def test_a_citizens_certificate_cannot_issue_others(authority: SimulatedAuthority, trust: TrustStore) -> None:
    olga, olgas_key = authority.certificate(person("olga"), at=AT)
    forged = replace(authority, ca=olga, ca_key=olgas_key).certificate(AIGUL, at=AT)
    signature = made(authority, certificate=forged[0], key=forged[1], others=[olga, authority.ca])
    assert refusal(signature, trust) == "untrusted"


def test_an_intermediate_that_came_along_is_believed_under_its_root(
    authority: SimulatedAuthority, pki: Path, tmp_path: Path, good: bytes
) -> None:
    root_only = tmp_path / "root.pem"
    root_only.write_bytes((pki / "roots.pem").read_bytes().split(b"-----END")[0] + b"-----END CERTIFICATE-----\n")
    store = TrustStore(root_only, pki / "crl.pem")
    assert verify_detached(good, TEXT, trust=store, at=AT).iin == AIGUL.iin
    assert refusal(made(authority, others=[]), store) == "untrusted"


def test_without_a_list_revocation_is_left_open(pki: Path, good: bytes) -> None:
    store = TrustStore(pki / "roots.pem", None)
    assert verify_detached(good, TEXT, trust=store, at=AT).revocation == "unchecked"


def test_without_roots_nobody_is_believed(good: bytes) -> None:
    assert refusal(good, TrustStore(None, None)) == "untrusted"


def test_a_new_revocation_list_counts_without_a_restart(
    authority: SimulatedAuthority, pki: Path, tmp_path: Path, good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("petitions.identity.eds.trust.RELOAD_SECONDS", 0)
    crl = tmp_path / "crl.pem"
    store = TrustStore(pki / "roots.pem", crl)
    assert verify_detached(good, TEXT, trust=store, at=AT).revocation == "unchecked"
    entry = x509.RevokedCertificateBuilder().serial_number(authority.certificate(AIGUL, at=AT)[0].serial_number)
    crl.write_bytes(
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.ca.subject)
        .last_update(AT - timedelta(days=1))
        .next_update(AT + timedelta(days=1))
        .add_revoked_certificate(entry.revocation_date(AT - timedelta(hours=1)).build())
        .sign(authority.ca_key, SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    assert refusal(good, store) == "revoked"


def test_the_key_must_match_the_certificate(authority: SimulatedAuthority, trust: TrustStore) -> None:
    other_key = rsa.generate_private_key(65537, 2048)
    assert refusal(made(authority, key=other_key), trust) == "bad-signature"


def test_a_certificate_of_the_same_key_cannot_be_swapped_in(authority: SimulatedAuthority, trust: TrustStore) -> None:
    ours, _key = authority.certificate(AIGUL, at=AT)
    renewed, _key = authority.certificate(AIGUL, at=AT + timedelta(days=1))
    attributes = cms.signed_attributes(hashlib.sha256(TEXT).digest(), ours, AT)
    assert refusal(made(authority, attributes=attributes, certificate=renewed), trust) == "bad-signature"


@pytest.mark.parametrize("name", ["CONTENT_TYPE", "MESSAGE_DIGEST", "SIGNING_TIME", "SIGNING_CERTIFICATE"])
def test_an_attribute_given_twice_is_refused(name: str, authority: SimulatedAuthority, trust: TrustStore) -> None:
    attributes = cms.signed_attributes(hashlib.sha256(TEXT).digest(), authority.certificate(AIGUL, at=AT)[0], AT)
    twice = next(one for one in attributes if getattr(cms, name) in one)
    assert refusal(made(authority, attributes=[*attributes, twice]), trust) == "malformed"


@pytest.mark.parametrize("name", ["CONTENT_TYPE", "MESSAGE_DIGEST"])
def test_a_missing_attribute_is_refused(name: str, authority: SimulatedAuthority, trust: TrustStore) -> None:
    attributes = cms.signed_attributes(hashlib.sha256(TEXT).digest(), authority.certificate(AIGUL, at=AT)[0], AT)
    rest = [one for one in attributes if getattr(cms, name) not in one]
    assert refusal(made(authority, attributes=rest), trust) == "malformed"


def test_two_digests_in_one_attribute_are_refused(authority: SimulatedAuthority, trust: TrustStore) -> None:
    digests = [cms.tlv(cms.OCTETS, hashlib.sha256(data).digest()) for data in (TEXT, b"another")]
    certificate = authority.certificate(AIGUL, at=AT)[0]
    attributes = cms.signed_attributes(hashlib.sha256(TEXT).digest(), certificate, AT)
    attributes = [one for one in attributes if cms.MESSAGE_DIGEST not in one]
    attributes.append(cms.attribute(cms.MESSAGE_DIGEST, *digests))
    assert refusal(made(authority, attributes=attributes), trust) == "malformed"


def test_attributes_sent_in_another_order_are_verified_in_der(authority: SimulatedAuthority, trust: TrustStore) -> None:
    certificate, key = authority.certificate(AIGUL, at=AT)
    attributes = cms.signed_attributes(hashlib.sha256(TEXT).digest(), certificate, AT)
    signature = key.sign(cms.tlv(cms.SET, *attributes), padding.PKCS1v15(), SHA256())
    sent = cms.signed_data(attributes[::-1], signature, [certificate, authority.ca])
    assert verify_detached(sent, TEXT, trust=trust, at=AT).iin == AIGUL.iin


def test_exactly_one_signer_is_wanted(authority: SimulatedAuthority, trust: TrustStore) -> None:
    assert refusal(made(authority, signers=2), trust) == "several-signers"
    assert refusal(made(authority, signers=0), trust) == "several-signers"


def test_a_text_inside_is_refused(authority: SimulatedAuthority, trust: TrustStore) -> None:
    assert refusal(made(authority, inner=TEXT), trust) == "not-detached"


def test_another_digest_is_not_taken_for_ours(authority: SimulatedAuthority, trust: TrustStore, good: bytes) -> None:
    sha256, sha512 = bytes.fromhex("0609608648016503040201"), bytes.fromhex("0609608648016503040203")
    assert refusal(good.replace(sha256, sha512), trust) == "unknown-algorithm"
    certificate, key = authority.certificate(AIGUL, at=AT)
    attributes = cms.signed_attributes(hashlib.sha256(TEXT).digest(), certificate, AT)
    weak = key.sign(cms.tlv(cms.SET, *attributes), padding.PKCS1v15(), SHA512())
    assert refusal(cms.signed_data(attributes, weak, [certificate]), trust) == "bad-signature"


def test_bytes_after_the_end_and_missing_bytes_are_refused(good: bytes, trust: TrustStore) -> None:
    assert refusal(good + b"\x00", trust) == "malformed"
    for length in range(0, len(good), 61):
        assert refusal(good[:length], trust) == "malformed"


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
    assert refusal(huge, trust) in ("too-large", "malformed")
    assert time.perf_counter() - began < 2


def test_deep_nesting_inside_a_signature_is_refused_in_bounded_time(trust: TrustStore) -> None:
    nested = b"\x30\x80" * 20_000 + b"\x00\x00" * 10_000
    began = time.perf_counter()
    assert refusal(cms.tlv(cms.SEQUENCE, cms.SIGNED_DATA, cms.tlv(cms.CONTEXT_0, nested)), trust) == "malformed"
    assert time.perf_counter() - began < 2


@settings(max_examples=60, deadline=None)
@given(garbage=st.binary(max_size=400))
def test_garbage_is_refused_and_never_crashes(garbage: bytes, trust: TrustStore) -> None:
    assert refusal(garbage, trust) == "malformed"


@settings(max_examples=150, deadline=None)
@given(position=st.integers(0, 10_000), value=st.integers(0, 255), cut=st.integers(0, 3))
def test_a_changed_byte_never_crashes_nor_changes_the_person(
    position: int, value: int, cut: int, pki: Path, trust: TrustStore
) -> None:
    good = open_authority(pki.parent).sign_detached(AIGUL, TEXT, at=AT)
    position %= len(good)
    changed = good[:position] + bytes([value]) + good[position + 1 + cut :]
    with suppress(SignatureRefused):
        assert verify_detached(changed, TEXT, trust=trust, at=AT).iin == AIGUL.iin
