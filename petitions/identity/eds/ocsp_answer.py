"""Reading an authority's answer about one certificate (RFC 6960, 4.2), and believing it only when all of it fits.

Strict: what is not the usual form is no answer. Nothing here asks anybody; `ocsp` does.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal

from cryptography import x509

from petitions.identity.eds import der
from petitions.identity.eds.certificate_der import CertificateParts, Extension, read_extensions, read_parts
from petitions.identity.eds.engines import ENGINES, WHOLE_ALGORITHMS, issued
from petitions.identity.eds.reasons import SignatureRefused
from petitions.identity.eds.trust import check_valid

Status = Literal["good", "revoked", "unknown"]

ENUMERATED, GENERALIZED_TIME = 0x0A, 0x18
GOOD, REVOKED, UNKNOWN, CONTEXT_2 = 0x80, 0xA1, 0x82, 0xA2
BASIC = der.oid_contents("1.3.6.1.5.5.7.48.1.1")
NONCE = der.oid_contents("1.3.6.1.5.5.7.48.1.2")
EXTENDED_KEY_USAGE = der.oid_contents("2.5.29.37")
OCSP_SIGNING = der.oid_contents("1.3.6.1.5.5.7.3.9")
SIGNATURES = {der.oid_contents(dotted): ENGINES[dotted] for dotted in WHOLE_ALGORITHMS}
REFUSALS = {1: "malformed request", 2: "internal error", 3: "try later", 5: "wants a signature", 6: "unauthorized"}
CERTIFICATE_HOLD = 6
NEVER_ISSUED = datetime(1970, 1, 1, tzinfo=UTC)
"""With "on hold", RFC 6960, 4.4.8: the authority has never issued such a certificate, which is not a revocation."""
MAX_CERTIFICATES = 4
SKEW = timedelta(minutes=5)
WITHOUT_AN_END = timedelta(days=1)  # how long an answer that names no next one is believed
TIME = re.compile(rb"(\d{14})(?:\.\d{1,6})?Z")


class NotAnswered(Exception):
    """The authority gave no answer that can be believed. The message is for the operator's log."""


@dataclass(frozen=True)
class Asked:
    """What was asked: the number of a certificate, its issuer's name and key by their SHA-256, and a fresh nonce."""

    serial: bytes
    issuer_name: bytes
    issuer_key: bytes
    nonce: bytes = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """``der`` is the whole signed answer, the evidence. ``revoked_at`` is None unless ``status`` is "revoked".

    ``as_of``: the moment of which the authority knows it, which may lie days before it is said (thisUpdate).
    """

    status: Status
    revoked_at: datetime | None
    as_of: datetime
    der: bytes = field(repr=False)


def read_answer(encoded: bytes, asked: Asked, issuer: bytes, now: datetime) -> Answer:
    """The answer to what was asked, with everything about it checked. ``issuer``: DER of who issued the certificate.

    Raises NotAnswered, and nothing else, for whatever may come.
    """
    try:
        return _read(encoded, asked, issuer, now)
    except NotAnswered:
        raise
    except Exception as error:
        # The parsers below answer hostile encodings with many kinds of exception; all mean the same here.
        raise NotAnswered(f"unreadable: {type(error).__name__}") from None


def _read(encoded: bytes, asked: Asked, issuer: bytes, now: datetime) -> Answer:
    basic = _basic(encoded)
    [outer] = der.tagged(der.elements(basic, 0, len(basic)), der.SEQUENCE)
    body, algorithm, signature, *offered = der.inside(basic, outer)
    der.tagged([body, algorithm, signature, *offered], der.SEQUENCE, der.SEQUENCE, der.BITS, *[0xA0] * len(offered))
    responder_id, produced_at, responses, nonce = _response_data(basic, body)
    _check_signed(basic, (body, algorithm, signature), _certificates(basic, offered), responder_id, issuer, now)
    if not hmac.compare_digest(nonce, asked.nonce):
        raise NotAnswered("the nonce differs")
    if produced_at > now + SKEW:
        raise NotAnswered("from the future")
    mine = [one for one in der.inside(basic, responses) if _is_about(basic, one, asked)]
    if len(mine) != 1:
        raise NotAnswered("about another certificate")
    status, revoked_at, as_of = _status(basic, mine[0], now)
    return Answer(status, revoked_at, as_of, encoded)


