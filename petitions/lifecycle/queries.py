"""What pages ask about one petition; frozen answers shaped for reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from petitions.db import reading
from petitions.errors import NotFound
from petitions.law.states import (
    CLOCK_LABELS,
    CLOCKS,
    EVENT_LABELS,
    STATE_LABELS,
    ClockKind,
    Event,
    Label,
    Nature,
    Order,
    State,
    is_overdue,
    is_public,
    is_signable,
)
from petitions.law.working_days import Calendar, days_left, local_date
from petitions.lifecycle.models import Attachment, Clock, Decision, Petition, Point, Refusal, Transition


@dataclass(frozen=True)
class PointRow:
    id: int
    kind: str
    position: int
    text: str


@dataclass(frozen=True)
class AttachmentRow:
    id: int
    kind: str
    name: str
    mime: str
    size: int
    sha256: str


@dataclass(frozen=True)
class PetitionText:
    """The text as filed (or as drafted so far)."""

    language: str
    title: str
    content: str
    arguments: tuple[PointRow, ...]
    proposals: tuple[PointRow, ...]
    attachments: tuple[AttachmentRow, ...]
    text_hash: str | None


@dataclass(frozen=True)
class Standing:
    """Where a petition stands: everything but its text."""

    id: int
    state: State
    state_since: datetime
    order: Order | None
    edition: str | None
    channel: str
    language: str
    title: str
    author_id: int
    author_name: str
    is_representative: bool
    addressee: str | None
    territory_kato: str | None
    body_id: int | None
    filed_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None
    opened_at: datetime | None
    required: int | None
    population: int | None
    population_on: date | None
    population_source: str | None
    link_token: str | None
    text_hash: str | None

    @property
    def label(self) -> Label:
        return STATE_LABELS[self.state]

    @property
    def is_public(self) -> bool:
        return is_public(self.state)

    def is_signable(self, now: datetime) -> bool:
        """Whether citizens may join now: a comparison of times, right even when no worker runs."""
        if self.order is None:
            return False
        return is_signable(self.state, self.order, self.opens_at, self.closes_at, now)


@dataclass(frozen=True)
class TransitionRow:
    """One line of the timeline."""

    id: int
    seq: int
    event: Event
    from_state: State
    to_state: State
    at: datetime
    recorded_at: datetime
    actor_kind: str
    actor_role: str
    reason: str | None
    details: dict[str, Any]
    edition: str
    clocks: list[dict[str, Any]]

    @property
    def label(self) -> Label:
        return EVENT_LABELS[self.event]


@dataclass(frozen=True)
class ClockRow:
    """One term, running or ended."""

    kind: ClockKind
    started_on: date
    term: int
    unit: str
    due_on: date
    ended_at: datetime | None
    ending: str | None

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @property
    def label(self) -> Label:
        return CLOCK_LABELS[self.kind]

    @property
    def is_policy(self) -> bool:
        return CLOCKS[self.kind].nature is Nature.POLICY

    def overdue(self, now: datetime) -> bool:
        """Still running past its due day in a way that is somebody's breach."""
        return self.is_running and is_overdue(self.kind, self.due_on, now)

    def days_left(self, now: datetime, calendar: Calendar) -> int | None:
        """Days to the due day, in the term's own unit; None where the calendar does not reach."""
        return days_left(local_date(now), self.due_on, self.unit, calendar)


@dataclass(frozen=True)
class RefusalRow:
    ground: str
    code: str
    clause: str
    text: str
    duplicate_of: int | None
    hides_text: bool
    at: datetime


@dataclass(frozen=True)
class AnswerRow:
    point: PointRow
    finding: str
    text: str


@dataclass(frozen=True)
class DecisionView:
    """One version of the decision. A draft has no ``decided_at``; the public sees it when its discussion is
    announced (90-5), and the decision once it is published."""

    id: int
    version: int
    outcome: str
    language: str
    reasons: str
    law_cited: str
    appeal: str
    drafted_at: datetime
    decided_at: datetime | None
    published_at: datetime | None
    head_title_kk: str | None
    head_title_ru: str | None
    head_title_en: str | None
    acting_act: str | None
    answers: tuple[AnswerRow, ...]


def standing(session: Session, petition_id: int) -> Standing:
    """Where the petition stands. Raises NotFound."""
    p = session.get(Petition, petition_id)
    if p is None:
        raise NotFound
    return Standing(
        id=p.id,
        state=State(p.state),
        state_since=p.state_since,
        order=Order(p.order) if p.order else None,
        edition=p.edition,
        channel=p.channel,
        language=p.language,
        title=p.title or "",
        author_id=p.author_id,
        author_name=p.author_name,
        is_representative=p.is_representative,
        addressee=p.addressee,
        territory_kato=p.territory_kato,
        body_id=p.body_id,
        filed_at=p.filed_at,
        opens_at=p.opens_at,
        closes_at=p.closes_at,
        opened_at=p.opened_at,
        required=p.required,
        population=p.population,
        population_on=p.population_on,
        population_source=p.population_source,
        link_token=p.link_token,
        text_hash=p.text_hash,
    )


