"""What the law makes happen by itself, applied by the worker through the same `advance` a person would use.

Ends of support and of collection wait for the tally and live there (tally/ending.py).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions import versions
from petitions.audit import Actor
from petitions.db import reading, retried, transaction
from petitions.errors import DomainError
from petitions.law.errors import LawError
from petitions.law.policy import Policy
from petitions.law.states import EXPIRES_QUIETLY, ClockKind, Ending, Event, State
from petitions.law.working_days import Calendar, end_of_day, local_date, registration_day
from petitions.lifecycle.advance import advance, load, running_clocks
from petitions.lifecycle.models import SUBJECT, Clock, Petition, Transition
from petitions.reference import queries as reference

SWEEP = Actor("system", None, "sweep")

log = logging.getLogger(__name__)


def sweep(at: datetime) -> int:
    """Apply every step that is due; returns how many were applied. Running it again changes nothing."""
    applied = 0
    for state, step in STEPS.items():
        for petition_id in _waiting(state, at):
            applied += _tried(petition_id, state, step, at)
    return applied + _expire(at)


def _waiting(state: State, at: datetime) -> list[int]:
    wanted = sa.select(Petition.id).where(Petition.state == state).order_by(Petition.id)
    if state == State.EXAMINATION:
        overdue = sa.select(Clock.petition_id).where(
            Clock.kind == ClockKind.CONSIDERATION, Clock.ended_at.is_(None), Clock.due_on < local_date(at)
        )
        wanted = wanted.where(Petition.id.in_(overdue))
    with reading() as session:
        return list(session.scalars(wanted))


def _tried(petition_id: int, state: State, step: Callable[[Session, Petition, datetime], bool], at: datetime) -> bool:
    """One petition that cannot move (a year the calendar does not know) must not hold up the others."""
    try:
        return _apply(petition_id, state, step, at)
    except (DomainError, LawError) as error:
        log.error("petition %d stays %s: %s", petition_id, state, type(error).__name__)
        return False


@retried
def _apply(petition_id: int, state: State, step: Callable[[Session, Petition, datetime], bool], at: datetime) -> bool:
    """One petition, one transaction; another process may have been here first."""
    with transaction() as session:
        petition = load(session, petition_id)
        return petition.state == state and step(session, petition, at)


def _register(session: Session, petition: Petition, at: datetime) -> bool:
    """Registration on the day of receipt, or the next working day (64(3)): by itself, nobody can stall it."""
    return _registered(session, petition, at, Event.SENT, Event.REGISTERED)


def _register_message(session: Session, petition: Petition, at: datetime) -> bool:
    """A forwarded petition is registered like any other message (76(1))."""
    return _registered(session, petition, at, Event.FORWARDED, Event.MESSAGE_REGISTERED)


def _registered(session: Session, petition: Petition, at: datetime, sent: Event, registered: Event) -> bool:
    received_at = _last(session, petition.id, sent)
    moment = registration_moment(received_at, reference.calendar(session), reference.policy(session))
    if at < moment:
        return False
    advance(session, petition, registered, by=SWEEP, at=moment, recorded_at=at)
    return True


def registration_moment(received_at: datetime, calendar: Calendar, policy: Policy) -> datetime:
    """When something received at this moment is registered, UTC."""
    return registration_day(received_at, calendar, policy.working_hours())[1]


def _forward(session: Session, petition: Petition, at: datetime) -> bool:
    """What missed its threshold goes on to the competent body as an ordinary message (90-3(5))."""
    advance(session, petition, Event.FORWARDED, by=SWEEP, at=at)
    return True


def _deem_refused(session: Session, petition: Petition, at: datetime) -> bool:
    """Silence past the term is a refusal (91(2)): marked once, with the moment the term ended."""
    clock = running_clocks(session, petition.id).get(ClockKind.CONSIDERATION)
    if clock is None or at < end_of_day(clock.due_on):
        return False
    # A petition restored after its term had passed was silent for everybody until then.
    moment = max(end_of_day(clock.due_on), petition.state_since)
    advance(session, petition, Event.DEEMED_REFUSED, by=SWEEP, at=moment, recorded_at=at)
    return True


@retried
def _expire(at: datetime) -> int:
    """End the clocks that no event ends when they pass (appeal, court, notice of a discussion)."""
    over = (
        Clock.kind.in_(QUIET),
        Clock.ended_at.is_(None),
        Clock.due_on < local_date(at),
    )
    with reading() as session:
        if not session.scalar(sa.select(sa.exists().where(*over))):
            return 0
    with transaction() as session:
        ended = session.execute(sa.update(Clock).where(*over).values(ended_at=at, ending=Ending.LAPSED))
        versions.changed(session, SUBJECT)
        return int(ended.rowcount)  # type: ignore[attr-defined]


def _last(session: Session, petition_id: int, event: Event) -> datetime:
    moment = session.scalar(
        sa.select(sa.func.max(Transition.recorded_at)).where(
            Transition.petition_id == petition_id, Transition.event == event
        )
    )
    if moment is None:
        raise RuntimeError(f"petition {petition_id} is {event} without its transition")
    return moment


# The electronic term of support waits for the tally, see tally/ending.py.
QUIET = EXPIRES_QUIETLY - {ClockKind.SUPPORT_ELECTRONIC}

STEPS: dict[State, Callable[[Session, Petition, datetime], bool]] = {
    State.SENT: _register,
    State.RETURNED: _forward,
    State.FORWARDED: _register_message,
    State.EXAMINATION: _deem_refused,
}
