"""The phone's way to a signature: what a page of signing shows of a request that waits for the app eGov Mobile.

The code for a second device holds ``mobileSign:`` and the address that the app asks first (API No 1); on the phone
itself a link opens the app. While the services are simulated the link leads to a phone of our own.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode

import flask
import segno
from flask import current_app, url_for
from flask_login import current_user

from petitions.config import Config
from petitions.errors import NotFound
from petitions.identity.models import Purpose
from petitions.identity.sessions import Viewer
from petitions.identity.signing_requests import LIFE, Asked, RequestOver, find_own, open_request

NONCE = "signing"
APP_LINK = "https://m.egov.kz/mobileSign"
APP = {"isi": "1476128386", "ibi": "kz.egov.mobile", "apn": "kz.mobile.mgov"}  # the app in its stores
QUIET_ZONE = 4  # modules around the code, as its standard asks


@dataclass(frozen=True)
class PhoneWay:
    """One request as its page shows it. ``link`` opens the app, ``code`` is a picture for another device's camera."""

    request_id: str
    link: str
    code: str = field(repr=False)
    is_simulated: bool
    minutes: int = int(LIFE.total_seconds()) // 60

    @property
    def status_url(self) -> str:
        """The page that tells how far the signing has come."""
        return url_for("phone_signing.status", request_id=self.request_id)

    @property
    def state_url(self) -> str:
        """The same for a script that asks again and again."""
        return url_for("phone_signing.state", request_id=self.request_id)

    @property
    def cancel_url(self) -> str:
        return url_for("phone_signing.cancel", request_id=self.request_id)


def phone_way(request_id: str) -> PhoneWay:
    """How a phone reaches the request of this id."""
    config: Config = current_app.extensions["config"]
    address = first_address(request_id)
    return PhoneWay(
        request_id=request_id,
        link=f"{_app(config)}?{urlencode({'link': address} | ({'lang': flask.g.lang} if config.simulators else APP))}",
        code=segno.make_qr(f"mobileSign:{address}", error="m").svg_data_uri(scale=5, border=QUIET_ZONE, light="#fff"),
        is_simulated=config.simulators,
    )


@dataclass(frozen=True)
class Shown:
    """A text that somebody is asked to sign; the fields are those of `signing_requests.open_request`."""

    purpose: Purpose
    document: bytes = field(repr=False)
    language: str
    began_at: datetime
    citizen_id: int | None = None
    petition_id: int | None = None
    ref: str | None = None
    revision: int | None = None


def to_sign(shown: Shown, now: datetime) -> dict[str, Any]:
    """Open a request for a text and return what its page needs (templates/_macros/ways.html).

    ``way``, and the ``text`` with its ``language`` and ``document``, the base64 of its bytes.
    """
    request_id = open_request(
        shown.purpose,
        document=shown.document,
        language=shown.language,
        browser=browser(),
        citizen_id=shown.citizen_id,
        petition_id=shown.petition_id,
        ref=shown.ref,
        revision=shown.revision,
        began_at=shown.began_at,
        now=now,
    )
    return {
        "way": phone_way(request_id),
        "text": shown.document.decode(),
        "language": shown.language,
        "document": base64.b64encode(shown.document).decode(),
    }


def first_address(request_id: str) -> str:
    """The address that the app asks first, as the phone reaches it."""
    config: Config = current_app.extensions["config"]
    return config.base_url + url_for("egov_mobile.first", request_id=request_id)


def browser() -> str:
    """What this browser is known by to the requests it began: its sign-in session, a guest's by a nonce of its own."""
    viewer = cast(Viewer, current_user)
    if viewer.token_digest:
        return viewer.token_digest
    nonce = flask.session.get(NONCE)
    if not isinstance(nonce, str):
        nonce = flask.session[NONCE] = secrets.token_urlsafe(32)
    return base64.urlsafe_b64encode(hashlib.sha256(nonce.encode()).digest()).decode()


def begun_here(request_id: str, purpose: Purpose, now: datetime) -> Asked:
    """The open request of this browser. Raises RequestOver when it is over, another's, or was for another purpose."""
    try:
        asked = find_own(request_id, browser())
    except NotFound:
        raise RequestOver from None
    if asked.purpose != purpose or not asked.is_open(now):
        raise RequestOver
    return asked


def _app(config: Config) -> str:
    return url_for("simulators_phone.opened") if config.simulators else APP_LINK
