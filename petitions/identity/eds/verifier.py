"""The verdict on a detached signature.

Order of questions: is it readable, is it over this text, do we believe the certificate, did its key sign,
was it valid and not revoked then, is it a person's signing certificate, and whose.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from dataclasses import dataclass, field
from datetime import datetime

from petitions.identity.eds.container import read_container, signed_forms
from petitions.identity.eds.engines import Engine, engine_for
from petitions.identity.eds.holder import read_holder
from petitions.identity.eds.parts import Container
from petitions.identity.eds.reasons import SignatureRefused
from petitions.identity.eds.trust import Revocation, TrustStore

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class VerifiedSignature:
    """Who signed. ``signed_at`` is the signer's own claim (the time of checking when none was made)."""

    iin: str = field(repr=False)
    surname: str = field(repr=False)
    given_name: str = field(repr=False)
    patronymic: str = field(repr=False)
    certificate_sha256: str = field(repr=False)
    signed_at: datetime
    algorithm: str
    revocation: Revocation


def verify_detached(cms: bytes, data: bytes, *, trust: TrustStore, at: datetime) -> VerifiedSignature:
    """Check a detached CMS over the exact bytes that were shown, as of a moment.

    Raises SignatureRefused, and nothing else, for whatever a stranger may send.
    """
    trust.refresh()
    try:
        return _verify(cms, data, trust, at)
    except SignatureRefused:
        raise
    except Exception as error:
        # The parsers below answer hostile encodings with many kinds of exception; all mean the same to the
        # signer.
        log.info("unreadable signature: %s", type(error).__name__)
        raise SignatureRefused("malformed") from None


def _verify(cms: bytes, data: bytes, trust: TrustStore, at: datetime) -> VerifiedSignature:
    container = read_container(cms)
    engine = engine_for(container.signature_oid, container.digest_oid)
    if not hmac.compare_digest(container.message_digest, engine.digest(data)):
        raise SignatureRefused("other-text")
    certificate = container.certificate
    above = trust.chain(certificate, container.other_certificates, at)
    _check_signed(container, engine)
    revocation = trust.revocation(certificate, above, at)
    holder = read_holder(certificate)
    return VerifiedSignature(
        iin=holder.iin,
        surname=holder.surname,
        given_name=holder.given_name,
        patronymic=holder.patronymic,
        certificate_sha256=hashlib.sha256(container.certificate_der).hexdigest(),
        signed_at=container.signing_time or at,
        algorithm=engine.name,
        revocation=revocation,
    )


def _check_signed(container: Container, engine: Engine) -> None:
    for form in signed_forms(container):
        if engine.matches(container.certificate, container.signature, form):
            return
    raise SignatureRefused("bad-signature")
