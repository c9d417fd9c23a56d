"""Reading a CMS SignedData in the one form that nearly everybody sends: plain DER with nothing unusual in it.

Far cheaper than the object model of ``container_ber``, and stricter in every respect: each level that is looked
into must split into whole elements that fill it exactly, with the very tags named here. Anything else is NotDer,
which is no verdict: the other reader then looks at the same bytes and gives it. So this reader may pass a good
container on, but must never take one that the other refuses or reads otherwise (tests/identity holds it to that).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from cryptography import x509

from petitions.identity.eds import parts
from petitions.identity.eds.der import (
    BITS,
    CONTEXT_0,
    CONTEXT_1,
    INTEGER,
    OCTETS,
    OID,
    SEQUENCE,
    SET,
    UTC_TIME,
    Element,
    NotDer,
    contents_of,
    elements,
    inside,
    oid_contents,
    tagged,
    whole,
)
from petitions.identity.eds.engines import ENGINES, SHA256_OID
from petitions.identity.eds.parts import MAX_ATTRIBUTES, MAX_CERTIFICATES, Container

UTC_TIME_LENGTH = len("YYMMDDhhmmssZ")
DATA, SIGNED_DATA = oid_contents(parts.DATA), oid_contents(parts.SIGNED_DATA)
CONTENT_TYPE, MESSAGE_DIGEST = oid_contents(parts.CONTENT_TYPE), oid_contents(parts.MESSAGE_DIGEST)
SIGNING_TIME, SIGNING_CERTIFICATE_V2 = oid_contents(parts.SIGNING_TIME), oid_contents(parts.SIGNING_CERTIFICATE_V2)
VALUE_TAGS = {CONTENT_TYPE: OID, MESSAGE_DIGEST: OCTETS, SIGNING_TIME: UTC_TIME, SIGNING_CERTIFICATE_V2: SEQUENCE}
ALGORITHMS = {oid_contents(dotted): dotted for oid, engine in ENGINES.items() for dotted in (oid, engine.digest_oid)}


def read_der(der: bytes) -> Container:
    """Take a CMS apart. Raises ValueError (mostly NotDer) for whatever is not the usual form.

    The numbers in the comments are sections of RFC 5652.
    """
    # 3: ContentInfo ::= SEQUENCE { contentType, content [0] EXPLICIT }
    [info] = tagged(elements(der, 0, len(der)), SEQUENCE)
    content_type, content = tagged(inside(der, info), OID, CONTEXT_0)
    # 5.1: SignedData ::= SEQUENCE { version, digestAlgorithms, encapContentInfo, certificates [0], signerInfos }
    [signed] = tagged(inside(der, content), SEQUENCE)
    _, _, inner, certificates, signers = tagged(inside(der, signed), INTEGER, SET, SEQUENCE, CONTEXT_0, SET)
    # 5.2: EncapsulatedContentInfo ::= SEQUENCE { eContentType }; without eContent, for the text stands elsewhere.
    [inner_type] = tagged(inside(der, inner), OID)
    if contents_of(der, content_type) != SIGNED_DATA or contents_of(der, inner_type) != DATA:
        raise NotDer
    # 5.3: SignerInfo ::= SEQUENCE { version, sid, digestAlgorithm, signedAttrs [0], signatureAlgorithm, signature,
    # unsignedAttrs [1] OPTIONAL }. Exactly one signer. What nobody signed is not looked into.
    [signer] = tagged(inside(der, signers), SEQUENCE)
    fields = inside(der, signer)
    if len(fields) == 7:
        tagged([fields.pop()], CONTEXT_1)
    _, sid, digest, attributes, algorithm, signature = tagged(
        fields, INTEGER, SEQUENCE, SEQUENCE, CONTEXT_0, SEQUENCE, OCTETS
    )
    values = _values(der, attributes)
    if values[CONTENT_TYPE] != DATA:
        raise NotDer
    ours, others = _certificates(der, certificates, sid)
    if SIGNING_CERTIFICATE_V2 in values:
        _check_named(values[SIGNING_CERTIFICATE_V2], ours)
    return Container(
        certificate=x509.load_der_x509_certificate(ours),
        certificate_der=ours,
        other_certificates=others,
        digest_oid=_algorithm(der, digest),
        signature_oid=_algorithm(der, algorithm),
        message_digest=values[MESSAGE_DIGEST],
        signing_time=_moment(values[SIGNING_TIME]) if SIGNING_TIME in values else None,
        # 5.4: signed under the tag of a SET, not under the [0] that the attributes are sent with.
        attributes_sent=bytes([SET]) + whole(der, attributes)[1:],
        signature=contents_of(der, signature),
    )


def _values(der: bytes, attributes: Element) -> dict[bytes, bytes]:
    """What the attributes we rely on say, by type. 5.3: Attribute ::= SEQUENCE { attrType, attrValues SET }.

    11.1 to 11.3: each of them stands there once, with one value. Content type and digest must be there.
    """
    found: dict[bytes, bytes] = {}
    listed = inside(der, attributes)
    if len(listed) > MAX_ATTRIBUTES:
        raise NotDer
    for attribute in listed:
        tagged([attribute], SEQUENCE)
        kind, values = tagged(inside(der, attribute), OID, SET)
        name = contents_of(der, kind)
        if name not in VALUE_TAGS:
            continue
        if name in found:
            raise NotDer
        [value] = tagged(inside(der, values), VALUE_TAGS[name])
        found[name] = contents_of(der, value)
    if CONTENT_TYPE not in found or MESSAGE_DIGEST not in found:
        raise NotDer
    return found


def _certificates(der: bytes, included: Element, sid: Element) -> tuple[bytes, tuple[bytes, ...]]:
    """The signer's certificate and the rest. The signer is named by issuer and number, never by position.

    10.2.4: IssuerAndSerialNumber ::= SEQUENCE { issuer, serialNumber }. RFC 5280, 4.1: Certificate ::= SEQUENCE
    { tbsCertificate SEQUENCE { version [0], serialNumber, signature, issuer, validity, subject, key … }, …, … }.
    """
    issuer, number = tagged(inside(der, sid), SEQUENCE, INTEGER)
    wanted = (_as_sent(der, issuer), _number(der, number))
    certificates = inside(der, included)
    if not 1 <= len(certificates) <= MAX_CERTIFICATES:
        raise NotDer
    ours: list[bytes] = []
    others: list[bytes] = []
    for certificate in certificates:
        tagged([certificate], SEQUENCE)
        body, _, _ = tagged(inside(der, certificate), SEQUENCE, SEQUENCE, BITS)
        _, number, _, issuer, _, _, _ = tagged(
            inside(der, body)[:7], CONTEXT_0, INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE
        )
        same = (_as_sent(der, issuer), _number(der, number)) == wanted
        (ours if same else others).append(_as_sent(der, certificate))
    if len(ours) != 1:
        raise NotDer
    return ours[0], tuple(others)


def _check_named(attribute: bytes, certificate: bytes) -> None:
    """The certificate must be the one that was signed along, by SHA-256.

    RFC 5035, 3: SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2 }, of which the first counts,
    ESSCertIDv2 ::= SEQUENCE { hashAlgorithm DEFAULT sha256, certHash, … }.
    """
    [certs] = tagged(elements(attribute, 0, len(attribute)), SEQUENCE)
    first = tagged(inside(attribute, certs)[:1], SEQUENCE)
    named = inside(attribute, first[0])
    if named and named[0][0] == SEQUENCE and _algorithm(attribute, named[0]) == SHA256_OID:
        named = named[1:]
    [digest] = tagged(named[:1], OCTETS)
    if contents_of(attribute, digest) != hashlib.sha256(certificate).digest():
        raise NotDer


def _algorithm(der: bytes, identifier: Element) -> str:
    """10.1: AlgorithmIdentifier ::= SEQUENCE { algorithm, parameters OPTIONAL }, one that an engine knows."""
    oid = tagged(inside(der, identifier)[:1], OID)[0]
    dotted = ALGORITHMS.get(contents_of(der, oid))
    if dotted is None:
        raise NotDer
    return dotted


def _moment(text: bytes) -> datetime:
    """11.3: UTCTime as YYMMDDhhmmssZ, of the years 1950 to 2049."""
    if len(text) != UTC_TIME_LENGTH or not text[:-1].isdigit() or text[-1:] != b"Z":
        raise NotDer
    year, month, day, hour, minute, second = (int(text[at : at + 2]) for at in range(0, 12, 2))
    return datetime(year + (2000 if year < 50 else 1900), month, day, hour, minute, second, tzinfo=UTC)


def _as_sent(der: bytes, element: Element) -> bytes:
    """The element, if the other reader would take it as it was sent too.

    It takes a length whose last octet is 0x80 for an indefinite one and encodes the element anew.
    """
    if der[element[2] - 1] == 0x80:
        raise NotDer
    return whole(der, element)


def _number(der: bytes, element: Element) -> int:
    return int.from_bytes(contents_of(der, element), signed=True)
