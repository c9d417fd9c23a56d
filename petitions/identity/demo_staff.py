"""The demonstration's staff: one of every role, with one password per installation, kept in its folder.

Each has an authenticator app of their own, whose codes a page of the simulators shows.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from petitions.audit import SYSTEM
from petitions.config import Config
from petitions.db import reading, retried, transaction
from petitions.identity import enrolment, queries, staff, totp
from petitions.identity.models import Staff
from petitions.identity.roles import Role
from petitions.instance import write_once

ACTING = (date(2024, 1, 1), date(2040, 12, 31))


@dataclass(frozen=True)
class DemoStaff:
    """``place`` names the body by its part in the demonstration: "ministry", "akimat" or "maslikhat"."""

    key: str
    display_name: str
    roles: tuple[Role, ...]
    place: str | None = None
    acting_act: str | None = None

    @property
    def email(self) -> str:
        return f"{self.key}@demo.invalid"


DEMO_STAFF = (
    DemoStaff("moderator", "Модератор (демо)", (Role.MODERATOR,)),
    DemoStaff("senior", "Аға модератор (демо)", (Role.SENIOR_MODERATOR,)),
    DemoStaff("ministry-officer", "Министрлік қызметкері (демо)", (Role.OFFICER,), "ministry"),
    DemoStaff("ministry-head", "Министр (демо)", (Role.HEAD,), "ministry"),
    DemoStaff("akimat-officer", "Әкімдік қызметкері (демо)", (Role.OFFICER,), "akimat"),
    DemoStaff("akimat-head", "Әкім (демо)", (Role.HEAD,), "akimat"),
    DemoStaff("maslikhat-officer", "Мәслихат қызметкері (демо)", (Role.OFFICER,), "maslikhat"),
    DemoStaff("maslikhat-head", "Мәслихат төрағасы (демо)", (Role.HEAD,), "maslikhat"),
    DemoStaff("acting-head", "Әкімнің міндетін атқарушы (демо)", (Role.OFFICER,), "akimat", "Өкім № 1-д (демо)"),
    DemoStaff("administrator", "Әкімші (демо)", (Role.ADMINISTRATOR,)),
)


def seed_demo_staff(config: Config, bodies: Mapping[str, int], at: datetime) -> dict[str, int]:
    """Make whoever is missing; returns every demo key with its staff id. Run again, it changes nothing.

    ``bodies`` gives the id of each place. Raises RuntimeError outside a demonstration.
    """
    password = demo_password(config)
    return {one.key: _seeded(config, one, bodies, password, at) for one in DEMO_STAFF}


def demo_password(config: Config) -> str:
    """The password of all demo staff of this installation, made on first use.

    Raises RuntimeError in production.
    """
    _refuse_in_earnest(config)
    file = config.instance_path / "demo-password"
    if not file.exists():
        write_once(file, secrets.token_urlsafe(12))
    return file.read_text().strip()


def demo_secret(config: Config, key: str) -> str:
    """What the authenticator app of one of them holds, in base32; derived, so that nothing of it is kept in a file.

    Raises RuntimeError in production.
    """
    _refuse_in_earnest(config)
    derived = hmac.new(config.secret_key.encode(), f"demo-authenticator\n{key}".encode(), hashlib.sha256).digest()
    return base64.b32encode(derived[:20]).decode()


def refuse_left_over(config: Config) -> None:
    """Let no demonstration go on in earnest: its password is everybody's. Raises RuntimeError in production."""
    with reading() as session:
        left = sa.exists().where(Staff.email.in_([one.email for one in DEMO_STAFF]), Staff.active)
        if config.is_production and session.scalar(sa.select(left)):
            raise RuntimeError("this database is a demonstration's, whose staff share a password")


def _refuse_in_earnest(config: Config) -> None:
    if config.is_production or not config.demo:
        raise RuntimeError("demonstration staff exist only in demonstrations, never in production")


def _seeded(config: Config, one: DemoStaff, bodies: Mapping[str, int], password: str, at: datetime) -> int:
    secret = demo_secret(config, one.key)
    with reading() as session:
        known = queries.staff_by_email(session, one.email)
    if known is not None:
        if known.has_password:
            _give_app(known.id, secret)
        return known.id
    body_id = bodies[one.place] if one.place else None
    path = staff.create_staff(one.email, one.display_name, one.roles, body_id, SYSTEM, at, letter_language=None)
    app = totp.Authenticator(secret, step=0)
    staff_id = enrolment.accept_with_password(path.rpartition("/")[2], password, app, at).staff_id
    if one.acting_act:
        staff.appoint_acting_head(staff_id, *ACTING, one.acting_act, SYSTEM, at)
    return staff_id


@retried
def _give_app(staff_id: int, secret: str) -> None:
    """To who was made before staff had apps."""
    with transaction() as session:
        known = session.get_one(Staff, staff_id)
        if known.totp_sealed is None:
            known.totp_sealed = totp.seal(staff_id, secret)
