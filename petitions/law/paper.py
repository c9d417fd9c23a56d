"""When joinings on paper count (90-2(4)-(5), 90-3; policy: paper_counts_from, paper_wait_days)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from petitions.law.policy import Policy
from petitions.law.states import State
from petitions.law.working_days import local_date, start_of_day

COUNTED_BESIDE = frozenset({State.SENT, State.EXAMINATION})
"""Joining has ended because enough joined; sheets received until then are counted all the same."""


@dataclass(frozen=True)
class Window:
    """When joinings on paper count. ``ends_at`` is None while no end is known."""

    opens_at: datetime
    ends_at: datetime | None

    def moment(self, received_on: date, registered_at: datetime) -> datetime | None:
        """From when the lines of a sheet count; None for one received too early or too late.

        The law has the day of receipt only (policy: paper_counts_from): what was registered on that very day counts
        from then, what was registered later from its first moment on which joining was possible.
        """
        if received_on < local_date(self.opens_at):
            return None
        today = local_date(registered_at) == received_on
        moment = max(registered_at if today else start_of_day(received_on), self.opens_at)
        return moment if self.ends_at is None or moment < self.ends_at else None


def entered_until(ended_at: datetime, policy: Policy) -> datetime:
    """Until when sheets received before an end may still be entered (policy: paper_wait_days)."""
    return ended_at + timedelta(days=policy.integer("paper_wait_days"))
