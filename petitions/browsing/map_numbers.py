"""What the map counts, place by place: petitions to the bodies of a place and of all places inside it.

Public petitions only; those to the Government belong to no place. A legal step changes it at once, joinings a minute
later, and where it is dear to count both somewhat later still (`seldom`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.browsing.answering import NO_ANSWERS, Due, answering, due_of, overdue_by_body
from petitions.browsing.filters import GROUPS
from petitions.browsing.seldom import Seldom
from petitions.law.states import PUBLIC, State
from petitions.law.working_days import local_date
from petitions.lifecycle.models import SUBJECT as PETITIONS
from petitions.lifecycle.models import Petition
from petitions.reference import queries as reference
from petitions.reference.models import SUBJECT as REFERENCE
from petitions.reference.models import Body
from petitions.tally.models import Tally, TerritoryTally
from petitions.versions import Kept

JOININGS_STAND = 60  # seconds
RESIDENTS_STAND = 600
PER = 100_000


@dataclass(frozen=True, kw_only=True)
class PlaceNumbers(Due):
    """Petitions, and the answers that were due. ``joined``: joinings in force on all its petitions."""

    petitions: int = 0
    open: int = 0
    examined: int = 0
    joined: int = 0

    def per_100_000(self, population: int | None) -> float | None:
        """Petitions per 100 000 people, to one place; None where the population is not known."""
        return round(PER * self.petitions / population, 2) if population else None


NOTHING = PlaceNumbers()
ByPlace = Mapping[str, PlaceNumbers]
"""By code. Places without a petition are left out."""


def by_place(session: Session, at: datetime) -> ByPlace:
    """Every place with a petition, and every place above it."""
    key = local_date(at), int(at.timestamp()) // JOININGS_STAND
    return _kept.get(session, key, lambda: _by_place(session, at))


def joined_by_residents(session: Session, at: datetime) -> Mapping[str, int]:
    """Joinings in force on any public petition by the top unit where the citizen is registered; up to ten
    minutes old."""
    key = int(at.timestamp()) // RESIDENTS_STAND
    return _kept_residents.get(session, key, lambda: _joined_by_residents(session))


_kept = Seldom[ByPlace](PETITIONS, REFERENCE)
_kept_residents = Seldom[Mapping[str, int]](PETITIONS)
_kept_places = Kept(REFERENCE, most=1)


def _by_place(session: Session, at: datetime) -> ByPlace:
    units = reference.every_unit(session)
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for kato, counted in [*_standings(session), *_answers(session, at)]:
        for here in (kato, *(unit.kato for unit in reference.above(units, kato))):
            totals[here].update(counted)
    return {kato: PlaceNumbers(**counted) for kato, counted in totals.items()}


def _standings(session: Session) -> list[tuple[str, dict[str, int]]]:
    joined = sa.func.coalesce(sa.func.sum(Tally.joinings - Tally.removals), 0)
    rows = session.execute(
        sa.select(Petition.territory_kato, Petition.state, sa.func.count(), joined)
        .outerjoin(Tally, Tally.petition_id == Petition.id)
        .where(Petition.state.in_(PUBLIC), Petition.territory_kato.is_not(None))
        .group_by(Petition.territory_kato, Petition.state)
    )
    return [
        (
            kato or "",
            {
                "petitions": number,
                "joined": int(signed),
                "open": number if state == State.OPEN else 0,
                "examined": number if state in GROUPS["examined"] else 0,
            },
        )
        for kato, state, number, signed in rows
    ]


def _answers(session: Session, at: datetime) -> list[tuple[str, dict[str, int]]]:
    given, owed = answering(session).by_body, overdue_by_body(session, at)
    counted = [
        (body_id, vars(due_of(given.get(body_id, NO_ANSWERS), owed.get(body_id, 0))))
        for body_id in given.keys() | owed.keys()
    ]
    places = _kept_places.get(session, "bodies", lambda: dict(session.execute(_PLACES_OF_BODIES).all()))
    return [(kato, numbers) for body_id, numbers in counted if (kato := places.get(body_id)) is not None]


def _joined_by_residents(session: Session) -> Mapping[str, int]:
    rows = session.execute(
        sa.select(TerritoryTally.territory_kato, sa.func.sum(TerritoryTally.count))
        .join(Petition, Petition.id == TerritoryTally.petition_id)
        .where(Petition.state.in_(PUBLIC), TerritoryTally.territory_kato != "")
        .group_by(TerritoryTally.territory_kato)
    )
    return {kato: int(number) for kato, number in rows}


_PLACES_OF_BODIES = sa.select(Body.id, Body.territory_kato).where(Body.territory_kato.is_not(None))
