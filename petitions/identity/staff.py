"""Staff accounts: invited by an administrator, never self-made, never shared. Every attempt leaves a line."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions import clock, outbox
from petitions.audit import SYSTEM, Actor, record
from petitions.db import reading, retried, transaction
from petitions.errors import DomainError, NotFound, TooMany
from petitions.i18n import DEFAULT_LANGUAGE
from petitions.identity import attempts
from petitions.identity.links import LinkNotValid, is_bound, make_token, mark_of, read_token
from petitions.identity.models import (
    NO_PASSWORD,
    AttemptKind,
    AttemptOutcome,
    SignInSession,
    Staff,
    StaffRole,
)
from petitions.identity.roles import BODY_ROLES, Role

INVITATION_SECONDS = 3 * 24 * 3600
PASSWORD_LENGTH = range(12, 200 + 1)

_hasher = PasswordHasher()


@cache
def _nobodys_hash() -> str:
    """Compared for an account that does not exist, so that the answer takes as long; made when first needed."""
    return _hasher.hash(secrets.token_hex(16))


class WrongCredentials(DomainError):
    """Neutral: it does not say whether the account exists, is disabled, or has no password yet."""

    def __init__(self) -> None:
        super().__init__(_l("The e-mail or the password is not right."))


class WeakPassword(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("A password has at least 12 characters and is not your e-mail."), field="password")


class EmailTaken(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("There is already an account with this e-mail."), field="email")


class RoleNeedsBody(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("An officer or a head belongs to a body. Choose the body."), field="body_id")


class NoRole(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("Choose at least one role."), field="roles")


class NotOneself(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("You cannot do this to your own account. Ask another administrator."))


class BadAppointment(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("An acting head needs a first and a last day, in this order, and the act of appointment."))


@retried
def create_staff(
    email: str,
    display_name: str,
    roles: Iterable[Role],
    body_id: int | None,
    by: Actor,
    at: datetime,
    *,
    letter_language: str | None = "kk",
) -> str:
    """Make an account without a password; returns the path of its one-time invitation, good for three days.

    The invitation also goes out by mail, unless ``letter_language`` is None. Raises EmailTaken,
    RoleNeedsBody, NoRole.
    """
    granted = _checked_roles(roles, body_id)
    with transaction() as session:
        staff = Staff(
            email=email.strip().lower(),
            display_name=display_name.strip(),
            password_hash=_no_password(),
            body_id=body_id,
            active=True,
            created_at=at,
        )
        if session.scalar(sa.select(Staff.id).where(Staff.email == staff.email)) is not None:
            raise EmailTaken
        session.add(staff)
        session.flush()
        session.add_all(StaffRole(staff_id=staff.id, role=role) for role in granted)
        _record(session, by, "create-staff", staff.id, at, roles=granted, body=body_id)
        return _invite(session, staff, letter_language)


@retried
def invite_again(staff_id: int, by: Actor, at: datetime, *, letter_language: str | None = "kk") -> str:
    """Take the password away, end every session, invite anew (returns the path).

    For who forgot or lost it.
    """
    with transaction() as session:
        staff = _load(session, staff_id)
        staff.password_hash = _no_password()
        _end_sessions(session, staff_id, at)
        _record(session, by, "invite-staff-again", staff_id, at)
        return _invite(session, staff, letter_language)


def check_invitation(token: str) -> None:
    """Raises LinkNotValid when the invitation was used, replaced or is too old."""
    with reading() as session:
        _invited(session, token)


@retried
def set_password(token: str, password: str, at: datetime) -> int:
    """Accept an invitation; returns the member of staff. Raises LinkNotValid, WeakPassword."""
    with transaction() as session:
        staff = _invited(session, token)
        if len(password) not in PASSWORD_LENGTH or password.strip().lower() == staff.email:
            raise WeakPassword
        staff.password_hash = _hasher.hash(password)
        _record(session, Actor("staff", staff.id, "staff"), "set-password", staff.id, at)
        return staff.id


@retried
def disable_staff(staff_id: int, by: Actor, at: datetime) -> None:
    """Close an account; access ends at once, in open sessions too. Raises NotOneself."""
    if by.kind == "staff" and by.id == staff_id:
        raise NotOneself
    with transaction() as session:
        _load(session, staff_id).active = False
        _end_sessions(session, staff_id, at)
        _record(session, by, "disable-staff", staff_id, at)


@retried
def enable_staff(staff_id: int, by: Actor, at: datetime) -> None:
    """Open a closed account again."""
    with transaction() as session:
        _load(session, staff_id).active = True
        _record(session, by, "enable-staff", staff_id, at)


@retried
def set_roles(staff_id: int, roles: Iterable[Role], body_id: int | None, by: Actor, at: datetime) -> None:
    """Replace roles and body; counts from the next request. Raises RoleNeedsBody, NoRole, NotOneself."""
    granted = _checked_roles(roles, body_id)
    if by.kind == "staff" and by.id == staff_id:
        raise NotOneself
    with transaction() as session:
        staff = _load(session, staff_id)
        session.execute(sa.delete(StaffRole).where(StaffRole.staff_id == staff_id))
        session.add_all(StaffRole(staff_id=staff_id, role=role) for role in granted)
        if staff.body_id != body_id:
            # An appointment is to one body; it does not move with the person.
            staff.acting_from = staff.acting_to = staff.acting_act = None
        staff.body_id = body_id
        _record(session, by, "set-roles", staff_id, at, roles=granted, body=body_id)


@retried
def appoint_acting_head(
    staff_id: int, first_day: date | None, last_day: date | None, act: str | None, by: Actor, at: datetime
) -> None:
    """Head of their own body from the first to the last day, by a named act; all None ends it.

    Raises BadAppointment, RoleNeedsBody, NotOneself.
    """
    if act is not None and by.kind == "staff" and by.id == staff_id:
        raise NotOneself
    text = (act or "").strip() or None
    given = [value is not None for value in (first_day, last_day, text)]
    if any(given) != all(given) or (first_day and last_day and first_day > last_day):
        raise BadAppointment
    with transaction() as session:
        staff = _load(session, staff_id)
        if staff.body_id is None:
            raise RoleNeedsBody
        staff.acting_from, staff.acting_to, staff.acting_act = first_day, last_day, text
        _record(session, by, "appoint-acting-head", staff_id, at, first_day=first_day, last_day=last_day, act=text)


def authenticate_staff(email: str, password: str, *, address: str, now: datetime, at: datetime) -> int:
    """The member of staff behind e-mail and password. Raises WrongCredentials or TooMany, both neutral.

    ``now`` is real time, on which the limits run; ``at`` the law's, for the audit.
    """
    email = email.strip().lower()
    try:
        attempt = attempts.begin(AttemptKind.STAFF_SIGN_IN, account=email, address=address, now=now)
    except TooMany:
        _record_sign_in(email, "sign-in-limited", at)
        raise
    staff_id = _verified(email, password)
    if staff_id is None:
        _record_sign_in(email, "sign-in-failed", at)
        raise WrongCredentials
    attempts.settle(attempt, AttemptOutcome.SUCCEEDED)
    _record_sign_in(email, "sign-in", at, staff_id)
    return staff_id


def _verified(email: str, password: str) -> int | None:
    with reading() as session:
        staff = session.scalar(sa.select(Staff).where(Staff.email == email))
    usable = staff is not None and staff.active and not staff.password_hash.startswith(NO_PASSWORD)
    try:
        _hasher.verify(staff.password_hash if staff and usable else _nobodys_hash(), password[: PASSWORD_LENGTH.stop])
    except (VerificationError, InvalidHashError):
        return None
    return staff.id if staff and usable else None


@retried
def _record_sign_in(email: str, act: str, at: datetime, staff_id: int | None = None) -> None:
    """The trail names accounts by number; an e-mail that is nobody's is not kept."""
    with transaction() as session:
        known = staff_id or session.scalar(sa.select(Staff.id).where(Staff.email == email))
        actor = Actor("staff", staff_id, "staff") if staff_id else SYSTEM
        record(session, actor=actor, act=act, subject=f"staff:{known or 'nobody'}", at=at)


