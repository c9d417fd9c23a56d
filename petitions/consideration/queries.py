"""What this room's pages read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.comments.summary import unanswered
from petitions.consideration.appeals import Appeal, appeal_of
from petitions.consideration.commitments import Commitment, commitments
from petitions.consideration.desk import MESSAGE_ENDS, check_own
from petitions.consideration.duties import DutyState, checklist
from petitions.consideration.hearing import (
    announced_for,
    earliest_discussion,
    is_draft_public,
    may_not_announce_again,
)
from petitions.consideration.readiness import Missing, fingerprint, missing_parts
from petitions.consideration.terms import APPEAL_TERMS, TERM_OF, ClockView, clocks_of
from petitions.errors import Forbidden, NotFound
from petitions.law.editions import Edition, edition
from petitions.law.levels import is_central
from petitions.law.states import (
    CLOCK_LABELS,
    EVENT_LABELS,
    STATE_LABELS,
    ActorKind,
    ClockKind,
    Event,
    Label,
    Order,
    State,
    next_step,
    permitted_events,
)
from petitions.law.working_days import CalendarUnknown, Unit, days_left, end_of_day, local_date
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle import visibility
from petitions.lifecycle.models import Clock, Petition, Transition
from petitions.lifecycle.sweep import registration_moment
from petitions.reference import queries as reference
from petitions.reference.queries import BodyView
from petitions.tally import queries as tally

FINISHED_SHOWN = 200
REMEDY_TERMS = (ClockKind.APPEAL, ClockKind.COURT)
AFTER_PUBLICATION = (Event.PUBLISHED, Event.STATEMENT_MADE, Event.APPEAL_FILED, Event.APPEAL_DECIDED)


@dataclass(frozen=True)
class QueueRow:
    petition_id: int
    title: str
    language: str
    state: Label
    next_event: Label | None
    clock: Label | None
    due_on: date | None
    days_left: int | None
    overdue: bool


@dataclass(frozen=True)
class Work:
    """One petition on the desk of its body."""

    standing: lifecycle.Standing
    text: lifecycle.PetitionText
    body: BodyView
    law: Edition
    supporters: int
    residents: int
    clocks: tuple[ClockView, ...]
    registers_at: datetime | None
    deemed_refused_on: date | None
    duties: tuple[DutyState, ...]
    transitions: tuple[lifecycle.TransitionRow, ...]
    decisions: tuple[lifecycle.DecisionView, ...]
    missing: tuple[Missing, ...]
    appeal: Appeal
    appeal_goes_to: str
    commitments: tuple[Commitment, ...]
    permitted: frozenset[Event]
    earliest_discussion: date | None
    announced_for: date | None
    discussion_day_came: bool
    may_announce: bool
    statement_made: bool
    comments: tuple[int, int]  # that everybody can read; questions among them that the body has not answered

    @property
    def central(self) -> bool:
        return is_central(self.standing.addressee)

    @property
    def draft(self) -> lifecycle.DecisionView | None:
        return next((one for one in self.decisions if one.decided_at is None), None)

    @property
    def made(self) -> lifecycle.DecisionView | None:
        """The newest decision that was made."""
        return next((one for one in self.decisions if one.decided_at is not None), None)

    @property
    def may_draft(self) -> bool:
        anew = self.standing.state is State.PUBLISHED and self.appeal.calls_for_new_decision
        return self.standing.state is State.EXAMINATION or anew

    @property
    def undone(self) -> tuple[DutyState, ...]:
        """Duties the head must answer for when deciding; a new decision rests on the same examination."""
        if self.standing.state is not State.EXAMINATION:
            return ()
        return tuple(state for state in self.duties if not state.is_done)

    @property
    def body_number(self) -> str:
        """The registration number that the body entered last, "" before it."""
        entered = lifecycle.newest(self.transitions, Event.BODY_NUMBER_ENTERED)
        return str(entered.details.get("number", "")) if entered else ""

    @property
    def is_draft_public(self) -> bool:
        """Whether what is saved into the draft is read by everybody at once."""
        return is_draft_public(self.standing.state, self.transitions)

    @property
    def seen(self) -> str:
        return fingerprint(self.draft)


@dataclass(frozen=True)
class Remedies:
    """What the author of a petition can do against the newest act, and until when."""

    petition_id: int
    ref: str
    title: str
    language: str
    law: Edition
    appeal: Appeal
    where: str
    last_day: date | None


def queue(session: Session, body_id: int | None, now: datetime, *, finished: bool = False) -> list[QueueRow]:
    """The petitions of a body: those that wait for it by due day, or those it has done with, newest first."""
    if body_id is None:
        return []
    states = [State.PUBLISHED, *MESSAGE_ENDS] if finished else [State.SENT, *TERM_OF, State.PUBLISHED]
    wanted = (
        sa.select(Petition.id, Petition.title, Petition.language, Petition.state)
        .where(Petition.body_id == body_id, Petition.state.in_(states))
        .order_by(Petition.state_since.desc(), Petition.id.desc())
    )
    found = session.execute(wanted).all()
    waiting = _awaited_after_publication(session, [row.id for row in found if row.state == State.PUBLISHED])
    kept = [row for row in found if row.state != State.PUBLISHED or (row.id in waiting) != finished]
    terms = _terms(session, [row.id for row in kept])
    calendar, today = reference.calendar(session), local_date(now)
    rows = [
        _queue_row(row, waiting, terms, now, lambda due: days_left(today, due, Unit.WORKING_DAYS, calendar))
        for row in kept
    ]
    return rows[:FINISHED_SHOWN] if finished else sorted(rows, key=lambda row: row.due_on or date.max)


def work(session: Session, petition_id: int, body_id: int | None, now: datetime) -> Work:
    """Everything about one petition for the body it is addressed to. Raises NotFound, Gone."""
    if petition_id > visibility.MAX_ID:
        raise NotFound
    standing = lifecycle.standing(session, petition_id)
    check_own(standing.state, standing.body_id, body_id)
    body = reference.body(session, standing.body_id or 0)
    assert body is not None  # noqa: S101 - a filed petition has its body
    steps = tuple(lifecycle.transitions(session, petition_id))
    text = lifecycle.text(session, petition_id)
    made = tuple(lifecycle.decisions(session, petition_id, published_only=False))
    draft = next((one for one in made if one.decided_at is None), None)
    central = is_central(standing.addressee)
    order = standing.order or Order.CHECK_FIRST
    announced = announced_for(session, petition_id)
    return Work(
        standing=standing,
        text=text,
        body=body,
        law=edition(standing.edition or ""),
        supporters=tally.count(session, petition_id),
        residents=tally.residents(session, petition_id),
        clocks=clocks_of(session, standing, now),
        registers_at=_registers_at(session, standing, steps),
        deemed_refused_on=_silent_since(steps),
        duties=checklist(standing.edition or "", central=central, transitions=steps),
        transitions=steps,
        decisions=made,
        missing=missing_parts(draft, text) if draft else (),
        appeal=(appeal := appeal_of(steps)),
        appeal_goes_to=appeal.where(central=central, policy=reference.policy(session)),
        commitments=commitments(steps),
        permitted=frozenset(permitted_events(standing.state, order, ActorKind.STAFF)),
        earliest_discussion=_earliest_discussion(session, now),
        announced_for=announced,
        discussion_day_came=announced is not None and announced <= local_date(now),
        may_announce=draft is not None and not may_not_announce_again(session, petition_id),
        statement_made=lifecycle.is_stated(steps),
        comments=unanswered(session, [petition_id]).get(petition_id, (0, 0)),
    )


def remedies(session: Session, ref: str, reader: visibility.Reader) -> Remedies:
    """What its author can do now. Raises NotFound, Gone; Forbidden for everybody else."""
    found = visibility.find(session, ref, reader)
    standing = lifecycle.standing(session, found.petition_id)
    if not visibility.is_author_of(standing, reader):
        raise Forbidden
    appeal = appeal_of(lifecycle.transitions(session, found.petition_id))
    running = (
        clock.due_on
        for clock in lifecycle.clocks(session, found.petition_id)
        if clock.kind in REMEDY_TERMS and clock.is_running
    )
    return Remedies(
        petition_id=found.petition_id,
        ref=found.ref,
        title=standing.title,
        language=standing.language,
        law=edition(standing.edition or ""),
        appeal=appeal,
        where=appeal.where(central=is_central(standing.addressee), policy=reference.policy(session)),
        last_day=next(running, None),
    )


def _awaited_after_publication(session: Session, petition_ids: Sequence[int]) -> dict[int, Event]:
    """What a published petition still waits for: an appeal's outcome, a new decision, or the statement."""
    rows = session.execute(
        sa.select(Transition.petition_id, Transition.event, Transition.seq, Transition.details)
        .where(Transition.petition_id.in_(petition_ids), Transition.event.in_(AFTER_PUBLICATION))
        .order_by(Transition.seq)
    )
    last = {(row.petition_id, Event(row.event)): row for row in rows}

    def after(petition_id: int, one: Event, other: Event) -> bool:
        first, second = last.get((petition_id, one)), last.get((petition_id, other))
        return first is not None and (second is None or first.seq > second.seq)

    def awaited(one: int) -> Event | None:
        if after(one, Event.APPEAL_FILED, Event.APPEAL_DECIDED):
            return Event.APPEAL_DECIDED
        outcome = last.get((one, Event.APPEAL_DECIDED))
        if outcome and outcome.details.get("granted") and after(one, Event.APPEAL_DECIDED, Event.PUBLISHED):
            return Event.DECIDED_ANEW
        return Event.STATEMENT_MADE if after(one, Event.PUBLISHED, Event.STATEMENT_MADE) else None

    return {one: event for one in petition_ids if (event := awaited(one))}


