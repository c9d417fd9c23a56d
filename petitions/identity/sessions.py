"""Who is knocking: server-side sessions, and the person that pages see.

The browser keeps a random token; rights are read anew at every request, so that who is disabled, or loses a
role, loses access at once. Sessions run on real time, whatever the law's clock shows.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import flask
import sqlalchemy as sa
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager
from itsdangerous import URLSafeTimedSerializer

from petitions import clock
from petitions.audit import Actor
from petitions.db import reading, reading_engine, retried, transaction
from petitions.identity import services
from petitions.identity.models import Citizen, Proof, SignInSession
from petitions.identity.queries import StaffRow, public_name, staff_row
from petitions.identity.roles import PRECEDENCE, Role
from petitions.law.working_days import local_date

SESSION_KEY = "sign-in"
KEPT_BY_REQUEST = ("_login_user", "csrf_token")
"""What Flask-Login and Flask-WTF keep of the visitor's session while they answer; it is of before the sign-in."""
IDLE = {"staff": timedelta(minutes=30), "citizen": timedelta(hours=12)}
LONGEST = {"staff": timedelta(hours=12), "citizen": timedelta(hours=24)}
ONLY_LOOKS = "identity.session_state"
"""The page's own question how long the session lasts is no use of it."""
TOUCH_EVERY = {"staff": timedelta(minutes=1), "citizen": timedelta(minutes=20)}


@dataclass(frozen=True)
class Viewer:
    """The person a page is made for. ``display_name`` of a citizen is the public one.

    Given name and a letter.
    """

    kind: Literal["citizen", "staff", "guest"] = "guest"
    citizen_id: int | None = None
    staff_id: int | None = None
    roles: frozenset[Role] = frozenset()
    body_id: int | None = None
    display_name: str = ""
    acting_act: str | None = None
    token_digest: str = ""
    ends_at: datetime | None = None
    """When the session is over if nothing more is done in it; in real time. None without one."""
    ends_anyway_at: datetime | None = None

    @property
    def is_authenticated(self) -> bool:
        return self.kind != "guest"

    @property
    def is_active(self) -> bool:
        return self.is_authenticated

    @property
    def is_anonymous(self) -> bool:
        return not self.is_authenticated

    def get_id(self) -> str:
        return self.token_digest

    def has(self, role: Role) -> bool:
        return role in self.roles

    def actor(self, role: Role | None = None) -> Actor:
        """Who acts, for a transition or the audit; staff with several roles may say in which one."""
        if self.kind == "citizen":
            return Actor("citizen", self.citizen_id, "citizen")
        if self.kind == "staff":
            acting = role or next((one for one in PRECEDENCE if one in self.roles), None)
            return Actor("staff", self.staff_id, str(acting or "staff"))
        raise RuntimeError("a guest does not act")


GUEST = Viewer()


class CookieSessions(SecureCookieSessionInterface):
    """Flask's own, with its signer made once: Flask makes one at every request, even without a cookie."""

    def __init__(self, app: Flask) -> None:
        self._signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return self._signer


def init_app(app: Flask, login_manager: LoginManager) -> None:
    """Teach an application who its visitors are; its Config stands in ``app.extensions["config"]``."""
    services.configure(app.extensions["config"])
    app.session_interface = CookieSessions(app)
    login_manager.session_protection = None
    login_manager.anonymous_user = Viewer
    login_manager.request_loader(_viewer_of_request)
    login_manager.init_app(app)


def start_session(*, citizen_id: int | None = None, staff_id: int | None = None, method: Proof | None = None) -> None:
    """Sign this browser in under a new token; whatever the visitor's session held is forgotten.

    ``method`` is how the person was recognised.
    """
    end_session()
    now = clock.real_now()
    flask.session[SESSION_KEY] = open_session(citizen_id=citizen_id, staff_id=staff_id, method=method, now=now)
    for kept in KEPT_BY_REQUEST:
        flask.g.pop(kept, None)


def end_session() -> None:
    """Sign this browser out, here and in the database."""
    token = flask.session.get(SESSION_KEY)
    flask.session.clear()
    if isinstance(token, str):
        revoke(token_digest(token), now=clock.real_now())


@retried
def open_session(
    *, citizen_id: int | None = None, staff_id: int | None = None, method: Proof | None = None, now: datetime
) -> str:
    """Make a session for exactly one person; returns the token that the browser will keep.

    Staff who were recognised by a ``method`` have proven to be there at that moment.
    """
    kind = "staff" if staff_id is not None else "citizen"
    token = secrets.token_urlsafe(32)
    with transaction() as session:
        session.add(
            SignInSession(
                token_digest=token_digest(token),
                citizen_id=citizen_id,
                staff_id=staff_id,
                created_at=now,
                last_seen_at=now,
                expires_at=now + LONGEST[kind],
                method=method,
                proven_at=now if staff_id is not None and method is not None else None,
            )
        )
    return token


