"""Petitions as a list shows them. What stands on a card changes only with a legal step: that is kept (`versions`)."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions import versions
from petitions.browsing.around import Around, around
from petitions.law.states import STATE_LABELS, ClockKind, Label, State
from petitions.law.working_days import Calendar, Unit, days_left, local_date
from petitions.lifecycle.models import SUBJECT as PETITIONS
from petitions.lifecycle.models import Clock, Decision, Petition, Refusal
from petitions.reference import queries as reference
from petitions.reference.models import SUBJECT as REFERENCE
from petitions.reference.records import BodyView
from petitions.tally import queries as tally
from petitions.versions import Kept


@dataclass(frozen=True)
class Line:
    """A petition in a list. ``title`` is empty where the refusal hides the text.

    Lines of one id and one ``stamp`` differ in their numbers only.
    """

    stamp: Hashable
    id: int
    state: State
    title: str
    language: str
    body: BodyView | None
    around: Around  # the places around that of the body
    count: int
    required: int | None
    closes_at: datetime | None
    state_since: datetime
    theme: str | None
    recent: int | None = None  # joined in the last days
    due_on: date | None = None  # the last day of the examination
    outcome: str | None = None  # of the published decision
    calendar: Calendar | None = None  # by which days late are counted; only where there is a day to be late

    @property
    def label(self) -> Label:
        return STATE_LABELS[self.state]

    @property
    def recent_percent(self) -> float | None:
        """What joined in the last days as a share of what is needed; None where it would be written as nothing."""
        if not self.recent or not self.required:
            return None
        return round(100 * self.recent / self.required, 1) or None

    def is_late(self, now: datetime) -> bool:
        """Whether the answer was due and is not there."""
        return self.due_on is not None and self.due_on < local_date(now)

    def days_late(self, now: datetime) -> int | None:
        """Working days that the answer is late; None when it is not, and beyond the calendar."""
        if self.due_on is None or self.calendar is None or not self.is_late(now):
            return None
        left = days_left(local_date(now), self.due_on, Unit.WORKING_DAYS, self.calendar)
        return -left if left else None

    def days_left(self, now: datetime) -> int | None:
        """Whole days until joining ends; 0 on the last day; None when it is not open."""
        if self.state is not State.OPEN or self.closes_at is None or self.closes_at <= now:
            return None
        return (local_date(self.closes_at - timedelta(microseconds=1)) - local_date(now)).days

    def told(self, now: datetime) -> Hashable:
        """All that its card is made of."""
        return self.stamp, self.id, self.count, self.recent, self.days_left(now), self.days_late(now), self.is_late(now)


def told_by(lines: Sequence[Line], now: datetime) -> Hashable:
    """All that a list of cards is made of."""
    return tuple(line.told(now) for line in lines)


def lines_of(session: Session, ids: Sequence[int], *, recent: dict[int, int] | None = None) -> tuple[Line, ...]:
    """Lines for these petitions, in this order; a fixed number of queries however many there are."""
    if not ids:
        return ()
    cards = _kept.get(session, ("lines", tuple(ids)), lambda: _cards(session, ids))
    counts = tally.counts(session, ids)
    recent = recent or {}
    return tuple(
        Line(**{**vars(card), "count": counts.get(card.id, 0), "recent": recent.get(card.id)}) for card in cards
    )


def _cards(session: Session, ids: Sequence[int]) -> tuple[Line, ...]:
    """The lines without their numbers."""
    stamp = versions.stamp(session, PETITIONS, REFERENCE)
    rows = {row.id: row for row in session.execute(sa.select(*_COLUMNS).where(Petition.id.in_(ids)))}
    bodies = reference.bodies(session, [row.body_id for row in rows.values() if row.body_id])
    places = around(session, [body.territory_kato for body in bodies.values()])
    states = {row.id: row.state for row in rows.values()}
    hidden = _hidden(session, _in_state(states, State.REFUSED))
    due = _due(session, _in_state(states, State.EXAMINATION))
    calendar = reference.calendar(session) if due else None
    outcomes = _outcomes(session, _in_state(states, State.PUBLISHED))
    return tuple(
        Line(
            stamp=stamp,
            id=petition_id,
            state=State(row.state),
            title="" if petition_id in hidden else row.title or "",
            language=row.language,
            body=(body := bodies.get(row.body_id)),
            around=places.get(body.territory_kato or "", ()) if body else (),
            count=0,
            required=row.required,
            closes_at=row.closes_at,
            state_since=row.state_since,
            theme=row.theme,
            due_on=due.get(petition_id),
            outcome=outcomes.get(petition_id),
            calendar=calendar if petition_id in due else None,
        )
        for petition_id in ids
        if (row := rows.get(petition_id)) is not None
    )


def _in_state(states: Mapping[int, str], wanted: State) -> list[int]:
    return [petition_id for petition_id, state in states.items() if state == wanted]


def _due(session: Session, ids: Collection[int]) -> dict[int, date]:
    """The last day of the examination of each."""
    if not ids:
        return {}
    rows = session.execute(
        sa.select(Clock.petition_id, sa.func.max(Clock.due_on))
        .where(Clock.petition_id.in_(ids), Clock.kind == ClockKind.CONSIDERATION)
        .group_by(Clock.petition_id)
    )
    return dict(rows.all())


def _outcomes(session: Session, ids: Collection[int]) -> dict[int, str]:
    """What the newest published decision on each says."""
    rows = session.execute(
        sa.select(Decision.petition_id, Decision.outcome)
        .where(Decision.petition_id.in_(ids), Decision.published_at.is_not(None))
        .order_by(Decision.version)
    )
    return dict(rows.all())


def _hidden(session: Session, refused_ids: Collection[int]) -> set[int]:
    """Refused petitions whose text, and so whose title, is hidden."""
    if not refused_ids:
        return set()
    return set(
        session.scalars(
            sa.select(Refusal.petition_id).where(
                Refusal.petition_id.in_(refused_ids), Refusal.hides_text, Refusal.lifted_at.is_(None)
            )
        )
    )


_COLUMNS = (
    Petition.id,
    Petition.state,
    Petition.title,
    Petition.language,
    Petition.body_id,
    Petition.required,
    Petition.closes_at,
    Petition.state_since,
    Petition.theme,
)

_kept = Kept(PETITIONS, REFERENCE, most=1_000)
