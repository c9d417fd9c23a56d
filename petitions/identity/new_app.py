"""The authenticator app that somebody is about to set up: its secret waits in their own session until confirmed."""

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
    secret = session.setdefault(KEPT, totp.new_secret())
    address = totp.app_address(secret, account=email, site=current_app.config["SITE_NAME"])
    return OfferedApp(segno.make(address).svg_data_uri(scale=4, border=4, light="#fff"), address, secret)


def confirmed(typed: str, now: datetime) -> Authenticator:
    """The app that shows the right code for the secret offered, which stays offered. Raises WrongCode."""
    secret = session.get(KEPT)
    if not isinstance(secret, str):
        raise totp.WrongCode
    return totp.confirm(secret, typed, now)


def forget() -> None:
    """It is somebody's now."""
    session.pop(KEPT, None)
