"""What the statistics count. Public petitions only: what has a private link is in no number, nor what was taken down.

Almost all of it changes only with a legal step; joinings a day are asked anew every minute. Both are kept (`seldom`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from petitions.browsing.answering import (
    NO_ANSWERS,
    Answering,
    Answers,
    Due,
    Speed,
    answering,
    checks,
    due_of,
    overdue_by_body,
)
from petitions.browsing.around import Around, around
from petitions.browsing.filters import GROUPS, LEVEL_NUMBERS
from petitions.browsing.front import Figures, figures
from petitions.browsing.seldom import Seldom
from petitions.law.states import PUBLIC, Event, State
from petitions.law.working_days import add_months, local_date, start_of_day
from petitions.lifecycle.models import SUBJECT as PETITIONS
from petitions.lifecycle.models import Decision, Petition, Refusal, Transition
from petitions.lifecycle.themes import THEMES, Theme
from petitions.reference import queries as reference
from petitions.reference.models import SUBJECT as REFERENCE
from petitions.reference.records import BodyView, TerritoryView
from petitions.tally.models import HourlyTally

Key = TypeVar("Key")

MOST_MONTHS = 120
DAYS = 30
JOININGS_STAND = 60  # seconds


@dataclass(frozen=True)
class Month:
    """What happened within a month of Kazakhstan's calendar to petitions that are public today."""

    first: date
    filed: int
    opened: int
    refused: int
    returned: int
    answered: int


@dataclass(frozen=True)
class Reason:
    """How often the check refused by one condition of one edition."""

    edition: str
    ground: str
    code: str
    clause: str
    number: int


@dataclass(frozen=True)
class Standing:
    """Petitions of a level, a place or a body: all, open for joining, being answered, answered, refused, returned."""

    all: int = 0
    open: int = 0
    examined: int = 0
    answered: int = 0
    refused: int = 0
    returned: int = 0


@dataclass(frozen=True)
class OfLevel:
    level: str
    petitions: Standing


@dataclass(frozen=True)
class OfTheme:
    """A subject area; ``theme`` None for petitions whose author chose none."""

    theme: Theme | None
    petitions: Standing


@dataclass(frozen=True)
class OfUnit:
    """A top unit with everything that is addressed within it."""

    unit: TerritoryView
    petitions: Standing
    due: Due


@dataclass(frozen=True)
class OfBody:
    """``around``: the places around that of the body."""

    body: BodyView
    around: Around
    petitions: Standing
    answers: Answers
    due: Due


@dataclass(frozen=True)
class DueAnswers:
    """The answers that were due from all bodies, from the central and from the local ones."""

    all: Due
    central: Due
    local: Due


@dataclass(frozen=True)
class Day:
    """What was joined and taken back within a day of Kazakhstan."""

    day: date
    joinings: int
    removals: int


@dataclass(frozen=True)
class Statistics:
    """As counted ``at`` a moment. Every month, level, top unit and subject area is in it; of bodies those asked."""

    at: datetime
    figures: Figures
    months: tuple[Month, ...]
    checks: Speed
    reasons: tuple[Reason, ...]
    answering: Answering
    due: DueAnswers
    levels: tuple[OfLevel, ...]
    themes: tuple[OfTheme, ...]
    units: tuple[OfUnit, ...]
    bodies: tuple[OfBody, ...]


def statistics(session: Session, at: datetime) -> Statistics:
    """All of it but the joinings."""
    return _statistics_kept.get(session, local_date(at), lambda: _statistics(session, at))


def joinings_by_day(session: Session, at: datetime) -> tuple[Day, ...]:
    """The last full days, oldest first; today is not over. Paper entered later still adds to them."""
    minute = int(at.timestamp()) // JOININGS_STAND
    return _joinings_kept.get(session, minute, lambda: _joinings_by_day(session, local_date(at)))


_statistics_kept = Seldom[Statistics](PETITIONS, REFERENCE)
_joinings_kept = Seldom[tuple[Day, ...]](PETITIONS)


