"""Members of staff who came in by an invitation, and how they knock."""

from __future__ import annotations

from datetime import UTC, datetime

from petitions.audit import SYSTEM
from petitions.audit.queries import newest
from petitions.db import reading
from petitions.identity import enrolment, sessions, staff, staff_proofs, totp
from petitions.identity.roles import Role

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
PASSWORD = "three unrelated words"
SECRET = totp.new_secret()


def an_app(step: int = 0) -> totp.Authenticator:
    return totp.Authenticator(SECRET, step)


def an_invitation(email: str = "moderator@example.kz", *roles: Role, body: int | None = None) -> str:
    """The token of a fresh invitation."""
    path = staff.create_staff(email, "Somebody", roles or (Role.MODERATOR,), body, SYSTEM, AT)
    return path.rpartition("/")[2]


def a_member(email: str = "moderator@example.kz", *roles: Role, body: int | None = None) -> int:
    """Somebody with a password and an app."""
    token = an_invitation(email, *roles, body=body)
    return enrolment.accept_with_password(token, PASSWORD, an_app(), AT).staff_id


def code(now: datetime = AT, *, later: int = 0) -> str:
    """What the app shows at that moment, or some steps later."""
    return totp.code_of(SECRET, totp.step_at(now) + later)


def enter(
    email: str, password: str = PASSWORD, typed: str | None = None, *, now: datetime = AT, address: str = "192.0.2.1"
) -> int:
    shown = code(now) if typed is None else typed
    return staff_proofs.authenticate_staff(email, password, shown, address=address, now=now, at=AT).staff_id


def viewer(token: str, now: datetime = AT, at: datetime = AT) -> sessions.Viewer:
    return sessions.viewer_of(sessions.token_digest(token), now=now, at=at)[0]


def acts() -> list[tuple[str, str]]:
    """The audit, oldest first."""
    with reading() as session:
        return [(row.act, row.subject) for row in newest(session)][::-1]
