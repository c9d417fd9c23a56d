"""What entering a state means for the petition's own columns: its link, its window, its number."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.errors import Conflict
from petitions.law.editions import edition
from petitions.law.levels import Addressee, PopulationUnknown, threshold
from petitions.law.policy import Policy
from petitions.law.states import ClockKind, Event, Order, State, closes_signing
from petitions.law.working_days import end_of_day
from petitions.lifecycle.models import Clock, Petition, Transition
from petitions.reference import queries as reference

LINK_BYTES = 24


class ThresholdUnknown(Conflict):
    """The unit has no population figure: nothing is guessed, staff must enter one with date and source."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "The population of this unit is not known, so its threshold is not known either. "
                "An administrator must first enter a figure with its date and source."
            )
        )


def on_entering(session: Session, petition: Petition, transition: Transition, policy: Policy) -> None:
    """Write what the new state means. Nothing happens when the state did not change."""
    if transition.to_state == transition.from_state:
        return
    effect = _EFFECTS.get(State(transition.to_state))
    if transition.event == Event.RESTORED:
        effect = _restored
    if effect is not None:
        effect(session, petition, transition.recorded_at, policy)


def make_link(petition: Petition) -> None:
    """An unguessable address for the days before open publication."""
    if petition.link_token is None:
        petition.link_token = secrets.token_urlsafe(LINK_BYTES)


def freeze_threshold(session: Session, petition: Petition) -> None:
    """Fix the number required and the population it was computed from (90-3(4)). Raises ThresholdUnknown."""
    unit = reference.territory(session, petition.territory_kato) if petition.territory_kato else None
    facts, population = (unit.facts, unit.population) if unit else (None, None)
    try:
        found = threshold(edition(petition.edition or ""), Addressee(petition.addressee or ""), facts, population)
    except PopulationUnknown as error:
        raise ThresholdUnknown from error
    petition.required = found.required
    if unit is not None:
        petition.population = unit.population
        petition.population_on = unit.population_date
        petition.population_source = unit.population_source


def _supporting(session: Session, petition: Petition, now: datetime, policy: Policy) -> None:
    make_link(petition)
    petition.opens_at = now
    petition.closes_at = _support_end(session, petition)


def _checking(session: Session, petition: Petition, now: datetime, policy: Policy) -> None:
    """Support first: joining by the link goes on during the check, without an end of its own."""
    make_link(petition)
    if petition.order == Order.SUPPORT_FIRST:
        petition.closes_at = None


def _open(session: Session, petition: Petition, now: datetime, policy: Policy) -> None:
    freeze_threshold(session, petition)
    petition.opened_at = now
    petition.opens_at = petition.opens_at or now
    petition.closes_at = _end_of(session, petition, ClockKind.COLLECTION)


def _reached(session: Session, petition: Petition, now: datetime, policy: Policy) -> None:
    """Automatic sending begins at once and closes the collection; by hand it goes on until staff order it."""
    if closes_signing(Event.THRESHOLD_REACHED, policy) or not _waits_for_sending(session, petition):
        close(petition, now)


def close(petition: Petition, now: datetime) -> None:
    """End joining now, never in the past and never later than it would have ended."""
    if petition.opens_at is not None and (petition.closes_at is None or petition.closes_at > now):
        petition.closes_at = max(now, petition.opens_at)


def _closed(session: Session, petition: Petition, now: datetime, policy: Policy) -> None:
    close(petition, now)


def _restored(session: Session, petition: Petition, now: datetime, policy: Policy) -> None:
    """Back to the state before; joining ends when its own unchanged clock says."""
    if petition.state == State.CHECKING and petition.order == Order.SUPPORT_FIRST:
        petition.closes_at = None
    elif petition.state in (State.OPEN, State.REACHED):
        petition.closes_at = _end_of(session, petition, ClockKind.COLLECTION)
        if petition.state == State.REACHED:
            _reached(session, petition, now, policy)


def _waits_for_sending(session: Session, petition: Petition) -> bool:
    """Whether staff still have to order the sending: the policy clock runs only when they send by hand."""
    running = sa.exists().where(
        Clock.petition_id == petition.id, Clock.kind == ClockKind.SENDING, Clock.ended_at.is_(None)
    )
    return bool(session.scalar(sa.select(running)))


def _support_end(session: Session, petition: Petition) -> datetime | None:
    """Electronic joining ends with its own term where the edition has one (2024: 10 working days)."""
    electronic = _end_of(session, petition, ClockKind.SUPPORT_ELECTRONIC)
    return electronic or _end_of(session, petition, ClockKind.SUPPORT)


def _end_of(session: Session, petition: Petition, kind: ClockKind) -> datetime | None:
    due = session.scalar(
        sa.select(Clock.due_on)
        .where(Clock.petition_id == petition.id, Clock.kind == kind)
        .order_by(Clock.id.desc())
        .limit(1)
    )
    return end_of_day(due) if due else None


_EFFECTS: dict[State, Callable[[Session, Petition, datetime, Policy], None]] = {
    State.SUPPORTING: _supporting,
    State.CHECKING: _checking,
    State.OPEN: _open,
    State.REACHED: _reached,
    State.REFUSED: _closed,
    State.WITHDRAWN: _closed,
    State.TAKEN_DOWN: _closed,
}
