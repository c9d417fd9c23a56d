"""Acts that join acts of lower rooms: a calendar change with its clocks, a step of the law's clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from math import ceil

from petitions import clock
from petitions.audit import Actor, record
from petitions.db import transaction
from petitions.law.working_days import ONE_DAY, ZONE, Calendar, local_date
from petitions.lifecycle.recomputing import recompute_clocks
from petitions.reference.actions import remove_calendar_day, set_calendar_day
from petitions.reference.kinds import DayKind
from petitions.reference.names import Names

MORNING = time(9, 30)


def change_day(day: date, kind: DayKind, names: Names, act: str, by: Actor, at: datetime) -> int:
    """Enter a special day and recompute running clocks; returns how many petitions were touched.

    Two transactions and more: when it breaks off between them, the calendar's page offers to go on.
    """
    set_calendar_day(day, kind is DayKind.WORKING_SATURDAY, names, act, by, at, kind)
    return recompute_clocks(by=by, at=at, reason=act)


def take_day_out(day: date, act: str, by: Actor, at: datetime) -> int:
    """Remove a special day and recompute running clocks; returns how many petitions were touched."""
    remove_calendar_day(day, by, at)
    return recompute_clocks(by=by, at=at, reason=act)


def step_law_clock(ahead: timedelta, by: Actor, at: datetime) -> None:
    """Move the law's time forward, in a demonstration only, and leave a line in the trail."""
    clock.step(ahead)
    with transaction() as session:
        details = {"seconds": int(ahead.total_seconds())}
        record(session, actor=by, act="step-law-clock", subject="law-clock", details=details, at=at)
    clock.wait_for_everybody()


def to_next_working_day(now: datetime, calendar: Calendar) -> timedelta:
    """How far the next working day's morning is, Kazakhstan time."""
    day = calendar.next_working_day(local_date(now) + ONE_DAY)
    ahead = datetime.combine(day, MORNING, ZONE) - now
    return timedelta(seconds=ceil(ahead.total_seconds()))  # the clock keeps whole seconds
