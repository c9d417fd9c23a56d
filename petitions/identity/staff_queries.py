"""What pages show of the ways in which staff sign in, and where they are signed in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.identity import totp
from petitions.identity.models import NO_PASSWORD, Passkey, Proof, RecoveryCode, SignInSession, Staff
from petitions.identity.sessions import IDLE
from petitions.identity.staff import load_staff
from petitions.identity.totp import Authenticator


@dataclass(frozen=True)
class PasskeyRow:
    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class Ways:
    """How one member of staff can sign in. No way at all: the invitation was not accepted yet."""

    passkeys: list[PasskeyRow]
    has_password: bool
    codes_left: int


@dataclass(frozen=True)
class StaffSession:
    """A browser in which a member of staff is signed in; times are real."""

    token_digest: str
    method: Proof | None
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


def email(session: Session, staff_id: int) -> str:
    """Raises NotFound."""
    return load_staff(session, staff_id).email


def app_of(session: Session, email: str) -> Authenticator | None:
    """What somebody's app holds, and the last code taken; only for the demonstration's own page of codes."""
    row = session.scalar(sa.select(Staff).where(Staff.email == email))
    if row is None or row.totp_sealed is None:
        return None
    return Authenticator(totp.unseal(row.id, row.totp_sealed), row.totp_step or 0)


def ways(session: Session, staff_id: int) -> Ways:
    """The ways of one member of staff, the newest passkey last."""
    keys = session.scalars(sa.select(Passkey).where(Passkey.staff_id == staff_id).order_by(Passkey.id))
    unused = sa.select(sa.func.count()).where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    return Ways(
        passkeys=[PasskeyRow(one.id, one.name, one.created_at, one.last_used_at) for one in keys],
        has_password=bool(session.scalar(_with_password().where(Staff.id == staff_id))),
        codes_left=session.scalar(unused) or 0,
    )


def who_can_sign_in(session: Session, staff_ids: Collection[int]) -> set[int]:
    """Those of them who have accepted their invitation and have a way to sign in."""
    by_key = session.scalars(sa.select(Passkey.staff_id).where(Passkey.staff_id.in_(staff_ids)))
    by_password = session.scalars(_with_password().where(Staff.id.in_(staff_ids)))
    return {*by_key, *by_password}


def open_staff_sessions(session: Session, staff_id: int, *, this: str, now: datetime) -> list[StaffSession]:
    """Somebody's signed-in browsers, newest first; ``this`` is the digest of the asking one."""
    rows = session.scalars(
        sa.select(SignInSession)
        .where(
            SignInSession.staff_id == staff_id,
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > now,
            SignInSession.last_seen_at >= now - IDLE["staff"],
        )
        .order_by(SignInSession.created_at.desc())
    )
    return [
        StaffSession(
            token_digest=row.token_digest,
            method=Proof(row.method) if row.method else None,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_this=row.token_digest == this,
        )
        for row in rows
    ]


def _with_password() -> sa.Select[int]:
    return sa.select(Staff.id).where(~Staff.password_hash.startswith(NO_PASSWORD), Staff.totp_sealed.is_not(None))
