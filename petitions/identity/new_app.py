"""The authenticator app that somebody is about to set up: its secret waits in their own session until confirmed.

It is one account's: a session that somebody else's page began, or planted, gives no secret that others know.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import segno
from flask import current_app, session

from petitions.identity import totp
from petitions.identity.totp import Authenticator

KEPT = "new-app-secret"


@dataclass(frozen=True)
class OfferedApp:
    """What a page shows for it: a picture to scan, a link for the phone itself, letters to type."""

    picture: str = field(repr=False)
    address: str = field(repr=False)
    secret: str = field(repr=False)


def offered(email: str) -> OfferedApp:
    """The same secret again while the page is being corrected; we choose it, never the visitor."""
    secret = _kept(email) or totp.new_secret()
    session[KEPT] = [email, secret]
    address = totp.app_address(secret, account=email, site=current_app.config["SITE_NAME"])
    return OfferedApp(segno.make(address).svg_data_uri(scale=4, border=4, light="#fff"), address, secret)


def confirmed(email: str, typed: str, now: datetime) -> Authenticator:
    """The app that shows the right code for the secret offered, which stays offered. Raises WrongCode."""
    secret = _kept(email)
    if secret is None:
        raise totp.WrongCode
    return totp.confirm(secret, typed, now)


def forget() -> None:
    """It is somebody's now."""
    session.pop(KEPT, None)


def _kept(email: str) -> str | None:
    kept = session.get(KEPT)
    return str(kept[1]) if isinstance(kept, list) and kept[0] == email else None
