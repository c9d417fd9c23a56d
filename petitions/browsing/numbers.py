"""The number of a petition by itself: as it stands, and how it came about, day by day and hour by hour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.browsing.count_picture import Bars, Line, bars, line
from petitions.errors import NotFound
from petitions.law.editions import edition
from petitions.law.policy import count_towards_threshold
from petitions.law.states import State
from petitions.law.working_days import ZONE, end_of_day, local_date
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.models import Petition
from petitions.lifecycle.visibility import Found
from petitions.log import queries as log
from petitions.reference import queries as reference
from petitions.signatures import queries as signatures
from petitions.signatures.queries import CountedSigner
from petitions.tally import queries as tally
from petitions.tally.queries import Hour
from petitions.versions import Kept

HOUR = timedelta(hours=1)
SIGNERS = 50
A_PICTURE = 2  # days at least: one day makes no line


@dataclass(frozen=True)
class Number:
    """``count`` is in force, ``written`` of it joined on paper; ``counted`` is what the page compares with ``needed``
    (None: nothing is needed)."""

    petition: int
    count: int
    counted: int
    needed: int | None
    joinings: int
    removals: int
    sealed_at: datetime | None
    size: int | None  # leaves of the public log
    written: int


@dataclass(frozen=True)
class Subject:
    """The petition that a page is about; ``title`` is empty where the refusal hides the text."""

    id: int
    ref: str
    title: str
    language: str
    is_public: bool
    hidden: bool


@dataclass(frozen=True)
class Part:
    """A day or an hour: what happened in it, and the count when it was over."""

    begins: datetime
    joinings: int
    removals: int
    count: int

    @property
    def day(self) -> date:
        """Kazakhstan's."""
        return local_date(self.begins)

    @property
    def ends(self) -> datetime:
        """Of an hour."""
        return self.begins + HOUR


@dataclass(frozen=True)
class HistoryPage:
    """``hours`` are those of ``day``, a day that was asked for."""

    subject: Subject
    number: Number
    days: tuple[Part, ...]
    day: date | None
    hours: tuple[Part, ...]
    line: Line | None
    bars: Bars | None


@dataclass(frozen=True)
class SignersPage:
    """``older`` is where the next page begins; None on the last."""

    subject: Subject
    count: int
    signers: tuple[CountedSigner, ...]
    is_first: bool
    older: int | None


def number(session: Session, found: Found) -> Number:
    """The number as sealed, a few statements however many joined. Raises NotFound for a draft."""
    row = session.execute(_STAGE, {"petition": found.petition_id}).one()
    if row.state == State.DRAFT:
        raise NotFound
    law = edition(row.edition)
    sealed = tally.counted(session, found.petition_id)
    counted, needed = sealed.count, law.support_needed.value if row.opened_at is None else row.required
    if row.opened_at is not None:
        counted = count_towards_threshold(sealed.count, law, reference.policy(session))
    return Number(
        petition=found.petition_id,
        count=sealed.count,
        counted=counted,
        needed=needed,
        joinings=sealed.joinings,
        removals=sealed.removals,
        sealed_at=sealed.sealed_at,
        size=log.size_of(session, found.petition_id) if found.is_public else None,
        written=sealed.written,
    )


def hours(session: Session, found: Found) -> list[Part]:
    """The hours in which anything happened, oldest first, each with the count at its end."""
    return hours_of(session, found.petition_id)


def hours_of(session: Session, petition_id: int) -> list[Part]:
    """The same by the petition's number."""
    return _running(tally.by_hour(session, petition_id))


def history_page(session: Session, found: Found, asked: date | None) -> HistoryPage:
    """The history of the number; ``asked`` is the day whose hours are wanted."""
    now = number(session, found)
    parts = hours(session, found)
    days = _days(parts)
    return HistoryPage(
        subject=subject(session, found),
        number=now,
        days=tuple(reversed(days)),
        day=asked,
        hours=tuple(part for part in parts if part.day == asked),
        line=line([(min(part.ends, now.sealed_at or part.ends), part.count) for part in parts], now.needed)
        if parts
        else None,
        bars=bars([(part.day, part.joinings, part.removals) for part in days]) if days else None,
    )


def small_picture(
    session: Session, petition_id: int, *, joined: int, written: int, needed: int | None, until: datetime
) -> Line | None:
    """The count at the end of every day until then; None while there is nothing to draw.

    The days behind are read once an hour, and again when sheets of paper add to one of them.
    """
    today = local_date(until)
    key = (petition_id, today, until.hour, written)
    days = _kept_days.get(session, key, lambda: tuple(_days(hours_of(session, petition_id))))
    behind = [(_day_after(day.begins), day.count) for day in days if day.day < today]
    if not days or (today - days[0].day).days + 1 < A_PICTURE:
        return None
    return line([(days[0].begins, 0), *behind, (end_of_day(today), joined)], needed)


def signers_page(session: Session, found: Found, before: int | None) -> SignersPage:
    """Who joined, newest first, from a place in the log on. Raises NotFound where the names are hidden."""
    about = subject(session, found)
    if about.hidden:
        raise NotFound
    listed = signatures.counted_signers(session, found.petition_id, before=before, limit=SIGNERS)
    return SignersPage(
        subject=about,
        count=tally.counted(session, found.petition_id).count,
        signers=listed.signers,
        is_first=before is None,
        older=listed.older,
    )


def subject(session: Session, found: Found) -> Subject:
    """What may be said of the petition to everybody who may see it. Raises NotFound for a draft."""
    standing = lifecycle.standing(session, found.petition_id)
    if standing.state is State.DRAFT:
        raise NotFound
    refusal = lifecycle.refusal(session, standing.id) if standing.state is State.REFUSED else None
    hidden = bool(refusal and refusal.hides_text)
    title = "" if hidden else standing.title
    return Subject(standing.id, found.ref, title, standing.language, found.is_public, hidden)


def _running(rows: Iterable[Hour]) -> list[Part]:
    parts, count = [], 0
    for row in rows:
        count += row.joinings - row.removals
        parts.append(Part(row.hour, row.joinings, row.removals, count))
    return parts


def _days(parts: Sequence[Part]) -> list[Part]:
    """Kazakhstan's days, oldest first; those on which nothing happened are left out."""
    days = []
    for day, within in groupby(parts, key=lambda part: part.day):
        of_day = list(within)
        days.append(
            Part(
                begins=datetime(day.year, day.month, day.day, tzinfo=ZONE),
                joinings=sum(part.joinings for part in of_day),
                removals=sum(part.removals for part in of_day),
                count=of_day[-1].count,
            )
        )
    return days


def _day_after(begins: datetime) -> datetime:
    """The end of the day that begins then."""
    return end_of_day(local_date(begins))


_kept_days = Kept("reference", most=2_000)
_STAGE = sa.select(Petition.state, Petition.edition, Petition.opened_at, Petition.required).where(
    Petition.id == sa.bindparam("petition")
)
