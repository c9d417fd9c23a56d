"""Staff accounts: invited by an administrator, never self-made, never shared. Every change leaves a line."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions import clock, outbox
from petitions.audit import Actor, record
from petitions.db import retried, transaction
from petitions.errors import DomainError, NotFound
from petitions.i18n import DEFAULT_LANGUAGE
from petitions.identity import passkeys, recovery
from petitions.identity.links import LinkNotValid, is_bound, make_token, mark_of, read_token
from petitions.identity.models import NO_PASSWORD, SignInSession, Staff, StaffRole
from petitions.identity.roles import BODY_ROLES, Role

INVITATION_SECONDS = 3 * 24 * 3600


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
            password_hash=no_password(),
            body_id=body_id,
            active=True,
            created_at=at,
        )
        if session.scalar(sa.select(Staff.id).where(Staff.email == staff.email)) is not None:
            raise EmailTaken
        session.add(staff)
        session.flush()
        session.add_all(StaffRole(staff_id=staff.id, role=role) for role in granted)
        record_act(session, by, "create-staff", staff.id, at, roles=granted, body=body_id)
        return _invite(session, staff, letter_language)


@retried
def invite_again(staff_id: int, by: Actor, at: datetime, *, letter_language: str | None = "kk") -> str:
    """Take every way to sign in away, end every session, invite anew (returns the path).

    For who forgot or lost them.
    """
    with transaction() as session:
        staff = load_staff(session, staff_id)
        staff.password_hash = no_password()
        staff.totp_sealed = None
        passkeys.forget(session, staff_id)
        recovery.forget(session, staff_id)
        end_sessions(session, staff_id, at)
        record_act(session, by, "invite-staff-again", staff_id, at)
        return _invite(session, staff, letter_language)


@retried
def disable_staff(staff_id: int, by: Actor, at: datetime) -> None:
    """Close an account; access ends at once, in open sessions too. Raises NotOneself."""
    if by.kind == "staff" and by.id == staff_id:
        raise NotOneself
    with transaction() as session:
        load_staff(session, staff_id).active = False
        end_sessions(session, staff_id, at)
        record_act(session, by, "disable-staff", staff_id, at)


@retried
def enable_staff(staff_id: int, by: Actor, at: datetime) -> None:
    """Open a closed account again; who was signed in before signs in anew."""
    with transaction() as session:
        load_staff(session, staff_id).active = True
        end_sessions(session, staff_id, at)  # one may have begun while the account was being closed
        record_act(session, by, "enable-staff", staff_id, at)


@retried
def revoke_own_session(staff_id: int, digest: str, at: datetime, *, now: datetime) -> bool:
    """Sign one of one's own browsers out, by the digest of its session; whether there was such a one.

    ``at`` is the law's time, for the audit; ``now`` is real.
    """
    theirs = sa.update(SignInSession).where(
        SignInSession.token_digest == digest,
        SignInSession.staff_id == staff_id,
        SignInSession.revoked_at.is_(None),
    )
    with transaction() as session:
        ended = bool(session.execute(theirs.values(revoked_at=now)).rowcount)  # type: ignore[attr-defined]
        if ended:
            record_act(session, Actor("staff", staff_id, "staff"), "end-own-session", staff_id, at)
        return ended


@retried
def set_roles(staff_id: int, roles: Iterable[Role], body_id: int | None, by: Actor, at: datetime) -> None:
    """Replace roles and body, and end every session of the person. Raises RoleNeedsBody, NoRole, NotOneself."""
    granted = _checked_roles(roles, body_id)
    if by.kind == "staff" and by.id == staff_id:
        raise NotOneself
    with transaction() as session:
        staff = load_staff(session, staff_id)
        session.execute(sa.delete(StaffRole).where(StaffRole.staff_id == staff_id))
        session.add_all(StaffRole(staff_id=staff_id, role=role) for role in granted)
        if staff.body_id != body_id:
            # An appointment is to one body; it does not move with the person.
            staff.acting_from = staff.acting_to = staff.acting_act = None
        staff.body_id = body_id
        end_sessions(session, staff_id, at)
        record_act(session, by, "set-roles", staff_id, at, roles=granted, body=body_id)


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
        staff = load_staff(session, staff_id)
        if staff.body_id is None:
            raise RoleNeedsBody
        staff.acting_from, staff.acting_to, staff.acting_act = first_day, last_day, text
        record_act(session, by, "appoint-acting-head", staff_id, at, first_day=first_day, last_day=last_day, act=text)


def invited(session: Session, token: str, *, to_use: bool = False) -> Staff:
    """Whom an invitation is for, locked if it is used now: of two who do so at once the second finds it used.

    Raises LinkNotValid when it was used, replaced or is too old.
    """
    staff_id, mark = read_token("staff-invitation", token, max_age=INVITATION_SECONDS)
    staff = session.get(Staff, staff_id, with_for_update={"key_share": True} if to_use else None)
    if staff is None or not staff.active or not is_bound(mark, staff.password_hash.encode()):
        raise LinkNotValid
    return staff


def load_staff(session: Session, staff_id: int) -> Staff:
    """The row itself, for this room's actions. Raises NotFound."""
    staff = session.get(Staff, staff_id)
    if staff is None:
        raise NotFound
    return staff


def end_sessions(session: Session, staff_id: int, at: datetime, *, except_for: str = "") -> None:
    """Sign somebody out everywhere, but for the session of that digest."""
    open_ones = sa.update(SignInSession).where(
        SignInSession.staff_id == staff_id,
        SignInSession.revoked_at.is_(None),
        SignInSession.token_digest != except_for,
    )
    session.execute(open_ones.values(revoked_at=at))


def no_password() -> str:
    """What stands in place of a password's hash; new each time, so that an invitation bound to the last one dies."""
    return NO_PASSWORD + secrets.token_hex(16)


def record_act(session: Session, by: Actor, did: str, staff_id: int, at: datetime, **details: object) -> None:
    """A line of the audit about an account."""
    record(session, actor=by, act=did, subject=f"staff:{staff_id}", at=at, details=details)


def _checked_roles(roles: Iterable[Role], body_id: int | None) -> list[Role]:
    granted = sorted(set(roles))
    if not granted:
        raise NoRole
    if body_id is None and not BODY_ROLES.isdisjoint(granted):
        raise RoleNeedsBody
    return granted


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
