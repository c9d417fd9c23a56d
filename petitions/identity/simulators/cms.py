"""Writing a detached CMS as the national signing programs do: SHA-256, RSA, four signed attributes.

The DER is put together by hand (RFC 5652), ten times faster than through an object model: demonstrations
are filled with thousands of true signatures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

INTEGER, OCTETS, NULL, OID, SEQUENCE, SET, UTC_TIME, CONTEXT_0 = (
    0x02,
    0x04,
    0x05,
    0x06,
    0x30,
    0x31,
    0x17,
    0xA0,
)


def tlv(tag: int, *parts: bytes) -> bytes:
    """One DER element."""
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + body


def _oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    body = bytearray()
    for arc in (first * 40 + second, *rest):
        digits = [arc & 0x7F]
        while arc := arc >> 7:
            digits.append(0x80 | (arc & 0x7F))
        body += bytes(reversed(digits))
    return tlv(OID, bytes(body))


DATA, SIGNED_DATA = _oid("1.2.840.113549.1.7.1"), _oid("1.2.840.113549.1.7.2")
CONTENT_TYPE, MESSAGE_DIGEST = _oid("1.2.840.113549.1.9.3"), _oid("1.2.840.113549.1.9.4")
SIGNING_TIME, SIGNING_CERTIFICATE = _oid("1.2.840.113549.1.9.5"), _oid("1.2.840.113549.1.9.16.2.47")
SHA256_ALGORITHM = tlv(SEQUENCE, _oid("2.16.840.1.101.3.4.2.1"), tlv(NULL))
RSA_SHA256_ALGORITHM = tlv(SEQUENCE, _oid("1.2.840.113549.1.1.11"), tlv(NULL))
VERSION_1 = tlv(INTEGER, b"\x01")


def detached_cms(
    data: bytes,
    *,
    certificate: x509.Certificate,
    key: rsa.RSAPrivateKey,
    others: Sequence[x509.Certificate],
    at: datetime,
) -> bytes:
    """DER of a SignedData over the data, which itself stays outside."""
    attributes = signed_attributes(hashlib.sha256(data).digest(), certificate, at)
    signature = key.sign(tlv(SET, *attributes), padding.PKCS1v15(), SHA256())
    return signed_data(attributes, signature, [certificate, *others])


def signed_attributes(digest: bytes, certificate: x509.Certificate, at: datetime) -> list[bytes]:
    """The attributes in the order that DER demands of a SET."""
    named = tlv(SEQUENCE, tlv(OCTETS, certificate.fingerprint(SHA256())))
    moment = f"{at.astimezone(UTC):%y%m%d%H%M%S}Z".encode()
    return sorted(
        [
            attribute(CONTENT_TYPE, DATA),
            attribute(SIGNING_TIME, tlv(UTC_TIME, moment)),
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
    *,
    signers: int = 1,
    inner: bytes = b"",
) -> bytes:
    """Put the parts together; the first certificate is the signer's.

    ``signers`` and ``inner`` serve hostile tests.
    """
    ours = certificates[0]
    number = ours.serial_number.to_bytes(ours.serial_number.bit_length() // 8 + 1)
    signer = tlv(
        SEQUENCE,
        VERSION_1,
        tlv(SEQUENCE, ours.issuer.public_bytes(), tlv(INTEGER, number)),
        SHA256_ALGORITHM,
        tlv(CONTEXT_0, *attributes),
        RSA_SHA256_ALGORITHM,
        tlv(OCTETS, signature),
    )
    included = [certificate.public_bytes(serialization.Encoding.DER) for certificate in certificates]
    signed = tlv(
        SEQUENCE,
        VERSION_1,
        tlv(SET, SHA256_ALGORITHM),
        tlv(SEQUENCE, DATA, tlv(CONTEXT_0, tlv(OCTETS, inner)) if inner else b""),
        tlv(CONTEXT_0, *included),
        tlv(SET, *[signer] * signers),
    )
    return tlv(SEQUENCE, SIGNED_DATA, tlv(CONTEXT_0, signed))
