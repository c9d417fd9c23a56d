"""Writing certificates and lists of revoked ones (RFC 5280) with a key of either kind.

By hand, for `cryptography` writes neither GOST keys nor names as long as the national authority's own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from petitions.identity.simulators.der import (
    BITS,
    CONTEXT_0,
    CONTEXT_3,
    INTEGER,
    NULL,
    OCTETS,
    PRINTABLE,
    SEQUENCE,
    SET,
    TRUE,
    UTF8,
    integer,
    moment,
    oid,
    tlv,
)
from petitions.identity.simulators.keys import SigningKey

COMMON_NAME, SURNAME, SERIAL_NUMBER, COUNTRY, GIVEN_NAME = "2.5.4.3", "2.5.4.4", "2.5.4.5", "2.5.4.6", "2.5.4.42"
ORGANISATION_NAME, ORGANISATION_UNIT = "2.5.4.10", "2.5.4.11"
EMAIL_PROTECTION, CLIENT_AUTH, OCSP_SIGNING = "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.9"
OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5"
SIGNING, SIGNING_IN, ISSUING = b"\x06\xc0", b"\x05\xa0", b"\x01\x06"
"""Key usages as bits: signature and non-repudiation; signature and encipherment; certificates and lists."""


@dataclass(frozen=True)
class Issuer:
    """Who signs: a name in DER and a key."""

    name: bytes
    key: SigningKey


@dataclass(frozen=True)
class Wanted:
    """What a certificate shall say. ``extensions`` are whole extensions in DER."""

    subject: bytes
    public_info: bytes
    serial: int
    begins: datetime
    ends: datetime
    extensions: Sequence[bytes]


def issue(issuer: Issuer, wanted: Wanted) -> bytes:
    """A certificate, DER. The identifiers of both keys are added."""
    identified = [
        extension("2.5.29.14", tlv(OCTETS, _key_identifier(wanted.public_info))),
        extension("2.5.29.35", tlv(SEQUENCE, tlv(0x80, _key_identifier(issuer.key.public_info)))),
    ]
    body = tlv(
        SEQUENCE,
        tlv(CONTEXT_0, tlv(INTEGER, b"\x02")),
        integer(wanted.serial),
        issuer.key.signature_algorithm,
        issuer.name,
        tlv(SEQUENCE, moment(wanted.begins), moment(wanted.ends)),
        wanted.subject,
        wanted.public_info,
        tlv(CONTEXT_3, tlv(SEQUENCE, *wanted.extensions, *identified)),
    )
    return _signed(body, issuer.key)


def revocation_list(issuer: Issuer, revoked: Mapping[int, datetime], begins: datetime, ends: datetime) -> bytes:
    """A whole list of revoked certificates by number, DER."""
    entries = [tlv(SEQUENCE, integer(serial), moment(at)) for serial, at in revoked.items()]
    identified = extension("2.5.29.35", tlv(SEQUENCE, tlv(0x80, _key_identifier(issuer.key.public_info))))
    body = tlv(
        SEQUENCE,
        tlv(INTEGER, b"\x01"),
        issuer.key.signature_algorithm,
        issuer.name,
        moment(begins),
        moment(ends),
        tlv(SEQUENCE, *entries) if entries else b"",
        tlv(CONTEXT_0, tlv(SEQUENCE, identified, extension("2.5.29.20", integer(1)))),
    )
    return _signed(body, issuer.key)


def name(*said: tuple[str, str]) -> bytes:
    """A distinguished name, one attribute a set, as the national authority writes it."""
    pairs = ((kind, tlv(PRINTABLE if kind == COUNTRY else UTF8, text.encode())) for kind, text in said)
    return tlv(SEQUENCE, *(tlv(SET, tlv(SEQUENCE, oid(kind), value)) for kind, value in pairs))


def extension(number: str, value: bytes, *, critical: bool = False) -> bytes:
    return tlv(SEQUENCE, oid(number), TRUE if critical else b"", tlv(OCTETS, value))


def usage(bits: bytes) -> bytes:
    return extension("2.5.29.15", tlv(BITS, bits), critical=True)


def purposes(numbers: Iterable[str]) -> bytes:
    return extension("2.5.29.37", tlv(SEQUENCE, *map(oid, numbers)))


def policies(number: str) -> bytes:
    return extension("2.5.29.32", tlv(SEQUENCE, tlv(SEQUENCE, oid(number))))


def authority(depth: int) -> bytes:
    """May issue others, and so many authorities may stand below it."""
    return extension("2.5.29.19", tlv(SEQUENCE, TRUE, integer(depth)), critical=True)


def no_check(*, empty: bool) -> bytes:
    """Nobody need ask whether the responder is revoked. ``empty``: without its NULL, as the national one has it."""
    return extension(OCSP_NO_CHECK, b"" if empty else tlv(NULL))


def _key_identifier(public_info: bytes) -> bytes:
    return hashlib.sha1(public_info, usedforsecurity=False).digest()


def _signed(body: bytes, key: SigningKey) -> bytes:
    return tlv(SEQUENCE, body, key.signature_algorithm, tlv(BITS, b"\x00", key.sign(body)))