def _record(session: Session, by: Actor, did: str, staff_id: int, at: datetime, **details: object) -> None:
    record(session, actor=by, act=did, subject=f"staff:{staff_id}", at=at, details=details)


def _checked_roles(roles: Iterable[Role], body_id: int | None) -> list[Role]:
    granted = sorted(set(roles))
    if not granted:
        raise NoRole
    if body_id is None and not BODY_ROLES.isdisjoint(granted):
        raise RoleNeedsBody
    return granted


def _load(session: Session, staff_id: int) -> Staff:
    staff = session.get(Staff, staff_id)
    if staff is None:
        raise NotFound
    return staff


def _end_sessions(session: Session, staff_id: int, at: datetime) -> None:
    open_ones = sa.update(SignInSession).where(SignInSession.staff_id == staff_id, SignInSession.revoked_at.is_(None))
    session.execute(open_ones.values(revoked_at=at))


def _no_password() -> str:
    return NO_PASSWORD + secrets.token_hex(16)


def _invite(session: Session, staff: Staff, letter_language: str | None) -> str:
    """A link bound to the missing password, and the letter that carries it, in one transaction (D5)."""
    bound_to = staff.password_hash.encode()
    token = make_token("staff-invitation", staff.id, bound_to)
    path = f"/{letter_language or DEFAULT_LANGUAGE}/staff/invitation/{token}"
    if letter_language is not None:
        outbox.queue(
            session,
            key=f"invitation:{staff.id}:{mark_of(bound_to)}",
            kind="invitation",
            to=staff.email,
            language=letter_language,
            facts={"path": path},
            now=clock.real_now(),
        )
    return path


def _invited(session: Session, token: str) -> Staff:
    staff_id, mark = read_token("staff-invitation", token, max_age=INVITATION_SECONDS)
    staff = session.get(Staff, staff_id)
    if staff is None or not staff.active or not is_bound(mark, staff.password_hash.encode()):
        raise LinkNotValid
    return staff
