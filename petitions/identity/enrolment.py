"""How a member of staff comes to be recognised: by an invitation at first, by their own choice later.

A passkey is the first choice; a password with an authenticator app, and recovery codes, the second. ``at`` is the
law's time, for the audit; ``now`` is real.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.audit import Actor
from petitions.db import reading, retried, transaction
from petitions.errors import DomainError, NotFound
from petitions.identity import passkeys, passwords, recovery, totp
from petitions.identity.models import NO_PASSWORD, Passkey, Staff
from petitions.identity.passkeys import NewPasskey
from petitions.identity.staff import end_sessions, invited, load_staff, no_password, record_act
from petitions.identity.totp import Authenticator


class LastWay(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("This is your only way to sign in. Add another one first."))


class NoPassword(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("Recovery codes go with a password. Set a password with an app first."))


@dataclass(frozen=True)
class Invited:
    """Whom an invitation is for."""

    staff_id: int
    email: str
    display_name: str


@dataclass(frozen=True)
class Accepted:
    """Who accepted, and the recovery codes, which can be shown only now."""

    staff_id: int
    codes: list[str] = field(repr=False)


def invitation(token: str) -> Invited:
    """Raises LinkNotValid when the invitation was used, replaced or is too old."""
    with reading() as session:
        staff = invited(session, token)
        return Invited(staff.id, staff.email, staff.display_name)


@retried
def accept_with_passkey(token: str, key: NewPasskey, at: datetime, *, now: datetime) -> int:
    """Use an invitation up; returns the member of staff. Raises LinkNotValid, PasskeyRefused."""
    with transaction() as session:
        staff = invited(session, token, to_use=True)
        staff.password_hash = no_password()
        _add_passkey(session, staff.id, key, at, now)
        return staff.id


@retried
def accept_with_password(token: str, password: str, app: Authenticator, at: datetime) -> Accepted:
    """Use an invitation up by a password and an app. Raises LinkNotValid, WeakPassword."""
    with transaction() as session:
        staff = invited(session, token, to_use=True)
        return Accepted(staff.id, _set_password(session, staff, password, app, at))


@retried
def add_passkey(staff_id: int, key: NewPasskey, at: datetime, *, now: datetime) -> None:
    """One more key. Raises PasskeyRefused when it is known already."""
    with transaction() as session:
        load_staff(session, staff_id)
        _add_passkey(session, staff_id, key, at, now)


@retried
def remove_passkey(staff_id: int, passkey_id: int, at: datetime) -> None:
    """Raises NotFound when it is not theirs, LastWay when nothing else would be left."""
    with transaction() as session:
        staff = load_staff(session, staff_id)
        keys = session.scalars(sa.select(Passkey).where(Passkey.staff_id == staff_id).with_for_update()).all()
        key = next((one for one in keys if one.id == passkey_id), None)
        if key is None:
            raise NotFound
        if len(keys) == 1 and staff.password_hash.startswith(NO_PASSWORD):
            raise LastWay
        session.delete(key)
        record_act(session, _oneself(staff_id), "remove-passkey", staff_id, at)


@retried
def change_password(
    staff_id: int, password: str, app: Authenticator, at: datetime, *, now: datetime, this: str
) -> list[str]:
    """A new password, app and recovery codes in place of the old ones; returns the codes. Raises WeakPassword.

    Every other browser is signed out; ``this`` is the digest of the asking one's session.
    """
    with transaction() as session:
        staff = load_staff(session, staff_id)
        codes = _set_password(session, staff, password, app, at)
        end_sessions(session, staff_id, now, except_for=this)
        return codes


@retried
def renew_recovery_codes(staff_id: int, at: datetime) -> list[str]:
    """New codes in place of the old ones. Raises NoPassword."""
    with transaction() as session:
        if load_staff(session, staff_id).password_hash.startswith(NO_PASSWORD):
            raise NoPassword
        record_act(session, _oneself(staff_id), "renew-recovery-codes", staff_id, at)
        return recovery.renew(session, staff_id)


def _add_passkey(session: Session, staff_id: int, key: NewPasskey, at: datetime, now: datetime) -> None:
    passkeys.add(session, staff_id, key, now)
    record_act(session, _oneself(staff_id), "add-passkey", staff_id, at)


def _set_password(session: Session, staff: Staff, password: str, app: Authenticator, at: datetime) -> list[str]:
    passwords.check_strength(password, staff.email)
    staff.password_hash = passwords.hashed(password)
    staff.totp_sealed, staff.totp_step = totp.seal(staff.id, app.secret), app.step
    record_act(session, _oneself(staff.id), "set-password", staff.id, at)
    return recovery.renew(session, staff.id)


def _oneself(staff_id: int) -> Actor:
    return Actor("staff", staff_id, "staff")
