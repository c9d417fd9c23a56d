"""What pages ask about one petition; frozen answers shaped for reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.db import Base, reading
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
from petitions.lifecycle.models import (
    Attachment,
    Clock,
    Decision,
    DecisionAnswer,
    Petition,
    Point,
    Refusal,
    Transition,
)


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
    theme: str | None = None

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
    found = standings(session, (petition_id,))
    if not found:
        raise NotFound
    return found[petition_id]


def standings(session: Session, ids: Iterable[int]) -> dict[int, Standing]:
    """Where each of these petitions stands, in one query; those that there are."""
    return {row.id: _standing(row._asdict()) for row in session.execute(_STANDINGS, {"ids": [*ids]})}


def _standing(row: dict[str, Any]) -> Standing:
    order = Order(row["order"]) if row["order"] else None
    return Standing(**row | {"state": State(row["state"]), "order": order, "title": row["title"] or ""})


def text(session: Session, petition_id: int) -> PetitionText:
    """The petition's text with its arguments, proposals and attachments. Raises NotFound."""
    row = session.execute(_TEXT, {"id": petition_id}).one_or_none()
    if row is None:
        raise NotFound
    points = [PointRow(*point) for point in session.execute(_POINTS, {"id": petition_id})]
    return PetitionText(
        language=row.language,
        title=row.title or "",
        content=row.content or "",
        arguments=tuple(point for point in points if point.kind == "argument"),
        proposals=tuple(point for point in points if point.kind == "proposal"),
        attachments=tuple(AttachmentRow(*file) for file in session.execute(_ATTACHMENTS, {"id": petition_id})),
        text_hash=row.text_hash,
    )


def attachment(session: Session, petition_id: int, attachment_id: int) -> tuple[AttachmentRow, bytes]:
    """One file with its content. Raises NotFound."""
    a = session.get(Attachment, attachment_id)
    if a is None or a.petition_id != petition_id:
        raise NotFound
    return AttachmentRow(a.id, a.kind, a.name, a.mime, a.size, a.sha256), a.content


def transitions(session: Session, petition_id: int) -> list[TransitionRow]:
    """Every legal step so far, in order."""
    return transitions_of(session, (petition_id,))[petition_id]


def transitions_of(session: Session, ids: Iterable[int]) -> dict[int, list[TransitionRow]]:
    """The same of each of these petitions, in one query."""
    steps: dict[int, list[TransitionRow]] = {each: [] for each in ids}
    for of, number, seq, event, before, after, *rest in session.execute(_TRANSITIONS, {"ids": [*steps]}):
        steps[of].append(TransitionRow(number, seq, Event(event), State(before), State(after), *rest))
    return steps


def newest(rows: Sequence[TransitionRow], *events: Event) -> TransitionRow | None:
    """The last step of these kinds, if there was one."""
    return next((row for row in reversed(rows) if row.event in events), None)


def is_stated(rows: Sequence[TransitionRow]) -> bool:
    """Whether the newest published decision has its official statement (90-6); a new version needs a new one."""
    stated, published = newest(rows, Event.STATEMENT_MADE), newest(rows, Event.PUBLISHED)
    return stated is not None and published is not None and stated.seq > published.seq


def clocks(session: Session, petition_id: int) -> list[ClockRow]:
    """Every term of the petition, in the order they started."""
    return clocks_of(session, (petition_id,))[petition_id]


def clocks_of(session: Session, ids: Iterable[int]) -> dict[int, list[ClockRow]]:
    """The same of each of these petitions, in one query."""
    terms: dict[int, list[ClockRow]] = {each: [] for each in ids}
    for of, kind, *rest in session.execute(_CLOCKS, {"ids": [*terms]}):
        terms[of].append(ClockRow(ClockKind(kind), *rest))
    return terms


def silent_since(standing: Standing, rows: Sequence[ClockRow], now: datetime) -> date | None:
    """The last day of an examination whose term has passed without a decision (91(2)), marked or not; else None."""
    if standing.state is not State.EXAMINATION:
        return None
    due = next((row.due_on for row in reversed(rows) if row.kind is ClockKind.CONSIDERATION), None)
    return due if due is not None and due < local_date(now) else None


def is_late(standing: Standing, rows: Sequence[ClockRow], now: datetime) -> bool:
    """Whether the step that the petition waits for is late: the end of its check, or the body's answer (91(2))."""
    if standing.state is State.CHECKING:
        return any(row.kind is ClockKind.CHECK and row.overdue(now) for row in rows)
    return silent_since(standing, rows, now) is not None


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


def hidden_texts(session: Session, ids: Iterable[int]) -> frozenset[int]:
    """Those of these petitions whose text is hidden by the refusal in force."""
    hidden = (Refusal.petition_id.in_([*ids]), Refusal.hides_text, Refusal.lifted_at.is_(None))
    return frozenset(session.scalars(sa.select(Refusal.petition_id).where(*hidden)))


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
    wanted = _DECISIONS.where(Decision.published_at.is_not(None)) if published_only else _DECISIONS
    rows = session.execute(wanted, {"id": petition_id}).all()
    if not rows:
        return []
    points = {point[0]: PointRow(*point) for point in session.execute(_POINTS, {"id": petition_id})}
    answers: dict[int, list[AnswerRow]] = {}
    for decision_id, point_id, finding, words in session.execute(_ANSWERS, {"ids": [row.id for row in rows]}):
        answers.setdefault(decision_id, []).append(AnswerRow(points[point_id], finding, words))
    return [DecisionView(**row._asdict(), answers=tuple(answers.get(row.id, ()))) for row in rows]


def _columns(view: type[Any], model: type[Base], *, but: str = "") -> sa.Select[Any]:
    """The columns that a view is made of, in its order."""
    return sa.select(*(getattr(model, each.name) for each in fields(view) if each.name != but))


def _of_many(view: type[Any], model: type[Transition | Clock]) -> sa.Select[Any]:
    """The same of the petitions ``ids``, each row after the id of its petition."""
    columns = (getattr(model, each.name) for each in fields(view))
    return sa.select(model.petition_id, *columns).where(model.petition_id.in_(_IDS))


_ID: sa.BindParameter[int] = sa.bindparam("id", type_=sa.Integer)
_IDS: sa.BindParameter[Sequence[int]] = sa.bindparam("ids", expanding=True)
_STANDINGS = _columns(Standing, Petition).where(Petition.id.in_(_IDS))
_TEXT = sa.select(Petition.language, Petition.title, Petition.content, Petition.text_hash).where(Petition.id == _ID)
_POINTS = _columns(PointRow, Point).where(Point.petition_id == _ID).order_by(Point.kind, Point.position)
_ATTACHMENTS = _columns(AttachmentRow, Attachment).where(Attachment.petition_id == _ID).order_by(Attachment.id)
_TRANSITIONS = _of_many(TransitionRow, Transition).order_by(Transition.seq)
_CLOCKS = _of_many(ClockRow, Clock).order_by(Clock.id)
_DECISIONS = (
    _columns(DecisionView, Decision, but="answers").where(Decision.petition_id == _ID).order_by(Decision.version.desc())
)
_ANSWERS = (
    sa.select(DecisionAnswer.decision_id, DecisionAnswer.point_id, DecisionAnswer.finding, DecisionAnswer.text)
    .where(DecisionAnswer.decision_id.in_(_IDS))
    .order_by(DecisionAnswer.id)
)
