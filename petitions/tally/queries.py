from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.tally.models import Tally, TerritoryTally


def count(session: Session, petition_id: int) -> int:
    """Joinings in force as sealed (at most a second or two behind)."""
    row = session.get(Tally, petition_id)
    return row.joinings - row.removals if row else 0


def counts(session: Session, petition_ids: Iterable[int]) -> dict[int, int]:
    """The same for many; petitions nobody joined are left out."""
    rows = session.execute(
        sa.select(Tally.petition_id, Tally.joinings - Tally.removals).where(Tally.petition_id.in_(list(petition_ids)))
    )
    return dict(rows.all())


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