def _terms(session: Session, petition_ids: Sequence[int]) -> dict[tuple[int, str], tuple[date, bool]]:
    """The newest term of each kind: its due day, and whether it still runs."""
    kinds = (*TERM_OF.values(), *APPEAL_TERMS)
    rows = session.execute(
        sa.select(Clock.petition_id, Clock.kind, Clock.due_on, Clock.ended_at)
        .where(Clock.petition_id.in_(petition_ids), Clock.kind.in_(kinds))
        .order_by(Clock.id)
    )
    return {(row.petition_id, row.kind): (row.due_on, row.ended_at is None) for row in rows}


def _queue_row(
    row: sa.Row[int, str | None, str, str],
    awaited: Mapping[int, Event],
    terms: dict[tuple[int, str], tuple[date, bool]],
    now: datetime,
    days_left: Callable[[date], int | None],
) -> QueueRow:
    state = State(row.state)
    kind, due_on = _due(row.id, state, terms)
    event = Event.APPEAL_PASSED_UP if kind is ClockKind.APPEAL_PASS_UP else _next_event(row.id, state, awaited)
    return QueueRow(
        petition_id=row.id,
        title=row.title or "",
        language=row.language,
        state=STATE_LABELS[state],
        next_event=EVENT_LABELS[event] if event else None,
        clock=CLOCK_LABELS[kind] if kind else None,
        due_on=due_on,
        days_left=days_left(due_on) if due_on else None,
        overdue=due_on is not None and now >= end_of_day(due_on),
    )