def _basic(encoded: bytes) -> bytes:
    """4.2.1: OCSPResponse ::= SEQUENCE { status, [0] SEQUENCE { type, OCTET STRING } OPTIONAL }."""
    [outer] = der.tagged(der.elements(encoded, 0, len(encoded)), der.SEQUENCE)
    status, *rest = der.inside(encoded, outer)
    der.tagged([status], ENUMERATED)
    code = int.from_bytes(der.contents_of(encoded, status))
    if code:
        raise NotAnswered(REFUSALS.get(code, "refused"))
    [wrapped] = der.tagged(rest, der.CONTEXT_0)
    [inner] = der.tagged(der.inside(encoded, wrapped), der.SEQUENCE)
    kind, content = der.tagged(der.inside(encoded, inner), der.OID, der.OCTETS)
    if der.contents_of(encoded, kind) != BASIC:
        raise NotAnswered("of an unknown kind")
    return der.contents_of(encoded, content)


def _response_data(basic: bytes, body: der.Element) -> tuple[der.Element, datetime, der.Element, bytes]:
    """ResponseData ::= SEQUENCE { version [0] DEFAULT, responderID, producedAt, responses, [1] OPTIONAL }."""
    fields = der.inside(basic, body)
    if fields[0][0] == der.CONTEXT_0:
        fields = fields[1:]
    responder_id, produced_at, responses, *extensions = fields
    der.tagged([produced_at, responses], GENERALIZED_TIME, der.SEQUENCE)
    der.tagged(extensions, *[der.CONTEXT_1] * len(extensions))
    nonces = [_understood(basic, wrapped).get(NONCE) for wrapped in extensions]
    return responder_id, _moment(basic, produced_at), responses, b"".join(nonce.value for nonce in nonces if nonce)


def _understood(basic: bytes, wrapped: der.Element) -> dict[bytes, Extension]:
    """The extensions of an answer. Raises NotAnswered for one that must not be ignored and is not known (4.4)."""
    said = read_extensions(basic, wrapped)
    if any(extension.critical for number, extension in said.items() if number != NONCE):
        raise NotAnswered("with an extension that is not understood")
    return said


def _certificates(basic: bytes, offered: Sequence[der.Element]) -> list[bytes]:
    found: list[bytes] = []
    for wrapped in offered:
        [listed] = der.tagged(der.inside(basic, wrapped), der.SEQUENCE)
        found += [der.whole(basic, one) for one in der.inside(basic, listed)]
    if len(found) > MAX_CERTIFICATES:
        raise NotAnswered("too many certificates")
    return found


def _check_signed(
    basic: bytes,
    parts: tuple[der.Element, der.Element, der.Element],
    offered: Sequence[bytes],
    responder_id: der.Element,
    issuer: bytes,
    now: datetime,
) -> None:
    """By the issuer itself, or by a responder that the issuer made for this (4.2.2.2)."""
    body, algorithm, signature = parts
    kind, *_parameters = der.inside(basic, algorithm)
    engine = SIGNATURES.get(der.contents_of(basic, kind))
    if engine is None:
        raise NotAnswered("signed by an unknown algorithm")
    for candidate in (*offered, issuer):
        if _is_named(basic, responder_id, read_parts(candidate)):
            signer = _responder(candidate, issuer)
            check_valid(signer, now)
            if engine.matches(signer, der.contents_of(basic, signature)[1:], der.whole(basic, body)):
                return
            raise NotAnswered("the signature does not match")
    raise NotAnswered("signed by somebody else")


