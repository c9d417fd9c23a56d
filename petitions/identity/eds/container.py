"""Reading a CMS SignedData, bounded in every direction.

Only what a petition signature needs is understood: one signer, signed attributes, nothing inside.
Everything is read from the same bytes that are verified later.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, core, tsp
from asn1crypto.parser import emit
from cryptography import x509

from petitions.identity.eds.reasons import SignatureRefused

MAX_BYTES = 64 * 1024
MAX_CERTIFICATES = 6
MAX_ATTRIBUTES = 16
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_TIME, SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.5", "1.2.840.113549.1.9.16.2.47"
# The attributes we rely on and how their values are read. Told by number: names depend on what was imported.
UNDERSTOOD = {
    CONTENT_TYPE: cms.ContentType,
    MESSAGE_DIGEST: core.OctetString,
    SIGNING_TIME: cms.Time,
    SIGNING_CERTIFICATE_V2: tsp.SigningCertificateV2,
}


@dataclass(frozen=True)
class Container:
    """The parts of a detached signature."""

    certificate: x509.Certificate
    certificate_der: bytes
    other_certificates: tuple[bytes, ...]
    digest_oid: str
    signature_oid: str
    message_digest: bytes
    signing_time: datetime | None
    attributes: Any
    signature: bytes

    def signed_forms(self) -> Iterator[bytes]:
        """What the signature may cover: the attributes as a SET, as they were sent, then in DER.

        RFC 5652, 5.4 says DER, which is what nearly everybody sends; encoding again costs ten times the rest.
        """
        sent = emit(0, 1, core.Set.tag, self.attributes.contents)
        yield sent
        der = self.attributes.untag().dump(force=True)
        if der != sent:
            yield der


def decode_cms(text: str) -> bytes:
    """The bytes of a base64 CMS, with or without PEM armour and line breaks. Raises SignatureRefused."""
    if len(text) > 2 * MAX_BYTES:
        raise SignatureRefused("too-large")
    lines = [line.strip() for line in text.strip().splitlines() if not line.startswith("-----")]
    try:
        decoded = base64.b64decode("".join(lines), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureRefused("malformed") from error
    if not decoded:
        raise SignatureRefused("malformed")
    return decoded


def read_container(der: bytes) -> Container:
    """Take a CMS apart. Raises SignatureRefused for what it says, any other exception for broken encoding."""
    if len(der) > MAX_BYTES:
        raise SignatureRefused("too-large")
    outer = cms.ContentInfo.load(der, strict=True)
    if outer["content_type"].native != "signed_data":
        raise SignatureRefused("malformed")
    signed = outer["content"]
    _refuse_inner_text(signed["encap_content_info"])
    signer = _only_signer(signed["signer_infos"])
    attributes = _attributes(signer["signed_attrs"])
    if attributes[CONTENT_TYPE].native != "data":
        raise SignatureRefused("malformed")
    ours, others = _certificates(signed["certificates"], signer["sid"])
    _refuse_swapped_certificate(attributes.get(SIGNING_CERTIFICATE_V2), ours)
    time = attributes.get(SIGNING_TIME)
    return Container(
        certificate=x509.load_der_x509_certificate(ours),
        certificate_der=ours,
        other_certificates=others,
        digest_oid=signer["digest_algorithm"]["algorithm"].dotted,
        signature_oid=signer["signature_algorithm"]["algorithm"].dotted,
        message_digest=attributes[MESSAGE_DIGEST].native,
        signing_time=None if time is None else _aware(time.native),
        attributes=signer["signed_attrs"],
        signature=signer["signature"].native,
    )


def _refuse_inner_text(encapsulated: Any) -> None:
    if encapsulated["content_type"].native != "data":
        raise SignatureRefused("malformed")
    if not _is_absent(encapsulated["content"]):
        raise SignatureRefused("not-detached")


def _only_signer(signers: Any) -> Any:
    if len(signers) != 1:
        raise SignatureRefused("several-signers")
    return signers[0]


def _attributes(signed_attributes: Any) -> dict[str, Any]:
    """The signed attributes by number; the ones we rely on must stand there once, with one value."""
    if _is_absent(signed_attributes) or len(signed_attributes) > MAX_ATTRIBUTES:
        raise SignatureRefused("malformed")
    found: dict[str, Any] = {}
    for attribute in signed_attributes:
        oid = attribute["type"].dotted
        if oid not in UNDERSTOOD:
            continue
        if oid in found or len(attribute["values"]) != 1:
            raise SignatureRefused("malformed")
        found[oid] = attribute["values"][0]
        if not isinstance(found[oid], UNDERSTOOD[oid]):
            raise SignatureRefused("malformed")
    if CONTENT_TYPE not in found or MESSAGE_DIGEST not in found:
        raise SignatureRefused("malformed")
    return found


def _certificates(included: Any, signer_id: Any) -> tuple[bytes, tuple[bytes, ...]]:
    """The signer's certificate and the rest. The signer is named by issuer and number, never by position."""
    if _is_absent(included) or not 1 <= len(included) <= MAX_CERTIFICATES:
        raise SignatureRefused("malformed")
    if any(entry.name != "certificate" for entry in included) or signer_id.name != "issuer_and_serial_number":
        raise SignatureRefused("malformed")
    wanted = (signer_id.chosen["issuer"].dump(), signer_id.chosen["serial_number"].native)
    ours: list[bytes] = []
    others: list[bytes] = []
    for entry in included:
        body = entry.chosen["tbs_certificate"]
        same = (body["issuer"].dump(), body["serial_number"].native) == wanted
        (ours if same else others).append(entry.chosen.dump())
    if len(ours) != 1:
        raise SignatureRefused("malformed")
    return ours[0], tuple(others)


def _refuse_swapped_certificate(attribute: Any, certificate_der: bytes) -> None:
    """signingCertificateV2, where present, binds the signature to one certificate of that key."""
    if attribute is None:
        return
    named = attribute["certs"][0]
    algorithm = named["hash_algorithm"]["algorithm"].native
    if algorithm not in ("sha256", "sha384", "sha512"):
        raise SignatureRefused("unknown-algorithm")
    if hashlib.new(algorithm, certificate_der).digest() != named["cert_hash"].native:
        raise SignatureRefused("bad-signature")


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise SignatureRefused("malformed")
    return moment


def _is_absent(part: Any) -> bool:
    return isinstance(part, core.Void)
