"""Codes of an authenticator app (RFC 6238): six digits, a new one every thirty seconds, none taken twice."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime

import pyotp
from flask_babel import lazy_gettext as _l

from petitions import vault
from petitions.errors import DomainError
from petitions.sealed_columns import STAFF_TOTP

STEP_SECONDS = 30
DIGITS = 6
DRIFT = 1
"""Steps by which the clock of a phone may differ from ours, either way."""


class WrongCode(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("This code is not right. Look at the app again; each code works once."), field="code")


@dataclass(frozen=True)
class Authenticator:
    """An app that has shown to hold the secret: ``step`` is that of the code it showed, the last one taken."""

    secret: str = field(repr=False)
    step: int


def new_secret() -> str:
    """160 random bits in base32, as every authenticator app takes them."""
    return pyotp.random_base32()


def app_address(secret: str, *, account: str, site: str) -> str:
    """The ``otpauth:`` address that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=site)


def step_at(now: datetime) -> int:
    return int(now.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    return pyotp.TOTP(secret).generate_otp(step)


def confirm(secret: str, typed: str, now: datetime) -> Authenticator:
    """That somebody's app has taken the secret over. Raises WrongCode."""
    step = matching_step(secret, typed, now)
    if step is None:
        raise WrongCode
    return Authenticator(secret, step)


def matching_step(secret: str, typed: str, now: datetime, *, after: int | None = None) -> int | None:
    """The first step around now, later than ``after``, whose code was typed; None when there is none."""
    typed = "".join(typed.split())
    around = range(step_at(now) - DRIFT, step_at(now) + DRIFT + 1)
    matching = [step for step in around if hmac.compare_digest(code_of(secret, step).encode(), typed.encode())]
    return next((step for step in matching if after is None or step > after), None)


def seal(staff_id: int, secret: str) -> bytes:
    return vault.seal(secret.encode(), STAFF_TOTP.context(id=staff_id))


def unseal(staff_id: int, sealed: bytes) -> str:
    return vault.open_sealed(sealed, STAFF_TOTP.context(id=staff_id)).decode()
