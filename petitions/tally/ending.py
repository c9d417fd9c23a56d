"""The end of support and of a collection: only when everything joined before it is sealed (D7)."""

from __future__ import annotations

import logging
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.audit import Actor
from petitions.db import reading, retried, transaction
from petitions.errors import DomainError
from petitions.law.errors import LawError
from petitions.law.paper import entered_until
from petitions.law.states import ClockKind, Ending, Event, State
from petitions.law.working_days import end_of_day, local_date
from petitions.lifecycle.advance import advance, load, running_clocks
from petitions.lifecycle.models import Clock, Petition
from petitions.reference import queries as reference
from petitions.signatures import paper
from petitions.signatures.queries import has_unsealed
from petitions.signatures.writer import TIME_LIMIT
from petitions.tally.reaching import has_enough

SWEEP = Actor("system", None, "sweep")

log = logging.getLogger(__name__)


def end_collections(at: datetime) -> int:
    """Lapse, return or send every petition whose joining has ended and is wholly counted. Idempotent."""
    with reading() as session:
        over, electronic = _over(session, at), _electronic_over(session, at)
    return sum(_tried(petition_id, at) for petition_id in over) + sum(_expire(each, at) for each in electronic)


def _over(session: Session, at: datetime) -> list[int]:
    """No signing transaction that began before the end can still be under way."""
    settled = at - TIME_LIMIT
    support_over = sa.select(Clock.petition_id).where(
        Clock.kind == ClockKind.SUPPORT, Clock.ended_at.is_(None), Clock.due_on < local_date(settled)
    )
    to_be_ordered = sa.select(Clock.petition_id).where(Clock.kind == ClockKind.SENDING, Clock.ended_at.is_(None))
    wanted = sa.or_(
        sa.and_(Petition.state == State.SUPPORTING, Petition.id.in_(support_over)),
        sa.and_(Petition.state == State.OPEN, Petition.closes_at <= settled),
        sa.and_(Petition.state == State.REACHED, Petition.closes_at <= settled, Petition.id.not_in(to_be_ordered)),
    )
    return list(session.scalars(sa.select(Petition.id).where(wanted).order_by(Petition.id)))


def _tried(petition_id: int, at: datetime) -> bool:
    """One petition that cannot move (a year the calendar does not know) must not hold up the others."""
    try:
        return _end(petition_id, at)
    except (DomainError, LawError) as error:
        log.error("petition %d cannot end: %s", petition_id, type(error).__name__)
        return False


@retried
def _end(petition_id: int, at: datetime) -> bool:
    with transaction() as session:
        petition = load(session, petition_id)
        ended_at = _ended_at(session, petition)
        if ended_at is None or at < ended_at + TIME_LIMIT or _waits_for_paper(session, petition, ended_at, at):
            return False
        if has_unsealed(session, petition_id) or has_enough(session, petition_id):
            return False
        if petition.state == State.REACHED:
            advance(session, petition, Event.SENT, by=SWEEP, at=at)
            # 90-4: the notice goes with the sending; the outbox writes to the author from the same row.
            advance(session, petition, Event.SENDING_NOTIFIED, by=SWEEP, at=at)
            return True
        event = Event.LAPSED if petition.state == State.SUPPORTING else Event.RETURNED
        # A petition restored after its end had been on nobody's list until then.
        moment = max(ended_at, petition.state_since)
        advance(session, petition, event, by=SWEEP, at=moment, recorded_at=at)
        return True


def _ended_at(session: Session, petition: Petition) -> datetime | None:
    """When joining ended for good; None while it has not, or while staff still have to order the sending."""
    running = running_clocks(session, petition.id)
    if petition.state == State.SUPPORTING:
        # 2024: on the site joining ends after ten working days, on paper after twenty; support lapses then.
        support = running.get(ClockKind.SUPPORT)
        return end_of_day(support.due_on) if support else None
    if petition.state == State.OPEN:
        return petition.closes_at
    if petition.state == State.REACHED and ClockKind.SENDING not in running:
        return petition.closes_at
    return None


def _waits_for_paper(session: Session, petition: Petition, ended_at: datetime, at: datetime) -> bool:
    """Sheets received in time and not entered yet may still decide (policy: paper_wait_days, section 9).

    Not where the number was reached already: such a petition is sent at once, its sheets are entered beside it.
    """
    if petition.state == State.REACHED or at >= entered_until(ended_at, reference.policy(session)):
        return False
    return paper.has_unentered(session, petition.id, ended_at)


def _electronic_over(session: Session, at: datetime) -> list[int]:
    over = sa.select(Clock.petition_id).where(
        Clock.kind == ClockKind.SUPPORT_ELECTRONIC,
        Clock.ended_at.is_(None),
        Clock.due_on < local_date(at - TIME_LIMIT),
    )
    return list(session.scalars(over))


@retried
def _expire(petition_id: int, at: datetime) -> bool:
    """The ten days on the site (2024) pass without an event, once who joined in them is counted."""
    with transaction() as session:
        load(session, petition_id)
        clock = running_clocks(session, petition_id).get(ClockKind.SUPPORT_ELECTRONIC)
        if clock is None or has_unsealed(session, petition_id):
            return False
        clock.ended_at, clock.ending = at, Ending.LAPSED
        return True