def _is_named(basic: bytes, responder_id: der.Element, certificate: CertificateParts) -> bool:
    """ResponderID ::= [1] the name, or [2] the SHA-1 of the key, which names here and secures nothing."""
    said = der.contents_of(basic, responder_id)
    if responder_id[0] == der.CONTEXT_1:
        return said == certificate.subject
    digest = hashlib.sha1(certificate.key, usedforsecurity=False).digest()
    return responder_id[0] == CONTEXT_2 and said == bytes([der.OCTETS, len(digest)]) + digest


@lru_cache(maxsize=16)
def _responder(certificate: bytes, issuer: bytes) -> x509.Certificate:
    """A certificate that may answer for the issuer. Raises NotAnswered. The same few answer a million times."""
    loaded = x509.load_der_x509_certificate(certificate)
    if certificate == issuer:
        return loaded
    if not _is_issued(loaded, x509.load_der_x509_certificate(issuer)):
        raise NotAnswered("the responder is not the authority's")
    purposes = read_parts(certificate).extensions[EXTENDED_KEY_USAGE].value
    [listed] = der.tagged(der.elements(purposes, 0, len(purposes)), der.SEQUENCE)
    if OCSP_SIGNING not in [der.contents_of(purposes, one) for one in der.inside(purposes, listed)]:
        raise NotAnswered("the responder's certificate is not for answering")
    return loaded


def _is_issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        return issued(certificate, issuer)
    except SignatureRefused:  # a key or an algorithm of another kind
        return False


def _is_about(basic: bytes, response: der.Element, asked: Asked) -> bool:
    """SingleResponse ::= SEQUENCE { CertID { algorithm, issuer's name, issuer's key, number }, … }."""
    wanted, *_rest = der.inside(basic, response)
    fields = der.inside(basic, wanted)
    _, name, key, serial = der.tagged(fields, der.SEQUENCE, der.OCTETS, der.OCTETS, der.INTEGER)
    said = tuple(der.contents_of(basic, each) for each in (name, key, serial))
    return said == (asked.issuer_name, asked.issuer_key, asked.serial)


def _status(basic: bytes, response: der.Element, now: datetime) -> tuple[Status, datetime | None, datetime]:
    """SingleResponse ::= SEQUENCE { CertID, certStatus, thisUpdate, [0] nextUpdate OPTIONAL, [1] … OPTIONAL }."""
    _, status, this_update, *rest = der.inside(basic, response)
    der.tagged([this_update], GENERALIZED_TIME)
    begins = _moment(basic, this_update)
    ends = begins + WITHOUT_AN_END
    for part in rest:
        if part[0] == der.CONTEXT_0:
            ends = _moment(basic, der.tagged(der.inside(basic, part), GENERALIZED_TIME)[0])
        elif part[0] == der.CONTEXT_1:
            _understood(basic, part)
    if not begins - SKEW <= now <= ends + SKEW:
        raise NotAnswered("out of date")
    if status[0] == REVOKED:
        return *_revoked(basic, status), begins
    if status[0] not in (GOOD, UNKNOWN):
        raise NotAnswered("of an unknown status")
    return ("good" if status[0] == GOOD else "unknown"), None, begins


def _revoked(basic: bytes, status: der.Element) -> tuple[Status, datetime | None]:
    """RevokedInfo ::= SEQUENCE { revocationTime, [0] reason OPTIONAL }."""
    time, *rest = der.inside(basic, status)
    der.tagged([time, *rest], GENERALIZED_TIME, *[der.CONTEXT_0] * len(rest))
    reasons = [der.tagged(der.inside(basic, wrapped), ENUMERATED)[0] for wrapped in rest]
    on_hold = [int.from_bytes(der.contents_of(basic, reason)) for reason in reasons] == [CERTIFICATE_HOLD]
    revoked_at = _moment(basic, time)
    if on_hold and revoked_at == NEVER_ISSUED:
        return "unknown", None
    return "revoked", revoked_at


def _moment(basic: bytes, element: der.Element) -> datetime:
    match = TIME.fullmatch(der.contents_of(basic, element))
    if element[0] != GENERALIZED_TIME or match is None:
        raise der.NotDer
    return datetime.strptime(match[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
