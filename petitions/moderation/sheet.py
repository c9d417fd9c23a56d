"""Everything a moderator looks at before deciding, as one frozen answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from petitions.errors import NotFound
from petitions.law.editions import Edition, edition
from petitions.law.levels import Threshold, is_central
from petitions.law.policy import Policy
from petitions.law.states import CLOCKS, STATE_LABELS, ClockKind, Event, Order, State, rule_for
from petitions.law.topics import Topic, topics
from petitions.law.working_days import ONE_DAY, Calendar, is_weekend, local_date
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.advance import running_clocks
from petitions.lifecycle.models import Petition
from petitions.lifecycle.queries import ClockRow, PetitionText, RefusalRow, Standing
from petitions.lifecycle.visibility import MAX_ID
from petitions.moderation.conditions import FieldRow, fields_of
from petitions.moderation.grounds import would_bar
from petitions.moderation.queries import (
    Complaint,
    complaint_of,
    place_in_queue,
    threshold_of,
    unanswered,
)
from petitions.reference import queries as reference
from petitions.reference.records import BodyView, TerritoryView
from petitions.search.similar import similar
from petitions.tally import queries as tally
from petitions.timeline.steps import Step, done_steps


@dataclass(frozen=True)
class Term:
    """A term with its computation: what day zero is, how it is counted, and the days off on its way."""

    row: ClockRow
    article: str
    left: int | None
    overdue: bool
    days_off: tuple[date, ...]


@dataclass(frozen=True)
class Candidate:
    """An earlier petition that may be on the same subject; whether it is, the moderator says."""

    id: int
    title: str
    language: str
    state: State
    opened_at: datetime | None
    decided_on: date | None
    refused_as_duplicate_of: int | None
    bars: bool

    @property
    def label(self) -> Any:
        return STATE_LABELS[self.state]


@dataclass(frozen=True)
class Sheet:
    """One petition before the check."""

    standing: Standing
    text: PetitionText
    law: Edition
    topics: tuple[Topic, ...]
    fields: tuple[FieldRow, ...]
    candidates: tuple[Candidate, ...]
    body: BodyView | None
    place: tuple[TerritoryView, ...]
    threshold: Threshold | None
    count: int
    queue_place: tuple[int, int] | None
    terms: tuple[Term, ...]
    steps: tuple[Step, ...]
    refusal: RefusalRow | None
    complaint: Complaint | None
    written_reference: str | None
    waiting_bodies: tuple[BodyView, ...]
    possible: frozenset[Event]

    @property
    def unit(self) -> TerritoryView | None:
        return self.place[-1] if self.place else None


def filed(session: Session, petition_id: int) -> Petition:
    """A petition that was filed, for reading. Raises NotFound: a draft is its author's alone."""
    petition = session.get(Petition, petition_id) if petition_id <= MAX_ID else None
    if petition is None or petition.state == State.DRAFT:
        raise NotFound
    return petition


def sheet(session: Session, petition_id: int, now: datetime) -> Sheet:
    """The whole of it. Raises NotFound."""
    p = filed(session, petition_id)
    policy, calendar = reference.policy(session), reference.calendar(session)
    rows = lifecycle.transitions(session, p.id)
    waiting = unanswered(session, p.id)
    bodies = reference.bodies(session, [*waiting, p.body_id or 0])
    law = edition(p.edition or "")
    return Sheet(
        standing=lifecycle.standing(session, p.id),
        text=lifecycle.text(session, p.id),
        law=law,
        topics=topics(law),
        fields=fields_of(p, law),
        candidates=_candidates(session, p, policy),
        body=bodies.get(p.body_id or 0),
        place=tuple(reference.territory_path(session, p.territory_kato)) if p.territory_kato else (),
        threshold=threshold_of(session, p),
        count=tally.count(session, p.id),
        queue_place=place_in_queue(session, p.id),
        terms=tuple(_term(c, calendar, now) for c in lifecycle.clocks(session, p.id) if c.is_running),
        steps=done_steps(session, rows),
        refusal=lifecycle.refusal(session, p.id),
        complaint=complaint_of(session, p),
        written_reference=p.written_reference,
        waiting_bodies=tuple(body for body in bodies.values() if body.id in waiting),
        possible=possible(session, p),
    )


def possible(session: Session, p: Petition) -> frozenset[Event]:
    """The acts of this room that the petition's state permits now."""
    state, order = State(p.state), Order(p.order or "")
    complaint = complaint_of(session, p)
    needed = {
        Event.REDIRECTED: is_central(p.addressee),
        Event.BODY_REPLIED: bool(unanswered(session, p.id)),
        Event.SENT: ClockKind.SENDING in running_clocks(session, p.id),
        Event.APPEAL_DECIDED: complaint is not None and complaint.is_open,
    }
    return frozenset(event for event in ACTS if rule_for(state, event, order) and needed.get(event, True))


def _term(row: ClockRow, calendar: Calendar, now: datetime) -> Term:
    off = []
    day = row.started_on + ONE_DAY
    while row.unit == "working_days" and day <= row.due_on:
        if not is_weekend(day) and not calendar.is_working(day):
            off.append(day)
        day += ONE_DAY
    return Term(
        row,
        CLOCKS[ClockKind(row.kind)].article,
        row.days_left(now, calendar),
        row.overdue(now),
        tuple(off),
    )


def _candidates(session: Session, p: Petition, policy: Policy) -> tuple[Candidate, ...]:
    law = edition(p.edition or "")
    filed_on = local_date(p.filed_at or p.created_at)
    found = similar(
        session,
        title=p.title or "",
        body_id=p.body_id,
        law=law,
        on=filed_on,
        leave_out=p.id,
        limit=MOST_SIMILAR,
    )
    others = {each.petition_id: session.get_one(Petition, each.petition_id) for each in found}
    return tuple(
        Candidate(
            id=each.petition_id,
            title=each.title,
            language=each.language,
            state=each.state,
            opened_at=others[each.petition_id].opened_at,
            decided_on=each.decided_on,
            refused_as_duplicate_of=each.refused_as_duplicate_of,
            bars=would_bar(session, p, others[each.petition_id], policy),
        )
        for each in found
    )


MOST_SIMILAR = 8
ACTS = (
    Event.ACCEPTED,
    Event.REFUSED,
    Event.REDIRECTED,
    Event.BODY_QUERIED,
    Event.BODY_REPLIED,
    Event.MEDIA_INFORMED,
    Event.SENT,
    Event.APPEAL_DECIDED,
    Event.RESTORED,
    Event.TAKEN_DOWN,
)
