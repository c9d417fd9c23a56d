"""Why a signature is refused, in words for the person who made it."""

from __future__ import annotations

from typing import Literal, get_args

from flask_babel import lazy_gettext as _l

from petitions.errors import DomainError, Unavailable

ReasonCode = Literal[
    "malformed",
    "too-large",
    "not-detached",
    "several-signers",
    "other-text",
    "bad-signature",
    "unknown-algorithm",
    "untrusted",
    "not-yet-valid",
    "expired",
    "revoked",
    "not-for-signing",
    "not-for-sign-in",
    "organisation",
    "not-a-person",
    "no-iin",
    "other-person",
    "engine-down",
]

MESSAGES = {
    "malformed": _l("This is not an electronic signature that we can read. Please sign again."),
    "too-large": _l("The signature is larger than any real one. Please sign again."),
    "not-detached": _l("The signature carries a text of its own. It must be made over the text shown here."),
    "several-signers": _l("The signature must have exactly one signer."),
    "other-text": _l("The signature was made over another text. Please sign the text shown here."),
    "bad-signature": _l("The signature does not match the key of its certificate. Please sign again."),
    "unknown-algorithm": _l("The signature uses an algorithm that we cannot check."),
    "untrusted": _l("The certificate was not issued by an authority that the law recognises."),
    "not-yet-valid": _l("The certificate is not valid yet."),
    "expired": _l("The certificate has expired. Please get a new one and sign again."),
    "revoked": _l("The certificate has been revoked. Please get a new one and sign again."),
    "not-for-signing": _l("This certificate is for signing in. Please choose the one for signing documents."),
    "not-for-sign-in": _l("This certificate is for signing documents. Please choose the one for signing in."),
    "organisation": _l(
        "This is the certificate of an employee of an organisation. "
        "A petition is signed with the personal certificate of a citizen."
    ),
    "not-a-person": _l("This is not the personal certificate of a citizen."),
    "no-iin": _l("The certificate carries no individual identification number."),
    "other-person": _l("The signature belongs to another person. Please sign with your own certificate."),
    "engine-down": _l("Signatures cannot be checked at this moment. Nothing was stored. Please try again later."),
}

assert set(MESSAGES) == set(get_args(ReasonCode))  # noqa: S101 - a table that must be whole


class SignatureRefused(DomainError):
    """The signature cannot be accepted; ``reason_code`` says why, ``message`` says it to the signer."""

    def __init__(self, reason_code: ReasonCode) -> None:
        super().__init__(MESSAGES[reason_code], field="signature")
        self.reason_code: ReasonCode = reason_code


class EngineDown(SignatureRefused, Unavailable):
    """The engine gave no verdict: the same signature may be sent again."""

    def __init__(self) -> None:
        super().__init__("engine-down")
