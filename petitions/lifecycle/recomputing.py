"""A change of the working calendar moves clocks that still run, and only those (policy: calendar_change).

First shown (`preview`), then written (`recompute_clocks`): a petition at a time, each with its transition, so
that a crash on the way is finished by running it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.audit import Actor, record
from petitions.db import reading, retried, transaction
from petitions.law.clocks import clock_due
from petitions.law.policy import Policy
from petitions.law.states import CLOCK_LABELS, EXPIRES_QUIETLY, ClockKind, Event, Label, State, is_public
from petitions.law.working_days import Calendar, CalendarUnknown, end_of_day, local_date, recomputed_due
from petitions.lifecycle.advance import advance, load
from petitions.lifecycle.models import Clock, Petition, Transition
from petitions.reference import queries as reference

JOINING = frozenset({ClockKind.SUPPORT_ELECTRONIC, ClockKind.SUPPORT, ClockKind.COLLECTION})

# What the passing of these terms means in law has happened, even if the worker has not written it down yet.
FINAL_ONCE_PASSED = JOINING | EXPIRES_QUIETLY | {ClockKind.CONSIDERATION}


@dataclass(frozen=True)
class Move:
    """One running clock and the day it moves to."""

    petition_id: int
    is_public: bool
    kind: ClockKind
    old: date
    new: date

    @property
    def label(self) -> Label:
        return CLOCK_LABELS[self.kind]


def preview(session: Session, calendar: Calendar, today: date) -> list[Move]:
    """What would move if the working calendar were this one, the soonest due day first."""
    running = (
        sa.select(Clock, Petition.state)
        .join(Petition, Petition.id == Clock.petition_id)
        .where(Clock.ended_at.is_(None))
        .order_by(Clock.due_on, Clock.id)
    )
    found = session.execute(running).all()
    days = _new_days(session, [clock for clock, _ in found], calendar, today)
    return [
        Move(clock.petition_id, is_public(State(state)), ClockKind(clock.kind), clock.due_on, days[clock.id])
        for clock, state in found
        if clock.id in days
    ]


def recompute_clocks(*, by: Actor, at: datetime, reason: str) -> int:
    """Count every running clock anew by the calendar as it stands; returns how many petitions were touched.

    ``reason`` is the act that changed the calendar; it is public. Run again, it changes nothing.
    """
    with reading() as session:
        moves = preview(session, reference.calendar(session), local_date(at))
    touched = sum(_recompute(petition_id, by, at, reason) for petition_id in sorted({m.petition_id for m in moves}))
    _record(by, at, reason, touched)
    return touched


@retried
def _recompute(petition_id: int, by: Actor, at: datetime, reason: str) -> bool:
    with transaction() as session:
        petition = load(session, petition_id)
        clocks = session.scalars(
            sa.select(Clock).where(Clock.petition_id == petition_id, Clock.ended_at.is_(None)).order_by(Clock.id)
        ).all()
        days = _new_days(session, clocks, reference.calendar(session), local_date(at))
        moved = [_moved(petition, clock, days[clock.id]) for clock in clocks if clock.id in days]
        if moved:
            advance(
                session,
                petition,
                Event.CLOCKS_RECOMPUTED,
                by=by,
                at=at,
                reason=reason,
                details={"moved": moved},
            )
        return bool(moved)


def _moved(petition: Petition, clock: Clock, new: date) -> dict[str, str]:
    """Write the new day; joining goes with the clock that set its end."""
    old = clock.due_on
    clock.due_on = new
    if clock.kind in JOINING and petition.closes_at == end_of_day(old):
        petition.closes_at = end_of_day(new)
    return {"kind": str(clock.kind), "from": old.isoformat(), "to": new.isoformat()}


@retried
def _record(by: Actor, at: datetime, reason: str, touched: int) -> None:
    with transaction() as session:
        details = {"reason": reason, "petitions": touched}
        record(session, actor=by, act="recompute-clocks", subject="calendar", details=details, at=at)


def _new_days(session: Session, clocks: Iterable[Clock], calendar: Calendar, today: date) -> dict[int, date]:
    """The new due day of each clock that moves, by the clock's id."""
    policy = reference.policy(session)
    extended = _extended(session)
    found = {}
    for clock in clocks:
        if clock.kind == ClockKind.COLLECTION and clock.petition_id in extended:
            continue
        day = _new_day(clock, calendar, policy, today)
        if day != clock.due_on:
            found[clock.id] = day
    return found


def _new_day(clock: Clock, calendar: Calendar, policy: Policy, today: date) -> date:
    kind = ClockKind(clock.kind)
    if clock.due_on < today and kind in FINAL_ONCE_PASSED:
        return clock.due_on
    try:
        day = clock_due(kind, clock.started_on, clock.term, clock.unit, calendar, policy)
    except CalendarUnknown:
        return clock.due_on  # nothing is guessed: it keeps its day until the calendar knows that year
    return recomputed_due(clock.due_on, day, today)


def _extended(session: Session) -> frozenset[int]:
    """Collections with an end given by an act of its own, which no count from the opening would give."""
    acts = sa.select(Transition.petition_id).where(Transition.event == Event.COLLECTION_EXTENDED)
    return frozenset(session.scalars(acts))
