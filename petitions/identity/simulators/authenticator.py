"""The authenticator app of a newcomer who has none: codes of the demonstration's staff, and of any key typed in."""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from sqlalchemy.orm import Session

from petitions import clock
from petitions.config import Config
from petitions.db import reading
from petitions.identity import totp
from petitions.identity.demo_staff import DEMO_STAFF, demo_secret
from petitions.identity.simulators import pages
from petitions.identity.staff_queries import app_of
from petitions.permissions import Permission, requires

bp = pages.simulator_blueprint("authenticator", "/authenticator")


@dataclass(frozen=True)
class Shown:
    """``code`` is the next one that the site has not taken yet; None for who has an app of their own meanwhile."""

    email: str
    display_name: str
    code: str | None
    is_ready: bool


@bp.get("")
@requires(Permission.SIMULATE)
def codes() -> str:
    return _page()


@bp.post("")
@requires(Permission.SIMULATE)
def code_of_key() -> str:
    """For an account that was invited in the demonstration: the code of the key that its page shows."""
    key = "".join(request.form.get("key", "").split()).upper()
    try:
        code = totp.code_of(key, totp.step_at(clock.real_now()))
    except (binascii.Error, ValueError):
        code = None
    return _page(key=key, code=code, asked=True)


def _page(**asked: object) -> str:
    now, config = clock.real_now(), pages.config()
    known = DEMO_STAFF if config.demo else ()
    with reading() as session:
        shown = [_shown(session, config, one.key, one.email, one.display_name, now) for one in known]
    seconds_left = totp.STEP_SECONDS - int(now.timestamp()) % totp.STEP_SECONDS
    return render_template("simulators/authenticator.html", shown=shown, seconds_left=seconds_left, **asked)


def _shown(session: Session, config: Config, key: str, email: str, display_name: str, now: datetime) -> Shown:
    app, secret = app_of(session, email), demo_secret(config, key)
    if app is None or app.secret != secret:
        return Shown(email, display_name, None, is_ready=False)
    step = max(totp.step_at(now), app.step + 1)
    return Shown(email, display_name, totp.code_of(secret, step), is_ready=step <= totp.step_at(now) + totp.DRIFT)
