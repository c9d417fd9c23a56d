"""The one way this room changes a petition: its own body's staff, a transition, a line in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.audit import Actor, record
from petitions.consideration.desk import check_own
from petitions.errors import DomainError, Forbidden, NotFound
from petitions.i18n import format_day
from petitions.identity.queries import staff_row
from petitions.identity.roles import BODY_ROLES
from petitions.identity.sessions import Viewer, staff_viewer
from petitions.law.states import Event, State
from petitions.law.working_days import end_of_day, local_date
from petitions.lifecycle.advance import advance, load
from petitions.lifecycle.models import Petition, Transition
from petitions.lifecycle.visibility import MAX_ID


class NotYetDay(DomainError):
    def __init__(self, field: str) -> None:
        super().__init__(_l("This day has not come yet. Enter the day it happened."), field=field)


class BeforeItsTime(DomainError):
    """The day lies before the step that it follows."""

    def __init__(self, since: date, field: str) -> None:
        super().__init__(_l("This day is too early: it cannot be before %(day)s.", day=format_day(since)), field=field)


def own(session: Session, petition_id: int, by: Actor, at: datetime) -> Petition:
    """The petition, locked, if it lies with the body of this member of staff.

    Raises NotFound for another body's, Gone for one taken down, Forbidden for staff who work for no body.
    """
    if petition_id > MAX_ID:
        raise NotFound
    petition = load(session, petition_id)
    check_own(State(petition.state), petition.body_id, colleague(session, by, at).body_id)
    return petition


def colleague(session: Session, by: Actor, at: datetime) -> Viewer:
    """The member of staff who acts, with the roles that count on that day. Raises Forbidden."""
    if by.kind != "staff" or by.id is None:
        raise Forbidden
    viewer = staff_viewer(staff_row(session, by.id), at)
    if not viewer.roles & BODY_ROLES:
        raise Forbidden
    return viewer


def put_down(
    session: Session,
    petition: Petition,
    event: Event,
    *,
    by: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
    appeal_granted: bool = False,
    appeal_to_court: bool = False,
) -> Transition:
    """Advance the petition and leave the audit line; ``happened_at``: when it happened in law, if earlier.

    Raises NotNow.
    """
    transition = advance(
        session,
        petition,
        event,
        by=by,
        at=happened_at or at,
        recorded_at=at,
        reason=reason,
        details=details,
        appeal_granted=appeal_granted,
        appeal_to_court=appeal_to_court,
    )
    act = str(event).replace("_", "-")
    record(session, actor=by, act=act, subject=f"petition:{petition.id}", at=at, details=details)
    return transition


def check_day(on: date, at: datetime, *, since: date | None = None, field: str = "on") -> None:
    """A step on record has happened, and not before the one it follows. Raises NotYetDay, BeforeItsTime."""
    if on > local_date(at):
        raise NotYetDay(field)
    if since is not None and on < since:
        raise BeforeItsTime(since, field)


def moment_of(on: date, at: datetime) -> datetime:
    """The moment of what happened on a day and is recorded at ``at``: a term due that day is met."""
    return at if on == local_date(at) else end_of_day(on) - timedelta(seconds=1)
