"""Asking the authority whether a certificate is revoked (RFC 6960): over the network, so never while somebody waits.

Only the address that the operator has set is asked, never one that a certificate names: a signer writes no address
into our requests.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from petitions.identity.eds import der
from petitions.identity.eds.certificate_der import read_parts
from petitions.identity.eds.engines import SHA256_OID
from petitions.identity.eds.fetching import Unreachable, fetched
from petitions.identity.eds.ocsp_answer import NONCE, SKEW, Answer, Asked, NotAnswered, read_answer

__all__ = ["SKEW", "Answer", "NotAnswered", "Unreachable", "ask"]

SECONDS = 5.0
MAX_BYTES = 32 * 1024
NONCE_BYTES = 16
CONTEXT_2 = 0xA2
SHA256 = der.oid_contents(SHA256_OID)


def ask(url: str, certificate: bytes, issuer: bytes, *, now: datetime) -> Answer:
    """The authority's answer about a certificate; both certificates in DER, ``now`` in real time.

    Raises Unreachable when nobody is there, NotAnswered for tryLater and for an answer that cannot be believed.
    """
    if not url:
        raise Unreachable("no address is set")
    asked = question(certificate, issuer)
    encoded = fetched(url, body=request_of(asked), kind="application/ocsp-request", seconds=SECONDS, most=MAX_BYTES)
    return read_answer(encoded, asked, issuer, now)


def question(certificate: bytes, issuer: bytes) -> Asked:
    """Who is asked about. Raises NotAnswered for certificates that cannot be read."""
    try:
        signer, authority = read_parts(certificate), read_parts(issuer)
    except ValueError:
        raise NotAnswered("unreadable certificate") from None
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Asked(
        serial=signer.serial,
        issuer_name=hashlib.sha256(authority.subject).digest(),
        issuer_key=hashlib.sha256(authority.key).digest(),
        nonce=der.tlv(der.OCTETS, nonce),
    )


def request_of(asked: Asked) -> bytes:
    """4.1: SEQUENCE { TBSRequest { requestList { Request { CertID } }, [2] { nonce } } }; unsigned."""
    certificate = der.tlv(
        der.SEQUENCE,
        der.tlv(der.SEQUENCE, der.tlv(der.OID, SHA256), der.tlv(der.NULL)),
        der.tlv(der.OCTETS, asked.issuer_name),
        der.tlv(der.OCTETS, asked.issuer_key),
        der.tlv(der.INTEGER, asked.serial),
    )
    nonce = der.tlv(der.SEQUENCE, der.tlv(der.OID, NONCE), der.tlv(der.OCTETS, asked.nonce))
    listed = der.tlv(der.SEQUENCE, der.tlv(der.SEQUENCE, certificate))
    extensions = der.tlv(CONTEXT_2, der.tlv(der.SEQUENCE, nonce))
    return der.tlv(der.SEQUENCE, der.tlv(der.SEQUENCE, listed, extensions))
