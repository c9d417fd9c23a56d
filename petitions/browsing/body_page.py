"""A body's page: how it answers, what it must answer next, what it promised, and the petitions to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.browsing.answering import Answers, of_body
from petitions.browsing.around import Around, around
from petitions.browsing.front import Figures, figures
from petitions.browsing.lines import Line, lines_of
from petitions.browsing.queries import of_body as petitions_of_body
from petitions.consideration.commitments import Commitment, commitments
from petitions.errors import NotFound
from petitions.law.states import PUBLIC, ClockKind, Event, State
from petitions.law.working_days import Calendar, Unit, local_date
from petitions.lifecycle.models import SUBJECT as PETITIONS
from petitions.lifecycle.models import Clock, Petition, Transition
from petitions.lifecycle.queries import ClockRow, TransitionRow
from petitions.reference import queries as reference
from petitions.reference.models import SUBJECT as REFERENCE
from petitions.reference.records import BodyView, TerritoryView
from petitions.versions import Kept

LINES = 20
DEADLINES = 10
OWED = (ClockKind.CONSIDERATION, ClockKind.PUBLICATION, ClockKind.MESSAGE)
"""The terms that bind the body asked; the others bind who checks, who sends, or who complains."""


@dataclass(frozen=True)
class Deadline:
    """A term that the body must keep. ``days_left`` is negative when it is late, None beyond the calendar."""

    line: Line
    clock: ClockRow
    days_left: int | None
    is_late: bool

    @property
    def in_working_days(self) -> bool:
        return self.clock.unit == Unit.WORKING_DAYS


@dataclass(frozen=True)
class Promises:
    """What the body said it would do after its decisions: done, still to be done in time, late, given up."""

    done: int
    in_progress: int
    late: int
    dropped: int

    @property
    def all(self) -> int:
        return self.done + self.in_progress + self.late + self.dropped


@dataclass(frozen=True)
class BodyPage:
    body: BodyView
    unit: TerritoryView | None
    around: Around
    figures: Figures
    answers: Answers
    promises: Promises
    deadlines: tuple[Deadline, ...]
    deadlines_left: int
    lines: tuple[Line, ...]


def body_page(session: Session, slug: str, now: datetime) -> BodyPage:
    """A body with its petitions and its record. Raises NotFound."""
    body = reference.body_by_slug(session, slug)
    if body is None:
        raise NotFound
    owed = _kept.get(session, ("owed", body.id), lambda: _owed(session, body.id))
    promised = _kept.get(session, ("promised", body.id), lambda: _promised(session, body.id))
    return BodyPage(
        body=body,
        unit=reference.territory(session, body.territory_kato) if body.territory_kato else None,
        around=around(session, [body.territory_kato]).get(body.territory_kato or "", ()),
        figures=figures(session, now, body.id),
        answers=of_body(session, body.id),
        promises=promises(promised, local_date(now)),
        deadlines=_deadlines(session, owed[:DEADLINES], reference.calendar(session), now),
        deadlines_left=max(0, len(owed) - DEADLINES),
        lines=petitions_of_body(session, body.id, LINES),
    )


def promises(made: Iterable[Commitment], today: date) -> Promises:
    """How many stand where. A promise is late from the day after its own."""
    states: dict[str, int] = defaultdict(int)
    for each in made:
        states["late" if each.is_overdue(today) else each.state] += 1
    return Promises(states["done"], states["in_progress"], states["late"], states["dropped"])


_kept = Kept(PETITIONS, REFERENCE, most=500)


def _owed(session: Session, body_id: int) -> tuple[tuple[int, ClockRow], ...]:
    """Every running term of the body's, the first to end first. 91(2): an answer whose term lapsed is still owed."""
    runs = sa.or_(
        Clock.ended_at.is_(None),
        sa.and_(Petition.state == State.EXAMINATION, Clock.kind == ClockKind.CONSIDERATION, Clock.ending == "lapsed"),
    )
    rows = session.execute(
        sa.select(Clock.petition_id, *(getattr(Clock, each.name) for each in fields(ClockRow)))
        .join(Petition, Petition.id == Clock.petition_id)
        .where(Petition.body_id == body_id, Petition.state.in_(PUBLIC), Clock.kind.in_(OWED), runs)
        .order_by(Clock.due_on, Clock.petition_id, Clock.id)
    )
    return tuple((petition_id, ClockRow(ClockKind(kind), *rest)) for petition_id, kind, *rest in rows)


def _deadlines(
    session: Session, owed: Iterable[tuple[int, ClockRow]], calendar: Calendar, now: datetime
) -> tuple[Deadline, ...]:
    rows = list(owed)
    lines = {line.id: line for line in lines_of(session, sorted({petition_id for petition_id, _clock in rows}))}
    return tuple(
        Deadline(lines[petition_id], clock, clock.days_left(now, calendar), clock.due_on < local_date(now))
        for petition_id, clock in rows
        if petition_id in lines
    )


def _promised(session: Session, body_id: int) -> tuple[Commitment, ...]:
    rows = session.execute(
        sa.select(Transition.petition_id, *(getattr(Transition, each.name) for each in fields(TransitionRow)))
        .join(Petition, Petition.id == Transition.petition_id)
        .where(
            Petition.body_id == body_id,
            Petition.state.in_(PUBLIC),
            Transition.event.in_((Event.COMMITMENT_MADE, Event.COMMITMENT_UPDATED)),
        )
        .order_by(Transition.petition_id, Transition.seq)
    )
    steps: Mapping[int, list[TransitionRow]] = defaultdict(list)
    for petition_id, number, seq, event, before, after, *rest in rows:
        steps[petition_id].append(TransitionRow(number, seq, Event(event), State(before), State(after), *rest))
    return tuple(each for taken in steps.values() for each in commitments(taken))
