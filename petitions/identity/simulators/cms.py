"""Writing a detached CMS as the national signing programs do: four signed attributes, one signer (RFC 5652)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.hashes import SHA256

from petitions.identity.eds import der as reading
from petitions.identity.simulators.der import (
    CONTEXT_0,
    INTEGER,
    NULL,
    OCTETS,
    OID,
    SEQUENCE,
    SET,
    UTC_TIME,
    integer,
    moment,
    oid,
    tlv,
)
from petitions.identity.simulators.keys import RSA_SHA256_ALGORITHM, SHA256_ALGORITHM, SigningKey

__all__ = ["INTEGER", "NULL", "OCTETS", "OID", "SEQUENCE", "SET", "SHA256_ALGORITHM", "UTC_TIME", "tlv"]

DATA, SIGNED_DATA = oid("1.2.840.113549.1.7.1"), oid("1.2.840.113549.1.7.2")
CONTENT_TYPE, MESSAGE_DIGEST = oid("1.2.840.113549.1.9.3"), oid("1.2.840.113549.1.9.4")
SIGNING_TIME, SIGNING_CERTIFICATE = oid("1.2.840.113549.1.9.5"), oid("1.2.840.113549.1.9.16.2.47")
VERSION_1 = tlv(INTEGER, b"\x01")


def detached_cms(
    data: bytes,
    *,
    certificate: x509.Certificate,
    key: SigningKey,
    others: Sequence[x509.Certificate],
    at: datetime,
) -> bytes:
    """DER of a SignedData over the data, which itself stays outside."""
    attributes = signed_attributes(key.digest(data), certificate, at)
    signature = key.sign(tlv(SET, *attributes))
    return signed_data(attributes, signature, [certificate, *others], key.digest_algorithm, key.signature_algorithm)


def signed_attributes(digest: bytes, certificate: x509.Certificate, at: datetime) -> list[bytes]:
    """The attributes in the order that DER demands of a SET."""
    named = tlv(SEQUENCE, tlv(OCTETS, certificate.fingerprint(SHA256())))
    return sorted(
        [
            attribute(CONTENT_TYPE, DATA),
            attribute(SIGNING_TIME, moment(at)),
            attribute(MESSAGE_DIGEST, tlv(OCTETS, digest)),
            attribute(SIGNING_CERTIFICATE, tlv(SEQUENCE, tlv(SEQUENCE, named))),
        ]
    )


def attribute(kind: bytes, *values: bytes) -> bytes:
    return tlv(SEQUENCE, kind, tlv(SET, *values))


def signed_data(
    attributes: Sequence[bytes],
    signature: bytes,
    certificates: Sequence[x509.Certificate],
    digest_algorithm: bytes = SHA256_ALGORITHM,
    signature_algorithm: bytes = RSA_SHA256_ALGORITHM,
    *,
    signers: int = 1,
    inner: bytes = b"",
) -> bytes:
    """Put the parts together; the first certificate is the signer's.

    ``signers`` and ``inner`` serve hostile tests.
    """
    ours = certificates[0]
    signer = tlv(
        SEQUENCE,
        VERSION_1,
        tlv(SEQUENCE, reading.issuer_name(ours.tbs_certificate_bytes), integer(ours.serial_number)),
        digest_algorithm,
        tlv(CONTEXT_0, *attributes),
        signature_algorithm,
        tlv(OCTETS, signature),
    )
    included = [certificate.public_bytes(serialization.Encoding.DER) for certificate in certificates]
    signed = tlv(
        SEQUENCE,
        VERSION_1,
        tlv(SET, digest_algorithm),
        tlv(SEQUENCE, DATA, tlv(CONTEXT_0, tlv(OCTETS, inner)) if inner else b""),
        tlv(CONTEXT_0, *included),
        tlv(SET, *[signer] * signers),
    )
    return tlv(SEQUENCE, SIGNED_DATA, tlv(CONTEXT_0, signed))
