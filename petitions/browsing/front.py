"""What the front page and the record of bodies ask: what happens now, and how the state answers.

Every page takes a fixed number of queries. Link-only petitions are in none of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.browsing.answering import Answers, Due, answering, due_of, of_body, overdue_by_body, waits_too_long
from petitions.browsing.filters import GROUPS
from petitions.browsing.lines import Line, lines_of
from petitions.browsing.queries import joinable
from petitions.browsing.seldom import Seldom
from petitions.law.states import PUBLIC, State
from petitions.lifecycle.models import SUBJECT as PETITIONS
from petitions.lifecycle.models import Clock, Petition
from petitions.signatures.models import Signature
from petitions.signatures.writer import new_id
from petitions.tally.models import Tally
from petitions.versions import Kept

RISING_DAYS = 7
CLOSING_DAYS = 30
ORDER_STANDS = 60  # seconds
ID_TIME = 12  # the letters of a joining's id that tell its time


@dataclass(frozen=True, kw_only=True)
class Figures(Due):
    """How the state answers: petitions open and examined, and the answers that were due.

    An answer that is overdue is still owed, and so one of those examined.
    """

    open: int
    examined: int


@dataclass(frozen=True)
class Front:
    """``nearly``: what stands where nothing is closing soon."""

    figures: Figures
    answers: Answers
    rising: tuple[Line, ...]
    closing: tuple[Line, ...]
    nearly: tuple[Line, ...]
    answered: tuple[Line, ...]
    overdue: tuple[Line, ...]


def front(session: Session, at: datetime, *, each: int = 4) -> Front:
    """The front page as of ``at``; link-only petitions are not in it."""
    closing = closing_soon(session, at, each)
    return Front(
        figures=figures(session, at),
        answers=answering(session).all,
        rising=rising(session, at, each),
        closing=closing,
        nearly=() if closing else nearly_there(session, at, each),
        answered=just_answered(session, at, each),
        overdue=overdue(session, at, each),
    )


def rising(session: Session, at: datetime, limit: int) -> tuple[Line, ...]:
    """Open petitions that came nearest to their number in the last week: by joinings as a share of what is needed.

    By heads alone no village would ever be seen beside the whole country. Ids of joinings sort by time, so that
    each petition costs one range of the primary key.
    """
    since = new_id(at - timedelta(days=RISING_DAYS))[:ID_TIME]
    joined = sa.func.count().label("joined")
    wanted = (
        sa.select(Petition.id, joined)
        .join(Signature, sa.and_(Signature.petition_id == Petition.id, Signature.id >= since))
        .where(*joinable(at), Signature.withdrawn_at.is_(None))
        .group_by(Petition.id)
        .order_by((sa.func.count() / Petition.required).desc(), joined.desc(), Petition.id.desc())
        .limit(limit)
    )
    recent = dict(session.execute(wanted).all())
    return lines_of(session, list(recent), recent=recent)


def closing_soon(session: Session, at: datetime, limit: int) -> tuple[Line, ...]:
    """Open petitions whose joining ends within a month, the first to end first."""
    soon = Petition.closes_at <= at + timedelta(days=CLOSING_DAYS)
    wanted = sa.select(Petition.id).where(*joinable(at), soon).order_by(Petition.closes_at, Petition.id)
    return lines_of(session, _first(session, "closing", at, wanted, limit))


def nearly_there(session: Session, at: datetime, limit: int) -> tuple[Line, ...]:
    """Open petitions that lack the smallest share of the number needed."""
    joined = sa.func.coalesce(Tally.joinings - Tally.removals, 0)
    wanted = (
        sa.select(Petition.id)
        .outerjoin(Tally, Tally.petition_id == Petition.id)
        .where(*joinable(at))
        .order_by((joined * 1.0 / Petition.required).desc(), Petition.id)
    )
    return lines_of(session, _first(session, "nearly", at, wanted, limit))


def just_answered(session: Session, at: datetime, limit: int) -> tuple[Line, ...]:
    """Petitions whose decision was published last."""
    wanted = (
        sa.select(Petition.id)
        .where(Petition.state == State.PUBLISHED)
        .order_by(Petition.state_since.desc(), Petition.id.desc())
    )
    return lines_of(session, _first(session, "answered", at, wanted, limit))


def overdue(session: Session, at: datetime, limit: int) -> tuple[Line, ...]:
    """Petitions whose answer is late, the longest wait first."""
    wanted = (
        sa.select(Clock.petition_id)
        .join(Petition, Petition.id == Clock.petition_id)
        .where(*waits_too_long(at))
        .group_by(Clock.petition_id)
        .order_by(sa.func.max(Clock.due_on), Clock.petition_id)
    )
    return lines_of(session, _first(session, "overdue", at, wanted, limit))


def figures(session: Session, at: datetime, body_id: int | None = None) -> Figures:
    """The record of all bodies, or of one."""
    overdue = overdue_by_body(session, at)
    if body_id is not None:
        return _figures(_states(session, body_id), of_body(session, body_id), overdue.get(body_id, 0))
    states = _kept.get(session, None, lambda: _states(session))
    return _figures(states, answering(session).all, sum(overdue.values()))


_kept = Seldom[Mapping[str, int]](PETITIONS)
_kept_first = Kept(PETITIONS, most=20)


def _first(session: Session, name: str, at: datetime, wanted: sa.Select[int], limit: int) -> Sequence[int]:
    """The first of them: asked anew after every legal step, and every minute."""
    key = (name, int(at.timestamp()) // ORDER_STANDS, limit)
    return _kept_first.get(session, key, lambda: session.scalars(wanted.limit(limit)).all())


def _states(session: Session, body_id: int | None = None) -> Mapping[str, int]:
    of_one = [Petition.body_id == body_id] if body_id is not None else []
    counted = sa.select(Petition.state, sa.func.count()).where(Petition.state.in_(PUBLIC), *of_one)
    return dict(session.execute(counted.group_by(Petition.state)).all())


def _figures(states: Mapping[str, int], answers: Answers, waiting: int) -> Figures:
    """91(2): past the term the clock is lapsed; an answer that came after it is a late one."""
    return Figures(
        open=states.get(State.OPEN, 0),
        examined=sum(states.get(state, 0) for state in GROUPS["examined"]),
        **vars(due_of(answers, waiting)),
    )