def _next_event(petition_id: int, state: State, awaited: Mapping[int, Event]) -> Event | None:
    if state is State.PUBLISHED:
        return awaited.get(petition_id)
    step = next_step(state)
    return step.event if step else None


def _due(
    petition_id: int, state: State, terms: dict[tuple[int, str], tuple[date, bool]]
) -> tuple[ClockKind | None, date | None]:
    """The term that presses first. In examination it counts on after silence ended it: it is overdue."""
    pressing = [
        (kind, terms[petition_id, kind][0])
        for kind in APPEAL_TERMS
        if (petition_id, kind) in terms and terms[petition_id, kind][1]
    ]
    kind = TERM_OF.get(state)
    if kind is not None and (petition_id, kind) in terms:
        pressing.append((kind, terms[petition_id, kind][0]))
    return min(pressing, key=lambda one: one[1], default=(None, None))


def _registers_at(
    session: Session, standing: lifecycle.Standing, steps: Sequence[lifecycle.TransitionRow]
) -> datetime | None:
    """When a petition that was sent registers itself (64(3))."""
    sent = lifecycle.newest(steps, Event.SENT)
    if standing.state is not State.SENT or sent is None:
        return None
    try:
        return registration_moment(sent.recorded_at, reference.calendar(session), reference.policy(session))
    except CalendarUnknown:
        return None


def _earliest_discussion(session: Session, now: datetime) -> date | None:
    """None where the calendar ends: the announcement itself says so, the other duties go on."""
    try:
        return earliest_discussion(session, now)
    except CalendarUnknown:
        return None


def _silent_since(steps: Sequence[lifecycle.TransitionRow]) -> date | None:
    """The day from which silence counts as a refusal: the one after the last day of the term (91(2))."""
    mark = lifecycle.newest(steps, Event.DEEMED_REFUSED)
    return local_date(mark.at) if mark else None
