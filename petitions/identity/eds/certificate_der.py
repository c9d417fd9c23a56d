"""What a certificate says in bytes, read by hand: for what `cryptography` leaves out or refuses.

Responders' certificates of the national authority carry an empty OCSPNoCheck, at which reading any extension by
`cryptography` fails; asking a responder needs names and keys exactly as they are encoded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from petitions.identity.eds import der

BOOLEAN = 0x01


class Extension(NamedTuple):
    critical: bool
    value: bytes


@dataclass(frozen=True)
class CertificateParts:
    """Names whole, as they are encoded; ``key`` is the content of its BIT STRING; extensions by their number."""

    serial: bytes
    issuer: bytes
    subject: bytes
    key: bytes
    extensions: Mapping[bytes, Extension]


def read_parts(certificate: bytes) -> CertificateParts:
    """Take a certificate apart (RFC 5280, 4.1). Raises NotDer."""
    [outer] = der.tagged(der.elements(certificate, 0, len(certificate)), der.SEQUENCE)
    body, _, _ = der.tagged(der.inside(certificate, outer), der.SEQUENCE, der.SEQUENCE, der.BITS)
    fields = der.inside(certificate, body)
    _, serial, _, issuer, _, subject, key = der.tagged(
        fields[:7],
        der.CONTEXT_0,
        der.INTEGER,
        der.SEQUENCE,
        der.SEQUENCE,
        der.SEQUENCE,
        der.SEQUENCE,
        der.SEQUENCE,
    )
    _, bits = der.tagged(der.inside(certificate, key), der.SEQUENCE, der.BITS)
    return CertificateParts(
        serial=der.contents_of(certificate, serial),
        issuer=der.whole(certificate, issuer),
        subject=der.whole(certificate, subject),
        key=der.contents_of(certificate, bits)[1:],
        extensions=_extensions(certificate, fields[7:]),
    )


def _extensions(certificate: bytes, rest: list[der.Element]) -> dict[bytes, Extension]:
    found: dict[bytes, Extension] = {}
    for field in rest:
        if field[0] == der.CONTEXT_3:
            found |= read_extensions(certificate, field)
    return found


def read_extensions(encoded: bytes, wrapped: der.Element) -> dict[bytes, Extension]:
    """[n] SEQUENCE OF SEQUENCE { number, critical DEFAULT FALSE, OCTET STRING }, by number. Raises NotDer."""
    found: dict[bytes, Extension] = {}
    [listed] = der.tagged(der.inside(encoded, wrapped), der.SEQUENCE)
    for extension in der.inside(encoded, listed):
        der.tagged([extension], der.SEQUENCE)
        number, *flag, value = der.inside(encoded, extension)
        der.tagged([number, *flag, value], der.OID, *[BOOLEAN] * len(flag), der.OCTETS)
        name = der.contents_of(encoded, number)
        if name in found:
            raise der.NotDer
        critical = any(der.contents_of(encoded, one) != b"\x00" for one in flag)
        found[name] = Extension(critical, der.contents_of(encoded, value))
    return found