def _statistics(session: Session, at: datetime) -> Statistics:
    standings = _standings(session)
    of_bodies = reference.bodies(session, sorted(standings))
    places = reference.territories(session, [body.territory_kato for body in of_bodies.values() if body.territory_kato])
    answers = answering(session)
    named = around(session, [body.territory_kato for body in of_bodies.values()])
    rows = _bodies(standings, of_bodies, named, answers, overdue_by_body(session, at))
    return Statistics(
        at=at,
        figures=figures(session, at),
        months=_months(session, local_date(at)),
        checks=checks(session),
        reasons=_reasons(session),
        answering=answers,
        due=DueAnswers(
            all=_due(row.due for row in rows),
            central=_due(row.due for row in rows if row.body.is_central),
            local=_due(row.due for row in rows if not row.body.is_central),
        ),
        levels=_levels(standings, of_bodies, places),
        themes=_themes(session),
        units=_units(session, rows),
        bodies=rows,
    )


def _months(session: Session, today: date) -> tuple[Month, ...]:
    """From the first month in which a public petition was filed, oldest first."""
    since = session.scalar(sa.select(sa.func.min(Petition.filed_at)).where(_IS_PUBLIC))
    firsts = _first_days(local_date(since) if since else today, today)
    of_transition = sa.join(Petition, Transition, Transition.petition_id == Petition.id)
    published = (
        sa.select(sa.func.min(Decision.published_at).label("moment"))
        .join(Petition, Petition.id == Decision.petition_id)
        .where(_IS_PUBLIC, Decision.published_at.is_not(None))
        .group_by(Decision.petition_id)
    )
    moments: dict[str, sa.Select[Any]] = {
        "filed": sa.select(Petition.filed_at.label("moment")).where(_IS_PUBLIC),
        "opened": sa.select(Petition.opened_at.label("moment")).where(_IS_PUBLIC, Petition.opened_at.is_not(None)),
        "refused": sa.select(Transition.at.label("moment"))
        .join(Refusal, Refusal.transition_id == Transition.id)
        .join(Petition, Petition.id == Refusal.petition_id)
        .where(*_IN_FORCE),
        "returned": sa.select(Transition.at.label("moment"))
        .select_from(of_transition)
        .where(_IS_PUBLIC, Transition.event == Event.RETURNED),
        "answered": published,
    }
    counts = {name: _by_month(session, wanted, firsts) for name, wanted in moments.items()}
    return tuple(
        Month(first, **{name: counted.get(number, 0) for name, counted in counts.items()})
        for number, first in enumerate(firsts)
    )


def _first_days(since: date, today: date) -> list[date]:
    """The first days of the months from one day to another, the newest MOST_MONTHS of them."""
    first, firsts = since.replace(day=1), []
    while first <= today:
        firsts.append(first)
        first = add_months(first, 1)
    return firsts[-MOST_MONTHS:] or [today.replace(day=1)]


def _by_month(session: Session, moments: sa.Select[Any], firsts: Sequence[date]) -> Mapping[int, int]:
    """How many of the moments fall into each month. Both engines compare moments alike; they cut dates differently."""
    moment = moments.subquery().c.moment
    ends = [start_of_day(add_months(first, 1)) for first in firsts]
    month = sa.case(*((moment < end, number) for number, end in enumerate(ends)), else_=len(ends)).label("month")
    bucket = sa.select(month).where(moment >= start_of_day(firsts[0])).subquery().c.month
    return dict(session.execute(sa.select(bucket, sa.func.count()).group_by(bucket)).all())


def _reasons(session: Session) -> tuple[Reason, ...]:
    """The refusals in force, the most frequent first."""
    number = sa.func.count().label("number")
    rows = session.execute(
        sa.select(Petition.edition, Refusal.ground, Refusal.code, Refusal.clause, number)
        .join(Petition, Petition.id == Refusal.petition_id)
        .where(*_IN_FORCE)
        .group_by(Petition.edition, Refusal.ground, Refusal.code, Refusal.clause)
        .order_by(number.desc(), Petition.edition, Refusal.clause)
    )
    return tuple(Reason(row.edition or "", row.ground, row.code, row.clause, row.number) for row in rows)


def _standings(session: Session) -> dict[int, Standing]:
    """By the body addressed; what is filed always has one."""
    found = _standings_by(session, Petition.body_id)
    return {body_id: standing for body_id, standing in found.items() if body_id is not None}


def _standings_by(session: Session, what: sa.ColumnElement[Key] | InstrumentedAttribute[Key]) -> dict[Key, Standing]:
    rows = session.execute(
        sa.select(what, Petition.state, sa.func.count()).where(_IS_PUBLIC).group_by(what, Petition.state)
    )
    states: dict[Key, Counter[str]] = defaultdict(Counter)
    for key, state, number in rows:
        states[key][state] += number
    return {key: _standing(counted) for key, counted in states.items()}


