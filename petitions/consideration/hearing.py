"""The days of the public discussion of a draft decision (90-5)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from petitions.law.states import ClockKind, Event, clocks_ended
from petitions.law.working_days import add_working_days, local_date
from petitions.lifecycle.advance import running_clocks
from petitions.lifecycle.queries import newest, transitions
from petitions.reference import queries as reference


def earliest_discussion(session: Session, at: datetime) -> date:
    """The first day on which a discussion announced at ``at`` may be held: policy, the fourth working day."""
    days = reference.policy(session).integer("hearing_earliest_working_day")
    return add_working_days(local_date(at), days, reference.calendar(session))


def may_not_announce_again(session: Session, petition_id: int) -> bool:
    """Whether an earlier notice still runs and a new one would not replace it."""
    replaces = ClockKind.DISCUSSION_NOTICE in clocks_ended(Event.DISCUSSION_ANNOUNCED)
    return not replaces and ClockKind.DISCUSSION_NOTICE in running_clocks(session, petition_id)


def announced_for(session: Session, petition_id: int) -> date | None:
    """The day of the discussion that is announced and was not held yet."""
    last = newest(transitions(session, petition_id), Event.DISCUSSION_ANNOUNCED, Event.DISCUSSION_HELD)
    if last is None or last.event is Event.DISCUSSION_HELD:
        return None
    return date.fromisoformat(last.details["on"])
