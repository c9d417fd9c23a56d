"""What lists ask. Every page takes a fixed number of queries.

Which petitions a list holds, in which order, and what stands on their cards changes only with somebody's legal step:
that is kept (`versions`). How many joined is asked anew.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions import versions
from petitions.browsing import facets
from petitions.browsing.excerpts import Excerpt, excerpts
from petitions.browsing.facets import Counts
from petitions.browsing.filters import GROUPS, LEVEL_NUMBERS, OVERDUE, Filters
from petitions.browsing.lines import Line, lines_of
from petitions.law.states import PUBLIC, State
from petitions.law.working_days import local_date
from petitions.lifecycle.models import SUBJECT as PETITIONS
from petitions.lifecycle.models import Petition
from petitions.reference import queries as reference
from petitions.reference.models import SUBJECT as REFERENCE
from petitions.reference.models import Territory
from petitions.search import finding
from petitions.search.documents import findable
from petitions.search.finding import MOST_FOUND, MOST_RANKED, How, Search
from petitions.search.models import SUBJECT as INDEX
from petitions.tally.models import Tally
from petitions.versions import Kept

PAGE = 20
# Seconds for which an order may be kept while no petition takes a step: the newest do not change without one, joining
# ends at the end of a day, and the count itself is only as new as the last sealing.
ORDER_STANDS = {"newest": 10**9, "match": 10**9, "closing": 60, "joined": 1}


_kept = Kept(PETITIONS, REFERENCE, most=1_000)
_kept_found = Kept(PETITIONS, REFERENCE, INDEX, most=500)  # what readers type is of no end: it pushes out no other list


@dataclass(frozen=True)
class Listed:
    """One page of a list, as of a stamp and the law's day.

    ``search`` is how the words were understood, ``texts`` where they stand.
    """

    stamp: Hashable
    lines: tuple[Line, ...]
    number: int
    pages: int
    counts: Counts
    search: Search | None = None
    texts: Mapping[int, Excerpt] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.counts.total

    @property
    def is_cut(self) -> bool:
        """Whether so many match that only the newest of them are counted."""
        return self.search is not None and self.counts.found >= MOST_FOUND


def listed(session: Session, filters: Filters, at: datetime) -> Listed:
    """The page of the list that the filters ask for; a number beyond the last page gives the last."""
    search = _searched(session, filters.words)
    if search is None and filters.words:  # small words only: they narrow nothing
        filters = replace(filters, words="", sort="newest" if filters.sort == "match" else filters.sort)
    counts = counts_of(session, filters, at)
    reachable = min(counts.total, MOST_RANKED) if search and filters.sort == "match" else counts.total
    pages = max(1, -(-reachable // PAGE))
    asked = replace(filters, page=min(filters.page, pages))
    moment = local_date(at), int(at.timestamp()) // ORDER_STANDS[filters.sort]
    ids = _keeper(filters).get(session, ("listed", asked, moment), lambda: _listed_ids(session, asked, search, at))
    stamp = versions.stamp(session, PETITIONS, REFERENCE), local_date(at)
    texts = _texts(session, ids, search.query.stems) if search else {}
    return Listed(stamp, lines_of(session, ids), asked.page, pages, counts, search, texts)


def counts_of(session: Session, filters: Filters, at: datetime) -> Counts:
    """How many petitions stand behind every choice under the other filters."""
    others = replace(filters, sort="newest", page=1)
    return _keeper(filters).get(session, ("counts", others, local_date(at)), lambda: _counts(session, others, at))


def _counts(session: Session, filters: Filters, at: datetime) -> Counts:
    key = ("cells", filters.words, local_date(at), *facets.narrowed_by(filters))
    search = _searched(session, filters.words)
    if search is not None and search.how is How.NOTHING:
        return facets.counted((), filters)
    cells = _keeper(filters).get(session, key, lambda: facets.cells(session, filters, search, at))
    return facets.counted(cells, filters)


def _searched(session: Session, words: str) -> Search | None:
    """How the words are understood; None without any, or where none can be looked for."""
    if not words:
        return None
    return _kept_found.get(session, ("search", words), lambda: finding.search(session, words))


def _texts(session: Session, ids: tuple[int, ...], stems: frozenset[str]) -> Mapping[int, Excerpt]:
    return _kept_found.get(session, ("texts", ids, stems), lambda: excerpts(session, ids, stems))


def _keeper(filters: Filters) -> Kept:
    return _kept_found if filters.words else _kept


def _listed_ids(session: Session, filters: Filters, search: Search | None, at: datetime) -> tuple[int, ...]:
    if search is not None and search.how is How.NOTHING:
        return ()
    wanted = _matching(session, filters, search)
    if filters.group == OVERDUE:
        wanted = wanted.where(facets.is_overdue(at))
    elif filters.group != "all":
        wanted = wanted.where(Petition.state.in_(GROUPS[filters.group]))
    first = (filters.page - 1) * PAGE
    if search and filters.sort == "match":
        key = ("ranked", replace(filters, page=1), local_date(at))
        ranked = _kept_found.get(session, key, lambda: finding.ranked(session, search, wanted))
        return tuple(ranked[first : first + PAGE])
    return tuple(session.scalars(_sorted(wanted, filters.sort, at).limit(PAGE).offset(first)))


def of_body(session: Session, body_id: int, limit: int = PAGE) -> tuple[Line, ...]:
    """The newest public petitions addressed to a body."""
    wanted = sa.select(Petition.id).where(Petition.state.in_(PUBLIC), Petition.body_id == body_id)
    return lines_of(session, session.scalars(_newest(wanted).limit(limit)).all())


def of_territory(session: Session, kato: str, limit: int = PAGE) -> tuple[Line, ...]:
    """The newest public petitions addressed to a unit or to one inside it."""
    inside = reference.within(session, kato)
    wanted = sa.select(Petition.id).where(Petition.state.in_(PUBLIC), Petition.territory_kato.in_(inside))
    return lines_of(session, session.scalars(_newest(wanted).limit(limit)).all())


def public_by_body(session: Session) -> dict[int, int]:
    """How many public petitions each body has that has any."""
    rows = session.execute(
        sa.select(Petition.body_id, sa.func.count()).where(Petition.state.in_(PUBLIC)).group_by(Petition.body_id)
    )
    return {body_id: number for body_id, number in rows if body_id is not None}


def joinable(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Open, and its end not reached."""
    return Petition.state == State.OPEN, Petition.closes_at > at


