"""Reading a CMS SignedData in any encoding that BER allows, through an object model.

This is the reader that decides: it says why a container is refused, and it understands what ``container_der``
leaves aside. Everything is read from the same bytes that are verified later.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from asn1crypto import cms, core, tsp
from asn1crypto.parser import emit
from cryptography import x509

from petitions.identity.eds.parts import (
    CONTENT_TYPE,
    MAX_ATTRIBUTES,
    MAX_CERTIFICATES,
    MESSAGE_DIGEST,
    SIGNING_CERTIFICATE_V2,
    SIGNING_TIME,
    Container,
)
from petitions.identity.eds.reasons import SignatureRefused

# The attributes we rely on and how their values are read. Told by number: names depend on what was imported.
UNDERSTOOD = {
    CONTENT_TYPE: cms.ContentType,
    MESSAGE_DIGEST: core.OctetString,
    SIGNING_TIME: cms.Time,
    SIGNING_CERTIFICATE_V2: tsp.SigningCertificateV2,
}


def read_ber(ber: bytes) -> Container:
    """Take a CMS apart. Raises SignatureRefused for what it says, any other exception for broken encoding."""
    outer = cms.ContentInfo.load(ber, strict=True)
    if outer["content_type"].native != "signed_data":
        raise SignatureRefused("malformed")
    signed = outer["content"]
    _refuse_inner_text(signed["encap_content_info"])
    signer = _only_signer(signed["signer_infos"])
    # Taken before anything inside is read: asn1crypto encodes again what it has looked into.
    sent = emit(0, 1, core.Set.tag, signer["signed_attrs"].contents or b"")
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
        attributes_sent=sent,
        signature=signer["signature"].native,
    )


def der_of_attributes(sent: bytes) -> bytes:
    """The signed attributes encoded anew as DER demands of a SET. Costly: only for what does not verify as sent."""
    encoded: bytes = cms.CMSAttributes.load(sent).dump(force=True)
    return encoded


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
