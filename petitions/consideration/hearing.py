"""The days of the public discussion of a draft decision (90-5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.i18n import format_day
from petitions.law.states import ClockKind, Event, State, clocks_ended
from petitions.law.working_days import Calendar, CalendarUnknown, add_working_days, is_weekend, local_date
from petitions.lifecycle.advance import running_clocks
from petitions.lifecycle.queries import TransitionRow, newest, transitions
from petitions.reference import queries as reference


def earliest_discussion(session: Session, at: datetime) -> date:
    """The first day on which a discussion announced at ``at`` may be held: policy, the fourth working day."""
    days = reference.policy(session).integer("hearing_earliest_working_day")
    return add_working_days(local_date(at), days, reference.calendar(session))


def concerns(session: Session, petition_id: int, on: date, hour: time) -> list[object]:
    """What keeps people away from a discussion at this time, or makes it late; lawful all the same, so only said."""
    calendar, hours = reference.calendar(session), reference.policy(session).working_hours()
    found: list[object] = []
    if _is_day_off(calendar, on):
        found.append(_l("This is not a working day."))
    if not hours.start <= hour <= hours.end:
        found.append(
            _l(
                "The hour is outside working hours, %(start)s to %(end)s.",
                start=f"{hours.start:%H:%M}",
                end=f"{hours.end:%H:%M}",
            )
        )
    clock = running_clocks(session, petition_id).get(ClockKind.CONSIDERATION)
    if clock is not None and on == clock.due_on:
        found.append(_l("This is the last day of the term: the decision is due on the same day."))
    elif clock is not None and on > clock.due_on:
        found.append(_l("The term ends before this day, on %(day)s.", day=format_day(clock.due_on)))
    return found


def _is_day_off(calendar: Calendar, day: date) -> bool:
    try:
        return not calendar.is_working(day)
    except CalendarUnknown:  # the calendar ends before it: only the days of the week are known
        return is_weekend(day)


def may_not_announce_again(session: Session, petition_id: int) -> bool:
    """Whether an earlier notice still runs and a new one would not replace it."""
    replaces = ClockKind.DISCUSSION_NOTICE in clocks_ended(Event.DISCUSSION_ANNOUNCED)
    return not replaces and ClockKind.DISCUSSION_NOTICE in running_clocks(session, petition_id)


def announced_for(session: Session, petition_id: int) -> date | None:
    """The day of the discussion that is announced and was not held yet; a decision cancels it."""
    ended = (Event.DISCUSSION_HELD, Event.DECIDED)
    last = newest(transitions(session, petition_id), Event.DISCUSSION_ANNOUNCED, *ended)
    if last is None or last.event in ended:
        return None
    return date.fromisoformat(last.details["on"])


def is_draft_public(state: State, rows: Sequence[TransitionRow]) -> bool:
    """Whether everybody reads the draft as it is saved: from the notice of its discussion to the decision (90-5)."""
    return state is State.EXAMINATION and newest(rows, Event.DISCUSSION_ANNOUNCED) is not None
