"""The verdict on a detached signature.

Order of questions: is it readable, is it over this text, do we believe the certificate, did its key sign,
was it valid and not revoked then, is it a person's certificate for this use, and whose.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cryptography.hazmat.primitives.serialization import Encoding

from petitions.identity.eds.container import read_container, signed_forms
from petitions.identity.eds.engines import Engine, engine_for
from petitions.identity.eds.holder import Use, read_holder
from petitions.identity.eds.parts import Container
from petitions.identity.eds.reasons import SignatureRefused
from petitions.identity.eds.trust import Revocation, TrustStore

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class VerifiedSignature:
    """Who signed. ``signed_at`` is the signer's own claim (the time of checking when none was made).

    ``serial`` is the number of the certificate, ``role`` in what role it was issued to its holder.
    """

    iin: str = field(repr=False)
    surname: str = field(repr=False)
    given_name: str = field(repr=False)
    patronymic: str = field(repr=False)
    certificate_sha256: str = field(repr=False)
    serial: int = field(repr=False)
    role: str
    signed_at: datetime
    algorithm: str
    revocation: Revocation


class Judge(Protocol):
    """An engine: who decides whether a key signed, whether its certificate is believed, valid and not revoked.

    Whose certificate it is and what it may be used for is not its business.
    """

    @property
    def name(self) -> str: ...

    def judge(self, cms: bytes, data: bytes, container: Container, trust: TrustStore, at: datetime) -> Revocation:
        """Raises SignatureRefused, and nothing else, when the signature cannot be accepted."""
        ...


class Embedded:
    """Our own arithmetic, under the roots and lists of the trust store."""

    name = "embedded"

    def judge(self, cms: bytes, data: bytes, container: Container, trust: TrustStore, at: datetime) -> Revocation:
        above = trust.chain(container.certificate, container.other_certificates, at)
        _check_signed(container, engine_for(container.signature_oid, container.digest_oid))
        return trust.revocation(container.certificate, above, at)


EMBEDDED: Judge = Embedded()


def verify_detached(
    cms: bytes, data: bytes, *, trust: TrustStore, at: datetime, use: Use = "signing"
) -> VerifiedSignature:
    """Check a detached CMS over the exact bytes that were shown, as of a moment, by the trust store's engine.

    ``use``: a text is signed with the certificate for signing, a sign-in is proven with the one for signing in.
    Raises SignatureRefused, and nothing else, for whatever a stranger may send.
    """
    trust.refresh()
    try:
        return _verify(cms, data, trust, at, use)
    except SignatureRefused:
        raise
    except Exception as error:
        # The parsers below answer hostile encodings with many kinds of exception; all mean the same to the
        # signer.
        log.info("unreadable signature: %s", type(error).__name__)
        raise SignatureRefused("malformed") from None


def signer_chain(cms: bytes, trust: TrustStore) -> tuple[bytes, bytes]:
    """The signer's certificate and its issuer's, both DER, of a signature that was accepted: to ask about by OCSP.

    The signature itself is not verified again. Raises SignatureRefused for an issuer that is not believed any more.
    """
    trust.refresh()
    container = read_container(cms)
    issuer = trust.issuer(container.certificate, container.other_certificates)
    return container.certificate_der, issuer.certificate.public_bytes(Encoding.DER)


def valid_until(cms: bytes) -> datetime:
    """When the term of the signer's certificate ends, of a signature that was accepted."""
    return read_container(cms).certificate.not_valid_after_utc


def _verify(cms: bytes, data: bytes, trust: TrustStore, at: datetime, use: Use) -> VerifiedSignature:
    container = read_container(cms)
    engine = engine_for(container.signature_oid, container.digest_oid)
    if not hmac.compare_digest(container.message_digest, engine.digest(data)):
        raise SignatureRefused("other-text")
    revocation = (trust.judge or EMBEDDED).judge(cms, data, container, trust, at)
    holder = read_holder(container.certificate, use)
    return VerifiedSignature(
        iin=holder.iin,
        surname=holder.surname,
        given_name=holder.given_name,
        patronymic=holder.patronymic,
        certificate_sha256=hashlib.sha256(container.certificate_der).hexdigest(),
        serial=container.certificate.serial_number,
        role=holder.role,
        signed_at=container.signing_time or at,
        algorithm=engine.name,
        revocation=revocation,
    )


def _check_signed(container: Container, engine: Engine) -> None:
    for form in signed_forms(container):
        if engine.matches(container.certificate, container.signature, form):
            return
    raise SignatureRefused("bad-signature")
