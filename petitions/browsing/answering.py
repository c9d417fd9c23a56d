"""How long the check and the bodies take, in working days, and what the bodies answer. Public petitions only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.browsing.seldom import Seldom
from petitions.law.levels import Addressee
from petitions.law.states import PUBLIC, ClockKind, State
from petitions.law.working_days import CalendarUnknown, local_date, working_days_left
from petitions.lifecycle.models import SUBJECT as PETITIONS
from petitions.lifecycle.models import Clock, Decision, Petition
from petitions.reference import queries as reference
from petitions.reference.models import SUBJECT as REFERENCE
from petitions.versions import Kept

Taken = Callable[[date, date], int | None]
"""Working days between two days, day zero being the first; None where the calendar does not reach."""


@dataclass(frozen=True)
class Speed:
    """How many were finished, how many of them in time, and the median in working days (None: of nothing)."""

    ended: int
    in_time: int
    median: int | None

    @property
    def late(self) -> int:
        return self.ended - self.in_time

    @property
    def percent_in_time(self) -> int | None:
        """Whole per cent, rounded down: all in time is the only hundred."""
        return 100 * self.in_time // self.ended if self.ended else None


@dataclass(frozen=True, kw_only=True)
class Due:
    """The answers that were due: given in time, given late, and overdue now; whose term still runs is not in it.

    The one rule of every share "in time": by 91(2) silence past the term is a refusal, so it is in the whole.
    """

    in_time: int = 0
    late: int = 0
    overdue: int = 0

    @property
    def due(self) -> int:
        return self.in_time + self.late + self.overdue

    @property
    def percent_in_time(self) -> int | None:
        """Whole per cent, rounded down: all in time is the only hundred. None where no answer was due."""
        return 100 * self.in_time // self.due if self.due else None


@dataclass(frozen=True)
class Answers:
    """The published decisions: how fast they came, and how many said what (full, partial, refused)."""

    speed: Speed
    outcomes: Mapping[str, int]

    @property
    def satisfied(self) -> int:
        """How many were satisfied fully or in part."""
        return self.outcomes.get("full", 0) + self.outcomes.get("partial", 0)

    @property
    def satisfied_percent(self) -> int | None:
        """Their share in whole per cent, rounded down: all of them is the only hundred."""
        answered = sum(self.outcomes.values())
        return 100 * self.satisfied // answered if answered else None


@dataclass(frozen=True)
class Answering:
    """Answers of all bodies, of the central and the local ones (their terms differ), and of each by its id."""

    all: Answers
    central: Answers
    local: Answers
    by_body: Mapping[int, Answers]


@dataclass(frozen=True)
class _Answer:
    body_id: int
    is_central: bool
    outcome: str
    in_time: bool
    days: int | None


NO_ANSWERS = Answers(Speed(0, 0, None), {})


def due_of(answers: Answers, overdue: int) -> Due:
    """What was due of those who gave these answers and owe so many."""
    return Due(in_time=answers.speed.in_time, late=answers.speed.late, overdue=overdue)


def checks(session: Session) -> Speed:
    """The check of the petitions that are public: those it let through and those it refused."""
    taken = _counting(session)
    rows = session.execute(
        sa.select(Clock.started_on, Clock.ended_at, Clock.ending)
        .join(Petition, Petition.id == Clock.petition_id)
        .where(Clock.kind == ClockKind.CHECK, Clock.ending.in_(("met", "late")), Petition.state.in_(PUBLIC))
    )
    return _speed((ending == "met", taken(started, local_date(ended))) for started, ended, ending in rows if ended)


def answering(session: Session) -> Answering:
    """The petitions answered in public. Their time runs from registration to the first decision, late ones too."""
    return _kept.get(session, None, lambda: _answering(session))


def of_body(session: Session, body_id: int) -> Answers:
    """How one body answers."""
    return answering(session).by_body.get(body_id, NO_ANSWERS)


def overdue_by_body(session: Session, at: datetime) -> Mapping[int, int]:
    """The answers late today, by the bodies that owe them."""
    return _kept_overdue.get(session, local_date(at), lambda: _overdue_by_body(session, at))


def waits_too_long(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """In examination past the due day, whether or not the worker has marked it yet."""
    return (
        Petition.state == State.EXAMINATION,
        Clock.kind == ClockKind.CONSIDERATION,
        sa.or_(Clock.ending.is_(None), Clock.ending == "lapsed"),
        Clock.due_on < local_date(at),
    )


_kept = Seldom[Answering](PETITIONS, REFERENCE)
_kept_overdue = Kept(PETITIONS, most=2)


def _answering(session: Session) -> Answering:
    given = _given(session)
    by_body: dict[int, list[_Answer]] = defaultdict(list)
    for answer in given:
        by_body[answer.body_id].append(answer)
    return Answering(
        all=_told(given),
        central=_told([answer for answer in given if answer.is_central]),
        local=_told([answer for answer in given if not answer.is_central]),
        by_body={body_id: _told(answers) for body_id, answers in by_body.items()},
    )


def _overdue_by_body(session: Session, at: datetime) -> Mapping[int, int]:
    rows = session.execute(
        sa.select(Petition.body_id, sa.func.count(sa.distinct(Clock.petition_id)))
        .join(Clock, Petition.id == Clock.petition_id)
        .where(*waits_too_long(at))
        .group_by(Petition.body_id)
    )
    return {body_id: number for body_id, number in rows if body_id is not None}


def _given(session: Session) -> list[_Answer]:
    """One a petition: the days to its first decision, and what the newest says."""
    taken = _counting(session)
    terms = {
        petition_id: (started, ending)
        for petition_id, started, ending in session.execute(
            sa.select(Clock.petition_id, Clock.started_on, Clock.ending)
            .join(Petition, Petition.id == Clock.petition_id)
            .where(Clock.kind == ClockKind.CONSIDERATION, Petition.state == State.PUBLISHED)
            .order_by(Clock.id.desc())
        )
    }
    decisions = session.execute(
        sa.select(Petition.id, Petition.body_id, Petition.addressee, Decision.outcome, Decision.decided_at)
        .join(Decision, Decision.petition_id == Petition.id)
        .where(Petition.state == State.PUBLISHED, Decision.published_at.is_not(None))
        .order_by(Decision.version.desc())
    )
    first: dict[int, _Answer] = {}
    newest: dict[int, str] = {}
    for petition_id, body_id, addressee, outcome, decided_at in decisions:
        if petition_id not in terms or body_id is None or decided_at is None:
            continue
        started, ending = terms[petition_id]
        central = addressee == Addressee.GOVERNMENT
        says = newest.setdefault(petition_id, outcome)
        days = taken(started, local_date(decided_at))
        first[petition_id] = _Answer(body_id, central, says, ending == "met", days)
    return list(first.values())


def _told(answers: Collection[_Answer]) -> Answers:
    return Answers(
        _speed((answer.in_time, answer.days) for answer in answers), Counter(answer.outcome for answer in answers)
    )


def _speed(ended: Iterable[tuple[bool, int | None]]) -> Speed:
    finished = list(ended)
    days = [each for _met, each in finished if each is not None]
    return Speed(len(finished), sum(met for met, _days in finished), round(median(days)) if days else None)


def _counting(session: Session) -> Taken:
    """Counts each pair of days once: a thousand petitions share a few hundred."""
    calendar = reference.calendar(session)
    known: dict[tuple[date, date], int | None] = {}

    def taken(start: date, end: date) -> int | None:
        pair = start, max(start, end)
        if pair not in known:
            try:
                known[pair] = working_days_left(*pair, calendar)
            except CalendarUnknown:
                known[pair] = None
        return known[pair]

    return taken
