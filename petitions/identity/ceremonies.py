"""What a browser and its passkeys agree on, kept in the visitor's own session between question and answer."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Literal, cast
from urllib.parse import urlsplit

from flask import current_app, request, session

from petitions import clock
from petitions.config import Config
from petitions.identity import passkeys
from petitions.identity.passkeys import CHALLENGE_LIVES, Challenge, NewPasskey, PasskeyRefused, RelyingParty

CHALLENGE_BYTES = 32

Purpose = Literal["create", "use"]


def party() -> RelyingParty:
    """The site as passkeys know it. Raises PasskeyRefused where it has no host name."""
    found = _party()
    if found is None:
        raise PasskeyRefused
    return found


def is_possible() -> bool:
    """Whether a device makes and uses passkeys at the address that this browser has opened."""
    return _party() is not None


def address_with_name() -> str | None:
    """The same page by a host name of this machine, where the browser has opened it by a number; else None.

    It is known for a demonstration on one's own computer only.
    """
    if is_possible() or _config().is_production:
        return None
    parts = urlsplit(request.host_url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://localhost{port}{request.full_path.rstrip('?')}"


def new_challenge(purpose: Purpose) -> Challenge:
    """A question for this browser; it replaces the last one of the same purpose."""
    made = Challenge(secrets.token_bytes(CHALLENGE_BYTES), clock.real_now())
    session[_key(purpose)] = [made.value.hex(), made.made_at.isoformat()]
    return made


def taken_challenge(purpose: Purpose) -> Challenge | None:
    """The question that this browser was asked, once; None when there is none, or it is old."""
    kept = session.pop(_key(purpose), None)
    if kept is None:
        return None
    challenge = Challenge(bytes.fromhex(kept[0]), datetime.fromisoformat(kept[1]))
    return None if clock.real_now() - challenge.made_at > CHALLENGE_LIVES else challenge


def made_passkey(answer: str, name: str) -> NewPasskey:
    """The key that this browser's device has made for our last question. Raises PasskeyRefused."""
    return passkeys.check_creation(party(), answer, taken_challenge("create"), name)


def _key(purpose: Purpose) -> str:
    return f"passkey-to-{purpose}"


def _party() -> RelyingParty | None:
    return passkeys.relying_party(_config(), request.host_url)


def _config() -> Config:
    return cast(Config, current_app.extensions["config"])
