"""Passkeys (WebAuthn): keys that a device of a member of staff keeps, opened by a finger, a face or a PIN.

Whoever asks gives the challenge and the moment it was made. A key takes only challenges that are younger than its
last use, so that no answer counts twice, even of keys that do not count their uses.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
import webauthn
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from petitions.config import Config
from petitions.errors import DomainError
from petitions.identity import services
from petitions.identity.models import Passkey

CHALLENGE_LIVES = timedelta(minutes=5)
TIMEOUT = int(CHALLENGE_LIVES.total_seconds() * 1000)
ANSWER_LENGTH = 20_000
"""Letters of an answer at most; true ones have about a thousand."""
NAME_LENGTH = 80


class PasskeyRefused(DomainError):
    """Neutral: it does not say whether the key is known, or whose it is."""

    def __init__(self) -> None:
        super().__init__(_l("The passkey was not accepted. Try again, or use the other way on this page."))


@dataclass(frozen=True)
class RelyingParty:
    """Whom a passkey is made for: a host name, and the address that pages of it have."""

    id: str
    origin: str
    name: str


@dataclass(frozen=True)
class Challenge:
    """Random bytes that the device signs, and when they were made (real time)."""

    value: bytes = field(repr=False)
    made_at: datetime


@dataclass(frozen=True)
class NewPasskey:
    """A key that a device has just made and shown to hold."""

    credential_id: bytes
    public_key: bytes = field(repr=False)
    sign_count: int
    name: str


@dataclass(frozen=True)
class UsedPasskey:
    """A key that has answered a challenge rightly. Nothing is written yet: `use` takes the answer."""

    id: int
    staff_id: int
    sign_count: int
    challenge: Challenge


def relying_party(config: Config, address: str) -> RelyingParty | None:
    """The site as its passkeys know it; None where it has no host name, for which no device makes a key.

    ``address`` is the site's as the browser wrote it. It counts only outside production, where "localhost" is a
    name for the same machine.
    """
    is_local = not config.is_production and urlsplit(address).hostname == "localhost"
    parts = urlsplit(address if is_local else config.base_url)
    host = parts.hostname or ""
    return None if _is_number(host) else RelyingParty(host, f"{parts.scheme}://{parts.netloc}", config.site_name)


def creation_options(
    party: RelyingParty, *, staff_id: int, email: str, display_name: str, challenge: Challenge, known: Iterable[bytes]
) -> str:
    """What the browser must know to make a key, as JSON. A device that has one of the ``known`` makes none."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=bytes.fromhex(services.keyed_digest("passkey-owner", str(staff_id))),
        user_name=email,
        user_display_name=display_name,
        challenge=challenge.value,
        timeout=TIMEOUT,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return webauthn.options_to_json(options)


def request_options(party: RelyingParty, challenge: Challenge, known: Iterable[bytes] = ()) -> str:
    """What the browser must know to use a key, as JSON: one of the ``known``, or any that the device has for us."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge.value,
        timeout=TIMEOUT,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def check_creation(party: RelyingParty, answer: str, challenge: Challenge | None, name: str) -> NewPasskey:
    """The key that a browser says its device has made. Raises PasskeyRefused."""
    if challenge is None:
        raise PasskeyRefused
    try:
        made = webauthn.verify_registration_response(
            credential=_bounded(answer),
            expected_challenge=challenge.value,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception:  # a stranger's bytes: whatever a parser stumbles over is a refusal
        raise PasskeyRefused from None
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count, name.strip()[:NAME_LENGTH])


def check_use(session: Session, party: RelyingParty, answer: str, challenge: Challenge | None) -> UsedPasskey:
    """The key that signed a challenge, its owner having shown finger, face or PIN. Raises PasskeyRefused."""
    key = session.scalar(sa.select(Passkey).where(Passkey.credential_id == credential_id(answer)))
    if key is None or challenge is None:
        raise PasskeyRefused
    try:
        used = webauthn.verify_authentication_response(
            credential=_bounded(answer),
            expected_challenge=challenge.value,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except Exception:  # a stranger's bytes: whatever a parser stumbles over is a refusal
        raise PasskeyRefused from None
    return UsedPasskey(key.id, key.staff_id, used.new_sign_count, challenge)


def credential_id(answer: str) -> bytes:
    """Which key an answer says it is of. Raises PasskeyRefused."""
    try:
        return base64url_to_bytes(json.loads(_bounded(answer))["rawId"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise PasskeyRefused from None


def use(session: Session, used: UsedPasskey, now: datetime) -> bool:
    """Take an answer; False when a younger one, or the same, was taken already."""
    unused = sa.or_(Passkey.last_used_at.is_(None), Passkey.last_used_at < used.challenge.made_at)
    values = {"last_used_at": now, "sign_count": used.sign_count}
    taken = session.execute(sa.update(Passkey).where(Passkey.id == used.id, unused).values(values))
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def add(session: Session, staff_id: int, key: NewPasskey, now: datetime) -> None:
    """Keep a new key. Raises PasskeyRefused when it is somebody's already."""
    if session.scalar(sa.select(Passkey.id).where(Passkey.credential_id == key.credential_id)) is not None:
        raise PasskeyRefused
    session.add(
        Passkey(
            staff_id=staff_id,
            credential_id=key.credential_id,
            public_key=key.public_key,
            sign_count=key.sign_count,
            name=key.name,
            created_at=now,
        )
    )


def known_to(session: Session, staff_id: int) -> list[bytes]:
    """The keys of a member of staff, as devices know them."""
    return list(session.scalars(sa.select(Passkey.credential_id).where(Passkey.staff_id == staff_id)))


def forget(session: Session, staff_id: int) -> None:
    session.execute(sa.delete(Passkey).where(Passkey.staff_id == staff_id))


def _bounded(answer: str) -> str:
    if len(answer) > ANSWER_LENGTH:
        raise PasskeyRefused
    return answer


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
