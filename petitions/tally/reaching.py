"""When enough have joined: the law's two numbers, and the moment at which the count first touched one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.law.editions import edition
from petitions.law.policy import Policy, count_towards_threshold
from petitions.law.states import State
from petitions.lifecycle.models import Petition
from petitions.reference import queries as reference
from petitions.signatures.models import Removal, Signature
from petitions.tally.models import Tally

Enough = Callable[[int], bool]
Step = tuple[datetime, int]  # when, and +1 for a joining or -1 for a removal


def enough_for(petition: Petition, policy: Policy) -> Enough:
    """What the present state waits for: the first 50 (90-2) or, when open, the threshold (90-3(4))."""
    law = edition(petition.edition or "")
    if petition.state == State.SUPPORTING:
        return lambda joined: joined >= law.support_needed.value
    required = petition.required
    if petition.state != State.OPEN or required is None:
        return lambda joined: False
    return lambda joined: count_towards_threshold(joined, law, policy) >= required


def first_reached(steps: Sequence[Step], enough: Enough, *, since: datetime, before: int = 0) -> datetime | None:
    """The moment, not before ``since``, at which the count first was enough; None when it never was.

    ``before`` is the count before the first step. Irreversible: a count that touched the number and fell
    again has reached it, but what it was before ``since`` (the opening) does not matter.
    """
    joined = before + sum(change for moment, change in steps if moment < since)
    if enough(joined):
        return since
    for moment, change in steps:
        if moment >= since:
            joined += change
            if enough(joined):
                return moment
    return None


def has_enough(session: Session, petition_id: int) -> bool:
    """Whether the sealed count is what the petition's present state waits for."""
    enough = enough_for(session.get_one(Petition, petition_id), reference.policy(session))
    return enough(joined_so_far(session, petition_id))


def joined_so_far(session: Session, petition_id: int) -> int:
    """The sealed count."""
    found = session.scalar(sa.select(Tally.joinings - Tally.removals).where(Tally.petition_id == petition_id))
    return found or 0


def history(session: Session, petition_id: int) -> list[Step]:
    """Every sealed step of a petition in the order in which it happened; read once for each number that is reached.

    The sealed order breaks ties only: a sheet of paper is sealed days after the day on which it counts.
    """
    joined = sa.select(Signature.leaf, Signature.signed_at, sa.literal(1)).where(
        Signature.petition_id == petition_id, Signature.leaf.is_not(None)
    )
    removed = sa.select(Removal.leaf, Removal.removed_at, sa.literal(-1)).where(
        Removal.petition_id == petition_id, Removal.leaf.is_not(None)
    )
    rows = session.execute(sa.union_all(joined, removed).order_by(sa.literal_column("2"), sa.literal_column("1")))
    return [(moment, change) for _leaf, moment, change in rows]