def _standing(states: Mapping[str, int]) -> Standing:
    groups = {group: sum(states.get(state, 0) for state in members) for group, members in GROUPS.items()}
    return Standing(sum(states.values()), **groups)


def _levels(
    standings: Mapping[int, Standing], bodies: Mapping[int, BodyView], places: Mapping[str, TerritoryView]
) -> tuple[OfLevel, ...]:
    """In the order of the list's own filter."""
    names = {number: name for name, number in LEVEL_NUMBERS.items()}
    levels: dict[str, list[Standing]] = defaultdict(list)
    for body_id, standing in standings.items():
        place = places.get(bodies[body_id].territory_kato or "")
        levels[names[place.level] if place else "republic"].append(standing)
    return tuple(OfLevel(level, _sum(levels[level])) for level in ("republic", *LEVEL_NUMBERS))


def _themes(session: Session) -> tuple[OfTheme, ...]:
    """Every area, the one with the most petitions first; last those without one."""
    found = _standings_by(session, Petition.theme)
    areas = [OfTheme(theme, found.get(code, Standing())) for code, theme in THEMES.items()]
    without = _sum(standing for code, standing in found.items() if code not in THEMES)
    return (*sorted(areas, key=lambda each: -each.petitions.all), OfTheme(None, without))


def _units(session: Session, bodies: Iterable[OfBody]) -> tuple[OfUnit, ...]:
    """Every top unit, the one with the most petitions first."""
    within = defaultdict[str | None, list[OfBody]](list)
    for row in bodies:
        within[row.around[-1].kato if row.around else row.body.territory_kato].append(row)
    units = [
        OfUnit(unit, _sum(row.petitions for row in within[unit.kato]), _due(row.due for row in within[unit.kato]))
        for unit in reference.top_units(session)
    ]
    return tuple(sorted(units, key=lambda each: -each.petitions.all))


def _bodies(
    standings: Mapping[int, Standing],
    bodies: Mapping[int, BodyView],
    named: Mapping[str, Around],
    answers: Answering,
    overdue: Mapping[int, int],
) -> tuple[OfBody, ...]:
    """Those with a public petition, the one with the most first."""
    rows = [
        OfBody(
            body=body,
            around=named.get(body.territory_kato or "", ()),
            petitions=standing,
            answers=given,
            due=due_of(given, overdue.get(body_id, 0)),
        )
        for body_id, standing in standings.items()
        for body, given in [(bodies[body_id], answers.by_body.get(body_id, NO_ANSWERS))]
    ]
    return tuple(sorted(rows, key=lambda each: (-each.petitions.all, each.body.slug)))


def _sum(standings: Iterable[Standing]) -> Standing:
    total: Counter[str] = Counter()
    for standing in standings:
        total.update(vars(standing))
    return Standing(**total)


def _due(answers: Iterable[Due]) -> Due:
    total: Counter[str] = Counter()
    for each in answers:
        total.update(vars(each))
    return Due(**total)


def _joinings_by_day(session: Session, today: date) -> tuple[Day, ...]:
    """Only petitions that could be joined in these days are looked at, each by a range of the primary key."""
    first = today - timedelta(days=DAYS)
    begins, ends = start_of_day(first), start_of_day(today)
    came, went = sa.func.sum(HourlyTally.joinings), sa.func.sum(HourlyTally.removals)
    rows = session.execute(
        sa.select(HourlyTally.hour, came, went)
        .join(Petition, Petition.id == HourlyTally.petition_id)
        .where(
            _IS_PUBLIC,
            Petition.opened_at.is_not(None),
            Petition.closes_at >= begins,
            HourlyTally.hour >= begins,
            HourlyTally.hour < ends,
        )
        .group_by(HourlyTally.hour)
    )
    joined: Counter[date] = Counter()
    removed: Counter[date] = Counter()
    for hour, joinings, removals in rows:
        joined[local_date(hour)] += int(joinings)
        removed[local_date(hour)] += int(removals)
    days = (first + timedelta(days=number) for number in range(DAYS))
    return tuple(Day(day, joined[day], removed[day]) for day in days)


_IS_PUBLIC = Petition.state.in_(PUBLIC)
_IN_FORCE = Petition.state == State.REFUSED, Refusal.lifted_at.is_(None)