def text(session: Session, petition_id: int) -> PetitionText:
    """The petition's text with its arguments, proposals and attachments. Raises NotFound."""
    p = session.get(Petition, petition_id, options=[selectinload(Petition.points), selectinload(Petition.attachments)])
    if p is None:
        raise NotFound
    points = [_point(point) for point in p.points]
    return PetitionText(
        language=p.language,
        title=p.title or "",
        content=p.content or "",
        arguments=tuple(point for point in points if point.kind == "argument"),
        proposals=tuple(point for point in points if point.kind == "proposal"),
        attachments=tuple(AttachmentRow(a.id, a.kind, a.name, a.mime, a.size, a.sha256) for a in p.attachments),
        text_hash=p.text_hash,
    )


def attachment(session: Session, petition_id: int, attachment_id: int) -> tuple[AttachmentRow, bytes]:
    """One file with its content. Raises NotFound."""
    a = session.get(Attachment, attachment_id)
    if a is None or a.petition_id != petition_id:
        raise NotFound
    return AttachmentRow(a.id, a.kind, a.name, a.mime, a.size, a.sha256), a.content


def transitions(session: Session, petition_id: int) -> list[TransitionRow]:
    """Every legal step so far, in order."""
    rows = session.scalars(sa.select(Transition).where(Transition.petition_id == petition_id).order_by(Transition.seq))
    return [
        TransitionRow(
            t.id,
            t.seq,
            Event(t.event),
            State(t.from_state),
            State(t.to_state),
            t.at,
            t.recorded_at,
            t.actor_kind,
            t.actor_role,
            t.reason,
            t.details,
            t.edition,
            t.clocks,
        )
        for t in rows
    ]


def newest(rows: Sequence[TransitionRow], *events: Event) -> TransitionRow | None:
    """The last step of these kinds, if there was one."""
    return next((row for row in reversed(rows) if row.event in events), None)


def is_stated(rows: Sequence[TransitionRow]) -> bool:
    """Whether the newest published decision has its official statement (90-6); a new version needs a new one."""
    stated, published = newest(rows, Event.STATEMENT_MADE), newest(rows, Event.PUBLISHED)
    return stated is not None and published is not None and stated.seq > published.seq


def clocks(session: Session, petition_id: int) -> list[ClockRow]:
    """Every term of the petition, in the order they started."""
    rows = session.scalars(sa.select(Clock).where(Clock.petition_id == petition_id).order_by(Clock.id))
    return [ClockRow(ClockKind(c.kind), c.started_on, c.term, c.unit, c.due_on, c.ended_at, c.ending) for c in rows]


def clock_rows(petition_id: int) -> list[dict[str, Any]]:
    """The same for the command line: plain values. Raises NotFound."""
    with reading() as session:
        standing(session, petition_id)
        return [
            {
                "kind": str(c.kind),
                "started_on": c.started_on.isoformat(),
                "term": c.term,
                "unit": c.unit,
                "due_on": c.due_on.isoformat(),
                "ended_at": c.ended_at.isoformat() if c.ended_at else None,
                "ending": c.ending,
            }
            for c in clocks(session, petition_id)
        ]


def refusal(session: Session, petition_id: int) -> RefusalRow | None:
    """The refusal in force, if the check ended with one that was not lifted."""
    row = session.execute(
        sa.select(Refusal, Transition.at)
        .join(Transition, Transition.id == Refusal.transition_id)
        .where(Refusal.petition_id == petition_id, Refusal.lifted_at.is_(None))
        .order_by(Refusal.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    r, at = row
    return RefusalRow(r.ground, r.code, r.clause, r.text, r.duplicate_of, r.hides_text, at)


def decisions(session: Session, petition_id: int, *, published_only: bool = True) -> list[DecisionView]:
    """Versions of the decision, newest first."""
    wanted = (
        sa.select(Decision)
        .where(Decision.petition_id == petition_id)
        .options(selectinload(Decision.answers))
        .order_by(Decision.version.desc())
    )
    if published_only:
        wanted = wanted.where(Decision.published_at.is_not(None))
    points = {
        point.id: _point(point) for point in session.scalars(sa.select(Point).where(Point.petition_id == petition_id))
    }
    return [
        DecisionView(
            d.id,
            d.version,
            d.outcome,
            d.language,
            d.reasons,
            d.law_cited,
            d.appeal,
            d.drafted_at,
            d.decided_at,
            d.published_at,
            d.head_title_kk,
            d.head_title_ru,
            d.head_title_en,
            d.acting_act,
            tuple(AnswerRow(points[a.point_id], a.finding, a.text) for a in d.answers),
        )
        for d in session.scalars(wanted)
    ]


def _point(point: Point) -> PointRow:
    return PointRow(point.id, point.kind, point.position, point.text)
