"""The parts of a detached signature, and how much of anything is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

MAX_BYTES = 64 * 1024
MAX_CERTIFICATES = 6
MAX_ATTRIBUTES = 16
# Signed attributes of real containers have some 250 bytes, certificates some 1500: whoever sends more than these may
# not make us hash it.
MAX_ATTRIBUTE_BYTES = 4 * 1024
MAX_CERTIFICATE_BYTES = 8 * 1024

# RFC 5652: 4 and 5.1 (content types), 11.1 to 11.3 (signed attributes); RFC 5035, 3 (the last one).
DATA, SIGNED_DATA = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_TIME, SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.5", "1.2.840.113549.1.9.16.2.47"


@dataclass(frozen=True)
class Container:
    """One signer's signature over a text that stands elsewhere.

    ``attributes_sent`` are the signed attributes as they came, under the tag of a SET. The OIDs are dotted.
    """

    certificate: x509.Certificate
    certificate_der: bytes
    other_certificates: tuple[bytes, ...]
    digest_oid: str
    signature_oid: str
    message_digest: bytes
    signing_time: datetime | None
    attributes_sent: bytes
    signature: bytes
