"""What the front page asks: what is due, whether letters go out, what the calendar lacks; and body search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.i18n import pick
from petitions.law.states import CLOCK_LABELS, STATE_LABELS, ClockKind, Label, State, is_overdue
from petitions.law.working_days import add_months, days_left, local_date
from petitions.lifecycle.models import Clock, Petition, Transition
from petitions.outbox import Email
from petitions.reference import queries as reference
from petitions.reference.models import Body, Territory
from petitions.reference.names import folded
from petitions.reference.records import BodyView, TerritoryView

SHOWN = 10
BODIES_OFFERED = 12

_OF_THE_CHECK = (ClockKind.CHECK, ClockKind.MEDIA_LETTERS, ClockKind.SENDING)
_OF_A_BODY = (
    ClockKind.CONSIDERATION,
    ClockKind.PUBLICATION,
    ClockKind.MESSAGE,
    ClockKind.APPEAL_PASS_UP,
    ClockKind.APPEAL_REVIEW,
)


@dataclass(frozen=True)
class DueRow:
    """One term of one petition. ``left``: working days, negative when late; None where the calendar ends."""

    petition_id: int
    title: str
    language: str
    state: State
    kind: ClockKind
    due_on: date
    left: int | None
    overdue: bool

    @property
    def label(self) -> Label:
        return CLOCK_LABELS[self.kind]

    @property
    def state_label(self) -> Label:
        return STATE_LABELS[self.state]


@dataclass(frozen=True)
class Queue:
    """What waits for somebody, the soonest due first: thus the overdue before all else."""

    total: int
    overdue: int
    rows: tuple[DueRow, ...]


@dataclass(frozen=True)
class Health:
    """Letters not sent yet, and the oldest legal step of which nobody has been told."""

    letters: int
    oldest_unannounced: datetime | None


def check_queue(session: Session, now: datetime) -> Queue:
    """The terms of those who check: the check itself, letters to the media, sending by hand."""
    running = sa.and_(Clock.kind.in_(_OF_THE_CHECK), Clock.ended_at.is_(None))
    return _queue(session, sa.and_(running, Petition.state != State.TAKEN_DOWN), now)


def consideration_queue(session: Session, body_id: int, now: datetime) -> Queue:
    """The terms of one body. A silence marked as a refusal still waits for its decision (91(2))."""
    silent = sa.and_(Clock.kind == ClockKind.CONSIDERATION, Petition.state == State.EXAMINATION)
    terms = sa.and_(Clock.kind.in_(_OF_A_BODY), sa.or_(Clock.ended_at.is_(None), silent))
    theirs = sa.and_(Petition.body_id == body_id, Petition.state != State.TAKEN_DOWN)
    return _queue(session, sa.and_(theirs, terms), now)


def waiting_for_population(session: Session) -> list[tuple[TerritoryView, int]]:
    """Units without a figure, and how many petitions cannot open for it (90-3(4))."""
    rows = session.execute(
        sa.select(Petition.territory_kato, sa.func.count())
        .join(Territory, Territory.kato == Petition.territory_kato)
        .where(Petition.state.in_((State.CHECKING, State.SUPPORTING)), Territory.population.is_(None))
        .group_by(Petition.territory_kato)
        .order_by(sa.func.count().desc(), Petition.territory_kato)
    )
    counts = {kato: count for kato, count in rows if kato}
    units = reference.territories(session, list(counts))
    return [(units[kato], count) for kato, count in counts.items()]


def health(session: Session) -> Health:
    letters = session.scalar(sa.select(sa.func.count()).where(Email.sent_at.is_(None)))
    oldest = session.scalar(
        sa.select(Transition.recorded_at).where(Transition.announced_at.is_(None)).order_by(Transition.id).limit(1)
    )
    return Health(letters or 0, oldest)


def missing_year(session: Session, today: date) -> int | None:
    """The first year of the coming twelve months that the working calendar does not know."""
    known = reference.calendar_years(session)
    coming = sorted({today.year, add_months(today, 12).year})
    return next((year for year in coming if year not in known), None)


def find_bodies(session: Session, text: str) -> list[BodyView]:
    """Bodies whose code is the text, or whose name in any language holds all its words; the first few."""
    if exact := reference.body_by_slug(session, text.strip()):
        return [exact]
    words = folded(text).split()
    if not words:
        return []
    rows = session.execute(
        sa.select(Body.id, Body.name_kk, Body.name_ru, Body.name_en).order_by(Body.is_central.desc(), Body.sort_kk)
    )
    found = [body_id for body_id, *names in rows if any(_holds(name, words) for name in names)]
    bodies = reference.bodies(session, found[:BODIES_OFFERED])
    return [bodies[body_id] for body_id in found[:BODIES_OFFERED]]


def body_label(session: Session, body: BodyView) -> str:
    """A body's name with the district and oblast it lies in: many villages share a name."""
    path = reference.territory_path(session, body.territory_kato) if body.territory_kato else []
    around = [pick(unit, "name") for unit in reversed(path[:-1])]
    name = pick(body, "name")
    return f"{name} ({', '.join(around)})" if around else name


def _holds(name: str, words: list[str]) -> bool:
    name = folded(name)
    return all(word in name for word in words)


def _queue(session: Session, which: sa.ColumnElement[bool], now: datetime) -> Queue:
    found = session.execute(
        sa.select(Clock, Petition)
        .join(Petition, Petition.id == Clock.petition_id)
        .where(which)
        .order_by(Clock.due_on, Clock.id)
        .limit(SHOWN)
    ).all()
    kinds = session.execute(
        sa.select(Clock.kind, Clock.due_on).join(Petition, Petition.id == Clock.petition_id).where(which)
    )
    overdue = [is_overdue(ClockKind(kind), due_on, now) for kind, due_on in kinds]
    calendar, today = reference.calendar(session), local_date(now)
    rows = tuple(
        DueRow(
            petition_id=petition.id,
            title=petition.title or "",
            language=petition.language,
            state=State(petition.state),
            kind=ClockKind(clock.kind),
            due_on=clock.due_on,
            left=days_left(today, clock.due_on, clock.unit, calendar),
            overdue=is_overdue(ClockKind(clock.kind), clock.due_on, now),
        )
        for clock, petition in found
    )
    return Queue(len(overdue), sum(overdue), rows)