def _matching(session: Session, filters: Filters, search: Search | None) -> sa.Select[int]:
    """Public petitions with the words under every filter but the group."""
    wanted = sa.select(Petition.id).where(Petition.state.in_(PUBLIC), *_conditions(session, filters))
    if search is None:
        return wanted
    hit = finding.hits(session, search)
    return wanted.join(hit, hit.c.petition_id == Petition.id).where(findable())


def _conditions(session: Session, filters: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if filters.body:
        yield Petition.body_id == filters.body.id
    if filters.place:
        yield Petition.territory_kato.in_(reference.within(session, filters.place.kato))
    if filters.theme:
        yield Petition.theme == filters.theme
    if filters.language:
        yield Petition.language == filters.language
    if filters.level == "republic":
        yield Petition.addressee == "government"
    elif filters.level:
        of_level = sa.select(Territory.kato).where(Territory.level == LEVEL_NUMBERS[filters.level])
        yield Petition.territory_kato.in_(of_level)


def _sorted(wanted: sa.Select[int], sort: str, at: datetime) -> sa.Select[int]:
    if sort == "joined":
        counted = sa.func.coalesce(Tally.joinings - Tally.removals, 0)
        joined = wanted.outerjoin(Tally, Tally.petition_id == Petition.id)
        return joined.order_by(counted.desc(), Petition.id.desc())
    if sort == "closing":
        joins = sa.and_(*joinable(at))
        return _newest(wanted.order_by(sa.case((joins, 0), else_=1), sa.case((joins, Petition.closes_at))))
    return _newest(wanted)


def _newest(wanted: sa.Select[int]) -> sa.Select[int]:
    """By the day it became public: opened, or refused at the check."""
    return wanted.order_by(sa.func.coalesce(Petition.opened_at, Petition.state_since).desc(), Petition.id.desc())
