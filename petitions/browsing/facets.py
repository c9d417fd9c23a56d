"""How many petitions stand behind each choice of the list: state, level, place, body, subject area, language.

One query counts all combinations at once; each facet's figures are then those under every other filter. The
combinations change with somebody's legal step and the law's day only: they are kept, and another filter costs no query.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.browsing.answering import waits_too_long
from petitions.browsing.filters import GROUPS, LEVEL_NUMBERS, OVERDUE, Filters
from petitions.law.states import PUBLIC, State
from petitions.lifecycle.models import Clock, Petition
from petitions.reference.models import Territory
from petitions.search import finding
from petitions.search.documents import findable
from petitions.search.finding import Search

_GROUP_OF = {str(state): group for group, states in GROUPS.items() for state in states}
_LEVEL_OF = {number: name for name, number in LEVEL_NUMBERS.items()}
_AT_TOP = 1
_WITHIN = {"examined": frozenset({"examined", OVERDUE})}
"""A group that holds more than the cells that bear its name: what is overdue is being answered all the same."""

Cell = tuple[tuple[str, ...], int]
"""The value of each facet, in the order of `Counts`, and how many petitions have them all."""


@dataclass(frozen=True)
class Counts:
    """For every facet how many petitions each of its values has under the other filters."""

    groups: Mapping[str, int]
    levels: Mapping[str, int]
    tops: Mapping[str, int]  # by the code of the oblast or the city of republican significance
    bodies: Mapping[str, int]  # by the id of a central body, as text
    themes: Mapping[str, int]
    languages: Mapping[str, int]
    total: int  # under all filters
    found: int  # by the words alone, or all there are


def is_overdue(at: datetime) -> sa.ColumnElement[bool]:
    """Whether the answer to a petition is overdue."""
    late = sa.select(Clock.id).where(Clock.petition_id == Petition.id, *waits_too_long(at)).correlate(Petition)
    # One by one: a search finds few petitions in examination, and there may be thousands of overdue ones.
    return sa.and_(Petition.state == State.EXAMINATION, late.exists())


def cells(session: Session, filters: Filters, search: Search | None, at: datetime) -> tuple[Cell, ...]:
    """All combinations among the petitions that the words and the filters without figures leave."""
    columns = (
        sa.case((is_overdue(at), OVERDUE), else_=Petition.state),
        Petition.addressee,
        Territory.level,
        sa.func.substr(Petition.territory_kato, 1, 2),
        sa.case((Petition.addressee == "government", Petition.body_id)),
        Petition.theme,
        Petition.language,
    )
    wanted = sa.select(*columns, sa.func.count())
    if search is None:
        wanted = wanted.select_from(Petition).where(Petition.state.in_(PUBLIC))
    else:
        hit = finding.hits(session, search)
        wanted = wanted.select_from(hit.join(Petition, Petition.id == hit.c.petition_id)).where(findable())
    wanted = wanted.outerjoin(Territory, Territory.kato == Petition.territory_kato)
    for condition in narrowing(filters):
        wanted = wanted.where(condition)
    return tuple((_values(row[:-1]), row[-1]) for row in session.execute(wanted.group_by(*columns)))


def narrowing(filters: Filters) -> list[sa.ColumnElement[bool]]:
    """The filters that are no facet: a place below the oblasts, the body of one unit."""
    conditions: list[sa.ColumnElement[bool]] = []
    if filters.place and filters.place.level > _AT_TOP:
        # As many codes as a district has units; each is in the index of the table.
        above = sa.select(Territory.kato).where(
            sa.or_(Territory.kato == filters.place.kato, Territory.parent_kato == filters.place.kato)
        )
        conditions.append(Petition.territory_kato.in_(above))
    if filters.body and not filters.body.is_central:
        conditions.append(Petition.body_id == filters.body.id)
    return conditions


def narrowed_by(filters: Filters) -> tuple[object, ...]:
    """What `cells` depend on besides the words."""
    place, body = filters.place, filters.body
    return (place.kato if place and place.level > _AT_TOP else "", body.id if body and not body.is_central else 0)


def counted(found: Sequence[Cell], filters: Filters) -> Counts:
    """The figures of every facet: one pass, in which a cell counts for a facet if all others fit."""
    wanted = _wanted(filters)
    facets: tuple[Counter[str], ...] = tuple(Counter() for _each in wanted)
    total = everything = 0
    for values, number in found:
        everything += number
        unfit = [at for at, (value, want) in enumerate(zip(values, wanted, strict=True)) if want and value not in want]
        if not unfit:
            total += number
            for facet, value in zip(facets, values, strict=True):
                facet[value] += number
        elif len(unfit) == 1:
            facets[unfit[0]][values[unfit[0]]] += number
    groups, levels, tops, bodies, themes, languages = facets
    return Counts(
        {
            "all": groups.total(),
            OVERDUE: groups[OVERDUE],
            **{group: sum(groups[each] for each in _held_by(group)) for group in GROUPS},
        },
        levels,
        tops,
        bodies,
        themes,
        languages,
        total,
        everything,
    )


def _wanted(filters: Filters) -> tuple[frozenset[str], ...]:
    """The values that each filter leaves; empty where it leaves all."""
    place, body = filters.place, filters.body
    values = (
        filters.level,
        place.kato if place and place.level == _AT_TOP else "",
        str(body.id) if body and body.is_central else "",
        filters.theme,
        filters.language,
    )
    group = frozenset[str]() if filters.group == "all" else _held_by(filters.group)
    return group, *(frozenset({value} if value else ()) for value in values)


def _held_by(group: str) -> frozenset[str]:
    return _WITHIN.get(group, frozenset({group}))


def _values(row: Sequence[object]) -> tuple[str, ...]:
    state, addressee, level, top, body_id, theme, language = row
    return (
        OVERDUE if state == OVERDUE else _GROUP_OF.get(str(state), ""),
        "republic" if addressee == "government" else _LEVEL_OF.get(int(str(level)) if level else 0, ""),
        f"{top}0000000" if top else "",
        str(body_id or ""),
        str(theme or ""),
        str(language),
    )
