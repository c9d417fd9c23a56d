"""Sending by hand, where the policy says so: staff give the order, tally/ending.py carries it out."""

from __future__ import annotations

from datetime import datetime

from petitions.audit import Actor, record
from petitions.db import retried, transaction
from petitions.law.states import ClockKind, EndingRule, State, ending
from petitions.lifecycle.advance import NotNow, load, running_clocks
from petitions.lifecycle.entering import close


@retried
def order_sending(petition_id: int, *, by: Actor, at: datetime) -> None:
    """Order that a petition which reached its threshold be sent: joining ends now (90-4).

    SENT follows by itself within seconds, once everybody who joined before this moment is counted.
    Raises NotNow when it is not waiting for such an order, NotFound.
    """
    with transaction() as session:
        petition = load(session, petition_id)
        clock = running_clocks(session, petition_id).get(ClockKind.SENDING)
        if petition.state != State.REACHED or clock is None:
            raise NotNow
        clock.ended_at = at
        clock.ending = ending(EndingRule.MET_OR_LATE, clock.due_on, at)
        close(petition, at)
        record(session, actor=by, act="order-sending", subject=f"petition:{petition_id}", at=at)
