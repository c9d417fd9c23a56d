"""What lists, the front page and the record of bodies ask. Every page takes a fixed number of queries.

Which petitions a list holds, in which order, and what stands on their cards changes only with somebody's legal step:
that is kept (`versions`). How many joined is asked anew.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions import versions
from petitions.browsing.filters import GROUPS, LEVEL_NUMBERS, Filters
from petitions.browsing.lines import Line, lines_of
from petitions.law.states import PUBLIC, ClockKind, State
from petitions.law.working_days import local_date
from petitions.lifecycle.models import SUBJECT as PETITIONS
from petitions.lifecycle.models import Clock, Petition
from petitions.reference import queries as reference
from petitions.reference.models import SUBJECT as REFERENCE
from petitions.reference.models import Territory
from petitions.signatures.models import Signature
from petitions.signatures.writer import new_id
from petitions.tally.models import Tally
from petitions.versions import Kept

PAGE = 20
RISING_DAYS = 7
ID_TIME = 12  # the letters of a joining's id that tell its time
# Seconds for which an order may be kept while no petition takes a step: the newest do not change without one, joining
# ends at the end of a day, and the count itself is only as new as the last sealing.
ORDER_STANDS = {"newest": 10**9, "closing": 60, "joined": 1}


_kept = Kept(PETITIONS, REFERENCE, most=1_000)


@dataclass(frozen=True)
class Listed:
    """One page of a list, as of a stamp."""

    stamp: Hashable
    lines: tuple[Line, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class Figures:
    """How the state answers: petitions open, examined, answered in time and late, and answers overdue now."""

    open: int
    examined: int
    in_time: int
    late: int
    overdue: int


@dataclass(frozen=True)
class Front:
    figures: Figures
    rising: tuple[Line, ...]
    closing: tuple[Line, ...]
    answered: tuple[Line, ...]
    overdue: tuple[Line, ...]


def front(session: Session, at: datetime, *, each: int = 5) -> Front:
    """The front page as of ``at``; link-only petitions are not in it."""
    return Front(
        figures=figures(session, at),
        rising=rising(session, at, each),
        closing=closing_soon(session, at, each),
        answered=just_answered(session, each),
        overdue=overdue(session, at, each),
    )


def listed(session: Session, filters: Filters, at: datetime) -> Listed:
    """The page of the list that the filters ask for; a number beyond the last page gives the last."""
    total = group_counts(session, filters)[filters.group]
    pages = max(1, -(-total // PAGE))
    asked = replace(filters, page=min(filters.page, pages))
    moment = int(at.timestamp()) // ORDER_STANDS[filters.sort]
    ids = _kept.get(session, ("listed", asked, moment), lambda: _listed_ids(session, asked, at))
    stamp = versions.stamp(session, PETITIONS, REFERENCE)
    return Listed(stamp, lines_of(session, ids), asked.page, pages, total)


def group_counts(session: Session, filters: Filters) -> Mapping[str, int]:
    """How many petitions each group holds under the other filters."""
    others = replace(filters, group="all", sort="newest", page=1)
    return _kept.get(session, ("counts", others), lambda: _group_counts(session, others))


def _listed_ids(session: Session, filters: Filters, at: datetime) -> tuple[int, ...]:
    wanted = _matching(session, filters)
    if filters.group != "all":
        wanted = wanted.where(Petition.state.in_(GROUPS[filters.group]))
    ordered = _sorted(wanted, filters.sort, at).limit(PAGE).offset((filters.page - 1) * PAGE)
    return tuple(session.scalars(ordered))


def _group_counts(session: Session, filters: Filters) -> Mapping[str, int]:
    matching = _matching(session, filters).subquery()
    rows = session.execute(
        sa.select(Petition.state, sa.func.count())
        .where(Petition.id.in_(sa.select(matching.c.id)))
        .group_by(Petition.state)
    )
    by_state = {State(state): number for state, number in rows}
    counts = {group: sum(by_state.get(state, 0) for state in states) for group, states in GROUPS.items()}
    return {"all": sum(by_state.values()), **counts}


def rising(session: Session, at: datetime, limit: int) -> tuple[Line, ...]:
    """Open petitions that most citizens joined in the last week.

    Ids of joinings sort by time, so that each petition costs one range of the primary key.
    """
    since = new_id(at - timedelta(days=RISING_DAYS))[:ID_TIME]
    joined = sa.func.count().label("joined")
    wanted = (
        sa.select(Petition.id, joined)
        .join(Signature, sa.and_(Signature.petition_id == Petition.id, Signature.id >= since))
        .where(*_joinable(at), Signature.withdrawn_at.is_(None))
        .group_by(Petition.id)
        .order_by(joined.desc(), Petition.id.desc())
        .limit(limit)
    )
    recent = dict(session.execute(wanted).all())
    return lines_of(session, list(recent), recent=recent)


def closing_soon(session: Session, at: datetime, limit: int) -> tuple[Line, ...]:
    """Open petitions whose joining ends first."""
    wanted = sa.select(Petition.id).where(*_joinable(at)).order_by(Petition.closes_at, Petition.id).limit(limit)
    return lines_of(session, session.scalars(wanted).all())


def just_answered(session: Session, limit: int) -> tuple[Line, ...]:
    """Petitions whose decision was published last."""
    wanted = (
        sa.select(Petition.id)
        .where(Petition.state == State.PUBLISHED)
        .order_by(Petition.state_since.desc(), Petition.id.desc())
        .limit(limit)
    )
    return lines_of(session, session.scalars(wanted).all())


def overdue(session: Session, at: datetime, limit: int) -> tuple[Line, ...]:
    """Petitions whose answer is late, the longest wait first."""
    wanted = (
        sa.select(Clock.petition_id)
        .join(Petition, Petition.id == Clock.petition_id)
        .where(*_waits_too_long(at))
        .group_by(Clock.petition_id)
        .order_by(sa.func.max(Clock.due_on), Clock.petition_id)
        .limit(limit)
    )
    return lines_of(session, session.scalars(wanted).all())


def figures(session: Session, at: datetime, body_id: int | None = None) -> Figures:
    """The record of all bodies, or of one."""
    of_body = [Petition.body_id == body_id] if body_id is not None else []
    states = dict(
        session.execute(
            sa.select(Petition.state, sa.func.count())
            .where(Petition.state.in_(PUBLIC), *of_body)
            .group_by(Petition.state)
        ).all()
    )
    endings = dict(
        session.execute(
            sa.select(Clock.ending, sa.func.count(sa.distinct(Clock.petition_id)))
            .join(Petition, Petition.id == Clock.petition_id)
            .where(Clock.kind == ClockKind.CONSIDERATION, Petition.state == State.PUBLISHED, *of_body)
            .group_by(Clock.ending)
        ).all()
    )
    waiting = session.scalar(
        sa.select(sa.func.count(sa.distinct(Clock.petition_id)))
        .join(Petition, Petition.id == Clock.petition_id)
        .where(*_waits_too_long(at), *of_body)
    )
    return Figures(
        open=states.get(State.OPEN, 0),
        examined=sum(states.get(state, 0) for state in GROUPS["examined"]),
        in_time=endings.get("met", 0),
        # 91(2): past the term the clock is lapsed; an answer that came after it is a late one.
        late=endings.get("late", 0) + endings.get("lapsed", 0),
        overdue=waiting or 0,
    )


def of_body(session: Session, body_id: int, limit: int = PAGE) -> tuple[Line, ...]:
    """The newest public petitions addressed to a body."""
    wanted = sa.select(Petition.id).where(Petition.state.in_(PUBLIC), Petition.body_id == body_id)
    return lines_of(session, session.scalars(_newest(wanted).limit(limit)).all())


def of_territory(session: Session, kato: str, limit: int = PAGE) -> tuple[Line, ...]:
    """The newest public petitions addressed to a unit or to one inside it."""
    inside = reference.within(session, kato)
    wanted = sa.select(Petition.id).where(Petition.state.in_(PUBLIC), Petition.territory_kato.in_(inside))
    return lines_of(session, session.scalars(_newest(wanted).limit(limit)).all())


def public_by_body(session: Session, body_ids: Collection[int]) -> dict[int, int]:
    """How many public petitions each body has."""
    rows = session.execute(
        sa.select(Petition.body_id, sa.func.count())
        .where(Petition.state.in_(PUBLIC), Petition.body_id.in_(body_ids))
        .group_by(Petition.body_id)
    )
    return {body_id: number for body_id, number in rows if body_id is not None}


def _joinable(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return Petition.state == State.OPEN, Petition.closes_at > at


def _waits_too_long(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """In examination past the due day, whether or not the worker has marked it yet."""
    return (
        Petition.state == State.EXAMINATION,
        Clock.kind == ClockKind.CONSIDERATION,
        sa.or_(Clock.ending.is_(None), Clock.ending == "lapsed"),
        Clock.due_on < local_date(at),
    )


def _matching(session: Session, filters: Filters) -> sa.Select[int]:
    """Public petitions under every filter but the group."""
    wanted = sa.select(Petition.id).where(Petition.state.in_(PUBLIC))
    if filters.body:
        wanted = wanted.where(Petition.body_id == filters.body.id)
    if filters.place:
        wanted = wanted.where(Petition.territory_kato.in_(reference.within(session, filters.place.kato)))
    if filters.level == "republic":
        wanted = wanted.where(Petition.addressee == "government")
    elif filters.level:
        of_level = sa.select(Territory.kato).where(Territory.level == LEVEL_NUMBERS[filters.level])
        wanted = wanted.where(Petition.territory_kato.in_(of_level))
    return wanted


def _sorted(wanted: sa.Select[int], sort: str, at: datetime) -> sa.Select[int]:
    if sort == "joined":
        counted = sa.func.coalesce(Tally.joinings - Tally.removals, 0)
        joined = wanted.outerjoin(Tally, Tally.petition_id == Petition.id)
        return joined.order_by(counted.desc(), Petition.id.desc())
    if sort == "closing":
        joinable = sa.and_(*_joinable(at))
        return _newest(wanted.order_by(sa.case((joinable, 0), else_=1), sa.case((joinable, Petition.closes_at))))
    return _newest(wanted)


def _newest(wanted: sa.Select[int]) -> sa.Select[int]:
    """By the day it became public: opened, or refused at the check."""
    return wanted.order_by(sa.func.coalesce(Petition.opened_at, Petition.state_since).desc(), Petition.id.desc())
