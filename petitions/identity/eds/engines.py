"""The arithmetic, one engine an algorithm family: RSA, and GOST 34.10-2015 as the national authority uses it."""

from __future__ import annotations

import hashlib
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from petitions.identity.eds import der
from petitions.identity.eds.gost import curve
from petitions.identity.eds.gost.streebog import streebog512
from petitions.identity.eds.reasons import SignatureRefused

SHA256_OID = "2.16.840.1.101.3.4.2.1"
RSA_KEY_OID = "1.2.840.113549.1.1.1"
RSA_SHA256_OID = "1.2.840.113549.1.1.11"
STREEBOG512_OID = "1.2.398.3.10.1.3.3"
GOST512_KEY_OID = "1.2.398.3.10.1.1.2.2"
GOST512_CURVE_OID = "1.2.398.3.10.1.1.2.2.1"
GOST512_STREEBOG512_OID = "1.2.398.3.10.1.1.2.3.2"
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
        try:
            key = signer.public_key()
        except (UnsupportedAlgorithm, ValueError) as error:
            raise SignatureRefused("unknown-algorithm") from error
        if not isinstance(key, rsa.RSAPublicKey) or key.key_size not in RSA_BITS:
            raise SignatureRefused("unknown-algorithm")
        try:
            key.verify(signature, message, PKCS1, HASH)
        except InvalidSignature:
            return False
        return True


class Gost512Streebog512:
    """GOST 34.10-2015 with keys of 512 bits and Streebog-512, numbered and ordered as the national authority does."""

    name = "GOST-2015-512"
    digest_oid = STREEBOG512_OID

    def digest(self, data: bytes) -> bytes:
        return streebog512(data)

    def matches(self, signer: x509.Certificate, signature: bytes, message: bytes) -> bool:
        try:
            key = gost_key(der.subject_public_key(signer.tbs_certificate_bytes))
        except ValueError as error:
            raise SignatureRefused("unknown-algorithm") from error
        return curve.verify(key, streebog512(message), signature)


def gost_key(subject_public_key: bytes) -> curve.Point:
    """The key in a SubjectPublicKeyInfo. Raises ValueError for a key of another kind, on another curve or on none.

    SEQUENCE { SEQUENCE { kind, SEQUENCE { curve, … } }, BIT STRING { OCTET STRING { X, Y, little end first } } }.
    """
    [info] = der.tagged(der.elements(subject_public_key, 0, len(subject_public_key)), der.SEQUENCE)
    algorithm, bits = der.tagged(der.inside(subject_public_key, info), der.SEQUENCE, der.BITS)
    kind, parameters = der.tagged(der.inside(subject_public_key, algorithm), der.OID, der.SEQUENCE)
    named = der.tagged(der.inside(subject_public_key, parameters)[:1], der.OID)
    said = [der.contents_of(subject_public_key, each) for each in (kind, *named)]
    if said != [GOST512_KEY, GOST512_CURVE]:
        raise ValueError("not a key of GOST 34.10-2015/512 on the national curve")
    content = der.contents_of(subject_public_key, bits)
    [octets] = der.tagged(der.elements(content, 1, len(content)), der.OCTETS)
    return curve.public_key(der.contents_of(content, octets))


GOST512_KEY, GOST512_CURVE = der.oid_contents(GOST512_KEY_OID), der.oid_contents(GOST512_CURVE_OID)
RSA: Engine = RsaSha256()
GOST: Engine = Gost512Streebog512()

# Which engine understands a signature, by the OID of its signature algorithm.
ENGINES: dict[str, Engine] = {
    RSA_KEY_OID: RSA,
    RSA_SHA256_OID: RSA,
    GOST512_KEY_OID: GOST,
    GOST512_STREEBOG512_OID: GOST,
}
WHOLE_ALGORITHMS = (RSA_SHA256_OID, GOST512_STREEBOG512_OID)
"""What a certificate must name: how it was hashed as well as the kind of the key."""


def engine_for(signature_oid: str, digest_oid: str) -> Engine:
    """The engine of a signer. Raises SignatureRefused for a pair nobody here understands."""
    engine = ENGINES.get(signature_oid)
    if engine is None or engine.digest_oid != digest_oid:
        raise SignatureRefused("unknown-algorithm")
    return engine


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer's key signed the certificate. Raises SignatureRefused for an unknown algorithm."""
    oid = certificate.signature_algorithm_oid.dotted_string
    if oid not in WHOLE_ALGORITHMS:
        raise SignatureRefused("unknown-algorithm")
    return ENGINES[oid].matches(issuer, certificate.signature, certificate.tbs_certificate_bytes)
