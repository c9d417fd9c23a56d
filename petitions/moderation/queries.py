"""The queue of the check, and what the acts ask of a petition beside its own row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from statistics import median
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.law.editions import edition
from petitions.law.levels import Threshold
from petitions.law.states import STATE_LABELS, ClockKind, Event, Label, State, is_overdue
from petitions.law.working_days import Calendar, Unit, days_left, local_date, working_days_left
from petitions.lifecycle.models import Clock, Petition, Transition
from petitions.reference import queries as reference
from petitions.reference.models import Territory
from petitions.reference.thresholds import threshold_today

PAGE = 30
SOON = 3
CHECKS_MEASURED = 200


class Shelf(StrEnum):
    """The parts of the queue, in the order of their tabs."""

    CHECKING = "checking"
    SUPPORTING = "supporting"
    POPULATION = "population"
    SENDING = "sending"
    MEDIA = "media-letters"
    REFUSED = "refused"
    TAKEN_DOWN = "taken-down"


SHELF_NAMES: Mapping[Shelf, Any] = {
    Shelf.CHECKING: _l("Being checked"),
    Shelf.SUPPORTING: _l("Gathering first supporters"),
    Shelf.POPULATION: _l("Waiting for a population figure"),
    Shelf.SENDING: _l("To be sent by hand"),
    Shelf.MEDIA: _l("Letters to the media due"),
    Shelf.REFUSED: _l("Refused at the check"),
    Shelf.TAKEN_DOWN: _l("Taken down"),
}

# What ends in these states can be complained of here; any later act is its own body's business (91-92, 136).
COMPLAINED_OF = (State.REFUSED, State.LAPSED)

# The term whose due day a shelf is sorted by.
_TERMS: Mapping[Shelf, ClockKind] = {
    Shelf.CHECKING: ClockKind.CHECK,
    Shelf.SUPPORTING: ClockKind.SUPPORT,
    Shelf.POPULATION: ClockKind.CHECK,
    Shelf.SENDING: ClockKind.SENDING,
    Shelf.MEDIA: ClockKind.MEDIA_LETTERS,
}


@dataclass(frozen=True)
class QueueRow:
    """A petition on a shelf. ``left``: working days to the due day, negative when it has passed."""

    id: int
    place: int
    title: str
    language: str
    channel: str
    state: State
    addressee: Any
    filed_at: datetime | None
    due_on: date | None
    left: int | None
    overdue: bool
    complaint_open: bool

    @property
    def label(self) -> Label:
        return STATE_LABELS[self.state]

    @property
    def tone(self) -> str:
        if self.overdue:
            return "bad"
        soon = self.left is not None and self.left <= SOON
        return "warm" if soon or self.complaint_open else "neutral"


@dataclass(frozen=True)
class QueuePage:
    """One page of a shelf, with the size of every shelf."""

    shelf: Shelf
    rows: tuple[QueueRow, ...]
    counts: Mapping[Shelf, int]
    number: int
    pages: int


@dataclass(frozen=True)
class CheckTimes:
    """How long finished checks took, in working days; ``in_time`` of ``measured`` met their term."""

    measured: int
    in_time: int
    median: int | None


@dataclass(frozen=True)
class Complaint:
    """The newest complaint against a refusal or a lapse. ``on``: the day it was sent or, once decided, decided."""

    on: date
    to_court: bool
    granted: bool | None

    @property
    def is_open(self) -> bool:
        return self.granted is None


def queue(session: Session, shelf: Shelf, now: datetime, number: int = 1) -> QueuePage:
    """A page of one shelf, what is due first standing first."""
    counts = {each: _count(session, each) for each in Shelf}
    pages = max(1, -(-counts[shelf] // PAGE))
    number = min(max(number, 1), pages)
    first = (number - 1) * PAGE
    found = session.execute(_ordered(shelf).offset(first).limit(PAGE)).all()
    bodies = reference.bodies(session, [p.body_id for p, _ in found if p.body_id])
    calendar = reference.calendar(session)
    complained = _with_open_complaint(session, [p.id for p, _ in found]) if shelf is Shelf.REFUSED else set()
    rows = tuple(
        _row(p, due_on, shelf, first + index, bodies.get(p.body_id or 0), calendar, now, p.id in complained)
        for index, (p, due_on) in enumerate(found, start=1)
    )
    return QueuePage(shelf, rows, counts, number, pages)


def place_in_queue(session: Session, petition_id: int) -> tuple[int, int] | None:
    """The place of a petition in the check by due day, and how many there are; None when it is not there."""
    ids = session.scalars(_ordered(Shelf.CHECKING).with_only_columns(Petition.id)).all()
    return (ids.index(petition_id) + 1, len(ids)) if petition_id in ids else None


def check_times(session: Session) -> CheckTimes:
    """Of the newest finished checks: how many met the term, and the median in working days."""
    ended = session.execute(
        sa.select(Clock.started_on, Clock.ended_at, Clock.ending)
        .where(Clock.kind == ClockKind.CHECK, Clock.ending.in_(("met", "late")))
        .order_by(Clock.ended_at.desc())
        .limit(CHECKS_MEASURED)
    ).all()
    calendar = reference.calendar(session)
    days = [working_days_left(start, max(start, local_date(end)), calendar) for start, end, _ in ended if end]
    in_time = sum(1 for row in ended if row[2] == "met")
    return CheckTimes(len(ended), in_time, round(median(days)) if days else None)


def threshold_of(session: Session, petition: Petition) -> Threshold | None:
    """What the petition needs by today's figures; None when its unit's population is not known (90-3(4))."""
    unit = reference.territory(session, petition.territory_kato) if petition.territory_kato else None
    return threshold_today(edition(petition.edition or ""), petition.addressee, unit)


def unanswered(session: Session, petition_id: int) -> set[int]:
    """The bodies that were asked and have not replied to their last question."""
    rows = session.execute(
        sa.select(Transition.event, Transition.details).where(
            Transition.petition_id == petition_id,
            Transition.event.in_((Event.BODY_QUERIED, Event.BODY_REPLIED)),
        )
    )
    open_questions: Counter[int] = Counter()
    for event, details in rows:
        open_questions[details["body_id"]] += 1 if event == Event.BODY_QUERIED else -1
    return {body_id for body_id, number in open_questions.items() if number > 0}


def complaint_of(session: Session, petition: Petition) -> Complaint | None:
    """The complaint that a refused or lapsed petition lives with; None when nobody complained of that act."""
    newest = sa.select(Transition).where(Transition.petition_id == petition.id, _OF_A_COMPLAINT)
    step = session.scalar(newest.order_by(Transition.seq.desc()).limit(1))
    if petition.state not in COMPLAINED_OF or step is None or step.event == Event.RESTORED:
        return None
    granted = bool(step.details.get("granted")) if step.event == Event.APPEAL_DECIDED else None
    return Complaint(local_date(step.at), step.details.get("to") == "court", granted)


# A restoring lifts the refusal, and what was said against it falls with it.
_OF_A_COMPLAINT = sa.or_(
    Transition.event.in_((Event.APPEAL_FILED, Event.APPEAL_DECIDED)),
    sa.and_(Transition.event == Event.RESTORED, Transition.from_state == State.REFUSED),
)
_COMPLAINT_OPEN = sa.and_(
    Petition.state.in_(COMPLAINED_OF),
    sa.select(Transition.event)
    .where(Transition.petition_id == Petition.id, _OF_A_COMPLAINT)
    .order_by(Transition.seq.desc())
    .limit(1)
    .correlate(Petition)
    .scalar_subquery()
    == Event.APPEAL_FILED,
)


def _with_open_complaint(session: Session, ids: Sequence[int]) -> set[int]:
    return set(session.scalars(sa.select(Petition.id).where(Petition.id.in_(ids), _COMPLAINT_OPEN)))


def _count(session: Session, shelf: Shelf) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(_ordered(shelf).order_by(None).subquery())) or 0


def _ordered(shelf: Shelf) -> sa.Select[Petition, date | None]:
    kind = _TERMS.get(shelf)
    due_on = Clock.due_on if kind else sa.null()
    wanted: sa.Select[Any, Any] = sa.select(Petition, due_on)
    if kind:
        running = sa.and_(Clock.petition_id == Petition.id, Clock.kind == kind, Clock.ended_at.is_(None))
        wanted = wanted.outerjoin(Clock, running)
        order: Sequence[Any] = (Clock.due_on.is_(None), Clock.due_on, Petition.filed_at, Petition.id)
    else:
        order = (Petition.state_since.desc(), Petition.id.desc())
        if shelf is Shelf.REFUSED:
            order = (sa.case((_COMPLAINT_OPEN, 0), else_=1), *order)
    return wanted.where(*_conditions(shelf)).order_by(*order)


def _conditions(shelf: Shelf) -> tuple[sa.ColumnElement[bool], ...]:
    """Which petitions stand on a shelf."""
    match shelf:
        case Shelf.POPULATION:
            unknown = sa.select(Territory.kato).where(Territory.population.is_(None))
            waiting = Petition.state.in_((State.CHECKING, State.SUPPORTING))
            return (waiting, Petition.territory_kato.in_(unknown))
        case Shelf.SENDING:
            return (Petition.state == State.REACHED, Clock.due_on.is_not(None))
        case Shelf.MEDIA:
            return (
                Petition.opened_at.is_not(None),
                Petition.state != State.TAKEN_DOWN,
                Clock.due_on.is_not(None),
            )
        case Shelf.TAKEN_DOWN:
            return (Petition.state == State.TAKEN_DOWN,)
        case Shelf.REFUSED:
            return (sa.or_(Petition.state == State.REFUSED, _COMPLAINT_OPEN),)
        case _:
            return (Petition.state == State(shelf.value),)


def _row(
    p: Petition,
    due_on: date | None,
    shelf: Shelf,
    place: int,
    body: Any,
    calendar: Calendar,
    now: datetime,
    complaint_open: bool,
) -> QueueRow:
    return QueueRow(
        id=p.id,
        place=place,
        title=p.title or "",
        language=p.language,
        channel=p.channel,
        state=State(p.state),
        addressee=body,
        filed_at=p.filed_at,
        due_on=due_on,
        left=days_left(local_date(now), due_on, Unit.WORKING_DAYS, calendar) if due_on else None,
        overdue=bool(due_on and is_overdue(_TERMS[shelf], due_on, now)),
        complaint_open=complaint_open,
    )
