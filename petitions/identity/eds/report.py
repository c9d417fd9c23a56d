"""Everything that can be told about a signature, accepted or not: for operators, courts and curious people."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from petitions.identity.eds.container import read_container
from petitions.identity.eds.engines import ENGINES
from petitions.identity.eds.holder import IIN_VALUE, Use, role_of
from petitions.identity.eds.parts import Container
from petitions.identity.eds.reasons import ReasonCode, SignatureRefused
from petitions.identity.eds.trust import TrustStore, common_name
from petitions.identity.eds.verifier import verify_detached

SHOWN = 4
"""Digits of an IIN that are shown: its last ones, for the first tell the day of birth."""


@dataclass(frozen=True)
class Report:
    """``reason`` is None when the signature is accepted. What could not be found out is empty."""

    reason: ReasonCode | None
    message: object
    engine: str
    at: datetime
    algorithm: str = ""
    role: str = ""
    subject: str = field(default="", repr=False)
    serial: str = field(default="", repr=False)
    certificate_sha256: str = field(default="", repr=False)
    not_before: datetime | None = None
    not_after: datetime | None = None
    signed_at: datetime | None = None
    chain: tuple[str, ...] = ()
    revocation: str = ""


def report(cms: bytes, data: bytes, *, trust: TrustStore, at: datetime, use: Use = "signing") -> Report:
    """The verdict of `verify_detached`, and beside it whatever the signature says, believed or not."""
    reason: ReasonCode | None = None
    message: object = ""
    try:
        verify_detached(cms, data, trust=trust, at=at, use=use)
    except SignatureRefused as refused:
        reason, message = refused.reason_code, refused.message
    engine = trust.judge.name if trust.judge else "embedded"
    try:
        container = read_container(cms)
    except Exception:  # as in the verifier: the parsers answer hostile bytes with many kinds of it
        return Report(reason, message, engine, at)
    chain, revocation = _chain(container, trust, at)
    certificate = container.certificate
    known = ENGINES.get(container.signature_oid)
    return Report(
        reason=reason,
        message=message,
        engine=engine,
        at=at,
        algorithm=known.name if known else container.signature_oid,
        role=role_of(certificate),
        subject=_subject(certificate),
        serial=f"{certificate.serial_number:x}",
        certificate_sha256=hashlib.sha256(container.certificate_der).hexdigest(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        signed_at=container.signing_time,
        chain=chain,
        revocation=revocation,
    )


def masked(iin: str) -> str:
    return "*" * (len(iin) - SHOWN) + iin[-SHOWN:]


def _chain(container: Container, trust: TrustStore, at: datetime) -> tuple[tuple[str, ...], str]:
    """The names of the authorities above, and what the lists at hand say; empty where nobody believed is above."""
    try:
        above = []
        link = trust.issuer(container.certificate, container.other_certificates)
        while True:
            above.append(link)
            if link.parent is None:
                break
            link = link.parent
        names = tuple(common_name(one.certificate) for one in above)
    except (SignatureRefused, ValueError):
        return (), ""
    try:
        return names, trust.revocation(container.certificate, above, at)
    except SignatureRefused:
        return names, "revoked"


def _subject(certificate: x509.Certificate) -> str:
    """Common name and patronymic, then the masked IIN."""
    with suppress(ValueError):
        said = {attribute.oid: str(attribute.value) for attribute in certificate.subject}
        number = IIN_VALUE.fullmatch(said.get(NameOID.SERIAL_NUMBER, ""))
        names = (said.get(NameOID.COMMON_NAME, ""), said.get(NameOID.GIVEN_NAME, ""))
        name = " ".join(one for one in names if one)
        return f"{name}, IIN {masked(number.group(1))}" if number else name
    return ""
