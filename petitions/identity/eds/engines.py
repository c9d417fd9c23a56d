"""The arithmetic, one engine an algorithm family.

GOST 34.10-2015 takes its place beside RSA in this table.
"""

from __future__ import annotations

import hashlib
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from petitions.identity.eds.reasons import SignatureRefused

SHA256_OID = "2.16.840.1.101.3.4.2.1"
RSA_KEY_OID = "1.2.840.113549.1.1.1"
RSA_SHA256_OID = "1.2.840.113549.1.1.11"
RSA_BITS = range(2048, 4096 + 1)
PKCS1, HASH = padding.PKCS1v15(), SHA256()


class Engine(Protocol):
    """What a signature algorithm must be able to do for us."""

    name: str
    digest_oid: str

    def digest(self, data: bytes) -> bytes: ...

    def matches(self, signer: x509.Certificate, signature: bytes, message: bytes) -> bool:
        """Whether the signer's key signed the message. Raises SignatureRefused for a key of another kind."""
        ...


class RsaSha256:
    """RSA PKCS#1 v1.5 with SHA-256, keys of 2048 to 4096 bits."""

    name = "RSA-SHA256"
    digest_oid = SHA256_OID

    def digest(self, data: bytes) -> bytes:
        return hashlib.sha256(data).digest()

    def matches(self, signer: x509.Certificate, signature: bytes, message: bytes) -> bool:
        key = signer.public_key()
        if not isinstance(key, rsa.RSAPublicKey) or key.key_size not in RSA_BITS:
            raise SignatureRefused("unknown-algorithm")
        try:
            key.verify(signature, message, PKCS1, HASH)
        except InvalidSignature:
            return False
        return True


RSA: Engine = RsaSha256()

# Which engine understands a signature, by the OID of its signature algorithm.
ENGINES: dict[str, Engine] = {RSA_KEY_OID: RSA, RSA_SHA256_OID: RSA}


def engine_for(signature_oid: str, digest_oid: str) -> Engine:
    """The engine of a signer. Raises SignatureRefused for a pair nobody here understands."""
    engine = ENGINES.get(signature_oid)
    if engine is None or engine.digest_oid != digest_oid:
        raise SignatureRefused("unknown-algorithm")
    return engine


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer's key signed the certificate. Raises SignatureRefused for an unknown algorithm."""
    oid = certificate.signature_algorithm_oid.dotted_string
    if oid == RSA_KEY_OID or oid not in ENGINES:
        raise SignatureRefused("unknown-algorithm")
    return ENGINES[oid].matches(issuer, certificate.signature, certificate.tbs_certificate_bytes)