@retried
def revoke(digest: str, *, now: datetime, citizen_id: int | None = None) -> bool:
    """End a session by the digest of its token, only this person's when one is named."""
    wanted = sa.update(SignInSession).where(SignInSession.token_digest == digest, SignInSession.revoked_at.is_(None))
    if citizen_id is not None:
        wanted = wanted.where(SignInSession.citizen_id == citizen_id)
    with transaction() as session:
        return bool(session.execute(wanted.values(revoked_at=now)).rowcount)  # type: ignore[attr-defined]


def proven_at(digest: str) -> datetime | None:
    """When whoever has this session last proved to be there; None when never."""
    with reading() as session:
        return session.scalar(sa.select(SignInSession.proven_at).where(SignInSession.token_digest == digest))


@retried
def prove(digest: str, *, now: datetime) -> None:
    """Note that whoever has this session proved to be there again."""
    proven = sa.update(SignInSession).where(SignInSession.token_digest == digest, SignInSession.revoked_at.is_(None))
    with transaction() as session:
        session.execute(proven.values(proven_at=now))


def viewer_of(digest: str, *, now: datetime, at: datetime) -> tuple[Viewer, datetime | None]:
    """The person behind a token's digest as of now, with the time last seen; GUEST when the session is over.

    ``now`` is real time; ``at`` is the law's, on whose day an acting head's appointment counts.
    """
    with reading_engine().connect() as connection:  # a session costs twice the query, at every request
        found = connection.execute(_SESSION, {"digest": digest}).one_or_none()
    if found is None or found.revoked_at is not None or now >= found.expires_at:
        return GUEST, None
    kind = "staff" if found.staff_id is not None else "citizen"
    if now - found.last_seen_at > IDLE[kind]:
        return GUEST, None
    viewer = _staff(found.staff_id, digest, at) if kind == "staff" else _citizen(found, digest)
    return _seen(replace(viewer, ends_anyway_at=found.expires_at), found.last_seen_at), found.last_seen_at


def _seen(viewer: Viewer, at: datetime) -> Viewer:
    """A session ends when it was not used for long, and after its longest time in any case."""
    if viewer.kind == "guest" or viewer.ends_anyway_at is None:
        return GUEST
    return replace(viewer, ends_at=min(viewer.ends_anyway_at, at + IDLE[viewer.kind]))


def staff_viewer(row: StaffRow, at: datetime, digest: str = "") -> Viewer:
    """A member of staff with the roles that count on the law's day; GUEST when disabled."""
    if not row.active:
        return GUEST
    acting = row.is_acting_on(local_date(at))
    roles = frozenset(row.roles) | ({Role.HEAD} if acting else frozenset())
    return Viewer(
        kind="staff",
        staff_id=row.id,
        roles=roles,
        body_id=row.body_id,
        display_name=row.display_name,
        acting_act=row.acting_act if acting and Role.HEAD not in row.roles else None,
        token_digest=digest,
    )


def token_digest(token: str) -> str:
    """The key of a session's row. Not in hex: a page that lists sessions must hold nothing like an IIN."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode()


def _viewer_of_request(request: flask.Request) -> Viewer | None:
    token = flask.session.get(SESSION_KEY)
    if not isinstance(token, str):
        return None
    digest, now = token_digest(token), clock.real_now()
    viewer, seen_at = viewer_of(digest, now=now, at=clock.now())
    if seen_at is None or viewer is GUEST:
        return None
    if now - seen_at > TOUCH_EVERY[viewer.kind] and request.endpoint != ONLY_LOOKS:
        _touch(digest, now)
        return _seen(viewer, now)
    return viewer


@retried
def _touch(digest: str, now: datetime) -> None:
    with transaction() as session:
        session.execute(sa.update(SignInSession).where(SignInSession.token_digest == digest).values(last_seen_at=now))


def _citizen(found: sa.Row[*tuple[Any, ...]], digest: str) -> Viewer:
    return Viewer(
        kind="citizen",
        citizen_id=found.citizen_id,
        display_name=public_name(found.given_name, found.surname_initial),
        token_digest=digest,
    )


def _staff(staff_id: int, digest: str, at: datetime) -> Viewer:
    with reading() as session:
        return staff_viewer(staff_row(session, staff_id), at, digest)


# The tables' own columns: every request of whoever is signed in asks this.
_KNOCKING, _KNOWN = SignInSession.__table__.c, Citizen.__table__.c
_SESSION = (
    sa.select(
        _KNOCKING.citizen_id,
        _KNOCKING.staff_id,
        _KNOCKING.last_seen_at,
        _KNOCKING.expires_at,
        _KNOCKING.revoked_at,
        _KNOWN.given_name,
        _KNOWN.surname_initial,
    )
    .outerjoin_from(SignInSession.__table__, Citizen.__table__, _KNOWN.id == _KNOCKING.citizen_id)
    .where(_KNOCKING.token_digest == sa.bindparam("digest", type_=sa.String))
)
