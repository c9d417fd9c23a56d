"""Joinings on paper (90-3): which sheets are on their way, and what became of a line. The rule: `law/paper.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.law.paper import COUNTED_BESIDE, Window
from petitions.law.states import ClockKind, State, signable_states
from petitions.law.working_days import end_of_day, local_date
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.queries import ClockRow, Standing
from petitions.signatures.models import PaperSheet

INSTANT = timedelta(microseconds=1)


class SheetState(StrEnum):
    """Where a sheet stands."""

    RECEIVED = "received"
    ENTERED = "entered"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


UNENTERED = (SheetState.RECEIVED, SheetState.ENTERED)
"""Nothing on such a sheet is counted yet."""


class Outcome(StrEnum):
    """What became of a line when its sheet was confirmed. Only the first is a joining."""

    COUNTED = "counted"
    ALREADY = "already"
    REPEATED = "repeated"
    WITHDRAWN = "withdrawn"
    UNREADABLE = "unreadable"
    OTHER_NAME = "other_name"
    NOBODY = "nobody"
    REGISTRY_UNKNOWN = "registry_unknown"
    NOT_A_CITIZEN = "not_a_citizen"
    TOO_YOUNG = "too_young"
    NOT_A_RESIDENT = "not_a_resident"


def window(session: Session, petition: Standing, clocks: Sequence[ClockRow] | None = None) -> Window | None:
    """When sheets of this petition had to be received; None for one that gathers nobody.

    Edition 2024: on the site supporters gather for 10 working days, in writing for 20, so that a petition's own
    ``closes_at`` is not the end for paper. A petition that was sent lets in what was received before.
    ``clocks``: its terms, from who has read them already.
    """
    if petition.order is None or petition.opens_at is None:
        return None
    if petition.state not in signable_states(petition.order) | COUNTED_BESIDE:
        return None
    if petition.state != State.SUPPORTING:
        return Window(petition.opens_at, petition.closes_at)
    terms = lifecycle.clocks(session, petition.id) if clocks is None else clocks
    due = next((row.due_on for row in reversed(terms) if row.kind is ClockKind.SUPPORT), None)
    return Window(petition.opens_at, end_of_day(due) if due else petition.closes_at)


def has_unentered(session: Session, petition_id: int, ended_at: datetime) -> bool:
    """Whether a sheet received before this end waits for being entered or confirmed."""
    waits = sa.exists().where(
        PaperSheet.petition_id == petition_id,
        PaperSheet.state.in_(UNENTERED),
        PaperSheet.received_on <= local_date(ended_at - INSTANT),
    )
    return bool(session.scalar(sa.select(waits)))
