"""Reading a CMS SignedData in the one form that nearly everybody sends: plain DER with nothing unusual in it.

Far cheaper than the object model of ``container_ber``, and stricter in every respect: each level that is looked
into must split into whole elements that fill it exactly, with the very tags named here. Anything else is NotDer,
which is no verdict: the other reader then looks at the same bytes and gives it. So this reader may pass a good
container on, but must never take one that the other refuses or reads otherwise (tests/identity holds it to that).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from asn1crypto.core import ObjectIdentifier
from cryptography import x509

from petitions.identity.eds import parts
from petitions.identity.eds.engines import RSA_KEY_OID, RSA_SHA256_OID, SHA256_OID
from petitions.identity.eds.parts import MAX_ATTRIBUTES, MAX_CERTIFICATES, Container

INTEGER, BITS, OCTETS, OID, UTC_TIME, SEQUENCE, SET = 0x02, 0x03, 0x04, 0x06, 0x17, 0x30, 0x31
CONTEXT_0, CONTEXT_1 = 0xA0, 0xA1
UTC_TIME_LENGTH = len("YYMMDDhhmmssZ")

Element = tuple[int, int, int, int]
"""The tag of an element, where it begins, where its contents begin, and where they end."""


def _oid(dotted: str) -> bytes:
    contents: bytes = ObjectIdentifier(dotted).contents
    return contents


DATA, SIGNED_DATA = _oid(parts.DATA), _oid(parts.SIGNED_DATA)
CONTENT_TYPE, MESSAGE_DIGEST = _oid(parts.CONTENT_TYPE), _oid(parts.MESSAGE_DIGEST)
SIGNING_TIME, SIGNING_CERTIFICATE_V2 = _oid(parts.SIGNING_TIME), _oid(parts.SIGNING_CERTIFICATE_V2)
VALUE_TAGS = {CONTENT_TYPE: OID, MESSAGE_DIGEST: OCTETS, SIGNING_TIME: UTC_TIME, SIGNING_CERTIFICATE_V2: SEQUENCE}
ALGORITHMS = {_oid(dotted): dotted for dotted in (SHA256_OID, RSA_KEY_OID, RSA_SHA256_OID)}


class NotDer(ValueError):
    """Not the usual form: the reader of all forms must decide."""


def read_der(der: bytes) -> Container:
    """Take a CMS apart. Raises ValueError (mostly NotDer) for whatever is not the usual form.

    The numbers in the comments are sections of RFC 5652.
    """
    # 3: ContentInfo ::= SEQUENCE { contentType, content [0] EXPLICIT }
    [info] = _tagged(_elements(der, 0, len(der)), SEQUENCE)
    content_type, content = _tagged(_inside(der, info), OID, CONTEXT_0)
    # 5.1: SignedData ::= SEQUENCE { version, digestAlgorithms, encapContentInfo, certificates [0], signerInfos }
    [signed] = _tagged(_inside(der, content), SEQUENCE)
    _, _, inner, certificates, signers = _tagged(_inside(der, signed), INTEGER, SET, SEQUENCE, CONTEXT_0, SET)
    # 5.2: EncapsulatedContentInfo ::= SEQUENCE { eContentType }; without eContent, for the text stands elsewhere.
    [inner_type] = _tagged(_inside(der, inner), OID)
    if _contents(der, content_type) != SIGNED_DATA or _contents(der, inner_type) != DATA:
        raise NotDer
    # 5.3: SignerInfo ::= SEQUENCE { version, sid, digestAlgorithm, signedAttrs [0], signatureAlgorithm, signature,
    # unsignedAttrs [1] OPTIONAL }. Exactly one signer. What nobody signed is not looked into.
    [signer] = _tagged(_inside(der, signers), SEQUENCE)
    fields = _inside(der, signer)
    if len(fields) == 7:
        _tagged([fields.pop()], CONTEXT_1)
    _, sid, digest, attributes, algorithm, signature = _tagged(
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
        attributes_sent=bytes([SET]) + _whole(der, attributes)[1:],
        signature=_contents(der, signature),
    )


def _values(der: bytes, attributes: Element) -> dict[bytes, bytes]:
    """What the attributes we rely on say, by type. 5.3: Attribute ::= SEQUENCE { attrType, attrValues SET }.

    11.1 to 11.3: each of them stands there once, with one value. Content type and digest must be there.
    """
    found: dict[bytes, bytes] = {}
    listed = _inside(der, attributes)
    if len(listed) > MAX_ATTRIBUTES:
        raise NotDer
    for attribute in listed:
        _tagged([attribute], SEQUENCE)
        kind, values = _tagged(_inside(der, attribute), OID, SET)
        name = _contents(der, kind)
        if name not in VALUE_TAGS:
            continue
        if name in found:
            raise NotDer
        [value] = _tagged(_inside(der, values), VALUE_TAGS[name])
        found[name] = _contents(der, value)
    if CONTENT_TYPE not in found or MESSAGE_DIGEST not in found:
        raise NotDer
    return found


def _certificates(der: bytes, included: Element, sid: Element) -> tuple[bytes, tuple[bytes, ...]]:
    """The signer's certificate and the rest. The signer is named by issuer and number, never by position.

    10.2.4: IssuerAndSerialNumber ::= SEQUENCE { issuer, serialNumber }. RFC 5280, 4.1: Certificate ::= SEQUENCE
    { tbsCertificate SEQUENCE { version [0], serialNumber, signature, issuer, validity, subject, key … }, …, … }.
    """
    issuer, number = _tagged(_inside(der, sid), SEQUENCE, INTEGER)
    wanted = (_as_sent(der, issuer), _number(der, number))
    certificates = _inside(der, included)
    if not 1 <= len(certificates) <= MAX_CERTIFICATES:
        raise NotDer
    ours: list[bytes] = []
    others: list[bytes] = []
    for certificate in certificates:
        _tagged([certificate], SEQUENCE)
        body, _, _ = _tagged(_inside(der, certificate), SEQUENCE, SEQUENCE, BITS)
        _, number, _, issuer, _, _, _ = _tagged(
            _inside(der, body)[:7], CONTEXT_0, INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE
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
    [certs] = _tagged(_elements(attribute, 0, len(attribute)), SEQUENCE)
    first = _tagged(_inside(attribute, certs)[:1], SEQUENCE)
    named = _inside(attribute, first[0])
    if named and named[0][0] == SEQUENCE and _algorithm(attribute, named[0]) == SHA256_OID:
        named = named[1:]
    [digest] = _tagged(named[:1], OCTETS)
    if _contents(attribute, digest) != hashlib.sha256(certificate).digest():
        raise NotDer


def _algorithm(der: bytes, identifier: Element) -> str:
    """10.1: AlgorithmIdentifier ::= SEQUENCE { algorithm, parameters OPTIONAL }, one that an engine knows."""
    oid = _tagged(_inside(der, identifier)[:1], OID)[0]
    dotted = ALGORITHMS.get(_contents(der, oid))
    if dotted is None:
        raise NotDer
    return dotted


def _moment(text: bytes) -> datetime:
    """11.3: UTCTime as YYMMDDhhmmssZ, of the years 1950 to 2049."""
    if len(text) != UTC_TIME_LENGTH or not text[:-1].isdigit() or text[-1:] != b"Z":
        raise NotDer
    year, month, day, hour, minute, second = (int(text[at : at + 2]) for at in range(0, 12, 2))
    return datetime(year + (2000 if year < 50 else 1900), month, day, hour, minute, second, tzinfo=UTC)


def _elements(der: bytes, start: int, end: int) -> list[Element]:
    """The elements that fill this room exactly. X.690, 8.1 and 10.1: short tags; the shortest definite lengths."""
    found: list[Element] = []
    while start < end:
        contents = start + 2
        if contents > end or der[start] & 0x1F == 0x1F:
            raise NotDer
        length = der[start + 1]
        if length >= 0x80:
            contents += length - 0x80
            if not start + 2 < contents <= end:
                raise NotDer
            length = int.from_bytes(der[start + 2 : contents])
            if length < 0x80 or der[start + 2] == 0:
                raise NotDer
        stop = contents + length
        if stop > end:
            raise NotDer
        found.append((der[start], start, contents, stop))
        start = stop
    return found


def _inside(der: bytes, element: Element) -> list[Element]:
    return _elements(der, element[2], element[3])


def _tagged(elements: list[Element], *tags: int) -> list[Element]:
    """The same elements, which must be exactly as many as the tags and have them in this order."""
    if [element[0] for element in elements] != [*tags]:
        raise NotDer
    return elements


def _contents(der: bytes, element: Element) -> bytes:
    return der[element[2] : element[3]]


def _whole(der: bytes, element: Element) -> bytes:
    return der[element[1] : element[3]]


def _as_sent(der: bytes, element: Element) -> bytes:
    """The element, if the other reader would take it as it was sent too.

    It takes a length whose last octet is 0x80 for an indefinite one and encodes the element anew.
    """
    if der[element[2] - 1] == 0x80:
        raise NotDer
    return _whole(der, element)


def _number(der: bytes, element: Element) -> int:
    return int.from_bytes(_contents(der, element), signed=True)
