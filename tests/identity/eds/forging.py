"""Signing as a citizen does, with some part exchanged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from petitions.identity.eds import SignatureRefused, TrustStore, verify_detached
from petitions.identity.simulators import cms
from petitions.identity.simulators.authority import Branch, SimulatedAuthority, open_authority
from petitions.identity.simulators.keys import Algorithm, RsaKey, SigningKey
from petitions.identity.simulators.people import Person, person

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
TEXT = "Мен, Айгүл, № 7 петицияға қосыламын.\n".encode()
AIGUL = person("aigul")
ALGORITHMS: tuple[Algorithm, ...] = ("gost", "rsa")


@dataclass(frozen=True)
class Forger:
    """One branch of the authority, and Aigul, who signs with whatever she is given."""

    authority: SimulatedAuthority
    algorithm: Algorithm

    @property
    def branch(self) -> Branch:
        return self.authority.branches[self.algorithm]

    @property
    def ca(self) -> x509.Certificate:
        return self.branch.ca

    def good(self, data: bytes = TEXT) -> bytes:
        return self.authority.sign_detached(AIGUL, data, at=AT, algorithm=self.algorithm)

    def certificate(self, who: Person = AIGUL, at: datetime = AT) -> tuple[x509.Certificate, SigningKey]:
        return self.authority.certificate(who, at=at, algorithm=self.algorithm)

    def attributes(self, certificate: x509.Certificate | None = None) -> list[bytes]:
        own, key = self.certificate()
        return cms.signed_attributes(key.digest(TEXT), certificate or own, AT)

    def made(
        self,
        *,
        attributes: list[bytes] | None = None,
        certificate: x509.Certificate | None = None,
        key: SigningKey | None = None,
        others: list[x509.Certificate] | None = None,
        signers: int = 1,
        inner: bytes = b"",
        sent: list[bytes] | None = None,
    ) -> bytes:
        """A CMS like the citizen's with these parts instead, signed all the same; ``sent`` is not what is signed."""
        own_certificate, own_key = self.certificate()
        certificate, key = certificate or own_certificate, key or own_key
        attributes = attributes or self.attributes(certificate)
        signature = key.sign(cms.tlv(cms.SET, *attributes))
        included = [certificate, *([self.ca] if others is None else others)]
        algorithms = key.digest_algorithm, key.signature_algorithm
        return cms.signed_data(sent or attributes, signature, included, *algorithms, signers=signers, inner=inner)


def verdict(signature: bytes, trust: TrustStore, data: bytes = TEXT, at: datetime = AT) -> str:
    """In a word: the reason of the refusal, or that it was accepted as Aigul's."""
    try:
        verified = verify_detached(signature, data, trust=trust, at=at)
    except SignatureRefused as refused:
        return refused.reason_code
    assert verified.iin == AIGUL.iin
    return "accepted"


def write_for_openssl(folder: Path, certificate: x509.Certificate, key: SigningKey) -> None:
    """The signer's certificate and key as files that OpenSSL reads."""
    assert isinstance(key, RsaKey)
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key.store(folder / "key.pem")
    (folder / "text").write_bytes(TEXT)


@lru_cache(maxsize=8)
def kept_signature(algorithm: Algorithm, pki: Path) -> bytes:
    """One good signature of the instance whose keys lie in that folder, made once."""
    return open_authority(pki.parent).sign_detached(AIGUL, TEXT, at=AT, algorithm=algorithm)
