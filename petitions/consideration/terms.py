"""The terms of a petition as its body sees them: the last day with its computation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from petitions.law.states import CLOCKS, ClockKind, Label, State
from petitions.law.working_days import end_of_day, is_weekend
from petitions.lifecycle import queries as lifecycle
from petitions.reference import queries as reference
from petitions.reference.queries import CalendarDayView

TERM_OF = {
    State.EXAMINATION: ClockKind.CONSIDERATION,
    State.DECIDED: ClockKind.PUBLICATION,
    State.MESSAGE: ClockKind.MESSAGE,
}
APPEAL_TERMS = (ClockKind.APPEAL_PASS_UP, ClockKind.APPEAL_REVIEW)


@dataclass(frozen=True)
class ClockView:
    """A term with its computation: what was not counted, what was counted though it is a weekend."""

    kind: ClockKind
    label: Label
    article: str
    started_on: date
    term: int
    unit: str
    due_on: date
    days_left: int | None
    overdue: bool
    ending: str | None
    days_off: tuple[CalendarDayView, ...]
    worked_weekends: tuple[CalendarDayView, ...]


def clocks_of(session: Session, standing: lifecycle.Standing, now: datetime) -> tuple[ClockView, ...]:
    """The term of the state, even when it has passed in silence, and the running terms of an appeal."""
    clocks = lifecycle.clocks(session, standing.id)
    of_state = [clock for clock in clocks if clock.kind is TERM_OF.get(standing.state)][-1:]
    of_appeal = [clock for clock in clocks if clock.kind in APPEAL_TERMS and clock.is_running]
    return tuple(_clock(session, clock, now) for clock in (*of_state, *of_appeal))


def _clock(session: Session, clock: lifecycle.ClockRow, now: datetime) -> ClockView:
    calendar = reference.calendar(session)
    odd_days = _odd_days(session, clock.started_on, clock.due_on)
    return ClockView(
        kind=clock.kind,
        label=clock.label,
        article=CLOCKS[clock.kind].article,
        started_on=clock.started_on,
        term=clock.term,
        unit=clock.unit,
        due_on=clock.due_on,
        days_left=clock.days_left(now, calendar),
        overdue=now >= end_of_day(clock.due_on),
        ending=clock.ending,
        days_off=tuple(day for day in odd_days if not day.is_working and not is_weekend(day.day)),
        worked_weekends=tuple(day for day in odd_days if day.is_working and is_weekend(day.day)),
    )


def _odd_days(session: Session, start: date, end: date) -> list[CalendarDayView]:
    """The entries of the calendar after the start and up to the end."""
    years = range(start.year, end.year + 1)
    return [day for year in years for day in reference.calendar_days(session, year) if start < day.day <= end]
