"""Walking through DER by hand: whole elements that fill their room exactly, or nothing (X.690, 8.1 and 10.1)."""

from __future__ import annotations

from asn1crypto.core import ObjectIdentifier

INTEGER, BITS, OCTETS, NULL, OID, UTC_TIME, SEQUENCE, SET = 0x02, 0x03, 0x04, 0x05, 0x06, 0x17, 0x30, 0x31
CONTEXT_0, CONTEXT_1, CONTEXT_3 = 0xA0, 0xA1, 0xA3

Element = tuple[int, int, int, int]
"""The tag of an element, where it begins, where its contents begin, and where they end."""


class NotDer(ValueError):
    """Not the form that was expected."""


def elements(der: bytes, start: int, end: int) -> list[Element]:
    """The elements that fill this room exactly: short tags, the shortest definite lengths. Raises NotDer."""
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


def inside(der: bytes, element: Element) -> list[Element]:
    """The elements within an element. Raises NotDer."""
    return elements(der, element[2], element[3])


def tagged(found: list[Element], *tags: int) -> list[Element]:
    """The same elements, which must be exactly as many as the tags and have them in this order. Raises NotDer."""
    if [element[0] for element in found] != [*tags]:
        raise NotDer
    return found


def contents_of(der: bytes, element: Element) -> bytes:
    return der[element[2] : element[3]]


def whole(der: bytes, element: Element) -> bytes:
    return der[element[1] : element[3]]


def tlv(tag: int, *parts: bytes) -> bytes:
    """One element, written."""
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + body


def oid_contents(dotted: str) -> bytes:
    """An object identifier as DER has it, without tag and length."""
    contents: bytes = ObjectIdentifier(dotted).contents
    return contents


Name = tuple[frozenset[tuple[bytes, bytes]], ...]
"""A distinguished name for comparing: the same whichever kind of string its texts are written as."""


def comparable_name(name: bytes) -> Name:
    """RFC 5280, 4.1.2.4: Name ::= SEQUENCE OF SET OF SEQUENCE { type, value }. Raises NotDer."""
    [whole_name] = tagged(elements(name, 0, len(name)), SEQUENCE)
    return tuple(
        frozenset(_attribute(name, one) for one in inside(name, tagged([each], SET)[0]))
        for each in inside(name, whole_name)
    )


def _attribute(name: bytes, element: Element) -> tuple[bytes, bytes]:
    kind, value = inside(name, tagged([element], SEQUENCE)[0])
    return contents_of(name, kind), contents_of(name, value)


def list_issuer_name(tbs_list: bytes) -> bytes:
    """The issuer's name in a TBSCertList (RFC 5280, 5.1: SEQUENCE { version OPTIONAL, signature, issuer, … })."""
    [body] = tagged(elements(tbs_list, 0, len(tbs_list)), SEQUENCE)
    fields = inside(tbs_list, body)
    if fields and fields[0][0] == INTEGER:
        fields = fields[1:]
    _, issuer = tagged(fields[:2], SEQUENCE, SEQUENCE)
    return whole(tbs_list, issuer)


def issuer_name(tbs_certificate: bytes) -> bytes:
    """The issuer's name in a TBSCertificate, exactly as it stands there. Raises NotDer."""
    return whole(tbs_certificate, _certificate_fields(tbs_certificate)[2])


def subject_name(tbs_certificate: bytes) -> bytes:
    """The subject's name in a TBSCertificate, exactly as it stands there. Raises NotDer."""
    return whole(tbs_certificate, _certificate_fields(tbs_certificate)[4])


def subject_public_key(tbs_certificate: bytes) -> bytes:
    """The SubjectPublicKeyInfo of a TBSCertificate, for keys that `cryptography` does not load. Raises NotDer."""
    return whole(tbs_certificate, _certificate_fields(tbs_certificate)[5])


def _certificate_fields(tbs_certificate: bytes) -> list[Element]:
    """RFC 5280, 4.1: TBSCertificate ::= SEQUENCE { version [0] OPTIONAL, serialNumber, signature, issuer, validity,
    subject, subjectPublicKeyInfo, … }: from the number to the key.
    """
    [body] = tagged(elements(tbs_certificate, 0, len(tbs_certificate)), SEQUENCE)
    fields = inside(tbs_certificate, body)
    if fields and fields[0][0] == CONTEXT_0:
        fields = fields[1:]
    return tagged(fields[:6], INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE)
