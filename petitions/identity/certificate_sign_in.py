"""Signing in with a certificate: a text made for this once is signed with the key for signing in.

The text names the site, a code used once and the moment, so that it signs in here and now and nowhere else. It is
signed with the certificate that the national authority issues for signing in, never with the one that signs petitions.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from string import ascii_lowercase

from flask_babel import gettext as _

from petitions.identity import services, signing_requests
from petitions.identity.actions import ask_registry, citizen_from_identity
from petitions.identity.eds import verify_detached
from petitions.identity.models import Purpose, RequestState
from petitions.identity.signing_requests import Asked, RequestOver
from petitions.identity.verified import VerifiedIdentity
from petitions.law.working_days import ZONE

CODE_LETTERS = 32  # letters alone: digits in a row would look like an IIN in the page that shows the text


def begin(browser: str, *, site: str, address: str, language: str, at: datetime, now: datetime) -> str:
    """Ask a browser (by the digest of what it keeps) to sign in; returns the request's id. ``now`` is real time.

    ``site`` and ``address`` name us in the text, which speaks the language of this request.
    """
    text = document(site, address, "".join(secrets.choice(ascii_lowercase) for _ in range(CODE_LETTERS)), at)
    return signing_requests.open_request(
        Purpose.SIGN_IN, document=text, language=language, browser=browser, began_at=at, now=now
    )


def document(site: str, address: str, code: str, at: datetime) -> bytes:
    """The exact bytes to sign: UTF-8, lines ended by LF. ``code`` is used once."""
    lines = (
        _("Signing in"),
        "",
        _("Site: %(site)s", site=f"{site}, {address}"),
        _("Code used once: %(code)s", code=code),
        _("Date and time (UTC+5): %(moment)s", moment=f"{at.astimezone(ZONE):%d.%m.%Y %H:%M:%S}"),
        "",
        _("With this signature I sign in to the site on the device that shows this text. I join nothing with it."),
        _("If somebody sent you this text or a code to scan, do not sign: you would let them in under your name."),
    )
    return ("\n".join(lines) + "\n").encode()


def citizen_of(text: bytes, cms: bytes, *, language: str, at: datetime) -> int:
    """The citizen who signed the text, made if they are new here.

    A registry that does not answer is asked again later. Raises SignatureRefused.
    """
    signed = verify_detached(cms, text, trust=services.trust(), at=at, use="authentication")
    proven = VerifiedIdentity(signed.iin, signed.surname, signed.given_name, signed.patronymic, "eds")
    return citizen_from_identity(proven, ask_registry(signed.iin), at, language=language)


def complete(asked: Asked, cms: bytes, *, at: datetime, now: datetime) -> int:
    """Sign in by a signature that came from the very browser that began; returns the citizen.

    Raises SignatureRefused, and RequestOver when a phone was quicker.
    """
    citizen_id = citizen_of(asked.document, cms, language=asked.language, at=at)
    if not signing_requests.settle(asked.id, RequestState.DONE, outcome=citizen_id):
        raise RequestOver
    return signing_requests.take_outcome(asked.id, asked.browser, now)
