from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.tally.models import HourlyTally, Tally, TerritoryTally


@dataclass(frozen=True)
class Counted:
    """What is sealed of one petition. ``written``: in force, joined on paper.

    ``sealed_at`` is None while nobody has joined.
    """

    joinings: int
    removals: int
    sealed_at: datetime | None
    written: int = 0

    @property
    def count(self) -> int:
        return self.joinings - self.removals


@dataclass(frozen=True)
class Hour:
    """What was joined and taken back within the hour that begins at ``hour`` (UTC)."""

    hour: datetime
    joinings: int
    removals: int


def count(session: Session, petition_id: int) -> int:
    """Joinings in force as sealed (at most a second or two behind)."""
    row = session.get(Tally, petition_id)
    return row.joinings - row.removals if row else 0


def counted(session: Session, petition_id: int) -> Counted:
    """Joinings, removals, those on paper, and when they were last sealed."""
    wanted = sa.select(Tally.joinings, Tally.removals, Tally.sealed_at, Tally.written)
    row = session.execute(wanted.where(Tally.petition_id == petition_id)).one_or_none()
    return Counted(*row) if row else Counted(0, 0, None)


def by_hour(session: Session, petition_id: int) -> list[Hour]:
    """The hours in which anything happened, oldest first; by the minutes that stand in the log."""
    rows = session.execute(
        sa.select(HourlyTally.hour, HourlyTally.joinings, HourlyTally.removals)
        .where(HourlyTally.petition_id == petition_id)
        .order_by(HourlyTally.hour)
    )
    return [Hour(*row) for row in rows]


def counts(session: Session, petition_ids: Iterable[int]) -> dict[int, int]:
    """The same for many; petitions nobody joined are left out."""
    return {row.petition_id: row.joined for row in session.execute(_COUNTS, {"ids": list(petition_ids)}).all()}


def residents(session: Session, petition_id: int) -> int:
    """How many of them are registered in the unit the petition is addressed to."""
    row = session.get(Tally, petition_id)
    return row.residents if row else 0


def by_territory(session: Session, petition_id: int) -> dict[str, int]:
    """Joinings in force by KATO of the top unit of residence, '' where it is not known."""
    rows = session.execute(
        sa.select(TerritoryTally.territory_kato, TerritoryTally.count).where(TerritoryTally.petition_id == petition_id)
    )
    return dict(rows.all())


def territories_file(by_territory: Mapping[str, int]) -> str:
    """The public file whose hash every checkpoint holds: a line a unit, '-' where residence is not known."""
    named = sorted((kato or "-", number) for kato, number in by_territory.items() if number)
    return "".join(f"{kato} {number}\n" for kato, number in named)


_TALLIES = Tally.__table__.c
_COUNTS = sa.select(_TALLIES.petition_id, (_TALLIES.joinings - _TALLIES.removals).label("joined")).where(
    _TALLIES.petition_id.in_(sa.bindparam("ids", expanding=True))
)
